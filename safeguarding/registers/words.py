"""
The sealed words of a review as a table: a row for each text, joined to the registers by the review and the line.

It is no register: nobody finds it at the pages, and it is made only for somebody who may read the whole record and said
why, after that was noted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, NamedTuple

from safeguarding.dates.london import london_date
from safeguarding.law.partnership import Partnership
from safeguarding.registers.columns import Column, Means, columns_of
from safeguarding.review.events import Event
from safeguarding.review.review import Review
from safeguarding.review.words import subject_words
from safeguarding.shown.sealed_words import sealed_texts

ERASED_WORDS = "erased"
"""What stands for a text whose key was destroyed."""


class WordsRow(NamedTuple):
    """One sealed text."""

    reference: Annotated[str, Means("The review.", "reference")]
    track: Annotated[str, Means("The track of the review: children or adults.", "code")]
    pseudonym: Annotated[str, Means("How the person of the review is spoken of.", "text")]
    line: Annotated[int, Means("The line of the review's ledger that holds it, as in the registers.", "line")]
    recorded_on: Annotated[date, Means("The day on which that line was written.", "day")]
    kind: Annotated[str, Means("The kind of that line, as the register of decisions calls it.", "code")]
    step: Annotated[str, Means("What was done by that line, in words.", "text")]
    about: Annotated[str, Means("What it is about: the review as a whole, an action, or an agency's answer.", "code")]
    of: Annotated[
        str, Means("The actions by number, or the agency by its name, divided by a semicolon; else empty.", "text")
    ]
    question: Annotated[str, Means("The question that it answers.", "text")]
    words: Annotated[str, Means("The words, as they were typed; «erased» where they are gone for good.", "text")]


@dataclass(frozen=True, slots=True)
class WordsTable:
    """What the table is called and holds."""

    name: str = "words"
    title: str = "Sealed words"
    about: str = "Every sealed text of the reviews that the person who asked may read whole. Names stand in it."

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, in their order."""
        return columns_of(WordsRow)


WORDS = WordsTable()


def words_rows(
    review: Review, events: Sequence[Event], opened: Mapping[tuple[int, str], str], partnership: Partnership
) -> Iterator[WordsRow]:
    """A row for each sealed text of these lines that was opened, in their order; `opened` is by line and name."""
    for event in events:
        for text in sealed_texts(event):
            words = opened.get((text.line, text.name))
            if words is None:
                continue
            of = "; ".join(subject_words(one, partnership) for one in text.subjects)
            yield WordsRow(
                reference=review.reference,
                track=review.track.value,
                pseudonym=review.pseudonym,
                line=text.line,
                recorded_on=london_date(event.at),
                kind=event.kind,
                step=event.title,
                about=text.about,
                of=of,
                question=text.title,
                words=words,
            )
