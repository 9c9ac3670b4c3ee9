"""A review that was under way already is entered with its days as they were: one letter, of what is now owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from flows.demo.answers import answer, signer
from flows.demo.stories import DECISION_WAITS, MONITORING_LATE, TO_PUBLISH, StoryStep, to_panel, watched
from safeguarding.dates.london import london_date
from safeguarding.dates.working_days import add_working_days
from safeguarding.errors import TransitionRefused
from safeguarding.shown.history.told import history
from safeguarding.stages import STEPS
from tasks.record import sweep
from tasks.record.digests import write_digests
from tasks.record.records import Records
from tasks.store import outbox
from tasks.store.tables import notice_facts, notices

ENTERED = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""A Wednesday."""
CHILD: tuple[StoryStep, ...] = (
    *to_panel(115),
    *watched(95, 75),
    StoryStep("begin_drafting", 60),
    StoryStep("submit_draft", 45),
    StoryStep("sign_report", 40, {"planned_on": timedelta(days=28)}),
    StoryStep("send_report", 32),
    StoryStep("publish", 12),
)
ADULT: tuple[StoryStep, ...] = (*TO_PUBLISH, StoryStep("decide_publication", 1))


class Entry:
    """Somebody enters a review, a step every four minutes, while the system sweeps."""

    def __init__(self, records: Records) -> None:
        self.records, self.at, self.reference = records, ENTERED, ""

    def enter(self, story: Sequence[StoryStep], **opening: Any) -> Entry:
        """The steps of a story, each with its own day, all of them now."""
        calendar = self.records.rulebook.calendar
        for told in story:
            day = add_working_days(london_date(ENTERED), -told.days_ago, calendar)
            self.take(told.step, day, **told.answers(day), **({} if self.reference else opening))
        return self

    def take(self, step: str, day: date, **changes: Any) -> None:
        """One step with its day, and the sweep after it."""
        actor, records = signer(STEPS[step].by), self.records
        if not self.reference:
            since = {"under_way_since": day} if "under_way_since" not in changes else {}
            raw = answer(step, None, day, **{**changes, **since})
            self.reference = records.open(raw, actor, self.at).review.reference
        else:
            raw = answer(step, records.read(self.reference), day, **changes)
            records.attempt(self.reference, step, raw, actor, self.at)
        self.at += timedelta(minutes=4)
        self.sweep()

    def sweep(self, later: timedelta = timedelta()) -> None:
        """Time acts, so much later."""
        self.at += later
        swept = sweep.sweep(self.records.engine, self.records.rulebook, self.at)
        assert () == swept.faults

    def letters(self) -> Counter[tuple[str, str]]:
        """How many letters about the review were written, by occasion and person."""
        about = select(notices.c.occasion, notices.c.person).join_from(notices, notice_facts, outbox.SAID)
        with self.records.engine.connect() as connection:
            found = connection.execute(about.where(notice_facts.c.reference == self.reference)).all()
        return Counter((row.occasion, row.person) for row in found)


@pytest.mark.parametrize(("story", "state"), [(CHILD, "published"), (ADULT, "published")], ids=["child", "adult"])
def test_months_of_a_review_are_entered_with_one_letter(
    records: Records, story: tuple[StoryStep, ...], state: str
) -> None:
    """From the referral to publication, through a dozen sweeps: one letter in all, the night after, to the unit."""
    entry = Entry(records).enter(story)
    assert state in records.read(entry.reference).state.value
    assert Counter() == entry.letters()
    entry.sweep(timedelta(hours=5))
    assert Counter() == entry.letters()
    entry.sweep(timedelta(hours=10))
    assert {("entered_late", "role:business_unit"): 1} == entry.letters()
    entry.sweep(timedelta(minutes=15))
    assert 1 == entry.letters().total()
    assert () == tuple(records.verify())


def test_the_same_without_a_word_floods_people(records: Records) -> None:
    """What the declaration is for: entered as if it began today, the same steps write letters by the score."""
    entry = Entry(records).enter(ADULT, under_way_since=None)
    assert entry.letters().total() > 50


def test_the_one_letter_says_what_is_owed(records: Records) -> None:
    """Law or guidance first, each with its day, how it stands and whom it waits for; and where the review stands."""
    entry = Entry(records).enter(MONITORING_LATE)
    entry.sweep(timedelta(hours=16))
    said = select(notice_facts.c.context).join(notices, notices.c.key == notice_facts.c.key)
    with records.engine.connect() as connection:
        (facts,) = connection.execute(said.where(notices.c.occasion == "entered_late")).scalars()
    assert "Complete and publish the review · due Tue 2 Mar 2027 · 65 working days left" in facts["owed_by_law"]
    assert "Monitor the time taken and quality of the review" in facts["owed_of_ours"]
    assert "overdue by" in facts["owed_of_ours"] and "waits for" in facts["owed_of_ours"]
    assert "in review" == facts["now_at"]


def test_the_one_letter_says_that_a_decision_is_owed(records: Records) -> None:
    """And by whom: they were not written to about it."""
    entry = Entry(records).enter(DECISION_WAITS)
    entry.sweep(timedelta(hours=16))
    said = select(notice_facts.c.context).join(notices, notices.c.key == notice_facts.c.key)
    with records.engine.connect() as connection:
        (facts,) = connection.execute(said.where(notices.c.occasion == "entered_late")).scalars()
    assert "delegated safeguarding partner" == facts["deciders"]


def test_what_happens_from_now_on_is_told(records: Records) -> None:
    """A step of today writes its letters, and a date that comes later has its reminders; the past stays quiet."""
    entry = Entry(records).enter(to_panel(40))
    entry.take("ask_agencies", london_date(ENTERED))
    asked = entry.letters()
    assert {"agency_asked"} <= {occasion for occasion, _ in asked}
    assert not {"reminder", "due_missed"} & {occasion for occasion, _ in asked}
    for _ in range(30):
        entry.sweep(timedelta(days=1))
    later = entry.letters() - asked
    assert {"reminder", "entered_late"} <= {occasion for occasion, _ in later}
    assert 1 == sum(number for (occasion, _), number in later.items() if occasion == "entered_late")
    assert () == tuple(records.verify())


TO_NOTIFY = ("open_referral", "assess_notification", "decide_notification")
"""From the referral to the decision to notify the Panel, which is then owed (C01, C02)."""
OVERDUE_OF_LAW = {"sam_sample": 2, "glenn_sample": 2, "harper_sample": 2, "indy_sample": 2, "alex_example": 2}
"""Who hears that the two days of the law have passed, of each once: who owes it, the partners, the business manager."""


def people_told(letters: Counter[tuple[str, str]], occasion: str = "due_missed") -> set[str]:
    """Whom letters of an occasion are for."""
    return {person for (of, person), _ in letters.items() if of == occasion}


def duties_told(records: Records, occasion: str = "due_missed") -> Counter[str]:
    """Of how many duties each person had a letter."""
    about = select(notices.c.person, notices.c.key).where(notices.c.occasion == occasion).distinct()
    with records.engine.connect() as connection:
        return Counter(person for person, _ in connection.execute(about))


def test_a_duty_of_the_law_that_is_still_unmet_is_told_once(records: Records) -> None:
    """Due seven weeks before and not met: whoever owes it and whom a missed day calls hear the night after, once."""
    entry = Entry(records)
    for step in TO_NOTIFY:
        entry.take(step, date(2026, 10, 12))
    assert {"C01", "C02"} <= {duty.rule for duty in records.read(entry.reference).running()}
    entry.sweep(timedelta(hours=5))
    assert Counter() == entry.letters()
    for _ in range(40):
        entry.sweep(timedelta(days=1))
    assert OVERDUE_OF_LAW == duties_told(records)
    assert {("entered_late", "role:business_unit"), *(("due_missed", one) for one in OVERDUE_OF_LAW)} == set(
        entry.letters()
    )
    records.rebuild()
    before = entry.letters()
    entry.sweep(timedelta(days=1))
    assert before == entry.letters()
    assert () == tuple(records.verify())


def test_what_was_met_late_before_the_entry_stays_quiet(records: Records) -> None:
    """The Panel was notified eleven days late, and that is entered too: nobody hears of it."""
    entry = Entry(records)
    for step in TO_NOTIFY:
        entry.take(step, date(2026, 10, 12))
    entry.take("send_notification", date(2026, 10, 30))
    entry.sweep(timedelta(days=1))
    assert "C01" not in {duty.rule for duty in records.read(entry.reference).running()}
    assert "sam_sample" not in people_told(entry.letters())


def test_a_day_of_the_law_that_is_the_day_of_entry_is_told_by_its_ladder_alone(records: Records) -> None:
    """It is missed as that day ends: the ladder tells it then, and nobody hears of it twice at that moment."""
    entry = Entry(records)
    for step in TO_NOTIFY:
        entry.take(step, date(2026, 11, 18))
    assert {london_date(ENTERED)} == {
        one.due_on for one in records.read(entry.reference).running() if one.rule == "C01"
    }
    entry.at = datetime(2026, 11, 26, 0, 5, tzinfo=UTC)
    entry.sweep()
    assert OVERDUE_OF_LAW == duties_told(records)
    assert {} == duties_told(records, "reminder")


def test_what_a_second_sitting_leaves_unmet_is_told_the_night_after_it(records: Records) -> None:
    """The steps of before are entered on two days: what begins by the second is told once that day is over."""
    entry = Entry(records)
    entry.take(TO_NOTIFY[0], date(2026, 10, 12))
    entry.sweep(timedelta(days=1))
    first, before = entry.letters(), duties_told(records)
    for step in TO_NOTIFY[1:]:
        entry.take(step, date(2026, 10, 12))
    entry.sweep(timedelta(hours=5))
    assert first == entry.letters()
    for _ in range(3):
        entry.sweep(timedelta(days=1))
    assert OVERDUE_OF_LAW == duties_told(records) - before


def test_what_is_ours_is_told_to_its_owner_alone(records: Records) -> None:
    """An agency's report and a meeting on a day of our own: its lead and its chair, and nobody further up."""
    entry = Entry(records).enter(MONITORING_LATE)
    entry.sweep(timedelta(hours=16))
    assert {"addison_lead", "jules_lead", "gray_lead", "casey_lead", "pat_specimen"} == people_told(
        entry.letters(), "reminder"
    )
    assert {"nico_specimen"} == people_told(entry.letters())


def test_a_second_sitting_is_as_quiet(records: Records) -> None:
    """What lies before the day of entry writes to nobody on the next day either."""
    entry = Entry(records).enter(TO_PUBLISH[:6])
    entry.sweep(timedelta(days=1))
    before = entry.letters()
    for told in TO_PUBLISH[6:]:
        entry.take(told.step, add_working_days(london_date(ENTERED), -told.days_ago, records.rulebook.calendar))
    assert before == entry.letters()


def test_the_tables_made_again_wake_nobody(records: Records) -> None:
    """The rungs that were passed over are known to have been, in the record itself."""
    entry = Entry(records).enter(CHILD)
    records.rebuild()
    entry.sweep()
    assert Counter() == entry.letters()
    assert () == tuple(records.verify())


def test_the_ledger_says_that_nobody_was_written_to(records: Records) -> None:
    """Since when it was under way, and on each line of before that it was entered late."""
    entry = Entry(records).enter(TO_PUBLISH[:3])
    events = records.events(entry.reference)
    told = history(records.read(entry.reference), events, records.rulebook)
    assert "already under way since" in told[0].sentence
    assert all("nobody was written to about it" in line.further[-1] for line in told)
    assert all(event.facts["entered_quietly"] and not event.tells for event in events)


def test_a_day_that_has_passed_is_planned_only_where_it_had_passed_before(records: Records) -> None:
    """A plan for a day gone by is refused as ever, of a review that began here and of a day since the entry."""
    entry = Entry(records).enter(CHILD[:-3])
    with pytest.raises(TransitionRefused, match="is not to come"):
        at, entry.at = entry.at, entry.at + timedelta(days=3)
        entry.take("sign_report", london_date(at), planned_on=london_date(at) + timedelta(days=1))
    began_here = Entry(records).enter(CHILD[:-3], under_way_since=None)
    with pytest.raises(TransitionRefused, match="is not to come"):
        began_here.take("sign_report", london_date(ENTERED), planned_on=london_date(ENTERED) - timedelta(days=9))


@pytest.mark.parametrize("days", [0, 1, -30])
def test_since_when_is_a_day_before_today_and_not_before_the_referral(records: Records, days: int) -> None:
    """Today, tomorrow, or before it was received: refused in words, and nothing is opened."""
    today = london_date(ENTERED)
    received = today - timedelta(days=20)
    with pytest.raises(TransitionRefused, match="give a day before today, and not before it was received"):
        Entry(records).take("open_referral", received, under_way_since=today + timedelta(days=days))
    assert [] == list(records.list())


def test_the_morning_has_its_digest_as_ever(records: Records) -> None:
    """What is owed now stands in everybody's list of the next morning, whether or not it was entered late."""
    entry = Entry(records).enter(MONITORING_LATE)
    morning = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    assert write_digests(records.engine, records.rulebook, morning) > 0
    assert Counter() == entry.letters()


@pytest.mark.parametrize("story", [CHILD, TO_PUBLISH], ids=["child", "adult"])
def test_nothing_is_counted_otherwise(records: Records, story: tuple[StoryStep, ...]) -> None:
    """The same steps recorded on their days give the same dates, met or missed alike: letters alone differ."""
    calendar, reference = records.rulebook.calendar, ""
    for told in story:
        day = add_working_days(london_date(ENTERED), -told.days_ago, calendar)
        moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        raw = answer(told.step, records.read(reference) if reference else None, day, **told.answers(day))
        signs = signer(STEPS[told.step].by)
        if reference:
            records.attempt(reference, told.step, raw, signs, moment)
        else:
            reference = records.open(raw, signs, moment).review.reference
    late = Entry(records).enter(story).reference

    def dates(of: str) -> set[tuple[object, ...]]:
        duties = [one for one in records.read(of).duties if one.ended != "superseded"]
        return {(d.rule, d.subject, d.occurrence, d.anchored_on, d.due_on, d.ended, d.ended_on) for d in duties}

    assert dates(reference) == dates(late)
