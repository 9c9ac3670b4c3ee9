"""
Panel: meetings, agencies' reports, the family, the practitioners, drafts and sign-off.

Begins when the reviewer has begun; ends when the report is accepted.
"""

from typing import Any

from prefect import State, flow

from flows import cards


@flow(name="Panel", validate_parameters=False)
async def panel(reference: str) -> State[Any]:
    """The card of this stage: it waits for the manager, who opens it and presses Resume."""
    return await cards.card("panel", reference)
