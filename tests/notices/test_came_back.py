"""A letter that the mail server took and that came back later: reported, open again, told, and sent again."""

from __future__ import annotations

import email
from collections.abc import Callable
from datetime import datetime, timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest

from safeguarding.notices.notice import NoticeDraft, Occasion
from tasks.post import delivery_report
from tasks.post.came_back import NoReport, Report, read_report, report, sent_about
from tasks.post.deliver import Delivered, deliver_pending
from tasks.post.sent_log import Departures
from tasks.record.health import health
from tasks.store import outbox
from tasks.store.session import writing

FAILED = """\
From: MAILER-DAEMON@mail.testshire.example
To: reviews@testshire.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="-"

---
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.
---
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.testshire.example

Final-Recipient: rfc822; council@testshire.example
Action: {action}
Status: {status}
---
Content-Type: {kind}

{head}
-----
"""
"""A report as mail servers write it (RFC 3464)."""


@pytest.fixture
def post(casework: Any, rulebook: Any, box: Any, tmp_path: Path) -> Callable[[datetime], Delivered]:
    """Send what is due, noting beside the record what has left."""
    departures = Departures(tmp_path / "departures.log", "a record")
    return lambda now: deliver_pending(casework.engine, rulebook, box, now, "sender", departures=departures)


def owe(casework: Any, now: datetime, *people: str, channel: str = "email", number: int = 1) -> None:
    """A step is told to each of them."""
    drafts = [
        NoticeDraft(
            reference="CSPR-2026-003",
            occasion=Occasion.STEP_TOLD,
            person=person,
            channel=channel,  # type: ignore[arg-type]
            key=f"CSPR-2026-003:{number}",
            not_before=now,
            context={"reference": "CSPR-2026-003", "stage": "Rapid review", "happened": "Meeting held"},
        )
        for person in people
    ]
    with writing(casework.engine) as connection:
        outbox.write(connection, drafts, now)


def head_of(letter: Path) -> str:
    """The head of a letter as it was sent."""
    return letter.read_bytes().partition(b"\r\n\r\n")[0].decode().replace("\r\n", "\n")


def bounce(letter: Path, *, action: str = "failed", status: str = "5.1.1", kind: str = "text/rfc822-headers") -> bytes:
    """What a mail server reports of a letter."""
    whole = f"{head_of(letter)}\n\nThe words." if kind == "message/rfc822" else head_of(letter)
    return FAILED.format(action=action, status=status, kind=kind, head=whole).encode()


def test_a_letter_that_came_back_is_open_again_told_and_sent_again(
    casework: Any, rulebook: Any, london: Any, post: Any, catcher: Any
) -> None:
    """
    The council's server takes a letter at ten and returns it at eleven: no such mailbox. The report opens the notice;
    the manager hears of it over Teams; `health` is not healthy; the address is mended and the letter leaves once more.
    """
    ten = london(2026, 12, 1, 10)
    owe(casework, ten, "council")
    post(ten)
    (letter,) = catcher.letters()

    found = read_report(bounce(letter))
    assert (1, "5.1.1", ten) == (found.number, found.status, found.sent_at.replace(microsecond=0))
    partnership, eleven = rulebook.partnership, ten + timedelta(hours=1)
    (answer,) = report(casework.engine, [found], partnership, eleven)

    assert ("open again", True) == (answer.outcome, answer.taken)
    (lost,) = delivery_report.undelivered(casework.engine)
    why = "the letter came back: the address is not known there (5.1.1)"
    assert (1, "council", why) == (lost.id, lost.person, lost.reason)
    assert [("NOT DELIVERED", why)] == [
        (line.cells()["Outcome"], line.why) for line in delivery_report.report(casework.engine)
    ]
    assert 1 == health(casework.engine, eleven).undelivered
    assert "1 messages could not be delivered" in health(casework.engine, eleven).faults

    assert Delivered(delivered=1) == post(eleven)
    (card,) = catcher.cards()
    assert why in card.read_text() and "did not reach **council**" in card.read_text()

    assert 1 == delivery_report.send_again(casework.engine, [1], eleven)
    assert Delivered(delivered=1) == post(eleven)
    assert (2, 1) == catcher.caught, "what is noted beside the record holds back no letter that came back"
    assert [] == delivery_report.undelivered(casework.engine)
    assert Delivered() == post(eleven + timedelta(hours=1))


def test_reported_twice_it_is_told_once(casework: Any, rulebook: Any, london: Any, post: Any, catcher: Any) -> None:
    """Two people of the unit open the same mailbox; and the first report turns up after the letter was sent again."""
    ten = london(2026, 12, 1, 10)
    owe(casework, ten, "council")
    post(ten)
    first = read_report(bounce(catcher.letters()[0]))

    def outcomes(one: Report, moment: datetime) -> list[str]:
        return [answer.outcome for answer in report(casework.engine, [one, one], rulebook.partnership, moment)]

    assert ["open again", "known already"] == outcomes(first, ten + timedelta(hours=1))
    assert ["known already"] * 2 == outcomes(Report(1), ten + timedelta(hours=2))
    delivery_report.send_again(casework.engine, [1], ten + timedelta(hours=3))
    assert ["not sent"] * 2 == outcomes(Report(1), ten + timedelta(hours=3))
    post(ten + timedelta(hours=3))
    assert ["known already"] * 2 == outcomes(first, ten + timedelta(hours=4)), "of the letter that left at ten"
    assert [] == delivery_report.undelivered(casework.engine)

    second = read_report(bounce(catcher.letters()[-1]))
    assert ["open again", "known already"] == outcomes(second, ten + timedelta(hours=5))
    post(ten + timedelta(hours=5))
    assert (2, 2) == catcher.caught, "a word for each time that it came back, and no more"


def test_the_word_that_something_came_back_ends_there_if_it_comes_back(
    casework: Any, rulebook: Any, london: Any, post: Any
) -> None:
    """A message about a message about a message helps nobody: it stands in the report."""
    ten = london(2026, 12, 1, 10)
    owe(casework, ten, "council")
    post(ten)
    report(casework.engine, [Report(1)], rulebook.partnership, ten)
    post(ten)
    assert ["open again"] == [a.outcome for a in report(casework.engine, [Report(2)], rulebook.partnership, ten)]
    assert Delivered() == post(ten + timedelta(hours=1))
    assert [2, 1] == [lost.id for lost in delivery_report.undelivered(casework.engine)]


def test_what_cannot_have_come_back_is_said_and_changes_nothing(
    casework: Any, rulebook: Any, london: Any, post: Any
) -> None:
    """One that has not left, one that was taken off, one that never was: each by its number, all at once."""
    ten = london(2026, 12, 1, 10)
    owe(casework, ten, "council", "nurse")
    with writing(casework.engine) as connection:
        connection.exec_driver_sql(
            "UPDATE notices SET status = 'withdrawn', reason = 'told in another way' WHERE id = 2"
        )
    before = casework.sent()
    answers = report(casework.engine, [Report(1), Report(2), Report(99)], rulebook.partnership, ten)
    assert [(1, "not sent"), (2, "withdrawn"), (99, "unknown")] == [(a.number, a.outcome) for a in answers]
    assert not any(answer.taken for answer in answers)
    assert before == casework.sent()


def test_what_has_left_about_a_review_is_listed_by_number(casework: Any, london: Any, post: Any) -> None:
    """A report of an old server names no number: the list has it, letters and cards, and nothing of another review."""
    ten = london(2026, 12, 1, 10)
    owe(casework, ten, "council", "nurse")
    owe(casework, ten, "police", channel="teams", number=2)
    assert [] == sent_about(casework.engine, "CSPR-2026-003")
    post(ten)
    found = sent_about(casework.engine, "CSPR-2026-003")
    assert [("police", "Microsoft Teams"), ("nurse", "email"), ("council", "email")] == [
        (line["For"], line["By"]) for line in found
    ]
    assert {"step told"} == {line["Message"] for line in found}
    assert [] == sent_about(casework.engine, "CSPR-2026-004")


# --------------------------------------------------------------------------- what a report says


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822", "text/plain"])
@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("5.1.1", "the letter came back: the address is not known there (5.1.1)"),
        ("5.2.2", "the letter came back: the mailbox is full, closed or takes no letters (5.2.2)"),
        ("4.4.1", "the letter came back: the server there could not be reached (4.4.1)"),
        ("5.7.1", "the letter came back: the server there lets no such letter in (5.7.1)"),
        ("5.0.0", "the letter came back: no reason that is known here (5.0.0)"),
        ("permanently", "the letter came back"),
    ],
)
def test_why_it_came_back_is_said_in_our_words(
    casework: Any, london: Any, post: Any, catcher: Any, kind: str, status: str, words: str
) -> None:
    """With the letter, with its head, or with the head in its text: found. Not a word of the report is kept."""
    owe(casework, london(2026, 12, 1, 10), "council")
    post(london(2026, 12, 1, 10))
    found = read_report(bounce(catcher.letters()[0], status=status, kind=kind))
    assert (1, words) == (found.number, found.why)


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered", "expanded"])
def test_a_report_that_a_letter_is_late_is_none_that_it_came_back(
    casework: Any, london: Any, post: Any, catcher: Any, action: str
) -> None:
    """«Still trying» after four hours: to call it lost would tell somebody twice."""
    owe(casework, london(2026, 12, 1, 10), "council")
    post(london(2026, 12, 1, 10))
    with pytest.raises(NoReport, match="does not say that the letter came back"):
        read_report(bounce(catcher.letters()[0], action=action))


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (b"", "holds no head of a letter that this system sent"),
        (b"\x00\xff\xd0\xcf\x11\xe0 a file of another program", "holds no head of a letter that this system sent"),
        (b"From: a@b.example\nSubject: Out of office\n\nI am away.", "holds no head of a letter"),
        (b"X-Safeguarding-Notice: 7\nSubject: x\n\nwords", "is the letter itself"),
        (b"Subject: returned\n\nX-Safeguarding-Notice: alarm\n", "is about a word past the outbox"),
        (b"Subject: returned\n\nX-Safeguarding-Notice: 99999999999999\n", "is about a word past the outbox"),
        (b"Content-Type: multipart/mixed; boundary=x\n\n" * 5_000, "holds"),
    ],
)
def test_what_is_no_report_is_refused_in_words(held: bytes, why: str) -> None:
    """Nothing, another program's file, somebody's absence, the letter itself, a word of the alarm, a riddle."""
    with pytest.raises(NoReport) as refused:
        read_report(held)
    assert why in str(refused.value) and str(refused.value).endswith("Nothing was changed.")


def test_the_number_stands_in_the_head_of_every_letter(casework: Any, london: Any, post: Any, catcher: Any) -> None:
    """What the unit looks for in a returned letter is there, and is the number of the outbox."""
    owe(casework, london(2026, 12, 1, 10), "council", "nurse")
    post(london(2026, 12, 1, 10))
    heads = [email.message_from_bytes(one.read_bytes(), policy=policy.default) for one in catcher.letters()]
    assert {(row.person, str(row.id)) for row in casework.sent()} == {
        (head["To"].partition("@")[0], head["X-Safeguarding-Notice"]) for head in heads
    }
