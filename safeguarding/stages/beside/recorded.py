"""
Steps that are not the end of a stage: a meeting is held, something owed is done, a statutory date will be missed.

Each is a short form of its own, open whenever the review is, and none moves the review on.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from safeguarding.law.rulebook import Rulebook
from safeguarding.review.advance_copy import copy_that_went, what_is_published
from safeguarding.review.conditions import (
    adult_referral_is_found,
    day_is_not_before,
    day_is_not_in_the_future,
    day_is_not_in_the_past,
)
from safeguarding.review.events import DeferralMade, Mark, MeetingHeld
from safeguarding.review.forms import Form, From, Ref, Sealed, SealedOptional
from safeguarding.review.review import Review
from safeguarding.review.step import (
    ANY_STATE,
    BOTH,
    CHILDREN,
    DECIDERS,
    MANAGERS,
    OPEN_STATES,
    Attempt,
    Check,
    Outcome,
    Step,
)


class Meeting(Form):
    """A meeting of the review was held."""

    meeting: Literal[
        "rapid review meeting",
        "review panel meeting",
        "practitioner event",
        "family meeting",
        "decision meeting",
    ] = Field(title="Meeting")
    on: date = Field(title="Held on")
    note: SealedOptional = Field(default="", title="Note")


MEETING_MARKS = {"rapid review meeting": "rapid_review_meeting_held", "review panel meeting": "panel_meeting_held"}


def hold(step: Attempt[Meeting]) -> Outcome:
    """Keep the meeting; it settles the step of the plan that it is."""
    form = step.form
    name = MEETING_MARKS.get(form.meeting, "meeting_held")
    return Outcome(marks=(Mark(name=name, on=form.on),), entries=(MeetingHeld(meeting=form.meeting, on=form.on),))


RECORD_MEETING = Step(
    name="record_meeting",
    title="Meeting recorded",
    button="Record a meeting",
    tracks=BOTH,
    sources=OPEN_STATES,
    by=MANAGERS | {"review_panel_chair", "sar_group_chair"},
    form=Meeting,
    needs=(day_is_not_in_the_future("on"), day_is_not_before("on", "referral_received")),
    does=hold,
    kind="meeting_recorded",
    days={"on": (*MEETING_MARKS.values(), "meeting_held")},
    marks=frozenset({*MEETING_MARKS.values(), "meeting_held"}),
    on_card=False,
)

DONE: dict[str, str] = {
    "referral acknowledged": "referral_acknowledged",
    "partners notified": "partners_notified",
    "Secretary of State and Ofsted notified": "secretary_of_state_notified",
    "parents and holders of parental responsibility told of the death": "parents_told",
    "parents not told: not reasonably practicable": "parents_not_told",
    "adult referral made, for the test of an adult review": "adult_review_referred",
    "immediate safety action taken": "immediate_action_recorded",
    "progress of agencies checked": "progress_checked",
    "rapid review drafted and sent to partners": "rapid_review_drafted",
    "partners signed off the rapid review": "partners_signed_off",
    "rapid review and decision sent to the Panel": "rapid_review_sent",
    "the Panel replied": "panel_replied",
    "Panel, Ofsted and DfE told of the decision": "decision_told",
    "reviewer's name sent to the Panel": "reviewer_named",
    "recommendation made to the deciders": "recommendation_made",
    "referrer told of the outcome": "referrer_told",
    "independent advocate arranged": "advocate_arranged",
    "no independent advocate needed any more": "advocate_not_needed",
    "written request made to the reviewer": "reviewer_request_made",
    "chronologies combined": "chronology_combined",
    "first draft received": "first_draft_received",
    "justification for not publishing sent": "justification_sent",
    "advance copy sent to Ofsted": "advance_copy_sent_to_all",
    "sent to the national repository or library": "repository_sent",
    "action plan agreed": "action_plan_agreed",
    "improvements audited": "improvements_audited",
    "deferral looked at again": "deferral_reviewed",
    "child death review linked: its reference as the receipt": "child_death_review_linked",
    "domestic homicide review linked: its reference as the receipt": "domestic_abuse_review_linked",
}
"""What the unit may record as done, and the mark it makes. Which clock that settles is the rulebook's business."""


LINKS = {
    "child_death_review_linked": (CHILDREN, "Children Act 2004 s.16M"),
    "domestic_abuse_review_linked": (BOTH, "Domestic Violence, Crime and Victims Act 2004 s.9"),
}
"""Another review of the same death by other people, whose reference the record keeps: on which tracks, by which law."""


class ThingDone(Form):
    """Something owed was done: it settles the clock that waits for it."""

    what: Literal[tuple(DONE)] = Field(title="What was done")  # type: ignore[valid-type]
    on: date = Field(title="On", description="The day it was sent or done, not the day it was recorded.")
    receipt: Ref = Field(default="", title="Reference of the letter or receipt")
    note: SealedOptional = Field(default="", title="Note")


def _is_of_the_track(name: str, review: Review, rulebook: Rulebook) -> bool:
    """Whether a duty of the review's track begins, is met or ends with this mark, or no duty of the other does."""
    tracks = {rule.track for rule in rulebook.rules if name in (rule.starts, rule.settled_by, *rule.ends)}
    return not tracks or bool(tracks & {"both", review.track.value})


def it_is_of_this_track(step: Attempt[ThingDone]) -> Check:
    """What no duty of this track begins, meets or ends with, and one of the other does, is not of this review."""
    its_own = _is_of_the_track(DONE[step.form.what], step.review, step.rulebook)
    return Check(its_own, f"'{step.form.what}' is not of the track '{step.review.track.value}'")


MAY_LIE_BEFORE = frozenset(
    {
        "partners_notified",
        "secretary_of_state_notified",
        "parents_told",
        "parents_not_told",
        "adult_review_referred",
        "immediate_action_recorded",
        "advocate_arranged",
        "advocate_not_needed",
        "child_death_review_linked",
        "domestic_abuse_review_linked",
    }
)
"""
What may have been done before the partnership was told: for the child's or the adult's sake, by whoever knew of them
first. Where a duty waits for it, that duty says how early it may have been.
"""

COMES_AFTER: dict[str, tuple[str, ...]] = {
    **{mark: ("referral_received",) for mark in DONE.values() if mark not in MAY_LIE_BEFORE},
    "rapid_review_sent": ("rapid_review_completed",),
    "action_plan_agreed": ("report_accepted",),
    "justification_sent": ("decided_not_to_publish",),
    "advance_copy_sent_to_all": ("advance_copy_sent",),
    "panel_replied": ("rapid_review_sent", "referral_received"),
}
"""
What is recorded as done comes after what, the first of these that happened: nothing is sent before it exists, answered
before it was sent, or done about what nobody had heard of. A review that was carried in has no day of its referral.
"""

MUST_EXIST = frozenset({"rapid_review_sent", "action_plan_agreed", "justification_sent"})
"""Of those, what cannot be done at all while the other has not happened. Ofsted's copy is asked about more closely."""


def it_waits_for_its_time(step: Attempt[ThingDone]) -> Check:
    """
    What goes to the Panel with the decision exists first; a plan of actions needs an accepted report; and what is of
    the review alone was not done before it came in.
    """
    name = DONE[step.form.what]
    after = COMES_AFTER.get(name, ())
    if not after or name == "advance_copy_sent_to_all":
        return Check(True, "")
    needed = next((one for one in after if step.review.happened(one) is not None), after[0])
    day = step.review.happened(needed)
    met = day <= step.form.on if day is not None else name not in MUST_EXIST
    return Check(met, f"'{step.form.what}' comes after {needed.replace('_', ' ')}{f' on {day}' if day else ''}")


def ofsted_has_all_that_went(step: Attempt[ThingDone]) -> Check:
    """Ofsted's copy follows what the plan as it stands needs: guidance is not met by what went for another plan."""
    if DONE[step.form.what] != "advance_copy_sent_to_all":
        return Check(True, "")
    full = what_is_published(step.review) != "improvements_only"
    went = copy_that_went(step.review, full)
    if went is None:
        what = "the report" if full else "the report and the information about the improvements"
        return Check(False, f"'{step.form.what}' comes after the advance copy, which has not been sent: {what}")
    return Check(went <= step.form.on, f"'{step.form.what}' comes after the advance copy, which went on {went}")


UNMET = {
    "parents_not_told": "why telling the parents is not reasonably practicable",
    "advocate_not_needed": "why no independent advocate is needed any more (Care Act 2014 s.68)",
}
"""What ends a duty without meeting it, and what its note must then say."""


def what_ends_a_duty_unmet_has_a_reason(step: Attempt[ThingDone]) -> Check:
    """That parents are not told, or that a living adult has no advocate, needs its reason in the note."""
    why = UNMET.get(DONE[step.form.what], "")
    return Check(not why or bool(step.form.note), f"say in the note {why}")


def a_linked_review_has_its_reference(step: Attempt[ThingDone]) -> Check:
    """A review of the same death by others is linked by its reference, on a track on which there can be one."""
    tracks, law = LINKS.get(DONE[step.form.what], (BOTH, ""))
    if step.review.track not in tracks:
        return Check(False, f"'{step.form.what}': there is none of an adult ({law})")
    silent = bool(law) and not step.form.receipt
    return Check(not silent, "give the reference of the review that is linked, as that of the letter or receipt")


def before_section_44(on: date, rulebook: Rulebook) -> str:
    """Why an adult was not referred for an adult review on a day, in words: the section was not in force yet."""
    began = min(edition.from_day for edition in rulebook.rule("C21").editions)
    return "" if on >= began else f"section 44 of the Care Act 2014 applies from {began}: nobody was referred on {on}"


def an_adult_referral_can_be_found(step: Attempt[ThingDone]) -> Check:
    """The adult referral is one on this record, or the note says where it is kept."""
    if DONE[step.form.what] != "adult_review_referred":
        return Check(True, "")
    if not step.form.receipt:
        return Check(False, "give the reference of the adult referral, as that of the letter or receipt")
    if why := before_section_44(step.form.on, step.rulebook):
        return Check(False, why)
    return adult_referral_is_found(step, step.form.receipt, step.form.note)


KNOWN_LATER = frozenset(
    {
        "panel_replied",
        "decision_told",
        "referrer_told",
        "justification_sent",
        "repository_sent",
        "improvements_audited",
    }
)
"""What may become known of any review after it has closed, whether or not a clock still waits for it."""


def a_closed_review_takes_what_comes_afterwards(step: Attempt[ThingDone]) -> Check:
    """On a closed review: what was carried on after the closing, and what only then becomes known."""
    if step.review.open:
        return Check(True, "")
    takes = _taken_after_the_end(step.review, step.rulebook)
    may = ", ".join(what for what, name in DONE.items() if name in takes)
    words = f"the review is closed, and nothing waits for this; it still takes: {may}"
    return Check(DONE[step.form.what] in takes, words)


def _taken_after_the_end(review: Review, rulebook: Rulebook) -> frozenset[str | None]:
    return KNOWN_LATER | {rulebook.rule(duty.rule).settled_by for duty in review.live()}


def may_have_been_done(review: Review, rulebook: Rulebook) -> tuple[str, ...]:
    """
    What may be recorded of a review as done, in the order of `DONE`: what is of its track, what exists by now, and of
    one that is closed what it still takes. Days, notes and receipts are judged where it is sent.
    """
    takes = frozenset(DONE.values()) if review.open else _taken_after_the_end(review, rulebook)
    return tuple(
        what
        for what, name in DONE.items()
        if name in takes and _is_of_the_track(name, review, rulebook) and _can_exist(name, review)
    )


def _can_exist(name: str, review: Review) -> bool:
    """Whether there can be such a thing of this review by now."""
    if name in LINKS and review.track not in LINKS[name][0]:
        return False
    if name == "advance_copy_sent_to_all":
        return copy_that_went(review, what_is_published(review) != "improvements_only") is not None
    return name not in MUST_EXIST or any(review.happened(one) is not None for one in COMES_AFTER[name])


def do_thing(step: Attempt[ThingDone]) -> Outcome:
    """Make the mark; of several that wait for the same thing, the one due soonest."""
    name = DONE[step.form.what]
    rules = {rule.id for rule in step.rulebook.settled_by(name, step.review.track) if rule.per_subject}
    owed = [duty.subject for duty in step.review.running() if duty.rule in rules]
    subject = step.form.receipt if name in LINKS else next(iter(owed), "")
    return Outcome(marks=(Mark(name=name, on=step.form.on, subject=subject),))


RECORD_DONE = Step(
    name="record_done",
    title="Recorded as done",
    button="Record something done",
    tracks=BOTH,
    sources=ANY_STATE,
    by=MANAGERS | {"local_authority_dcs", "delegated_partner", "review_panel_chair"},
    form=ThingDone,
    needs=(
        it_is_of_this_track,
        it_waits_for_its_time,
        ofsted_has_all_that_went,
        a_closed_review_takes_what_comes_afterwards,
        what_ends_a_duty_unmet_has_a_reason,
        an_adult_referral_can_be_found,
        a_linked_review_has_its_reference,
        day_is_not_in_the_future("on"),
    ),
    does=do_thing,
    kind="thing_done",
    days={"on": tuple(DONE.values())},
    follows=COMES_AFTER,
    marks=frozenset(DONE.values()),
    on_card=False,
)

# --------------------------------------------------------------------------- a statutory date cannot be met


class DeferralRecord(Form):
    """A statutory date will not be, or was not, met. The date stands; the reasons and the new day stand beside it."""

    rule: Annotated[str, From("running duties")] = Field(title="Which duty", description="For example C12.")
    ground: Literal["criminal proceedings", "inquest", "agency information late", "reviewer", "other"] = Field(
        title="Ground"
    )
    reasons: Sealed = Field(title="Reasons, as sent")
    sent_to: tuple[Literal["national Panel", "Secretary of State", "Ofsted", "independent chair"], ...] = Field(
        title="Sent to", min_length=1
    )
    sent_on: date = Field(title="Sent on")
    expected_on: date = Field(title="Now expected on")
    review_on: date = Field(title="Look again on")


def it_is_a_duty_of_law_or_guidance(step: Attempt[DeferralRecord]) -> Check:
    """Only a statutory date needs a deferral; a local one is simply planned again."""
    rule = step.rulebook.rule(step.form.rule)
    return Check(rule.statutory, f"{rule.title} is a local date: plan it again instead")


def record_deferral(step: Attempt[DeferralRecord]) -> Outcome:
    """Keep the reasons; no clock moves."""
    form = step.form
    entry = DeferralMade(rule=form.rule, expected_on=form.expected_on, sent_to=form.sent_to, on=form.sent_on)
    mark = Mark(name="deferral_recorded", on=form.sent_on, subject=form.rule, due=form.review_on)
    return Outcome(marks=(mark,), entries=(entry,))


RECORD_DEFERRAL = Step(
    name="record_deferral",
    title="Deferral recorded",
    button="Record a deferral",
    tracks=BOTH,
    sources=ANY_STATE,
    by=DECIDERS,
    form=DeferralRecord,
    needs=(
        it_is_a_duty_of_law_or_guidance,
        day_is_not_in_the_future("sent_on"),
        day_is_not_before("sent_on", "referral_received"),
        day_is_not_in_the_past("review_on"),
    ),
    does=record_deferral,
    kind="deferral_recorded",
    days={
        "sent_on": ("deferral_recorded",),
    },
    marks=frozenset({"deferral_recorded"}),
    tells=("business_manager", "delegated_partner", "lead_partner"),
    decision=True,
    on_card=False,
)

STEPS = (RECORD_MEETING, RECORD_DONE, RECORD_DEFERRAL)
