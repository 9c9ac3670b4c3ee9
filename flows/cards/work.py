"""Who is at work on a run that seems under way: one that nobody works on was left by somebody who died."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from prefect.client.schemas.objects import FlowRun, StateType

from safeguarding.dates.london import now

UNDER_WAY = (StateType.PENDING, StateType.RUNNING, StateType.CANCELLING)
STALE_AFTER = timedelta(minutes=2)
"""How long a run of a card may be under way before it is taken to be abandoned. Its work takes a second."""


@dataclass(frozen=True, slots=True)
class Work:
    """
    What is known of who works: `busy` are runs being worked on now, `left` those that were left half-way.

    `since` is the moment before which nobody who works now had begun; None where others may be at work too, and then
    only time tells.
    """

    busy: frozenset[UUID] = frozenset()
    left: frozenset[UUID] = frozenset()
    since: datetime | None = None

    def goes_on(self, run: FlowRun) -> bool:
        """Whether somebody is, or may still be, at work on the run."""
        if run.id in self.busy:
            return True
        if run.state is None or run.state.type not in UNDER_WAY or run.id in self.left:
            return False
        if self.since is not None and run.state.timestamp < self.since:
            return False
        return now() - run.state.timestamp < STALE_AFTER
