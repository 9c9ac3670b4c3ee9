"""
Decision: the three statutory partners decide together whether and what to review.

Begins when the facts are complete; ends when the decision is made.
"""

from typing import Any

from prefect import State, flow

from flows.cards import card


@flow(name="Decision", validate_parameters=False)
async def decision(reference: str) -> State[Any]:
    """The card of this stage: it waits for the manager, who opens it and presses Resume."""
    return await card.card("decision", reference)
