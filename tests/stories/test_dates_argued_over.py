"""The arguments over dates that a partnership has: which day, why, what if, and what when the holidays change."""

from datetime import date, datetime, time
from typing import Any

import pytest

from safeguarding.dates.london import LONDON
from safeguarding.duties.recounting import recounts
from safeguarding.errors import TransitionRefused
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.explain_date import DutyNotStarted
from safeguarding.questions.supposed import Supposed
from safeguarding.questions.what_if import NoSuchEvent, what_if
from safeguarding.review.events import Actor
from safeguarding.shown.working_page import working_page
from tasks.record import recount
from tasks.record.claim_rungs import RungTold, told_since_shown
from tasks.record.records import Records
from tasks.store import outbox
from tasks.store.session import writing
from tasks.store.tables import notice_facts, notices

MEETING = "local.c.rapid_review_meeting"
SUMMARY = "local.c.agency_summary_return"


# --------------------------------------------------------------------------- C8: missed by one day


def test_a_day_late_stays_on_record_for_good_with_its_deferral_beside_it(case) -> None:
    """
    Day 15 is missed by one day. The breach is told at the first minute after it, the deferral that a lead partner
    records hides nothing, and years later the explanation still says LATE.
    """
    case.on(date(2026, 12, 17)).take("record_deferral", rule="C05", by="dana_sample")
    case.on(date(2026, 12, 19), 0, 5).sweep()
    assert {"alex_example", "glenn_sample", "harper_sample", "indy_sample"} <= case.told("due_missed")

    case.on(date(2026, 12, 21)).take("conclude_rapid_review").take("decide_review")

    (made,) = case.explained("C05")
    assert "was due Fri 18 Dec 2026; met on Mon 21 Dec 2026, LATE" in made.words[0]
    assert any("The date stands." in line for line in made.deferrals)
    assert ("settled", date(2026, 12, 18)) == (made.state, made.due_on)


# --------------------------------------------------------------------------- C11: an extra bank holiday


def test_an_extra_bank_holiday_is_shown_accepted_and_told_once(partnership, case) -> None:
    """
    Two rapid reviews are under way when Monday 14 December is made a holiday. The preview lists every date that
    moves and writes nothing; accepted, the old rows stay with the reason, and each owner has one notice a review.
    """
    second = partnership.hears_of(date(2026, 11, 25)).take("assess_notification").take("decide_notification")
    second.on(date(2026, 12, 1)).take("send_notification")
    records = case.with_holiday(date(2026, 12, 14))
    lines = len(records.events(case.reference))

    seen = recount.preview(records)

    assert (0, len(seen.moves)) == (recount.pending(case.records), recount.pending(records))
    assert {case.reference, second.reference} == set(seen.versions)
    moves = {(m.reference, m.rule): (m.due_was, m.due_now) for m in seen.moves}
    assert (date(2026, 12, 18), date(2026, 12, 21)) == moves[case.reference, "C05"]
    assert (case.reference, "local.c.rapid_review_meeting") not in moves, "its span ends before the holiday"
    assert "Extra bank holiday on Mon 14 Dec 2026" in next(m for m in seen.moves if m.rule == "C05").skipped
    assert (lines, ()) == (len(records.events(case.reference)), seen.faults)

    now = datetime.combine(date(2026, 12, 2), time(9, 30), LONDON)
    done = recount.accept(records, seen, "The Coronation of an invented king.", Actor(person="alex_example"), now)

    assert (2, ()) == (len(done.steps), done.refused)
    rows = [(d.due_on, d.ended) for d in records.read(case.reference).duties if d.rule == "C05"]
    assert [(date(2026, 12, 18), "superseded"), (date(2026, 12, 21), "")] == rows
    old = next(d for d in records.read(case.reference).duties if d.rule == "C05")
    assert "counted again: the bank holidays have changed" in old.why
    query = outbox.FULL.where(notice_facts.c.reference == case.reference, notices.c.occasion == "due_superseded")
    with records.engine.connect() as connection:
        told = [(row.person, row.channel) for row in connection.execute(query)]
    assert len(told) == len(set(told)) and ("alex_example", "email") in told
    assert () == recount.preview(records).moves
    assert [] == list(records.verify())


def test_each_owner_hears_of_their_own_date(case) -> None:
    """The manager hears of the draft, the delegated partners of their sign-off, and of no other's."""
    records = case.with_holiday(date(2026, 12, 14))
    now = datetime.combine(date(2026, 12, 2), time(9, 30), LONDON)
    seen = recount.preview(records)
    recount.accept(records, seen, "An extra bank holiday.", Actor(person="alex_example"), now)

    query = outbox.FULL.where(notices.c.occasion == "due_superseded")
    with records.engine.connect() as connection:
        facts: dict[str, Any] = {row.person: row.context for row in connection.execute(query)}
    assert "Partners sign off the rapid review" == facts["harper_sample"]["owed"]
    assert ("Thu 17 Dec 2026", "Fri 18 Dec 2026") == (
        facts["harper_sample"]["was_due"],
        facts["harper_sample"]["due"],
    )
    assert "also_moved" not in facts["harper_sample"]
    assert "1" == facts["alex_example"]["also_moved"]


def test_a_holiday_taken_away_makes_a_date_overdue_and_alerts_at_once(case) -> None:
    """A holiday was in the list by mistake; counted right, the rapid review was due yesterday."""
    wrong = case.with_holiday(date(2026, 12, 14))
    now = datetime.combine(date(2026, 12, 2), time(9, 30), LONDON)
    recount.accept(wrong, recount.preview(wrong), "Announced.", Actor(person="alex_example"), now)
    right = case.records
    saturday = datetime.combine(date(2026, 12, 19), time(10), LONDON)

    (step,) = recount.accept(
        right, recount.preview(right), "Not announced.", Actor(person="alex_example"), saturday
    ).steps

    found = case.misses("C05")
    local = {"local.c.rr_draft_to_partners", "local.c.partner_signoff"}
    assert {"C05", *local} == {one.rule for one in step.told}, "and the local dates that had passed before it"
    assert "glenn_sample" in {row.person for row in found}
    assert {saturday} == {row.not_before for row in found}, "a breach of guidance waits for no working morning"
    case.on(date(2026, 12, 19), 10, 1).sweep()
    assert found == case.misses("C05"), "the sweep tells nobody a second time"


def test_a_review_that_changed_since_the_preview_is_refused_and_named(case) -> None:
    """A return came in between looking and accepting: that review is looked at again."""
    records = case.with_holiday(date(2026, 12, 14))
    seen = recount.preview(records)
    case.take("record_return")

    done = recount.accept(records, seen, "An extra bank holiday.", Actor(person="alex_example"), case.at)

    assert () == done.steps
    assert "changed while this form was open" in str(done.refused[0])


def test_nothing_is_counted_again_where_nothing_moves(case) -> None:
    """The list is as it was: the step is refused, and no line is written for nothing."""
    with pytest.raises(TransitionRefused, match="no date would move"):
        case.take("recompute_dates")


# --------------------------------------------------------------------------- a correction


def test_a_correction_that_makes_a_date_overdue_alerts_at_once(partnership) -> None:
    """
    The authority knew on the 11th and not on the 20th: notification was due on the 18th. Whoever has to hear is
    written to in the transaction of the correction; the sweep after it finds nothing left to tell.
    """
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").on(date(2026, 11, 21), 11)
    case.sweep()
    assert set() == case.told("due_missed")

    case.take("correct_date", what="became_aware", correct_on=date(2026, 11, 11))

    found = case.misses("C01")
    assert date(2026, 11, 18) == case.due("C01")
    assert {"sam_sample", "alex_example", "glenn_sample", "harper_sample", "indy_sample"} <= {r.person for r in found}
    assert {case.at} == {row.not_before for row in found}
    case.on(date(2026, 11, 21), 11, 15).sweep()
    assert found == case.misses("C01")
    told = shown(case)
    assert [("C01", "overdue by 2 working days", {row.person for row in found})] == [
        (one.rule, one.standing, set(one.people)) for one in told if one.rule == "C01"
    ], "the sweep's account shows what the step told"
    assert () == shown(case), "and shows it once"
    case.on(date(2026, 11, 25)).sweep()
    assert len(found) < len(case.misses("C01")), "the later rungs of its ladder fire in their turn"


def shown(case) -> tuple[RungTold, ...]:
    """What people were told since this was last asked."""
    with writing(case.records.engine) as connection:
        return told_since_shown(connection, case.at)


def test_an_edition_that_makes_a_date_overdue_alerts_at_once(case) -> None:
    """
    An invented edition of 7 December gives ten working days. On the 16th the partners move the review to it: its
    report was due on the 11th, which everybody on the ladder hears in that step, and once.
    """
    book = case.records.rulebook
    law = book.rule("C05")
    text = {"name": "WT2026", "from": date(2026, 12, 7), "length": 10, "in_force": True}
    later = [one.model_dump(by_alias=True) | (text if one.name == "WT2026" else {}) for one in law.editions]
    changed = Rule.model_validate(law.model_dump(by_alias=True) | {"editions": later})
    rules = tuple(changed if rule.id == "C05" else rule for rule in book.rules)
    case.records = Records(case.records.engine, book.model_copy(update={"rules": rules}), case.records._keys)

    case.on(date(2026, 12, 16)).take("move_to_edition", edition="WT2026", rule="C05")

    found = case.misses("C05")
    assert (date(2026, 12, 11), {case.at}) == (case.due("C05"), {row.not_before for row in found})
    case.on(date(2026, 12, 16), 10, 15).sweep()
    assert found == case.misses("C05")


def test_a_day_recorded_so_late_that_its_date_has_passed_alerts_at_once(partnership) -> None:
    """On 23 November the awareness of the 11th is recorded: a clock that starts overdue waits for no sweep."""
    case = partnership.hears_of(date(2026, 11, 23)).take("assess_notification", aware_on=date(2026, 11, 11))

    found = case.misses("C01")

    assert "glenn_sample" in {row.person for row in found}
    case.on(date(2026, 11, 23), 10, 15).sweep()
    assert found == case.misses("C01")


def test_a_local_date_that_a_correction_makes_overdue_waits_for_its_working_morning(case) -> None:
    """
    Corrected on Saturday 12 December, the meeting was due on the Thursday. It is the partnership's own date: the
    notice is written at once, and leaves on Monday morning.
    """
    case.on(date(2026, 12, 12)).take("correct_date", what="notification_sent", correct_on=date(2026, 11, 26))

    morning = case.records.rulebook.partnership.working_morning
    monday = datetime.combine(date(2026, 12, 14), morning, LONDON)
    assert (date(2026, 12, 10), {monday}) == (case.due(MEETING), {row.not_before for row in case.misses(MEETING)})


def test_an_agency_asked_late_keeps_its_day_when_another_is_corrected(case) -> None:
    """Found out and asked on 10 December, due on the 11th: the day of the notification moves, that day does not."""
    case.on(date(2026, 12, 10)).take("ask_agencies", purpose="information", agencies=["housing"])
    assert date(2026, 12, 11) == case.due(SUMMARY, "housing")

    case.take("correct_date", what="notification_sent", correct_on=date(2026, 11, 26))

    assert date(2026, 12, 11) == case.due(SUMMARY, "housing")
    assert date(2026, 12, 8) == case.due(SUMMARY, "education")
    assert () == recounts(case.review, case.records.rulebook)


# --------------------------------------------------------------------------- C12: why the 18th?


def test_a_chair_asks_why_the_18th(case) -> None:
    """Rule, source, who recorded the day it is counted from, every day counted, the line from awareness, the choice."""
    (made,) = case.explained("rapid_review_report")

    assert (
        "Recorded by Alex Example (named on the form, which no sign-in proves) on 27 Nov 2026 at 10:00, in line 4 of "
        "the review's record." in made.words[2]
    )
    assert 15 == sum(step.counted for step in made.working.steps)
    assert any("Mon 30 Nov 2026 (1)" in word and "Fri 18 Dec 2026 (15)" in word for word in made.words)
    assert [("became_aware", date(2026, 12, 11))] == [(s.counted_from, s.due_on) for s in made.stretch]
    assert any("It binds nobody".lower() in word.lower() for word in made.words)
    assert any("(choice: Exampleshire procedure 1" in word for word in made.words)
    assert "Edition WT2023" in " ".join(made.words)
    unread = "Working Together to Safeguard Children 2026 (dated Wed 18 Mar 2026) is not applied yet."
    assert any(line.startswith(unread) for line in made.words) and made.held_back
    assert any("Thu 26 Nov 2026 would have given Thu 17 Dec 2026" in line for line in made.would_change)
    assert made == type(made).model_validate_json(made.model_dump_json())


def test_an_explanation_keeps_every_row_that_was_superseded(partnership) -> None:
    """The day was wrong, then wrong again: all three rows are there, each with who put what in its place."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").later(1)
    case.take("correct_date", what="became_aware", correct_on=date(2026, 11, 18))
    case.take("correct_date", what="became_aware", correct_on=date(2026, 11, 19))

    (made,) = case.explained("C01")

    assert [date(2026, 11, 27), date(2026, 11, 25), date(2026, 11, 26)] == [row.due_on for row in made.rows]
    assert ["superseded", "superseded", ""] == [row.ended for row in made.rows]
    assert "corrected: became aware was 2026-11-18, is 2026-11-19" == made.rows[1].why
    assert 4 == made.anchor.line


def test_a_duty_that_is_not_owed_yet_says_when_it_begins(case) -> None:
    """The six months are asked about before there is a review to complete."""
    with pytest.raises(DutyNotStarted, match=r"is not owed yet\. It begins when the partners decided to initiate"):
        case.explained("C12")
    with pytest.raises(DutyNotStarted, match="belongs to the other track"):
        case.explained("A02")
    with pytest.raises(DutyNotStarted, match="never owed by 'housing'"):
        case.explained(SUMMARY, "housing")


def test_the_page_in_prefect_names_nobody(case, rulebook: Rulebook) -> None:
    """Roles and references: an artifact is shown to whoever may look at Prefect."""
    page = working_page(case.review, case.records.events(case.reference), rulebook, case.today)

    assert "Recorded by the partnership business manager (named on the form, which no sign-in proves)" in page
    assert [] == [person.name for person in rulebook.partnership.people if person.name in page]
    assert [] == [person.id for person in rulebook.partnership.people if person.id in page]
    assert "## Rapid review to the national Panel · due Fri 18 Dec 2026" in page


# --------------------------------------------------------------------------- what if


def test_what_if_we_notify_on_the_17th_of_december(partnership) -> None:
    """Planned before it is done: the whole rapid review, its Christmas dates, and that the five days are missed."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
    supposed = [Supposed(event="notification_sent", on=date(2026, 12, 17))]

    found = what_if(case.review, supposed, case.records.rulebook, case.today)

    then = {line.rule: line.then_due for line in found.lines}
    assert date(2027, 1, 12) == then["C05"]
    assert ("met late", "C01") == (found.first_clash.kind, found.first_clash.rule)
    christmas = {clash.rule for clash in found.clashes if clash.kind == "Christmas week"}
    assert {"local.c.progress_check"} == christmas
    assert all(clash.design_default for clash in found.clashes if clash.kind == "Christmas week")
    assert case.review == case.records.read(case.reference), "nothing is written"


def test_a_gate_that_cannot_be_met_is_the_first_clash(case) -> None:
    """Publication is supposed for next Friday: the copies would have had to leave already."""
    supposed = [Supposed(event="publication_planned_full", on=date(2026, 12, 4))]

    found = what_if(case.review, supposed, case.records.rulebook, case.today)

    assert ("gate cannot be met", "C13", date(2026, 11, 25)) == (
        found.first_clash.kind,
        found.first_clash.rule,
        found.first_clash.on,
    )


def test_a_gate_before_the_report_is_accepted_cannot_be_met(case) -> None:
    """Accepted on 11 January, published on the 15th: the copies would be due on the 6th, of a report not yet there."""
    supposed = [
        Supposed(event="report_accepted", on=date(2027, 1, 11)),
        Supposed(event="publication_planned_full", on=date(2027, 1, 15)),
    ]
    found = what_if(case.review, supposed, case.records.rulebook, case.today)
    assert "the report was accepted only on Mon 11 Jan 2027" in found.first_clash.words


def test_two_rapid_review_meetings_of_the_same_partners_on_a_day(partnership, case) -> None:
    """Two children, notified on one day: the partners would meet twice on 11 December."""
    second = partnership.hears_of(date(2026, 11, 24)).take("assess_notification").take("decide_notification")
    supposed = [Supposed(event="notification_sent", on=date(2026, 11, 27))]

    found = what_if(second.review, supposed, case.records.rulebook, second.today, [case.review])

    (clash,) = [clash for clash in found.clashes if clash.kind == "two meetings in a day"]
    assert date(2026, 12, 11) == clash.on
    assert case.reference in clash.words and second.reference in clash.words


def test_an_event_that_moves_nothing_is_named(case) -> None:
    """A slip of the pen is answered with what was meant."""
    with pytest.raises(NoSuchEvent, match="Perhaps: notification_sent"):
        what_if(case.review, [Supposed(event="notification_snt", on=case.today)], case.records.rulebook, case.today)
    with pytest.raises(NoSuchEvent):
        what_if(case.review, [Supposed(event="sar_facts_known", on=case.today)], case.records.rulebook, case.today)


def test_what_if_a_day_was_wrong_equals_correcting_it(case) -> None:
    """The same rows, from the supposition as from the step that puts the day right."""
    supposed = [Supposed(event="notification_sent", on=date(2026, 11, 25))]
    found = what_if(case.review, supposed, case.records.rulebook, case.today)

    case.take("correct_date", what="notification_sent", correct_on=date(2026, 11, 25))

    real = {(d.rule, d.subject): d.due_on for d in case.review.live()}
    then = {(line.rule, line.subject): line.then_due for line in found.lines}
    assert real == {key: then[key] for key in real}


def test_what_if_it_is_done_equals_doing_it(partnership) -> None:
    """Supposing the marks that the step makes gives the rows that the step writes."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
    before = case.review
    case.on(date(2026, 11, 26)).take("send_notification")
    marks = case.records.events(case.reference)[-1].marks
    supposed = [Supposed(event=mark.name, on=mark.on, subject=mark.subject) for mark in marks]
    supposed = [one for one in supposed if one.event != "secretary_of_state_notified"]

    found = what_if(before, supposed, case.records.rulebook, date(2026, 11, 20))

    assert {(d.rule, d.due_on) for d in case.review.live()} == {
        (line.rule, line.then_due) for line in found.lines if "met" not in line.then_words
    }


def test_six_months_after_the_panels_reply_run_from_the_partners_decision(case) -> None:
    """
    Referred for national review; the Panel's letter is of 4 January, and the partners decide on the 15th on a local
    one. The six months are from their decision (C12): not from the letter, nor a day before the first decision.
    """
    case.on(date(2026, 12, 11)).take("conclude_rapid_review").take("decide_review", outcome="refer for national review")
    answer = {"replied_on": date(2027, 1, 4), "answer": "local review"}
    case.on(date(2027, 1, 18))
    with pytest.raises(
        TransitionRefused, match="«Decided on»: Thu 10 Dec 2026 is before Fri 11 Dec 2026, when the partners decided"
    ):
        case.take("record_panel_response", **answer, decided_on=date(2026, 12, 10))
    case.take("record_panel_response", **answer, decided_on=date(2027, 1, 15))
    assert date(2027, 7, 15) == case.due("C12")
    case.take("correct_date", what="decided_to_initiate", correct_on=date(2027, 1, 14))
    assert (date(2027, 7, 14), date(2027, 1, 4)) == (case.due("C12"), case.review.happened("panel_replied"))
