"""
An address is one address from the partnership's file to the envelope: refused by the check, or exactly the mailbox that
the mail server is told.
"""

from __future__ import annotations

import email
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from driver.mail_server import listening
from driver.tries import tries
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from safeguarding.as_typed import with_straight_apostrophes
from safeguarding.errors import NoticeUndeliverable
from safeguarding.law.partnership import SharedMailbox
from safeguarding.law.person import Person
from safeguarding.mailbox import read_mailbox
from tasks.post.letters import Letter
from tasks.post.sending import by_email
from tasks.post.smtp_line import MailLine, taken_for_another

LETTER = Letter("CSPR-2026-003 · Rapid review", "A meeting was held.", "<p>A meeting was held.</p>")
SENDER = ("Testshire Safeguarding Partnership", "reviews@testshire.example")
TO = "sian.o'brien@council.example"
NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)


class Office:
    """A mail server that notes the line in which it was told of each recipient, as it came, and keeps each letter."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.letters: list[tuple[list[str], bytes]] = []
        self.sender_answer = "250 OK"
        self.recipient_answer = "250 OK"

    async def handle_MAIL(self, _: SMTP, __: Any, envelope: Any, address: str, ___: list[str]) -> str:
        """Take the sender, or say what it is told to say."""
        envelope.mail_from = address
        return self.sender_answer

    async def handle_RCPT(self, _: SMTP, __: Any, envelope: Any, address: str, ___: list[str]) -> str:
        """Take the recipient, or say what it is told to say."""
        envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, _: SMTP, __: Any, envelope: Any) -> str:
        """Keep the letter."""
        self.letters.append((list(envelope.rcpt_tos), bytes(envelope.content)))
        return "250 OK"

    @property
    def url(self) -> str:
        """Where it listens, as a secret says it."""
        return f"mailto://127.0.0.1:{self.port}?mode=insecure"

    port = 0


class Hearing(SMTP):
    """The same server, noting what it hears before it reads it."""

    async def smtp_RCPT(self, arg: str) -> None:
        """Note the recipient as it came over the line; one Python's library writes «to:», another «TO:»."""
        self.event_handler.told.append(arg[:3].upper() + arg[3:])
        await super().smtp_RCPT(arg)


@pytest.fixture(scope="module")
def one_office() -> Iterator[Office]:
    """A mail server for all tests of this file."""
    office = Office()
    with listening(lambda loop: Hearing(office, hostname="office.example", loop=loop)) as office.port:
        yield office


@pytest.fixture
def office(one_office: Office) -> Office:
    """The mail server with nothing in it yet, taking everything."""
    one_office.told.clear()
    one_office.letters.clear()
    one_office.sender_answer = one_office.recipient_answer = "250 OK"
    return one_office


def sends(office: Office, to: str = TO, sender: tuple[str, str] = SENDER) -> None:
    """One letter."""
    by_email(office.url, sender, to, LETTER, "1", NOW)


def refusal(send: Callable[[], None]) -> NoticeUndeliverable:
    """Why it was not sent."""
    with pytest.raises(NoticeUndeliverable) as fault:
        send()
    return fault.value


def of_the_file(address: Any) -> str | None:
    """The address of a person as the partnership's file is read. Raises ValidationError where it is refused."""
    return Person(id="somebody", name="Somebody", email=address, roles=("learning_group",)).email


# --------------------------------------------------------------------------- from the file to the envelope


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("sian.o'brien@police.example", "sian.o'brien@police.example"),
        ("alex+sar@council.example", "alex+sar@council.example"),
        ("Alex.Example@Council.EXAMPLE", "Alex.Example@council.example"),
        (" alex@council.example\u00a0", "alex@council.example"),
        ("a!#$%&'*+-/=^_`{|}~b@council.example", "a!#$%&'*+-/=^_`{|}~b@council.example"),
        ("alex%40home@council.example", "alex%40home@council.example"),
        ("alex@bücher.example", "alex@xn--bcher-kva.example"),
        ("alex@BÜCHER.example", "alex@xn--bcher-kva.example"),
        ("alex@xn--bcher-kva.example", "alex@xn--bcher-kva.example"),
        ("alex@council.local", "alex@council.local"),
        ("sian.o\u2019brien@police.example", "sian.o'brien@police.example"),
        ("alex@\u043f\u0440\u0438\u043c\u0435\u0440.example", "alex@xn--e1afmkfd.example"),
    ],
)
def test_the_server_is_told_the_address_of_the_file(office: Office, written: str, told: str) -> None:
    """O'Brien, also with Word's apostrophe, a plus sign, capitals, a pasted space, an umlaut in the server's name."""
    address = of_the_file(written)
    assert told == address == SharedMailbox(role="business_unit", email=written).email
    sends(office, told)
    assert [f"TO:<{told}>"] == office.told
    assert [[told]] == [to for to, _ in office.letters]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("alex", "it has no @"),
        ("", "is empty"),
        ("   ", "is empty"),
        ("@council.example", "nothing stands before the @"),
        ("alex@", "nothing stands after the @"),
        ("alex@council", "should have a period"),
        ("alex@council..example", "two periods in a row"),
        ("alex@one.example, billie@two.example", "holds more than one address"),
        ("alex@one.example;billie@two.example", "holds more than one address"),
        ("alex@one.example billie@two.example", "holds more than one address"),
        ("alex,billie@one.example", "invalid characters before the @"),
        ("alex example@one.example", "it has a space in it"),
        ("Alex Example <alex@one.example>", "a name and angle brackets"),
        ("<alex@one.example>", "a name and angle brackets"),
        ("alex@one.example (mobile)", "a remark in brackets"),
        ('"alex example"@one.example', "quotation marks"),
        ("'alex@one.example'", "keeps the quotation marks of another program"),
        ("mailto:alex@one.example", "begins with 'mailto:'"),
        ("alex@[127.0.0.1]", "bracketed IP address"),
        ("alex@one.example\r\nRCPT TO:<billie@two.example>", "a sign that cannot be seen"),
        ("alex@one.ex\u200bample", "a sign that cannot be seen (zero width space)"),
        ("al\u00adex@one.example", "a sign that cannot be seen (soft hyphen)"),
        ("alex@one.example\u202e", "a sign that cannot be seen (right-to-left override)"),
        ("\uff41lex@one.example", "before the @ it has a letter that mail servers do not take"),
        ("alex@\uff4fne.example", "letters of another kind"),
        ("siân@one.example", "before the @ it has a letter that mail servers do not take"),
        (f"{'a' * 65}@one.example", "too long"),
        ("alex@\u043ene.example", "Cyrillic letters stand among Latin ones that look the same"),
        ("alex@one.ex\u03b1mple", "Greek letters stand among Latin ones"),
        ("*@one.example", "neither a letter nor a figure"),
        ("--@one.example", "neither a letter nor a figure"),
        ("\u2018alex\u2019@one.example", "keeps the quotation marks of another program"),
        ("alex\u2019@one.example", "before the @ it has a letter that mail servers do not take"),
    ],
)
def test_what_is_not_one_address_is_refused_by_the_check(office: Office, written: str, why: str) -> None:
    """A list, a name around it, quotes, what Word pasted, a command: refused in words, and nothing sent."""
    for read in (of_the_file, lambda one: SharedMailbox(role="business_unit", email=one)):
        with pytest.raises(ValidationError) as refused:
            read(written)
        (fault,) = refused.value.errors()
        assert ("email",) == fault["loc"] and why in fault["msg"]
    last = refusal(lambda: sends(office, written))
    assert not last.retryable and ([], []) == (office.told, office.letters)
    assert "one.example" not in last.why, "why is shown and kept: it says nothing of the address"


_SIGNS = st.sampled_from("ab1.o'-+_%=!,;:<>()[]\"\\@ \t\r\n\x00\u00a0\u00ad\u200b\u202eé\uff20ß")
_NEARLY = st.builds(
    lambda before, after: f"{before}@{after}",
    st.text(_SIGNS, max_size=12),
    st.one_of(st.just("one.example"), st.text(_SIGNS, max_size=12), st.just("bücher.example")),
)
_TWO = st.builds(lambda one, sign, other: f"{one}{sign}{other}", st.emails(), st.text(_SIGNS, max_size=2), st.emails())


@tries(150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.emails(), _NEARLY, _TWO, st.text(max_size=40)))
@example("o'brien@one.example")
@example("sian o'brien@one.example")
@example("a@one.example>,<b@two.example")
def test_any_text_is_refused_or_is_the_mailbox_that_has_the_letter(office: Office, text: str) -> None:
    """Whatever stands in the file: either the check refuses it, or that one mailbox has the one letter."""
    office.told.clear()
    office.letters.clear()
    try:
        address = of_the_file(text)
    except ValidationError:
        with pytest.raises(NoticeUndeliverable):
            sends(office, text)
        assert ([], []) == (office.told, office.letters)
        return
    assert address is not None
    before, _, server = text.strip().rpartition("@")
    kept = with_straight_apostrophes(before)
    assert kept == address.rpartition("@")[0], "what stands before the @ is changed in Word's apostrophe alone"
    assert server.lower().encode("idna").decode() == address.rpartition("@")[2] or not server.isascii()
    assert address == read_mailbox(address), "read again it is the same"
    sends(office, address)
    assert [f"TO:<{address}>"] == office.told
    ((to, raw),) = office.letters
    (reader,) = email.message_from_bytes(raw, policy=policy.default)["To"].addresses
    assert [address] == to and address == reader.addr_spec


# --------------------------------------------------------------------------- what the server says of it


def test_a_server_that_passes_letters_on_has_not_taken_it_for_this_mailbox(office: Office) -> None:
    """251: somebody has moved, and the server would send it to where nobody chose to. It is given no letter."""
    office.recipient_answer = "251 2.1.5 User not local; will forward to <billie@two.example>"
    found = refusal(lambda: sends(office))
    assert ("the mail server took the address for another (answer 251)", False) == (found.why, found.retryable)
    assert [] == office.letters


@pytest.mark.parametrize("answer", ["250 2.1.5 <brien@council.example>... Recipient ok", "250 to <a@b.example>"])
def test_a_server_that_speaks_of_another_mailbox_is_given_no_letter(office: Office, answer: str) -> None:
    """It says «yes», and names somebody else: not delivered, for good, and the reason names nobody."""
    office.recipient_answer = answer
    found = refusal(lambda: sends(office))
    assert ("the mail server took the address for another (answer 250)", False) == (found.why, found.retryable)
    assert [] == office.letters


@pytest.mark.parametrize(
    "answer",
    ["250 OK", "250 2.1.5 Recipient OK", f"250 2.1.5 <{TO}>... Recipient ok", f"250 <{TO.upper()}> fine", "250 <id.9>"],
)
def test_a_server_that_says_yes_in_its_own_words_is_given_the_letter(office: Office, answer: str) -> None:
    """With the address, with none, in capitals, with a number of its own: taken."""
    office.recipient_answer = answer
    sends(office)
    assert [[TO]] == [to for to, _ in office.letters]
    assert not taken_for_another(TO, answer.encode())


def test_a_library_that_would_tell_another_address_is_caught_before_the_letter(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new version of the library splits at the apostrophe: the line says so, and the letter stays here."""
    monkeypatch.setattr(MailLine, "rcpt", lambda line, _: line.docmd("rcpt", "TO:<brien@council.example>"))
    found = refusal(lambda: sends(office))
    assert "told another address than the file has" in found.why and not found.retryable
    assert (["TO:<brien@council.example>"], []) == (office.told, office.letters)


def test_a_library_that_tells_past_the_line_s_back_is_no_proof(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was seen of what the server was told: that is not the same as told right, and no letter follows."""

    def unseen(line: Any, to: str) -> Any:
        line.send(f"rcpt TO:<{to}>\r\n")
        return line.getreply()

    monkeypatch.setattr(MailLine, "rcpt", unseen)
    assert "told another address than the file has" in refusal(lambda: sends(office)).why
    assert [] == office.letters


# --------------------------------------------------------------------------- the sender


def test_a_sender_that_the_server_does_not_take_waits_until_it_is_mended(office: Office) -> None:
    """«Not from this address» is about our setting and not about any letter: none is given up."""
    office.sender_answer = "550 5.7.60 not your address"
    found = refusal(lambda: sends(office))
    assert "the mail server takes no letters from our sender (answer 550)" == found.why
    assert found.to_mend and [] == office.letters


@pytest.mark.parametrize("answer", ["451 later", "552 too large"])
def test_what_a_server_says_at_the_sender_may_be_about_the_letter(office: Office, answer: str) -> None:
    """«Later», and «too large for me» (by the size that it was told): neither is a fault of the setting."""
    office.sender_answer = answer
    found = refusal(lambda: sends(office))
    assert (answer.startswith("4"), False) == (found.retryable, found.to_mend)


@pytest.mark.parametrize("address", ["reviews", "a@b.example, c@d.example", "Reviews <a@b.example>", ""])
def test_a_sender_that_is_no_address_waits_until_it_is_mended(office: Office, address: str) -> None:
    """A slip in the settings loses no letter."""
    found = refusal(lambda: sends(office, sender=("Unit", address)))
    assert found.why.startswith("the address that letters come from") and found.to_mend
    assert ([], []) == (office.told, office.letters)


def _read(header: str) -> tuple[str, str]:
    """
    The name and the address of a header as RFC 2047 has them read.

    Not by the parser of the newest policy, which puts a space between the two halves of a long name in code.
    """
    name, address = parseaddr("".join(header.splitlines()))
    return str(make_header(decode_header(name))), address


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien & Sons",
        'The "Unit", Testshire',
        "Unit, Safeguarding; Reviews <all>",
        'a\\b \\"c\\"',
        "Партнёрство Защиты",
        "Ünit, «Prüfung» and a name that is too long for one line of any header, as the names of partnerships are",
        "A partnership of the council, the police and the board of Testshire, Exampleshire and Elsewhere",
        "=?utf-8?q?Somebody_else?=",
        "a@b.example",
        "(comment)",
        "漢字",
    ],
)
def test_the_name_of_the_sender_arrives_as_it_is(office: Office, name: str) -> None:
    """Quotes, commas, an apostrophe, another script, what looks like code: read as written, beside the address."""
    sends(office, sender=(name, SENDER[1]))
    ((to, raw),) = office.letters
    assert [TO] == to
    assert (name, SENDER[1]) == _read(email.message_from_bytes(raw, policy=policy.compat32)["From"])
    head = raw.partition(b"\r\n\r\n")[0]
    assert head.isascii() and [] == [line for line in head.split(b"\r\n") if len(line) > 120]


@pytest.mark.parametrize("name", ["Unit\r\nBcc: x@y.example", "Unit\nX: y", "Unit\x00"])
def test_the_name_of_the_sender_begins_no_header_of_its_own(office: Office, name: str) -> None:
    """A line end in the settings: no letter leaves, and none is given up."""
    assert refusal(lambda: sends(office, sender=(name, SENDER[1]))).to_mend
    assert ([], []) == (office.told, office.letters)
