"""
What every sweep does to the record, by whichever door: rungs, digests, delivery, and the heartbeat that says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from safeguarding.errors import HorizonPassed
from tasks.post import delivery_report
from tasks.post.deliver import Delivered, Postbox
from tasks.post.delivery_report import Blocked
from tasks.record import claim_rungs, nightly, sweep, yearly_reports
from tasks.record.claim_rungs import RungTold
from tasks.record.delivering import deliver
from tasks.record.digests import write_digests
from tasks.record.health import health
from tasks.record.installation import Installation
from tasks.record.sweep import Swept
from tasks.store import heartbeat
from tasks.store.session import reading, writing


@dataclass(frozen=True, slots=True)
class Round:
    """What one sweep did, and what it could not do."""

    swept: Swept
    digests: int
    delivered: Delivered
    blocked: tuple[Blocked, ...] = ()
    undelivered: int = 0
    """Messages given up and not settled since."""
    faults: tuple[str, ...] = ()
    """What could not be worked out: people who should have heard did not, until it is mended."""
    changed: tuple[str, ...] = ()
    """What the proof of the night found: the record is not as this program left it."""
    told: tuple[RungTold, ...] = ()
    """What people were told since the sweep before, by this sweep and by steps that made a date overdue."""

    @property
    def words(self) -> str:
        """The sweep in one sentence."""
        return (
            f"{self.swept.rungs} rungs claimed, {self.swept.notices} notices and {self.digests} digests written, "
            f"{self.delivered.delivered} delivered, {self.delivered.retried} to be tried again, "
            f"{self.delivered.failed} failed"
        )


def sweep_once(installation: Installation, post: Postbox | None, moment: datetime) -> Round:
    """Sweep as of a moment and deliver what is due, by this post or the partnership's own."""
    engine = installation.records.engine
    swept = sweep.sweep(engine, installation.rulebook, moment)
    written = written_digests(installation, moment)
    changed = nightly.prove_tonight(installation, moment)
    return account(installation, moment, swept, written, deliver(installation, moment, post), changed)


def written_digests(installation: Installation, moment: datetime) -> int | str:
    """How many digests were written now, or why none could be made. The yearly reports are reminded of with them."""
    try:
        engine, rulebook = installation.records.engine, installation.rulebook
        yearly_reports.remind(engine, rulebook, moment)
        return write_digests(engine, rulebook, moment, lambda: nightly.keep_heads(installation, moment))
    except HorizonPassed as horizon:
        return f"no digest could be made: {horizon}"


def note_trouble(installation: Installation, part: str, faults: Sequence[str], moment: datetime) -> None:
    """What a part of the running system could not do, for `health`; nothing, once it could."""
    with writing(installation.records.engine) as connection:
        heartbeat.in_trouble(connection, part, faults, moment)


def in_trouble_since(installation: Installation, part: str) -> datetime | None:
    """When a part of the running system last could not do something; None while it is well."""
    with reading(installation.records.engine) as connection:
        return heartbeat.trouble_since(connection, part)


def note_registered(installation: Installation, deployments: int, moment: datetime) -> None:
    """Everything was put into Prefect: so many deployments should be there."""
    with writing(installation.records.engine) as connection:
        heartbeat.beat(connection, heartbeat.REGISTERED, moment, str(deployments))


def account(
    installation: Installation,
    moment: datetime,
    swept: Swept,
    digests: int | str,
    delivered: Delivered,
    changed: tuple[str, ...] = (),
) -> Round:
    """What a round came to, once its parts are done; the record remembers that it was done."""
    engine = installation.records.engine
    with writing(engine) as connection:
        heartbeat.beat(connection, heartbeat.SWEEP, moment, f"{swept.rungs} rungs, {swept.notices} notices")
        told = claim_rungs.told_since_shown(connection, moment)
    number, faults = (digests, swept.faults) if isinstance(digests, int) else (0, (*swept.faults, digests))
    blocked = tuple(delivery_report.blocked(engine))
    return Round(swept, number, delivered, blocked, health(engine, moment).undelivered, faults, changed, told)
