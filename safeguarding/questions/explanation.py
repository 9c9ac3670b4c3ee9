"""
What an explanation of one date of a review says: the event it is counted from, every row there was, the law, the words.
"""

from __future__ import annotations

from datetime import date, datetime

from safeguarding.dates.day_by_day import Working
from safeguarding.dates.london import say_moment
from safeguarding.dates.standing import Standing
from safeguarding.dates.working_days import say
from safeguarding.law.citation import Citation, Confidence
from safeguarding.questions.other_count import StretchLine
from safeguarding.review.events import Stop
from safeguarding.values import Frozen


class AnchorEvent(Frozen):
    """The event that a date is counted from, and how the record knows of it."""

    milestone: str
    words: str
    on: date
    line: int
    """The number of the ledger's line; 0 where the line is not at hand."""
    recorded_at: datetime | None = None
    recorded_by: str = ""
    by: str = ""
    attestation: str = ""
    how: str = ""
    """The same in words for a reader."""
    minute: str = ""

    @property
    def sentence(self) -> str:
        """Who recorded it, when and where in the ledger."""
        if self.recorded_at is None:
            return f"{say(self.on)}: {self.words}."
        how = f"{self.how}, minute {self.minute}" if self.minute else self.how
        recorded = f"Recorded by {self.by} ({how}) on {say_moment(self.recorded_at)}"
        return f"{say(self.on)}: {self.words}. {recorded}, in line {self.line} of the review's record."


class DutyRow(Frozen):
    """One row of the duty: what stood in the record, from which line, and how it ended."""

    occurrence: int
    anchored_on: date
    due_on: date
    edition: str
    calendar: str
    line: int
    ended: str
    ended_on: date | None
    ended_at: int
    why: str
    stops: tuple[Stop, ...] = ()

    @property
    def sentence(self) -> str:
        """The row in words, with the reason for its end."""
        words = f"Line {self.line}: due {say(self.due_on)}, counted from {say(self.anchored_on)} by {self.edition}"
        if not self.ended:
            return f"{words}. It stands."
        on = f" on {say(self.ended_on)}" if self.ended_on else ""
        return f"{words}. {self.ended.capitalize()}{on} (line {self.ended_at}): {self.why}."


class Explained(Frozen):
    """Everything about one date of one review. JSON-able, with dates as ISO."""

    reference: str
    rule: str
    name: str
    title: str
    subject: str
    whose: str
    level: str
    statutory: bool
    edition: str
    in_force_from: date
    citations: tuple[Citation, ...]
    confidence: Confidence
    confidence_words: str
    length_confidence: Confidence
    length_confidence_words: str
    held_back: tuple[str, ...]
    """Later editions that may replace this one and have not been read."""
    counts: str
    anchor: AnchorEvent
    opened: AnchorEvent | None
    due_on: date
    state: str
    """`owed`, `suspended`, `settled` or `cancelled`."""
    standing: Standing | None
    working: Working
    """The plain count from the anchor, every day of it, without any suspension."""
    remainder: Working | None
    """What was left when it was last resumed, counted again from that day."""
    stops: tuple[Stop, ...]
    suspended_working_days: int
    not_given_back: int
    """How much of what was left, in the unit of the suspension, the date of the law kept from being given back."""
    rows: tuple[DutyRow, ...]
    deferrals: tuple[str, ...]
    conventions: tuple[str, ...]
    stretch: tuple[StretchLine, ...]
    would_change: tuple[str, ...]
    on_miss: tuple[str, ...]
    words: tuple[str, ...]
