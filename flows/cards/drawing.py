"""
How a card is drawn in Prefect: its name, its tags, its words and its form; and how an answer is taken off it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Sequence
from typing import Any
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import PrefectHTTPStatusError
from prefect.input.run_input import keyset_from_base_key, keyset_from_paused_state
from prefect.states import Suspended

from flows.cards import dialog, story
from flows.cards.face import Face
from flows.cards.slot import CARD
from safeguarding.dates.london import now

FORM, WORDS, LOG = "safeguarding.form", "safeguarding.words", "safeguarding.log"
"""The labels that say what form, words and log a card shows, in short: what has not changed costs no call."""
OF_A_WAIT = "suspended-"
"""How the keys of what belongs to a wait begin, as `keyset_from_paused_state` makes them."""


def deployment_of(stage: str) -> str:
    """The full name in Prefect of a stage's cards: its flow, and the deployment as the list of them shows it."""
    flow = stage.replace("_", " ").capitalize()
    return f"{flow}/{named(flow)}"


def named(flow: str) -> str:
    """The name of the deployment of a stage's cards. In the list by name it stands after the forms, to be opened."""
    return f"Waiting cards: {flow}"


def tags_of(face: Face) -> list[str]:
    """The tags of a card; `card` and the reference are how it is found again."""
    return sorted({CARD, face.reference, face.stage, *face.tags})


def shows(run: FlowRun, face: Face) -> bool:
    """Whether the card shows this face, form and words, under the wait that it is in."""
    key = run.state.state_details.pause_key if run.state is not None else None
    return {name: run.labels.get(name) for name in (FORM, WORDS, LOG)} == _drawn(face, str(key))


def _drawn(face: Face, key: str) -> dict[str, str]:
    form = dialog.schema(face.choices, face.version, face.reference)
    return {
        FORM: f"{key}/{_short(json.dumps(form, sort_keys=True))}",
        WORDS: f"{key}/{_short(face.description)}",
        LOG: _short(story.shown(face)),
    }


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


async def draw(client: PrefectClient, run: FlowRun, face: Face, key: str, notice: str = "") -> None:
    """
    Put the face under the wait of this key, which the run is in: the form, the words, name and tags; then the log.

    What has not changed under the key is left alone, so that a form which somebody has open can be sent throughout.
    The labels, written last, say what is drawn: what a kill left out is drawn when the card is looked at. `notice` is
    said once, above the words.
    """
    keys, before, after = keyset_from_base_key(f"{OF_A_WAIT}{key}"), run.labels, _drawn(face, key)
    calls: list[Awaitable[object]] = []
    if before.get(FORM) != after[FORM]:
        form = dialog.schema(face.choices, face.version, face.reference)
        calls.append(_put(client, run, keys["schema"], json.dumps(form), FORM, key))
    if notice or before.get(WORDS) != after[WORDS]:
        words = f"{notice}\n\n{face.description}" if notice else face.description
        calls.append(_put(client, run, keys["description"], json.dumps(words), WORDS, key))
    if run.name != face.name or set(run.tags) != set(tags_of(face)):
        calls.append(client.update_flow_run(run.id, name=face.name, tags=tags_of(face)))
    await asyncio.gather(*calls)
    of_dialog = {name: words for name, words in after.items() if name != LOG}
    if any(before.get(name) != words for name, words in of_dialog.items()):
        await client.update_flow_run_labels(run.id, dict(of_dialog))
    if before.get(LOG) != after[LOG]:  # Last: whoever waits for the form does not wait for it.
        await story.tell(client, run, face)
        await client.update_flow_run_labels(run.id, {LOG: after[LOG]})


async def _put(client: PrefectClient, run: FlowRun, name: str, value: str, label: str, key: str) -> None:
    if str(run.labels.get(label)).startswith(f"{key}/"):
        await erase(client, run.id, name)
    try:
        await client.create_flow_run_input(run.id, name, value)
    except PrefectHTTPStatusError as error:
        if error.response.status_code != httpx.codes.CONFLICT:
            raise
        # Another process drew it at the same moment, from a record that may have been older.
        await erase(client, run.id, name)
        await client.create_flow_run_input(run.id, name, value)


# --------------------------------------------------------------------------- a wait, and the answer to it


def waiting_state(key: str) -> State[Any]:
    """The state of a card that waits under this key, with the form that lies under it."""
    state: State[Any] = Suspended(pause_key=key)
    state.state_details.run_input_keyset = dict(keyset_from_paused_state(state))  # type: ignore[arg-type]
    return state


def unused_key(face: Face) -> str:
    """The key of a wait. Prefect lets a run wait once under each, and an answer may leave the version as it was."""
    return f"v{face.version}-{int(now().timestamp() * 1000)}"


async def take_answer(client: PrefectClient, run_id: UUID) -> tuple[str, Any]:
    """The wait that was answered and the answer, erasing both from Prefect before anything else happens."""
    items = await _of_waits(client, run_id)
    await asyncio.gather(*(erase(client, run_id, item.key) for item in items))
    return _answer_among(items)


async def read_answer(client: PrefectClient, run_id: UUID) -> tuple[str, Any]:
    """The same, and both are left where they are."""
    return _answer_among(await _of_waits(client, run_id))


async def _of_waits(client: PrefectClient, run_id: UUID) -> Sequence[Any]:
    return await client.filter_flow_run_input(run_id, key_prefix=OF_A_WAIT, limit=200, exclude_keys=set())


def _answer_among(items: Sequence[Any]) -> tuple[str, Any]:
    wait, submitted = "", None
    for item in items:
        if item.key.endswith("-response"):
            wait = item.key.removeprefix(OF_A_WAIT).removesuffix("-response")
            submitted = item.decoded_value
    return wait, submitted


async def holds_an_answer(client: PrefectClient, run_id: UUID) -> bool:
    """Whether somebody has answered and nobody has taken it."""
    return any(item.key.endswith("-response") for item in await _of_waits(client, run_id))


async def erase(client: PrefectClient, run_id: UUID, key: str) -> None:
    """Erase what lies under a key of a run, if anything does."""
    try:
        await client.delete_flow_run_input(run_id, key)
    except PrefectHTTPStatusError as error:
        if error.response.status_code != httpx.codes.NOT_FOUND:
            raise
