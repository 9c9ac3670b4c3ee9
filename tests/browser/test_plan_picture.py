"""The plan of a review, one press from its card: the picture is really drawn, and the table says the same."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.prefect, pytest.mark.browser]

UNTOUCHED = "CSPR-2026-002"
"""A review of the demo that no other test moves on: its monitoring is overdue."""


def test_a_card_leads_straight_to_the_plan_of_its_review(manager, until) -> None:
    """The picture has its full size and is scaled to the page; what is overdue is a word in the table below."""

    def shown() -> str:
        return str(manager.asks(f"/artifacts/plan-{UNTOUCHED.lower()}/latest"))

    until(lambda: "Do it by" in shown(), 60, "the first sweep has drawn the plans")
    card = manager.opens(UNTOUCHED)
    card.resume()
    with manager.page.expect_popup() as opened:
        card.dialog.get_by_role("link", name="Plan, as a picture").click()
    plan = opened.value

    picture = plan.get_by_role("img", name=re.compile(f"^The plan of {UNTOUCHED} as a picture"))
    expect(picture).to_be_visible()
    drawn, seen = picture.evaluate("image => [image.naturalWidth, image.clientWidth]")
    assert drawn > 1300 and seen > 600
    assert picture.get_attribute("src").startswith("data:image/svg+xml;base64,")
    expect(plan.locator("td", has_text="OVERDUE").first).to_be_visible()
    expect(plan.get_by_role("cell", name="Complete and publish the review (C12)").first).to_be_visible()
