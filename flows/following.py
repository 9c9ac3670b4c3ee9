"""
What was recorded by another door shows here too: a command, another process, a form refused while its dialog is open.

The runner looks every second, when nothing runs, whether a review moved since it last looked; only then are its card
and the deadline board drawn again. The sweep does the same for everything, every quarter of an hour.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient

from flows import artifacts, board, cards, plans, reports, workings
from flows import desk as desks
from flows.artifacts import Artifact
from flows.desk import Desk, Face
from flows.record_desk import RecordDesk
from flows.wiring import House, now
from safeguarding.clock import london_date


class Follower:
    """Keeps the cards and the board up with the record. `stale_after`: see `cards.ensure`."""

    def __init__(self, stale_after: timedelta) -> None:
        self._stale_after = stale_after
        self._seen: Mapping[str, int] = {}

    async def begin(self, client: PrefectClient) -> None:
        """Take the record as it stands now for seen, and show the tables."""
        desk = desks.current()
        self._seen = await asyncio.to_thread(desk.versions)
        if isinstance(desk, RecordDesk):
            # The reports first: the board links to them.
            await artifacts.show(client, await asyncio.to_thread(reports.drawn, desk.house, london_date(now())))
            await artifacts.show(client, [await asyncio.to_thread(board.drawn, desk.house)])

    async def look(self, client: PrefectClient, busy: frozenset[UUID]) -> None:
        """Draw again what moved since the last look, if anything did."""
        desk = desks.current()
        stands = await asyncio.to_thread(desk.versions)
        if stands == self._seen:
            return
        moved = [reference for reference, version in stands.items() if self._seen.get(reference) != version]
        closed = bool(self._seen.keys() - stands.keys())
        if isinstance(desk, RecordDesk):
            await artifacts.show(client, await asyncio.to_thread(_shown, desk.house, moved))
        faces = await asyncio.to_thread(desk.faces if closed else lambda: _open(desk, moved))
        await cards.ensure(client, faces, only=not closed, busy=busy, stale_after=self._stale_after)
        self._seen = stands


def _open(desk: Desk, references: Iterable[str]) -> list[Face]:
    return [face for reference in references if (face := desk.face(reference)) is not None]


def _shown(house: House, moved: Sequence[str]) -> list[Artifact]:
    """The board, and the plan and the working of what moved: before the cards, which link to them."""
    return [board.drawn(house), *plans.drawn(house, moved), *workings.drawn(house, moved)]
