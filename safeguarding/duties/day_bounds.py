"""
What a day that is put right is held to: the bounds of the step that made it, read from the declarations of all steps.

A step takes a day no earlier than what it follows, and no later than today. The same is asked when the day is put
right, of it and of whatever follows it: as the review stands, and as if the step were taken with the right day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date

from safeguarding.dates.london import london_date
from safeguarding.review.conditions import DayFollows, DayFollowsAnother, DayHasCome, DayIsToCome
from safeguarding.review.events import Mark
from safeguarding.review.marks_put_right import corrected_marks, put_right
from safeguarding.review.review import Review
from safeguarding.review.states import Track
from safeguarding.review.step import Step

Made = tuple[str, Track, str]
"""A mark by the kind of line that made it, on a track."""

Earlier = tuple[str, ...]
"""What a day is not before: the first of these that had happened."""


class DayBounds:
    """The bounds of every mark that a step dates by a question of its form."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.after: dict[Made, set[Earlier]] = defaultdict(set)
        self.with_it: dict[Made, set[str]] = defaultdict(set)
        self.has_come: dict[Made, bool] = {}
        self.to_come: set[Made] = set()
        for step in steps:
            self.to_come |= set(_to_come(step))
            for made, earlier in _follows(step):
                self.after[made].add(earlier)
            for made, of_its_line in _follows_another(step):
                self.with_it[made].add(of_its_line)
            for made, come in _come(step):
                self.has_come[made] = self.has_come.get(made, True) and come

    def out_of_place(self, review: Review, what: str, subject: str, right: date, today: date) -> tuple[str, ...]:
        """Why something that happened cannot have happened on this day instead, in words; nothing if it can."""
        was = review.happened(what, subject or None)
        if was is None:
            return ()
        marks = put_right(review.marks, corrected_marks(review.marks, what, subject, was, right))
        moved = [n for n, (old, new) in enumerate(zip(review.marks, marks, strict=False)) if old.on != new.on]
        if not moved:
            return ()
        come = all(self.has_come.get(self._made(review, n), True) for n in moved)
        found = [f"{right} is in the future: today is {today}"] if come and right > today else []
        crossed = list(self._crossed(review, marks, {marks[n].name for n in moved}))
        if crossed:
            before = set(self._crossed(review, review.marks))
            crossed = [words for words in crossed if words not in before]
        if crossed:
            found.append(f"{'; '.join(dict.fromkeys(crossed))}: put the wrong one of the two right first")
        return tuple(found)

    def _crossed(self, review: Review, marks: Sequence[Mark], moved: Set[str] | None = None) -> Iterator[str]:
        """Every day that lies before the one that it follows, in words; of marks of the names that moved, if asked."""
        places: dict[str, list[int]] = defaultdict(list)
        for n, mark in enumerate(marks[: len(review.made_at)]):
            places[mark.name].append(n)
        for n, mark in enumerate(marks[: len(review.made_at)]):
            made = self._made(review, n)
            every = moved is None or mark.name in moved
            if every and made in self.to_come and mark.on <= (taken := _taken(review, n)):
                if review.entered_on is not None and mark.on <= review.entered_on:
                    continue
                yield f"{_words(mark)} on {mark.on} was not to come on {taken}, when that was recorded"
            for earlier in self.after.get(made, ()):
                if every or (moved and not moved.isdisjoint(earlier)):
                    follows = _last_of(marks, places, review.made_at, n, earlier)
                    if follows is not None and mark.on < follows.on:
                        yield f"{_words(mark)} on {mark.on} would be before {_words(follows)} on {follows.on}"
            for follows in _of_its_line(marks, places, review.made_at, n, self.with_it.get(made, ())):
                if mark.on < follows.on:
                    yield f"{_words(mark)} on {mark.on} would be before {_words(follows)} on {follows.on}"

    def _made(self, review: Review, n: int) -> Made:
        line = review.made_at[n] if n < len(review.made_at) else 0
        kind = review.history[line - 1].kind if line else ""
        made, any_name = (kind, review.track, review.marks[n].name), (kind, review.track, "*")
        return any_name if made not in self.has_come and any_name in self.has_come else made


def _last_of(
    marks: Sequence[Mark], places: Mapping[str, list[int]], made_at: Sequence[int], n: int, earlier: Earlier
) -> Mark | None:
    """The mark that this one follows, as it was when its step was taken; of the same line only of the same thing."""
    mine, line = marks[n], made_at[n]
    for name in earlier:
        for place in reversed(places.get(name, ())):
            mark, at = marks[place], made_at[place]
            if mark is mine or at > line:
                continue
            if _of_one_thing(mark, mine) or (at < line and not (mark.subject and mine.subject)):
                return mark
    return None


def _of_its_line(
    marks: Sequence[Mark], places: Mapping[str, list[int]], made_at: Sequence[int], n: int, names: Iterable[str]
) -> list[Mark]:
    """The marks of these names that the same step made."""
    found = sorted(at for name in names for at in places.get(name, ()) if made_at[at] == made_at[n])
    return [marks[at] for at in found]


def _of_one_thing(one: Mark, other: Mark) -> bool:
    """Whether both are of one agency, request or report; a report may have its reference beside its number."""
    a, b = one.subject, other.subject
    return bool(a and b) and (a == b or a.startswith(f"{b}:") or b.startswith(f"{a}:"))


def _follows(step: Step) -> Iterator[tuple[Made, Earlier]]:
    for need in step.needs:
        if isinstance(need, DayFollows):
            for mark in step.days.get(need.question, ()):
                yield from (((step.kind, track, mark), (need.mark,)) for track in step.tracks)
    for mark, earlier in step.follows.items():
        yield from (((step.kind, track, mark), earlier) for track in step.tracks)


def _follows_another(step: Step) -> Iterator[tuple[Made, str]]:
    """Each mark with the first of those that are dated by the question whose day it is not before."""
    for need in step.needs:
        if isinstance(need, DayFollowsAnother):
            other = step.days[need.other][0]
            for mark in step.days.get(need.question, ()):
                yield from (((step.kind, track, mark), other) for track in step.tracks)


def _come(step: Step) -> Iterator[tuple[Made, bool]]:
    asked = {need.question for need in step.needs if isinstance(need, DayHasCome)}
    for question, marks in step.days.items():
        for mark in marks:
            yield from (((step.kind, track, mark), question in asked) for track in step.tracks)


def _to_come(step: Step) -> Iterator[Made]:
    for need in step.needs:
        if isinstance(need, DayIsToCome):
            for mark in step.days.get(need.question, ()):
                yield from ((step.kind, track, mark) for track in step.tracks)


def _taken(review: Review, n: int) -> date:
    """The day on which the line was written that made a mark."""
    return london_date(review.history[review.made_at[n] - 1].at)


def _words(mark: Mark) -> str:
    return mark.name.replace("_", " ")
