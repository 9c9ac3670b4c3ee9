"""Two reviews that had run for months are entered at the pages, a child's and an adult's: one letter each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from driver.filling import Filler
from driver.visitor import PORT, Clock, Visitor
from driver.whole_review import ADULT, CHILD, FormTaken, take
from sqlalchemy import select

from pages.application import application
from pages.running import Running
from pages.tries import Tries
from safeguarding.dates.london import london_date
from tasks.record import sweep
from tasks.record.installation import Installation
from tasks.store.tables import notice_facts, notices


@pytest.fixture
def somebody(installation: Installation, clock: Clock) -> Callable[[str], Filler]:
    """Somebody of the demo, signed in on a machine of their own."""
    served = application(Running(installation, by_name=True, clock=clock, tries=Tries(lambda: 0.0, 10_000)), PORT)

    def signed_in(person: str) -> Filler:
        visitor = Visitor(served)
        visitor.get("/sign-in")
        visitor.post("/sign-in/by-name", person=person)
        return Filler(visitor)

    return signed_in


def story_until(story: tuple[FormTaken, ...], step: str) -> list[FormTaken]:
    """The forms of a story as far as a step, the referral with since when it is under way."""
    end = [form.step for form in story].index(step)
    first = story[0]._replace(answers=lambda _, day: {**dict(story[0].answers), "under_way_since": day})  # type: ignore[arg-type]
    return [first, *story[1 : end + 1]]


def letters(installation: Installation, reference: str) -> list[tuple[str, str]]:
    """Every letter about a review: on which occasion, to whom."""
    about = select(notices.c.occasion, notices.c.person).join(notice_facts, notice_facts.c.key == notices.c.key)
    with installation.records.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(about.where(notice_facts.c.reference == reference))]


@pytest.mark.parametrize(("story", "last"), [(CHILD, "publish"), (ADULT, "decide_publication")], ids=["child", "adult"])
def test_a_review_under_way_is_entered_to_its_publication(
    installation: Installation, clock: Clock, somebody: Callable[[str], Filler], story: tuple[FormTaken, ...], last: str
) -> None:
    """Each step by its form with its day months ago, while the system sweeps; then the night, and one letter."""
    forms = story_until(story, last)
    day = london_date(clock.at) - timedelta(days=sum(form.days for form in forms) + 9)
    records, reference = installation.records, "new"
    for form in forms:
        day += timedelta(days=form.days)
        review = None if reference == "new" else records.read(reference)
        reference = take(form, reference, review, day, somebody)
        clock.later(minutes=3)
        assert () == sweep.sweep(records.engine, installation.rulebook, clock.at).faults
    assert "published" in {mark.name for mark in records.read(reference).marks}
    assert [] == letters(installation, reference)
    clock.later(hours=14)
    sweep.sweep(records.engine, installation.rulebook, clock.at)
    assert [("entered_late", "role:business_unit")] == letters(installation, reference)
    reader = somebody("alex_example").visitor
    reader.get(f"/reviews/{reference}")
    assert len(forms) <= reader.words.count("Entered late, with its days as they were: nobody was written to about it.")
    assert not records.verify(reference)
