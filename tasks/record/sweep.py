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
from tasks.record import claim_rungs, entered_late, owed_at_entry
from tasks.record.claim_rungs import RungTold
from tasks.record.timed_duties import which
from tasks.store import drafts, kept_answers, projections
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


def sweep(engine: Engine, rulebook: Rulebook, now: datetime, duty: str | None = None) -> Swept:
    """
    Claim every rung that is owed and write its notices, in one transaction; of one duty only, where its key is given.

    The number of queries does not grow with what is running or due.
    """
    due = and_(RUNS, deadlines.c.next_rung_at <= now, *([which(duty)] if duty is not None else []))
    with writing(engine) as connection:
        kept_answers.forget_old(connection, now)
        drafts.forget_old(connection, now)
        owed = _held(connection, due)
        fired = projections.rungs_fired(connection, select(deadlines.c.reference).where(due))
        climbs, faults = claim_rungs.climbed(owed, fired, rulebook, Ladders(rulebook), now)
        told = claim_rungs.claim(connection, climbs, now)
        letters, unwritten = _of_entries(connection, rulebook, now) if duty is None else (0, ())
    notices = letters + sum(len(climb.drafts) for climb in climbs)
    return Swept(sum(len(climb.rungs) for climb in climbs), notices, told, (*faults, *unwritten))


def _of_entries(connection: Connection, rulebook: Rulebook, now: datetime) -> tuple[int, tuple[str, ...]]:
    """The letters of the night after a review was entered late: to the unit, and of what is unmet to its owners."""
    if not entered_late.is_there_any(connection, now):
        return 0, ()
    unit, no_word = entered_late.write_letters(connection, rulebook, now)
    owners, unwritten = owed_at_entry.write_letters(connection, rulebook, now)
    return unit + owners, (*no_word, *unwritten)


def _held(connection: Connection, due: ColumnElement[bool]) -> list[Owed]:
    """
    Every running duty of which a rung is due, held until the transaction ends.

    Two sweeps at once, a sweep beside the timed run of a duty, or a step that ends the duty, wait for nothing and meet
    on no row: what another holds is skipped, and whoever comes after it sees that the next rung lies further on.
    """
    rows = running_duties().where(due).with_for_update(of=deadlines, skip_locked=True)
    return with_agencies(connection, connection.execute(rows).all(), due)
