"""
Proving the record: every line, the seal over the whole, the reviews' keys, and the tables set beside the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from safeguarding.duties.retention import ERASED
from safeguarding.errors import Damage
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.ladder import Ladders
from safeguarding.review.events import PARTNERSHIP
from tasks.store import compared, guards, heartbeat, ledger, readings, seals
from tasks.store.sealing import Keyring
from tasks.store.tables import ledger as lines

RULES = "rules laid"
"""The pulse that remembers by which rules the next reminder of every date was laid."""


def prove(
    connection: Connection, keys: Keyring, rulebook: Rulebook, reference: str | None = None, *, guarded: bool = True
) -> Sequence[Damage]:
    """
    Everything in one moment of the record, or about one review, that is not as this program left it.

    Not `guarded` is a transaction that has lifted the guards itself.
    """
    seal = seals.stands(connection)
    found: list[Damage] = list(ledger.verify(connection, keys, reference, seal.since if seal else None))
    found += compared.keys_of(connection, keys, ERASED, reference)
    if reference is None:
        found += compared.numbers(connection)
        found += readings.faults(connection, keys)
        found += seals.faults(connection, keys)
        found += guards.gone(connection) if guarded else ()
    rungs = reminders_are_laid(connection, rulebook)
    found += compared.tables(connection, Ladders(rulebook), reference=reference, rungs=rungs)
    return found


def reminders_are_laid(connection: Connection, rulebook: Rulebook) -> bool:
    """
    Whether the next reminders were laid by these rules, so that they can be told from silenced ones.

    A record that no night has proved yet says it by its lines: each names the rulebook by which it was written.
    """
    laid = heartbeat.last(connection, RULES)
    if laid is not None:
        return laid[1] == rulebook.digest
    of_reviews = lines.c.reference != PARTNERSHIP
    others = select(lines.c.reference).where(of_reviews, lines.c.edition != rulebook.digest).limit(1)
    return connection.execute(others).first() is None
