"""A day on which one of the new clocks began was wrong: it is counted again, both days stay, and nothing runs twice."""

from __future__ import annotations

from datetime import date

import pytest

ELDER = {"under_18": "no", "incident": "death", "care_leaver": "yes"}
ALIVE = {"died": {"answer": "no", "reason": "Alive."}, "alive": {"answer": "yes", "reason": "Lasting harm."}}
URGENT = {"consent": "the adult consents", "advocate": "not yet: the review begins as a matter of urgency"}
ADULT = {"track": "adults", "agency": "hospital_trust", "concern": "serious abuse or neglect of an adult"}
PANEL = {"under": "section 16D: the national Panel asks us", "asked_of": ""}


def a_looked_after_death(partnership):
    """Known on Friday 20 November 2026."""
    case = partnership.hears_of(date(2026, 11, 20))
    return case.take("assess_notification", incident="death", looked_after="yes")


def an_adult_in_law(partnership):
    """Known on Friday 20 November 2026."""
    return partnership.hears_of(date(2026, 11, 20)).take("assess_notification", **ELDER)


def a_request(partnership):
    """Asked on Friday 20 November 2026, for two weeks on."""
    return a_looked_after_death(partnership).take("request_information")


def a_request_of_the_panel(partnership):
    """Asked on Friday 20 November 2026, for two weeks on."""
    return a_looked_after_death(partnership).take("request_information", **PANEL)


def a_coroners_report(partnership):
    """Sent on Friday 20 November 2026."""
    return a_looked_after_death(partnership).take("record_coroners_report")


def an_extension(partnership):
    """Of Friday 20 November 2026, for ninety days on; the report was sent on the Monday before."""
    case = a_looked_after_death(partnership).take("record_coroners_report", sent_on=date(2026, 11, 16))
    return case.take("record_coroners_extension")


def an_urgent_beginning(partnership):
    """An adult review begun on Friday 20 November 2026 without its advocate."""
    case = partnership.hears_of(date(2026, 11, 6), **ADULT).take("accept_referral").later(10)
    case.take("complete_screening").later(1).take("decide_adult_review", **ALIVE)
    return case.on(date(2026, 11, 20)).take("commission_adult_review", **URGENT, urgency="The home is open.")


@pytest.mark.parametrize(
    ("began", "rule", "subject", "mark", "due_before", "due_after"),
    [
        (a_looked_after_death, "C03", "", "became_aware_looked_after_death", (11, 27), (11, 26)),
        (a_looked_after_death, "C03b", "", "became_aware_looked_after_death", (11, 20), (11, 19)),
        (an_adult_in_law, "C21", "", "adult_in_law_known", (11, 20), (11, 19)),
        (a_request, "C23", "H01", "information_requested", (12, 4), (12, 4)),
        (a_request_of_the_panel, "C24", "D01", "panel_information_requested", (12, 4), (12, 4)),
        (a_coroners_report, "C25", "P01", "coroner_report_sent", (1, 15), (1, 14)),
        (an_extension, "C25b", "P01", "coroner_extended", (2, 18), (2, 18)),
        (an_urgent_beginning, "A06b", "", "review_begun_without_advocate", (11, 20), (11, 19)),
    ],
    ids=["C03", "C03b", "C21", "C23", "C24", "C25", "C25b", "A06b"],
)
def test_the_day_it_began_was_wrong(partnership, began, rule, subject, mark, due_before, due_after) -> None:
    """
    It began on the 19th, not on the 20th. What is counted moves by that day; a day that people named stands. The old
    row is superseded, and the ledger makes both again.
    """
    case = began(partnership)
    assert due_before == (case.due(rule, subject).month, case.due(rule, subject).day)
    case.later(3).take("correct_date", what=mark, agency_or_action=subject, correct_on=date(2026, 11, 19))

    rows = [duty for duty in case.review.duties if (duty.rule, duty.subject) == (rule, subject)]
    assert ["superseded", ""] == [duty.ended for duty in rows]
    assert (date(2026, 11, 19), due_after) == (rows[-1].anchored_on, (rows[-1].due_on.month, rows[-1].due_on.day))
    running = [(duty.rule, duty.subject) for duty in case.review.live()]
    assert len(running) == len(set(running))
    assert [] == case.records.verify(case.reference)
