"""
The questions of a form as a page asks them, made from its own model: which kind of box, which choices, what help.

A question's id is the way to it, its parts joined by hyphens: `positions-police-person`. It is the name of its box on
the page, and no name of the program has a hyphen in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic.fields import FieldInfo

from pages.forms.offers import REFERENCES, Offers, Option
from safeguarding.as_typed import kinds_of, leaves
from safeguarding.review.forms import Form, PositionIfThere, WhereChosen, is_sealed, nested_form, source_of

BoxKind = Literal["day", "number", "line", "text", "one", "several", "group", "rows"]
MOST_RADIOS, MOST_INSIDE = 12, 8
"""More choices than that are a list to open; of a question within another."""
MOST_ROWS = 60
"""Rows of one table on a page."""
JOINED = "-"
NTH = "#"
"""What stands in the id of a row's questions for its number."""
DAY_PARTS = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One question: its id, its words, the kind of its box, whether it must be answered."""

    id: str
    title: str
    help: str
    kind: BoxKind
    needed: bool
    options: tuple[Option, ...] = ()
    inner: tuple[FormQuestion, ...] = ()
    """The questions inside a group, or of one row of a table."""
    empty: str = ""
    """What a list says while nothing is chosen from it, where that has a meaning."""
    today: bool = False
    """Whether a day has the button «Today»."""

    @property
    def is_row(self) -> bool:
        """Whether it is one row of several of a kind: a few boxes side by side."""
        return self.kind == "group" and not self.is_limb and all(one.kind != "group" for one in self.inner)

    @property
    def is_limb(self) -> bool:
        """Whether it asks for an answer and its reason."""
        return self.kind == "group" and len(self.inner) == 2 and self.inner[0].title == "Answer"

    @property
    def anchor(self) -> str:
        """The id of the first box of it: where the summary of errors leads."""
        if self.kind == "day":
            return f"{self.id}{JOINED}day"
        if self.kind == "group" and self.inner:
            return self.inner[0].anchor
        return self.id

    @property
    def is_open(self) -> bool:
        """Whether a choice is shown as a list to open: a long one, and one that may be empty of reviews or in a row."""
        inside = JOINED in self.id
        most = MOST_INSIDE if inside else MOST_RADIOS
        closed = len(self.options) <= most and (self.needed or not (inside or self.id in REFERENCES))
        return self.kind == "one" and not closed

    @property
    def most_rows(self) -> int:
        """How many rows of a table its page has at most."""
        return MOST_ROWS

    def row(self, number: int) -> tuple[FormQuestion, ...]:
        """The questions of one row of a table."""
        return tuple(_at(one, f"{self.id}{JOINED}{NTH}", f"{self.id}{JOINED}{number}") for one in self.inner)

    def leaves(self) -> Iterator[FormQuestion]:
        """Itself, or what is inside it where it is a group. A table is one."""
        if self.kind == "group":
            for one in self.inner:
                yield from one.leaves()
        else:
            yield self

    def names(self) -> Iterator[str]:
        """The name of each of its boxes, where it is none of a table."""
        yield from (f"{self.id}{JOINED}{part}" for part in DAY_PARTS) if self.kind == "day" else (self.id,)


def _at(question: FormQuestion, pattern: str, prefix: str) -> FormQuestion:
    inner = tuple(_at(one, pattern, prefix) for one in question.inner)
    return replace(question, id=question.id.replace(pattern, prefix, 1), inner=inner)


def questions_of(
    form: type[Form], offers: Offers, prefix: str = "", outer: str | None = None
) -> tuple[FormQuestion, ...]:
    """The questions of a form in their order. `outer` is the list of whoever speaks, for a partner's position."""
    return tuple(
        _question(form, name, info, offers, f"{prefix}{name}", outer)
        for name, info in form.model_fields.items()
        if not _is_not_asked(info, offers)
    )


def _is_not_asked(info: FieldInfo, offers: Offers) -> bool:
    chosen = offers.rulebook.partnership.pseudonyms.how == "chosen"
    return not chosen and any(isinstance(one, WhereChosen) for one in info.metadata)


def _question(form: type[Form], name: str, info: FieldInfo, offers: Offers, at: str, outer: str | None) -> FormQuestion:
    inside, source, kinds = nested_form(info), source_of(info), kinds_of(info.annotation)
    title, words = info.title or name.replace("_", " "), info.description or ""
    plain = FormQuestion(at, title, words, "line", info.is_required())
    several = any(one is Ellipsis for one in leaves(info.annotation))
    if inside is not None:
        if several:
            row = questions_of(inside, offers, f"{at}{JOINED}{NTH}{JOINED}")
            return replace(plain, kind="rows", inner=row)
        speaks = source if issubclass(inside, PositionIfThere) else None
        return replace(plain, kind="group", inner=questions_of(inside, offers, f"{at}{JOINED}", speaks))
    if outer is not None and source is not None:
        source = outer
    options = offers.options(name, source, kinds.offered)
    if options is not None:
        return replace(plain, kind="several" if several else "one", options=options)
    return replace(plain, kind=_kind(form, name, info, kinds))


def _kind(form: type[Form], name: str, info: FieldInfo, kinds: Any) -> BoxKind:
    if kinds.a_day:
        return "day"
    if kinds.a_number:
        return "number"
    return "text" if is_sealed(form, name) else "line"
