"""
One due date, beside numpy, pandas and workalendar on the same days; and every open date after a new bank holiday.

The first table counts how often each library answers with another day than ours, for the same count from the same
day: numpy and pandas are given our list of bank holidays and differ by what they do on a day that does not count;
workalendar brings a list of its own. The second works out again 100,000 open dates of a record, as the business unit
does when a bank holiday is proclaimed, and prints the time and the memory that it took.
"""

from __future__ import annotations

import argparse
import importlib
import random
import resource
import time
import tracemalloc
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import config
from safeguarding.dates.counting import Counts, Direction, Unit, due
from safeguarding.dates.day_by_day import work_out
from safeguarding.dates.working_days import Calendar
from safeguarding.duties.recounting import Recount, recounts
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.explain_rule import describe_due
from safeguarding.review.events import Actor, DutyStarted, Event
from safeguarding.review.fold import fold
from safeguarding.review.review import Review

SEED = 20261123
DATES = 20_000
OPEN = 100_000
EACH = 20
"""Open dates of one review."""

COUNTS = (
    Counts(unit=Unit.WORKING_DAYS, length=5),
    Counts(unit=Unit.WORKING_DAYS, length=15),
    Counts(unit=Unit.WORKING_DAYS, length=30),
    Counts(unit=Unit.WORKING_DAYS, length=7, direction=Direction.BACKWARD),
)
"""The notification, the rapid review, an agency's report, the advance copy."""

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)

Asked = tuple[date, int]
"""A day, and how many working days forward (or back, if negative)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one way of counting did with all the questions."""

    name: str
    seconds: float
    days: Sequence[date]
    note: str = ""

    def line(self, ours: Sequence[date]) -> str:
        """The result on one line of the table."""
        each = 1_000_000 * self.seconds / len(self.days)
        other = sum(a != b for a, b in zip(self.days, ours, strict=True))
        share = f"{other:>7,} ({100 * other / len(ours):.1f} %)" if other else "   none"
        return f"{self.name:<44} {each:>9.2f} µs   {share:<17} {self.note}".rstrip()


def timed(name: str, ask: Callable[[], Sequence[date]], note: str = "") -> Answer:
    """The best of three runs, so that the first one's warming up is nobody's."""
    took, days = [], []
    for _ in range(3):
        started = time.perf_counter()
        days = list(ask())
        took.append(time.perf_counter() - started)
    return Answer(name, min(took), days, note)


# --------------------------------------------------------------------------- one due date


def questions(calendar: Calendar, number: int) -> list[Asked]:
    """The same days for everybody: any day of the week from 2018 to 2028, and the four counts in turn."""
    dice = random.Random(SEED)
    first, last = calendar.first + timedelta(days=60), calendar.last - timedelta(days=60)
    span = (last - first).days
    signed = [counts.length * (-1 if counts.direction is Direction.BACKWARD else 1) for counts in COUNTS]
    return [(first + timedelta(days=dice.randrange(span)), signed[n % len(signed)]) for n in range(number)]


def ours(asked: Sequence[Asked], rulebook: Rulebook) -> list[Answer]:
    """Our clock, the same through a rule with its editions, and with every day explained."""
    calendar = rulebook.calendar
    counts = {c.length * (-1 if c.direction is Direction.BACKWARD else 1): c for c in COUNTS}
    rules = {5: "C01", 15: "C05", 30: "local.x.imr_return", -7: "C13"}
    by_rule = {number: rulebook.rule(name) for number, name in rules.items()}
    since = date(2018, 7, 4)  # No edition is older.
    in_law = [(day, number) for day, number in asked if day >= since]
    few = asked[: len(asked) // 20]
    return [
        timed("ours: due()", lambda: [due(day, counts[number], calendar) for day, number in asked]),
        timed("ours: Rule.due_on(), edition chosen", lambda: [by_rule[n].due_on(d, calendar) for d, n in in_law]),
        timed(
            "ours: explain(), each day with its reason",
            lambda: [work_out(d, counts[n], calendar).due_on for d, n in few],
        ),
        timed(
            "ours: describe_due(), in words with the source",
            lambda: [describe_due(rules[n], d, rulebook).due_on or d for d, n in in_law[: len(few)]],
        ),
    ]


def with_numpy(asked: Sequence[Asked], calendar: Calendar) -> list[Answer]:
    """numpy, one at a time and all at once; with the roll its documentation shows, and with the right one."""
    import numpy

    days = numpy.busdaycalendar(holidays=sorted(calendar.holidays))
    starts = numpy.array([day for day, _ in asked], dtype="datetime64[D]")
    numbers = numpy.array([number for _, number in asked])
    back = numbers < 0

    def right() -> list[date]:
        made = numpy.busday_offset(starts, numbers, roll="preceding", busdaycal=days)
        made[back] = numpy.busday_offset(starts[back], numbers[back], roll="following", busdaycal=days)
        return list(made.astype(object))

    def one(day: date, number: int) -> Any:
        return numpy.busday_offset(day, number, roll="preceding" if number > 0 else "following", busdaycal=days)

    def usual() -> list[date]:
        return list(numpy.busday_offset(starts, numbers, roll="forward", busdaycal=days).astype(object))

    return [
        timed("numpy busday_offset, one at a time", lambda: [one(*a).astype(object) for a in asked], "our holidays"),
        timed("numpy busday_offset, all in one array", right, "our holidays"),
        timed("numpy, with roll='forward' as is usual", usual, "a weekend's first day is lost"),
    ]


def with_pandas(asked: Sequence[Asked], calendar: Calendar) -> list[Answer]:
    """pandas' custom business days."""
    pandas: Any = importlib.import_module("pandas")
    holidays = sorted(calendar.holidays)
    steps = {number: pandas.offsets.CustomBusinessDay(n=number, holidays=holidays) for number in {n for _, n in asked}}

    def count() -> list[date]:
        return [(pandas.Timestamp(day) + steps[number]).date() for day, number in asked]

    return [timed("pandas CustomBusinessDay", count, "our holidays")]


def with_workalendar(asked: Sequence[Asked], calendar: Calendar) -> list[Answer]:
    """workalendar, with its own list of bank holidays, which it works out itself."""
    europe: Any = importlib.import_module("workalendar.europe")
    kingdom = europe.UnitedKingdom()
    few = asked[: len(asked) // 4]

    def count() -> list[date]:
        return [kingdom.add_working_days(day, number) for day, number in few]

    years = range(calendar.first.year, calendar.last.year + 1)
    theirs = {day for year in years for day, _ in kingdom.holidays(year) if day.weekday() < 5}
    apart = sorted(theirs ^ set(calendar.holidays))
    note = f"its own holidays, which differ on {', '.join(map(str, apart))}" if apart else "its own holidays, the same"
    return [timed("workalendar UnitedKingdom", count, note)]


def one_due_date(rulebook: Rulebook, number: int) -> None:
    """Print the first table."""
    asked = questions(rulebook.calendar, number)
    own = ours(asked, rulebook)
    print(f"One due date: {number:,} days of 2018 to 2028, counts of 5, 15, 30 and 7 back; best of three")
    print(f"{'':<44} {'each':>12}   {'another day':<17}")
    for answer in own:
        print(answer.line(answer.days))
    for library, ask in (("numpy", with_numpy), ("pandas", with_pandas), ("workalendar", with_workalendar)):
        try:
            found = ask(asked, rulebook.calendar)
        except ImportError:
            print(f"{library:<44} not installed here: `pip install .[bench]` brings it")
            continue
        for answer in found:
            print(answer.line(own[0].days[: len(answer.days)]), flush=True)


# --------------------------------------------------------------------------- all open dates, counted again

FORWARD = ("C01", "C05", "C12", "local.c.rapid_review_meeting", "local.x.reviewer_appointed", "local.x.imr_return")


def a_review(number: int, rulebook: Rulebook, dice: random.Random) -> Review:
    """A review that owes twenty things, started on days of last autumn."""
    reference = f"CSPR-2026-{number:05}"
    started = []
    for occurrence in range(1, EACH + 1):
        rule = rulebook.rule(FORWARD[occurrence % len(FORWARD)])
        anchored_on = date(2026, 9, 1) + timedelta(days=dice.randrange(85))
        started.append(
            DutyStarted(
                rule=rule.id,
                occurrence=occurrence,
                anchor=str(rule.anchor),
                anchored_on=anchored_on,
                due_on=rule.due_on(anchored_on, rulebook.calendar),
                edition=rule.edition_on(anchored_on).name,
                calendar=rulebook.calendar.digest,
            )
        )
    event = Event(
        sequence=1,
        at=NOW,
        actor=Actor(person="alex_example"),
        kind="referral_received",
        title="Referral received",
        to="rapid_review",
        duties=tuple(started),
        facts={"reference": reference, "track": "children", "pseudonym": "Child A"},
        edition=rulebook.digest,
    )
    return fold([event])


def recompute(rulebook: Rulebook, number: int) -> None:
    """Print the second table."""
    dice = random.Random(SEED)
    open_reviews = [a_review(n, rulebook, dice) for n in range(1, number // EACH + 1)]
    holidays = {**rulebook.calendar.holidays, date(2026, 12, 14): "A day of national celebration"}
    proclaimed = rulebook.model_copy(update={"calendar": rulebook.calendar.model_copy(update={"holidays": holidays})})

    def again() -> list[Recount]:
        return [move for review in open_reviews for move in recounts(review, proclaimed)]

    took = []
    for _ in range(3):
        started = time.perf_counter()
        moves = again()
        took.append(time.perf_counter() - started)
    tracemalloc.start()
    again()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    seconds = min(took)
    print(f"\n{number:,} open dates of {len(open_reviews):,} reviews, after a bank holiday on Mon 14 Dec 2026")
    print(f"counted again        {seconds:>9.2f} s   ({1_000_000 * seconds / number:.1f} µs each; best of three)")
    print(f"dates that move      {len(moves):>9,}     each with its reason and what is skipped; nothing is written")
    print(f"memory for it        {peak / 1e6:>9.1f} MB  at the peak: what moves, in words")
    print(
        f"the whole process    {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:>9.1f} MB  with the reviews"
    )


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dates", type=int, default=DATES)
    parser.add_argument("--open", type=int, default=OPEN)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    rulebook = config.load()
    one_due_date(rulebook, asked.dates)
    recompute(rulebook, asked.open)


if __name__ == "__main__":
    main()
