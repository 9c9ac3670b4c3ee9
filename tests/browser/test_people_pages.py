"""The people's pages in a real browser: by keyboard alone, on a phone, without scripts, and without a fault for axe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from driver.drafts import leaking
from driver.sound import fits, is_sound
from driver.speed import patience
from driver.visitor import codes
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from flows.demo.stories import take, to_decision
from safeguarding.dates.london import london_date, london_moment, now
from safeguarding.dates.working_days import add_working_days

pytestmark = [pytest.mark.browser, pytest.mark.prefect]

DESK, TABLET = {"width": 1400, "height": 900}, {"width": 800, "height": 1100}
PHONE = {"width": 390, "height": 844}
CLOSED, OPEN = "CSPR-2026-003", "CSPR-2026-006"
SENT_WITHIN = 20.0
CONTINUE = ".govuk-button[value='next']"


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone. Whatever it shows, it asks nobody but this machine."""
    asked: set[str] = set()

    def note(request: Request) -> None:
        asked.add(urlsplit(request.url).hostname or urlsplit(request.url).scheme)

    made = chromium.new_context(viewport=PHONE, locale="en-GB", timezone_id="Europe/London")  # type: ignore[arg-type]
    made.set_default_timeout(patience(20_000))
    made.on("request", note)
    yield made
    made.close()
    assert {"127.0.0.1"} == asked


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus, and see that it shows it; a hundred presses are too many."""
    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            shown = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
            assert page.evaluate(shown), f"{selector} has the focus, and nobody sees it"
            return
    raise AssertionError(f"no Tab leads to {selector} at {page.url}")


def signed_in(page: Page, here: str, address: str, demo: Any, until: Callable[..., Any]) -> None:
    """Sign in by keyboard alone, with the code of the letter that the demo caught."""
    before = len(codes(demo.home / "caught"))
    page.goto(f"{here}/")
    is_sound(page)
    tab_to(page, "#address")
    page.keyboard.type(address)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code")
    is_sound(page)
    until(lambda: len(codes(demo.home / "caught")) > before, SENT_WITHIN, "the letter with the code")
    to, code = codes(demo.home / "caught")[-1]
    assert address == to
    tab_to(page, "#code")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What needs me")).to_be_visible()


def test_a_closed_review_is_found_and_read_by_keyboard_on_a_phone(
    context: BrowserContext, here: str, demo: Any, until: Callable[..., Any]
) -> None:
    """From the address to the words of the referral and the working of a date, and out again: not one click."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    signed_in(page, here, "alex@exampleshire.example", demo, until)
    is_sound(page)
    tab_to(page, "#q")
    page.keyboard.type("child c")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Reviews found")).to_be_visible()
    is_sound(page)
    tab_to(page, f"a[href='/reviews/{CLOSED}']")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Closed on")).to_be_visible()
    is_sound(page)
    tab_to(page, ".press .words-button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("That you read them is recorded.")).to_be_visible()
    expect(page.locator("#words-referral")).to_contain_text("What is known so far")
    is_sound(page)
    page.goto(f"{here}/reviews/{CLOSED}")
    tab_to(page, "section[aria-labelledby='owed'] summary")
    page.keyboard.press("Enter")
    tab_to(page, f"a[href='/reviews/{CLOSED}/dates/C05']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="How this date was worked out")).to_be_visible()
    is_sound(page)
    tab_to(page, "form[action='/sign-out'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert [] == wrong


def test_every_page_is_sound_on_a_desk_a_tablet_and_a_phone(context: BrowserContext, here: str) -> None:
    """
    For a manager and a partner of the demo: each kind of page but the forms, which whole reviews go through, with what
    is folded away opened too; and errors. The one is looked at on a desk, the other on a phone; all fit.
    """
    page = context.new_page()
    page.goto(f"{here}/sign-in")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter your email address")
    is_sound(page)
    for name, looked_at in (("Alex Example", DESK), ("Glenn Sample", PHONE)):
        page.goto(f"{here}/sign-in")
        page.get_by_role("button", name=name).click()
        expect(page.get_by_text(f"Signed in as {name}")).to_be_visible()
        for path in (
            "/",
            "/reviews",
            f"/reviews/{OPEN}",
            "/reviews/SAR-2026-001",
            "/reviews/CSPR-2026-005",
            "/reviews/CSPR-2026-005/bundle",
            "/reviews/CSPR-2026-005/anonymity",
            "/readings",
            "/registers",
            "/sharing",
            "/registers/decisions",
            "/registers/timeliness?track=children",
            "/nowhere",
        ):
            page.goto(f"{here}{path}")
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            for size in (DESK, TABLET, PHONE):
                page.set_viewport_size(size)  # type: ignore[arg-type]
                (is_sound if size is looked_at else fits)(page)
        page.goto(f"{here}/reviews/CSPR-2026-005/bundle")
        page.get_by_label("Password", exact=True).fill("short")
        page.get_by_role("button", name="Make the bundle").click()
        expect(page.get_by_role("alert")).to_contain_text("The two passwords are not the same")
        is_sound(page)
        page.goto(f"{here}/reviews/CSPR-2026-005/anonymity")
        page.get_by_label("The draft").set_input_files({"name": "a.docx", "mimeType": "", "buffer": leaking()})
        page.get_by_role("button", name="Look the draft over").click()
        expect(page.get_by_role("heading", name="What was found")).to_be_visible()
        is_sound(page)
        page.get_by_role("button", name="Look the draft over").click()
        expect(page.get_by_role("alert")).to_contain_text("Choose the draft")
        is_sound(page)
        page.goto(f"{here}/")
        page.get_by_role("button", name="Sign out").click()


def test_the_search_is_used_by_keyboard_on_a_phone_and_on_a_desk(context: BrowserContext, here: str) -> None:
    """What is folded away is opened and filled, sealed words looked through, a line opened; what is wrong is said."""
    page = context.new_page()
    page.goto(f"{here}/sign-in")
    page.get_by_role("button", name="Glenn Sample").click()
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(f"{here}/reviews")
        tab_to(page, ".search__more summary")
        page.keyboard.press("Enter")
        tab_to(page, "#since")
        page.keyboard.type("tomorrow")
        tab_to(page, "#sealed")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("First day: enter it as year, month and day")
        expect(page.locator("#sealed")).to_be_checked()
        is_sound(page)
        page.locator("#since").fill("2026-01-01")
        page.locator("#stage").select_option("stage:commissioning")
        page.locator("#q").fill("learning")
        tab_to(page, ".search__more button")
        page.keyboard.press("Enter")
        expect(page.get_by_text(re.compile("looked through. That you read them is noted"))).to_be_visible()
        expect(page.get_by_text("Sealed words: ").first).to_be_visible()
        is_sound(page)
    page.locator(".found__why a").last.click()
    line = page.url.rpartition("#")[2]
    expect(page.locator(f"#{line}:target")).to_be_visible()


def test_the_pages_work_without_scripts(chromium: Browser, here: str) -> None:
    """Sign in, search, a review: every answer is a whole page. And no font is the government's."""
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{here}/sign-in?next=/reviews")
    page.get_by_role("button", name="Alex Example").click()
    expect(page.get_by_role("heading", name="All reviews")).to_be_visible()
    page.get_by_label("Find a review").fill(CLOSED)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=CLOSED).click()
    expect(page.get_by_role("heading", name=re.compile(CLOSED))).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    context.close()


def test_whoever_is_signed_out_is_told_while_they_type(context: BrowserContext, here: str) -> None:
    """Signed out in another tab: the form says at once that nothing is kept, and the words come back to be copied."""
    page, other = context.new_page(), context.new_page()
    page.goto(f"{here}/sign-in")
    page.get_by_role("button", name="Alex Example").click()
    page.goto(f"{here}/reviews/CSPR-2026-007/do/give_reason")
    other.goto(f"{here}/")
    other.get_by_role("button", name="Sign out").or_(other.get_by_role("link", name="Sign out")).click()

    page.locator("textarea").first.fill("Typed by somebody who is not there any more.")

    expect(page.get_by_role("alert").filter(has_text="You are signed out")).to_be_visible()
    is_sound(page)
    page.get_by_role("button", name="Continue").or_(page.get_by_role("button", name="Send")).last.click()
    expect(page.get_by_role("heading", name="You were signed out")).to_be_visible()
    assert "Typed by somebody who is not there any more." == page.get_by_label("What you typed").input_value()
    is_sound(page)


def press(page: Page, selector: str, key: str = "Space") -> None:
    """Go to a box or a button by Tab, and press a key on it."""
    tab_to(page, selector)
    page.keyboard.press(key)


def to_be_decided(demo: Any) -> str:
    """A review of its own that waits for the decision, told in the record as the demo's stories are."""
    moment, reference = now(), None
    calendar = demo.records.rulebook.calendar
    for step in to_decision(14, 0):
        day = add_working_days(london_date(moment), -step.days_ago, calendar)
        reference = take(demo.records, reference, step, min(moment, london_moment(day, time(10, 0))))
    assert reference is not None
    return reference


def decide(page: Page) -> None:
    """The form of the child decision, from its first page to what was recorded, by keyboard alone."""
    expect(page.get_by_role("heading", name="The criteria")).to_be_visible()
    is_sound(page)
    press(page, CONTINUE, "Enter")
    expect(page.get_by_role("alert")).to_contain_text("Is this a serious child safeguarding case? Choose an answer")
    assert page.title().startswith("Error: ")
    is_sound(page)
    press(page, "a[href='#serious_case-answer']", "Enter")
    assert "serious_case-answer" == page.evaluate("document.activeElement.id")
    page.keyboard.press("Space")
    tab_to(page, "#serious_case-reason")
    with page.expect_response(lambda answer: answer.status == 204):
        page.keyboard.type("Typed and not sent.")
    page.reload()
    assert "Typed and not sent." == page.input_value("#serious_case-reason")
    assert page.is_checked("#serious_case-answer")
    for limb in (
        "importance_to_area",
        "improvements",
        "recurrent_themes",
        "joint_working",
        "panel_view",
        "new_learning",
    ):
        press(page, f"#{limb}-answer")
        if limb in ("recurrent_themes", "panel_view"):
            page.keyboard.press("ArrowDown")
        tab_to(page, f"#{limb}-reason")
        page.keyboard.type("Read and weighed.")
    press(page, CONTINUE, "Enter")
    expect(page.get_by_role("heading", name="The decision", exact=True)).to_be_visible()
    is_sound(page)
    press(page, "#outcome")
    tab_to(page, "#rationale")
    page.keyboard.type("New learning about how agencies share what they see.")
    press(page, "button[value='today:decided_on']", "Enter")
    today = london_date(now())
    expect(page.locator("#decided_on-year")).to_have_value(str(today.year))
    for partner in ("local_authority", "police", "integrated_care_board"):
        press(page, f"#positions-{partner}-position")
    for part, number in (("day", today.day), ("month", today.month), ("year", today.year)):
        tab_to(page, f"#sent_to_panel_on-{part}")
        page.keyboard.type(str(number))
    press(page, "#family_told")
    press(page, CONTINUE, "Enter")
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    expect(page.get_by_text("What changes when you send this")).to_be_visible()
    is_sound(page)
    press(page, "form[action$='/send'] button", "Enter")
    expect(page.get_by_role("heading", name="Recorded")).to_be_visible()
    is_sound(page)


def test_the_decision_is_taken_by_keyboard_alone_on_a_phone(
    context: BrowserContext, here: str, demo: Any, until: Callable[..., Any]
) -> None:
    """
    A long form: what is missing is named and led to; a refresh in its middle loses nothing; it is sent, and says what
    was recorded.
    """
    reference = to_be_decided(demo)
    page = context.new_page()
    signed_in(page, here, "glenn@council.example", demo, until)
    press(page, f"a[href='/reviews/{reference}/onward']", "Enter")
    decide(page)
    expect(page.get_by_text("Glenn Sample, proved by code")).to_be_visible()
    assert "decided" == demo.records.events(reference)[-1].kind
