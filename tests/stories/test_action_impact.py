"""What an action has changed is looked at after three, six and twelve months, also where the review has closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from driver.registers import rows, sound

from flows.demo.answers import answer
from safeguarding.errors import TransitionRefused
from safeguarding.review.events import Actor, Attestation
from safeguarding.review.impact import awaits_another
from safeguarding.shown.history.told import told
from safeguarding.shown.learning import learning_of

LOOKS = ("local.x.action_impact_3", "local.x.action_impact_6", "local.x.action_impact_12")
AGAIN = "local.x.action_impact_again"


@pytest.fixture(params=["children", "adults"])
def verified(request, partnership):
    """A review of either track whose first action was verified on Thursday 1 October 2026."""
    adult = {"track": "adults", "agency": "hospital_trust"} if request.param == "adults" else {}
    case = partnership.hears_of(date(2026, 9, 7), **adult).take("record_lesson")
    case.take("record_recommendation", findings=[], themes=["voice"]).take("add_action", recommendation="R01")
    return case.on(date(2026, 10, 1)).take("update_action", action="A01")


def looks(case, *numbers: int) -> list[tuple[date, str]]:
    """When each of the three looks is due, and how it ended."""
    return [(case.due(rule, "A01"), case.duty(rule, "A01").ended) for rule in LOOKS]


def close(case):
    """The review ends; what else is owed is dropped."""
    step = "withdraw_referral" if case.review.track.value == "adults" else "decide_notification"
    no = {"answer": "no", "reason": "None."}
    if step == "withdraw_referral":
        return case.take(step)
    case.take("assess_notification")
    return case.take(step, abuse_or_neglect=no, died=no, seriously_harmed=no)


def test_three_looks_are_due_in_calendar_months(verified) -> None:
    """On the first of January, April and October, whatever day of the week those are: as every count in months."""
    days = [date(2027, 1, 1), date(2027, 4, 1), date(2027, 10, 1)]
    assert [(day, "") for day in days] == looks(verified)
    rule = verified.records.rulebook.rule(LOOKS[0])
    assert ("own standard" in rule.editions[0].words, rule.level.value) == (True, "local")


def test_whoever_owns_or_owned_an_action_does_not_look_at_its_impact(verified) -> None:
    """Glenn owned the second and Billie owns it: neither judges it, nor types it in; Alex looks at it."""
    case = verified.take("add_action", owner="glenn_sample", recommendation="R01")
    case.take("hand_over", by="alex_example", leaver="glenn_sample", successor="billie_example")
    case.take("update_action", by="charlie_example", action="A02").on(date(2027, 1, 5))
    for person, how in (("billie_example", "owns it"), ("glenn_sample", "owned it before")):
        with pytest.raises(TransitionRefused, match=f"A02: its impact is judged by somebody else: the signer {how}"):
            case.take("check_action_impact", by=person, actions=["A01", "A02"])
    given = answer("check_action_impact", case.review, case.today, actions=["A02"])
    typed = Actor(person="alex_example", attestation=Attestation.MINUTED, minute="SP/1", entered_by="billie_example")
    with pytest.raises(TransitionRefused, match="judged by somebody else: whoever types it in owns it"):
        case.records.attempt(case.reference, "check_action_impact", given, typed, case.at)
    case.take("check_action_impact", by="alex_example", actions=["A01", "A02"])
    assert ["change seen", "change seen"] == [action.impact for action in case.review.actions]


def test_they_outlive_the_closing_and_are_chased(verified) -> None:
    """Whoever closes need not speak of them; three months later the unit is chased, and a look settles them."""
    case = close(verified.later(5))
    assert not case.review.open
    assert [""] * 3 == [ended for _, ended in looks(case)]
    case.on(date(2027, 1, 5)).sweep()
    assert "alex_example" in {miss.person for miss in case.misses(LOOKS[0])}
    case.take("check_action_impact")
    assert ["settled", "", ""] == [ended for _, ended in looks(case)]
    (action,) = case.review.actions
    assert ("change seen", case.today) == (action.impact, action.impact_on)


def test_an_action_that_is_verified_after_the_closing_is_looked_at_too(verified) -> None:
    """The second action is carried on, and verified a month after the end."""
    verified.take("add_action", due_on=date(2026, 12, 1))
    carried = [{"what": "everything_else", "becomes": "carried on after the closing"}]
    if verified.review.track.value == "children":
        pytest.skip("a child's case that was never taken up owes what cannot be carried on")
    case = verified.take("withdraw_referral", still_owed=carried).on(date(2026, 11, 2))
    case.take("update_action", action="A02")
    assert date(2027, 2, 2) == case.due(LOOKS[0], "A02")


def test_too_early_is_looked_at_again_on_its_day(verified) -> None:
    """The look of January says that it is too early: February is owed, and April as before."""
    case = verified.on(date(2027, 1, 4))
    with pytest.raises(TransitionRefused, match="say on which day, still to come"):
        case.take("check_action_impact", outcome="too early to say")
    case.take("check_action_impact", outcome="too early to say", again_on=date(2027, 2, 15))
    assert (date(2027, 2, 15), "") == (case.due(AGAIN, "A01"), case.duty(AGAIN, "A01").ended)
    case.on(date(2027, 2, 10)).take("check_action_impact")
    assert "settled" == case.duty(AGAIN, "A01").ended
    assert ["settled", "", ""] == [ended for _, ended in looks(case)]


def test_a_look_before_its_day_is_the_next_one(verified) -> None:
    """In December for January; the one of April stays."""
    case = verified.on(date(2026, 12, 14)).take("check_action_impact")
    assert ["settled", "", ""] == [ended for _, ended in looks(case)]


def test_no_change_says_what_now(verified) -> None:
    """At six months nothing has changed: another action, the partners, or accepted, and why; the partners hear."""
    case = verified.on(date(2027, 4, 1))
    with pytest.raises(TransitionRefused, match=r"say what now .* and why"):
        case.take("check_action_impact", outcome="no change seen", what_now="accept it as it is")
    case.take("check_action_impact", outcome="no change seen", what_now="raise it with the partners", why="Secret why.")
    assert ["settled", "settled", ""] == [ended for _, ended in looks(case)]
    assert "glenn_sample" in case.told("step_told")
    line = case.records.events(case.reference)[-1]
    said = told(line, case.review, case.records.rulebook).sentence
    assert "A01 was looked at on Thu 1 Apr 2027: no change seen" in said
    assert "what now: raise it with the partners" in said and "Secret" not in said
    (made,) = learning_of(case.review, case.records.rulebook).recommendations
    assert "Impact on Thu 1 Apr 2027: no change seen; what now: raise it with the partners" in made.actions[0].impact
    assert "Impact to be looked at by Fri 1 Oct 2027" in made.actions[0].impact


def test_several_actions_are_looked_at_at_once(verified) -> None:
    """One audit for two actions: each has its own line of the register, its own looks; one never verified has none."""
    verified.take("add_action").take("add_action")
    verified.on(date(2026, 10, 8)).take("update_action", action="A02")
    with pytest.raises(TransitionRefused, match="Actions: choose"):
        verified.take("check_action_impact", actions=["A01", "A03"])
    with pytest.raises(TransitionRefused, match="chosen more than once: Actions"):
        verified.take("check_action_impact", actions=["A01", "A01"])
    with pytest.raises(TransitionRefused, match=r"before it was verified: A02 \(verified on Thu 8 Oct 2026\)"):
        verified.take("check_action_impact", actions=["A01", "A02"], on=date(2026, 10, 5))
    case = verified.on(date(2027, 1, 12)).take("check_action_impact", actions=["A01", "A02"])
    assert sound(case.records, case.today)
    found = [(row.impact, row.next_look_on) for row in rows(case.records, "actions", case.today)]
    assert [("change seen", date(2027, 4, 1)), ("change seen", date(2027, 4, 8)), ("", None)] == found


def test_an_action_that_is_reopened_is_looked_at_after_it_is_verified_again(verified) -> None:
    """It was not done after all: the looks end, and begin anew with the second verification."""
    case = verified.later(10).take("update_action", action="A01", status="reopened", grade="none", evidence="")
    assert ["cancelled"] * 3 == [ended for _, ended in looks(case)]
    case.later(20).take("update_action", action="A01")
    assert [""] * 3 == [ended for _, ended in looks(case)]
    assert case.today + timedelta(days=92) == case.due(LOOKS[0], "A01")


def test_an_action_that_is_reopened_has_its_old_verdict_no_more(verified) -> None:
    """
    Nothing had changed, and it was not done after all: the register names no verifier, evidence or look any more, nor
    after it is verified again. Whoever submitted evidence does not verify it for all that, and the lines stay.
    """
    case = verified.take("add_action").take("update_action", by="jules_lead", action="A02", status="evidence submitted")
    case.take("update_action", action="A02").on(date(2027, 1, 4))
    none = {"outcome": "no change seen", "what_now": "another action", "why": "Nobody reads it."}
    case.take("check_action_impact", actions=["A02"], **none)
    before = rows(case.records, "actions", case.today)[1]
    assert before.verified_by and before.evidence_at and "another action" == before.what_now
    case.take("update_action", by="glenn_sample", action="A02", status="reopened", grade="none", evidence="")
    row = rows(case.records, "actions", case.today)[1]
    assert ("", "none", "", "", None, "") == (
        *(row.verified_by, row.evidence, row.evidence_at),
        *(row.impact, row.impact_on, row.what_now),
    )
    with pytest.raises(TransitionRefused, match="verif"):
        case.take("update_action", by="jules_lead", action="A02")
    case.later(1).take("update_action", action="A02")
    row = rows(case.records, "actions", case.today)[1]
    assert row.verified_by and ("", None, "") == (row.impact, row.impact_on, row.what_now)
    assert sound(case.records, case.today) and [] == list(case.records.verify())


def awaited(case) -> list[str]:
    """The actions that another one is still to follow."""
    return [one.id for one in awaits_another(case.review)]


def test_another_action_is_awaited_until_one_follows_that_stays(verified) -> None:
    """The one that followed is withdrawn, or replaced: another is awaited as before, until one is agreed that stays."""
    case = verified.on(date(2027, 1, 4))
    case.take("check_action_impact", outcome="no change seen", what_now="another action", why="Nobody reads it.")
    assert ["A01"] == awaited(case)
    for number, status in (("A02", "withdrawn"), ("A03", "superseded")):
        case.take("add_action", recommendation="R01")
        assert [] == awaited(case)
        case.take("update_action", by="glenn_sample", action=number, status=status, grade="none", evidence="")
        assert ["A01"] == awaited(case)
    case.take("add_action", recommendation="R01")
    assert [] == awaited(case)


def test_no_other_action_is_awaited_for_what_will_not_be_implemented(verified) -> None:
    """The recommendation is refused: no action is agreed for it, so none is awaited; accepted, one is again."""
    case = verified.on(date(2027, 1, 4))
    case.take("check_action_impact", outcome="no change seen", what_now="another action", why="Nobody reads it.")
    case.take("decide_recommendation", recommendation="R01", decision="will not be implemented", reasons="None.")
    with pytest.raises(TransitionRefused, match="R01 will not be implemented"):
        case.take("add_action", recommendation="R01")
    assert [] == awaited(case)
    case.take("decide_recommendation", recommendation="R01", decision="accepted")
    assert ["A01"] == awaited(case)


def test_the_day_of_a_look_is_put_right_and_a_look_is_taken_back(verified) -> None:
    """It was a day before; and then it had been the wrong action: nothing is met, nothing was seen."""
    case = verified.on(date(2027, 1, 4)).take("check_action_impact")
    mark = "action_impact_seen_at_3_months"
    case.take("correct_date", what=mark, agency_or_action="A01", correct_on=date(2027, 1, 3))
    assert date(2027, 1, 3) == case.review.happened(mark, "A01")
    case.take("take_back_step").take("take_back_step")
    assert ("", [""] * 3) == (case.review.actions[0].impact, [ended for _, ended in looks(case)])
    assert sound(case.records, case.today)


def test_three_looks_are_not_met_in_one_day(verified) -> None:
    """On the day of the verification nothing is seen yet; a month before its day the next is met, and only that one."""
    case = verified.take("check_action_impact").take("check_action_impact").on(date(2026, 11, 30))
    case.take("check_action_impact")
    assert [""] * 3 == [ended for _, ended in looks(case)]
    assert "change seen" == case.review.actions[0].impact, "what was seen is recorded all the same"
    case.on(date(2026, 12, 1))
    for _ in LOOKS:
        case.take("check_action_impact")
    assert ["settled", "", ""] == [ended for _, ended in looks(case)]


def test_a_look_that_was_agreed_again_leaves_the_later_ones(verified) -> None:
    """Too early in January; the look of February answers that, and a second one on its day meets no look of April."""
    case = verified.on(date(2027, 1, 4))
    case.take("check_action_impact", outcome="too early to say", again_on=date(2027, 2, 15)).on(date(2027, 2, 15))
    case.take("check_action_impact").take("check_action_impact")
    assert ["settled", "", ""] == [ended for _, ended in looks(case)]


def test_too_early_is_looked_at_again_within_a_year(verified) -> None:
    """A day in 2099 chases nobody: a year ahead is the furthest, and the day after it is refused."""
    case = verified.on(date(2027, 1, 4))
    words = "looked at again within twelve months, by Tue 4 Jan 2028"
    for far in (date(2028, 1, 5), date(2099, 1, 5), date.max):
        with pytest.raises(TransitionRefused, match=words):
            case.take("check_action_impact", outcome="too early to say", again_on=far)
    case.take("check_action_impact", outcome="too early to say", again_on=date(2028, 1, 4))
    assert date(2028, 1, 4) == case.due(AGAIN, "A01")
