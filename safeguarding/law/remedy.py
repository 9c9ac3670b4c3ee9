"""
What to do when a date cannot be met, and who says so: a source, or this product, which may only suggest it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Self

from pydantic import Field, model_validator

from safeguarding.law.citation import Confidence
from safeguarding.values import FromFile, Name, Sentence

LONGEST = 400
"""Characters of one sentence with who says it: as many as one fact of a message may have."""


class Remedy(FromFile):
    """One sentence of it. Without a tag nobody but this product, or the partnership of a local date, says it."""

    says: Sentence = Field(min_length=1)
    tag: Confidence = Confidence.D
    source: Name | None = None
    """Which provision says it, where one does."""

    @model_validator(mode="before")
    @classmethod
    def _a_plain_sentence(cls, given: Any) -> Any:
        """A sentence alone is the short form: nobody's but ours."""
        return {"says": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _fits_a_message(self) -> Self:
        """A letter carries whole sentences, each with who says it: one that is too long would be left out of it."""
        longest = max(len(f"{self.by(local)} {self.says}") for local in (False, True)) - LONGEST
        if longest > 0:
            raise ValueError(f"is too long for a letter: shorten it by {longest} characters")
        return self

    def by(self, local: bool) -> str:
        """Who says it, as a sentence begins. `local` is a partnership's own date."""
        named = f" ({self.source})" if self.source else ""
        if self.tag.may_be_called_law:
            return f"The rule says{named}:"
        if self.tag is Confidence.K:
            return f"By general knowledge, its text not checked{named}:"
        return "This partnership advises:" if local else "This product suggests:"


def in_words(remedies: Iterable[Remedy], local: bool) -> Iterator[str]:
    """Each sentence with who says it, for each may be read alone: what a source says first."""
    order = list(Confidence)
    for one in sorted(remedies, key=lambda one: order.index(one.tag)):
        yield f"{one.by(local)} {one.says}"
