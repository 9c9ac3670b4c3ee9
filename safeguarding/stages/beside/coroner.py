"""
A coroner's report to prevent other deaths, and the reply that is owed to it.

Whoever has the duty to reply does so within 56 days of the date on which the report is sent (regulation 29 of S.I.
2013/1629): calendar days, from the sending and not from the arrival. Only the coroner who made it may extend the time,
also after it has expired; nobody here can. The reply says what was or will be done, with a timetable, or why nothing is
proposed. A report on a closed review is recorded once it is reopened, and no review closes on one that waits.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from safeguarding.review.conditions import day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, Ref, SealedOptional
from safeguarding.review.step import BOTH, MANAGERS, OPEN_STATES, Attempt, Check, Outcome, Step


class CoronersReport(Form):
    """A report to prevent other deaths reached the partnership. The 56 days run from the day the coroner sent it."""

    sent_on: date = Field(
        title="Sent by the coroner on",
        description="The date on which the report is sent, not the day it arrived: the 56 days run from it.",
    )
    received_on: date = Field(title="Received on")
    reference: Ref = Field(title="The coroner's reference", min_length=1)
    made_to: Literal[
        "the partnership or its board",
        "the local authority",
        "the police",
        "the integrated care board",
        "another agency or person, named in the note",
    ] = Field(title="Made to", description="Whoever it is made to owes the reply (S.I. 2013/1629 reg.29).")
    note: SealedOptional = Field(default="", title="What it asks, and of whom")


def it_was_sent_before_it_arrived(step: Attempt[CoronersReport]) -> Check:
    """A report arrives on the day it is sent, or later."""
    form = step.form
    return Check(form.sent_on <= form.received_on, f"it was received on {form.received_on}, before it was sent")


def it_is_recorded_once(step: Attempt[CoronersReport]) -> Check:
    """A report that is on record already starts no second clock. A line of an earlier version kept only the last."""
    named = [mark.subject.partition(":") for mark in step.review.marks if mark.name == "coroner_report_named"]
    known = {reference.casefold(): number for number, _, reference in named}
    last = step.review.facts.get("coroners_report_received", {})
    known.setdefault(str(last.get("reference", "")).casefold(), str(last.get("report", "")))
    number = known.get(step.form.reference.casefold())
    return Check(number is None, f"the report {step.form.reference} is on record already, as {number}")


def another_is_named(step: Attempt[CoronersReport]) -> Check:
    """Where the report is made to none of those listed, the note names whom."""
    silent = step.form.made_to.startswith("another") and not step.form.note
    return Check(not silent, "name in the note to whom the report is made")


def receive(step: Attempt[CoronersReport]) -> Outcome:
    """Number it within its review, and start the 56 days."""
    known = {mark.subject for mark in step.review.marks if mark.name == "coroner_report_sent"}
    number = f"P{len(known) + 1:02d}"
    sent = Mark(name="coroner_report_sent", on=step.form.sent_on, subject=number)
    named = Mark(name="coroner_report_named", on=step.form.received_on, subject=f"{number}:{step.form.reference}")
    return Outcome(marks=(sent, named), facts={"report": number})


RECORD_CORONERS_REPORT = Step(
    name="record_coroners_report",
    title="Coroner's report to prevent other deaths received",
    button="Record a coroner's report",
    tracks=BOTH,
    sources=OPEN_STATES,
    by=MANAGERS | {"delegated_partner", "lead_partner"},
    form=CoronersReport,
    needs=(
        it_was_sent_before_it_arrived,
        it_is_recorded_once,
        another_is_named,
        day_is_not_in_the_future("sent_on"),
        day_is_not_in_the_future("received_on"),
    ),
    does=receive,
    kind="coroners_report_received",
    days={
        "sent_on": ("coroner_report_sent",),
        "received_on": ("coroner_report_named",),
    },
    follows={"coroner_report_named": ("coroner_report_sent",)},
    marks=frozenset({"coroner_report_sent", "coroner_report_named"}),
    tells=("business_manager", "delegated_partner", "lead_partner"),
    on_card=False,
)


class CoronerExtends(Form):
    """The coroner gave more time. Nobody else can: the coroner's letter is named."""

    report: Annotated[str, From("coroner's reports")] = Field(title="Which report", description="Such as P01.")
    extended_on: date = Field(title="The coroner's letter is dated")
    until: date = Field(title="To be answered by")
    letter: Ref = Field(title="Reference of the coroner's letter", min_length=1)


def it_gives_more_time(step: Attempt[CoronerExtends]) -> Check:
    """An extension is a day later than the one the reply is due on now."""
    due = [duty.due_on for duty in step.review.live(subject=step.form.report)]
    met = not due or step.form.until > due[0]
    return Check(met, f"the reply is due on {due[0] if due else ''} already: {step.form.until} gives no more time")


def extend(step: Attempt[CoronerExtends]) -> Outcome:
    """The 56 days end, not met; the day that the coroner gave takes their place."""
    form = step.form
    return Outcome(marks=(Mark(name="coroner_extended", on=form.extended_on, subject=form.report, due=form.until),))


RECORD_CORONERS_EXTENSION = Step(
    name="record_coroners_extension",
    title="The coroner extended the time to reply",
    button="Record the coroner's extension",
    tracks=BOTH,
    sources=OPEN_STATES,
    by=MANAGERS | {"delegated_partner", "lead_partner"},
    form=CoronerExtends,
    needs=(it_gives_more_time, day_is_not_in_the_future("extended_on")),
    does=extend,
    kind="coroner_extended",
    days={
        "extended_on": ("coroner_extended",),
    },
    marks=frozenset({"coroner_extended"}),
    tells=("business_manager", "delegated_partner"),
    on_card=False,
)


class CoronerAnswered(Form):
    """The reply that went to the coroner, or that the coroner took the report back."""

    report: Annotated[str, From("coroner's reports")] = Field(title="Which report", description="Such as P01.")
    content: Literal[
        "action taken or proposed, with its timetable",
        "no action is proposed, with the explanation",
        "no reply: the coroner withdrew the report",
    ] = Field(title="What the reply says", description="Regulation 29(3) asks for one of the first two.")
    on: date = Field(title="Sent to the coroner on")
    reference: Ref = Field(default="", title="Reference of the letter")


def answer(step: Attempt[CoronerAnswered]) -> Outcome:
    """Answered, it is met; withdrawn, nothing is owed."""
    form = step.form
    name = "coroner_report_withdrawn" if form.content.startswith("no reply") else "coroner_answered"
    return Outcome(marks=(Mark(name=name, on=form.on, subject=form.report),))


ANSWER_CORONER = Step(
    name="answer_coroner",
    title="Reply sent to the coroner",
    button="Record the reply to the coroner",
    tracks=BOTH,
    sources=OPEN_STATES,
    by=MANAGERS | {"delegated_partner", "lead_partner"},
    form=CoronerAnswered,
    needs=(day_is_not_in_the_future("on"),),
    does=answer,
    kind="coroner_answered",
    days={
        "on": ("coroner_answered", "coroner_report_withdrawn"),
    },
    marks=frozenset({"coroner_answered", "coroner_report_withdrawn"}),
    tells=("business_manager", "delegated_partner", "lead_partner"),
    on_card=False,
)

STEPS = (RECORD_CORONERS_REPORT, RECORD_CORONERS_EXTENSION, ANSWER_CORONER)
