"""
Local clocks that stand still: what is left is kept to the day, and counted again from the day they go on.

Only a date of the partnership's own may be suspended, on a ground, because somebody asked, and until a day on which
it is looked at again. A date set by law or guidance never is: it gets a deferral record, and stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from safeguarding.dates.counting import Direction, Kind, Unit
from safeguarding.dates.standing import Standing, standing
from safeguarding.dates.working_days import Calendar, add_working_days, say, working_days_between
from safeguarding.law.giving_way import stands_in_for
from safeguarding.law.rule import Edition, Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Cap, DutyChange, DutyEnded, DutyStarted, Stop
from safeguarding.review.review import Duty, Review

SUSPENDED = "deadline_suspended"
"""The milestone by which a local clock stops, and the duty to look at it again begins."""

RESUMED = "deadline_resumed"
"""The milestone by which it goes on."""

LeftIn = Literal["working days", "calendar days"]


def left_in(rule: Rule) -> LeftIn:
    """The unit in which the remainder of a duty is kept: its own, where that is working days; else calendar days."""
    working = rule.counts.unit in (Unit.WORKING_DAYS, Unit.AS_SOON_AS_POSSIBLE)
    return "working days" if working else "calendar days"


def left_on(day: date, due_on: date, unit: LeftIn, calendar: Calendar) -> int:
    """How much is left of a clock at the end of a day: the days after it, up to and including the due date."""
    return working_days_between(day, due_on, calendar) if unit == "working days" else (due_on - day).days


def due_after(resumed_on: date, left: int, unit: LeftIn, calendar: Calendar) -> date:
    """
    The day on which a clock with so much left is due, going on from a day: that day itself is not counted.

    Nothing left is the same working day, as everywhere.
    """
    if unit == "working days":
        return add_working_days(resumed_on, left, calendar)
    return resumed_on + timedelta(days=left)


class Bound(NamedTuple):
    """The date of the law that a local date serves, and by which rule: nothing local goes past it."""

    rule: str
    on: date


def gone_on(stop: Stop, began: date, bound: Bound | None, calendar: Calendar) -> tuple[date, Stop]:
    """
    The due date of a clock that goes on from a day with what a stop has left, and the stop as it then is.

    What was left is kept to the day, but never past the bound: local policy can never stretch a limit of the law.
    """
    due_on = due_after(began, stop.left, stop.unit, calendar)
    if bound is None or due_on <= bound.on:
        return due_on, stop.model_copy(update={"cap": None})
    cap = Cap(rule=bound.rule, on=bound.on, instead_of=due_on)
    return bound.on, stop.model_copy(update={"cap": cap})


def counted_again(
    anchored_on: date, due_on: date, stops: Iterable[Stop], calendar: Calendar, bound: Bound | None = None
) -> tuple[date, tuple[Stop, ...]]:
    """
    The due date and the stops of a clock that is counted again from its anchor through everything that stopped it.

    `due_on` is the day without any stop. A stop that began only after the day had passed saves nothing and falls away;
    wherever the clock went on, it is held to the bound.
    """
    kept: list[Stop] = []
    for stop in stops:
        began = max(stop.on, anchored_on)
        if due_on < began:
            continue
        stop = stop.model_copy(update={"left": left_on(began, due_on, stop.unit, calendar)})
        if stop.until is not None:
            due_on, stop = gone_on(stop, max(stop.until, began), bound, calendar)
        kept.append(stop)
    return due_on, tuple(kept)


def recounted(
    duty: Duty,
    rule: Rule,
    edition: Edition,
    anchored_on: date,
    opened: date | None,
    stops: tuple[Stop, ...],
    calendar: Calendar,
    bound: Bound | None = None,
) -> tuple[date, tuple[Stop, ...]]:
    """
    The due date and the stops of a duty counted again, from an anchor by an edition and a calendar.

    A day that people agreed stays agreed, and so does one that an extension gave, held to the bound. Raises
    HorizonPassed.
    """
    if duty.extended is not None:
        due_on = duty.extended.to if bound is None else min(duty.extended.to, bound.on)
    elif rule.counts.unit is Unit.AGREED_DATE:
        due_on = duty.due_on - timedelta(days=sum(_given(stop, duty.anchored_on) for stop in duty.stops))
    else:
        due_on = rule.due_on(anchored_on, calendar, opened=opened, edition=edition)
    return counted_again(anchored_on, due_on, stops, calendar, bound)


def _given(stop: Stop, anchored_on: date) -> int:
    """By how many calendar days a suspension has moved a day that people agreed: its length, less what was lost."""
    began = max(stop.on, anchored_on)
    lost = (stop.cap.instead_of - stop.cap.on).days if stop.cap else 0
    return 0 if stop.until is None else max(0, (stop.until - began).days) - lost


def may_be_suspended(rule: Rule, rulebook: Rulebook) -> str:
    """Why a rule's clock may never be suspended, in words; empty if it may."""
    law = stands_in_for(rule, rulebook.given_way, rulebook.rules)
    if law is not None:
        return (
            f"{rule.named} is the clock of {law.named}, a duty of {law.level.words}, and cannot "
            "be suspended: nothing found stops that, not even a trial or an inquest. 'Extend a local date' gives it "
            "another day, with the reason"
        )
    if rule.statutory:
        return (
            f"{rule.named} is a duty of {rule.level.words} and cannot be suspended: nothing found "
            "stops it, not even a trial or an inquest. Use 'Record a deferral': the reasons, to whom they went, the "
            "day it is now expected. The date stands"
        )
    backward = rule.counts.direction is Direction.BACKWARD or rule.counts.kind in (Kind.GATE, Kind.MINIMUM)
    if backward or rule.starts == SUSPENDED:
        return f"{rule.title} hangs on another day and has no clock of its own to suspend: plan that day again"
    return ""


def subject_of(duty: Duty, rule: Rule) -> str:
    """How the duty to look at a suspension again names what is suspended: the rule's name, and its agency or action."""
    return f"{rule.name}:{duty.subject}" if duty.subject else rule.name


def looks_no_longer_owed(
    review: Review, changes: Sequence[DutyChange], on: date, rulebook: Rulebook
) -> tuple[DutyEnded, ...]:
    """
    The duties to look at a suspension again that a line makes pointless, though it does not name them.

    What was suspended was done meanwhile, or fell away, or was counted again to a day before it was suspended.
    """
    suspended = review.suspended()
    if not suspended:
        return ()
    last = {(change.rule, change.subject, change.occurrence): change for change in changes}
    over = set()
    for duty in suspended:
        change = last.get(duty.key)
        still = change is None or (isinstance(change, DutyStarted) and change.stops and change.stops[-1].until is None)
        if not still:
            over.add(subject_of(duty, rulebook.rule(duty.rule)))
    return tuple(
        DutyEnded(
            change="cancelled",
            rule=look.rule,
            subject=look.subject,
            occurrence=look.occurrence,
            on=on,
            why="no longer owed: what was suspended no longer is",
        )
        for look in review.live()
        if look.subject in over and look.key not in last and RESUMED in rulebook.rule(look.rule).ends
    )


class TimeSuspended(NamedTuple):
    """For how long a clock has stood still in all."""

    working_days: int
    calendar_days: int

    @property
    def words(self) -> str:
        """The time in words."""
        return f"{number_of(self.working_days, 'working days')} ({number_of(self.calendar_days, 'calendar days')})"


def time_suspended(duty: Duty, today: date, calendar: Calendar) -> TimeSuspended:
    """How long a duty has been suspended in all, an open suspension counted up to today."""
    spans = [(stop.on, max(stop.on, stop.until or today)) for stop in duty.stops]
    working = sum(working_days_between(start, end, calendar) for start, end in spans)
    return TimeSuspended(working, sum((end - start).days for start, end in spans))


def left_words(stop: Stop) -> str:
    """What is left of a suspended clock: «3 working days left»."""
    return f"{number_of(stop.left, stop.unit)} left"


def suspended_words(stop: Stop) -> str:
    """How a suspended duty stands, in words for a board or a card."""
    return f"suspended until looked at on {say(stop.look_again_on)}"


def words_of(stop: Stop) -> str:
    """A suspension in a sentence, for a page."""
    until = f"resumed on {say(stop.until)}" if stop.until else f"to be looked at on {say(stop.look_again_on)}"
    if stop.cap is not None:
        until += f", and capped at {say(stop.cap.on)} by {stop.cap.rule}"
    return f"Suspended on {say(stop.on)} ({stop.ground}; asked for by: {stop.asked_by}), {left_words(stop)}; {until}."


def capped_words(stop: Stop, rulebook: Rulebook) -> str:
    """That a clock that went on was held to the date of the law, and what that cost; empty if it was not."""
    if stop.cap is None:
        return ""
    cap = stop.cap
    return (
        f"That would be {say(cap.instead_of)}, after {rulebook.rule(cap.rule).title} ({cap.rule}), due {say(cap.on)}. "
        f"CAPPED at {say(cap.on)}: local policy can never stretch a statutory limit. Of what was left, "
        f"{number_of(lost_by(stop, rulebook.calendar), stop.unit)} could not be given back."
    )


def lost_by(stop: Stop, calendar: Calendar) -> int:
    """How much of what was left was not given back, in the unit of the stop: 0 where nothing held the clock."""
    if stop.cap is None:
        return 0
    return min(stop.left, left_on(stop.cap.on, stop.cap.instead_of, stop.unit, calendar))


def suspended_standing(stop: Stop) -> Standing:
    """The standing of a duty under a suspension: what is left, and when it is looked at again."""
    return Standing("suspended", stop.left, suspended_words(stop))


def how_it_stands(duty: Duty, kind: Kind, today: date, calendar: Calendar) -> Standing:
    """The standing of a duty that has not ended: that of its date, or that it is suspended."""
    if duty.suspended is not None:
        return suspended_standing(duty.suspended)
    return standing(duty.due_on, today, calendar, kind=kind)


def number_of(number: int, unit: LeftIn) -> str:
    """So many of a unit, in words: «1 working day»."""
    return f"{number} {unit.removesuffix('s') if number == 1 else unit}"
