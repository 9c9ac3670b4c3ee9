"""
The partnership's «Lessons Learnt Research Digest»: what reviews taught in a period, theme by theme.

It holds approved wordings and no other words of the record. A review that is not published gives its learning without
its reference. What has no approved wording yet is named to whoever makes the digest, and never in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from safeguarding.law.partnership import Partnership
from safeguarding.law.themes import THEMES, theme_words
from safeguarding.review.states import Track
from safeguarding.sharing.items import ItemKnown, ReviewTaught
from safeguarding.shown.bundle.paper import heading, listed, paper, words

TITLE = "Lessons Learnt Research Digest"
GROUPS = (
    ("lesson", "What was learnt"),
    ("finding", "What was found"),
    ("recommendation", "What was recommended"),
    ("done", "What was done"),
    ("under way", "What is being done"),
)
"""The heads under each theme. An action that was given up stands under none."""


class DigestAsked(NamedTuple):
    """What a digest is asked to hold."""

    first: date
    last: date
    """The period, both days of it included."""
    themes: tuple[str, ...] = ()
    """Only these; every theme where it is empty."""
    track: Track | None = None
    """Only reviews of this track; of both for None."""


@dataclass(frozen=True, slots=True)
class LearningDigest:
    """What a digest holds, and what it lacks."""

    asked: DigestAsked
    by_theme: Mapping[str, Sequence[tuple[ItemKnown, ReviewTaught]]]
    """The items of each theme, each under its first one that was asked for."""
    published: Sequence[ReviewTaught]
    """The public reviews of which it has something."""
    waiting: Sequence[ItemKnown]
    """What belongs to the period and has no wording that may be shared."""

    @property
    def count(self) -> int:
        """How many items it holds."""
        return sum(len(items) for items in self.by_theme.values())


def may_be_in(reviews: Iterable[ReviewTaught], asked: DigestAsked) -> list[ReviewTaught]:
    """The reviews with those items alone that belong to a digest, with a wording or without: by open facts."""
    found = []
    for review in reviews:
        items = [one for one in review.items if _theme(one, asked)] if asked.track in (None, review.track) else []
        if items:
            found.append(replace(review, items=items))
    return found


def digest_of(reviews: Sequence[ReviewTaught], asked: DigestAsked, partnership: Partnership) -> LearningDigest:
    """
    The digest of a period. An item belongs to it that was learnt, found, recommended or agreed in it, or whose wording
    was approved in it: what was approved too late for one digest is in the next.
    """
    order = [*THEMES, *(one.id for one in partnership.themes)]
    by_theme: dict[str, list[tuple[ItemKnown, ReviewTaught]]] = {}
    published: dict[str, ReviewTaught] = {}
    waiting = []
    for review in reviews:
        for item in review.items if asked.track in (None, review.track) else ():
            theme = _theme(item, asked)
            if not theme:
                continue
            if not item.words:
                waiting.append(item)
                continue
            by_theme.setdefault(theme, []).append((item, review))
            if review.public is not None:
                published[review.reference] = review
    known = sorted(by_theme, key=lambda one: (order.index(one) if one in order else len(order), one))
    return LearningDigest(asked, {one: by_theme[one] for one in known}, list(published.values()), waiting)


def in_full(day: date) -> str:
    """A day as it stands in a paper for everybody: 3 March 2026."""
    return f"{day.day} {day:%B} {day.year}"


def _theme(item: ItemKnown, asked: DigestAsked) -> str:
    """Under which theme an item stands; nothing for one that does not belong to the digest."""
    days = (item.on, item.approved_on or item.on)
    if not any(asked.first <= day <= asked.last for day in days) or not item.told_as:
        return ""
    return next((one for one in item.themes if not asked.themes or one in asked.themes), "")


def digest_page(digest: LearningDigest, partnership: Partnership) -> str:
    """The digest as a page, from which its Word file and its HTML are made."""
    asked = digest.asked
    return paper(
        TITLE,
        words(
            partnership.name,
            f"What reviews taught us, {in_full(asked.first)} to {in_full(asked.last)}.",
            _about(digest),
        ),
        *_themes(digest, partnership),
        *_where_to_read(digest, partnership),
    )


def _about(digest: LearningDigest) -> str:
    of = {None: "about children and about adults", Track.CHILDREN: "about children", Track.ADULTS: "about adults"}
    if not digest.count:
        return "Nothing that may be shared belongs to this period yet."
    return (
        f"It brings together what reviews {of[digest.asked.track]} found. A review looks for learning, not for "
        "somebody to blame. Each point was written to be shared, and read by a second person before it was."
    )


def _themes(digest: LearningDigest, partnership: Partnership) -> Iterator[str]:
    for theme, items in digest.by_theme.items():
        yield heading(theme_words(theme, partnership.themes))
        for kind, title in GROUPS:
            if said := [_said(item, review, theme, partnership) for item, review in items if item.told_as == kind]:
                yield heading(title, 3)
                yield listed(said)


def _said(item: ItemKnown, review: ReviewTaught, theme: str, partnership: Partnership) -> str:
    """The wording, how it stands, where it comes from and what else it is about."""
    others = [theme_words(one, partnership.themes) for one in item.themes if one != theme]
    beside = [item.status, f"from {review.named}", f"also about: {', '.join(others)}" if others else ""]
    return f"{item.words} ({'; '.join(part for part in beside if part)})"


def _where_to_read(digest: LearningDigest, partnership: Partnership) -> Iterator[str]:
    if not digest.published:
        return
    yield heading("Where to read more")
    where = partnership.contact.website
    yield words(
        "These reviews are published." + (f" Read them at {where}." if where else " Ask the partnership for a copy.")
    )
    for review in digest.published:
        on = review.public.published_on if review.public else None
        page = f", {review.public_page}" if review.public_page else ""
        yield heading(f"{review.reference}{f', published on {in_full(on)}' if on else ''}{page}", 3)
        if review.summary:
            yield words(*review.summary.split("\n\n"))
