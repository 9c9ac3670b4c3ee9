"""The catcher: what it keeps, and that it can be as unkind as a real server."""

from __future__ import annotations

import json
import smtplib
import socket
import ssl
import urllib.error
import urllib.request

import pytest

from flows.demo.post_catcher import LARGEST_CARD, Catcher, Caught


def mail(catcher, *to):
    """One letter, sent as any program would."""
    with smtplib.SMTP("127.0.0.1", catcher.mail_port, timeout=5) as server:
        server.sendmail("a@b.example", list(to), b"Subject: hello\r\n\r\nhello\r\n")


def card(catcher, body: bytes, path: str = "/workflows/unit/triggers/manual/paths/invoke?sig=s3cret") -> int:
    """One card, posted as Power Automate would have it: the status of the answer."""
    context = ssl._create_unverified_context()
    request = urllib.request.Request(f"https://127.0.0.1:{catcher.teams_port}{path}", data=body)
    try:
        with urllib.request.urlopen(request, context=context, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_it_keeps_letters_and_cards_and_counts_them(catcher):
    """Two letters and a card; the signature in the card's address is not kept."""
    mail(catcher, "one@b.example")
    mail(catcher, "two@b.example")
    assert 202 == card(catcher, b'{"type": "message"}')

    assert Caught(mail=2, teams=1) == catcher.caught
    assert ["000001 one@b.example.eml", "000002 two@b.example.eml"] == [path.name for path in catcher.letters()]
    kept = catcher.cards()[0].read_text()
    assert {"workflow": "unit", "message": {"type": "message"}} == json.loads(kept)
    assert "s3cret" not in kept


def test_numbers_go_on_after_a_restart(tmp_path):
    """Stopping the demo keeps what was caught, and the next letter comes after it."""
    for _ in range(2):
        with Catcher(tmp_path) as catcher:
            mail(catcher, "one@b.example")
    assert ["000001", "000002"] == [path.name[:6] for path in catcher.letters()]


def test_it_refuses_what_it_is_told_to_refuse(catcher):
    """A gone mailbox, a full queue, a workflow that is out of order, one that is asked too often."""
    catcher.temper.mail_answers["gone@b.example"] = "550 5.1.1 no such mailbox"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        mail(catcher, "gone@b.example")
    catcher.temper.teams_answers["unit"] = 429
    assert 429 == card(catcher, b"{}")
    assert Caught(0, 0) == catcher.caught


def test_it_refuses_what_teams_would_refuse(catcher):
    """Another path, a body that is no JSON, a card that is too large."""
    assert 404 == card(catcher, b"{}", "/elsewhere")
    assert 400 == card(catcher, b"not json")
    assert 413 == card(catcher, json.dumps({"text": "x" * LARGEST_CARD}).encode())


def test_a_caller_that_never_shakes_hands_blocks_nobody(catcher):
    """A port scanner opens a connection and says nothing; cards still arrive."""
    with socket.create_connection(("127.0.0.1", catcher.teams_port)):
        assert 202 == card(catcher, b"{}")


def test_it_listens_on_this_machine_only(catcher):
    """Both addresses are of the loopback."""
    assert catcher.mail_url.startswith("mailto://127.0.0.1:")
    assert catcher.teams_url("unit").startswith("workflow://127.0.0.1:")


def test_a_taken_port_is_said_and_nothing_is_left_behind(tmp_path, catcher):
    """A second catcher on the same mail port does not start, and holds no port afterwards."""
    second = Catcher(tmp_path, mail_port=catcher.mail_port)
    with pytest.raises(OSError):
        second.start()
    assert [] == second._running
