"""
Keeping the cards right: exactly one for each open stage, made again when lost, crashed or cancelled, and redrawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Cancelled, Completed, Scheduled

from flows.cards.drawing import deployment_of, digest_of, draw, tags_of, take_answer, unused_key, waiting_state
from flows.cards.face import Face
from flows.cards.nothing_typed import CardFault
from flows.cards.slot import Slot

UNFINISHED = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.PAUSED, StateType.CANCELLING]
UNDER_WAY = (StateType.PENDING, StateType.RUNNING, StateType.CANCELLING)
NOW = timedelta(0)
STALE_AFTER = timedelta(minutes=2)
"""How long a card may be under way before the sweep takes it to be abandoned. A card's work takes a second."""
IN_SIGHT_FOR = timedelta(days=6)
"""How long a card waits before a new one takes its place: Prefect's pages show a week, by the day a run was made."""
PAGE = 200


async def _wait_again(client: PrefectClient, run: FlowRun, face: Face) -> None:
    """Put a card that nobody is working on back to waiting, under a key that was never used."""
    key = unused_key(face)
    await take_answer(client, run.id)
    await draw(client, run, face, key)
    await client.set_flow_run_state(run.id, waiting_state(key), force=True)


# --------------------------------------------------------------------------- keeping the cards right


async def ensure(
    client: PrefectClient,
    faces: Iterable[Face],
    *,
    only: bool = False,
    busy: frozenset[UUID] = frozenset(),
    stale_after: timedelta = STALE_AFTER,
) -> int:
    """
    Exactly one card per open stage, showing its present face; the number of cards made, mended or refreshed.

    `faces` are all open reviews, and a card of anything else is completed; with `only`, they are some of the open
    reviews and the cards of others are left alone. `busy` are runs known to be worked on now. Idempotent.
    """
    faces = list(faces)
    found = await _cards(client, [face.reference for face in faces] if only else None)
    touched = 0
    for face in faces:
        mine = sorted(
            (pair for pair in found if pair[0].holds(face)), key=lambda pair: pair[0].generation, reverse=True
        )
        for _, extra in mine[1:]:
            if not _worked_on(extra, busy, stale_after):
                await _finish(client, extra)
        if mine and not _out_of_sight(mine[0][1]):
            touched += await _mend(client, mine[0][1], face, busy, stale_after)
        else:
            for _, old in mine[:1]:
                await _finish(client, old)
            await _make(client, face)
            touched += 1
    for slot, run in found:
        if not any(slot.holds(face) for face in faces) and not _worked_on(run, busy, stale_after):
            await _finish(client, run)
            touched += 1
    return touched


async def _cards(client: PrefectClient, references: list[str] | None) -> list[tuple[Slot, FlowRun]]:
    """Every card that is not finished, of these reviews or of all."""
    wanted: dict[str, Any] = {"state": {"type": {"any_": UNFINISHED}}}
    wanted["tags"] = {"all_": ["card"]} if references is None else {"any_": references}
    return await _read(client, wanted)


async def _read(client: PrefectClient, wanted: dict[str, Any]) -> list[tuple[Slot, FlowRun]]:
    found: list[tuple[Slot, FlowRun]] = []
    for offset in range(0, 1_000_000, PAGE):
        page = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter.model_validate(wanted), sort=FlowRunSort.ID_DESC, limit=PAGE, offset=offset
        )
        found += [(slot, run) for run in page if (slot := Slot.of(run)) is not None]
        if len(page) < PAGE:
            break
    return found


async def _make(client: PrefectClient, face: Face) -> None:
    """A new card, waiting from the start. Of two makers the second finds the first one's."""
    deployment = await client.read_deployment_by_name(deployment_of(face.stage))
    before = await _read(client, {"tags": {"all_": ["card", face.reference]}})
    latest = max((slot.generation for slot, _ in before if slot.holds(face)), default=1)
    for generation in range(latest, latest + 100):
        slot = Slot(face.reference, face.stage, face.entry, generation)
        key = f"v{face.version}-0"
        run = await client.create_flow_run_from_deployment(
            deployment.id,
            parameters={"reference": face.reference},
            state=waiting_state(key),
            name=face.name,
            tags=tags_of(face),
            idempotency_key=slot.key,
        )
        if run.state is None or not run.state.is_final():
            if run.state is not None and run.state.is_paused() and run.flow_version != digest_of(face):
                await draw(client, run, face, str(run.state.state_details.pause_key))
            return
    raise CardFault("card-made-too-often", face.reference)


async def _mend(client: PrefectClient, run: FlowRun, face: Face, busy: frozenset[UUID], stale_after: timedelta) -> bool:
    """Rescue a card that nobody works on, or redraw one that shows an old face; whether anything was done."""
    if run.state is None or _worked_on(run, busy, stale_after):
        return False
    if run.state.type in UNDER_WAY:
        return await _rescue(client, run, face)
    if run.state.type is StateType.SCHEDULED:
        return False
    if run.flow_version != digest_of(face):
        await draw(client, run, face, str(run.state.state_details.pause_key))
        return True
    if run.name != face.name or set(run.tags) != set(tags_of(face)):
        await client.update_flow_run(run.id, name=face.name, tags=tags_of(face))
        return True
    return False


async def _rescue(client: PrefectClient, run: FlowRun, face: Face) -> bool:
    """A killed process left this card Pending, Running or Cancelling: run it if it holds an answer, else wait again."""
    inputs = await client.filter_flow_run_input(run.id, key_prefix="suspended-", limit=200, exclude_keys=set())
    if any(item.key.endswith("-response") for item in inputs):
        await client.set_flow_run_state(run.id, Scheduled(), force=True)
    else:
        await _wait_again(client, run, face)
    return True


async def _finish(client: PrefectClient, run: FlowRun) -> None:
    """The stage ended by another door, or another card took this one's place: nothing is left to ask."""
    await take_answer(client, run.id)
    await client.set_flow_run_state(run.id, Completed(message="The stage is over."), force=True)


def _out_of_sight(run: FlowRun) -> bool:
    """Whether a waiting card is about to leave the page of runs, which shows a week unless it is told otherwise."""
    began = run.expected_start_time
    waiting = run.state is not None and run.state.is_paused()
    return waiting and began is not None and datetime.now(UTC) - began > IN_SIGHT_FOR


def _worked_on(run: FlowRun, busy: frozenset[UUID], stale_after: timedelta) -> bool:
    """Whether somebody is, or may still be, at work on the run."""
    if run.id in busy:
        return True
    if run.state is None or run.state.type not in UNDER_WAY:
        return False
    return datetime.now(UTC) - run.state.timestamp < stale_after


async def abandon(client: PrefectClient, runs: Iterable[FlowRun]) -> None:
    """
    Free runs that are not cards and that nobody works on any more.

    A form whose answers are still there had not begun (they are erased first) and runs again; of anything else that
    was cut short a sweep comes again and a form is filled in again.
    """
    for run in runs:
        again: State[Any] = Scheduled() if run.parameters else Cancelled(name="Interrupted")
        await client.set_flow_run_state(run.id, again, force=True)
