"""
Rapid review (adults: screening): the facts are gathered from the agencies within the time allowed.

Begins when the partners hear of the incident; ends when the facts are complete and its report is sent.
"""

from typing import Any

from prefect import State, flow

from flows.cards import card


@flow(name="Rapid review", validate_parameters=False)
async def rapid_review(reference: str) -> State[Any]:
    """The card of this stage: it waits for the manager, who opens it and presses Resume."""
    return await card.card("rapid_review", reference)
