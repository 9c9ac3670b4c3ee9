"""What the record says already is not undone in passing: a notified case, a notification, a death, a suspicion."""

from __future__ import annotations

from datetime import date

import pytest

from flows.demo.answers import answer
from flows.demo.invented import no, not_known, yes
from safeguarding.errors import TransitionRefused
from safeguarding.lifecycle import attempt
from safeguarding.review.events import Actor, Mark
from safeguarding.review.states import State

DIED = {"died": yes(), "seriously_harmed": no()}


@pytest.fixture
def notified(partnership):
    """A looked-after child's death, abuse suspected, known on 2 March 2026, notified on the 4th."""
    case = partnership.hears_of(date(2026, 3, 2), concern="death, abuse or neglect known or suspected")
    case.take("assess_notification", incident="death", looked_after="yes")
    case.take("decide_notification", **DIED, looked_after=yes())
    return case.on(date(2026, 3, 4)).take("send_notification", parents_told_on=date(2026, 3, 4))


def test_a_notified_death_is_not_called_not_serious_in_passing(notified) -> None:
    """
    The child died, abuse is suspected, the Panel is notified: the partners answer that it is no serious case. Neither
    the six months of a review nor the case itself ends by that; said what was found since, it is theirs to find.
    """
    notified.take("open_rapid_review").on(date(2026, 3, 20)).take("conclude_rapid_review")
    for outcome in ("local review", "no local review: learning captured"):
        with pytest.raises(TransitionRefused, match="the child died: that is a serious child safeguarding case"):
            notified.take("decide_review", serious_case=no(), outcome=outcome)
    with pytest.raises(
        TransitionRefused, match="why this is no serious case, but whether it is one is not answered «no»"
    ):
        notified.take("decide_review", not_serious_after_all="The cause of death was natural.")
    assert State.DECISION == notified.review.state
    since = "The inquest found a natural cause, and no neglect."
    notified.take("decide_review", serious_case=no(), outcome="local review", not_serious_after_all=since)
    assert ("cancelled", "") == (notified.duty("C12").ended, notified.duty("C12b").ended)


def test_a_death_learnt_after_notifying_makes_the_case_serious_too(partnership) -> None:
    """Notified as seriously harmed; the child has died since: the record says both, and the refusal names both."""
    case = partnership.hears_of(date(2026, 3, 2)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").take("record_learnt_since", died="yes")
    with pytest.raises(TransitionRefused, match="the child died and the child was seriously harmed: that is a serious"):
        case.take("conclude_rapid_review").take("decide_review", serious_case=no())


def test_nothing_goes_on_from_a_notification_that_was_withdrawn(notified) -> None:
    """
    Withdrawn, and in May new information: the rapid review does not go on from a notification that the Panel no
    longer has. It is decided again whom to notify; no rapid review is chased until another notification is sent.
    """
    notified.take("withdraw_notification").on(date(2026, 5, 20))
    for state in ("notification_sent", "rapid_review"):
        with pytest.raises(TransitionRefused, match="was withdrawn on Wed 4 Mar 2026, and the national Panel has none"):
            notified.take("reopen", return_to=state)
    notified.take("reopen", return_to="notification_decision")
    notified.on(date(2026, 7, 1)).sweep()
    assert [] == notified.misses("C05")
    assert "cancelled" == notified.duty("C05").ended

    notified.take("decide_notification", **DIED, looked_after=yes(), suspected_since=date(2026, 5, 20))
    assert (date(2026, 5, 28), "") == (notified.due("C01"), notified.duty("C01").ended)
    notified.take("send_notification")
    assert (date(2026, 7, 1), "") == (notified.duty("C05").anchored_on, notified.duty("C05").ended)
    assert [] == notified.records.verify(notified.reference)


def test_a_withdrawal_in_error_leaves_the_notification_standing(notified) -> None:
    """The withdrawal was the error: the rapid review goes on, due on its own day, and later reopenings find it so."""
    due = notified.due("C05")
    notified.take("withdraw_notification").on(date(2026, 3, 10))
    with pytest.raises(TransitionRefused, match="or say that it was closed in error"):
        notified.take("reopen", return_to="notification_sent")
    notified.take("reopen", return_to="notification_sent", because="it was closed in error")
    assert (due, "") == (notified.due("C05"), notified.duty("C05").ended)
    assert notified.review.notification_stands
    notified.take("open_rapid_review").take("conclude_rapid_review")
    notified.take("decide_review", outcome="no local review: learning captured")
    notified.on(date(2026, 6, 1)).take("reopen", return_to="decision")
    assert State.DECISION == notified.review.state


def test_back_to_the_decision_in_error_chases_no_rapid_review_of_a_withdrawn_notification(notified) -> None:
    """Closed in error and back before the notification: what was counted from the withdrawn one is not owed."""
    notified.take("withdraw_notification").on(date(2026, 3, 10))
    notified.take("reopen", return_to="notification_decision", because="it was closed in error")
    assert "cancelled" == notified.duty("C05").ended


def test_a_case_that_the_panel_never_had_does_not_reopen_beyond_its_notification(partnership) -> None:
    """Closed as not serious at the decision whether to notify: there is no rapid review to go back to."""
    case = partnership.hears_of(date(2026, 3, 2)).take("assess_notification")
    case.take("decide_notification", abuse_or_neglect=no())
    with pytest.raises(TransitionRefused, match="the notification was never sent, and the national Panel has none"):
        case.take("reopen", return_to="notification_sent")


WRONG = "if that was recorded in error, say why the record is wrong"


def test_a_death_that_was_assessed_is_undone_only_as_an_error(partnership) -> None:
    """
    Assessed as a looked-after child's death: notice of it and the telling of the parents are owed. Neither ends by a
    bare answer at the first decision, nor by something «learnt since», nor after a decision was taken back.
    """
    case = partnership.hears_of(date(2026, 3, 2)).take("assess_notification", incident="death", looked_after="yes")
    for answers in (
        {**DIED, "looked_after": no()},
        {"died": no(), "seriously_harmed": yes(), "looked_after": yes()},
    ):
        with pytest.raises(TransitionRefused, match=WRONG):
            case.take("decide_notification", **answers)
    with pytest.raises(TransitionRefused, match=WRONG):
        case.take("record_learnt_since", by="glenn_sample", died="no", looked_after="yes")
    case.take("decide_notification", **DIED, looked_after=yes()).take("take_back_step")
    with pytest.raises(TransitionRefused, match=WRONG):
        case.take("decide_notification", **DIED, looked_after=no())
    assert ("", "") == (case.duty("C03").ended, case.duty("C03b").ended)
    case.take("decide_notification", **DIED, looked_after=no(), record_is_wrong="The file was that of another child.")
    assert ("cancelled", "cancelled") == (case.duty("C03").ended, case.duty("C03b").ended)


def test_an_assessment_undoes_nothing_that_was_learnt_before_it(partnership) -> None:
    """A looked-after child's death is recorded at once; assessed as harm of another's child, the record stands."""
    case = partnership.hears_of(date(2026, 3, 2)).take("record_learnt_since", died="yes", looked_after="yes")
    case.take("assess_notification", looked_after="no")
    with pytest.raises(TransitionRefused, match="has died and that the child was looked after"):
        case.take("decide_notification", died=no(), looked_after=no())


def test_a_death_after_the_assessment_has_its_own_day(partnership) -> None:
    """
    Assessed on 2 March as serious harm of a looked-after child, who dies on the 7th. The first decision asks since when
    the death is known: notice of it is not counted from five days before it. The Panel's day stays that of the harm.
    """
    case = partnership.hears_of(date(2026, 3, 2)).take("assess_notification", looked_after="yes").on(date(2026, 3, 9))
    dead = {"died": yes(), "looked_after": yes()}
    with pytest.raises(TransitionRefused, match="what was assessed was no death: say since when it is known"):
        case.take("decide_notification", **dead)
    case.take("decide_notification", **dead, known_since=date(2026, 3, 7))
    days = {rule: case.duty(rule).anchored_on for rule in ("C01", "C03", "C03b")}
    assert {"C01": date(2026, 3, 2), "C03": date(2026, 3, 7), "C03b": date(2026, 3, 7)} == days


def test_what_is_neither_death_nor_serious_harm_starts_nothing_to_the_panel(partnership) -> None:
    """
    Assessed as «other»: section 16C asks for a death or serious harm, and nobody is chased for a notification. Decided
    to be serious harm after all, the five working days run from the day on which that is known.
    """
    case = partnership.hears_of(date(2026, 3, 2)).take("assess_notification", incident="other")
    assert set() == {"C01", "C02"} & {duty.rule for duty in case.review.duties}
    case.on(date(2026, 3, 12)).sweep()
    assert [] == case.misses("C01")
    with pytest.raises(TransitionRefused, match="what was assessed was no serious harm: say since when it is known"):
        case.take("decide_notification")
    with pytest.raises(TransitionRefused, match="known since Sun 1 Mar 2026 is before the authority became aware on"):
        case.take("decide_notification", known_since=date(2026, 3, 1))
    case.take("decide_notification", known_since=date(2026, 3, 11))
    assert (date(2026, 3, 11), date(2026, 3, 18)) == (case.duty("C01").anchored_on, case.due("C01"))


def test_a_death_of_which_it_is_not_known_whether_notice_is_owed_is_found_out_from_the_assessment(partnership) -> None:
    """
    Assessed as a death, not known who looked after the child: finding out is owed at once, and nothing is to be decided
    first. Of serious harm, nothing is to be found out.
    """
    case = partnership.hears_of(date(2026, 3, 2)).take(
        "assess_notification", incident="death", looked_after="not known"
    )
    assert ("", date(2026, 3, 2)) == (case.duty("C29").ended, case.duty("C29").anchored_on)
    case.on(date(2026, 3, 4)).sweep()
    assert [] != case.misses("C29")
    case.take("record_learnt_since", died="yes", looked_after="yes")
    assert ("settled", "") == (case.duty("C29").ended, case.duty("C03").ended)
    harmed = partnership.hears_of(date(2026, 3, 2)).take("assess_notification", looked_after="not known")
    assert [] == [duty for duty in harmed.review.duties if duty.rule == "C29"]


ADULT = {"under_18": no(), "seriously_harmed": no()}


def test_a_living_adult_whom_nobody_harmed_is_not_the_adult_boards(partnership) -> None:
    """
    Nineteen, alive, no abuse or neglect suspected: neither condition of section 44 can be met. No adult referral is
    asked for, and the case closes as an adult's; of a death, or of neglect, the referral is asked for as before.
    """
    case = partnership.hears_of(date(2026, 3, 2)).take("assess_notification", under_18="no", incident="other")
    assert "" == case.duty("C21").ended
    for owed in (
        {"abuse_or_neglect": yes(), "died": no()},
        {"abuse_or_neglect": no(), **DIED, "known_since": case.today},
    ):
        with pytest.raises(TransitionRefused, match="an adult in law is tested for a safeguarding adults review"):
            case.take("decide_notification", **{**ADULT, **owed})
    case.take("decide_notification", **ADULT, abuse_or_neglect=no(), died=no())
    assert (State.ADULT_IN_LAW, "cancelled") == (case.review.state, case.duty("C21").ended)


def test_a_neglected_person_who_may_be_an_adult_is_not_closed_as_no_serious_case(partnership) -> None:
    """Neglect, no death, no serious harm, the age not known: an adult would be tested under section 44."""
    case = partnership.hears_of(date(2026, 3, 2)).take("assess_notification", under_18="not known", incident="other")
    unknown = {"under_18": not_known(), "died": no(), "seriously_harmed": no()}
    with pytest.raises(
        TransitionRefused, match="not known whether the person was under 18, and there was a death, or abu"
    ):
        case.take("decide_notification", **unknown)
    assert State.NOTIFICATION_DECISION == case.review.state
    referred = {"adult_referral": "NB-12", "adult_referral_elsewhere": "With the board of an invented place"}
    case.take("decide_notification", **unknown, **referred)
    assert State.NOT_SERIOUS_CASE == case.review.state


def test_an_adult_discovered_in_the_review_is_led_to_what_can_be_done(partnership) -> None:
    """
    A care leaver is discovered once the review is commissioned. The refusal says to end the review and reopen it at the
    decision whether to notify; that can be followed, and the notice of the death is owed there.
    """
    case = partnership.hears_of(date(2026, 3, 2)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review")
    learnt = {"died": "yes", "care_leaver": "yes"}
    with pytest.raises(TransitionRefused, match="withdraw the notification that was sent for a child"):
        case.take("record_learnt_since", **learnt)
    case.take("conclude_rapid_review").take("decide_review").take("commission_review")
    with pytest.raises(TransitionRefused, match="then reopen it at 'notification decision'"):
        case.take("record_learnt_since", **learnt)
    case.take("discontinue_review").take("reopen", return_to="notification_decision")
    grown = {"under_18": no(), **DIED, "care_leaver": yes(), "known_since": case.today}
    case.take("decide_notification", **grown)
    assert ("", "") == (case.duty("C04").ended, case.duty("C21").ended)


def test_of_an_adult_no_act_asks_to_find_out_about_a_notice(partnership) -> None:
    """
    Nineteen and dead, not known whether a care leaver: only guidance asks for that notice, and no letter calls finding
    out the Act's. Perhaps a child after all: then it is the Act's, and the other ends; known, both have ended.
    """
    case = partnership.hears_of(date(2026, 3, 2))
    case.take("assess_notification", under_18="no", incident="death", care_leaver="not known")
    assert ([], "") == ([duty for duty in case.review.duties if duty.rule == "C29"], case.duty("C29b").ended)
    case.on(date(2026, 3, 4)).sweep()
    assert ["Act" in case.misses("C29b")[0].context["day_set_by"]] == [False]
    unsure = {**DIED, "looked_after": not_known(), "care_leaver": not_known()}
    case.take("decide_notification", under_18=not_known(), **unsure)
    assert ("", "cancelled") == (case.duty("C29").ended, case.duty("C29b").ended)
    case.take("decide_notification", under_18=no(), **unsure)
    assert ("cancelled", "") == (case.duty("C29").ended, case.duty("C29b").ended)
    case.take("record_learnt_since", by="glenn_sample", died="yes", looked_after="no", care_leaver="yes")
    assert ("settled", "") == (case.duty("C29b").ended, case.duty("C04").ended)


def test_a_death_on_record_is_no_reason_to_withdraw(notified) -> None:
    """The child died; the notification is withdrawn for «no death or serious harm»: an error of it, or refused."""
    none = {"why": "no death or serious harm"}
    with pytest.raises(TransitionRefused, match="the record says that the person has died, and that is a death"):
        notified.take("withdraw_notification", **none)
    notified.take("withdraw_notification", **none, record_is_wrong="Another child of that name.")
    assert State.NOTIFICATION_WITHDRAWN == notified.review.state


def test_an_adult_is_tested_while_something_else_is_not_known(partnership) -> None:
    """
    Taken for a child; decided to be an adult who died, neglect suspected, and perhaps a care leaver. The Panel's clock
    ends, and the test for an adult review runs from that decision: it does not wait for what is asked of the notice.
    """
    case = partnership.hears_of(date(2026, 3, 2), concern="death, abuse or neglect known or suspected")
    case.take("assess_notification", incident="death").take(
        "decide_notification", **DIED, under_18=no(), care_leaver=not_known()
    )
    assert "ask_for_information" == case.review.facts["notification_decided"]["result"]
    assert ("cancelled", "") == (case.duty("C01").ended, case.duty("C21").ended)


def test_a_care_leaver_learnt_of_is_tested_as_an_adult(partnership) -> None:
    """Of an unknown age when it was assessed; then learnt to be a care leaver of twenty: C21 is owed from that day."""
    unknown = {"under_18": "not known", "looked_after": "not known", "care_leaver": "not known"}
    case = partnership.hears_of(date(2026, 3, 2), concern="death, abuse or neglect known or suspected")
    case.take("assess_notification", incident="death", **unknown).on(date(2026, 3, 4))
    for _ in range(2):
        case.take("record_learnt_since", by="glenn_sample", died="yes", looked_after="no", care_leaver="yes")
    assert [("C04", date(2026, 3, 4)), ("C21", date(2026, 3, 4))] == [
        (duty.rule, duty.anchored_on) for duty in case.review.duties if duty.rule in ("C04", "C21")
    ]


def test_a_death_at_an_age_that_is_not_known_is_not_dismissed(partnership) -> None:
    """
    Died in a regulated setting, no abuse suspected, and nobody knows whether under 18: the adult board may suspect what
    the authority does not, so the case does not close as not serious before the age, or the adult referral, is known.
    """
    case = partnership.hears_of(date(2026, 3, 2), concern="death in a regulated setting or service")
    case.take("assess_notification", incident="death", under_18="not known")
    natural = {**DIED, "under_18": not_known(), "abuse_or_neglect": no()}
    with pytest.raises(
        TransitionRefused, match="it is not known whether the person was under 18, and there was a deat"
    ):
        case.take("decide_notification", **natural)
    case.take("decide_notification", **natural | {"under_18": yes()})
    assert State.NOT_SERIOUS_CASE == case.review.state


def test_no_rapid_review_is_opened_of_a_notification_that_was_withdrawn(notified) -> None:
    """A record that an earlier program left there: the card says how it comes to be decided again whom to notify."""
    withdrawn = Mark(name="notification_withdrawn", on=date(2026, 3, 5))
    review = notified.review.model_copy(update={"marks": (*notified.review.marks, withdrawn)})
    raw = answer("open_rapid_review", review, date(2026, 3, 6))
    with pytest.raises(
        TransitionRefused, match="was withdrawn on Thu 5 Mar 2026, and the national Panel has none: withdraw"
    ):
        attempt(review, "open_rapid_review", raw, Actor(person="alex_example"), notified.at, notified.records.rulebook)
