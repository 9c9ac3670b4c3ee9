"""
What a manager fills in: the forms of every step, and how an answer is read back.

A form is a pydantic model whose fields are dates, choices, numbers and sealed text, nothing else. Before
it is shown, its choices are narrowed to what the partnership's file and the review permit: only people who
hold the role, only agencies that exist. When an answer comes back everything wrong with it is named at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, create_model
from pydantic.fields import FieldInfo

from safeguarding.law.rulebook import Rulebook
from safeguarding.review.review import Review


class Form(BaseModel):
    """Base of every form: strict about unknown fields, tolerant of stray spaces."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


FormT = TypeVar("FormT", bound=Form)


class Kept:
    """Marks text that is sealed: encrypted in the ledger, in no projection, message, log or run."""


@dataclass(frozen=True)
class From:
    """Marks a choice: `source` names the list it is taken from, see `CHOICES`."""

    source: str


Sealed = Annotated[str, StringConstraints(min_length=1, max_length=20_000), Kept()]
"""Free text that must be given. Who is spoken of stays in the record."""

SealedOptional = Annotated[str, StringConstraints(max_length=20_000), Kept()]
"""Free text that may be left empty."""

Ref = Annotated[str, StringConstraints(max_length=60, pattern=r"^[\w ./:#-]*$")]
"""A reference number of a letter, minute or system: letters, digits and . / : # - only, so no sentence fits."""

Answer = Literal["yes", "no", "not known"]


class Limb(Form):
    """One limb of a test: the answer, and why. «Not known» asks for information; it never means «no»."""

    answer: Answer = Field(title="Answer")
    reason: Sealed = Field(title="Why", description="In your own words. Sealed: it stays in the record.")


class Position(Form):
    """What one of the three statutory partners said, and who said it for them."""

    person: Annotated[str, From("partner")] = Field(title="Who spoke", description="The delegate, or the deputy.")
    position: Literal["agree", "dissent", "absent"] = Field(title="Position")
    reasons: SealedOptional = Field(
        default="", title="Reasons", description="Needed for a dissent or an absence. Sealed."
    )


class Positions(Form):
    """The joint decision: a position for each statutory partner. The duty is equal and shared."""

    local_authority: Annotated[Position, From("local_authority")] = Field(title="Local authority")
    police: Annotated[Position, From("police")] = Field(title="Police")
    integrated_care_board: Annotated[Position, From("integrated_care_board")] = Field(title="Integrated care board")

    def each(self) -> Iterator[tuple[str, Position]]:
        """Partner and position, in the order of the form."""
        yield "local_authority", self.local_authority
        yield "police", self.police
        yield "integrated_care_board", self.integrated_care_board


PARTNER_ROLES = ("lead_partner", "delegated_partner", "deputy_partner")
PARTNERS = ("local_authority", "police", "integrated_care_board")

Chooser = Callable[[Review | None, Rulebook], list[tuple[str, str]]]


def _speakers(partner: str) -> Chooser:
    def choose(_: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
        """Everybody who may speak for this partner: its lead, its delegates and their deputies."""
        return [
            (person.id, person.name)
            for person in rulebook.partnership.people
            if person.partner == partner and set(person.roles) & set(PARTNER_ROLES)
        ]

    return choose


def _agencies(_: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    return [(agency.id, agency.name) for agency in rulebook.partnership.agencies]


def _people(_: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    return [(person.id, person.name) for person in rulebook.partnership.people]


def _actions(review: Review | None, _: Rulebook) -> list[tuple[str, str]]:
    return [] if review is None else [(a.id, f"{a.agency}, due {a.due_on}") for a in review.actions]


def _rules(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    if review is None:
        return []
    return [(rule, rulebook.rule(rule).title) for rule in sorted({duty.rule for duty in review.running()})]


def _local_dates(review: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """
    What may be suspended or resumed: of a review, every clock that has not ended, so that one of the law is refused
    with its reason; before a review is known, every rule that may be.
    """
    if review is None:
        return [(rule.id, rule.title) for rule in rulebook.rules if not (rule.track_only or rule.statutory)]
    return [(rule, rulebook.rule(rule).title) for rule in sorted({duty.rule for duty in review.live()})]


def _editions(_: Review | None, rulebook: Rulebook) -> list[tuple[str, str]]:
    """Every edition that applies to some rule, with the day from which it does; what is held back is not offered."""
    applied = {e.name: e for rule in rulebook.rules for e in reversed(rule.editions) if e.in_force}
    return [(name, f"from {edition.from_day}") for name, edition in applied.items()]


def _marks_made(review: Review | None, _: Rulebook) -> list[tuple[str, str]]:
    if review is None:
        return []
    return [(name, name.replace("_", " ")) for name in sorted({mark.name for mark in review.marks})]


CHOICES: dict[str, Chooser] = {
    "agencies": _agencies,
    "people": _people,
    "actions": _actions,
    "running duties": _rules,
    "marks": _marks_made,
    "local dates": _local_dates,
    "editions": _editions,
    **{partner: _speakers(partner) for partner in PARTNERS},
}


def label(key: str, name: str) -> str:
    """How a choice reads on a form: the name, then the key that the record keeps."""
    return f"{name} ({key})"


def key_of(chosen: str) -> str:
    """The key of a choice, whether it was given as the label shown or as the key itself."""
    found = re.search(r"\(([^()]+)\)\s*$", chosen)
    return found.group(1) if found else chosen.strip()


# --------------------------------------------------------------------------- showing a form


def offered(form: type[Form], review: Review | None, rulebook: Rulebook, *, inner: bool = False) -> type[BaseModel]:
    """
    The form as it is shown: every choice a list of labels to pick from, the same titles and descriptions.

    A form inside another (`inner`) shows no words of its own: the question it answers has said enough.
    """
    fields: dict[str, Any] = {}
    for name, info in form.model_fields.items():
        shown = _shown_type(info.annotation, info.metadata, review, rulebook)
        fields[name] = (shown, _shown_field(info))
    return create_model(form.__name__, __doc__="" if inner else form.__doc__, **fields)


def _shown_field(info: FieldInfo) -> Any:
    settings: dict[str, Any] = {"title": info.title, "description": info.description}
    if not info.is_required():
        settings["default"] = info.get_default(call_default_factory=True)
    return Field(**settings)


def _shown_type(annotation: Any, metadata: list[Any], review: Review | None, rulebook: Rulebook) -> Any:
    source = next((mark.source for mark in metadata if isinstance(mark, From)), None)
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        return _shown_type(inner, [*metadata, *marks], review, rulebook)
    if isinstance(annotation, type) and issubclass(annotation, Position):
        return _position_shown(str(source), review, rulebook)
    if isinstance(annotation, type) and issubclass(annotation, Form):
        return offered(annotation, review, rulebook, inner=True)
    if source is not None:
        labels = tuple(label(*choice) for choice in CHOICES[source](review, rulebook))
        return _literal(labels, annotation)
    args = get_args(annotation)
    if get_origin(annotation) is tuple:
        return list[_shown_type(args[0], [], review, rulebook)]  # type: ignore[misc]
    if type(None) in args:
        inner = next(arg for arg in args if arg is not type(None))
        return _shown_type(inner, [], review, rulebook) | None
    return annotation


def _literal(labels: tuple[str, ...], annotation: Any) -> Any:
    if not labels:
        return annotation
    return Literal[labels]


def _position_shown(partner: str, review: Review | None, rulebook: Rulebook) -> type[BaseModel]:
    labels = tuple(label(*choice) for choice in CHOICES[partner](review, rulebook))
    info = Position.model_fields
    fields: dict[str, Any] = {
        "person": (_literal(labels, str), _shown_field(info["person"])),
        "position": (info["position"].annotation, _shown_field(info["position"])),
        "reasons": (str, _shown_field(info["reasons"])),
    }
    return create_model(f"Position_{partner}", __doc__="", **fields)


# --------------------------------------------------------------------------- reading an answer


def read(form: type[FormT], raw: dict[str, Any], review: Review | None, rulebook: Rulebook) -> FormT | list[str]:
    """
    The answer as the form, or everything that is wrong with it, in words.

    Choices may be given as the label that was shown or as the key. What is wrong is never repeated back:
    an answer may hold free text about a person, and a refusal is shown, logged and recorded.
    """
    problems: list[str] = []
    plain = _keys(form, raw)
    try:
        filled = form.model_validate(plain)
    except ValidationError as invalid:
        return [_in_words(form, error) for error in invalid.errors(include_input=False, include_url=False)]
    known: dict[str, dict[str, str]] = {}
    for where, source, chosen in _choices(filled):
        if source not in known:
            known[source] = dict(CHOICES[source](review, rulebook))
        if chosen not in known[source]:
            offer = ", ".join(sorted(known[source])) or "none (there are none yet)"
            problems.append(f"{where}: choose one of {offer}")
    return problems or filled


def _keys(form: type[Form], raw: dict[str, Any]) -> dict[str, Any]:
    """Labels turned into keys wherever the form has a choice."""
    plain = dict(raw)
    for name, _, nested, source, _ in _fields(form):
        if name not in plain:
            continue
        value = plain[name]
        if nested is not None and isinstance(value, dict):
            plain[name] = _keys(nested, value)
        elif nested is not None and isinstance(value, list | tuple):
            plain[name] = [_keys(nested, item) if isinstance(item, dict) else item for item in value]
        elif source and isinstance(value, str):
            plain[name] = key_of(value)
        elif source and isinstance(value, list | tuple):
            plain[name] = [key_of(item) if isinstance(item, str) else item for item in value]
    return plain


class _Field(NamedTuple):
    """What reading an answer needs to know of one field."""

    name: str
    title: str
    nested: type[Form] | None
    """The form that the field holds, one or several."""
    source: str | None
    """The list that its choice is taken from."""
    sealed: bool


@cache
def _fields(form: type[Form]) -> tuple[_Field, ...]:
    """The fields of a form. Looked up in its annotations once, which takes longer than reading an answer."""
    return tuple(
        _Field(name, info.title or name, _nested(info), _source(info), is_sealed(form, name))
        for name, info in form.model_fields.items()
    )


def _leaves(annotation: Any) -> Iterator[Any]:
    """The annotation and everything inside it: the parts of tuples, unions and Annotated."""
    yield annotation
    if get_origin(annotation) is Literal:
        return
    for arg in get_args(annotation):
        yield from _leaves(arg)


def _nested(info: FieldInfo) -> type[Form] | None:
    return next((a for a in _leaves(info.annotation) if isinstance(a, type) and issubclass(a, Form)), None)


def _marks(info: FieldInfo) -> list[Any]:
    return [*info.metadata, *_leaves(info.annotation)]


def _source(info: FieldInfo) -> str | None:
    return next((mark.source for mark in _marks(info) if isinstance(mark, From)), None)


@cache
def is_sealed(form: type[Form], name: str) -> bool:
    """Whether this field's text is sealed."""
    return any(isinstance(mark, Kept) for mark in _marks(form.model_fields[name]))


def _choices(filled: Form, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Each choice made in a form: where (in words), the list it is taken from, the key chosen."""
    for name, title, _, source, _ in _fields(type(filled)):
        value = getattr(filled, name)
        where = f"{path}{title}"
        if isinstance(value, Position):
            yield f"{where}: Who spoke", str(source), value.person
        elif isinstance(value, Form):
            yield from _choices(value, f"{where}: ")
        elif isinstance(value, tuple) and value and isinstance(value[0], Form):
            for item in value:
                yield from _choices(item, f"{where}: ")
        elif source and value:
            for key in value if isinstance(value, tuple) else (value,):
                yield where, source, key


WORDS = {
    "missing": "is needed",
    "string_too_short": "is needed",
    "string_too_long": "is too long",
    "literal_error": "choose one of the answers offered",
    "date_from_datetime_parsing": "give a date, such as 2026-12-18",
    "date_parsing": "give a date, such as 2026-12-18",
    "date_type": "give a date, such as 2026-12-18",
    "bool_parsing": "answer yes or no",
    "bool_type": "answer yes or no",
    "extra_forbidden": "is not a question of this form",
    "string_pattern_mismatch": "letters, digits and . / : # - only",
    "too_short": "at least one is needed",
}


def _in_words(form: type[Form], error: Any) -> str:
    titles: list[str] = []
    model: type[Form] | None = form
    for part in error["loc"]:
        if isinstance(part, int):
            titles.append(str(part + 1))
            continue
        info = model.model_fields.get(part) if model is not None else None
        titles.append((info.title if info else None) or str(part).replace("_", " "))
        model = _nested(info) if info else None
    return f"{': '.join(titles) or 'the form'}: {WORDS.get(error['type'], error['msg'])}"


# --------------------------------------------------------------------------- keeping an answer


def split(filled: Form, path: str = "") -> tuple[dict[str, Any], dict[str, str]]:
    """The answer in two: the open facts as JSON, and the sealed text by dotted path. Empty text is dropped."""
    facts: dict[str, Any] = {}
    sealed: dict[str, str] = {}
    for name, _, _, _, is_text in _fields(type(filled)):
        value = getattr(filled, name)
        if is_text:
            if value:
                sealed[f"{path}{name}"] = value
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
