"""
Referral: somebody has told the partnership of a case; is it notified, accepted or returned?

Begins when a referral is received; ends when it is notified, screened or returned.
"""

from typing import Any

from prefect import State, flow

from flows.cards import card


@flow(name="Referral", validate_parameters=False)
async def referral(reference: str) -> State[Any]:
    """The card of this stage: it waits for the manager, who opens it and presses Resume."""
    return await card.card("referral", reference)
