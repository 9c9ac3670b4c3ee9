"""The addresses of the settings: what Apprise's own services would make of them, and what is refused in words."""

from __future__ import annotations

import json
import threading
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import apprise
import pytest

from flows.demo import post_catcher
from safeguarding.errors import NoticeUndeliverable
from tasks.post import sending
from tasks.post.addresses import read_mail_server, read_workflow
from tasks.post.letters import Letter
from tasks.post.sending import by_teams

LETTER = Letter(
    "CSPR-2026-003 · Rapid review",
    "**A meeting was held.** The next is on 4 December.\n\n- read it\n- sign it\n\n[Open the card](https://cards.example/1)",
    "<p>A meeting was held.</p>",
)


@pytest.mark.parametrize(
    "address",
    [
        "mailto://127.0.0.1:2525?mode=insecure",
        "mailto://mail.example.org",
        "mailtos://mail.example.org",
        "mailtos://reviews:secret@mail.example.org",
        "mailtos://reviews:p%40ss%3Aword%2F@mail.example.org:2587",
        "mailtos://reviews%40example.org:secret@smtp.example.org?mode=ssl",
        "mailtos://reviews:secret@example.org?smtp=smtp.example.org&mode=ssl&port=4650",
        "mailtos://example.org?user=reviews@example.org&pass=secret&smtp=smtp.example.org",
        "mailtos://_?user=reviews@example.org&pass=secret&smtp=smtp.example.org",
        "mailtos://mail.example.org?mode=STARTTLS&verify=no",
        "mailtos://mail.example.org?verify=yes&cto=60&retry=3&overflow=split",
        "mailto://reviews:secret@gmail.com",
        "mailtos://reviews:secret@office365.com",
        "mailtos://reviews:secret@yahoo.com",
        "mailtos://reviews:secret@yandex.ru?port=2525",
        "mailtos://reviews@sendgrid.com:465?pass=secret",
    ],
)
def test_a_mail_server_is_what_apprise_would_have_made_of_it(address: str) -> None:
    """Where it is, how it is spoken to and who signs in: the secrets that partnerships hold go on to work."""
    sending.load()
    from apprise.plugins.email import NotifyEmail

    ours = read_mail_server(address)
    joined = "&" if "?" in address else "?"
    theirs = NotifyEmail(**NotifyEmail.parse_url(f"{address}{joined}from=reviews@example.org"))
    assert (
        theirs.smtp_host,
        theirs.port,
        theirs.secure_mode,
        theirs.verify_certificate,
        theirs.user or "",
        theirs.password or "",
    ) == (ours.host, ours.port, ours.mode, ours.verify, ours.user, ours.password)


@pytest.mark.parametrize(
    ("options", "sender"),
    [
        ("", None),
        ("name=Reviews", None),
        ("from=unit@example.org", ("", "unit@example.org")),
        ("from=unit@example.org&name=The%20Unit", ("The Unit", "unit@example.org")),
        ("from=The+Unit+<unit@example.org>", ("The Unit", "unit@example.org")),
        ("from=The%20Unit", ("The Unit", "reviews@mail.example.org")),
        ("from=unit%2Breviews@example.org", ("", "unit+reviews@example.org")),
    ],
)
def test_a_sender_of_the_address_goes_before_that_of_the_settings(options: str, sender: tuple[str, str] | None) -> None:
    """A name alone, an address alone, both in one; without a `from` letters come from the settings' own."""
    assert sender == read_mail_server(f"mailtos://reviews:secret@mail.example.org?{options}").sender


def test_what_an_address_wants_in_every_letter() -> None:
    """Where answers go, and a header for the partnership's own server."""
    server = read_mail_server("mailtos://mail.example.org?reply=unit@example.org&+X-Route=inner")
    assert (("unit@example.org",), {"X-Route": "inner"}) == (server.reply_to, server.headers)


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("mail.example.org", ["does not begin with mailto:// or mailtos://"]),
        ("mailto://", ["it names no server"]),
        ("mailto://mail.example.org:none", ["it names no server"]),
        ("mailto://mail.example.org:99999", ["its port is none"]),
        ("mailtos://mail.example.org?mode=tls", ["`mode` is none of starttls, ssl, insecure"]),
        ("mailtos://mail.example.org?verify=perhaps", ["`verify` is neither yes nor no"]),
        ("mailtos://mail.example.org?from=The%20Unit", ["`from` is no address"]),
        ("mailtos://mail.example.org?reply=nobody", ["`reply` is no address"]),
        ("mailtos://reviews:sécret@mail.example.org", ["the user or the password has letters that no mail server"]),
        ("mailtos://mail.example.org?pgp=encrypt", ["an option of it is none of from, mode, name"]),
        ("mailtos://mail.example.org?+Subject=secret", ["a `+` option is no header that a letter may be given"]),
        ("mailtos://mail.example.org?+X-A=secret%0aBcc:%20a@b.example", ["a `+` option is no header"]),
        ("mailtos://?mode=tls&port=x&verify=perhaps", ["no server", "`mode`", "its port is none", "`verify`"]),
    ],
)
def test_a_mail_address_that_cannot_be_used_is_refused_in_words(address: str, wrong: list[str]) -> None:
    """Everything wrong at once; nothing of the address itself; and it is not tried again."""
    with pytest.raises(NoticeUndeliverable) as refused:
        read_mail_server(address)
    assert [] == [words for words in wrong if words not in refused.value.why]
    assert (True, True) == (refused.value.retryable, refused.value.to_mend)
    for secret in ("mail.example", "secret", "sécret", "perhaps", "The Unit", "nobody", "encrypt"):
        assert secret not in refused.value.why


def test_a_password_with_a_sign_left_as_it_is_is_not_shown() -> None:
    """«?» in a password was not written as %3F: what follows looks like an option, and is a piece of the password."""
    with pytest.raises(NoticeUndeliverable) as refused:
        read_mail_server("mailtos://reviews:pass?horse@mail.example.org")
    assert "an option of it is none of" in refused.value.why and "horse" not in refused.value.why


def test_no_secret_is_shown_where_an_address_is_printed() -> None:
    """As in a traceback."""
    shown = (
        f"{read_mail_server('mailtos://reviews:horse@mail.example.org')}{read_workflow('workflow://h.example/1/sig9')}"
    )
    assert "horse" not in shown and "sig9" not in shown


# --------------------------------------------------------------------------- Teams


class Workflows(ThreadingHTTPServer):
    """A server of workflows that notes down what it is asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Noting)
        self.socket = post_catcher._tls().wrap_socket(self.socket, server_side=True)
        self.asked: list[tuple[str, dict[str, list[str]], Any]] = []
        self.moved_to = ""

    @property
    def at(self) -> str:
        """Its host and port."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Noting(BaseHTTPRequestHandler):
    server: Workflows

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((parts.path, parse_qs(parts.query, strict_parsing=True), body))
        self.send_response(307 if self.server.moved_to else 202)
        if self.server.moved_to:
            self.send_header("Location", self.server.moved_to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Noted above."""


@pytest.fixture
def workflows() -> Iterator[Workflows]:
    """Such a server, listening."""
    with Workflows() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(10)


NEWER = "/powerautomate/automations/direct"


@pytest.mark.parametrize(
    "address",
    [
        "workflow://{at}/ab12/sig-9_/?verify=no",
        "workflows://{at}/ab12/sig-9_?verify=no&wrap=no",
        "workflow://{at}/?id=ab12&signature=sig-9_&verify=no",
        "workflow://{at}/ab12/?sig=sig-9_&ver=2024-01-01&verify=no&retry=2&overflow=upstream",
        "workflow://{at}/ab12/sig-9_/?pa=yes&verify=no",
        "workflow://{at}/ab12/sig-9_/?pa=yes&route=12&verify=no",
        "https://{at}/workflows/ab12/triggers/manual/paths/invoke"
        "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=sig-9_&verify=no",
        f"https://{{at}}{NEWER}/workflows/ab12/triggers/manual/paths/invoke?api-version=1&sig=sig-9_&verify=no",
        f"https://{{at}}{NEWER}/cu/12/workflows/ab12/triggers/manual/paths/invoke?sig=sig-9_&verify=no",
    ],
)
def test_a_card_is_posted_where_and_as_apprise_would_post_it(workflows: Workflows, address: str) -> None:
    """Every form that a secret may have: the same place, the same signature, the same card, without its picture."""
    address = address.format(at=workflows.at)
    by_teams(address, LETTER)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Its library warns of the certificate that we told it not to check.
        theirs = apprise.Apprise()
        assert theirs.add(f"{address}&image=no")
        assert theirs.notify(title=LETTER.subject, body=LETTER.markdown, body_format="markdown")
    ours, stock = workflows.asked
    assert stock == ours


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("https://elsewhere.example/hook", ["it begins with workflow://"]),
        ("http://a.example/workflows/1/triggers/manual/paths/invoke?sig=s3cret", ["it begins with workflow://"]),
        ("workflow://a.example", ["it names no workflow", "it has no signature"]),
        ("workflow://a.example/ab12/s3cret%20/", ["it has no signature, or one with letters that no signature has"]),
        ("workflow://", ["it names no server", "it names no workflow", "it has no signature"]),
        ("workflow://a.example/ab12/s3cret/?route=s3cret&pa=perhaps", ["`route` is no number", "`pa` is neither"]),
        ("workflow://a.example/ab12/s3cret/?template=/etc/card.json", ["an option of it is none of api-version, id"]),
    ],
)
def test_a_teams_address_that_cannot_be_used_is_refused_in_words(address: str, wrong: list[str]) -> None:
    """Everything wrong at once, and nothing of the address itself."""
    with pytest.raises(NoticeUndeliverable) as refused:
        by_teams(address, LETTER)
    assert [] == [words for words in wrong if words not in refused.value.why]
    assert (True, True) == (refused.value.retryable, refused.value.to_mend)
    for secret in ("a.example", "elsewhere", "s3cret", "ab12", "perhaps", "card.json"):
        assert secret not in refused.value.why


def test_a_signature_is_not_carried_elsewhere(workflows: Workflows) -> None:
    """The server sends us on to another address: nothing goes there, and the card counts as refused."""
    workflows.moved_to = f"https://{workflows.at}/elsewhere"
    with pytest.raises(NoticeUndeliverable, match="answer 307"):
        by_teams(f"workflow://{workflows.at}/ab12/sig-9_/?verify=no", LETTER)
    assert 1 == len(workflows.asked)
