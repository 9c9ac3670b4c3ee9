"""
What if: every date of a review as it would be if things happened on other days, beside what it is. Nothing is written.

It is the engine of the record that counts, on a copy: a date that the record holds is corrected, one that it does
not hold yet happens. So the answer is what doing it for real would give.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from difflib import get_close_matches
from typing import Literal

from safeguarding.dates.counting import Kind, Unit
from safeguarding.dates.london import london_moment
from safeguarding.dates.standing import Standing
from safeguarding.dates.working_days import say
from safeguarding.duties.bounds import held_to_the_law, resumed
from safeguarding.duties.corrections import corrected
from safeguarding.duties.started_and_settled import clocks
from safeguarding.duties.suspension import RESUMED, how_it_stands, looks_no_longer_owed, subject_of
from safeguarding.errors import SafeguardingError
from safeguarding.law.milestones import MILESTONES
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.clashes import Clash, clashes_of
from safeguarding.questions.other_count import StretchLine, stretch_lines
from safeguarding.questions.supposed import Supposed
from safeguarding.review.events import CORRECTED, SYSTEM, Actor, DutyChange, Event, Mark
from safeguarding.review.fold import fold
from safeguarding.review.marks_put_right import corrected_marks
from safeguarding.review.review import Duty, Review
from safeguarding.review.states import Track
from safeguarding.review.step import Outcome
from safeguarding.review.words import subject_words
from safeguarding.values import Frozen

DutyKey = tuple[str, str, int]


class NoSuchEvent(SafeguardingError):
    """A supposition about something that no review of this track knows."""

    code = "no-such-event"

    def __init__(self, event: str, known: tuple[str, ...]) -> None:
        near = get_close_matches(event, known, 3, 0.5) or known
        super().__init__(f"'{event}' is not an event that moves a date here. Perhaps: {', '.join(near)}.", event, known)


How = Literal["corrected", "happens"]


class Reading(Frozen):
    """How a supposition was read: as the right day of what the record holds, or as something that happens."""

    supposed: Supposed
    how: How
    was: date | None = None

    @property
    def words(self) -> str:
        """The reading in words."""
        if self.how == "corrected" and self.was is not None:
            return f"Supposing that {self.supposed.words}, and not on {say(self.was)} as the record has it."
        return f"Supposing that {self.supposed.words}."


class DateBeside(Frozen):
    """One duty, gate or guard before and after: its day and its standing, or that it is not owed."""

    rule: str
    title: str
    subject: str = ""
    whose: str = ""
    occurrence: int = 1
    now_due: date | None
    now_words: str
    then_due: date | None
    then_words: str
    moved: bool

    @property
    def cells(self) -> tuple[str, str, str]:
        """The line for a table: what, today, under the supposition."""
        whose = f": {self.whose}" if self.whose else ""
        return f"{self.title}{whose} ({self.rule})", self.now_words, self.then_words


class WhatIf(Frozen):
    """Every date of a review under a supposition, beside today's."""

    reference: str
    today: date
    readings: tuple[Reading, ...]
    lines: tuple[DateBeside, ...]
    clashes: tuple[Clash, ...]
    first_clash: Clash | None
    stretch: tuple[StretchLine, ...]

    @property
    def moved(self) -> tuple[DateBeside, ...]:
        """The lines that the supposition changes."""
        return tuple(line for line in self.lines if line.moved)

    @property
    def words(self) -> tuple[str, ...]:
        """The whole in words, for a screen."""
        out = [f"{self.reference} on {say(self.today)}. Nothing is written.", *(r.words for r in self.readings)]
        if self.first_clash is not None:
            out.append(f"First clash: {self.first_clash.words}")
            out += [f"Also: {clash.words}" for clash in self.clashes if clash != self.first_clash]
        else:
            out.append("No clash found.")
        out += [f"{'* ' if line.moved else '  '}{' | '.join(line.cells)}" for line in self.lines]
        return (*out, *(line.words for line in self.stretch))


def what_if(
    review: Review, supposed: Iterable[Supposed], rulebook: Rulebook, today: date, others: Sequence[Review] = ()
) -> WhatIf:
    """
    The dates of a review if these things happened on these days, in the order of the days.

    `others` are the other open reviews: two meetings of one panel on a day are found across them. Raises
    NoSuchEvent for a name that moves nothing on this track, HorizonPassed beyond the bank holidays, LawNotFound.
    """
    after, readings = review, []
    for one in sorted(_with_what_follows(review, list(supposed)), key=lambda one: one.on):
        _known(one.event, review.track, rulebook)
        one = one.model_copy(update={"said": rulebook.milestone_words(one.event)})
        reading, event = _happening(after, one, rulebook, today)
        after = fold([event], after)
        readings.append(reading)
    lines = _lines(review, after, rulebook, today)
    found = clashes_of(review, after, [r.supposed for r in readings], rulebook, today, others)
    return WhatIf(
        reference=review.reference,
        today=today,
        readings=tuple(readings),
        lines=tuple(lines),
        clashes=tuple(found),
        first_clash=next((clash for clash in found if clash.new), None) or next(iter(found), None),
        stretch=stretch_lines(after, rulebook),
    )


def _with_what_follows(review: Review, supposed: list[Supposed]) -> list[Supposed]:
    """
    A child's case that is decided is taken to be decided for a review, which is what starts dates.

    Unless the day of that was supposed as well, or the record holds the decision already.
    """
    named = {one.event for one in supposed}
    if "decided" in named and "decided_to_initiate" not in named and review.happened("decided") is None:
        decided = next(one for one in supposed if one.event == "decided")
        supposed = [*supposed, Supposed(event="decided_to_initiate", on=decided.on)]
    return supposed


def events_of(track: Track, rulebook: Rulebook) -> tuple[str, ...]:
    """
    Every event that starts, settles or ends a clock on a track, in the order of a review.

    Not one that only starts a date which people agree with it (a suspension, a deferral): its day says nothing.
    """

    def moves_a_date(name: str) -> bool:
        counted = any(rule.counts.unit is not Unit.AGREED_DATE for rule in rulebook.started_by(name, track))
        return counted or bool(rulebook.settled_by(name, track) or rulebook.ended_by(name, track))

    own = (one.id for one in rulebook.partnership.milestones if one.is_of(track))
    return tuple(name for name in (*MILESTONES, *own) if moves_a_date(name))


def _known(event: str, track: Track, rulebook: Rulebook) -> None:
    known = (*events_of(track, rulebook), "decided")
    if event not in known:
        raise NoSuchEvent(event, known)


def _happening(review: Review, supposed: Supposed, rulebook: Rulebook, today: date) -> tuple[Reading, Event]:
    """The line that the supposition would be: a correction if the record holds the day, else a mark."""
    was = review.happened(supposed.event, supposed.subject or None)
    name, subject, on = supposed.event, supposed.subject, supposed.on
    marks: tuple[Mark, ...] = (Mark(name=name, on=on, subject=subject),)
    changes: tuple[DutyChange, ...]
    if still := _goes_on(review, supposed, rulebook):
        reading = Reading(supposed=supposed, how="happens")
        marks = tuple(Mark(name=name, on=on, subject=subject_of(duty, rulebook.rule(duty.rule))) for duty in still)
        rows = tuple(resumed(duty, on, review, rulebook) for duty in still)
        changes = (*rows, *clocks(review, Outcome(marks=marks), today, rulebook))
    elif was is not None and not _happens_again(supposed, review, rulebook):
        reading = Reading(supposed=supposed, how="corrected", was=was)
        marks = corrected_marks(review.marks, name, subject, was, on)
        changes = corrected(review, name, subject, was, on, rulebook) if was != on else ()
    else:
        reading = Reading(supposed=supposed, how="happens")
        changes = clocks(review, Outcome(marks=marks), today, rulebook)
    changes = (*changes, *held_to_the_law(review, changes, rulebook))
    changes = (*changes, *looks_no_longer_owed(review, changes, today, rulebook))
    put_right = reading.how == "corrected"
    event = Event(
        sequence=review.version + 1,
        at=london_moment(supposed.on, time(12)),
        actor=Actor(person=SYSTEM),
        kind=CORRECTED if put_right else "supposed",
        title="Supposed",
        marks=marks,
        duties=changes,
        edition=rulebook.digest,
    )
    return reading, event


def _goes_on(review: Review, supposed: Supposed, rulebook: Rulebook) -> list[Duty]:
    """The suspended dates that are supposed to go on: the one named, or all of them if none is."""
    if supposed.event != RESUMED:
        return []
    named = [(subject_of(duty, rulebook.rule(duty.rule)), duty) for duty in review.suspended()]
    return [duty for name, duty in named if supposed.subject in ("", name)]


def _happens_again(supposed: Supposed, review: Review, rulebook: Rulebook) -> bool:
    """Whether it recurs (a meeting, a check) or may be planned anew; what happens once has another day instead."""
    settles = rulebook.settled_by(supposed.event, review.track)
    recurs = any(rule.counts.kind is Kind.INTERVAL and review.live(rule.id) for rule in settles)
    planned = supposed.event.startswith("publication_planned")
    return recurs or planned


# --------------------------------------------------------------------------- side by side


def _lines(before: Review, after: Review, rulebook: Rulebook, today: date) -> list[DateBeside]:
    old, new = _latest(before), _latest(after)
    lines = []
    for key in dict.fromkeys([*old, *new]):
        was, then = old.get(key), new.get(key)
        unchanged = was is not None and then is not None and _same(was, then)
        if unchanged and was is not None and was.ended:
            continue
        lines.append(_line(was, then, not unchanged, rulebook, today))
    return sorted(lines, key=lambda line: (line.then_due or line.now_due or date.max, line.rule, line.subject))


def _latest(review: Review) -> dict[DutyKey, Duty]:
    return {duty.key: duty for duty in review.duties if duty.ended != "superseded"}


def _same(was: Duty, then: Duty) -> bool:
    return (was.due_on, was.ended, was.ended_on, was.stops) == (then.due_on, then.ended, then.ended_on, then.stops)


def _line(was: Duty | None, then: Duty | None, moved: bool, rulebook: Rulebook, today: date) -> DateBeside:
    duty = then or was
    if duty is None:
        raise ValueError("a line is about a duty")
    rule = rulebook.rule(duty.rule)
    return DateBeside(
        rule=rule.id,
        title=rule.title,
        subject=duty.subject,
        whose=subject_words(duty.subject, rulebook.partnership) if duty.subject else "",
        occurrence=duty.occurrence,
        now_due=was.due_on if was else None,
        now_words=_stands(was, rulebook, today),
        then_due=then.due_on if then else None,
        then_words=_stands(then, rulebook, today),
        moved=moved,
    )


def _stands(duty: Duty | None, rulebook: Rulebook, today: date) -> str:
    if duty is None:
        return "not owed"
    if duty.guard:
        return _holds(duty, rulebook, today)
    rule = rulebook.rule(duty.rule)
    due = rule.due_words(duty.anchored_on, duty.due_on, duty.edition, rulebook.calendar)
    if duty.ended:
        late = " late" if duty.ended == "settled" and duty.ended_on and duty.ended_on > duty.due_on else ""
        done = "met" if duty.ended == "settled" else "no longer owed"
        return f"{due}: {done}{late} on {say(duty.ended_on or duty.due_on)}"
    found: Standing = how_it_stands(duty, rule.counts.kind, today, rulebook.calendar)
    return found.words if found.state == "suspended" else f"{due} ({found.words})"


def _holds(duty: Duty, rulebook: Rulebook, today: date) -> str:
    """How a guard stands: from which day what it guards may end, or that it has ended, perhaps too early."""
    if not duty.ended:
        return how_it_stands(duty, rulebook.rule(duty.rule).counts.kind, today, rulebook.calendar).words
    ended = duty.ended_on or duty.due_on
    early = ", TOO EARLY" if ended < duty.due_on else ""
    return f"not before {say(duty.due_on)}: ended on {say(ended)}{early}"
