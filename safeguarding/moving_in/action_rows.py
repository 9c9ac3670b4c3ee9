"""
The workbook of open actions: what it says of each, what may be filled in, and the steps that its rows come to.

What is filled in is judged whole before anything is recorded: everything wrong is named by its row and column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from safeguarding import lifecycle
from safeguarding.errors import TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.moving_in.sheets import A_DAY, FilledCell, FilledRow, Heading, RowFault, Sheet
from safeguarding.review import forms
from safeguarding.review.events import Actor
from safeguarding.review.fold import fold
from safeguarding.review.review import Action, Review
from safeguarding.stages.beside.action_changes import CHANGE_ACTION
from safeguarding.stages.beside.action_updates import UPDATE_ACTION

REVIEW, ACTION, DUE, STATUS = "Review", "Action", "Due", "Status"
NEW_STATUS, ON, GRADE, EVIDENCE, NOTE = "New status", "On", "Best evidence", "Evidence kept at", "Note"
NEW_DUE, REASON = "New due", "Reason"
MOST_ROWS = 2_000

AS_IT_IS = (
    Heading(REVIEW, "", True, "The review. Leave it as it is."),
    Heading(ACTION, "", True, "The number of the action. Leave it as it is."),
    Heading("Agency", "", False, "Whose it is. Not read."),
    Heading("Owner", "", False, "Who owns it. Not read."),
    Heading(DUE, "", False, "The day in the record; another one goes under «New due».", a_day=True),
    Heading(STATUS, "", False, "How it stands in the record; what is new goes under «New status»."),
    Heading("Priority", "", False, "Not read."),
    Heading("Wording", "", False, "What it says, where a wording of it was approved to be shared. Not read."),
)
"""What the record says: written when the workbook is taken out."""
UPDATED = (
    Heading(NEW_STATUS, "status", False, "How it stands now; empty where nothing is new.", "statuses"),
    Heading(ON, "on", False, f"Since which day, or when the new day was agreed: {A_DAY}.", a_day=True),
    Heading(GRADE, "grade", False, "Empty: none.", "grades"),
    Heading(EVIDENCE, "evidence", False, "The reference of the evidence, or where it is kept."),
    Heading(NOTE, "note", False, "Progress, what the evidence shows, or why it is left. Sealed."),
)
MOVED = (
    Heading(NEW_DUE, "due_on", False, f"Another day, where it moves: {A_DAY}.", a_day=True),
    Heading(REASON, "reason", False, "Why it moves. Sealed."),
)
ACTION_SHEET = Sheet("Actions", (*AS_IT_IS, *UPDATED, *MOVED), MOST_ROWS)
"""The one sheet of the workbook."""


class StepAsked(NamedTuple):
    """One step of one review, with the answers to its form."""

    reference: str
    step: str
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RowsSigned:
    """By whom and when the rows are recorded, and by which rulebook they are judged."""

    actor: Actor
    now: datetime
    today: date
    """The day in London."""
    rulebook: Rulebook


def choices_of(name: str) -> tuple[str, ...]:
    """What a column with choices takes: the answers that its question takes."""
    question = {"statuses": "status", "grades": "grade"}[name]
    annotation = UPDATE_ACTION.form.model_fields[question].annotation
    return tuple(getattr(annotation, "__args__", ()))


def planned(
    rows: Sequence[FilledRow], review_of: Callable[[str], Review | None], signed: RowsSigned
) -> tuple[list[StepAsked], list[RowFault]]:
    """The steps that the rows come to, in their order, each tried on after those before it; and everything wrong."""
    steps: list[StepAsked] = []
    faults: list[RowFault] = []
    known: dict[str, Review | None] = {}
    rows_of: dict[tuple[str, str], int] = {}
    for row in rows:
        reference, number = (row.cells[name].words.strip().upper() for name in (REVIEW, ACTION))
        if reference not in known:
            known[reference] = review_of(reference)
        review = known[reference]
        action = next((one for one in review.actions if one.id == number), None) if review is not None else None
        first = rows_of.setdefault((reference, number), row.number)
        if review is None or action is None or first != row.number:
            faults.append(_not_there(row, review, action is not None, first))
            continue
        wrong = [*_unreadable(row), *_not_as_it_was(row, action)]
        asked = list(_steps(row, reference, action, signed.today))
        for one, columns in asked if not wrong else ():
            review, more = _tried(one, columns, row, review, signed)
            wrong += more
            steps.append(one)
        known[reference] = review
        faults += wrong
    return steps, faults


def _not_there(row: FilledRow, review: Review | None, there: bool, first: int) -> RowFault:
    if review is None:
        return RowFault(row.sheet, row.number, REVIEW, "there is no such review that you may see")
    if not there:
        return RowFault(row.sheet, row.number, ACTION, "this review has no such action")
    return RowFault(row.sheet, row.number, ACTION, f"row {first} is about it too: one row an action")


def _unreadable(row: FilledRow) -> Iterator[RowFault]:
    for column in ACTION_SHEET.columns:
        if why := row.cells[column.name].wrong:
            yield RowFault(row.sheet, row.number, column.name, why)


def _not_as_it_was(row: FilledRow, action: Action) -> Iterator[RowFault]:
    """What stands in the columns of the record and is not what the record has: changed there, or here meanwhile."""
    for name, said in ((DUE, action.due_on.isoformat()), (STATUS, action.status)):
        given = row.cells[name].words
        if given and given.casefold() != said.casefold():
            new = NEW_DUE if name == DUE else NEW_STATUS
            why = f"is not what the record has: put what is new under «{new}», or take the workbook out again"
            yield RowFault(row.sheet, row.number, name, why)


def _steps(row: FilledRow, reference: str, action: Action, today: date) -> Iterator[tuple[StepAsked, dict[str, str]]]:
    """The steps of a row, each with the column of each of its questions."""
    new = {one.answers: _answer(row.cells[one.name]) for one in UPDATED if row.cells[one.name].words}
    moved = {one.answers: _answer(row.cells[one.name]) for one in MOVED if row.cells[one.name].words}
    if moved:
        answers = {"action": action.id, "agreed_on": new.get("on", today.isoformat()), **moved}
        columns = {one.answers: one.name for one in MOVED} | {"agreed_on": ON}
        yield StepAsked(reference, CHANGE_ACTION.name, answers), columns
    if new.keys() - ({"on"} if moved else set()):
        answers = {"action": action.id, "grade": "none", **new}
        yield StepAsked(reference, UPDATE_ACTION.name, answers), {one.answers: one.name for one in UPDATED}


def _answer(cell: FilledCell) -> str:
    return cell.day.isoformat() if cell.day is not None else cell.words


_FORMS = {step.name: step.form for step in (UPDATE_ACTION, CHANGE_ACTION)}


def _tried(
    asked: StepAsked, columns: dict[str, str], row: FilledRow, review: Review, signed: RowsSigned
) -> tuple[Review, list[RowFault]]:
    """The review after a step; or, as it was, with everything that is wrong with the step."""
    rulebook = signed.rulebook.for_track(review.track.value)
    read = forms.judged(_FORMS[asked.step], asked.answers, review, rulebook)
    if isinstance(read, list):
        return review, [
            RowFault(row.sheet, row.number, columns.get(str(one.path[0]) if one.path else "", ""), one.words)
            for one in read
        ]
    try:
        event = lifecycle.attempt(review, asked.step, asked.answers, signed.actor, signed.now, signed.rulebook)
    except TransitionRefused as refused:
        return review, [RowFault(row.sheet, row.number, "", words) for words in refused.unmet]
    return fold((event,), review), []
