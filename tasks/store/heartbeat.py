"""
The pulse: one row for each thing that time does by itself, with the moment at which it was last done.

Read by whoever watches from outside, and claimed by what may happen once a day: two sweeps at once do it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from tasks.store.tables import heartbeats

LONGEST_NOTE = 60

SWEEP = "sweep"
BACKUP = "backup"
POSTMAN = "postman"
PAGES = "pages"
REGISTERED = "registered"
"""When everything was last put into Prefect; its note is how many deployments that were."""
TABLES = "tables"
"""Up to which moment the tables for querying were last made again; its note is how often they were."""
_TROUBLE = "trouble: "


def beat(connection: Connection, name: str, now: datetime, note: str = "") -> None:
    """It was done now."""
    _write(connection, name, now, note, once=False)


def begun(connection: Connection, name: str, now: datetime) -> datetime:
    """When it began: now, unless it is noted that it began before."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    adding = insert(heartbeats).values(name=name, at=now, note="")
    connection.execute(adding.on_conflict_do_nothing())
    found: datetime = connection.execute(select(heartbeats.c.at).where(heartbeats.c.name == name)).scalar_one()
    return found


def forget(connection: Connection, name: str) -> None:
    """It is over, or nobody does it any more."""
    connection.execute(delete(heartbeats).where(heartbeats.c.name == name))


def once(connection: Connection, name: str, now: datetime, note: str) -> bool:
    """Claim what may be done once for this note (a day, a week): True for the one who is to do it."""
    return _write(connection, name, now, note, once=True)


def once_more(connection: Connection, name: str, now: datetime) -> None:
    """It was done now, once more than before: its note is another one each time."""
    before = last(connection, name)
    beat(connection, name, now, str(int(before[1] or 0) + 1 if before else 1))


def last(connection: Connection, name: str) -> tuple[datetime, str] | None:
    """When it was last done, and its note; None if it never was."""
    found = connection.execute(select(heartbeats.c.at, heartbeats.c.note).where(heartbeats.c.name == name)).first()
    return None if found is None else (found.at, found.note)


def in_trouble(connection: Connection, part: str, faults: Sequence[str], now: datetime) -> None:
    """What a part of the system could not do, cut to what fits; with no fault it is well again."""
    if faults:
        more = f" and {len(faults) - 1} more" if len(faults) > 1 else ""
        beat(connection, f"{_TROUBLE}{part}", now, f"{faults[0][: LONGEST_NOTE - len(more)]}{more}")
    else:
        forget(connection, f"{_TROUBLE}{part}")


def troubles(connection: Connection) -> dict[str, str]:
    """What each part of the system could not do, by the part."""
    query = select(heartbeats.c.name, heartbeats.c.note).where(heartbeats.c.name.startswith(_TROUBLE))
    return {row.name.removeprefix(_TROUBLE): row.note for row in connection.execute(query.order_by("name"))}


def trouble_since(connection: Connection, part: str) -> datetime | None:
    """When a part of the system last could not do something; None while it is well."""
    found = last(connection, f"{_TROUBLE}{part}")
    return None if found is None else found[0]


def all_that_begin(connection: Connection, start: str) -> dict[str, datetime]:
    """The moments of every row whose name begins so, by name."""
    query = select(heartbeats.c.name, heartbeats.c.at).where(heartbeats.c.name.startswith(start, autoescape=True))
    return {row.name: row.at for row in connection.execute(query)}


def _write(connection: Connection, name: str, now: datetime, note: str, *, once: bool) -> bool:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    adding = insert(heartbeats).values(name=name, at=now, note=note)
    query = adding.on_conflict_do_update(
        index_elements=["name"],
        set_={"at": adding.excluded.at, "note": adding.excluded.note},
        where=heartbeats.c.note != note if once else None,
    )
    return connection.execute(query.returning(heartbeats.c.name)).first() is not None
