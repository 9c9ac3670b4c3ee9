"""
A whole review of each track in a real browser at our pages, from the referral to the closing, publication included.

A child's on a desk, at pages alone whose clock goes on; an adult's on a phone, beside a running system, with its days
months ago: there Prefect's card is seen to follow each step.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from driver import page as prefects
from driver.alone import Alone, People
from driver.browsing import Browsing
from driver.speed import patience
from driver.whole_review import ADULT, CHILD, FormTaken, done, take
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from safeguarding.dates.london import london_date, now
from safeguarding.review.states import Stage

pytestmark = [pytest.mark.browser]

AT = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
DESK, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}
SERVES_WITHIN = 20.0
EXPECTED_WITHIN = 15_000
"""Milliseconds."""
FOLLOWS_WITHIN, AT_THE_LATEST = 2.0, 5.0
"""
Seconds from what was recorded to the card of what comes next, on a machine that does nothing else: of most steps, and
of each. The system looks every other second.
"""
WHY = "The learning is already in hand, as the minutes of canary-9 say."
PROPOSED = "propose_review_decision"
DECIDED = [one.step for one in CHILD].index("decide_review")
WITH_OWN_POSITIONS = (
    *CHILD[:DECIDED],
    CHILD[DECIDED]._replace(step=PROPOSED),
    FormTaken("record_done", 0, done("rapid_review_sent")),
    *CHILD[DECIDED + 1 :],
)
"""The child's story where each partner signs their own position: what was decided is sent once it stands."""


def is_found_closed(who: Browsing, reference: str, name: str, lines: int) -> None:
    """The closed review is found by the search box, and whole; the choice a year on is still owed."""
    page = who.page
    who.open("/")
    page.get_by_label("Find a review").fill(name)
    page.get_by_role("button", name="Search").click()
    found = page.get_by_role("link", name=reference).first
    try:
        found.click()
    except PlaywrightError:
        raise AssertionError(f"{reference} is not found by {name}: {page.url}: {who.words}") from None
    expect(page.locator(".lead", has_text="Closed on")).to_be_visible()
    expect(page.locator(".stages__one--done")).to_have_count(len(Stage))
    expect(page.locator("section[aria-labelledby='owed']")).to_contain_text("Choose what becomes of the publication")
    expect(page.locator(".history__one")).to_have_count(lines)
    who.look()


def a_partner_dissents(people: People, there: Alone, reference: str) -> None:
    """Kelly, the deputy for the police, by the code of a letter; two others agree, and so it is decided."""
    kelly = people("kelly_sample")
    kelly.sign_in("kelly@police.example", there.newest)
    signed = (("kelly_sample", "dissent", WHY), ("glenn_sample", "agree", ""), ("indy_sample", "agree", ""))
    for person, position, reasons in signed:
        who = people(person)
        who.open(f"/reviews/{reference}/position")
        who.page.get_by_role("button", name="Sign your position").click()
        who.whole({"position": position, "reasons": reasons})
        who.send()
        assert "/recorded/" in who.path, who.words
    page = kelly.page
    kelly.open(f"/reviews/{reference}")
    assert "Police Dissents: Kelly Sample, signed in person on" in kelly.words
    assert "proved by code, on the authority of: Letter of the chief constable, reference EX-POL-1" in kelly.words
    assert WHY not in kelly.words
    line = there.records.events(reference)[-1].sequence
    page.locator(f"button[value='decision-{line}']").first.click()
    expect(page.locator(f"#words-decision-{line}")).to_contain_text(WHY)
    kelly.look()


def test_a_child_review_from_referral_to_closed_on_a_desk(alone: Alone, people: Callable[..., People]) -> None:
    """
    Every form in a browser, each kind of page sound; a refresh in the longest form loses nothing; a partner dissents by
    their own sign-in, and the review's page says who, why and on what authority; closed, it is found and whole.
    """
    who, records, reference = people(alone.here, DESK), alone.records, "new"
    for form in WITH_OWN_POSITIONS:
        alone.clock.later(days=form.days)
        review = None if reference == "new" else records.read(reference)
        if form.step == PROPOSED:
            who("alex_example").refreshes = PROPOSED
        reference = take(form, reference, review, london_date(alone.clock.at), who)
        if form.step == PROPOSED:
            assert "" == who("alex_example").refreshes
            a_partner_dissents(who, alone, reference)
    review = records.read(reference)
    assert ("closed", False) == (review.state.value, review.open)
    is_found_closed(who("alex_example"), reference, review.pseudonym, review.version)
    assert not records.verify(reference)


def days_ago(story: tuple[FormTaken, ...], today: date) -> Iterator[tuple[FormTaken, date]]:
    """The forms of a story with their days, so that the last of them was yesterday; the referral says since when."""
    day = today - timedelta(days=sum(form.days for form in story) + 1)
    for form in story:
        day += timedelta(days=form.days)
        late = MappingProxyType({**dict(form.answers), "under_way_since": day}) if form is story[0] else form.answers  # type: ignore[arg-type]
        yield form._replace(answers=late), day


def follows(cards: prefects.Manager, reference: str, version: int) -> float:
    """Wait for the card that asks about the review as it stands; the seconds that it took."""
    began = time.monotonic()
    while time.monotonic() < began + patience(AT_THE_LATEST):
        found = cards.runs("card", reference)
        if len(found) == 1 and prefects.drawn(found[0]) and f"__v{version}__" in str(cards.asked(found[0])):
            return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"{reference}: no card of line {version} within {patience(AT_THE_LATEST):.0f} s")


@dataclass(frozen=True, slots=True)
class Beside:
    """The demo as Prefect's page lets a manager in."""

    url: str
    login: tuple[str, str]
    service: tuple[str, str]
    installation: Any = None


@pytest.mark.prefect
def test_an_adult_review_from_referral_to_closed_on_a_phone(
    demo: Any, here: str, people: Callable[..., People], record_property: Callable[[str, object], None]
) -> None:
    """Every form in a browser with its days months ago; the card is there after each; closed, it is found and whole."""
    who, records, reference = people(here, PHONE), demo.records, "new"
    login = prefects.named(demo.login)
    took: list[float] = []
    with prefects.Manager(Beside(demo.url, login, login)) as cards:
        for form, day in days_ago(ADULT, london_date(now())):
            review = None if reference == "new" else records.read(reference)
            reference = take(form, reference, review, day, who)
            review = records.read(reference)
            if review.open:
                took.append(follows(cards, reference, review.changed))
    record_property("seconds from recorded to the next card", [round(one, 2) for one in took])
    print("seconds from recorded to the next card:", *(f"{one:.2f}" for one in took))
    assert ("closed", len(ADULT) - 1) == (review.state.value, len(took))
    assert statistics.median(took) < patience(FOLLOWS_WITHIN)
    is_found_closed(who("alex_example"), reference, review.pseudonym, review.version)
