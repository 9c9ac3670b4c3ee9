"""Duties that were once met on a day on which nothing could have met them, or by a number that leads nowhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import config
from flows.demo.invented import no, yes
from safeguarding.dates.counting import Direction, Kind, Unit
from safeguarding.duties.started_and_settled import before_their_day, clocks
from safeguarding.errors import HorizonPassed, TransitionRefused
from safeguarding.law.rule import Rule
from safeguarding.review.events import Mark
from safeguarding.review.states import State
from safeguarding.review.step import Outcome

ADULT = {"track": "adults", "agency": "hospital_trust", "concern": "serious abuse or neglect of an adult"}
LEAVER = {"under_18": "no", "incident": "death", "care_leaver": "yes"}
PANEL = {"under": "section 16D: the national Panel asks us", "asked_of": ""}
REFERRED = "adult referral made, for the test of an adult review"


@pytest.fixture
def heard_of(partnership):
    """A looked-after child's death, known on Thursday 19 November 2026 and referred the day after."""
    case = partnership.hears_of(date(2026, 11, 20), concern="death of a looked-after child or care leaver")
    return case.take("assess_notification", incident="death", looked_after="yes", aware_on=date(2026, 11, 19))


def test_a_reply_older_than_the_coroners_report_meets_nothing(heard_of) -> None:
    """Sent on 9 November, answered on the 1st: refused with both days. So is an extension older than the report."""
    case = heard_of.take("record_coroners_report", sent_on=date(2026, 11, 9))
    words = "C25, P01\\) cannot be met on Sun 1 Nov 2026: it is counted from Mon 9 Nov 2026, when the coroner sent"
    with pytest.raises(TransitionRefused, match=words):
        case.take("answer_coroner", on=date(2026, 11, 1))
    with pytest.raises(TransitionRefused, match="C25, P01\\) cannot be ended on Sun 1 Nov 2026"):
        case.take("record_coroners_extension", extended_on=date(2026, 11, 1))
    assert case.duty("C25", "P01").running


def test_what_the_panel_asked_for_was_not_supplied_before_it_asked(heard_of) -> None:
    """Asked on 20 November, supplied on 1 January of that year: refused, and still owed."""
    heard_of.take("request_information", **PANEL)
    with pytest.raises(TransitionRefused, match="C24, D01\\) cannot be met on Thu 1 Jan 2026"):
        heard_of.take("end_information_request", on=date(2026, 1, 1))
    assert heard_of.duty("C24", "D01").running


def test_nobody_was_told_of_a_death_before_it_was_known(heard_of) -> None:
    """Aware on 19 November; notice of 1 October and parents told on 1 January are refused, each by its own duty."""
    with pytest.raises(TransitionRefused, match="C03\\) cannot be met on Thu 1 Oct 2026"):
        heard_of.take("record_done", what="Secretary of State and Ofsted notified", on=date(2026, 10, 1))
    told = "parents and holders of parental responsibility told of the death"
    with pytest.raises(TransitionRefused, match="C03b\\) cannot be met on Thu 1 Jan 2026"):
        heard_of.take("record_done", what=told, on=date(2026, 1, 1))
    assert ("", "") == (heard_of.duty("C03").ended, heard_of.duty("C03b").ended)


def test_a_day_is_not_corrected_past_what_it_was_answered_on(heard_of) -> None:
    """The authority cannot have become aware after it gave notice: the wrong one of the two is put right first."""
    heard_of.take("record_done", what="Secretary of State and Ofsted notified", on=date(2026, 11, 19)).later(4)
    with pytest.raises(TransitionRefused, match="Put the wrong one of the two days right"):
        heard_of.take("correct_date", what="became_aware_looked_after_death", correct_on=date(2026, 11, 23))


@pytest.mark.parametrize("decided", [False, True])
def test_awareness_put_right_moves_the_notice_of_the_death_too(partnership, decided: bool) -> None:
    """
    A looked-after child's death, heard of on 2 March with the incident; in truth on 20 February. The notice to the
    Secretary of State and Ofsted, and the telling of the parents, run from knowing of the death: from that day too.
    """
    case = partnership.hears_of(date(2026, 3, 2)).take("assess_notification", incident="death", looked_after="yes")
    if decided:
        case.take("decide_notification", died=yes(), seriously_harmed=no(), looked_after=yes())
    case.take("correct_date", what="became_aware", correct_on=date(2026, 2, 20))
    assert {date(2026, 2, 20)} == {case.duty(rule).anchored_on for rule in ("C01", "C03", "C03b")}
    assert date(2026, 2, 27) == case.due("C03") == case.due("C01")
    assert date(2026, 2, 20) == case.review.happened("became_aware_looked_after_death")
    assert case.records.verify(case.reference) == []


def test_awareness_put_right_leaves_a_death_that_was_learnt_later(case) -> None:
    """The child died since: the day on which that was learnt is a fact of its own, and stays."""
    case.later(1).take("record_learnt_since", died="yes", looked_after="yes", known_on=case.today)
    case.take("correct_date", what="became_aware", correct_on=date(2026, 11, 18))
    assert case.today == case.duty("C03").anchored_on


def test_what_recurs_is_not_met_by_an_earlier_time(case) -> None:
    """Monitored on 8 March, then a note of 1 March is found: both are kept, and the interval runs from the later."""
    case.on(date(2026, 12, 11)).take("conclude_rapid_review").take("decide_review").take("commission_review")
    case.on(date(2027, 3, 8)).take("monitor_review").later(1).take("monitor_review", on=date(2027, 3, 1))
    running = case.review.running("C10")
    assert [date(2027, 3, 8)] == [duty.anchored_on for duty in running]
    assert case.records.verify(case.reference) == []


def _has_a_first_day(rule: Rule) -> bool:
    counted = rule.counts.unit is not Unit.NONE and rule.counts.direction is Direction.FORWARD
    kinds = (Kind.MINIMUM, Kind.GATE, Kind.INTERVAL)
    return not rule.track_only and counted and rule.counts.kind not in kinds


def test_no_milestone_meets_any_duty_before_the_day_it_is_counted_from(partnership) -> None:
    """
    Every rule of both tracks, the law's and the local ones: started on a day, and its settling event dated the day
    before. Each is refused by name, but for the two that say why an earlier day may meet them.
    """
    slipped, exempt = [], set()
    for adults in (False, True):
        review = partnership.hears_of(date(2026, 3, 2), **(ADULT if adults else {})).review
        review = review.model_copy(update={"duties": (), "marks": ()})
        rulebook, day = partnership.records.rulebook, date(2026, 3, 10)
        for rule in rulebook.rules:
            if rule.track not in ("both", review.track.value) or not _has_a_first_day(rule):
                continue
            subject = "X01" if rule.per_subject else ""
            begun = Mark(name=str(rule.starts), on=day, subject=subject, due=day + timedelta(days=30))
            met = Mark(name=str(rule.settled_by), on=day - timedelta(days=1), subject=subject)
            rows = clocks(review, Outcome(marks=(begun, met)), day, rulebook)
            said = before_their_day(review, rows, rulebook)
            if rule.may_be_met_before:
                exempt.add(rule.id)
            elif rule.starts != rule.settled_by and not any(words.startswith(rule.title) for words in said):
                slipped.append(rule.id)
    assert [] == slipped
    assert {"C21", "C22"} == exempt


def test_an_adult_referral_is_one_that_can_be_found(partnership) -> None:
    """A made-up number, the review's own and a child's meet nothing; one on record does."""
    other = partnership.hears_of(date(2026, 11, 20))
    case = partnership.hears_of(date(2026, 11, 20), concern="death of a looked-after child or care leaver")
    case.take("assess_notification", **LEAVER)
    with pytest.raises(TransitionRefused, match="give the reference of the adult referral"):
        case.take("record_done", what=REFERRED)
    for number, words in (
        ("SAR-1999-777", "no adult review on this record"),
        (case.reference.lower(), "is this review itself"),
        (other.reference, "on the children's track"),
    ):
        with pytest.raises(TransitionRefused, match=words):
            case.take("record_done", what=REFERRED, receipt=number)
        died = {"under_18": no(), "died": yes(), "seriously_harmed": no(), "care_leaver": yes()}
        with pytest.raises(TransitionRefused, match=words):
            case.take("decide_notification", **died, adult_referral=number)
    assert case.duty("C21").running

    adult = partnership.hears_of(date(2026, 11, 20), **ADULT)
    case.take("record_done", what=REFERRED, receipt=adult.reference)
    assert "settled" == case.duty("C21").ended


def test_an_adult_referral_kept_elsewhere_is_said_to_be(partnership) -> None:
    """The board of another area holds it: the record says so, sealed, and the duty is met."""
    case = partnership.hears_of(date(2026, 11, 20), concern="death of a looked-after child or care leaver")
    case.take("assess_notification", **LEAVER)
    case.take("record_done", what=REFERRED, receipt="NB-12", note="With the Northshire board, which leads.")
    assert "settled" == case.duty("C21").ended


# --------------------------------------------------------------------------- the advocate of a living adult

ALIVE = {"died": no(), "alive": yes()}
URGENT = {
    "consent": "the adult consents",
    "advocate": "not yet: the review begins as a matter of urgency",
    "urgency": "The home is open.",
}


@pytest.fixture
def living_adult(partnership):
    """A mandatory review of a living adult, decided on Friday 20 March 2026."""
    case = partnership.hears_of(date(2026, 3, 2), **ADULT).take("accept_referral")
    return case.on(date(2026, 3, 20)).take("complete_screening").take("decide_adult_review", **ALIVE)


def test_no_review_closes_while_its_advocate_is_owed(living_adult) -> None:
    """
    Begun as a matter of urgency, drafted, accepted, published, followed up: nobody arranged the advocate, and «the
    authority continues to be subject to the duty» (s.68(6)). Closing is refused until one is, or none is needed.
    """
    case = living_adult.take("commission_adult_review", **URGENT).on(date(2026, 5, 1)).take("begin_drafting")
    case.on(date(2026, 6, 1)).take("submit_draft").later(1).take("accept_findings").take("decide_publication")
    case.take("add_action").take("agree_action_plan").take("update_action", status="withdrawn")
    with pytest.raises(TransitionRefused, match="A06b\\) is still owed, and does not end with the review"):
        case.take("close_review")
    assert (True, "") == (case.review.open, case.duty("A06b").ended)

    what = "no independent advocate needed any more"
    with pytest.raises(TransitionRefused, match="say in the note why no independent advocate is needed any more"):
        case.take("record_done", what=what)
    case.take("record_done", what=what, note="A daughter supports the adult now.").take("close_review")
    assert (State.CLOSED, "cancelled") == (case.review.state, case.duty("A06b").ended)


def test_the_adult_is_not_alive_in_the_decision_and_dead_in_the_commission(living_adult) -> None:
    """The advocate's duty does not vanish by a slip: refused, unless the day of a death since then is given."""
    dead = {"consent": "the adult has died", "advocate": "the adult has died"}
    with pytest.raises(TransitionRefused, match="the decision says that the adult is alive, and here the adult has"):
        living_adult.take("commission_adult_review", **dead)
    with pytest.raises(TransitionRefused, match=r"died since .* is before .* when the partners decided to initiate"):
        living_adult.take("commission_adult_review", **dead, died_since=date(2026, 3, 1))
    living_adult.later(3).take("commission_adult_review", **dead, died_since=date(2026, 3, 22))
    assert State.IN_REVIEW == living_adult.review.state


def test_an_advocate_who_is_not_needed_has_a_reason(living_adult) -> None:
    """«Not needed» alone is no record of why section 68 does not bite."""
    told = {"consent": "the adult consents", "advocate": "not needed"}
    with pytest.raises(TransitionRefused, match="say why no independent advocate is needed"):
        living_adult.take("commission_adult_review", **told)
    living_adult.take("commission_adult_review", **told, no_advocate="The adult's brother supports her.")


def test_nobody_has_died_and_is_alive(partnership) -> None:
    """Both of section 44's conditions at once; and a commission of a living adult after a decision on a death."""
    case = partnership.hears_of(date(2026, 3, 2), **ADULT).take("accept_referral")
    case.on(date(2026, 3, 20)).take("complete_screening")
    with pytest.raises(TransitionRefused, match="the adult died, and is alive"):
        case.take("decide_adult_review", died=yes(), alive=yes())
    case.take("decide_adult_review")
    with pytest.raises(TransitionRefused, match="the decision says that the adult has died, and here"):
        case.take("commission_adult_review", **URGENT)


def test_an_adult_review_is_not_published_before_its_findings_were_accepted(partnership) -> None:
    """Accepted on 2 March, «published» on 1 January: the library would wait for it since before the report was."""
    case = partnership.hears_of(date(2026, 3, 2), **ADULT)
    for step in ("accept_referral", "complete_screening", "decide_adult_review", "commission_adult_review"):
        case.take(step)
    case.take("begin_drafting").take("submit_draft").take("accept_findings")
    with pytest.raises(
        TransitionRefused, match="Thu 1 Jan 2026 is before Mon 2 Mar 2026, when the report was accepted"
    ):
        case.take("decide_publication", published_on=date(2026, 1, 1))


def test_what_is_of_the_other_track_is_not_recorded(partnership, heard_of) -> None:
    """Notice to the Secretary of State on an adult review, an advocate on a child's: nothing waits for either."""
    adult = partnership.hears_of(date(2026, 11, 20), **ADULT)
    with pytest.raises(
        TransitionRefused, match="'Secretary of State and Ofsted notified' is not of the track 'adults'"
    ):
        adult.take("record_done", what="Secretary of State and Ofsted notified")
    with pytest.raises(TransitionRefused, match="'independent advocate arranged' is not of the track 'children'"):
        heard_of.take("record_done", what="independent advocate arranged")
    adult.take("record_done", what="referral acknowledged")


def test_nobody_was_referred_for_an_adult_review_before_there_was_one(partnership) -> None:
    """The adult referral may be older than the day on which the age was known, and not than section 44 itself."""
    case = partnership.hears_of(date(2026, 11, 20), concern="death, abuse or neglect known or suspected")
    case.take("assess_notification", **LEAVER)
    adult = partnership.hears_of(date(2026, 11, 20), **ADULT)
    made = {"what": REFERRED, "receipt": adult.reference}
    with pytest.raises(TransitionRefused, match="section 44 of the Care Act 2014 applies from Wed 1 Apr 2015"):
        case.take("record_done", **made, on=date(1990, 1, 1))
    case.take("record_done", **made, on=date(2026, 11, 16))
    with pytest.raises(TransitionRefused, match="section 44 of the Care Act 2014 applies from Wed 1 Apr 2015"):
        case.take("correct_date", what="adult_review_referred", correct_on=date(2015, 3, 31))


def test_no_action_is_agreed_before_the_referral(partnership) -> None:
    """An action «agreed» in 1990 of a review of 2026; nor is its day put right to that."""
    case = partnership.hears_of(date(2026, 3, 2)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review")
    early = "«Agreed on»: Mon 1 Jan 1990 is before Mon 2 Mar 2026, when the referral reached"
    with pytest.raises(TransitionRefused, match=early):
        case.take("add_action", agreed_on=date(1990, 1, 1))
    case.take("add_action")
    with pytest.raises(TransitionRefused, match="action agreed on Mon 1 Jan 1990 would be before referral received"):
        case.take("correct_date", what="action_agreed", agency_or_action="A01", correct_on=date(1990, 1, 1))


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (date(2099, 1, 1), "would be due on Thu 1 Jan 2099, and nobody is reminded of anything"),
        (date(2014, 1, 3), "would be due on Fri 3 Jan 2014, and nobody is reminded of anything before"),
    ],
)
def test_a_day_of_which_nobody_can_be_reminded_is_refused_in_words(partnership, due_on: date, words: str) -> None:
    """A slip of the year in what an agency still owes of a review carried in: named, with what would be right."""
    owed = {"agency": "police", "owner": "casey_lead", "due_on": due_on, "what": "The audit."}
    with pytest.raises(TransitionRefused, match=words):
        partnership.carries_in(date(2026, 11, 20), open_duties=[owed])


def test_an_own_action_is_not_owed_in_another_age(case) -> None:
    """The same of an action: it is not taken, and the review goes on."""
    case.take("conclude_rapid_review").take("decide_review").take("commission_review").take("begin_drafting")
    with pytest.raises(TransitionRefused, match="is the day right, or the length in your file"):
        case.take("add_action", due_on=date(2206, 12, 18))
    case.take("add_action", due_on=date(2027, 12, 18))


def test_a_day_before_the_list_is_not_answered_with_a_later_list() -> None:
    """Whoever typed 2014 is asked whether the day is right, and not to take in the holidays of later years."""
    calendar = config.load().calendar
    with pytest.raises(HorizonPassed, match=r"31 December 2028\. Is the day right\?"):
        calendar.hold(date(2014, 1, 3))
    with pytest.raises(HorizonPassed, match="calendar import FILE"):
        calendar.hold(date(2029, 1, 3))
