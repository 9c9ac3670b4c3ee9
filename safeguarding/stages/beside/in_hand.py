"""
Who had actions in hand in what is taken back: it binds them all the same, so that another verifies them.

Taking back a step says that it was wrong, and not that nobody did anything while it stood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from safeguarding.review.entries_put_right import LineHeld
from safeguarding.review.fold_of_learning import submits
from safeguarding.review.learning_entries import (
    ActionAdded,
    ActionChanged,
    ActionMoved,
    HoldingTakenBack,
    SubmissionTakenBack,
)
from safeguarding.review.review import Before, Review


def in_hand(review: Review, before: Before, today: date) -> Iterator[SubmissionTakenBack | HoldingTakenBack]:
    """
    By action who submitted evidence in what is taken back or typed it in, and who owned it, of which agency it was.
    Where its adding is taken back too, it is by what the action was for, with who added it and who typed that in.
    """
    undone = [line for line in review.held if line.line >= before.line]
    added = {entry.action: entry for line in undone for entry in line.entries if isinstance(entry, ActionAdded)}
    for action, by in _submitted(undone, added).items():
        for of in _of(action, added):
            yield SubmissionTakenBack(by=tuple(dict.fromkeys(by)), on=today, **of)
    people, agencies = _held(undone, added)
    owners_left, agencies_left = _held(before.held, {})
    for action in people:
        had = tuple(one for one in dict.fromkeys(people[action]) if one not in owners_left[action])
        of_it = tuple(one for one in dict.fromkeys(agencies[action]) if one not in agencies_left[action])
        if had or of_it:  # A change of its day alone took it out of nobody's hands.
            for of in _of(action, added):
                yield HoldingTakenBack(people=had, agencies=of_it, on=today, **of)


def _of(action: str, added: dict[str, ActionAdded]) -> Iterator[dict[str, str]]:
    """By what it is told of what it holds: the number of the action, or what it was for where that number is gone."""
    gone = added.get(action)
    of = {"recommendation": gone.recommendation, "lesson": gone.lesson} if gone else {"action": action}
    if any(of.values()):  # Of an action for neither nothing tells that another stands for it.
        yield of


def _submitted(lines: Iterable[LineHeld], added: dict[str, ActionAdded]) -> dict[str, list[str]]:
    who: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        for entry in line.entries:
            if isinstance(entry, ActionMoved) and submits(entry):
                who[entry.action] += [entry.by, *({line.entered_by} - {""})]
            elif isinstance(entry, SubmissionTakenBack) and entry.action in added:
                who[entry.action] += entry.by
    return who


def _held(
    lines: Iterable[LineHeld], added: dict[str, ActionAdded]
) -> tuple[defaultdict[str, list[str]], defaultdict[str, list[str]]]:
    """By action its owners in these lines, and its agencies; of one that is added in them whoever did that too."""
    people: defaultdict[str, list[str]] = defaultdict(list)
    agencies: defaultdict[str, list[str]] = defaultdict(list)
    for line in lines:
        for entry in line.entries:
            match entry:
                case ActionAdded() | ActionChanged():
                    adders = line.hands if isinstance(entry, ActionAdded) and entry.action in added else ()
                    people[entry.action] += [entry.owner, *sorted(adders)]
                    agencies[entry.action].append(entry.agency)
                case HoldingTakenBack() if entry.action in added:
                    people[entry.action] += entry.people
                    agencies[entry.action] += entry.agencies
    return people, agencies
