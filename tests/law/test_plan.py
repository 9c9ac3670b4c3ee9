"""The worked rapid reviews of the statutory reference, section 7.4, from the rules and nothing else."""

from datetime import date

import pytest

from safeguarding.law.rulebook import Rulebook

PLAN = [
    ("local.c.agency_request_out", "letters"),
    ("local.c.progress_check", "check"),
    ("local.c.agency_summary_return", "summaries"),
    ("local.c.rapid_review_meeting", "meeting"),
    ("local.c.rr_draft_to_partners", "draft"),
    ("local.c.partner_signoff", "sign-off"),
    ("local.c.rr_to_panel", "to Panel"),
    ("C05", "to Panel, by the guidance"),
]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (
            date(2026, 11, 27),
            "2026-11-30 2026-12-04 2026-12-09 2026-12-11 2026-12-15 2026-12-17 2026-12-18 2026-12-18",
        ),
        (
            date(2026, 12, 18),
            "2026-12-21 2026-12-29 2027-01-04 2027-01-06 2027-01-08 2027-01-12 2027-01-13 2027-01-13",
        ),
    ],
    ids=["notified on Friday 27 November 2026", "notified on Friday 18 December 2026"],
)
def test_the_worked_plan(sent: date, expected: str, rulebook: Rulebook) -> None:
    """Working days 1, 5, 8, 10, 12, 14 and 15, every one counted from the notification."""
    rules = [rulebook.rule(name) for name, _ in PLAN]
    assert {"notification_sent"} == {rule.anchor for rule in rules}
    assert expected.split() == [rule.due_on(sent, rulebook.calendar).isoformat() for rule in rules]


def test_an_agency_asked_late_has_until_the_next_working_day(rulebook: Rulebook) -> None:
    """
    The plan gives agencies until working day 8, counted from the notification.

    One asked on working day 3 still has until day 8; one found out and asked on day 9 has until day 10.
    """
    rule, sent = rulebook.rule("local.c.agency_summary_return"), date(2026, 11, 27)
    assert date(2026, 12, 9) == rule.due_on(sent, rulebook.calendar, opened=date(2026, 12, 2))
    assert date(2026, 12, 11) == rule.due_on(sent, rulebook.calendar, opened=date(2026, 12, 10))
    assert date(2026, 12, 10) == rule.due_on(sent, rulebook.calendar, opened=date(2026, 12, 9))


def test_opening_a_duty_on_its_anchor_changes_nothing(rulebook: Rulebook) -> None:
    """As soon as possible, opened the same day, is due that day."""
    assert date(2026, 12, 9) == rulebook.rule("C07").due_on(
        date(2026, 12, 9), rulebook.calendar, opened=date(2026, 12, 9)
    )
