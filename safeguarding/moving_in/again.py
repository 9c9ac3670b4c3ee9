"""
What a second import finds otherwise in a review that is here already: rows that were not taken in with it.

Nothing of such a review is taken in again, so each row that is new, or reads otherwise than what came in, is named with
the reference at whose page it can be recorded. What is sealed is not compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from safeguarding.moving_in.rows import Filled
from safeguarding.moving_in.sheets import ACTIONS, OF_A_REFERRAL, REFERRAL, REQUESTS, SHEETS, FilledRow
from safeguarding.review.review import Review

_OF_LISTS = {"open_duties": ACTIONS, "asked": REQUESTS}
_SEALED = frozenset({"summary", "what"})
_IN_THE_REVIEWS = ("track", "began_on", "stands_at")


class PassedOver(NamedTuple):
    """A row of a review that is here already, which says what was not taken in with it."""

    row: FilledRow
    key: str
    reference: str

    def __str__(self) -> str:
        where = f"{self.row.sheet}, row {self.row.number}: {self.key}"
        return f"{where} is here already, as {self.reference}: record what is new or changed at its page"


def came_in_as(review: Review) -> Mapping[str, Any]:
    """The open answers with which a review came in, under the questions of the workbook."""
    if review.carried_in is not None:
        return review.carried_in
    referral = review.facts.get("referral_received", {})
    return {**referral, "began_on": referral.get("received_on"), "stands_at": REFERRAL}


def passed_over(filled: Filled, reference: str, came_in: Mapping[str, Any]) -> Iterator[PassedOver]:
    """Each such row, in the order of the sheets; `came_in` are the open answers with which the review was taken in."""
    rows = [
        *([filled.row] if _is_other(filled.answers, came_in, (*_IN_THE_REVIEWS, *_besides(filled))) else []),
        *(row for what, row in filled.dates.items() if _is_other(filled.answers, came_in, (what,))),
        *_more(filled.asked, filled.answers, came_in, "asked"),
        *_more(filled.open_duties, filled.answers, came_in, "open_duties"),
    ]
    return (PassedOver(row, filled.key, reference) for row in rows)


def _besides(filled: Filled) -> Sequence[str]:
    return OF_A_REFERRAL if filled.is_referral else ("guidance",)


def _is_other(answers: Mapping[str, Any], came_in: Mapping[str, Any], names: Sequence[str]) -> bool:
    return any(_kept(answers.get(name)) != came_in.get(name) for name in names)


def _more(
    rows: Sequence[FilledRow], answers: Mapping[str, Any], came_in: Mapping[str, Any], what: str
) -> Iterator[FilledRow]:
    """The rows of a list that are more than what came in: each that did stands for one."""
    sheet = next(sheet for sheet in SHEETS if sheet.title == _OF_LISTS[what])
    names = [column.answers for column in sheet.columns if column.answers and column.answers not in _SEALED]
    left = Counter(tuple(one.get(name) for name in names) for one in came_in.get(what) or ())
    for row, given in zip(rows, answers.get(what, ()), strict=True):
        said = tuple(_kept(given.get(name)) for name in names)
        if left[said] > 0:
            left[said] -= 1
        else:
            yield row


def _kept(answer: Any) -> Any:
    """An answer as the ledger keeps it."""
    return answer.isoformat() if isinstance(answer, date) else answer
