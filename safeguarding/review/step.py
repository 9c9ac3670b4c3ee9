"""
How a step of a review is declared.

A step (`Transition`) says from which states it may be taken and to which it leads, who may take it, what is
filled in, which conditions must hold (each a function named as the sentence it tests, carrying the words for
«no»), which named things it marks as having happened, and who is told. The rulebook, not the step, says which
clocks those marks start and settle.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from safeguarding.dates.london import london_date
from safeguarding.dates.working_days import Calendar
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Actor, DutyChange, Entry, Mark
from safeguarding.review.forms import Form
from safeguarding.review.review import Review
from safeguarding.review.states import STAGE_OF, State, Track

F = TypeVar("F", bound=Form)


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a condition holds, and the words for «no»."""

    met: bool
    unmet: str


@dataclass(frozen=True, slots=True)
class Attempt(Generic[F]):
    """A step being attempted: everything a condition may look at. Time is here; nobody asks the wall clock."""

    review: Review
    form: F
    actor: Actor
    now: datetime
    rulebook: Rulebook
    track_of: Callable[[str], Track | None] = lambda _: None
    """The track of another review on the same record, by its reference; None where the record holds none of it."""

    @property
    def today(self) -> date:
        """The date in London."""
        return london_date(self.now)

    @property
    def calendar(self) -> Calendar:
        """The bank holidays that every count uses."""
        return self.rulebook.calendar


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step does once every condition holds: the state it leads to (None: stays) and what it records."""

    to: State | None = None
    marks: tuple[Mark, ...] = ()
    entries: tuple[Entry, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    tells: tuple[str, ...] | None = None
    clocks: tuple[DutyChange, ...] | None = None
    """The clocks moved by the step itself (a correction, a reopening); None: by its marks and the rulebook."""


Condition = Callable[[Attempt[Any]], Check]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step that a manager may ask for. No role named means that nobody may take it."""

    name: str
    title: str
    """What happened, for the history: «Partners decided»."""
    button: str
    """What the manager presses: «Decide»."""
    tracks: frozenset[Track]
    sources: frozenset[State]
    leads_to: frozenset[State] = frozenset()
    by: frozenset[str] = frozenset()
    form: type[Form]
    needs: tuple[Condition, ...] = ()
    does: Callable[[Attempt[Any]], Outcome]
    kind: str
    """The kind of the ledger's line: what happened, in the past tense."""
    marks: frozenset[str] = frozenset()
    """Every mark that the step may make; a test holds `does` to it."""
    tells: tuple[str, ...] = ()
    decision: bool = False
    way_out: bool = False
    """Whether it leads out of the review or back: offered after the usual way on."""
    on_card: bool = True
    """Whether the stage's card offers it; otherwise it is a short deployment of its own."""

    def open_to(self, review: Review) -> bool:
        """Whether the review's track and state permit the step at all."""
        return review.track in self.tracks and review.state in self.sources


CHILDREN = frozenset({Track.CHILDREN})
ADULTS = frozenset({Track.ADULTS})
BOTH = CHILDREN | ADULTS
OPEN_STATES = frozenset(STAGE_OF)

MANAGERS = frozenset({"business_manager", "business_unit"})
DECIDERS = frozenset({"lead_partner", "delegated_partner", "deputy_partner", "independent_chair"})
