"""
The postman: delivers what the outbox holds, as soon as a door says so and in any case every half minute.

A thread of the running system. Where there is none (stock workers), the sweep delivers every quarter of an hour. No
error ends it: a record that is away for a while is looked for again at the next round.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time

from safeguarding.dates.london import now, say_moment
from tasks.events.nothing_typed import account_of
from tasks.post import alarm, outage
from tasks.post.deliver import Postbox
from tasks.record.delivering import OwnPost, deliver
from tasks.record.health import STALE_AFTER
from tasks.record.installation import Installation
from tasks.store import heartbeat
from tasks.store.session import writing

log = logging.getLogger("safeguarding.postman")

ROUND_EVERY = 30.0
"""Seconds between two rounds when nobody calls."""
SAYS_SO_EVERY = 300.0
"""Seconds between two notes in the record that the rounds go on, and between two looks whether the sweep does."""
ALARM_AFTER = 300.0
"""Seconds for which no round has succeeded before the business manager hears of it past the record."""


class Postman:
    """Delivers in a thread of its own until `stop`."""

    def __init__(
        self,
        installation: Installation,
        post: Postbox | None = None,
        every: float = ROUND_EVERY,
        alarm_after: float = ALARM_AFTER,
    ) -> None:
        self._installation, self._post, self._every, self._alarm_after = installation, post, every, alarm_after
        self._called, self._stopping = threading.Event(), False
        self._thread = threading.Thread(target=self._rounds, name="postman", daemon=True)
        self._began, self._says_so_at, self._said = False, 0.0, ""
        self._failing_since = 0.0
        self._told_of: set[str] = set()
        """What the business manager has heard that it stands still, until it goes on."""

    def start(self) -> None:
        """Begin the rounds."""
        self._thread.start()

    def call(self) -> None:
        """There may be something to deliver: start a round now."""
        self._called.set()

    def stop(self) -> None:
        """Finish the round under way and end."""
        self._stopping = True
        self._called.set()
        self._thread.join(timeout=20)
        with contextlib.suppress(Exception), writing(self._installation.records.engine) as connection:
            heartbeat.forget(connection, heartbeat.POSTMAN)  # Nobody waits for one that was sent home.

    def _rounds(self) -> None:
        while not self._stopping:
            self._called.clear()
            try:
                self._round()
            except Exception as error:  # noqa: BLE001  whatever it was, letters are owed at the next round too
                if (account := account_of(error)) != self._said:
                    log.error("A round of the postman was given up (%s); the next is in %g s", account, self._every)
                self._failing_since = self._failing_since or time.monotonic()
                self._said, self._says_so_at = account, 0.0
                if time.monotonic() - self._failing_since > self._alarm_after:
                    self._alarm("The record", f"The record of the safeguarding reviews cannot be used ({account}).")
            self._called.wait(self._every)

    def _round(self) -> None:
        engine = self._installation.records.engine
        if not self._began:
            outage.try_again(engine, now())
            self._began = True
        deliver(self._installation, now(), self._post)
        if self._said:
            log.warning("The postman goes on")
        self._said, self._failing_since = "", 0.0
        self._told_of.discard("The record")
        if time.monotonic() > self._says_so_at:
            with writing(engine) as connection:
                heartbeat.beat(connection, heartbeat.POSTMAN, now())
                swept = heartbeat.last(connection, heartbeat.SWEEP)
            if swept is not None and now() - swept[0] > STALE_AFTER:
                since = say_moment(swept[0], weekday=True)
                self._alarm("The sweep", f"The sweep of the safeguarding reviews has not run since {since}.")
            else:
                self._told_of.discard("The sweep")
            self._says_so_at = time.monotonic() + SAYS_SO_EVERY

    def _alarm(self, what: str, words: str) -> None:
        """Tell the business manager once that something stands still, until it goes on."""
        if what in self._told_of:
            return
        post = self._post or OwnPost(self._installation.settings)
        try:
            reached = alarm.raise_alarm(self._installation.rulebook.partnership, post, words, now())
        except Exception as error:  # noqa: BLE001  tried again at the next round
            log.error("The alarm could not be raised (%s)", account_of(error))
            return
        log.error("%s stands still; %d told", what, reached)
        if reached:
            self._told_of.add(what)
