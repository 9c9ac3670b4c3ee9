"""
What happened: one frozen line of a review's ledger, before it is numbered, sealed and chained.

A line says when and by whom it was recorded, how we know who decided, which named things happened on
which day (its marks), which statutory and local clocks that started, settled or ended, and the answers
given. Free text is apart, under `sealed`, so that the store can encrypt it with the review's own key.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from safeguarding.review.learning_entries import (
    ActionAdded,
    ActionChanged,
    ActionDayMoved,
    ActionMoved,
    FindingRecorded,
    HoldingTakenBack,
    ImpactSeen,
    LearningRead,
    LearningShared,
    LessonRecorded,
    QualityMarkersAssessed,
    RecommendationDecided,
    RecommendationRecorded,
    SubmissionTakenBack,
    WordingsApproved,
    WordingsWithdrawn,
    WordingWritten,
)
from safeguarding.values import Frozen, Moment

SYSTEM = "system"
"""Who acts when time does: the sweep. No person of a partnership's file may have this id."""

UNKNOWN = "unknown_signer"
"""Who is on record for a refused step that nobody of the partnership's file has signed: what was typed is not kept."""

REFUSED = "step_refused"
"""The kind of the one line that changes nothing: a step was asked for and was refused."""


PARTNERSHIP = "PARTNERSHIP"
"""What the chain of the partnership's own lines is called where a review has its reference: no review's has no dash."""

READINGS = "READINGS"
"""What the chain of the readings is called where a review has its reference: who read which sealed words."""

NO_REVIEWS = frozenset({PARTNERSHIP, READINGS})
"""The chains that are no review's."""

TAKEN_BACK = "step_taken_back"
"""The kind of the line by which wrong steps are taken back: the review stands as it stood before them."""


ENTERED_BY = "entered_by"
"""The fact that says who entered a step at the pages for a meeting: another than its signer."""
CORRECTED = "date_corrected"
"""The kind of the line by which a wrong day is put right: its marks stand where those stood that they correct."""


class Attestation(StrEnum):
    """
    How the record knows who decided. Prefect has one shared login and cannot say who pressed the button; the pages can.
    """

    DECLARED = "declared"
    MINUTED = "minuted"
    PROVED = "proved"
    CODE = "code"
    """They signed in at the pages, by the code that was sent to their mailbox, and sent the form themselves."""
    AUTHENTICATOR = "device"
    """The same, by the code of their authenticator."""
    BY_NAME = "by_name"
    """In the demo: somebody chose them by name, which proves nothing."""


class Actor(Frozen):
    """
    Who takes a step: a person of the partnership's file, and how we know it was they.

    As it was typed, until a step was taken: `lifecycle.signature` judges it.
    """

    person: str
    attestation: Attestation = Attestation.DECLARED
    minute: str = ""
    """The reference of the minute, or of the paper that proves it."""
    entered_by: str = ""
    """Who entered it at the pages for a meeting, from the minutes; empty where the signer did, or nobody can say."""


class Mark(Frozen):
    """A named thing that happened on a day (Europe/London): the anchors and the settlers of every duty."""

    name: str
    on: date
    subject: str = ""
    due: date | None = None
    """The day agreed by people, for duties that count no days (an action's date, a deferral's review)."""


class Cap(Frozen):
    """What was left of a suspended clock would have gone past the date of the law that it serves: held to that."""

    rule: str
    """The rule that binds."""
    on: date
    """Its date, which the local one then has."""
    instead_of: date
    """The day that the remainder would have reached."""


class Stop(Frozen):
    """
    One time for which a local clock stood still: since when, how much was left, on what ground, at whose request.

    `left` is in working days for a duty counted in them, else in calendar days. Open until `until` is given.
    """

    on: date
    left: int
    unit: Literal["working days", "calendar days"] = "working days"
    ground: str
    asked_by: str
    look_again_on: date
    until: date | None = None
    cap: Cap | None = None
    """Where the clock went on and was held to a date of the law: part of what was left is lost."""


class Extension(Frozen):
    """A local date with more time: the day it had before any extension, the day it has, which rule held it."""

    first_due: date
    to: date
    capped_by: str = ""
    """The rule of the law that it serves and past whose date it could not go; empty where none held it."""


class DutyStarted(Frozen):
    """A duty became owed. `replaces` is the reason if it supersedes the row of the same occurrence."""

    change: Literal["started"] = "started"
    rule: str
    subject: str = ""
    occurrence: int = 1
    anchor: str
    anchored_on: date
    due_on: date
    edition: str
    calendar: str
    guard: bool = False
    """A day before which something may not be done (a minimum): nothing is owed, and closing does not end it."""
    replaces: str = ""
    stops: tuple[Stop, ...] = ()
    """Every suspension of this occurrence so far. While the last one is open the clock stands still."""
    extended: Extension | None = None
    """Where a local date was given more time: it is counted from there on."""


class DutyEnded(Frozen):
    """A duty stopped being owed: it was met (`settled`), or it fell away without being met (`cancelled`)."""

    change: Literal["settled", "cancelled"]
    rule: str
    subject: str = ""
    occurrence: int = 1
    on: date
    why: str


DutyChange = Annotated[DutyStarted | DutyEnded, Field(discriminator="change")]


class AgencyAsked(Frozen):
    """An agency was asked for a summary, a chronology, a report or a check of a draft."""

    entry: Literal["asked"] = "asked"
    agency: str
    purpose: Literal["information", "report", "accuracy"]
    on: date
    daily_life: bool = False
    """Whether it was asked what it knew of the child's daily life, or of what the adult wanted. Earlier it was not."""


class AgencyAcknowledged(Frozen):
    """An agency said that it has the request. It answers nothing and settles nothing."""

    entry: Literal["acknowledged"] = "acknowledged"
    agency: str
    purpose: Literal["information", "report", "accuracy"]
    on: date


class AgencyAnswered(Frozen):
    """How a request ended. A nil return is an answer; a refusal or an excuse says so for good."""

    entry: Literal["answered"] = "answered"
    agency: str
    purpose: Literal["information", "report", "accuracy"]
    outcome: Literal["returned", "nil return", "refused", "excused"]
    on: date
    daily_life: Literal["", "yes", "no", "nothing known"] = ""
    """Whether what was returned says what the agency knew of that; empty where it was not said or not asked."""


class MeetingHeld(Frozen):
    """A meeting of the review: what kind, on which day."""

    entry: Literal["meeting"] = "meeting"
    meeting: str
    on: date


class DeferralMade(Frozen):
    """A statutory date will be or was missed for a reason. It never moves the date and never hides it."""

    entry: Literal["deferral"] = "deferral"
    rule: str
    expected_on: date | None = None
    """None where it waits for an event whose day nobody knows."""
    sent_to: tuple[str, ...]
    on: date


class CopySent(Frozen):
    """A copy of the report, or of a part of it, went to somebody before it was published (who by name is sealed)."""

    entry: Literal["copy_sent"] = "copy_sent"
    to: str
    what: tuple[str, ...]
    how: str = ""
    on: date


class ReasonGiven(Frozen):
    """Why a date was missed, said after it had passed. It moves nothing; the words are sealed."""

    entry: Literal["reason"] = "reason"
    rule: str
    ground: str
    sent_to: tuple[str, ...] = ()
    on: date


class PositionsAsked(Frozen):
    """A decision was proposed, and each of these is asked for a position on it that they sign themselves."""

    entry: Literal["positions_asked"] = "positions_asked"
    step: str
    """The step by which it is decided."""
    of: tuple[str, ...]
    """The partners by their ids; and the role of whoever decides, where the partners only advise."""
    on: date


class PositionSigned(Frozen):
    """One of those who were asked signed their own position, signed in themselves."""

    entry: Literal["position_signed"] = "position_signed"
    of: str
    person: str
    position: Literal["agree", "dissent", "absent"]
    proof: str
    """By what it was proved who they are."""
    authority: str = ""
    """On whose or what authority a deputy signed, as the partnership's file recorded it."""
    on: date


class PositionsClosed(Frozen):
    """No more positions are asked for on what was proposed."""

    entry: Literal["positions_closed"] = "positions_closed"
    on: date


Entry = Annotated[
    AgencyAsked
    | AgencyAcknowledged
    | AgencyAnswered
    | MeetingHeld
    | ActionAdded
    | ActionMoved
    | ActionChanged
    | ActionDayMoved
    | SubmissionTakenBack
    | HoldingTakenBack
    | ImpactSeen
    | LessonRecorded
    | FindingRecorded
    | RecommendationRecorded
    | RecommendationDecided
    | WordingWritten
    | WordingsApproved
    | WordingsWithdrawn
    | QualityMarkersAssessed
    | LearningShared
    | LearningRead
    | DeferralMade
    | CopySent
    | ReasonGiven
    | PositionsAsked
    | PositionSigned
    | PositionsClosed,
    Field(discriminator="entry"),
]


class Named(Frozen):
    """Who stands behind an id of a line, as they were on its day: ids stay, and names, roles and holders change."""

    id: str
    name: str
    roles: tuple[str, ...] = ()
    """The roles that a person held; none for an agency."""
    of: str = ""
    """The partner or the agency that they spoke for."""


class Event(Frozen):
    """One line of the ledger. `sequence` is 1 for the first line of a review and has no gaps."""

    sequence: int
    at: Moment
    actor: Actor
    kind: str
    title: str
    to: str | None = None
    marks: tuple[Mark, ...] = ()
    duties: tuple[DutyChange, ...] = ()
    entries: tuple[Entry, ...] = ()
    facts: dict[str, Any] = Field(default_factory=dict)
    sealed: dict[str, str] = Field(default_factory=dict)
    tells: tuple[str, ...] = ()
    edition: str
    """The rulebook (its digest) by which this line was accepted."""
    named: tuple[Named, ...] = ()
    """Everybody whom the line names by an id, as they were. None on lines of earlier programs."""

    def who(self, of: str) -> Named | None:
        """Whoever is named by an id on this line, as they were; None on a line of an earlier program."""
        return next((one for one in self.named if one.id == of), None)
