"""
The command by which a partnership moves in: the workbook to fill, what would come of it, and all of it taken in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from cyclopts import Parameter

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import At, whole_bytes
from safeguarding.dates.london import london_date, now
from safeguarding.dates.standing import standing
from safeguarding.dates.working_days import say
from safeguarding.errors import SafeguardingError
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import not_theirs
from safeguarding.moving_in.again import PassedOver
from safeguarding.moving_in.plan import STEP, ComesOfIt, Planned, planned
from safeguarding.moving_in.rows import read_rows
from safeguarding.notices.owed import due_in_words
from safeguarding.review.events import Actor
from safeguarding.review.proof import unproved
from safeguarding.review.typed_words import REFERENCE_WORDS, is_reference
from safeguarding.review.words import agency_name
from safeguarding.shown import card
from safeguarding.stages import STEPS
from tasks.moving_in.template import template
from tasks.moving_in.workbook import read_workbook
from tasks.record.installation import Installation
from tasks.record.moving_in import TakenInMeanwhile, here_already, not_taken_again, spoken_of_twice, take_in
from tasks.record.records import Taken

NOTHING_TAKEN = "Nothing was taken in."


class ImportRefused(SafeguardingError):
    """A workbook is not taken in, or not written: everything in the way is named."""

    code = "import-refused"


class _Known(NamedTuple):
    """What of a workbook is here already."""

    references: dict[str, str]
    """By the partnership's own references."""
    passed_over: list[PassedOver]
    """Its rows that say what was not taken in with it."""

    def as_data(self) -> dict[str, Any]:
        """The same for programs."""
        rows = [
            {"sheet": one.row.sheet, "row": one.row.number, "our_reference": one.key, "reference": one.reference}
            for one in self.passed_over
        ]
        return {"here_already": self.references, "not_taken_in": rows}


def take_over(
    file: Path | None = None,
    /,
    *,
    person: Annotated[str | None, Parameter(name="--as", metavar="PERSON")] = None,
    empty: Annotated[Path | None, Parameter(name="--template", metavar="FILE")] = None,
    accept: bool = False,
    at: At = None,
    here: Here,
) -> Said:
    """
    Take in reviews that are under way or over from a workbook: first a preview, with --accept all of it or nothing.

    ```
    safeguarding import --template moving-in.xlsx --demo
    safeguarding import moving-in.xlsx --as alex_example --demo
    safeguarding import moving-in.xlsx --as alex_example --accept --demo
    ```

    Parameters
    ----------
    file
        The filled workbook.
    person
        Who takes it in: an id of the partnership's file, of the business unit.
    empty
        Write the workbook to fill here, with your agencies and people to choose from.
    accept
        Take it in. Without it nothing is recorded.
    """
    if empty is not None:
        return _write_template(empty, file, here.rulebook)
    if file is None or person is None:
        raise ImportRefused("Give the filled workbook and --as PERSON, or --template FILE for an empty one.")
    source = _source(file)
    installation = here.installation(make=True)
    moment, actor = installation.at(at, now()), Actor(person=person)
    unmet = [
        *not_theirs(STEPS[STEP].by, actor, installation.rulebook),
        *unproved(STEP, actor, installation.rulebook.partnership),
    ]
    if unmet:
        raise ImportRefused(f"{NOTHING_TAKEN} {'; '.join(unmet)}.", tuple(unmet))
    with here.waiting("Reading the workbook"):
        here_now, plan = _looked_at(file, source, actor, moment, installation)
    if plan.faults:
        raise ImportRefused(_faulty(plan), tuple(str(one) for one in plan.faults))
    if not accept:
        return _preview(plan, here_now, installation.rulebook, moment, source)
    with here.waiting("Taking it in"):
        try:
            taken = take_in(installation.records, plan.comes_in, source, actor, moment) if plan.comes_in else ()
        except TakenInMeanwhile:
            words = "somebody took in the same reviews meanwhile. Look at the workbook again"
            raise ImportRefused(f"{NOTHING_TAKEN} It seems that {words}.") from None
    return _told(taken, plan, here_now, source)


def _write_template(empty: Path, file: Path | None, rulebook: Rulebook) -> Said:
    if file is not None:
        raise ImportRefused("Give --template FILE alone: it writes an empty workbook.")
    if empty.exists():
        raise ImportRefused(f"{empty} is there already, and is left alone: give another name.")
    if empty.suffix.lower() != ".xlsx":
        raise ImportRefused(f"{empty} does not end with .xlsx, by which Excel and others know a workbook.")
    whole_bytes(empty, template(rulebook))
    words = [
        f"An empty workbook is in {empty}: four sheets to fill, one that says what to write, one with the choices.",
        f"Then: `safeguarding import {empty} --as PERSON` shows what would come in, and records nothing.",
    ]
    return Said(words, {"file": str(empty)})


def _source(file: Path) -> str:
    """The name of the file as the record keeps it. Raises ImportRefused for one that it cannot keep."""
    if not is_reference(file.stem):
        words = f"it is kept as the source of each review, and stands in their history: {REFERENCE_WORDS}"
        raise ImportRefused(f"Give the workbook another name, such as moving-in.xlsx: {words}.")
    return file.name


def _looked_at(
    file: Path, source: str, actor: Actor, moment: datetime, installation: Installation
) -> tuple[_Known, ComesOfIt]:
    """What of the workbook is here already, and what would come of the rest."""
    rulebook, records = installation.rulebook, installation.records
    today = london_date(moment)
    rows, of_sheets = read_workbook(file)
    read = read_rows(rows, rulebook.on(today), today)
    known = here_already(records, read.filled)
    new = [one for one in read.filled if one.key not in known]
    faults = [*of_sheets, *read.faults, *spoken_of_twice(records, new)]
    tried = [one for one in new if one.key not in read.spoilt]
    passed = not_taken_again(records, read.filled, known)
    return _Known(known, passed), planned(tried, faults, source, actor, moment, rulebook)


def _faulty(plan: ComesOfIt) -> str:
    many = len(plan.faults)
    heading = f"{NOTHING_TAKEN} {many} thing{' is' if many == 1 else 's are'} wrong with the workbook:"
    return "\n".join([heading, *(f"  {one}" for one in plan.faults)])


# --------------------------------------------------------------------------- what is said


def _preview(plan: ComesOfIt, known: _Known, rulebook: Rulebook, moment: datetime, source: str) -> Said:
    words = [*_counted(plan, "would come in"), *_known(known)]
    owing = [one for one in plan.comes_in if one.owed]
    if owing:
        words.append("What becomes owed, the day it is due, and where that stands today:")
    for one in owing:
        words += [f"{one.filled.key} ({one.review.stage_title}):", *_owed(one, rulebook, moment)]
    words += _what_follows(source) if plan.comes_in else ["There is nothing to take in."]
    owed = [
        {"our_reference": one.filled.key, "rule": duty.rule, "subject": duty.subject, "due_on": duty.due_on}
        for one in owing
        for duty in one.owed
    ]
    return Said(words, {"accepted": False, "comes_in": len(plan.comes_in), "owed": owed, **known.as_data()})


def _what_follows(source: str) -> list[str]:
    return [
        "Nobody is written to about the past. The night after, the unit has one letter with what is then owed of all",
        "of it, and whoever owes what is unmet, or is told of a passed day of the law, has one letter about all of it.",
        f"Nothing is recorded yet. Each will be marked as taken over from {source}. To take it in, add --accept.",
    ]


def _counted(plan: ComesOfIt, verb: str) -> list[str]:
    reviews = plan.comes_in
    still = sum(1 for one in reviews if one.review.open)
    actions = sum(len(one.review.actions) for one in reviews)
    requests = sum(len(one.review.requests) for one in reviews)
    closed = len(reviews) - still
    many = "review" if len(reviews) == 1 else "reviews"
    return [f"{len(reviews)} {many} {verb} ({still} open, {closed} closed), {actions} actions, {requests} requests."]


def _known(known: _Known) -> list[str]:
    if not known.references:
        return []
    words = [f"{len(known.references)} are here already, by your reference, and nothing of them is taken in again."]
    if many := len(known.passed_over):
        says = "row of them says" if many == 1 else "rows of them say"
        words.append(f"{many} {says} what was not taken in with them, and is not now:")
    return [*words, *(f"  {one}" for one in known.passed_over)]


def _owed(one: Planned, rulebook: Rulebook, moment: datetime) -> list[str]:
    today = london_date(moment)
    rulebook = rulebook.on(today).for_track(one.review.track.value)
    agencies = {action.id: action.agency for action in one.review.actions}
    lines = []
    for duty in one.owed:
        rule = rulebook.rule(duty.rule)
        agency = f", {agency_name(agencies[duty.subject], rulebook.partnership)}" if duty.subject in agencies else ""
        subject = f" ({card.subject_name(duty, rulebook)}{agency})" if duty.subject else ""
        stands = standing(duty.due_on, today, rulebook.calendar, kind=rule.counts.kind).words
        lines.append(f"  {rule.title}{subject}: {due_in_words(duty, rule, rulebook.calendar)}, {stands}")
    return lines


def _told(taken: Sequence[Taken], plan: ComesOfIt, known: _Known, source: str) -> Said:
    pairs = [(one.filled.key, step.review) for one, step in zip(plan.comes_in, taken, strict=True)]
    words = [
        *_counted(plan, "came in"),
        *_known(known),
        *(f"  {key} is {review.reference} ({review.pseudonym}), {review.state.words}" for key, review in pairs),
        f"Each is marked as taken over from {source}, {say(london_date(taken[0].event.at))}." if taken else "",
    ]
    references = {key: review.reference for key, review in pairs}
    return Said([line for line in words if line], {"accepted": True, "references": references, **known.as_data()})
