"""A watcher from outside: when the sweep last ran, what was given up, what is stuck, what should have left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from safeguarding.notices.notice import NoticeDraft, Occasion
from tasks.post import delivery_report
from tasks.post.deliver import deliver_pending
from tasks.post.delivery_report import send_again, settle
from tasks.record.health import STALE_AFTER, health
from tasks.store import heartbeat, outbox
from tasks.store.session import writing
from tasks.store.tables import notices


@pytest.fixture
def now(london):
    """A Tuesday morning."""
    return london(2026, 12, 1, 10)


def write(casework, now, *people, channel="email"):
    """Put one notice for each person into the outbox."""
    drafts = [
        NoticeDraft(
            reference="CSPR-2026-003",
            occasion=Occasion.STEP_TOLD,
            person=person,
            channel=channel,
            key=f"CSPR-2026-003:{number}:step_told",
            not_before=now,
            context={"reference": "CSPR-2026-003", "stage": "Rapid review", "happened": "Meeting held"},
        )
        for number, person in enumerate(people, start=1)
    ]
    with writing(casework.engine) as connection:
        outbox.write(connection, drafts, now)


def beat(casework, now):
    """The sweep ran."""
    with writing(casework.engine) as connection:
        heartbeat.beat(connection, heartbeat.SWEEP, now, "0 rungs")


def put(casework, **values):
    """Change every notice, as a crash or an outage would leave it."""
    with writing(casework.engine) as connection:
        connection.execute(update(notices).values(**values))


def test_a_sweep_that_runs_is_healthy_for_three_quarters_of_an_hour(casework_on_both, now):
    """Never run: not healthy. One missed sweep is forgiven; three are not."""
    casework = casework_on_both
    assert ("the sweep has never run",) == health(casework.engine, now).faults
    beat(casework, now - timedelta(hours=5))
    beat(casework, now)
    assert health(casework.engine, now).healthy
    assert health(casework.engine, now + STALE_AFTER).healthy
    late = health(casework.engine, now + timedelta(minutes=46))
    assert (now, ("the sweep last ran 46 minutes ago",)) == (late.swept_at, late.faults)


def test_what_was_given_up_is_unhealthy_until_somebody_settles_it(casework_on_both, rulebook, box, catcher, now):
    """One mailbox is gone: the watcher says so until it is sent again or somebody was told in another way."""
    casework = casework_on_both
    beat(casework, now)
    catcher.temper.mail_answers["nurse@hospital.example"] = "550 5.1.1 no such mailbox"
    write(casework, now, "nurse")
    deliver_pending(casework.engine, rulebook, box, now, "sender")
    assert ("1 messages could not be delivered",) == health(casework.engine, now).faults
    (lost,) = [m for m in delivery_report.report(casework.engine) if m.given_up]
    assert ("nurse", "NOT DELIVERED") == (lost.person, lost.cells()["Outcome"])

    assert 1 == send_again(casework.engine, [lost.id], now)
    deliver_pending(casework.engine, rulebook, box, now, "sender")
    assert 1 == health(casework.engine, now).undelivered
    assert (1, 0) == (settle(casework.engine, [lost.id], "told"), settle(casework.engine, [lost.id], "told"))
    assert health(casework.engine, now).healthy


def test_a_claim_that_outlived_its_sender_is_stuck(casework_on_both, now):
    """While the claim holds it is work under way; a minute later it is stuck."""
    casework = casework_on_both
    beat(casework, now)
    write(casework, now, "nurse", "boss")
    put(casework, status="claimed", claimed_by="dead", claimed_until=now)
    assert health(casework.engine, now).healthy
    stuck = health(casework.engine, now + timedelta(minutes=1))
    assert (2, ("2 messages are held by a sender that did not finish",)) == (stuck.stuck, stuck.faults)


def test_what_should_have_left_an_hour_ago_is_unhealthy(casework_on_both, now):
    """No sender runs: a message that waits a quarter of an hour is usual, one that waits an hour is not."""
    casework = casework_on_both
    write(casework, now, "nurse")
    for minutes, healthy in ((15, True), (60, False)):
        later = now + timedelta(minutes=minutes)
        beat(casework, later)
        assert healthy is health(casework.engine, later).healthy
    found = health(casework.engine, later)
    assert ("1 messages should have left, the oldest 1 hour ago",) == found.faults
    assert now == found.oldest_waiting_since
    assert False is found.as_data()["healthy"]


def test_a_reminder_that_is_held_for_the_morning_is_not_late(casework, now):
    """What may not leave before nine does not wait: nobody is called at night."""
    write(casework, now, "nurse")
    put(casework, next_attempt_at=now + timedelta(hours=12))
    beat(casework, now + timedelta(hours=2))
    assert health(casework.engine, now + timedelta(hours=2)).healthy


def test_what_is_held_for_longer_than_any_holiday_is_a_finding(casework_on_both, now):
    """From Christmas Eve to the next working morning is usual; a week ahead there is no hour left, or a clock was."""
    casework = casework_on_both
    write(casework, now, "nurse")
    for days, faults in ((5, ()), (7, ("1 messages are held back for more than 6 days",))):
        put(casework, next_attempt_at=now + timedelta(days=days))
        beat(casework, now)
        found = health(casework.engine, now)
        assert (len(faults), faults) == (found.held, found.faults)
        assert found.held == found.as_data()["held"]


def test_one_letter_that_is_put_off_is_no_channel_that_is_down(casework_on_both, now):
    """Two people waiting with nothing delivered is; so is one after three attempts; not if anything left since."""
    casework = casework_on_both
    write(casework, now, "nurse")
    put(casework, attempts=1, reason="the server refused the connection", next_attempt_at=now)
    assert [] == delivery_report.blocked(casework.engine)
    put(casework, attempts=3)
    (down,) = delivery_report.blocked(casework.engine)
    assert "email: 1 message waits: the server refused the connection" == down.words

    write(casework, now, "nurse", "boss")
    put(casework, attempts=1, reason="the server refused the connection")
    assert ["email: 2 messages wait: the server refused the connection"] == [
        down.words for down in delivery_report.blocked(casework.engine)
    ]
    write(casework, now + timedelta(minutes=1), "nurse", "boss", "council")
    with writing(casework.engine) as connection:
        left = {"status": "delivered", "delivered_at": now + timedelta(minutes=1)}
        connection.execute(update(notices).where(notices.c.person == "council").values(left))
    assert [] == delivery_report.blocked(casework.engine)


def test_a_claim_for_the_day_is_won_once(casework_on_both, now):
    """Two sweeps at once, one day: one of them writes the digests. The next day it is free again."""
    with writing(casework_on_both.engine) as connection:
        won = [heartbeat.once(connection, "digest", now, day) for day in ("2026-12-01", "2026-12-01", "2026-12-02")]
    assert [True, False, True] == won
