"""The list of cards, the deadline board, and who is asked for any of it."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date, now
from safeguarding.stages import STEPS

pytestmark = [pytest.mark.prefect, pytest.mark.browser]

UNTOUCHED = "CSPR-2026-002"
"""A review of the demo that no other test moves on: its monitoring is overdue."""
AXE = (Path(__file__).parent / "axe-core-4.14.1" / "axe.min.js").read_text()
DUTIES = "/runs?tag=duty&state=Scheduled&type=span&seconds=63072000"
"""The list of the duties of the law that come next, as the demo prints it."""


def test_every_open_stage_has_exactly_one_card(manager, until) -> None:
    """The list of what waits is the list of open reviews, each named with its stage."""
    rows = manager.demo.records.list(open_only=True)
    stages = {row.reference: manager.demo.records.read(row.reference).stage_title for row in rows}
    wanted = sorted(f"{reference} · {stage}" for reference, stage in stages.items())
    looks: list[list[str]] = []

    def listed() -> bool:
        # A card that is drawn anew as one looks is in neither list of the page for a moment.
        looks.append(sorted(" · ".join(name.split(" · ")[:2]) for name in manager.waiting()))
        return looks[-1] == wanted

    until(listed, 20, f"these and no others wait: {wanted}")


def test_the_first_sweep_is_done(manager, until) -> None:
    """What was owed when the demo began has been told: the sweep at start-up ended well, and letters are caught."""
    wanted = {"deployments": {"name": {"any_": ["Sweep"]}}}

    def ended() -> list[str]:
        runs = manager.asks("/flow_runs/filter", **wanted)
        return [run["state_name"] for run in runs if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED")]

    assert "Completed" in until(ended, 30, "the sweep has ended")
    until(lambda: manager.demo.caught("mail/*.eml"), 40, "letters are caught")


def test_a_card_leads_straight_to_the_deadline_board(manager) -> None:
    """One press on the link of a card: the table, beside the form and not in its place, the standing in words."""
    card = manager.opens(UNTOUCHED)
    card.resume()
    with manager.page.expect_popup() as opened:
        card.dialog.get_by_role("link", name="Deadline board").click()
    board = opened.value
    board.get_by_placeholder("Search").fill(UNTOUCHED)
    others = board.locator("tbody tr").filter(has_not_text=UNTOUCHED)
    expect(others).to_have_count(0)

    rows = board.locator("tbody tr").all_inner_texts()
    assert any(re.search(r"OVERDUE by \d+ working days?", row) for row in rows)
    assert any("statutory guidance" in row for row in rows) and any("ourselves" in row for row in rows)
    leads = board.locator("tbody tr").first.get_by_role("link", name=UNTOUCHED)
    assert str(leads.get_attribute("href")).endswith(f"/reviews/{UNTOUCHED}")


def test_the_duties_of_the_law_are_coming_missed_and_met(manager, until) -> None:
    """
    Each stands in the list by its name and day. One whose day has passed is Missed: on the dashboard too, which says
    that something failed; when it is done after all it reads Met, and how late.
    """
    page, records, today = manager.page, manager.demo.records, london_date(now())
    runs = f"{manager.demo.url}/runs"
    page.goto(f"{manager.demo.url}{DUTIES}")
    listed = page.get_by_role("link", name=re.compile(r"^CSPR-2026-001 · Complete and publish the review · due \w{3} "))
    expect(listed).to_have_count(1)

    raw = answer("open_referral", None, today, received_on=today - timedelta(days=30))
    late = records.open(raw, signer(STEPS["open_referral"].by), now()).review.reference
    take(records, late, "assess_notification", today - timedelta(days=30))

    name = rf"^{late} · Notify the national Panel · due \w{{3}} \d+ \w{{3}} · "
    until(lambda: shows(page, f"{runs}?tag={late}", rf"{name}overdue by \d+ working days$"), 30, "it is missed")
    expect(page.get_by_text("Missed", exact=True).first).to_be_visible()
    page.goto(f"{manager.demo.url}/dashboard")
    expect(page.get_by_role("link", name="Timed duty")).to_be_visible()

    for step in ("decide_notification", "send_notification"):
        take(records, late, step, today)
    until(lambda: shows(page, f"{runs}?tag={late}", rf"{name}\d+ working days late$"), 30, "it is met")
    expect(page.get_by_text("Met", exact=True).first).to_be_visible()
    expect(page.get_by_text("Missed", exact=True)).to_have_count(0)


def take(records, reference: str, step: str, day: date) -> None:
    """A step taken at the command line."""
    records.attempt(reference, step, answer(step, records.read(reference), day), signer(STEPS[step].by), now())


def shows(page: Page, address: str, name: str) -> bool:
    """Whether the list at an address has a run of this name."""
    page.goto(address)
    page.get_by_text(re.compile(r"^\s*\d+ runs?\s*$")).first.wait_for()
    return page.get_by_role("link", name=re.compile(name)).count() == 1


NOT_REACHED = {
    "list": {"nested-interactive"},  # the filters' chosen tags, each with a button inside the button of its box
    "card": set(),
    "dialog": {"aria-allowed-attr"},  # the buttons of the steps say that they are selected, as only tabs may
}
"""What axe still finds on Prefect's own pages that style and names of ours cannot mend."""


def faults_of(page: Page) -> set[str]:
    """What axe finds; of the page's own policy only its script is let past, which a test may bring."""
    page.wait_for_timeout(500)  # names are given a tenth of a second after a thing is drawn
    page.evaluate(AXE)
    return {
        one["id"]
        for one in page.evaluate(
            "axe.run(document, {resultTypes: ['violations'], runOnly: {type: 'tag', "
            "values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}})"
        )["violations"]
    }


def test_prefects_own_pages_have_names_and_fit_a_phone(manager) -> None:
    """
    List, card and dialog: axe finds no more than cannot be reached, and that is said. At 390 px the dialog fits.

    The card's own page tells the story where it said «Waiting for logs», and what is overdue as a warning; its link
    leads to the review's page. Submit with nothing filled in: red words under the questions, and the card still waits.
    """
    page = manager.page
    manager.waiting()
    found = {"list": faults_of(page)}
    version = manager.demo.records.read(UNTOUCHED).version
    card = manager.opens(UNTOUCHED)
    lines = page.locator(".log-row")
    expect(lines.filter(has_text="1. Schools and early years referred on ")).to_have_count(1)
    warned = lines.filter(has_text="OVERDUE: Monitor the time taken and quality of the review (C10, ")
    expect(warned.get_by_text("Warning", exact=True)).to_have_count(1)
    own = lines.get_by_role("link", name=f"/reviews/{UNTOUCHED}")
    expect(own).to_have_count(1)
    assert "OVERDUE since" in card.name
    found["card"] = faults_of(page)
    card.resume()
    found["dialog"] = faults_of(page)
    assert NOT_REACHED == found

    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    page.locator(".flow-run-menu").get_by_role("button", name="More").click()
    page.get_by_text("Resume", exact=True).last.click()
    card.dialog.get_by_text("What happens now?", exact=True).wait_for()
    box = card.dialog.bounding_box()
    assert box is not None and 0 <= box["x"] and box["x"] + box["width"] <= 390
    assert 390 >= page.evaluate("document.documentElement.scrollWidth")
    card.dialog.get_by_role("button", name="Submit").click()

    expect(card.dialog.get_by_text("An answer is needed here.").first).to_be_visible()
    assert version == manager.demo.records.read(UNTOUCHED).version


def test_the_page_asks_nobody_outside_for_anything(manager, asked) -> None:
    """The first page, the list, a card, its dialog, the doors, the board: every request stays on this machine."""
    page, base = manager.page, manager.demo.url
    for place in ("/", "/runs", "/deployments", "/flows", "/artifacts/key/deadline-board", "/settings"):
        page.goto(f"{base}{place}")
        page.wait_for_load_state("networkidle")
    manager.opens(UNTOUCHED).resume()

    assert len(asked) > 50
    assert {"127.0.0.1", "data", "blob"} >= set(asked)
