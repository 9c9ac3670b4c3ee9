"""
Timed tasks for statutory deadlines: what Prefect shows of time acting on the record.

Each is a Prefect task by name, tried again where a second go is harmless, and never where a letter could leave twice.
What they do is done by `tasks.record` and `tasks.post`, which know no Prefect and are called without it too. They take
the installation, a moment, a key or a reference: nothing that somebody typed.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from safeguarding.notices.notice import Channel
from tasks.events.announce import announce_duty
from tasks.events.nothing_typed import only_an_account
from tasks.post.deliver import Delivered, Postbox
from tasks.record import delivering, sweep, sweep_round
from tasks.record.claim_rungs import RungTold
from tasks.record.installation import Installation
from tasks.record.sweep import Swept

OF_THE_SWEEP = "the sweep"


@task(
    name="Find what is due", task_run_name="find what is due", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=2
)
async def find_due(installation: Installation, moment: datetime) -> Swept:
    """Claim every rung that is due and write its notices."""
    with only_an_account(OF_THE_SWEEP):
        return await asyncio.to_thread(sweep.sweep, installation.records.engine, installation.rulebook, moment)


@task(name="Tell of one duty", task_run_name="tell of {duty}", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=2)
async def tell_of_one(installation: Installation, moment: datetime, duty: str) -> RungTold | None:
    """Claim the rungs of one duty that are due and write their notices; None where the sweep has been before."""
    with only_an_account(duty):
        engine, rulebook = installation.records.engine, installation.rulebook
        swept = await asyncio.to_thread(sweep.sweep, engine, rulebook, moment, duty)
        return swept.told[0] if swept.told else None


@task(name="tell", task_run_name="{words}", cache_policy=NO_CACHE)
async def tell(words: str, told: RungTold | None = None) -> None:
    """One duty of which people were told; its event is on the review's resource."""
    if told is not None:
        announce_duty(told)


@task(
    name="Write the digests", task_run_name="write the digests", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=2
)
async def write_digests(installation: Installation, moment: datetime) -> int | str:
    """Write the digests of the morning; how many, or why none could be made."""
    with only_an_account(OF_THE_SWEEP):
        return await asyncio.to_thread(sweep_round.written_digests, installation, moment)


@task(name="Deliver", task_run_name="deliver by {channel}", cache_policy=NO_CACHE)
async def deliver(
    installation: Installation, moment: datetime, channel: Channel, post: Postbox | None = None
) -> Delivered:
    """Deliver what is due over one channel. Never tried again by Prefect: the outbox itself knows what has left."""
    with only_an_account(OF_THE_SWEEP):
        return await asyncio.to_thread(delivering.deliver, installation, moment, post, channel)
