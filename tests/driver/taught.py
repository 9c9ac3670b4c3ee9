"""A published review whose learning is on record, with words planted wherever people type what stays sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, get_args

from driver.canary import CANARY
from driver.whole_review import CHILD
from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date
from safeguarding.review.events import Actor
from safeguarding.review.forms import Form, is_sealed
from safeguarding.stages import STEPS
from tasks.record.records import Records

LEARNT = ("record_lesson", "record_finding", "record_recommendation", "decide_recommendation", "add_action")
BY_ANOTHER = Actor(person="glenn_sample")
"""Who approves what the unit wrote."""


def sealed_planted(form: type[Form], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The same answers with the canary in every sealed one, also of the forms inside."""
    return {name: _planted(form, name, value) for name, value in answers.items()}


def _planted(form: type[Form], name: str, value: Any) -> Any:
    field = form.model_fields.get(name)
    if isinstance(value, str) and value and field is not None and is_sealed(form, name):
        return f"{CANARY}: {value}"
    inner = next(_forms(field.annotation), None) if field is not None else None
    if inner is None:
        return value
    if isinstance(value, Mapping):
        return sealed_planted(inner, value)
    return [sealed_planted(inner, one) for one in value] if isinstance(value, list | tuple) else value


def _forms(annotation: Any) -> Iterator[type[Form]]:
    if isinstance(annotation, type) and issubclass(annotation, Form):
        yield annotation
    for part in get_args(annotation):
        yield from _forms(part)


def take(records: Records, reference: str | None, step: str, moment: datetime, **changes: Any) -> str:
    """Take one step with the demo's answers and these, the canary in whatever is sealed; the reference."""
    review, today = records.read(reference) if reference else None, london_date(moment)
    raw = answer(step, review, today, **changes)
    raw = raw if step == "write_wording" else sealed_planted(STEPS[step].form, raw)
    actor = BY_ANOTHER if step == "approve_wordings" else signer(STEPS[step].by)
    if reference is None:
        return records.open(raw, actor, moment).review.reference
    records.attempt(reference, step, raw, actor, moment)
    return reference


def child_review(records: Records, moment: datetime, last: str = "publish") -> tuple[str, datetime]:
    """A child review up to this step, with a lesson, a finding, a recommendation and an action; and when that was."""
    reference = None
    for form in CHILD:
        moment += timedelta(days=form.days)
        if form.step in ("record_return", "add_action_plan"):
            continue
        if form.step == "update_action":
            for action in records.read(str(reference)).actions:
                take(records, reference, form.step, moment, action=action.id)
            continue
        reference = take(records, reference, form.step, moment)
        if form.step == "commission_review":
            for step in LEARNT:
                given = {"recommendation": "R01"} if step == "add_action" else {}
                take(records, reference, step, moment, **given)
        if form.step == last:
            break
    assert reference is not None
    return reference, moment


def share(records: Records, reference: str, moment: datetime, *, approved: bool = True, **wordings: str) -> None:
    """Write a wording of each of these items (`L01="..."`), and have another approve them."""
    for item, words in wordings.items():
        take(records, reference, "write_wording", moment, item=item, wording=words)
        number = records.read(reference).wordings[-1].id
        if approved:
            take(records, reference, "approve_wordings", moment, wordings=[number], approved_on=london_date(moment))
