"""What leaves the record in words is a wording that one person wrote and another approved, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from safeguarding.errors import TransitionRefused
from safeguarding.review.events import Actor, Attestation
from safeguarding.review.fold import fold
from safeguarding.shown.history.told import told
from safeguarding.shown.wordings import wordings_listed
from tasks.record.digests import write_digests
from tasks.record.shareable import shareable, shareable_of
from tasks.store import outbox
from tasks.store.tables import notices

SECRET = "Ottoline was not at home"
SHARED = "Agencies tell each other when a child is not brought."


@pytest.fixture
def learnt(case):
    """A child review with a lesson, a finding, a recommendation and its action."""
    case.on(date(2026, 12, 1)).take("record_lesson", what=SECRET).take("record_finding").take("record_recommendation")
    return case.take("conclude_rapid_review").take("decide_review").take("add_action")


def said(case) -> str:
    """What the last line of the history says."""
    event = case.records.events(case.reference)[-1]
    return told(event, case.review, case.records.rulebook).sentence


def test_one_wrong_number_hides_nothing_else_that_is_wrong(learnt) -> None:
    """Of four that are chosen one is unknown, one is doubled, and those that are known are one's own: all is said."""
    case = learnt.take("write_wording", by="alex_example", item="R01", wording=SHARED)
    case.take("write_wording", by="alex_example", item="L01", wording=SHARED)
    with pytest.raises(TransitionRefused) as refused:
        case.take("approve_wordings", by="alex_example", wordings=["W01", "W99", "W01", "W02"])
    said_of_it = str(refused.value)
    for words in ("Wordings: choose one of W01, W02", "chosen more than once: Wordings", "you wrote W01, W02:"):
        assert words in said_of_it
    with pytest.raises(TransitionRefused) as refused:
        case.take("approve_wordings", by="alex_example", wordings=["W99"])
    assert "you wrote" not in str(refused.value)


def test_only_what_somebody_else_approved_may_be_shared(learnt) -> None:
    """Written, it is not shared; whoever wrote it cannot approve it; approved by another it is, and nothing else is."""
    case = learnt.take("write_wording", by="alex_example", item="R01", wording=SHARED)
    assert "Wording W01 of R01 was written" in said(case)
    assert {} == shareable(case.records)
    with pytest.raises(TransitionRefused, match="you wrote W01: a wording is approved by somebody else"):
        case.take("approve_wordings", by="alex_example", wordings=["W01"])
    case.take("approve_wordings", by="glenn_sample", wordings=["W01"])
    assert "Wording W01 was approved to be shared" in said(case)
    assert {(case.reference, "R01"): SHARED} == shareable(case.records)
    assert {"R01": SHARED} == shareable_of(case.records, case.review)
    line = wordings_listed(case.review, case.records.rulebook.partnership)[0]
    assert ("R01", "Alex Example", "approved", "Glenn Sample") == (line.of, line.by, line.stands, line.approved_by)
    events = case.records.events(case.reference)
    assert SHARED not in "".join(event.model_dump_json(exclude={"sealed"}) for event in events), "it stays sealed"


def test_whoever_wrote_it_does_not_enter_its_approval_from_minutes(learnt) -> None:
    """Alex wrote it and would enter for Glenn what a meeting approved: somebody else enters it."""
    case = learnt.take("write_wording", by="alex_example", item="R01", wording=SHARED)
    entered = Actor(
        person="glenn_sample", attestation=Attestation.MINUTED, minute="MIN/2026/9", entered_by="alex_example"
    )
    given = {"wordings": ["W01"], "approved_on": "2026-12-01"}
    with pytest.raises(TransitionRefused, match="you wrote W01"):
        case.records.attempt(case.reference, "approve_wordings", given, entered, case.at)


def test_whoever_typed_a_wording_for_a_meeting_does_not_approve_it(learnt) -> None:
    """
    Alex types in what a meeting had Billie write. Neither approves it, nor has a hand in the approval of another.
    Glenn, who did neither, approves it.
    """
    case = learnt
    typed = Actor(person="billie_example", attestation=Attestation.MINUTED, minute="SP/1", entered_by="alex_example")
    case.records.attempt(case.reference, "write_wording", {"item": "R01", "wording": SHARED}, typed, case.at)
    assert ("billie_example", "alex_example") == (case.review.wordings[0].by, case.review.wordings[0].entered_by)
    for person, words in (("alex_example", "you typed in W01"), ("billie_example", "you wrote W01")):
        with pytest.raises(TransitionRefused, match=f"{words}: a wording is approved by somebody else"):
            case.take("approve_wordings", by=person, wordings=["W01"])
    given = {"wordings": ["W01"], "approved_on": "2026-12-01"}
    for named, entering, words in (
        ("glenn_sample", "alex_example", "you typed in W01"),
        ("alex_example", "charlie_example", "who is named typed in W01"),
        ("billie_example", "charlie_example", "who is named wrote W01"),
    ):
        entered = Actor(person=named, attestation=Attestation.MINUTED, minute="SP/2", entered_by=entering)
        with pytest.raises(TransitionRefused, match=words):
            case.records.attempt(case.reference, "approve_wordings", given, entered, case.at)
    case.take("approve_wordings", by="glenn_sample", wordings=["W01"])
    assert {(case.reference, "R01"): SHARED} == shareable(case.records)


def test_a_wording_that_a_meeting_wrote_waits_for_none_of_its_two_hands(learnt) -> None:
    """Alex typed in what Billie wrote: it is in the letter of Glenn, and in neither of theirs."""
    typed = Actor(person="billie_example", attestation=Attestation.MINUTED, minute="SP/1", entered_by="alex_example")
    given = {"item": "R01", "wording": SHARED}
    learnt.records.attempt(learnt.reference, "write_wording", given, typed, learnt.at)
    assert "W01 waits to be approved" in in_the_digest(learnt, "glenn_sample")
    for person in ("alex_example", "billie_example"):
        assert "W01" not in in_the_digest(learnt, person)


def test_a_later_wording_takes_the_place_of_an_earlier_for_good(learnt) -> None:
    """Of two approved wordings of one item the later is shared; withdrawn, neither is: the earlier held a name."""
    case = learnt
    for words in ("An earlier wording.", "A later wording."):
        case.take("write_wording", by="alex_example", item="A01", wording=words)
    case.take("approve_wordings", by="glenn_sample", wordings=["W01", "W02"])
    assert "Wordings W01 and W02 were approved" in said(case)
    assert {(case.reference, "A01"): "A later wording."} == shareable(case.records)
    assert "replaced by a later one" == wordings_listed(case.review, case.records.rulebook.partnership)[1].stands
    case.take("withdraw_wordings", wordings=["W02"])
    assert {} == shareable(case.records)
    case.take("withdraw_wordings", wordings=["W01"])
    assert {} == shareable(case.records)
    with pytest.raises(TransitionRefused):
        case.take("approve_wordings", by="glenn_sample", wordings=["W01"])


def test_an_approval_that_is_taken_back_shares_nothing(learnt) -> None:
    """The wrong wording was approved: the step is taken back, and it is not shared."""
    case = learnt.take("write_wording", by="alex_example", item="summary", wording=SHARED)
    case.take("approve_wordings", by="glenn_sample", wordings=["W01"])
    assert {(case.reference, "summary"): SHARED} == shareable(case.records)
    case.take("take_back_step")
    assert {} == shareable(case.records) and "" == case.review.wordings[0].approved_by
    assert {} == shareable(case.records, ["SAR-2026-001"]), "of another review there is none"


def test_an_earlier_wording_does_not_come_back_when_an_approval_is_taken_back(learnt) -> None:
    """
    W01 holds a name and was replaced by W02. The approval of W02 is taken back, then a step before it too: nothing of
    R01 is shared until somebody approves one of the two anew.
    """
    case = learnt.take("write_wording", by="alex_example", item="R01", wording=SECRET)
    case.take("approve_wordings", by="glenn_sample", wordings=["W01"]).take("record_lesson")
    case.take("write_wording", by="alex_example", item="R01", wording=SHARED)
    case.take("approve_wordings", by="glenn_sample", wordings=["W02"])
    assert {(case.reference, "R01"): SHARED} == shareable(case.records)
    for _ in range(3):  # The approval, the writing of W02, the lesson before both.
        case.take("take_back_step")
        assert {} == shareable(case.records)
    (first,) = case.review.wordings
    assert ("W01", False, "not approved yet") == (first.id, first.shareable, first.stands)
    case.take("approve_wordings", by="glenn_sample", wordings=["W01"])
    assert {(case.reference, "R01"): SECRET} == shareable(case.records)


def test_a_withdrawn_wording_does_not_come_back_with_a_step_before_it(learnt) -> None:
    """
    W01 was withdrawn for a name. A wrong step before that is taken back, and the withdrawal with it: W01 is to be read
    and approved again before anybody outside reads it. A wording of another item stays shared.
    """
    case = learnt.take("write_wording", by="alex_example", item="R01", wording=SECRET)
    case.take("write_wording", by="alex_example", item="L01", wording=SHARED)
    case.take("approve_wordings", by="glenn_sample", wordings=["W01", "W02"]).take("record_lesson")
    case.take("withdraw_wordings", wordings=["W01"])
    line = str(case.review.before[-2].line)
    case.take("take_back_step", line=line, followed="take back what followed it too")
    assert {(case.reference, "L01"): SHARED} == shareable(case.records)
    assert ["not approved yet", "approved"] == [one.stands for one in case.review.wordings]
    assert case.review == fold(case.records.events(case.reference)), "made of its lines again it is the same"


def test_a_number_that_was_taken_back_is_not_used_again(learnt) -> None:
    """Glenn reads W01; Alex takes it back and writes another, with a name: what Glenn sends approves nothing."""
    case = learnt.take("write_wording", by="alex_example", item="R01", wording=SHARED)
    case.take("take_back_step", by="alex_example").take("write_wording", by="alex_example", item="R01", wording=SECRET)
    assert ["W02"] == [one.id for one in case.review.wordings]
    with pytest.raises(TransitionRefused, match="choose one of W02"):
        case.take("approve_wordings", by="glenn_sample", wordings=["W01"])


def test_what_is_refused_has_no_open_action(learnt) -> None:
    """An action for the recommendation is open: it is withdrawn first, or the partners' «no» would contradict it."""
    case = learnt.take("add_action", recommendation="R01")
    number, refused = case.review.actions[-1].id, {"recommendation": "R01", "decision": "will not be implemented"}
    with pytest.raises(TransitionRefused, match=f"{number} is for R01 and is not done"):
        case.take("decide_recommendation", **refused, reasons="The service ended.")
    left = {"status": "withdrawn", "note": "The service ended.", "grade": "none", "evidence": ""}
    case.take("update_action", by="glenn_sample", action=number, **left)
    case.take("decide_recommendation", **refused, reasons="The service ended.")
    with pytest.raises(TransitionRefused, match="R01 will not be implemented: decide otherwise on it first"):
        case.take("add_action", recommendation="R01")
    with pytest.raises(TransitionRefused, match="R01 will not be implemented"):
        case.take("update_action", by="glenn_sample", action=number, status="reopened")


def test_a_chair_of_another_review_does_not_approve(learnt) -> None:
    """Nobody approves what they may not read: a chair who is not appointed here is refused in words."""
    case = learnt.take("write_wording", by="alex_example", item="R01", wording=SHARED)
    with pytest.raises(TransitionRefused, match="somebody who may read this review's sealed words"):
        case.take("approve_wordings", by="ollie_specimen", wordings=["W01"])


@pytest.mark.parametrize(
    ("step", "given", "words"),
    [
        ("write_wording", {"item": "R09"}, "choose one of"),
        ("write_wording", {"wording": ""}, "is needed"),
        ("write_wording", {"wording": "x" * 4001}, "at most 4,000"),
        ("approve_wordings", {"wordings": ["W01", "W01"]}, "chosen more than once"),
        ("approve_wordings", {"wordings": []}, "at least one is needed"),
        ("approve_wordings", {"approved_on": date(2030, 1, 1)}, "in the future"),
        ("approve_wordings", {"approved_on": date(2026, 11, 30)}, "is before it: W01 was written on"),
        ("withdraw_wordings", {"withdrawn_on": date(2026, 11, 30)}, "is before it: W01 was written on"),
        ("withdraw_wordings", {"reason": ""}, "is needed"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(learnt, step, given, words) -> None:
    """An item that is not there, no words or too many, a wording twice, a day to come."""
    case = learnt.take("write_wording", by="alex_example", item="R01", wording=SHARED)
    with pytest.raises(TransitionRefused) as refused:
        case.take(step, by="glenn_sample", **given)
    assert words in str(refused.value)


def refused(case, step: str, by: str = "glenn_sample", **given) -> tuple[str, ...]:
    """Everything for which a step is refused."""
    with pytest.raises(TransitionRefused) as why:
        case.take(step, by=by, **given)
    return why.value.unmet


@pytest.mark.parametrize("chosen", [["W01"], []])
def test_where_there_is_nothing_to_choose_it_is_said_what_is_done_first(learnt, chosen) -> None:
    """No wording was written: not «one of none», but what is missing, whether something was chosen or not."""
    words = "Wordings: there is nothing to choose: no wording waits to be approved: first somebody else presses"
    said = refused(learnt, "approve_wordings", wordings=chosen)
    assert [True] == [one.startswith(words) for one in said], said


def test_an_answer_that_is_none_of_the_list_hides_nothing_else(learnt) -> None:
    """A strange wording, approved tomorrow: both are named; and so is a strange action beside a day that is none."""
    case = learnt.take("write_wording", by="alex_example", item="R01", wording=SHARED)
    said = refused(case, "approve_wordings", wordings=["W09"], approved_on=date(2027, 1, 1))
    assert [
        "«Approved on»: Fri 1 Jan 2027 is in the future: today is Tue 1 Dec 2026",
        "Wordings: choose one of W01",
    ] == [*said]
    said = refused(case, "update_action", by="alex_example", action="A77", on="soon", status="finished")
    assert 3 == len(said) and any(one.startswith("Action: choose one of ") for one in said), said


def in_the_digest(case, person: str) -> str:
    """What the digest of Monday 7 December says that waits for somebody."""
    write_digests(case.records.engine, case.records.rulebook, case.on(date(2026, 12, 7)).at)
    with case.records.engine.connect() as connection:
        rows = connection.execute(outbox.FULL.where(notices.c.occasion.in_(("digest", "weekly_summary")))).all()
    found = [row.context for row in rows if row.person == person]
    return " ".join(str(one.get("needs_me", "")) + str(one.get("waiting_on_you", "")) for one in found)


def test_what_waits_to_be_approved_is_in_the_digest_of_whoever_may(learnt) -> None:
    """Glenn's summary has it, and no word of it; the letter of Alex, who wrote it, has not."""
    learnt.take("write_wording", by="alex_example", item="R01", wording=SHARED)
    said = in_the_digest(learnt, "glenn_sample")
    assert f"{learnt.reference} · W01 waits to be approved · wording to share" in said and SHARED not in said
    assert "W01" not in in_the_digest(learnt, "alex_example")
