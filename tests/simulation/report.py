"""What a simulation says when it is over: what happened, what was owed, what left, and every fault."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from safeguarding.dates.london import LONDON
from safeguarding.dates.working_days import Calendar, say
from safeguarding.review.states import Stage, Track
from simulation.judge import Verdict, judge
from simulation.simulated_diary import Diary
from simulation.world import PARTNERSHIP, RECORD, Plan, World, made

SHOWN = 40
"""How many faults are written out."""


@dataclass(frozen=True, slots=True)
class Report:
    """A finished simulation: the world as it ended, the diary, the verdict."""

    world: World
    diary: Diary
    verdict: Verdict
    reviews: int
    seconds: float
    """How long it took."""

    @property
    def acquitted(self) -> bool:
        """Whether nothing was wrong at all."""
        return not self.verdict.faults

    @property
    def counts(self) -> dict[str, int]:
        """Everything that was counted, by name."""
        world = self.world
        return {
            "reviews": self.reviews,
            "steps taken": world.tally.taken,
            "steps refused": world.tally.refused,
            "reviews left lying": world.tally.forgotten,
            "steps beside a sweep": world.raced,
            "files taken up": world.taken_up,
            "reviews handed over": world.handed_over,
            "timed runs": world.timed,
            "timed runs that told": world.told_by_timed,
            **{f"reached {stage.value}": number for stage, number in self.reached.items()},
            "outages": len(world.plan.outages),
            "sweeps": 2 * len(self.diary.sweeps),
            "rounds of a sender": 2 * len(self.diary.rounds),
            "clock changes": len(clock_changes(world.plan)),
            "bank holidays": len(bank_holidays(world.plan, world.records.rulebook.calendar)),
            **self.verdict.counts,
            "faults": len(self.verdict.faults),
        }

    @property
    def reached(self) -> dict[Stage, int]:
        """How many reviews were in each stage at some time."""
        found = Counter(stage for case in self.world.cases if case.review for stage in case.review.entries)
        return {stage: found[stage] for stage in Stage}

    @property
    def data(self) -> dict[str, Any]:
        """The report for `--json`."""
        plan = self.world.plan
        return {
            "seed": plan.seed,
            "from": plan.start.date(),
            "to": plan.end.date(),
            "seconds": round(self.seconds, 1),
            "counts": self.counts,
            "faults": self.verdict.faults,
        }

    @property
    def words(self) -> list[str]:
        """The report in words."""
        plan, n = self.world.plan, Counter(self.counts)
        longest = max(end - start for start, end in plan.outages)
        failed = 100 * n["attempts that failed"] / max(1, n["attempts"])
        stages = (f"{stage.named(Track.CHILDREN).lower()} {number}" for stage, number in self.reached.items())
        lines = [
            f"{(plan.end - plan.start).days} days in {self.seconds:.0f} seconds.",
            f"From {say(plan.start.date())} to {say(plan.end.date())}, seed {plan.seed}: {n['reviews']} reviews, "
            f"{n['steps taken']} steps taken and {n['steps refused']} refused, {n['reviews left lying']} left lying.",
            f"Reached: {', '.join(stages)}.",
            f"{n['outages']} outages, the longest {longest.days} days {longest.seconds // 3600} hours; "
            f"the clocks changed: {n['clock changes']}; bank holidays: {n['bank holidays']}.",
            f"{n['files taken up']} files of the partnership, as people left, took turns, came back and "
            f"agencies merged; in {n['reviews handed over']} reviews somebody who left handed over, and "
            f"{n['letters to somebody who had left']} letters were not sent to where somebody had been.",
            f"{n['sweeps']} sweeps and {n['rounds of a sender']} rounds of senders, two of each at once; "
            f"{n['steps beside a sweep']} steps taken in the very moment of a sweep. "
            f"{n['timed runs']} timed runs of a duty fired beside them, and {n['timed runs that told']} told first.",
            f"Owed by the ledger: {n['rungs']} rungs of {n['duties']} duties in {n['tellings']} tellings to "
            f"{n['people told']} mailboxes; {n['missed sets']} tellings for a missed set, "
            f"{n['statutory at once']} of a statutory day that had passed.",
            f"{n['digests']} digests and {n['weekly summaries']} summaries of a week, on {n['mornings']} mornings; "
            f"{n['mornings with nothing to say']} times there was nothing for somebody, and none was written.",
            f"{n['notices']} notices: {n['delivered']} delivered ({n['delivered after failing']} not at the first "
            f"attempt), {n['failed']} failed, {n['withdrawn']} withdrawn because the work was done or "
            "the day of a digest was over.",
            f"{n['attempts']} letters handed over, {n['attempts that failed']} of them not taken ({failed:.1f} %); "
            f"{n['failures told to the unit']} failures told to the unit over another channel.",
        ]
        if self.acquitted:
            return [
                *lines,
                "No rung and no digest missed, none told twice, none on a forbidden hour, every failure accounted for.",
            ]
        faults = self.verdict.faults
        more = [f"  and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
        return [*lines, f"{len(faults)} FAULTS:", *(f"  {fault}" for fault in faults[:SHOWN]), *more]


def clock_changes(plan: Plan) -> list[date]:
    """The days in the plan on which London's clocks change."""
    days = [plan.start + timedelta(days=n) for n in range((plan.end - plan.start).days + 1)]
    return [
        after.date()
        for before, after in pairwise(days)
        if before.astimezone(LONDON).utcoffset() != after.astimezone(LONDON).utcoffset()
    ]


def bank_holidays(plan: Plan, calendar: Calendar) -> list[date]:
    """The bank holidays in the plan."""
    return [day for day in calendar.holidays if plan.start.date() <= day < plan.end.date()]


def simulate(seed: int, years: float, reviews: int, home: Path) -> Report:
    """Live through it on a record in this folder, and judge it. Raises CannotSimulate."""
    began = time.monotonic()
    world = made(Plan.drawn(seed, years, reviews), home)
    try:
        diary = world.run()
        verdict = judge(home / RECORD, home / PARTNERSHIP, diary)
        verdict.faults += [f"a sweep could not work out {fault}" for fault in dict.fromkeys(world.faults)]
        verdict.faults += [str(line) for line in world.records.verify()]
        return Report(world, diary, verdict, len(world.records.list()), time.monotonic() - began)
    finally:
        world.records.engine.dispose()
