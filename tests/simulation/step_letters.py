"""
The oracle of what a step owes its letters: at which hour they may leave, and which of them nobody needs by then.

A step's letters keep the hours of a reminder, unless a date of law or guidance of the review ends before the next
working morning is over. One about a date that was met, or about a point that the review has left, does not leave any
more; and of what says one thing in one place within a minute, one leaves.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from safeguarding.dates.london import LONDON
from simulation.law_by_day import Law
from simulation.oracle import Clock, moment

OF_A_DATE = ("due_superseded", "deadline_suspended", "agency_asked", "action_owned")
OF_A_POINT = ("decision_owed", "stage_opened")
OF_A_STEP = (*OF_A_DATE, *OF_A_POINT, "referral_received", "decision_made", "step_told")
MINUTE = timedelta(minutes=1)
LINES = "SELECT reference, at, body FROM ledger ORDER BY reference, sequence"


class StepLetters:
    """What the ledger says of the review behind a letter."""

    def __init__(self, law: Law, clocks: Sequence[Clock], record: sqlite3.Connection) -> None:
        self.law = law
        self.of_review: dict[str, list[Clock]] = defaultdict(list)
        for clock in clocks:
            self.of_review[clock.reference].append(clock)
        self.moves: dict[str, list[datetime]] = defaultdict(list)
        for reference, at, body in record.execute(
            "SELECT reference, at, body FROM ledger ORDER BY reference, sequence"
        ):
            if json.loads(body).get("to"):
                self.moves[reference].append(moment(at))

    def at_once(self, notice: Any) -> bool:
        """Whether a date of the law did not let a letter of this moment wait for a working morning."""
        local = notice.created.astimezone(LONDON)
        early = self.law.may_remind(notice.created) or (
            self.law.works(local.date()) and local.time() < self.law.morning
        )
        day = local.date() if early else self.law.after(local.date(), 1)
        return any(
            clock.statutory
            and clock.rule["counts"].get("kind") != "minimum"
            and clock.due_on <= day
            and clock.began <= notice.created
            and (clock.ended is None or clock.ended > notice.created)
            for clock in self.of_review[notice.reference]
        )

    def nobody_needs(self, notice: Any, others: Sequence[Any]) -> bool:
        """Whether what a letter is about was over, or is said by another one in the same place and minute."""
        if any(self._says_it(notice, other) for other in others):
            return True
        if notice.occasion in OF_A_POINT:
            return any(at > notice.created for at in self.moves[notice.reference])
        line = notice.key.rpartition(":")[2]
        begun = [clock for clock in self.of_review[notice.reference] if clock.key.rpartition(":")[2] == line]
        return notice.occasion in OF_A_DATE and any(clock.ended is not None for clock in begun)

    def _says_it(self, notice: Any, other: Any) -> bool:
        near = abs(other.created - notice.created) <= MINUTE
        same = (other.reference, other.place) == (notice.reference, notice.place)
        return other.id != notice.id and near and same and other.status == "delivered"
