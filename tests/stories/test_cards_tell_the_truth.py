"""What a card says of itself is what the record says: its name, its tags, its log, and nothing that somebody typed."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from driver.everything import AT, Record

from flows.demo import stories
from safeguarding.dates.counting import Kind
from safeguarding.dates.london import london_date
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Event
from safeguarding.review.fold import fold
from safeguarding.review.review import Duty, Review
from safeguarding.shown import card, card_story
from safeguarding.shown.history.by_role import untyped
from safeguarding.stages import STEPS

NAME = re.compile(
    r"(?P<reference>[A-Z]+-\d{4}-\d+) · (?P<stage>[^·]+?)"
    r"( · due (?P<due>[^·]+?))?( · ((?P<many>\d+) )?OVERDUE since (?P<since>[^·]+?))?( · past the aim of (?P<aim>.+))?"
)


@pytest.fixture(scope="module", name="told")
def _told(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The demo's twelve reviews from the first line to the last."""
    record = Record(tmp_path_factory.mktemp("told"), stories.STORIES)
    record.close()
    return record


def each_day(record: Record) -> list[tuple[Review, date]]:
    """Each review as it stood after each of its lines: on that day, a fortnight and half a year later."""
    later = (0, 14, 180)
    return [
        (after, london_date(line.at) + timedelta(days=days))
        for line, _, after in record.grown
        for days in later
        if after.open
    ]


def brief(day: date, today: date) -> str:
    """A day as a name has it."""
    return f"{day:%a} {day.day} {day:%b}" + ("" if day.year == today.year else f" {day.year}")


def test_no_name_or_tag_of_a_card_contradicts_the_record(told: Record) -> None:
    """
    After every step of every story, on that day and long after: the date in the name is the soonest that is still to
    come, of law or guidance if any of those is; what is overdue is in the name and in the tags, and nothing else is.
    """
    rulebook = told.records.rulebook
    for review, today in each_day(told):
        late, aims, ahead = sorted_out(review, today, rulebook)
        of_law = [duty for duty in ahead if rulebook.rule(duty.rule).date_is_law]
        name, tags = card.card_name(review, today, rulebook), card.card_tags(review, today, rulebook)
        found = NAME.fullmatch(name)
        assert found, name

        soonest = min((duty.due_on for duty in of_law or ahead), default=None)
        assert found["due"] == (brief(soonest, today) if soonest else None), name
        assert found["since"] == (brief(min(d.due_on for d in late), today) if late else None), name
        assert int(found["many"] or bool(late)) == len(late), name
        assert bool(late) == ("overdue" in tags)
        assert bool(aims) == ("past-aim" in tags)
        assert bool(found["aim"]) == (bool(aims) and not late and not ahead), name
        assert found["stage"] == review.stage_title


def sorted_out(review: Review, today: date, rulebook: Rulebook) -> tuple[list[Duty], list[Duty], list[Duty]]:
    """What runs, in three: overdue, past its aim, still to come."""
    passed = [duty for duty in review.running() if duty.due_on < today]
    aims = [duty for duty in passed if rulebook.rule(duty.rule).counts.kind is Kind.AIM]
    late = [duty for duty in passed if duty not in aims]
    return late, aims, [duty for duty in review.running() if duty.due_on >= today]


def test_a_card_never_leaves_a_date_of_the_law_to_the_board(told: Record) -> None:
    """Twelve dates run and eight are listed: each of the law's and guidance's is among them, and comes first."""
    rulebook = told.records.rulebook
    review = next(review for review in told.reviews if review.reference == "CSPR-2026-002")
    late = max(duty.due_on for duty in review.running())
    of_law = next(duty for duty in review.running() if rulebook.rule(duty.rule).date_is_law)
    many = tuple(
        of_law.model_copy(update={"rule": "local.c.agency_summary_return", "subject": f"agency_{n}", "occurrence": n})
        for n in range(11)
    )
    last = of_law.model_copy(update={"due_on": late + timedelta(days=300)})
    words = card.description(review.model_copy(update={"duties": (*many, last)}), london_date(AT), rulebook)

    rows = [line for line in words.splitlines() if line.startswith("| ")][2:]
    assert f"({of_law.rule})" in rows[0]
    assert "| and 4 more of our own, on the deadline board |" in rows[-1]


def test_an_aim_that_later_events_overtook_is_waited_for_no_more(told: Record) -> None:
    """The Panel never replied, and the report is accepted: no card says that its reply is due."""
    rule = told.records.rulebook.rule("local.c.panel_reply_expected")
    assert {"report_accepted", "published", "decided_to_publish_nothing", "notification_withdrawn"} == {*rule.ends}


def test_the_log_of_a_card_tells_every_step_and_everything_that_is_owed(told: Record) -> None:
    """A line for each step at its moment, one for each date, and a warning for each that is overdue."""
    rulebook, today = told.records.rulebook, london_date(AT)
    for review in told.reviews:
        events = told.events[review.reference]
        said = card_story.story(review, events, rulebook)
        assert [event.at for event in events] == [line.at for line in said]
        stands = card_story.stands(review, today, rulebook)
        late, _, _ = sorted_out(review, today, rulebook)
        assert len(late) == sum(line.warns for line in stands)
        assert len(review.running()) == sum(line.words.startswith(("Owed", "OVERDUE", "Past")) for line in stands)


def test_a_card_that_is_over_says_how_and_what_comes_next(told: Record) -> None:
    """Each stage that was left, in the words of what was decided; of the open one there is nothing to say yet."""
    rulebook = told.records.rulebook
    lines = told.events["CSPR-2026-004"]
    over = card_story.how_it_ended(lines, "decision", 1, rulebook)
    assert over is not None
    assert "CSPR-2026-004 · Decision · over: Partners decided: local review" == over.name
    assert "Next: Commissioning." == over.onward
    assert "local review" in over.sentence and "dissented" in over.sentence
    assert None is card_story.how_it_ended(lines, "commissioning", 1, rulebook)
    assert None is card_story.how_it_ended(lines, "panel", 1, rulebook)


def test_nothing_of_a_line_goes_on_that_somebody_typed(told: Record) -> None:
    """Every answer that is words, a reference or a minute: none of it, nor the name of a person, is told on a card."""
    rulebook, planted = told.records.rulebook, "Nightjarovemi"
    names = {person.name for person in rulebook.partnership.people}
    for reference, lines in told.events.items():
        spoilt = [with_words(line, planted) for line in lines]
        review = fold(lines)
        said = " ".join(one.words for one in card_story.story(review, spoilt, rulebook))
        assert planted not in said, reference
        assert not [name for name in names if name in said], reference
        assert planted not in str([untyped(line).facts for line in spoilt])


def with_words(line: Event, planted: str) -> Event:
    """The line as if the same words had been typed wherever its questions take words."""
    forms = [step.form for step in STEPS.values() if step.kind == line.kind]
    typed = {
        name: planted
        for form in forms
        for name, info in form.model_fields.items()
        if info.annotation is str and not isinstance(line.facts.get(name), bool) and not chosen(form, name)
    }
    actor = line.actor.model_copy(update={"minute": planted})
    return line.model_copy(update={"facts": {**line.facts, **typed}, "actor": actor})


def chosen(form: type, name: str) -> bool:
    """Whether the question offers a list."""
    return any(type(mark).__name__ == "From" for mark in form.model_fields[name].metadata)


def test_the_stories_reach_every_stage(told: Record) -> None:
    """So what holds above holds of each."""
    assert 7 == len({review.stage for review, _ in each_day(told)})
