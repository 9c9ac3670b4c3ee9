"""
Whom a line of the ledger names, as they were on its day: beside each id the name, the roles and for whom they spoke.

An id means whoever the partnership's file says today. A line says who it was then, and its hash covers it.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import date
from functools import cache
from types import NoneType
from typing import Any

from pydantic import BaseModel

from safeguarding.dates.london import london_date
from safeguarding.law.partnership import Partnership
from safeguarding.review.events import Event, Named


def as_they_were(event: Event, partnership: Partnership) -> Event:
    """The same line with everybody in it, people and agencies, whom it names by an id of the file."""
    today = partnership.on(london_date(event.at))
    ids = {event.actor.person: None}
    _gather((event.facts, event.marks, event.entries, event.duties), today.whole.ids, ids)
    found = tuple(named for one in ids if (named := _named(one, today)) is not None)
    return event.model_copy(update={"named": found}) if found else event


def _named(one: str, today: Partnership) -> Named | None:
    person = today.known(one) or today.ever(one)
    if person is not None:
        return Named(id=one, name=person.name, roles=person.roles, of=person.partner or person.agency or "")
    agency = today.agency_named(one)
    return Named(id=one, name=agency.name) if agency is not None else None


def _gather(values: Iterable[Any], known: Set[str], ids: dict[str, None]) -> None:
    """Put every word that stands by itself in these values, and is an id of the file, to the others."""
    for value in values:
        kind = type(value)
        if kind is str:
            if value in known:
                ids[value] = None
        elif kind in _NO_WORDS:
            continue
        elif kind is dict:
            _gather(value.values(), known, ids)
        elif kind is tuple or kind is list:
            _gather(value, known, ids)
        elif isinstance(value, BaseModel):
            _gather([getattr(value, name) for name in _names(type(value))], known, ids)
        elif isinstance(value, str):
            _gather((str(value),), known, ids)


@cache
def _names(kind: type[BaseModel]) -> tuple[str, ...]:
    return tuple(kind.model_fields)


_NO_WORDS = frozenset({date, bool, int, NoneType})
"""What most values are that are no words."""
