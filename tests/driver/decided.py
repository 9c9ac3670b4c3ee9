"""A record whose one review was decided with a dissent, taken by the steps themselves."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from driver.canary import CANARY
from flows.demo.answers import answer, signer
from flows.demo.invented import police_dissent_by_deputy
from safeguarding.dates.london import london_date, now
from safeguarding.stages import STEPS
from tasks.record import heads
from tasks.record.installation import Installation
from tasks.store.tables import notices

STEPS_TAKEN = (
    "assess_notification",
    "decide_notification",
    "send_notification",
    "open_rapid_review",
    "conclude_rapid_review",
)


def typed(answers: Any) -> Any:
    """The same answers with the canary in each text of several words, which nobody chose from a list."""
    if isinstance(answers, dict):
        free = ("reasons", "rationale", "summary")
        return {
            name: f"{CANARY}: {value}" if name in free and isinstance(value, str) and value else typed(value)
            for name, value in answers.items()
        }
    return [typed(one) for one in answers] if isinstance(answers, list) else answers


def decided_with_a_dissent(made: Installation, home: Path) -> str:
    """The reference of a review that was decided with a dissent; letters of it arrived, one did not."""
    moment = now() - timedelta(minutes=5)
    today = london_date(moment)

    def take(reference: str | None, step: str, **changes: Any) -> str:
        review = made.records.read(reference) if reference else None
        raw = typed({**answer(step, review, today), **changes})
        actor = signer(STEPS[step].by)
        if reference is None:
            return made.records.open(raw, actor, moment).review.reference
        return made.records.attempt(reference, step, raw, actor, moment).review.reference

    reference = take(None, "open_referral")
    for step in STEPS_TAKEN:
        take(reference, step)
    said = made.records.with_keys(lambda connection, keys: heads.taken(connection, keys, now()))
    assert said is not None
    heads.write(heads.keep(home, {"at": now().isoformat()}), said)
    take(reference, "decide_review", positions=police_dissent_by_deputy())
    with made.records.engine.begin() as connection:
        connection.execute(update(notices).values(status="delivered", delivered_at=moment, attempts=1))
        lost = {"status": "failed", "reason": "no such mailbox", "delivered_at": None}
        connection.execute(update(notices).where(notices.c.id == 1).values(**lost))
    return reference
