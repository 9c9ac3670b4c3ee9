"""
What the workbook of a partnership that moves in asks: its sheets, their columns, and what to write in each.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

REVIEWS, DATES, REQUESTS, ACTIONS = "Reviews", "Dates", "Requests", "Actions"
EXPLAINED, CHOICES = "What to write", "Choices"
"""The sheet that explains every column, and the one that holds the words between which one is chosen."""

KEY = "Our reference"
"""The column that joins the rows of one review, in every sheet."""

A_DAY = "a date of Excel, or as text in the form 2026-12-18 (year, month, day)"

DATE_KINDS: Mapping[str, str] = {
    "notification sent": "notified_on",
    "a review was decided": "decided_on",
    "report accepted": "accepted_on",
    "published": "published_on",
    "action plan agreed": "plan_agreed_on",
    "closed": "closed_on",
    "report owed by": "report_due_on",
    "publication owed by": "publication_due_on",
}
"""What a row of the sheet of dates may be about, and the question of the form that it answers."""
REFERRAL = "referral"
"""Where a review stands that comes in as a referral which was under way already."""
OF_A_REFERRAL = ("referred_by", "agency", "concern")
"""The questions of the sheet of reviews that are asked of a referral alone."""
OWED = frozenset({"report_due_on", "publication_due_on"})
"""The dates that lie ahead, or may: what is owed by then."""


class Heading(NamedTuple):
    """A column of the workbook."""

    name: str
    answers: str
    """The question of the form that it answers; empty for what joins or sorts rows."""
    needed: bool
    meaning: str
    choice: str = ""
    """The list of choices that it takes one of; empty for words and days."""
    a_day: bool = False
    needed_of: str = ""
    """When it is needed, in words, where that depends on what else the row says."""


class Sheet(NamedTuple):
    """A sheet to fill."""

    title: str
    columns: tuple[Heading, ...]
    most_rows: int

    def column(self, answers: str) -> Heading:
        """The column that answers a question. Raises StopIteration for none."""
        return next(column for column in self.columns if column.answers == answers)


_KEY = Heading(
    KEY, "", True, "The review by your own reference, such as SCR 2016/1. It joins the sheets; no name of a person."
)

_OF_IT = "of a referral"

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        REVIEWS,
        (
            _KEY._replace(
                answers="earlier_reference",
                meaning="Your own reference, one row a review: letters, figures, spaces and . , / - _ only, at most "
                "60, such as SCR 2016/1. By it a second import knows what is here already.",
            ),
            Heading("Track", "track", True, "A child's review or an adult's.", "tracks"),
            Heading("Began on", "began_on", True, f"The day from which it ran, from 2015 on: {A_DAY}.", a_day=True),
            Heading(
                "Guidance",
                "guidance",
                False,
                "Under which guidance it began; empty of a referral.",
                "guidance",
                needed_of="yes, but of a referral",
            ),
            Heading(
                "Stands at",
                "stands_at",
                True,
                "Where it stands today. Before the rapid review, and before an adult's decision, it is a referral: "
                "what was done since is recorded at its page, with the days on which it was done.",
                "stages",
            ),
            Heading("Summary", "summary", True, "What is known, and what is not. It is sealed: names belong here."),
            Heading(
                "Pseudonym",
                "pseudonym",
                False,
                "How the person is spoken of, only where your partnership chooses pseudonyms itself. No real name.",
            ),
            Heading(
                "Referred by",
                "referred_by",
                False,
                "Of a referral alone: who referred it.",
                "referrers",
                needed_of=_OF_IT,
            ),
            Heading("Referring agency", "agency", False, "Where an agency referred it: which.", "agencies"),
            Heading(
                "What is referred",
                "concern",
                False,
                "Of a referral alone: what is known or suspected.",
                "concerns",
                needed_of=_OF_IT,
            ),
        ),
        2_000,
    ),
    Sheet(
        DATES,
        (
            _KEY,
            Heading("What", "what", True, "What was done on that day, or is owed by it.", "dates"),
            Heading("Day", "day", True, f"The day: {A_DAY}. Leave out what nobody knows.", a_day=True),
        ),
        10_000,
    ),
    Sheet(
        REQUESTS,
        (
            _KEY,
            Heading("Agency", "agency", True, "Who was asked, by the name in your partnership's file.", "agencies"),
            Heading("For", "purpose", True, "Information or chronology, a report, or a check of a draft.", "purposes"),
            Heading("Asked on", "asked_on", True, f"The day: {A_DAY}.", a_day=True),
            Heading("Answered on", "answered_on", False, f"The day: {A_DAY}. Empty: still owed.", a_day=True),
            Heading("Answer", "outcome", False, "How it was answered; empty where it is still owed.", "answers"),
        ),
        10_000,
    ),
    Sheet(
        ACTIONS,
        (
            _KEY,
            Heading(
                "Agency", "agency", True, "Whose action it is, by the name in your partnership's file.", "agencies"
            ),
            Heading("Owner", "owner", True, "Who owes it, by the name in your partnership's file.", "people"),
            Heading("What", "what", True, "What is to be done. It is sealed."),
            Heading("Due on", "due_on", True, f"The day that was agreed, also if it has passed: {A_DAY}.", a_day=True),
            Heading("Done on", "done_on", False, f"The day: {A_DAY}. Empty: still owed.", a_day=True),
        ),
        20_000,
    ),
)
"""The sheets to fill, in their order."""


class FilledCell(NamedTuple):
    """What stands in a cell: its words, and its day where it is a date of Excel's."""

    words: str
    day: date | None = None
    wrong: str = ""
    """Why the cell cannot be read at all, and what to write; empty where it can."""


NOTHING = FilledCell("")


class FilledRow(NamedTuple):
    """A row of the workbook that says something."""

    sheet: str
    number: int
    """As Excel counts it: the heads are row 1."""
    cells: Mapping[str, FilledCell]
    """By the names of the columns."""


class RowFault(NamedTuple):
    """One thing wrong with the workbook: where it stands, and what to write there."""

    sheet: str
    row: int
    """0 for a fault of the sheet as a whole."""
    column: str
    """Empty for a fault of the row as a whole."""
    why: str

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row else ""
        return f"{self.sheet}{row}{f', {self.column}' if self.column else ''}: {self.why}"
