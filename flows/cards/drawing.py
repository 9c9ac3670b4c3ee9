"""
How a card is drawn in Prefect: its name, its tags, its words and its form; and how an answer is taken off it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import PrefectHTTPStatusError
from prefect.input.run_input import keyset_from_paused_state
from prefect.states import Suspended

from flows.cards import dialog
from flows.cards.face import Face


async def take_answer(client: PrefectClient, run_id: UUID) -> tuple[str, Any]:
    """The wait that was answered and the answer, erasing both from Prefect before anything else happens."""
    wait, submitted = "", None
    for item in await client.filter_flow_run_input(run_id, key_prefix="suspended-", limit=200, exclude_keys=set()):
        if item.key.endswith("-response"):
            wait = item.key.removeprefix("suspended-").removesuffix("-response")
            submitted = item.decoded_value
        await erase(client, run_id, item.key)
    return wait, submitted


async def erase(client: PrefectClient, run_id: UUID, key: str) -> None:
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


async def draw(client: PrefectClient, run: FlowRun, face: Face, key: str, notice: str = "") -> None:
    """Put the face under this wait: the form and the words first, then name, tags and the digest of it all."""
    description = f"{notice}\n\n{face.description}" if notice else face.description
    drawn = dialog.schema(face.choices, face.version, face.reference)
    values: dict[str, Any] = {"schema": drawn, "description": description}
    for part, value in values.items():
        name = f"suspended-{key}-{part}"
        await erase(client, run.id, name)
        await client.create_flow_run_input(run.id, name, json.dumps(value))
    await client.update_flow_run(run.id, name=face.name, tags=tags_of(face), flow_version=digest_of(face))


def unused_key(face: Face) -> str:
    """The key of a wait. Prefect lets a run wait once under each, and an answer may leave the version as it was."""
    return f"v{face.version}-{int(datetime.now(UTC).timestamp() * 1000)}"


def waiting_state(key: str) -> State[Any]:
    state: State[Any] = Suspended(pause_key=key)
    state.state_details.run_input_keyset = dict(keyset_from_paused_state(state))  # type: ignore[arg-type]
    return state
