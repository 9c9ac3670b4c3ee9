"""
A citation that stands apart: which provision of which instrument sets what, in which words, and who read it where.

A rule has as many as it has sources: the duty by an Act, the minimum by regulations, the longer time by guidance.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from pydantic import ConfigDict, Field

from safeguarding.dates.working_days import say
from safeguarding.values import FromFile, Name, Text, Tidy


class Confidence(StrEnum):
    """How far the source of a statement has been checked, best first. Carried along and never dropped."""

    V = "V"
    S = "S"
    V2 = "V2"
    K = "K"
    D = "D"

    @property
    def words(self) -> str:
        """The tag in words for a screen."""
        return {
            "V": "read in a copy of the cited source",
            "S": "stated on a safeguarding partnership's own page",
            "V2": "seen only in a secondary source that restates it",
            "K": "text not yet checked: general knowledge of the instrument",
            "D": "a design default, not a rule: no source sets it",
        }[self.value]

    @property
    def may_be_called_law(self) -> bool:
        """Whether a screen may say «the law says», citing the source."""
        return self in (Confidence.V, Confidence.S, Confidence.V2)


class Level(StrEnum):
    """What kind of source imposes the duty or sets the number, strongest first."""

    STATUTE = "statute"
    REGULATION = "regulation"
    GUIDANCE = "guidance"
    PANEL_GUIDANCE = "panel_guidance"
    PRACTICE = "practice"
    LOCAL = "local"
    DESIGN_DEFAULT = "design_default"

    @property
    def words(self) -> str:
        """The level in words for a screen."""
        return {
            "statute": "Act of Parliament",
            "regulation": "regulations",
            "guidance": "statutory guidance",
            "panel_guidance": "guidance of the national Panel",
            "practice": "accepted practice",
            "local": "the partnership's own procedure",
            "design_default": "a design default",
        }[self.value]

    def above(self, other: Level) -> bool:
        """Whether this is a stronger kind of source than another."""
        order = list(Level)
        return order.index(self) < order.index(other)


STATUTORY = frozenset({Level.STATUTE, Level.REGULATION, Level.GUIDANCE, Level.PANEL_GUIDANCE})
"""Levels whose duties nobody here may move or suspend: only a new or a corrected anchor changes their dates."""

NUMBERED = frozenset({Level.STATUTE, Level.REGULATION})
"""Levels whose instruments have numbered provisions, so that a citation without one is a fault."""


class Sets(StrEnum):
    """What of a rule a provision sets."""

    DUTY = "duty"
    TIME = "time"
    RECIPIENTS = "recipients"
    CONTENT = "content"


class TextRead(FromFile):
    """Who read a text, on which day, in which copy. It says what was read and never that it is in force today."""

    day: date
    by: Tidy = Field(min_length=1, max_length=120)
    where: Tidy = Field(min_length=1, max_length=300)
    """Which copy: enough for another to open the same."""
    state: Tidy = Field(min_length=1, max_length=120)
    """As made, as enacted or revised, and what that leaves open."""

    @property
    def words(self) -> str:
        """The reading in one line."""
        return f"read on {say(self.day)} by {self.by}, in {self.where} ({self.state})"


class Citation(FromFile):
    """One source of a rule. `provision` is None where the number was not seen; nothing is guessed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    instrument: Tidy = Field(min_length=1, max_length=300)
    provision: Tidy | None = Field(default=None, max_length=120)
    address: str | None = Field(default=None, pattern=r"^https://", max_length=300)
    """Where it can be opened, pinned to a point in time where the publisher has one."""
    sets: tuple[Sets, ...] = Field(default=(Sets.DUTY,), min_length=1)
    level: Level
    confidence: Confidence
    since: date | None = None
    """The day from which the provision itself is in force, where that was read."""
    since_by: Name | None = None
    """The instrument that says so."""
    restated_by: Name | None = None
    """The secondary source that was read, where the instrument itself was not."""
    quote: Tidy | None = Field(default=None, max_length=600)
    quote_from: Tidy | None = Field(default=None, max_length=300)
    """Where the quoted words stand, which may be another text than the instrument."""
    read: TextRead | None = None
    note: Text = ""

    @property
    def name(self) -> str:
        """Instrument and provision, as a lawyer cites them."""
        return self.instrument if self.provision is None else f"{self.instrument} {self.provision}"

    @property
    def words(self) -> str:
        """The citation as one line."""
        return self.name if self.restated_by is None else f"{self.name} (as restated by {self.restated_by})"

    @property
    def sets_words(self) -> str:
        """What it sets, in words: «duty and time»."""
        names = [one.value for one in self.sets]
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

    @property
    def read_words(self) -> str:
        """Who read it, in words; of a source that was read and does not say by whom, that."""
        if self.read is not None:
            return self.read.words
        return "" if self.confidence in (Confidence.K, Confidence.D) else "who read it is not recorded"

    @property
    def quoted(self) -> str:
        """The quoted words under their own source, or nothing."""
        return f"«{self.quote}» ({self.quote_from})" if self.quote else ""


def strongest(citations: Iterable[Citation]) -> Citation | None:
    """The citation of the highest level, and among those the one checked furthest."""
    return min(citations, key=lambda one: (_LEVELS[one.level], _TAGS[one.confidence]), default=None)


_LEVELS = {level: place for place, level in enumerate(Level)}
_TAGS = {tag: place for place, tag in enumerate(Confidence)}
