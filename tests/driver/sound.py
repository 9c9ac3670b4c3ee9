"""What is looked for on every page in a real browser: no fault for axe, and nothing cut off to the side."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parents[1] / "browser" / "axe-core-4.14.1" / "axe.min.js").read_text()


def is_sound(page: Page) -> None:
    """Nothing for axe to find, nothing cut off to the side, nothing that the page's own policy had to stop."""
    fits(page)
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    faults = [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found["violations"]]
    assert [] == faults, page.url


def fits(page: Page) -> None:
    """Nothing is cut off to the side."""
    widest = page.evaluate("document.documentElement.scrollWidth")
    assert page.viewport_size is not None
    assert widest <= page.viewport_size["width"], f"{page.url} is {widest} wide"
