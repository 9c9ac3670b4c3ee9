"""
What every sweep does to the record, by whichever door: rungs, digests, delivery, and the pulse that says it was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.postman import deliver
from flows.wiring import House
from safeguarding.errors import HorizonPassed
from tasks import climbing, deadlines, delivery, pulse
from tasks.climbing import Told
from tasks.deadlines import Swept
from tasks.delivery import Blocked
from tasks.digests import write_digests
from tasks.health import health
from tasks.notices import Delivered, Postbox
from tasks.store.session import writing


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
    told: tuple[Told, ...] = ()
    """What people were told since the sweep before, by this sweep and by steps that made a date overdue."""

    @property
    def words(self) -> str:
        """The sweep in one sentence."""
        return (
            f"{self.swept.rungs} rungs claimed, {self.swept.notices} notices and {self.digests} digests written, "
            f"{self.delivered.delivered} delivered, {self.delivered.retried} to be tried again, "
            f"{self.delivered.failed} failed"
        )


def sweep_once(house: House, post: Postbox | None, moment: datetime) -> Round:
    """Sweep as of a moment and deliver what is due, by this post or the partnership's own."""
    engine = house.records.engine
    swept = deadlines.sweep(engine, house.rulebook, moment)
    faults = swept.faults
    digests = 0
    try:
        digests = write_digests(engine, house.rulebook, moment)
    except HorizonPassed as horizon:
        faults = (*faults, f"no digest could be made: {horizon}")
    delivered = deliver(house, post, moment)
    with writing(engine) as connection:
        pulse.beat(connection, pulse.SWEEP, moment, f"{swept.rungs} rungs, {swept.notices} notices")
        told = climbing.told_since_shown(connection, moment)
    blocked = tuple(delivery.blocked(engine))
    return Round(swept, digests, delivered, blocked, health(engine, moment).undelivered, faults, told)
