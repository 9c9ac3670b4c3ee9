"""What the referral, the assessment or a decision said is not known only later: it moves no clock of the law."""

from __future__ import annotations

from datetime import date

import pytest

from flows.demo.invented import no, not_known, yes
from safeguarding.errors import TransitionRefused
from safeguarding.review.states import State
from safeguarding.stages.clocks_of_notices import first_aware_on

DIED = {"died": yes(), "seriously_harmed": no()}


def test_a_later_day_of_suspicion_does_not_undo_what_the_referral_said(partnership) -> None:
    """
    Referred on 2 March as «abuse or neglect known or suspected»; nobody decides until the 30th, three weeks late. That
    it was «suspected since 30 March» makes nothing timely: refused, unless it is said why the referral was wrong.
    """
    case = partnership.hears_of(date(2026, 3, 2)).take("assess_notification").on(date(2026, 3, 30))
    with pytest.raises(
        TransitionRefused, match="was known or suspected by the referral received on Mon 2 Mar 2026, and"
    ):
        case.take("decide_notification", suspected_since=date(2026, 3, 30))
    assert date(2026, 3, 9) == case.due("C01")
    case.take("decide_notification", suspected_since=date(2026, 3, 30), record_is_wrong="The wrong box was ticked.")
    assert date(2026, 4, 8) == case.due("C01")


def test_a_later_day_of_suspicion_does_not_undo_an_earlier_decision(partnership) -> None:
    """Decided on 10 March that abuse is suspected, the death not yet known: it was not first suspected on the 30th."""
    case = partnership.hears_of(date(2026, 3, 2), concern="death of a looked-after child or care leaver")
    case.take("assess_notification", incident="death").on(date(2026, 3, 10))
    case.take("decide_notification", **DIED, in_this_area=not_known()).on(date(2026, 3, 30))
    with pytest.raises(TransitionRefused, match="was known or suspected by what was decided on Tue 10 Mar 2026"):
        case.take("decide_notification", **DIED, suspected_since=date(2026, 3, 30))
    case.take("decide_notification", **DIED, suspected_since=date(2026, 3, 9))


def test_an_earlier_decision_counts_from_its_day_as_it_was_put_right(partnership) -> None:
    """
    Decided on 9 March that abuse is suspected; the 10th was typed. The notification was withdrawn for another reason:
    decided again, what was known by the 9th is not first known on the 10th.
    """
    case = partnership.hears_of(date(2026, 3, 2), concern="death of a looked-after child or care leaver")
    case.take("assess_notification", incident="death").on(date(2026, 3, 10)).take("decide_notification", **DIED)
    case.take("correct_date", what="notification_decided", correct_on=date(2026, 3, 9)).take("send_notification")
    case.on(date(2026, 3, 30)).take("withdraw_notification", why="it is another area's case")
    with pytest.raises(TransitionRefused, match="was known or suspected by what was decided on Mon 9 Mar 2026"):
        case.take("decide_notification", **DIED, suspected_since=date(2026, 3, 10))


def test_the_first_awareness_is_on_the_days_as_they_were_put_right(partnership) -> None:
    """
    Aware on 31 August, typed as 1 September; abuse suspected on 1 November, typed as the 2nd. The first awareness is
    that of August, whichever of the two days is put right and when.
    """
    case = partnership.hears_of(date(2026, 8, 31), concern="death, abuse or neglect known or suspected").later(1)
    case.take("assess_notification", incident="death")
    case.take("correct_date", what="became_aware", correct_on=date(2026, 8, 31))
    case.take("decide_notification", abuse_or_neglect=no(), **DIED)
    case.on(date(2026, 11, 2)).take("reopen", return_to="notification_decision")
    case.take("decide_notification", **DIED, suspected_since=date(2026, 11, 2))
    assert date(2026, 8, 31) == first_aware_on(case.review, case.today)
    case.take("correct_date", what="became_aware", correct_on=date(2026, 11, 1))
    assert date(2026, 8, 31) == first_aware_on(case.review, case.today)


def test_a_referral_of_something_else_leaves_the_day_of_suspicion_free(partnership) -> None:
    """A looked-after child's death is referred, and abuse is first suspected a week later: that day counts."""
    case = partnership.hears_of(date(2026, 3, 2), concern="death of a looked-after child or care leaver")
    case.take("assess_notification", incident="death", looked_after="yes").on(date(2026, 3, 9))
    case.take("decide_notification", **DIED, looked_after=yes(), suspected_since=date(2026, 3, 9))
    assert date(2026, 3, 16) == case.due("C01")


@pytest.mark.parametrize("incident", ["death", "serious harm"])
def test_a_death_or_harm_that_was_assessed_is_not_known_only_later(partnership, incident: str) -> None:
    """
    Known on 2 March, nobody decides until the 20th: C01 is eleven days late. That it was «known since 18 March» makes
    nothing timely: refused, and the late day stands, unless it is said why the record is wrong.
    """
    happened = DIED if incident == "death" else {}
    case = partnership.hears_of(date(2026, 3, 2), concern="learning request")
    case.take("assess_notification", incident=incident).on(date(2026, 3, 20))
    with pytest.raises(
        TransitionRefused, match="was known by what was assessed on Mon 2 Mar 2026, and here only since"
    ):
        case.take("decide_notification", **happened, known_since=date(2026, 3, 18))
    assert date(2026, 3, 9) == case.due("C01")
    case.take(
        "decide_notification", **happened, known_since=date(2026, 3, 18), record_is_wrong="The note was misdated."
    )
    assert date(2026, 3, 25) == case.due("C01")


def test_a_death_that_was_referred_is_assessed_as_one(partnership) -> None:
    """
    A looked-after child's death is referred, and assessed as harm: neither notice of it nor the telling of the parents
    would be owed, and the case could close as not serious. Refused; that nobody died the decision says, and why.
    """
    case = partnership.hears_of(date(2026, 3, 2), concern="death of a looked-after child or care leaver")
    for incident in ("serious harm", "other"):
        with pytest.raises(TransitionRefused, match="was referred as «death of a looked-after child or care"):
            case.take("assess_notification", incident=incident, looked_after="yes")
    case.take("assess_notification", incident="death", looked_after="yes")
    assert ("", "") == (case.duty("C03").ended, case.duty("C03b").ended)
    alive = {"abuse_or_neglect": no(), "died": no(), "looked_after": yes()}
    with pytest.raises(TransitionRefused, match="the person has died: if that was recorded in error"):
        case.take("decide_notification", **alive)
    case.take("decide_notification", **alive, record_is_wrong="The wrong box was ticked.")
    assert ("cancelled", State.NOT_SERIOUS_CASE) == (case.duty("C03").ended, case.review.state)


def test_nothing_is_decided_before_it_is_known(partnership) -> None:
    """Decided on 2 April, suspected since the 10th: one is wrong. A correction of either day is held to the same."""
    case = partnership.hears_of(date(2026, 3, 2), concern="learning request").take("assess_notification")
    case.take("decide_notification", abuse_or_neglect=no()).on(date(2026, 4, 1))
    case.take("reopen", return_to="notification_decision").on(date(2026, 4, 20))
    since = {"suspected_since": date(2026, 4, 10)}
    with pytest.raises(
        TransitionRefused, match="decided on Thu 2 Apr 2026, and abuse or neglect is suspected since Fri 10 Apr 2026"
    ):
        case.take("decide_notification", decided_on=date(2026, 4, 2), **since)
    case.take("decide_notification", decided_on=date(2026, 4, 15), **since)
    with pytest.raises(
        TransitionRefused, match="notification decided on Thu 9 Apr 2026, before it was known on Fri 10 Apr 2026"
    ):
        case.take("correct_date", what="notification_decided", correct_on=date(2026, 4, 9))
    with pytest.raises(
        TransitionRefused, match="became aware on Thu 16 Apr 2026, after it was acted on on Wed 15 Apr 2026"
    ):
        case.take("correct_date", what="became_aware", correct_on=date(2026, 4, 16))


def test_a_death_that_was_learnt_is_not_known_only_later(partnership) -> None:
    """assessed as neither, a death learnt on 10 March: no decision counts from the 18th."""
    case = partnership.hears_of(date(2026, 3, 2), concern="learning request")
    case.take("assess_notification", incident="other").on(date(2026, 3, 20))
    case.take("record_learnt_since", died="yes", looked_after="no", known_on=date(2026, 3, 10))
    with pytest.raises(
        TransitionRefused, match="by what was learnt since on Tue 10 Mar 2026, and here only since Wed 18 Mar 2026"
    ):
        case.take("decide_notification", **DIED, known_since=date(2026, 3, 18))
    case.take("decide_notification", **DIED)
    assert date(2026, 3, 17) == case.due("C01")


def test_the_panel_is_told_of_an_adult_once_that_is_known(partnership) -> None:
    """Told on 4 March, «known» on the 20th: the test for an adult review would be sixteen days late."""
    case = partnership.hears_of(date(2026, 3, 2)).take("assess_notification").take("decide_notification")
    case.take("send_notification").on(date(2026, 3, 20))
    adult = {"why": "the person is an adult in law", "panel_told_on": date(2026, 3, 4)}
    with pytest.raises(
        TransitionRefused, match="the Panel was told on Wed 4 Mar 2026, and it was known only on Fri 20 Mar 2026"
    ):
        case.take("withdraw_notification", **adult, known_on=date(2026, 3, 20))
    case.take("withdraw_notification", **adult, known_on=date(2026, 3, 3))
    with pytest.raises(
        TransitionRefused, match="adult in law known on Thu 5 Mar 2026, after it was acted on on Wed 4 Mar 2026"
    ):
        case.take("correct_date", what="adult_in_law_known", correct_on=date(2026, 3, 5))
    with pytest.raises(
        TransitionRefused, match="notification withdrawn on Mon 2 Mar 2026, before it was known on Tue 3 Mar 2026"
    ):
        case.take("correct_date", what="notification_withdrawn", correct_on=date(2026, 3, 2))
