"""Whoever owns an action is told when it is added, changed or handed to them: once, and nothing sealed with it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tasks.post.letters import Letter, write_letter
from tasks.record.delivering import wording_of
from tasks.store import outbox
from tasks.store.tables import notice_facts, notices

SECRET = "Ottoline Nightingale is asked after"


@pytest.fixture
def decided(case):
    """A child review that was decided on Tuesday 1 December 2026."""
    return case.on(date(2026, 12, 1)).take("conclude_rapid_review").take("decide_review")


def letters(case, person: str) -> list[tuple[str, dict[str, Any]]]:
    """What somebody was told by the last line of the record: on which occasion, and the facts."""
    query = outbox.FULL.where(notice_facts.c.reference == case.reference, notices.c.person == person)
    key = f"{case.reference}:{case.review.version}"
    with case.records.engine.connect() as connection:
        rows = connection.execute(query.order_by(notices.c.id)).all()
    return [(row.occasion, dict(row.context)) for row in rows if row.key == key]


def written(facts: dict[str, Any], **more: str) -> Letter:
    """The letter as it leaves, with the address of the review's page."""
    return write_letter("action_owned", facts | {"link": "https://people.example/reviews/CSPR-2026-001"} | more)


def test_a_new_owner_is_told_where_and_by_when(decided) -> None:
    """Jules owns A01, due on 29 January: number, review, day and the way to its form; no word of what it says."""
    decided.take("add_action", due_on=date(2027, 1, 29), what=SECRET, measure=SECRET, change=SECRET, blocked=SECRET)
    ((occasion, facts),) = letters(decided, "jules_lead")
    assert ("action_owned", "A01", "2027-01-29") == (occasion, facts["action"], facts["due_on"])
    letter = written(facts)
    assert f"{decided.reference} · {facts['stage']} · A01 is yours · due Fri 29 Jan 2027" == letter.subject
    assert "https://people.example/reviews/CSPR-2026-001/do/update_action?row=A01" in letter.html
    assert "this message does not say it" in letter.markdown
    assert "Ottoline" not in letter.subject + letter.markdown + str(facts)


def test_whoever_changes_what_is_theirs_is_not_told_of_it(decided) -> None:
    """The manager owns an action that she adds herself."""
    decided.take("add_action", by="alex_example", owner="alex_example")
    assert "action_owned" not in [occasion for occasion, _ in letters(decided, "alex_example")]


def test_an_owner_is_told_of_another_day_and_what_it_was(decided) -> None:
    """Once, and not of a date that moved besides; where another thing changes the earlier day is not said again."""
    decided.take("add_action", due_on=date(2027, 1, 29)).take("change_action", due_on=date(2027, 2, 5))
    ((occasion, facts),) = letters(decided, "jules_lead")
    assert ("action_owned", "Fri 29 Jan 2027") == (occasion, facts["was_due"])
    decided.take("change_action", due_on=None, priority="low")
    ((_, facts),) = letters(decided, "jules_lead")
    assert "was_due" not in facts


def test_several_actions_are_one_letter(decided) -> None:
    """A plan gives Jules one action and the police another; handed over, the director has both of Jules's at once."""
    decided.take("add_action_plan").take("add_action")
    decided.take("hand_over", leaver="jules_lead", successor="jordan_director")
    ((occasion, facts),) = letters(decided, "jordan_director")
    assert ("action_owned", "A01", "1") == (occasion, facts["action"], facts["also_owned"])
    assert "Yours besides, by the same step:** 1 more" in written(facts).markdown
    assert [] == letters(decided, "jules_lead")


def test_the_approved_wording_is_in_the_letter_and_no_other(decided) -> None:
    """It is asked for when the letter leaves: approved it is said, before that and withdrawn it is not."""
    decided.take("add_action", what=SECRET)
    facts = letters(decided, "jules_lead")[0][1]
    decided.take("write_wording", item="A01", wording="Every school\nasks after an absent child.", by="billie_example")
    assert "" == wording_of(decided.records, decided.reference, "A01")
    decided.take("approve_wordings", wordings=["W01"], by="alex_example")
    words = wording_of(decided.records, decided.reference, "A01")
    assert "Every school asks after an absent child." == words
    assert "as it may be shared:** Every school asks after an absent child." in written(facts, wording=words).markdown
    decided.take("withdraw_wordings", wordings=["W01"])
    assert "" == wording_of(decided.records, decided.reference, "A01")
