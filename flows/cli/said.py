"""
What a command answers: words, data, an exit code; and words that several commands share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from safeguarding.law.rulebook import Rulebook
from safeguarding.review.words import subject_words

if TYPE_CHECKING:
    from tasks.record.records import Taken


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: in words, as data, and the exit code."""

    words: list[str]
    data: Any
    code: int = 0


def told_at_once(step: Taken, rulebook: Rulebook) -> list[str]:
    """The dates that a step wrote when they had passed already, and of which people were told with it, in words."""
    lines = []
    for told in step.told:
        whose = f" ({subject_words(told.subject, rulebook.partnership)})" if told.subject else ""
        lines.append(f"Told at once: {rulebook.rule(told.rule).title}{whose}, {told.rule}: {told.standing}.")
    return lines


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table in lines of text, its columns as wide as what stands in them."""
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]
    lines = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in (head, *rows)]
    lines.insert(1, ["-" * width for width in widths])
    return ["  ".join(line).rstrip() for line in lines]
