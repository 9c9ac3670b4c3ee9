"""
What is to be made public of a child's review, and the day by which all that such a plan needs had gone to both.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from safeguarding.review.review import Review


def what_is_published(review: Review) -> Literal["full", "improvements_only", "nothing"]:
    """What is to be made public, as last decided: the full report unless something else was."""
    said = {
        "publication_planned_full": "full",
        "publication_planned_improvements_only": "improvements_only",
        "decided_to_publish_nothing": "nothing",
    }
    decided = [said[mark.name] for mark in review.marks if mark.name in said]
    return decided[-1] if decided else "full"  # type: ignore[return-value]


FULL, IMPROVEMENTS = ("C13", "C13b"), ("C14", "C14b")
"""The advance copy, by guidance and by regulation 16: where the full report is published, or the improvements only."""

TEXT_CHANGED = "report_text_changed"


def copy_that_went(review: Review, full: bool) -> date | None:
    """
    The day by which all that such a plan needs had gone to both, of the report as it now is; None where it has not.

    A copy of an earlier text is none: a report accepted anew, or one whose text changed, goes again. Where only the
    improvements are published the information about them must have gone as well (reg.16(2)).
    """
    report = information = None
    for mark in review.marks:
        match mark.name:
            case "report_accepted" | "report_text_changed":
                report = information = None
            case "report_provided" | "advance_copy_sent":
                report = mark.on
            case "improvements_information_sent":
                information = mark.on
    if full or report is None:
        return report
    if information is None and review.happened("improvements_information_sent") is None:
        # An earlier version made no mark of the information; what met the gate of such a plan held it.
        information = next((d.ended_on for d in review.duties if d.rule in IMPROVEMENTS and d.ended == "settled"), None)
    return max(report, information) if information is not None else None
