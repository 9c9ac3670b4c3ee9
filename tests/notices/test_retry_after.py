"""A Teams endpoint that asks to be left alone: it is, for as long as it asks, by every letter and every sender."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from safeguarding.errors import NoticeUndeliverable
from safeguarding.notices.notice import NoticeDraft, Occasion
from tasks.post import retry_after
from tasks.post.deliver import GAPS, Delivered, deliver_pending
from tasks.post.letters import Letter
from tasks.post.sending import by_teams
from tasks.store import outbox
from tasks.store.session import writing

MINUTE = timedelta(minutes=1)
LETTER = Letter("CSPR-2026-003 · Rapid review", "A meeting was held.", "<p>A meeting was held.</p>")


@pytest.fixture
def deliver(rulebook, box):
    """Send what is due."""
    return lambda casework, now, name="sender": deliver_pending(casework.engine, rulebook, box, now, name)


def write(casework, now, *people, number=1, urgency="at once"):
    """Put a card for each person into the outbox."""
    drafts = [
        NoticeDraft(
            reference="CSPR-2026-003",
            occasion=Occasion.STEP_TOLD,
            person=person,
            channel="teams",
            key=f"CSPR-2026-003:{number}",
            not_before=now,
            context={
                "reference": "CSPR-2026-003",
                "stage": "Rapid review",
                "happened": "Meeting held",
                "urgency": urgency,
            },
        )
        for person in people
    ]
    with writing(casework.engine) as connection:
        outbox.write(connection, drafts, now)


def asks(catcher, workflow, retry, status=429):
    """Let the workflow refuse, and ask for so much time."""
    catcher.temper.teams_answers[workflow] = status
    catcher.temper.retry_after = retry


@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("status", [429, 503])
def test_a_card_waits_as_long_as_the_workflow_asks(casework_on_both, london, deliver, catcher, form, status):
    """
    Asked too often, the workflow wants half an hour: longer than the minute that our first gap would be.

    It is said in seconds by one server and as a date by another; both are waited for, and not a second less.
    """
    casework, now = casework_on_both, london(2026, 12, 1, 10)
    until = now + 30 * MINUTE
    date = format_datetime((until + timedelta(seconds=5)).astimezone(UTC), usegmt=True)
    asks(catcher, "police_teams", 1800 if form == "seconds" else date, status)
    write(casework, now, "police")

    assert 1 == deliver(casework, now).retried
    row = casework.sent()[0]
    assert ("pending", f"Teams could not take the card now (answer {status})") == (row.status, row.reason)
    assert until <= row.next_attempt_at <= until + timedelta(seconds=30)

    catcher.temper.teams_answers.clear()
    assert Delivered() == deliver(casework, until - timedelta(seconds=1))
    assert (0, 0) == catcher.caught
    assert Delivered(delivered=1) == deliver(casework, until + MINUTE)
    assert ("delivered", 2) == (casework.sent()[0].status, casework.sent()[0].attempts)


def test_other_cards_to_the_same_workflow_wait_too(casework_on_both, london, deliver, catcher):
    """
    The manager and the unit's shared mailbox hear over one workflow; the police have their own.

    One attempt is refused. The other card is not tried, nor is one written a minute later and met by a sender that
    has just been started; the police have theirs at once.
    """
    casework, now = casework_on_both, london(2026, 12, 1, 10)
    asks(catcher, "unit", 3600)
    write(casework, now, "manager", "role:business_unit", "police")

    assert Delivered(delivered=1, retried=1, held=1) == deliver(casework, now)

    catcher.temper.teams_answers.clear()
    write(casework, now + MINUTE, "manager", number=2)
    assert Delivered(held=1) == deliver(casework, now + MINUTE, "a sender started anew")
    assert (0, 1) == catcher.caught
    assert Delivered(delivered=3) == deliver(casework, now + 61 * MINUTE)
    assert [2, 1, 1, 1] == [row.attempts for row in casework.sent()], "what was not tried is no attempt"


def test_a_reminder_that_was_put_off_into_the_night_waits_for_the_morning(casework, london, deliver, catcher):
    """At half past five the workflow asks for an hour; by then it is evening: nine the next day."""
    now = london(2026, 12, 1, 17, 30)
    asks(catcher, "unit", 3600)
    write(casework, now, "manager", "role:business_unit", urgency="working morning")

    assert Delivered(retried=1, held=1) == deliver(casework, now)
    catcher.temper.teams_answers.clear()
    assert Delivered(held=1) == deliver(casework, now + 61 * MINUTE), "the one that was tried; the other knew"
    assert london(2026, 12, 2, 9) == casework.sent()[1].next_attempt_at
    assert Delivered(delivered=2) == deliver(casework, london(2026, 12, 2, 9))


def test_our_own_gap_is_kept_where_less_is_asked(casework, london, deliver, catcher):
    """It asks for one second; the first gap is a minute, and stays so."""
    now = london(2026, 12, 1, 10)
    asks(catcher, "police_teams", 1)
    write(casework, now, "police")
    deliver(casework, now)
    assert GAPS[0] <= casework.sent()[0].next_attempt_at - now


def test_what_one_answer_asked_is_not_held_against_the_next(catcher):
    """The second refusal asks for nothing: the half hour of the first is not remembered."""
    asks(catcher, "unit", 1800)
    with pytest.raises(NoticeUndeliverable) as first:
        by_teams(catcher.teams_url("unit"), LETTER)
    catcher.temper.retry_after = None
    with pytest.raises(NoticeUndeliverable) as second:
        by_teams(catcher.teams_url("unit"), LETTER)
    assert ("1800", "") == (first.value.retry_after, second.value.retry_after)
    assert first.value.retryable and second.value.retryable


@pytest.mark.parametrize(
    ("header", "minutes"),
    [
        ("120", 2),
        (" 120 ", 2),
        ("0", 0),
        ("Tue, 01 Dec 2026 10:03:00 GMT", 3),
        ("Tue, 01 Dec 2026 09:00:00 GMT", 0),
        ("", 0),
        ("-5", 0),
        ("soon", 0),
        ("²", 0),
        ("864000", 240),
        ("9" * 400, 240),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 240),
    ],
)
def test_what_a_header_asks(header, minutes):
    """Seconds or a date; nothing for nonsense or the past; four hours at most, whatever is asked."""
    assert minutes * MINUTE == retry_after.wait(header, datetime(2026, 12, 1, 10, tzinfo=UTC))
