"""What every test of the clock needs: the calendar that the product ships, and a review taken step by step."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

import config
from flows.demo.answers import answer, signer
from safeguarding.dates.london import LONDON
from safeguarding.dates.working_days import Calendar
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import Identity, attempt
from safeguarding.review.events import Event
from safeguarding.review.fold import fold
from safeguarding.review.review import Review
from safeguarding.stages import STEPS


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    """The bank holidays of England and Wales, 2015 to 2028."""
    return config.load().calendar


class Walk:
    """A review taken step by step through the one function that takes steps, on the days of a case."""

    def __init__(self, rulebook: Rulebook, track: str) -> None:
        self.rulebook, self.track = rulebook, track
        self.events: list[Event] = []

    @property
    def review(self) -> Review | None:
        """As the ledger has it."""
        return fold(self.events) if self.events else None

    def take(self, step: str, on: date, hour: str = "10:00", **changes: Any) -> Walk:
        """Take a step with the example's answers and these changes."""
        review, by = self.review, signer(STEPS[step].by)
        raw = answer(step, review, on, **changes)
        now = datetime.combine(on, time.fromisoformat(hour), LONDON)
        prefix = "SAR" if self.track == "adults" else "CSPR"
        identity = None if review else Identity(f"{prefix}-2026-001", "Child A")
        self.events.append(attempt(review, step, raw, by, now, self.rulebook, None, identity))
        return self

    def child(self, on: date, *steps: str) -> Walk:
        """A child review as far as these steps, all on one day."""
        return [self.take(step, on) for step in steps][-1]


@pytest.fixture(scope="session")
def walking() -> type[Walk]:
    """How a review is taken step by step: `walking(rulebook, "children")`."""
    return Walk
