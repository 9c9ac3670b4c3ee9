"""
What is owed when somebody could not be told: the business manager hears of it, over another channel if there is one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from safeguarding.dates.london import london_date
from safeguarding.law.partnership import Partnership
from safeguarding.notices.deputies import SHARED, handed_over
from safeguarding.notices.notice import AT_ONCE, Channel, NoticeDraft, Occasion
from safeguarding.notices.recipients import ways_of


def escalation(row: Row[Any], why: str, partnership: Partnership, now: datetime) -> list[NoticeDraft]:
    """The notices to the business manager that somebody could not be told, over another channel if there is one."""
    return _drafts(row, f"undelivered:{row.id}", why, "", partnership, now)


def returned(row: Row[Any], why: str, partnership: Partnership, now: datetime) -> list[NoticeDraft]:
    """The same for a letter that came back after a server took it: one word for each time it left."""
    return _drafts(row, f"came back:{row.id}:{row.delivered_at:%Y-%m-%dT%H:%M:%S.%f}", why, "", partnership, now)


def still_waiting(
    row: Row[Any], key: str, why: str, waiting: int, partnership: Partnership, now: datetime
) -> list[NoticeDraft]:
    """The notices to the business manager that a letter, or everything over its channel, still waits to leave."""
    count = "1 message waits" if waiting == 1 else f"{waiting} messages wait"
    return _drafts(row, key, why, count, partnership, now)


def _drafts(
    row: Row[Any], key: str, why: str, still_tried: str, partnership: Partnership, now: datetime
) -> list[NoticeDraft]:
    if row.occasion == Occasion.DELIVERY_FAILED.value:
        return []  # The board shows it. A message about a message about a message helps nobody.
    partnership = partnership.on(london_date(now))
    kept = ("reference", "pseudonym", "track", "stage", "owed", "due_on", "due", "rule", "citation", "confidence")
    facts = {name: row.context[name] for name in kept if name in row.context} | {
        "reference": row.reference,
        "urgency": AT_ONCE,
        "failed_for": row.person.removeprefix(SHARED),
        "failed_channel": "email" if row.channel == "email" else "Microsoft Teams",
        "failed_why": why,
        **({"still_tried": still_tried} if still_tried else {}),
    }
    drafts = [
        NoticeDraft(
            reference=row.reference,
            occasion=Occasion.DELIVERY_FAILED,
            person=person.id,
            channel=channel,
            key=key,
            not_before=now,
            context=facts,
        )
        for person in partnership.covering()
        if (channel := _another_channel(person.id, row.channel, partnership)) is not None
    ]
    return handed_over(drafts, partnership, london_date(now))


def _another_channel(person: str, failed: str, partnership: Partnership) -> Channel | None:
    email, teams = ways_of(person, partnership)
    ways: list[Channel] = [*(["email"] if email else []), *(["teams"] if teams else [])]  # type: ignore[list-item]
    return next((way for way in ways if way != failed), ways[0] if ways else None)
