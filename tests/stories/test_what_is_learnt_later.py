"""What is learnt after a decision: a death, who looked after the child, a suspicion, an age, another place."""

from __future__ import annotations

from datetime import date

import pytest

from flows.demo.invented import no, not_known, yes
from safeguarding.errors import TransitionRefused
from safeguarding.review.states import State
from safeguarding.shown.card import description

ELSEWHERE = {"adult_referral": "NB-12", "adult_referral_elsewhere": "With the board of another area."}
DIED = {"died": yes(), "seriously_harmed": no()}


@pytest.fixture
def case_sent(partnership):
    """A child seriously harmed, abuse suspected, notified on the same Friday, 20 November 2026."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification")
    return case.take("decide_notification").take("send_notification")


@pytest.fixture
def dead_child(partnership):
    """A child died, abuse suspected, on Friday 20 November 2026; nobody knows yet who looked after the child."""
    case = partnership.hears_of(date(2026, 11, 20), concern="death, abuse or neglect known or suspected")
    case.take("assess_notification", incident="death", looked_after="not known")
    return case.take("decide_notification", **DIED, looked_after=not_known())


def test_the_panel_is_notified_and_who_looked_after_the_child_stays_to_be_found_out(dead_child) -> None:
    """
    The notification waits for nothing. But it is chased, and nothing closes, until it is known whether notice of the
    death is owed; when the child proves to have been looked after, C03 and C03b run from the day of knowing.
    """
    case = dead_child.on(date(2026, 11, 24)).take("send_notification")
    assert "Find out whether notice of a death is owed" in description(case.review, case.today, case.records.rulebook)
    case.on(date(2026, 11, 26)).sweep()
    assert [] != case.misses("C29")
    case.take("open_rapid_review").on(date(2026, 12, 1)).take("conclude_rapid_review")
    with pytest.raises(TransitionRefused, match="Find out whether notice of a death is owed"):
        case.take("decide_review", outcome="no local review: learning captured")

    case.take("record_learnt_since", died="yes", looked_after="yes")
    assert "settled" == case.duty("C29").ended
    assert (date(2026, 12, 1), date(2026, 12, 8)) == (case.duty("C03").anchored_on, case.due("C03"))
    assert case.duty("C03b").running
    with pytest.raises(TransitionRefused, match="Notify the death of a looked-after child"):
        case.take("decide_review", outcome="no local review: learning captured")
    case.take("record_done", what="Secretary of State and Ofsted notified")
    case.take("record_done", what="parents and holders of parental responsibility told of the death")
    case.take("decide_review", outcome="no local review: learning captured")
    assert State.CLOSED_RAPID_REVIEW_ONLY == case.review.state
    assert [] == case.records.verify(case.reference)


def test_a_looked_after_child_who_was_harmed_dies_days_later(partnership) -> None:
    """Notified as harmed; the child dies on 30 November: notice of the death is owed in five working days of that."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification", looked_after="yes")
    case.take("decide_notification", looked_after=yes()).on(date(2026, 11, 27)).take("send_notification")
    assert [] == [duty.rule for duty in case.review.duties if duty.rule.startswith("C03") or duty.rule == "C29"]

    case.on(date(2026, 12, 1)).take("record_learnt_since", died="yes", looked_after="yes", known_on=date(2026, 11, 30))
    assert date(2026, 12, 7) == case.due("C03")
    assert case.duty("C03b").running
    with pytest.raises(TransitionRefused, match="Notify the death of a looked-after child"):
        case.take("withdraw_notification")


def test_an_answer_that_does_not_fit_the_age_on_record_is_refused(dead_child) -> None:
    """Decided as a child: a care leaver of 18 to 24 is none, and the way is to decide again whom to notify."""
    dead_child.take("send_notification")
    with pytest.raises(TransitionRefused, match="does not fit the age on record: a care leaver of 18 to 24 was not"):
        dead_child.take("record_learnt_since", died="yes", care_leaver="yes")


def test_a_death_learnt_before_the_assessment_is_not_owed_twice(partnership) -> None:
    """Recorded at once, in the first state of all: the assessment leaves its day and its notice alone."""
    case = partnership.hears_of(date(2026, 11, 20), concern="death of a looked-after child or care leaver")
    case.take("record_learnt_since", died="yes", looked_after="yes")
    case.take("record_done", what="Secretary of State and Ofsted notified")
    case.on(date(2026, 11, 23)).take("assess_notification", incident="death", looked_after="yes")
    assert ["settled"] == [duty.ended for duty in case.review.duties if duty.rule == "C03"]


def test_it_happened_in_one_place(partnership) -> None:
    """Section 16C gives each place to one authority: two places at once are refused, with what to answer."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification", incident="death")
    wrong = {"in_this_area": no(), "in_another_english_area": yes(), "normally_resident_here": yes()}
    with pytest.raises(TransitionRefused, match="in another English authority's area and outside England: say «yes»"):
        case.take("decide_notification", **DIED, **wrong)
    with pytest.raises(TransitionRefused, match="name the others in the reason"):
        case.take("decide_notification", in_this_area=yes(), in_another_english_area=yes())
    assert State.NOTIFICATION_DECISION == case.review.state


def test_a_suspicion_that_arises_two_months_on_is_late_for_nothing(partnership) -> None:
    """
    A death in September, nobody suspects abuse, closed. In November it is suspected: five working days from then. The
    day of awareness stays on the record; nobody is told of two months' delay.
    """
    case = partnership.hears_of(date(2026, 9, 1), concern="death, abuse or neglect known or suspected")
    case.take("assess_notification", incident="death").take("decide_notification", abuse_or_neglect=no(), **DIED)
    assert State.NOT_SERIOUS_CASE == case.review.state
    case.on(date(2026, 11, 2)).take("reopen", return_to="notification_decision")
    with pytest.raises(TransitionRefused, match="say since when it is known or suspected"):
        case.take("decide_notification", **DIED)
    case.take("decide_notification", **DIED, suspected_since=date(2026, 11, 2))

    assert date(2026, 11, 9) == case.due("C01")
    assert date(2026, 9, 1) == next(row for row in case.review.duties if row.rule == "C01").anchored_on
    case.on(date(2026, 11, 3)).sweep()
    assert [] == case.misses("C01")
    case.take("send_notification")
    assert State.NOTIFICATION_SENT == case.review.state


def test_a_notification_withdrawn_for_an_adult_lets_nobody_fall(partnership) -> None:
    """
    Notified as a child's death; she proves to be 19 and a care leaver. The Panel is told and the rapid review stops;
    the notice of a care leaver's death and the adult referral are owed from then, and close the case only when made.
    """
    case = partnership.hears_of(date(2026, 11, 20), concern="death, abuse or neglect known or suspected")
    case.take("assess_notification", incident="death").take("decide_notification", **DIED)
    case.on(date(2026, 11, 24)).take("send_notification").take("open_rapid_review").on(date(2026, 11, 26))
    adult = {"why": "the person is an adult in law", "care_leaver": "yes"}
    with pytest.raises(TransitionRefused, match="somebody who speaks for it must sign"):
        case.take("withdraw_notification", by="kelly_sample", **adult)
    case.take("withdraw_notification", **adult)

    assert State.NOTIFICATION_DECISION == case.review.state
    assert {"C04", "C21"} == {duty.rule for duty in case.review.running()}
    assert (date(2026, 12, 3), "cancelled") == (case.due("C04"), case.duty("C05").ended)
    assert () == case.review.waiting_on()
    with pytest.raises(TransitionRefused, match="decide first whether to notify"):
        case.take("send_notification")
    case.take("decide_notification", under_18=no(), care_leaver=yes(), **DIED, **ELSEWHERE)
    case.later(1).take("send_notification")
    assert State.ADULT_IN_LAW == case.review.state
    assert ("settled", "settled") == (case.duty("C04").ended, case.duty("C21").ended)
    assert [] == case.records.verify(case.reference)


def test_a_notification_withdrawn_for_another_area_is_told_there(case) -> None:
    """It happened elsewhere: whom to notify is decided again, and closing asks for the authority that was told."""
    case.later(1).take("withdraw_notification", why="it is another area's case")
    elsewhere = {"in_this_area": no(), "in_another_english_area": yes()}
    with pytest.raises(TransitionRefused, match="the case is another area's: say which authority"):
        case.take("decide_notification", **elsewhere)
    told = {"other_authority": "An invented county", "other_lead": "Its lead", "other_told_on": case.today}
    case.take("decide_notification", **elsewhere, **told)
    assert State.OTHER_AREA == case.review.state


def test_what_was_withdrawn_is_owed_again_where_it_proves_serious_after_all(case) -> None:
    """Withdrawn as an accident, reopened, abuse suspected: the Panel's clock runs again, and it is decided anew."""
    case.later(1).take("withdraw_notification").on(date(2026, 12, 14)).take("reopen", return_to="notification_decision")
    with pytest.raises(TransitionRefused, match="decide first whether to notify"):
        case.take("send_notification")
    case.take("decide_notification", suspected_since=date(2026, 12, 14))
    assert (date(2026, 12, 21), "") == (case.due("C01"), case.duty("C01").ended)
    case.take("send_notification")
    assert "" == case.duty("C05").ended


def test_the_day_of_a_withdrawn_notification_put_right_sends_it_to_nobody(partnership) -> None:
    """Sent, withdrawn, the day of sending put right: decided anew, the Panel is owed a notification as before."""
    case = partnership.hears_of(date(2026, 11, 2)).take("assess_notification").take("decide_notification")
    case.later(1).take("send_notification").later(1).take("withdraw_notification", why="it is another area's case")
    case.take("correct_date", what="notification_sent", correct_on=case.review.happened("became_aware"))
    case.take("decide_notification")
    assert case.duty("C01").running


def test_a_no_is_remembered_through_a_not_known(partnership) -> None:
    """No abuse found, then not known, then suspected: since when is asked all the same, and C01 runs from then."""
    case = partnership.hears_of(date(2026, 11, 2)).take("assess_notification", incident="death", looked_after="yes")
    case.take("decide_notification", abuse_or_neglect=no(), **DIED, looked_after=yes())
    case.on(date(2026, 11, 10)).take("decide_notification", abuse_or_neglect=not_known(), **DIED, looked_after=yes())
    case.on(date(2026, 11, 20))
    with pytest.raises(TransitionRefused, match="found no abuse or neglect: say since when"):
        case.take("decide_notification", **DIED, looked_after=yes())
    case.take("decide_notification", **DIED, looked_after=yes(), suspected_since=date(2026, 11, 20))
    assert (date(2026, 11, 27), date(2026, 11, 2)) == (case.due("C01"), case.duty("C03").anchored_on)
    case.later(1).take("decide_notification", **DIED, looked_after=yes())
    assert date(2026, 11, 27) == case.due("C01"), "decided again, nothing is counted from the first day"


def test_a_child_known_as_harmed_dies_and_is_decided_again(partnership) -> None:
    """Seriously harmed on 1 September, dead on the 10th: C01 stays where the harm put it, C03 runs from the death."""
    case = partnership.hears_of(date(2026, 9, 1)).take("assess_notification", looked_after="yes")
    case.take("decide_notification", looked_after=yes()).on(date(2026, 9, 10))
    dead = {"died": yes(), "looked_after": yes()}
    with pytest.raises(TransitionRefused, match="found no death: say since when it is known"):
        case.take("decide_notification", **dead)
    with pytest.raises(TransitionRefused, match="known since Sat 1 Aug 2026 is before the authority became aware"):
        case.take("decide_notification", **dead, known_since=date(2026, 8, 1))
    case.take("decide_notification", **dead, known_since=date(2026, 9, 10))
    days = {rule: case.duty(rule).anchored_on for rule in ("C01", "C03", "C03b")}
    assert {"C01": date(2026, 9, 1), "C03": date(2026, 9, 10), "C03b": date(2026, 9, 10)} == days


def test_a_child_who_was_not_harmed_dies_later(partnership) -> None:
    """Neither death nor harm in September, closed; dead in November: the Panel's five working days run from then."""
    case = partnership.hears_of(date(2026, 9, 1)).take("assess_notification", incident="other")
    case.take("decide_notification", died=no(), seriously_harmed=no())
    case.on(date(2026, 11, 2)).take("reopen", return_to="notification_decision")
    case.take("decide_notification", **DIED, known_since=date(2026, 11, 2))
    assert date(2026, 11, 9) == case.due("C01")


def test_what_a_withdrawal_found_is_an_earlier_no(case_sent) -> None:
    """Withdrawn because there was no abuse or neglect; suspected again a month later: five working days from then."""
    case = case_sent.take("withdraw_notification", why="no abuse or neglect").on(date(2026, 12, 21))
    case.take("reopen", return_to="notification_decision")
    with pytest.raises(TransitionRefused, match="found no abuse or neglect"):
        case.take("decide_notification")
    case.take("decide_notification", suspected_since=date(2026, 12, 21))
    assert date(2026, 12, 21) == case.duty("C01").anchored_on


def test_a_request_to_learn_of_which_a_death_is_learnt_is_assessed(partnership) -> None:
    """A learning request; then a death is on record, or may be: it is not closed unassessed as not serious."""
    for died, words in (("yes", "a death is on record"), ("not known", "not known whether the person died")):
        case = partnership.hears_of(date(2026, 11, 20), concern="learning request")
        case.take("record_learnt_since", died=died, looked_after="no", care_leaver="no")
        with pytest.raises(TransitionRefused, match=words):
            case.take("close_not_serious")
        assert State.REFERRED == case.review.state


def test_a_death_on_record_is_undone_only_as_an_error(partnership) -> None:
    """
    A looked-after child's death is decided; that it was none, answered in passing, ends neither C03 nor C03b, also not
    after a «not known». Said to have been recorded in error it does; and a decision undoes what was learnt no sooner.
    """
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification", incident="death", looked_after="yes")
    case.take("decide_notification", **DIED, looked_after=yes())
    case.take("record_learnt_since", by="glenn_sample", died="not known", looked_after="not known")
    alive = {"died": "no", "looked_after": "yes"}
    with pytest.raises(TransitionRefused, match="the record says that the person has died: if that was recorded in e"):
        case.take("record_learnt_since", by="glenn_sample", **alive)
    with pytest.raises(TransitionRefused, match="has died and that the child was looked after"):
        case.take("decide_notification", died=no(), seriously_harmed=yes(), looked_after=no())
    assert ("", "") == (case.duty("C03").ended, case.duty("C03b").ended)
    case.take("record_learnt_since", by="glenn_sample", **alive, record_is_wrong="Another child of that name.")
    assert ("cancelled", "cancelled") == (case.duty("C03").ended, case.duty("C03b").ended)


DEATH = {"concern": "death, abuse or neglect known or suspected"}


def test_a_child_found_to_have_been_looked_after_after_all_says_since_when(partnership) -> None:
    """
    Aware of the death on 20 November, and no child of ours; on 4 December a file shows that the child was. The decision
    asks since when: the notice and the telling of the parents (C03, C03b) run from that day, and are not late at once.
    """
    case = partnership.hears_of(date(2026, 11, 20), **DEATH).take("assess_notification", incident="death")
    unsure = {**DIED, "abuse_or_neglect": not_known()}
    case.take("decide_notification", **unsure, looked_after=no()).on(date(2026, 12, 4))
    with pytest.raises(TransitionRefused, match="did not look after the child: say since when it is known"):
        case.take("decide_notification", **unsure, looked_after=yes())
    with pytest.raises(TransitionRefused, match="known since Thu 19 Nov 2026 is before the authority became aware on"):
        case.take("decide_notification", **unsure, looked_after=yes(), looked_after_since=date(2026, 11, 19))
    with pytest.raises(TransitionRefused, match="since when it is known that the child was looked after, and that"):
        case.take("decide_notification", **unsure, looked_after=no(), looked_after_since=case.today)

    case.take("decide_notification", **unsure, looked_after=yes(), looked_after_since=date(2026, 12, 4))
    assert [date(2026, 12, 4)] * 2 == [case.duty(rule).anchored_on for rule in ("C03", "C03b")]
    assert date(2026, 12, 11) == case.due("C03")
    case.later(3).take("decide_notification", **DIED, looked_after=yes())
    assert date(2026, 12, 4) == case.duty("C03").anchored_on, "decided again, and not asked again"


def test_that_an_assessment_was_wrong_is_put_right_as_of_awareness(partnership) -> None:
    """Assessed as nobody's, decided as ours; it was known all along: the five working days run from awareness."""
    case = partnership.hears_of(date(2026, 11, 20), **DEATH)
    case.take("assess_notification", incident="death", looked_after="no").later(3)
    case.take("decide_notification", **DIED, looked_after=yes(), looked_after_since=date(2026, 11, 20))
    assert date(2026, 11, 27) == case.due("C03")


def test_nothing_was_learnt_long_before_the_case_began(partnership, case_sent) -> None:
    """A death known in the year 2020 of a case of 2026 would be thousands of days late: refused, in the right words."""
    known = {"died": "yes", "looked_after": "yes"}
    with pytest.raises(
        TransitionRefused, match="Wed 1 Jan 2020 is before the authority became aware on Fri 20 Nov 2026"
    ):
        case_sent.take("record_learnt_since", **known, known_on=date(2020, 1, 1))
    new = partnership.hears_of(date(2026, 11, 20), **DEATH)
    with pytest.raises(
        TransitionRefused, match="Wed 1 Jan 2020 is before the referral was received on Fri 20 Nov 2026"
    ):
        new.take("record_learnt_since", **known, known_on=date(2020, 1, 1))
    adult = {"why": "the person is an adult in law"}
    with pytest.raises(
        TransitionRefused,
        match="«That was known on»: Wed 1 Jan 2020 is before Fri 20 Nov 2026, when the local authority became aware",
    ):
        case_sent.take("withdraw_notification", **adult, known_on=date(2020, 1, 1))
    assert [] == [duty.rule for duty in case_sent.review.duties if duty.rule == "C03"]


def test_a_suspicion_may_be_older_than_the_knowledge_of_the_death(partnership) -> None:
    """
    Aware on 20 November, the death known on the 27th, and abuse suspected since the 24th: that is later than awareness,
    and is taken. Only a death that is on record as known on the 27th is not known since the 25th.
    """
    case = partnership.hears_of(date(2026, 11, 20), concern="learning request").take("assess_notification")
    unhurt = {
        "abuse_or_neglect": not_known(),
        "died": no(),
        "seriously_harmed": not_known(),
        "looked_after": not_known(),
    }
    case.take("decide_notification", **unhurt).on(date(2026, 11, 30))
    died = {"died": yes(), "seriously_harmed": not_known(), "looked_after": not_known()}
    case.take("decide_notification", **died, abuse_or_neglect=not_known(), known_since=date(2026, 11, 27))
    suspected = {"abuse_or_neglect": yes(), "suspected_since": date(2026, 11, 24)}
    with pytest.raises(
        TransitionRefused, match="the death was known on Fri 27 Nov 2026, and here since Wed 25 Nov 2026"
    ):
        case.take("decide_notification", **died, **suspected, known_since=date(2026, 11, 25))
    case.take("decide_notification", **died, **suspected, known_since=date(2026, 11, 27))
    assert date(2026, 11, 27) == case.duty("C01").anchored_on
    assert "notify_panel" == case.review.facts["notification_decided"]["result"]
