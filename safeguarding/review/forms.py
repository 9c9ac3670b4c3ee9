"""
What a manager fills in: the forms of every step. How one is shown is in `offered`, how an answer is read in `answers`.

A form is a pydantic model whose fields are dates, choices, numbers and sealed text, nothing else. Before
it is shown, its choices are narrowed to what the partnership's file and the review permit: only people who
hold the role, only agencies that exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo

from safeguarding.as_typed import (
    SINCE_1900,
    Kinds,
    as_meant,
    as_offered,
    is_ancient,
    kinds_of,
    leaves,
    one_line,
    several_lines,
)
from safeguarding.law.pseudonyms import LONGEST, PSEUDONYM, as_kept, of_one_kind
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.choices import SPEAKS_FOR
from safeguarding.review.review import Review
from safeguarding.review.typed_words import LONGEST_REFERENCE, REFERENCE, REFERENCE_WORDS, is_reference


class Form(BaseModel):
    """Base of every form: strict about unknown fields, tolerant of stray spaces."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @classmethod
    def prepared(cls, raw: dict[str, Any], review: Review | None, rulebook: Rulebook) -> dict[str, Any] | list[str]:
        """The answers as they are judged; or what is wrong, where a form takes them in another shape (a table)."""
        return raw

    @field_validator("*", mode="before")
    @classmethod
    def _as_meant(cls, given: Any, info: ValidationInfo) -> Any:
        """Words as they are kept; a choice whatever its capitals; a day only as it is written, never as a number."""
        kinds, by = _judged(cls, str(info.field_name))
        if kinds.offered:
            return given if given in kinds.offered else as_offered(given, kinds.offered)
        if isinstance(given, str) and not kinds.a_day:
            return by(given)
        meant = as_meant(given, kinds)
        if is_ancient(meant, kinds):
            raise ValueError(SINCE_1900)
        return _kept(meant, by)


@cache
def _judged(form: type[Form], name: str) -> tuple[Kinds, Callable[[str], str]]:
    """What kinds of value a question takes, and how its words are kept."""
    return kinds_of(form.model_fields[name].annotation), several_lines if is_sealed(form, name) else one_line


def _kept(given: Any, by: Callable[[str], str]) -> Any:
    """Every word of an answer as it is kept."""
    if isinstance(given, list | tuple):
        return [_kept(one, by) for one in given]
    return by(given) if isinstance(given, str) else given


FormT = TypeVar("FormT", bound=Form)


class Kept:
    """Marks text that is sealed: encrypted in the ledger, in no projection, message, log or run."""


@dataclass(frozen=True)
class From:
    """Marks a choice: `source` names the list it is taken from, see `choices`."""

    source: str


LONGEST_TEXT = 20_000
"""Characters of one answer in free text: about ten pages."""

Sealed = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT), Kept()]
"""Free text that must be given. Who is spoken of stays in the record."""

SealedOptional = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), Kept()]
"""Free text that may be left empty."""


def _a_reference(text: str) -> str:
    if text and not is_reference(text):
        raise ValueError(REFERENCE_WORDS)
    return text


Ref = Annotated[str, StringConstraints(max_length=LONGEST_REFERENCE, pattern=REFERENCE), AfterValidator(_a_reference)]
"""The reference of a letter, a minute or in a system: no sentence fits."""

WEB_ADDRESS = r"^(https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~%/-]*)?)?$"
WEB_ADDRESS_WORDS = "an address that begins with https:// and has no question mark: such as https://dsp.example/reviews"

WebAddress = Annotated[str, StringConstraints(max_length=300, pattern=WEB_ADDRESS)]
"""Where something is on a public web site. Open, as what lies there is."""

Subject = Annotated[str, StringConstraints(max_length=LONGEST_REFERENCE, pattern=r"^[\w.:-]*$")]
"""The id of an agency or an action, as the record has it: one word."""


class WhereChosen:
    """Marks the question for a pseudonym: asked only where the partnership chooses them itself."""


SpokenOf = Annotated[
    str,
    StringConstraints(max_length=LONGEST, pattern=f"{PSEUDONYM}|^$"),
    BeforeValidator(as_kept),
    AfterValidator(of_one_kind),
    WhereChosen(),
]
"""How the person of a review is to be spoken of, or nothing. Never a name: it stands in messages."""

LimbAnswer = Literal["yes", "no", "not known"]


class Limb(Form):
    """One limb of a test: the answer, and why. «Not known» asks for information; it never means «no»."""

    answer: LimbAnswer = Field(title="Answer")
    reason: Sealed = Field(title="Why", description="In your own words. Sealed: it stays in the record.")


class PositionIfThere(Form):
    """What one of the partners said, and who said it for them: of one that need not be there perhaps nobody."""

    person: Annotated[str, From("partner")] | None = Field(
        default=None, title="Who spoke", description="The delegate, or the deputy. Empty if nobody was there."
    )
    position: Literal["agree", "dissent", "absent"] = Field(title="Position")
    reasons: SealedOptional = Field(
        default="", title="Reasons", description="Needed for a dissent or an absence. Sealed."
    )


class Position(PositionIfThere):
    """The same of a partner that must be there."""

    person: Annotated[str, From("partner")] = Field(title="Who spoke", description="The delegate, or the deputy.")


class EachPartner(Form):
    """A position for each partner."""

    def each(self) -> Iterator[tuple[str, PositionIfThere]]:
        """Partner and position, in the order of the form."""
        for partner in type(self).model_fields:
            yield partner, getattr(self, partner)


class Positions(EachPartner):
    """The joint decision: a position for each statutory partner. The duty is equal and shared."""

    local_authority: Annotated[Position, From(f"{SPEAKS_FOR}local_authority")] = Field(title="Local authority")
    police: Annotated[Position, From(f"{SPEAKS_FOR}police")] = Field(title="Police")
    integrated_care_board: Annotated[Position, From(f"{SPEAKS_FOR}integrated_care_board")] = Field(
        title="Integrated care board"
    )


class StillOwed(Form):
    """What becomes of one thing that is still owed when a review closes."""

    what: Annotated[str, From("still owed")] = Field(title="What")
    agency_or_action: Subject = Field(default="", title="Of which agency or action", description="If it is one's own.")
    becomes: Literal["done", "carried on after the closing", "dropped"] = Field(title="What becomes of it")
    on: date | None = Field(
        default=None,
        title="Done on, or its new day",
        description="A new day only for a date of the partnership's own; empty, it stays where it is.",
    )
    reason: SealedOptional = Field(default="", title="Why it is dropped, or has another day")


def still_owed() -> Any:
    """The question that every form asks whose step closes a review."""
    words = "Each that is not done: carried on, or dropped and why. «Everything else» answers for all not named."
    return Field(default=(), title="What is still owed", description=words)


def nested_form(info: FieldInfo) -> type[Form] | None:
    """The form that a field holds, one or several; None where it holds none."""
    return next((a for a in leaves(info.annotation) if isinstance(a, type) and issubclass(a, Form)), None)


def _marks(info: FieldInfo) -> list[Any]:
    return [*info.metadata, *leaves(info.annotation)]


def source_of(info: FieldInfo) -> str | None:
    """The list that a field's choice is taken from; None where it is no choice."""
    return next((mark.source for mark in _marks(info) if isinstance(mark, From)), None)


def is_a_reference(info: FieldInfo) -> bool:
    """Whether this field holds the reference of a paper or of another record."""
    return any(isinstance(mark, AfterValidator) and mark.func is _a_reference for mark in _marks(info))


@cache
def is_sealed(form: type[Form], name: str) -> bool:
    """Whether this field's text is sealed."""
    return any(isinstance(mark, Kept) for mark in _marks(form.model_fields[name]))


@cache
def is_chosen(form: type[Form], name: str) -> bool:
    """Whether this field's answer is taken from a list of the partnership's file or of the review."""
    return source_of(form.model_fields[name]) is not None
