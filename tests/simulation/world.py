"""
The world of a simulation: two years in which reviews are opened, worked on and forgotten, while time acts.

The record is a real one, marked as a simulation, and what sweeps and sends is the system's own. Two sweeps, the timed
run of each duty whose moment is there, and two senders run at every moment at once. The machine is off now and then,
for up to a week; the post fails a tenth of the time, and sometimes for two days on end. Days are London's: both clock
changes and every bank holiday happen.
"""

from __future__ import annotations

import heapq
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

import yaml

import config
from flows.demo.answers import signer
from safeguarding.dates.london import london_date
from safeguarding.errors import SafeguardingError, TransitionRefused
from safeguarding.stages import STEPS
from simulation import staff
from simulation.law_by_day import VERSION
from simulation.managers import Case, Tally, moment_on
from simulation.simulated_diary import Diary
from simulation.simulated_post import PostRoom, send
from tasks.record import sweep, timed_duties
from tasks.record.digests import write_digests
from tasks.record.partnership_file import owned_by, put_in_force
from tasks.record.records import Records, open_record

FIRST_DAY = date(2025, 1, 6)
"""A Monday: every law that is loaded is in force, and the bank holidays reach three years further."""

HOURS = ((0, 0), (7, 45), (8, 0), (9, 0), (13, 0), (17, 30), (23, 0))
"""When each day is looked at in any case (UTC): both midnights of London, before nine, at nine, the evening."""

QUARTER = timedelta(minutes=15)
DRAIN = timedelta(days=12)
"""How long the senders go on after the last sweep: what waits over Christmas and is put off six times has left."""

RACES = 0.5
"""How often somebody whose step is near takes it in the very moment of a sweep."""

DAYS_OF_A_YEAR = 365
SHORTEST, LONGEST = 0.05, 2.5
"""How many years can be simulated: long enough for an outage of a week, and not beyond the bank holidays."""


class CannotSimulate(SafeguardingError):
    """The time asked for holds no week's outage, or goes beyond the bank holidays that are known."""

    code = "cannot-simulate"

    def __init__(self) -> None:
        super().__init__(
            "Give at least one review, and between 0.05 and 2.5 years: a week's outage must fit into it, and nothing "
            "can be simulated beyond the list of bank holidays."
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided before the first day: how long, how many reviews, when everything is off."""

    seed: int
    reviews: int
    start: datetime
    end: datetime
    outages: tuple[tuple[datetime, datetime], ...]
    """No sweep and no sender."""
    gone: tuple[tuple[datetime, datetime], ...]
    """No server of the post answers."""

    @classmethod
    def drawn(cls, seed: int, years: float, reviews: int) -> Plan:
        """The plan of this seed. Raises CannotSimulate."""
        if not (SHORTEST <= years <= LONGEST and reviews > 0):
            raise CannotSimulate
        dice = Random(seed)
        start = datetime.combine(FIRST_DAY, time(0), UTC)
        end = start + timedelta(days=round(DAYS_OF_A_YEAR * years))
        off = max(2, round(6 * years))
        outages = (*_spans(dice, start, end, off - 1, 1, 120), *_spans(dice, start, end, 1, 168, 168))
        gone = _spans(dice, start, end, max(1, round(1.5 * years)), 18, 36)
        return cls(seed, reviews, start, end, outages, gone)

    def awake(self, moment: datetime) -> bool:
        """Whether the machine is on."""
        return not any(start <= moment < end for start, end in self.outages)


def _spans(
    dice: Random, start: datetime, end: datetime, number: int, least: int, most: int
) -> tuple[tuple[datetime, datetime], ...]:
    """So many spans of so many hours, anywhere in the time."""
    minutes = int((end - start - timedelta(hours=most)).total_seconds() // 60)
    begins = (start + timedelta(minutes=dice.randrange(minutes), seconds=7) for _ in range(number))
    return tuple((begin, begin + timedelta(hours=dice.randint(least, most), minutes=11)) for begin in begins)


RECORD, PARTNERSHIP = "record.sqlite3", "partnership.yaml"
"""What a simulation leaves in its folder, for whoever judges it."""

MACHINE, POSTMAN = -2, -1
"""Stand in the agenda for a sweep with its senders, and for the senders alone; a manager stands there by number."""


@dataclass(slots=True)
class World:
    """The record, its managers, its machinery and the diary of it all."""

    plan: Plan
    records: Records
    room: PostRoom
    partnership: Path
    to_come: list[tuple[date, str]]
    """The partnership's files that are not in force yet, each with its day."""
    taken_up: int = 0
    """The files that came into force."""
    handed_over: int = 0
    """Reviews in which somebody who left handed over."""
    tally: Tally = field(default_factory=Tally)
    raced: int = 0
    """Steps taken in the very moment of a sweep, beside it."""
    timed: int = 0
    """Timed runs of a duty that fired beside the sweeps."""
    told_by_timed: int = 0
    """Those that were there first, and told."""
    faults: list[str] = field(default_factory=list)
    """Duties whose rungs a sweep could not work out."""
    sweeps: list[datetime] = field(default_factory=list)
    rounds: list[datetime] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    agenda: list[tuple[datetime, int]] = field(default_factory=list)

    def run(self) -> Diary:
        """Live through all of it."""
        self._draw_up()
        dice = Random(f"{self.plan.seed}|races")
        last = self.plan.start
        with ThreadPoolExecutor(6) as machinery:
            while self.agenda:
                moment, who = heapq.heappop(self.agenda)
                if self.to_come and self.to_come[0][0] <= london_date(moment):
                    self.take_up(moment)
                if who >= 0:
                    self._act(who, moment)
                elif moment > last and self.plan.awake(moment):
                    last = self.room.moment = moment
                    if who == MACHINE:
                        self._wake(moment, machinery, dice.random() < RACES)
                    else:
                        self._send(moment, machinery)
        return Diary(tuple(self.sweeps), tuple(self.rounds), tuple(self.room.posted))

    def _draw_up(self) -> None:
        """The agenda of the first day: every referral, and every moment at which the machine wakes in any case."""
        plan, rulebook = self.plan, self.records.rulebook
        days = (plan.end - plan.start).days
        dice = Random(f"{plan.seed}|referrals")
        for number in range(plan.reviews):
            day = london_date(plan.start) + timedelta(days=dice.randrange(max(1, round(days * 0.9))))
            self.cases.append(Case(plan.seed, number, rulebook))
            self.agenda.append((moment_on(day, 0, rulebook.calendar, dice), number))
        wakes = [end for _, end in plan.outages]
        for number in range(days + DRAIN.days):
            wakes += [plan.start + timedelta(days=number, hours=hour, minutes=minute) for hour, minute in HOURS]
        self.agenda += [(moment, MACHINE) for moment in wakes]
        heapq.heapify(self.agenda)

    def take_up(self, now: datetime) -> None:
        """The next file of the partnership is saved, and the system takes it up; whoever left has handed over."""
        _, file = self.to_come.pop(0)
        self.partnership.write_text(file)
        found = put_in_force(self.records, self.partnership, now)
        self.faults += [f"the partnership's file of {now}: {fault}" for fault in found.refused]
        self.records.use(found.rulebook)
        self.taken_up += 1
        if found.rulebook.partnership.on(london_date(now)).known(staff.LEAVER) is None:
            for reference in owned_by(self.records, staff.LEAVER):
                self._hand_over(reference, now)

    def _hand_over(self, reference: str, now: datetime) -> None:
        raw = {"leaver": staff.LEAVER, "successor": staff.SUCCESSOR, "on": london_date(now)}
        try:
            self.records.attempt(reference, "hand_over", raw, signer(STEPS["hand_over"].by), now)
            self.handed_over += 1
        except TransitionRefused:
            pass  # Of a review that no longer takes it, the file still says who they were.

    # ----------------------------------------------------------------------- people

    def _act(self, who: int, moment: datetime) -> None:
        if moment >= self.plan.end:
            return
        self._again(who, self.cases[who].act(self.records, moment, self.tally))

    def _again(self, who: int, after: datetime | None) -> None:
        if after is not None:
            heapq.heappush(self.agenda, (after, who))

    def _wake(self, moment: datetime, machinery: ThreadPoolExecutor, may_race: bool) -> None:
        """Two sweeps and two senders at once, now and then beside somebody who takes a step; then what they wrote."""
        beside = None
        near = bool(self.agenda) and self.agenda[0][1] >= 0 and self.agenda[0][0] < moment + QUARTER
        if may_race and near and moment < self.plan.end:
            _, who = heapq.heappop(self.agenda)
            beside = machinery.submit(self.cases[who].act, self.records, moment, self.tally)
            self.raced += 1
        wrote = self._race(moment, machinery)
        if beside is not None:
            self._again(who, beside.result())
        if wrote or beside is not None:
            self._send(moment, machinery)

    # ----------------------------------------------------------------------- two of each

    def _race(self, moment: datetime, machinery: ThreadPoolExecutor) -> bool:
        """Two sweeps, the timed runs whose moment is there, two senders, all at once. Whether anything was written."""
        watching: list[Future[tuple[sweep.Swept, int]]] = []
        firing: list[Future[sweep.Swept]] = []
        if moment < self.plan.end:
            self.sweeps.append(moment)
            engine, rulebook = self.records.engine, self.records.rulebook
            due = [
                duty.key for duty in timed_duties.coming(engine, rulebook) if duty.next_at and duty.next_at <= moment
            ]
            firing = [machinery.submit(sweep.sweep, engine, rulebook, moment, key) for key in due]
            watching = [machinery.submit(_sweep, self.records, moment) for _ in range(2)]
        self._send(moment, machinery)
        swept = [sweep.result() for sweep in watching]
        fired = [run.result() for run in firing]
        self.timed += len(fired)
        self.told_by_timed += sum(bool(found.told) for found in fired)
        for found in [*fired, *(found for found, _ in swept)]:
            self.faults += found.faults
        return any(found.notices for found in fired) or any(found.notices or digests for found, digests in swept)

    def _send(self, moment: datetime, machinery: ThreadPoolExecutor) -> None:
        if not self.rounds or self.rounds[-1] < moment:
            self.rounds.append(moment)
        posting = [machinery.submit(send, self.records, self.room, moment, name) for name in ("one", "two")]
        if sum(sender.result().retried for sender in posting):
            quarter = moment.replace(minute=moment.minute // 15 * 15, second=0) + QUARTER
            for again in (quarter, quarter + 5 * QUARTER):
                heapq.heappush(self.agenda, (again, POSTMAN))


def _sweep(records: Records, moment: datetime) -> tuple[sweep.Swept, int]:
    """What a sweep does to the record: the rungs, then the digests of the morning, of which the number."""
    swept = sweep.sweep(records.engine, records.rulebook, moment)
    return swept, write_digests(records.engine, records.rulebook, moment)


def made(plan: Plan, home: Path) -> World:
    """
    A world on an empty record of its own in this folder, marked as a simulation.

    Its partnership is the example's, whose people and agencies change as the years go on. Raises CannotSimulate.
    """
    written = [(day, _as_yaml(file)) for day, file in staff.files(plan.seed, plan.start.date(), plan.end.date())]
    for day, file in written:
        (home / f"{VERSION}{day}.yaml").write_text(file)
    partnership = home / PARTNERSHIP
    partnership.write_text(written[0][1])
    rulebook = config.load(partnership)
    if rulebook.calendar.last < (plan.end + timedelta(days=DAYS_OF_A_YEAR)).date():
        raise CannotSimulate
    records = open_record(f"sqlite:///{home / RECORD}", home, rulebook, plan.start, simulation=True)
    world = World(plan, records, PostRoom(plan.seed, plan.gone), partnership, written)
    world.take_up(plan.start)
    return world


def _as_yaml(file: staff.File) -> str:
    return yaml.safe_dump(file, allow_unicode=True, sort_keys=False)
