"""
Letters, as a service of Apprise: one letter to one person, and what the mail server said to it.

A letter is HTML and the same in plain words, with a file for a diary where it sets a date.
"""

from __future__ import annotations

import re
import secrets
import smtplib
import ssl
import string
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.errors import MessageError
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import Compat32
from email.utils import format_datetime, make_msgid
from functools import lru_cache
from typing import Any

from apprise import AttachBase, NotifyFormat
from apprise.conversion import convert_between

from safeguarding.errors import NoticeUndeliverable
from safeguarding.mailbox import read_mailbox
from tasks.post.addresses import MailServer
from tasks.post.faults import mail_refused, not_signed_in, sender_refused, setting_wrong, unreachable
from tasks.post.kept_line import KeptLine, hang_up
from tasks.post.plain_markdown import for_plain_words
from tasks.post.service import Service
from tasks.post.smtp_line import MARK, MailLine, TlsMailLine, taken_for_another
from tasks.post.tls_contexts import KeptContexts

TAKEN, FORWARDED = 250, 251
"""What a mail server answers to an address that it takes, and to one whose letters go on to another (RFC 5321, 3.4)."""
LONGEST_PLAIN = 50
"""Letters of a name that fit into the first line of a header as they are."""


class _AsSent(Compat32):
    """
    The library's older classes: the newer ones read every header that they write, and take three times as long.

    A header that fits into its lines as it is goes as it is; any other is folded by the library.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The header as it goes over the line."""
        if isinstance(value, str) and _PLAIN.fullmatch(whole := f"{name}: {value}"):
            lines = whole.split("\n")
            if all(len(line) <= LONGEST_LINE for line in lines):
                return self.linesep.join([*lines, ""]).encode("ascii")
        folded: bytes = super().fold_binary(name, value)
        return folded


LONGEST_LINE = 78
"""Letters of a line of a header (RFC 5322, 2.1.1)."""
_PLAIN = re.compile(r"[!-~]+(?:\n? [!-~]+)*")
"""Words divided by one space each, over one line or several."""
_AS_SENT = _AsSent(linesep="\r\n")
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
    where no letter is meant and the server is only asked. `lines` keeps the line for the letters that follow.

    Raises NoticeUndeliverable where the reader's address, or the sender's, is not that of one mailbox.
    """

    service_name = "Letters"
    secure_protocol = "safeguardingmail"
    notify_format = NotifyFormat.HTML
    attachment_support = True

    def __init__(
        self,
        server: MailServer,
        sender: tuple[str, str],
        to: str | None,
        mark: str,
        sent_at: datetime,
        lines: KeptLine | None = None,
        **how: Any,
    ) -> None:
        super().__init__(**how)
        self.lines = lines or KeptLine()
        self.server = server
        self.sender, self.to = _ours(*sender), "" if to is None else _theirs(to)
        self.mark, self.sent_at = mark, sent_at

    def hand_over(self, subject: str, body: str, enclosures: Iterable[AttachBase]) -> None:
        """Write it as HTML and as the words of it, and give it to the mail server."""
        if not self.to:
            raise NoticeUndeliverable("nobody is named whom the letter is for", False)
        letter = self._letter(subject, body, enclosures)
        if not self._taken_over_kept(letter):
            with self._begun(len(letter)) as line:
                self._give(line, letter)

    def greet(self) -> tuple[bool, bool]:
        """
        Ask the server whether it takes letters of this sender, and give it none.

        Whether the line is encrypted, and whether we signed in. Raises NoticeUndeliverable, in words.
        """
        with self._begun(0) as line:
            line.rset()
            return isinstance(line.sock, ssl.SSLSocket), bool(self.server.user and self.server.password)

    def _taken_over_kept(self, letter: bytes) -> bool:
        """
        Whether the letter was taken over the line of the letter before. False where there is none, and where the server
        refused it over that line, or hung up before it saw the letter: it may only have had letters enough over this
        line, whatever number it says that with. What it says over a new line is what counts.

        Raises NoticeUndeliverable where the server may have the letter: it is not given to it again at once.
        """
        line = self.lines.taken(self.server)
        if line is None:
            return False
        line.tell_anew()
        try:
            with self._begun(len(letter), line):
                self._give(line, letter)
        except NoticeUndeliverable:
            if line.may_have_it:
                raise
            return False
        return True

    @contextmanager
    def _begun(self, size: int, line: MailLine | None = None) -> Iterator[MailLine]:
        """
        A line over which a letter of so many bytes is begun, this one or a new one: kept on once the letter was taken,
        and closed where anything went wrong. What breaks on it becomes NoticeUndeliverable.
        """
        try:
            if line is None:
                line = self._line()
                self._encrypt(line)
                line.ehlo_or_helo_if_needed()
                self._sign_in(line)
            self._begin(line, size)
            yield line
            self.lines.keep(self.server, line)
            line = None
        except smtplib.SMTPResponseException as refused:
            # Before the letter was begun: it says nothing of the letter, and somebody may mend it.
            why = f"the mail server does not speak with us (answer {refused.smtp_code})"
            raise NoticeUndeliverable(why, True) from None
        except (OSError, smtplib.SMTPException) as broken:
            raise unreachable(broken, self.socket_read_timeout) from None
        finally:
            if line is not None:
                hang_up(line)

    def _letter(self, subject: str, html: str, enclosures: Iterable[AttachBase]) -> bytes:
        """The letter as it goes over the line. Raises NoticeUndeliverable for a header that mail cannot carry."""
        letter = MIMEMultipart("alternative", _boundary(), _both_forms(html))
        if files := [_file(enclosure) for enclosure in enclosures]:
            letter = MIMEMultipart("mixed", _boundary(), [letter, *files])
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
            "Subject": _subject(subject),
            "Date": format_datetime(self.sent_at),
            "Message-ID": make_msgid(domain=address.rpartition("@")[2]),
            MARK: self.mark,
            **replies,
            **self.server.headers,
        }

    def _line(self) -> MailLine:
        """A new line to the server, on which it has greeted us."""
        server, wait = self.server, self.socket_connect_timeout
        if server.mode == "ssl":
            context = CONTEXTS.for_server(server.host, server.port, server.verify)
            return TlsMailLine(server.host, server.port, timeout=wait, context=context)
        return MailLine(server.host, server.port, timeout=wait)

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
        Give a letter that is begun to the one mailbox it is for, or to nobody.

        The server is asked for the mailbox before it sees a word of the letter; only when what it was really told is
        exactly that address, and its answer speaks of no other, does the letter follow.
        """
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


@lru_cache(maxsize=64)
def _subject(words: str) -> str:
    """A subject as a header has it. Kept, since several hear the same."""
    if words.isascii():
        return Header(words, header_name="Subject").encode()
    coded, left = [""], LONGEST_LINE - len("Subject: ") - len(_CODED.format(""))
    for sign in words:  # RFC 2047 (5, rule 3): no sign is divided between two words in code.
        spelt = _IN_CODE.get(sign) or "".join(f"={byte:02X}" for byte in sign.encode())
        if len(coded[-1]) + len(spelt) > left:
            coded.append("")
            left = LONGEST_CODED - len(_CODED.format(""))
        coded[-1] += spelt
    return "\n ".join(_CODED.format(one) for one in coded)


_CODED = "=?utf-8?q?{}?="
_IN_CODE = {sign: sign for sign in string.ascii_letters + string.digits + "!*+-/"} | {" ": "_"}
LONGEST_CODED = 75
"""Signs of a word in code (RFC 2047, 2)."""


def _boundary() -> str:
    """What divides the parts of a letter: what is quoted-printable or base64 never holds it, so nothing is searched."""
    return f"=_{secrets.token_hex(16)}"


@lru_cache(maxsize=16)
def _both_forms(html: str) -> tuple[MIMENonMultipart, MIMENonMultipart]:
    """The letter in plain words, and as HTML. Kept, since several hear the same; nothing changes a part once made."""
    words = convert_between(NotifyFormat.HTML, NotifyFormat.TEXT, for_plain_words(html))
    return _text("plain", words), _text("html", html)


def _text(kind: str, words: str) -> MIMENonMultipart:
    """The letter in one of its two forms: lines of seventy-six signs, which every server takes."""
    part = MIMENonMultipart("text", kind, charset="utf-8")
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(_UTF8.body_encode(words))
    return part


def _file(enclosure: AttachBase) -> MIMEBase:
    """A file of a letter, byte by byte: the line ends of a calendar are part of it."""
    part = MIMEBase(*enclosure.mimetype.split("/"), charset="utf-8")
    with enclosure.open() as file:
        part.set_payload(file.read())
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=enclosure.name)
    return part
