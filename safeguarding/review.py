"""
A review as it stands: a pure fold of the lines of its ledger.

Holds open facts only: references, dates, agencies, states. Whatever was written in free text stays sealed
in the ledger, so a review may be shown, copied into a projection or handed to a card without a name in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from typing import Any, Literal

from pydantic import Field

from safeguarding.clock import london_date
from safeguarding.events import (
    REFUSED,
    ActionAdded,
    ActionMoved,
    AgencyAcknowledged,
    AgencyAnswered,
    AgencyAsked,
    DeferralMade,
    DutyEnded,
    DutyStarted,
    Event,
    Frozen,
    Mark,
    MeetingHeld,
    Stop,
)


class Track(StrEnum):
    """Which law the review runs on: the Children Act 2004 (LCSPR) or section 44 of the Care Act 2014 (SAR)."""

    CHILDREN = "children"
    ADULTS = "adults"

    @property
    def prefix(self) -> str:
        """How a reference of this track begins."""
        return {"children": "CSPR", "adults": "SAR"}[self.value]

    @property
    def subject(self) -> str:
        """How the person is spoken of: «Child F», «Adult B»."""
        return {"children": "Child", "adults": "Adult"}[self.value]


class Stage(StrEnum):
    """The seven stages, in the order of a review. Each open stage is one card."""

    REFERRAL = "referral"
    RAPID_REVIEW = "rapid_review"
    DECISION = "decision"
    COMMISSIONING = "commissioning"
    PANEL = "panel"
    PUBLICATION = "publication"
    ACTION_FOLLOW_UP = "action_follow_up"

    def named(self, track: Track) -> str:
        """The unit's own words for the stage: the adult track screens where the child track reviews rapidly."""
        if self is Stage.RAPID_REVIEW and track is Track.ADULTS:
            return "Screening"
        return self.value.replace("_", " ").capitalize()


class State(StrEnum):
    """Where a review stands; the states of one stage share its card, and a closed state has none."""

    REFERRED = "referred"
    NOTIFICATION_DECISION = "notification_decision"
    NOTIFICATION_SENT = "notification_sent"
    RAPID_REVIEW = "rapid_review"
    SCREENING = "screening"
    DECISION = "decision"
    NATIONAL_REFERRED = "national_referred"
    COMMISSIONING = "commissioning"
    IN_REVIEW = "in_review"
    DRAFTING = "drafting"
    SIGN_OFF = "sign_off"
    ACCEPTANCE = "acceptance"
    PRE_PUBLICATION = "pre_publication"
    PUBLICATION_DEFERRED = "publication_deferred"
    PUBLICATION = "publication"
    PUBLISHED = "published"
    PUBLISHED_IMPROVEMENTS_ONLY = "published_improvements_only"
    NOT_PUBLISHED = "not_published"
    ACTION_FOLLOW_UP = "action_follow_up"
    CLOSED = "closed"
    CLOSED_RAPID_REVIEW_ONLY = "closed_rapid_review_only"
    NOT_SERIOUS_CASE = "not_serious_case"
    NOTIFICATION_WITHDRAWN = "notification_withdrawn"
    NATIONAL_LED = "national_led"
    DISCONTINUED = "discontinued"
    OTHER_LEARNING = "other_learning"
    NOT_MET = "not_met"
    RETURNED_INCOMPLETE = "returned_incomplete"

    @property
    def words(self) -> str:
        """The state in words for a screen."""
        return self.value.replace("_", " ")


STAGE_OF: dict[State, Stage] = {
    State.REFERRED: Stage.REFERRAL,
    State.NOTIFICATION_DECISION: Stage.REFERRAL,
    State.NOTIFICATION_SENT: Stage.RAPID_REVIEW,
    State.RAPID_REVIEW: Stage.RAPID_REVIEW,
    State.SCREENING: Stage.RAPID_REVIEW,
    State.DECISION: Stage.DECISION,
    State.NATIONAL_REFERRED: Stage.DECISION,
    State.COMMISSIONING: Stage.COMMISSIONING,
    State.IN_REVIEW: Stage.PANEL,
    State.DRAFTING: Stage.PANEL,
    State.SIGN_OFF: Stage.PANEL,
    State.ACCEPTANCE: Stage.PANEL,
    State.PRE_PUBLICATION: Stage.PUBLICATION,
    State.PUBLICATION_DEFERRED: Stage.PUBLICATION,
    State.PUBLICATION: Stage.PUBLICATION,
    State.PUBLISHED: Stage.PUBLICATION,
    State.PUBLISHED_IMPROVEMENTS_ONLY: Stage.PUBLICATION,
    State.NOT_PUBLISHED: Stage.PUBLICATION,
    State.ACTION_FOLLOW_UP: Stage.ACTION_FOLLOW_UP,
}
"""The stage of every open state. A state that is not here is a closed one."""

CLOSED_STATES = frozenset(State) - frozenset(STAGE_OF)


class Duty(Frozen):
    """One clock of a review: what is owed, counted from which event, due when, and how it ended if it did."""

    rule: str
    subject: str = ""
    occurrence: int = 1
    anchor: str
    anchored_on: date
    due_on: date
    edition: str
    calendar: str
    started_at: int
    """The line of the ledger that wrote this row; with rule, subject and occurrence it names the row for good."""
    ended: Literal["", "settled", "cancelled", "superseded"] = ""
    ended_on: date | None = None
    ended_at: int = 0
    """The line of the ledger that ended it; 0 while it runs."""
    why: str = ""
    guard: bool = False
    """A minimum: nothing is owed until the day, something is forbidden until then."""
    stops: tuple[Stop, ...] = ()
    """Every time for which this clock stood still; the last is open while it does."""

    @property
    def key(self) -> tuple[str, str, int]:
        """What is owed, apart from when: rule, subject (an agency or an action), occurrence."""
        return (self.rule, self.subject, self.occurrence)

    @property
    def suspended(self) -> Stop | None:
        """The suspension under which the clock stands still, or None. A row that has ended has none."""
        return self.stops[-1] if self.stops and self.stops[-1].until is None and not self.ended else None

    @property
    def running(self) -> bool:
        """Whether it has not ended and does not stand still."""
        return not self.ended and not (self.stops and self.stops[-1].until is None)

    @property
    def counted_from(self) -> date:
        """The day from which its present remainder is counted: that of its last resumption, or its anchor's."""
        resumed = [stop.until for stop in self.stops if stop.until is not None]
        return resumed[-1] if resumed else self.anchored_on


class AgencyRequest(Frozen):
    """What an agency was asked for, and what came of it. Waiting until an outcome is recorded."""

    agency: str
    purpose: Literal["information", "report", "accuracy"]
    asked_on: date
    outcome: Literal["waiting", "returned", "nil return", "refused", "excused"] = "waiting"
    on: date | None = None
    acknowledged_on: date | None = None
    """When the agency said that it has the request. It is waited for all the same."""


class Action(Frozen):
    """An action of the plan: its owner, its date, its status and the grade of its evidence."""

    id: str
    agency: str
    owner: str
    due_on: date
    status: str = "agreed"
    grade: int = 0
    verified_by: str = ""
    moved_on: date | None = None


class Deferral(Frozen):
    """Why a statutory date is not met: told to whom, expected when. The date itself stands."""

    rule: str
    expected_on: date
    sent_to: tuple[str, ...]
    on: date


class Line(Frozen):
    """One line of the ledger in short: for «what changed» and for the history on a page."""

    sequence: int
    at: datetime
    kind: str
    title: str
    actor: str


class Refusal(Frozen):
    """The last step that was refused, word for word, until another step succeeds."""

    at: datetime
    step: str
    unmet: tuple[str, ...]
    actor: str


class Review(Frozen):
    """One review. Never built by hand: `fold` makes it from its ledger."""

    reference: str
    track: Track
    pseudonym: str
    state: State
    version: int
    """The number of the last line of the ledger, refusals included: a card's wait is keyed by it."""
    changed: int
    """The number of the last line that changed something: a command made before it is stale."""
    entry: int = 1
    """How many times the present stage has been entered (a reopened review enters one again)."""
    entries: dict[Stage, int] = Field(default_factory=dict)
    stage_since: datetime
    opened_at: datetime
    last_stage: Stage
    closed_at: int = 0
    """The line that last closed it; 0 if none did."""
    marks: tuple[Mark, ...] = ()
    duties: tuple[Duty, ...] = ()
    requests: tuple[AgencyRequest, ...] = ()
    meetings: tuple[MeetingHeld, ...] = ()
    actions: tuple[Action, ...] = ()
    deferrals: tuple[Deferral, ...] = ()
    facts: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """The open facts last given under each kind of line."""
    history: tuple[Line, ...] = ()
    refusal: Refusal | None = None

    @property
    def open(self) -> bool:
        """Whether the review is in one of the seven stages."""
        return self.state in STAGE_OF

    @property
    def stage(self) -> Stage:
        """The stage it is in, or the last one it was in before it closed."""
        return STAGE_OF.get(self.state, self.last_stage)

    @property
    def stage_title(self) -> str:
        """The stage in the unit's own words."""
        return self.stage.named(self.track)

    def running(self, rule: str | None = None, subject: str | None = None) -> tuple[Duty, ...]:
        """The clocks that run, soonest first; of one rule, or of one agency or action, if asked. No guards."""
        found = [
            duty
            for duty in self.duties
            if duty.running and not duty.guard and rule in (None, duty.rule) and subject in (None, duty.subject)
        ]
        return tuple(sorted(found, key=lambda duty: (duty.due_on, duty.rule, duty.subject)))

    def suspended(self) -> tuple[Duty, ...]:
        """The local clocks that stand still, the one to be looked at first first."""
        found = [(duty.suspended.look_again_on, duty) for duty in self.duties if duty.suspended is not None]
        return tuple(duty for _, duty in sorted(found, key=lambda pair: (pair[0], pair[1].key)))

    def live(self, rule: str | None = None, subject: str | None = None) -> tuple[Duty, ...]:
        """The clocks that have not ended, running or standing still; of one rule or one agency or action, if asked."""
        return tuple(
            duty
            for duty in self.duties
            if not duty.ended and not duty.guard and rule in (None, duty.rule) and subject in (None, duty.subject)
        )

    def happened(self, mark: str, subject: str | None = None) -> date | None:
        """The day on which a named thing last happened, or None."""
        days = [m.on for m in self.marks if m.name == mark and subject in (None, m.subject)]
        return days[-1] if days else None

    def waiting_on(self, purpose: str | None = None) -> tuple[str, ...]:
        """The agencies that have been asked and have not answered."""
        return tuple(
            sorted({r.agency for r in self.requests if r.outcome == "waiting" and purpose in (None, r.purpose)})
        )

    def since(self, version: int) -> tuple[Line, ...]:
        """The lines after a version that changed something: what a stale command did not know of."""
        return tuple(line for line in self.history if line.sequence > version and line.kind != REFUSED)


def fold(events: Iterable[Event], review: Review | None = None) -> Review:
    """The review that these lines make, on top of one already folded if it is given."""
    made = reduce(_with, events, review)
    if made is None:
        raise ValueError("a review has at least the line that opened it")
    return made


def _with(review: Review | None, event: Event) -> Review:
    if review is None:
        review = _opened(event)
    elif event.sequence != review.version + 1:
        raise ValueError(f"line {event.sequence} does not follow line {review.version} of {review.reference}")
    line = Line(sequence=event.sequence, at=event.at, kind=event.kind, title=event.title, actor=event.actor.person)
    if event.kind == REFUSED:
        refusal = Refusal(
            at=event.at, step=event.facts["step"], unmet=tuple(event.facts["unmet"]), actor=event.actor.person
        )
        return review.model_copy(
            update={"version": event.sequence, "refusal": refusal, "history": (*review.history, line)}
        )
    update: dict[str, Any] = {
        "version": event.sequence,
        "changed": event.sequence,
        "refusal": None,
        "history": (*review.history, line),
        "marks": review.marks + event.marks,
        "facts": {**review.facts, event.kind: event.facts},
        **_moved(review, event),
    }
    if event.duties:
        update["duties"] = _clocks(review.duties, event)
    review = review.model_copy(update=update)
    return _with_entries(review, event)


def _opened(event: Event) -> Review:
    facts = event.facts
    state = State(event.to or State.REFERRED)
    return Review(
        reference=facts["reference"],
        track=Track(facts["track"]),
        pseudonym=facts["pseudonym"],
        state=state,
        version=0,
        changed=0,
        stage_since=event.at,
        opened_at=event.at,
        last_stage=STAGE_OF[state],
        entries={STAGE_OF[state]: 1},
    )


def _moved(review: Review, event: Event) -> dict[str, Any]:
    """What changes when a line carries the review to another state, perhaps into another stage."""
    if event.to is None:
        return {}
    state = State(event.to)
    stage = STAGE_OF.get(state)
    if stage is None:
        return {
            "state": state,
            "last_stage": review.stage,
            "stage_since": event.at,
            "closed_at": event.sequence,
        }
    if review.open and stage is review.stage:
        return {"state": state}
    entries = {**review.entries, stage: review.entries.get(stage, 0) + 1}
    return {
        "state": state,
        "last_stage": stage,
        "entries": entries,
        "entry": entries[stage],
        "stage_since": event.at,
    }


def _clocks(duties: tuple[Duty, ...], event: Event) -> tuple[Duty, ...]:
    rows = list(duties)
    ended_before: dict[tuple[str, str, int], int] = {}
    for change in event.duties:
        key = (change.rule, change.subject, change.occurrence)
        same = [n for n, duty in enumerate(rows) if duty.key == key and duty.ended != "superseded"]
        if isinstance(change, DutyEnded):
            for n in same:
                if not rows[n].ended:
                    # A row corrected after it had ended did end then, and not by the correction.
                    line = ended_before.get(key, event.sequence)
                    rows[n] = _ended(rows[n], change.change, change.on, change.why, line)
            continue
        for n in same:
            if rows[n].ended:
                ended_before[key] = rows[n].ended_at
            rows[n] = _ended(rows[n], "superseded", london_date(event.at), change.replaces, event.sequence)
        rows.append(_duty(change, event.sequence))
    return tuple(rows)


def _ended(duty: Duty, how: str, on: date, why: str, sequence: int) -> Duty:
    return duty.model_copy(update={"ended": how, "ended_on": on, "why": why, "ended_at": sequence})


def _duty(change: DutyStarted, sequence: int) -> Duty:
    return Duty(
        rule=change.rule,
        subject=change.subject,
        occurrence=change.occurrence,
        anchor=change.anchor,
        anchored_on=change.anchored_on,
        due_on=change.due_on,
        edition=change.edition,
        calendar=change.calendar,
        guard=change.guard,
        stops=change.stops,
        started_at=sequence,
    )


def _with_entries(review: Review, event: Event) -> Review:
    for entry in event.entries:
        update: dict[str, Any]
        match entry:
            case AgencyAsked():
                asked = AgencyRequest(agency=entry.agency, purpose=entry.purpose, asked_on=entry.on)
                update = {"requests": (*review.requests, asked)}
            case AgencyAcknowledged():
                update = {"requests": tuple(_acknowledged(request, entry) for request in review.requests)}
            case AgencyAnswered():
                update = {"requests": tuple(_answered(request, entry) for request in review.requests)}
            case MeetingHeld():
                update = {"meetings": (*review.meetings, entry)}
            case ActionAdded():
                added = Action(id=entry.action, agency=entry.agency, owner=entry.owner, due_on=entry.due_on)
                update = {"actions": (*review.actions, added)}
            case ActionMoved():
                update = {"actions": tuple(_action_moved(action, entry) for action in review.actions)}
            case DeferralMade():
                made = Deferral(rule=entry.rule, expected_on=entry.expected_on, sent_to=entry.sent_to, on=entry.on)
                update = {"deferrals": (*review.deferrals, made)}
        review = review.model_copy(update=update)
    return review


def _acknowledged(request: AgencyRequest, entry: AgencyAcknowledged) -> AgencyRequest:
    if (request.agency, request.purpose, request.outcome) != (entry.agency, entry.purpose, "waiting"):
        return request
    return request.model_copy(update={"acknowledged_on": entry.on})


def _answered(request: AgencyRequest, answer: AgencyAnswered) -> AgencyRequest:
    if (request.agency, request.purpose, request.outcome) != (answer.agency, answer.purpose, "waiting"):
        return request
    return request.model_copy(update={"outcome": answer.outcome, "on": answer.on})


def _action_moved(action: Action, moved: ActionMoved) -> Action:
    if action.id != moved.action:
        return action
    verified_by = moved.by if moved.status == "verified" else action.verified_by
    return action.model_copy(
        update={
            "status": moved.status,
            "grade": max(action.grade, moved.grade),
            "verified_by": verified_by,
            "moved_on": moved.on,
        }
    )
