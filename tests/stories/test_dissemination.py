"""What was learnt is sent to agencies, and each is chased until it says that it read it, afterwards too."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from driver.canary import CANARY
from driver.registers import rows
from driver.taught import child_review, take

from safeguarding.dates.london import london_date
from safeguarding.errors import TransitionRefused
from safeguarding.review.states import State
from safeguarding.shown.dissemination import shared_with
from safeguarding.shown.history.told import told

RULE = "local.x.learning_read"
SENT, BY = date(2026, 12, 1), date(2027, 1, 15)


def said(case) -> str:
    """What the last line of the history says."""
    event = case.records.events(case.reference)[-1]
    return told(event, case.review, case.records.rulebook).sentence


@pytest.fixture
def shared(case):
    """A briefing went to the police and to schools in December; each is to say by the middle of January."""
    return case.on(SENT).take("share_learning", answer_by=BY)


def test_each_agency_owes_its_own_word_and_its_lead_is_chased(shared) -> None:
    """Two dates of the partnership's own; the lead hears before the day and after it; who answered hears no more."""
    case = shared
    assert "D01, a briefing, was shared with Exampleshire Police and Schools and early years on Tue 1 Dec 2026" in said(
        case
    )
    assert BY == case.due(RULE, "D01:police") == case.due(RULE, "D01:education")
    assert [] == [
        one.rule for one in case.review.duties if one.rule == RULE and case.records.rulebook.rule(RULE).statutory
    ]
    case.on(date(2026, 12, 20)).take("record_learning_read", answers=["D01:police"], where=f"{CANARY} told them.")
    assert "Exampleshire Police (D01), who discussed it in team on Sun 20 Dec 2026; 14 people" in said(case)
    assert "settled" == case.duty(RULE, "D01:police").ended and not case.duty(RULE, "D01:education").ended
    case.on(date(2027, 1, 18)).sweep()
    late = case.misses(RULE)
    assert {"jules_lead"} <= {row.person for row in late} and "casey_lead" not in {row.person for row in late}
    assert all("D01, Schools and early years" in row.context["owed"] for row in late)
    assert CANARY not in str([row.context for row in late]) and "BRIEFING/2026/3" not in str([r.context for r in late])


def test_it_outlives_the_closing_and_may_begin_after_it(records) -> None:
    """The closing asks nothing of it and ends nothing; another is shared on the closed review and is owed too."""
    reference, now = child_review(records, datetime(2026, 2, 2, 10, tzinfo=UTC), last="agree_action_plan")
    sent = {"sent_on": london_date(now), "answer_by": date(2027, 3, 1)}
    take(records, reference, "share_learning", now, **sent, agencies=["police"])
    for action in records.read(reference).actions:
        take(records, reference, "update_action", now, action=action.id)
    take(records, reference, "close_review", now)
    review = records.read(reference)
    assert State.CLOSED is review.state and ["D01:police"] == [one.subject for one in review.running(RULE)]
    take(records, reference, "share_learning", now, **sent, agencies=["education"])
    assert ["D01:police", "D02:education"] == [one.subject for one in records.read(reference).running(RULE)]
    take(records, reference, "record_learning_read", now, answers=["D01:police", "D02:education"], outcome="read")
    assert () == records.read(reference).running(RULE)
    assert CANARY not in str(rows(records, "dissemination", date(2027, 4, 1)))


def test_nobody_is_waited_for_any_more(shared) -> None:
    """No word is wanted of the police: their date falls away and is not met; the page and the register say so."""
    case = shared.on(date(2027, 1, 20))
    case.take("record_learning_read", answers=["D01:police"], outcome="no reply wanted any more", people=None)
    assert "No word on what was shared is wanted any more of Exampleshire Police (D01)" in said(case)
    assert "cancelled" == case.duty(RULE, "D01:police").ended
    (shown,) = shared_with(case.review, case.records.rulebook, case.today)
    assert [("no reply wanted any more", None), ("", "overdue by 3 working days")] == [
        (one.outcome, one.standing.words if one.standing else None) for one in shown.agencies
    ]
    found = rows(case.records, "dissemination", case.today)
    assert [("no reply wanted any more", False, 0), ("no word yet", True, 3)] == [
        (one.state, one.late, one.late_working_days) for one in found
    ]


def test_the_register_counts_by_the_day_that_stands(shared) -> None:
    """Read after the day it is late; extended, it is counted by the new one; a wrong day of reading is put right."""
    case = shared.on(date(2027, 1, 13))
    case.take("extend_deadline", duty=RULE, agency_or_action="D01:education", until=date(2027, 1, 22))
    case.on(date(2027, 1, 20)).take(
        "record_learning_read",
        answers=["D01:police", "D01:education"],
        outcome="read",
        on=date(2027, 1, 20),
        people=None,
    )
    found = {one.agency: one for one in rows(case.records, "dissemination", case.today)}
    police, schools = found["Exampleshire Police"], found["Schools and early years"]
    assert (True, 3, date(2027, 1, 15)) == (police.late, police.late_working_days, police.due_on)
    assert (False, 0, date(2027, 1, 22)) == (schools.late, schools.late_working_days, schools.due_on)
    case.take(
        "record_learning_read", answers=["D01:police"], outcome="discussed in team", on=date(2027, 1, 20), people=9
    )
    (police,) = [one for one in rows(case.records, "dissemination", case.today) if one.agency == "Exampleshire Police"]
    assert ("discussed in team", 9, "a briefing", "email") == (police.state, police.people, police.what, police.how)


def test_a_wrong_sharing_is_taken_back(shared) -> None:
    """Nothing was sent: the step is taken back, nobody owes a word, and the next one has the number again."""
    case = shared.take("take_back_step")
    assert () == case.review.shared and "cancelled" == case.duty(RULE, "D01:police").ended
    assert [] == rows(case.records, "dissemination", case.today)
    case.take("share_learning")
    assert ["D01"] == [one.id for one in case.review.shared]


@pytest.mark.parametrize(
    ("step", "given", "words"),
    [
        ("share_learning", {"agencies": ["police", "police"]}, "chosen more than once"),
        ("share_learning", {"agencies": []}, "at least one is needed"),
        ("share_learning", {"agencies": ["nobody"]}, "choose one of"),
        ("share_learning", {"answer_by": date(2026, 11, 1)}, "before it was sent"),
        ("share_learning", {"sent_on": date(2030, 1, 1), "answer_by": date(2031, 1, 1)}, "in the future"),
        ("share_learning", {"document": "a whole sentence, which is none"}, "reference"),
        ("record_learning_read", {"answers": ["D02:police"]}, "choose one of"),
        ("record_learning_read", {"on": date(2026, 11, 27)}, "is before it: D01 Exampleshire Police"),
        ("record_learning_read", {"people": 0}, "How many people"),
        (
            "record_learning_read",
            {"outcome": "no reply wanted any more", "people": 9},
            "«How many people» counts those who read or discussed it: leave it empty",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_words(shared, step, given, words) -> None:
    """An agency twice or none, a day that does not follow another, what was never sent."""
    with pytest.raises(TransitionRefused) as refused:
        shared.take(step, **given)
    assert words in str(refused.value)


def test_what_was_said_is_not_said_again(shared) -> None:
    """Read is not read again, and whoever read it is not let off; after «read» a discussion may follow."""
    case = shared.take("record_learning_read", answers=["D01:police"], outcome="read")
    for outcome in ("read", "no reply wanted any more"):
        with pytest.raises(TransitionRefused, match=r"on record already: D01 Exampleshire Police \(read\)"):
            case.take("record_learning_read", answers=["D01:police"], outcome=outcome)
    case.take("record_learning_read", answers=["D01:police"], outcome="discussed in team")
    with pytest.raises(TransitionRefused, match="choose one of"):
        case.take("record_learning_read", answers=["D01:police"], outcome="read")
