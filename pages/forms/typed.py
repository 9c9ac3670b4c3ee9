"""
What was typed in the boxes of a form, and what it answers: read back as the answers that the step's model judges.

What was typed is kept as it was, readable or not: a draft holds it, and a page shows it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pages.forms.question import DAY_PARTS, JOINED, MOST_ROWS, FormQuestion
from safeguarding.review.answers import Wrong
from safeguarding.review.choices import EVERYTHING_ELSE

ROWS = "rows"
"""The end of the name of the box that says how many rows a table shows."""
FOUR_FIGURES = "2026"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Typed:
    """What stands in the boxes of a form, by name; a name with several ticks has several values."""

    def __init__(self, boxes: Mapping[str, Sequence[str]] | None = None) -> None:
        self.boxes = {name: list(values) for name, values in (boxes or {}).items()}

    def one(self, name: str) -> str:
        """What stands in one box."""
        values = self.boxes.get(name) or [""]
        return values[-1]

    def has(self, name: str, value: str) -> bool:
        """Whether a box is ticked."""
        return value in self.boxes.get(name, ())

    @property
    def texts(self) -> list[str]:
        """The texts of several words among them: what nobody would like to type again."""
        typed = (values for name, values in self.boxes.items() if name != "go")  # The button that was pressed.
        return [one for values in typed for one in values if len(one.split()) > 1]

    @property
    def digest(self) -> str:
        """The same for the same answers, and for no others: what a check page was shown of. Empty boxes say nothing."""
        said = {name: values for name, values in self.boxes.items() if any(values)}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def rows(self, question: FormQuestion) -> int:
        """How many rows of a table are shown."""
        return min(self._rows_said(question), MOST_ROWS)

    def rows_left_out(self, question: FormQuestion) -> int:
        """How many rows of a table do not fit on its page: of answers that were typed at another door."""
        return self._rows_said(question) - self.rows(question)

    def _rows_said(self, question: FormQuestion) -> int:
        said = self.one(f"{question.id}{JOINED}{ROWS}")
        return int(said) if said.isdecimal() and len(said) < 4 else 0

    def put(self, name: str, *values: str) -> None:
        """Put something into a box."""
        self.boxes[name] = list(values)

    def forget(self, question: str) -> None:
        """Empty every box of a question."""
        for name in [one for one in self.boxes if one.startswith(f"{question}{JOINED}")]:
            del self.boxes[name]

    def without(self, *names: str) -> Typed:
        """The same but for these boxes."""
        return Typed({name: said for name, said in self.boxes.items() if name not in names})

    def add(self, other: Typed) -> None:
        """Put everything of another form into the boxes of its name."""
        self.boxes |= other.boxes

    def keep_only(self, questions: Sequence[FormQuestion]) -> None:
        """Empty every box that is none of these questions."""
        wanted = tuple(f"{one.id}{JOINED}" for one in questions)
        self.boxes = {name: values for name, values in self.boxes.items() if name.startswith(wanted)}

    def take_any(self, sent: Typed, questions: Sequence[FormQuestion]) -> None:
        """Take what was sent for those of these questions of which anything was."""
        for one in questions:
            if any(name.startswith(f"{one.id}{JOINED}") for name in sent.boxes):
                self.take(sent, (one,))

    def take(self, sent: Typed, questions: Sequence[FormQuestion]) -> None:
        """Take what was sent for these questions in the place of what stood there: what is not sent was unticked."""
        wanted = [f"{one.id}{JOINED}" for one in questions]
        names = {one.id for one in questions}
        for boxes in (self.boxes, sent.boxes):
            for name in [name for name in boxes if name in names or any(map(name.startswith, wanted))]:
                self.boxes.pop(name, None)
                if name in sent.boxes:
                    self.boxes[name] = sent.boxes[name]


def answers_of(questions: Sequence[FormQuestion], typed: Typed) -> tuple[dict[str, Any], list[Wrong]]:
    """The answers by the names of the model, and what cannot be read at all, at which question."""
    answers: dict[str, Any] = {}
    wrong: list[Wrong] = []
    for question in questions:
        name = question.id.rpartition(JOINED)[2]
        value = _answer(question, typed, wrong)
        if value is not None:
            answers[name] = value
    return answers, wrong


def _answer(question: FormQuestion, typed: Typed, wrong: list[Wrong]) -> Any:
    match question.kind:
        case "day":
            return _day(question, typed, wrong)
        case "several":
            known = {option.value for option in question.options}
            return [one for one in typed.boxes.get(question.id, ()) if one in known] or None
        case "group":
            inside, found = answers_of(question.inner, typed)
            wrong += found
            return inside if inside or question.needed else None
        case "rows":
            return _rows(question, typed, wrong)
        case "number":
            said = typed.one(question.id).strip()
            return said or None
        case _:
            return typed.one(question.id) or None


def _rows(question: FormQuestion, typed: Typed, wrong: list[Wrong]) -> list[Any] | None:
    rows = []
    for number in range(typed.rows(question)):
        row, found = answers_of(question.row(number), typed)
        wrong += found
        if _says_something(row) or found:
            rows.append(row)
    return rows or None


def row_numbers(question: FormQuestion, typed: Typed) -> list[int]:
    """Which row of the page each row of the answer is: those left empty are not answered."""
    numbers = range(typed.rows(question))
    read = ((number, *answers_of(question.row(number), typed)) for number in numbers)
    return [number for number, row, unreadable in read if unreadable or _says_something(row)]


def _says_something(row: Mapping[str, Any]) -> bool:
    """Whether a row of a table is answered: that it is of everything else stands in it before anybody looks at it."""
    return bool(row) and row != {"what": EVERYTHING_ELSE}


def _day(question: FormQuestion, typed: Typed, wrong: list[Wrong]) -> str | None:
    """A day by its three boxes, or why there is none."""
    boxes = [typed.one(f"{question.id}{JOINED}{part}").strip() for part in DAY_PARTS]
    if not any(boxes):
        return None
    day, month, year = boxes
    path = tuple(question.id.split(JOINED))
    missing = [part for part, box in zip(DAY_PARTS, boxes, strict=True) if not box]
    if missing:
        wrong.append(Wrong(path, f"{question.title}: the {' and the '.join(missing)} {_is(missing)} missing"))
        return None
    if year.isdecimal() and len(year) < len(FOUR_FIGURES):
        wrong.append(Wrong(path, f"{question.title}: give the year with four figures, such as {FOUR_FIGURES}"))
        return None
    number = str(_MONTHS.index(month[:3].casefold()) + 1) if month[:3].casefold() in _MONTHS else month
    numbers = (year, number, day)
    try:
        if not all(one.isascii() and one.isdecimal() and len(one) <= 4 for one in numbers):
            raise ValueError
        return date(*map(int, numbers)).isoformat()
    except ValueError:
        wrong.append(Wrong(path, f"{question.title}: there is no such day; give it in figures, such as 18 12 2026"))
        return None


def _is(missing: Sequence[str]) -> str:
    return "is" if len(missing) == 1 else "are"


# --------------------------------------------------------------------------- the other way round


def as_typed(questions: Sequence[FormQuestion], answers: Mapping[str, Any]) -> Typed:
    """Answers as they stand in the boxes: of a form that was refused before, or of what is known already."""
    typed = Typed()
    for question in questions:
        value = answers.get(question.id.rpartition(JOINED)[2])
        if value is not None:
            _put(question, value, typed)
    return typed


def _put(question: FormQuestion, value: Any, typed: Typed) -> None:
    match question.kind:
        case "day":
            try:
                day = value if isinstance(value, date) else date.fromisoformat(str(value))
            except ValueError:
                return
            for part, number in zip(DAY_PARTS, (day.day, day.month, day.year), strict=True):
                typed.put(f"{question.id}{JOINED}{part}", str(number))
        case "several":
            typed.put(question.id, *(_key(question, one) for one in value if isinstance(one, str)))
        case "one":
            typed.put(question.id, _key(question, str(value)))
        case "group" if isinstance(value, Mapping):
            typed.add(as_typed(question.inner, value))
        case "rows" if isinstance(value, list | tuple):
            typed.put(f"{question.id}{JOINED}{ROWS}", str(len(value)))
            for number, row in enumerate(value):
                if isinstance(row, Mapping):
                    typed.add(as_typed(question.row(number), row))
        case "line" | "text" | "number":
            typed.put(question.id, str(value))


def _key(question: FormQuestion, given: str) -> str:
    """The value of the option that was meant by a label or a key."""
    values = [option.value for option in question.options]
    if given in values:
        return given
    inside = given.rpartition("(")[2].removesuffix(")")
    return inside if inside in values else ""
