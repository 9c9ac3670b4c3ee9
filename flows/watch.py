"""
The sweep: time acts on the record through this flow, every quarter of an hour and at start-up.

Finds every rung that is owed, writes the notices and delivers them, then brings the cards, the timed runs of the duties
and the pages up to date; each of these is a task run under it. Idempotent: run twice, at once or after a week off, it
owes nobody anything twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import pkgutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from prefect import State, flow, get_client, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from flows.artifacts import actions, artifact, deadline_board, delivery_and_agencies, plan, working
from flows.artifacts.artifact import Artifact
from flows.artifacts.one_by_one import each_of
from flows.cards import interrupted, short_form, stranded
from flows.cards import keeping as cards
from flows.cards.desk import Desk, current_desk
from flows.cards.keeping import CardsKept
from flows.timed_runs import keeping as duties
from flows.timed_runs import naming, sweeps
from safeguarding.dates.london import london_date, now
from tasks import deadlines
from tasks.events import announce
from tasks.events.nothing_typed import CardFault, check_logs, only_an_account
from tasks.post.deliver import CHANNELS, Delivered
from tasks.record import nightly, sweep_round
from tasks.record.installation import Installation
from tasks.record.sweep_round import Round


@contextlib.contextmanager
def _named(faults: list[str]) -> Iterator[None]:
    """A part of the sweep: what stops it is named, and the next part is done all the same."""
    try:
        yield
    except CardFault as fault:
        faults.append(str(fault))


def _run_name() -> str:
    return sweeps.name_of(flow_run.scheduled_start_time)


@flow(name="Watch", flow_run_name=_run_name, validate_parameters=False)
async def watch() -> State[Any]:
    """Sweep once."""
    check_logs()
    with only_an_account("the sweep"):
        desk, moment = current_desk(), now()
        await asyncio.to_thread(desk.follow)
        done = await _swept(desk, moment)
        faults: list[str] = []
        touched = 0
        # Each by itself: what is wrong with the pages must not leave a card unmended, or a duty without its run.
        with _named(faults):
            await show_pages(desk.installation)
        with _named(faults):
            kept = await keep_cards(desk)
            touched, faults = kept.touched, [*faults, *kept.faults]
        with _named(faults):
            await keep_duties(desk.installation, moment)
        with _named(faults):
            await _tell(done, desk.installation)
        await asyncio.to_thread(sweep_round.note_trouble, desk.installation, "the sweep", faults, moment)
        return outcome(done, touched, faults)


async def _swept(desk: Desk, moment: datetime) -> Round:
    installation, delivered = desk.installation, Delivered()
    swept = await deadlines.find_due(installation, moment)
    digests = await deadlines.write_digests(installation, moment)
    changed = await asyncio.to_thread(nightly.prove_tonight, installation, moment)
    for channel in CHANNELS:
        delivered = delivered.and_then(await deadlines.deliver(installation, moment, channel, desk.post))
    return await asyncio.to_thread(sweep_round.account, installation, moment, swept, digests, delivered, changed)


async def _tell(done: Round, installation: Installation) -> None:
    """A task run for each duty that people were told of since the sweep before; after a week off, one for the rest."""
    shown, besides = announce.to_show(done.told)
    for one in shown:
        await deadlines.tell(announce.words(one, installation.rulebook), one)
    if besides:
        await deadlines.tell(f"and {len(besides)} more: the deadline board shows how each stands")
    for one in besides[: announce.EVENTS - announce.SHOWN]:
        announce.announce_duty(one)


@task(name="Show the pages", task_run_name="show the pages", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=2)
async def show_pages(installation: Installation) -> None:
    """The tables, and the plan and the working of every open review, as the record now has them."""
    with only_an_account("the pages"):
        async with get_client() as client:
            await artifact.show(client, await asyncio.to_thread(_shown, installation))


@task(name="Keep the cards", task_run_name="keep the cards", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=2)
async def keep_cards(desk: Desk) -> CardsKept:
    """Every deployment, exactly one card for each open stage, and nothing left half-way; what could not be kept."""
    with only_an_account("the cards"):
        async with get_client() as client:
            # By its name, for what registers all flows knows this one too.
            keep = pkgutil.resolve_name("flows.server.registration:keep")
            deployments = await keep(client, desk.installation.rulebook)
            await interrupted.free(client, now(), (short_form.TAG, naming.TAG))
            await short_form.forget(client)
            await short_form.refuse_those_put_off(client, now())
            await stranded.settle(client, set())
            return await cards.ensure(client, await asyncio.to_thread(desk.faces), deployments=deployments)


@task(
    name="Keep the duties",
    task_run_name="keep the timed duties",
    cache_policy=NO_CACHE,
    retries=2,
    retry_delay_seconds=2,
)
async def keep_duties(installation: Installation, moment: datetime) -> int:
    """A timed run for each duty of the law that comes next or was missed, and names for the sweeps to come."""
    with only_an_account("the duties"):
        async with get_client() as client:
            wanted = await asyncio.to_thread(duties.Wanted.by, installation, moment)
            await sweeps.name_the_others(client)
            return await duties.ensure(client, installation, wanted, moment)


def outcome(done: Round, cards_touched: int, faults: Sequence[str] = ()) -> State[Any]:
    """
    How the sweep ended. Failed where nothing gets out over a channel, a date could not be worked out or something
    could not be kept: it is named by its reference, and everything else was done.

    A letter that is to be tried again is no failure; a message given up is named, and stays so until it is settled.
    """
    words = f"{done.words}, {cards_touched} cards brought up to date."
    if done.changed:
        return Failed(name="The record was changed", message="; ".join([*done.changed[:3], words]))
    if done.blocked:
        return Failed(name="Cannot send", message="; ".join([*(down.words for down in done.blocked), words]))
    if done.faults:
        return Failed(name="Cannot be worked out", message="; ".join([*done.faults[:3], words]))
    if faults:
        return Failed(name="Not all kept", message="; ".join([*faults[:5], words]))
    if done.undelivered:
        count = f"{done.undelivered} not delivered: see the delivery report"
        return Completed(name="Some not delivered", message=f"{count}; {words}")
    return Completed(message=words)


def _shown(installation: Installation) -> list[Artifact]:
    """The tables, and the plan and the working of every open review."""
    open_now = [row.reference for row in installation.records.list(open_only=True)]
    today = london_date(now())
    beside = [*delivery_and_agencies.drawn(installation, today), *actions.drawn(installation, today)]
    tables = [*beside, deadline_board.drawn(installation)]
    return [*tables, *each_of(plan.drawn, installation, open_now), *each_of(working.drawn, installation, open_now)]
