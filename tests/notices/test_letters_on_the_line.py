"""What a mail server and a workflow really get, and what is left of it on this machine: nothing."""

from __future__ import annotations

import email
import json
import logging
import threading
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from typing import Any

import apprise
import pytest

from safeguarding.errors import NoticeUndeliverable
from tasks.post import sending
from tasks.post.letters import Letter
from tasks.post.sending import Enclosure, by_email, by_teams

SENDER = ("Exampleshire Safeguarding Partnership · Ünit", "reviews@exampleshire.example")
TO = "council@testshire.example"
NOW = datetime(2026, 12, 1, 10, 30, tzinfo=UTC)
LONG = "The summary of the agency, which nobody has sent, is waited for. " * 40
LETTER = Letter(
    "CSPR-2026-003 · Rapid review · a subject that is too long for one line of a letter · due Fri 18 Dec 2026",
    f"**Owed:** a «summary».\n\n{LONG}\n\n- read it\n- sign it",
    f"<p><strong>Owed:</strong> a «summary».</p><p>{LONG}</p><ul><li>read it</li><li>sign it</li></ul>",
)
DATES = Enclosure("CSPR-2026-003.ics", "text/calendar", "BEGIN:VCALENDAR\r\nSUMMARY:«x»\r\nEND:VCALENDAR\r\n")


def caught(catcher: Any) -> tuple[bytes, EmailMessage]:
    """The one letter that the server took, as it came and as it is read."""
    (path,) = catcher.letters()
    raw = path.read_bytes()
    return raw, email.message_from_bytes(raw, policy=policy.default)


def test_a_letter_has_all_that_a_letter_must_have(catcher: Any) -> None:
    """From whom and to whom, when, a name for good, the number of the notice; the words twice, and the dates."""
    by_email(catcher.mail_url, SENDER, TO, LETTER, "4711", NOW, DATES)
    _, letter = caught(catcher)

    assert [] == [defect for part in letter.walk() for defect in part.defects]
    assert f"{SENDER[0]} <{SENDER[1]}>" == letter["From"]
    assert (TO, LETTER.subject, "4711") == (letter["To"], letter["Subject"], letter["X-Safeguarding-Notice"])
    assert NOW == letter["Date"].datetime
    assert letter["Message-ID"].startswith("<") and letter["Message-ID"].endswith("@exampleshire.example>")
    kinds = [part.get_content_type() for part in letter.walk()]
    assert ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"] == kinds
    plain = letter.get_body(("plain",)).get_content()
    assert plain.startswith("Owed: a «summary».") and "- read it\n- sign it" in plain.replace("\r\n", "\n")
    assert LETTER.html == letter.get_body(("html",)).get_content().strip()
    (dates,) = letter.iter_attachments()
    assert (DATES.name, DATES.content.encode()) == (dates.get_filename(), dates.get_payload(decode=True))


def test_a_letter_is_of_lines_that_every_server_takes(catcher: Any) -> None:
    """Nothing beyond ASCII and no line beyond seventy-eight signs, however long the paragraph and the subject."""
    by_email(catcher.mail_url, SENDER, TO, LETTER, "4711", NOW, DATES)
    raw, _ = caught(catcher)
    assert raw.isascii()
    assert [] == [line for line in raw.split(b"\r\n") if len(line) > 78 or b"\n" in line]


def test_a_letter_without_dates_has_no_file(catcher: Any) -> None:
    """The words twice, and nothing else."""
    by_email(catcher.mail_url, SENDER, TO, LETTER, "4711", NOW)
    _, letter = caught(catcher)
    assert ["multipart/alternative", "text/plain", "text/html"] == [part.get_content_type() for part in letter.walk()]


def test_what_the_server_s_address_wants_is_in_the_letter(catcher: Any) -> None:
    """Its own sender, where answers go, and a header for its own use; a copy to somebody else is never made."""
    wants = "from=The%20Unit%20<unit@example.org>&reply=desk@example.org&+X-Route=inner&cc=a@b.example&to=c@d.example"
    by_email(f"{catcher.mail_url}&{wants}", SENDER, TO, LETTER, "4711", NOW)
    _, letter = caught(catcher)
    assert ("The Unit <unit@example.org>", "desk@example.org") == (letter["From"], letter["Reply-To"])
    assert ("inner", TO, None) == (letter["X-Route"], letter["To"], letter["Cc"])


@pytest.mark.parametrize("to", ["two@a.example, three@a.example", "a@b.example\nBcc: c@d.example", "ä@b.example"])
def test_an_address_that_is_none_is_refused_before_anything_leaves(catcher: Any, to: str) -> None:
    """Two in one, a line of its own, a letter that mail does not carry: refused for good, and not shown."""
    with pytest.raises(NoticeUndeliverable) as refused:
        by_email(catcher.mail_url, SENDER, to, LETTER, "4711", NOW)
    assert not refused.value.retryable and "example" not in refused.value.why
    assert (0, 0) == catcher.caught


def test_a_card_is_a_heading_and_a_text(catcher: Any) -> None:
    """Plain Markdown as it was written, without a picture from outside."""
    by_teams(catcher.teams_url("unit"), LETTER)
    card = json.loads(catcher.cards()[0].read_text())["message"]["attachments"][0]["content"]
    assert [("heading", LETTER.subject), ("default", LETTER.markdown)] == [
        (block["style"], block["text"]) for block in card["body"]
    ]
    assert "http" not in json.dumps(card["body"])


def test_apprise_knows_both_services_and_delivers_over_them(catcher: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Each is registered under a scheme of its own; and Apprise notes that it sent over each, once."""
    sending.load()
    registered = apprise.NotificationManager()
    assert ["Letters", "Teams"] == [
        registered[scheme].service_name for scheme in ("safeguardingmail", "safeguardingteams")
    ]
    with caplog.at_level(logging.DEBUG, logger="apprise"):
        by_email(catcher.mail_url, SENDER, TO, LETTER, "4711", NOW)
        by_teams(catcher.teams_url("unit"), LETTER)
    sent = [record for record in caplog.records if "completed" in record.getMessage()]
    assert ["Letters", "Teams"] == [record.getMessage().split()[0] for record in sent]
    # In a thread of its own Apprise would stop waiting after a minute, for a message that may still be taken.
    assert {threading.get_ident()} == {record.thread for record in sent}


def test_the_logging_of_the_process_is_as_it_was(catcher: Any) -> None:
    """No logger is quietened, made to speak or listened to for the sake of a message."""

    def state() -> dict[str, Any]:
        loggers = {
            name: one for name, one in logging.root.manager.loggerDict.items() if isinstance(one, logging.Logger)
        }
        return {name: (one.level, one.propagate, one.disabled, list(one.handlers)) for name, one in loggers.items()}

    sending.load()
    before = state()
    by_email(catcher.mail_url, SENDER, TO, LETTER, "4711", NOW)
    by_teams(catcher.teams_url("unit"), LETTER)
    after = state()
    assert before == {name: after[name] for name in before}
    assert {(logging.NOTSET, True, False)} >= {after[name][:3] for name in after.keys() - before.keys()}
