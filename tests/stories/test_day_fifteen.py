"""Day 15 is missed by one day: the breach stays, its reason is demanded, and the letter to the Panel is drafted."""

from __future__ import annotations

from datetime import date

import pytest

from safeguarding.dates.working_days import say
from safeguarding.duties.lateness import missed
from safeguarding.errors import TransitionRefused
from safeguarding.shown.blocks import blocks_of
from safeguarding.shown.late_letter import NotMissed, is_written_about, late_letter

SECRET = "Ottoline's school sent its chronology on the last morning."


def letter(case) -> list[str]:
    """What the draft says, in its order."""
    rulebook = case.records.rulebook.on(case.today)
    page = late_letter(case.review, case.records.events(case.reference), "C05", rulebook, case.today)
    said = []
    for block in blocks_of(page):
        said += block["items"] if block["kind"] == "list" else [block["words"]]
    return [one.replace("\u200b", "") for one in said]


@pytest.fixture
def late(case):
    """A child review whose rapid review goes to the Panel one working day after its day."""
    due = case.review.running("C05")[0].due_on
    with pytest.raises(NotMissed, match="is no missed date of the law that a national body is owed"):
        letter(case)
    return case.on(date(due.year, due.month, due.day)).later(3 if due.weekday() == 4 else 1)


def test_the_draft_says_what_was_due_and_how_late_it_is(late) -> None:
    """To the Panel: due when, counted how, not met yet, one working day late, and that no reason is on record."""
    due = late.review.running("C05")[0].due_on
    said = letter(late)
    assert "National Child Safeguarding Practice Review Panel" in said[said.index("To") + 1] or "Panel" in said[3]
    whole = " ".join(said)
    assert f"was due on {say(due)}: within 15 working days, counted from" in whole
    assert f"It is not met on {say(late.today)}: 1 working day late." in said
    assert "No reason is on record yet. «Give the reason for a missed date» records it." in said


def test_the_reason_is_demanded_kept_sealed_and_the_breach_stays(late) -> None:
    """Sent a day late it is late for good; without a reason nobody decides; the draft has the ground and no more."""
    late.take("conclude_rapid_review")
    with pytest.raises(TransitionRefused, match="say why"):
        late.take("decide_review", late_reason="")
    late.take("give_reason", rule="C05", ground="agency information late", reasons=SECRET)
    late.take("decide_review", late_reason="")
    late.take("record_done", what="rapid review and decision sent to the Panel")
    said = " ".join(letter(late))
    assert "agency information late" in said and SECRET not in said
    assert f"It was met on {say(late.today)}: 1 working day late." in said
    ((ended, on),) = {(duty.ended, duty.ended_on) for duty in missed(late.review, late.today) if duty.rule == "C05"}
    assert ("settled", late.today) == (ended, on)


def test_nobody_else_is_written_to(late) -> None:
    """The partnership's own dates, and what families or agencies are owed, are explained in no letter."""
    rulebook = late.records.rulebook.on(late.today)
    missed_here = {duty.rule for duty in missed(late.review, late.today)}
    assert "local.c.agency_summary_return" in missed_here
    for rule in missed_here - {"C05"}:
        with pytest.raises(NotMissed):
            late_letter(late.review, late.records.events(late.reference), rule, rulebook, late.today)
    assert not is_written_about(rulebook.rule("C03b")), "bereaved parents"
