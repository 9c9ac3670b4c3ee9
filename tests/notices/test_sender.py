"""The sender, against a mail server and a Teams endpoint that really listen on this machine."""

from __future__ import annotations

import email
import io
import json
import logging
import threading
from collections import Counter
from datetime import timedelta
from email import policy

import pytest

from safeguarding.notices.notice import NoticeDraft, Occasion
from tasks.post.deliver import GAPS, LEASE, Delivered, deliver_pending
from tasks.post.delivery_report import send_again, undelivered
from tasks.post.leads import LeadsTo
from tasks.record.sweep import sweep
from tasks.store import outbox
from tasks.store.session import writing


@pytest.fixture
def deliver(rulebook, box):
    """Send what is due, from the settings of the test."""

    def run(casework, now, name="sender"):
        return deliver_pending(
            casework.engine,
            rulebook,
            box,
            now,
            name,
            leads=lambda reference, _: LeadsTo(f"http://127.0.0.1:4300/reviews/{reference}"),
        )

    return run


def write(casework, now, *people, channel="email", occasion=Occasion.STEP_TOLD, **facts):
    """Put one notice for each person into the outbox."""
    drafts = [
        NoticeDraft(
            reference="CSPR-2026-003",
            occasion=occasion,
            person=person,
            channel=channel,
            key=f"CSPR-2026-003:{number}:{occasion.value}",
            not_before=now,
            context={"reference": "CSPR-2026-003", "stage": "Rapid review", "happened": "Meeting held", **facts},
        )
        for number, person in enumerate(people, start=1)
    ]
    with writing(casework.engine) as connection:
        outbox.write(connection, drafts, now)


def letters(catcher):
    """What the mail server has caught, read as mail."""
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in catcher.letters()]


def test_a_missed_date_reaches_each_partner_over_the_channel_they_want(
    casework_on_both, rulebook, duties, london, deliver, catcher
):
    """At one minute past midnight on a Saturday: two letters and two cards, and none of it waits for Monday."""
    casework = casework_on_both
    casework.opens("CSPR-2026-003", duties["rapid_review"](), asks=("school",))
    now = london(2026, 12, 19, 0, 1)
    sweep(casework.engine, rulebook, london(2026, 12, 9, 9))  # half-way
    sweep(casework.engine, rulebook, london(2026, 12, 17, 9))  # the day before
    with writing(casework.engine) as connection:
        connection.exec_driver_sql("UPDATE notices SET status = 'delivered'")
    sweep(casework.engine, rulebook, now)

    done = deliver(casework, now)

    assert Delivered(delivered=4) == done
    assert (2, 2) == catcher.caught
    by_person = {letter["To"]: letter for letter in letters(catcher)}
    assert {"council@testshire.example", "manager@testshire.example"} == set(by_person)
    letter = by_person["council@testshire.example"]
    assert "CSPR-2026-003 · Rapid review · OVERDUE · was due Fri 18 Dec 2026" == letter["Subject"]
    assert "Testshire Safeguarding Partnership <reviews@testshire.example>" == letter["From"]
    plain = letter.get_body(("plain",)).get_content()
    for words in (
        "Rapid review to the national Panel was due on Fri 18 Dec 2026",
        "Send it at once and tell the national Panel why it is late.",
        "The delegated partners record the reason.",
        "Still waiting for: Testshire School",
        "Source: Working Together to Safeguard Children (seen only in a secondary source that restates it).",
        "In the record it is C05.",
        "Open review CSPR-2026-003:\r\nhttp://127.0.0.1:4300/reviews/CSPR-2026-003\r\n",
    ):
        assert words in plain
    cards = [json.loads(path.read_text()) for path in catcher.cards()]
    assert {"unit", "police_teams"} == {card["workflow"] for card in cards}
    blocks = cards[0]["message"]["attachments"][0]["content"]["body"]
    assert ["TextBlock", "TextBlock"] == [block["type"] for block in blocks], "no picture from outside"
    assert "[Open review CSPR-2026-003](http://127.0.0.1:4300/reviews/CSPR-2026-003)" in blocks[1]["text"]


def test_two_senders_at_once_send_each_letter_once(casework_on_both, london, deliver, catcher):
    """Sixty letters, three senders, one start."""
    casework, now = casework_on_both, london(2026, 12, 1, 10)
    write(casework, now, *["council", "chair", "nurse"] * 20)
    start = threading.Barrier(3)
    results: list[Delivered] = []

    def run(name: str) -> None:
        start.wait()
        results.append(deliver(casework, now, name))

    threads = [threading.Thread(target=run, args=(f"sender {number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 60 == sum(done.delivered for done in results) == catcher.caught.mail
    marks = Counter(letter["X-Safeguarding-Notice"] for letter in letters(catcher))
    assert 60 == len(marks) and {1} == set(marks.values())
    assert {"delivered"} == {row.status for row in casework.sent()}


def test_a_sender_that_died_gives_its_claim_back(casework, london, deliver, catcher):
    """A sender was killed while it held a letter: nobody touches it for ten minutes, then it goes out once."""
    now = london(2026, 12, 1, 10)
    write(casework, now, "council")
    with writing(casework.engine) as connection:
        connection.exec_driver_sql("UPDATE notices SET status = 'claimed', claimed_by = 'dead', attempts = 1")
        from sqlalchemy import update

        from tasks.store.tables import notices

        connection.execute(update(notices).values(claimed_until=now + LEASE))

    assert Delivered() == deliver(casework, now + LEASE - timedelta(seconds=30))
    assert Delivered(delivered=1) == deliver(casework, now + LEASE)
    assert Delivered() == deliver(casework, now + 2 * LEASE)
    assert 1 == catcher.caught.mail
    assert 2 == casework.sent()[0].attempts


def test_greylisting_is_waited_out_with_growing_gaps(casework, london, deliver, catcher):
    """The partner's server says «later» three times, then takes the letter."""
    now = london(2026, 12, 1, 10)
    write(casework, now, "council")
    catcher.temper.mail_answers["council@testshire.example"] = "451 4.7.1 greylisted, come back"
    for gap in GAPS[:3]:
        assert 1 == deliver(casework, now).retried
        assert Delivered() == deliver(casework, now + gap - timedelta(seconds=1)), "not before its time"
        now += gap + timedelta(seconds=5)
    row = casework.sent()[0]
    assert ("pending", "the mail server asked to be tried later (answer 451)") == (row.status, row.reason)

    catcher.temper.mail_answers.clear()

    assert Delivered(delivered=1) == deliver(casework, now)
    row = casework.sent()[0]
    assert ("delivered", 4, None) == (row.status, row.attempts, row.reason)


def test_a_refused_address_fails_at_once_and_the_manager_hears_over_another_channel(casework, london, deliver, catcher):
    """The mailbox is gone. The manager is told by Teams, and by nothing else; the board shows why."""
    now = london(2026, 12, 1, 22)
    write(casework, now, "council", owed="Rapid review to the national Panel", due="Fri 18 Dec 2026")
    catcher.temper.mail_answers["council@testshire.example"] = "550 5.1.1 council@testshire.example unknown"

    done = deliver(casework, now)
    assert (0, 1) == (done.delivered, done.failed)
    assert Delivered(delivered=1) == deliver(casework, now + timedelta(seconds=5))

    assert (0, 1) == catcher.caught
    card = catcher.cards()[0].read_text()
    assert "message NOT delivered" in card and "council" in card and "@testshire" not in card
    (given_up,) = undelivered(casework.engine)
    assert ("council", "the mail server refused the address or the letter (answer 550)", 1) == (
        given_up.person,
        given_up.reason,
        given_up.attempts,
    )

    catcher.temper.mail_answers.clear()
    assert 1 == send_again(casework.engine, [given_up.id], now + timedelta(hours=1))
    assert Delivered(delivered=1) == deliver(casework, now + timedelta(hours=1))
    assert (1, 1) == catcher.caught and [] == undelivered(casework.engine)


def test_a_card_that_is_put_off_for_a_day_is_tried_on_and_the_manager_hears_of_it_once(
    casework, london, deliver, catcher
):
    """The Teams workflow answers 503 for a day: one word to the manager by mail meanwhile, and the card arrives."""
    now = london(2026, 12, 1, 10)
    until = now + timedelta(days=1)
    write(casework, now, "police", channel="teams")
    catcher.temper.teams_answers["police_teams"] = 503
    while now < until:
        deliver(casework, now)
        now += timedelta(minutes=10)
    assert ("manager@testshire.example", 1) == (letters(catcher)[0]["To"], catcher.caught.mail)
    words = letters(catcher)[0].get_body(("plain",)).get_content()
    assert "by Microsoft Teams so far" in words and "Teams could not take the card now (answer 503)" in words
    assert [] == undelivered(casework.engine)

    catcher.temper.teams_answers.clear()
    assert 1 == deliver(casework, now + GAPS[-1]).delivered
    assert (1, 1) == catcher.caught


@pytest.mark.parametrize(
    ("person", "channel", "reason"),
    [
        ("head", "email", "the partnership's file has no email address for them"),
        ("council", "teams", "the partnership's file has no Teams workflow for them"),
        ("somebody_who_left", "email", "the partnership's file has no email address for them"),
    ],
)
def test_somebody_without_the_channel_is_shown_as_failed(casework, london, deliver, person, channel, reason):
    """No address, no workflow, no longer in the file: failed with the reason, and not tried again."""
    now = london(2026, 12, 1, 10)
    write(casework, now, person, channel=channel)
    assert 1 == deliver(casework, now).failed
    assert reason == undelivered(casework.engine)[-1].reason


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"mail_url": None}, "no mail server is set"),
        ({"mail_url": "https://mail.example"}, "the mail server's address does not begin with mailto:// or mailtos://"),
        ({"mail_url": "mailto://"}, "the mail server's address cannot be used: it names no server"),
        ({"mail_url": "mailto://127.0.0.1:9?mode=insecure"}, "the server refused the connection"),
    ],
)
def test_a_mail_server_that_is_not_there_is_named_in_words(casework, london, deliver, box, broken, reason):
    """What is wrong with the settings is said, and nothing of their value."""
    now = london(2026, 12, 1, 10)
    write(casework, now, "council")
    for name, value in broken.items():
        setattr(box, name, value)
    deliver(casework, now)
    assert reason == casework.sent()[0].reason


def test_a_certificate_that_cannot_be_trusted_stops_a_card(casework, london, deliver, box):
    """Without `verify=no` the catcher is a stranger, as a man in the middle would be."""
    now = london(2026, 12, 1, 10)
    write(casework, now, "police", channel="teams")
    box.secrets["police_teams"] = box.secrets["police_teams"].replace("verify=no", "verify=yes")
    deliver(casework, now)
    row = casework.sent()[0]
    assert ("pending", "the server's certificate could not be trusted") == (row.status, row.reason)


def test_a_secret_that_is_not_set_is_named(casework, london, deliver, box):
    """The name of a secret is no secret."""
    now = london(2026, 12, 1, 10)
    write(casework, now, "police", channel="teams")
    box.secrets.clear()
    deliver(casework, now)
    assert "the secret police_teams (a Teams workflow) is not set" == casework.sent()[0].reason


def test_a_gone_workflow_is_not_tried_again(casework, london, deliver, catcher):
    """Teams answers 404: the flow was deleted."""
    now = london(2026, 12, 1, 10)
    write(casework, now, "police", channel="teams")
    catcher.temper.teams_answers["police_teams"] = 404
    assert 1 == deliver(casework, now).failed


def test_one_bad_address_does_not_keep_others_waiting(casework, london, deliver, catcher):
    """Three letters, the second refused: the other two arrive."""
    now = london(2026, 12, 1, 10)
    write(casework, now, "council", "nurse", "chair")
    catcher.temper.mail_answers["nurse@hospital.example"] = "550 no"
    done = deliver(casework, now)
    assert (2, 1) == (done.delivered, done.failed)


def test_a_failed_word_about_a_failure_ends_there(casework, london, deliver, catcher):
    """Neither the partner nor the manager can be reached: two failures on the board, and no third message."""
    now = london(2026, 12, 1, 10)
    write(casework, now, "council")
    catcher.temper.mail_answers["council@testshire.example"] = "550 no"
    catcher.temper.teams_answers["unit"] = 404
    deliver(casework, now)
    deliver(casework, now + timedelta(seconds=5))
    deliver(casework, now + timedelta(hours=1))
    assert ["delivery_failed", "step_told"] == [lost.occasion for lost in undelivered(casework.engine)]


def test_a_reminder_for_work_done_in_the_night_never_leaves(casework, rulebook, duties, london, deliver, catcher):
    """Held on Friday evening; the hospital's answer is recorded on the Saturday; on Monday nobody is chased."""
    casework.opens("CSPR-2026-003", duties["summary"]("hospital"))
    sweep(casework.engine, rulebook, london(2026, 12, 4, 22))
    assert 1 == len(casework.sent())
    casework.settles("CSPR-2026-003", "local.c.agency_summary", "hospital")

    assert Delivered(withdrawn=1) == deliver(casework, london(2026, 12, 7, 9))
    assert ("withdrawn", "the work was done before this left") == (casework.sent()[0].status, casework.sent()[0].reason)
    assert (0, 0) == catcher.caught


def test_a_sender_that_starts_at_night_leaves_reminders_for_the_morning(
    casework, rulebook, duties, london, deliver, catcher
):
    """The sweep ran in the morning, the sender only at eleven at night: the reminder waits, the step does not."""
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    sweep(casework.engine, rulebook, london(2026, 12, 9, 9))
    write(casework, london(2026, 12, 9, 9), "council")

    assert Delivered(delivered=1, held=2) == deliver(casework, london(2026, 12, 9, 23))
    assert Delivered(delivered=2) == deliver(casework, london(2026, 12, 10, 9))
    assert "6 working days left" in letters(catcher)[1].get_body(("plain",)).get_content(), "as it stands when sent"


def test_after_the_sender_was_away_only_the_latest_word_is_sent(casework, rulebook, duties, london, deliver, catcher):
    """The sweep went on while the mail server was gone: one word on the duty for each person, the last."""
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    for day in (9, 17, 19, 21):
        sweep(casework.engine, rulebook, london(2026, 12, day, 9))

    done = deliver(casework, london(2026, 12, 21, 10))

    assert (4, 6) == (done.delivered, done.withdrawn)
    people = Counter((row.person, row.channel) for row in casework.sent() if row.status == "delivered")
    assert {("manager", "email"): 1, ("manager", "teams"): 1, ("council", "email"): 1, ("police", "teams"): 1} == people


def test_a_slow_server_is_waited_for(casework, london, deliver, catcher):
    """A second's silence is no failure."""
    now = london(2026, 12, 1, 10)
    catcher.temper.slow = 1.0
    write(casework, now, "council")
    assert Delivered(delivered=1) == deliver(casework, now)


def test_addresses_reach_no_log(casework, london, deliver, catcher, capfd):
    """What Apprise and what it stands on note down holds addresses and secrets: none of it reaches our own log."""
    now = london(2026, 12, 1, 10)
    write(casework, now, "council", "nurse")
    write(casework, now, "police", channel="teams")
    catcher.temper.mail_answers["nurse@hospital.example"] = "550 no"
    heard = io.StringIO()
    handler, root = logging.StreamHandler(heard), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        deliver(casework, now)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    said = heard.getvalue() + "".join(capfd.readouterr())
    assert (1, 1) == catcher.caught
    for secret in ("@", "no-secret-here", "police_teams"):
        assert secret not in said
