"""
Delivering what is due from this installation: by the partnership's own post, noting beside the record what has left.
"""

from __future__ import annotations

import os
import threading
from datetime import datetime
from functools import cache
from pathlib import Path

from config.settings import SecretUnreadable, Settings, secret
from safeguarding.dates.london import london_date
from safeguarding.notices.digest import ALL, YOURS
from safeguarding.notices.notice import Channel
from tasks.post.deliver import Delivered, Postbox, deliver_pending
from tasks.post.faults import setting_wrong
from tasks.post.letters import Templates
from tasks.post.sent_log import Departures
from tasks.record.installation import Installation


class OwnPost:
    """
    The partnership's own post: its mail server and its Teams workflows, by the names of their secrets.

    Made anew for each round, and each secret is read once in a round.
    """

    def __init__(self, settings: Settings) -> None:
        self._mail = settings.mail
        self._known: dict[str, str | None] = {}
        self.sender = settings.sender
        self.sender_name = settings.sender_name

    @property
    def mail_url(self) -> str | None:
        """The mail server. Raises NoticeUndeliverable as `secret` does."""
        return self.secret(self._mail)

    def secret(self, name: str) -> str | None:
        """The Teams workflow of this name. Raises NoticeUndeliverable if it lies where it cannot be read."""
        if name not in self._known:
            try:
                self._known[name] = secret(name)
            except SecretUnreadable as unreadable:
                raise setting_wrong(str(unreadable).rstrip(".")) from None
        return self._known[name]


def card_link(installation: Installation, reference: str) -> str:
    """Where a reader of a notice finds the card; of a digest, every card that waits."""
    if reference in (ALL, YOURS):
        return installation.settings.cards_page()
    return installation.settings.cards_page(reference)


def deliver(
    installation: Installation, moment: datetime, post: Postbox | None = None, channel: Channel | None = None
) -> Delivered:
    """One round: what is due at a moment, over all channels or over one, by this post or the partnership's own."""
    return deliver_pending(
        installation.records.engine,
        installation.rulebook.on(london_date(moment)),
        post or OwnPost(installation.settings),
        moment,
        f"sender-{os.getpid()}-{threading.get_ident()}",
        link=lambda reference: card_link(installation, reference),
        templates=Templates(own=installation.settings.own_templates),
        departures=_departures(installation.settings.home, installation.records.identity().id),
        channel=channel,
    )


@cache
def _departures(home: Path, record: str) -> Departures:
    """Where this machine notes what has left: in the home folder, whichever database holds the record."""
    return Departures(home / "departures.log", record)
