"""
How a review stands by the quality markers of its track: of each the latest answer, gate by gate. Without sealed words.

Derived whenever it is asked for. `latest_answers` is what an account over many reviews counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from safeguarding.review.quality_markers import LISTS, MarkerGroup, MarkerList, QualityMarker
from safeguarding.review.review import Review

ASSESSED = "quality_markers_assessed"
"""The mark of an assessment, whose subject is its number."""


class MarkerShown(NamedTuple):
    """One marker with its latest answer; `answer` is empty and `on` None where nobody has looked at it."""

    marker: QualityMarker
    answer: str = ""
    on: date | None = None
    """The day of the assessment, as it was put right."""


class GateShown(NamedTuple):
    """A group of markers, and whether the review has come to where they are looked at."""

    gate: MarkerGroup
    reached_on: date | None
    markers: tuple[MarkerShown, ...]

    @property
    def waiting(self) -> tuple[QualityMarker, ...]:
        """The markers that nobody has looked at though the review has come to their gate."""
        return tuple(one.marker for one in self.markers if not one.answer) if self.reached_on is not None else ()

    @property
    def answered(self) -> tuple[MarkerShown, ...]:
        """The markers that somebody has looked at."""
        return tuple(one for one in self.markers if one.answer)


class QualityShown(NamedTuple):
    """The markers of a review by their gates, with the list that they are of."""

    of: MarkerList
    gates: tuple[GateShown, ...]
    """Those that the review has come to, and those of which something was looked at before."""


def latest_answers(review: Review) -> Mapping[str, MarkerShown]:
    """
    The latest answer to each marker of the review's list, by the marker's id, in the order of the list.

    A marker that nobody has looked at is there with an empty answer, so that reviews of one track can be counted
    side by side: met, partly, not yet, not applicable, not assessed.
    """
    known = {one.marker: one for one in review.quality_markers}
    found: dict[str, MarkerShown] = {}
    for marker in LISTS[review.track].markers:
        said = known.get(marker.id)
        found[marker.id] = (
            MarkerShown(marker, said.answer, review.happened(ASSESSED, said.assessment))
            if said is not None
            else MarkerShown(marker)
        )
    return found


def quality_of(review: Review) -> QualityShown:
    """The gates that a review has come to, or of which something was looked at, each with its markers."""
    of, answers = LISTS[review.track], latest_answers(review)
    every = [
        GateShown(gate, review.happened(gate.reached), tuple(answers[one.id] for one in gate.markers))
        for gate in of.gates
    ]
    return QualityShown(of, tuple(one for one in every if one.reached_on is not None or one.answered))
