"""
Commands by which open actions go out as a workbook and come back: many updates at once, all of them or none.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At, whole_bytes
from safeguarding.dates.london import london_date, now
from safeguarding.errors import NoSuchReview, SafeguardingError, TransitionRefused
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.moving_in.action_rows import ACTION_SHEET, RowsSigned, planned
from safeguarding.review.concerned import Concerned
from safeguarding.review.events import Actor
from safeguarding.review.review import Review
from safeguarding.review.who_sees import may_see
from tasks.moving_in.actions_workbook import ActionOut, actions_workbook
from tasks.moving_in.workbook import read_workbook
from tasks.record.reading import NAMED_AT_THE_MACHINE
from tasks.record.records import Records
from tasks.record.registers import note_taken_out, read_registers
from tasks.record.shareable import shareable

NOTHING = "Nothing was recorded."
WHAT = "the open actions, taken out as a workbook,"
"""What is noted as taken out, in words that stand before «of» and the review."""


class ActionsRefused(SafeguardingError):
    """The workbook of actions cannot be written, or what is filled in cannot be recorded. Names everything wrong."""

    code = "actions-refused"

    def __init__(self, words: str, faults: tuple[str, ...] = ()) -> None:
        self.faults = faults
        super().__init__(words, words, faults)


def take_out(file: Path, /, *, person: ActingPerson, at: At = None, here: Here) -> Said:
    """
    Write the open actions into a workbook, a row each, with columns to fill: status, evidence, note, another day.

    Of the reviews that you may see. What an action says is in it only in a wording that was approved to be shared.
    That it was asked for is noted.

    ```
    safeguarding actions out actions.xlsx --as alex_example --demo
    ```

    Parameters
    ----------
    file
        The workbook to write; it is not there yet.
    person
        Who asks for it: an id of the partnership's file.
    """
    if file.exists():
        raise ActionsRefused(f"{file} is there already, and is left alone: give another name.")
    if file.suffix.lower() != ".xlsx":
        raise ActionsRefused(f"{file} does not end with .xlsx, by which Excel and others know a workbook.")
    installation = here.installation()
    records, moment = installation.records, installation.at(at, now())
    today = london_date(moment)
    partnership = installation.rulebook.on(today).partnership
    known = partnership.known(person)
    if known is None:
        raise ActionsRefused("Whoever asks is nobody of the partnership's file: give an id after --as.")
    theirs = cache(_seen_by(known, records, partnership))
    every = read_registers(records, today, ["actions"])["actions"]
    seen = [row for row in every if not row.done and theirs(row.reference) is not None]
    rows = seen[: ACTION_SHEET.most_rows]
    note_taken_out(records, known.id, known.name, NAMED_AT_THE_MACHINE, WHAT, moment)
    words = shareable(records, {row.reference for row in rows})
    out = [ActionOut(row, words.get((row.reference, row.action), "")) for row in rows]
    whole_bytes(file, actions_workbook(out))
    many = "1 open action is" if len(out) == 1 else f"{len(out)} open actions are"
    left = len(seen) - len(rows)
    beside = [f"{left} more are open, and are not in it: bring these in first."] if left else []
    after = f"Then: `safeguarding actions in {file} --as PERSON --check` shows what would be recorded."
    return Said([f"{many} in {file}.", *beside, after], {"file": str(file), "actions": len(out), "left_out": left})


def bring_in(
    file: Path,
    /,
    *,
    person: ActingPerson,
    check: bool = False,
    at: At = None,
    here: Here,
) -> Said:
    """
    Record what is filled in in a workbook of actions: all of it, or nothing, with everything wrong named.

    ```
    safeguarding actions in actions.xlsx --as alex_example --check --demo
    ```

    Parameters
    ----------
    file
        The workbook, as `safeguarding actions out` wrote it, with what is new filled in.
    person
        Who records it: an id of the partnership's file. They sign each row, as if they sent its form.
    check
        Say what would be recorded, and record nothing.
    """
    installation = here.installation()
    moment = installation.at(at, now())
    today = london_date(moment)
    rulebook = installation.rulebook.on(today)
    known = rulebook.partnership.known(person)
    if known is None:
        raise ActionsRefused(f"{NOTHING} Whoever records is nobody of the partnership's file: give an id after --as.")
    rows, faults = read_workbook(file, (ACTION_SHEET,))
    actor, records = Actor(person=person), installation.records
    review_of = _seen_by(known, records, rulebook.partnership)
    steps, wrong = planned(rows, review_of, RowsSigned(actor, moment, today, installation.rulebook))
    if faults := [*faults, *wrong]:
        raise ActionsRefused(_faulty([str(one) for one in faults]), tuple(str(one) for one in faults))
    many = "1 step" if len(steps) == 1 else f"{len(steps)} steps"
    lines = [f"  {one.reference} {one.answers['action']}: {one.step.replace('_', ' ')}" for one in steps]
    data = {"checked": check, "steps": [{"reference": one.reference, "step": one.step} for one in steps]}
    if check or not steps:
        words = f"{many} would be recorded:" if steps else "Nothing new is filled in."
        return Said([words, *lines], data)
    try:
        records.attempt_all([(one.reference, one.step, one.answers) for one in steps], actor, moment)
    except TransitionRefused as refused:  # Somebody recorded something since it was looked at.
        raise ActionsRefused(f"{NOTHING} {refused}", tuple(refused.unmet)) from None
    return Said([f"{many} recorded:", *lines], data)


def _seen_by(person: Person, records: Records, partnership: Partnership) -> Callable[[str], Review | None]:
    """A review by its reference, where there is one and they may see it."""

    def found(reference: str) -> Review | None:
        try:
            review = records.read(reference)
        except NoSuchReview:
            return None
        return review if may_see(person, Concerned.by(review), partnership) else None

    return found


def _faulty(faults: list[str]) -> str:
    heading = f"{NOTHING} {len(faults)} thing{' is' if len(faults) == 1 else 's are'} wrong with the workbook:"
    return "\n".join([heading, *(f"  {one}" for one in faults)])
