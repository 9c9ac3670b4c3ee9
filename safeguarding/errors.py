"""What can go wrong, in words for the person who reads them."""

import re
from datetime import date
from typing import Any, NamedTuple

_REVIEW = re.compile(r"[A-Z]{2,6}-[0-9]{4}-[0-9]{1,6}")


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


class SafeguardingError(Exception):
    """Anything that this system refuses or cannot do. Never carries free text about a person."""

    code = "safeguarding-error"

    def __init__(self, message: str, *parts: Any) -> None:
        self.parts = parts
        super().__init__(message)

    def __reduce__(self) -> tuple[Any, ...]:
        """Survive pickling: a result store rebuilds an error from what its class was called with."""
        return (type(self), self.parts)


class TransitionRefused(SafeguardingError):
    """
    Somebody asked for a step that the review is not ready for.

    Shown word for word on the card, so it names the review, the step and everything that stands in
    the way, not only the first thing.
    """

    code = "transition-refused"

    def __init__(self, reference: str, transition: str, unmet: tuple[str, ...]) -> None:
        self.reference = reference
        self.transition = transition
        self.unmet = tuple(unmet)
        step = transition.replace("_", " ")
        super().__init__(f"{reference}: cannot {step} yet: {'; '.join(self.unmet)}.", reference, transition, self.unmet)


class NoSuchReview(SafeguardingError):
    """A reference that the record does not hold."""

    code = "no-such-review"

    def __init__(self, reference: str) -> None:
        self.reference = reference
        # Anything may have been typed in its place: only what looks like a reference is said back.
        which = f"the reference {reference}" if _REVIEW.fullmatch(reference) else "that reference"
        super().__init__(f"No review has {which}. `safeguarding list` shows every reference held.", reference)


class LawNotFound(SafeguardingError):
    """No edition of a rule was in force on the day that its clock started, or no such rule exists."""

    code = "law-not-found"

    def __init__(self, rule: str, day: date | None = None, title: str = "", begins: date | None = None) -> None:
        self.rule = rule
        self.day = day
        words = f"The rulebook has no rule called {rule}. `safeguarding check` lists the rules it holds."
        if day is not None:
            since = f": the first that is known here begins on {_in_words(begins)}" if begins and day < begins else ""
            words = f"{title} ({rule}) has no edition in force on {_in_words(day)}{since}. Is the year right?"
        super().__init__(words, rule, day, title, begins)


class HorizonPassed(SafeguardingError):
    """A date outside the bank-holiday list: the count would silently miss holidays, so it is not made."""

    code = "calendar-horizon"

    def __init__(self, day: date, first: date, last: date, calendar: str) -> None:
        self.day = day
        later = "Take in GOV.UK's list of the later years: `safeguarding calendar import FILE`."
        super().__init__(
            f"{day:%d %B %Y} is outside the bank holidays of '{calendar}', which run from {first:%d %B %Y} to "
            f"{last:%d %B %Y}. {later if day > last else 'Is the day right?'}",
            day,
            first,
            last,
            calendar,
        )


class Fault(NamedTuple):
    """One thing wrong with the partnership's configuration: which file, which key, what to put there."""

    file: str
    key: str
    problem: str
    line: int = 0
    """Where the key stands in the file; 0 where that is not known, or is the key itself."""

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.problem}" + (f" [line {self.line}]" if self.line else "")


class RulebookInvalid(SafeguardingError):
    """The rules, the calendar or the partnership's file do not hold together. Lists every fault."""

    code = "rulebook-invalid"

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = list(faults)
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        count = len(self.faults)
        super().__init__(f"{count} fault{'' if count == 1 else 's'} in the rulebook:\n{lines}", self.faults)


class LedgerBroken(SafeguardingError):
    """The chain of a review does not verify: a line was changed, removed or put in by other means."""

    code = "ledger-broken"

    def __init__(self, reference: str, sequence: int, why: str) -> None:
        self.reference = reference
        self.sequence = sequence
        super().__init__(f"{reference}: line {sequence} of the ledger is broken: {why}.", reference, sequence, why)


class RecordChanged(SafeguardingError):
    """Something in the record beside the lines of the ledger is not as this program left it."""

    code = "record-changed"

    def __init__(self, reference: str, what: str) -> None:
        self.reference = reference
        super().__init__(f"{reference or 'The record'}: {what}.", reference, what)


Damage = LedgerBroken | RecordChanged
"""What proving the record may find."""


class NotASimulation(SafeguardingError):
    """A time was given to a record that is not marked as a simulation."""

    code = "not-a-simulation"

    def __init__(self) -> None:
        super().__init__(
            "This record is a real one: the time of an entry is the time it is made, so --at is refused. "
            "Only a record made with `safeguarding simulation` takes another time."
        )


class NoticeUndeliverable(SafeguardingError):
    """
    A notice that could not be sent; `retryable` says whether trying again may help.

    `retry_after` is how long the server asked to be left alone, in the server's own words (seconds or a date), or "".
    `to_mend` says that it is a setting of this machine, which everything over this channel waits for.
    """

    code = "notice-undeliverable"

    def __init__(self, why: str, retryable: bool, retry_after: str = "", to_mend: bool = False) -> None:
        self.why = why
        self.retryable = retryable
        self.retry_after = retry_after
        self.to_mend = to_mend
        super().__init__(why, why, retryable, retry_after, to_mend)
