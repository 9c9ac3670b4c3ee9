"""Letters fit their case: advice by track, duty and level; their hour; one about one thing; none of what is over."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from flows.demo.demo import CaughtPost
from flows.demo.post_catcher import Catcher
from safeguarding.dates.london import LONDON
from safeguarding.duties.extension import may_be_extended
from safeguarding.errors import TransitionRefused
from safeguarding.law.rung import Rung
from safeguarding.notices.notice import Occasion
from safeguarding.notices.owed import Owed
from safeguarding.notices.rung_notices import rung_notices
from safeguarding.review.states import Stage, Track
from safeguarding.stages import STEPS
from tasks.post import no_longer
from tasks.post.deliver import deliver_pending
from tasks.post.letters import write_letter
from tasks.store import outbox
from tasks.store.session import reading
from tasks.store.tables import notice_facts, notices

OF_CHILDREN = ("national Panel", "Ofsted", "rapid review", "16H", "child practice")
OF_ADULTS = ("section 45", "s.45", "independent chair of the delay")
AT = datetime(2026, 11, 24, 10, tzinfo=LONDON)


def owed(rule, track: str, late: int) -> Owed:
    """A duty of a rule on a track, so many days past its day (or before it)."""
    due = AT.date() - timedelta(days=late)
    return Owed(
        reference="CSPR-2026-001" if track == "children" else "SAR-2026-001",
        pseudonym="Child A" if track == "children" else "Adult A",
        track=Track(track),
        stage=Stage(rule.stage),
        rule=rule.id,
        subject="police" if rule.per_subject else "",
        agency="police" if rule.per_subject else "",
        started_at=4,
        anchored_on=due - timedelta(days=90),
        due_on=due,
    )


def every_letter(rulebook):
    """Each letter that any rung may write of any duty on either track, before its day and after it."""
    for rule in rulebook.rules:
        if rule.track_only:
            continue
        for track in ("children", "adults") if rule.track == "both" else (rule.track,):
            for rung in (one for one in rulebook.partnership.ladder if one.fits(rule) and not one.when.refused):
                for late in (-1, 1, 10):
                    for draft in rung_notices(owed(rule, track, late), rung, rulebook, AT)[:1]:
                        yield rule, track, rung, write_letter(draft.occasion.value, draft.context).markdown


def test_no_letter_speaks_of_the_other_tracks_law(rulebook) -> None:
    """Case 21: an adult letter never speaks of the national Panel, nor a child's of section 45."""
    seen = 0
    for rule, track, rung, words in every_letter(rulebook):
        wrong = OF_CHILDREN if track == "adults" else OF_ADULTS
        said = words.replace(rule.title, "")
        assert [] == [word for word in wrong if word in said], f"{rule.id} at {rung.id}: {words}"
        seen += 1
    assert seen > 300


def test_a_day_that_was_chosen_here_is_never_called_a_breach(rulebook) -> None:
    """Case 47: ten invented days of A04 pass: nobody hears that section 45 was broken, nor that nobody may move it."""
    for rule, _, rung, words in every_letter(rulebook):
        if rule.date_is_law:
            assert "may extend this date" not in words, f"{rule.id} at {rung.id}"
        else:
            assert "Nobody can move" not in words and "nobody here can move it" not in words, f"{rule.id} at {rung.id}"
            assert "was not complied with" not in words


def test_a_duty_of_the_act_with_a_day_of_guidance_is_called_the_acts(rulebook) -> None:
    """
    Notice of a looked-after child's death (C03) is owed by the Children Act 1989; its five working days are guidance.
    A letter that says «set by statutory guidance» alone makes the duty less than it is.
    """
    seen = set()
    for rule, _, rung, words in every_letter(rulebook):
        if rule.date_is_law and rule.number_level is not rule.level and "nobody here can move it" in words:
            both = f"The duty is set by {rule.level.words}; its day is set by {rule.number_level.words}"
            assert both in words, f"{rule.id} at {rung.id}"
            seen.add(rule.id)
    assert {"C03", "C12"} <= seen


def test_no_letter_offers_more_time_where_nobody_may_give_it(rulebook) -> None:
    """
    To tell the parents of a death (C03b) is owed at once, and what the Panel asks for (C24) by its own day: no letter
    says that somebody here may extend that. Where one says so, the form takes it.
    """
    offered = {rule.id for rule, _, _, words in every_letter(rulebook) if "may extend this date" in words}
    assert offered == {rule.id for rule in rulebook.rules if not rule.track_only and not may_be_extended(rule)}
    assert set() == offered & {"C03", "C03b", "C06", "C07", "C08", "C21", "C22", "C24", "C25b", "C29", "C29b", "A06b"}
    assert {"A04", "C10", "C23", "local.c.agency_summary_return"} <= offered


def test_the_telling_of_the_parents_is_not_extended(partnership) -> None:
    """Asked for all the same, it is refused, and the refusal says what there is instead."""
    case = partnership.hears_of(date(2026, 11, 20), concern="death of a looked-after child or care leaver")
    case.take("assess_notification", incident="death", looked_after="yes")
    with pytest.raises(TransitionRefused, match="C03b\\) is owed at once by Act of Parliament and is not extended"):
        case.take("extend_deadline", duty="C03b", agency_or_action="", until=date(2026, 11, 25))


def test_what_a_letter_says_may_be_done_has_a_form_of_that_name(rulebook) -> None:
    """Every form that a rung names is there to be pressed, by somebody who holds a role that the rung speaks of."""
    buttons = {step.button for step in STEPS.values()}
    named = set()
    for rung in rulebook.partnership.ladder:
        words = " ".join((rung.decides, *(more.says for more in rung.also)))
        named |= {part.split(")")[0] for part in words.split("(")[1:]}
    assert {"Extend a local date", "Give the reason for a missed date", "Record a deferral"} <= named
    assert set() == named - buttons


def test_the_manager_extends_a_date_as_her_letter_says(case) -> None:
    """One day late, the letter offers it; she extends, with the reason, and nobody is told again that it is late."""
    rule = "local.c.agency_summary_return"
    case.on(date(2026, 12, 10)).sweep()
    assert any("may extend this date" in row.context["decides"] for row in case.misses(rule))

    case.take("extend_deadline", duty=rule, agency_or_action="police", until=date(2026, 12, 15))
    assert date(2026, 12, 15) == case.due(rule, "police")
    rows = [(d.due_on, d.ended) for d in case.review.duties if (d.rule, d.subject) == (rule, "police")]
    assert [(date(2026, 12, 9), "superseded"), (date(2026, 12, 15), "")] == rows
    words = " ".join(case.explained(rule, "police")[-1].words)
    assert "was extended to Tue 15 Dec 2026" in words
    assert "casey_lead" in case.told("due_superseded")


@pytest.mark.parametrize(
    ("duty", "whose", "until", "why"),
    [
        ("C05", "", date(2026, 12, 22), "cannot be extended by anybody here"),
        ("local.c.rapid_review_meeting", "", date(2026, 12, 21), "Fri 18 Dec 2026 at the latest: Rapid review to the"),
        ("local.c.rapid_review_meeting", "", date(2026, 12, 10), "an extension gives a later day than that"),
    ],
)
def test_an_extension_has_its_limits(case, duty: str, whose: str, until: date, why: str) -> None:
    """Not of the law, not past the law that it serves, not backwards; each refusal says how far it may go."""
    with pytest.raises(TransitionRefused, match=why):
        case.take("extend_deadline", duty=duty, agency_or_action=whose, until=until)


def test_extended_again_and_again_it_stays_within_the_partnerships_limit(case) -> None:
    """Ten working days beyond the first day in all, wherever no law comes first; counted again it stays there."""
    case.on(date(2026, 12, 3)).take("conclude_rapid_review").take("decide_review")
    rule = "local.c.panel_reply_expected"
    first = case.due(rule)
    case.take("extend_deadline", duty=rule, agency_or_action="", until=first + timedelta(days=7))
    with pytest.raises(TransitionRefused, match="10 working days after"):
        case.take("extend_deadline", duty=rule, agency_or_action="", until=first + timedelta(days=30))
    holiday = case.with_holiday(date(2026, 12, 22))
    case.records = holiday
    case.take("recompute_dates")
    assert first + timedelta(days=7) == case.due(rule)


# --------------------------------------------------------------------------- at which hour


def leaving(case, occasion: str) -> set[tuple[str, datetime]]:
    """How urgent the letters of an occasion are, and when they may leave."""
    query = outbox.FULL.where(notice_facts.c.reference == case.reference, notices.c.occasion == occasion)
    with reading(case.records.engine) as connection:
        rows = connection.execute(query.order_by(notices.c.id)).all()
    return {(row.context["urgency"], row.not_before.astimezone(LONDON)) for row in rows}


def test_the_letters_of_a_step_keep_quiet_hours(case) -> None:
    """Agencies asked on a Saturday night: their leads hear on Monday morning."""
    case.on(date(2026, 12, 5), 23).take("ask_agencies", agencies=["housing"], purpose="information")
    monday = datetime.combine(date(2026, 12, 7), time(9), LONDON)
    assert {("working morning", monday)} <= leaving(case, "agency_asked")


def test_in_the_demo_nobody_waits_for_monday(case, tmp_path: Path) -> None:
    """Asked on a Saturday night: with the post of the demo, which disturbs nobody, the letters leave at once."""
    case.on(date(2026, 12, 5), 23).take("ask_agencies", agencies=["housing"], purpose="information")
    with Catcher(tmp_path / "caught") as catcher:
        post = CaughtPost(catcher)
        post.at_once = False
        deliver_pending(case.records.engine, case.records.rulebook, post, case.at, "a test")
        before = catcher.caught
        deliver_pending(case.records.engine, case.records.rulebook, CaughtPost(catcher), case.at, "a test")
        assert catcher.caught.mail > before.mail
    with case.records.engine.connect() as connection:
        left = connection.execute(outbox.FULL.where(notices.c.occasion == "agency_asked")).all()
    assert {"delivered"} == {row.status for row in left}


def test_a_step_that_a_date_of_the_law_presses_is_told_at_once(case) -> None:
    """The night before day 15 the draft is taken up: the letters do not wait for a morning that is the last day."""
    case.on(date(2026, 12, 17), 22).take("conclude_rapid_review")
    assert ("at once", case.at) in leaving(case, "decision_owed")


# --------------------------------------------------------------------------- one, and none that is over


def pending(case):
    """The letters of the case that have not left."""
    with reading(case.records.engine) as connection:
        query = outbox.FULL.where(notice_facts.c.reference == case.reference, notices.c.status == "pending")
        return connection.execute(query.order_by(notices.c.id)).all()


def withdrawn(case) -> dict[int, str]:
    """Which of the letters that wait would be withdrawn now."""
    with reading(case.records.engine) as connection:
        partnership = case.records.rulebook.partnership
        return no_longer.stopped(connection, pending(case), partnership, case.today)


def test_two_corrections_in_a_minute_are_one_letter(case) -> None:
    """A day is put right, wrongly, and right after it rightly: each hears of the second alone."""
    case.take("correct_date", what="notification_sent", correct_on=date(2026, 11, 26))
    case.at += timedelta(seconds=20)
    case.take("correct_date", what="notification_sent", correct_on=date(2026, 11, 25))
    left = [row for row in pending(case) if row.id not in withdrawn(case)]
    moved = [row for row in left if row.occasion == Occasion.DUE_SUPERSEDED.value and not row.context.get("also_moved")]
    places = [(row.person, row.channel, row.context["rule"], row.context["owed"]) for row in moved]
    assert len(places) == len(set(places)) and moved


def test_that_a_date_moved_and_is_overdue_is_one_letter(case) -> None:
    """A correction makes day 15 overdue: whoever is told that it passed is not told besides that it moved."""
    case.on(date(2026, 12, 16))
    case.take("correct_date", what="notification_sent", correct_on=date(2026, 11, 20))
    missed = {(row.person, row.channel) for row in case.misses("C05")}
    twice = [
        row
        for row in pending(case)
        if row.occasion == "due_superseded"
        and row.context.get("rule") == "C05"
        and not row.context.get("also_moved")
        and (row.person, row.channel) in missed
    ]
    assert missed and [] == twice


def test_a_request_that_was_answered_before_its_letter_left_is_withdrawn(case) -> None:
    """Asked on Saturday, answered by telephone on Sunday: no letter asks for it on Monday; the other's leaves."""
    case.on(date(2026, 12, 5), 11)
    case.take("ask_agencies", agencies=["housing", "ambulance_service"], purpose="information")
    case.on(date(2026, 12, 6)).take("record_return", agency="housing", purpose="information")
    case.on(date(2026, 12, 7), 9, 1)
    over = withdrawn(case)
    asked = {row.person: over.get(row.id) for row in pending(case) if row.occasion == "agency_asked"}
    assert no_longer.SETTLED == asked["lane_lead"]
    assert None is asked["hayden_lead"]


def test_a_decision_that_was_taken_is_not_asked_for_any_more(case) -> None:
    """Complete on Saturday, decided on Sunday: on Monday nobody is told that a decision is owed."""
    case.on(date(2026, 12, 5), 11).take("conclude_rapid_review").on(date(2026, 12, 6)).take("decide_review")
    case.on(date(2026, 12, 7), 9, 1)
    over = withdrawn(case)
    owed_letters = [row for row in pending(case) if row.occasion == "decision_owed"]
    assert owed_letters and {no_longer.MOVED_ON} == {over.get(row.id) for row in owed_letters}


def test_advice_of_an_older_file_is_read_as_before() -> None:
    """A rung that says only what is decided, as files of earlier versions do, says it of every duty."""
    rung = Rung.model_validate({"id": "late", "when": {"missed": True}, "applies_to": "local", "to": ["owner"]})
    assert () == rung.also
