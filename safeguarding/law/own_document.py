"""
A partnership's own documents: its serious incident procedure, its policy on adult reviews, its practice guidance.

Each is named with where it is kept and the stages that it is for. This program does not keep them, and reads none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, StringConstraints

from safeguarding.law.guidance import OfStage
from safeguarding.values import LONGEST_SENTENCE, FromFile, Name, Tidy

MOST_DOCUMENTS: Final = 60
"""Documents that a partnership may name."""

_WEB: Final = re.compile(r"https?://[^\s<>\"]+")


def _whole_address(where: str) -> str:
    if ("://" in where or where.lower().startswith("www.")) and not _WEB.fullmatch(where):
        raise ValueError(
            "is no whole address: begin with https:// and write nothing else, or say in words where it is kept"
        )
    return where


class OwnDocument(FromFile):
    """A document of the partnership: what it is called, where it is kept, and at which stages it helps."""

    title: Name
    where: Annotated[Tidy, StringConstraints(min_length=1, max_length=LONGEST_SENTENCE), AfterValidator(_whole_address)]
    """An address on the web, or in words where it is kept."""
    track: Literal["children", "adults", "both"] = "both"
    stages: tuple[OfStage, ...] = ()
    """Empty: at every stage."""

    @property
    def address(self) -> str:
        """Where it can be opened; empty where it is said in words where it is kept."""
        return self.where if _WEB.fullmatch(self.where) else ""

    @property
    def words(self) -> str:
        """What it is called and where it is, for paper and for pages without links."""
        return f"{self.title}: {self.where}"

    def is_for(self, track: str, stages: Collection[str]) -> bool:
        """Whether it is for one of these stages of a track."""
        return self.track in (track, "both") and (not self.stages or not set(self.stages).isdisjoint(stages))


def documents_for(track: str, stages: Collection[str], own: Sequence[OwnDocument]) -> tuple[OwnDocument, ...]:
    """The documents for these stages of a track, in the order of the file."""
    return tuple(one for one in own if one.is_for(track, stages))
