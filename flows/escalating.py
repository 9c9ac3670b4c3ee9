"""
What the sweep told people, as Prefect shows it: a task run for each duty by its name, and an event on its review.

At most thirty task runs a sweep: after a week off one more says how many there were. References and roles only.
"""

from __future__ import annotations

from collections.abc import Sequence

from prefect import task
from prefect.events import emit_event

from safeguarding.errors import LawNotFound
from safeguarding.ladder import rung_called
from safeguarding.notice import subject_words
from safeguarding.rulebook import ROLES, Rulebook
from tasks.climbing import Told

SHOWN = 30
"""Task runs. Prefect writes several rows and three events for each."""

EVENTS = 200
"""Events a sweep puts on the resources of reviews."""


@task(name="tell", task_run_name="{words}")
async def tell(words: str, told: Told | None = None) -> None:
    """One duty of which people were told; its event is on the review's resource."""
    if told is not None:
        announce(told)


async def show(told: Sequence[Told], rulebook: Rulebook) -> None:
    """Show what a sweep told people, the overdue first."""
    heard = sorted((one for one in told if one.people), key=lambda one: not late(one))
    for one in heard[:SHOWN]:
        await tell(words(one, rulebook), one)
    if len(heard) > SHOWN:
        await tell(f"and {len(heard) - SHOWN} more: the deadline board shows how each stands")
    for one in heard[SHOWN:EVENTS]:
        announce(one)


def late(told: Told) -> bool:
    """Whether the duty's day has passed."""
    return told.standing.startswith(("overdue", "past the aim"))


def words(told: Told, rulebook: Rulebook) -> str:
    """`escalate CSPR-2026-003 Rapid review to the national Panel: overdue by 3 working days → agency director`."""
    verb = "escalate" if late(told) else "remind"
    return f"{verb} {told.reference} {_owed(told, rulebook)}: {told.standing} → {_to(told, rulebook)}"


def _owed(told: Told, rulebook: Rulebook) -> str:
    try:
        title = rulebook.rule(told.rule).title
    except LawNotFound:
        title = told.rule
    return f"{title} ({subject_words(told.subject, rulebook.partnership)})" if told.subject else title


def _to(told: Told, rulebook: Rulebook) -> str:
    try:
        rule = rulebook.rule(told.rule)
        rung = rung_called(told.rung, rule, rulebook.partnership)
    except LawNotFound:
        rung = None
    if rung is None:
        return ROLES["business_manager"]
    roles = [rule.owner if role == "owner" else role for role in rung.to]
    return ", ".join(dict.fromkeys(ROLES.get(role, role) for role in roles))


def announce(told: Told) -> None:
    """One event in Prefect's feed: which review, which duty, how it stands, which rung of its ladder."""
    emit_event(
        event="safeguarding.duty.escalated" if late(told) else "safeguarding.duty.reminded",
        resource={
            "prefect.resource.id": f"safeguarding.review.{told.reference}",
            "prefect.resource.name": told.reference,
        },
        payload={"rule": told.rule, "subject": told.subject, "standing": told.standing, "rung": told.rung},
    )
