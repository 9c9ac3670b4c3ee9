"""
Every flow of the system as a deployment in Prefect: the seven cards, the short forms, the timed duties, the sweep.

Entry points are paths of modules: a path of a file would import each module twice under two names. The forms are given
by `create_deployment` itself, since their choices come from the partnership's file and not from a signature.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import yaml
from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule

from flows import beside_the_stages, letter_came_back, mark_away, mark_back, name_agency, what_if
from flows.action_follow_up import action_follow_up
from flows.artifacts import actions, artifact, deadline_board, delivery_and_agencies, plan, working
from flows.cards import drawing, short_form
from flows.cards.slot import CARD
from flows.commissioning import commissioning
from flows.decision import decision
from flows.panel import panel
from flows.publication import publication
from flows.rapid_review import rapid_review
from flows.referral import referral
from flows.server.work_pool import POOL
from flows.timed_duty import timed_duty
from flows.timed_runs import naming, sweeps
from flows.watch import watch
from safeguarding.dates.london import LONDON, london_date, now
from safeguarding.law.rulebook import Rulebook

STAGES: tuple[Flow[..., Any], ...] = (
    referral,
    rapid_review,
    decision,
    commissioning,
    panel,
    publication,
    action_follow_up,
)
PAGE = 200
SWEEP_CRON = "*/15 * * * *"
"""Every quarter of an hour. Cron in London time keeps its hours across both clock changes."""
log = logging.getLogger("safeguarding.registration")

HEAD = """\
# What `safeguarding register` puts into Prefect, for an operator who deploys by Prefect's own command:
# `prefect deploy --all --prefect-file deployments/prefect.yaml`, then `safeguarding register`, which gives the forms
# their questions (docs/deploying.md). Made by `safeguarding register --print`; a test holds it to that.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A flow as Prefect is to know it: its name in the list, its tags, its form, and when it runs by itself."""

    flow: Flow[..., Any]
    name: str
    tags: tuple[str, ...] = ()
    parameters: dict[str, Any]
    """The schema of its form."""
    description: str = ""
    cron: str | None = None
    one_at_a_time: bool = False

    @property
    def entrypoint(self) -> str:
        """The path of the flow's module and its name there."""
        return f"{self.flow.fn.__module__}.{self.flow.fn.__name__}"

    @property
    def limit(self) -> int | None:
        """How many of its runs may be under way at once; None where as many as there are."""
        return 1 if self.one_at_a_time else None

    @property
    def when_met(self) -> ConcurrencyOptions | None:
        """Of two sweeps asked for at once Prefect lets one run, and cancels the later: the earlier does its work."""
        return ConcurrencyOptions(collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW) if self.limit else None

    @property
    def full_name(self) -> str:
        """The name by which Prefect finds it: its flow's and its own."""
        return f"{self.flow.name}/{self.name}"


def deployments(rulebook: Rulebook) -> list[Deployment]:
    """All of them, with the forms of this partnership as it stands today."""
    rulebook = rulebook.on(london_date(now()))
    cards = [
        Deployment(flow=flow, name=drawing.named(flow.name), tags=(CARD,), parameters=_signature(flow))
        for flow in STAGES
    ]
    forms = [
        Deployment(
            flow=form.flow,
            name=form.flow.name,
            tags=(short_form.TAG,),
            parameters=form.schema().model_dump(exclude_unset=True),
            description=form.description,
        )
        for form in (
            *beside_the_stages.short_forms(rulebook),
            *mark_away.forms(rulebook),
            *mark_back.forms(rulebook),
            *name_agency.forms(rulebook),
            *letter_came_back.forms(),
            *what_if.questions(rulebook),
        )
    ]
    duties = Deployment(
        flow=timed_duty,
        name=naming.DEPLOYMENT.partition("/")[2],
        tags=(naming.TAG,),
        parameters=_signature(timed_duty),
        description="One run for each duty of the law, at the moment at which somebody is next told of it.",
    )
    sweep = Deployment(
        flow=watch,
        name=sweeps.DEPLOYMENT.partition("/")[2],
        parameters=_signature(watch),
        description="Every quarter of an hour: what is owed is told, cards, duties and pages are brought up to date.",
        cron=SWEEP_CRON,
        one_at_a_time=True,
    )
    return [*cards, *forms, duties, sweep]


def _signature(flow: Flow[..., Any]) -> dict[str, Any]:
    return flow.parameters.model_dump_for_openapi()


async def register(client: PrefectClient, rulebook: Rulebook, pool: str) -> dict[UUID, Deployment]:
    """
    Register every flow on this work pool and return them by the id of their deployment.

    What Prefect has just so already is left as it is: each that is registered takes it two calls. A form that is
    offered no more goes: of the track that the partnership gave up, or of an earlier program.
    """
    made: dict[UUID, Deployment] = {}
    there = [found for found in await _registered(client) if found.work_pool_name == pool]
    known = {(found.entrypoint, found.name): found for found in there}
    for one in deployments(rulebook):
        found = known.get((one.entrypoint, one.name))
        if found is None or not _is_just_so(found, one):
            flow = await client.create_flow_from_name(one.flow.name)
            made[await _create(client, flow, one, pool)] = one
        else:
            made[found.id] = one
    for found in there:
        if short_form.TAG in found.tags and found.id not in made:
            await client.delete_deployment(found.id)
    return made


async def _registered(client: PrefectClient) -> list[DeploymentResponse]:
    """Every deployment that Prefect has, ours or not."""
    found: list[DeploymentResponse] = []
    for offset in range(0, 10_000, PAGE):
        page = await client.read_deployments(limit=PAGE, offset=offset)
        found += page
        if len(page) < PAGE:
            break
    return found


def _is_just_so(found: DeploymentResponse, one: Deployment) -> bool:
    """Whether a deployment is in Prefect as registering would leave it."""
    schedules = [(each.schedule, each.active) for each in found.schedules]
    wanted = _schedules(one)
    return (
        (found.description or "") == one.description
        and sorted(found.tags) == sorted(one.tags)
        and found.parameter_openapi_schema == one.parameters
        and found.enforce_parameter_schema
        and not (found.pull_steps or found.parameters or found.job_variables or found.paused)
        and schedules == [(each.schedule, each.active) for each in wanted]
        and (found.global_concurrency_limit.limit if found.global_concurrency_limit else None) == one.limit
        and found.concurrency_options == one.when_met
    )


async def keep(client: PrefectClient, rulebook: Rulebook) -> Collection[UUID]:
    """
    Register again what somebody deleted, on the pool that the others are on; the ids of all of ours.

    Costs one call where nothing is missing.
    """
    there = {one.entrypoint: one for one in await _registered(client)}
    ours = {one.entrypoint: there.get(one.entrypoint) for one in deployments(rulebook)}
    missing = [entrypoint for entrypoint, found in ours.items() if found is None]
    if not missing:
        return {found.id for found in ours.values() if found is not None}
    pools = [found.work_pool_name for found in ours.values() if found is not None and found.work_pool_name]
    log.warning("%d of %d deployments are gone: they are registered again", len(missing), len(ours))
    return await register(client, rulebook, pools[0] if pools else POOL)


async def _create(client: PrefectClient, flow: UUID, one: Deployment, pool: str) -> UUID:
    return await client.create_deployment(
        flow_id=flow,
        name=one.name,
        schedules=_schedules(one),
        concurrency_limit=one.limit,
        concurrency_options=one.when_met,
        description=one.description,
        work_pool_name=pool,
        tags=list(one.tags),
        entrypoint=one.entrypoint,
        parameter_openapi_schema=one.parameters,
        pull_steps=[],
        enforce_parameter_schema=True,
    )


def _schedules(one: Deployment) -> list[DeploymentScheduleCreate]:
    if one.cron is None:
        return []
    return [DeploymentScheduleCreate(schedule=CronSchedule(cron=one.cron, timezone=LONDON.key), active=True)]


async def find_shown(client: PrefectClient) -> None:
    """Learn where the tables and pages are that are shown already, so that the cards link straight to them."""
    for known in (
        deadline_board.BOARD,
        delivery_and_agencies.DELIVERY,
        delivery_and_agencies.LEAGUE,
        actions.BY_DUE,
        actions.BY_AGENCY,
        actions.BY_THEME,
        plan.PREFIX,
        working.PREFIX,
    ):
        await artifact.find(client, known)


# --------------------------------------------------------------------------- the same for `prefect deploy`


def as_prefect_yaml(registered: Sequence[Deployment], pool: str) -> str:
    """
    The deployments as a `prefect.yaml`: what `prefect deploy --all --prefect-file` reads.

    Without the forms, which `prefect deploy` would draw from a signature: `safeguarding register` gives them.
    """
    entries = [
        {
            "name": one.name,
            **({"description": one.description} if one.description else {}),
            "entrypoint": one.entrypoint,
            "tags": list(one.tags),
            "work_pool": {"name": pool},
            "pull": [],
            **({"schedules": [{"cron": one.cron, "timezone": LONDON.key, "active": True}]} if one.cron else {}),
            **({"concurrency_limit": {"limit": 1, "collision_strategy": "CANCEL_NEW"}} if one.one_at_a_time else {}),
        }
        for one in registered
    ]
    return HEAD + yaml.safe_dump({"deployments": entries}, sort_keys=False, allow_unicode=True, width=110)
