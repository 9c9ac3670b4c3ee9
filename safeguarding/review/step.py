"""
How a step of a review is declared.

A step (`Transition`) says from which states it may be taken and to which it leads, who may take it, what is
filled in, which conditions must hold (each a function named as the sentence it tests, carrying the words for
«no»), which named things it marks as having happened, and who is told. The rulebook, not the step, says which
clocks those marks start and settle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from safeguarding.dates.london import london_date
from safeguarding.dates.working_days import Calendar
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Actor, DutyChange, Entry, Mark
from safeguarding.review.forms import Form
from safeguarding.review.public_until import is_public
from safeguarding.review.review import Review
from safeguarding.review.states import STAGE_OF, State, Track

F = TypeVar("F", bound=Form)


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a condition holds, and the words for «no»."""

    met: bool
    unmet: str


HOLDS = Check(True, "")
"""That a condition holds; what there would be to say if it did not was not put into words."""


OutOfPlace = Callable[[Review, str, str, date, date], tuple[str, ...]]
"""Why a thing that happened cannot have happened on another day, in words: see `day_bounds`."""


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
    out_of_place: OutOfPlace = lambda *_: ()
    """What stands in the way of a day that is put right: mark, whose, the right day, today."""
    today: date = field(init=False)
    """The date in London."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "today", london_date(self.now))

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
    """What the manager presses: «Decide on the review»."""
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
    days: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of each question for a day, the marks that are dated on it. By them a day that is put right keeps its bounds."""
    follows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What a mark comes after by a condition of the step's own: the first of these that had happened."""
    tells: tuple[str, ...] = ()
    decision: bool = False
    way_out: bool = False
    """Whether it leads out of the review or back: offered after the usual way on."""
    on_card: bool = True
    """Whether the stage's card offers it; otherwise it is a short deployment of its own."""

    carried_in_only: bool = False
    """Whether it is a step of a review that began before this record, and of no other."""

    proposes: str = ""
    """The decision that it only proposes: its form has that one's questions, which are judged by its conditions."""
    once_it_stands: tuple[Condition, ...] = ()
    """Of its conditions those to which a decision by signed positions is not held: what can only be done afterwards."""
    while_proposed: bool | None = None
    """Whether it is a step only while positions are signed on a proposed decision, or only while none are."""
    own_sign_in: bool = False
    """Whether it is taken by somebody who is signed in themselves, and so at the pages alone."""
    by_owners: bool = False
    """Whether besides those who hold its roles whoever owns an action of the review takes it, whatever their role."""
    by_the_council: bool = False
    """Whether of those who hold its roles only they take it who speak for a local authority: the duty is its own."""
    while_public: bool = False
    """Whether it is a step only while something that was published of the review is public."""
    reads_first: bool = False
    """Whether whoever takes it reads sealed words first: it is taken only where they are shown, and not in Prefect."""
    not_stale_by: frozenset[str] = frozenset()
    """The kinds of line that leave its form as it was: others signing at the same time."""

    def open_to(self, review: Review) -> bool:
        """Whether the review's track and state permit the step at all."""
        its_kind = review.carried_in is not None or not self.carried_in_only
        return review.track in self.tracks and review.state in self.sources and its_kind and self._fits(review)

    def _fits(self, review: Review) -> bool:
        if self.while_public and not is_public(review):
            return False
        return self.while_proposed is None or self.while_proposed is (review.proposal is not None)


CHILDREN = frozenset({Track.CHILDREN})
ADULTS = frozenset({Track.ADULTS})
BOTH = CHILDREN | ADULTS
OPEN_STATES = frozenset(STAGE_OF)
ANY_STATE = frozenset(State)
"""Where what may happen at any time is recorded: also on a review that is closed."""

MANAGERS = frozenset({"business_manager", "business_unit"})
DECIDERS = frozenset({"lead_partner", "delegated_partner", "deputy_partner", "independent_chair"})
