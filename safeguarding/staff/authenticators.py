"""
Somebody's authenticator is taken away by the unit: a line of the partnership's own chain, with the reason.

A mailed code signs them in again. Whoever still has theirs takes it away themselves, by a code of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from safeguarding.dates.london import london_date
from safeguarding.errors import TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import not_theirs
from safeguarding.review import answers
from safeguarding.review.events import Actor, Event
from safeguarding.review.forms import Form, From
from safeguarding.review.step import MANAGERS

REMOVE_AUTHENTICATOR = "remove_authenticator"
"""The name of the form."""
AUTHENTICATOR_REMOVED = "authenticator_removed"
"""The kind of its line."""


class AuthenticatorRemoved(Form):
    """An authenticator is asked for no more: a code goes to the mailbox of its owner again."""

    person: Annotated[str, From("people")] = Field(title="Whose authenticator")
    why: Literal["the device is lost", "the device is broken or replaced", "somebody else may have it"] = Field(
        title="Why"
    )


def remove_authenticator(raw: dict[str, Any], actor: Actor, now: datetime, rulebook: Rulebook, sequence: int) -> Event:
    """The line that somebody's authenticator was taken away. Raises TransitionRefused with every reason."""
    rulebook = rulebook.on(london_date(now))
    filled = answers.read(AuthenticatorRemoved, raw, None, rulebook)
    unmet = not_theirs(MANAGERS, actor, rulebook)
    if isinstance(filled, list):
        raise TransitionRefused("the partnership", REMOVE_AUTHENTICATOR, (*unmet, *filled))
    if unmet:
        raise TransitionRefused("the partnership", REMOVE_AUTHENTICATOR, tuple(unmet))
    return Event(
        sequence=sequence,
        at=now,
        actor=actor,
        kind=AUTHENTICATOR_REMOVED,
        title="Authenticator taken away",
        facts={"person": filled.person, "why": filled.why},
        edition=rulebook.digest,
    )
