"""
A line to a mail server that keeps what the server was really told and whether it may have the letter, and reads for
whom it says that it takes one.
"""

from __future__ import annotations

import re
import smtplib
from typing import Any

MARK = "X-Safeguarding-Notice"
"""The header with the number of the notice: what a server returns holds the head of the letter that it is about."""

REFUSED = 400
"""From this number on a mail server says that it did not do what was asked (RFC 5321, 4.2.1)."""

_RECIPIENT = re.compile(r"rcpt to:\s*(<.*?>)(?:\s|$)", re.I | re.S)
_SPOKEN_OF = re.compile(r"<([^<>\s]+@[^<>\s]+)>")


class _Kept:
    """Keeps each recipient that is named to the server, as it goes over the line."""

    told: list[str]

    def tell_anew(self) -> None:
        """Before another letter over the same line: nobody was told of for it yet, and nothing of it is under way."""
        self.told, self.may_have_it = [], False

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Send a command, and keep whom it names. Fails closed: what is not kept here counts as not told."""
        whole = f"{cmd} {args}" if args else cmd
        if (found := _RECIPIENT.match(whole)) is not None:
            self.told = [*getattr(self, "told", []), found[1]]
        super().putcmd(cmd, args)  # type: ignore[misc]


class MailLine(_Kept, smtplib.SMTP):
    """A line in the open, until it is encrypted."""

    told: list[str] = []  # noqa: RUF012  never changed: a new list takes its place
    may_have_it = False
    """Whether the server may have the letter: the letter itself went over the line, and was not refused after it."""
    letters = 0
    """How many letters went over it that were not refused."""

    def send(self, s: Any) -> None:
        """Send a command, which is words, or a letter, which is bytes. Once one is under way the server may have it."""
        if not isinstance(s, str):
            self.may_have_it = True
        super().send(s)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Give the letter: what the server says after its last line. Raises SMTPDataError before its first."""
        code, said = super().data(msg)
        if code >= REFUSED:
            self.may_have_it = False
        else:
            self.letters += 1
        return code, said


class TlsMailLine(MailLine, smtplib.SMTP_SSL):
    """A line that is encrypted before the first word."""


def taken_for_another(address: str, said: bytes) -> bool:
    """
    Whether a server that takes an address speaks of another one in its answer.

    Many say nothing of it («OK»); some repeat it («<sian.o'brien@council.example>... Recipient ok»).
    """
    spoken = {found.lower() for found in _SPOKEN_OF.findall(said.decode("utf-8", "replace"))}
    return bool(spoken) and address.lower() not in spoken
