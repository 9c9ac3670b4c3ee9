"""
Deciding how long a review's text is kept, and erasing it for good: lines that two named people sign.

The key of the review is destroyed, so nobody can read its text again, and the ledger still verifies. Copies of the
database made before still hold the wrapped key: they are erased by ageing out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from safeguarding.dates.london import london_date
from safeguarding.duties import retention
from safeguarding.duties.retention import Ground
from safeguarding.lifecycle import not_theirs
from safeguarding.review.events import Actor, Event
from safeguarding.review.review import Review
from tasks.record.records import Records, Taken


def decide_retention(records: Records, reference: str, kept_as: str, actor: Actor, second: str, now: datetime) -> Taken:
    """
    Decide how long a review's text is kept: a class of the partnership's file, or legal hold.

    Raises NoSuchReview, or TransitionRefused with every reason; the refusal is itself recorded.
    """
    partnership = records.rulebook.partnership
    classes = [retention.HOLD, *(known.id for known in partnership.retention)]

    def settled(review: Review, wrapped: str | None, moment: datetime) -> tuple[Sequence[str], Event, bool]:
        unmet = [
            *_signed(records, actor, second),
            *([] if kept_as in classes else [f"there is no such retention class: {', '.join(classes)}"]),
            *(["its text was erased before"] if wrapped is None else []),
        ]
        facts = {"class": kept_as, "second": second}
        return unmet, _line(records, review, actor, moment, retention.DECIDED, "Retention decided", facts), False

    return records.write_beside(reference, "decide_retention", now, settled)


def erase_text(records: Records, reference: str, actor: Actor, second: str, now: datetime, ground: Ground) -> Taken:
    """
    Erase the free text of a closed review for good. What it owed ends with it, for no step is taken on it any more.

    Raises NoSuchReview, or TransitionRefused with every reason: who signs, the review is open or on hold, its time has
    not come, its text is gone already. The refusal is itself recorded.
    """

    def settled(review: Review, wrapped: str | None, moment: datetime) -> tuple[Sequence[str], Event, bool]:
        partnership, today = records.rulebook.partnership, london_date(moment)
        unmet = [
            *_signed(records, actor, second),
            *retention.against_erasing(review, ground, partnership, today),
            *(["its text was erased before"] if wrapped is None else []),
        ]
        facts = {"ground": ground, "second": second}
        line = _line(records, review, actor, moment, retention.ERASED, "Sealed text erased", facts)
        return unmet, line.model_copy(update={"duties": retention.ended_by_erasing(review, today)}), True

    taken = records.write_beside(reference, "erase_sealed_text", now, settled)
    records.scrub()
    return taken


def _signed(records: Records, actor: Actor, second: str) -> list[str]:
    own = not_theirs(retention.FIRST, actor, records.rulebook)
    return [*own, *retention.not_seconded(actor.person, second, records.rulebook.partnership)]


def _line(
    records: Records, review: Review, actor: Actor, moment: datetime, kind: str, title: str, facts: dict[str, Any]
) -> Event:
    return Event(
        sequence=review.version + 1,
        at=moment,
        actor=actor,
        kind=kind,
        title=title,
        facts=facts,
        edition=records.rulebook.digest,
    )
