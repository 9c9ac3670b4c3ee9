"""A step that makes a date overdue tells it in its own transaction, on both databases: all of it, or nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from benchmarks.transitions import FIRST
from sqlalchemy import func, select, text

from flows.demo.answers import answer, signer
from safeguarding.stages import STEPS
from tasks.record.claim_rungs import told_since_shown
from tasks.record.records import Records, Taken
from tasks.record.sweep import sweep
from tasks.store import outbox
from tasks.store.session import reading, writing
from tasks.store.tables import deadlines, notices, rungs

Walk = Callable[..., str]

LATER = FIRST + timedelta(days=30)


def record_awareness(records: Records, reference: str, at: datetime = LATER) -> Taken:
    """The awareness of a month ago is recorded: five working days from it have long passed."""
    raw = answer("assess_notification", records.read(reference), at.date(), aware_on=FIRST.date())
    return records.attempt(reference, "assess_notification", raw, signer(STEPS["assess_notification"].by), at)


def missed(records: Records) -> list[tuple[int, str]]:
    """Every notice that a day has passed: its number and its person."""
    query = outbox.FULL.where(notices.c.occasion == "due_missed").order_by(notices.c.id)
    with reading(records.engine) as connection:
        return [(row.id, row.person) for row in connection.execute(query)]


def test_the_claims_the_next_rung_and_the_notices_are_written_with_the_step(records: Records, walked: Walk) -> None:
    """Two dates start overdue. Their rungs are claimed, the sweep tells nobody again, a rebuild changes nothing."""
    reference = walked(1)
    sweep(records.engine, records.rulebook, LATER - timedelta(minutes=5))
    before_it = missed(records)

    step = record_awareness(records, reference)

    assert {"C01", "C02"} <= {told.rule for told in step.told}
    told = missed(records)
    assert {"glenn_sample", "alex_example"} <= {person for _, person in told[len(before_it) :]}
    with reading(records.engine) as connection:
        rows = select(deadlines.c.rule, deadlines.c.next_rung_at).where(deadlines.c.rule.in_(("C01", "C02")))
        before = connection.execute(rows.order_by(deadlines.c.rule)).all()
        assert {LATER} == set(connection.execute(select(rungs.c.claimed_at).where(rungs.c.rule == "C01")).scalars())
    assert all(at is None or at > LATER for _, at in before)

    sweep(records.engine, records.rulebook, LATER + timedelta(minutes=15))
    records.rebuild()

    assert told == missed(records)
    with reading(records.engine) as connection:
        assert before == connection.execute(rows.order_by(deadlines.c.rule)).all()


def test_a_step_that_is_not_written_tells_nobody(records: Records, walked: Walk) -> None:
    """The database fails while the notices are written: no line, no claim, no notice; afterwards all of them."""
    reference = walked(1)
    lines = len(records.events(reference))
    with records.engine.begin() as connection:
        connection.execute(text("ALTER TABLE notices RENAME TO notices_away"))

    with pytest.raises(Exception, match="notices"):
        record_awareness(records, reference)

    with records.engine.begin() as connection:
        connection.execute(text("ALTER TABLE notices_away RENAME TO notices"))
        assert 0 == connection.execute(select(func.count()).select_from(rungs)).scalar_one()
    assert (lines, []) == (len(records.events(reference)), missed(records))
    assert record_awareness(records, reference).told


def test_what_a_step_told_is_in_the_account_of_the_next_sweep_once(records: Records, walked: Walk) -> None:
    """By rule, with everybody who is told, and never a second time."""
    step = record_awareness(records, walked(1))

    with writing(records.engine) as connection:
        shown = told_since_shown(connection, LATER)
        again = told_since_shown(connection, LATER)

    def plain(told: tuple[object, ...]) -> set[tuple[str, str, str, int, frozenset[str]]]:
        return {(one.rule, one.rung, one.standing, one.missed, frozenset(one.people)) for one in told}  # type: ignore[attr-defined]

    assert plain(step.told) == plain(shown)
    assert () == again


def test_a_review_that_was_entered_late_tells_once_what_is_unmet(records: Records) -> None:
    """On both databases: the dates that had passed tell nobody on that day; the night after each is told, once."""
    opened = answer("open_referral", None, FIRST.date(), under_way_since=FIRST.date())
    reference = records.open(opened, signer(STEPS["open_referral"].by), LATER).review.reference
    assessed = answer("assess_notification", records.read(reference), FIRST.date())
    signs = signer(STEPS["assess_notification"].by)
    assert not records.attempt(reference, "assess_notification", assessed, signs, LATER + timedelta(minutes=3)).told
    sweep(records.engine, records.rulebook, LATER + timedelta(minutes=5))
    with reading(records.engine) as connection:
        assert 0 == connection.execute(select(func.count()).select_from(notices)).scalar_one()
    records.rebuild()
    for hours in (18, 19):
        assert () == sweep(records.engine, records.rulebook, LATER + timedelta(hours=hours)).faults
    with reading(records.engine) as connection:
        found = [tuple(row) for row in connection.execute(select(notices.c.occasion, notices.c.person, notices.c.key))]
    assert {("entered_late", "role:business_unit")} == {row[:2] for row in found if row[0] != "due_missed"}
    of_law = {(person, key.split(":")[1]) for occasion, person, key in found if occasion == "due_missed"}
    assert {("sam_sample", "C01"), ("sam_sample", "C02"), ("glenn_sample", "C01"), ("alex_example", "C01")} <= of_law
    sweep(records.engine, records.rulebook, LATER + timedelta(hours=20))
    with reading(records.engine) as connection:
        assert len(found) == connection.execute(select(func.count()).select_from(notices)).scalar_one()
    assert () == tuple(records.verify())
