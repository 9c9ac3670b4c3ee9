"""`safeguarding check` reads the settings of mail and Teams, and with --connect asks the servers and sends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from driver.terminal import Terminal

from flows.demo.post_catcher import Catcher


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of mail and Teams is set."""
    for name in (
        "SENDER",
        "SENDER_NAME",
        "MAIL",
        "SECRET_HOSPITAL",
        "SECRET_PARTNERS",
        "SECRET_UNIT",
        "SECRETS_FOLDER",
    ):
        monkeypatch.delenv(f"SAFEGUARDING_{name}", raising=False)


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[Catcher]:
    """A mail server and a Teams endpoint that really listen."""
    with Catcher(tmp_path / "caught") as catcher:
        yield catcher


def test_what_is_not_set_is_said_and_is_no_fault(terminal: Terminal) -> None:
    """A partnership that tries the program has no secrets yet: named, and nobody can be asked."""
    code, out, _ = terminal("check", "--connect")
    assert 0 == code
    assert "Secrets that are not set, so that what goes over them waits: mail_url, hospital, partners, unit." in out
    assert "No server of mail or Teams is set: nobody was asked." in out


def test_every_setting_that_is_wrong_is_named_at_once(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret in quotes, a workflow that is none, a sender that is two: each by its place, no secret said."""
    for name, value in {
        "SECRET_MAIL_URL": "'mailtos://reviews:hush@mail.example'",
        "SECRET_UNIT": "https://hush.example/hook",
        "SENDER": "a@b.example, c@d.example",
        "SENDER_NAME": "Unit\nBcc: x@y.example",
    }.items():
        monkeypatch.setenv(f"SAFEGUARDING_{name}", value)
    code, out, err = terminal("check")
    assert (1, True) == (code, out.startswith("4 faults:"))
    for words in (
        "SAFEGUARDING_SENDER: (setting): holds more than one address",
        "SAFEGUARDING_SENDER_NAME: (setting): holds a sign that cannot be seen",
        "secret mail_url: (secret): the mail server's address stands in quotation marks",
        "secret unit: (secret): the Teams address is not one of a workflow",
    ):
        assert words in out
    assert "hush" not in out + err


def test_servers_are_asked_and_given_nothing(
    terminal: Terminal, catcher: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail server answers and takes the sender; the workflow's server is reached; nothing arrives at either."""
    monkeypatch.setenv("SAFEGUARDING_SECRET_MAIL_URL", catcher.mail_url)
    monkeypatch.setenv("SAFEGUARDING_SECRET_UNIT", catcher.teams_url("unit"))
    code, out, _ = terminal("check", "--connect")
    assert 0 == code
    assert (
        "mail: the mail server answered, the line is NOT encrypted, nobody signed in, and it takes letters from" in out
    )
    assert "unit: its server was reached over a secure line (answer 501); no card was posted." in out
    assert (0, 0) == catcher.caught


def test_what_a_server_refuses_is_said_in_words(
    terminal: Terminal, catcher: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No encryption although it is asked for, a certificate of nobody: each said, exit code 1, nothing sent."""
    mail = catcher.mail_url.replace("mailto://", "mailtos://").replace("mode=insecure", "mode=starttls")
    monkeypatch.setenv("SAFEGUARDING_SECRET_MAIL_URL", mail)
    monkeypatch.setenv("SAFEGUARDING_SECRET_UNIT", catcher.teams_url("unit").replace("verify=no", "verify=yes"))
    code, out, _ = terminal("check", "--connect")
    assert 1 == code
    assert "mail: NOT usable: the mail server offers no encryption, and its address asks for it." in out
    assert "unit: NOT usable: the server's certificate could not be trusted." in out
    assert (0, 0) == catcher.caught
    assert terminal("check")[0] == 0, "without --connect nobody is asked"
