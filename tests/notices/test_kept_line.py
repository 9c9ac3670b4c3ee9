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
        """How many letters it takes over one line before it has had enough."""
        self.enough_at, self.enough = "MAIL", "421 4.7.0 too many letters over this line"
        """To which command it says so, and how; with nothing to say it hangs up."""
        self.answers_the_letters_of: dict[str, str] = {}
        """What it says to a letter that it has taken, where that is not «250»."""
        self.hangs_up_after: set[str] = set()
        """Whose letters it takes, and then is gone before it says so."""
        self.refuses: dict[str, str] = {}
        """What it says to a reader, over whichever line."""
        self.asked: list[str] = []
        """Each reader that it was asked for."""
        self.port = 0
        self._over: Counter[Any] = Counter()

    @property
    def url(self) -> str:
        """Where it listens, as a secret says it."""
        return f"mailto://127.0.0.1:{self.port}?mode=insecure"

    def had_enough(self, server: SMTP, at: str) -> str | None:
        """What it says to this command over a line that had letters enough; None where it goes on."""
        if at != self.enough_at or self._over[server.session] < self.letters_a_line:
            return None
        if not self.enough:
            server.transport.abort()
        return self.enough

    async def handle_MAIL(self, server: SMTP, _: Any, envelope: Any, address: str, __: list[str]) -> str:
        """Begin a letter, or say that there were enough."""
        if (enough := self.had_enough(server, "MAIL")) is not None:
            return enough
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, _: Any, envelope: Any, address: str, __: list[str]) -> str:
        """Take a mailbox, or refuse it."""
        self.asked.append(address)
        if (enough := self.had_enough(server, "RCPT")) is not None:
            return enough
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        """Take a letter; perhaps refuse it after its last line, or hang up."""
        if (enough := self.had_enough(server, "the last line")) is not None:
            return enough
        self.taken += envelope.rcpt_tos
        self._over[session] += 1
        if self.hangs_up_after & {*envelope.rcpt_tos}:
            server.transport.abort()
        return self.answers_the_letters_of.get(envelope.rcpt_tos[0], "250 OK")


class Counting(SMTP):
    """The same server, which counts its lines."""

    def connection_made(self, transport: Any) -> None:
        """One more."""
        self.event_handler.lines += 1
        super().connection_made(transport)

    async def smtp_DATA(self, arg: str) -> None:
        """Ask for the letter, or say that there were enough."""
        enough = self.event_handler.had_enough(self, "DATA")
        if enough is None:
            await super().smtp_DATA(arg)
        elif enough:
            await self.push(enough)


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


@pytest.mark.parametrize("enough", ["550 5.7.1 enough", "503 enough", "452 4.5.3 enough", "421 enough", ""])
@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "the last line"])
def test_what_is_refused_over_a_used_line_is_asked_again_over_a_new_one(
    office: Office, line: KeptLine, at: str, enough: str
) -> None:
    """
    A server takes one letter a line and then says any number, or hangs up, at any command: each letter is taken, once.
    Only where it hangs up after the last line of a letter nobody can know whether it has it: that one is put off.
    """
    office.letters_a_line, office.enough_at, office.enough = 1, at, enough
    first, second, third = people(3)
    sends(office, first, line)
    if at == "the last line" and not enough:
        with pytest.raises(NoticeUndeliverable, match="hung up") as gone:
            sends(office, second, line)
        assert (True, [first], 1) == (gone.value.retryable, office.taken, office.lines)
        return
    sends(office, second, line)
    sends(office, third, line)
    assert ([first, second, third], 3) == (office.taken, office.lines)


@pytest.mark.parametrize("old", ["550 5.7.1 enough", "452 4.5.3 enough"])
@pytest.mark.parametrize("new", ["551 5.1.1 no such mailbox", "451 4.7.1 later"])
def test_what_the_server_says_over_the_new_line_is_what_counts(
    office: Office, line: KeptLine, old: str, new: str
) -> None:
    """It refuses the second reader over both lines, each time otherwise: the new line decides, and is asked once."""
    office.letters_a_line, office.enough_at, office.enough = 1, "RCPT", old
    first, second = people(2)
    office.refuses = {second: new}
    sends(office, first, line)
    with pytest.raises(NoticeUndeliverable, match=new[:3]) as refused:
        sends(office, second, line)
    assert new.startswith("4") == refused.value.retryable
    assert ([first, second, second], [first], 2) == (office.asked, office.taken, office.lines)


@pytest.mark.parametrize("answer", ["252 perhaps", "what now"])
def test_a_letter_that_the_server_may_have_is_not_given_to_it_again(
    office: Office, line: KeptLine, answer: str
) -> None:
    """What it says after the last line of the second letter is neither yes nor no: it is put off, and given once."""
    first, second = people(2)
    office.answers_the_letters_of = {second: answer}
    sends(office, first, line)
    with pytest.raises(NoticeUndeliverable) as unclear:
        sends(office, second, line)
    assert (True, [first, second], 1) == (unclear.value.retryable, office.taken, office.lines)


def test_letters_are_counted_for_each_line(office: Office, line: KeptLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most four a line. After two letters a reader is refused and the line closed: the next carries four again."""
    monkeypatch.setattr(kept_line, "LETTERS", 4)
    readers = people(7)
    office.refuses = {readers[2]: "550 5.1.1 no such mailbox"}
    for to in readers[:2]:
        sends(office, to, line)
    with pytest.raises(NoticeUndeliverable, match="550"):
        sends(office, readers[2], line)
    for to in readers[3:]:
        sends(office, to, line)
    assert ([to for to in readers if to != readers[2]], 3) == (office.taken, office.lines)


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
    office.refuses = {readers[2]: "550 5.1.1 no such mailbox"}
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
