"""One review of each track through the cards of all seven stages, from the referral until it is closed."""

from datetime import timedelta
from typing import Any

import pytest
from driver.page import Manager

pytestmark = pytest.mark.prefect

Taken = tuple[str, int, dict[str, Any]]
"""A step, how many days ago its dates lie, and answers other than the example's."""

CHILD: tuple[Taken, ...] = (
    ("assess_notification", 120, {}),
    ("decide_notification", 118, {}),
    ("send_notification", 118, {}),
    ("open_rapid_review", 117, {}),
    ("conclude_rapid_review", 100, {}),
    ("decide_review", 99, {}),
    ("commission_review", 90, {}),
    ("begin_drafting", 60, {}),
    ("submit_draft", 50, {}),
    ("sign_report", 40, {"planned_on": -1}),
    ("send_report", 30, {}),
    ("publish", 0, {}),
    ("add_action", 0, {}),
    ("agree_action_plan", 0, {}),
    ("update_action", 0, {}),
    ("close_review", 0, {}),
)
"""A child is hurt; the report is published in full, once the advance copy has been with the Panel long enough."""

ADULT: tuple[Taken, ...] = (
    ("accept_referral", 90, {}),
    ("complete_screening", 80, {}),
    ("decide_adult_review", 70, {}),
    ("commission_adult_review", 60, {}),
    ("begin_drafting", 40, {}),
    ("submit_draft", 30, {}),
    ("accept_findings", 20, {}),
    ("decide_publication", 10, {}),
    ("add_action", 5, {}),
    ("agree_action_plan", 5, {}),
    ("update_action", 1, {}),
    ("close_review", 0, {}),
)
"""An adult died; the review is mandatory and its report is published."""

BESIDE_THE_CARD = {"send_report", "add_action", "update_action"}
"""Steps that have a form of their own."""

STAGES = ["referral", "rapid_review", "decision", "commissioning", "panel", "publication", "action_follow_up"]


@pytest.mark.parametrize(
    ("path", "opening"),
    [
        pytest.param(CHILD, {}, id="a child review"),
        pytest.param(
            ADULT,
            {
                "track": "adults",
                "agency": "hospital_trust",
                "concern": "death of an adult, abuse or neglect suspected",
            },
            id="an adult review",
        ),
    ],
)
def test_a_review_goes_from_card_to_card_until_it_is_closed(
    manager: Manager, path: tuple[Taken, ...], opening: dict[str, Any]
) -> None:
    """
    Everything is done on the page: after each step exactly one card waits, for the stage at which the review is, and
    its form is drawn from the review as it now stands.
    """
    began = manager.today - timedelta(days=path[0][1])
    reference = manager.referred(began, **opening)
    seen = [manager.card(reference)["idempotency_key"].split("/")[2]]

    for step, days_ago, changes in path:
        changes = {k: manager.today - timedelta(v) if isinstance(v, int) else v for k, v in changes.items()}
        day = manager.today - timedelta(days=days_ago)
        if step in BESIDE_THE_CARD:
            assert "Completed" == manager.fill_in(step, reference, day, **changes)["state"]["name"], step
        else:
            before = manager.read(reference)
            taken = manager.answer(reference, step, day, **changes)
            after = manager.read(reference)
            assert before.version + 1 == after.version, taken.words
            stayed = after.open and (before.stage, before.entry) == (after.stage, after.entry)
            assert taken.over is not stayed, step
        review = manager.read(reference)
        if review.open:
            card = manager.card(reference)
            assert f"card/{reference}/{review.stage.value}/{review.entry}/1" == card["idempotency_key"]
            assert f"__v{review.changed}__" in str(manager.asked(card))
            seen.append(review.stage.value)

    assert not manager.read(reference).open
    assert [] == manager.runs("card", reference)
    assert STAGES == list(dict.fromkeys(seen))
