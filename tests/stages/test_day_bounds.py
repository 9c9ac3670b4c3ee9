"""
A day that is put right is held to what its step was held to: for every step, read from its own declaration.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import config
from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date
from safeguarding.duties.day_bounds import DayBounds
from safeguarding.errors import TransitionRefused
from safeguarding.lifecycle import Identity, attempt, steps_of
from safeguarding.review import answers, local_questions
from safeguarding.review.conditions import DayFollows
from safeguarding.review.entries_put_right import put_right
from safeguarding.review.events import Entry
from safeguarding.review.fold import fold
from safeguarding.review.learning_entries import WordingsApproved, WordingsWithdrawn
from safeguarding.review.review import Review
from safeguarding.review.states import Track
from safeguarding.review.step import Attempt, Step
from safeguarding.stages import STEPS
from safeguarding.stages.beside.recorded import DONE
from safeguarding.stages.put_right import CORRECT_DATE, Correction, there_is_such_a_date
from safeguarding.stages.report_sent import a_justification_follows_its_decision

pytestmark = pytest.mark.long

RULEBOOK = config.load()
START = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
BOUNDS = DayBounds(STEPS.values())

NOT_OF_A_QUESTION = {
    "plan_publication": {
        *("advance_copy_sent", "advance_copy_sent_to_all", "justification_sent", "report_text_changed"),
        "deferral_reviewed",
    },
    "publish_nothing": {"report_provided", "deferral_reviewed"},
    "decide_publication": {"deferral_reviewed"},
    "end_hold": {"advance_copy_sent", "advance_copy_sent_to_all", "report_text_changed"},
    "sign_report": {"report_provided"},
    "decide_notification": {"became_aware_care_leaver_death", "became_aware_looked_after_death"},
    "update_action": {"action_agreed"},
    "move_to_edition": {"edition_kept"},
    "keep_suspended": {"deadline_suspended"},
    "write_wording": {"wording_written"},
    "correct_date": {"*"},
    "carry_in": {
        *("action_agreed", "carried_in", "carried_publication_agreed", "carried_report_agreed"),
        *("agency_request_sent", "report_requested", "accuracy_requested"),
    },
}
"""Marks on a day that no question of the step gives: of an earlier sending, of awareness, of today, of a row."""

OF_ONE_MARK = {a_justification_follows_its_decision: "justification_sent"}
"""Conditions of a question that dates several marks which concern one of them: the others may have gone before."""

OF_NO_MARK = {("commission_adult_review", "died_since"), ("hand_over", "on")}
"""A bound of a day that is kept in the line alone."""


def test_every_step_says_which_question_dates_which_mark() -> None:
    """A mark without its question would have no bound when its day is put right: each step that is added says it."""
    silent = {}
    for step in STEPS.values():
        dated = {mark for marks in step.days.values() for mark in marks}
        missing = step.marks - dated - NOT_OF_A_QUESTION.get(step.name, set())
        if missing:
            silent[step.name] = sorted(missing)
        assert dated <= step.marks, step.name
        assert set(step.days) <= set(step.form.model_fields), step.name
        assert set(step.follows) <= dated | step.marks, step.name
    assert {} == silent
    bounded = [(s.name, need.question) for s in STEPS.values() for need in s.needs if isinstance(need, DayFollows)]
    assert OF_NO_MARK == {(name, question) for name, question in bounded if question not in STEPS[name].days}


@dataclass(frozen=True)
class Taken:
    """A step as it was taken: on which review, with which answers; and the review after it."""

    step: Step
    asked: Attempt[Any]
    after: Review

    def with_day(self, question: str, day: date) -> Attempt[Any]:
        """The same answers with another day."""
        return replace(self.asked, form=self.asked.form.model_copy(update={question: day}))

    def moved(self, question: str) -> set[tuple[str, str]]:
        """The marks, each with whose it is, that another answer to the question dates otherwise."""
        was = getattr(self.asked.form, question)
        marks = self.step.does(self.asked).marks
        other = self.step.does(self.with_day(question, was - timedelta(days=1))).marks
        return {(a.name, a.subject) for a, b in zip(marks, other, strict=False) if a.name == b.name and a.on != b.on}

    def days(self) -> Iterator[str]:
        """The questions for a day that were answered."""
        for question in type(self.asked.form).model_fields:
            if isinstance(getattr(self.asked.form, question), date):
                yield question


def walk(seed: int) -> Iterator[Taken]:
    """Sixty steps anywhere that a review may go, with other answers now and then; every one that was accepted."""
    chance, now = random.Random(seed), START
    track = chance.choice(list(Track))
    raw = answer("open_referral", None, london_date(now), track=track.value)
    who = signer(STEPS["open_referral"].by)
    review = fold(
        [attempt(None, "open_referral", raw, who, now, RULEBOOK, None, Identity(f"{track.prefix}-2026-001", "A"))]
    )
    for _ in range(60):
        now += timedelta(days=chance.choice((0, 0, 1, 3, 7)))
        steps = steps_of(review)
        onward = [step for step in steps if step.on_card and not step.way_out]
        step = chance.choice(onward if onward and chance.random() < 0.6 else steps)
        raw = answer(step.name, review, london_date(now), **_other_answers(step, chance, london_date(now)))
        try:
            line = attempt(review, step.name, raw, signer(step.by), now, RULEBOOK, None, None, lambda _: Track.ADULTS)
        except TransitionRefused:
            continue
        filled = answers.read(local_questions.read_form(step, RULEBOOK), raw, review, RULEBOOK)
        asked = Attempt(review, filled, line.actor, now, RULEBOOK, lambda _: Track.ADULTS)
        review = fold([line], review)
        if step.name not in ("correct_date", "take_back_step"):
            yield Taken(step, asked, review)


def _other_answers(step: Step, chance: random.Random, today: date) -> dict[str, Any]:
    if step.name == "record_done":
        return {"what": chance.choice(list(DONE)), "receipt": "X-1", "note": "As the letter says."}
    return {
        name: today
        for name, info in step.form.model_fields.items()
        if info.annotation == (date | None) and name != "planned_on" and chance.random() < 0.2
    }


SEEDS = range(50)


@pytest.fixture(scope="module")
def taken() -> list[Taken]:
    """What was accepted on many such walks."""
    return [one for seed in SEEDS for one in walk(seed)]


def test_what_a_step_declares_is_what_it_does(taken: list[Taken]) -> None:
    """Another day given for a question moves the marks that the step declares under it, and none besides."""
    wrong = {
        (one.step.name, question, name)
        for one in taken
        for question in one.days()
        for name, _ in one.moved(question)
        if not {name, "*"} & set(one.step.days.get(question, ()))
    }
    assert set() == wrong
    assert 45 <= len({one.step.name for one in taken}), "most steps were taken"


def test_what_a_line_holds_has_the_day_as_it_was_put_right(taken: list[Taken]) -> None:
    """
    Of each step as it was taken: with its marks on another day its entries are those that it would have made with that
    day. So no entry keeps a day that «Correct a date» puts right, whichever step is added.
    """
    differ, seen = set(), set()
    for one in taken:
        made = one.step.does(one.asked)
        for question in one.days():
            other = one.step.does(one.with_day(question, getattr(one.asked.form, question) - timedelta(days=1)))
            if not one.moved(question) or len(made.marks) != len(other.marks):
                continue
            right = put_right(made.entries, made.marks, other.marks)
            seen |= {type(entry) for entry in right if entry not in made.entries}
            if [*_apart(right)] != [*_apart(other.entries)]:
                differ.add((one.step.name, question))
    assert set() == differ
    assert 15 <= len(seen), "most kinds of entry were dated otherwise"


def _apart(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries, with one of its own for each wording."""
    for entry in entries:
        several = entry.wordings if isinstance(entry, WordingsApproved | WordingsWithdrawn) else ()
        yield from [entry.model_copy(update={"wordings": (one,)}) for one in several] or [entry]


def test_a_day_put_right_passes_exactly_what_its_step_would_have_taken(taken: list[Taken]) -> None:
    """
    Of each step as it was taken, each mark and each day around it and around what it follows: putting the mark right to
    that day is refused where the step's own conditions refuse it on the review as it stood, and nowhere else.
    """
    differ, seen = set(), set()
    for one in taken:
        for question in one.days():
            for name, subject in one.moved(question):
                was = (name, subject, getattr(one.asked.form, question))
                if was in {(mark.name, mark.subject, mark.on) for mark in one.asked.review.marks}:
                    continue  # Another step made the same on the same day: both are put right, and both have bounds.
                for day in _days_around(one, question):
                    asked = one.with_day(question, day)
                    takes = all(need(asked).met for need in one.step.needs if OF_ONE_MARK.get(need, name) == name)
                    if one.after.happened(name, subject or None) != getattr(one.asked.form, question):
                        continue  # It is not the last of its name, which is the one that is put right.
                    holds = _may_be_put_right(one, name, subject, day)
                    seen.add((one.step.name, name, takes))
                    if holds != takes:
                        differ.add((one.step.name, question, name, "correction" if holds else "step", day.isoformat()))
    assert set() == {case[:4] for case in differ}, sorted(differ)[:5]
    assert 80 < len({(step, name) for step, name, _ in seen})
    assert 40 < len([case for case in seen if not case[2]]), "many days were refused"


def _may_be_put_right(one: Taken, name: str, subject: str, day: date) -> bool:
    """Whether «Correct a date» takes the day, straight after the step."""
    form = Correction(what=name, agency_or_action=subject, correct_on=day, reason="The letter says so.")
    bounds = replace(one.asked, review=one.after, form=form, out_of_place=BOUNDS.out_of_place)
    return all(need(bounds).met for need in CORRECT_DATE.needs if need is not there_is_such_a_date)


def _days_around(one: Taken, question: str) -> set[date]:
    was, today = getattr(one.asked.form, question), one.asked.today
    days = {was, today, today + timedelta(days=1), was - timedelta(days=400)}
    for mark in one.asked.review.marks:
        days |= {mark.on, mark.on - timedelta(days=1)}
    return days
