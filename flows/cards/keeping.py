"""
Keeping the cards right: exactly one for each open stage, made again when lost, crashed or cancelled, and redrawn.

A state is forced on a run in one place only, `put_into`: where the run was left by somebody who died, or stands for
what is over, and nobody is there to take it through Prefect's own rules.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Cancelled, Completed, Scheduled

from flows.cards import story, stranded
from flows.cards.desk import current_desk
from flows.cards.drawing import (
    deployment_of,
    draw,
    holds_an_answer,
    shows,
    tags_of,
    take_answer,
    unused_key,
    waiting_state,
)
from flows.cards.face import Face, Faces
from flows.cards.slot import CARD, Slot
from flows.cards.work import UNDER_WAY, Work
from safeguarding.dates.london import now
from tasks.events.nothing_typed import CardFault, account_of
from tasks.store.whereabouts import unavailable

UNFINISHED = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.PAUSED, StateType.CANCELLING]
IN_SIGHT_FOR = timedelta(days=6)
"""How long a card waits before a new one takes its place: Prefect's pages show a week, by the day a run was made."""
OVER, OVER_TAG = "The stage is over.", "over"
PAGE = 200
NOBODY_KNOWN = Work()

Card = tuple[Slot, FlowRun]


class CardsKept(NamedTuple):
    """What was done: cards made, mended or refreshed; and those that could not be, by reference and account."""

    touched: int
    faults: tuple[str, ...] = ()


async def ensure(
    client: PrefectClient,
    faces: Faces,
    *,
    only: bool = False,
    work: Work = NOBODY_KNOWN,
    deployments: Collection[UUID] | None = None,
) -> CardsKept:
    """
    Exactly one card per open stage, showing its present face.

    `faces` are all open reviews, and a card of anything else is completed; with `only`, they are some of the open
    reviews and the cards of others are left alone. `work` says who is at work. `deployments` are those that are there:
    a card of any other cannot be run, and another takes its place. Idempotent. One card that cannot be drawn or kept
    stops no other: it is named. Raises only where Prefect's server or the record is away.
    """
    references = [face.reference for face in faces.drawn]
    found, strange = await _cards(client, references if only else None)
    touched, faults = 0, [f"{reference}: {account}" for reference, account in faces.undrawn.items()]
    for face in faces.drawn:
        with _held_to_one(face.reference, faults):
            touched += await _ensure_one(
                client, face, [card for card in found if card[0].holds(face)], work, deployments
            )
    over = [
        run
        for slot, run in found
        if slot.reference not in faces.undrawn and not any(slot.holds(face) for face in faces.drawn)
    ]
    for run in [*over, *([] if only else strange)]:
        if not work.goes_on(run):
            with _held_to_one(run.name, faults):
                await _finish(client, run)
                touched += 1
    return CardsKept(touched, tuple(faults))


@contextlib.contextmanager
def _held_to_one(name: str, faults: list[str]) -> Iterator[None]:
    """Whatever goes wrong with one card is noted and said, and the next one is looked at."""
    try:
        yield
    except httpx.TransportError:
        raise
    except Exception as error:
        if unavailable(error, current_desk().installation.settings.record_url) is not None:
            raise
        faults.append(f"{name}: {account_of(error)}")


async def _ensure_one(
    client: PrefectClient, face: Face, mine: Sequence[Card], work: Work, deployments: Collection[UUID] | None
) -> int:
    """The one card of a face; 1 if anything was done to it."""
    latest = sorted(mine, key=lambda card: card[0].generation, reverse=True)
    for _, extra in latest[1:]:
        if not work.goes_on(extra):
            await _finish(client, extra)
    if not latest:
        await _make(client, face)
        return 1
    (_, run) = latest[0]
    gone = deployments is not None and run.deployment_id not in deployments
    if not gone and not _out_of_sight(run):
        return int(await _mend(client, run, face, work))
    if gone and work.goes_on(run):
        return 0
    await stranded.take_in(client, run)
    await _finish(client, run)
    await _make(client, face)
    return 1


async def put_into(client: PrefectClient, run: FlowRun, state: State[Any]) -> None:
    """Put a run that nobody works on into a state, whatever Prefect's rules for one who works on it would say."""
    await client.set_flow_run_state(run.id, state, force=True)


async def abandon(client: PrefectClient, runs: Iterable[FlowRun]) -> None:
    """
    Free runs that are not cards and that nobody works on any more.

    A form whose answers are still there had not begun (they are erased first) and runs again; of anything else that
    was cut short a sweep comes again and a form is filled in again.
    """
    for run in runs:
        await put_into(client, run, Scheduled() if run.parameters else Cancelled(name="Interrupted"))


async def found_runs(client: PrefectClient, wanted: dict[str, Any]) -> Sequence[FlowRun]:
    """Every run that this filter of Prefect's finds."""
    found: list[FlowRun] = []
    for offset in range(0, 1_000_000, PAGE):
        page = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter.model_validate(wanted), sort=FlowRunSort.ID_DESC, limit=PAGE, offset=offset
        )
        found += page
        if len(page) < PAGE:
            break
    return found


async def left_behind(client: PrefectClient, deployments: Iterable[UUID], work: Work) -> list[FlowRun]:
    """The runs of these deployments that seem under way, though nobody works on them."""
    wanted = {
        "deployment_id": {"any_": [str(one) for one in deployments]},
        "state": {"type": {"any_": list(UNDER_WAY)}},
    }
    return [run for run in await found_runs(client, wanted) if not work.goes_on(run)]


# --------------------------------------------------------------------------- the cards that are there


async def _cards(client: PrefectClient, references: list[str] | None) -> tuple[list[Card], list[FlowRun]]:
    """Every card that is not finished, of these reviews or of all; and what is tagged as one and is none."""
    tags = {"all_": [CARD]} if references is None else {"any_": references}
    runs = await found_runs(client, {"state": {"type": {"any_": UNFINISHED}}, "tags": tags})
    cards = [(slot, run) for run in runs if (slot := Slot.of(run)) is not None]
    strange = [run for run in runs if CARD in run.tags and Slot.of(run) is None]
    return cards, strange


def _out_of_sight(run: FlowRun) -> bool:
    """Whether a waiting card is about to leave the page of runs, which shows a week unless it is told otherwise."""
    began = run.expected_start_time
    waiting = run.state is not None and run.state.is_paused()
    return waiting and began is not None and now() - began > IN_SIGHT_FOR


# --------------------------------------------------------------------------- making, mending and ending one


async def _make(client: PrefectClient, face: Face) -> None:
    """A new card, waiting from the start. Of two makers the second finds the first one's."""
    deployment = await client.read_deployment_by_name(deployment_of(face.stage))
    before = await found_runs(client, {"tags": {"all_": [CARD, face.reference]}})
    mine = [slot for run in before if (slot := Slot.of(run)) is not None and slot.holds(face)]
    latest = max((slot.generation for slot in mine), default=1)
    for generation in range(latest, latest + 100):
        slot = Slot(face.reference, face.stage, face.entry, generation)
        run = await client.create_flow_run_from_deployment(
            deployment.id,
            parameters={"reference": face.reference},
            state=waiting_state(f"v{face.version}-0"),
            name=face.name,
            tags=tags_of(face),
            idempotency_key=slot.key,
            labels=slot.labels,
        )
        if run.state is None or not run.state.is_final():
            if run.state is not None and run.state.is_paused() and not shows(run, face):
                await _redraw(client, run, face)
            return
    raise CardFault("card-made-too-often", face.reference)


async def _redraw(client: PrefectClient, run: FlowRun, face: Face) -> None:
    """Draw the face under the wait that the run is in."""
    if run.state is not None:
        await draw(client, run, face, str(run.state.state_details.pause_key))


async def _mend(client: PrefectClient, run: FlowRun, face: Face, work: Work) -> bool:
    """Rescue a card that nobody works on, or redraw one that shows an old face; whether anything was done."""
    if run.state is None or work.goes_on(run):
        return False
    if run.state.type in UNDER_WAY:
        return await _rescue(client, run, face)
    if run.state.type is StateType.SCHEDULED:
        return False
    if not shows(run, face):
        await _redraw(client, run, face)
        return True
    if run.name != face.name or set(run.tags) != set(tags_of(face)):
        await client.update_flow_run(run.id, name=face.name, tags=tags_of(face))
        return True
    return False


async def _rescue(client: PrefectClient, run: FlowRun, face: Face) -> bool:
    """A killed process left this card Pending, Running or Cancelling: run it if it holds an answer, else wait again."""
    if await holds_an_answer(client, run.id):
        await put_into(client, run, Scheduled())
        return True
    key = unused_key(face)
    await take_answer(client, run.id)
    await put_into(client, run, waiting_state(key))
    await draw(client, run, face, key)
    return True


async def _finish(client: PrefectClient, run: FlowRun) -> None:
    """The stage ended by another door, or another card took this one's place: nothing is left to ask."""
    await take_answer(client, run.id)
    await put_into(client, run, Completed(message=await say_the_end(client, run)))


async def say_the_end(client: PrefectClient, run: FlowRun) -> str:
    """
    Name a card whose stage is over by how that ended, and say it in its log; the words of the state that says so.

    Its tags then say no more how a date stands: nothing of it is owed on a card that is over.
    """
    slot = Slot.of(run)
    desk = current_desk()
    if slot is None or not await asyncio.to_thread(desk.knows, slot.reference):
        return OVER
    ended = await asyncio.to_thread(desk.ended, slot.reference, slot.stage, slot.entry)
    if ended is None:
        return "Another card of this stage has taken its place."
    await story.tell_the_end(client, run, ended, desk.page_of(slot.reference))
    tags = sorted({CARD, slot.reference, slot.stage, *({"children", "adults"} & set(run.tags)), OVER_TAG})
    await client.update_flow_run(run.id, name=ended.name, tags=tags)
    return f"{ended.sentence} {ended.onward}"
