"""
From what is owed to the form that meets it: the step that makes the milestone for which a date waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from pages.can_be_done import CanBeDone, WhatNow
from safeguarding.errors import LawNotFound
from safeguarding.law.own_milestone import OWN
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.impact import answers_to, awaits_another
from safeguarding.review.review import Review
from safeguarding.stages import STEPS
from safeguarding.stages.beside.recorded import DONE

BY_ROW = ("record_return", "update_action")
"""The steps whose table has a row for each agency or action: the page leads to it."""
ROW = "row"
"""What an address says of the row that it leads to, which is not always on the first page."""


def form_for(review: Review, rule: str, subject: str, now: WhatNow, rulebook: Rulebook) -> str:
    """Where the form is by which somebody meets a date; the review's page where there is none that is theirs now."""
    there = [*now.onward, *(one for _, group in now.beside for one in group), *now.ways_out]
    try:
        mark = rulebook.rule(rule).settled_by or ""
    except LawNotFound:
        return f"/reviews/{review.reference}"
    if mark.startswith(OWN) and (found := _named(there, "record_own_milestone")):
        return f"{found.href}?{urlencode({'milestone': mark})}"
    fitting = [one for one in there if mark in STEPS[one.step].marks]
    best = sorted(fitting, key=lambda one: (one.way_out, one.step == "record_done", not STEPS[one.step].on_card))
    if not best:
        return f"/reviews/{review.reference}"
    chosen = best[0]
    if chosen.step == "check_action_impact":
        return f"{chosen.href}?{urlencode({'actions': subject})}"
    row = mark if chosen.step == "record_done" and mark in DONE.values() else _row(chosen.step, subject, review)
    return f"{chosen.href}?{urlencode({ROW: row})}#{row}" if row else chosen.href


def another_for(review: Review, now: WhatNow) -> dict[str, str]:
    """
    Where another action is added that follows one of which no change was seen, by that action; of whoever adds none,
    nothing. What the new one is for and whose it is stand in its form already.
    """
    there = _named([one for _, group in now.beside for one in group], "add_action")
    if there is None:
        return {}
    given = {one.id: {"agency": one.agency, **dict([answers_to(one)])} for one in awaits_another(review)}
    return {action: f"{there.href}?{urlencode(said)}" for action, said in given.items()}


def onward(now: WhatNow, review: Review) -> str:
    """Where the form of the stage's own next step is."""
    return now.onward[0].href if now.onward else f"/reviews/{review.reference}"


def _named(there: Sequence[CanBeDone], step: str) -> CanBeDone | None:
    return next((one for one in there if one.step == step), None)


def _row(step: str, subject: str, review: Review) -> str:
    """The row of an agency's request or of an action, on the page of several at once."""
    if step not in BY_ROW or not subject:
        return ""
    waits = next((one for one in review.requests if one.agency == subject and one.outcome == "waiting"), None)
    return f"{subject}_{waits.purpose}" if waits is not None else subject
