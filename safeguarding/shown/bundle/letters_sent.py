"""
What was sent of a review, as a page of its bundle.
"""

from __future__ import annotations

from collections.abc import Sequence

from safeguarding.dates.london import say_moment
from safeguarding.law.partnership import Partnership
from safeguarding.shown.bundle.paper import paper, table, words
from safeguarding.shown.letters_sent import ARRIVED, CHANNELS, LetterSent, about_words, became, to_words

HEAD = ("Number", "Written", "Occasion", "About", "To", "By", "What became of it")
MADE_AS_IT_LEAVES = (
    "The text of a message is made from a template as it leaves and is not kept. What it told is under «About»."
)


def letters_page(reference: str, letters: Sequence[LetterSent], partnership: Partnership) -> str:
    """All of them on a page, the first one first."""
    rows = [
        (
            str(one.number),
            say_moment(one.written_at),
            one.occasion.replace("_", " "),
            about_words(one.about),
            to_words(one.person, partnership),
            CHANNELS.get(one.channel, one.channel),
            became(one),
        )
        for one in letters
    ]
    title = f"{reference}: what was sent, and whether it arrived"
    return paper(title, words(ARRIVED, MADE_AS_IT_LEAVES), table(HEAD, rows, "Nothing."))
