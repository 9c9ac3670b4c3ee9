"""
The door for a question: what if something happened on another day? The answer is a page; nothing is written.

The form holds a reference, events and dates, and no word about anybody, so it may stay with the run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from prefect import Flow, State, flow, get_client
from prefect.context import FlowRunContext
from prefect.states import Completed, Failed
from pydantic import BaseModel, Field, ValidationError, create_model

from flows import artifacts
from flows import desk as desks
from flows.clock_commands import suppose
from flows.quiet import CardFault, account_of, hush
from flows.record_desk import RecordDesk
from flows.short import ShortForm
from flows.wiring import House, now
from safeguarding.clock import london_date
from safeguarding.errors import SafeguardingError
from safeguarding.forms import key_of, label
from safeguarding.milestones import MILESTONES
from safeguarding.rulebook import Rulebook
from safeguarding.states import Track
from safeguarding.what_if import Supposed, WhatIf, events_of

REFERENCE = r"^[A-Z]+-\d{4}-\d+$"
SUBJECT = r"^[\w-]{0,60}$"

HOW_MANY = 3
"""Suppositions on one form."""


class Question(BaseModel):
    """A review, and up to three things supposed to happen on a day each."""

    reference: str = Field(pattern=REFERENCE)
    event_1: str
    on_1: date
    event_2: str | None = None
    on_2: date | None = None
    event_3: str | None = None
    on_3: date | None = None
    agency_or_action: str = Field(default="", pattern=SUBJECT)

    def supposed(self) -> list[Supposed]:
        """What is supposed; a supposition without its day, or the reverse, is left out."""
        pairs = [(getattr(self, f"event_{n}"), getattr(self, f"on_{n}")) for n in range(1, HOW_MANY + 1)]
        return [
            Supposed(event=key_of(event), on=on, subject=self.agency_or_action if _has_a_subject(event) else "")
            for event, on in pairs
            if event and on
        ]


def _has_a_subject(event: str) -> bool:
    return key_of(event).partition("_")[0] in ("agency", "report", "accuracy", "action")


@flow(name="What if", validate_parameters=False)
async def what_if(form: dict[str, Any]) -> State[Any]:
    """What a review's dates would be if something happened on another day. Nothing is written in the record."""
    hush()
    context, desk = FlowRunContext.get(), desks.current()
    if context is None or context.flow_run is None:
        raise CardFault("not-in-a-run", "what-if")
    if not isinstance(desk, RecordDesk):
        return Completed(message="No record stands behind this desk: nothing to ask.")
    try:
        asked = Question.model_validate(form if isinstance(form, Mapping) else {})
        found = await asyncio.to_thread(_found, desk.house, asked)
        async with get_client() as client:
            await artifacts.show(client, [artifacts.page(key(asked.reference), page(found))])
            await client.update_flow_run(context.flow_run.id, name=f"{asked.reference} · what if")
    except ValidationError as invalid:
        wrong = sorted({str(error["loc"][0]) for error in invalid.errors(include_input=False) if error["loc"]})
        return Failed(name="Not answered", message=f"Answer these: {', '.join(wrong) or 'the form'}.")
    except SafeguardingError as error:
        return Failed(name="Not answered", message=str(error))
    except Exception as error:  # noqa: BLE001  none of its text may reach Prefect
        return Failed(name="Not answered", message=account_of(error))
    clash = found.first_clash.words if found.first_clash else "No clash found."
    return Completed(
        message=f"{len(found.moved)} dates would move. {clash} {artifacts.link(key(asked.reference), 'Page')}"
    )


def _found(house: House, asked: Question) -> WhatIf:
    return suppose(house, asked.reference, asked.supposed(), london_date(now()))


def key(reference: str) -> str:
    """The page of the last answer about a review."""
    return f"what-if-{reference.lower()}"


def page(found: WhatIf) -> str:
    """The answer as a page: what was supposed, what does not fit, every date side by side."""
    head = f"**First clash:** {found.first_clash.words}" if found.first_clash else "**No clash found.**"
    parts = [
        f"# {found.reference} · what if",
        "\n".join(["Nothing is written.", "", *(f"- {reading.words}" for reading in found.readings)]),
        head,
    ]
    if len(found.clashes) > 1:
        parts.append("\n".join(f"- {clash.words}" for clash in found.clashes))
    rows = (_row(line.cells, line.moved) for line in found.lines)
    parts.append("\n".join(["| What | As it is | As it would be |", "| --- | --- | --- |", *rows]))
    return "\n\n".join([*parts, *(f"*{line.words}*" for line in found.stretch)])


def _row(cells: tuple[str, str, str], moved: bool) -> str:
    what, as_it_is, then = cells
    return f"| **{what}** | {as_it_is} | **{then}** |" if moved else f"| {what} | {as_it_is} | {then} |"


def questions(rulebook: Rulebook) -> list[ShortForm]:
    """The forms of questions, their events drawn from the rulebook."""
    names = dict.fromkeys(name for track in Track for name in (*events_of(track, rulebook), "decided"))
    choice: Any = Literal[tuple(label(name, MILESTONES[name]) for name in names)]
    form = create_model(
        "what_if",
        __doc__="What would the dates be, if? Nothing is written in the record.",
        reference=(str, Field(title="Review", description="Such as CSPR-2026-003.", pattern=REFERENCE)),
        event_1=(choice, Field(title="If this happened")),
        on_1=(date, Field(title="On")),
        event_2=(choice | None, Field(default=None, title="And this")),
        on_2=(date | None, Field(default=None, title="On")),
        event_3=(choice | None, Field(default=None, title="And this")),
        on_3=(date | None, Field(default=None, title="On")),
        agency_or_action=(str, Field(default="", title="Of which agency or action, if one's own", pattern=SUBJECT)),
    )
    asked: Flow[..., Any] = what_if
    return [ShortForm(command="what_if", flow=asked, form=form, description=str(what_if.fn.__doc__))]
