"""What happened, with a wrong day put right: each mark keeps its place among what came before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from safeguarding.review.events import Mark


def put_right(marks: tuple[Mark, ...], corrected: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """
    The marks with a wrong day put right, each in its own place: that a day was wrong makes nothing happen again.

    The order of the marks is the order in which things happened, by which an earlier text or plan is known as earlier.
    """
    kept = list(marks)
    for right in corrected:
        same = [n for n, mark in enumerate(kept) if (mark.name, mark.subject) == (right.name, right.subject)]
        if not same:
            kept.append(right)
            continue
        wrong = kept[same[-1]].on  # On more than one mark where a later plan kept what had gone as sent.
        for n in same:
            if kept[n].on == wrong:
                kept[n] = kept[n].model_copy(update={"on": right.on})
    return tuple(kept)


def corrected_marks(marks: Sequence[Mark], mark: str, subject: str, was: date, now_is: date) -> tuple[Mark, ...]:
    """What the record then says happened: for the agency or action named, or for each whose day was wrong."""
    last = {made.subject: made.on for made in marks if made.name == mark}
    wrong = {whose for whose, on in last.items() if on == was}
    named = {subject} if subject else wrong
    return tuple(Mark(name=mark, on=now_is, subject=whose) for whose in sorted(named or {""}))
