"""What a form takes from an earlier step is said to be taken from it, until somebody has said otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from driver.filling import Filler, boxes_of

from flows.demo.answers import answer, signer
from flows.demo.invented import no, not_known, yes
from safeguarding.stages import STEPS
from tasks.record.installation import Installation

TODAY, NOW = date(2026, 11, 30), datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
TAKEN = "Taken from the assessment before, «The child: serious harm»: change it if you find otherwise."
Somebody = Callable[[str], Filler]


@pytest.fixture
def assessed(installation: Installation) -> str:
    """A review whose assessment said «serious harm» of a child under 18."""
    records = installation.records
    opened = records.open(answer("open_referral", None, TODAY), signer(STEPS["open_referral"].by), NOW)
    take(installation, opened.review.reference, "assess_notification", incident="serious harm")
    return opened.review.reference


def take(installation: Installation, reference: str, step: str, **said: object) -> None:
    """Take a step with the example's answers and these."""
    raw = answer(step, installation.records.read(reference), TODAY, **said)
    installation.records.attempt(reference, step, raw, signer(STEPS[step].by), NOW)


def chosen(partner: Filler, question: str) -> list[str]:
    """What is chosen of a criterion of the decision whether to notify."""
    return boxes_of(partner.visitor.page.text).values.get(f"{question}-answer", [])


def test_serious_harm_is_said_to_be_taken_from_the_assessment(
    installation: Installation, somebody: Somebody, assessed: str
) -> None:
    """Chosen, with what it is taken from beside it; it can be changed, and then it is nobody's but the decider's."""
    partner = somebody("glenn_sample")
    partner.open(f"/reviews/{assessed}/do/decide_notification")
    assert ["yes"] == chosen(partner, "seriously_harmed")
    assert 1 == partner.visitor.words.count(TAKEN)
    partner.fill({"seriously_harmed": {"answer": "no"}}, "later")
    partner.open(f"/reviews/{assessed}/do/decide_notification")
    assert (["no"], 0) == (chosen(partner, "seriously_harmed"), partner.visitor.words.count(TAKEN))


def test_what_a_decision_found_otherwise_is_not_taken_from_the_assessment(
    installation: Installation, somebody: Somebody, assessed: str
) -> None:
    """Decided once: not harmed, and the place not known. Decided again, harm is asked and stands nowhere beforehand."""
    unknown = {"in_this_area": not_known(), "abuse_or_neglect": not_known()}
    take(
        installation,
        assessed,
        "decide_notification",
        died=not_known(),
        seriously_harmed=no(),
        under_18=yes(),
        **unknown,
    )
    partner = somebody("glenn_sample")
    partner.open(f"/reviews/{assessed}/do/decide_notification")
    assert ([], 0) == (chosen(partner, "seriously_harmed"), partner.visitor.words.count(TAKEN))
    assert ["yes"] == chosen(partner, "under_18")
