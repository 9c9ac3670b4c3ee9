"""
What the unit sees beside the cards: the deadline board, and one event for each step with the review as its resource.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.filters import ArtifactCollectionFilter
from prefect.events import emit_event

BOARD = "deadline-board"
_latest: list[str] = []
"""The id of the one artifact that is the board, once this process knows it."""


def link() -> str:
    """For the description of every card: artifacts have no entry in the page's own menu."""
    return f"[Deadline board]({path()})"


def path() -> str:
    """Where the board is on the page; of its key alone the page shows a list with one line on it."""
    return f"/artifacts/artifact/{_latest[0]}" if _latest else f"/artifacts/key/{BOARD}"


async def find(client: PrefectClient) -> Any:
    """The board as it is shown now, or None; from here on `link` leads straight to it."""
    found = await client.read_latest_artifacts(
        artifact_filter=ArtifactCollectionFilter.model_validate({"key": {"any_": [BOARD]}}), limit=1
    )
    if not found or found[0].latest_id is None:
        return None
    _latest[:] = [str(found[0].latest_id)]
    return found[0]


async def publish(client: PrefectClient, rows: Sequence[Mapping[str, Any]], description: str = "") -> None:
    """
    Show these rows as the board. One artifact is kept and rewritten, so a board every 15 minutes fills nothing.

    Each row is a mapping of column title to words, already in the order in which they should be read.
    """
    data = json.dumps([dict(row) for row in rows])
    latest = await find(client)
    if latest is None:
        await client.create_artifact(ArtifactCreate(key=BOARD, type="table", data=data, description=description))
        await find(client)
    elif (latest.data, latest.description) != (data, description):
        # Not client.update_artifact: it copies the whole board into an event each time.
        await client.request(
            "PATCH",
            "/artifacts/{id}",
            path_params={"id": latest.latest_id},
            json={"data": data, "description": description},
        )


def announce(reference: str, stage: str, step: str, outcome: str) -> None:
    """One event in Prefect's feed: which review, which step, taken or refused. Never why."""
    emit_event(
        event=f"safeguarding.step.{outcome}",
        resource={"prefect.resource.id": f"safeguarding.review.{reference}", "prefect.resource.name": reference},
        payload={"stage": stage, "step": step},
    )
