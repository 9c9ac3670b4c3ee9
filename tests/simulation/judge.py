"""
The judge of a simulation: holds what was written and what really left against what the oracle says was owed.

No rung missed, none told twice, none on a forbidden hour, none after the work was done; and every letter that
could not be handed over ends as delivered later, or as a failure that the unit was told of.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from safeguarding.dates.london import LONDON
from simulation.digest_oracle import OF_A_DAY, Book, Standing, compared, over, standings
from simulation.law_by_day import Law, Place
from simulation.oracle import Clock, Owed, Telling, clocks, moment, owed
from simulation.simulated_diary import Diary, Posted
from simulation.step_letters import OF_A_STEP, StepLetters

OF_A_RUNG = ("reminder", "due_missed")
LONGEST_WAIT = timedelta(days=14)
"""How long a letter may wait for its morning or its server: over Christmas, and two days on which nothing answers."""
AT_LEAST_BETWEEN = timedelta(minutes=1)
"""How long a server that did not take a letter is left alone by that letter."""


@dataclass(slots=True)
class Verdict:
    """What the judge counted, and everything that was wrong. An empty `faults` is an acquittal."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Notice:
    """A row of the outbox, as the record has it at the end."""

    id: int
    reference: str
    occasion: str
    key: str
    person: str
    channel: str
    place: Place | None
    """Where it went when it was written; None if the partnership's file had no such place."""
    status: str
    reason: str
    created: datetime

    @property
    def named(self) -> str:
        """The notice in the words of a fault."""
        return f"notice {self.id} ({self.key}) to {self.person} by {self.place[0] if self.place else 'nothing'}"


def judge(record: Path, partnership: Path, diary: Diary) -> Verdict:
    """Judge a finished simulation by its SQLite file, its partnership's file and the diary of what was seen."""
    law = Law(partnership)
    connection = sqlite3.connect(f"file:{record}?mode=ro", uri=True)
    try:
        found = clocks(connection, law)
        states = standings(connection)
        steps = StepLetters(law, found, connection)
        notices = _notices(connection, law)
    finally:
        connection.close()
    return _Court(law, diary, found, states, notices, steps).sit()


NOTICES = """
    SELECT id, reference, occasion, key, person, channel, status, reason, created_at
    FROM notices JOIN notice_facts USING (key, variant) ORDER BY id
"""


def _notices(connection: sqlite3.Connection, law: Law) -> list[Notice]:
    made = []
    for number, reference, occasion, key, person, channel, status, reason, created in connection.execute(NOTICES):
        at = moment(created)
        place = law.place(person, channel, at)
        made.append(Notice(number, reference, occasion, key, person, channel, place, status, reason or "", at))
    return made


class _Court:
    """One sitting: the evidence, and the verdict as it grows."""

    def __init__(
        self,
        law: Law,
        diary: Diary,
        found: list[Clock],
        states: list[Standing],
        notices: list[Notice],
        steps: StepLetters,
    ) -> None:
        self.law, self.diary, self.clocks, self.states, self.notices = law, diary, found, states, notices
        self.steps, self.verdict = steps, Verdict()
        self.attempts: dict[int, list[Posted]] = defaultdict(list)
        for posted in diary.posted:
            self.attempts[posted.mark].append(posted)
        self.of_clock: dict[str, list[Notice]] = defaultdict(list)
        for notice in notices:
            if notice.occasion in OF_A_RUNG:
                self.of_clock[notice.key.rpartition(":")[0]].append(notice)
        self.by_key: dict[str, list[Notice]] = defaultdict(list)
        for notice in notices:
            self.by_key[notice.key].append(notice)
        self.of_place: dict[tuple[str, Place | None], list[Notice]] = defaultdict(list)
        for notice in notices:
            self.of_place[notice.key.rpartition(":")[0], notice.place].append(notice)
        self.of_reference: dict[str, list[Notice]] = defaultdict(list)
        for notice in notices:
            self.of_reference[notice.reference].append(notice)
        self.at_once: dict[int, bool] = {n.id: steps.at_once(n) for n in notices if n.occasion in OF_A_STEP}
        self.clock_of: dict[int, Clock] = {}
        self.rows: dict[str, list[Clock]] = defaultdict(list)
        self.told: dict[str, set[str]] = {}

    def sit(self) -> Verdict:
        """Hear everything."""
        counts = self.verdict.counts
        counts["duties"] = len(self.clocks)
        for clock in self.clocks:
            self.told[clock.key] = self._told_before(clock)
            self._hear(owed(clock, list(self.diary.sweeps), self.law, self.told[clock.key]))
            self.rows[clock.key.rpartition(":")[0]].append(clock)
        self._hear_digests()
        for notices in self.of_clock.values():  # What no clock has claimed.
            for notice in notices:
                self._fault(f"{notice.named} is of a duty that the ledger does not know")
        known = {notice.id for notice in self.notices}
        for posted in self.diary.posted:
            if posted.mark not in known:
                self._fault(f"a letter to {posted.place} at {posted.at} is no notice's: number {posted.mark}")
        escalated = Counter(notice.key for notice in self.notices)
        for notice in self.notices:
            for fault in self._delivery(notice, escalated):
                self._fault(f"{notice.named}: {fault}")
        return self.verdict

    def _fault(self, words: str) -> None:
        self.verdict.faults.append(words)

    # ----------------------------------------------------------------------- was everybody told, once

    def _told_before(self, clock: Clock) -> set[str]:
        """The rungs that earlier rows of it for the same day had told, where every letter had left when it began."""
        found: set[str] = set()
        for earlier in self.rows[clock.key.rpartition(":")[0]]:
            if (earlier.counted_from, earlier.due_on) == (clock.counted_from, clock.due_on):
                found |= {rung for rung in self.told[earlier.key] if self._all_left(earlier, rung, clock.began)}
        return found

    def _all_left(self, clock: Clock, rung: str, before: datetime) -> bool:
        letters = [one for one in self.by_key[f"{clock.key}:{rung}"] if one.created <= before]
        return all(one.status == "delivered" and self.attempts[one.id][-1].at <= before for one in letters)

    def _hear(self, duty: Owed) -> None:
        """Hold the notices of one clock against what it owed; where two ways are right, against the nearer one."""
        written = self.of_clock.pop(duty.clock.key, [])
        heard = [(way, list(self._compared(duty.clock, way, written))) for way in duty.ways]
        way, faults = min(heard, key=lambda pair: len(pair[1]))
        self.verdict.faults += faults
        counts = self.verdict.counts
        for telling in way:
            self.told[duty.clock.key] |= set(telling.rungs)
            counts["rungs"] += len(telling.rungs)
            counts["tellings"] += 1
            counts["missed sets"] += len(telling.rungs) > 1
            counts["statutory at once"] += telling.at_once
            counts["people told"] += len(telling.places)
        at_once = {telling.at: telling.at_once for telling in way}
        for notice in written:
            self.at_once[notice.id] = at_once.get(notice.created, False)
            self.clock_of[notice.id] = duty.clock

    def _compared(self, clock: Clock, way: list[Telling], written: list[Notice]) -> Iterator[str]:
        told: dict[tuple[datetime, Place | None], list[Notice]] = defaultdict(list)
        for notice in written:
            told[notice.created, notice.place].append(notice)
        for telling in way:
            for place, ids in telling.places.items():
                heard = told.pop((telling.at, place), [])
                words = f"{clock.key}: {'/'.join(sorted(ids))} at {telling.at:%Y-%m-%d %H:%M} to {place[1]}"
                if not heard:
                    yield f"{words}: nobody was told"
                elif len(heard) > 1:
                    yield f"{words}: told {len(heard)} times"
                elif heard[0].key.rpartition(":")[2] not in ids:
                    yield f"{words}: told of another rung, {heard[0].key}"
        for notices in told.values():
            for notice in notices:
                yield f"{notice.named} at {notice.created:%Y-%m-%d %H:%M}: nobody was owed it then"

    def _hear_digests(self) -> None:
        """Hold the digests that were written against the mornings that owed them."""
        failed = [n for n in self.notices if n.status == "failed"]
        since = min((self.attempts[n.id][-1].at if self.attempts[n.id] else n.created for n in failed), default=None)
        written = [n for n in self.notices if n.occasion in OF_A_DAY]
        book = Book(self.law, self.clocks, self.states, since)
        faults = compared(book.owed(self.diary.sweeps), written)
        self.verdict.faults += faults
        self.verdict.counts["digests"] = sum(n.occasion == "digest" for n in written)
        self.verdict.counts["weekly summaries"] = len(written) - self.verdict.counts["digests"]
        self.verdict.counts["mornings"] = book.mornings
        self.verdict.counts["mornings with nothing to say"] = book.silent

    # ----------------------------------------------------------------------- what became of each letter

    def _delivery(self, notice: Notice, escalated: Counter[str]) -> Iterator[str]:
        counts, attempts = self.verdict.counts, self.attempts[notice.id]
        taken = [posted for posted in attempts if posted.outcome == "taken"]
        counts["notices"] += 1
        counts[notice.status] += 1
        counts["attempts"] += len(attempts)
        counts["attempts that failed"] += len(attempts) - len(taken)
        counts["delivered after failing"] += bool(taken) and len(attempts) > 1
        if len(taken) != (notice.status == "delivered"):
            yield f"it is {notice.status}, and was taken {len(taken)} times"
        if taken and attempts[-1].outcome != "taken":
            yield "it was tried again after it had been taken"
        yield from self._outcome(notice, attempts, escalated)
        yield from self._hours(notice, attempts)
        yield from self._in_time(notice, attempts)
        for posted in attempts:
            if (posted.channel, posted.place) != self.law.place(notice.person, notice.channel, posted.at):
                yield f"it went to {posted.place}, which is not in force at {posted.at:%Y-%m-%d %H:%M}"
        if any(not posted.subject.startswith(notice.reference) for posted in attempts):
            yield "its subject does not begin with the reference"

    def _had_left(self, notice: Notice) -> bool:
        """Whether somebody served when a letter was written, and no more when it could leave."""
        rounds = self.diary.rounds
        first = rounds[min(bisect_left(rounds, notice.created), len(rounds) - 1)]
        days = {(first + timedelta(days=n)).astimezone(LONDON).date() for n in range(LONGEST_WAIT.days)}
        return not notice.person.startswith("role:") and any(notice.person not in self.law.on(d).people for d in days)

    def _outcome(self, notice: Notice, attempts: list[Posted], escalated: Counter[str]) -> Iterator[str]:
        counts = self.verdict.counts
        if notice.status == "failed":
            left = self._had_left(notice)
            counts["letters to somebody who had left"] += left
            if not left and not (attempts and attempts[-1].outcome == "refused"):
                yield f"it was given up after {len(attempts)} attempts"
            if not notice.reason:
                yield "it failed without a reason"
            if notice.occasion != "delivery_failed":
                self.verdict.counts["failures told to the unit"] += 1
                if not escalated[f"undelivered:{notice.id}"]:
                    yield "it failed, and the unit was not told"
        elif notice.status == "withdrawn":
            if not self._rightly_withdrawn(notice):
                yield f"it was withdrawn although it was owed ({notice.reason})"
        elif notice.status != "delivered":
            yield f"it is still {notice.status} at the end"
        waits = [after.at - before.at for before, after in pairwise(attempts) if before.outcome == "try later"]
        if min(waits, default=AT_LEAST_BETWEEN) < AT_LEAST_BETWEEN:
            yield f"it was tried again after {min(waits)}"

    def _rightly_withdrawn(self, notice: Notice) -> bool:
        """Its work was done, or another notice of the same duty said more in the same place."""
        if notice.occasion in OF_A_DAY:
            return True  # Its day was over. Whether it could have left on it, `_in_time` says.
        clock = self.clock_of.get(notice.id)
        if clock is not None and (clock.ended is not None or self._outdone(notice)):
            return True
        return self.steps.nobody_needs(notice, self.of_reference[notice.reference])

    def _outdone(self, notice: Notice, by: datetime | None = None) -> bool:
        """Whether a later notice of the same duty had been written for the same place, by a moment if given."""
        same = self.of_place[notice.key.rpartition(":")[0], notice.place]
        return any(other.id > notice.id and (by is None or other.created <= by) for other in same)

    def _hours(self, notice: Notice, attempts: list[Posted]) -> Iterator[str]:
        clock = self.clock_of.get(notice.id)
        for posted in attempts:
            if notice.occasion in OF_A_DAY:
                if not self.law.may_remind(posted.at):
                    yield f"it left on a forbidden hour, {posted.at:%a %Y-%m-%d %H:%M} UTC"
                if posted.at >= over(notice.key):
                    yield f"it left at {posted.at:%Y-%m-%d %H:%M}, when its day was over"
            if posted.at < notice.created:
                yield f"it left at {posted.at:%Y-%m-%d %H:%M}, before it was written"
            if clock is None and notice.occasion not in OF_A_STEP:
                continue
            at_night = not self.law.may_remind(posted.at)
            self.verdict.counts["statutory letters out of hours"] += at_night and self.at_once[notice.id]
            if at_night and not self.at_once[notice.id]:
                yield f"it left on a forbidden hour, {posted.at:%a %Y-%m-%d %H:%M} UTC"
            if clock is None:
                continue
            if clock.ended is not None and posted.at > clock.ended:
                yield f"it left at {posted.at:%Y-%m-%d %H:%M}, after the work was done"
            day = clock.due_on
            if f"due {day:%a} {day.day} {day:%b %Y}" not in posted.subject:
                yield f"it does not name the day, {day}: {posted.subject}"

    def _in_time(self, notice: Notice, attempts: list[Posted]) -> Iterator[str]:
        """The first attempt is made by the first sender that ran in its time, unless the work was done by then."""
        rounds = self.diary.rounds
        of_a_day = notice.occasion in OF_A_DAY
        waits = of_a_day or (notice.id in self.at_once and not self.at_once[notice.id])
        at = bisect_left(rounds, notice.created)
        while at < len(rounds) and waits and not self.law.is_morning(rounds[at]):
            at += 1
        if of_a_day and notice.status == "withdrawn" and not attempts:
            if at < len(rounds) and rounds[at] < over(notice.key):
                yield f"it was withdrawn, and could have left at {rounds[at]}"
        elif notice.status == "withdrawn" and not attempts:
            clock = self.clock_of.get(notice.id)
            done = clock is not None and clock.ended is not None and (at == len(rounds) or clock.ended <= rounds[at])
            said = self.steps.nobody_needs(notice, self.of_reference[notice.reference])
            if not (done or said or self._outdone(notice, rounds[min(at, len(rounds) - 1)])):
                yield "it was withdrawn before the work was done"
        elif notice.status == "failed" and not attempts and self._had_left(notice):
            return
        elif at == len(rounds):
            yield "no sender ran after it was written"
        elif not attempts or attempts[0].at > rounds[at]:
            yield f"it was first tried at {attempts[0].at if attempts else 'no time'}, and could be at {rounds[at]}"


def as_data(verdict: Verdict) -> dict[str, Any]:
    """The verdict for `--json`."""
    return {"counts": dict(verdict.counts), "faults": verdict.faults}
