"""
What was sent of a review: to whom, about what, over which channel, and what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from safeguarding.dates.london import say_moment
from safeguarding.law.partnership import Partnership
from safeguarding.law.roles import ROLES
from safeguarding.notices.deputies import SHARED
from safeguarding.shown.bundle.paper import paper, table, words

CHANNELS = {"email": "email", "teams": "Microsoft Teams"}
HEAD = ("Number", "Written", "Occasion", "About", "To", "By", "What became of it")
ARRIVED = (
    "«Delivered» says that the mail server or the workflow of Teams took the message and that nothing has come back "
    "since. Nobody can know from that whether it was read. No message carries a name of a family or a sealed word."
)


class LetterSent(NamedTuple):
    """One message to one person over one channel, as the outbox has it."""

    number: int
    written_at: datetime
    occasion: str
    about: Mapping[str, str]
    person: str
    channel: str
    status: str
    attempts: int
    delivered_at: datetime | None
    reason: str


def letters_page(reference: str, letters: Sequence[LetterSent], partnership: Partnership) -> str:
    """All of them on a page, the first one first."""
    rows = [
        (
            str(one.number),
            say_moment(one.written_at),
            one.occasion.replace("_", " "),
            _about(one.about),
            _to(one.person, partnership),
            CHANNELS.get(one.channel, one.channel),
            became(one),
        )
        for one in letters
    ]
    return paper(f"{reference}: what was sent, and whether it arrived", words(ARRIVED), table(HEAD, rows, "Nothing."))


def became(one: LetterSent) -> str:
    """What became of a message, in words."""
    tries = f" after {one.attempts} {'try' if one.attempts == 1 else 'tries'}" if one.attempts else ""
    left = f"it left on {say_moment(one.delivered_at)}, and came back" if one.delivered_at is not None else ""
    if one.status == "delivered" and one.delivered_at is not None:
        return f"Delivered on {say_moment(one.delivered_at)}"
    if one.status == "failed":
        return f"NOT delivered{'' if left else tries}: {'; '.join(part for part in (left, one.reason) if part)}"
    if one.status == "withdrawn":
        return f"Withdrawn: {one.reason}"
    return f"Not delivered yet{f': trying again{tries}: {one.reason}' if one.reason else ': it waits to leave'}"


def _about(facts: Mapping[str, str]) -> str:
    due = facts.get("window") or facts.get("due", "")
    said = (facts.get("happened", ""), facts.get("owed", ""), f"due {due}" if due else "", facts.get("standing", ""))
    return "; ".join(part for part in said if part)


def _to(person: str, partnership: Partnership) -> str:
    role = person.removeprefix(SHARED)
    if role != person:
        return f"the shared mailbox of the {ROLES.get(role, role)}"
    known = partnership.ever(person)
    return known.name if known is not None else person
