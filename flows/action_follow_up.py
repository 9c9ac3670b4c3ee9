"""
Action follow-up: actions, evidence, verification, impact and closure.

Begins when the plan is owed; ends when every action is verified and the review is closed.
"""

from typing import Any

from prefect import State, flow

from flows.cards import card


@flow(name="Action follow up", validate_parameters=False)
async def action_follow_up(reference: str) -> State[Any]:
    """The card of this stage: it waits for the manager, who opens it and presses Resume."""
    return await card.card("action_follow_up", reference)
