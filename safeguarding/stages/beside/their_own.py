"""
Nobody judges their own: what binds somebody to an action, so that another verifies it, ends it or sees its impact.

Two people have a hand in a step that is typed in for a meeting: whoever is named as its signer, and whoever types it
in. Both are judged, and what either of them did before binds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.review.learning_entries import HoldingTakenBack, SubmissionTakenBack
from safeguarding.review.learnt import LEFT, Action
from safeguarding.review.review import Review
from safeguarding.review.step import Attempt


def serves(person: Person, agency: str, partnership: Partnership) -> bool:
    """Whether somebody is the lead or the director of an agency, or of one that took over its work."""
    agencies = {agency, *(one.id for one in partnership.taken_over_by(agency))}
    return any(person.serves(one) for one in agencies)


def said_of_both(step: Attempt[Any], binds: Callable[[Person], Iterable[str]]) -> str:
    """What binds whoever is named as the signer of a step, and whoever types it in, in words; empty where nothing."""
    hands = {"the signer": step.actor.person, "whoever types it in": step.actor.entered_by}
    known = ((who, step.rulebook.partnership.known(person)) for who, person in hands.items())
    found = ((who, list(binds(person))) for who, person in known if person is not None)
    return ", ".join(f"{who} {' and '.join(why)}" for who, why in found if why)


def had_a_hand_in(person: Person, action: Action, review: Review, partnership: Partnership) -> Iterator[str]:
    """Everything that binds somebody to an action, so that they are not the one to verify it."""
    yield from holds(person, action, partnership)
    if person.id == action.added_by:
        yield "added it"
    elif person.id == action.adding_entered_by:
        yield "typed in its adding"
    if person.id in action.submitted_by:
        yield "submitted its evidence"
    elif person.id in action.evidence_entered_by:
        yield "typed in its evidence"
    yield from _in_what_was_left(person, action, review, partnership)
    yield from _in_what_was_taken_back(person, action, review, partnership)


def _in_what_was_left(person: Person, action: Action, review: Review, partnership: Partnership) -> Iterator[str]:
    """
    What binds somebody, or their agency, to another action for the same recommendation or lesson that was withdrawn or
    replaced: the same thing under another number is no other thing to verify, whichever of the two was added first.
    """
    for one in review.actions:
        same = " and ".join(for_the_same(action, one.recommendation, one.lesson))
        if one.id == action.id or one.status not in LEFT or not same:
            continue
        left = f"{one.id}, which was {one.status} for the same {same}"
        hands = (one.added_by, one.adding_entered_by, one.owner, *one.owned_before)
        if person.id in (*hands, *one.submitted_by, *one.evidence_entered_by):
            yield f"added or owned {left}, or submitted its evidence, or typed one of these in"
        if any(_is_of(person, agency, partnership) for agency in (one.agency, *one.had_before)):
            yield f"is of an agency that had {left}"


def _in_what_was_taken_back(person: Person, action: Action, review: Review, partnership: Partnership) -> Iterator[str]:
    """
    What binds somebody, or their agency, to an action that was taken back with its adding: they had it in their hands,
    and do not verify another for the same recommendation or lesson.
    """
    said: set[str] = set()
    for entry in (entry for line in review.held for entry in line.entries):
        if not isinstance(entry, SubmissionTakenBack | HoldingTakenBack):
            continue
        if same := " and ".join(for_the_same(action, entry.recommendation, entry.lesson)):
            said.update(f"{did} the same {same}, which was taken back" for did in _did(person, entry, partnership))
    yield from sorted(said)


def _did(person: Person, entry: SubmissionTakenBack | HoldingTakenBack, partnership: Partnership) -> Iterator[str]:
    if isinstance(entry, SubmissionTakenBack):
        if person.id in entry.by:
            yield "submitted evidence for"
        return
    if person.id in entry.people:
        yield "added or owned an action for"
    if any(_is_of(person, agency, partnership) for agency in entry.agencies):
        yield "is of an agency that had an action for"


def for_the_same(action: Action, recommendation: str, lesson: str) -> list[str]:
    """What an action is for that something else was for too: its recommendation, its lesson or both."""
    return [one for one in (action.recommendation, action.lesson) if one and one in (recommendation, lesson)]


def holds(person: Person, action: Action, partnership: Partnership) -> Iterator[str]:
    """Whose an action is or was: handing it over frees nobody."""
    yield from owns(person, action)
    if _is_of(person, action.agency, partnership):
        yield "is of its agency"
    elif any(_is_of(person, agency, partnership) for agency in action.had_before):
        yield "is of an agency that had it before"


def owns(person: Person, action: Action) -> Iterator[str]:
    """Whether somebody owns an action, or did before."""
    if person.id == action.owner:
        yield "owns it"
    elif person.id in action.owned_before:
        yield "owned it before"


def _is_of(person: Person, agency: str, partnership: Partnership) -> bool:
    """Whether somebody serves an agency, or speaks for the partner that it is or is a part of, as the file says."""
    known = (partnership.agency_named(agency), *partnership.taken_over_by(agency))
    partners = {agency, *(one.partner for one in known if one is not None)}
    return serves(person, agency, partnership) or (person.partner is not None and person.partner in partners)
