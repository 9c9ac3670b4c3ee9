"""
A rung of the ladder as a partnership writes it: when it fires, for which duties, to whom, what is decided there.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from safeguarding.law.rule import Rule
from safeguarding.values import ID, FromFile, Key, Sentence


class When(FromFile):
    """At which moment a rung fires: exactly one of these."""

    share: float | None = Field(default=None, gt=0, lt=1)
    """So much of the allowance is used (working days, rounded up)."""
    working_days_left: int | None = Field(default=None, ge=0)
    missed: Literal[True] | None = None
    """The day has passed."""
    working_days_late: int | None = Field(default=None, ge=1)
    refused: Literal[True] | None = None
    """Repeated lateness or a refusal is recorded: fired by a person's entry and never by the clock."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1 or all(value is None for _, value in self):
            raise ValueError("give exactly one of share, working_days_left, missed, working_days_late, refused")
        return self

    @property
    def before(self) -> bool:
        """Whether the rung comes before the day, as a reminder."""
        return self.share is not None or self.working_days_left is not None

    @property
    def words(self) -> str:
        """The moment in words."""
        if self.share is not None:
            return f"{self.share:.0%} of the time is used"
        if self.working_days_left is not None:
            left = self.working_days_left
            return "on the day" if left == 0 else f"{left} working day{'' if left == 1 else 's'} before"
        if self.missed:
            return "the day has passed"
        if self.working_days_late is not None:
            return f"{self.working_days_late} working day{'' if self.working_days_late == 1 else 's'} late"
        return "repeated lateness or refusal is recorded"


class Decidable(FromFile):
    """What may be decided at a rung of some duties only: of a track, of some rules, of dates of one kind."""

    says: Sentence = Field(min_length=1)
    tracks: tuple[Literal["children", "adults"], ...] = ()
    """Of these tracks; empty: of both."""
    rules: tuple[Key, ...] = ()
    """Of these rules, by their ids; empty: of all."""
    dates: Literal["all", "law", "ours"] = "all"
    """Of dates of law and guidance, or of those that may be extended here."""


class Rung(FromFile):
    """One rung: when, for which duties, to whom, and what may be decided there."""

    id: Key = Field(pattern=ID)
    when: When
    applies_to: Literal["all", "local", "statutory"] = "all"
    to: tuple[Key, ...] = Field(min_length=1)
    """Roles, or «owner»: whoever owns the duty."""
    decides: Sentence = ""
    also: tuple[Decidable, ...] = ()
    """What may be decided besides, where it fits the case."""

    @model_validator(mode="after")
    def _a_miss_says_for_whom(self) -> Self:
        if self.when.missed and self.applies_to == "all":
            raise ValueError("a rung on 'missed' says applies_to: local or statutory, for they fire at other hours")
        return self

    def fits(self, rule: Rule) -> bool:
        """
        Whether the rung is for this kind of duty.

        «statutory» is a duty whose very date is law's or guidance's: a day that was chosen here goes up the ladder like
        any local one, whoever imposes the duty.
        """
        return self.applies_to == "all" or (self.applies_to == "statutory") is rule.date_is_law
