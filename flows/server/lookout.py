"""
A glance at Prefect while nothing runs: how many deployments, waiting cards and forms there are. Counts alone, since
they cost little; only what does not tally is looked at.

Somebody with Prefect's page before them may delete a deployment, cancel a card or put a form off; the sweep would put
it right within a quarter of an hour, and until then an answer may lie where nobody takes it.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import StateType

from flows.cards import short_form
from flows.cards.keeping import UNFINISHED
from flows.cards.slot import CARD
from flows.cards.stranded import ENDED_BADLY
from safeguarding.dates.london import now

EVERY = 2.0
"""Seconds between two glances."""
RARELY = 3
"""Every how many glances the forms and the cards that ended badly are counted too: nobody waits for those."""
AGAIN_AFTER = 60.0
"""Seconds after which what could not be put right is tried again."""


@dataclass(frozen=True, slots=True)
class Found:
    """What does not tally."""

    deployments_gone: bool = False
    cards_amiss: bool = False
    ended_badly: bool = False
    """More cards or forms were cancelled, crashed or failed than at the last glance."""
    put_off: bool = False


class Lookout:
    """Glances every other second, and says what is amiss once it has been so for two glances."""

    def __init__(self) -> None:
        self._next, self._again_at = 0.0, 0.0
        self._before = self._given_up = (-1, -1)
        self._ended, self._number = -1, 0

    async def glance(self, client: PrefectClient, deployments: Collection[UUID], open_reviews: int) -> Found:
        """Count, if it is time to; `open_reviews` is how many cards there must be."""
        if time.monotonic() < self._next:
            return Found()
        self._next = time.monotonic() + EVERY
        ours = {"deployments": {"id": {"any_": [str(one) for one in deployments]}}}
        there = await _count(client, "deployments", ours)
        waiting = await _count(client, "flow_runs", _runs([StateType.PAUSED], CARD))
        ended, put_off = self._ended, 0
        if self._number % RARELY == 0:
            ended = await _count(client, "flow_runs", _runs(ENDED_BADLY, CARD, short_form.TAG))
            put_off = await _count(client, "flow_runs", {"flow_runs": short_form.put_off(now())})
        found = Found(
            deployments_gone=there < len(deployments),
            cards_amiss=self._amiss((waiting, open_reviews)),
            ended_badly=ended != self._ended,
            put_off=put_off > 0,
        )
        self._ended, self._number = ended, self._number + 1
        return found

    def _amiss(self, stands: tuple[int, int]) -> bool:
        """Whether the cards do not tally, twice in a row: one that was answered just now is taken in between."""
        waiting, open_reviews = stands
        settled, self._before = stands == self._before, stands
        if waiting == open_reviews:
            self._given_up = (-1, -1)
        if waiting == open_reviews or not settled:
            return False
        if stands == self._given_up and time.monotonic() < self._again_at:
            return False
        self._given_up, self._again_at = stands, time.monotonic() + AGAIN_AFTER
        return True


async def cards(client: PrefectClient) -> int:
    """How many cards there are that are not finished."""
    return await _count(client, "flow_runs", _runs(UNFINISHED, CARD))


def _runs(states: Collection[StateType], *tags: str) -> dict[str, Any]:
    return {"flow_runs": {"state": {"type": {"any_": list(states)}}, "tags": {"any_": list(tags)}}}


async def _count(client: PrefectClient, of: str, wanted: dict[str, Any]) -> int:
    answer = await client.request("POST", f"/{of}/count", json=wanted)  # type: ignore[arg-type]
    return int(answer.json())
