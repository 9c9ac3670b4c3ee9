"""Who says how an action stands, on what evidence, who may verify it, and how far its day moves."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from driver.registers import rows, sound

from flows.demo.answers import answer
from safeguarding.errors import TransitionRefused
from safeguarding.review.events import Actor, Attestation
from safeguarding.review.learning_entries import ActionMoved

VERIFIED = {"status": "verified", "grade": "document", "evidence": "EX-AUD-4, p. 3", "note": "An audit of twelve."}


@pytest.fixture
def decided(case):
    """A child review that was decided on Tuesday 1 December 2026."""
    return case.on(date(2026, 12, 1)).take("conclude_rapid_review").take("decide_review")


def refused(case, by: str, **changes) -> str:
    """Why an update is refused that this person signs."""
    with pytest.raises(TransitionRefused) as why:
        case.take("update_action", by=by, action="A01", **changes)
    return str(why.value)


def test_an_action_with_its_role_priority_and_what_it_waits_for(decided) -> None:
    """The second waits for the first: the register says so, and no sealed word is in it."""
    decided.take("add_action", role="agency_lead", priority="low")
    decided.take("add_action", blocked_by=["A01"], blocked="Nobody can pay for it.", change="Secret change.")
    first, second = decided.review.actions
    assert ("agency_lead", "low", ()) == (first.role, first.priority, first.blocked_by)
    assert ("high", ("A01",), True) == (second.priority, second.blocked_by, second.blocked)
    assert sound(decided.records, decided.today)
    one, two = rows(decided.records, "actions", decided.today)
    assert ("agency safeguarding lead", "low", "") == (one.role, one.priority, one.waits_for)
    assert ("A01", True) == (two.waits_for, two.blocked)
    assert "Secret" not in str(two) and "pay" not in str(two)
    decided.take("update_action", action="A01", **VERIFIED)
    assert "" == rows(decided.records, "actions", decided.today)[1].waits_for


def test_a_role_that_the_owner_does_not_hold(decided) -> None:
    """The schools' lead is no director: an action is not theirs as one."""
    with pytest.raises(TransitionRefused, match="the owner is not agency director in the file"):
        decided.take("add_action", role="agency_director")


def test_an_action_answers_a_lesson_at_once(decided) -> None:
    """Nothing is recommended yet: the lesson's themes are the action's."""
    decided.take("record_lesson", themes=["voice"]).take("add_action", lesson="L01")
    assert ("L01", ("voice",)) == (decided.review.actions[0].lesson, decided.review.actions[0].themes)


def test_no_action_waits_for_itself(decided) -> None:
    """Neither at once nor over another one; what is in its way is said."""
    decided.take("add_action").take("add_action", blocked_by=["A01"])
    stands = {"status": "in progress", "grade": "none", "note": ""}
    assert "A01 waits for A01 itself" in refused(decided, "alex_example", blocked_by=["A01"], **stands)
    assert "A02 waits for A01 itself" in refused(decided, "alex_example", blocked_by=["A02"], **stands)
    assert "say what is in its way" in refused(decided, "alex_example", blocked="yes", **stands)
    decided.take("update_action", action="A01", blocked="yes", status="in progress", grade="none", note="No money.")
    assert decided.review.actions[0].blocked
    decided.take("update_action", action="A01", blocked="no", status="in progress", grade="none")
    assert not decided.review.actions[0].blocked


def test_whoever_owns_an_action_says_how_it_stands(decided) -> None:
    """The director of the schools owns it and holds no role that updates actions; a lead updates their own agency's."""
    decided.take("add_action", owner="jordan_director")
    progress = {"status": "in progress", "grade": "none", "note": "Two schools of three."}
    decided.take("update_action", by="jordan_director", action="A01", **progress)
    decided.take("update_action", by="jules_lead", action="A01", **progress)
    said = refused(decided, "casey_lead", **progress)
    assert "A01 is updated by its owner, the lead of its agency, the unit or the partners" in said
    assert "may not take this step" in refused(decided, "corey_director", **progress)


def test_the_owner_of_one_action_does_not_update_anothers(decided) -> None:
    """To own one action is no leave to say how the police's stands."""
    decided.take("add_action", agency="police", owner="casey_lead").take("add_action", owner="jordan_director")
    assert "A01 is updated by its owner" in refused(decided, "jordan_director", status="in progress", grade="none")


def test_a_refusal_to_verify_names_everything_at_once(decided) -> None:
    """An assertion without words or a reference, by who added it and had submitted its evidence: all of it is said."""
    decided.take("add_action", by="alex_example")
    decided.take(
        "update_action",
        by="alex_example",
        action="A01",
        status="evidence submitted",
        grade="document",
        evidence="EX-AUD-7",
    )
    said = refused(decided, "alex_example", status="verified", grade="assertion", evidence="", note="")
    for words in (
        "needs better evidence than 'assertion'",
        "'verified' says what the evidence shows",
        "'verified' needs a reference of the evidence, or where it is kept",
        "A01 is verified by somebody else: the signer added it and submitted its evidence",
    ):
        assert words in said


@pytest.mark.parametrize("status", ["verified", "embedded"])
def test_who_submitted_the_evidence_does_not_judge_it(decided, status: str) -> None:
    """Billie of the unit sent it in; Charlie of the unit verifies, and Billie does not say that it is embedded."""
    decided.take("add_action").take("update_action", by="billie_example", action="A01", status="in progress")
    if status == "embedded":
        decided.take("update_action", by="charlie_example", action="A01", **VERIFIED)
    judged = VERIFIED | {"status": status, "grade": "data"}
    assert "submitted its evidence" in refused(decided, "billie_example", **judged)
    decided.take("update_action", by="charlie_example", action="A01", **judged)
    assert (status, "EX-AUD-4, p. 3") == (decided.review.actions[0].status, decided.review.actions[0].evidence)


def test_no_agency_verifies_its_own_through_its_partner(decided) -> None:
    """Harper decides for the police: an action of the police is verified by another partner's delegate."""
    decided.take("add_action", agency="police", owner="casey_lead")
    assert "the signer is of its agency" in refused(decided, "harper_sample", **VERIFIED)
    decided.take("update_action", by="glenn_sample", action="A01", **VERIFIED)
    assert "glenn_sample" == decided.review.actions[0].verified_by


def test_a_day_moves_once_and_not_far_and_then_the_partners_move_it(decided) -> None:
    """Ten working days are this partnership's own most: the unit moves by those once, and the partners thereafter."""
    decided.take("add_action", due_on=date(2027, 1, 29))
    with pytest.raises(TransitionRefused, match="no further than Fri 12 Feb 2027, 10 working days"):
        decided.take("change_action", due_on=date(2027, 2, 15))
    decided.take("change_action", due_on=date(2027, 2, 12))
    with pytest.raises(TransitionRefused, match="was moved before, from Fri 29 Jan 2027"):
        decided.take("change_action", due_on=date(2027, 2, 15))
    decided.take("change_action", by="nico_specimen", due_on=date(2027, 2, 10))
    decided.take("change_action", by="harper_sample", due_on=date(2027, 6, 30))
    assert (date(2027, 1, 29), 2) == (decided.review.actions[0].first_due_on, decided.review.actions[0].postponed)
    (row,) = rows(decided.records, "actions", decided.today)
    assert (date(2027, 1, 29), date(2027, 6, 30), 2) == (row.first_due_on, row.due_on, row.postponed)


def test_a_new_owner_has_no_role_until_one_is_said(decided) -> None:
    """The role was the former owner's; a priority may change alone."""
    decided.take("add_action", role="agency_lead", priority="low")
    decided.take("change_action", due_on=None, owner="casey_lead", agency="police")
    decided.take("change_action", due_on=None, priority="high")
    (action,) = decided.review.actions
    assert ("casey_lead", "", "high") == (action.owner, action.role, action.priority)


LEFT = {"status": "withdrawn", "grade": "none", "evidence": "", "note": "It is another's."}
PROGRESS = {"status": "in progress", "grade": "none", "evidence": "", "note": "Two schools of three."}


@pytest.mark.parametrize("end", [VERIFIED, LEFT, LEFT | {"status": "superseded"}])
def test_an_action_that_is_done_goes_on_only_by_being_reopened(decided, end) -> None:
    """Progress or a second end is refused: it would be undone without a day. Reopened it is owed again."""
    decided.take("add_action").take("update_action", by="charlie_example", action="A01", **end)
    assert not decided.duty("local.x.action_done", "A01").running
    for again in (PROGRESS, PROGRESS | {"status": "evidence submitted"}, VERIFIED, LEFT):
        said = refused(decided, "glenn_sample", **again)
        assert f"A01 is {end['status']}: first say «reopened», which gives it its day again" in said
    decided.take("update_action", by="glenn_sample", action="A01", **PROGRESS | {"status": "reopened"})
    assert decided.duty("local.x.action_done", "A01").running
    decided.take("update_action", by="jules_lead", action="A01", **PROGRESS)
    assert decided.duty("local.x.action_done", "A01").running


def test_an_action_that_is_not_done_is_not_reopened(decided) -> None:
    """Its clock runs: there is nothing to open again, neither at once nor a second time."""
    decided.take("add_action")
    reopened = PROGRESS | {"status": "reopened"}
    assert "A01 is agreed: only what is done is reopened" in refused(decided, "alex_example", **reopened)
    decided.take("update_action", by="charlie_example", action="A01", **LEFT)
    decided.take("update_action", by="charlie_example", action="A01", **reopened)
    assert "A01 is reopened: only what is done is reopened" in refused(decided, "alex_example", **reopened)


def test_whoever_owned_an_action_before_does_not_verify_it(decided) -> None:
    """Alex of the unit hands it to the police's lead, and stays bound; another of the unit is not."""
    decided.take("add_action", by="glenn_sample", agency="police", owner="alex_example")
    decided.take("hand_over", by="billie_example", leaver="alex_example", successor="casey_lead")
    assert "A01 is verified by somebody else: the signer owned it before" in refused(
        decided, "alex_example", **VERIFIED
    )
    decided.take("update_action", by="billie_example", action="A01", **VERIFIED)


def test_an_agency_that_had_an_action_before_does_not_verify_it(decided) -> None:
    """The police's action passes to the schools: who decides for the police does not verify it all the same."""
    decided.take("add_action", agency="police", owner="casey_lead")
    decided.take("change_action", by="alex_example", due_on=None, agency="education", owner="jules_lead")
    assert "the signer is of an agency that had it before" in refused(decided, "harper_sample", **VERIFIED)
    decided.take("update_action", by="glenn_sample", action="A01", **VERIFIED)


def test_a_reference_is_evidence_whatever_its_grade(decided) -> None:
    """Billie names the audit and calls it «none»: it is evidence that they put there, and they do not judge it."""
    decided.take("add_action", by="alex_example")
    decided.take("update_action", by="billie_example", action="A01", **PROGRESS | {"evidence": "EX-AUD-4"})
    assert "the signer submitted its evidence" in refused(decided, "billie_example", **VERIFIED)
    decided.take("update_action", by="charlie_example", action="A01", **VERIFIED)


def test_an_owner_or_their_agency_does_not_withdraw_an_action(decided) -> None:
    """Withdrawn or replaced counts as done: the schools' lead does not say so of theirs, nor the owner in the unit."""
    decided.take("add_action").take("add_action", owner="alex_example")
    for status in ("withdrawn", "superseded"):
        left = LEFT | {"status": status}
        said = refused(decided, "jules_lead", **left)
        assert f"A01 is {status} by somebody else, of the unit, the partners or the learning group" in said
        assert "the signer owns it and is of its agency" in said
        with pytest.raises(TransitionRefused, match=r"A02 is .* by somebody else, .*: the signer owns it"):
            decided.take("update_action", by="alex_example", action="A02", **left)
    decided.take("hand_over", by="alex_example", leaver="alex_example", successor="jordan_director")
    with pytest.raises(TransitionRefused, match=r"the signer owned it before"):
        decided.take("update_action", by="alex_example", action="A02", **LEFT)
    decided.take("update_action", by="billie_example", action="A02", **LEFT)
    decided.take("update_action", by="glenn_sample", action="A01", **LEFT)
    assert ["withdrawn"] * 2 == [one.status for one in decided.review.actions]


def test_a_verified_action_is_not_withdrawn_and_its_looks_stay(decided) -> None:
    """It was done: who decides for the partners does not end its three looks by withdrawing it."""
    decided.take("add_action").take("update_action", by="charlie_example", action="A01", **VERIFIED)
    assert "A01 is verified: first say «reopened»" in refused(decided, "glenn_sample", **LEFT)
    assert decided.duty("local.x.action_impact_3", "A01").running


def test_the_lead_of_an_agency_hands_over_its_own_actions_to_its_own_people(decided) -> None:
    """The police's lead takes over nothing of the schools; the schools' lead gives theirs to their director alone."""
    decided.take("add_action").take("add_action", agency="police", owner="jules_lead")
    with pytest.raises(TransitionRefused) as why:
        decided.take("hand_over", by="casey_lead", leaver="jules_lead", successor="casey_lead")
    assert "A01 is of another agency than the signer's: the unit or a partner hands it over" in str(why.value)
    with pytest.raises(TransitionRefused, match="takes over is not of the signer's agency: the unit or a partner"):
        decided.take("hand_over", by="jules_lead", leaver="jules_lead", successor="casey_lead")
    decided.take("hand_over", by="jules_lead", leaver="jules_lead", successor="jordan_director")
    assert ["jordan_director"] * 2 == [one.owner for one in decided.review.actions]
    decided.take("hand_over", by="harper_sample", leaver="jordan_director", successor="kit_lead")
    assert ["kit_lead"] * 2 == [one.owner for one in decided.review.actions]


SUBMITTED = {"status": "evidence submitted", "grade": "none", "evidence": "", "note": "The audit lies in our safe."}
PROGRESS = {"status": "in progress", "note": "Begun."}


def test_evidence_that_is_described_and_nowhere_referred_to_binds_too(decided) -> None:
    """Billie says in words alone where it lies: submitted is submitted, and Billie does not verify it."""
    decided.take("add_action").take("update_action", by="billie_example", action="A01", **SUBMITTED)
    assert "submitted its evidence" in refused(decided, "billie_example", **VERIFIED)


def test_a_submission_that_is_taken_back_binds_its_submitter(decided) -> None:
    """Billie submits, takes it back and has Charlie send it in: neither verifies; the record opens and verifies."""
    decided.take("add_action").take("update_action", by="alex_example", action="A01", **(SUBMITTED | PROGRESS))
    decided.take("update_action", by="billie_example", action="A01", **SUBMITTED)
    for _ in range(2):  # The second takes back what stood before the submission: Billie had it in hand all the same.
        decided.take("take_back_step", by="billie_example")
    assert ("agreed", ("billie_example",)) == (decided.review.actions[0].status, decided.review.actions[0].submitted_by)
    decided.take("update_action", by="charlie_example", action="A01", **SUBMITTED)
    for person in ("billie_example", "charlie_example"):
        assert "submitted its evidence" in refused(decided, person, **VERIFIED)
    assert [] == decided.records.verify(decided.reference)
    decided.take("update_action", by="glenn_sample", action="A01", **VERIFIED)


def test_a_step_without_a_submission_is_taken_back_as_before(decided) -> None:
    """Progress that was recorded by mistake binds nobody."""
    decided.take("add_action")
    progress = {"status": "in progress", "grade": "none", "evidence": "", "note": "Begun."}
    decided.take("update_action", by="billie_example", action="A01", **progress)
    decided.take("take_back_step", by="billie_example")
    assert () == decided.review.actions[0].submitted_by
    assert () == decided.records.events(decided.reference)[-1].entries


@pytest.mark.parametrize("status", ["superseded", "withdrawn"])
def test_an_action_under_another_number_is_no_other_thing_to_verify(decided, status: str) -> None:
    """Billie added it and has Alex add another for the same recommendation: Billie verifies neither of the two."""
    decided.take("record_lesson").take("record_finding").take("record_recommendation")
    decided.take("add_action", by="billie_example", recommendation="R01")
    left = {"status": status, "grade": "none", "evidence": "", "note": "Another one stands for it."}
    decided.take("update_action", by="billie_example", action="A01", **left)
    decided.take("add_action", by="alex_example", recommendation="R01").take("add_action", by="alex_example")
    with pytest.raises(TransitionRefused, match=f"added or owned A01, which was {status} for the same R01"):
        decided.take("update_action", by="billie_example", action="A02", **VERIFIED)
    decided.take("update_action", by="charlie_example", action="A02", **VERIFIED)
    decided.take("update_action", by="billie_example", action="A03", **VERIFIED)
    assert ["charlie_example", "billie_example"] == [one.verified_by for one in decided.review.actions[1:]]


def in_a_meeting(case, step: str, person: str, entered_by: str, **changes) -> None:
    """Take a step that a meeting is said to have taken: `person` is named, and somebody else types it in."""
    actor = Actor(person=person, attestation=Attestation.MINUTED, minute="SP/1", entered_by=entered_by)
    given = answer(step, case.review, case.today, **changes)
    case.records.attempt(case.reference, step, given, actor, case.at)


def test_whoever_types_a_verification_in_is_judged_as_its_signer_is(decided) -> None:
    """Alex added it and Billie sent its evidence: neither verifies it in Charlie's name; Glenn does in his own."""
    decided.take("add_action", by="alex_example")
    decided.take("update_action", by="billie_example", action="A01", **SUBMITTED)
    for entering, did in (("alex_example", "added it"), ("billie_example", "submitted its evidence")):
        with pytest.raises(TransitionRefused, match=f"by somebody else: whoever types it in {did}"):
            in_a_meeting(decided, "update_action", "charlie_example", entering, action="A01", **VERIFIED)
    with pytest.raises(TransitionRefused, match="the signer submitted its evidence, whoever types it in added it"):
        in_a_meeting(decided, "update_action", "billie_example", "alex_example", action="A01", **VERIFIED)
    in_a_meeting(decided, "update_action", "glenn_sample", "charlie_example", action="A01", **VERIFIED)
    assert "glenn_sample" == decided.review.actions[0].verified_by


def test_whoever_typed_it_in_for_another_verifies_it_no_more_than_they_do(decided) -> None:
    """Alex typed in that Billie added it, and Charlie that Billie sent its evidence: none of the three verifies it."""
    in_a_meeting(decided, "add_action", "billie_example", "alex_example")
    in_a_meeting(decided, "update_action", "billie_example", "charlie_example", action="A01", **SUBMITTED)
    for person, did in (
        ("alex_example", "typed in its adding"),
        ("billie_example", "added it and submitted its evidence"),
        ("charlie_example", "typed in its evidence"),
    ):
        assert f"the signer {did}" in refused(decided, person, **VERIFIED)
    decided.take("update_action", by="glenn_sample", action="A01", **VERIFIED)
    assert [] == decided.records.verify(decided.reference) and sound(decided.records, decided.today)


def test_a_submission_typed_in_for_another_binds_both_though_it_is_taken_back(decided) -> None:
    """Charlie typed in what Billie sent, and it is taken back: Charlie had it in hand all the same."""
    decided.take("add_action", by="alex_example")
    in_a_meeting(decided, "update_action", "billie_example", "charlie_example", action="A01", **SUBMITTED)
    decided.take("take_back_step", by="alex_example")
    for person in ("billie_example", "charlie_example"):
        assert "submitted its evidence" in refused(decided, person, **VERIFIED)


def test_an_owner_does_not_type_in_that_their_action_is_withdrawn(decided) -> None:
    """Alex owns it and would have a meeting withdraw it in Billie's name: somebody else types it in."""
    decided.take("add_action", owner="alex_example")
    with pytest.raises(TransitionRefused, match=r"A01 is withdrawn by somebody else, .*: whoever types it in owns it"):
        in_a_meeting(decided, "update_action", "billie_example", "alex_example", action="A01", **LEFT)
    in_a_meeting(decided, "update_action", "billie_example", "charlie_example", action="A01", **LEFT)
    assert "withdrawn" == decided.review.actions[0].status


def test_whoever_typed_in_an_action_that_was_withdrawn_is_bound_to_its_twin(decided) -> None:
    """Alex typed in for Billie the one that was withdrawn: neither verifies the next one for the same."""
    decided.take("record_lesson").take("record_finding").take("record_recommendation")
    in_a_meeting(decided, "add_action", "billie_example", "alex_example", recommendation="R01")
    decided.take("update_action", by="glenn_sample", action="A01", **LEFT)
    decided.take("add_action", by="charlie_example", recommendation="R01")
    for person in ("alex_example", "billie_example"):
        with pytest.raises(TransitionRefused, match="A01, which was withdrawn for the same R01"):
            decided.take("update_action", by=person, action="A02", **VERIFIED)
    decided.take("update_action", by="glenn_sample", action="A02", **VERIFIED)


def test_who_speaks_for_the_partner_of_an_agency_does_not_verify_its_actions(decided) -> None:
    """The council's own social care: its delegate neither verifies nor withdraws, now or before; the police's does."""
    decided.take("add_action", agency="childrens_social_care", owner="addison_lead")
    assert "A01 is verified by somebody else: the signer is of its agency" in refused(
        decided, "glenn_sample", **VERIFIED
    )
    assert "the signer is of its agency" in refused(decided, "glenn_sample", **LEFT)
    decided.take("change_action", by="alex_example", due_on=None, agency="education", owner="jules_lead")
    assert "the signer is of an agency that had it before" in refused(decided, "glenn_sample", **VERIFIED)
    decided.take("update_action", by="harper_sample", action="A01", **VERIFIED)


def test_an_action_for_a_lesson_and_its_recommendation_is_no_other_thing_either(decided) -> None:
    """Billie owned one for the lesson, which was withdrawn; the next is for the lesson and a recommendation besides."""
    decided.take("record_lesson").take("record_finding").take("record_recommendation")
    decided.take("add_action", by="alex_example", owner="billie_example", lesson="L01", recommendation=None)
    decided.take("update_action", by="glenn_sample", action="A01", **LEFT)
    decided.take("add_action", by="alex_example", recommendation="R01", lesson="L01")
    with pytest.raises(TransitionRefused, match="A01, which was withdrawn for the same L01"):
        decided.take("update_action", by="billie_example", action="A02", **VERIFIED)
    decided.take("update_action", by="glenn_sample", action="A02", **VERIFIED)


@pytest.mark.parametrize("of", [{"recommendation": "R01"}, {"recommendation": None, "lesson": "L01"}])
def test_a_submission_binds_though_the_adding_is_taken_back_with_it(decided, of) -> None:
    """Alex takes back the adding and Billie's submission, and adds it again: Billie verifies none for the same."""
    decided.take("record_lesson").take("record_finding").take("record_recommendation")
    decided.take("add_action", by="alex_example", **of)
    adding = str(decided.review.version)
    decided.take("update_action", by="billie_example", action="A01", **SUBMITTED)
    decided.take("take_back_step", by="alex_example", line=adding, followed="take back what followed it too")
    decided.take("add_action", by="alex_example", recommendation=None).take("add_action", by="alex_example", **of)
    decided.take("take_back_step", by="alex_example", line=str(decided.review.version))
    decided.take("add_action", by="alex_example", **of)
    same = of["recommendation"] or "L01"
    with pytest.raises(TransitionRefused, match=f"submitted evidence for the same {same}, which was taken back"):
        decided.take("update_action", by="billie_example", action="A02", **VERIFIED)
    assert [] == decided.records.verify(decided.reference) and sound(decided.records, decided.today)
    decided.take("update_action", by="billie_example", action="A01", **VERIFIED)
    decided.take("update_action", by="glenn_sample", action="A02", **VERIFIED)


def test_a_submission_taken_back_before_the_adding_is_binds_as_well(decided) -> None:
    """Billie's submission is taken back by itself, and then the adding: theirs is not the next either."""
    decided.take("record_lesson").take("add_action", by="alex_example", recommendation=None, lesson="L01")
    adding = str(decided.review.version)
    decided.take("update_action", by="billie_example", action="A01", **SUBMITTED)
    decided.take("take_back_step", by="alex_example")
    decided.take("take_back_step", by="alex_example", line=adding, followed="take back what followed it too")
    decided.take("add_action", by="alex_example", recommendation=None)
    decided.take("add_action", by="alex_example", recommendation=None, lesson="L01")
    with pytest.raises(TransitionRefused, match="submitted evidence for the same L01, which was taken back"):
        decided.take("update_action", by="billie_example", action="A02", **VERIFIED)
    decided.take("update_action", by="billie_example", action="A01", **VERIFIED)


REOPENED = {"status": "reopened", "grade": "data", "evidence": "EX-AUD-9", "note": "Here is a better audit."}


def test_whoever_brings_evidence_at_a_reopening_does_not_verify_by_it(decided) -> None:
    """The register has what Billie brought as the latest evidence: Billie is bound, and Charlie, who typed it in."""
    decided.take("add_action", by="alex_example").take("update_action", by="glenn_sample", action="A01", **VERIFIED)
    in_a_meeting(decided, "update_action", "billie_example", "charlie_example", action="A01", **REOPENED)
    (row,) = rows(decided.records, "actions", decided.today)
    assert ("data", "EX-AUD-9") == (row.evidence, row.evidence_at)
    again = VERIFIED | {"evidence": "EX-AUD-9"}
    assert "the signer submitted its evidence" in refused(decided, "billie_example", **again)
    assert "the signer typed in its evidence" in refused(decided, "charlie_example", **again)
    decided.take("update_action", by="glenn_sample", action="A01", **again)


def test_a_reopening_without_evidence_binds_nobody(decided) -> None:
    """Billie says in words why it came undone: that is no evidence, and Billie may verify what is done then."""
    decided.take("add_action", by="alex_example").take("update_action", by="glenn_sample", action="A01", **VERIFIED)
    undone = REOPENED | {"grade": "none", "evidence": ""}
    decided.take("update_action", by="billie_example", action="A01", **undone)
    assert () == decided.review.actions[0].submitted_by
    decided.take("update_action", by="billie_example", action="A01", **VERIFIED)


def test_a_reopening_of_the_program_before_binds_and_its_row_stands(decided, monkeypatch) -> None:
    """Its line says that Billie submits nothing: the row names nobody, and Billie does not verify all the same."""
    decided.take("add_action", by="alex_example").take("update_action", by="glenn_sample", action="A01", **VERIFIED)
    said_no = partial(ActionMoved, submits="no")
    with monkeypatch.context() as before:
        before.setattr("safeguarding.stages.beside.action_updates.ActionMoved", said_no)
        decided.take("update_action", by="billie_example", action="A01", **REOPENED)
    (action,) = decided.review.actions
    assert ("data", ()) == (rows(decided.records, "actions", decided.today)[0].evidence, action.submitted_by)
    assert "the signer typed in its evidence" in refused(decided, "billie_example", **VERIFIED)
    assert [] == decided.records.verify(decided.reference) and sound(decided.records, decided.today)


def test_the_role_goes_with_whoever_had_it(decided) -> None:
    """Jules owned it as the agency's lead: the successor owns it in the role that is said, or in none."""
    decided.take("add_action", role="agency_lead").take("add_action", role="agency_lead", owner="jules_lead")
    with pytest.raises(TransitionRefused, match="the owner is not agency safeguarding lead in the file"):
        decided.take("hand_over", leaver="jules_lead", successor="jordan_director", role="agency_lead")
    decided.take("hand_over", leaver="jules_lead", successor="jordan_director", role="agency_director")
    assert ["agency_director"] * 2 == [one.role for one in decided.review.actions]
    decided.take("hand_over", leaver="jordan_director", successor="jules_lead")
    assert [("jules_lead", "")] * 2 == [(one.owner, one.role) for one in decided.review.actions]


def test_an_owner_of_whatever_role_hands_over_their_own(decided) -> None:
    """The schools' director owns one: hands it to their lead; not the lead's own, and not to the police."""
    decided.take("add_action", owner="jordan_director").take("add_action", owner="jules_lead")
    with pytest.raises(TransitionRefused, match="A02 is somebody else's than the signer's"):
        decided.take("hand_over", by="jordan_director", leaver="jules_lead", successor="jordan_director")
    with pytest.raises(TransitionRefused, match="not of the signer's agency"):
        decided.take("hand_over", by="jordan_director", leaver="jordan_director", successor="casey_lead")
    decided.take("hand_over", by="jordan_director", leaver="jordan_director", successor="jules_lead")
    assert ["jules_lead", "jules_lead"] == [one.owner for one in decided.review.actions]
    with pytest.raises(TransitionRefused, match="may not take this step"):
        decided.take("hand_over", by="jordan_director", leaver="jules_lead", successor="jordan_director")


BEGUN = PROGRESS | {"grade": "none", "evidence": ""}


def test_a_change_of_owner_that_is_taken_back_frees_nobody(decided) -> None:
    """Billie owned it until the change was taken back, and the police had it: neither verifies it; Charlie does."""
    decided.take("add_action", by="alex_example", agency="housing", owner="lane_lead")
    decided.take("change_action", by="alex_example", due_on=None, owner="billie_example", agency="police")
    decided.take("update_action", by="billie_example", action="A01", **BEGUN)
    decided.take("take_back_step", by="alex_example").take("take_back_step", by="alex_example")
    (action,) = decided.review.actions
    assert ("lane_lead", "housing", "agreed") == (action.owner, action.agency, action.status)
    assert "the signer owned it before" in refused(decided, "billie_example", **VERIFIED)
    assert "the signer is of an agency that had it before" in refused(decided, "harper_sample", **VERIFIED)
    assert "the signer owned it before" in refused(decided, "billie_example", **LEFT)
    assert [] == decided.records.verify(decided.reference) and sound(decided.records, decided.today)
    decided.take("update_action", by="charlie_example", action="A01", **VERIFIED)


def test_a_hand_over_that_is_taken_back_binds_who_had_taken_over(decided) -> None:
    """Alex hands all to Billie and takes that back: Billie does not verify, nor when what stood before goes too."""
    decided.take("add_action", by="glenn_sample", agency="police", owner="alex_example")
    decided.take("update_action", by="alex_example", action="A01", **BEGUN)
    decided.take("hand_over", by="alex_example", leaver="alex_example", successor="billie_example")
    for _ in range(2):
        decided.take("take_back_step", by="alex_example")
    assert "the signer owned it before" in refused(decided, "billie_example", **VERIFIED)
    assert "the signer owns it" in refused(decided, "alex_example", **VERIFIED)
    decided.take("update_action", by="charlie_example", action="A01", **VERIFIED)


@pytest.mark.parametrize("of", [{"recommendation": "R01"}, {"recommendation": None, "lesson": "L01"}])
def test_an_adding_that_is_taken_back_binds_who_added_and_owned_it(decided, of) -> None:
    """Charlie typed in that Billie owns it for the police; Alex adds it anew for the schools: another verifies it."""
    decided.take("record_lesson").take("record_finding").take("record_recommendation")
    as_it_was = {"owner": "billie_example", "agency": "police", **of}
    in_a_meeting(decided, "add_action", "alex_example", "charlie_example", **as_it_was)
    adding = str(decided.review.version)
    decided.take("change_action", by="alex_example", due_on=None, owner="lane_lead", agency="housing")
    decided.take("take_back_step", by="alex_example")
    decided.take("take_back_step", by="alex_example", line=adding, followed="take back what followed it too")
    decided.take("add_action", by="alex_example", recommendation=None).take("add_action", by="alex_example", **of)
    same = of["recommendation"] or "L01"
    for person in ("billie_example", "charlie_example"):
        with pytest.raises(TransitionRefused, match=f"added or owned an action for the same {same}, which was taken"):
            decided.take("update_action", by=person, action="A02", **VERIFIED)
    with pytest.raises(TransitionRefused, match=f"an agency that had an action for the same {same}, which was taken"):
        decided.take("update_action", by="harper_sample", action="A02", **VERIFIED)
    decided.take("update_action", by="billie_example", action="A01", **VERIFIED)
    decided.take("update_action", by="glenn_sample", action="A02", **VERIFIED)
    assert [] == decided.records.verify(decided.reference) and sound(decided.records, decided.today)


def test_another_day_that_is_taken_back_binds_nobody(decided) -> None:
    """The day was moved by mistake: nobody had the action in hand by that who had not before."""
    decided.take("add_action", by="alex_example", due_on=date(2027, 1, 29))
    decided.take("change_action", by="billie_example", due_on=date(2027, 2, 2))
    decided.take("take_back_step", by="billie_example")
    assert () == decided.records.events(decided.reference)[-1].entries
    decided.take("update_action", by="billie_example", action="A01", **VERIFIED)


def test_no_agency_verifies_its_own_under_another_number(decided) -> None:
    """The police's was withdrawn and added for housing: who decides for the police verifies neither; Glenn does."""
    decided.take("record_lesson").take("record_finding").take("record_recommendation")
    decided.take("add_action", by="alex_example", recommendation="R01", agency="police", owner="casey_lead")
    decided.take("update_action", by="charlie_example", action="A01", **LEFT)
    decided.take("add_action", by="alex_example", recommendation="R01", agency="education", owner="jules_lead")
    with pytest.raises(TransitionRefused, match="is of an agency that had A01, which was withdrawn for the same R01"):
        decided.take("update_action", by="harper_sample", action="A02", **VERIFIED)
    decided.take("update_action", by="glenn_sample", action="A02", **VERIFIED)


def test_an_action_that_was_withdrawn_binds_to_the_one_before_it_too(decided) -> None:
    """Billie sent evidence of the second, which was withdrawn; it serves the first, and Billie does not verify that."""
    decided.take("record_lesson").take("record_finding").take("record_recommendation")
    decided.take("add_action", by="alex_example", recommendation="R01")
    decided.take("add_action", by="alex_example", recommendation="R01", agency="police", owner="casey_lead")
    decided.take("update_action", by="billie_example", action="A02", **SUBMITTED)
    decided.take("update_action", by="charlie_example", action="A02", **LEFT)
    assert "A02, which was withdrawn for the same R01" in refused(decided, "billie_example", **VERIFIED)
    assert "is of an agency that had A02, which was withdrawn" in refused(decided, "harper_sample", **VERIFIED)
    decided.take("update_action", by="charlie_example", action="A01", **VERIFIED)
