"""
What somebody has typed on a form of the pages and not sent yet: sealed, theirs alone, for thirty days.

One draft for each person, review and step, so another machine of the same person goes on with it. It is no part of the
ledger and proves nothing. It goes when the step is taken, when its time is over, or with the review's key.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from tasks.store.sealing import Keyring, MasterKeyWrong, ReviewKey, SealBroken
from tasks.store.tables import drafts, review_keys

KEPT_FOR = timedelta(days=30)
NEW = "NEW"
"""What stands for the reference of a review that the step would open."""
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed on one form, as the pages keep it, and since when."""

    person: str
    reference: str
    step: str
    words: str
    saved_at: datetime


class NotKept(Exception):
    """Nothing typed of this review can be sealed any more: its key is destroyed."""


def keep(connection: Connection, keys: Keyring, whose: tuple[str, str, str], words: str, now: datetime) -> None:
    """Keep what was typed, in the place of what was kept before. `whose`: person, reference, step. Raises NotKept."""
    person, reference, step = whose
    now = datetime.fromisoformat(now.astimezone(UTC).isoformat())
    key, wrapped = _key(connection, keys, whose, make=True)
    row = {
        "sealed": key.seal(0, _place(whose), words),
        "wrapped": wrapped,
        "saved_at": now,
        "forget_at": now + KEPT_FOR,
    }
    if not connection.execute(update(drafts).where(*_mine(whose)).values(row)).rowcount:
        connection.execute(insert(drafts), {"person": person, "reference": reference, "step": step, **row})


def read(connection: Connection, keys: Keyring, whose: tuple[str, str, str], now: datetime) -> Draft | None:
    """What is kept of one form; nothing where its time is over, or where the key that sealed it is gone."""
    row = connection.execute(select(drafts).where(*_mine(whose), drafts.c.forget_at > now)).first()
    if row is None:
        return None
    try:
        key, _ = _key(connection, keys, whose, make=False)
        words = key.unseal(0, _place(whose), row.sealed)
    except (NotKept, SealBroken, MasterKeyWrong):
        return None
    return Draft(*whose, words, row.saved_at)


def of_person(connection: Connection, person: str, now: datetime) -> Sequence[tuple[str, str, datetime]]:
    """Which drafts somebody has: the reference, the step and when it was saved, the latest first. No word of them."""
    mine = (drafts.c.person == person, drafts.c.forget_at > now)
    columns = (drafts.c.reference, drafts.c.step, drafts.c.saved_at)
    found = connection.execute(select(*columns).where(*mine).order_by(drafts.c.saved_at.desc()))
    return [(row.reference, row.step, row.saved_at) for row in found]


def forget(connection: Connection, whose: tuple[str, str, str]) -> None:
    """Let go of one draft."""
    connection.execute(delete(drafts).where(*_mine(whose)))


def forget_of_review(connection: Connection, reference: str) -> None:
    """Let go of every draft about a review."""
    connection.execute(delete(drafts).where(drafts.c.reference == reference))


def forget_old(connection: Connection, now: datetime) -> None:
    """Let go of everything whose time is over."""
    connection.execute(delete(drafts).where(drafts.c.forget_at <= now))


def wrap_again(connection: Connection, old: Keyring, new: Keyring) -> None:
    """The keys of drafts that have one of their own, wrapped with a new master key."""
    for row in connection.execute(select(drafts).where(drafts.c.wrapped.is_not(None))).all():
        whose = (row.person, row.reference, row.step)
        wrapped = new.wrap(_place(whose), old.unwrapped(_place(whose), row.wrapped))
        connection.execute(update(drafts).where(*_mine(whose)).values(wrapped=wrapped))


def _key(
    connection: Connection, keys: Keyring, whose: tuple[str, str, str], *, make: bool
) -> tuple[ReviewKey, str | None]:
    """The key that seals a draft: the review's, or one of its own, which is given wrapped."""
    _, reference, _ = whose
    if reference != NEW:
        mine = select(review_keys.c.wrapped).where(review_keys.c.reference == reference)
        wrapped = connection.execute(mine).scalar()
        if wrapped is None:
            raise NotKept(reference)
        return keys.unwrap(reference, wrapped), None
    wrapped = connection.execute(select(drafts.c.wrapped).where(*_mine(whose))).scalar()
    if wrapped is None and not make:
        raise NotKept(reference)
    plain = os.urandom(KEY_BYTES) if wrapped is None else keys.unwrapped(_place(whose), wrapped)
    return ReviewKey(reference, plain), wrapped or keys.wrap(_place(whose), plain)


def _mine(whose: tuple[str, str, str]) -> tuple[ColumnElement[bool], ...]:
    person, reference, step = whose
    return (drafts.c.person == person, drafts.c.reference == reference, drafts.c.step == step)


def _place(whose: tuple[str, str, str]) -> str:
    """What a draft is bound to: nobody can put it in the place of another's."""
    return "draft|" + "|".join(whose)
