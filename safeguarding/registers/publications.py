"""
The register of publications: what was published of which review, when, whether it is still there, and what was not.

«Published in the past 12 months» is counted from a day that is given: from the day after the same day of the year
before, up to and including that day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple

from safeguarding.dates.counting import add_months
from safeguarding.duties.retention import ERASED
from safeguarding.registers.columns import Means
from safeguarding.registers.known import RecordKnown
from safeguarding.registers.lines import StandingLine
from safeguarding.review.public_until import CHOSEN, PUBLISHED, TAKEN_DOWN, AfterItsYear, year_ends
from safeguarding.review.states import State

FULL, IMPROVEMENTS = "the full report", "information about the improvements only"
NOT_KNOWN = "not known: it was carried in"
NOTHING = "nothing"
PLANNED = {"publication_planned_full": FULL, "publication_planned_improvements_only": IMPROVEMENTS}
"""What a plan of publication is for, by the mark that it makes."""
REPOSITORY = "repository_sent"
DECIDED_NOTHING = ("decided_to_publish_nothing", "decided_not_to_publish")
MARKED = (*PLANNED, PUBLISHED, REPOSITORY, *CHOSEN, *DECIDED_NOTHING)
"""The marks by whose lines this register is made."""

PublicationState = Literal["public", "taken down", "not published", "erased"]


class PublicationRow(NamedTuple):
    """One publication of a review, or one decision to publish nothing."""

    reference: Annotated[str, Means("The review.", "reference")]
    track: Annotated[str, Means("The track of the review: children or adults.", "code")]
    pseudonym: Annotated[str, Means("How the person of the review is spoken of.", "text")]
    what: Annotated[
        str,
        Means(
            "What was published: the full report, an executive summary, information about the improvements only, or "
            "nothing.",
            "code",
        ),
    ]
    state: Annotated[
        PublicationState,
        Means(
            "public, taken down, not published (it was decided to publish nothing), or erased: it was public when the "
            "text of its review was erased, and the record can say no more of it.",
            "code",
        ),
    ]
    decided_on: Annotated[date | None, Means("The day of a decision to publish nothing; else empty.", "day")]
    published_on: Annotated[date | None, Means("The day on which it was published; empty where nothing was.", "day")]
    past_12_months: Annotated[
        bool,
        Means(
            "Whether it was published within the twelve months up to the day for which the register was made.",
            "yes or no",
        ),
    ]
    reviewer_named: Annotated[
        str, Means("Whether the reviewer is named in it: yes, no, or empty where that was not said.", "code")
    ]
    repository_on: Annotated[
        date | None, Means("The day on which it was sent to the national repository or library.", "day")
    ]
    taken_down_on: Annotated[date | None, Means("The day on which it was taken down; empty while it is public.", "day")]
    year: Annotated[int, Means("The calendar year in which it was published, or that decision taken.", "year")]
    line: Annotated[int, Means("The line of the review's ledger that says so.", "line")]
    public_until: Annotated[
        date | None,
        Means(
            "The last day of the year for which it is to be public: of a child's review by law, of an adult's by the "
            "partnership's own standard. Empty where nothing was published.",
            "day",
        ),
    ]
    after_its_year: Annotated[
        AfterItsYear,
        Means(
            "What was chosen last to become of it: kept public, moved to the archive, taken down, or empty while "
            "nothing was chosen.",
            "code",
        ),
    ]


class _Published(NamedTuple):
    what: str
    on: date
    line: int
    reviewer_named: str = ""
    repository_on: date | None = None
    taken_down_on: date | None = None
    chosen: AfterItsYear = ""


def publication_rows(known: RecordKnown, today: date) -> list[PublicationRow]:
    """Every publication, and every decision to publish nothing that stands, by review and in their order."""
    return [row for reference in known.reviews for row in _of_a_review(known, reference, today)]


def past_12_months(on: date | None, today: date) -> bool:
    """Whether a day lies in the twelve months up to and including another."""
    return on is not None and add_months(today, -12) < on <= today


def _of_a_review(known: RecordKnown, reference: str, today: date) -> Iterator[PublicationRow]:
    review, lines = known.reviews[reference], known.lines.get(reference, ())
    there: PublicationState = "erased" if any(line.event.kind == ERASED for line in lines) else "public"
    for one in _published(lines):
        nothing = one.what == NOTHING
        yield PublicationRow(
            reference=reference,
            track=review.track.value,
            pseudonym=review.pseudonym,
            what=one.what,
            state="not published" if nothing else "taken down" if one.taken_down_on else there,
            decided_on=one.on if nothing else None,
            published_on=None if nothing else one.on,
            past_12_months=not nothing and past_12_months(one.on, today),
            reviewer_named=one.reviewer_named,
            repository_on=one.repository_on,
            taken_down_on=one.taken_down_on,
            public_until=None if nothing else year_ends(review.track, one.on, known.rulebook),
            after_its_year=one.chosen,
            year=one.on.year,
            line=one.line,
        )


def _published(lines: Sequence[StandingLine]) -> list[_Published]:
    """What was published or decided not to be, the earliest first. A plan made afterwards takes «nothing» back."""
    found: list[_Published] = []
    plan = ""
    for line in lines:
        decided = [mark.on for mark in line.marks if mark.name in DECIDED_NOTHING]
        for mark in line.marks:
            if mark.name in PLANNED:
                plan = PLANNED[mark.name]
                found = [one for one in found if one.what != NOTHING]
            elif mark.name == PUBLISHED:
                facts, what = line.event.facts, plan or NOT_KNOWN
                what = str(facts.get("what") or what)
                found.append(_Published(what, mark.on, line.event.sequence, _named(facts)))
            elif mark.name == REPOSITORY or mark.name in CHOSEN:
                _noted(found, mark.name, mark.on)
        if decided and line.event.to == State.NOT_PUBLISHED:
            found.append(_Published(NOTHING, decided[-1], line.event.sequence))
    return found


def _named(facts: Mapping[str, Any]) -> str:
    said = str(facts.get("reviewer_named") or "")
    return said if said in ("yes", "no") else ""


def _noted(found: list[_Published], what: str, on: date) -> None:
    """
    What was sent to the repository, kept or archived: of what was published last. What is taken down is everything of
    the review that is still public: a text that was published before, and published again, does not stay behind.
    """
    public = [number for number, one in enumerate(found) if one.what != NOTHING and one.taken_down_on is None]
    for number in public if what == TAKEN_DOWN else public[-1:]:
        one = found[number]
        if what == REPOSITORY:
            found[number] = one._replace(repository_on=on)
        else:
            gone = on if what == TAKEN_DOWN else None
            found[number] = one._replace(chosen=CHOSEN[what], taken_down_on=gone)
