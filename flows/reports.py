"""
Tables in Prefect beside the deadline board: what was not delivered, and how the agencies answer.

Each is one artifact, rewritten by the sweep only when it shows something else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.filters import ArtifactCollectionFilter

from flows.wiring import House
from safeguarding.league import Standing
from tasks import chasing, delivery
from tasks.delivery import Message

DELIVERY = "delivery-report"
LEAGUE = "agency-league"


@dataclass(frozen=True, slots=True)
class Table:
    """One table with the sentence above it."""

    key: str
    words: str
    rows: Sequence[Mapping[str, Any]]


def drawn(house: House, today: date) -> list[Table]:
    """Both tables as they stand on a day."""
    messages = delivery.report(house.records.engine)
    return [delivery_table(messages), league_table(chasing.agency_league(house.records.engine, house.rulebook, today))]


def delivery_table(messages: Sequence[Message]) -> Table:
    """The delivery report. An empty one says so: no line is good news only if somebody looked."""
    given_up = sum(message.given_up for message in messages)
    if not messages:
        return Table(DELIVERY, "**Everything that was due has been delivered.**", ())
    words = (
        f"**{given_up} not delivered**, {len(messages) - given_up} to be tried again. Tell whoever did not hear, mend "
        "the address in the partnership's file, then `safeguarding undelivered --again NUMBER` or `--told NUMBER`."
    )
    return Table(DELIVERY, words, [message.cells() for message in messages])


def league_table(league: Sequence[Standing]) -> Table:
    """The league of the agencies, the one most often late first."""
    words = "**How agencies answered, over the last year**, the one most often late first. A nil return is an answer."
    return Table(LEAGUE, words, [line.cells() for line in league])


async def publish(client: PrefectClient, tables: Sequence[Table]) -> int:
    """Show these tables; how many had changed."""
    wanted = ArtifactCollectionFilter.model_validate({"key": {"any_": [table.key for table in tables]}})
    found = await client.read_latest_artifacts(artifact_filter=wanted, limit=len(tables))
    shown = {str(artifact.key): artifact for artifact in found if artifact.latest_id is not None}
    return sum([await _show(client, table, shown.get(table.key)) for table in tables])


async def _show(client: PrefectClient, table: Table, latest: Any) -> bool:
    data = json.dumps([dict(row) for row in table.rows])
    if latest is None:
        made = ArtifactCreate(key=table.key, type="table", data=data, description=table.words)
        await client.create_artifact(made)
        return True
    if (latest.data, latest.description) == (data, table.words):
        return False
    # Not client.update_artifact: it copies the whole table into an event each time.
    path, change = {"id": latest.latest_id}, {"data": data, "description": table.words}
    await client.request("PATCH", "/artifacts/{id}", path_params=path, json=change)
    return True


def links() -> str:
    """Where both tables are, for the words above the deadline board."""
    return f"[Delivery report](/artifacts/key/{DELIVERY}) · [Agency league](/artifacts/key/{LEAGUE})"
