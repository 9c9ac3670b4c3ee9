"""
What was sent of a review, in words: to whom, about what, over which channel, and what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from safeguarding.dates.london import say_moment
from safeguarding.law.partnership import Partnership
from safeguarding.law.roles import ROLES
from safeguarding.notices.deputies import SHARED

CHANNELS = {"email": "email", "teams": "Microsoft Teams"}
"""How a channel is called."""
OUTCOMES = {"delivered": "delivered", "failed": "not delivered", "withdrawn": "withdrawn"}
"""How a message ended, by its status in the outbox."""
NOT_YET = "not delivered yet"
"""What a message is that has not ended: it waits to leave, or is tried again."""
ARRIVED = (
    "«Delivered» says that the mail server or the workflow of Teams took the message and that nothing has come back "
    "since. Nobody can know from that whether it was read. No message carries a name of a family or a sealed word."
)


class LetterSent(NamedTuple):
    """One message to one person over one channel, as the outbox has it."""

    number: int
    reference: str
    """The review; empty for what is about several."""
    written_at: datetime
    occasion: str
    about: Mapping[str, str]
    person: str
    channel: str
    status: str
    attempts: int
    delivered_at: datetime | None
    reason: str

    @property
    def outcome(self) -> str:
        """What became of it, as one of few answers."""
        return OUTCOMES.get(self.status, NOT_YET)


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


def about_words(facts: Mapping[str, str]) -> str:
    """What a message says: what happened, what is owed by when, and how that stood then."""
    due = facts.get("window") or facts.get("due", "")
    said = (facts.get("happened", ""), facts.get("owed", ""), f"due {due}" if due else "", facts.get("standing", ""))
    return "; ".join(part for part in said if part)


def to_words(person: str, partnership: Partnership) -> str:
    """To whom a message went: a person by name, or the mailbox that several read."""
    role = person.removeprefix(SHARED)
    if role != person:
        return f"the shared mailbox of the {ROLES.get(role, role)}"
    known = partnership.ever(person)
    return known.name if known is not None else person
