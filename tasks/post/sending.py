"""
Handing one letter to the world: one recipient, one channel, one call, and an answer that can be acted on.

Apprise delivers, over two services of our own that keep what the server answered. It is put into words that hold no
address and no secret: those words are shown to people and kept.
"""

from __future__ import annotations

import threading
import warnings
from contextlib import nullcontext
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tasks.post.kept_line import KeptLine
from tasks.post.letters import Letter

if TYPE_CHECKING:
    from apprise import AppriseAsset

    from tasks.post.service import Service

SECONDS = 10
"""How long one connection, and then one answer, is waited for."""

LONGEST = 200
"""
Seconds: no single letter takes longer than this, with every wait of a slow server added up, over the line of the letter
before and then over a new one.
"""

_NAME = "Safeguarding reviews"


class Enclosure(NamedTuple):
    """A file that goes with a letter: its name, its media type and what it holds."""

    name: str
    type: str
    content: str


@cache
def load() -> AppriseAsset:
    """
    Load what sending needs, make our two services known to Apprise, and say how Apprise is to introduce itself.

    Done when first needed, since most processes send nothing.
    """
    with warnings.catch_warnings():
        # A service of Apprise that we do not use asks for a module of the standard library that is about to go.
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise

        from tasks.post.mail import MailService
        from tasks.post.teams import TeamsService

        services = apprise.NotificationManager()
        for service in (MailService, TeamsService):
            services.add(service)
    # No limit of Apprise's own: it would give a letter up while the server may still take it.
    return apprise.AppriseAsset(
        app_id=_NAME, app_desc=_NAME, app_url="", language="en", async_mode=False, service_timeout=0
    )


def by_email(
    server: str,
    sender: tuple[str, str],
    address: str,
    letter: Letter,
    mark: str,
    now: datetime,
    enclosure: Enclosure | None = None,
    lines: KeptLine | None = None,
) -> None:
    """
    Send one email to one address by the mail server of this Apprise URL, from a name and an address (those of the
    URL, if it has a `from`). `mark` becomes a header, and `now` the date of the letter. `lines` keeps the line to the
    server for the next one; without it, it is closed.

    Raises NoticeUndeliverable, which says whether to try again.
    """
    asset = load()
    from tasks.post.addresses import read_mail_server
    from tasks.post.mail import MailService

    known = read_mail_server(server)
    who = known.sender or sender
    with nullcontext(lines) if lines is not None else KeptLine() as kept:
        service = MailService(known, who, address, mark, now, kept, asset=asset, cto=SECONDS, rto=SECONDS)
        _deliver(service, letter.subject, letter.html, enclosure)


def by_teams(workflow: str, letter: Letter) -> None:
    """
    Post one card to one person's Teams workflow, without any picture from outside.

    Raises NoticeUndeliverable, which says whether to try again.
    """
    asset = load()
    from tasks.post.addresses import read_workflow
    from tasks.post.teams import TeamsService

    service = TeamsService(read_workflow(workflow), asset=asset, cto=SECONDS, rto=SECONDS)
    _deliver(service, letter.subject, letter.markdown)


def greet_mail(server: str, sender: tuple[str, str], now: datetime) -> tuple[bool, bool]:
    """
    Speak with a mail server as before a letter from this sender, and send none: is it encrypted, and did we sign in.

    Raises NoticeUndeliverable, in words, for whatever would keep a letter from leaving.
    """
    asset = load()
    from tasks.post.addresses import read_mail_server
    from tasks.post.mail import MailService

    known = read_mail_server(server)
    who = known.sender or sender
    with KeptLine() as line:
        return MailService(known, who, None, "", now, line, asset=asset, cto=SECONDS, rto=SECONDS).greet()


def reach_teams(workflow: str) -> int:
    """
    Reach the server of a workflow and post nothing: the number of its answer, whichever it is.

    Raises NoticeUndeliverable, in words, if it is not reached.
    """
    asset = load()
    from tasks.post.addresses import read_workflow
    from tasks.post.teams import TeamsService

    return TeamsService(read_workflow(workflow), asset=asset, cto=SECONDS, rto=SECONDS).reach()


class _OfThread(threading.local):
    """Apprise, made once for each thread: it looks for its languages whenever it is made."""

    def __init__(self) -> None:
        from apprise import Apprise

        self.post = Apprise(asset=load())


@cache
def _of_thread() -> _OfThread:
    return _OfThread()


def _deliver(service: Service, subject: str, body: str, enclosure: Enclosure | None = None) -> None:
    from apprise import AppriseAttachment
    from apprise.attachment.memory import AttachMemory

    attached = None
    if enclosure is not None:
        name, kind, content = enclosure
        memory = AttachMemory(content=content.encode(), name=name, mimetype=kind, asset=service.asset)
        attached = AppriseAttachment([memory], asset=service.asset)
    post = _of_thread().post
    post.add(service)
    post.notify(title=subject, body=body, body_format=service.notify_format, attach=attached)
    post.clear()  # Nothing of one letter is there for the next.
    if service.fault is not None:
        raise service.fault
