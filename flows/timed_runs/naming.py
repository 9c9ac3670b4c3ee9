"""
How the timed run of a duty is named, tagged and labelled in Prefect: by reference, rule and day, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from prefect.client.schemas.objects import FlowRun

from flows.cards.slot import KIND, REFERENCE
from safeguarding.dates.standing import standing
from safeguarding.law.rulebook import Rulebook
from tasks.record.timed_duties import DutyOver, TimedDuty

DUTY, AT, DUE = "safeguarding.duty", "safeguarding.at", "safeguarding.due"
COMING, MISSED = "duty", "duty missed"
"""The two kinds of run: one stands at the next moment at which somebody is told, one says that the day has passed."""
TAG, MISSED_TAG, STRAY_TAG = "duty", "missed", "stray"
MISSED_NAME = "Missed"
"""The name of the failed state of a duty whose day has passed."""
DEPLOYMENT = "Timed duty/Timed duties"
"""The full name in Prefect of the deployment of these runs."""


@dataclass(frozen=True, slots=True)
class DutyRun:
    """Which duty a run is for, and whether it stands for its missing."""

    key: str
    reference: str
    at: str
    """The moment at which somebody is next told, or the day on which its missing was last shown, as ISO."""
    due: str
    missed: bool

    @classmethod
    def of(cls, run: FlowRun) -> DutyRun | None:
        """What a run's labels say; None if it is no such run."""
        said = run.labels
        if said.get(KIND) not in (COMING, MISSED):
            return None
        return cls(str(said[DUTY]), str(said[REFERENCE]), str(said[AT]), str(said[DUE]), said[KIND] == MISSED)

    @classmethod
    def coming(cls, duty: TimedDuty, at: datetime) -> DutyRun:
        """The run that stands at a moment."""
        return cls(duty.key, duty.reference, at.isoformat(), duty.due_on.isoformat(), missed=False)

    @classmethod
    def of_missed(cls, duty: TimedDuty, today: date) -> DutyRun:
        """The run that says, on this day, that the duty was missed."""
        return cls(duty.key, duty.reference, today.isoformat(), duty.due_on.isoformat(), missed=True)

    @property
    def labels(self) -> dict[str, bool | int | float | str]:
        """The labels of the run."""
        kind = MISSED if self.missed else COMING
        return {KIND: kind, REFERENCE: self.reference, DUTY: self.key, AT: self.at, DUE: self.due}

    @property
    def idempotency_key(self) -> str:
        """By which Prefect refuses a second one. A moved date makes another, and so does a date moved back later."""
        return f"{'missed' if self.missed else 'duty'}/{self.key}/{self.due}/{self.at}"


def name_of(duty: TimedDuty, today: date, stands: str = "") -> str:
    """
    `CSPR-2026-003 · Rapid review to the national Panel · due Fri 18 Dec`; the year where it is another.

    `stands` is said at its end where it ended or was missed, since Prefect's page shows no message of a state.
    """
    year = "" if duty.due_on.year == today.year else f" {duty.due_on.year}"
    due = f"due {duty.due_on:%a} {duty.due_on.day} {duty.due_on:%b}{year}"
    return " · ".join(part for part in (duty.reference, duty.title, due, stands) if part)


def tags_of(duty: TimedDuty, today: date, rulebook: Rulebook, *, missed: bool) -> list[str]:
    """What the unit filters by: that it is a duty, its review, its rule, how it stands."""
    stands = "overdue" if duty.missed_on(today) else standing(duty.due_on, today, rulebook.calendar).state
    return sorted({TAG, duty.reference, duty.rule, stands, *([MISSED_TAG] if missed else [])})


def tags_of_ended(how: DutyOver) -> list[str]:
    """What the unit filters by once a duty has ended: neither missed nor coming."""
    return sorted({TAG, how.duty.reference, how.duty.rule})


def overdue_words(duty: TimedDuty, today: date, rulebook: Rulebook) -> str:
    """How long the duty is overdue, or past what the law only aims at."""
    return standing(duty.due_on, today, rulebook.calendar, kind=rulebook.rule(duty.rule).counts.kind).words
