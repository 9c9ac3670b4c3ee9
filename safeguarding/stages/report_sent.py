"""
The report goes to the Secretary of State and the national Panel, whatever is published of it.

Section 16F(3)(c) of the Children Act 2004 asks for it of every local review. Regulation 16 of S.I. 2018/789 says by
when, where the report, or information about the improvements, is published: the report itself goes, in both cases.
Ofsted is told by guidance that nobody has read. A day of publication is a gate before which it must have gone
(`publication`); where nothing is published the duty has no time, and is chased at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import Field

from safeguarding.dates.working_days import say
from safeguarding.review.advance_copy import TEXT_CHANGED, copy_that_went, what_is_published
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.copies import NOT_SAID, HowSent, sent_to
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, Ref
from safeguarding.review.review import Duty, Review
from safeguarding.review.states import State
from safeguarding.review.step import CHILDREN, MANAGERS, Attempt, Check, Outcome, Step

OWED_TO = ("Secretary of State", "national Panel")
"""To whom section 16F(3)(c) and regulation 16 send the report. Ofsted is not among them."""

OFSTED, TO_ALL = "Ofsted", "advance_copy_sent_to_all"

REPORT, INFORMATION, JUSTIFICATION = (
    "the report",
    "the information about the improvements",
    "the justification for not publishing",
)


def ofsted_has_it_since(review: Review, full: bool) -> date | None:
    """The first day on which Ofsted too had all that such a plan needs, as it now is; None where it has not."""
    went = copy_that_went(review, full)
    if went is None:
        return None
    names = [mark.name for mark in review.marks]
    anew = max((n for n, name in enumerate(names) if name in ("report_accepted", TEXT_CHANGED)), default=0)
    days = [mark.on for mark in review.marks[anew:] if mark.name == TO_ALL]
    if not days and TO_ALL not in names and OFSTED in review.facts.get("report_sent", {}).get("to", ()):
        return went  # An earlier version made no mark of it, and kept to whom the last copy went.
    return max(went, min(days)) if days else None


def ofsted_waits(review: Review) -> str:
    """That the other two have the advance copy and Ofsted has none, in a sentence; nothing where that is not so."""
    published = what_is_published(review)
    waiting = [duty for duty in review.live() if duty.rule in ("C13", "C14")]
    went = copy_that_went(review, published == "full") if published != "nothing" and waiting else None
    if went is None:
        return ""
    return (
        f"Ofsted not sent: the Secretary of State and the national Panel have the copy of {say(went)}, which meets "
        "regulation 16; by guidance, whose text was not read, Ofsted has it within the same time"
    )


def gates(review: Review, *rules: str) -> Iterator[Duty]:
    """
    The row of each of these gates that the plan as it now stands began. A record may be older than a rule.

    The last occurrence, and not the last row: the row of an earlier plan whose day is put right is written last.
    """
    for rule in rules:
        rows = [duty for duty in review.duties if duty.rule == rule and duty.ended != "superseded"]
        yield from sorted(rows, key=lambda duty: duty.occurrence)[-1:]


def is_met(review: Review, *rules: str) -> bool:
    """Whether the gates of the present plan are met: settled themselves, and not by what met those of another plan."""
    rows = list(gates(review, *rules))
    return bool(rows) and all(duty.ended == "settled" for duty in rows)


def met_on(review: Review, rule: str) -> date | None:
    """The day on which this gate of the present plan was first met; None while it is not."""
    return next((duty.ended_on for duty in gates(review, rule) if duty.ended == "settled"), None)


class ReportSent(Form):
    """To whom the report went before anything is published, and what went. A line of its own each time."""

    sent_on: date = Field(title="Sent on", description="The day it was sent, not the day it was recorded.")
    to: tuple[Literal["Secretary of State", "national Panel", "Ofsted"], ...] = Field(
        title="Sent to",
        min_length=1,
        description="The Secretary of State and the Panel by regulation 16; Ofsted by guidance, text not checked.",
    )
    what: tuple[
        Literal["the report", "the information about the improvements", "the justification for not publishing"], ...
    ] = Field(
        title="What was sent",
        min_length=1,
        description="The report itself, also where only information about the improvements is published.",
    )
    receipt: Ref = Field(default="", title="Reference of the letter or receipt")
    how: HowSent = Field(default=NOT_SAID, title="How it went")


def it_went_to_everybody_to_whom_it_is_owed(step: Attempt[ReportSent]) -> Check:
    """The Secretary of State and the Panel both have it (s.16F(3)(c); reg.16). Ofsted's copy may follow alone."""
    missing = [who for who in OWED_TO if who not in step.form.to]
    if step.form.to == (OFSTED,) and copy_that_went(step.review, what_is_published(step.review) == "full") is not None:
        return Check(True, "")
    return Check(
        not missing, f"the report is owed to the {' and the '.join(missing)} as well (reg.16): send it there too"
    )


def the_report_itself_went(step: Attempt[ReportSent]) -> Check:
    """The report went, and with it the information where only that is published: regulation 16(2) asks for both."""
    sent = step.form.what
    missing = [] if REPORT in sent else [REPORT]
    if what_is_published(step.review) == "improvements_only" and INFORMATION not in sent:
        missing.append(INFORMATION)
    words = f"what went lacks {' and '.join(missing)}: send a copy of the report, whatever is published (reg.16)"
    return Check(not missing, words)


def a_justification_follows_its_decision(step: Attempt[ReportSent]) -> Check:
    """Why the report is not published is sent after that was decided (s.16F(5)), and of no other decision."""
    decided = step.review.happened("decided_not_to_publish")
    if JUSTIFICATION not in step.form.what:
        return Check(True, "")
    if decided is None:
        return Check(False, "no decision not to publish the report is on record that a justification could be of")
    return Check(step.form.sent_on >= decided, f"the justification cannot go before that was decided on {decided}")


def send_report(step: Attempt[ReportSent]) -> Outcome:
    """The gate before publication is met, or the duty where nothing is published; with the justification, that too."""
    form, published = step.form, what_is_published(step.review)
    copies = sent_to(form.to, form.what, form.how, form.sent_on)
    if form.to == (OFSTED,):
        to_all = Mark(name=TO_ALL, on=form.sent_on)
        return Outcome(marks=(to_all,) if published != "nothing" else (), entries=copies)
    marks = [Mark(name="report_provided", on=form.sent_on)]
    if published != "nothing":
        marks.append(Mark(name="advance_copy_sent", on=form.sent_on))
        marks += [Mark(name=TO_ALL, on=form.sent_on)] if OFSTED in form.to else []
    if INFORMATION in form.what:
        marks.append(Mark(name="improvements_information_sent", on=form.sent_on))
    if JUSTIFICATION in form.what:
        marks.append(Mark(name="justification_sent", on=form.sent_on))
    return Outcome(marks=tuple(marks), entries=copies)


SEND_REPORT = Step(
    name="send_report",
    title="Report sent to the Secretary of State and the national Panel",
    button="Record the report as sent",
    tracks=CHILDREN,
    sources=frozenset({State.PRE_PUBLICATION, State.PUBLICATION_DEFERRED, State.NOT_PUBLISHED}),
    by=MANAGERS | {"delegated_partner"},
    form=ReportSent,
    needs=(
        it_went_to_everybody_to_whom_it_is_owed,
        the_report_itself_went,
        a_justification_follows_its_decision,
        day_is_not_in_the_future("sent_on"),
        day_is_not_before("sent_on", "report_accepted"),
    ),
    does=send_report,
    kind="report_sent",
    days={
        "sent_on": (
            "report_provided",
            "advance_copy_sent",
            "advance_copy_sent_to_all",
            "improvements_information_sent",
            "justification_sent",
        ),
    },
    follows={"justification_sent": ("decided_not_to_publish",)},
    marks=frozenset(
        {
            "report_provided",
            "advance_copy_sent",
            "advance_copy_sent_to_all",
            "improvements_information_sent",
            "justification_sent",
        }
    ),
    tells=("business_manager", "delegated_partner"),
    on_card=False,
)

STEPS = (SEND_REPORT,)
