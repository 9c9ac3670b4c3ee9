"""
Delivering what is due from this installation: by the partnership's own post, noting beside the record what has left.
"""

from __future__ import annotations

import os
import threading
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from config.settings import SecretUnreadable, Settings, secret
from safeguarding.dates.london import london_date
from safeguarding.notices.deputies import SHARED
from safeguarding.notices.digest import ALL, YOURS
from safeguarding.notices.notice import Channel
from tasks.post.deliver import Delivered, Postbox, deliver_pending
from tasks.post.faults import setting_wrong
from tasks.post.leads import Leads, LeadsTo
from tasks.post.letters import Templates
from tasks.post.sent_log import Departures
from tasks.record.installation import Installation
from tasks.record.records import Records
from tasks.record.shareable import shareable


class OwnPost:
    """
    The partnership's own post: its mail server and its Teams workflows, by the names of their secrets.

    Made anew for each round, and each secret is read once in a round.
    """

    at_once = False

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


UNIT = frozenset({"business_manager", "business_unit"})
"""Who works in Prefect. Nobody else has its login, and nobody else is sent there."""


def leads_of(installation: Installation, moment: datetime) -> Leads:
    """
    To what letters lead their readers: everybody of the partnership to the review's page, the unit to its card as well.

    A digest leads to what needs its reader, and to every card that waits. No letter has an address that its reader
    cannot reach. Of a role's shared mailbox the readers hold that role, and each signs in as themselves.
    """
    settings = installation.settings
    pages, prefect = settings.reached_from_a_letter(here=installation.records.identity().simulation)
    partnership = installation.rulebook.on(london_date(moment)).partnership
    covering = {person.id for person in partnership.covering()}

    def leads(reference: str, reader: str) -> LeadsTo:
        person = partnership.known(reader)
        roles = frozenset(
            person.roles if person else [reader.removeprefix(SHARED)] if reader.startswith(SHARED) else []
        )
        if not roles:
            return LeadsTo()
        of_all = reference in (ALL, YOURS)
        page = f"{pages}/" if of_all else f"{pages}/reviews/{reference}"
        of_unit = reader in covering or bool(UNIT & roles)
        card = settings.cards_page() if of_all else settings.cards_page(reference)
        return LeadsTo(page if pages else "", card if prefect and of_unit else "")

    return leads


LONGEST_WORDING = 390
"""Letters of the wording of an action in a letter: with more it is read at the review's page."""


def wording_of(records: Records, reference: str, action: str) -> str:
    """The wording of an action that may be shared now, in one line; empty where none is approved."""
    words = " ".join(shareable(records, [reference]).get((reference, action), "").split())
    return words if len(words) <= LONGEST_WORDING else f"{words[: LONGEST_WORDING - 1]}…"


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
        leads=leads_of(installation, moment),
        wordings=partial(wording_of, installation.records),
        templates=Templates(own=installation.settings.own_templates),
        departures=_departures(installation.settings.home, installation.records.identity().id),
        channel=channel,
    )


@cache
def _departures(home: Path, record: str) -> Departures:
    """Where this machine notes what has left: in the home folder, whichever database holds the record."""
    return Departures(home / "departures.log", record)
