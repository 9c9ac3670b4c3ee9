"""
Commissioning: terms of reference, a reviewer, the notices that are owed.

Begins when a review is decided on; ends when the reviewer has begun.
"""

from typing import Any

from prefect import State, flow

from flows.cards import card


@flow(name="Commissioning", validate_parameters=False)
async def commissioning(reference: str) -> State[Any]:
    """The card of this stage: it waits for the manager, who opens it and presses Resume."""
    return await card.card("commissioning", reference)
