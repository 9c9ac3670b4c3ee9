"""Another review of the same death by other people, linked with this one; and a review that begins anew."""

from __future__ import annotations

from datetime import date

import pytest

from safeguarding.errors import TransitionRefused
from safeguarding.shown.card import description
from safeguarding.shown.linked import linked

ADULT = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
CHILD_DEATH = "child death review linked: its reference as the receipt"
DOMESTIC = "domestic homicide review linked: its reference as the receipt"


def test_the_child_death_review_is_linked_by_its_reference(partnership) -> None:
    """The record has the reference; the card says that there is one, and a page of Prefect repeats nothing typed."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification", incident="death")
    with pytest.raises(TransitionRefused, match="give the reference of the review that is linked"):
        case.take("record_done", what=CHILD_DEATH)
    case.take("record_done", what=CHILD_DEATH, receipt="CDOP/41").take("record_done", what=DOMESTIC, receipt="CSP/7")

    assert ["CDOP/41", "CSP/7"] == [one.reference for one in linked(case.review)]
    assert "Child death review CDOP/41, linked on Fri 20 Nov 2026" == linked(case.review)[0].words
    page = description(case.review, case.today, case.records.rulebook)
    assert (
        f"**Child death review** linked on Fri 20 Nov 2026; its reference: `safeguarding show {case.reference}`" in page
    )
    assert "CDOP/41" not in page
    assert [] == case.records.verify(case.reference)


def test_an_adult_has_no_child_death_review(partnership) -> None:
    """On the adults' track the domestic homicide review may be linked, and the child death review may not."""
    case = partnership.hears_of(date(2026, 3, 2), **ADULT)
    with pytest.raises(TransitionRefused, match=r"there is none of an adult \(Children Act 2004 s.16M\)"):
        case.take("record_done", what=CHILD_DEATH, receipt="CDOP/41")
    case.take("record_done", what=DOMESTIC, receipt="CSP/7")
    assert ["Domestic homicide review"] == [one.kind for one in linked(case.review)]


def test_a_review_that_is_scoped_again_gets_no_more_time_to_be_monitored(case) -> None:
    """
    Monitoring was due on 11 January 2027 and not done. In February the review is scoped and commissioned again: what is
    overdue stays overdue on its day. Once it is done the interval runs on from that day.
    """
    case.on(date(2026, 12, 11)).take("conclude_rapid_review").take("decide_review").take("commission_review")
    due = case.due("C10")
    case.on(date(2027, 2, 8)).take("rescope_review").later(2).take("commission_review")
    rows = [duty for duty in case.review.duties if duty.rule == "C10"]
    assert ([due], [""]) == ([duty.due_on for duty in rows], [duty.ended for duty in rows])

    case.take("monitor_review")
    assert date(2027, 2, 10) == case.duty("C10").anchored_on


def test_an_interval_that_is_not_over_begins_anew_with_the_review(case) -> None:
    """Scoped again within the month: the interval is counted from the new beginning, and the old row stays."""
    case.on(date(2026, 12, 11)).take("conclude_rapid_review").take("decide_review").take("commission_review")
    case.later(5).take("rescope_review").later(1).take("commission_review")
    assert ["superseded", ""] == [duty.ended for duty in case.review.duties if duty.rule == "C10"]
    assert case.today == case.duty("C10").anchored_on
