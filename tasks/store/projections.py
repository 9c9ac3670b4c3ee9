"""
The tables for querying: what changed between two folds of a review, written beside the line that changed it.

A fold only adds to a review's duties; to its requests and actions it adds, changes one in its place, or takes the last
ones away where a step is taken back. So comparing them by position finds exactly what is new. Nothing here decides
anything; all of it can be made from the ledger again.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select

from safeguarding.law.rung import Rung
from safeguarding.review.events import Mark
from safeguarding.review.learnt import Action
from safeguarding.review.review import AgencyRequest, Duty, Review
from safeguarding.review.states import CLOSED_STATES
from tasks.store.statements import Adding, Asking, Changing
from tasks.store.tables import DUTY_KEY, actions, deadlines, register, requests, review_keys, reviews, rungs

Ladder = Callable[[str, date, date], Sequence[tuple[Rung, datetime]]]
"""The rungs of a duty, each with the moment it fires, soonest first: by its rule, the day it is counted from, its due
date."""

Fired = dict[tuple[Any, ...], set[str]]
"""The rungs that have fired, by the key of their duty: reference, rule, subject, occurrence, the line it began with."""

IN_REGISTER = ("decided", "notification_decided", "published", "repository_sent", "taken_down")
"""The marks whose days the register of decisions and publications holds."""

_MOVES = ("state", "stage", "open", "version", "changed", "entry", "stage_since", "head_hash", "chair", "reviewer")

_ADD_REVIEW = Adding(reviews)
_REMAKE_REVIEW = Adding(
    reviews,
    lambda adding: adding.on_conflict_do_update(
        index_elements=["reference"], set_={name: adding.excluded[name] for name in _MOVES}
    ),
)
_MOVE_REVIEW = Changing(reviews, _MOVES, ["reference"])
_REFUSED = Changing(reviews, ("version", "head_hash"), ["reference"])
_ADD_DEADLINE = Adding(deadlines)
_END_DEADLINE = Changing(deadlines, ("ended", "ended_on", "why", "next_rung_at"), DUTY_KEY)
_ADD_REQUEST = Adding(requests)
_MOVE_REQUEST = Changing(requests, ("asked_on", "acknowledged_on", "outcome", "answered_on"), ("reference", "number"))
_ADD_ACTION = Adding(actions)
_MOVE_ACTION = Changing(
    actions,
    [column.name for column in actions.columns if not column.primary_key],
    ("reference", "action"),
)
_IN_REGISTER = Adding(
    register,
    lambda adding: adding.on_conflict_do_update(
        index_elements=["reference"],
        set_={column.name: adding.excluded[column.name] for column in register.columns if not column.primary_key},
    ),
)
_OUT_OF_REGISTER = delete(register).where(register.c.reference == bindparam("reference"))

_SEEN = (
    select(reviews.c.version, reviews.c.head_hash, review_keys.c.wrapped)
    .join_from(reviews, review_keys, review_keys.c.reference == reviews.c.reference)
    .where(reviews.c.reference == bindparam("reference"))
)
SEEN = Asking(_SEEN)
"""The last line of a review's chain and its wrapped key, as they stand."""

LOCKED = Asking(_SEEN.with_for_update(of=[reviews, review_keys]))
"""
The same, held until the transaction ends. Whoever had to wait for it on PostgreSQL reads the rows that it locks
as they are by then, and a row of any other table joined here as it was before: so nothing else may be joined.
"""


def write(
    connection: Connection, before: Review | None, after: Review, head_hash: str, ladder: Ladder, fired: Fired
) -> None:
    """Write what one line changed; `before` is None for the line that opened the review. A fired rung stays fired."""
    row = {**_moving(after), "head_hash": head_hash}
    if before is None:
        _ADD_REVIEW.run(connection, [{**_standing(after), **row}])
    else:
        _MOVE_REVIEW.run(connection, [{"reference": after.reference, **row}])
    if before is None or after.duties is not before.duties:
        _write_duties(connection, after.reference, before.duties if before else (), after.duties, ladder, fired)
    if before is None or after.requests is not before.requests:
        _write_requests(connection, after.reference, before.requests if before else (), after.requests)
    if before is None or after.actions is not before.actions:
        _write_actions(connection, after.reference, before.actions if before else (), after.actions)
    _write_register(connection, before, after)


def write_refusal(connection: Connection, after: Review, head_hash: str) -> None:
    """Write a line that changed nothing but the review's version."""
    _REFUSED.run(connection, [{"reference": after.reference, "version": after.version, "head_hash": head_hash}])


def _standing(review: Review) -> dict[str, Any]:
    return {
        "reference": review.reference,
        "track": review.track.value,
        "pseudonym": review.pseudonym,
        "opened_at": review.opened_at,
        "entered_on": review.entered_on,
    }


def _moving(review: Review) -> dict[str, Any]:
    return {
        "state": review.state.value,
        "stage": review.stage.value,
        "open": review.open,
        "version": review.version,
        "changed": review.changed,
        "entry": review.entry,
        "stage_since": review.stage_since,
        "chair": review.chair,
        "reviewer": review.reviewer,
    }


def _write_duties(
    connection: Connection,
    reference: str,
    before: Sequence[Duty],
    after: Sequence[Duty],
    ladder: Ladder,
    fired: Fired,
) -> None:
    added = after[len(before) :]
    ended = [new for old, new in zip(before, after, strict=False) if new is not old and not new.running]
    if added:
        rows = [_deadline(reference, duty, ladder, fired.get(duty_key(reference, duty), ())) for duty in added]
        _ADD_DEADLINE.run(connection, rows)
    if ended:
        _END_DEADLINE.run(connection, [_deadline(reference, duty, ladder) for duty in ended])


def duty_key(reference: str, duty: Duty) -> tuple[Any, ...]:
    """The row of a duty: reference, rule, subject, occurrence, the line it began with."""
    return tuple(_key(reference, duty).values())


def _key(reference: str, duty: Duty) -> dict[str, Any]:
    return {
        "reference": reference,
        "rule": duty.rule,
        "subject": duty.subject,
        "occurrence": duty.occurrence,
        "started_at": duty.started_at,
    }


def _deadline(reference: str, duty: Duty, ladder: Ladder, fired: Collection[str] = ()) -> dict[str, Any]:
    counted_from = duty.counted_from
    return {
        **_key(reference, duty),
        "anchor": duty.anchor,
        "anchored_on": duty.anchored_on,
        "counted_from": None if counted_from == duty.anchored_on else counted_from,
        "due_on": duty.due_on,
        "edition": duty.edition,
        "calendar": duty.calendar,
        "ended": "suspended" if duty.suspended else duty.ended,
        "ended_on": duty.ended_on,
        "why": duty.why,
        "next_rung_at": next_rung(ladder(duty.rule, counted_from, duty.due_on), fired) if duty.running else None,
    }


def next_rung(rungs_of_duty: Sequence[tuple[Rung, datetime]], fired: Collection[str]) -> datetime | None:
    """When the first rung that has not fired yet fires; None if all have."""
    return next((moment for rung, moment in rungs_of_duty if rung.id not in fired), None)


def _write_requests(
    connection: Connection, reference: str, before: Sequence[AgencyRequest], after: Sequence[AgencyRequest]
) -> None:
    rows = [_request(reference, number, request) for number, request in enumerate(after, start=1)]
    moved = [row for row, old, new in zip(rows, before, after, strict=False) if new != old]
    if len(after) < len(before):  # The step that asked was taken back.
        gone = (requests.c.reference == reference, requests.c.number > len(after))
        connection.execute(delete(requests).where(*gone))
    if added := rows[len(before) :]:
        _ADD_REQUEST.run(connection, added)
    if moved:
        _MOVE_REQUEST.run(connection, moved)


def _request(reference: str, number: int, request: AgencyRequest) -> dict[str, Any]:
    return {
        "reference": reference,
        "number": number,
        "agency": request.agency,
        "purpose": request.purpose,
        "asked_on": request.asked_on,
        "acknowledged_on": request.acknowledged_on,
        "outcome": request.outcome,
        "answered_on": request.on,
    }


def _write_actions(connection: Connection, reference: str, before: Sequence[Action], after: Sequence[Action]) -> None:
    moved = [new for old, new in zip(before, after, strict=False) if new != old]
    if gone := [action.id for action in before[len(after) :]]:  # The step that added them was taken back.
        connection.execute(delete(actions).where(actions.c.reference == reference, actions.c.action.in_(gone)))
    if added := after[len(before) :]:
        _ADD_ACTION.run(connection, [_action(reference, action) for action in added])
    if moved:
        _MOVE_ACTION.run(connection, [_action(reference, action) for action in moved])


def _action(reference: str, action: Action) -> dict[str, Any]:
    return {
        **{name: getattr(action, name) for name in _OF_AN_ACTION},
        **{name: ",".join(getattr(action, name)) for name in SEVERAL_OF_AN_ACTION},
        "reference": reference,
        "action": action.id,
    }


SEVERAL_OF_AN_ACTION = ("themes", "blocked_by", "submitted_by")
"""The columns of an action that hold several ids, divided by a comma."""
_OF_AN_ACTION = tuple(
    str(column.name) for column in actions.columns if column.name not in ("reference", "action", *SEVERAL_OF_AN_ACTION)
)


def _write_register(connection: Connection, before: Review | None, after: Review) -> None:
    if before and before.state is after.state and _registered(before) == _registered(after):
        return
    old = None if before is None else register_row(before)
    new = register_row(after)
    if new == old:
        return
    if new is None:
        connection.execute(_OUT_OF_REGISTER, {"reference": after.reference})
    else:
        _IN_REGISTER.run(connection, [new])


def _registered(review: Review) -> list[Mark]:
    return [mark for mark in review.marks if mark.name in IN_REGISTER]


def register_row(review: Review) -> dict[str, Any] | None:
    """The review's row in the register of decisions and publications, once there is anything to register."""
    days = {mark.name: mark.on for mark in review.marks if mark.name in IN_REGISTER}
    closed = review.state in CLOSED_STATES
    if not days and not closed:
        return None
    return {
        "reference": review.reference,
        "track": review.track.value,
        "pseudonym": review.pseudonym,
        "outcome": review.state.value,
        "decided_on": days.get("decided", days.get("notification_decided")),
        "published_on": days.get("published"),
        "repository_on": days.get("repository_sent"),
        "taken_down_on": days.get("taken_down"),
        "closed_at": review.stage_since if closed else None,
    }


# --------------------------------------------------------------------------- making it all again


def clear(connection: Connection) -> None:
    """Empty every projection but `reviews`, whose rows others may be waiting to lock."""
    for table in (deadlines, requests, actions, register):
        connection.execute(delete(table))


def rungs_fired(connection: Connection, references: Select[tuple[str]] | None = None) -> Fired:
    """The rungs that have fired, of all reviews or of those that a query finds."""
    found: Fired = defaultdict(set)
    query = select(*(rungs.c[name] for name in DUTY_KEY), rungs.c.rung)
    if references is not None:
        query = query.where(rungs.c.reference.in_(references))
    for *key, rung in connection.execute(query):
        found[tuple(key)].add(rung)
    return found


def rows_of(review: Review, head_hash: str, ladder: Ladder, fired: Fired) -> dict[str, list[dict[str, Any]]]:
    """Every row that a review, folded from its whole ledger, has in the tables for querying, by table."""
    dates = []
    for duty in review.duties:
        mine = fired.get(duty_key(review.reference, duty), ())
        dates.append(_deadline(review.reference, duty, ladder, mine))
    registered = register_row(review)
    return {
        reviews.name: [{**_standing(review), **_moving(review), "head_hash": head_hash}],
        deadlines.name: dates,
        requests.name: [_request(review.reference, number, one) for number, one in enumerate(review.requests, start=1)],
        actions.name: [_action(review.reference, action) for action in review.actions],
        register.name: [registered] if registered is not None else [],
    }


def remake(connection: Connection, review: Review, head_hash: str, ladder: Ladder, fired: Fired) -> None:
    """Write a review that was folded from its whole ledger. A rung that has fired does not fire again."""
    rows = rows_of(review, head_hash, ladder, fired)
    for adding in (_REMAKE_REVIEW, _ADD_DEADLINE, _ADD_REQUEST, _ADD_ACTION, _IN_REGISTER):
        adding.run(connection, rows[adding.table.name])


def forget_all_but(connection: Connection, references: Iterable[str]) -> None:
    """Remove reviews that the ledger does not hold."""
    kept = set(references)
    gone = [name for (name,) in connection.execute(select(reviews.c.reference)) if name not in kept]
    if gone:
        connection.execute(delete(reviews).where(reviews.c.reference.in_(gone)))
