"""The public register in a real browser: no fault for axe at AA, on a phone and at a desk, by keyboard, in print."""

from __future__ import annotations

from datetime import date, time
from importlib.resources import files
from pathlib import Path

import pytest
from driver.sound import fits, is_sound
from playwright.sync_api import Browser, Request, expect

from safeguarding.dates.london import london_moment
from safeguarding.public_register.changes import PublicChanges
from safeguarding.public_register.entry import PublicEntry, Recommended
from safeguarding.public_register.page import ARCHIVE, INDEX, STYLE, Issue
from safeguarding.public_register.site import site
from safeguarding.review.states import Track
from tasks.public_site.folder import write_site

pytestmark = pytest.mark.browser

AS_OF = date(2026, 12, 1)
WIDTHS = (1400, 390)


def entry(number: int, track: Track, on: date, **changes: object) -> PublicEntry:
    """A publication with everything that one may have."""
    made = PublicEntry(
        reference=f"{track.prefix}-{on.year}-{number:03d}",
        number=1,
        track=track,
        pseudonym=f"{track.subject} {'ABCDEF'[number]}",
        what="the full report",
        published_on=on,
        past_12_months=date(2025, 12, 1) < on,
        public_until=date(on.year + 1, on.month, on.day),
        after_its_year="",
        reviewer="Pat Specimen",
        report_at="https://exampleshire.example/reviews/a-very-long-name-of-a-file-that-nobody-can-break-anywhere.pdf",
        summary="Services did not hear what was said.\n\nThey now ask.",
        recommendations=(Recommended("R01", "One agency leads."), Recommended("R02", "Every service asks.")),
        themes=("Neglect", "Information sharing"),
    )
    return made._replace(**changes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A register with a recent, a kept and an archived review of a child, and none of an adult in the past year."""
    entries = [
        entry(0, Track.CHILDREN, date(2026, 9, 14)),
        entry(1, Track.CHILDREN, date(2024, 9, 16), after_its_year="kept public", what="an executive summary"),
        entry(2, Track.CHILDREN, date(2023, 5, 3), summary="", recommendations=(), themes=(), report_at=""),
        entry(3, Track.ADULTS, date(2022, 5, 3), reviewer="", public_until=None),
    ]
    changes = PublicChanges({one.slug: london_moment(one.published_on, time(10)) for one in entries})
    made = site(entries, Issue("Exampleshire Safeguarding Partnership", AS_OF, tuple(Track)), changes)
    style = files("tasks").joinpath("public_site", STYLE).read_bytes()
    write_site(tmp_path / "site", {STYLE: style, **{name: text.encode() for name, text in made.items()}})
    return tmp_path / "site"


def test_every_page_is_sound_at_a_desk_and_on_a_phone(chromium: Browser, folder: Path) -> None:
    """Axe finds nothing, nothing is cut off, and nothing is asked of anybody elsewhere; without scripts."""
    asked: set[str] = set()

    def note(request: Request) -> None:
        asked.add(request.url.partition(":")[0])

    for width in WIDTHS:
        context = chromium.new_context(viewport={"width": width, "height": 844}, locale="en-GB")
        context.on("request", note)
        page = context.new_page()
        for file in sorted(folder.glob("*.html")):
            page.goto(file.as_uri())
            assert "rgb(27, 58, 87)" == page.evaluate(
                "getComputedStyle(document.querySelector('.top')).backgroundColor"
            )
            is_sound(page)
        context.close()
    assert {"file"} == asked
    bare = chromium.new_context(java_script_enabled=False)
    page = bare.new_page()
    page.goto((folder / INDEX).as_uri())
    expect(page.get_by_text("There are currently no Safeguarding Adult Reviews published")).to_be_visible()
    bare.close()


def test_it_is_read_by_keyboard_and_prints(chromium: Browser, folder: Path) -> None:
    """The first Tab leads past the head; from the list to a review and to the archive; in print the address is said."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    page = context.new_page()
    page.goto((folder / INDEX).as_uri())
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Child A, published 14 September 2026")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Child A: Child Safeguarding Practice Review")
    page.get_by_role("link", name="Archive of older reviews").press("Enter")
    page.wait_for_url(f"**/{ARCHIVE}")
    expect(page.get_by_role("link", name="Adult D, published 3 May 2022")).to_be_visible()
    page.goto((folder / "cspr-2026-000.html").as_uri())
    page.emulate_media(media="print")
    fits(page)
    shown = "getComputedStyle(document.querySelector('.read a'), '::after').content"
    assert "attr(href)" in page.evaluate(shown) or "https://" in page.evaluate(shown)
    assert page.pdf(format="A4").startswith(b"%PDF")
    context.close()
