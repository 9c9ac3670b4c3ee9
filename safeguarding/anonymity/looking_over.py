"""
Looking a draft over: every rule of the aid on every passage, what was found once each, in the order of the draft.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from safeguarding.anonymity.ages_and_times import ages_in, times_in
from safeguarding.anonymity.dates_written import dates_in
from safeguarding.anonymity.details import DetailKind, DraftDetail, Spot, Strength, shown_around
from safeguarding.anonymity.draft import DraftRead, Passage, cleaned, typed_plainly
from safeguarding.anonymity.identifiers import AN_AREA, IN_SEALED_WORDS, NOBODY, Identifiers, names_in_sealed
from safeguarding.anonymity.names import NamesSought, names_in, sought_in
from safeguarding.anonymity.numbers_written import numbers_in
from safeguarding.anonymity.places import places_in
from safeguarding.anonymity.rare_details import rare_details_in
from safeguarding.anonymity.words_read import words_of

NEAR = timedelta(days=7)
"""How near a day of a draft lies to one of the record so that it is said. This product's own choice, of no source."""
BY_THEMSELVES = (dates_in, ages_in, times_in, places_in, numbers_in, rare_details_in)
"""What is found by how it is written."""
NAMED_BY_THE_FILE = "The file itself names who wrote it, changed it or remarked on it, or their body."
MARKED_WHERE_SEALED = frozenset({DetailKind.DATE, DetailKind.TIME, DetailKind.AGE, DetailKind.PLACE, DetailKind.NUMBER})
"""Kinds of which it is said that the sealed words have the same; a rare detail that they have is no less rare."""


class LookedOver(NamedTuple):
    """What was found in a draft."""

    details: tuple[DraftDetail, ...]
    draft: DraftRead

    @property
    def by_kind(self) -> list[tuple[DetailKind, int, int, int]]:
        """Of each kind that was found how many: known to the record, exact, and those that may be."""
        times = Counter((one.kind, one.strength) for one in self.details)
        there = [kind for kind in DetailKind if any(found == kind for found, _ in times)]
        return [(kind, *(times[kind, one] for one in sorted(Strength, reverse=True))) for kind in there]  # type: ignore[misc]


def with_sealed(open_ones: Identifiers, texts: Sequence[str]) -> Identifiers:
    """Identifiers with what the sealed texts of the review hold, as somebody may read them: in memory, for one look."""
    phrases, days = set(), set()
    for text in (typed_plainly(cleaned(one)) for one in texts):
        for spot in _by_themselves(text):
            if spot.kind in MARKED_WHERE_SEALED and spot.strength > Strength.MAY_BE:
                phrases.add(_phrase(text, spot))
                days |= {spot.same} if spot.same else set()
    return replace(
        open_ones,
        sealed_names=names_in_sealed(texts),
        sealed_words=frozenset(phrases),
        sealed_days=frozenset(days),
    )


def looked_over(text: str, identifiers: Identifiers = NOBODY) -> tuple[DraftDetail, ...]:
    """What of one short text may point at somebody, in its order. It decides nothing, and does not find everything."""
    return look_over(DraftRead((Passage(cleaned(text)),)), identifiers).details


def look_over(draft: DraftRead, identifiers: Identifiers = NOBODY) -> LookedOver:
    """What of a draft may point at somebody, in the order of the draft."""
    plain = [typed_plainly(passage.text) for passage in draft.passages]
    sought = sought_in(plain, identifiers)
    found = [one for passage, text in zip(draft.passages, plain, strict=True) for one in _of(passage, text, sought)]
    return LookedOver(tuple(found), draft)


def _of(passage: Passage, plain: str, sought: NamesSought) -> Iterator[DraftDetail]:
    known = sought.identifiers
    spots = [*_by_themselves(plain), *names_in(plain, sought, fragment=passage.fragment)]
    if passage.names_somebody:
        spots.append(Spot(0, len(plain), DetailKind.NAME, NAMED_BY_THE_FILE))
    for spot in once_each([_as_known(plain, spot, known) for spot in spots]):
        place = passage.place(spot.start)
        before, after = shown_around(passage.text, spot.start, spot.end)
        words = " ".join(passage.text[spot.start : spot.end].split())
        yield DraftDetail(
            place.page, place.number, passage.part, before, words, after, spot.kind, spot.strength, spot.why
        )


def _by_themselves(text: str) -> Iterator[Spot]:
    for rule in BY_THEMSELVES:
        yield from rule(text)


def once_each(spots: Sequence[Spot]) -> list[Spot]:
    """
    Spots in their order, each once: two of one kind that overlap are one, and the stronger of them says why.

    One inside another of another kind stays where it is stronger: a name that the record knows in that of a school.
    """
    kept: list[Spot] = []
    near: list[int] = []
    for spot in sorted(spots, key=lambda one: (one.start, -one.end, -one.strength)):
        near = [place for place in near if kept[place].end > spot.start]
        around = next((at for at in near if _says_it_too(kept[at], spot)), None)
        if around is None:
            near.append(len(kept))
            kept.append(spot)
            continue
        if spot.strength > kept[around].strength:
            kept[around] = kept[around]._replace(strength=spot.strength, why=spot.why)
        kept[around] = kept[around]._replace(end=max(spot.end, kept[around].end))
    return kept


def _says_it_too(one: Spot, spot: Spot) -> bool:
    """Whether a spot is told with one that begins before it: of its kind; inside it, and no stronger or the area's."""
    inside = spot.end <= one.end
    return spot.kind == one.kind or (inside and (spot.strength <= one.strength or spot.why == AN_AREA))


def _as_known(text: str, spot: Spot, known: Identifiers) -> Spot:
    """The same spot, or a stronger one where the record has what it says."""
    if spot.kind not in MARKED_WHERE_SEALED:
        return spot
    if spot.same and (said := _of_the_record(spot.same, known)):
        return spot._replace(strength=Strength.KNOWN, why=said)
    if (spot.same and spot.same in known.sealed_days) or (
        known.sealed_words and _phrase(text, spot) in known.sealed_words
    ):
        return spot._replace(strength=Strength.KNOWN, why=IN_SEALED_WORDS)
    return spot


def _phrase(text: str, spot: Spot) -> tuple[str, ...]:
    return tuple(word.plain for word in words_of(text[spot.start : spot.end]))


def _of_the_record(same: str, known: Identifiers) -> str:
    """In words, which day of the record it is or lies near; nothing where there is none."""
    near: list[tuple[int, date]] = []
    for day in known.days:
        apart = _apart(same, day)
        if apart is not None and abs(apart) <= NEAR:
            near.append((apart.days, day))
    if not near:
        return ""
    days, day = min(near, key=lambda one: abs(one[0]))
    what = known.days[day][0]
    if days == 0:
        return f"A day of this review's record: {what}."
    how_far = f"{abs(days)} day{'' if abs(days) == 1 else 's'} {'after' if days > 0 else 'before'}"
    return f"{how_far} a day of this review's record: {what}."


def _apart(same: str, day: date) -> timedelta | None:
    """How long after a day of the record it is; without its year, in that year. None for a day that it has not."""
    written = same if len(same) > len("03-03") else f"{day.year}-{same}"
    try:
        return date.fromisoformat(written) - day
    except ValueError:
        return None
