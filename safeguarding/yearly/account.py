"""
The account of a year as a draft: what the law asks it to say, the figures, and what this draft does not hold.

Words are approved wordings and nothing else; where none was approved the draft says so. Reviews are told by reference,
and by nothing at all where small numbers are not shown. Nobody is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from safeguarding.dates.working_days import say
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.learnt import SUMMARY
from safeguarding.review.states import Track
from safeguarding.yearly.course import CONCLUDES
from safeguarding.yearly.figures import ALL, Counted, Figure, FigureTable
from safeguarding.yearly.heads import LegalHead, heads_of
from safeguarding.yearly.known import YearKnown
from safeguarding.yearly.learning_counted import THEMES_HEAD
from safeguarding.yearly.reviews_counted import key_of
from safeguarding.yearly.suppressed import ToldNumbers, told

NOT_HELD = "What this draft does not hold"
COLUMNS = dict(zip("LFRA", THEMES_HEAD[1:], strict=True))
"""The column of the table of themes that counts the items of a kind."""
SIMULATION = "THIS IS A SIMULATION"
NAMED = (
    "A draft from the record, which names reviews by reference also where they are not published. Take out what is not "
    "public before it is published."
)
UNNAMED = "A draft from the record. Take out what is not public before it is published."
SMALL = "No list behind any number is given, and no review is told by its reference."


class Wordings(NamedTuple):
    """The wordings that may be shared, and of which items there is none though the account would say them."""

    shared: Mapping[tuple[str, str], str]
    named: bool
    """Whether a review is told by its reference."""

    def of(self, reference: str, item: str) -> str | None:
        """The wording of an item, or None where nobody approved one."""
        return self.shared.get((reference, item))

    def said(self, reference: str, item: str) -> str:
        """The wording, and from where it is; of an item that has one."""
        words = self.shared[reference, item]
        if not self.named:
            return words
        return f"{words} ({reference})" if item == SUMMARY else f"{words} ({item} of {reference})"


class AccountPart(NamedTuple):
    """A part of the account: its heading, what is said, sentences in a list, tables of figures."""

    title: str
    words: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    tables: tuple[FigureTable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account, ready to be written as a page, a Word file or lists."""

    title: str
    parts: Sequence[AccountPart]
    figures: Mapping[str, Figure]
    told: ToldNumbers

    def drawn(self, table: FigureTable) -> list[tuple[str, str]]:
        """
        The figures of a table of which there is a picture, as words and key; none where a number of it is not shown, or
        all are nought.
        """
        if table.drawn == "last row":
            named = list(zip(table.head[2:], table.rows[-1].figures[1:], strict=True))
        else:
            named = [(row.words, row.figures[0]) for row in table.rows if row.words != ALL] if table.drawn else []
        shown = all(self.told.shown(key) for _, key in named)
        return named if shown and any(self.figures[key].number for _, key in named) else []

    def bars(self, table: FigureTable) -> list[tuple[str, int]]:
        """The same as words and number."""
        return [(words, self.figures[key].number) for words, key in self.drawn(table)]


def account_of(
    known: YearKnown,
    numbers: Counted,
    shared: Mapping[tuple[str, str], str],
    below: int | None = None,
    *,
    simulation: bool = False,
) -> Account:
    """
    The account of a year. `shared` are the approved wordings; `below` is the least number that is shown, of those that
    are not nought, where small ones are to be hidden. Of a `simulation` the account says that it is one.
    """
    wordings, rulebook = Wordings(shared, below is None), known.record.rulebook
    owed: list[str] = []
    said = told(numbers.figures, numbers.sums, below)
    parts = [
        AccountPart("About this draft", words=_about(known, rulebook, below, simulation)),
        *(_part(head, known, wordings, owed, said) for head in heads_of(known.track)),
        *(AccountPart(title, tables=tuple(tables)) for title, tables in numbers.tables.items() if tables),
        AccountPart(NOT_HELD, listed=(*_by_hand(known.track), *_not_recorded(known, wordings), *_owed(owed, wordings))),
    ]
    kind = "Safeguarding adults reviews" if known.track is Track.ADULTS else "Child safeguarding practice reviews"
    return Account(
        title=f"{kind}: yearly account, {known.period.words}",
        parts=parts,
        figures=numbers.figures,
        told=said,
    )


def _about(known: YearKnown, rulebook: Rulebook, below: int | None, simulation: bool) -> tuple[str, ...]:
    said = [
        *([SIMULATION] if simulation else []),
        NAMED if below is None else UNNAMED,
        f"A draft by {rulebook.partnership.name}, made of its record as it stood on {say(known.today)}. Every sentence "
        "about what was learnt is a wording that one person wrote and another approved.",
    ]
    if known.today <= known.period.last:
        said.append(f"The year is not over: it ends on {say(known.period.last)}.")
    if below is None:
        said.append("Each number in it is that of the list behind it, review by review.")
    else:
        said.append(f"Numbers from 1 to {below - 1} are not shown, nor those that would give them away.")
        said.append(SMALL)
    return tuple(said)


def _part(head: LegalHead, known: YearKnown, wordings: Wordings, owed: list[str], told_as: ToldNumbers) -> AccountPart:
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line in head.lines(known):
        into = said[line.theme, kind_of(line.item)]
        found = wordings.of(line.reference, line.item) if line.item else None
        if found is not None:
            into.append(_with(wordings.said(line.reference, line.item), line.besides, wordings))
        elif line.item and line.owed:
            owed.append(f"{line.item} of {line.reference}")
            if wordings.named:
                into.append(f"{_no_wording(line.item, line.reference)} {line.besides}".strip())
        elif not line.item and wordings.named:
            into.append(_with(line.reference, line.besides, wordings))
    by_kind = {of: list(dict.fromkeys(found)) for of, found in said.items() if found}
    kept = {of: found for of, found in by_kind.items() if _may_be_counted(of, found, head, told_as)}
    listed = [
        f"{theme}: {one}" if theme else one for theme in sorted({of for of, _ in kept}) for one in _of(theme, kept)
    ]
    left_out = [f"Fewer than {told_as.below}: not listed."] if len(kept) < len(by_kind) else []
    nothing = [] if by_kind else [head.nothing]
    return AccountPart(head.title, words=(head.about, *nothing, *left_out), listed=tuple(listed))


def kind_of(item: str) -> str:
    """The kind of an item by its letter; of a summary, and of no item, the word itself."""
    return item if item == SUMMARY else item[:1]


def _of(theme: str, kept: Mapping[tuple[str, str], Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(one for (of, _), found in kept.items() if of == theme for one in found))


def _may_be_counted(of: tuple[str, str], found: Sequence[str], head: LegalHead, told_as: ToldNumbers) -> bool:
    """Whether sentences of a kind under a theme may be listed: whoever counts them learns no number that is hidden."""
    theme, kind = of
    keys = [*head.counts.get(kind, ()), *([key_of("theme", theme, COLUMNS[kind])] if theme and kind in COLUMNS else [])]
    return told_as.below is None or (len(found) >= told_as.below and all(map(told_as.shown, keys)))


def _with(words: str, besides: str, wordings: Wordings) -> str:
    return f"{words} {besides}".strip() if wordings.named else words


def _no_wording(item: str, reference: str) -> str:
    of = "the review as a whole" if item == SUMMARY else item
    return f"No wording has been approved for {of} of {reference}."


def _by_hand(track: Track) -> Iterator[str]:
    if track is Track.ADULTS:
        yield "To be written by the board: what Schedule 2 paragraph 4(1)(a) to (c) asks for, which is of no review."
    else:
        yield "To be written by the partners: what section 16G asks for beside its reviews, from the text of the Act."
    yield "To be written by hand: who the partners are, what they thank whom for, and what comes next."


def _not_recorded(known: YearKnown, wordings: Wordings) -> Iterator[str]:
    """Findings that the acceptance of a report counts as not to be implemented, and that are no recommendations yet."""
    for reference, line in known.lines():
        many = line.event.facts.get("not_implemented")
        if line.event.kind != CONCLUDES or not isinstance(many, int) or not wordings.named:
            continue
        refused = [
            row for row in known.recommendations if row.reference == reference and row.decision.startswith("will not")
        ]
        if len(refused) < many and any(known.period.holds(mark.on) for mark in line.marks):
            yield (
                f"{reference}: when its report was accepted, {many} of its findings were not to be implemented; "
                f"decisions not to implement a recommendation on record: {len(refused)}."
            )


def _owed(owed: Sequence[str], wordings: Wordings) -> Iterator[str]:
    if owed and not wordings.named:
        yield "Approved wordings of some items: the draft with every number says of which."
        return
    for one in dict.fromkeys(owed):
        item, _, reference = one.partition(" of ")
        yield _no_wording(item, reference)
