"""
Time acting on the record: every rung that is owed is claimed, and the notices it owes are written.

The sweep is safe to run twice, at once, or after a week off. The row of a duty says when the next rung of its ladder
fires, and ends with the duty: a rung of work that is done cannot fire. A rung is claimed, the next one set and the
notices written in one transaction (`claim_rungs`), so each rung fires once, ever; where several rungs of one duty were
missed, everybody on any of them hears once, of how the duty stands now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, and_, select

from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.ladder import Ladders
from safeguarding.notices.owed import Owed
from tasks.record import claim_rungs
from tasks.record.claim_rungs import RungTold
from tasks.store import projections
from tasks.store.owed import RUNS, running_duties, with_agencies
from tasks.store.session import writing
from tasks.store.tables import deadlines


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    rungs: int = 0
    notices: int = 0
    told: tuple[RungTold, ...] = ()
    faults: tuple[str, ...] = ()
    """Duties whose rungs could not be worked out, and why. They stay open and are tried again."""


# --------------------------------------------------------------------------- the sweep


def sweep(engine: Engine, rulebook: Rulebook, now: datetime) -> Swept:
    """
    Claim every rung that is owed and write its notices, in one transaction.

    The number of queries does not grow with what is running or due.
    """
    with writing(engine) as connection:
        owed = _due(connection, now)
        fired = projections.rungs_fired(connection, select(deadlines.c.reference).where(_climbs_by(now)))
        climbs, faults = claim_rungs.climbed(owed, fired, rulebook, Ladders(rulebook), now)
        told = claim_rungs.claim(connection, climbs, now)
    notices = sum(len(climb.drafts) for climb in climbs)
    return Swept(sum(len(climb.rungs) for climb in climbs), notices, told, faults)


def _due(connection: Connection, now: datetime) -> list[Owed]:
    """
    Every running duty of which a rung is due, held until the transaction ends.

    Two sweeps at once, or a step that ends the duty, wait for nothing and meet on no row: what another holds is
    skipped, and whoever comes after it sees that the next rung lies further on.
    """
    due = running_duties().where(deadlines.c.next_rung_at <= now).with_for_update(of=deadlines, skip_locked=True)
    return with_agencies(connection, connection.execute(due).all(), _climbs_by(now))


def _climbs_by(now: datetime) -> ColumnElement[bool]:
    """Which duties have a rung that is due."""
    return and_(RUNS, deadlines.c.next_rung_at <= now)
