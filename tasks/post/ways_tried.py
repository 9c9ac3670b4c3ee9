"""
The ways out, looked at before they are needed: whether the settings of mail and Teams can be used, and what the servers
say when they are asked and given nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from config.settings import PREFIX, SecretUnreadable, Settings, secret
from safeguarding.errors import Fault, NoticeUndeliverable
from safeguarding.law.partnership import Partnership
from safeguarding.mailbox import read_mailbox
from tasks.post import sending


@dataclass(frozen=True, slots=True)
class Way:
    """One way out, as it was found: `mail`, or a Teams workflow by the name of its secret."""

    name: str
    works: bool
    words: str
    """What the server said, in words that hold no address of a server and no secret."""


def read_ways(settings: Settings, partnership: Partnership | None) -> tuple[list[Fault], list[str]]:
    """Everything wrong with the settings of mail and Teams, by where it stands; and the secrets that are not set."""
    # Reading an address needs what knows addresses, which takes as long to load as the rest of a command.
    from tasks.post.addresses import read_mail_server, read_workflow

    sending.load()
    faults = _sender(settings)
    unset: list[str] = []
    readers: dict[str, Callable[[str], Any]] = {settings.mail: read_mail_server}
    for name, read in (readers | dict.fromkeys(_workflows(partnership), read_workflow)).items():
        try:
            if (found := secret(name)) is None:
                unset.append(name)
            else:
                read(found)
        except SecretUnreadable as unreadable:
            faults.append(Fault(f"secret {name}", "(secret)", str(unreadable).rstrip(".")))
        except NoticeUndeliverable as wrong:
            faults.append(Fault(f"secret {name}", "(secret)", wrong.why))
    return faults, unset


def _sender(settings: Settings) -> list[Fault]:
    faults = []
    try:
        read_mailbox(settings.sender, of_this_machine=True)
    except ValueError as none:
        faults.append(Fault(f"{PREFIX}SENDER", "(setting)", str(none)))
    if not settings.sender_name.isprintable():
        faults.append(Fault(f"{PREFIX}SENDER_NAME", "(setting)", "holds a sign that cannot be seen: type it again"))
    return faults


def _workflows(partnership: Partnership | None) -> list[str]:
    """The names of the secrets of every Teams workflow that the partnership's file names."""
    if partnership is None:
        return []
    named = [person.teams for person in partnership.people] + [shared.teams for shared in partnership.channels]
    return sorted({name for name in named if name})


def try_ways(settings: Settings, partnership: Partnership, now: datetime) -> list[Way]:
    """
    Ask each server that is set. No letter is sent and no card is posted.

    The mail server is greeted, the line encrypted, signed in, and our sender named, as before a letter. Of a workflow
    only the server is reached: whether the workflow is still there is not known before a card is posted.
    """
    found = [] if not _set(settings.mail) else [_asked("mail", lambda: _mail(settings, now))]
    return found + [_asked(name, partial(_teams, name)) for name in _workflows(partnership) if _set(name)]


def _set(name: str) -> bool:
    try:
        return secret(name) is not None
    except SecretUnreadable:
        return False


def _asked(name: str, ask: Callable[[], str]) -> Way:
    try:
        return Way(name, True, ask())
    except NoticeUndeliverable as fault:
        return Way(name, False, fault.why)


def _mail(settings: Settings, now: datetime) -> str:
    sender = (settings.sender_name, settings.sender)
    encrypted, signed_in = sending.greet_mail(secret(settings.mail) or "", sender, now)
    line = "the line is encrypted" if encrypted else "the line is NOT encrypted"
    who = "it accepted our sign-in" if signed_in else "nobody signed in"
    return f"the mail server answered, {line}, {who}, and it takes letters from our sender; no letter was sent"


def _teams(name: str) -> str:
    answer = sending.reach_teams(secret(name) or "")
    return f"its server was reached over a secure line (answer {answer}); no card was posted"
