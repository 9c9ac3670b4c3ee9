"""
What whoever owns an action is told when it is added, changed or handed to them: its number and its day.

What the action says stays sealed. Where a wording of it was approved to be shared, the letter has that when it leaves.
"""

from __future__ import annotations

from collections.abc import Sequence

from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Event
from safeguarding.review.learning_entries import ActionAdded, ActionChanged
from safeguarding.review.review import Duty, Review

DONE = "action_verified"
"""The milestone for which the date of an action waits."""


def given(event: Event, before: Review | None, after: Review, rulebook: Rulebook) -> list[Duty]:
    """The dates of the actions that a line added, changed or handed on; of a review that was carried in none."""
    if before is None:
        return []
    actions = {entry.action for entry in event.entries if isinstance(entry, ActionAdded | ActionChanged)}
    mine = (duty for duty in after.running() if duty.subject in actions) if actions else ()
    return [duty for duty in mine if rulebook.counts_still(duty.rule) and rulebook.rule(duty.rule).settled_by == DONE]


def said_of(event: Event, duties: Sequence[Duty], facts: dict[str, str]) -> dict[str, str]:
    """The facts of a letter about the first of several actions of one owner, made of those about its date."""
    said = {name: words for name, words in facts.items() if name != "also_moved"}
    if duties[0].started_at != event.sequence:  # Its day was moved by an earlier line, which told of that.
        said.pop("was_due", None)
    said["action"] = duties[0].subject
    return said | ({"also_owned": str(len(duties) - 1)} if len(duties) > 1 else {})
