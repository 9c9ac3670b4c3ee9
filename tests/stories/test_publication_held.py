"""Publication waits for an event whose day nobody knows: it is looked at again, and goes on when it has come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from driver.registers import rows

from flows.demo.invented import all_agree
from safeguarding.errors import TransitionRefused
from safeguarding.review.holds import LOOK, hold_of
from safeguarding.review.states import State
from safeguarding.shown.history.told import told
from safeguarding.shown.publication import in_the_way, ways_of_publishing

TRIAL = {"waits_for": "the end of a trial", "expected_on": None}
WISH = {"ground": "welfare of the adult or the family", "waits_for": "a wish of the family", "expected_on": None}


@pytest.fixture
def to_publish(case):
    """A child's report accepted on Monday 1 March 2027, to be published on the 29th; the advance copy has gone."""
    case.on(date(2026, 12, 16)).take("conclude_rapid_review").take("decide_review")
    case.later(10).take("commission_review").later(10).take("begin_drafting").later(10).take("submit_draft")
    case.on(date(2027, 3, 1)).take("sign_report", planned_on=date(2027, 3, 29))
    return case.take("send_report")


@pytest.fixture
def accepted(partnership):
    """An adult's findings, accepted on Monday 1 March 2027."""
    adult = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
    case = partnership.hears_of(date(2026, 11, 2), **adult).take("accept_referral").later(10)
    case.take("complete_screening").take("decide_adult_review").later(10).take("commission_adult_review")
    case.later(10).take("begin_drafting").later(10).take("submit_draft")
    return case.on(date(2027, 3, 1)).take("accept_findings")


def said(case) -> str:
    return told(case.records.events(case.reference)[-1], case.review, case.records.rulebook).sentence


def test_a_childs_report_waits_for_the_end_of_a_trial(to_publish) -> None:
    """No day is known: the six months stand, the look is chased, and when the trial is over a new day is counted to."""
    case, six_months = to_publish, to_publish.due("C12")
    case.take("defer_publication", **TRIAL, review_on=date(2027, 4, 12))
    assert "until the end of a trial; to be looked at again" in said(case)
    assert [None] == [one.expected_on for one in case.review.deferrals]
    assert ("the end of a trial", None) == hold_of(case.review)[1:3] and six_months == case.due("C12")
    assert "it waits for an event whose day is not known" in " ".join(
        words for one in case.explained("C12") for words in one.deferrals
    )

    case.on(date(2027, 4, 14)).sweep()
    assert [] != case.misses(LOOK)
    case.take("look_at_hold", again_on=date(2027, 5, 10))
    assert "it still waits; to be looked at again on Mon 10 May 2027" in said(case)
    assert date(2027, 5, 10) == case.due(LOOK, "C12") == hold_of(case.review).look_again_on

    case.on(date(2027, 5, 7)).take("end_hold", planned_on=date(2027, 6, 1))
    assert "The hold on publication ended on Fri 7 May 2027; publication is planned for Tue 1 Jun 2027" in said(case)
    assert State.PRE_PUBLICATION == case.review.state and hold_of(case.review) is None
    assert () == case.review.live(LOOK) and six_months == case.due("C12")
    gate = case.duty("C13b")
    assert (date(2027, 6, 1), "settled") == (gate.anchored_on, gate.ended), "the copy that went stays sent"
    case.on(date(2027, 6, 1)).take("publish")
    assert State.PUBLISHED == case.review.state


def test_a_text_that_changed_meanwhile_is_sent_again(to_publish) -> None:
    """What was sent before the trial is an earlier text: the gate waits for the new one, counted to the new day."""
    case = to_publish.take("defer_publication", **TRIAL).later(60)
    case.take("end_hold", text_changed="yes", planned_on=case.today + timedelta(days=28))
    assert "" == case.duty("C13b").ended
    case.on(case.today + timedelta(days=28))
    with pytest.raises(TransitionRefused, match="the advance copy has not been sent"):
        case.take("publish")


def test_an_adults_report_waits_for_the_familys_wish(accepted) -> None:
    """No date of the law moves, for none is set: the look is chased, and then it is decided as it would have been."""
    case = accepted.take("defer_adult_publication", **WISH, review_on=date(2027, 4, 12))
    running = {duty.key: duty.due_on for duty in case.review.running() if duty.rule != LOOK}
    case.on(date(2027, 4, 12)).take("look_at_hold", again_on=date(2027, 5, 10))
    case.on(date(2027, 4, 26)).take("end_adult_hold")
    assert State.PUBLICATION == case.review.state and () == case.review.live(LOOK)
    assert running == {duty.key: duty.due_on for duty in case.review.running()}
    case.take("decide_publication")
    assert State.PUBLISHED == case.review.state


def test_an_adults_report_is_not_published_before_that_is_decided(accepted) -> None:
    """Decided on Monday: published on the Sunday before is refused, when it is recorded and when it is put right."""
    case = accepted.later(7)
    monday, sunday = case.today, case.today - timedelta(days=1)
    with pytest.raises(TransitionRefused, match="nothing is published before that is decided"):
        case.take("decide_publication", decided_on=monday, published_on=sunday)
    case.take("decide_publication", decided_on=monday, published_on=monday)
    with pytest.raises(TransitionRefused, match="would be before publication decided on"):
        case.take("correct_date", what="published", correct_on=sunday)
    case.take("correct_date", what="publication_decided", correct_on=sunday)
    case.take("correct_date", what="published", correct_on=sunday)
    (row,) = (one for one in rows(case.records, "decisions", case.today) if one.decision == "Publication decided")
    assert (sunday, sunday) == (row.decided_on, case.review.happened("published"))


def test_who_had_a_copy_before_it_was_published(to_publish, accepted) -> None:
    """Of a child's report the three bodies, and beside them the family; of an adult's likewise; each by itself."""
    to_publish.take("record_advance_copies", to=["the adult or the family"], how="read together, no copy left")
    to = [(copy.to, copy.what, copy.how) for copy in to_publish.review.copies]
    report = ("the report",)
    assert [(one, report, "") for one in ("Secretary of State", "national Panel", "Ofsted")] == to[:3]
    assert [("the adult or the family", report, "read together, no copy left")] == to[3:]
    assert "A copy went to the adult or the family on Mon 1 Mar 2027: the report; read together" in said(to_publish)
    with pytest.raises(TransitionRefused, match="To whom: 1: choose one of the answers offered"):
        to_publish.take("record_advance_copies", to=["the national Panel"])
    with pytest.raises(TransitionRefused, match="say who it is that had a copy"):
        accepted.take("record_advance_copies", to=["somebody else"])
    accepted.take("record_advance_copies", what=["an executive summary"], whom="SECRET")
    assert 3 == len(accepted.review.copies)
    assert "SECRET" not in accepted.records.events(accepted.reference)[-1].model_dump_json(exclude={"sealed"})
    accepted.take("decide_publication").later(3)
    with pytest.raises(TransitionRefused, match="is none in advance: it was published on Mon 1 Mar 2027"):
        accepted.take("record_advance_copies")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"expected_on": None}, "publication waits for a day: give the day on which it is now expected"),
        ({"waits_for": "another event", "expected_on": None}, "say for which event publication waits"),
        ({"review_on": date(2027, 3, 1)}, "the day to look again Mon 1 Mar 2027 is not to come"),
    ],
)
def test_a_hold_says_for_what(to_publish, changes: dict[str, object], words: str) -> None:
    """A wait for nothing in particular, or that nobody looks at again, is refused."""
    with pytest.raises(TransitionRefused, match=words):
        to_publish.take("defer_publication", **changes)


def test_any_way_out_of_the_wait_ends_the_chasing(to_publish, accepted) -> None:
    """A new day, nothing at all, another hold, or a decision to publish: nobody is reminded of a wait that is over."""
    held = to_publish.take("defer_publication", **TRIAL)
    held.take("defer_publication", waits_for="another event", event="A ruling.", expected_on=None)
    assert 1 == len(held.review.live(LOOK)) and "until another event, which is sealed" in said(held)
    held.later(1).take("plan_publication", planned_on=held.today + timedelta(days=28))
    assert () == held.review.live(LOOK)
    held.take("defer_publication").later(1).take("publish_nothing")
    assert () == held.review.live(LOOK)
    other = accepted.take("defer_adult_publication").later(1).take("decide_publication")
    assert () == other.review.live(LOOK)


def test_every_gate_that_is_unmet_is_said_at_once(case, accepted) -> None:
    """Of a child's report all that stands in the way today, by way and duty; of an adult's that it is nobody's duty."""
    case.on(date(2026, 12, 16)).take("conclude_rapid_review").take("decide_review")
    case.later(10).take("commission_review").later(10).take("begin_drafting").later(10).take("submit_draft")
    case.on(date(2027, 3, 1)).take("sign_report", planned_on=date(2027, 3, 29))
    less = {"publish": "information about the improvements only", "decided_on": case.today, "positions": all_agree()}
    case.take("plan_publication", **less, planned_on=date(2027, 3, 29))
    full, improvements, nothing = ways_of_publishing(case.review, case.records.rulebook, case.at)
    assert [False, True, False] == [way.planned for way in (full, improvements, nothing)]
    assert "'Plan the day of publication' turns to it" in full.unmet[0]
    assert 2 == len(improvements.unmet), "the copies and the justification, both at once"
    assert "the advance copy has not been sent (the report and the information" in improvements.unmet[0]
    assert "record first when the justification for not publishing was sent" == improvements.unmet[1]
    assert "s.16F(5)" in nothing.duty and "the three partners decide it together" in nothing.unmet[0]

    case.take("send_report").on(date(2027, 3, 29))
    assert () == ways_of_publishing(case.review, case.records.rulebook, case.at)[1].unmet
    assert "in the way: it waits" in " ".join(
        in_the_way(case.take("defer_publication").review, case.records.rulebook, case.at)
    )
    adult = ways_of_publishing(accepted.review, accepted.records.rulebook, accepted.at)
    assert ["the full report", "an executive summary", "nothing"] == [way.what for way in adult]
    assert "No source makes it a duty" in adult[0].duty and () == adult[0].unmet
    assert [] == in_the_way(accepted.take("decide_publication").review, accepted.records.rulebook, accepted.at)


def test_the_days_of_a_hold_are_days_to_come(to_publish) -> None:
    """A day expected in the past, or a look in 2048, is a slip: both are named at once."""
    with pytest.raises(TransitionRefused) as refused:
        to_publish.take(
            "defer_publication", waits_for="a day", expected_on=date(2001, 1, 1), review_on=date(2048, 1, 13)
        )
    said = " ".join(refused.value.unmet)
    assert "expected on Mon 1 Jan 2001 is not to come" in said and "before it was decided on Mon 1 Mar 2027" in said
    assert "is looked at again by Wed 1 Mar 2028 at the latest" in said
    to_publish.take("defer_publication", **TRIAL, review_on=date(2028, 3, 1))
    with pytest.raises(TransitionRefused, match="is looked at again by Wed 1 Mar 2028 at the latest"):
        to_publish.take("look_at_hold", again_on=date(2028, 3, 2))


def test_an_adults_hold_is_looked_at_within_a_year(accepted) -> None:
    """The same standard holds of both tracks."""
    with pytest.raises(TransitionRefused, match="is looked at again by Wed 1 Mar 2028 at the latest"):
        accepted.take("defer_adult_publication", **WISH, review_on=date(2028, 3, 2))
    accepted.take("defer_adult_publication", **WISH, review_on=date(2028, 3, 1))


def test_nothing_that_is_published_has_no_day(accepted) -> None:
    """Where nothing is published a day or an address of it is a slip: everything is named at once."""
    nothing = {"what": "nothing", "reasons": ""}
    with pytest.raises(TransitionRefused) as refused:
        accepted.take("decide_publication", **nothing, published_on=accepted.today, report_at="https://example.org/x")
    said = " ".join(refused.value.unmet)
    for words in ("say why nothing is published", "a day of publication is given", "a web address of it is given"):
        assert words in said
    accepted.take("decide_publication", what="nothing", reasons="The family asked for it.", published_on=None)
    assert State.NOT_PUBLISHED == accepted.review.state
