"""
Letters, as a service of Apprise: one letter to one person, and what the mail server said to it.

A letter is HTML and the same in plain words, with a file for a diary where it sets a date.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.errors import MessageError
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, make_msgid
from typing import Any

from apprise import AttachBase, NotifyFormat
from apprise.conversion import convert_between

from safeguarding.errors import NoticeUndeliverable
from safeguarding.mailbox import read_mailbox
from tasks.post.addresses import MailServer
from tasks.post.faults import mail_refused, not_signed_in, sender_refused, setting_wrong, unreachable
from tasks.post.plain_markdown import for_plain_words
from tasks.post.service import Service
from tasks.post.smtp_line import MARK, MailLine, TlsMailLine, taken_for_another
from tasks.post.tls_contexts import KeptContexts

TAKEN, FORWARDED = 250, 251
"""What a mail server answers to an address that it takes, and to one whose letters go on to another (RFC 5321, 3.4)."""
LONGEST_PLAIN = 50
"""Letters of a name that fit into the first line of a header as they are."""

# The library's older classes: the newer ones read every header that they write, and take three times as long.
_AS_SENT = compat32.clone(linesep="\r\n")
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP
_QUOTED, _ESCAPED = re.compile(r'(["\\])'), r"\\\1"


def make_context(verify: bool) -> ssl.SSLContext:
    """What a mail server's certificate is checked against: all that the machine trusts, or nothing."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


CONTEXTS = KeptContexts(make_context)


class MailService(Service):
    """
    One letter by one mail server.

    `sender` is a name and an address, `mark` the number of the notice, `sent_at` the date of the letter. `to` is None
    where no letter is meant and the server is only asked.

    Raises NoticeUndeliverable where the reader's address, or the sender's, is not that of one mailbox.
    """

    service_name = "Letters"
    secure_protocol = "safeguardingmail"
    notify_format = NotifyFormat.HTML
    attachment_support = True

    def __init__(
        self, server: MailServer, sender: tuple[str, str], to: str | None, mark: str, sent_at: datetime, **how: Any
    ) -> None:
        super().__init__(**how)
        self.server = server
        self.sender, self.to = _ours(*sender), "" if to is None else _theirs(to)
        self.mark, self.sent_at = mark, sent_at

    def hand_over(self, subject: str, body: str, enclosures: Iterable[AttachBase]) -> None:
        """Write it as HTML and as the words of it, and give it to the mail server."""
        if not self.to:
            raise NoticeUndeliverable("nobody is named whom the letter is for", False)
        letter = self._letter(subject, body, enclosures)
        with self._spoken_with() as line:
            self._give(line, letter)

    def greet(self) -> tuple[bool, bool]:
        """
        Ask the server whether it takes letters of this sender, and give it none.

        Whether the line is encrypted, and whether we signed in. Raises NoticeUndeliverable, in words.
        """
        with self._spoken_with() as line:
            self._begin(line, 0)
            line.rset()
            return isinstance(line.sock, ssl.SSLSocket), bool(self.server.user and self.server.password)

    @contextmanager
    def _spoken_with(self) -> Iterator[MailLine]:
        """The server, with the line encrypted and signed in. What breaks on it becomes NoticeUndeliverable."""
        try:
            with self._line() as line:
                self._encrypt(line)
                line.ehlo_or_helo_if_needed()
                self._sign_in(line)
                yield line
        except smtplib.SMTPResponseException as refused:
            # Before the letter was begun: it says nothing of the letter, and somebody may mend it.
            why = f"the mail server does not speak with us (answer {refused.smtp_code})"
            raise NoticeUndeliverable(why, True) from None
        except (OSError, smtplib.SMTPException) as broken:
            raise unreachable(broken, self.socket_read_timeout) from None

    def _letter(self, subject: str, html: str, enclosures: Iterable[AttachBase]) -> bytes:
        """The letter as it goes over the line. Raises NoticeUndeliverable for a header that mail cannot carry."""
        words = convert_between(NotifyFormat.HTML, NotifyFormat.TEXT, for_plain_words(html))
        letter = MIMEMultipart("alternative", None, [_text("plain", words), _text("html", html)])
        if files := [_file(enclosure) for enclosure in enclosures]:
            letter = MIMEMultipart("mixed", None, [letter, *files])
        try:
            for name, value in self._headers(subject).items():
                letter[name] = value
            return letter.as_bytes(policy=_AS_SENT)
        except (ValueError, MessageError):
            why = "an address or a header of the letter is not one that mail can carry"
            raise NoticeUndeliverable(why, False) from None

    def _headers(self, subject: str) -> dict[str, str]:
        """What stands above the letter. Raises ValueError for what no header can carry."""
        address = self.sender[1]
        replies = {"Reply-To": ", ".join(self.server.reply_to)} if self.server.reply_to else {}
        return {
            "From": named(*self.sender),
            "To": self.to,
            "Subject": Header(subject, None if subject.isascii() else _UTF8, header_name="Subject").encode(),
            "Date": format_datetime(self.sent_at),
            "Message-ID": make_msgid(domain=address.rpartition("@")[2]),
            MARK: self.mark,
            **replies,
            **self.server.headers,
        }

    @contextmanager
    def _line(self) -> Iterator[MailLine]:
        """A line to the server, closed at the end. What it says to our goodbye does not count: the letter is taken."""
        server, wait = self.server, self.socket_connect_timeout
        if server.mode == "ssl":
            context = CONTEXTS.for_server(server.host, server.port, server.verify)
            line: MailLine = TlsMailLine(server.host, server.port, timeout=wait, context=context)
        else:
            line = MailLine(server.host, server.port, timeout=wait)
        try:
            yield line
        finally:
            with suppress(OSError, smtplib.SMTPException):
                line.quit()
            line.close()

    def _encrypt(self, line: smtplib.SMTP) -> None:
        server = self.server
        if server.mode != "starttls":
            return
        try:
            line.starttls(context=CONTEXTS.for_server(server.host, server.port, server.verify))
        except smtplib.SMTPNotSupportedError:
            why = "the mail server offers no encryption, and its address asks for it"
            raise setting_wrong(why) from None

    def _sign_in(self, line: smtplib.SMTP) -> None:
        if not (self.server.user and self.server.password):
            return
        try:
            line.login(self.server.user, self.server.password)
        except smtplib.SMTPAuthenticationError as refused:
            raise not_signed_in(refused.smtp_code) from None
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPHeloError):
            raise
        except smtplib.SMTPException:
            raise setting_wrong("the mail server offers no sign-in that we can use") from None

    def _begin(self, line: MailLine, size: int) -> None:
        """Say from whom a letter of so many bytes comes."""
        code, _ = line.mail(self.sender[1], [f"size={size}"] if size and line.has_extn("size") else [])
        if code != TAKEN:
            raise sender_refused(code)

    def _give(self, line: MailLine, letter: bytes) -> None:
        """
        Give it to the one mailbox it is for, or to nobody.

        The server is asked for the mailbox before it sees a word of the letter; only when what it was really told is
        exactly that address, and its answer speaks of no other, does the letter follow.
        """
        self._begin(line, len(letter))
        code, said = line.rcpt(self.to)
        if line.told != [f"<{self.to}>"]:
            why = "the mail server was told another address than the file has, and was given no letter"
            raise NoticeUndeliverable(why, False)
        if code not in (TAKEN, FORWARDED):
            raise mail_refused(code)
        if code == FORWARDED or taken_for_another(self.to, said):
            raise NoticeUndeliverable(f"the mail server took the address for another (answer {code})", False)
        try:
            code, _ = line.data(letter)
        except smtplib.SMTPDataError as refused:
            raise mail_refused(refused.smtp_code) from None
        if code != TAKEN:
            raise mail_refused(code)


def _ours(name: str, address: str) -> tuple[str, str]:
    """The sender. Raises NoticeUndeliverable: it is a setting, so every letter waits until it is mended."""
    if not (name or address).isprintable():  # The end of a line would begin a header of its own.
        raise setting_wrong("the name that letters come from holds a sign that cannot be seen")
    try:
        return name, read_mailbox(address, of_this_machine=True)
    except ValueError as none:
        raise setting_wrong(f"the address that letters come from {none}") from None


def _theirs(address: str) -> str:
    """The reader's address. Raises NoticeUndeliverable if it is not that of one mailbox."""
    try:
        return read_mailbox(address)
    except ValueError as none:
        raise NoticeUndeliverable(f"the address in the partnership's file {none}", False) from None


def named(name: str, address: str) -> str:
    """The sender's name and address as a header has them, whatever signs the name has."""
    if not name:
        return address
    # What looks like a word in code would be decoded by the reader's program, so it is put into code itself.
    plain = name.isascii() and "=?" not in name and len(name) <= LONGEST_PLAIN
    shown = f'"{_QUOTED.sub(_ESCAPED, name)}"' if plain else Header(name, _UTF8, header_name="From").encode()
    return f"{shown} <{address}>"


def _text(kind: str, words: str) -> MIMENonMultipart:
    """The letter in one of its two forms: lines of seventy-six signs, which every server takes."""
    part = MIMENonMultipart("text", kind, charset="utf-8")
    part.set_payload(words, _UTF8)
    return part


def _file(enclosure: AttachBase) -> MIMEBase:
    """A file of a letter, byte by byte: the line ends of a calendar are part of it."""
    part = MIMEBase(*enclosure.mimetype.split("/"), charset="utf-8")
    with enclosure.open() as file:
        part.set_payload(file.read())
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=enclosure.name)
    return part
