"""
What the record says of an action beside whose it is and how it stands: for what, how urgent, what it waits for, its
evidence. Without sealed words.
"""

from __future__ import annotations

from collections.abc import Iterator

from safeguarding.dates.working_days import say
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.impact import looks_of
from safeguarding.review.learnt import Action
from safeguarding.review.review import Review
from safeguarding.stages.beside.actions import waited_for


def action_facts(action: Action, review: Review, rulebook: Rulebook) -> tuple[str, ...]:
    """Each as a few words of their own; nothing of what was not said."""
    return (*_facts(action, review), *impact_words(action, review, rulebook))


def impact_words(action: Action, review: Review, rulebook: Rulebook) -> tuple[str, ...]:
    """What was seen of its impact last, what was decided where no change was, and when it is looked at next."""
    found = []
    if action.impact and action.impact_on is not None:
        now = f"; what now: {action.what_now}" if action.what_now else ""
        found.append(f"Impact on {say(action.impact_on)}: {action.impact}{now}")
    if looks := looks_of(review, action.id, rulebook):
        found.append(f"Impact to be looked at by {say(looks[0].due_on)}")
    return tuple(found)


def _facts(action: Action, review: Review) -> Iterator[str]:
    if action.role:
        yield f"Owned as {ROLES.get(action.role, action.role)}"
    if action.priority:
        yield f"Priority: {action.priority}"
    if action.first_due_on is not None:
        yield f"Due first on {say(action.first_due_on)}{_postponed(action.postponed)}"
    if not action.done and (waits := waited_for(review, action)):
        yield f"Waits for {', '.join(waits)}"
    if not action.done and action.blocked:
        yield "Something is in its way: what, is sealed"
    if action.evidence:
        yield f"Evidence kept at {action.evidence}"


def _postponed(times: int) -> str:
    return "" if not times else ", moved to a later day once" if times == 1 else f", moved to a later day {times} times"
