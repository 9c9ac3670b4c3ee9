"""
The quality markers by which a partnership looks at its own review: for each track the published list, marker by marker.

Titles and their order alone, as the list has them: what each asks is read at the source. The markers are practice and
no law; at which point of a review a group of them is looked at is this program's reading of the group's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from safeguarding.law.citation import Confidence
from safeguarding.review.states import Track


class QualityMarker(NamedTuple):
    """One marker: its id, its number in its list, its title."""

    id: str
    number: int
    title: str

    @property
    def words(self) -> str:
        """The marker as it is spoken of: «9. Assembling information»."""
        return f"{self.number}. {self.title}"


class MarkerGroup(NamedTuple):
    """A group of markers, and what of a review must have happened for it to be their turn."""

    title: str
    reached: str
    """The mark of what happened."""
    since: str
    """What happened, in words."""
    markers: tuple[QualityMarker, ...]


class MarkerList(NamedTuple):
    """A published list of markers: by whom, where it was read, how far it was checked."""

    name: str
    source: str
    address: str
    confidence: Confidence
    note: str
    """What a reader should know of the list; empty where there is nothing."""
    gates: tuple[MarkerGroup, ...]

    @property
    def markers(self) -> Iterator[QualityMarker]:
        """Every marker in the order of the list."""
        for gate in self.gates:
            yield from gate.markers


SETTING_UP, RUNNING, OUTPUTS = "Setting up the review", "Running the review", "Outputs, action and impact"
_REACHED = {
    SETTING_UP: ("review_started", "the review began"),
    RUNNING: ("analysis_completed", "the analysis was complete"),
    OUTPUTS: ("report_accepted", "the report was accepted"),
}


def _list(name: str, source: str, address: str, note: str, ids: str, groups: dict[str, tuple[str, ...]]) -> MarkerList:
    gates, number = [], 0
    for group, titles in groups.items():
        markers = []
        for title in titles:
            number += 1
            markers.append(QualityMarker(f"{ids}_{number:02d}", number, title))
        gates.append(MarkerGroup(group, *_REACHED[group], tuple(markers)))
    return MarkerList(name, source, address, Confidence.V, note, tuple(gates))


ADULTS = _list(
    "Safeguarding Adult Review Quality Markers",
    "Social Care Institute for Excellence, relaunched in April 2022",
    "https://www.scie.org.uk/safeguarding/adults/reviews/quality-markers/",
    "",
    "sar",
    {
        SETTING_UP: (
            "Referral",
            "Decision making",
            "Informing the person, family and social network",
            "Clarity of purpose",
            "Commissioning",
        ),
        RUNNING: (
            "Governance",
            "Process management",
            "Parallel processes",
            "Assembling information",
            "Practitioners' involvement",
            "Involvement of the person, family members and network",
            "Analysis",
        ),
        OUTPUTS: ("The report", "Publication and dissemination", "Action and impact"),
    },
)
"""The fifteen markers of a safeguarding adults review."""

CHILDREN = _list(
    "Serious Case Review Quality Markers",
    "NSPCC and Social Care Institute for Excellence, 2016",
    "https://www.scie.org.uk/safeguarding/children/case-reviews/quality-markers/",
    "They were written for serious case reviews. Where one does not fit this review, answer «not applicable».",
    "scr",
    {
        SETTING_UP: (
            "Referral",
            "Decision making",
            "Advising board members",
            "Informing the family",
            "Clarity of purpose",
        ),
        RUNNING: (
            "Commissioning",
            "Governance",
            "SCR management",
            "Parallel processes",
            "Assembling information",
            "Practitioner involvement",
            "Family involvement",
            "Analysis",
        ),
        OUTPUTS: (
            "Report",
            "Improvement action",
            "Board written response",
            "Publication",
            "Implementation and evaluation",
        ),
    },
)
"""The eighteen markers of a serious case review."""

LISTS: dict[Track, MarkerList] = {Track.CHILDREN: CHILDREN, Track.ADULTS: ADULTS}
"""The list of each track."""
