"""
What happened, as Prefect shows it: an event on the resource of a review for each step, and for each duty that was told.

Of what a sweep told at most thirty are shown; after a week off one more says how many there were. References and roles
only: what happened, never why.
"""

from __future__ import annotations

from collections.abc import Sequence

from prefect.events import emit_event

from safeguarding.errors import LawNotFound
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.ladder import rung_called
from safeguarding.review.words import subject_words
from tasks.record.claim_rungs import RungTold

SHOWN = 30
"""Task runs. Prefect writes several rows and three events for each."""

EVENTS = 200
"""Events a sweep puts on the resources of reviews."""


def to_show(told: Sequence[RungTold]) -> tuple[Sequence[RungTold], Sequence[RungTold]]:
    """Of what people were told, the overdue first: what is shown as a task run each, and what besides."""
    heard = sorted((one for one in told if one.people), key=lambda one: not late(one))
    return heard[:SHOWN], heard[SHOWN:]


def late(told: RungTold) -> bool:
    """Whether the duty's day has passed."""
    return told.standing.startswith(("overdue", "past the aim"))


def words(told: RungTold, rulebook: Rulebook) -> str:
    """`escalate CSPR-2026-003 Rapid review to the national Panel: overdue by 3 working days → agency director`."""
    verb = "escalate" if late(told) else "remind"
    return f"{verb} {told.reference} {_owed(told, rulebook)}: {told.standing} → {_to(told, rulebook)}"


def _owed(told: RungTold, rulebook: Rulebook) -> str:
    try:
        title = rulebook.rule(told.rule).title
    except LawNotFound:
        title = told.rule
    return f"{title} ({subject_words(told.subject, rulebook.partnership)})" if told.subject else title


def _to(told: RungTold, rulebook: Rulebook) -> str:
    try:
        rule = rulebook.rule(told.rule)
        rung = rung_called(told.rung, rule, rulebook.partnership)
    except LawNotFound:
        rung = None
    if rung is None:
        return ROLES["business_manager"]
    roles = [rule.owner if role == "owner" else role for role in rung.to]
    return ", ".join(dict.fromkeys(ROLES.get(role, role) for role in roles))


def announce_duty(told: RungTold) -> None:
    """One event in Prefect's feed: which review, which duty, how it stands, which rung of its ladder."""
    emit_event(
        event="safeguarding.duty.escalated" if late(told) else "safeguarding.duty.reminded",
        resource={
            "prefect.resource.id": f"safeguarding.review.{told.reference}",
            "prefect.resource.name": told.reference,
        },
        payload={"rule": told.rule, "subject": told.subject, "standing": told.standing, "rung": told.rung},
    )


def announce_step(reference: str, stage: str, step: str, outcome: str) -> None:
    """Say that this step of this review was taken or refused."""
    emit_event(
        event=f"safeguarding.step.{outcome}",
        resource={"prefect.resource.id": f"safeguarding.review.{reference}", "prefect.resource.name": reference},
        payload={"stage": stage, "step": step},
    )
