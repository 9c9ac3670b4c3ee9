"""
The workbook of open actions: what it says of each, what may be filled in, and the steps that its rows come to.

What is filled in is judged whole before anything is recorded: everything wrong is named by its row and column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from safeguarding import lifecycle
from safeguarding.errors import TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.moving_in.sheets import A_DAY, FilledCell, FilledRow, Heading, RowFault, Sheet
from safeguarding.review import answers
from safeguarding.review.answers import Wrong
from safeguarding.review.events import Actor
from safeguarding.review.fold import fold
from safeguarding.review.learnt import Action
from safeguarding.review.review import Review
from safeguarding.stages.beside.action_changes import CHANGE_ACTION
from safeguarding.stages.beside.action_updates import UPDATE_ACTION

REVIEW, ACTION, DUE, STATUS = "Review", "Action", "Due", "Status"
NEW_STATUS, ON, GRADE, EVIDENCE, NOTE = "New status", "On", "Best evidence", "Evidence kept at", "Note"
NEW_DUE, REASON = "New due", "Reason"
MOST_ROWS = 2_000
BEST = "audit or feedback"
"""The grade of evidence that is good enough for every status."""
SAID = "said"
"""Stands for words that are there and cannot be read."""

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
        faults += _unreadable(row)
        if review is None or action is None or first != row.number:
            faults.append(_not_there(row, review, action is not None, first))
            faults += _misfits(row, signed)
            continue
        faults += _not_as_it_was(row, action)
        for one, columns in _steps(row, reference, action.id, signed.today):
            review, wrong = _tried(one, columns, row, review, signed)
            faults += wrong
            steps.append(one)
        known[reference] = review
    return steps, faults


def _misfits(row: FilledRow, signed: RowsSigned) -> Iterator[RowFault]:
    """What does not fit in a row whose action is not known: all that can be said without one."""
    for asked, columns in _steps(row, "", "", signed.today):
        for one in _misread(asked, columns, row, None, signed.rulebook):
            if one.path and str(one.path[0]) in columns:
                yield _misfit(row, one, columns)


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


def _steps(row: FilledRow, reference: str, action: str, today: date) -> Iterator[tuple[StepAsked, dict[str, str]]]:
    """The steps of a row, each with the column of each of its questions; an unreadable cell is one filled in."""
    new, moved = _filled_in(row, UPDATED), _filled_in(row, MOVED)
    if moved:
        answers = {"action": action, "agreed_on": new.get("on", today.isoformat()), **moved}
        columns = {one.answers: one.name for one in MOVED} | {"agreed_on": ON}
        yield StepAsked(reference, CHANGE_ACTION.name, answers), columns
    if new.keys() - ({"on"} if moved else set()):
        answers = {"action": action, "grade": "none", **new}
        yield StepAsked(reference, UPDATE_ACTION.name, answers), {one.answers: one.name for one in UPDATED}


def _filled_in(row: FilledRow, headings: Sequence[Heading]) -> dict[str, str]:
    cells = ((one.answers, row.cells[one.name]) for one in headings)
    return {question: _answer(cell) for question, cell in cells if cell.words or cell.wrong}


def _answer(cell: FilledCell) -> str:
    return cell.day.isoformat() if cell.day is not None else cell.words


_FORMS = {step.name: step.form for step in (UPDATE_ACTION, CHANGE_ACTION)}


def _tried(
    asked: StepAsked, columns: Mapping[str, str], row: FilledRow, review: Review, signed: RowsSigned
) -> tuple[Review, list[RowFault]]:
    """
    The review after a step; or, as it was, with everything that is wrong with the step.

    Where an answer cannot be read or does not fit, the others are judged all the same: something stands in its place
    that is in nobody's way. Nothing of that is recorded, since the row is at fault.
    """
    wrong = _misread(asked, columns, row, review, signed.rulebook.for_track(review.track.value))
    faults = [_misfit(row, one, columns) for one in wrong]
    lost = {question for question, column in columns.items() if row.cells[column].wrong}
    lost |= {str(one.path[0]) for one in wrong if one.path}
    instead = {name: said for name, said in _instead(asked, review, signed.today).items() if name in lost}
    try:
        answers = asked.answers | instead
        event = lifecycle.attempt(review, asked.step, answers, signed.actor, signed.now, signed.rulebook)
    except TransitionRefused as refused:
        said = {one.words for one in wrong}
        unmet = [words for words in refused.unmet if words not in said]
        return review, [
            *faults,
            *(RowFault(row.sheet, row.number, _column(words, asked, columns), words) for words in unmet),
        ]
    return review if lost else fold((event,), review), faults


def _misread(
    asked: StepAsked, columns: Mapping[str, str], row: FilledRow, review: Review | None, rulebook: Rulebook
) -> list[Wrong]:
    """What does not fit the questions of a step, but for what lies in cells that cannot be read."""
    read = answers.judged(_FORMS[asked.step], asked.answers, review, rulebook)
    unread = {question for question, column in columns.items() if row.cells[column].wrong}
    found = read if isinstance(read, list) else []
    return [one for one in found if not (one.path and one.path[0] in unread)]


def _misfit(row: FilledRow, wrong: Wrong, columns: Mapping[str, str]) -> RowFault:
    return RowFault(row.sheet, row.number, columns.get(str(wrong.path[0]) if wrong.path else "", ""), wrong.words)


def _column(unmet: str, asked: StepAsked, columns: Mapping[str, str]) -> str:
    """The column that a condition is about, where it says which question; of every other it is the row's."""
    titles = {f"«{info.title}»: ": name for name, info in _FORMS[asked.step].model_fields.items()}
    return next((columns.get(name, "") for title, name in titles.items() if unmet.startswith(title)), "")


def _instead(asked: StepAsked, review: Review, today: date) -> dict[str, str]:
    """An answer to each question with which no condition finds fault by itself."""
    action = next(one for one in review.actions if one.id == asked.answers["action"])
    another = today if action.due_on != today else today + timedelta(days=1)
    return {
        "status": "in progress",
        "grade": BEST,
        **dict.fromkeys(("on", "agreed_on"), today.isoformat()),
        **dict.fromkeys(("evidence", "note", "reason"), SAID),
        "due_on": another.isoformat(),
    }
