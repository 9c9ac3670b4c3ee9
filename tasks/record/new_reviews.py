"""
A review comes into the record: by a referral, carried in, or taken over from a file. Its first line is made here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from safeguarding import lifecycle
from safeguarding.as_typed import as_offered
from safeguarding.duties.entered_late import taken_over
from safeguarding.errors import TransitionRefused
from safeguarding.law.pseudonyms import LONGEST, as_kept
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Actor, Event
from safeguarding.review.states import Track
from tasks.record.transactions import submit
from tasks.store import identity
from tasks.store.ledger import Head

OPENING = "open_referral"
"""The step that opens a review, on either track."""

CARRY_IN = "carry_in"

NEW = {OPENING: "a new referral", CARRY_IN: "a review carried in"}
"""The steps that open a review, and what is said of one that is not there yet."""


@dataclass(frozen=True, slots=True)
class MovesIn:
    """A review of a file that is taken over: the answers to a step that opens one, the file, what names it for good."""

    answers: dict[str, Any]
    source: str
    token: str
    reference: str = ""
    """Its reference in that file."""
    by: str = CARRY_IN


def first_line(
    connection: Connection,
    rulebook: Rulebook,
    form_raw: dict[str, Any],
    actor: Actor,
    now: datetime,
    token: str | None,
    by: str,
    origin: MovesIn | None = None,
) -> Event:
    """
    The line that opens a review under the next reference and the next pseudonym of its track, in a transaction that is
    under way: `by` a step that opens one, marked with the file that it comes from, if it does.

    Raises TransitionRefused with every reason, which names no reference, since none is taken; SubmittedBefore where
    this submission opened one before.
    """
    chosen = _chosen(form_raw)
    given = identity.allocate(connection, _track(form_raw), now, rulebook.partnership.pseudonyms, chosen)
    # Once the counter is held no other program can be giving out the same one, or be opening the same submission.
    another = identity.taken_by(connection, chosen) if chosen else None
    submit(connection, token, Head(given.reference))
    try:
        event = lifecycle.attempt(None, by, form_raw, actor, now, rulebook, None, given)
    except TransitionRefused as error:
        raise TransitionRefused(NEW[by], by, error.unmet) from None
    if another is not None:
        words = f"the person of {another} is spoken of so: choose another pseudonym"
        raise TransitionRefused(NEW[by], by, (words,))
    return taken_over(event, origin.source, origin.reference) if origin is not None else event


def _chosen(form_raw: dict[str, Any]) -> str:
    """The pseudonym that was typed, in one line; what is none is judged with the rest of the form."""
    given = form_raw.get("pseudonym")
    try:
        return as_kept(given) if isinstance(given, str) and len(given) <= LONGEST else ""
    except ValueError:
        return ""


def _track(form_raw: dict[str, Any]) -> Track:
    """The track asked for. A wrong one is named by the form itself, so any other will do until then."""
    try:
        return Track(str(as_offered(form_raw.get("track"), tuple(track.value for track in Track))))
    except ValueError:
        return Track.CHILDREN
