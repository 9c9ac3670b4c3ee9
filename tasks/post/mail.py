"""
Letters, as a service of Apprise: one letter to one person, and what the mail server said to it.

A letter is HTML and the same in plain words, with a file for a diary where it sets a date.
"""

from __future__ import annotations

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
from email.utils import format_datetime, formataddr, make_msgid, parseaddr
from typing import Any

from apprise import AttachBase, NotifyFormat
from apprise.conversion import convert_between

from safeguarding.errors import NoticeUndeliverable
from tasks.post.addresses import MailServer
from tasks.post.faults import mail_refused, not_signed_in, setting_wrong, unreachable
from tasks.post.service import Service
from tasks.post.tls_contexts import KeptContexts

MARK = "X-Safeguarding-Notice"
"""The header with the number of the notice."""

# The library's older classes: the newer ones read every header that they write, and take three times as long.
_AS_SENT = compat32.clone(linesep="\r\n")
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP


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

    `sender` is a name and an address, `mark` the number of the notice, `sent_at` the date of the letter.
    """

    service_name = "Letters"
    secure_protocol = "safeguardingmail"
    notify_format = NotifyFormat.HTML
    attachment_support = True

    def __init__(
        self, server: MailServer, sender: tuple[str, str], to: str, mark: str, sent_at: datetime, **how: Any
    ) -> None:
        super().__init__(**how)
        self.server, self.sender, self.to = server, sender, to
        self.mark, self.sent_at = mark, sent_at

    def hand_over(self, subject: str, body: str, enclosures: Iterable[AttachBase]) -> None:
        """Write it as HTML and as the words of it, and give it to the mail server."""
        letter = self._letter(subject, body, enclosures)
        try:
            with self._line() as line:
                self._encrypt(line)
                line.ehlo_or_helo_if_needed()
                self._sign_in(line)
                self._give(line, letter)
        except smtplib.SMTPResponseException as refused:
            # Before the letter was begun: it says nothing of the letter, and somebody may mend it.
            why = f"the mail server does not speak with us (answer {refused.smtp_code})"
            raise NoticeUndeliverable(why, True) from None
        except (OSError, smtplib.SMTPException) as broken:
            raise unreachable(broken, self.socket_read_timeout) from None

    def _letter(self, subject: str, html: str, enclosures: Iterable[AttachBase]) -> bytes:
        """The letter as it goes over the line. Raises NoticeUndeliverable for a header that mail cannot carry."""
        words = convert_between(NotifyFormat.HTML, NotifyFormat.TEXT, html)
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
        """What stands above the letter. Raises ValueError for an address that is none, or more than one."""
        name, address = self.sender
        if parseaddr(self.to) != ("", self.to):
            raise ValueError(self.to)
        replies = {"Reply-To": ", ".join(self.server.reply_to)} if self.server.reply_to else {}
        return {
            "From": formataddr((name, address), "utf-8"),
            "To": formataddr(("", self.to)),
            "Subject": Header(subject, None if subject.isascii() else _UTF8, header_name="Subject").encode(),
            "Date": format_datetime(self.sent_at),
            "Message-ID": make_msgid(domain=address.rpartition("@")[2]),
            MARK: self.mark,
            **replies,
            **self.server.headers,
        }

    @contextmanager
    def _line(self) -> Iterator[smtplib.SMTP]:
        """A line to the server, closed at the end. What it says to our goodbye does not count: the letter is taken."""
        server, wait = self.server, self.socket_connect_timeout
        if server.mode == "ssl":
            context = CONTEXTS.for_server(server.host, server.port, server.verify)
            line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=wait, context=context)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=wait)
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

    def _give(self, line: smtplib.SMTP, letter: bytes) -> None:
        try:
            line.sendmail(self.sender[1], [self.to], letter)
        except smtplib.SMTPRecipientsRefused as refused:
            ((code, _),) = refused.recipients.values()
            raise mail_refused(code) from None
        except smtplib.SMTPResponseException as refused:
            raise mail_refused(refused.smtp_code) from None


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
