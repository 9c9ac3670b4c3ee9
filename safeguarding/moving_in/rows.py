"""
The rows of the workbook as the answers to the form that carries a review in, or everything that is wrong with them.

What was typed is repeated nowhere: a cell may hold the words of a person.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, get_args

from safeguarding.as_typed import EARLIEST, as_offered, looks, one_line, several_lines
from safeguarding.law.rulebook import Rulebook
from safeguarding.moving_in.sheets import (
    A_DAY,
    ACTIONS,
    DATE_KINDS,
    DATES,
    KEY,
    NOTHING,
    OF_A_REFERRAL,
    OWED,
    REFERRAL,
    REQUESTS,
    REVIEWS,
    SHEETS,
    FilledCell,
    FilledRow,
    Heading,
    RowFault,
)
from safeguarding.review.choices import choices, label
from safeguarding.review.states import Track
from safeguarding.review.typed_words import REFERENCE_WORDS, is_reference
from safeguarding.stages.carried_in import CLOSED, AskedBefore, CarriedIn
from safeguarding.stages.referral import Referral

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OFFERED_AT_ONCE = 12
"""How many choices a fault names; of more it names the sheet that lists them."""
MOST_OF_ONE = 100
"""Actions, and requests, of one review."""
LONGEST = 20_000
"""Characters of one cell of words."""

ChoiceLists = Mapping[str, Mapping[str, str]]
"""The lists of choices by name: the words of each choice, and what the form takes for it."""


@dataclass(slots=True)
class Filled:
    """A review as the rows of the workbook say it: the answers to the form, and where they stand."""

    key: str
    row: FilledRow
    answers: dict[str, Any]
    open_duties: list[FilledRow] = field(default_factory=list)
    asked: list[FilledRow] = field(default_factory=list)
    dates: dict[str, FilledRow] = field(default_factory=dict)
    """By the questions that they answer."""

    @property
    def is_referral(self) -> bool:
        """Whether it comes in as a referral that was under way already."""
        return self.answers.get("stands_at") == REFERRAL

    @property
    def step(self) -> str:
        """The step by which it comes in."""
        return "open_referral" if self.is_referral else "carry_in"

    @property
    def form(self) -> dict[str, Any]:
        """The answers to that step. Of a referral the day on which it began is that on which it was received."""
        if not self.is_referral:
            return self.answers
        kept = {name: self.answers.get(name) for name in ("track", "summary", "pseudonym", *OF_A_REFERRAL)}
        began = self.answers.get("began_on")
        answers = kept | {"received_on": began, "under_way_since": began}
        return {name: answer for name, answer in answers.items() if answer is not None}


class RowsRead(NamedTuple):
    """The reviews of a workbook as its rows say them."""

    filled: list[Filled]
    spoilt: frozenset[str]
    """The references of those of which something is wrong already: they are not tried on."""
    faults: list[RowFault]


def offers(rulebook: Rulebook) -> ChoiceLists:
    """Between what one chooses, by the partnership's file."""
    return {
        "tracks": {track.value: track.value for track in Track},
        "guidance": _literal(CarriedIn, "guidance"),
        "stages": {REFERRAL: REFERRAL} | _literal(CarriedIn, "stands_at"),
        "referrers": _literal(Referral, "referred_by"),
        "concerns": _literal(Referral, "concern"),
        "dates": DATE_KINDS,
        "purposes": _literal(AskedBefore, "purpose"),
        "answers": {"returned": "returned", "nil return": "nil return", "refused": "refused"},
        "agencies": _named(choices("agencies", None, rulebook)),
        "people": _named(choices("people", None, rulebook)),
    }


def _literal(form: Any, question: str) -> dict[str, str]:
    return {word: word for word in get_args(form.model_fields[question].annotation)}


def _named(known: Sequence[tuple[str, str]]) -> dict[str, str]:
    """By the name alone; by the name with the id, of two that have the same name."""
    names = [name for _, name in known]
    return {name if names.count(name) == 1 else label(key, name): key for key, name in known}


def key_of(words: str) -> str:
    """The same for two ways of typing one reference of the partnership's."""
    return looks(" ".join(words.split()))


# --------------------------------------------------------------------------- reading


def read_rows(rows: Sequence[FilledRow], rulebook: Rulebook, today: date) -> RowsRead:
    """The reviews of the workbook, and every fault of its rows, in the order of the sheets."""
    reader = _Reader(offers(rulebook), today)
    by_sheet: dict[str, list[FilledRow]] = defaultdict(list)
    for row in rows:
        by_sheet[row.sheet].append(row)
    for row in by_sheet[REVIEWS]:
        reader.take_review(row)
    for row in by_sheet[DATES]:
        reader.take_date(row)
    for row in by_sheet[REQUESTS]:
        reader.take_request(row)
    for row in by_sheet[ACTIONS]:
        reader.take_action(row)
    return reader.read()


class _Reader:
    def __init__(self, offered: ChoiceLists, today: date) -> None:
        self.offered, self.today = offered, today
        self.filled: dict[str, Filled] = {}
        self.faults: list[RowFault] = []
        self._seen: dict[tuple[str, str], int] = {}
        self._at: dict[str, int] = {}
        self._spoilt: set[str] = set()

    def read(self) -> RowsRead:
        """What was read so far."""
        return RowsRead(list(self.filled.values()), frozenset(self._spoilt), self.faults)

    def take_review(self, row: FilledRow) -> None:
        """A row of the reviews: its reference names it once."""
        given, wrong = self._answers(row)
        words = given.get("earlier_reference", "")
        if words and not is_reference(words):
            wrong.append(self._fault(row, KEY, f"is no reference: write {REFERENCE_WORDS}"))
        wrong += self._of_its_stage(row, given)
        key = key_of(words)
        if key and key in self._at:
            why = f"stands in row {self._at[key]} already: write one row a review, or another reference"
            wrong.append(self._fault(row, KEY, why))
        elif key:
            self._at[key] = row.number
            self.filled[key] = Filled(words, row, given)
            if wrong:
                self._spoilt.add(words)
        self.faults += wrong

    def _of_its_stage(self, row: FilledRow, given: Mapping[str, Any]) -> Iterator[RowFault]:
        """A referral says by whom and what; what is carried in says under which guidance; neither the other."""
        if "stands_at" not in given:
            return
        is_referral = given["stands_at"] == REFERRAL
        needed, others = (("referred_by", "concern"), ("guidance",)) if is_referral else (("guidance",), OF_A_REFERRAL)
        where = "a referral" if is_referral else f"any review but one that stands at '{REFERRAL}'"
        for column in next(sheet for sheet in SHEETS if sheet.title == REVIEWS).columns:
            cell = row.cells.get(column.name, NOTHING)
            if column.answers in others and cell.words:
                yield self._fault(row, column.name, f"is not asked of {where}: leave it empty")
            elif column.answers in needed and not (cell.words or cell.wrong):
                yield self._fault(row, column.name, f"is empty: {self._write(column)}")

    def take_date(self, row: FilledRow) -> None:
        """A row of the dates: one of each kind a review; what was done lies between its beginning and today."""
        given, wrong = self._answers(row)
        mine, what, day = self._mine(row, wrong), given.get("what"), given.get("day")
        if mine and what:
            if first := self._seen.get((mine.key, what)):
                wrong.append(self._fault(row, "What", f"stands in row {first} for this review: leave one of them out"))
            self._seen.setdefault((mine.key, what), row.number)
            if day and what not in OWED:
                self._lies_behind(row, "Day", day, mine, wrong)
            if not wrong:
                mine.answers[what], mine.dates[what] = day, row
        self._done(mine, wrong)

    def take_request(self, row: FilledRow) -> None:
        """A row of the requests: with its answer whole or not at all."""
        given, wrong = self._answers(row)
        mine = self._mine(row, wrong)
        asked, answered, outcome = (given.get(name) for name in ("asked_on", "answered_on", "outcome"))
        closed = mine is not None and mine.answers.get("stands_at") == CLOSED
        if mine and asked:
            self._lies_behind(row, "Asked on", asked, mine, wrong)
        if answered and asked and not asked <= answered <= self.today:
            wrong.append(self._fault(row, "Answered on", "lies before it was asked, or in the future: write the day"))
        missing = "Answer" if answered and not outcome else "Answered on" if outcome and not answered else ""
        if missing and not row.cells.get(missing, NOTHING).words:
            wrong.append(self._fault(row, missing, "is empty: an answer has its day, and how it was answered"))
        elif closed and not answered and not wrong:
            why = "is empty, and the review is closed: write when it was answered, or leave the row out"
            wrong.append(self._fault(row, "Answered on", why))
        self._add(mine, "asked", row, given, wrong)

    def take_action(self, row: FilledRow) -> None:
        """A row of the actions: of a closed review every one is done."""
        given, wrong = self._answers(row)
        mine = self._mine(row, wrong)
        if mine and (done := given.get("done_on")):
            self._lies_behind(row, "Done on", done, mine, wrong)
        elif mine and mine.answers.get("stands_at") == CLOSED and not row.cells.get("Done on", NOTHING).words:
            why = "is empty, and the review is closed: write when it was done, or let the review stand at "
            wrong.append(self._fault(row, "Done on", f"{why}'action follow-up'"))
        self._add(mine, "open_duties", row, given, wrong)

    def _add(
        self, mine: Filled | None, what: str, row: FilledRow, given: dict[str, Any], wrong: list[RowFault]
    ) -> None:
        if mine is not None and not wrong:
            rows = mine.asked if what == "asked" else mine.open_duties
            rows.append(row)
            mine.answers.setdefault(what, []).append(given)
            if len(rows) > MOST_OF_ONE:
                why = f"is more than the {MOST_OF_ONE} that one review may have: leave out what is long done"
                wrong.append(self._fault(row, KEY, why))
        self._done(mine, wrong)

    def _done(self, mine: Filled | None, wrong: list[RowFault]) -> None:
        self.faults += wrong
        if wrong and mine is not None:
            self._spoilt.add(mine.key)

    # ----------------------------------------------------------------------- cells

    def _mine(self, row: FilledRow, wrong: list[RowFault]) -> Filled | None:
        """The review of a row, by its reference."""
        words = row.cells.get(KEY, NOTHING).words
        mine = self.filled.get(key_of(words))
        if words and mine is None:
            wrong.append(self._fault(row, KEY, f"is no reference of the sheet {REVIEWS}: write it as it stands there"))
        if mine is not None and mine.is_referral:
            why = f"stands at '{REFERRAL}': record this at its page once it is here, and leave the row out"
            wrong.append(self._fault(row, KEY, why))
        return mine

    def _lies_behind(self, row: FilledRow, column: str, day: date, mine: Filled, wrong: list[RowFault]) -> None:
        began = mine.answers.get("began_on")
        if day > self.today:
            wrong.append(self._fault(row, column, "lies in the future: write the day on which it was, or leave it out"))
        elif began is not None and day < began:
            why = (
                f"lies before the review began (row {mine.row.number} of {REVIEWS}): write the right day here or there"
            )
            wrong.append(self._fault(row, column, why))

    def _answers(self, row: FilledRow) -> tuple[dict[str, Any], list[RowFault]]:
        """What the cells of a row answer, and what is wrong with them."""
        given: dict[str, Any] = {}
        wrong = []
        for column in next(sheet for sheet in SHEETS if sheet.title == row.sheet).columns:
            cell = row.cells.get(column.name, NOTHING)
            try:
                answer = self._answer(column, cell)
            except ValueError as fault:
                wrong.append(self._fault(row, column.name, str(fault)))
                continue
            if answer is None and column.needed:
                wrong.append(self._fault(row, column.name, f"is empty: {self._write(column)}"))
            elif answer is not None and column.answers:
                given[column.answers] = answer
        return given, wrong

    def _answer(self, column: Heading, cell: FilledCell) -> Any:
        """What a cell says; None for an empty one. Raises ValueError in words that follow its place."""
        if cell.wrong:
            raise ValueError(cell.wrong)
        if cell is NOTHING or not (cell.words.strip() or cell.day):
            return None
        if column.a_day:
            return _day(cell)
        if column.choice:
            offered = self.offered[column.choice]
            chosen = as_offered(cell.words, tuple(offered))
            if chosen in offered:
                return offered[chosen]
            if cell.words in offered.values():
                return cell.words
            raise ValueError(f"is none of the choices: {self._write(column)}")
        if len(cell.words) > LONGEST:
            raise ValueError(f"has {len(cell.words):,} letters, and at most {LONGEST:,} can be kept: shorten it")
        sealed = column.answers in ("summary", "what")
        return several_lines(cell.words) if sealed else one_line(cell.words)

    def _write(self, column: Heading) -> str:
        """What to write in a column, in words."""
        if column.a_day:
            return f"write {A_DAY}"
        if not column.choice:
            return f"write {column.meaning[:1].lower()}{column.meaning[1:].rstrip('.')}"
        offered = list(self.offered[column.choice])
        listed = ", ".join(f"'{one}'" for one in offered)
        return f"write one of {listed}" if len(offered) <= _OFFERED_AT_ONCE else "choose one of the list in the cell"

    @staticmethod
    def _fault(row: FilledRow, column: str, why: str) -> RowFault:
        return RowFault(row.sheet, row.number, column, why)


def _day(cell: FilledCell) -> date:
    if cell.day is not None:
        day = cell.day
    else:
        words = cell.words.strip()
        try:
            day = date.fromisoformat(words if _DAY.fullmatch(words) else "")
        except ValueError:
            raise ValueError(f"is no day: write {A_DAY}") from None
    if day < EARLIEST:
        raise ValueError(f"lies before {EARLIEST.year}: write the year with four figures")
    return day
