"""The doors beside the cards, in the page: a referral is opened, an agency's return recorded."""

import re
from datetime import UTC, datetime

import pytest

from flows.demo.answers import answer
from safeguarding.dates.london import london_date
from safeguarding.stages import STEPS

pytestmark = [pytest.mark.prefect, pytest.mark.browser]

TYPED = "Potoroo-4471 was hurt at home"


def test_a_referral_opened_in_the_page_is_a_new_card(manager, until) -> None:
    """Open a referral, press Run, fill the form: the next reference waits at its referral, its summary nowhere."""
    demo = manager.demo
    before = {row.reference for row in demo.records.list()}
    today = london_date(datetime.now(UTC))

    form = manager.runs("Open a referral")
    form.answer(STEPS["open_referral"].form, answer("open_referral", None, today, summary=TYPED))
    form.fill({"Signed by": "alex_example"})
    assert "Completed: Recorded in CSPR-" in manager.submits()

    (reference,) = {row.reference for row in demo.records.list()} - before
    assert re.fullmatch(rf"CSPR-{today.year}-\d{{3}}", reference)
    assert manager.sees_next(reference, "Referral").startswith(f"{reference} · Referral")
    until(lambda: demo.letters(reference), 40, "the letters about the referral are caught")
    assert [] == demo.columns_with(TYPED)
    until(lambda: not demo.files_with(TYPED), 60, "no file holds what was typed")


def test_a_nil_return_is_taken_off_the_card(manager) -> None:
    """Two agencies are late with their summaries; the police know nothing, and say so: one agency is left."""
    reference = "CSPR-2026-007"
    card = manager.opens(reference)
    assert "In the way: no return yet from Schools and early years, Exampleshire Police" in card.resume()

    form = manager.runs("Record a return")
    form.fill(
        {
            "Review": reference,
            "Agency": "police",
            "For": "information",
            "What came": "nil return",
            "On": london_date(datetime.now(UTC)),
            "Signed by": "alex_example",
        }
    )
    assert f"Completed: Recorded in {reference}." == manager.submits()
    runs = manager.asks("/flow_runs/filter", flow_runs={"tags": {"all_": ["form", reference]}})
    said = rf"{reference} · Exampleshire Police has nothing to say on what it knows on \w{{3}} \d+ \w{{3}} \d{{4}}"
    assert re.fullmatch(said, runs[0]["name"]), "a run is named by what it recorded"

    words = manager.opens(reference).resume()
    assert "In the way: no return yet from Schools and early years." in words
    assert "Exampleshire Police" not in words


def test_several_agencies_are_asked_in_one_form(manager) -> None:
    """A list of agencies is chosen from one box; each of them then stands in the way, by name, on the card."""
    reference = "CSPR-2026-005"
    form = manager.runs("Ask agencies")
    form.fill(
        {
            "Review": reference,
            "For": "report",
            "Agencies": ["housing", "probation_service"],
            "Asked on": london_date(datetime.now(UTC)),
            "Signed by": "alex_example",
        }
    )
    assert f"Completed: Recorded in {reference}." == manager.submits()
    words = manager.opens(reference).resume()
    assert "In the way: no return yet from Housing, Probation service." in words


def test_a_form_about_no_review_says_so(manager) -> None:
    """A reference that the record does not hold: the form says so, keeps what was typed, and nothing of it is sent."""
    form = manager.runs("Record a return")
    form.fill(
        {
            "Review": "CSPR-2019-404",
            "Agency": "police",
            "For": "information",
            "What came": "returned",
            "On": london_date(datetime.now(UTC)),
            "Note": TYPED,
            "Signed by": "alex_example",
        }
    )
    assert "No review has the reference CSPR-2019-404" in manager.is_refused()
    assert TYPED == form.question("Note").locator("textarea").input_value()
    assert [] == manager.demo.columns_with(TYPED)
