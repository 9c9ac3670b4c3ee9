"""The sentences of an explained date, in the order in which a person asks: what it is, how counted, what else."""

from __future__ import annotations

from datetime import date

from safeguarding.dates.counting import Direction, Kind, Unit
from safeguarding.dates.day_by_day import Working
from safeguarding.dates.working_days import say
from safeguarding.duties.extension import extended_words
from safeguarding.duties.lateness import only_planned
from safeguarding.duties.suspension import (
    Bound,
    capped_words,
    counted_again,
    left_words,
    number_of,
    time_suspended,
    words_of,
)
from safeguarding.errors import HorizonPassed
from safeguarding.law.rule import Edition, Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.explain_rule import source_words
from safeguarding.questions.explanation import Explained
from safeguarding.questions.two_timetables import which_binds
from safeguarding.review.events import Stop
from safeguarding.review.review import Duty

MOST_DAYS = 40
"""A count of more days than this is told by its end alone in words; as data every day of it is there."""


def _whose_duty(duty: Duty, edition: Edition, discretionary: bool) -> list[str]:
    """Of a review that section 16F does not ask for: that what the section and its regulations impose is not owed."""
    if not (discretionary and edition.is_of_section_16f):
        return []
    return [
        "This review is discretionary: section 16F(1) does not ask for it, so neither the section nor the regulations "
        "made under it impose this duty here. It is kept because the partners undertook the review."
    ]


def in_words(
    made: Explained,
    duty: Duty,
    rule: Rule,
    edition: Edition,
    rulebook: Rulebook,
    today: date,
    *,
    discretionary: bool,
) -> list[str]:
    whose = f", {made.whose}" if made.whose else ""
    law = f" ({rule.said_id})" if rule.said_id else ""
    lines = [
        f"{made.reference}: {rule.title}{whose}{law}: {_state(made)}.",
        f"Rule: {made.counts}.",
        f"{_counted(rule)} {made.anchor.sentence}",
    ]
    if made.opened is not None:
        lines.append(f"Opened later than that: {made.opened.sentence}")
    lines += [*_day_by_day(made.working), *made.working.sentences()]
    lines += _differs(made, duty, rule, rulebook)
    lines += [words_of(stop) for stop in duty.stops]
    if duty.stops:
        lines.append(_in_all(made, duty, rulebook, today))
    if made.remainder is not None:
        from_day = say(made.remainder.anchor)
        lines += [f"Counted on from {from_day}:", *_day_by_day(made.remainder), *made.remainder.sentences()]
        lines += filter(None, [capped_words(last_closed(duty), rulebook)])
    lines += made.conventions
    lines += [line.words for line in made.stretch]
    lines += which_binds(rule, rulebook)
    lines += [*source_words(rule, edition), *_whose_duty(duty, edition, discretionary), *made.held_back]
    if len(made.rows) > 1:
        lines += ["Every row of it in the ledger:", *(f"  {row.sentence}" for row in made.rows)]
    lines += made.deferrals
    lines += [f"What would have changed it: {line}" for line in made.would_change]
    lines += [f"If it cannot be met: {sentence}" for sentence in made.on_miss]
    return lines


def _in_all(made: Explained, duty: Duty, rulebook: Rulebook, today: date) -> str:
    """For how long it stood still in all, and how much of that the date of the law kept from being given back."""
    total = f"Suspended in all for {time_suspended(duty, today, rulebook.calendar).words}"
    if not made.not_given_back:
        return f"{total}."
    lost = number_of(made.not_given_back, duty.stops[-1].unit)
    return f"{total}; the date being capped, {lost} of what was left could not be given back."


def _state(made: Explained) -> str:
    day = say(made.due_on)
    if made.state == "suspended" and made.standing is not None:
        return f"{made.standing.words}, {left_words(made.stops[-1])}; it would have been due on {day}"
    if made.standing is not None:
        verb = "may not end before" if made.working.counts.kind is Kind.MINIMUM else "due"
        cap = made.stops[-1].cap if made.stops else None
        capped = f"; CAPPED at the date of {cap.rule}" if cap else ""
        return f"{verb} {day}, {made.standing.words}{capped}"
    last = made.rows[-1]
    how = "met" if made.state == "settled" else "fell away without being met"
    late = made.state == "settled" and last.ended_on is not None and last.ended_on > made.due_on
    late = late and made.working.counts.kind is not Kind.MINIMUM
    on = f" on {say(last.ended_on)}" if last.ended_on else ""
    said = ", too late for the planned day" if only_planned(made.anchor.milestone) else ", LATE"
    return f"was due {day}; {how}{on}{said if late else ''} ({last.why})"


def _counted(rule: Rule) -> str:
    if rule.counts.unit is Unit.AGREED_DATE:
        return "Agreed when:"
    return "Counted back from" if rule.counts.direction is Direction.BACKWARD else "Counted from"


def _differs(made: Explained, duty: Duty, rule: Rule, rulebook: Rulebook) -> list[str]:
    """Why the row's date is not the one that the plain count gives, where it is not."""
    if rule.counts.unit is Unit.AGREED_DATE:
        return []
    if duty.extended is not None:
        return [extended_words(duty.extended)]
    opened = made.opened.on if made.opened else None
    edition = rule.edition_of(duty.edition, duty.anchored_on)
    plain = rule.due_on(duty.anchored_on, rulebook.calendar, opened=opened, edition=edition)
    lines = []
    if plain != made.working.due_on:
        lines.append(f"It was opened after that day, so it has until the next working day: {say(plain)}.")
    if counted_again(duty.anchored_on, plain, duty.stops, rulebook.calendar, capped_at(duty))[0] != duty.due_on:
        lines.append(
            f"The record says {say(duty.due_on)}: {_counted_then(duty, rule, edition, opened, rulebook)}. "
            "`safeguarding recompute` shows what would move."
        )
    return lines


def _counted_then(duty: Duty, rule: Rule, edition: Edition, opened: date | None, rulebook: Rulebook) -> str:
    """By what the row was counted, where it is no longer what is loaded: its holidays, its edition, or its number."""
    if duty.calendar != rulebook.calendar.digest:
        return f"it was counted with another list of bank holidays ({duty.calendar}; now {rulebook.calendar.digest})"
    if duty.edition not in (edition.name, *edition.formerly):
        return f"it was counted by edition {duty.edition}, which the rulebook no longer has; now by {edition.name}"
    now = rule.counts_in(edition)
    number = None if duty.stops else _number_then(duty, rule, edition, opened, rulebook)
    if number is None:
        return f"the number of edition {edition.name} or a convention of the partnership was another then"
    then = now.model_copy(update={"length": number})
    return f"the number of edition {edition.name} was {number} then ({then.words}; now {now.words})"


def _number_then(duty: Duty, rule: Rule, edition: Edition, opened: date | None, rulebook: Rulebook) -> int | None:
    """The number by which the edition gives the day in the row, or None where none does."""
    most = abs((duty.due_on - duty.anchored_on).days) + 1
    for number in range(most + 1):
        as_it_was = edition.model_copy(update={"length": number})
        try:
            due_on = rule.due_on(duty.anchored_on, rulebook.calendar, opened=opened, edition=as_it_was)
        except HorizonPassed:
            return None
        if due_on == duty.due_on:
            return number
    return None


def last_closed(duty: Duty) -> Stop:
    return [stop for stop in duty.stops if stop.until is not None][-1]


def _day_by_day(working: Working) -> list[str]:
    """The days counted, each with its number."""
    counted = [f"{say(step.day)} ({step.number})" for step in working.steps if step.counted]
    return [f"Days counted: {', '.join(counted)}."] if 1 < len(counted) <= MOST_DAYS else []


def capped_at(duty: Duty) -> Bound | None:
    """The date of the law that a date was last held to when it went on, as its row has it."""
    caps = [stop.cap for stop in duty.stops if stop.cap is not None]
    return Bound(caps[-1].rule, caps[-1].on) if caps else None
