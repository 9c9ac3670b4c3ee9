"""
What was recorded by another door shows here too: a command, another process, a form refused while its dialog is open.

The doors look every second, when nothing runs, whether a review moved since they last looked, and more often while
people work; only then are its card, its timed duties and the deadline board brought up to date. The sweep does the same
for everything, four times an hour.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence

from prefect.client.orchestration import PrefectClient

from flows.artifacts import actions, artifact, deadline_board, delivery_and_agencies, plan, working
from flows.artifacts.artifact import Artifact
from flows.artifacts.one_by_one import each_of
from flows.cards import keeping as cards
from flows.cards.desk import Desk, current_desk
from flows.cards.work import Work
from flows.timed_runs import keeping as duties
from safeguarding.dates.london import london_date, now
from tasks.record.installation import Installation

PEOPLE_WORK_FOR = 120.0
"""Seconds after a review moved for which the next step of somebody is expected."""


class Follower:
    """Keeps the cards and the board up with the record."""

    def __init__(self) -> None:
        self._seen: Mapping[str, int] = {}
        self._moved_at = float("-inf")

    @property
    def people_work(self) -> bool:
        """Whether a review moved lately: whoever moved it takes the next step soon, and looks for its card."""
        return time.monotonic() - self._moved_at < PEOPLE_WORK_FOR

    @property
    def open_reviews(self) -> int:
        """How many reviews were open at the last look."""
        return len(self._seen)

    async def begin(self, client: PrefectClient) -> None:
        """Take the record as it stands now for seen, and show the tables."""
        desk = current_desk()
        self._seen = await asyncio.to_thread(desk.versions)
        # The reports first: the board links to them.
        today = london_date(now())
        await artifact.show(client, await asyncio.to_thread(delivery_and_agencies.drawn, desk.installation, today))
        await artifact.show(client, await asyncio.to_thread(actions.drawn, desk.installation, today))
        await artifact.show(client, [await asyncio.to_thread(deadline_board.drawn, desk.installation)])

    async def look(self, client: PrefectClient, work: Work, somebody_waits: Callable[[], bool] = lambda: False) -> None:
        """
        Draw again what moved since the last look, if anything did.

        As soon as `somebody_waits` for an answer the rest is left for the next look: one server answers both.
        """
        desk = current_desk()
        stands = await asyncio.to_thread(desk.versions)
        if stands == self._seen:
            return
        self._moved_at = time.monotonic()
        moved = [reference for reference, version in stands.items() if self._seen.get(reference) != version]
        closed = bool(self._seen.keys() - stands.keys())
        await artifact.show(client, await asyncio.to_thread(_shown, desk.installation, moved))
        if somebody_waits():
            return
        faces = await asyncio.to_thread(desk.faces, None if closed else moved)
        await cards.ensure(client, faces, only=not closed, work=work)
        if somebody_waits():
            return
        await self._follow_duties(client, desk, {*moved, *(self._seen.keys() - stands.keys())})
        self._seen = stands

    async def _follow_duties(self, client: PrefectClient, desk: Desk, references: set[str]) -> None:
        moment = now()
        wanted = await asyncio.to_thread(duties.Wanted.by, desk.installation, moment)
        await duties.ensure(client, desk.installation, wanted, moment, references)


def _shown(installation: Installation, moved: Sequence[str]) -> list[Artifact]:
    """The board, and the plan and the working of what moved: before the cards, which link to them."""
    pages = [*each_of(plan.drawn, installation, moved), *each_of(working.drawn, installation, moved)]
    return [deadline_board.drawn(installation), *pages]
