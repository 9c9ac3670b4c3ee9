"""The same with the rules as shipped: a referral is opened for real, and its messages are read as they arrive."""

from __future__ import annotations

from datetime import timedelta

import config
from safeguarding.law.roles import ROLES
from safeguarding.notices.recipients import people_of
from safeguarding.review.events import Actor
from tasks.post.deliver import deliver_pending
from tasks.record.board import board
from tasks.record.records import open_record
from tasks.record.sweep import sweep

CANARY = "Tweety-Bird-of-4-Cage-Street"


def test_a_referral_is_told_and_chased_and_no_word_of_it_leaves_the_record(tmp_path, box, catcher, london):
    """
    A school refers a child. Everybody who must know hears, the clocks that run are chased for a month, and what
    was written about the child is in no letter and on no card.
    """
    rulebook = config.load()
    box.secrets = {name: catcher.teams_url(name) for name in ("unit", "partners", "hospital")}
    opened_at = london(2026, 11, 23, 10)
    records = open_record(f"sqlite:///{tmp_path / 'record.db'}", tmp_path, rulebook, opened_at)
    form = {
        "track": "children",
        "received_on": "2026-11-23",
        "referred_by": "agency",
        "agency": "education",
        "concern": "serious harm, abuse or neglect known or suspected",
        "summary": CANARY,
    }
    manager = rulebook.partnership.holders("business_manager")[0].id
    records.open(form, Actor(person=manager), opened_at)
    for day in range(30):
        now = opened_at + timedelta(days=day, minutes=5)
        sweep(records.engine, rulebook, now)
        done = deliver_pending(records.engine, rulebook, box, now, "sender")
        assert [] == done.reasons

    assert catcher.caught.mail > 5 and catcher.caught.teams > 1
    everything = b"".join(path.read_bytes() for path in [*catcher.letters(), *catcher.cards()])
    assert CANARY.encode() not in everything
    assert b"CSPR-2026-001" in everything
    assert [] != board(records.engine, rulebook, now.date())
    records.engine.dispose()


def test_every_rung_of_the_example_reaches_somebody():
    """Whatever role a rung of the example's ladder calls, the file has people for it."""
    rulebook = config.load()
    agencies = [agency.id for agency in rulebook.partnership.agencies]
    roles = {role for rung in rulebook.partnership.ladder for role in rung.to} - {"owner"}
    roles |= {rule.owner for rule in rulebook.rules} & set(ROLES)
    assert [] == [role for role in sorted(roles) if not people_of(role, agencies, rulebook)]
