"""Steps, lengths and channels of a partnership's file that would be taken and then be nothing: `check` says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from driver.partnership import example_as_one, own_step, with_local

import config
from config.own_steps import to_know
from safeguarding.errors import RulebookInvalid

TODAY = date(2026, 11, 30)
HUDDLE = {"id": "own.huddle_held", "words": "the huddle was held"}


def said_of(path: Path, *steps: dict[str, Any], **besides: Any) -> list[str]:
    """What `check` says of the example with these steps more."""
    file = with_local(path, [*example_as_one()["local"], *steps], milestones=[HUDDLE], **besides)
    return to_know(config.load(file), TODAY)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (
            own_step("local.a.never", 5, starts="notification_sent", settled_by="first_draft_received"),
            "never (local.a.never) never begins: that the notification was sent to the national Panel "
            "(notification_sent) happens in no review of adults",
        ),
        (
            own_step("local.a.unmet", 5, starts="referral_received", settled_by="notification_sent"),
            "(local.a.unmet) never is met",
        ),
        (
            own_step("local.c.circle", 5, starts=HUDDLE["id"], settled_by=HUDDLE["id"]),
            "(local.c.circle) is met by what it begins with (own.huddle_held)",
        ),
    ],
    ids=["of the other track", "met on the other track", "met as it begins"],
)
def test_a_step_that_nobody_would_ever_owe_is_named(tmp_path: Path, step: dict[str, Any], words: str) -> None:
    """It loads, and no review would ever be asked for it, or be done with it."""
    assert any(words in line for line in said_of(tmp_path, step)), said_of(tmp_path, step)


@pytest.mark.parametrize(("unit", "length"), [("working_days", 600), ("years", 100)])
def test_a_step_that_reaches_beyond_what_can_be_counted_is_named(tmp_path: Path, unit: str, length: int) -> None:
    """Begun by the notification it would have that refused: `check` says so before any review is."""
    step = own_step("local.c.far", length, starts="notification_sent", settled_by=HUDDLE["id"], counts={"unit": unit})
    assert any("(local.c.far, " in line and "beyond what can be counted" in line for line in said_of(tmp_path, step))


def test_an_own_length_that_reaches_too_far_is_named(tmp_path: Path) -> None:
    """400 months for 4: nothing could be counted by it."""
    lengths = [{"rule": "C20", "length": 400, "unit": "months", "source": "Our protocol"}]
    assert any("(C20, every 400 months)" in line for line in said_of(tmp_path, lengths=lengths))


def test_the_examples_own_list_says_none_of_it() -> None:
    """Whatever stands in the invented partnership begins, is met and can be counted."""
    said = to_know(config.load(), TODAY)
    assert not any("never" in line or "met by what" in line or "beyond what" in line for line in said)


def faults_of(path: Path, **besides: Any) -> dict[str, str]:
    """What is wrong with the example with these keys, by key."""
    with pytest.raises(RulebookInvalid) as caught:
        config.load(with_local(path, example_as_one()["local"], **besides))
    return {fault.key: fault.problem for fault in caught.value.faults}


def test_a_role_with_two_shared_mailboxes_is_refused(tmp_path: Path) -> None:
    """The second would never have had a letter, and nobody would have known."""
    one, two = ({"role": "business_unit", "email": f"{name}@moor.example"} for name in ("one", "two"))
    assert {"channels[business_unit].role": "is given 2 times: only the first would hear. A role has one mailbox"} == (
        faults_of(tmp_path, channels=[one, two])
    )


def test_what_is_wrong_is_said_in_words_of_the_file(tmp_path: Path) -> None:
    """An empty list, a number too small, the id of a step: what to type, and which entry, by what it is called."""
    lengths = [{"rule": "A10", "length": 0, "source": "Ours"}]
    found = faults_of(tmp_path, tracks=[], lengths=lengths)
    assert "is empty: at least 1 item belongs here" == found["tracks"]
    assert "is too small: give at least 1 (it says: 0)" == found["lengths[A10].length"]
    file = with_local(tmp_path, [own_step("local.c.named", 3, starts="decided", settled_by="published")])
    file.write_text(file.read_text("utf-8").replace("local.c.named", "huddle"), "utf-8")
    with pytest.raises(RulebookInvalid) as caught:
        config.load(file)
    assert "is written local.c.name" in caught.value.faults[0].problem


FROM = {"rule": "A04", "length": 15, "source": "Our protocol of 2027, page 5", "from": date(2027, 4, 1)}


def test_an_own_length_begins_on_its_day(tmp_path: Path) -> None:
    """The protocol is of April 2027: what was asked before keeps ten working days, whenever it is counted again."""
    book = config.load(with_local(tmp_path, example_as_one()["local"], lengths=[FROM]))
    rule = book.rule("A04")
    before, after = rule.edition_on(date(2027, 3, 31)), rule.edition_on(date(2027, 4, 1))
    assert ("within 10 working days", "within 15 working days") == (
        rule.counts_on(date(2027, 3, 31)).words,
        rule.counts_on(date(2027, 4, 1)).words,
    )
    assert ("Our protocol of 2027, page 5", date(2027, 4, 1)) == (after.number.instrument, after.from_day)
    assert before is rule.edition_of(before.name, date(2027, 5, 3)), "a row that names it is counted by it"
    assert rule.due_on(date(2027, 3, 1), book.calendar) == date(2027, 3, 15)


def test_one_length_follows_another(tmp_path: Path) -> None:
    """Ours from April 2027, and another from 2028; each day has its own, and the same day twice is named."""
    later = {**FROM, "length": 20, "from": date(2028, 1, 1)}
    rule = config.load(with_local(tmp_path, example_as_one()["local"], lengths=[later, FROM])).rule("A04")
    days = (date(2027, 1, 4), date(2027, 4, 1), date(2028, 1, 4))
    assert [10, 15, 20] == [rule.edition_on(day).length for day in days]
    assert "more than one length" in faults_of(tmp_path, lengths=[FROM, FROM])["lengths[A04].rule"]


def test_a_length_from_a_day_counts_what_was_counted_before(tmp_path: Path) -> None:
    """Three weeks from a day on, where working days were counted: it is said what to write."""
    found = faults_of(tmp_path, lengths=[{**FROM, "length": 3, "unit": "weeks"}])
    assert "with 'from' it counts as before, in working_days" in found["lengths[A04].rule"]
    found = faults_of(tmp_path, lengths=[{**FROM, "from": date(2010, 1, 1)}])
    assert "begins later: leave it out" in found["lengths[A04].rule"]
