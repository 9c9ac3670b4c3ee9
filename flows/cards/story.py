"""
The log of a card's run: what Prefect shows where it would say «Waiting for logs».

Lines can be added to a log and not taken from it, so each is true for good or as of its moment. At the top where the
review is read; then the story so far in sentences, each at the moment at which it was recorded; then what is owed, and
again as a warning when its day has passed; and at the end of the stage how it ended and what comes next.
References, roles and rules only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import LogCreate
from prefect.client.schemas.filters import LogFilter
from prefect.client.schemas.objects import FlowRun

from flows.cards.desk import current_desk
from flows.cards.face import Face
from safeguarding.dates.london import now
from safeguarding.shown.card_story import CardLine, Ended

NAME = "safeguarding.card"
"""What the log calls whoever says these lines."""
AT_ONCE = 200
"""Lines asked for in one call."""


def shown(face: Face) -> str:
    """What the log of a card of this face must say, in short: a label of the run holds it once it does."""
    return "\n".join((str(face.version), face.read_at, *(one.words for one in face.stands)))


async def tell(client: PrefectClient, run: FlowRun, face: Face) -> int:
    """Say what the log does not say yet of this face; how many lines that was."""
    story = await asyncio.to_thread(current_desk().story, face.reference)
    there = await _said(client, run)
    lines = (*where(face.read_at, story[0].at), *story, *face.stands)
    return await say(client, run, [one for one in lines if one.words not in there])


async def tell_the_end(client: PrefectClient, run: FlowRun, ended: Ended, page: str) -> None:
    """Say how the stage of a card ended, what comes next and where to read it."""
    await say(client, run, (CardLine(ended.sentence), CardLine(ended.onward), *where(page)))


def where(page: str, before: datetime | None = None) -> tuple[CardLine, ...]:
    """Where the review is read, if the reader can get there; `before` puts it above what happened at that moment."""
    at = None if before is None else before - timedelta(seconds=1)
    words = f"Everything that was done, decided and returned: {page}"
    return (CardLine(words, at=at),) if page else ()


async def say(client: PrefectClient, run: FlowRun, lines: Iterable[CardLine]) -> int:
    """Write these lines into the log of a run. What has no moment of its own is said now, in this order."""
    moment = now()
    made = [
        LogCreate(
            name=NAME,
            level=logging.WARNING if line.warns else logging.INFO,
            message=line.words,
            timestamp=line.at or moment + timedelta(microseconds=number),
            flow_run_id=run.id,
        )
        for number, line in enumerate(lines)
    ]
    if made:
        await client.create_logs(made)
    return len(made)


async def _said(client: PrefectClient, run: FlowRun) -> set[str]:
    """The lines that the log has."""
    found: set[str] = set()
    of_this = LogFilter.model_validate({"flow_run_id": {"any_": [str(run.id)]}})
    for offset in range(0, 10_000, AT_ONCE):
        page = await client.read_logs(of_this, limit=AT_ONCE, offset=offset)
        found |= {line.message for line in page}
        if len(page) < AT_ONCE:
            break
    return found
