"""
A review as it stands: its state, its clocks, what was asked and promised.

Holds open facts only: references, dates, agencies, states. Whatever was written in free text stays sealed
in the ledger, so a review may be shown, copied into a projection or handed to a card without a name in it.
"""

from __future__ import annotations

from datetime import date, datetime
from operator import attrgetter
from typing import Any, Literal

from pydantic import Field

from safeguarding.dates.london import london_date
from safeguarding.review.entries_put_right import LineHeld
from safeguarding.review.events import REFUSED, CopySent, Extension, Mark, MeetingHeld, Stop
from safeguarding.review.learnt import (
    Action,
    Lesson,
    QualityMark,
    Recommendation,
    ReviewFinding,
    SharedLearning,
    Wording,
)
from safeguarding.review.states import STAGE_OF, Stage, State, Track
from safeguarding.values import Frozen


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
    extended: Extension | None = None
    """Where a local date was given more time: from which day to which."""

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


_SOONEST_FIRST = attrgetter("due_on", "rule", "subject")


class AgencyRequest(Frozen):
    """What an agency was asked for, and what came of it. Waiting until an outcome is recorded."""

    agency: str
    purpose: Literal["information", "report", "accuracy"]
    asked_on: date
    outcome: Literal["waiting", "returned", "nil return", "refused", "excused"] = "waiting"
    on: date | None = None
    acknowledged_on: date | None = None
    """When the agency said that it has the request. It is waited for all the same."""
    daily_life: Literal["", "asked", "yes", "no", "nothing known"] = ""
    """
    Whether the return says what the agency knew of the child's daily life, or of what the adult wanted. «asked» until
    it does; empty where nobody asked, as before there was the question.
    """


TAKEN_OVER = "taken_over"
"""The fact of a review that was taken over from a file: which file, on which day."""


class Deferral(Frozen):
    """Why a statutory date is not met: told to whom, expected when. The date itself stands."""

    rule: str
    expected_on: date | None = None
    """None where it waits for an event whose day nobody knows."""
    sent_to: tuple[str, ...]
    on: date


class Reason(Frozen):
    """Why a date was missed, given after the event: on which ground, sent to whom if to anybody."""

    rule: str
    ground: str
    sent_to: tuple[str, ...]
    on: date


class OwnSignature(Frozen):
    """A position that somebody signed themselves: for whom, by what proof, on what authority, in which line."""

    of: str
    person: str
    position: Literal["agree", "dissent", "absent"]
    proof: str
    authority: str = ""
    on: date
    line: int

    @property
    def brief(self) -> dict[str, Any]:
        """It as another line keeps it: of whom, by whom, which position, when, in which line."""
        return {**self.model_dump(mode="json", include={"of", "person", "position", "on", "line"})}


class Proposal(Frozen):
    """A decision that was proposed and has not been taken, with the positions signed on it so far."""

    step: str
    """The step by which it is decided."""
    line: int
    """The line that proposed it, which holds its answers."""
    on: date
    asked: tuple[str, ...]
    """The partners by their ids, and the role of whoever decides where the partners only advise."""
    signatures: tuple[OwnSignature, ...] = ()
    """Of each who was asked the last one."""
    replaced: tuple[OwnSignature, ...] = ()
    """Those in whose place others were signed since, the earliest first: they count no more, and are shown."""
    again_since: int = 0
    """The last line that put a day right: positions signed before it are asked for again."""

    @property
    def standing(self) -> dict[str, OwnSignature]:
        """The positions that count, by who was asked."""
        return {one.of: one for one in self.signatures if one.line > self.again_since}

    def before(self, of: str) -> tuple[OwnSignature, ...]:
        """The positions in whose place another was signed, of one who was asked."""
        return tuple(one for one in self.replaced if one.of == of)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Who has been asked and has not answered, or is to answer again."""
        return tuple(one for one in self.asked if one not in self.standing)


class HistoryLine(Frozen):
    """One line of the ledger in short: for «what changed» and for the history on a page."""

    sequence: int
    at: datetime
    kind: str
    title: str
    actor: str
    name: str = ""
    """What the actor was called then; nothing on lines of earlier programs."""


class LastRefusal(Frozen):
    """The last step that was refused, word for word, until another step succeeds."""

    at: datetime
    step: str
    unmet: tuple[str, ...]
    actor: str


class Before(Frozen):
    """What a review stood at, apart from its history, before one of its last steps."""

    line: int
    """The line that the step wrote."""
    state: State
    marks: tuple[Mark, ...]
    made_at: tuple[int, ...]
    held: tuple[LineHeld, ...]
    proposal: Proposal | None
    facts: dict[str, dict[str, Any]]
    duties: tuple[Duty, ...]
    """Its clocks, with the end of each as it then was: a row that is superseded afterwards says its own no more."""


MOST_TAKEN_BACK = 12
"""How many of the last steps may be taken back: what lies further back is put right by what the law offers."""


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
    made_at: tuple[int, ...] = Field(default=(), exclude=True, repr=False)
    """The line that made each of the marks, in their order: which step it was, and so which bounds its day has."""
    held: tuple[LineHeld, ...] = Field(default=(), exclude=True, repr=False)
    """The lines with entries, of which all that follows up to the reasons is made: anew where a day is put right."""
    duties: tuple[Duty, ...] = ()
    requests: tuple[AgencyRequest, ...] = ()
    meetings: tuple[MeetingHeld, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    findings: tuple[ReviewFinding, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    wordings: tuple[Wording, ...] = ()
    """What was written for others to read, approved or not."""
    quality_markers: tuple[QualityMark, ...] = ()
    """What was last found of each quality marker that was looked at."""
    shared: tuple[SharedLearning, ...] = ()
    """What went to agencies of what was learnt."""
    actions: tuple[Action, ...] = ()
    deferrals: tuple[Deferral, ...] = ()
    copies: tuple[CopySent, ...] = ()
    """What went to whom before it was published. Earlier programs kept the days alone, as marks."""
    reasons: tuple[Reason, ...] = ()
    proposal: Proposal | None = None
    """The decision that waits for the partners' own positions, if one does."""
    facts: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """The open facts last given under each kind of line."""
    history: tuple[HistoryLine, ...] = ()
    refusal: LastRefusal | None = None
    names: dict[str, str] = Field(default_factory=dict)
    """The people and agencies whom its lines name, by id, as they were called last."""
    before: tuple[Before, ...] = Field(default=(), exclude=True, repr=False)
    """What it held before each of its last steps, the latest last: what one that was wrong is taken back to."""

    @property
    def open(self) -> bool:
        """Whether the review is in one of the seven stages."""
        return self.state in STAGE_OF

    @property
    def carried_in(self) -> dict[str, Any] | None:
        """What is known of a review that began before this record; None for one that was opened here."""
        return self.facts.get("carried_in")

    @property
    def entered_on(self) -> date | None:
        """The day (London) on which it was entered, where it was under way already; None for one opened as it began."""
        late = self.facts.get("referral_received", {}).get("under_way_since") or (self.carried_in or {}).get(TAKEN_OVER)
        return london_date(self.opened_at) if late else None

    @property
    def stage(self) -> Stage:
        """The stage it is in, or the last one it was in before it closed."""
        return STAGE_OF.get(self.state, self.last_stage)

    @property
    def stage_title(self) -> str:
        """The stage in the unit's own words."""
        return self.stage.named(self.track)

    @property
    def chair(self) -> str:
        """The person who was appointed to chair the review; empty before."""
        named = self.facts.get("commissioned") or self.facts.get("chair_named", {})
        return str(named.get("chair") or "")

    @property
    def reviewer(self) -> str:
        """The lead reviewer who is appointed now, if they stand in the partnership's file; else empty."""
        last = [mark.name for mark in self.marks if mark.name in ("reviewer_removed", "reviewer_appointed")]
        if not last or last[-1] == "reviewer_removed":
            return ""
        kinds = ("reviewer_replaced", "commissioned", "reviewer_appointed_first")
        appointed: dict[str, Any] = next((self.facts[kind] for kind in kinds if kind in self.facts), {})
        return str(appointed.get("reviewer_in_file") or "")

    @property
    def notification_stands(self) -> bool:
        """Whether the national Panel has a notification that was not withdrawn since, or withdrawn only in error."""
        names = ("notification_sent", "notification_withdrawn", "notification_stands_again")
        said = [mark.name for mark in self.marks if mark.name in names]
        return bool(said) and said[-1] != "notification_withdrawn"

    def running(self, rule: str | None = None, subject: str | None = None) -> tuple[Duty, ...]:
        """The clocks that run, soonest first; of one rule, or of one agency or action, if asked. No guards."""
        found = [
            duty
            for duty in self.duties
            if not (duty.ended or duty.guard)
            and duty.running
            and rule in (None, duty.rule)
            and subject in (None, duty.subject)
        ]
        return tuple(sorted(found, key=_SOONEST_FIRST))

    def suspended(self) -> tuple[Duty, ...]:
        """The local clocks that stand still, the one to be looked at first first."""
        found = [
            (duty.suspended.look_again_on, duty) for duty in self.duties if duty.stops and duty.suspended is not None
        ]
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

    def happened_by(self, kind: str, mark: str) -> date | None:
        """The day, as it was put right, of what a line of this kind last made under a name; None where none did."""
        made = zip(self.marks, self.made_at, strict=False)
        days = [one.on for one, at in made if one.name == mark and self.history[at - 1].kind == kind]
        return days[-1] if days else None

    def made_by(self, line: int) -> tuple[Mark, ...]:
        """The marks that a line made, on the days that count; none of one that was taken back."""
        return tuple(mark for mark, at in zip(self.marks, self.made_at, strict=False) if at == line)

    def waiting_on(self, purpose: str | None = None) -> tuple[str, ...]:
        """The agencies that have been asked and have not answered."""
        return tuple(
            sorted({r.agency for r in self.requests if r.outcome == "waiting" and purpose in (None, r.purpose)})
        )

    def since(self, version: int) -> tuple[HistoryLine, ...]:
        """The lines after a version that changed something: what a stale command did not know of."""
        return tuple(line for line in self.history if line.sequence > version and line.kind != REFUSED)
