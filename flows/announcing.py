"""
One event in Prefect's feed for each step, with the review as its resource: what happened, never why.
"""

from __future__ import annotations

from prefect.events import emit_event


def announce(reference: str, stage: str, step: str, outcome: str) -> None:
    """Say that this step of this review was taken or refused."""
    emit_event(
        event=f"safeguarding.step.{outcome}",
        resource={"prefect.resource.id": f"safeguarding.review.{reference}", "prefect.resource.name": reference},
        payload={"stage": stage, "step": step},
    )
