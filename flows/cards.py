"""
The living card: while a stage of a review is open, Prefect shows one run for it, waiting for the manager.

A card holds nothing of its own. It is made already waiting, so that showing it needs no process; pressing Resume
runs `card`, which takes the answer, attempts the step and either completes (the next stage's card is there already)
or waits again and says why. A card that was lost, crashed or cancelled is made again by `ensure`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import FlowRunContext
from prefect.exceptions import PrefectHTTPStatusError
from prefect.flow_runs import asuspend_flow_run
from prefect.input import RunInput
from prefect.input.run_input import Keyset, keyset_from_paused_state
from prefect.states import Cancelled, Completed, Scheduled, Suspended

from flows import desk as desks
from flows import dialog
from flows.announcing import announce
from flows.desk import Face
from flows.quiet import CardFault, account_of, hush, only_an_account
from safeguarding.errors import TransitionRefused

log = logging.getLogger("safeguarding.cards")

UNFINISHED = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.PAUSED, StateType.CANCELLING]
UNDER_WAY = (StateType.PENDING, StateType.RUNNING, StateType.CANCELLING)
NOW = timedelta(0)
STALE_AFTER = timedelta(minutes=2)
"""How long a card may be under way before the sweep takes it to be abandoned. A card's work takes a second."""
IN_SIGHT_FOR = timedelta(days=6)
"""How long a card waits before a new one takes its place: Prefect's pages show a week, by the day a run was made."""
PAGE = 200
NOT_RECORDED = "**Your answer could not be recorded and nothing was changed** ({account}). Please submit it again."


@dataclass(frozen=True, slots=True)
class Slot:
    """Which card a run is: one stage entry of one review, and how often the card had to be made again."""

    reference: str
    stage: str
    entry: int
    generation: int = 1

    @property
    def key(self) -> str:
        """The idempotency key: Prefect itself then refuses a second card."""
        return f"card:{self.reference}:{self.stage}:{self.entry}:{self.generation}"

    @classmethod
    def of(cls, run: FlowRun) -> Slot | None:
        """The slot of a run, or None if the run is not a card (somebody started the flow by hand)."""
        parts = (run.idempotency_key or "").split(":")
        if len(parts) != 5 or parts[0] != "card" or not (parts[3] + parts[4]).isdigit():
            return None
        return cls(parts[1], parts[2], int(parts[3]), int(parts[4]))

    def holds(self, face: Face | None) -> bool:
        """Whether the stage that this card is for is still the open one."""
        return face is not None and (self.reference, self.stage, self.entry) == (face.reference, face.stage, face.entry)


class _Wait(RunInput):
    """The wait of a card. Its schema is written before the wait begins: a kill between leaves no card without one."""

    @classmethod
    async def asave(cls, keyset: Keyset, flow_run_id: UUID | None = None) -> None:
        """Nothing to save: see `_write`."""


# --------------------------------------------------------------------------- the body of the seven flows


async def card(stage: str, reference: str) -> State[Any]:
    """
    What runs when Resume is pressed: take the answer, attempt the step, complete or wait again.

    Runs from the top each time. Whatever goes wrong reaches Prefect as a code and the reference, never as form text.
    """
    hush()
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise CardFault("not-in-a-run", reference)
    with only_an_account(reference):
        async with get_client() as client:
            run = await client.read_flow_run(context.flow_run.id)
            slot = Slot.of(run)
            if slot is None or slot.stage != stage or slot.reference != reference:
                return Completed(message="This run is not the card of a review: open the card that is waiting.")
            waiting = await _answered(client, run, slot)
    if waiting is None:
        return Completed(message="The stage is over.")
    await asuspend_flow_run(wait_for_input=_Wait, key=waiting)
    return Completed(message="Nothing was asked.")


async def _answered(client: PrefectClient, run: FlowRun, slot: Slot) -> str | None:
    """Take what was submitted, if anything was; the key of the next wait, or None when the stage is over."""
    desk = desks.current()
    wait, submitted = await _take(client, run.id)
    notice = ""
    if submitted is not None:
        notice = await _attempted(slot, submitted, token=f"{run.id}:{wait}")
    face = await asyncio.to_thread(desk.face, slot.reference)
    if face is None or not slot.holds(face):
        if face is not None:
            await ensure(client, [face], only=True)
        return None
    key = _unused_key(face)
    await _write(client, run, face, key, notice)
    return key


async def _attempted(slot: Slot, submitted: Any, token: str) -> str:
    """Attempt the step; words to put on the card if the answer could not even be considered."""
    desk = desks.current()
    try:
        chosen = dialog.answer(submitted)
    except dialog.NothingChosen as nothing:
        return f"**Nothing was recorded**: {nothing}."
    fields = dict(chosen.fields)
    try:
        await asyncio.to_thread(desk.attempt, slot.reference, chosen.command, fields, chosen.made_on, token)
    except TransitionRefused:
        announce(slot.reference, slot.stage, chosen.command, "refused")
        return ""
    except Exception as error:  # noqa: BLE001  the card must live on, whatever went wrong
        account = account_of(error)
        log.error("%s: %s: %s", slot.reference, chosen.command, account)
        return NOT_RECORDED.format(account=account)
    announce(slot.reference, slot.stage, chosen.command, "taken")
    return ""


async def _take(client: PrefectClient, run_id: UUID) -> tuple[str, Any]:
    """The wait that was answered and the answer, erasing both from Prefect before anything else happens."""
    wait, submitted = "", None
    for item in await client.filter_flow_run_input(run_id, key_prefix="suspended-", limit=200, exclude_keys=set()):
        if item.key.endswith("-response"):
            wait = item.key.removeprefix("suspended-").removesuffix("-response")
            submitted = item.decoded_value
        await _erase(client, run_id, item.key)
    return wait, submitted


async def _erase(client: PrefectClient, run_id: UUID, key: str) -> None:
    try:
        await client.delete_flow_run_input(run_id, key)
    except PrefectHTTPStatusError as error:
        if error.response.status_code != httpx.codes.NOT_FOUND:
            raise


# --------------------------------------------------------------------------- drawing a card


def digest_of(face: Face) -> str:
    """What a face looks like, in short: kept as the run's flow version, so an unchanged card costs no call."""
    drawn = [face.description, dialog.schema(face.choices, face.version, face.reference)]
    return "face-" + hashlib.sha256(json.dumps(drawn, sort_keys=True).encode()).hexdigest()[:20]


def deployment_of(stage: str) -> str:
    """The full name in Prefect of a stage's cards: its flow, and the deployment as the list of them shows it."""
    flow = stage.replace("_", " ").capitalize()
    return f"{flow}/{named(flow)}"


def named(flow: str) -> str:
    """The name of the deployment of a stage's cards. In the list by name it stands after the forms, to be opened."""
    return f"Waiting cards: {flow}"


def tags_of(face: Face) -> list[str]:
    """The tags of a card; `card` and the reference are how it is found again."""
    return sorted({"card", face.reference, face.stage, *face.tags})


async def _write(client: PrefectClient, run: FlowRun, face: Face, key: str, notice: str = "") -> None:
    """Put the face under this wait: the form and the words first, then name, tags and the digest of it all."""
    description = f"{notice}\n\n{face.description}" if notice else face.description
    drawn = dialog.schema(face.choices, face.version, face.reference)
    values: dict[str, Any] = {"schema": drawn, "description": description}
    for part, value in values.items():
        name = f"suspended-{key}-{part}"
        await _erase(client, run.id, name)
        await client.create_flow_run_input(run.id, name, json.dumps(value))
    await client.update_flow_run(run.id, name=face.name, tags=tags_of(face), flow_version=digest_of(face))


def _unused_key(face: Face) -> str:
    """The key of a wait. Prefect lets a run wait once under each, and an answer may leave the version as it was."""
    return f"v{face.version}-{int(datetime.now(UTC).timestamp() * 1000)}"


def _waiting(key: str) -> State[Any]:
    state: State[Any] = Suspended(pause_key=key)
    state.state_details.run_input_keyset = dict(keyset_from_paused_state(state))  # type: ignore[arg-type]
    return state


async def _wait_again(client: PrefectClient, run: FlowRun, face: Face) -> None:
    """Put a card that nobody is working on back to waiting, under a key that was never used."""
    key = _unused_key(face)
    await _take(client, run.id)
    await _write(client, run, face, key)
    await client.set_flow_run_state(run.id, _waiting(key), force=True)


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
            state=_waiting(key),
            name=face.name,
            tags=tags_of(face),
            idempotency_key=slot.key,
        )
        if run.state is None or not run.state.is_final():
            if run.state is not None and run.state.is_paused() and run.flow_version != digest_of(face):
                await _write(client, run, face, str(run.state.state_details.pause_key))
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
        await _write(client, run, face, str(run.state.state_details.pause_key))
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
    await _take(client, run.id)
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
