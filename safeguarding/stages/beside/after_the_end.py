"""
What may still happen to a review that is closed: it is reopened, its impact is looked at. What was carried on after the
closing, and what only then becomes known, is recorded as on an open review.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from safeguarding.duties.reopened import REOPENED, Reopened
from safeguarding.duties.retention import last_closed_on
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, Sealed
from safeguarding.review.review import Review
from safeguarding.review.states import BEFORE_THE_NOTIFICATION, CLOSED_STATES, STAGE_OF, State, Track
from safeguarding.review.step import BOTH, MANAGERS, OPEN_STATES, Attempt, Check, Outcome, Step

ADULT_ONLY = frozenset({State.SCREENING, State.ACCEPTANCE, State.PUBLICATION})
SHARED = frozenset(
    {
        State.REFERRED,
        State.DECISION,
        State.COMMISSIONING,
        State.IN_REVIEW,
        State.DRAFTING,
        State.PUBLICATION_DEFERRED,
        State.PUBLISHED,
        State.NOT_PUBLISHED,
        State.ACTION_FOLLOW_UP,
    }
)


IN_ERROR = "it was closed in error"
STANDS_AGAIN = "notification_stands_again"


def states_of(track: Track) -> frozenset[State]:
    """The open states of a track."""
    adults = SHARED | ADULT_ONLY
    return adults if track is Track.ADULTS else OPEN_STATES - ADULT_ONLY


class Reopening(Form):
    """A closed review opens again: on new information, or because it was closed in error."""

    decided_on: date = Field(title="Decided on")
    return_to: Literal[tuple(sorted(OPEN_STATES))] = Field(title="Back to")  # type: ignore[valid-type]
    because: Literal["new information", "it was closed in error"] = Field(
        default="new information",
        title="Because of",
        description="New information: what is owed from here is counted from the day of this decision. Closed in "
        "error: the dates of the law are on their own days.",
    )
    agreed_day: date | None = Field(
        default=None,
        title="New day of what people had agreed",
        description="Of actions and the like whose agreed day has passed meanwhile.",
    )
    reason: Sealed = Field(title="The new information, or the error")


def it_was_there_before(step: Attempt[Reopening]) -> Check:
    """A review goes back to a stage it has been in, on its own track."""
    state = State(step.form.return_to)
    met = state in states_of(step.review.track) and STAGE_OF[state] in step.review.entries
    been = ", ".join(stage.named(step.review.track) for stage in step.review.entries)
    return Check(met, f"this review was never at '{state.words}'; it has been in: {been}")


def _needs_a_notification(review: Review, to: State) -> bool:
    """Whether a review of this record goes back beyond its notification, and the Panel has none that stands."""
    here = review.track is Track.CHILDREN and review.carried_in is None
    return here and to not in BEFORE_THE_NOTIFICATION and not review.notification_stands


def the_panel_has_its_notification(step: Attempt[Reopening]) -> Check:
    """
    On new information nothing goes on from a notification that was withdrawn: it is owed anew (s.16C(1)).

    A withdrawal that was the error itself leaves the notification standing as it was.
    """
    form, review = step.form, step.review
    missing = _needs_a_notification(review, State(form.return_to))
    withdrawn = review.happened("notification_withdrawn")
    if not missing or (withdrawn is not None and form.because == IN_ERROR):
        return Check(True, "")
    why = f"was withdrawn on {withdrawn}" if withdrawn else "was never sent"
    back = f"reopen it at '{State.NOTIFICATION_DECISION.words}', where it is decided again whom to notify"
    error = ", or say that it was closed in error, if the withdrawal was wrong" if withdrawn else ""
    return Check(False, f"the notification {why}, and the national Panel has none (s.16C(1)): {back}{error}")


def day_is_not_before_closing(step: Attempt[Reopening]) -> Check:
    """A review opens again after it has closed."""
    closed = last_closed_on(step.review)
    fits = closed is None or step.form.decided_on >= closed
    return Check(fits, f"decided on {step.form.decided_on}, before it closed on {closed}")


def _reopened(step: Attempt[Reopening]) -> Reopened:
    form = step.form
    stage = STAGE_OF[State(form.return_to)]
    without = (
        _needs_a_notification(step.review, State.NOTIFICATION_SENT) and State(form.return_to) in BEFORE_THE_NOTIFICATION
    )
    return Reopened(step.review, form.decided_on, stage, step.rulebook, form.agreed_day, without)


def agreed_days_that_passed_have_another(step: Attempt[Reopening]) -> Check:
    """On new information an action whose day has passed is owed again, on a day that is still to come."""
    form = step.form
    if form.because != "new information":
        return Check(True, "")
    passed = _reopened(step).agreed_days_that_passed()
    named = ", ".join(f"{step.rulebook.rule(duty.rule).title} {duty.subject}".strip() for duty in passed)
    if not passed or (form.agreed_day is not None and form.agreed_day > step.today):
        return Check(True, "")
    return Check(False, f"the agreed day of these has passed: {named}. Give a new day that is still to come")


def reopen(step: Attempt[Reopening]) -> Outcome:
    """Back to where it was, with the clocks that closing cut off and that make sense there."""
    form, reopened = step.form, _reopened(step)
    marks = [Mark(name=REOPENED, on=form.decided_on)]
    if _needs_a_notification(step.review, State(form.return_to)):
        marks.append(Mark(name=STANDS_AGAIN, on=form.decided_on))
    rows = reopened.on_new_information() if form.because == "new information" else reopened.in_error()
    return Outcome(to=State(form.return_to), marks=tuple(marks), clocks=rows)


REOPEN = Step(
    name="reopen",
    title="Review reopened",
    button="Reopen the review",
    tracks=BOTH,
    sources=CLOSED_STATES,
    leads_to=OPEN_STATES,
    by=frozenset({"delegated_partner", "lead_partner"}),
    form=Reopening,
    needs=(
        it_was_there_before,
        the_panel_has_its_notification,
        agreed_days_that_passed_have_another,
        day_is_not_in_the_future("decided_on"),
        day_is_not_before_closing,
    ),
    does=reopen,
    kind="reopened",
    days={"decided_on": (REOPENED, STANDS_AGAIN)},
    marks=frozenset({REOPENED, STANDS_AGAIN}),
    tells=("business_manager", "business_unit", "delegated_partner", "lead_partner"),
    decision=True,
    on_card=False,
)

# --------------------------------------------------------------------------- what changed


class ImpactCheck(Form):
    """The impact is looked at after the action plan, and after closing: did anything change for people?"""

    on: date = Field(title="Looked at on")
    impact: Literal["change seen", "no change seen", "too early to say"] = Field(
        title="Impact", description="«No change seen» is a valid result, and a reported one."
    )
    again_on: date | None = Field(default=None, title="If too early to say: look again on")
    seen: Sealed = Field(title="What was looked at, and what it shows")


def too_early_is_looked_at_again(step: Attempt[ImpactCheck]) -> Check:
    """What cannot be said yet has a day to come."""
    form = step.form
    again = form.again_on is not None and form.again_on > step.today
    words = "say on which day, still to come, it is looked at again, since it is too early to say"
    return Check(form.impact != "too early to say" or again, words)


def check_impact(step: Attempt[ImpactCheck]) -> Outcome:
    """Settle the look that was owed; where it is too early, owe the next one."""
    form = step.form
    marks = [Mark(name="impact_checked", on=form.on)]
    if form.impact == "too early to say" and form.again_on is not None:
        marks.append(Mark(name="impact_check_agreed", on=form.on, due=form.again_on))
    return Outcome(marks=tuple(marks))


RECORD_IMPACT = Step(
    name="record_impact",
    title="Impact looked at",
    button="Record the impact",
    tracks=BOTH,
    sources=CLOSED_STATES | {State.ACTION_FOLLOW_UP},
    by=MANAGERS | {"delegated_partner", "lead_partner", "learning_group"},
    form=ImpactCheck,
    needs=(too_early_is_looked_at_again, day_is_not_in_the_future("on"), day_is_not_before("on", "closed")),
    does=check_impact,
    kind="impact_recorded",
    days={
        "on": ("impact_checked", "impact_check_agreed"),
    },
    marks=frozenset({"impact_checked", "impact_check_agreed"}),
    tells=("business_manager", "delegated_partner"),
    on_card=False,
)

STEPS = (REOPEN, RECORD_IMPACT)
