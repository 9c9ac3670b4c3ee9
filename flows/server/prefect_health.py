"""
What Prefect says of itself, for `safeguarding health`: whether every open stage has its card, every deployment is there
and sweeps are planned. Asked where it answers; where it does not, the record alone tells.

Without Prefect's own library, whose import takes longer than a watcher waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from config.settings import Settings
from flows.server import prefect_settings

ANSWERS_WITHIN = 5.0
"""Seconds for each question."""
UNFINISHED = ["SCHEDULED", "PENDING", "RUNNING", "PAUSED", "CANCELLING"]


@dataclass(frozen=True, slots=True)
class PrefectSays:
    """What is not as it should be, what was counted, and in words whether it answered."""

    words: str
    faults: tuple[str, ...] = ()
    counted: dict[str, Any] = field(default_factory=dict)


def asked(settings: Settings, stages: Mapping[str, int], deployments: int | None) -> PrefectSays:
    """
    Ask the Prefect that this environment names, or the one of these settings.

    `stages` are the open stages of the record, by how many reviews stand in each; `deployments` how many were
    registered; where none were, another system may answer at this port, and is not asked.
    """
    if deployments is None:
        return PrefectSays("Prefect was not asked: nothing of this record was put into it yet.")
    address, login = prefect_settings.where(settings)
    auth = tuple(login.split(":", 1)) if login and ":" in login else None
    try:
        with httpx.Client(base_url=address, timeout=ANSWERS_WITHIN, auth=auth) as client:  # type: ignore[arg-type]
            return _looked_at(client, stages, deployments)
    except httpx.HTTPStatusError as error:
        if error.response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            return PrefectSays("Prefect was not asked: it wants a login that this command does not have.")
        return PrefectSays("", (f"Prefect's server cannot answer (answer {error.response.status_code})",))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return PrefectSays("", ("Prefect's server does not answer: no card can be opened",))


def _looked_at(client: httpx.Client, stages: Mapping[str, int], deployments: int) -> PrefectSays:
    waiting = {stage: _count(client, "flow_runs", _cards(stage)) for stage in stages}
    there = _count(client, "deployments", {})
    sweeps = _count(
        client,
        "flow_runs",
        {
            "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
            "deployments": {"name": {"any_": ["Sweep"]}},
        },
    )
    faults = [
        f"{stage.replace('_', ' ')}: {count} cards for {stages[stage]} open stages"
        for stage, count in waiting.items()
        if count != stages[stage]
    ]
    if there < deployments:
        faults.append(f"{deployments - there} of Prefect's {deployments} deployments are gone")
    if not sweeps:
        faults.append("no sweep is planned in Prefect")
    cards, duties = sum(waiting.values()), _count(client, "flow_runs", {"flow_runs": _tagged("duty", ["SCHEDULED"])})
    counted = {"cards": waiting, "deployments": there, "sweeps_planned": sweeps, "duties_planned": duties}
    words = (
        f"Cards: {cards} of {sum(stages.values())}. Deployments: {there}. Sweeps planned: {sweeps}. Duties: {duties}."
    )
    return PrefectSays(words, tuple(faults), counted)


def _cards(stage: str) -> dict[str, Any]:
    wanted = _tagged("card", UNFINISHED)
    return {"flow_runs": {**wanted, "tags": {"all_": ["card", stage]}}}


def _tagged(tag: str, states: list[str]) -> dict[str, Any]:
    return {"state": {"type": {"any_": states}}, "tags": {"all_": [tag]}}


def _count(client: httpx.Client, of: str, wanted: dict[str, Any]) -> int:
    return int(client.post(f"/{of}/count", json=wanted).raise_for_status().json())
