"""
Handing one letter to the world: one recipient, one channel, one call, and an answer that can be acted on.

Apprise says only whether it worked. What the server answered is read from what Apprise notes down, and put into
words that hold no address and no secret: those words are shown to people and kept.
"""

from __future__ import annotations

import logging
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from safeguarding.errors import NoticeUndeliverable
from tasks.post import retry_after, tls_contexts
from tasks.post.letters import Letter

SECONDS = 10
"""How long one connection, and then one answer, is waited for."""

LONGEST = 90
"""Seconds: no single letter takes longer than this, with every wait of a slow server added up."""

_NAME = "Safeguarding reviews"
_TEAMS = re.compile(r"^(workflows?://|https://[\w.-]+(:\d+)?/(powerautomate/automations/direct/|workflows/))", re.I)
_MAIL = re.compile(r"^mailtos?://", re.I)
_SIGN_IN = frozenset({530, 534, 535, 538})
_TRY_LATER = frozenset({408, 425, 429})


class Enclosure(NamedTuple):
    """A file that goes with a letter: its name, its media type and what it holds."""

    name: str
    type: str
    content: str


def by_email(
    server: str, sender: tuple[str, str], address: str, letter: Letter, mark: str, enclosure: Enclosure | None = None
) -> None:
    """
    Send one email to one address by the mail server of this Apprise URL, from a name and an address (those of the
    URL, if it has a `from`). `mark` becomes a header.

    Raises NoticeUndeliverable, which says whether to try again.
    """
    if not _MAIL.match(server):
        raise NoticeUndeliverable("the mail server's address does not begin with mailto:// or mailtos://", False)
    parts = urlsplit(server)
    dropped = {"to", "cc", "bcc"}  # One recipient a call: a copy that fails alone could not be recorded.
    query = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in dropped]
    if not any(name.lower() == "from" for name, _ in query):
        query += [("name", sender[0]), ("from", sender[1])]
    query += [("to", address), ("+X-Safeguarding-Notice", mark)]
    url = urlunsplit((parts.scheme, parts.netloc, "/", _waits(query), ""))
    with tls_contexts.of(server):
        _notify(url, letter.subject, letter.html, "html", enclosure)


def by_teams(workflow: str, letter: Letter) -> None:
    """
    Post one card to one person's Teams workflow, without any picture from outside.

    Raises NoticeUndeliverable, which says whether to try again.
    """
    if not _TEAMS.match(workflow):
        raise NoticeUndeliverable("the Teams address is not one of a workflow: it begins with workflow://", False)
    parts = urlsplit(workflow)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() != "image"]
    url = urlunsplit((parts.scheme, parts.netloc, parts.path, _waits([*query, ("image", "no")]), ""))
    _notify(url, letter.subject, letter.markdown, "markdown")


def _waits(query: list[tuple[str, str]]) -> str:
    kept = [(name, value) for name, value in query if name.lower() not in ("cto", "rto")]
    return urlencode([*kept, ("cto", str(SECONDS)), ("rto", str(SECONDS))], quote_via=quote)


def _notify(url: str, title: str, body: str, body_format: str, enclosure: Enclosure | None = None) -> None:
    apprise, asset = _apprise()
    retry_after.forget()
    with _listening() as heard:
        service = apprise.Apprise(asset=asset)
        if not service.add(url) or len(service) != 1:
            raise NoticeUndeliverable("the address in the settings is not one that can be used", False)
        if "verify=no" in url:
            # The demo's catcher signs its own certificate, and its URL says so: no warning for each card. For good, and
            # not for the while of one message: what is ignored belongs to the process, and others send meanwhile.
            warnings.filterwarnings("ignore", message="Unverified HTTPS request")
        # Apprise 1 answers with a bool, Apprise 2 with a result whose truth is the same.
        attached = _attached(enclosure)
        sent = bool(service.notify(title=title, body=body, body_format=body_format, attach=attached))
    if not sent:
        raise _fault(" ".join(heard))


@cache
def _apprise() -> tuple[Any, Any]:
    """Apprise, and how it is to introduce itself. Imported when first needed: most processes send nothing."""
    with warnings.catch_warnings():
        # Its signing support asks for a module of the standard library that is about to go; we do not sign.
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise
        import apprise.attachment.memory
        import apprise.plugins.email
        import apprise.plugins.workflows
    retry_after.note_answers(apprise.plugins.workflows)
    tls_contexts.keep_contexts(apprise.plugins.email.base)
    # Where a program logs everything it would note each address, and a workflow's holds its signature.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
    asset = apprise.AppriseAsset(
        app_id=_NAME, app_desc=_NAME, app_url="", image_url_mask="", image_url_logo="", async_mode=False
    )
    return apprise, asset


def _attached(enclosure: Enclosure | None) -> Any:
    if enclosure is None:
        return None
    apprise, asset = _apprise()
    name, kind, content = enclosure
    memory = apprise.attachment.memory.AttachMemory(content=content.encode(), name=name, mimetype=kind, asset=asset)
    return apprise.AppriseAttachment(memory, asset=asset)


# --------------------------------------------------------------------------- what the server said


class _Ear(logging.Handler):
    """Hears what Apprise notes down in this thread, so that nobody else does: it writes addresses."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.thread = threading.get_ident()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.lines.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    logger = logging.getLogger("apprise")
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    ear = _Ear()
    logger.addHandler(ear)
    try:
        yield ear.lines
    finally:
        logger.removeHandler(ear)


def _fault(heard: str) -> NoticeUndeliverable:
    """Why it was not sent, in words without an address, and whether it is worth trying again."""
    if code := re.search(r"Socket Exception: .*?\((\d{3}),", heard):
        return _mail_fault(int(code[1]))
    if code := re.search(r"error=(\d{3})", heard):
        return _teams_fault(int(code[1]))
    for sign, words in (
        ("CERTIFICATE_VERIFY_FAILED", "the server's certificate could not be trusted"),
        ("SSL", "no secure connection could be made to the server"),
        ("timed out", f"the server did not answer within {SECONDS} seconds"),
        ("refused", "the server refused the connection"),
        ("Name or service not known", "the server's name is not known"),
        ("Name resolution", "the server's name is not known"),
    ):
        if sign.lower() in heard.lower():
            return NoticeUndeliverable(words, True)
    return NoticeUndeliverable("the server could not be reached, or hung up", True)


def _mail_fault(code: int) -> NoticeUndeliverable:
    if code in _SIGN_IN:
        return NoticeUndeliverable(f"the mail server did not accept our sign-in (answer {code})", True)
    if code >= 500:
        return NoticeUndeliverable(f"the mail server refused the address or the letter (answer {code})", False)
    return NoticeUndeliverable(f"the mail server asked to be tried later (answer {code})", True)


def _teams_fault(code: int) -> NoticeUndeliverable:
    if code >= 500 or code in _TRY_LATER:
        why = f"Teams could not take the card now (answer {code})"
        return NoticeUndeliverable(why, True, retry_after.asked())
    return NoticeUndeliverable(f"Teams refused the card: its workflow may be gone (answer {code})", False)
