"""The history of a review says what happened: who, what, which day, how late; and never a sealed word."""

from __future__ import annotations

import re
from datetime import date, datetime, time

import pytest

from flows.demo import stories
from flows.demo.invented import no, police_dissent_by_deputy, yes
from safeguarding.dates.london import LONDON
from safeguarding.dates.working_days import add_working_days
from safeguarding.duties import begun_since, retention
from safeguarding.review.events import REFUSED, Actor, Attestation
from safeguarding.shown.history.told import SENTENCES, history
from safeguarding.stages import STEPS

KINDS = {step.kind for step in STEPS.values()} | {
    REFUSED,
    retention.DECIDED,
    retention.ERASED,
    begun_since.BEGUN,
}


def told_of(case):
    """Every line of a case as it is told today, with its words unsealed beside it: they must not show."""
    events = case.records.events(case.reference, unseal=True)
    return history(case.review, events, case.records.rulebook)


def test_every_kind_of_line_has_a_sentence() -> None:
    """A step that is added needs one; a kind that is gone leaves none behind."""
    assert KINDS == SENTENCES.keys()


def test_a_late_return_is_told_with_its_lateness(case) -> None:
    """Housing was asked beside the others and answers two working days after its day: the line says by how much."""
    late = add_working_days(case.due("local.c.agency_summary_return", "education"), 2, case.records.rulebook.calendar)
    case.on(late).take("record_return", agency="education", purpose="information", outcome="nil return")
    line = told_of(case)[-1]

    day = f"{late:%a} {late.day} {late:%b %Y}"
    assert f"Schools and early years has nothing to say on what it knows on {day}." == line.sentence
    assert any(
        further.startswith("Met: Agency summary for the rapid review (Schools and early years), due ")
        and further.endswith(": 2 working days late.")
        for further in line.further
    )
    assert "Alex Example" == line.who


def test_a_decision_is_told_with_every_position(partnership) -> None:
    """A local review against the police, whose deputy signed: who stood how, by whom, and on which row of the test."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").later(7).take("conclude_rapid_review").later(1)
    case.take("decide_review", positions=police_dissent_by_deputy())
    line = told_of(case)[-1]

    assert line.sentence.startswith("The partners decided on Sat 28 Nov 2026: local review; the Panel was told on ")
    said = "\n".join(line.further)
    assert "dissented" in said
    assert "S.I. 2018/789 reg.11" in said
    assert 3 == sum(" agreed" in further or " dissented" in further for further in line.further)


def test_minuted_is_said_with_its_reference(case) -> None:
    """What was taken from the minutes says so, with their reference."""
    actor = Actor(person="alex_example", attestation=Attestation.MINUTED, minute="SP/2026/11, item 4")
    raw = {"meeting": "review panel meeting", "on": case.today}
    case.records.attempt(case.reference, "record_meeting", raw, actor, case.at)
    assert "Alex Example, from the minutes (SP/2026/11, item 4)" == told_of(case)[-1].who


@pytest.mark.parametrize("story", stories.STORIES, ids=range(len(stories.STORIES)))
def test_no_line_shows_an_id_or_a_sealed_word(partnership, story) -> None:
    """The demo's reviews from the first line to the last: names and days, no ids, nothing sealed, no empty answer."""
    records, reference, today = partnership.records, None, date(2026, 11, 24)
    for told in story:
        day = add_working_days(today, -told.days_ago, records.rulebook.calendar) if told.days_ago else today
        moment = datetime.combine(day, time(10), LONDON)
        reference = stories.take(records, reference, told, moment)
    events = records.events(reference, unseal=True)
    names = {person.name for person in records.rulebook.partnership.people}  # a reviewer of the file is named openly
    for event, line in zip(events, history(records.read(reference), events, records.rulebook), strict=True):
        words = " ".join((line.sentence, *line.further, line.who))
        assert line.sentence.endswith(".") and not re.search(r"\b[a-z]+_[a-z_]+\b|None|\[\]|  |: [.;]", words), words
        assert not [text for text in event.sealed.values() if len(text) > 3 and text not in names and text in words]


def test_a_notice_of_a_death_alone_is_not_told_as_the_panels(partnership) -> None:
    """A looked-after child died of natural causes: the Secretary of State and Ofsted were told, not the Panel."""
    case = partnership.hears_of(date(2026, 11, 20), concern="death of a looked-after child or care leaver")
    case.take("assess_notification", incident="death", looked_after="yes")
    natural = {"abuse_or_neglect": no(), "died": yes(), "seriously_harmed": no(), "looked_after": yes()}
    case.take("decide_notification", **natural).take("send_notification", parents_told_on=case.today)
    said = told_of(case)[-1].sentence
    assert said.startswith("Notice of the death went to the Secretary of State and Ofsted on Fri 20 Nov 2026")
    assert "Panel" not in said


def test_the_partners_decision_after_the_panels_reply_has_its_day(partnership) -> None:
    """The letter is of one day and the decision of another: both are told, for the six months run from the second."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").later(7).take("conclude_rapid_review")
    case.take("decide_review", outcome="refer for national review").later(14)
    case.take("record_panel_response", replied_on=date(2026, 12, 7))
    said = "The national Panel replied on Mon 7 Dec 2026: local review; the partners decided on Fri 11 Dec 2026."
    assert said == told_of(case)[-1].sentence
