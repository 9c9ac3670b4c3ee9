"""
A seven-minute briefing of one review: seven short heads that a team reads and talks about in one sitting.

It holds approved wordings and no other words of the record. What is missing is left out, and named to whoever makes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safeguarding.errors import SafeguardingError
from safeguarding.law.partnership import Partnership
from safeguarding.law.themes import theme_words
from safeguarding.sharing.items import NO_THEME, ItemKnown, ReviewTaught
from safeguarding.shown.bundle.paper import heading, listed, paper, words

BACKGROUND, FOUND, MATTERS, LEARNT_HERE, RECOMMENDED, CHANGED, TEAM = (
    "1. Background",
    "2. What was found",
    "3. Why it matters",
    "4. What was learnt",
    "5. What was recommended",
    "6. What has changed",
    "7. For your team",
)
"""The seven heads."""
UNDER_WAY = "What is being done"
"""A plain head beside them: what was agreed and is not done yet has changed nothing."""
OF_KIND = (
    (FOUND, "finding"),
    (LEARNT_HERE, "lesson"),
    (RECOMMENDED, "recommendation"),
    (CHANGED, "done"),
    (UNDER_WAY, "under way"),
)
QUESTIONS = (
    "Which of this could happen in our own work?",
    "What would we notice, and what would we do?",
    "Whom do we tell when we do not agree with a decision?",
    "What do we do differently from this week on, and who looks whether it helped?",
)
"""What a team talks about: this product's own questions."""
TWO_PAGES = 800
"""Words that fit on two pages of A4, as the Word file is set."""


class NothingToShare(SafeguardingError):
    """A briefing was asked for of a review of which nothing may be shared: not yet, or, erased, never again."""

    code = "nothing-to-share"

    def __init__(self, reference: str, *, erased: bool = False) -> None:
        super().__init__(
            f"The words of {reference} were erased, so there is no briefing of it, and there will be none."
            if erased
            else f"Nothing of {reference} may be shared yet, so there is no briefing: no wording of it is approved. "
            "Write one with 'Write a wording to share', and have somebody else approve it.",
            reference,
        )


@dataclass(frozen=True, slots=True)
class Briefing:
    """A briefing, and what it lacks."""

    page: str
    """As a page, from which its Word file and its HTML are made."""
    not_approved: Sequence[str]
    """The items without a wording that may be shared, by number."""
    left_out: Sequence[str]
    """The heads that are not in it, since nothing is there for them."""
    words: int
    """How many words of the record it has."""

    @property
    def too_long(self) -> bool:
        """Whether it takes more than two pages."""
        return self.words > TWO_PAGES


def briefing_of(review: ReviewTaught, partnership: Partnership) -> Briefing:
    """The briefing of a review. Raises NothingToShare where no wording of it is approved."""
    told = [item for item in review.items if item.told_as]
    shared = [item for item in told if item.words]
    if not shared and not review.summary:
        raise NothingToShare(review.reference)
    parts = {BACKGROUND: words(*review.summary.split("\n\n")) if review.summary else ""}
    for head, kind in OF_KIND:
        parts[head] = listed(_said(item) for item in shared if item.told_as == kind)
    parts[MATTERS] = _why(shared, partnership)
    parts[TEAM] = listed(QUESTIONS)
    order = (BACKGROUND, FOUND, MATTERS, LEARNT_HERE, RECOMMENDED, CHANGED, UNDER_WAY, TEAM)
    page = paper(
        f"Seven-minute briefing: {review.named}",
        words(partnership.name, "Read it together in seven minutes, then talk about the last part."),
        *(heading(head) + parts[head] for head in order if parts[head]),
        *_published(review, partnership),
    )
    return Briefing(
        page=page,
        not_approved=[*([] if review.summary else ["the summary"]), *_numbers(told)],
        left_out=[head.partition(" ")[2] for head in order if not parts[head] and head != UNDER_WAY],
        words=sum(len(text.split()) for text in (review.summary, *(item.words for item in shared))),
    )


def _numbers(items: Sequence[ItemKnown]) -> list[str]:
    return [item.number for item in items if not item.words]


def _said(item: ItemKnown) -> str:
    return f"{item.words} ({item.status})" if item.status else item.words


def _why(shared: Sequence[ItemKnown], partnership: Partnership) -> str:
    """What the items that may be shared are about, where they say so; «other» says nothing to a reader."""
    themes = dict.fromkeys(theme for item in shared for theme in item.themes if theme != NO_THEME)
    said = ", ".join(theme_words(one, partnership.themes) for one in themes)
    return words(f"A review looks for learning, not for somebody to blame. This one is about: {said}.") if said else ""


def _published(review: ReviewTaught, partnership: Partnership) -> Iterator[str]:
    if review.public is not None:
        where = partnership.contact.website
        beside = f" Read it at {where}." if where else ""
        page = f" Its page: {review.public_page}." if review.public_page else ""
        yield words(f"The review is published.{page}{beside}")
