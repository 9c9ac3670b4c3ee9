"""
What a partnership is told of its own timetable: steps that stay whatever its list says, and clocks that gave way to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.resources import files

from config.relied_on import read_relied_on
from safeguarding.dates.counting import UNCOUNTED, Direction, Kind, add_months
from safeguarding.dates.working_days import say
from safeguarding.errors import HorizonPassed, SafeguardingError
from safeguarding.law.citation import Confidence, Level
from safeguarding.law.giving_way import in_place_of
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.law.serving import comes_before, is_a_limit
from safeguarding.lifecycle import REMINDED_WITHIN
from safeguarding.questions.plan import plan_from
from safeguarding.questions.two_timetables import twins
from safeguarding.review.states import Track
from safeguarding.stages import STEPS
from safeguarding.stages.carried_in import CARRY_IN


def to_know(rulebook: Rulebook, today: date) -> list[str]:
    """What stops nothing and somebody should know of the partnership's own dates, in words for `check`."""
    return [
        *_not_named(rulebook),
        *_given_way(rulebook),
        *_two_timetables(rulebook),
        *_after_the_review(rulebook, today),
        *_too_late(rulebook, today),
        *_never(rulebook),
        *_too_far(rulebook, today),
    ]


def _made_on(track: Track) -> set[str]:
    """The marks that the steps of a track make. Carrying in, which is of both, makes none that is the other's alone."""
    others = {track: _made(track, carried_in=False) for track in Track}
    elsewhere = set().union(*(marks for one, marks in others.items() if one is not track))
    return others[track] | (_made(track, carried_in=True) - elsewhere)


def _made(track: Track, *, carried_in: bool) -> set[str]:
    theirs = (step for step in STEPS.values() if track in step.tracks and (step is CARRY_IN) is carried_in)
    return {mark for step in theirs for mark in step.marks}


_MADE = {track.value: _made_on(track) for track in Track}
"""What may happen on each track: the marks that its steps make."""


def _ours(rulebook: Rulebook) -> Iterator[Rule]:
    """The partnership's own steps, and the duties to which it gave a length of its own."""
    own = {one.rule for one in rulebook.partnership.lengths}
    counted = (rule for rule in rulebook.rules if not rule.track_only and rule.counts.unit not in UNCOUNTED)
    return (rule for rule in counted if rule.level is Level.LOCAL or rule.id in own)


def _never(rulebook: Rulebook) -> Iterator[str]:
    """Steps that hang on what happens on the other track alone: nobody would ever owe them, or be done with them."""
    for rule in rulebook.rules:
        if rule.level is not Level.LOCAL or rule.track == "both":
            continue
        (other,) = set(_MADE) - {rule.track}
        for what, name in (("begins", rule.starts), ("is counted", rule.counts_from), ("is met", rule.settled_by)):
            if name is not None and name in _MADE[other] - _MADE[rule.track]:
                words = f"that {rulebook.milestone_words(name)} ({name}) happens in no review of {rule.track}"
                yield f"{rule.title} ({rule.id}) never {what}: {words}"
        if rule.starts is not None and rule.starts == rule.settled_by and rule.counts.kind is not Kind.INTERVAL:
            yield f"{rule.title} ({rule.id}) is met by what it begins with ({rule.starts}): nobody is ever asked for it"


def _too_far(rulebook: Rulebook, today: date) -> Iterator[str]:
    """Lengths that reach beyond what can be counted: the step that begins them would be refused, a notification too."""
    last = rulebook.calendar.provisional.last - REMINDED_WITHIN
    for rule in _ours(rulebook):
        if rule.counts.direction is Direction.BACKWARD:
            continue
        try:
            far = rule.due_on(today, rulebook.calendar) > last
        except HorizonPassed:
            far = True
        except SafeguardingError:
            continue  # Before its first edition.
        if far:
            yield (
                f"{rule.title} ({rule.id}, {_counted(rule)}) reaches beyond what can be counted today, and whatever "
                "begins it would be refused: shorten it, or count it in months or years"
            )


def _not_named(rulebook: Rulebook) -> Iterator[str]:
    shipped = read_relied_on(files("config"), []).rules
    counted = {rule.id: rule for rule in rulebook.rules}
    there = [counted[key] for key, rule in shipped.items() if key in counted and counted[key].editions == rule.editions]
    counts = [f"{rule.id} ({_counted(rule)})" for rule in there if rule.counts.unit not in UNCOUNTED]
    agreed = [rule.id for rule in there if rule.counts.unit in UNCOUNTED]
    if counts:
        yield f"the program counts these itself; your list may give them another length: {', '.join(counts)}"
    if agreed:
        yield f"the program relies on these, by the day that people agree, whatever your list says: {', '.join(agreed)}"


def _counted(rule: Rule) -> str:
    edition = rule.editions[-1]
    return rule.counts_in(edition).words + (", invented" if edition.length_tag is Confidence.D else "")


def _given_way(rulebook: Rulebook) -> Iterator[str]:
    for rule in rulebook.given_way:
        yours = ", ".join(other.id for other in in_place_of(rule, rulebook.rules))
        number = rule.counts_in(rule.editions[-1]).words
        stays = "" if rule.level is Level.LOCAL else "; the duty stays, shown and cited"
        yield f"{rule.title} ({rule.id}, {number}, set by no source) gives way to your {yours}{stays}"


def _two_timetables(rulebook: Rulebook) -> Iterator[str]:
    """A step of ours for what guidance aims at sooner: both run, and it is no fault."""
    for rule in rulebook.rules:
        for law in twins(rule, rulebook) if rule.level is Level.LOCAL and not rule.track_only else ():
            if law.counts.kind is Kind.AIM:
                yield (
                    f"{rule.title} ({rule.id}, {_counted(rule)}) runs beside {law.title} ({law.id}, {_counted(law)}): "
                    f"past the day of {law.id} its reasons are recorded, whatever yours says"
                )


def _after_the_review(rulebook: Rulebook, today: date) -> Iterator[str]:
    """A length of monitoring after which a review is over: regulation 14 asks for intervals during its course."""
    limit = rulebook.rule("C12")
    for rule in rulebook.rules:
        if rule.settled_by != "quality_monitored" or rule.track_only or rule.counts.kind is not Kind.INTERVAL:
            continue
        try:
            first = rule.due_on(today, rulebook.calendar)
        except HorizonPassed:
            first = date.max
        if first > limit.due_on(today, rulebook.calendar):
            yield (
                f"{rule.title} ({rule.id}, {_counted(rule)}) comes after {limit.title} ({limit.id}): the "
                "review would be over before it is monitored once, and regulation 14 of S.I. 2018/789 asks for "
                "that at regular intervals during its course. Shorten it"
            )


def _too_late(rulebook: Rulebook, today: date) -> Iterator[str]:
    """
    Local steps that cannot be kept before the day of the law that they serve, each once: those counted from the same
    day and those that follow from other steps, planned from days of a whole year.
    """
    told: set[tuple[str, str]] = set()
    for law in rulebook.rules:
        for day in _days_of_a_year(today) if is_a_limit(law) else ():
            try:
                plan = plan_from(law.id, day, rulebook, today)
            except SafeguardingError:
                continue  # Before its first edition, or beyond the bank holidays.
            last = next(line for line in plan.lines if line.rule == law.id)
            for line in plan.lines:
                rule = rulebook.rule(line.rule)
                if line.due_on > last.due_on and (rule.id, law.id) not in told and _is_for(rule, law):
                    told.add((rule.id, law.id))
                    yield (
                        f"{rule.title} ({rule.id}) cannot be kept before {law.title} ({law.id}), which it serves: "
                        f"counted from {say(day)} it falls on {say(line.due_on)}, and {law.id} on {say(last.due_on)}. "
                        "Shorten it, or what it waits for"
                    )


def _is_for(rule: Rule, law: Rule) -> bool:
    if rule.level is not Level.LOCAL or rule.counts.kind is Kind.INTERVAL:
        return False
    meant = law.settled_by == rule.settled_by or law.settled_by in rule.ends or rule.no_later_than == law.id
    return meant or (rule.stage == law.stage and comes_before(rule, law))


def _days_of_a_year(today: date) -> list[date]:
    """The first of each of the next twelve months, and the Friday before a Christmas: there most days do not count."""
    months = [add_months(today.replace(day=1), number) for number in range(1, 13)]
    return [*months, date(today.year, 12, 18)]
