"""An adult review at its decision, in the page: section 44 leaves no choice, and says so."""

from datetime import UTC, datetime

import pytest

from flows.demo.answers import answer
from safeguarding.dates.counting import due
from safeguarding.dates.london import london_date
from safeguarding.stages import STEPS

pytestmark = [pytest.mark.prefect, pytest.mark.browser]

REFERENCE = "SAR-2026-003"
TYPED = "Bilby-5520 was not heard"


def test_a_mandatory_adult_review_cannot_be_declined(manager, until) -> None:
    """
    Every limb of s.44(1) is met and the form says «not met»: refused in the dialog, with the section. Only the outcome
    is then answered otherwise, and the same form goes through.

    Called what it is, the review is commissioned, with the aim of six months in the card's name.
    """
    demo = manager.demo
    today = london_date(datetime.now(UTC))
    review = demo.records.read(REFERENCE)
    form = STEPS["decide_adult_review"].form
    letters = len(demo.letters(REFERENCE))

    card = manager.opens(REFERENCE)
    card.resume()
    asked = card.choose("Decide on the review")
    asked.answer(form, answer("decide_adult_review", review, today, outcome="not met", rationale=TYPED))
    asked.fill({"Signed by": "glenn_sample"})
    assert "the review is mandatory and cannot be declined; only the method is open" in card.is_refused()
    assert review == demo.records.read(REFERENCE), "trying a form on records nothing"

    good = answer("decide_adult_review", review, today)
    asked.answer(form, {name: good[name] for name in ("outcome", "method")})
    card.submit()
    card.comes_to("Completed")

    rulebook = demo.records.rulebook
    six_months = due(today, rulebook.rule("A02").counts, rulebook.calendar)
    assert (
        f"{REFERENCE} · Commissioning · due {six_months:%a} {six_months.day} {six_months:%b %Y}"
        == manager.sees_next(REFERENCE, "Commissioning")
    )
    until(lambda: len(demo.letters(REFERENCE)) > letters, 40, "the letters about the decision are caught")
    assert [] == demo.columns_with(TYPED)
