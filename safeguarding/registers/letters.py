"""
The register of letters: what was sent of which review to whom, over which channel, and whether it arrived.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

from safeguarding.dates.london import london_date
from safeguarding.registers.columns import Means
from safeguarding.registers.known import RecordKnown
from safeguarding.shown.letters_sent import CHANNELS, LetterSent, about_words, became, to_words


class LetterRow(NamedTuple):
    """One message to one person over one channel."""

    reference: Annotated[str, Means("The review.", "reference")]
    track: Annotated[str, Means("The track of the review: children or adults.", "code")]
    number: Annotated[int, Means("The number of the message, which stands in its head.", "number")]
    occasion: Annotated[str, Means("Why it was written.", "code")]
    about: Annotated[str, Means("What it said: what happened, what is owed by when, how that stood then.", "text")]
    written_on: Annotated[date, Means("The day on which it was written.", "day")]
    to: Annotated[str, Means("To whom: a person by name, or a mailbox that several read.", "text")]
    by: Annotated[str, Means("The channel: email or Microsoft Teams.", "code")]
    outcome: Annotated[
        str,
        Means(
            "delivered (the mail server or the workflow of Teams took it and nothing has come back), not delivered, "
            "withdrawn or not delivered yet.",
            "code",
        ),
    ]
    delivered_on: Annotated[date | None, Means("The day on which it left; empty where it has not.", "day")]
    tries: Annotated[int, Means("How often it was tried.", "number")]
    became: Annotated[str, Means("What became of it, with the moment and the reason.", "text")]
    year: Annotated[int, Means("The calendar year in which it was written.", "year")]


def letter_rows(known: RecordKnown) -> list[LetterRow]:
    """Every message about a review, in the order in which they were written."""
    return [_row(one, known) for one in known.letters if one.reference in known.reviews]


def _row(one: LetterSent, known: RecordKnown) -> LetterRow:
    written_on = london_date(one.written_at)
    return LetterRow(
        reference=one.reference,
        track=known.reviews[one.reference].track.value,
        number=one.number,
        occasion=one.occasion.replace("_", " "),
        about=about_words(one.about),
        written_on=written_on,
        to=to_words(one.person, known.rulebook.partnership),
        by=CHANNELS.get(one.channel, one.channel),
        outcome=one.outcome,
        delivered_on=london_date(one.delivered_at) if one.delivered_at is not None else None,
        tries=one.attempts,
        became=became(one),
        year=written_on.year,
    )
