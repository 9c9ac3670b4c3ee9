"""
A line to a mail server that is kept for the letters that follow: to connect, to encrypt the line and to sign in takes
longer than a letter does.

Only a line over which a letter was just taken is kept. It is one sender's, for one round; nothing of a letter is kept.
What a server refuses over a kept line is asked again over a new one, once, unless it may have the letter.
"""

from __future__ import annotations

import smtplib
import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from tasks.post.addresses import MailServer
    from tasks.post.smtp_line import MailLine

LETTERS = 100
"""Letters over one line: many servers hang up after some number of them."""

IDLE = 20.0
"""Seconds for which a line is kept that nothing goes over: what lies between may forget it without a word."""


class KeptLine:
    """At most one line, to one server. A context manager: it is closed at the end. For one thread."""

    def __init__(self) -> None:
        self._kept: tuple[MailServer, MailLine] | None = None
        self._since = 0.0

    def taken(self, server: MailServer) -> MailLine | None:
        """The line to this server, which is then the caller's; None where none is kept. Any other is closed."""
        if self._kept is None:
            return None
        known, line = self._kept
        if known == server and line.letters < LETTERS and time.monotonic() - self._since < IDLE:
            self._kept = None
            return line
        self.close()
        return None

    def keep(self, server: MailServer, line: MailLine) -> None:
        """Keep a line over which a letter was just taken."""
        self._kept, self._since = (server, line), time.monotonic()

    def close(self) -> None:
        """Say goodbye over whatever is kept."""
        kept, self._kept = self._kept, None
        if kept is not None:
            hang_up(kept[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.close()


def hang_up(line: MailLine) -> None:
    """Close a line. What the server says to our goodbye does not count: what it took it has taken."""
    with suppress(OSError, smtplib.SMTPException):
        line.quit()
    line.close()
