"""
The door for a question: what if something happened on another day? The answer is a page; nothing is written.

The form asks for a reference, events and dates, and no word about anybody; it is erased from the run all the same,
since anything may be typed there.
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

from flows.artifacts import artifact
from flows.artifacts.what_if import key, page
from flows.cards import story
from flows.cards.desk import current_desk
from flows.cards.short_form import LONGEST_NAME, ShortForm
from safeguarding.dates.london import london_date, now
from safeguarding.errors import SafeguardingError
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.supposed import Supposed
from safeguarding.questions.what_if import NoSuchEvent, WhatIf, events_of
from safeguarding.review.choices import key_of, label
from safeguarding.review.states import Track
from safeguarding.shown.card_story import CardLine
from tasks.events.nothing_typed import CardFault, account_of, check_logs
from tasks.record.installation import Installation
from tasks.record.what_if import suppose

REFERENCE = r"^[A-Z]{2,6}-[0-9]{4}-[0-9]{1,6}$"
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
    check_logs()
    context, desk = FlowRunContext.get(), current_desk()
    if context is None or context.flow_run is None:
        raise CardFault("not-in-a-run", "what-if")
    try:
        async with get_client() as client:  # Anything may have been typed in it.
            await client.update_flow_run(context.flow_run.id, parameters={})
        asked = Question.model_validate(form if isinstance(form, Mapping) else {})
        if await asyncio.to_thread(_a_stranger, desk.installation, asked):
            return Failed(name="Not answered", message="Answer these: agency_or_action, by its id.")
        found = await asyncio.to_thread(_found, desk.installation, asked)
        async with get_client() as client:
            await artifact.show(client, [artifact.page(key(asked.reference), page(found))])
            words = f"{len(found.moved)} dates would move. {_clash(found)}"
            name = f"{asked.reference} · what if: {words}"[:LONGEST_NAME]
            await client.update_flow_run(context.flow_run.id, name=name)
            answer = f"{desk.installation.settings.prefect_url}{artifact.path(key(asked.reference))}"
            await story.say(client, context.flow_run, [CardLine(words), CardLine(f"Every date side by side: {answer}")])
    except ValidationError as invalid:
        wrong = sorted({str(error["loc"][0]) for error in invalid.errors(include_input=False) if error["loc"]})
        return Failed(name="Not answered", message=f"Answer these: {', '.join(wrong) or 'the form'}.")
    except NoSuchEvent:
        return Failed(name="Not answered", message="Answer these: an event that moves a date of this review.")
    except SafeguardingError as error:
        return Failed(name="Not answered", message=str(error))
    except Exception as error:  # noqa: BLE001  none of its text may reach Prefect
        return Failed(name="Not answered", message=account_of(error))
    return Completed(message=words)


def _clash(found: WhatIf) -> str:
    return f"First clash: {found.first_clash.words.rstrip('.')}." if found.first_clash else "No clash found."


def _a_stranger(installation: Installation, asked: Question) -> bool:
    """Whether the agency or action is one that nobody knows: the page would show what was typed."""
    if not asked.agency_or_action:
        return False
    agencies = {agency.id for agency in installation.rulebook.partnership.agencies}
    review = installation.records.read(asked.reference)
    known = agencies | {duty.subject for duty in review.duties} | {action.id for action in review.actions}
    return asked.agency_or_action not in known


def _found(installation: Installation, asked: Question) -> WhatIf:
    return suppose(installation, asked.reference, asked.supposed(), london_date(now()))


def questions(rulebook: Rulebook) -> list[ShortForm]:
    """The forms of questions, their events drawn from the rulebook."""
    tracks = [track for track in Track if track.value in rulebook.partnership.tracks]
    names = dict.fromkeys(name for track in tracks for name in (*events_of(track, rulebook), "decided"))
    choice: Any = Literal[tuple(label(name, rulebook.milestone_words(name)) for name in names)]
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
