"""
How an answer to a form is read and kept: everything that is wrong with it is named at once; its text is sealed apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from pydantic import (
    ValidationError,
)

from safeguarding.as_typed import (
    A_DAY,
    A_NUMBER,
    leaves,
)
from safeguarding.law.pseudonyms import PSEUDONYM, PSEUDONYM_WORDS
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.choices import SPEAKS_FOR, choices, key_of, nothing_there
from safeguarding.review.forms import (
    WEB_ADDRESS,
    WEB_ADDRESS_WORDS,
    Form,
    FormT,
    PositionIfThere,
    is_sealed,
    nested_form,
    source_of,
)
from safeguarding.review.review import Review
from safeguarding.review.typed_words import REFERENCE, REFERENCE_WORDS, too_much


class Wrong(NamedTuple):
    """One thing wrong with an answer: the names of the questions that lead to it, and what, in words."""

    path: tuple[str | int, ...]
    words: str


def read(
    form: type[FormT],
    raw: dict[str, Any],
    review: Review | None,
    rulebook: Rulebook,
    spoke: Collection[str] = (),
) -> FormT | list[str]:
    """
    The answer as the form, or everything that is wrong with it, in words.

    Choices may be given as the label that was shown or as the key. What is wrong is never repeated back:
    an answer may hold free text about a person, and a refusal is shown, logged and recorded. `spoke` are people who
    have signed for their partner themselves, whoever speaks for it today.
    """
    made = judged(form, raw, review, rulebook, spoke)
    return list(dict.fromkeys(one.words for one in made)) if isinstance(made, list) else made


def judged(
    form: type[FormT],
    raw: dict[str, Any],
    review: Review | None,
    rulebook: Rulebook,
    spoke: Collection[str] = (),
) -> FormT | list[Wrong]:
    """The same, and of each thing that is wrong at which question it lies."""
    if problems := too_much(raw):
        return [Wrong((), words) for words in problems]
    prepared = form.prepared(raw, review, rulebook)
    if isinstance(prepared, list):
        return [Wrong((), words) for words in prepared]
    plain = _keys(form, prepared)
    try:
        filled = form.model_validate(plain)
    except ValidationError as invalid:
        return _in_words(form, invalid.errors(include_url=False), _Lists(review, rulebook, spoke), plain)
    return _Lists(review, rulebook, spoke).not_in_them(form, _choices(filled)) or filled


@dataclass(slots=True)
class _Lists:
    """The lists from which the choices of one form are taken, each made once."""

    review: Review | None
    rulebook: Rulebook
    spoke: Collection[str]
    known: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, source: str) -> dict[str, str]:
        """The keys of a list and their names."""
        if source not in self.known:
            self.known[source] = dict(choices(source, self.review, self.rulebook))
        return self.known[source]

    def not_in_them(self, form: type[Form], chosen: Iterable[_Choice]) -> list[Wrong]:
        """Each choice that is in none of them, with what is offered; or why nothing is."""
        wrong = []
        for path, source, key in chosen:
            if key not in self.of(source) and not (source.startswith(SPEAKS_FOR) and key in self.spoke):
                where = _place(form, [part for part in path if isinstance(part, str)])[0]
                wrong.append(Wrong(path, f"{where}: {self.offer(source)}"))
        return wrong

    def offer(self, source: str) -> str:
        """What there is to choose, or why there is nothing."""
        offered = ", ".join(sorted(self.of(source)))
        return f"choose one of {offered}" if offered else f"there is nothing to choose: {nothing_there(source)}"


def without_wrong_choices(
    form: type[Form], raw: dict[str, Any], review: Review | None, rulebook: Rulebook, wrong: Sequence[Wrong]
) -> Form | None:
    """
    An answer whose choices are wrong, without them. Of several choices those that are right are left; a question with
    none is left out, and asked for it the answer raises AttributeError. So what else is wrong can be said at once. None
    where more than choices is wrong, or the choice of a
    question that may be left empty: it would look so.
    """
    lost = {str(one.path[0]) if one.path else "" for one in wrong}
    if not all(name in form.model_fields and form.model_fields[name].is_required() for name in lost):
        return None
    prepared = form.prepared(raw, review, rulebook)
    if isinstance(prepared, list):
        return None
    try:
        filled = form.model_validate(_keys(form, prepared))
    except ValidationError:
        return None
    sources, lists = {one.name: one.source for one in _fields(form)}, _Lists(review, rulebook, ())
    right = {name: _right_ones(getattr(filled, name), sources[name], lists) for name in lost}
    lost -= {name for name, some in right.items() if some}
    kept = {name: right.get(name) or getattr(filled, name) for name in form.model_fields if name not in lost}
    return form.model_construct(filled.model_fields_set - lost, **kept)


def _right_ones(chosen: Any, source: str | None, lists: _Lists) -> tuple[str, ...]:
    """Of several choices of one list those that are in it; none of a question with a single choice, or with forms."""
    if source is None or not isinstance(chosen, tuple):
        return ()
    return tuple(one for one in chosen if one in lists.of(source))


def _keys(form: type[Form], raw: dict[str, Any]) -> dict[str, Any]:
    """Labels turned into keys wherever the form has a choice; what is left empty is not given."""
    plain = {name: value for name, value in raw.items() if value is not None}
    for name, _, nested, source, _, optional, _ in _fields(form):
        value = plain.get(name)
        if value is None:
            continue
        if optional and says_nothing(value):  # As a page or a spreadsheet sends it.
            del plain[name]
        elif nested is not None and isinstance(value, dict):
            plain[name] = _keys(nested, value)
        elif nested is not None and isinstance(value, list | tuple):
            plain[name] = [_keys(nested, item) if isinstance(item, dict) else item for item in value]
        elif source and isinstance(value, str):
            plain[name] = key_of(value)
        elif source and isinstance(value, list | tuple):
            plain[name] = [key_of(item) if isinstance(item, str) else item for item in value]
    return plain


def says_nothing(value: Any) -> bool:
    """Whether an answer is empty: nothing, no words, or a form in which every question was left so."""
    if isinstance(value, str):
        return not value
    return value is None or (isinstance(value, Mapping) and all(says_nothing(one) for one in value.values()))


class _Field(NamedTuple):
    """What reading an answer needs to know of one field."""

    name: str
    title: str
    nested: type[Form] | None
    """The form that the field holds, one or several."""
    source: str | None
    """The list that its choice is taken from."""
    sealed: bool
    optional: bool
    """Whether it may go without an answer."""
    default: Any


@cache
def _fields(form: type[Form]) -> tuple[_Field, ...]:
    """The fields of a form. Looked up in its annotations once, which takes longer than reading an answer."""
    return tuple(
        _Field(
            name,
            info.title or name,
            nested_form(info),
            source_of(info),
            is_sealed(form, name),
            type(None) in leaves(info.annotation),
            info.default,
        )
        for name, info in form.model_fields.items()
    )


_Choice = tuple[tuple[str | int, ...], str, str]
"""A choice made in a form: where, the list it is taken from, the key chosen."""


def _plain_choices(form: type[Form], plain: Mapping[str, Any], lost: Collection[str | int]) -> Iterator[_Choice]:
    """The choices of the questions of a form itself that can be read, where others cannot."""
    for name, _, nested, source, _, _, default in _fields(form):
        value = plain.get(name)
        if nested is not None or source is None or name in lost or value == default:
            continue
        for key in value if isinstance(value, list | tuple) else (value,):
            if isinstance(key, str):
                yield (name,), source, key


def _choices(filled: Form, path: tuple[str | int, ...] = ()) -> Iterator[_Choice]:
    """Each choice made in a form."""
    for name, _, nested, source, _, _, default in _fields(type(filled)):
        if nested is None and source is None:
            continue
        value, where = getattr(filled, name), (*path, name)
        if isinstance(value, PositionIfThere):
            if value.person is not None:
                yield (*where, "person"), str(source), value.person
        elif isinstance(value, Form):
            yield from _choices(value, where)
        elif isinstance(value, tuple) and value and isinstance(value[0], Form):
            for number, item in enumerate(value):
                yield from _choices(item, (*where, number))
        elif source and value != default:
            for key in value if isinstance(value, tuple) else (value,):
                yield where, source, key


WORDS = {
    "missing": "is needed",
    "string_too_short": "is needed",
    "date_from_datetime_parsing": A_DAY,
    "date_from_datetime_inexact": A_DAY,
    "date_parsing": A_DAY,
    "date_type": A_DAY,
    "string_type": "give words",
    "int_type": A_NUMBER,
    "int_parsing": A_NUMBER,
    "int_parsing_size": A_NUMBER,
    "int_from_float": A_NUMBER,
    "finite_number": A_NUMBER,
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
    "tuple_type": "give a list",
    "model_type": "give an answer to each of its questions",
    "model_attributes_type": "give an answer to each of its questions",
    "bool_parsing": "answer yes or no",
    "bool_type": "answer yes or no",
    "string_unicode": "holds half of a character",
    "too_short": "at least one is needed",
    "too_long": "is too long a list",
    "string_pattern_mismatch": "letters, figures and . : - _ only, and no space",
}

_PATTERNS = {WEB_ADDRESS: WEB_ADDRESS_WORDS, REFERENCE: REFERENCE_WORDS, f"{PSEUDONYM}|^$": f"it {PSEUDONYM_WORDS}"}
"""How an answer is written, by the pattern that it does not fit."""

NOT_CHOSEN = frozenset({"missing", "too_short"})
"""What is said of a question of which nothing was chosen."""

OTHERWISE = "does not fit"
"""Of an error that has no words here, those of the library may repeat what was typed."""


def _in_words(form: type[Form], errors: Sequence[Any], lists: _Lists, plain: Mapping[str, Any]) -> list[Wrong]:
    """
    Every error under the title of its question, and every choice that is in no list; of answers to no question only how
    many there are.
    """
    lost = {error["loc"][0] for error in errors if error["loc"]}
    wrong = lists.not_in_them(form, _plain_choices(form, plain, lost))
    sources = {name: source for name, _, nested, source, *_ in _fields(form) if nested is None and source is not None}
    strange: dict[tuple[int | str, ...], int] = {}
    for error in errors:
        if error["type"] in ("extra_forbidden", "invalid_key"):
            strange[error["loc"][:-1]] = strange.get(error["loc"][:-1], 0) + 1
            continue
        where, _ = _place(form, error["loc"])
        source = sources.get(str(error["loc"][0])) if error["type"] in NOT_CHOSEN else None
        if source is not None and not lists.of(source):
            wrong.append(Wrong(error["loc"], f"{where}: {lists.offer(source)}"))
            continue
        own = error["msg"].removeprefix("Value error, ") if error["type"] == "value_error" else OTHERWISE
        said = _PATTERNS.get(error.get("ctx", {}).get("pattern", ""))
        said = said or _of_a_kind(error) or WORDS.get(error["type"], own)
        wrong.append(Wrong(error["loc"], f"{where}: {said}"))
    for path, count in strange.items():
        where, model = _place(form, path)
        known = ", ".join(model.model_fields) if model is not None else "none"
        no = "1 answer belongs" if count == 1 else f"{count} answers belong"
        wrong.append(Wrong((), f"{where}: {no} to no question of this form, whose questions are: {known}"))
    return wrong


def _of_a_kind(error: Any) -> str | None:
    """The words of an error that says how much or which: of what was typed only how long it is."""
    kind, about = error["type"], error.get("ctx", {})
    if kind == "literal_error":
        return f"choose one of the answers offered: {about['expected']}"
    if kind == "string_too_long":
        most, has = about["max_length"], len(error["input"])
        return f"has {has:,} letters, and at most {most:,} can be kept: {has - most:,} too many"
    if kind in ("greater_than_equal", "less_than_equal"):
        least = kind == "greater_than_equal"
        return f"is too small: at least {about['ge']}" if least else f"is too large: at most {about['le']}"
    return None


def _place(form: type[Form], path: Sequence[int | str]) -> tuple[str, type[Form] | None]:
    """Where an error is, by the titles of the questions; and the form that stands there, if one does."""
    titles: list[str] = []
    model: type[Form] | None = form
    for part in path:
        if isinstance(part, int):
            titles.append(str(part + 1))
            continue
        info = model.model_fields.get(part) if model is not None else None
        if info is not None:
            titles.append(info.title or part.replace("_", " "))
        model = nested_form(info) if info else None
    return ": ".join(titles) or "the form", model


def split(filled: Form, path: str = "") -> tuple[dict[str, Any], dict[str, str]]:
    """The answer in two: the open facts as JSON, and the sealed text by dotted path. Empty text is dropped."""
    facts: dict[str, Any] = {}
    sealed: dict[str, str] = {}
    for name, _, _, _, is_text, _, _ in _fields(type(filled)):
        value = getattr(filled, name)
        if is_text:
            if value:
                sealed[f"{path}{name}"] = value.isoformat() if isinstance(value, date) else value
        elif value is None or isinstance(value, str):
            facts[name] = value
        elif isinstance(value, Form):
            facts[name], inner = split(value, f"{path}{name}.")
            sealed |= inner
        elif isinstance(value, tuple):
            rows = [
                split(item, f"{path}{name}.{n}.") if isinstance(item, Form) else (item, {})
                for n, item in enumerate(value)
            ]
            facts[name] = [row[0] for row in rows]
            for _, inner in rows:
                sealed |= inner
        else:
            facts[name] = value.isoformat() if isinstance(value, date) else value
    return facts, sealed
