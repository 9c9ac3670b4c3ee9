"""
Mail servers and Teams endpoints as they are met: STARTTLS, TLS, a sign-in, silence, a strange certificate.

Each is a real server on this machine. What is trusted is said as one says it to any program: by the file of trusted
certificates in the environment.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from driver.mail_server import close

from flows.demo import post_catcher
from safeguarding.errors import NoticeUndeliverable
from tasks.post import mail, sending, teams
from tasks.post.letters import Letter
from tasks.post.sending import by_email, by_teams, greet_mail
from tasks.post.tls_contexts import KEPT_FOR, KeptContexts

LETTER = Letter("CSPR-2026-003 · Rapid review", "A meeting was held.", "<p>A meeting was held.</p>")
SENDER = ("Testshire Safeguarding Partnership", "reviews@testshire.example")
TO = "council@testshire.example"
NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)


class Office:
    """A mail server of one kind, and the letters that it took."""

    def __init__(self, *, at_once: bool = False, **kind: Any) -> None:
        self.taken: list[str] = []
        self.at_once, self.kind = at_once, kind
        self.port = 0

    async def handle_DATA(self, _: SMTP, __: Any, envelope: Any) -> str:
        """Take a letter."""
        self.taken += envelope.rcpt_tos
        return "250 OK"

    @contextmanager
    def open(self, certificate: ssl.SSLContext | None) -> Iterator[Office]:
        """Listen inside the `with`; with a certificate at once (TLS) or when asked for (STARTTLS)."""
        loop = asyncio.new_event_loop()
        later = None if self.at_once else certificate

        def speaks() -> SMTP:
            return SMTP(self, hostname="office.example", loop=loop, tls_context=later, **self.kind)

        async def listens() -> asyncio.Server:
            return await loop.create_server(speaks, "127.0.0.1", 0, ssl=certificate if self.at_once else None)

        server = loop.run_until_complete(listens())
        self.port = server.sockets[0].getsockname()[1]
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(close(server), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()


def signs_in(_: Any, __: Any, ___: Any, mechanism: str, given: Any) -> AuthResult:
    """One user with one password."""
    return AuthResult(success=(given.login, given.password) == (b"reviews", b"right"), handled=False)


@pytest.fixture(scope="module")
def certificate() -> ssl.SSLContext:
    """A certificate for 127.0.0.1, signed by nobody that the machine trusts."""
    return post_catcher._tls()


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins as a new process does: a port may be given out twice, with another certificate behind it."""
    monkeypatch.setattr(mail, "CONTEXTS", KeptContexts(mail.make_context))
    monkeypatch.setattr(teams, "CONTEXTS", KeptContexts(teams.make_context))


@pytest.fixture
def trusted(certificate: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine trusts it after all: its file of trusted certificates holds it."""
    with Office(at_once=True).open(certificate) as office:
        pem = ssl.get_server_certificate(("127.0.0.1", office.port))
    (tmp_path / "trusted.pem").write_text(pem)
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(name, os.fspath(tmp_path / "trusted.pem"))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ten seconds in a test."""
    monkeypatch.setattr(sending, "SECONDS", 1)


def sends(server: str) -> None:
    """One letter by this server."""
    by_email(server, SENDER, TO, LETTER, "1", NOW)


def refusal(send: Callable[[], object]) -> tuple[str, bool]:
    """Why it was not sent, and whether it is worth trying again."""
    with pytest.raises(NoticeUndeliverable) as fault:
        send()
    return fault.value.why, fault.value.retryable


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("mode", ["starttls", "ssl"])
def test_a_letter_leaves_over_a_line_that_nobody_reads(certificate: ssl.SSLContext, mode: str) -> None:
    """The server takes nothing before the line is encrypted; then it takes the letter."""
    kind = {"at_once": True} if mode == "ssl" else {"require_starttls": True}
    with Office(**kind).open(certificate) as office:  # type: ignore[arg-type]
        sends(f"mailtos://127.0.0.1:{office.port}?mode={mode}")
    assert [TO] == office.taken


@pytest.mark.usefixtures("trusted")
def test_a_server_that_wants_to_know_who_sends(certificate: ssl.SSLContext) -> None:
    """The right password: taken. A wrong one, and none: said in words, and tried again when somebody has mended it."""
    wants = {"authenticator": signs_in, "auth_required": True, "require_starttls": True}
    with Office(**wants).open(certificate) as office:
        server = f"127.0.0.1:{office.port}?mode=starttls"
        sends(f"mailtos://reviews:right@{server}")
        wrong = refusal(lambda: sends(f"mailtos://reviews:wrong@{server}"))
        nobody = refusal(lambda: sends(f"mailtos://{server}"))
    assert [TO] == office.taken
    assert ("the mail server did not accept our sign-in (answer 535)", True) == wrong
    assert ("the mail server did not accept our sign-in (answer 530)", True) == nobody


@pytest.mark.usefixtures("trusted")
def test_a_server_is_asked_as_before_a_letter_and_gets_none(certificate: ssl.SSLContext) -> None:
    """Encrypted and signed in; a wrong password; nobody signed in where it is wanted: as a letter would meet it."""
    wants = {"authenticator": signs_in, "auth_required": True, "require_starttls": True}
    with Office(**wants).open(certificate) as office:
        server = f"127.0.0.1:{office.port}?mode=starttls"
        assert (True, True) == greet_mail(f"mailtos://reviews:right@{server}", SENDER, NOW)
        wrong = refusal(lambda: greet_mail(f"mailtos://reviews:wrong@{server}", SENDER, NOW))
        nobody = refusal(lambda: greet_mail(f"mailtos://{server}", SENDER, NOW))
    assert ("the mail server did not accept our sign-in (answer 535)", True) == wrong
    assert ("the mail server did not accept our sign-in (answer 530)", True) == nobody
    assert [] == office.taken


@pytest.mark.parametrize("mode", ["starttls", "ssl"])
def test_a_mail_server_with_a_strange_certificate_hears_nothing(certificate: ssl.SSLContext, mode: str) -> None:
    """A man in the middle would have one too: no letter and no password goes to it, and it is tried again."""
    with Office(at_once=mode == "ssl").open(certificate) as office:
        found = refusal(lambda: sends(f"mailtos://reviews:right@127.0.0.1:{office.port}?mode={mode}"))
    assert ("the server's certificate could not be trusted", True) == found
    assert [] == office.taken


def test_a_server_without_encryption_is_not_sent_a_letter_in_the_open() -> None:
    """STARTTLS is wanted, and the server does not know the word: nothing is sent."""
    with Office().open(None) as office:
        found = refusal(lambda: sends(f"mailtos://127.0.0.1:{office.port}?mode=starttls"))
    assert ("the mail server offers no encryption, and its address asks for it", True) == found
    assert [] == office.taken


def test_a_server_that_lets_nobody_sign_in_is_named_so() -> None:
    """It was moved, and the new one takes letters from known machines only: the password is of no use to it."""
    with Office().open(None) as office:
        found = refusal(lambda: sends(f"mailto://reviews:right@127.0.0.1:{office.port}"))
    assert ("the mail server offers no sign-in that we can use", True) == found
    assert [] == office.taken


def test_an_address_that_checks_nothing_loosens_no_other(certificate: ssl.SSLContext) -> None:
    """Contexts are kept between letters: one with `verify=no` must not be that of an address that verifies."""
    with Office(at_once=True).open(certificate) as office:
        server = f"mailtos://127.0.0.1:{office.port}?mode=ssl"
        sends(f"{server}&verify=no")
        assert ("the server's certificate could not be trusted", True) == refusal(lambda: sends(server))
        sends(f"{server}&verify=no")
    assert [TO, TO] == office.taken


@pytest.mark.usefixtures("trusted")
def test_certificates_are_read_once_for_many_letters(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three letters to one server: read once. One that checks nothing, and another server: each has its own."""
    read: list[bool] = []

    def make(verify: bool) -> ssl.SSLContext:
        read.append(verify)
        return mail.make_context(verify)

    monkeypatch.setattr(mail, "CONTEXTS", KeptContexts(make))
    with Office(at_once=True).open(certificate) as office, Office().open(certificate) as other:
        server = f"mailtos://127.0.0.1:{office.port}?mode=ssl"
        for _ in range(3):
            sends(server)
        sends(f"{server}&verify=no")
        sends(f"mailtos://127.0.0.1:{other.port}?mode=starttls")
        sends(f"mailto://127.0.0.1:{other.port}")
    assert [TO] * 4 == office.taken and [TO] * 2 == other.taken
    assert [True, False, True] == read, "nothing is read for a line in the open"


def test_certificates_are_read_again_after_ten_minutes() -> None:
    """One was added to the machine: it counts without a restart."""
    now = 0.0
    kept = KeptContexts(mail.make_context, clock=lambda: now)
    first = kept.for_server("mail.example", 465, True)
    now = KEPT_FOR
    assert first is kept.for_server("mail.example", 465, True)
    now = KEPT_FOR + 1
    assert first is not kept.for_server("mail.example", 465, True)


# --------------------------------------------------------------------------- servers that fail


@contextmanager
def listening(answers: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that does with each caller what it is told; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    caller, _ = server.accept()
                except TimeoutError:
                    continue
                with caller:
                    answers(caller)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        over.set()
        thread.join(10)


def says_nothing(caller: socket.socket) -> None:
    """Hold the line and stay silent until the caller gives up."""
    caller.settimeout(5)
    while caller.recv(4096):
        pass


def hangs_up(caller: socket.socket) -> None:
    """Greet, and put the receiver down."""
    caller.sendall(b"220 office.example\r\n")
    caller.recv(100)


@pytest.mark.usefixtures("impatient")
def test_a_mail_server_that_stays_silent_is_not_waited_for_for_ever() -> None:
    """It takes the call and says nothing: given up in time, and tried again."""
    with listening(says_nothing) as port:
        found = refusal(lambda: sends(f"mailto://127.0.0.1:{port}?mode=insecure"))
    assert ("the server did not answer within 1 seconds", True) == found


def test_a_mail_server_that_hangs_up_in_the_middle_is_tried_again() -> None:
    """The line breaks after the greeting."""
    with listening(hangs_up) as port:
        assert ("the server could not be reached, or hung up", True) == refusal(
            lambda: sends(f"mailto://127.0.0.1:{port}?mode=insecure")
        )


def takes_a_letter(caller: socket.socket, at_the_end: bytes) -> None:
    """Take any letter, and answer the goodbye with this; with nothing: hang up."""
    with caller.makefile("rwb") as line:
        answer = b"220 office.example"
        while answer:
            line.write(answer + b"\r\n")
            line.flush()
            said = line.readline().upper()
            if said.startswith(b"DATA"):
                line.write(b"354 go on\r\n")
                line.flush()
                while line.readline() not in (b".\r\n", b""):
                    pass
            answer = at_the_end if said.startswith(b"QUIT") else b"250 fine" if said else b""


@pytest.mark.parametrize("goodbye", [b"554 what now", b"421 too late", b""], ids=["rude", "late", "hung up"])
def test_a_letter_that_was_taken_is_taken_whatever_is_said_at_the_goodbye(goodbye: bytes) -> None:
    """The server has the letter, and then is rude or gone: to send it again would tell somebody twice."""
    with listening(lambda caller: takes_a_letter(caller, goodbye)) as port:
        sends(f"mailto://127.0.0.1:{port}")


def wants_nobody(caller: socket.socket) -> None:
    """Refuse the call itself."""
    caller.sendall(b"554 not from your address\r\n")
    caller.recv(100)


def test_a_server_that_refuses_the_call_says_nothing_of_the_letter() -> None:
    """Our machine is on somebody's list: whoever keeps the server can mend that, so the letter is not given up."""
    with listening(wants_nobody) as port:
        found = refusal(lambda: sends(f"mailto://127.0.0.1:{port}"))
    assert ("the mail server does not speak with us (answer 554)", True) == found


def knows_no_greeting(caller: socket.socket) -> None:
    """Greet, and understand nothing."""
    caller.sendall(b"220 office.example\r\n")
    while caller.recv(100):
        caller.sendall(b"500 what\r\n")


def test_a_server_that_does_not_understand_our_greeting_says_nothing_of_the_letter() -> None:
    """Something else listens at the port: the address in the settings is wrong, and the letter is not."""
    with listening(knows_no_greeting) as port:
        found = refusal(lambda: sends(f"mailto://127.0.0.1:{port}"))
    assert ("the mail server does not speak with us (answer 500)", True) == found


@pytest.mark.usefixtures("impatient")
def test_a_teams_endpoint_that_stays_silent_is_not_waited_for_for_ever(catcher: Any) -> None:
    """It takes the card and does not answer within the time."""
    catcher.temper.slow = 2.0
    found = refusal(lambda: by_teams(catcher.teams_url("unit"), LETTER))
    assert ("the server did not answer within 1 seconds", True) == found


def test_a_teams_endpoint_that_is_gone_is_tried_again(catcher: Any) -> None:
    """Nobody listens at its port."""
    gone = catcher.teams_url("unit")
    catcher.stop()
    assert ("the server refused the connection", True) == refusal(lambda: by_teams(gone, LETTER))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 408, 425, 429, 500, 502, 503, 504])
def test_what_teams_answers_is_final_or_not(catcher: Any, status: int) -> None:
    """«Not like this» is final: the unit is told. «Not now» is tried again."""
    catcher.temper.teams_answers["unit"] = status
    why, again = refusal(lambda: by_teams(catcher.teams_url("unit"), LETTER))
    assert f"(answer {status})" in why
    assert again == (status >= 500 or status in (408, 425, 429))


@pytest.mark.parametrize("answer", ["421 closing", "450 busy", "451 greylisted", "452 full", "550 no", "552 large"])
def test_what_a_mail_server_answers_is_final_or_not(catcher: Any, answer: str) -> None:
    """Its own numbers say so: four hundred and something is «later», five hundred and something is «no»."""
    catcher.temper.mail_answers[TO] = answer
    why, again = refusal(lambda: sends(catcher.mail_url))
    assert f"(answer {answer[:3]})" in why
    assert again == answer.startswith("4")


@pytest.mark.usefixtures("trusted")
def test_a_card_goes_to_an_endpoint_with_a_trusted_certificate(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With the check on, as in real use: https, and taken."""
    monkeypatch.setattr(post_catcher, "_tls", lambda: certificate)
    with post_catcher.Catcher(tmp_path / "teams") as teams:
        by_teams(teams.teams_url("unit").replace("verify=no", "verify=yes"), LETTER)
        assert (0, 1) == teams.caught


# --------------------------------------------------------------------------- a web proxy between


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """The environment of a machine that reaches the web over a proxy only."""
    for name in ("no_proxy", "NO_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return lambda port: monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")


def test_a_card_leaves_over_the_web_proxy_of_the_machine(catcher: Any, proxied: Callable[[int], None]) -> None:
    """The proxy sees which server is meant and no more; the card arrives."""
    heard: list[bytes] = []

    def passes_on(caller: socket.socket) -> None:
        heard.append(caller.recv(4096))
        with socket.create_connection(("127.0.0.1", catcher.teams_port)) as inner:
            caller.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=_pour, args=(inner, caller))
            back.start()
            _pour(caller, inner)
            back.join(10)

    with listening(passes_on) as port:
        proxied(port)
        by_teams(catcher.teams_url("unit"), LETTER)
    assert (0, 1) == catcher.caught
    assert heard[0].startswith(b"CONNECT 127.0.0.1:") and b"no-secret-here" not in heard[0]


def _pour(one: socket.socket, other: socket.socket) -> None:
    """Hand on what the one says to the other, until it ends."""
    with suppress(OSError):
        while said := one.recv(4096):
            other.sendall(said)
        other.shutdown(socket.SHUT_WR)


def test_a_web_proxy_that_lets_nothing_out_is_named_so(catcher: Any, proxied: Callable[[int], None]) -> None:
    """It wants a sign-in of its own: not the workflow's fault, and tried again."""

    def refuses(caller: socket.socket) -> None:
        caller.recv(4096)
        caller.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    with listening(refuses) as port:
        proxied(port)
        found = refusal(lambda: by_teams(catcher.teams_url("unit"), LETTER))
    assert ("the web proxy of this machine did not let the card out", True) == found
    assert (0, 0) == catcher.caught
