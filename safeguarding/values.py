"""
The base of every value: frozen once made, refusing what it does not know; and moments that say their time zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from safeguarding.as_typed import as_meant, kinds_of, one_line, several_lines


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment in the ledger must say its time zone")
    return moment


Moment = Annotated[datetime, AfterValidator(_aware)]


def tidy(given: Any) -> Any:
    """Words in one line, as `one_line` makes them. Anything else stays as it is. Raises ValueError."""
    return one_line(given) if isinstance(given, str) else given


def _several(given: Any) -> Any:
    return several_lines(given) if isinstance(given, str) else given


def _called(name: str) -> str:
    if not any(sign.isalnum() for sign in name):
        raise ValueError("holds no letter and no figure that can be seen: type the name again")
    return name


ID = r"^[a-z][a-z0-9_]*$"
"""How an id is written."""
LONGEST_NAME = 250
"""Letters of a name: with a rule's title it fits into one line of a message."""
LONGEST_SENTENCE = 390
"""Letters of a sentence: with what stands around it, it fits into one line of a message."""
LONGEST_KEY = 60
"""Letters of what names an entry of a file."""
LONGEST_TEXT = 4_000
"""Letters of a text that stands on a page and in no message."""

Tidy = Annotated[str, BeforeValidator(tidy)]
"""Words in one line. How long they may be is said where they are used."""
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_NAME), BeforeValidator(tidy), AfterValidator(_called)
]
"""What something or somebody is called."""
Sentence = Annotated[str, StringConstraints(max_length=LONGEST_SENTENCE), BeforeValidator(tidy)]
"""Words in one line that a message may carry."""
Key = Annotated[str, StringConstraints(max_length=LONGEST_KEY), BeforeValidator(tidy)]
"""What names an entry of a file: an id, a role, a milestone."""
Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), BeforeValidator(_several)]
"""Free text of a file, which may have several lines."""


class Frozen(BaseModel):
    """A value: never changed once made, and refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FromFile(Frozen):
    """A value of a file that people write: a day, a number, yes and no are what was written, or are refused."""

    @field_validator("*", mode="before")
    @classmethod
    def _as_meant(cls, given: Any, info: ValidationInfo) -> Any:
        """No number is made of yes, and no day of a number."""
        return as_meant(given, kinds_of(cls.model_fields[str(info.field_name)].annotation))


class Remembering(FromFile):
    """A value of a file that keeps what it once worked out of itself (`cached_property`). A copy keeps none of it."""

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values, which works out its own."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied
