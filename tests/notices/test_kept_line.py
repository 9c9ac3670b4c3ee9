"""
The line to a mail server, kept from one letter to the next: quicker, and no letter comes twice, is lost or goes astray.

The server is a real one on this machine that counts its lines, and may be told to hang up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from driver.mail_server import listening
from driver.tries import tries
from hypothesis import given
from hypothesis import strategies as st

from safeguarding.errors import NoticeUndeliverable
from tasks.post import kept_line
from tasks.post.addresses import read_mail_server
from tasks.post.kept_line import KeptLine
from tasks.post.letters import Letter
from tasks.post.mail import LONGEST_LINE, _subject
from tasks.post.sending import by_email

LETTER = Letter("CSPR-2026-003 · Rapid review", "A meeting was held.", "<p>A meeting was held.</p>")
SENDER = ("Testshire Safeguarding Partnership", "reviews@testshire.example")
NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)


class Office:
    """A mail server that counts lines and letters."""

    def __init__(self) -> None:
        self.lines = 0
        self.taken: list[str] = []
        self.letters_a_line = 1000
        """How many letters it begins over one line before it answers that it has had enough."""
        self.hangs_up_after: set[str] = set()
        """Whose letters it takes, and then is gone before it says so."""
        self.refuses: set[str] = set()
        self.port = 0
        self._begun: Counter[Any] = Counter()

    @property
    def url(self) -> str:
        """Where it listens, as a secret says it."""
        return f"mailto://127.0.0.1:{self.port}?mode=insecure"

    async def handle_MAIL(self, _: SMTP, session: Any, envelope: Any, address: str, ___: list[str]) -> str:
        """Begin a letter, or say that there were enough."""
        self._begun[session] += 1
        if self._begun[session] > self.letters_a_line:
            return "421 4.7.0 too many letters over this line"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _: SMTP, __: Any, envelope: Any, address: str, ___: list[str]) -> str:
        """Take a mailbox, or refuse it."""
        if address in self.refuses:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, __: Any, envelope: Any) -> str:
        """Take a letter; perhaps hang up."""
        self.taken += envelope.rcpt_tos
        if self.hangs_up_after & {*envelope.rcpt_tos}:
            server.transport.abort()
        return "250 OK"


class Counting(SMTP):
    """The same server, which counts its lines."""

    def connection_made(self, transport: Any) -> None:
        """One more."""
        self.event_handler.lines += 1
        super().connection_made(transport)


@pytest.fixture
def office() -> Iterator[Office]:
    """The mail server."""
    made = Office()
    with listening(lambda loop: Counting(made, hostname="office.example", loop=loop)) as made.port:
        yield made


@pytest.fixture
def line() -> Iterator[KeptLine]:
    """The line of one sender."""
    with KeptLine() as kept:
        yield kept


def people(number: int) -> list[str]:
    """So many readers."""
    return [f"reader{one}@testshire.example" for one in range(number)]


def sends(office: Office, to: str, line: KeptLine) -> None:
    """One letter over the line that is kept, or a new one."""
    by_email(office.url, SENDER, to, LETTER, "1", NOW, None, line)


def test_many_letters_go_over_one_line(office: Office, line: KeptLine) -> None:
    """Ten letters, one line, each to its own reader; without a line to keep, each has one of its own."""
    for to in people(10):
        sends(office, to, line)
    assert (people(10), 1) == (office.taken, office.lines)
    by_email(office.url, SENDER, "last@testshire.example", LETTER, "1", NOW)
    by_email(office.url, SENDER, "last@testshire.example", LETTER, "2", NOW)
    assert 3 == office.lines


def test_a_server_that_begins_no_further_letter_is_called_again(office: Office, line: KeptLine) -> None:
    """It answers 421 after three letters of a line: the fourth goes over a new one, and nobody hears twice."""
    office.letters_a_line = 3
    for to in people(7):
        sends(office, to, line)
    assert (people(7), 3) == (office.taken, office.lines)


def test_after_a_hundred_letters_the_line_is_a_new_one(
    office: Office, line: KeptLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here after four; and one that lay idle for long is not tried."""
    monkeypatch.setattr(kept_line, "LETTERS", 4)
    for to in people(9):
        sends(office, to, line)
    assert (people(9), 3) == (office.taken, office.lines)
    monkeypatch.setattr(kept_line, "IDLE", -1.0)
    sends(office, people(1)[0], line)
    assert 4 == office.lines


def test_a_letter_after_which_the_server_is_gone_is_not_given_to_it_again(office: Office, line: KeptLine) -> None:
    """
    The server takes the second letter whole and hangs up before it says so: whether it has it nobody can know, so the
    sender hears that it is to be tried later, and no second copy leaves by itself. The third is not hindered.
    """
    first, second, third = people(3)
    office.hangs_up_after = {second}
    sends(office, first, line)
    with pytest.raises(NoticeUndeliverable) as gone:
        sends(office, second, line)
    assert gone.value.retryable
    sends(office, third, line)
    assert ([first, second, third], 2) == (office.taken, office.lines)


def test_a_refused_reader_costs_nobody_else_a_letter(office: Office, line: KeptLine) -> None:
    """Of five readers one has no mailbox: the letters before and after are taken, each by whom it is for."""
    readers = people(5)
    office.refuses = {readers[2]}
    for to in readers:
        if to in office.refuses:
            with pytest.raises(NoticeUndeliverable, match="refused the address"):
                sends(office, to, line)
        else:
            sends(office, to, line)
    assert [to for to in readers if to != readers[2]] == office.taken


def test_a_line_to_one_server_is_no_line_to_another(office: Office, line: KeptLine) -> None:
    """The same place with another sign-in is another server: its line is not handed out, and is closed."""
    sends(office, people(1)[0], line)
    server = read_mail_server(office.url)
    assert line.taken(replace(server, user="somebody", password="else")) is None
    assert line.taken(server) is None


@given(st.text(st.characters(min_codepoint=32, exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=250))
@tries(200)
def test_a_subject_is_read_as_it_was_written(words: str) -> None:
    """Whatever its signs: in lines that mail carries, no word in code too long, and no sign divided between two."""
    if words.isascii():
        words += "·"
    coded = _subject(words)
    assert coded.isascii()
    assert all(len(one) <= LONGEST_LINE for one in f"Subject: {coded}".split("\n"))
    assert words == str(make_header(decode_header(coded)))
