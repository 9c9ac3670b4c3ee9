"""The adult track's ways out: withdrawn, referred on, discontinued, its publication deferred; and the right track."""

from __future__ import annotations

from datetime import date

import pytest

from flows.demo.invented import no, not_known, yes
from safeguarding.errors import TransitionRefused
from safeguarding.review.states import State

ADULT = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}


@pytest.fixture
def referred(partnership):
    """An adult referral of Monday 2 March 2026."""
    return partnership.hears_of(date(2026, 3, 2), **ADULT)


@pytest.fixture
def accepted(referred):
    """An adult review, mandatory, whose findings were accepted."""
    case = referred.take("accept_referral").later(10).take("complete_screening").take("decide_adult_review").later(14)
    case.take("commission_adult_review").later(60).take("begin_drafting").later(20).take("submit_draft").later(7)
    return case.take("accept_findings")


@pytest.mark.parametrize("at", ["referred", "screening", "decision"])
def test_a_referral_is_withdrawn_at_any_time_before_the_decision(referred, at: str) -> None:
    """Taken back by whoever made it: closed, nothing owed, in the register."""
    if at != "referred":
        referred.take("accept_referral", facts_known_on=None)
    if at == "decision":
        referred.later(10).take("complete_screening")
    referred.later(1).take("withdraw_referral")
    assert State.REFERRAL_WITHDRAWN == referred.review.state
    assert () == referred.review.live()


def test_a_withdrawal_is_no_way_around_section_44(referred) -> None:
    """The duty does not hang on the referral: with a limb met, or not known, or the facts on record, it is decided."""
    with pytest.raises(TransitionRefused, match="section 44 asks for a review: decide it"):
        referred.take("withdraw_referral", section_44=yes())
    with pytest.raises(TransitionRefused, match="is not known: ask for the information"):
        referred.take("refer_on", section_44=not_known())
    referred.take("accept_referral", facts_known_on=date(2026, 3, 2))
    with pytest.raises(TransitionRefused, match="facts of section 44 were known on Mon 2 Mar 2026"):
        referred.take("withdraw_referral")
    assert State.SCREENING == referred.review.state


def test_a_second_referral_of_one_adult_names_the_first(referred) -> None:
    """Two agencies refer the same adult: one review goes on, the other names it."""
    twice = {"because": "the same adult was referred twice"}
    with pytest.raises(TransitionRefused, match="give the reference of the review that goes on"):
        referred.take("withdraw_referral", **twice)
    referred.take("withdraw_referral", **twice, same_as="SAR-2026-001")
    assert "SAR-2026-001" == referred.review.facts["referral_withdrawn"]["same_as"]


def test_a_referral_goes_to_the_body_whose_matter_it_is(referred) -> None:
    """Of another area's adult: that board and the referrer are told, and it ends here; it may be opened again."""
    referred.take("accept_referral", facts_known_on=None).later(3).take("refer_on")
    assert State.REFERRED_ON == referred.review.state
    assert referred.today == referred.review.happened("referrer_told")
    referred.later(30).take("reopen", return_to="screening")
    assert State.SCREENING == referred.review.state


def test_whoever_it_goes_to_is_on_the_record(referred) -> None:
    """Another board has the duty, or another body the matter: which one is said, or nobody would know where it went."""
    for to in ("another safeguarding adults board", "another body"):
        with pytest.raises(TransitionRefused, match=f"say which it is, and how it is reached: {to}"):
            referred.take("refer_on", to=to, whom="")
    referred.take("refer_on", to="an NHS patient safety investigation", whom="")
    assert State.REFERRED_ON == referred.review.state


def test_a_child_on_the_adult_track_is_referred_as_a_child(partnership, referred) -> None:
    """
    A death is referred as an adult's, and the person was seventeen: section 16C may ask for a notification within five
    working days. Neither way to end it here is taken before the child's referral is on record, or it is said where.
    """
    to_the_child = {"to": "the child track: the person is under 18", "whom": ""}
    with pytest.raises(TransitionRefused, match="open the referral on the child track, and give its reference here"):
        referred.take("refer_on", **to_the_child)
    with pytest.raises(TransitionRefused, match="no child review on this record: open the referral on the child track"):
        referred.take("refer_on", **to_the_child, reference="CSPR-2026-009")
    other = partnership.hears_of(date(2026, 3, 2), **ADULT)
    with pytest.raises(
        TransitionRefused, match="is a review on the adults' track: give that of the referral of the ch"
    ):
        referred.take("refer_on", **to_the_child, reference=other.reference)
    child = partnership.hears_of(date(2026, 3, 2), concern="death, abuse or neglect known or suspected")
    referred.take("refer_on", **to_the_child, reference=child.reference)

    other.take("accept_referral").take("complete_screening")
    under_age = {"adult": no(), "outcome": "not met", "method": "not applicable"}
    with pytest.raises(
        TransitionRefused, match="the person was under 18: open the referral on the child track, and gi"
    ):
        other.take("decide_adult_review", **under_age)
    other.take("decide_adult_review", **under_age, child_referral_elsewhere="With the partnership of another area.")
    assert (State.REFERRED_ON, State.NOT_MET) == (referred.review.state, other.review.state)


def test_a_mandatory_review_stops_only_if_its_facts_were_not_there(referred) -> None:
    """Care Act s.44(1) says «must»; another review that looks into the same is no reason, false facts are."""
    case = referred.take("accept_referral").later(10).take("complete_screening").take("decide_adult_review").later(14)
    with pytest.raises(TransitionRefused, match="it stops only if its facts turned out not to be met"):
        case.take("discontinue_adult_review", because="another review looks into the same")
    case.take("discontinue_adult_review")
    assert State.DISCONTINUED == case.review.state
    assert () == case.review.live()


def test_a_discretionary_review_stops_by_the_partners_decision(referred) -> None:
    """S.44(4) let them arrange it, and lets them stop it, together and with reasons."""
    case = referred.take("accept_referral").later(10).take("complete_screening")
    case.take("decide_adult_review", concern=no(), outcome="discretionary review").later(14)
    case.take("commission_adult_review").later(20)
    case.take("discontinue_adult_review", because="nothing more is to be learnt")
    assert State.DISCONTINUED == case.review.state


def test_the_publication_of_an_adult_review_waits_and_is_looked_at_again(accepted) -> None:
    """Until the inquest: the reasons stand, the day to look is chased, it is deferred once more, then published."""
    case = accepted.later(1).take("defer_adult_publication")
    assert State.PUBLICATION_DEFERRED == case.review.state
    look = case.due("local.x.deferral_review", "A09")
    case.on(look).later(2).sweep()
    assert [] != case.misses("local.x.deferral_review")
    case.take("record_done", what="deferral looked at again").take("defer_adult_publication")
    assert look < case.due("local.x.deferral_review", "A09")
    case.later(30).take("decide_publication")
    assert State.PUBLISHED == case.review.state


def test_a_deferral_without_a_day_to_look_again_is_none(accepted) -> None:
    """The look comes after today and before the day on which publication is expected."""
    with pytest.raises(TransitionRefused, match="look again on"):
        accepted.take("defer_adult_publication", review_on=accepted.today)


@pytest.mark.parametrize(
    ("track", "concern"),
    [
        ("adults", "death of a looked-after child or care leaver"),
        ("adults", "serious harm, abuse or neglect known or suspected"),
        ("children", "serious abuse or neglect of an adult"),
    ],
)
def test_a_concern_is_of_its_track(partnership, track: str, concern: str) -> None:
    """A child's death is not opened under the Care Act, nor an adult's for notice to the national Panel."""
    with pytest.raises(TransitionRefused, match=f"is not of the track '{track}'"):
        partnership.hears_of(date(2026, 3, 2), track=track, concern=concern)
    for shared in ("learning request", "death in a regulated setting or service"):
        assert partnership.hears_of(date(2026, 3, 2), track=track, concern=shared).review.open


def test_an_incomplete_referral_is_no_way_around_section_44(referred) -> None:
    """The death of an adult, abuse suspected, its papers missing: section 44 is asked about before it goes back."""
    case = referred
    with pytest.raises(TransitionRefused, match="section 44 asks for a review: decide it"):
        case.take("return_referral", section_44=yes())
    with pytest.raises(TransitionRefused, match="whether section 44 asks for a review is not known"):
        case.take("return_referral", section_44=not_known())
    case.take("return_referral")
    assert State.RETURNED_INCOMPLETE == case.review.state
