"""
A channel over which nothing gets out, from its first failed letter until one leaves again.

What waits is tried as long as it matters, and put back at once when the channel answers again. The business manager
hears of an outage once, over another channel, and not of each letter that waits in it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, literal_column, select, update

from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.notice import NoticeDraft
from tasks.post import delivery_report
from tasks.post.undeliverable import still_waiting
from tasks.store import heartbeat, outbox
from tasks.store.session import reading, writing
from tasks.store.tables import notices

TOLD_AFTER = timedelta(minutes=15)
"""How long nothing has left over a channel before the business manager hears of it: a restart of a server is none."""

DOWN, TO_MEND = "down: ", "to mend: "
_PENDING: ColumnElement[str] = literal_column("'pending'")


def known(connection: Connection) -> frozenset[str]:
    """The channels of which an outage is noted, or a setting that somebody must mend."""
    noted = (heartbeat.all_that_begin(connection, start) for start in (DOWN, TO_MEND))
    return frozenset(name.partition(": ")[2] for names in noted for name in names)


def noted(engine: Engine, rulebook: Rulebook, to_mend: Collection[str], now: datetime) -> None:
    """
    Note which channels are down, and owe the business manager a word of each that has been so for a while.

    `to_mend` are channels of which a setting was found wrong.
    """
    down = delivery_report.blocked(engine)
    with writing(engine) as connection:
        for channel in to_mend:
            heartbeat.begun(connection, f"{TO_MEND}{channel}", now)
        for blocked in down:
            since = heartbeat.begun(connection, f"{DOWN}{blocked.channel}", now)
            if now - since >= TOLD_AFTER:
                outbox.write(connection, _word(connection, blocked, since, rulebook, now), now)


def _word(
    connection: Connection, blocked: delivery_report.Blocked, since: datetime, rulebook: Rulebook, now: datetime
) -> list[NoticeDraft]:
    row = connection.execute(outbox.FULL.where(notices.c.id == blocked.latest)).one()
    key = f"down:{blocked.channel}:{since.isoformat()}"
    return still_waiting(row, key, blocked.why, blocked.waiting, rulebook.partnership, now)


def over(engine: Engine, channel: str, began: datetime) -> int:
    """The channel has taken a letter again: what waits for it is due from the beginning of the round; how many."""
    with writing(engine) as connection:
        for start in (DOWN, TO_MEND):
            heartbeat.forget(connection, f"{start}{channel}")
        waits = (notices.c.status == _PENDING, notices.c.channel == channel, notices.c.attempts > 0)
        later = notices.c.next_attempt_at > began
        return connection.execute(update(notices).where(*waits, later).values(next_attempt_at=began)).rowcount


def try_again(engine: Engine, now: datetime) -> int:
    """
    Put back what waits over a channel of which something was to be mended; how many.

    Asked when a process begins: a setting of its environment may have been mended.
    """
    with writing(engine) as connection:
        wrong = [name.removeprefix(TO_MEND) for name in heartbeat.all_that_begin(connection, TO_MEND)]
        if not wrong:
            return 0
        waits = (notices.c.status == _PENDING, notices.c.channel.in_(wrong), notices.c.attempts > 0)
        return connection.execute(
            update(notices).where(*waits, notices.c.next_attempt_at > now).values(next_attempt_at=now)
        ).rowcount


def wanting(engine: Engine) -> list[str]:
    """The channels whose letters wait until a setting is mended, each with why, for `health`."""
    with reading(engine) as connection:
        wrong = [name.removeprefix(TO_MEND) for name in heartbeat.all_that_begin(connection, TO_MEND)]
        found = []
        for channel in sorted(wrong):
            tried = (notices.c.status == _PENDING, notices.c.channel == channel, notices.c.attempts > 0)
            query = select(notices.c.reason).where(*tried, notices.c.reason.is_not(None)).order_by(notices.c.id.desc())
            reasons = connection.execute(query).scalars().all()
            if reasons:
                found.append(delivery_report.waiting_words(channel, len(reasons), str(reasons[0])))
        return found
