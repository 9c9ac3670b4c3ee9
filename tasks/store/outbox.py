"""
The outbox: notices as rows, written before anything is sent, each once for its occasion, person and channel.

What a notice may say is stored once for everybody who is told the same of the same thing: a notice holds the key of
what it is about, and which variant of its facts.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, and_, bindparam, func, select

from safeguarding.notices.import_notice import Together
from safeguarding.notices.notice import NoticeDraft
from tasks.store.statements import Adding
from tasks.store.tables import notice_facts, notices

NOBODY = "nobody"
"""The fact that stands for the notices of an occasion that owed nobody one: why."""

SAID_IN = "said_in"
"""The fact that stands for a letter about several reviews at each of them: its key."""

_ADD_FACTS = Adding(notice_facts, lambda adding: adding.on_conflict_do_nothing())
_NEW = ("key", "variant", "occasion", "person", "channel", "status", "attempts", "next_attempt_at")
"""What a notice has from the start; the rest is what becomes of it."""

_ADD = Adding(notices, lambda adding: adding.on_conflict_do_nothing(), _NEW)
_ABOUT = select(func.count()).where(notices.c.key == bindparam("key"))

SAID = and_(notice_facts.c.key == notices.c.key, notice_facts.c.variant == notices.c.variant)
"""Which facts are those of a notice."""

_OF_FACTS = [column for column in notice_facts.columns if column.name not in ("key", "variant")]
FULL = select(notices, *_OF_FACTS).join_from(notices, notice_facts, SAID)
"""Every notice with what it may say."""


def write(connection: Connection, drafts: Sequence[NoticeDraft], now: datetime) -> None:
    """Write the notices that are not there yet."""
    if not drafts:
        return
    said: dict[tuple[str, int], int] = {}
    facts: list[dict[str, Any]] = []
    variants: dict[str, list[Mapping[str, str]]] = {}
    rows = []
    for draft in drafts:
        place = (draft.key, id(draft.context))
        variant = said.get(place)
        if variant is None:
            others = variants.setdefault(draft.key, [])
            if draft.context in others:
                variant = others.index(draft.context)
            else:
                variant = len(others)
                others.append(draft.context)
                facts.append(_facts(draft, variant, now))
            said[place] = variant
        rows.append(_row(draft, variant))
    _ADD_FACTS.run(connection, facts)
    _ADD.run(connection, rows)


def note_nobody(connection: Connection, reference: str, key: str, why: str, now: datetime) -> None:
    """Remember that an occasion owed nobody a notice, and why: its facts alone, which no notice says."""
    said = json.dumps({NOBODY: why})
    row = {"key": key, "variant": 0, "reference": reference, "created_at": now, "not_before": now, "context": said}
    _ADD_FACTS.run(connection, [row])


def write_together(connection: Connection, letters: Sequence[Together], now: datetime) -> None:
    """Write letters that are about several reviews, and for each of these that it is spoken of there."""
    write(connection, [one.draft for one in letters], now)
    rows = [
        {
            "key": f"{one.draft.key}:{reference}",
            "variant": 0,
            "reference": reference,
            "created_at": now,
            "not_before": now,
            "context": json.dumps({SAID_IN: one.draft.key}),
        }
        for one in letters
        for reference in sorted(one.about)
    ]
    if rows:
        _ADD_FACTS.run(connection, rows)


def owed_by(connection: Connection, reference: str, sequence: int) -> int:
    """How many notices one line of the ledger owed: their key is its place."""
    return connection.execute(_ABOUT, {"key": f"{reference}:{sequence}"}).scalar_one()


def _facts(draft: NoticeDraft, variant: int, now: datetime) -> dict[str, Any]:
    return {
        "key": draft.key,
        "variant": variant,
        "reference": draft.reference,
        "created_at": now,
        "not_before": draft.not_before,
        "context": orjson.dumps(draft.context).decode(),
    }


def _row(draft: NoticeDraft, variant: int) -> dict[str, Any]:
    return {
        "key": draft.key,
        "variant": variant,
        "occasion": draft.occasion.value,
        "person": draft.person,
        "channel": draft.channel,
        "status": "pending",
        "attempts": 0,
        "next_attempt_at": draft.not_before,
    }
