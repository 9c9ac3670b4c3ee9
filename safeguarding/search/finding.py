"""
Which reviews are found, and why each was: by its name, by words of its record, by agency, person, answer, stage or day.

All that is asked must fit. Words must stand together in one line of the record, as far as they are not the reference or
pseudonym of the review itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple, overload

from safeguarding.dates.london import london_date
from safeguarding.dates.working_days import say
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.review.who_sees import may_see_positions, serves
from safeguarding.review.words import agency_name
from safeguarding.search.known import DayKnown, LineKnown, PartInIt, ReviewHead, SearchedReview
from safeguarding.search.wanted import CLOSED, DECIDED, OPEN_ONES, OPENED, PUBLISHED, SEPARATOR, UNDER_WAY, SearchWanted
from safeguarding.search.words import SearchTerm, folded, held, holds, phrase_of, plainly, terms_of

MOST_REASONS = 3
"""Lines that are named of one reason."""
LONGEST_SHOWN = 220
"""Letters of a line that are shown."""


class Why(NamedTuple):
    """One reason for which a review was found, and the line that says so; 0 where no line does."""

    words: str
    line: int = 0


class FoundReview(NamedTuple):
    """A review that was found, and why."""

    head: ReviewHead
    why: Sequence[Why]
    exactly: bool = False
    """Whether what was looked for is its very reference or pseudonym."""


class Fits(NamedTuple):
    """A review that fits all that is asked besides words, and why."""

    review: SearchedReview
    why: Sequence[Why]


def as_they_see(review: SearchedReview, person: Person, partnership: Partnership) -> SearchedReview:
    """A review that somebody may see as they see it: how partners have signed, only where that is theirs to see."""
    if review.veil is None or may_see_positions(person, review.asked, review.head.track, partnership):
        return review
    return review.veil


def fitting(reviews: Iterable[SearchedReview], wanted: SearchWanted, partnership: Partnership) -> list[Fits]:
    """The reviews that fit all that is asked besides words, and why they do."""
    checks = [check for asked, check in CHECKS if asked(wanted)]
    there = []
    for review in reviews:
        why: list[Why] = []
        for check in checks:
            said = check(review, wanted, partnership)
            if not said:
                break
            why += said
        else:
            there.append(Fits(review, [one for one in why if one.words]))
    return there


def found(reviews: Iterable[SearchedReview], wanted: SearchWanted, partnership: Partnership) -> FoundReviews:
    """The reviews that are found by what the record holds openly, the newest first."""
    fits = fitting(reviews, wanted, partnership)
    by_words = ByWords.of(wanted.words, (one.review.head for one in fits)) if wanted.words else None
    if by_words is not None:
        fits = [one for one in fits if by_words.finds(one.review)]

    def order(one: Fits) -> tuple[bool, datetime, str]:
        return _order(one.review.head, exactly=by_words is not None and by_words.names(one.review.head))

    return FoundReviews(sorted(fits, key=order, reverse=True), by_words)


class FoundReviews(Sequence[FoundReview]):
    """
    The reviews that were found, in their order. By what one was found is worked out as it is looked at: of many that
    are found a page is shown.
    """

    def __init__(self, fits: Sequence[Fits], by_words: ByWords | None) -> None:
        self._fits, self._by_words = fits, by_words

    def __len__(self) -> int:
        return len(self._fits)

    @overload
    def __getitem__(self, place: int) -> FoundReview: ...
    @overload
    def __getitem__(self, place: slice) -> list[FoundReview]: ...
    def __getitem__(self, place: int | slice) -> FoundReview | list[FoundReview]:
        one = self._fits[place]
        return self._told(one) if isinstance(one, Fits) else [self._told(each) for each in one]

    def _told(self, one: Fits) -> FoundReview:
        head, by_words = one.review.head, self._by_words
        if by_words is None:
            return FoundReview(head, one.why)
        return FoundReview(head, (*by_words.why(one.review), *one.why), by_words.names(head))


def newest_first(reviews: Iterable[FoundReview]) -> list[FoundReview]:
    """That which was named exactly, then the newest."""
    return sorted(reviews, key=lambda one: _order(one.head, exactly=one.exactly), reverse=True)


def _order(head: ReviewHead, *, exactly: bool) -> tuple[bool, datetime, str]:
    return exactly, head.opened_at, head.reference


# --------------------------------------------------------------------------- words


@dataclass(frozen=True, slots=True)
class ByWords:
    """What is looked for in words, in some reviews."""

    typed: str
    """Letters and figures alone."""
    terms: Sequence[SearchTerm]
    exact: bool
    """Whether it is the very reference or pseudonym of one of them: «Child A» is then no part of «Child AB»."""

    @classmethod
    def of(cls, words: str, heads: Iterable[ReviewHead]) -> ByWords:
        """What was typed, to be looked for in these reviews."""
        typed = plainly(words)
        exact = bool(typed) and any(typed in names_of(head) for head in heads)
        return cls(typed, phrase_of(words) if exact else terms_of(words), exact)

    def names(self, head: ReviewHead) -> bool:
        """Whether it is the very reference or pseudonym of a review."""
        return self.exact and self.typed in names_of(head)

    def finds(self, review: SearchedReview) -> bool:
        """Whether a review is found by what it holds openly."""
        if not self.terms:
            return False
        rest = self.beside_the_name(review.head)
        if not rest:
            return True
        first, *others = rest  # Most lines lack the first, and every line of every review may be looked at.
        return any(holds(one.folded, first) and all(holds(one.folded, term) for term in others) for one in review.lines)

    def why(self, review: SearchedReview) -> list[Why]:
        """By what a review is found, of all that it holds openly."""
        if not self.terms:
            return []
        rest = self.beside_the_name(review.head)
        if not rest:
            return [Why("its reference or pseudonym")]
        lines = [one for one in reversed(review.lines) if all(holds(one.folded, term) for term in rest)]
        shown = [Why(f"words in «{one.title}»: {_shown(one, rest)}", one.line) for one in lines[:MOST_REASONS]]
        return [*shown, *_more(len(lines))]

    def beside_the_name(self, head: ReviewHead) -> list[SearchTerm]:
        """What is to be found in the record, after what the reference or pseudonym itself has."""
        names = names_of(head)
        if self.exact:
            return [] if self.typed in names else [*self.terms]
        if any(self.typed in name for name in names):
            return []
        return [term for term in self.terms if not _is_in_the_name(term, names, head)]


@lru_cache(maxsize=50_000)
def names_of(head: ReviewHead) -> tuple[str, str]:
    """The reference and the pseudonym of a review, letters and figures alone."""
    return plainly(head.reference), plainly(head.pseudonym)


def _is_in_the_name(term: SearchTerm, names: Iterable[str], head: ReviewHead) -> bool:
    if not term.whole:
        return any(plainly(term.joined) in name for name in names)
    return holds(folded(f"{head.reference} {head.pseudonym}"), term)


def _shown(line: LineKnown, terms: Sequence[SearchTerm]) -> str:
    """What the line says of it, as its history does."""
    said = next((part for part in line.said if held([folded(part)], terms)), line.said[0])
    return said if len(said) <= LONGEST_SHOWN else f"{said[:LONGEST_SHOWN].rstrip()}..."


def bounded(why: Sequence[Why], of: str = "line") -> list[Why]:
    """At most so many reasons of one kind, and how many more there are."""
    return [*why[:MOST_REASONS], *_more(len(why), of)]


def _more(count: int, of: str = "line") -> list[Why]:
    more = count - MOST_REASONS
    return [Why(f"and {more} more {of}{'' if more == 1 else 's'}")] if more > 0 else []


# --------------------------------------------------------------------------- everything else


def _of_the_agency(review: SearchedReview, wanted: SearchWanted, partnership: Partnership) -> list[Why]:
    name, parts = agency_name(wanted.agency, partnership), review.agencies.get(wanted.agency, ())
    return bounded([Why(f"agency: {name}, {part.how}", part.line) for part in reversed(parts)])


def _of_the_person(review: SearchedReview, wanted: SearchWanted, partnership: Partnership) -> list[Why]:
    person = partnership.ever(wanted.person)
    name = person.name if person else review.names.get(wanted.person, wanted.person)
    parts = [*reversed(review.people.get(wanted.person, ()))]
    if person is not None:
        theirs = [one for one in review.agencies if serves(person, one, partnership)]
        parts += [
            PartInIt(f"speaks for {agency_name(one, partnership)}", review.agencies[one][0].line) for one in theirs
        ]
    return bounded([Why(f"person: {name}, {part.how}", part.line) for part in parts])


def _of_the_track(review: SearchedReview, wanted: SearchWanted, _: Partnership) -> list[Why]:
    return [Why("")] if review.head.track.value == wanted.track else []


def _at_the_stage(review: SearchedReview, wanted: SearchWanted, _: Partnership) -> list[Why]:
    kind, value = wanted.stage.split(":", 1)
    head = review.head
    if value != {"stage": head.stage.value, "state": head.state.value}[kind]:
        return []
    if kind == "state":
        return [Why(f"where it stands: {head.state.words if head.open else head.state.ended_how}")]
    return [Why(f"stage: {head.stage.named(head.track)}{'' if head.open else ', the last before it closed'}")]


def _on_the_theme(review: SearchedReview, wanted: SearchWanted, _: Partnership) -> list[Why]:
    there = (one for one in review.themes if f"{one[0]}{SEPARATOR}{one[1]}" == wanted.theme)
    return [Why(f"{title[:1].lower()}{title[1:]}: {answer}", review.themes[title, answer]) for title, answer in there]


def _open_or_closed(review: SearchedReview, wanted: SearchWanted, _: Partnership) -> list[Why]:
    return [Why("")] if review.head.open is (wanted.open == OPEN_ONES) else []


def _on_the_days(review: SearchedReview, wanted: SearchWanted, _: Partnership) -> list[Why]:
    if wanted.when == UNDER_WAY:
        return _under_way(review, wanted)
    opened = DayKnown(london_date(review.head.opened_at), 1)
    closed = [review.closed] if review.closed else []
    days: Mapping[str, Sequence[DayKnown]] = {
        OPENED: [opened],
        DECIDED: review.decided,
        PUBLISHED: review.published,
        CLOSED: closed,
    }
    there = [one for one in days[wanted.when] if _lies(one.on, wanted)]
    return bounded([Why(f"{wanted.when} on {say(one.on)}", one.line) for one in reversed(there)])


def _under_way(review: SearchedReview, wanted: SearchWanted) -> list[Why]:
    began, closed = review.began, review.closed
    if (wanted.until and began.on > wanted.until) or (closed and wanted.since and closed.on < wanted.since):
        return []
    ended = f" until {say(closed.on)}" if closed else ""
    return [Why(f"under way {'from' if ended else 'since'} {say(began.on)}{ended}", began.line)]


def _lies(on: date, wanted: SearchWanted) -> bool:
    return (wanted.since is None or wanted.since <= on) and (wanted.until is None or on <= wanted.until)


SearchCheck = Callable[[SearchedReview, SearchWanted, Partnership], list[Why]]
CHECKS: Sequence[tuple[Callable[[SearchWanted], object], SearchCheck]] = (
    (lambda wanted: wanted.track, _of_the_track),
    (lambda wanted: wanted.open, _open_or_closed),
    (lambda wanted: wanted.agency, _of_the_agency),
    (lambda wanted: wanted.person, _of_the_person),
    (lambda wanted: wanted.theme, _on_the_theme),
    (lambda wanted: wanted.stage, _at_the_stage),
    (lambda wanted: wanted.since or wanted.until or wanted.when != UNDER_WAY, _on_the_days),
)
"""What may be asked besides words, and how it is seen whether a review fits: one without words says nothing more."""
