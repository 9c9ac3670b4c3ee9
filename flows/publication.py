"""
Publication: advance copies, what may and must be published, the register.

Begins when the report is accepted; ends when the report has been public as long as it must, or is not published.
"""

from typing import Any

from prefect import State, flow

from flows.cards import card


@flow(name="Publication", validate_parameters=False)
async def publication(reference: str) -> State[Any]:
    """The card of this stage: it waits for the manager, who opens it and presses Resume."""
    return await card.card("publication", reference)
