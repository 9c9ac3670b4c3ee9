"""
What is to be made public of a child's review, and the day by which all that such a plan needs had gone to both.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from safeguarding.law.rulebook import Rulebook
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


def plans_the_full_report(review: Review) -> bool:
    """Whether the full report is to be published, as last planned."""
    marks = [m.name for m in review.marks if m.name.startswith("publication_planned_")]
    return not marks or marks[-1] == "publication_planned_full"


FULL, IMPROVEMENTS = ("C13", "C13b"), ("C14", "C14b")
"""The advance copy, by guidance and by regulation 16: where the full report is published, or the improvements only."""

TEXT_CHANGED = "report_text_changed"


def copy_that_went(review: Review, full: bool) -> date | None:
    """
    The first day by which all that such a plan needs had gone to both, of the report as it now is; None where not.

    A copy of an earlier text is none: a report accepted anew, or one whose text changed, goes again. Another copy of
    the same text, sent later, takes nothing from the first. Where only the improvements are published the information
    about them must have gone as well (reg.16(2)).
    """
    reports: list[date] = []
    informed: list[date] = []
    before = ""
    for mark in review.marks:
        match mark.name:
            case "report_accepted" | "report_text_changed":
                reports, informed = [], []
            case "advance_copy_sent" if before == "report_provided" and reports:
                reports[-1] = mark.on  # One sending, of which either day may have been put right.
            case "report_provided" | "advance_copy_sent":
                reports.append(mark.on)
            case "improvements_information_sent":
                informed.append(mark.on)
        before = mark.name
    report, information = min(reports, default=None), min(informed, default=None)
    if full or report is None:
        return report
    if information is None and review.happened("improvements_information_sent") is None:
        # An earlier version made no mark of the information; what met the gate of such a plan held it.
        information = next((d.ended_on for d in review.duties if d.rule in IMPROVEMENTS and d.ended == "settled"), None)
    return max(report, information) if information is not None else None


def latest_copy(full: bool, published_on: date, rulebook: Rulebook) -> tuple[date, str]:
    """
    The last day for the advance copy, and each source's own day in words: of all that bind, the earliest.

    Children Act 2004 s.16F(3)(c); S.I. 2018/789 reg.16 (seven days); guidance (seven working days, and Ofsted).
    """
    rules = [rulebook.rule(rule) for rule in (FULL if full else IMPROVEMENTS)]
    days = {rule: rule.due_on(published_on, rulebook.calendar) for rule in rules}
    words = "; ".join(f"{rule.number_level.words}: {day}" for rule, day in days.items())
    return min(days.values()), words
