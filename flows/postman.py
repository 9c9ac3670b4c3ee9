"""
The postman: delivers what the outbox holds, as soon as a door says so and in any case every half minute.

A thread of the running system. Where there is none (stock workers), the sweep delivers every quarter of an hour.
"""

from __future__ import annotations

import logging
import os
import threading
from datetime import datetime
from functools import cache
from pathlib import Path

from config.settings import Settings, secret
from flows.surroundings import waiting
from flows.wiring import House, now
from safeguarding.digest import ALL, YOURS
from safeguarding.errors import SafeguardingError
from tasks.departures import Departures
from tasks.notices import Delivered, Postbox, deliver_pending

log = logging.getLogger("safeguarding.postman")

ROUND_EVERY = 30.0
"""Seconds between two rounds when nobody calls."""


class OwnPost:
    """The partnership's own post: its mail server and its Teams workflows, by the names of their secrets."""

    def __init__(self, settings: Settings) -> None:
        self.mail_url = settings.mail_url
        self.sender = settings.sender
        self.sender_name = settings.sender_name

    def secret(self, name: str) -> str | None:
        """The Teams workflow of this name."""
        return secret(name)


def card_link(house: House, reference: str) -> str:
    """Where a reader of a notice finds the card; of a digest, every card that waits."""
    if reference in (ALL, YOURS):
        return waiting(house.settings.prefect_url)
    return waiting(house.settings.prefect_url, reference)


def deliver(house: House, post: Postbox | None = None, moment: datetime | None = None) -> Delivered:
    """One round: everything that is due now, or at another moment, by this post or the partnership's own."""
    return deliver_pending(
        house.records.engine,
        house.rulebook,
        post or OwnPost(house.settings),
        moment or now(),
        f"sender-{os.getpid()}-{threading.get_ident()}",
        link=lambda reference: card_link(house, reference),
        departures=_departures(house.settings.home, house.records.identity().id),
    )


@cache
def _departures(home: Path, record: str) -> Departures:
    """Where this machine notes what has left: in the home folder, whichever database holds the record."""
    return Departures(home / "departures.log", record)


class Postman:
    """Delivers in a thread of its own until `stop`."""

    def __init__(self, house: House, post: Postbox | None = None) -> None:
        self._house, self._post = house, post
        self._called, self._stopping = threading.Event(), False
        self._thread = threading.Thread(target=self._rounds, name="postman", daemon=True)

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

    def _rounds(self) -> None:
        while not self._stopping:
            self._called.clear()
            try:
                deliver(self._house, self._post)
            except (SafeguardingError, OSError) as error:
                log.error("the round was given up: %s", type(error).__name__)
            self._called.wait(ROUND_EVERY)
