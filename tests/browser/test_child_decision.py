"""A child review at its decision, in the page: refused with reasons, then taken, then the next stage's card."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from flows.demo.answers import answer
from flows.demo.invented import not_known
from safeguarding.dates.counting import due
from safeguarding.dates.london import london_date
from safeguarding.stages import STEPS

pytestmark = [pytest.mark.prefect, pytest.mark.browser]

REFERENCE = "CSPR-2026-006"
TYPED = "Quokka-7319 was seen by nobody"
UNKNOWN = "not known is not «no»: ask about any criterion before deciding against a review"
REFUSED = "Numbat-2846 was not asked"
ERASED_WITHIN = 60.0
"""Seconds. Prefect's database is overwritten where an answer stood, and its log folded away soon after."""


def test_a_child_decision_is_refused_with_reasons_and_then_taken(manager, until) -> None:
    """
    The partners want no review while one factor of regulation 11 is not known: the same card says why not, with all
    that was typed still there.

    Asked again they decide for a local review: the card completes, commissioning waits with the six months in its
    name, everybody owed has heard, and nothing that was typed is left anywhere outside the sealed record.
    """
    demo = manager.demo
    today = london_date(datetime.now(UTC))
    review = demo.records.read(REFERENCE)
    form = STEPS["decide_review"].form
    letters = len(demo.letters(REFERENCE))

    card = manager.opens(REFERENCE)
    words = card.resume()
    assert card.name.startswith(f"{REFERENCE} · Decision · due ")
    assert "Rapid review to the national Panel (C05)" in words
    assert "What happens now: Decide on the review or Withdraw the notification?" in words

    early = {
        "recurrent_themes": not_known(f"{REFUSED}: the police file is awaited."),
        "improvements": answer("decide_review", review, today)["recurrent_themes"],
        "joint_working": answer("decide_review", review, today)["recurrent_themes"],
        "outcome": "no local review: learning captured",
        "rationale": REFUSED,
    }
    asked = card.choose("Decide on the review")
    asked.answer(form, answer("decide_review", review, today, **early))
    asked.fill({"Signed by": "glenn_sample"})
    assert UNKNOWN in card.is_refused()
    assert REFUSED == asked.question(form.model_fields["rationale"].title).locator("textarea").input_value()
    assert UNKNOWN in card.is_refused()
    assert review == demo.records.read(REFERENCE), "trying a form on records nothing"

    asked.answer(form, answer("decide_review", review, today, rationale=TYPED))
    asked.fill({"Signed by": "glenn_sample"})
    card.submit()
    card.comes_to("Completed")
    over = manager.page.locator(".page-heading-flow-run")
    expect(over).to_contain_text(f"{REFERENCE} · Decision · over: Partners decided: local review")
    lines = manager.page.locator(".log-row")
    expect(lines.filter(has_text="Next: Commissioning.")).to_have_count(1)
    expect(lines.last.get_by_role("link", name=f"/reviews/{REFERENCE}")).to_have_count(1)

    rulebook = demo.records.rulebook
    six_months = due(today, rulebook.rule("C12").counts, rulebook.calendar)
    assert (
        f"{REFERENCE} · Commissioning · due {six_months:%a} {six_months.day} {six_months:%b %Y}"
        == manager.sees_next(REFERENCE, "Commissioning")
    )
    until(lambda: len(demo.letters(REFERENCE)) > letters, 40, "the letters about the decision are caught")
    for typed in (TYPED, REFUSED):
        assert [] == demo.columns_with(typed)
        until(lambda typed=typed: not demo.files_with(typed), ERASED_WITHIN, "no file holds what was typed")
