"""Mail or Teams away, or a setting wrong: what is owed waits as long as it matters, and leaves as soon as it can."""

from __future__ import annotations

import email
from collections import Counter
from datetime import datetime, timedelta
from email import policy

import pytest
from aiosmtpd.smtp import AuthResult
from notices.test_servers import Office

from flows.demo import post_catcher
from safeguarding.notices.notice import NoticeDraft, Occasion
from tasks.post import outage
from tasks.post.deliver import GAPS, MATTERS_FOR, Delivered, deliver_pending
from tasks.post.delivery_report import report, send_again, undelivered
from tasks.record.health import health
from tasks.store import heartbeat, outbox
from tasks.store.session import writing

MINUTE = timedelta(minutes=1)


def write(casework, now: datetime, *people: str, channel: str = "email", number: int = 1) -> None:
    """Put one notice for each person into the outbox."""
    drafts = [
        NoticeDraft(
            reference="CSPR-2026-003",
            occasion=Occasion.STEP_TOLD,
            person=person,
            channel=channel,
            key=f"CSPR-2026-003:{number}:{place}:step_told",
            not_before=now,
            context={"reference": "CSPR-2026-003", "stage": "Rapid review", "happened": "Meeting held"},
        )
        for place, person in enumerate(people)
    ]
    with writing(casework.engine) as connection:
        outbox.write(connection, drafts, now)


def rounds(casework, rulebook, box, begin: datetime, end: datetime, every: timedelta) -> Delivered:
    """Rounds of the postman from one moment to another."""
    done, now = Delivered(), begin
    while now < end:
        done = done.and_then(deliver_pending(casework.engine, rulebook, box, now, "sender"))
        now += every
    return done


def alarms(casework) -> list[str]:
    """Over which channels the business manager is told that something does not get out."""
    return [row.channel for row in casework.sent() if row.occasion == "delivery_failed"]


@pytest.mark.parametrize("how", ["later", "away"])
def test_what_is_owed_when_the_weekend_begins_leaves_on_monday(casework_on_both, rulebook, box, catcher, london, how):
    """
    Friday 18:00 to Monday 09:00 every letter meets a 451, or a server that is not there. Nothing is given up; the
    manager hears once, by Teams; on Monday the first letter that leaves brings all others along, each once.
    """
    casework, friday, monday = casework_on_both, london(2026, 12, 4, 18), london(2026, 12, 7, 9)
    people = ["council", "chair", "dcs", "nurse", "boss"]
    working = box.mail_url
    if how == "later":
        ways = {person.email for person in rulebook.partnership.people if person.email}
        catcher.temper.mail_answers.update(dict.fromkeys(ways, "451 4.3.0 try again later"))
    else:
        box.mail_url = "mailto://127.0.0.1:9?mode=insecure"
    write(casework, friday, *people)
    rounds(casework, rulebook, box, friday, monday, 10 * MINUTE)

    assert [] == undelivered(casework.engine)
    assert (["teams"], (0, 1)) == (alarms(casework), catcher.caught)
    assert "5 messages wait for email" in catcher.cards()[0].read_text()

    catcher.temper.mail_answers.clear()
    box.mail_url = working
    write(casework, monday, "council", number=2)
    assert 6 == rounds(casework, rulebook, box, monday, monday + 2 * MINUTE, MINUTE).delivered
    heard = [email.message_from_bytes(path.read_bytes(), policy=policy.default)["To"] for path in catcher.letters()]
    assert {"council": 2, "chair": 1, "dcs": 1, "nurse": 1, "boss": 1} == Counter(to.partition("@")[0] for to in heard)


def test_without_a_new_letter_what_waits_leaves_within_four_hours(casework, rulebook, box, catcher, london):
    """After a week the wait is no longer than after a day."""
    now = london(2026, 12, 1, 10)
    week = now + timedelta(days=7)
    working, box.mail_url = box.mail_url, "mailto://127.0.0.1:9?mode=insecure"
    write(casework, now, "council", "nurse")
    rounds(casework, rulebook, box, now, week, timedelta(minutes=30))

    box.mail_url = working

    assert 2 == rounds(casework, rulebook, box, week, week + GAPS[-1] + MINUTE, 10 * MINUTE).delivered
    assert (2, 1) == catcher.caught


def test_a_letter_is_given_up_when_its_day_is_long_past(casework, rulebook, box, catcher, london):
    """A mailbox that is full for a month: it ends, and the manager is told so by Teams."""
    now = london(2026, 12, 1, 10)
    catcher.temper.mail_answers["council@testshire.example"] = "452 4.2.2 mailbox full"
    write(casework, now, "council")
    month = now + MATTERS_FOR
    rounds(casework, rulebook, box, now, month, timedelta(hours=1))
    assert [] == undelivered(casework.engine)

    rounds(casework, rulebook, box, month, month + timedelta(hours=5), timedelta(hours=1))

    assert ["the mail server asked to be tried later (answer 452)"] == [m.reason for m in undelivered(casework.engine)]
    assert {"teams"} == set(alarms(casework))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("'{right}'", "the mail server's address stands in quotation marks: give it without them"),
        ('"{right}"', "the mail server's address stands in quotation marks: give it without them"),
        ("mailtoo://reviews.example", "the mail server's address does not begin with mailto:// or mailtos://"),
    ],
)
def test_a_mail_secret_that_is_wrong_keeps_every_letter(casework, rulebook, box, catcher, london, wrong, why):
    """
    Quotation marks around the secret, or a typing error: `health` and the report name it, nothing is given up, and all
    leaves a quarter of an hour after it is mended, or at once where the system is started again.
    """
    now = london(2026, 12, 1, 10)
    right = box.mail_url
    box.mail_url = wrong.format(right=right)
    write(casework, now, "council", "nurse", "chair")
    with writing(casework.engine) as connection:
        heartbeat.beat(connection, heartbeat.SWEEP, now + MINUTE, "")
    deliver_pending(casework.engine, rulebook, box, now, "sender")

    assert (f"email: 3 messages wait: {why}",) == health(casework.engine, now + MINUTE).faults
    assert {(False, why)} == {(message.given_up, message.why) for message in report(casework.engine)}

    later = now + timedelta(days=40)
    rounds(casework, rulebook, box, now, later, timedelta(hours=7))
    assert ([], ["teams"]) == (undelivered(casework.engine), alarms(casework))

    deliver_pending(casework.engine, rulebook, box, later, "sender")
    box.mail_url = right
    assert 3 == outage.try_again(casework.engine, later)
    assert 3 == deliver_pending(casework.engine, rulebook, box, later, "sender").delivered
    with writing(casework.engine) as connection:
        heartbeat.beat(connection, heartbeat.SWEEP, later, "")
    assert () == health(casework.engine, later).faults


def test_a_wrong_login_is_tried_once_a_round_and_kept(casework, rulebook, box, catcher, london):
    """Thirty letters and a wrong password: the server is asked once and not thirty times, for it may lock the login."""
    asked: list[bytes] = []

    def signs_in(_, __, ___, mechanism, given) -> AuthResult:
        asked.append(given.password)
        return AuthResult(success=given.password == b"right", handled=False)

    now = london(2026, 12, 1, 10)
    write(casework, now, *["council", "nurse", "chair"] * 10)
    kind = {"authenticator": signs_in, "auth_required": True, "require_starttls": True}
    with Office(**kind).open(post_catcher._tls()) as office:
        box.mail_url = f"mailtos://reviews:wrong@127.0.0.1:{office.port}?verify=no"
        assert Delivered(retried=30) == deliver_pending(casework.engine, rulebook, box, now, "sender")
        assert {b"wrong"} == set(asked)
        before = len(asked)
        why = "the mail server did not accept our sign-in (answer 535)"
        assert f"email: 30 messages wait: {why}" in health(casework.engine, now + MINUTE).faults

        box.mail_url = f"mailtos://reviews:right@127.0.0.1:{office.port}?verify=no"
        done = deliver_pending(casework.engine, rulebook, box, now + 16 * MINUTE, "sender")

    assert before <= 2, "one try, by whichever ways of signing in the server offers"
    assert (30, 30) == (done.delivered, len(office.taken))


def test_one_mailbox_that_is_full_is_not_tried_each_time_another_letter_leaves(
    casework, rulebook, box, catcher, london
):
    """Others are delivered throughout, so nothing is down: the one that is put off keeps its own waits."""
    now = london(2026, 12, 1, 10)
    catcher.temper.mail_answers["council@testshire.example"] = "452 4.2.2 mailbox full"
    write(casework, now, "council")
    for number in range(2, 62):
        write(casework, now, "nurse", number=number)
        deliver_pending(casework.engine, rulebook, box, now, "sender")
        now += MINUTE

    assert 4 == casework.sent()[0].attempts, "at once, after one, five and fifteen minutes"


def test_somebody_who_mends_it_need_not_wait(casework, rulebook, box, catcher, london):
    """`undelivered --again` takes a letter that waits too, and not only one that was given up."""
    now = london(2026, 12, 1, 10)
    catcher.temper.mail_answers["council@testshire.example"] = "452 4.2.2 mailbox full"
    write(casework, now, "council")
    for gap in GAPS:
        deliver_pending(casework.engine, rulebook, box, now, "sender")
        now += gap + MINUTE
    deliver_pending(casework.engine, rulebook, box, now, "sender")
    catcher.temper.mail_answers.clear()

    assert 1 == send_again(casework.engine, [casework.sent()[0].id], now)
    assert 1 == deliver_pending(casework.engine, rulebook, box, now, "sender").delivered
