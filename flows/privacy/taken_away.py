"""What was planted, taken away again: runs and pages in Prefect, kept answers, and the text of invented reviews."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from flows.demo.answers import answer, signer
from flows.demo.invented import no
from flows.privacy.canaries import Canaries
from flows.privacy.running_system import RunningSystem
from safeguarding.dates.london import london_date, now
from safeguarding.review.events import Actor
from safeguarding.review.states import State
from safeguarding.stages import STEPS
from tasks.events.nothing_typed import account_of
from tasks.record import erasing
from tasks.record.installation import Installation

LIMBS = (
    "abuse_or_neglect",
    "died",
    "seriously_harmed",
    "in_this_area",
    "in_another_english_area",
    "normally_resident_here",
    "looked_after",
    "care_leaver",
)
"""Answered with «no» they close a review without a notification."""
CLOSES: dict[State, tuple[str, dict[str, Any]]] = {
    State.REFERRED: ("close_not_serious", {}),
    State.NOTIFICATION_DECISION: ("decide_notification", {limb: no() for limb in LIMBS}),
    State.NOTIFICATION_SENT: ("withdraw_notification", {}),
}
"""The step that closes an invented review, by where it stands."""


@dataclass(slots=True)
class TakenAway:
    """What was removed, and in words what could not be."""

    runs: int = 0
    pages: int = 0
    reviews: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """For a person."""
        said = [f"{self.runs} runs and {self.pages} pages were deleted in Prefect"]
        if self.reviews:
            said.append(f"{', '.join(self.reviews)} stay in the ledger, closed, with their words erased for good")
        return said


def take_away(
    system: RunningSystem, installation: Installation, canaries: Canaries, before: Collection[str]
) -> TakenAway:
    """Take away all that this proof has planted; `before` are the reviews that were there. What cannot be is said."""
    taken = TakenAway()
    runs = list(system.runs)
    for reference in _opened(installation, canaries, before):
        with_care(taken, f"{reference}, an invented review, is not closed", _close, installation, reference)
        if with_care(taken, f"the words of {reference}, sealed, are not erased", _erase, installation, reference):
            taken.reviews.append(reference)
        runs += with_care(taken, f"runs of {reference}", system.runs_of, reference) or []
        taken.pages += with_care(taken, f"pages of {reference}", _pages, system, reference) or 0
    taken.runs = with_care(taken, f"{len(runs)} runs in Prefect", system.take_away, runs) or 0
    return taken


def with_care(taken: TakenAway, otherwise: str, act: Callable[..., Any], *given: Any) -> Any:
    """Do it; where it cannot be done say so, and go on with the rest."""
    try:
        return act(*given)
    except Exception as error:  # noqa: BLE001  said, and the rest is taken away all the same
        taken.left.append(f"{otherwise} ({account_of(error)})")
        return None


def _opened(installation: Installation, canaries: Canaries, before: Collection[str]) -> list[str]:
    """The reviews that this proof has opened, whatever became of it: their sealed text holds its words."""
    new = [row.reference for row in installation.records.list() if row.reference not in before]
    return [reference for reference in new if canaries.within(_unsealed(installation, reference))]


def sealed(installation: Installation, canaries: Canaries, before: Collection[str]) -> set[str]:
    """The words that stand in the reviews which this proof has opened, in their sealed text and kept answers."""
    opened = _opened(installation, canaries, before)
    found = (canaries.within(_unsealed(installation, reference)) for reference in opened)
    return {canary.word for some in found for canary in some if not canary.kept_openly}


def _unsealed(installation: Installation, reference: str) -> bytes:
    """All of a review's text as its readers have it, with the answers of it that are kept after a refusal."""
    records = installation.records
    return f"{records.events(reference, unseal=True)}{records.kept(reference, now())}".encode()


def _close(installation: Installation, reference: str) -> None:
    records = installation.records
    review = records.read(reference)
    if review.open and review.state in CLOSES:
        step, changes = CLOSES[review.state]
        raw = answer(step, review, london_date(now()), **changes)
        records.attempt(reference, step, raw, signer(STEPS[step].by), now())


def _erase(installation: Installation, reference: str) -> bool:
    manager, partner = Actor(person="alex_example"), "glenn_sample"
    erasing.erase_text(installation.records, reference, manager, partner, now(), "order of a court")
    return True


def _pages(system: RunningSystem, reference: str) -> int:
    """Delete the plan and the working of a review, which a closed one shows no more."""
    wanted = {"artifacts": {"key": {"like_": reference.lower()}}, "limit": 50}
    found = system.service.post("/artifacts/filter", json=wanted).raise_for_status().json()
    return sum(system.service.delete(f"/artifacts/{one['id']}").is_success for one in found)
