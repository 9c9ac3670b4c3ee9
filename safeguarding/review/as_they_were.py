"""
Whom a line of the ledger names, as they were on its day: beside each id the name, the roles and for whom they spoke.

An id means whoever the partnership's file says today. A line says who it was then, and its hash covers it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from safeguarding.dates.london import london_date
from safeguarding.law.partnership import Partnership
from safeguarding.review.events import Event, Named


def as_they_were(event: Event, partnership: Partnership) -> Event:
    """The same line with everybody in it, people and agencies, whom it names by an id of the file."""
    today = partnership.on(london_date(event.at))
    ids = dict.fromkeys(
        [event.actor.person, *_words(event.model_dump(include={"marks", "entries", "facts", "duties"}))]
    )
    found = tuple(named for one in ids if (named := _named(one, today)) is not None)
    return event.model_copy(update={"named": found}) if found else event


def _named(one: str, today: Partnership) -> Named | None:
    person = today.known(one) or today.ever(one)
    if person is not None:
        return Named(id=one, name=person.name, roles=person.roles, of=person.partner or person.agency or "")
    agency = today.agency_named(one)
    return Named(id=one, name=agency.name) if agency is not None else None


def _words(value: Any) -> Iterator[str]:
    """Every word by itself in a value, in its order; what is no id of the file names nobody."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _words(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _words(inner)
