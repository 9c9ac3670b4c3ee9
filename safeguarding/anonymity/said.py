"""
What was found in a draft as it is told: what the aid is and is not, a summary by kind, and the list page by page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, NamedTuple

from safeguarding.anonymity.details import DraftDetail, Strength
from safeguarding.anonymity.draft import HOW_PAGES, DraftRead
from safeguarding.anonymity.looking_over import LookedOver
from safeguarding.registers.columns import Column, Means, columns_of
from safeguarding.shown.bundle.paper import heading, listed, paper, table, words

NOT_EVERYTHING = (
    "This aid does not find everything, and it decides nothing: what it does not list may point at somebody too, and "
    "what it lists may have good reasons to stand. A person reads the draft and decides. Nothing was changed."
)
ITS_OWN_LIST = "Its rules and its list of rare details are this product's own, and no national standard."
NOTHING_FOUND = "The aid found nothing. That does not mean that nothing is there."
KEPT_NOWHERE = (
    "The draft was read in memory and forgotten; that you looked is noted under who read what, without its words."
)
TITLE = "A draft looked over before it is published"
HEADS = ("Where", "What stands there", "Kind", "How strong", "Why it may matter")
MOST_SHOWN = 3_000
"""Lines that a page or a file shows: of more, the strongest."""


class DetailLine(NamedTuple):
    """What was found at a place, once, however often it stands there."""

    heading: str
    """Its page, or its part of the file."""
    where: str
    before: str
    words: str
    after: str
    kind: str
    strength: Strength
    why: str
    times: int

    @property
    def shown(self) -> str:
        """What stands there, among its words, how often."""
        often = f" ({self.times} times here)" if self.times > 1 else ""
        return f"{self.before}[{self.words}]{self.after}{often}"


def lines_of(found: LookedOver) -> list[DetailLine]:
    """A line for each detail in the order of the draft; the same words of the same kind once on a page."""
    lines: dict[tuple[str, str, str, int], DetailLine] = {}
    for one in found.details:
        head = heading_of(one, found.draft)
        key = (head, one.words.casefold(), one.kind.value, one.strength)
        if key in lines:
            lines[key] = lines[key]._replace(times=lines[key].times + 1)
            continue
        where = where_of(one, found.draft)
        lines[key] = DetailLine(head, where, one.before, one.words, one.after, one.kind.value, one.strength, one.why, 1)
    return list(lines.values())


def most_of(lines: Sequence[DetailLine], most: int = MOST_SHOWN) -> tuple[list[DetailLine], str]:
    """As many lines as are shown, the strongest where there are more, in their order; and what is said of the rest."""
    if len(lines) <= most:
        return list(lines), ""
    strongest = sorted(range(len(lines)), key=lambda place: (-lines[place].strength, place))[:most]
    said = f"{len(lines) - most} weaker ones are not shown: the draft holds {len(lines)}. Look it over in parts."
    return [lines[place] for place in sorted(strongest)], said


def grouped(lines: Iterable[DetailLine]) -> Iterator[tuple[str, list[DetailLine]]]:
    """The lines page by page, then part by part."""
    for head, some in groupby(lines, key=lambda line: line.heading):
        yield head, list(some)


def heading_of(one: DraftDetail, draft: DraftRead) -> str:
    """Under which heading a detail stands: its page, or its part of the file."""
    if one.part:
        return one.part[:1].upper() + one.part[1:]
    return f"Page {one.page}" if one.page else f"The text, by {draft.unit}"


def where_of(one: DraftDetail, draft: DraftRead) -> str:
    """Where a detail stands under its heading, in words; nothing where there is no more to say."""
    page = [f"page {one.page}"] if one.page and one.part else []
    number = [f"{draft.unit} {one.number}"] if one.number else []
    return ", ".join([*page, *number])


def head_of(found: LookedOver) -> list[str]:
    """What is said before the list: what the aid is not, how many of what, how places are told, what was not read."""
    return [
        NOT_EVERYTHING,
        ITS_OWN_LIST,
        *([NOTHING_FOUND] if not found.details else []),
        HOW_PAGES[found.draft.pages_by],
        *found.draft.unread,
    ]


def summary_of(found: LookedOver) -> list[tuple[str, int, int, int]]:
    """A row for each kind: its words, how many are known to the record, exact, and may be."""
    return [(kind.value, known, exact, may_be) for kind, known, exact, may_be in found.by_kind]


SUMMARY_HEADS = ("Kind", "Known to the record", "Exact", "May be")


def draft_page(found: LookedOver, reference: str, of_sealed: str) -> str:
    """The whole list as a page on paper, for a browser or a printer."""
    lines, more = most_of(lines_of(found))
    parts = [words(reference, *head_of(found), *([of_sealed] if of_sealed else []), *([more] if more else []))]
    summary = [tuple(map(str, row)) for row in summary_of(found)]
    parts += [heading("How much was found"), table(SUMMARY_HEADS, summary)]
    for head, some in grouped(lines):
        rows = [(one.where, one.shown, one.kind, one.strength.words, one.why) for one in some]
        parts += [heading(head), table(HEADS, rows)]
    return paper(TITLE, *parts, listed([KEPT_NOWHERE]))


# --------------------------------------------------------------------------- as a table


class DetailRow(NamedTuple):
    """A line of the list as a table has it."""

    heading: Annotated[str, Means("The page, or the part of the file beside its text.", "text")]
    where: Annotated[
        str, Means("The number of the paragraph or line, and of a part its page, as far as the file says.", "text")
    ]
    before: Annotated[str, Means("A few words of the draft before it.", "text")]
    words: Annotated[str, Means("The words as they stand in the draft.", "text")]
    after: Annotated[str, Means("A few words of the draft after it.", "text")]
    times: Annotated[int, Means("How often these words stand there.", "number")]
    kind: Annotated[str, Means("Of which kind it is.", "text")]
    strength: Annotated[str, Means("Known to the record, exact, or may be.", "text")]
    why: Annotated[str, Means("Why it may point at somebody.", "text")]


@dataclass(frozen=True, slots=True)
class DetailTable:
    """What the table is called and holds."""

    name: str = "details"
    title: str = TITLE
    about: str = NOT_EVERYTHING

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, in their order."""
        return columns_of(DetailRow)


DETAILS = DetailTable()


def rows_of(lines: Iterable[DetailLine]) -> list[DetailRow]:
    """The lines as rows of the table."""
    return [
        DetailRow(
            one.heading, one.where, one.before, one.words, one.after, one.times, one.kind, one.strength.words, one.why
        )
        for one in lines
    ]
