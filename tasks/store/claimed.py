"""
The rungs that are noted as told, set beside what was written to somebody when they were.

A rung is claimed and its messages are written in one transaction, at one moment. Neither is under the seal, so a rung
that somebody noted past this program, to keep a reminder from ever being written, is told from a true one by that
moment: no message was written then, or the rung's time had not come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, select

from safeguarding.dates.london import LONDON
from safeguarding.notices.notice import Occasion
from tasks.store.outbox import NOBODY, SAID
from tasks.store.tables import DUTY_KEY, notice_facts, notices, rungs

_OF_A_RUNG = (Occasion.REMINDER.value, Occasion.DUE_MISSED.value)
DutyKey = tuple[Any, ...]
"""Reference, rule, subject, occurrence, the line it began with."""


class Claims:
    """Every claim of one moment of the record, or of one review, and what was written at its moment."""

    def __init__(self, connection: Connection, reference: str | None = None) -> None:
        mine, about = select(rungs), []
        if reference is not None:
            mine, about = mine.where(rungs.c.reference == reference), [notice_facts.c.reference == reference]
        self._of_duty: dict[DutyKey, list[Row[Any]]] = defaultdict(list)
        for row in connection.execute(mine.order_by(rungs.c.claimed_at, rungs.c.fires_at)):
            self._of_duty[tuple(getattr(row, name) for name in DUTY_KEY)].append(row)
        self._written: dict[str, set[datetime]] = defaultdict(set)
        facts = notice_facts.c
        said = select(facts.key, facts.created_at).join_from(notices, notice_facts, SAID).distinct()
        for key, at in connection.execute(said.where(notices.c.occasion.in_(_OF_A_RUNG), *about)):
            self._written[key].add(at)
        alone = select(facts.key, facts.created_at, facts.context).join_from(notice_facts, notices, SAID, isouter=True)
        for row in connection.execute(alone.where(notices.c.id.is_(None), *about)):
            if NOBODY in row.context:
                self._written[row.key].add(row.created_at)

    def duties(self) -> Sequence[DutyKey]:
        """Every duty of which a rung is noted."""
        return sorted(self._of_duty)

    def true_ones(self, duty: DutyKey, moments: Mapping[str, datetime], before: Sequence[int] = ()) -> set[str]:
        """The rungs of a duty that were told."""
        return {row.rung for row in self._of_duty.get(duty, ())} - dict(self.false_ones(duty, moments, before)).keys()

    def false_ones(
        self, duty: DutyKey, moments: Mapping[str, datetime], before: Sequence[int] = ()
    ) -> Iterator[tuple[str, str]]:
        """
        The rungs of a duty that are noted as told and were not, each with why, in words.

        `before` are the lines that wrote earlier rows of its clock for the same day: what was told of them stays told.
        `moments` says when each rung of its ladder fires, the soonest first; empty where the rules have changed since
        the rungs were laid, for then a rung may truly have been told at another time.
        """
        together: dict[datetime, list[Row[Any]]] = defaultdict(list)
        for row in self._of_duty.get(duty, ()):
            together[row.claimed_at].append(row)
        order = {rung: place for place, rung in enumerate(moments)}
        for at, group in together.items():
            told = [row.rung for row in group if self._was_written(duty, row.rung, at, before)]
            last = max((order.get(rung, len(order)) for rung in told), default=-1)
            for row in group:
                if not told:
                    yield row.rung, "no message of it was written to anybody"
                elif row.fires_at > at:
                    yield row.rung, f"its time, {_say(row.fires_at)}, had not come"
                elif order.get(row.rung, -1) > last and moments[row.rung] > at:
                    yield row.rung, f"its time, {_say(moments[row.rung])}, had not come"

    def _was_written(self, duty: DutyKey, rung: str, at: datetime, before: Sequence[int]) -> bool:
        rows = (duty, *((*duty[:-1], line) for line in before))
        return any(at in self._written.get(_notice_key(row, rung), ()) for row in rows)

    def keep_only(self, connection: Connection, told: Mapping[DutyKey, set[str]]) -> None:
        """Take away the note that any other rung of these duties was told."""
        for duty, named in told.items():
            false = {row.rung for row in self._of_duty.get(duty, ())} - named
            if false:
                mine = and_(*(rungs.c[name] == value for name, value in zip(DUTY_KEY, duty, strict=True)))
                connection.execute(delete(rungs).where(mine, rungs.c.rung.in_(false)))


def _notice_key(duty: DutyKey, rung: str) -> str:
    return ":".join(str(part) for part in (*duty, rung))


def _say(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%Y-%m-%d %H:%M}"
