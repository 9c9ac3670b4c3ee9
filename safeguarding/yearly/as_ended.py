"""
Actions as a year ended them, where they were reopened after it: what came undone later was done by the end of the year.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import takewhile

from safeguarding.registers.lines import StandingLine
from safeguarding.review.learning_entries import ActionMoved
from safeguarding.review.learnt import DONE, Action
from safeguarding.yearly.known import REOPENED


def reopened_after(lines: Mapping[str, Sequence[StandingLine]], last: date) -> set[str]:
    """The reviews of which an action was reopened after a day."""
    return {name for name, some in lines.items() if any(_reopens(one, last) for one in _moves(some))}


def as_ended(actions: Iterable[Action], lines: Sequence[StandingLine], last: date) -> list[Action]:
    """The actions of a review; one that had ended by a day, and was reopened after it, as it ended."""
    moves = [*_moves(lines)]
    return [_as_ended(one, [move for move in moves if move.action == one.id], last) for one in actions]


def _as_ended(action: Action, moves: Sequence[ActionMoved], last: date) -> Action:
    before = [*takewhile(lambda move: not _reopens(move, last), moves)]
    by_then = [move for move in before if move.on <= last]
    if len(before) == len(moves) or not by_then or by_then[-1].status not in DONE:
        return action
    return action.model_copy(update={"status": by_then[-1].status, "moved_on": by_then[-1].on})


def _reopens(move: ActionMoved, last: date) -> bool:
    return move.status == REOPENED and move.on > last


def _moves(lines: Iterable[StandingLine]) -> Iterator[ActionMoved]:
    return (one for line in lines for one in line.entries if isinstance(one, ActionMoved))
