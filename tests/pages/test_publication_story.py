"""
Report ready: publish, hold, or publish learning only? From a hold to the end of the public year, at the people's pages.

A child's report waits for a trial. The trial ends, copies go out, it is published; the national copy is logged, the
public register has it, a year later somebody is reminded and chooses. Of an adult's only the summary is published.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from driver.filling import Filler
from driver.story import Story
from driver.visitor import Clock
from driver.whole_review import done

from safeguarding.review.public_until import YEAR
from safeguarding.review.states import State
from tasks.record.installation import Installation
from tasks.store import outbox
from tasks.store.tables import notices

SHARED = "Services each knew a part. They now put the parts together."
AT = "https://exampleshire.example/reviews/report"
TRIAL = {"waits_for": "the end of a trial", "expected_on": None}
REPOSITORY = "repository_sent"


@pytest.fixture
def story(installation: Installation, clock: Clock, somebody: Callable[[str], Filler]) -> Callable[[State, str], Story]:
    """The review of the demo that stands so."""
    return lambda state, track: Story(installation, clock, somebody, state, track)


def test_report_ready_hold_publish_and_the_end_of_its_year(story: Callable[[State, str], Story]) -> None:
    """The whole life of a publication, day by day."""
    case = story(State.PUBLICATION_DEFERRED, "children")
    start = case.today
    said = case.take("defer_publication", **TRIAL, review_on=start + timedelta(days=42))
    assert "Waits for The end of a trial" in said and "The six months stand" in said
    assert "It waits: 'The event has come: go on with publication'" in said
    assert "the advance copy has not been sent" in said.lower()

    case.on(start + timedelta(days=42)).swept()
    again = case.today + timedelta(days=42)
    assert f"To be looked at again {again:%a} {again.day} {again:%b}" in case.take("look_at_hold", again_on=again)

    case.on(start + timedelta(days=60))
    published = case.today + timedelta(days=28)
    said = case.take("end_hold", planned_on=published)
    assert f"The full report, for {published:%a} {published.day}" in said
    said = case.take("send_report", how="by secure e-mail")
    assert "Secretary of State: the report, by secure e-mail" in said
    said = case.take("record_advance_copies", to=["the adult or the family"], how="read together, no copy left")
    assert "the adult or the family: the report, read together, no copy left" in said
    case.approved("summary", SHARED)
    assert f"{case.reference.lower()}.html" not in case.site(), "nothing of it is public yet"

    said = case.on(published).take("publish", report_at=AT)
    until = date(published.year + 1, published.month, published.day)
    assert f"{until:%a} {until.day} {until:%b} {until.year} (S.I. 2018/789 reg.17)" in said
    assert "Owed to the NSPCC repository by" in said and "Nothing stands in the way" not in said
    said = case.on(published + timedelta(days=2)).take("record_done", table=done(REPOSITORY))
    assert "Sent to the NSPCC repository on" in said
    entry = case.site()[f"{case.reference.lower()}.html"]
    assert SHARED in entry and "The full report." in entry and "Lead reviewer Pat Specimen" in entry
    register = case.somebody("alex_example").visitor.get("/registers/publications?track=children&period=past_12_months")
    assert case.reference in register.text

    case.on(until - timedelta(days=70)).swept()
    assert 0 == _reminders(case)
    case.on(until - timedelta(days=29)).swept()
    assert 1 <= _reminders(case), "before its year ends the business manager hears of it"
    needs = case.somebody("alex_example").visitor.get("/")
    assert case.reference in needs.text
    said = case.on(until).take("choose_after_year", choice="move it to the archive")
    assert "Moved to the archive" in said
    assert () == case.installation.records.read(case.reference).live(YEAR)
    site = case.on(until + timedelta(days=1)).site()
    assert (
        "There are currently no Child Safeguarding Practice Reviews published in the past 12 months."
        in site["index.html"]
    )
    assert SHARED in site[f"{case.reference.lower()}.html"] and "Child" in site["archive.html"]
    assert not case.installation.records.verify(case.reference)


def test_only_the_learning_of_an_adults_review_is_published(story: Callable[[State, str], Story]) -> None:
    """No law asks for it: the page says so, the decision has its questions, and the entry says what was published."""
    case = story(State.PUBLICATION, "adults")
    assert "No source makes it a duty to publish an adult's review (A09)" in case.page
    case.approved("summary", SHARED)
    said = case.take("decide_publication", what="an executive summary", reviewer_named="yes", report_at=AT)
    assert "the partnership's own standard, no law" in said and "Owed to the national library" in said
    entry = case.site()[f"{case.reference.lower()}.html"]
    assert "An executive summary." in entry and SHARED in entry


def _reminders(case: Story) -> int:
    """The reminders about the end of the year that were written to the business manager."""
    query = outbox.FULL.where(notices.c.occasion == "reminder", notices.c.person == "alex_example")
    with case.installation.records.engine.connect() as connection:
        return len([row for row in connection.execute(query) if row.context["rule"] == YEAR])
