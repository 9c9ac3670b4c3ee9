"""
What the public register says of one publication: nothing but what is open, and wordings that a person approved.

The lead reviewer is named where the record says that the report names them and they stand in the partnership's file. A
name that was typed at their appointment is sealed and stays so: whoever reads the report reads it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from safeguarding.law.rulebook import Rulebook
from safeguarding.law.themes import theme_words
from safeguarding.registers.known import RecordKnown
from safeguarding.registers.lines import StandingLine
from safeguarding.registers.publications import FULL, IMPROVEMENTS, NOT_KNOWN, PublicationRow, publication_rows
from safeguarding.registers.registers import REGISTERS, Register
from safeguarding.review.learning_entries import (
    FindingRecorded,
    RecommendationDecided,
    RecommendationRecorded,
)
from safeguarding.review.learnt import WILL_NOT
from safeguarding.review.public_until import AfterItsYear
from safeguarding.review.states import Track

Approved = Mapping[tuple[str, str], str]
"""The wordings that may be shared, by review and item."""
SUMMARY = "summary"
"""The item that is the review as a whole."""
APPOINTED = frozenset({"commissioned", "reviewer_appointed_first", "reviewer_replaced"})
REMOVED = "reviewer_removed"
WORDED = frozenset({"wording_written", "wordings_approved", "wordings_withdrawn"})
DECIDED = "recommendation_decided"
MADE_OF = APPOINTED | WORDED | {REMOVED, DECIDED, "finding_recorded", "recommendation_recorded"}
"""The kinds of line that are read beside those of the register of publications."""

WHAT = {
    FULL: "The full report",
    "an executive summary": "An executive summary",
    IMPROVEMENTS: "Information about the improvements to be made, and not the report",
    NOT_KNOWN: "Published before the partnership's present record, which does not say what",
}


class Recommended(NamedTuple):
    """A recommendation of which a wording was approved."""

    number: str
    words: str
    refused: bool = False
    """Whether the partners decided last that it will not be implemented. Their reasons are sealed."""


class PublicEntry(NamedTuple):
    """One publication that is public."""

    reference: str
    number: int
    """Which of the publications of its review it is, from 1."""
    track: Track
    pseudonym: str
    what: str
    """What was published, as the register of publications calls it."""
    published_on: date
    past_12_months: bool
    public_until: date | None
    after_its_year: AfterItsYear
    reviewer: str
    """The lead reviewer's name; empty where it is not to be said here."""
    report_at: str
    """The web address of what was published; empty where the record has none."""
    summary: str
    """The approved summary; empty where there is none."""
    recommendations: tuple[Recommended, ...]
    themes: tuple[str, ...]
    """In words, of the findings and recommendations of which a wording was approved."""

    @property
    def slug(self) -> str:
        """Its name in an address, the same for good."""
        again = f"-{self.number}" if self.number > 1 else ""
        return f"{self.reference.lower()}{again}"

    @property
    def what_words(self) -> str:
        """What was published, as a sentence begins."""
        return WHAT.get(self.what, self.what[:1].upper() + self.what[1:])

    @property
    def in_archive(self) -> bool:
        """Whether it is listed in the archive: older than a year, and not kept on the first page by a choice."""
        return not self.past_12_months and self.after_its_year != "kept public"


def public_entries(known: RecordKnown, today: date, approved: Approved) -> list[PublicEntry]:
    """
    Every publication that is public on a day (London), the latest first.

    Of a review that was erased there is none: the record cannot show any more what was published, nor take it down.
    """
    found: list[PublicEntry] = []
    numbers: dict[str, int] = {}
    of_review: dict[str, dict[str, str]] = {}
    for (reference, item), words in sorted(approved.items()):
        of_review.setdefault(reference, {})[item] = words
    for row in publication_rows(known, today):
        if row.published_on is None:
            continue
        numbers[row.reference] = numbers.get(row.reference, 0) + 1
        if row.state == "public" and row.published_on <= today:
            words_of = of_review.get(row.reference, {})
            found.append(_entry(row, row.published_on, numbers[row.reference], known, words_of))
    return sorted(found, key=lambda one: (-one.published_on.toordinal(), one.reference, one.number))


def _entry(row: PublicationRow, on: date, number: int, known: RecordKnown, mine: Mapping[str, str]) -> PublicEntry:
    lines = known.lines.get(row.reference, ())
    facts = next((line.event.facts for line in lines if line.event.sequence == row.line), {})
    named = row.reviewer_named == "yes"
    refused = _refused(lines)
    return PublicEntry(
        reference=row.reference,
        number=number,
        track=Track(row.track),
        pseudonym=row.pseudonym,
        what=row.what,
        published_on=on,
        past_12_months=row.past_12_months,
        public_until=row.public_until,
        after_its_year=row.after_its_year,
        reviewer=_reviewer(lines, row.line, known.rulebook) if named else "",
        report_at=str(facts.get("report_at") or ""),
        summary=mine.get(SUMMARY, ""),
        recommendations=tuple(
            Recommended(number, words, number in refused) for number, words in mine.items() if number.startswith("R")
        ),
        themes=tuple(theme_words(one, known.rulebook.partnership.themes) for one in _themes(lines, mine)),
    )


def _reviewer(lines: Sequence[StandingLine], until: int, rulebook: Rulebook) -> str:
    """The lead reviewer's name when it was published, where they stand in the partnership's file."""
    name = ""
    for line in lines:
        if line.event.sequence > until or line.event.kind not in {*APPOINTED, REMOVED}:
            continue
        person = str(line.event.facts.get("reviewer_in_file") or "") if line.event.kind in APPOINTED else ""
        known = line.event.who(person) or rulebook.partnership.ever(person)
        name = known.name if person and known is not None else ""
    return name


def _refused(lines: Iterable[StandingLine]) -> set[str]:
    """The recommendations that will not be implemented as they were decided on last."""
    decided = (one for line in lines for one in line.entries if isinstance(one, RecommendationDecided))
    last = {one.recommendation: one.decision for one in decided}
    return {number for number, decision in last.items() if decision == WILL_NOT}


def _themes(lines: Iterable[StandingLine], approved: Mapping[str, str]) -> Iterator[str]:
    """The themes of what may be shared, each once, in the order in which they were recorded."""
    said: set[str] = set()
    for entry in (entry for line in lines for entry in line.entries):
        match entry:
            case FindingRecorded(finding=item) | RecommendationRecorded(recommendation=item) if item in approved:
                yield from (one for one in entry.themes if one not in said)
                said.update(entry.themes)


PUBLIC = Register(
    name="public",
    title="Public register",
    about="What is public of which review.",
    row=PublicEntry,
    made=lambda known, today: public_entries(known, today, {}),
    needs=frozenset({"lines", "events"}),
    kinds=lambda: MADE_OF,
    day="published_on",
    at_the_pages=False,
)
"""What is read of the record beside the register of publications. It is no register of the export."""
READ = (REGISTERS["publications"], PUBLIC)
