"""Who is told what, and when: pure functions, no record and no server."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from driver.tries import tries
from hypothesis import given
from hypothesis import strategies as st

from safeguarding.dates.london import LONDON
from safeguarding.law.person import Person
from safeguarding.notices.notice import FIELDS, NoticeDraft, Occasion
from safeguarding.notices.owed import Owed
from safeguarding.notices.quiet_hours import next_morning
from safeguarding.notices.rung_notices import Tellings, missed_set, rung_notices
from safeguarding.notices.step_notices import notices_for
from safeguarding.review.events import REFUSED, Actor, AgencyAsked, DutyStarted, Event
from safeguarding.review.fold import fold
from safeguarding.review.states import Stage, Track

CANARY = "Tweety-Bird-of-4-Cage-Street"
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)


def line(sequence, kind, **given):
    """A line of a ledger with a canary wherever free text may be, signed by somebody whom no notice is for."""
    return Event(
        sequence=sequence,
        at=AT,
        actor=Actor(person=given.pop("signed_by", "clerk"), minute=CANARY),
        kind=kind,
        title=kind.replace("_", " ").capitalize(),
        sealed={"reason": CANARY},
        edition="test",
        **given,
    )


def opened(**given):
    """The line that opens a review."""
    facts = {"reference": "CSPR-2026-003", "track": "children", "pseudonym": "Child F", "agency": CANARY}
    tells = ("business_manager", "delegated_partner")
    return line(1, "referral_received", to="referred", facts=facts, tells=tells, **given)


def started(due_on, replaces=""):
    """The rapid review's clock, due on a day."""
    return DutyStarted(
        rule="C05",
        anchor="notification_sent",
        anchored_on=date(2026, 11, 27),
        due_on=due_on,
        edition="WT2023",
        calendar="x",
        replaces=replaces,
    )


def tell(rulebook, *lines):
    """Who is told by the last of these lines: person -> occasion."""
    before = fold(lines[:-1]) if len(lines) > 1 else None
    drafts = notices_for(lines[-1], before, fold(lines), rulebook)
    assert CANARY not in str(drafts)
    return {draft.person: draft.occasion.value for draft in drafts}


def test_a_referral_is_told_to_the_manager_and_the_partners(rulebook):
    """Each hears once, as «referral received», and not again that the stage is open."""
    assert dict.fromkeys(("manager", "council", "police"), "referral_received") == tell(rulebook, opened())


def test_a_decision_that_is_owed_is_told_to_whoever_owes_it(rulebook):
    """The rapid review is complete: the partners owe the decision, the manager works the new card."""
    completed = line(2, "rapid_review_completed", to="decision", tells=("delegated_partner",))
    assert {
        "council": "decision_owed",
        "police": "decision_owed",
        "manager": "stage_opened",
        "role:business_unit": "stage_opened",
    } == tell(rulebook, opened(), completed)


def test_whether_to_notify_is_owed_by_the_local_authority(rulebook):
    """Within the stage «referral» no stage opens; a decision is owed all the same."""
    aware = line(2, "awareness_recorded", to="notification_decision", tells=("business_manager",))
    told = tell(rulebook, opened(), aware)
    assert ("decision_owed", "decision_owed", "step_told") == (told["dcs"], told["council"], told["manager"])


def test_a_decision_is_told_to_the_leads_of_the_agencies_that_take_part(rulebook):
    """The hospital was asked and the school was not: its lead does not hear of a review that is none of theirs."""
    asked = line(
        2,
        "rapid_review_opened",
        to="rapid_review",
        entries=(AgencyAsked(agency="hospital", purpose="information", on=AT.date()),),
        tells=("agency_lead",),
    )
    decided = line(3, "decided", to="commissioning", tells=("delegated_partner", "agency_lead"))
    assert "step_told" == tell(rulebook, opened(), asked)["nurse"]
    told = tell(rulebook, opened(), asked, decided)
    assert "decision_made" == told["nurse"] and "head" not in told


def test_nobody_is_told_of_their_own_step(rulebook):
    """The manager sends the notification: the unit's mailbox and channel hear, she does not need to be told."""
    moved = line(2, "notification_sent", to="notification_sent", tells=("business_manager",), signed_by="manager")
    assert {"role:business_unit": "stage_opened"} == tell(rulebook, opened(), moved)
    drafts = notices_for(moved, fold([opened()]), fold([opened(), moved]), rulebook)
    assert ["email", "teams"] == [draft.channel for draft in drafts]


def test_a_decision_and_a_referral_are_told_to_those_who_signed_them_too(rulebook):
    """What was decided in somebody's name reaches them, and the manager has the receipt of each referral (5.2)."""
    first = opened(signed_by="manager")
    assert "referral_received" == tell(rulebook, first)["manager"]
    decided = line(2, "decided", to="commissioning", tells=("delegated_partner",), signed_by="council")
    assert "decision_made" == tell(rulebook, first, decided)["council"]


def test_the_unit_hears_of_a_step_where_it_shares(rulebook):
    """A member of the unit is not written to besides the unit's own mailbox; without one, each of them is."""
    clerk = {"id": "clerk", "name": "Cy Clerk", "email": "clerk@testshire.example", "roles": ["business_unit"]}
    people = (*rulebook.partnership.people, Person.model_validate(clerk))
    bigger = rulebook.partnership.model_copy(update={"people": people})
    moved = line(2, "notification_sent", to="notification_sent", signed_by="somebody")
    for channels, told in ((bigger.channels, "role:business_unit"), ((), "clerk")):
        partnership = bigger.model_copy(update={"channels": channels})
        heard = tell(rulebook.model_copy(update={"partnership": partnership}), opened(), moved)
        assert {"manager", told} == set(heard)


def test_the_unit_s_channel_hears_once(rulebook):
    """The manager reads the unit's Teams channel herself: it is not written to a second time for the unit."""
    moved = line(2, "notification_sent", to="notification_sent")
    drafts = notices_for(moved, fold([opened()]), fold([opened(), moved]), rulebook)
    assert [
        ("manager", "email"),
        ("manager", "teams"),
        ("role:business_unit", "email"),
    ] == [(draft.person, draft.channel) for draft in drafts]


def test_a_moved_date_is_told_to_its_owner_with_the_old_one(rulebook):
    """The day of the notification was wrong by one: the manager hears both dates, and no reason."""
    first = opened(duties=(started(date(2026, 12, 18)),))
    moved = line(2, "date_corrected", duties=(started(date(2026, 12, 17), replaces=CANARY),))
    assert {"manager": "due_superseded"} == tell(rulebook, first, moved)
    (draft, *_) = notices_for(moved, fold([first]), fold([first, moved]), rulebook)
    assert ("Fri 18 Dec 2026", "Thu 17 Dec 2026") == (draft.context["was_due"], draft.context["due"])


def test_a_refusal_tells_nobody(rulebook):
    """It is on the card, for whoever asked."""
    refused = line(2, REFUSED, facts={"step": "decide", "unmet": ["no"]}, tells=("business_manager",))
    assert {} == tell(rulebook, opened(), refused)


def test_a_notice_has_no_room_for_anything_else():
    """A name, a reason, two lines of text: none fits."""
    base = {
        "reference": "CSPR-2026-003",
        "occasion": Occasion.REMINDER,
        "person": "manager",
        "channel": "email",
        "key": "k",
        "not_before": AT,
    }
    for context in ({"family_name": "Bird"}, {"owed": "two\nlines"}, {"owed": "x" * 401}):
        with pytest.raises(ValueError, match=r"may not carry|longer than a fact"):
            NoticeDraft(**base, context=context)
    assert "family_name" not in FIELDS


OWED = Owed(
    reference="CSPR-2026-003",
    pseudonym="Child F",
    track=Track.CHILDREN,
    stage=Stage.RAPID_REVIEW,
    rule="C05",
    started_at=4,
    anchored_on=date(2026, 11, 27),
    due_on=date(2026, 12, 18),
)


def test_the_key_of_a_rung_names_the_row_of_the_duty_for_good(rulebook):
    """Moving the date makes another row, with another key: its rungs fire anew."""
    rung = rulebook.partnership.ladder[0]
    (draft, *_) = rung_notices(OWED, rung, rulebook, AT)
    assert "CSPR-2026-003:C05::1:4:half_used" == draft.key


def test_what_is_worked_out_once_for_many_duties_is_what_each_is_owed(rulebook):
    """
    Two reviews owe the same by the same day: the notices of the second are its own, in its key and its words, and so
    are those of a duty that differs in more, here in who chairs its review, in what is waited for, and in its day.
    """
    rungs, tellings = [rulebook.partnership.ladder[0], rulebook.partnership.ladder[3]], Tellings(rulebook, AT)
    alike = OWED._replace(reference="CSPR-2026-009", pseudonym="Child K", occurrence=2, started_at=7)
    others = [
        alike._replace(waiting_on=("hospital",)),
        alike._replace(chair="chair"),
        alike._replace(stage=Stage.DECISION),
        alike._replace(due_on=date(2026, 11, 20)),
    ]
    for owed in (OWED, alike, *others, alike._replace(reference="CSPR-2026-010", entered_on=date(2026, 11, 1))):
        assert missed_set(owed, rungs, rulebook, AT) == tellings.of(owed, rungs), owed
        assert missed_set(owed, rungs[:1], rulebook, AT) == tellings.of(owed, rungs[:1]), owed
    long = alike._replace(pseudonym="C" * 401)
    with pytest.raises(ValueError, match="longer than a fact"):
        tellings.of(long, rungs)


def test_an_unchecked_rule_says_so_in_every_reminder(rulebook):
    """The local step is an invented default: the reminder says that no source sets it."""
    owed = OWED._replace(rule="local.c.agency_summary", subject="school", agency="school")
    (draft, *_) = rung_notices(owed, rulebook.partnership.ladder[0], rulebook, AT)
    assert ("head", "a design default, not a rule: no source sets it") == (draft.person, draft.context["confidence"])


FIRST, LAST = (datetime.combine(day, time()) for day in (date(2026, 1, 2), date(2027, 12, 20)))
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


def test_a_morning_that_is_quiet_itself_puts_no_letter_off_for_ever(rulebook_once):
    """Of a file from before it was refused: quiet to ten, the morning at nine; the letter leaves at ten."""
    quiet = {"start": time(18), "end": time(10)}
    theirs = rulebook_once.partnership
    theirs = theirs.model_copy(update={"quiet_hours": theirs.quiet_hours.model_copy(update=quiet)})
    nine = datetime(2026, 11, 30, 9, tzinfo=LONDON)
    assert nine.replace(hour=10) == next_morning(nine, theirs, rulebook_once.calendar)
    assert nine.replace(hour=10) == next_morning(nine.replace(hour=10), theirs, rulebook_once.calendar)


@tries(300)
@given(now=moments)
def test_no_reminder_leaves_in_quiet_hours_or_on_a_free_day(rulebook_once, now):
    """Whenever the sweep runs, a reminder leaves at a time when people work, and within the next working morning."""
    moment = next_morning(now, rulebook_once.partnership, rulebook_once.calendar)
    local = moment.astimezone(LONDON)
    assert time(8) <= local.time() < time(18)
    assert rulebook_once.calendar.is_working_day(local.date())
    assert timedelta(0) <= moment - now <= timedelta(days=5)


@tries(100)
@given(now=moments.filter(lambda moment: moment > datetime(2026, 12, 19, tzinfo=UTC)))
def test_a_breach_of_statute_never_waits(rulebook_once, now):
    """Christmas Eve at midnight or a Sunday: the partners hear now. A local date waits for the morning."""
    ladder = rulebook_once.partnership.ladder
    assert {now} == {draft.not_before for draft in missed_set(OWED, ladder, rulebook_once, now)}
    local = OWED._replace(rule="local.c.agency_summary", subject="hospital", agency="hospital")
    morning = next_morning(now, rulebook_once.partnership, rulebook_once.calendar)
    assert {morning} == {draft.not_before for draft in missed_set(local, ladder, rulebook_once, now)}
