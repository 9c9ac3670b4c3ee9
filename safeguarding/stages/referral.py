"""
Referral: somebody tells the partnership of a child or an adult.

Begins when the business manager receives the form. On the child track it ends in `notification`; on the adult track
when the referral is accepted for screening or returned as incomplete.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.criteria import NO, YES
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, Ref, Sealed, SealedOptional, SpokenOf, StillOwed, still_owed
from safeguarding.review.states import State
from safeguarding.review.step import ADULTS, BOTH, CHILDREN, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.adult_ways_out import (
    EndsBeforeTheDecision,
    no_facts_of_section_44_are_on_record,
    section_44_does_not_ask_for_a_review,
)
from safeguarding.stages.beside.agencies import requests_to
from safeguarding.stages.notification import ASSESS_NOTIFICATION, LOCAL_AUTHORITY, the_local_authority_decides

# --------------------------------------------------------------------------- a referral arrives


class Referral(Form):
    """A referral as it reached the business manager. Names go into the summary, which is sealed."""

    track: Literal["children", "adults"] = Field(
        title="Track", description="A child (practice review) or an adult (safeguarding adults review)."
    )
    received_on: date = Field(title="Received on", description="The day it reached the partnership.")
    referred_by: Literal["agency", "member of the public", "family", "councillor", "MP", "coroner", "other"] = Field(
        title="Referred by"
    )
    agency: Annotated[str, From("agencies")] | None = Field(
        default=None, title="Referring agency", description="If an agency referred."
    )
    concern: Literal[
        "death, abuse or neglect known or suspected",
        "serious harm, abuse or neglect known or suspected",
        "death of a looked-after child or care leaver",
        "death in a regulated setting or service",
        "serious abuse or neglect of an adult",
        "death of an adult, abuse or neglect suspected",
        "learning request",
    ] = Field(
        title="What is referred",
        description="A death in a regulated setting or service is taken up by local practice: no Act asks for it.",
    )
    summary: Sealed = Field(
        title="What is known so far", description="Sealed: stays in the record, in no message and no run."
    )
    referrer: SealedOptional = Field(
        default="",
        title="Who referred, and how they are reached",
        description="They are owed an acknowledgement and the outcome. Sealed.",
    )
    others_concerned: SealedOptional = Field(
        default="",
        title="Other children or adults concerned",
        description="Brothers and sisters, who else lives or lived there, whose safety to look at. Sealed.",
    )
    proceedings: SealedOptional = Field(
        default="",
        title="Enquiries and proceedings",
        description="Legal status; an enquiry under section 42 or 47, by whom and its outcome; police, coroner, "
        "consent, media. Sealed.",
    )
    linked_with: Ref = Field(
        default="", title="Linked review", description="The reference of another review of the same people or event."
    )
    pseudonym: SpokenOf = Field(
        default="",
        title="How the person is to be spoken of",
        description="Only where your partnership chooses pseudonyms itself; otherwise one is given out. Never a real "
        "name: it stands in messages and on cards.",
    )
    under_way_since: date | None = Field(
        default=None,
        title="If it is entered late: under way since",
        description="Only of a review that began before today and is entered now, with its days as they were. Nobody "
        "is written to about what happened before today. Tomorrow your unit hears once what is then owed, and whoever "
        "owes what is still unmet hears of it once.",
    )
    checked_by: Annotated[str, From("people")] | None = Field(
        default=None, title="Who checked the form", description="If somebody looks first whether it is complete."
    )


OF_A_CHILD = frozenset(
    {
        "death, abuse or neglect known or suspected",
        "serious harm, abuse or neglect known or suspected",
        "death of a looked-after child or care leaver",
    }
)
OF_AN_ADULT = frozenset({"serious abuse or neglect of an adult", "death of an adult, abuse or neglect suspected"})


def the_concern_is_of_this_track(step: Attempt[Referral]) -> Check:
    """A child's concern is not assessed under section 44, nor an adult's for notice to the national Panel."""
    children = step.form.track == "children"
    other, track = (OF_AN_ADULT, "children") if children else (OF_A_CHILD, "adults")
    fitting = " or ".join(f"'{one}'" for one in sorted(OF_A_CHILD if children else OF_AN_ADULT))
    words = f"what is referred is not of the track '{track}': choose the other track, or {fitting}"
    return Check(step.form.concern not in other, words)


def what_is_entered_late_began_before(step: Attempt[Referral]) -> Check:
    """What was under way already was so before today, and not before it was referred."""
    since, received = step.form.under_way_since, step.form.received_on
    met = since is None or received <= since < step.today
    return Check(met, f"under way since {since}: give a day before today, and not before it was received")


def an_agency_that_refers_is_named(step: Attempt[Referral]) -> Check:
    """A referral by an agency names the agency."""
    return Check(step.form.referred_by != "agency" or step.form.agency is not None, "which agency referred?")


def a_pseudonym_is_chosen_only_where_the_partnership_chooses(step: Attempt[Referral]) -> Check:
    """Where the file says «chosen» the unit may type one; elsewhere it is given out."""
    may = step.rulebook.partnership.pseudonyms.how == "chosen"
    words = "your partnership's pseudonyms are given out: leave it empty, or say 'how: chosen' under 'pseudonyms'"
    return Check(may or not step.form.pseudonym, words)


def receive(step: Attempt[Referral]) -> Outcome:
    """Open the review: it starts at «referred»."""
    return Outcome(to=State.REFERRED, marks=(Mark(name="referral_received", on=step.form.received_on),))


OPEN_REFERRAL = Step(
    name="open_referral",
    title="Referral received",
    button="Open a referral",
    tracks=BOTH,
    sources=frozenset(),
    leads_to=frozenset({State.REFERRED}),
    by=MANAGERS,
    form=Referral,
    needs=(
        a_pseudonym_is_chosen_only_where_the_partnership_chooses,
        an_agency_that_refers_is_named,
        what_is_entered_late_began_before,
        the_concern_is_of_this_track,
        day_is_not_in_the_future("received_on"),
    ),
    does=receive,
    kind="referral_received",
    days={
        "received_on": ("referral_received",),
    },
    marks=frozenset({"referral_received"}),
    tells=("business_manager", "business_unit", "delegated_partner"),
    on_card=False,
)

# --------------------------------------------------------------------------- children: plainly not serious


class NotSerious(Form):
    """A request to learn, which names no death and no abuse, is not a serious case. It still enters the register."""

    decided_on: date = Field(title="Decided on")
    reason: Sealed = Field(
        title="Why this is not a serious case",
        description="No abuse or neglect, or no death or serious harm: not the person's age, and not the place. Those "
        "are assessed.",
    )
    learning_route: Literal["learning request", "single-agency learning", "none"] = Field(title="Learning route")
    acknowledged_on: date = Field(title="Referrer told on")
    still_owed: tuple[StillOwed, ...] = still_owed()


NEITHER_DEATH_NOR_ABUSE = frozenset({"learning request"})
"""What may be referred and closed unassessed. A kind of concern that is added is assessed, unless it is added here."""


def it_names_neither_a_death_nor_abuse(step: Attempt[NotSerious]) -> Check:
    """
    What is referred as a death, or as harm with abuse or neglect, is assessed and decided limb by limb (s.16C).

    Whether notice of a death is owed does not turn on abuse, so every death is assessed (Children Act 1989 Sch.2).
    """
    concern = step.review.facts.get("referral_received", {}).get("concern")
    words = (
        f"this was referred as «{concern}»: assess it ('{ASSESS_NOTIFICATION.title}'), then decide limb by limb. A "
        "notification may be owed, or notice of a death whether or not abuse or neglect is suspected"
    )
    return Check(concern in NEITHER_DEATH_NOR_ABUSE, words)


def no_death_is_on_record(step: Attempt[NotSerious]) -> Check:
    """What was learnt of a request to learn counts like what it was referred as: a death, or a possible one."""
    died = step.review.facts.get("learnt_since", {}).get("died", NO)
    said = "a death is on record" if died == YES else "the record says that it is not known whether the person died"
    words = f"{said}: assess it ('{ASSESS_NOTIFICATION.title}'), then decide limb by limb whom to notify"
    return Check(died == NO, words)


def close_not_serious(step: Attempt[NotSerious]) -> Outcome:
    """Close into the decision register."""
    form = step.form
    told = Mark(name="referral_acknowledged", on=form.acknowledged_on)
    return Outcome(to=State.NOT_SERIOUS_CASE, marks=(told, Mark(name="referral_closed", on=form.decided_on)))


CLOSE_NOT_SERIOUS = Step(
    name="close_not_serious",
    title="Not a serious case",
    button="Close as not a serious case",
    tracks=CHILDREN,
    sources=frozenset({State.REFERRED}),
    leads_to=frozenset({State.NOT_SERIOUS_CASE}),
    by=LOCAL_AUTHORITY,
    by_the_council=True,
    form=NotSerious,
    needs=(
        the_local_authority_decides,
        it_names_neither_a_death_nor_abuse,
        no_death_is_on_record,
        day_is_not_in_the_future("decided_on"),
        day_is_not_in_the_future("acknowledged_on"),
        day_is_not_before("decided_on", "referral_received"),
        day_is_not_before("acknowledged_on", "referral_received"),
    ),
    does=close_not_serious,
    kind="not_serious_case",
    days={
        "decided_on": ("referral_closed",),
        "acknowledged_on": ("referral_acknowledged",),
    },
    marks=frozenset({"referral_acknowledged", "referral_closed"}),
    tells=("business_manager", "delegated_partner"),
    decision=True,
    way_out=True,
)

# --------------------------------------------------------------------------- adults: accept or return


class Acceptance(Form):
    """The referral is complete: it is acknowledged, and agencies are asked for their initial chronologies."""

    acknowledged_on: date = Field(title="Referrer acknowledged on")
    accepted_on: date = Field(title="Accepted on")
    facts_known_on: date | None = Field(
        default=None,
        title="Facts of s.44(1) to (3) known on",
        description="If already known or suspected: the day the partnership knew.",
    )
    agencies: tuple[Annotated[str, From("agencies")], ...] = Field(
        title="Agencies asked for a chronology", min_length=1
    )
    asked_on: date = Field(
        title="Asked on",
        description="Whoever is asked must comply if the conditions of section 45 of the Care Act are met.",
    )


def accept(step: Attempt[Acceptance]) -> Outcome:
    """Begin screening, one request to each agency."""
    form = step.form
    marks = [
        Mark(name="referral_acknowledged", on=form.acknowledged_on),
        Mark(name="screening_started", on=form.accepted_on),
    ]
    if form.facts_known_on is not None:
        marks.append(Mark(name="sar_facts_known", on=form.facts_known_on))
    marks += [Mark(name="agency_request_sent", on=form.asked_on, subject=agency) for agency in form.agencies]
    asked = requests_to(form.agencies, "information", form.asked_on)
    return Outcome(to=State.SCREENING, marks=tuple(marks), entries=asked)


ACCEPT_REFERRAL = Step(
    name="accept_referral",
    title="Referral accepted for screening",
    button="Accept the referral",
    tracks=ADULTS,
    sources=frozenset({State.REFERRED}),
    leads_to=frozenset({State.SCREENING}),
    by=MANAGERS,
    form=Acceptance,
    needs=(
        day_is_not_in_the_future("acknowledged_on"),
        day_is_not_in_the_future("accepted_on"),
        day_is_not_in_the_future("asked_on"),
        day_is_not_in_the_future("facts_known_on"),
        day_is_not_before("acknowledged_on", "referral_received"),
        day_is_not_before("accepted_on", "referral_received"),
        day_is_not_before("asked_on", "referral_received"),
    ),
    does=accept,
    kind="referral_accepted",
    days={
        "acknowledged_on": ("referral_acknowledged",),
        "accepted_on": ("screening_started",),
        "facts_known_on": ("sar_facts_known",),
        "asked_on": ("agency_request_sent",),
    },
    marks=frozenset({"referral_acknowledged", "screening_started", "sar_facts_known", "agency_request_sent"}),
    tells=("sar_group_chair", "delegated_partner"),
)


class Return(EndsBeforeTheDecision):
    """The referral lacks what screening needs and goes back to the referrer."""

    returned_on: date = Field(title="Returned on")
    missing: Sealed = Field(title="What is missing")
    still_owed: tuple[StillOwed, ...] = still_owed()


def give_back(step: Attempt[Any]) -> Outcome:
    """Close as returned; a complete referral reopens it."""
    on = step.form.returned_on
    marks = (Mark(name="referral_acknowledged", on=on), Mark(name="referral_closed", on=on))
    return Outcome(to=State.RETURNED_INCOMPLETE, marks=marks)


RETURN_REFERRAL = Step(
    name="return_referral",
    title="Referral returned as incomplete",
    button="Return the referral as incomplete",
    tracks=ADULTS,
    sources=frozenset({State.REFERRED}),
    leads_to=frozenset({State.RETURNED_INCOMPLETE}),
    by=MANAGERS,
    form=Return,
    needs=(
        section_44_does_not_ask_for_a_review,
        no_facts_of_section_44_are_on_record,
        day_is_not_in_the_future("returned_on"),
        day_is_not_before("returned_on", "referral_received"),
    ),
    does=give_back,
    kind="referral_returned",
    days={
        "returned_on": ("referral_acknowledged", "referral_closed"),
    },
    marks=frozenset({"referral_acknowledged", "referral_closed"}),
    tells=("business_manager",),
    way_out=True,
)

STEPS = (OPEN_REFERRAL, CLOSE_NOT_SERIOUS, ACCEPT_REFERRAL, RETURN_REFERRAL)
