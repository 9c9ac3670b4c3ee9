"""The outbox: notices as rows, written before anything is sent, each once for its occasion, person and channel."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from safeguarding.notice import NoticeDraft
from tasks.store.statements import Adding
from tasks.store.tables import notices

_ADD = Adding(notices, lambda adding: adding.on_conflict_do_nothing().returning(notices.c.id))


def write(connection: Connection, drafts: Sequence[NoticeDraft], now: datetime) -> tuple[int, ...]:
    """Write the notices that are not there yet, and say by which ids."""
    # The facts of one line are the same for everybody told: they are spelt out once.
    spelt: dict[tuple[tuple[str, str], ...], str] = {}
    rows = [_row(draft, now, spelt) for draft in drafts]
    return tuple(found for (found,) in _ADD.gather(connection, rows))


def owed_by(connection: Connection, reference: str, sequence: int) -> tuple[int, ...]:
    """The ids of the notices that one line of the ledger owed: their keys begin with its place."""
    line = f"{reference}:{sequence}"
    mine = (notices.c.key > f"{line}:") & (notices.c.key < f"{line};")
    return tuple(connection.execute(select(notices.c.id).where(mine).order_by(notices.c.id)).scalars())


def _row(draft: NoticeDraft, now: datetime, spelt: dict[tuple[tuple[str, str], ...], str]) -> dict[str, Any]:
    facts = tuple(draft.context.items())
    if facts not in spelt:
        spelt[facts] = json.dumps(draft.context, ensure_ascii=False, separators=(",", ":"))
    return {
        "reference": draft.reference,
        "occasion": draft.occasion.value,
        "key": draft.key,
        "person": draft.person,
        "channel": draft.channel,
        "status": "pending",
        "not_before": draft.not_before,
        "attempts": 0,
        "next_attempt_at": draft.not_before,
        "claimed_by": None,
        "claimed_until": None,
        "reason": None,
        "created_at": now,
        "delivered_at": None,
        "context": spelt[facts],
    }
