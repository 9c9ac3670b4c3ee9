"""
Commands about the plan of a review and the calendars: read from the record, written nowhere in it.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Group, Parameter

from flows.cli.place import Here, Place
from flows.cli.said import Said, table
from flows.cli.typed import Day, one_of, whole_file
from safeguarding.dates.london import london_date, now
from safeguarding.dates.working_days import say
from safeguarding.errors import SafeguardingError
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.plan import plan_from, plan_of, plan_until
from safeguarding.questions.plan_lines import Plan, PlanLine
from safeguarding.shown import calendar_file, diary, plan_picture
from safeguarding.shown.diary import DiaryEntry

if TYPE_CHECKING:
    from tasks.record.installation import Installation

CANCELLED_SHOWN = timedelta(days=90)
"""For how long a calendar still carries what fell away, so that every diary that had it takes it out."""

File = Annotated[Path | None, Parameter(metavar="FILE")]
WHOSE = Group("Whose", validator=one_of)


class PlanUnclear(SafeguardingError):
    """Neither a review nor a rule with its day was given, or both were."""

    code = "plan-unclear"

    def __init__(self) -> None:
        super().__init__(
            "Say which plan: `safeguarding plan CSPR-2026-003`, or `safeguarding plan --rule C05 --from 2026-11-27` "
            "(the day its clock starts), or `--until 2026-12-18` (the day by which it must be done)."
        )


class NobodyOfThatName(SafeguardingError):
    """A person whom the partnership's file does not hold."""

    code = "no-such-person"

    def __init__(self, person: str) -> None:
        super().__init__(f"Nobody in the partnership's file has the id '{person}'.", person)


# --------------------------------------------------------------------------- the plan


def plan(
    reference: str | None = None,
    /,
    *,
    rule: str | None = None,
    begins: Annotated[Day | None, Parameter(name="--from")] = None,
    until: Day | None = None,
    svg: File = None,
    ics: File = None,
    here: Here,
) -> Said:
    """
    On which day each step has to be done, with the room that is left.

    ```
    safeguarding plan --rule C05 --from 2026-11-27
    safeguarding plan CSPR-2026-007 --svg plan.svg --ics plan.ics --demo
    ```

    Parameters
    ----------
    reference
        A review.
    rule
        Or a rule, such as C05, with --from or --until.
    begins
        The day its clock starts.
    until
        The day by which it must be done.
    svg
        Draw it as a picture as well.
    ics
        Write it as a calendar file as well.
    """
    made, rulebook, record = _plan(reference, rule, begins, until, here)
    words = [f"{made.title}: {_span(made)}", *table(HEAD, [_cells(line) for line in made.lines])]
    words += [f"Our own document for it: {one.words}" for one in made.documents]
    if svg is not None:
        whole_file(svg, plan_picture.draw(made, rulebook.calendar))
    if ics is not None:
        whole_file(ics, calendar_file.write(diary.planned(made, now()), record, made.title))
    words += [f"Written: {path}" for path in (svg, ics) if path is not None]
    return Said(words, made.model_dump(mode="json") | {"lines": [_line_data(line) for line in made.lines]})


HEAD = ("WD", "Do it by", "What", "Who", "Room", "Standing", "Rule")


def _plan(
    reference: str | None, rule: str | None, begins: date | None, until: date | None, here: Place
) -> tuple[Plan, Rulebook, str]:
    asked = (reference, rule and begins, rule and until)
    if sum(given is not None for given in asked) != 1:
        raise PlanUnclear
    today = london_date(now())
    if reference is not None:
        installation = here.installation()
        review = installation.records.read(reference)
        return (
            plan_of(review, installation.rulebook, today),
            installation.rulebook,
            installation.records.identity().id,
        )
    rulebook = here.rulebook
    if rule and begins is not None:
        return plan_from(rule, begins, rulebook, today), rulebook, "plan"
    if rule and until is not None:
        return plan_until(rule, until, rulebook, today), rulebook, "plan"
    raise PlanUnclear


def _span(made: Plan) -> str:
    if not made.lines:
        return "nothing is owed, so nothing is planned."
    return f"from {say(made.begins_on)} ({made.begins}) to {say(made.ends_on)}. WD: working days from the beginning."


def _cells(line: PlanLine) -> tuple[str, ...]:
    standing = f"done {say(line.ended_on)}, {line.standing}" if line.ended_on else line.standing
    limit = "" if line.plan_on == line.due_on else f" (limit {say(line.due_on)})"
    title = line.title + (f": {line.subject}" if line.subject else "")
    words = standing.replace("overdue", "OVERDUE") or ("" if line.recorded else "planned")
    return (line.number_words, line.days + limit, title, line.owner, line.slack_words, words, line.rule)


def _line_data(line: PlanLine) -> dict[str, Any]:
    return line.model_dump(mode="json") | {"slack_words": line.slack_words}


# --------------------------------------------------------------------------- calendars


def calendar(
    *,
    person: Annotated[str | None, Parameter(group=WHOSE, metavar="ID")] = None,
    panel: Annotated[bool, Parameter(group=WHOSE)] = False,
    review: Annotated[str | None, Parameter(metavar="REFERENCE")] = None,
    file: File = None,
    here: Here,
) -> Said:
    """
    The dates of the reviews as an iCalendar file: everybody's, one person's, or the review panel's.

    ```
    safeguarding calendar --person glenn_sample --demo
    safeguarding calendar --panel --file panel.ics --demo
    ```

    Parameters
    ----------
    person
        Only what this person owes.
    panel
        Only what belongs to the review panel.
    review
        Only one review.
    file
        Where to write it; otherwise it is printed.
    """
    installation = here.installation()
    found = _entries(installation, review, here)
    name = installation.rulebook.partnership.name
    if person is not None:
        people = {person.id: person.name for person in installation.rulebook.partnership.people}
        if person not in people:
            raise NobodyOfThatName(person)
        found, name = diary.of_person(found, person), f"{name}: {people[person]}"
    elif panel:
        found, name = diary.of_panel(found), f"{name}: review panel"
    text = calendar_file.write(found, installation.records.identity().id, name, installation.settings.prefect_url)
    data = {"name": name, "entries": [entry.model_dump(mode="json") for entry in found]}
    if file is None:
        return Said([text.removesuffix("\n")], data)
    whole_file(file, text)
    return Said([f"{len(found)} dates written to {file}."], data)


def _entries(installation: Installation, reference: str | None, here: Place) -> tuple[DiaryEntry, ...]:
    since = now() - CANCELLED_SHOWN
    rows = [row for row in installation.records.list() if row.open or row.stage_since >= since]
    wanted = [row.reference for row in rows] if reference is None else [reference]
    found = (
        entry
        for name in here.each(wanted, "Reading the reviews")
        for entry in diary.entries(installation.records.read(name), installation.rulebook)
    )
    kept = (entry for entry in found if not entry.cancelled or entry.changed_at >= since)
    return tuple(sorted(kept, key=lambda entry: (entry.day, entry.name)))
