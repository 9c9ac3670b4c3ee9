"""Cases that turn on the words of the Act: an adult in law, a child of ours who dies elsewhere."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, get_args

import pytest

from flows.demo.invented import all_agree, no, not_known, yes
from safeguarding.dates.london import LONDON
from safeguarding.errors import TransitionRefused
from safeguarding.notices.owed import Owed, is_of_a_discretionary_review
from safeguarding.review.states import State
from safeguarding.shown.card import description
from safeguarding.shown.decided import last_decided
from safeguarding.stages import STEPS
from tasks.post.letters import write_letter
from tasks.store import outbox
from tasks.store.tables import notice_facts, notices

ADULT = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
LEAVER = {"under_18": "no", "incident": "death", "care_leaver": "yes"}
LEAVER_DIED = {"under_18": no(), "died": yes(), "seriously_harmed": no(), "care_leaver": yes()}


def test_a_care_leaver_of_19_whose_neglect_is_suspected_starts_no_rapid_review(partnership) -> None:
    """
    Nineteen, dead, neglect suspected, in the area. Section 16C speaks of a child: the Panel is owed nothing. The
    Secretary of State and Ofsted should have notice (C04), and the death is tested for an adult review (C21).
    """
    case = partnership.hears_of(date(2026, 11, 20), concern="death of a looked-after child or care leaver")
    case.take("assess_notification", **LEAVER)
    assert {"C04", "C21"} == {duty.rule for duty in case.review.running() if duty.rule.startswith("C")}
    assert date(2026, 11, 27) == case.due("C04")

    case.take("decide_notification", abuse_or_neglect=yes("Neglect is suspected."), **LEAVER_DIED)
    assert "notify_secretary_of_state" == case.review.facts["notification_decided"]["result"]
    assert case.review.open
    assert case.duty("C04").running

    with pytest.raises(TransitionRefused, match="open that referral, and give its reference here"):
        case.later(3).take("send_notification")
    adult = partnership.hears_of(case.today, **ADULT)
    case.take("send_notification", adult_referral=adult.reference)

    assert State.ADULT_IN_LAW == case.review.state
    assert ("settled", "settled") == (case.duty("C04").ended, case.duty("C21").ended)
    assert [] == [duty.rule for duty in case.review.duties if duty.rule in ("C01", "C02", "C05")]
    assert [] == case.records.verify(case.reference)


def test_the_test_for_an_adult_review_is_chased_until_it_is_made(partnership) -> None:
    """Nobody opened the adult referral: the day after, its duty is overdue, and the business manager hears of it."""
    case = partnership.hears_of(date(2026, 11, 20), concern="death of a looked-after child or care leaver")
    case.take("assess_notification", **LEAVER)
    case.on(date(2026, 11, 24)).sweep()
    assert [] != case.misses("C21")

    adult = partnership.hears_of(case.today, **ADULT)
    done = "adult referral made, for the test of an adult review"
    case.take("record_done", what=done, on=date(2026, 11, 24), receipt=adult.reference)
    assert ("settled", date(2026, 11, 24)) == (case.duty("C21").ended, case.duty("C21").ended_on)


def test_a_child_taken_for_an_adult_is_notified_after_all(partnership) -> None:
    """
    Assessed as nineteen, found to have been seventeen: the Panel's five working days run from the day the authority
    knew, and the notices for a care leaver and the adult test are dropped with the age.
    """
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification", **LEAVER)
    young = {"died": yes(), "seriously_harmed": no(), "record_is_wrong": "The papers were an elder brother's."}
    case.later(3).take("decide_notification", **young)
    assert date(2026, 11, 27) == case.due("C01")
    assert ("cancelled", "cancelled") == (case.duty("C04").ended, case.duty("C21").ended)

    case.take("send_notification")
    assert State.NOTIFICATION_SENT == case.review.state
    assert case.duty("C05").running


ELSEWHERE = {"died": yes(), "seriously_harmed": no(), "in_this_area": no(), "in_another_english_area": yes()}


@pytest.fixture
def died_elsewhere(partnership):
    """Our looked-after child died in another English area on Friday 20 November 2026, abuse suspected."""
    case = partnership.hears_of(date(2026, 11, 20), concern="death of a looked-after child or care leaver")
    return case.take("assess_notification", incident="death", looked_after="yes")


def test_our_looked_after_child_dies_in_another_english_area(died_elsewhere) -> None:
    """
    The authority there notifies the Panel and leads; it is told, and is on the record with whoever leads. The notice of
    the death is ours wherever the child died: it stays owed, and the case is not called not serious.
    """
    case = died_elsewhere
    with pytest.raises(
        TransitionRefused, match="another area's: say which authority, who leads there, when it was told"
    ):
        case.later(3).take("decide_notification", looked_after=yes(), **ELSEWHERE)
    other = {"other_authority": "Northshire", "other_lead": "Its duty desk", "other_told_on": case.today}
    case.take("decide_notification", looked_after=yes(), **ELSEWHERE, **other)

    assert "other_area_notifies" == case.review.facts["notification_decided"]["result"]
    line = case.records.events(case.reference, unseal=True)[-1]
    assert ("Northshire", "Its duty desk") == (line.sealed["other_authority"], line.sealed["other_lead"])
    assert case.review.open
    assert (date(2026, 11, 27), "") == (case.due("C03"), case.duty("C03").ended)
    assert "cancelled" == case.duty("C01").ended
    page = description(case.review, case.today, case.records.rulebook)
    assert "Children Act 1989 Sch.2 para 20(1)(a)" in page
    assert "Children Act 2004 s.16C(1)(a)" in page

    case.take("send_notification", parents_told_on=case.today)
    assert State.OTHER_AREA == case.review.state
    assert ("settled", "settled") == (case.duty("C03").ended, case.duty("C03b").ended)
    assert [] == [duty.rule for duty in case.review.duties if duty.rule == "C05"]


def test_the_notice_of_a_death_elsewhere_is_chased_and_its_passing_told(died_elsewhere) -> None:
    """The week goes by without a notice: it is overdue, and the director of children's services is told."""
    case = died_elsewhere.later(3)
    other = {"other_authority": "Northshire", "other_lead": "Its duty desk", "other_told_on": case.today}
    case.take("decide_notification", looked_after=yes(), **ELSEWHERE, **other)
    case.on(date(2026, 11, 30)).sweep()

    told = {row.person for row in case.misses("C03")}
    advice = case.misses("C03")[0].context["on_miss"]
    assert advice.startswith("This product suggests: No extension was found in any source.")
    assert "rule says" not in advice
    directors = {p.id for p in case.records.rulebook.partnership.people if "local_authority_dcs" in p.roles}
    assert directors & told


def test_a_death_abroad_of_a_child_who_lives_elsewhere_is_no_small_matter(partnership) -> None:
    """Abuse, a death, no place of ours: it is another area's, to be told and recorded, and not «not serious»."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification", incident="death")
    abroad = {"died": yes(), "seriously_harmed": no(), "in_this_area": no()}
    case.take("decide_notification", other_authority="Home", other_lead="Its desk", other_told_on=case.today, **abroad)
    assert State.OTHER_AREA == case.review.state


def test_parents_who_cannot_be_told_are_recorded_with_the_reason(died_elsewhere) -> None:
    """So far as is reasonably practicable: that it is not needs its reason, and ends the duty without meeting it."""
    what = "parents not told: not reasonably practicable"
    with pytest.raises(TransitionRefused, match="why telling the parents is not reasonably practicable"):
        died_elsewhere.take("record_done", what=what, on=died_elsewhere.today)
    died_elsewhere.take(
        "record_done", what=what, on=died_elsewhere.today, note="Both are dead, and nobody else has it."
    )
    assert "cancelled" == died_elsewhere.duty("C03b").ended


def test_a_limb_that_is_not_known_keeps_the_case_and_what_is_certain(died_elsewhere) -> None:
    """Whether there was abuse is not known: nothing closes, and the notice of the death runs on all the same."""
    died_elsewhere.take("decide_notification", abuse_or_neglect=not_known(), looked_after=yes(), **ELSEWHERE)
    assert "ask_for_information" == died_elsewhere.review.facts["notification_decided"]["result"]
    assert ("", "") == (died_elsewhere.duty("C01").ended, died_elsewhere.duty("C03").ended)


NAMED = get_args(STEPS["open_referral"].form.model_fields["concern"].annotation)


@pytest.mark.parametrize(
    "concern", [kind for kind in NAMED if kind != "learning request" and "of an adult" not in kind]
)
def test_a_death_or_harm_with_abuse_is_not_closed_unassessed(partnership, concern: str) -> None:
    """Every kind of referral that names a death, or abuse or neglect: «not serious» would pass every table by."""
    case = partnership.hears_of(date(2026, 11, 20), concern=concern)
    with pytest.raises(TransitionRefused, match="assess it"):
        case.take("close_not_serious")
    assert State.REFERRED == case.review.state
    case.take("assess_notification", incident="death" if "death" in concern else "serious harm")
    assert case.duty("C01").running


def test_a_request_to_learn_is_closed_in_one_step(partnership) -> None:
    """It names no death and no abuse: the local authority says why it is not serious, and it is in the register."""
    case = partnership.hears_of(date(2026, 11, 20), concern="learning request").take("close_not_serious")
    assert State.NOT_SERIOUS_CASE == case.review.state


def test_what_is_of_no_importance_to_the_area_is_not_known_until_it_is_said(case) -> None:
    """Section 16F(1)(a) is a question of its own: not known, it keeps a case from being ended without a review."""
    case.on(date(2026, 12, 11)).take("conclude_rapid_review")
    with pytest.raises(TransitionRefused, match="not known is not «no»: ask about importance to area"):
        case.take("decide_review", importance_to_area=not_known(), outcome="no local review: learning captured")
    case.take("decide_review")
    decided = case.review.facts["decided"]
    assert ("local_review", "1", "D") == (decided["finding"], decided["row"], decided["confidence"])
    assert "Children Act 2004 s.16F(1); S.I. 2018/789 reg.11" == decided["provision"]


def rapidly_reviewed(case):
    """The rapid review complete; the partners decide on the same Friday, 11 December 2026."""
    return case.on(date(2026, 12, 11)).take("conclude_rapid_review")


@pytest.mark.parametrize("limb", ["serious_case", "importance_to_area"])
def test_a_review_that_the_section_does_not_ask_for_is_not_shown_as_the_acts(case, limb: str) -> None:
    """
    Not serious, or of no importance to the area, and reviewed all the same: it is the partners' own undertaking (C12b).
    The duty to publish is the Act's for other reviews, and is not owed; regulation 14 is said not to impose this.
    """
    since = {"not_serious_after_all": "The injury was an accident."} if limb == "serious_case" else {}
    rapidly_reviewed(case).take("decide_review", **{limb: no()}, **since, outcome="local review")
    assert "cancelled" == case.duty("C12").ended
    assert date(2027, 6, 11) == case.due("C12b")
    words = "\n".join(case.explained("C12b")[0].words)
    assert "Act of Parliament" not in words
    assert "a design default" in words

    case.later(7).take("commission_review")
    monitored = "\n".join(case.explained("C10")[0].words)
    assert "This review is discretionary: section 16F(1) does not ask for it" in monitored
    case.take("record_deferral", rule="C12b")
    assert [] == case.records.verify(case.reference)


def test_letters_of_a_discretionary_review_do_not_call_its_other_duties_the_acts(case) -> None:
    """
    Monitoring (C10) is missed on a review that the section does not ask for, and on one that it does. The letter of the
    first says that neither section nor regulations impose it there; that of the second says nothing of the kind.
    """
    rapidly_reviewed(case).take("decide_review", importance_to_area=no(), outcome="local review")
    case.later(7).take("commission_review").later(60).sweep()
    (row, *_) = case.misses("C10")
    assert row.context["undertaken"].startswith("This review is discretionary: section 16F does not ask for it")
    assert "The duty is set by" not in row.context["day_set_by"]
    letter = write_letter("due_missed", row.context).markdown
    assert "neither the section nor the regulations made under it impose this here" in letter
    assert "To pass its day is no breach of the law" in letter

    assert [] == [row for row in case.misses("C12b") if row.context["undertaken"]], "that is not the section's at all"


def test_letters_of_a_review_that_the_section_asks_for_say_nothing_of_a_choice(case) -> None:
    """The same date of the same rule, on a review that is asked for; and where that was decided only afterwards."""
    rapidly_reviewed(case).take("decide_review").later(7).take("commission_review").later(60).sweep()
    (row, *_) = case.misses("C10")
    assert "" == row.context.get("undertaken", "")
    assert "The duty is set by regulations" in row.context["day_set_by"]
    assert not Owed.of(case.duty("C10"), case.review).discretionary
    ended = ("C12b", "cancelled", "no longer owed: decided to initiate on 2027-01-04")
    assert not is_of_a_discretionary_review(*ended), "decided again, as one that is asked for"
    assert is_of_a_discretionary_review("C12b", "cancelled", "no longer owed: decided to publish nothing on 2027-01-04")


def test_a_review_that_the_section_asks_for_is_the_acts(case) -> None:
    """Serious, and of importance: C12, with the Act's duty; nothing is said of a choice."""
    rapidly_reviewed(case).take("decide_review").later(7).take("commission_review")
    assert [] == [duty for duty in case.review.duties if duty.rule == "C12b"]
    assert "discretionary" not in "\n".join(case.explained("C10")[0].words)
    assert "duty: Act of Parliament" in "\n".join(case.explained("C12")[0].words)


def test_a_review_begun_together_is_stopped_together(case) -> None:
    """One delegate alone does not end the duty to publish: each partner is heard, and the quorum agrees."""
    rapidly_reviewed(case).take("decide_review")
    alone = {who: {**given, "position": "absent"} for who, given in all_agree().items() if who != "police"}
    with pytest.raises(TransitionRefused, match=r"not quorate: .*only 1 of three partners agree") as refused:
        case.take("discontinue_review", by="harper_sample", positions={**all_agree(), **alone})
    assert "reasons are needed for the position of the local authority" in str(refused.value)
    assert case.duty("C12").running
    case.take("discontinue_review")
    assert State.DISCONTINUED == case.review.state


ADULT = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}


@pytest.fixture
def screened(partnership):
    """An adult referral, screened: section 44 is to be answered."""
    return partnership.hears_of(date(2026, 3, 2), **ADULT).take("accept_referral").later(10).take("complete_screening")


def test_nobody_has_died_and_lives(screened) -> None:
    """The two conditions of section 44 exclude each other: both «yes» is refused, and no review is mandatory by it."""
    with pytest.raises(TransitionRefused, match="the answers contradict each other: the adult died, and is alive"):
        screened.take("decide_adult_review", alive=yes())


@pytest.mark.parametrize(
    ("limb", "basis"),
    [("adult", "the person was under 18"), ("needs", "no needs for care")],
)
def test_each_limb_of_section_44_is_asked_and_says_its_own_basis(screened, limb: str, basis: str) -> None:
    """Under 18, or without needs: no adult review, and the record says by which of them."""
    with pytest.raises(TransitionRefused, match=basis):
        screened.take("decide_adult_review", **{limb: no()})
    where = {"child_referral_elsewhere": "With the children's partnership."} if limb == "adult" else {}
    screened.take("decide_adult_review", **{limb: no()}, outcome="not met", method="not applicable", **where)
    assert basis in screened.review.facts["decided"]["basis"]
    assert State.NOT_MET == screened.review.state


OTHERS = {"in_area": no(), "outcome": "another board's: referred on", "method": "not applicable"}


def test_an_adult_of_another_area_is_referred_to_the_board_that_has_the_duty(screened) -> None:
    """
    The adult was in another area: «not met» would be untrue, for the board there may have to arrange a review. Which
    board, and when it was told, are asked; both stand on the record and the page, and the case ends as referred on.
    """
    with pytest.raises(TransitionRefused, match="The referral is referred on, and is not «not met» here"):
        screened.take("decide_adult_review", **{**OTHERS, "outcome": "not met"})
    with pytest.raises(TransitionRefused, match="say which board has the duty and when it was told"):
        screened.take("decide_adult_review", **OTHERS)
    told = {"other_board": "The board of Northshire", "other_board_told_on": date(2026, 3, 12)}
    with pytest.raises(TransitionRefused, match="«That board told on»: Sun 1 Mar 2026 is before Mon 2 Mar 2026"):
        screened.take("decide_adult_review", **OTHERS, **{**told, "other_board_told_on": date(2026, 3, 1)})
    screened.take("decide_adult_review", **OTHERS, **told)

    line = screened.records.events(screened.reference, unseal=True)[-1]
    assert (State.REFERRED_ON, "The board of Northshire") == (screened.review.state, line.sealed["other_board"])
    assert date(2026, 3, 12) == screened.review.happened("referred_on")
    assert [] == list(screened.review.running())
    said = last_decided(screened.review)
    assert said[0].startswith("Another board: ")
    assert "Care Act 2014 s.44(1)" in said[0]
    assert "The Safeguarding Adults Board that has the duty, named with the decision, was told on Thu 12 Mar" in said[1]
    assert said[2].startswith("How far the law is checked: Care Act 2014 s.44(1)")
    assert "row 5b of the legal test: read in a copy of the cited source [V]." in said[2]


def test_an_adult_of_this_area_is_nobody_elses(screened) -> None:
    """In this area, the case is not referred on as another's, and no other board is said to have the duty."""
    with pytest.raises(TransitionRefused, match="in this board's area: no other board has the duty"):
        screened.take("decide_adult_review", **{**OTHERS, "in_area": yes(), "concern": no()})
    with pytest.raises(TransitionRefused, match="the limbs do not say that the case is another's"):
        screened.take("decide_adult_review", other_board="Northshire")


def test_what_could_change_nothing_is_not_waited_for(screened) -> None:
    """No cause for concern about how partners worked: a review is not mandatory, however the adult is found to be."""
    unknown = {"died": not_known(), "alive": not_known()}
    screened.take("decide_adult_review", concern=no(), **unknown, outcome="other learning", method="not applicable")
    assert State.OTHER_LEARNING == screened.review.state


def test_a_limb_that_is_not_known_is_asked_for_in_words(screened) -> None:
    """Whether the adult was in the area could change all of it: it is asked, as a sentence."""
    with pytest.raises(TransitionRefused, match="not known: the adult was in the board's area"):
        screened.take("decide_adult_review", in_area=not_known())


def test_action_for_safety_that_is_not_taken_is_told_at_once_and_chased_until_it_is(partnership) -> None:
    """
    Friday evening: action for the children's safety is needed and not yet taken (C06). The partners hear in that hour
    and not on Monday; unrecorded it is overdue on the Monday, as a day of our own is; recorded it is settled, on the
    day it was taken. Where it was taken already nothing is owed, and the letter waits for the morning.
    """
    friday = date(2026, 11, 27)
    told = {}
    for said in ("needed and not yet taken", "taken"):
        case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
        case.on(friday, 18, 30).take("send_notification")
        case.take("open_rapid_review", immediate_action=said, immediate_action_note="A safe place.")
        told[said] = leaving(case, "step_told", "Rapid review opened: agencies asked")
        if said == "taken":
            assert [] == [duty for duty in case.review.duties if duty.rule == "C06"]
            continue
        assert (friday, "safety_concern_known") == (case.due("C06"), case.duty("C06").anchor)
        case.on(date(2026, 11, 30)).sweep()
        assert {"glenn_sample", "harper_sample", "indy_sample"} == {row.person for row in case.misses("C06")}
        assert {"working morning"} == {row.context["urgency"] for row in case.misses("C06")}
        case.take("record_done", what="immediate safety action taken", on=date(2026, 11, 28))
        assert ("settled", date(2026, 11, 28)) == (case.duty("C06").ended, case.duty("C06").ended_on)
    assert {
        "needed and not yet taken": {("at once", datetime(2026, 11, 27, 18, 30, tzinfo=LONDON))},
        "taken": {("working morning", datetime(2026, 11, 30, 9, 0, tzinfo=LONDON))},
    } == told


def leaving(case: Any, occasion: str, happened: str) -> set[tuple[str, datetime]]:
    """How urgent the letters of a step are, and from when they may leave."""
    query = outbox.FULL.where(notice_facts.c.reference == case.reference, notices.c.occasion == occasion)
    with case.records.engine.connect() as connection:
        rows = [row for row in connection.execute(query) if row.context["happened"] == happened]
    return {(row.context["urgency"], row.not_before) for row in rows}
