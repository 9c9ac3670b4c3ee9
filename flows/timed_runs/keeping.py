"""
Keeping the timed runs right: one for each duty of the law that comes next, standing at the moment at which somebody is
told, and one that failed as Missed for each whose day has passed.

Disposable like a card: made again from the record, moved with its date, and ended with its duty. What they tell is
claimed in the record, so that it does not matter whether a run or the sweep comes first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Completed, Failed, Scheduled

from flows.cards.keeping import UNFINISHED, found_runs, put_into
from flows.cards.work import UNDER_WAY
from flows.timed_runs.naming import (
    DEPLOYMENT,
    MISSED_NAME,
    MISSED_TAG,
    STRAY_TAG,
    TAG,
    DutyRun,
    name_of,
    overdue_words,
    tags_of,
    tags_of_ended,
)
from safeguarding.dates.london import london_date
from tasks.record import timed_duties
from tasks.record.installation import Installation
from tasks.record.timed_duties import DutyOver, TimedDuty

FoundRun = tuple[DutyRun, FlowRun]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The runs that there should be."""

    coming: Sequence[TimedDuty]
    missed: Sequence[TimedDuty]

    @classmethod
    def by(cls, installation: Installation, moment: datetime) -> Wanted:
        """As the record has it at a moment. It blocks: call it in a thread."""
        engine, rulebook = installation.records.engine, installation.rulebook
        late = timed_duties.missed(engine, rulebook, london_date(moment))
        return cls(timed_duties.coming(engine, rulebook), late)

    def only(self, references: Collection[str]) -> Wanted:
        """Those of some reviews."""
        return Wanted(*([d for d in duties if d.reference in references] for duties in (self.coming, self.missed)))


async def ensure(
    client: PrefectClient,
    installation: Installation,
    wanted: Wanted,
    moment: datetime,
    references: Collection[str] | None = None,
    beside: FlowRun | None = None,
) -> int:
    """
    Exactly the runs that are wanted, of all reviews or of these; the number of runs made, moved or ended. Idempotent.

    A run that somebody works on is left alone. `beside` is the run that asks: it is none of those that are to come.
    """
    mine = wanted if references is None else wanted.only(references)
    found = await _found(client, references)
    own = None if beside is None else beside.id
    coming = [pair for pair in found if not pair[0].missed and pair[1].id != own]
    missed = [pair for pair in found if pair[0].missed]
    touched = await _ensure_coming(client, installation, mine, coming, moment, "" if own is None else f"/{own}")
    touched += await _ensure_missed(client, installation, mine, missed, moment)
    return touched


async def _ensure_coming(
    client: PrefectClient,
    installation: Installation,
    wanted: Wanted,
    found: Sequence[FoundRun],
    moment: datetime,
    after: str,
) -> int:
    today, rulebook = london_date(moment), installation.rulebook
    # A run of a deployment that was deleted would never begin: another takes its place.
    deployment = (await client.read_deployment_by_name(DEPLOYMENT)).id if wanted.coming else None
    left: dict[str, list[FoundRun]] = {}
    for pair in found:
        left.setdefault(pair[0].key, []).append(pair)
    touched = 0
    for duty in wanted.coming:
        if duty.next_at is None:
            continue
        this = DutyRun.coming(duty, duty.next_at)
        name, tags = name_of(duty, today), tags_of(duty, today, rulebook, missed=False)
        there = left.pop(duty.key, [])
        # One that an earlier program made holds a parameter, which the flow no longer takes.
        same = [
            run
            for slot, run in there
            if slot == this and not _is_over(run) and run.deployment_id == deployment and not run.parameters
        ]
        for slot, run in there:
            if run not in same[:1] and not _under_way(run):
                await _discard(client, run)
                touched += slot == this
        if not same:
            await _make(client, this, name, tags, Scheduled(scheduled_time=duty.next_at), after)
            touched += 1
        elif same[0].name != name or set(same[0].tags) != set(tags):
            await client.update_flow_run(same[0].id, name=name, tags=tags)
            touched += 1
    return touched + await _end(client, installation, [pair for pairs in left.values() for pair in pairs], moment)


async def _ensure_missed(
    client: PrefectClient, installation: Installation, wanted: Wanted, found: Sequence[FoundRun], moment: datetime
) -> int:
    """Those of yesterday and before are made again, for Prefect's dashboard shows a day unless it is told otherwise."""
    today, rulebook = london_date(moment), installation.rulebook
    left: dict[str, list[FoundRun]] = {}
    for pair in found:
        left.setdefault(pair[0].key, []).append(pair)
    touched = 0
    for duty in wanted.missed:
        this = DutyRun.of_missed(duty, today)
        there = left.pop(duty.key, [])
        if any(_under_way(run) or (slot == this and _shows_missed(run)) for slot, run in there):
            continue
        for _, run in there:  # Of an earlier day, or asked for again, or put into another state by hand.
            await _discard(client, run)
        name = name_of(duty, today, overdue_words(duty, today, rulebook))
        tags = tags_of(duty, today, rulebook, missed=True)
        await _make(client, this, name, tags, missed_state(duty, installation, moment))
        touched += 1
    return touched + await _end(client, installation, [pair for pairs in left.values() for pair in pairs], moment)


async def _end(client: PrefectClient, installation: Installation, left: Sequence[FoundRun], moment: datetime) -> int:
    """End the runs of duties that are no longer owed, each with how it ended; discard those that wait for no moment."""
    engine, rulebook = installation.records.engine, installation.rulebook
    over = await asyncio.to_thread(timed_duties.ended, engine, rulebook, {slot.key for slot, _ in left})
    for slot, run in left:
        if _under_way(run):
            continue
        how = over.get(slot.key)
        if how is None:  # Others come before it, its ladder is at its end, or its date was moved to a later day.
            await _discard(client, run)
        else:
            await put_into(client, run, await ended(client, run, how, installation, moment))
    return len(left)


async def ended(
    client: PrefectClient, run: FlowRun, how: DutyOver, installation: Installation, moment: datetime
) -> State[Any]:
    """Name the run of a duty that has ended by how it did; the state that says so."""
    name = name_of(how.duty, london_date(moment), how.punctual(installation.rulebook.calendar))
    await client.update_flow_run(run.id, name=name, tags=tags_of_ended(how))
    words = how.words(installation.rulebook.calendar)
    if how.how == "settled":
        return Completed(name="Met", message=words)
    return Cancelled(name="Superseded" if how.how == "superseded" else "Withdrawn", message=words)


def missed_state(duty: TimedDuty, installation: Installation, moment: datetime) -> State[Any]:
    """The state of the run that says that a duty's day has passed."""
    stands = overdue_words(duty, london_date(moment), installation.rulebook)
    words = f"{stands[0].upper()}{stands[1:]}. It stays here until it is done or falls away."
    return Failed(name=MISSED_NAME, message=words)


async def forget(client: PrefectClient, run: FlowRun) -> None:
    """Erase what somebody gave a run that no duty of the record is for; the next sweep takes it away altogether."""
    await client.update_flow_run(run.id, name="Not one of ours", parameters={}, tags=[TAG, STRAY_TAG])


# --------------------------------------------------------------------------- the runs that are there


async def _found(client: PrefectClient, references: Collection[str] | None) -> list[FoundRun]:
    """
    The runs that wait or are under way, and those that stand for a missed duty whatever state they were put into.

    One that is for no duty, for somebody began it by hand, is taken away with what was given to it.
    """
    waiting: dict[str, Any] = {"all_": [TAG]} if references is None else {"any_": sorted(references)}
    runs = [
        *await found_runs(client, _in(UNFINISHED, waiting)),
        *await found_runs(client, _in([StateType.FAILED, StateType.CRASHED], {"all_": [TAG]})),
        *await found_runs(client, _in([StateType.COMPLETED, StateType.CANCELLED], {"any_": [MISSED_TAG, STRAY_TAG]})),
    ]
    found = []
    for run in runs:
        slot = DutyRun.of(run)
        if STRAY_TAG in run.tags or (slot is None and TAG in run.tags):
            if not _under_way(run):
                await _discard(client, run)
        elif slot is not None and (slot.missed or not _is_over(run)):
            found.append((slot, run))
    return [pair for pair in found if references is None or pair[0].reference in references]


def _in(states: Collection[StateType], tags: dict[str, Any]) -> dict[str, Any]:
    return {"state": {"type": {"any_": list(states)}}, "tags": tags}


def _shows_missed(run: FlowRun) -> bool:
    return run.state is not None and run.state.is_failed() and run.state.name == MISSED_NAME


def _under_way(run: FlowRun) -> bool:
    return run.state is not None and run.state.type in UNDER_WAY


def _is_over(run: FlowRun) -> bool:
    return run.state is None or run.state.is_final()


async def _make(
    client: PrefectClient, this: DutyRun, name: str, tags: list[str], state: State[Any], after: str = ""
) -> None:
    """Make the run. Of two makers the second finds the first one's; `after` tells it from the run that asks for it."""
    deployment = await client.read_deployment_by_name(DEPLOYMENT)
    for _ in range(2):
        run = await client.create_flow_run_from_deployment(
            deployment.id,
            state=state,
            name=name,
            tags=tags,
            idempotency_key=f"{this.idempotency_key}{after}",
            labels=this.labels,
        )
        if not _is_over(run) or (this.missed and _shows_missed(run)):
            return
        # One that stood at this very moment has ended, and the duty came back to it: a date that was moved and back.
        await _discard(client, run)


async def _discard(client: PrefectClient, run: FlowRun) -> None:
    """Take a run away that says nothing that is not said elsewhere."""
    try:
        await client.delete_flow_run(run.id)
    except ObjectNotFound:
        return
