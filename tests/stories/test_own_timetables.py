"""Partnerships whose timetables are their own: each folder loads clean, and what they publish comes out to the day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import config
from safeguarding.errors import TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.ladder import rungs_for
from safeguarding.questions.explain_rule import describe_due
from safeguarding.questions.plan import plan_from, plan_of
from safeguarding.questions.plan_lines import Plan
from safeguarding.shown import card, diary, plan_picture
from safeguarding.shown.agency_answers import requests_of
from tasks.post.letters import write_letter
from tasks.record import board
from tasks.store import outbox
from tasks.store.tables import notice_facts, notices

FOLDERS = Path(__file__).parent.parent / "partnerships"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def moorshire() -> Rulebook:
    """A flowchart with windows for children, and weeks and months for adults."""
    return config.load(FOLDERS / "moorshire")


@pytest.fixture(scope="module")
def downland() -> Rulebook:
    """Nine months for an adult review, beside the six of the guidance."""
    return config.load(FOLDERS / "downland")


def days(plan: Plan) -> list[tuple[str, str]]:
    """Each step with its day or window, in the order of the plan."""
    return [(line.rule, line.days) for line in plan.lines]


@pytest.mark.parametrize(
    ("sent", "letters", "window", "huddle", "panel"),
    [
        (
            date(2026, 11, 27),
            "Mon 30 Nov 2026",
            "Tue 1 Dec to Fri 11 Dec 2026",
            "Thu 17 Dec 2026",
            "Fri 18 Dec 2026",
        ),
        (
            date(2026, 12, 18),
            "Mon 21 Dec 2026",
            "Tue 22 Dec 2026 to Wed 6 Jan 2027",
            "Tue 12 Jan 2027",
            "Wed 13 Jan 2027",
        ),
    ],
    ids=["notified on Friday 27 November 2026", "notified on Friday 18 December 2026"],
)
def test_the_published_flowchart_comes_out_to_the_day(
    sent: date, letters: str, window: str, huddle: str, panel: str, moorshire: Rulebook
) -> None:
    """Letters, summaries and the two meetings in their window in the order in which they follow, huddle, Panel."""
    plan = plan_from("C05", sent, moorshire, TODAY)

    assert [
        ("local.c.letters", letters),
        ("local.c.summaries", window),
        ("local.c.progress", window),
        ("local.c.group", window),
        ("local.c.huddle", huddle),
        ("C05", panel),
    ] == days(plan)[:6]
    assert ["1", "2-10", "2-10", "2-10", "14", "15"] == [line.number_words for line in plan.lines][:6]
    svg = plan_picture.draw(plan, moorshire.calendar)
    assert 3 == svg.count(f">{window}<")


def test_the_adults_timetable_comes_out_to_the_day(moorshire: Rulebook) -> None:
    """Referred on Monday 30 November 2026: weeks for appendix 2, the rest by month."""
    plan = plan_from("local.a.agreed", date(2026, 11, 30), moorshire, TODAY)
    found = dict(days(plan))

    assert "Tue 1 Dec 2026" == found["local.a.acknowledged"]
    assert "Tue 22 Dec 2026" == found["local.a.appendix_two"]
    assert "Fri 26 Feb 2027" == found["local.a.agreed"]
    assert "Fri 30 Jul to Fri 27 Aug 2027" == found["local.a.draft"]
    assert "Mon 30 Aug to Thu 30 Sep 2027" == found["local.a.final"]
    assert "A04" not in found


def test_nine_months_stand_beside_the_six_and_it_is_said_which_binds_for_what(downland: Rulebook) -> None:
    """Decided on 27 November 2026: the guidance's aim in May, the protocol's day in August, each told of the other."""
    plan = plan_from("A02", date(2026, 11, 27), downland, TODAY)
    found = {line.rule: line for line in plan.lines}

    assert (date(2027, 5, 27), date(2027, 8, 27)) == (found["A02"].due_on, found["local.a.nine_months"].due_on)
    assert "65 working days AFTER «Complete the safeguarding adults review»" == found["local.a.nine_months"].slack_words
    ours = " ".join(describe_due("local.a.nine_months", date(2026, 11, 27), downland).words)
    assert "Beside it runs Complete the safeguarding adults review (A02, within 6 months, as an aim)" in ours
    assert "which this one neither moves nor replaces: past that day the reasons are recorded" in ours
    law = " ".join(describe_due("A02", date(2026, 11, 27), downland).words)
    assert "Complete the review, by the county protocol (within 9 months). It gives no more time" in law


@pytest.mark.parametrize("rulebook", ["downland"], indirect=True)
def test_a_review_owes_both_and_its_day_explains_both(partnership) -> None:
    """An adult review that was decided: two rows from one day, and the explanation of each names the other."""
    adult = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
    case = partnership.hears_of(date(2026, 3, 2), **adult).take("accept_referral").later(10)
    case.take("complete_screening").take("decide_adult_review")

    six, nine = case.duty("A02"), case.duty("local.a.nine_months")
    assert (six.anchored_on, date(2026, 9, 12), date(2026, 12, 12)) == (nine.anchored_on, six.due_on, nine.due_on)
    assert "by the county protocol (within 9 months)" in " ".join(case.explained("A02")[0].words)
    assert "(A02, within 6 months, as an aim)" in " ".join(case.explained("local.a.nine_months")[0].words)


# --------------------------------------------------------------------------- a window, wherever its date is shown


@pytest.fixture
def rulebook(request: pytest.FixtureRequest) -> Rulebook:
    """The rulebook of one of these folders, for the record of a story."""
    return config.load(FOLDERS / request.param)


@pytest.fixture
def at_rapid_review(partnership):
    """Notified on Friday 27 November 2026, four agencies asked on the Monday."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
    return case.on(date(2026, 11, 27)).take("send_notification").on(date(2026, 11, 30)).take("open_rapid_review")


WINDOW = "Tue 1 Dec to Fri 11 Dec 2026"


@pytest.mark.parametrize("rulebook", ["moorshire"], indirect=True)
def test_a_window_is_shown_wherever_its_date_is(at_rapid_review) -> None:
    """On the board, the card, the plan, in the diary and in the explanation: both its days, and no second clock."""
    case, book = at_rapid_review, at_rapid_review.records.rulebook
    rows = [row.cells() for row in board.board(case.records.engine, book, case.today)]

    assert {WINDOW} == {row["Due"] for row in rows if "Individual agency summaries" in row["What is owed"]}
    assert [] == [duty.rule for duty in case.review.duties if duty.rule == "local.c.agency_summary_return"]
    assert f"(local) | {WINDOW} |" in card.description(case.review, case.today, book)
    assert WINDOW in {line.days for line in plan_of(case.review, book, case.today).lines}
    described = [one.description for one in diary.entries(case.review, book) if one.rule == "local.c.summaries"]
    assert described and all(f"Its window: {WINDOW}." in words for words in described)
    words = " ".join(case.explained("local.c.summaries", "police")[0].words)
    assert "Rule: on working days 2 to 10." in words
    assert "Its window opens on Tue 1 Dec 2026" in words


@pytest.mark.parametrize("rulebook", ["moorshire"], indirect=True)
def test_the_letters_of_a_window_say_both_days(at_rapid_review) -> None:
    """A reminder before the last day names the window as well."""
    case = at_rapid_review
    case.on(date(2026, 12, 10), 9).sweep()
    query = outbox.FULL.where(notice_facts.c.reference == case.reference, notices.c.occasion == "reminder")
    with case.records.engine.connect() as connection:
        sent = [row.context for row in connection.execute(query) if row.context["rule"] == "local.c.summaries"]

    assert sent
    letter = write_letter("reminder", sent[0]).markdown
    assert f"is due on **Fri 11 Dec 2026** (its window: {WINDOW})" in letter


@pytest.mark.parametrize("rulebook", ["moorshire"], indirect=True)
def test_the_list_of_the_agencies_has_both_days_of_a_window(at_rapid_review) -> None:
    """Whoever looks how the agencies answer reads from when to when each summary is owed."""
    case = at_rapid_review
    said = {one.words(case.today) for one in requests_of(case.review, case.records.rulebook)}
    assert {"requested, due Tue 1 Dec to Fri 11 Dec 2026"} == said


@pytest.mark.parametrize("rulebook", ["moorshire"], indirect=True)
def test_a_window_that_was_kept_before_it_opened_is_kept(at_rapid_review) -> None:
    """An agency that answers on the day it was asked is early, and nothing is refused."""
    at_rapid_review.take("record_return", agency="police")
    assert "settled" == at_rapid_review.duty("local.c.summaries", "police").ended


def test_nobody_is_reminded_before_a_window_opens(moorshire: Rulebook) -> None:
    """Days 9 to 10: half of the time is used on day 5, and the first reminder waits for the morning of day 9."""
    rule = moorshire.rule("local.c.group")
    edition = rule.editions[0].model_copy(update={"earliest": 9})
    late = rule.model_copy(
        update={"editions": (edition,), "counts": rule.counts.model_copy(update={"earliest": 9})},
    )
    sent, last = date(2026, 11, 27), date(2026, 12, 11)

    def before(one) -> list[date]:
        found = rungs_for(one, sent, last, moorshire.partnership, moorshire.calendar)
        return [moment.date() for rung, moment in found if rung.when.before]

    assert date(2026, 12, 4) == min(before(rule))
    assert date(2026, 12, 10) == min(before(late))


@pytest.mark.parametrize("rulebook", ["moorshire"], indirect=True)
def test_a_step_that_names_no_law_is_held_to_it_all_the_same(at_rapid_review) -> None:
    """The huddle of 17 December may be extended to the day of C05, and no further; its file says nothing of C05."""
    with pytest.raises(TransitionRefused, match=r"to Fri 18 Dec 2026 at the latest: Rapid review .* which it serves"):
        at_rapid_review.take("extend_deadline", duty="local.c.huddle", until=date(2026, 12, 21))
    at_rapid_review.take("extend_deadline", duty="local.c.huddle", until=date(2026, 12, 18))
    assert "C05" == at_rapid_review.duty("local.c.huddle").extended.capped_by


# --------------------------------------------------------------------------- a review of each track runs through each

CHILD = (
    ("assess_notification", {}),
    ("decide_notification", {}),
    ("send_notification", {}),
    ("open_rapid_review", {}),
    ("conclude_rapid_review", {}),
    ("decide_review", {}),
    ("commission_review", {}),
    ("begin_drafting", {}),
    ("submit_draft", {}),
    ("sign_report", {}),
    ("send_report", {}),
    ("publish", {}),
    ("add_action", {}),
    ("agree_action_plan", {}),
)
ADULT = (
    ("accept_referral", {}),
    ("complete_screening", {}),
    ("decide_adult_review", {}),
    ("commission_adult_review", {}),
    ("begin_drafting", {}),
    ("submit_draft", {}),
    ("accept_findings", {}),
    ("decide_publication", {}),
    ("add_action", {}),
    ("agree_action_plan", {}),
)


@pytest.mark.parametrize("rulebook", ["moorshire", "downland"], indirect=True)
@pytest.mark.parametrize("track", ["children", "adults"])
def test_a_review_of_each_track_runs_through_each_folder(partnership, track: str) -> None:
    """From the referral to the closing; an action is chased though no list names it; the record proves whole."""
    adult = {"agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
    case = partnership.hears_of(date(2026, 3, 2), track=track, **(adult if track == "adults" else {}))
    for step, changes in CHILD if track == "children" else ADULT:
        case.later(28 if step == "publish" else 1).take(step, **changes)
        case.sweep()
    assert "local.x.action_done" in {duty.rule for duty in case.review.live()}

    case.later(100).sweep()
    assert case.misses("local.x.action_done"), "nobody was told of an action whose day has passed"
    case.take("update_action").later(1).take("close_review")
    assert not case.review.open
    assert () == tuple(case.records.verify())
