"""
The groups of questions of a form, each on a page of its own: kept by «Continue», so nothing of a long form is lost.

A form that is not named here has one page. Whatever no group names comes with the one that names none, so no question
of a partnership's own can be forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pages.forms.question import JOINED, FormQuestion
from safeguarding.review.quality_markers import ADULTS, CHILDREN, MarkerList

OWED = "still_owed"
QUALITIES = (
    "knowledge_of_reviews",
    "knowledge_of_research",
    "sees_complex_circumstances",
    "avoids_hindsight",
    "communicates",
    "conflict_of_interest",
)
REVIEWER = ("reviewer", "reviewer_in_file", "appointed_on", *QUALITIES)

MOST_ROWS_SHOWN = 60
"""Rows of one page, where a step may be taken several times at once."""


def _by_gate(of: MarkerList) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The markers of a list, a page for each gate; with those of the first stand the day and whatever else is asked."""
    first, *others = of.gates
    return ((first.title, ()), *((gate.title, tuple(one.id for one in gate.markers)) for gate in others))


SECTIONS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "decide_review": (
        (
            "The criteria",
            (
                *("serious_case", "not_serious_after_all", "importance_to_area", "improvements", "recurrent_themes"),
                *("joint_working", "panel_view", "new_learning"),
            ),
        ),
        ("The decision", ()),
    ),
    "decide_adult_review": (
        (
            "Section 44",
            (
                *("adult", "in_area", "needs", "concern", "died", "alive", "other_board", "other_board_told_on"),
                *("child_referral", "child_referral_elsewhere"),
            ),
        ),
        ("The decision", ()),
    ),
    "commission_review": (("Terms of reference, and who was told", ()), ("The reviewer", REVIEWER)),
    "commission_adult_review": (("Terms of reference, and who was told", ()), ("The reviewer", REVIEWER)),
    "assess_quality_markers": _by_gate(CHILDREN),
    "assess_adult_quality_markers": _by_gate(ADULTS),
}
"""The title of each group and its questions; the group without any has whatever no other names."""


class Section(NamedTuple):
    """One page of a form."""

    number: int
    title: str
    questions: tuple[FormQuestion, ...]

    def holds(self, path: str) -> bool:
        """Whether a question lies on this page, by its id."""
        return any(path == one.id or path.startswith(f"{one.id}{JOINED}") for one in self.questions)


def sections_of(step: str, questions: Sequence[FormQuestion]) -> tuple[Section, ...]:
    """The pages of a form, in their order. What is still owed where a review closes stands at the end."""
    groups = SECTIONS.get(step, (("", ()),))
    named = {name for _, names in groups for name in names}
    rest = tuple(one for one in questions if one.id not in named)
    found: list[Section] = []
    for title, names in groups:
        mine = tuple(one for one in questions if one.id in names) if names else rest
        if mine:
            found.append(Section(len(found) + 1, title, mine))
    return tuple(found)


def pages_of_rows(title: str, rows: Sequence[FormQuestion]) -> tuple[Section, ...]:
    """The pages of a form of several at once: as many rows on each as can be looked over, and which those are."""
    every = len(rows)
    if every <= MOST_ROWS_SHOWN:
        return (Section(1, "", tuple(rows)),)
    found: list[Section] = []
    for first in range(0, every, MOST_ROWS_SHOWN):
        mine = tuple(rows[first : first + MOST_ROWS_SHOWN])
        found.append(Section(len(found) + 1, f"{title}: {first + 1} to {first + len(mine)} of {every}", mine))
    return tuple(found)
