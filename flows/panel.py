"""
Panel: meetings, agencies' reports, the family, the practitioners, drafts and sign-off.

Begins when the reviewer has begun; ends when the report is accepted.
"""

from typing import Any

from prefect import State, flow

from flows.cards import card


@flow(name="Panel", validate_parameters=False)
async def panel(reference: str) -> State[Any]:
    """The card of this stage: it waits for the manager, who opens it and presses Resume."""
    return await card.card("panel", reference)
