"""
What was recorded by another door shows here too: a command, another process, a form refused while its dialog is open.

The runner looks every second, when nothing runs, whether a review moved since it last looked; only then are its card
and the deadline board drawn again. The sweep does the same for everything, every quarter of an hour.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient

from flows import board, cards, reports
from flows import desk as desks
from flows.desk import Desk, Face
from flows.record_desk import RecordDesk
from flows.wiring import House, now
from safeguarding.clock import london_date, say
from tasks import deadlines, recomputing


class Follower:
    """Keeps the cards and the board up with the record. `stale_after`: see `cards.ensure`."""

    def __init__(self, stale_after: timedelta) -> None:
        self._stale_after = stale_after
        self._seen: Mapping[str, int] = {}

    async def begin(self, client: PrefectClient) -> None:
        """Take the record as it stands now for seen, and show the board."""
        self._seen = await asyncio.to_thread(desks.current().versions)
        await show_board(client)

    async def look(self, client: PrefectClient, busy: frozenset[UUID]) -> None:
        """Draw again what moved since the last look, if anything did."""
        desk = desks.current()
        stands = await asyncio.to_thread(desk.versions)
        if stands == self._seen:
            return
        moved = [reference for reference, version in stands.items() if self._seen.get(reference) != version]
        closed = bool(self._seen.keys() - stands.keys())
        faces = await asyncio.to_thread(desk.faces if closed else lambda: _open(desk, moved))
        await cards.ensure(client, faces, only=not closed, busy=busy, stale_after=self._stale_after)
        await show_board(client)
        self._seen = stands


def _open(desk: Desk, references: Iterable[str]) -> list[Face]:
    return [face for reference in references if (face := desk.face(reference)) is not None]


async def show_board(client: PrefectClient) -> None:
    """The deadline board as the record stands now."""
    desk = desks.current()
    if isinstance(desk, RecordDesk):
        rows, words = await asyncio.to_thread(_board, desk.house)
        await board.publish(client, rows, words)


def _board(house: House) -> tuple[list[dict[str, str | int]], str]:
    today = london_date(now())
    rows = deadlines.board(house.records.engine, house.rulebook, today)
    name = house.rulebook.partnership.name
    words = (
        f"**{name}**: {len(rows)} things owed on {say(today)}, most urgent first. References only; times are London's."
    )
    if moving := recomputing.pending(house.records):
        words += f" **{moving} dates would move** with the bank holidays now loaded: see `safeguarding recompute`."
    return [row.cells() for row in rows], f"{words} {reports.links()}"
