"""
Report ready: publish, hold, or publish learning only? From a hold to the end of the public year, at the people's pages.

A child's report waits for a trial. The trial ends, copies go out, it is published; the national copy is logged, the
public register has it, a year later somebody is reminded and chooses. Of an adult's only the summary is published.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from driver.filling import Filler
from driver.visitor import Clock, words_of
from driver.whole_review import FormTaken, done, take

from safeguarding.dates.london import LONDON, london_date
from safeguarding.review.public_until import YEAR
from safeguarding.review.states import State
from tasks.public_site.making import files_of
from tasks.record import sweep
from tasks.record.installation import Installation
from tasks.store import outbox
from tasks.store.tables import notices

SHARED = "Services each knew a part. They now put the parts together."
AT = "https://exampleshire.example/reviews/report"
TRIAL = {"waits_for": "the end of a trial", "expected_on": None}
REPOSITORY = "repository_sent"


class Story:
    """A review of the demo as its story goes on: each form is filled in at the pages on its day."""

    def __init__(
        self, installation: Installation, clock: Clock, somebody: Callable[[str], Filler], state: State, track: str
    ) -> None:
        self.installation, self.clock, self.somebody = installation, clock, somebody
        rows = installation.records.list()
        self.reference = next(row.reference for row in rows if (row.state, row.track) == (state, track))

    @property
    def today(self) -> date:
        """The day of the story."""
        return london_date(self.clock.at)

    def on(self, day: date) -> Story:
        """Time goes on to a morning."""
        self.clock.at = datetime.combine(day, time(10), LONDON)
        return self

    def take(self, step: str, **answers: object) -> str:
        """Fill in a form and send it; the page that says what was recorded."""
        given = answers.pop("table", answers)
        review = self.installation.records.read(self.reference)
        take(FormTaken(step, 0, given), self.reference, review, self.today, self.somebody)  # type: ignore[arg-type]
        return self.page

    @property
    def page(self) -> str:
        """What the review's page says of its publication, to the business manager."""
        visitor = self.somebody("alex_example").visitor
        html = visitor.get(f"/reviews/{self.reference}").text
        found = re.search(r'<section aria-labelledby="publication">.*?</section>', html, re.S)
        return words_of(found.group(0)) if found else ""

    def swept(self) -> Story:
        """Time acts."""
        made = sweep.sweep(self.installation.records.engine, self.installation.rulebook, self.clock.at)
        assert () == made.faults
        return self

    def site(self) -> dict[str, str]:
        """The public register on this day, each page as it is read."""
        return {name: words_of(text.decode()) for name, text in files_of(self.installation.records, self.today).items()}

    def approved(self, item: str, words: str) -> None:
        """A wording is written by one person and approved by another."""
        self.take("write_wording", item=item, wording=words)
        number = self.installation.records.read(self.reference).wordings[-1].id
        self.take("approve_wordings", wordings=[number])


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
