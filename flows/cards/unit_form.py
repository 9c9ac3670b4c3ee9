"""
Short forms that concern no review: somebody is away or back, a letter came back.

As with every short form, what was typed is erased from Prefect before anything else happens, and no word of it is in
the run's name, state or log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from prefect import get_client
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.states import Completed, Failed
from pydantic import BaseModel, Field, create_model

from flows.cards import story
from flows.cards.desk import Desk, current_desk
from safeguarding.dates.london import london_date, now
from safeguarding.errors import SafeguardingError, TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.choices import label
from safeguarding.review.forms import Form
from safeguarding.review.offered import offered
from safeguarding.shown import card
from safeguarding.shown.card_story import CardLine
from tasks.events.nothing_typed import CardFault, account_of, check_logs
from tasks.record import staff

Does = Callable[[Desk, dict[str, Any]], str]
"""What a form does with its answers; what is to be said of it, in which nothing that was typed stands."""


async def take(name: str, form: Any, does: Does) -> State[Any]:
    """Erase the form from Prefect, then do what it asks. Completed, or Failed with every reason."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise CardFault("not-in-a-run", name)
    run, named = context.flow_run, name.replace("_", " ")
    async with get_client() as client:
        await client.update_flow_run(run.id, parameters={}, name=named)
    check_logs()
    fields = {str(key): value for key, value in form.items()} if isinstance(form, Mapping) else {}
    state = await _done(does, fields)
    async with get_client() as client:  # Prefect's page shows no message of a state: it shows the name and the log.
        await story.say(client, run, [CardLine(str(state.message), warns=state.is_failed())])
        await client.update_flow_run(run.id, name=f"{named} · {'refused' if state.is_failed() else 'recorded'}")
    return state


async def _done(does: Does, fields: dict[str, Any]) -> State[Any]:
    """What came of it."""
    try:
        return Completed(message=await asyncio.to_thread(does, current_desk(), fields))
    except TransitionRefused as refused:
        return Failed(name="Refused", message=str(refused))
    except SafeguardingError as error:
        return Failed(name="Not recorded", message=error.code)
    except Exception as error:  # noqa: BLE001  none of its text may reach Prefect
        return Failed(name="Not recorded", message=account_of(error))


def signed(name: str, form: type[Form], rulebook: Rulebook, by: frozenset[str] = frozenset()) -> type[BaseModel]:
    """
    A form of the partnership's people as it is shown, with who signs it: holders of these roles; without any everybody,
    since anybody may mark themselves.
    """
    today = rulebook.on(london_date(now()))
    may = (person for person in today.partnership.people if not by or by & set(person.roles))
    signers = tuple(label(person.id, person.name) for person in may)
    who: Any = Literal[signers] if signers else str
    return create_model(
        name,
        __base__=offered(form, None, today),
        __doc__=form.__doc__,
        signed_by=(who, Field(title="Signed by", description="The unit, or whoever is away or back themselves.")),
    )


def mark(what: str) -> Does:
    """Mark somebody away or back, as the form says."""

    def done(desk: Desk, fields: dict[str, Any]) -> str:
        raw, actor = card.unsigned(fields)
        staff.mark(desk.installation, what, raw, actor, now())
        return "Recorded in the partnership's own chain. `safeguarding away` says who hears."

    return done


def unmet(what: str, fields: dict[str, Any]) -> Sequence[str]:
    """Every reason against a form of the partnership's people, in words that repeat nothing typed."""
    raw, actor = card.unsigned(fields)
    return staff.unmet(current_desk().installation, what, raw, actor, now())
