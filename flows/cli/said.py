"""
What a command answers: words, data, an exit code; and words that several commands share.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

import config
from config.settings import Settings
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.words import subject_words
from tasks.record.records import Taken

Arguments = argparse.Namespace


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: in words, as data, and the exit code."""

    words: list[str]
    data: Any
    code: int = 0


def rulebook_of(settings: Settings) -> Rulebook:
    """The rulebook of this installation. Raises RulebookInvalid."""
    return config.load(settings.partnership)


def told_at_once(step: Taken, rulebook: Rulebook) -> list[str]:
    """The dates that a step wrote when they had passed already, and of which people were told with it, in words."""
    lines = []
    for told in step.told:
        whose = f" ({subject_words(told.subject, rulebook.partnership)})" if told.subject else ""
        lines.append(f"Told at once: {rulebook.rule(told.rule).title}{whose}, {told.rule}: {told.standing}.")
    return lines
