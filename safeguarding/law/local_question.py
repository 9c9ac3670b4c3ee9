"""
A question that a partnership asks besides, on the form of a step: in its own folder, in its own words.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from safeguarding.values import ID, FromFile, Key, Name, Sentence

MOST_QUESTIONS = 200
"""Questions of one partnership: a form with more than a few is not filled in."""


class LocalQuestion(FromFile):
    """One question beside those of a step's form. Its answer is kept with the step, and no rule depends on it."""

    id: Key = Field(pattern=ID, max_length=30)
    step: Key
    """The step on whose form it is asked."""
    track: Literal["children", "adults", "both"] = "both"
    title: Annotated[Name, StringConstraints(max_length=120)]
    help: Sentence = ""
    kind: Literal["text", "date", "yes_no", "choice"]
    """Free text; a day; yes, no or not known; one of `choices`."""
    choices: tuple[Annotated[Name, StringConstraints(max_length=80)], ...] = Field(default=(), max_length=50)
    required: bool = False
    sealed: bool = True
    """Whether the answer is encrypted with the review's key. Free text always is: it may speak of a person."""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind == "choice" and len({choice.casefold() for choice in self.choices}) < max(2, len(self.choices)):
            raise ValueError("'choices' must hold two different answers at least, and none twice")
        if self.kind != "choice" and self.choices:
            raise ValueError("'choices' belongs to the kind 'choice' alone")
        if self.kind == "text" and not self.sealed:
            raise ValueError("'sealed: no' is not for free text: it may speak of a person, and is always sealed")
        return self

    @property
    def field(self) -> str:
        """Its name on a form, which no question of the program's has."""
        return f"local_{self.id}"

    def asked_on(self, track: str) -> bool:
        """Whether reviews of this track are asked it."""
        return self.track in ("both", track)
