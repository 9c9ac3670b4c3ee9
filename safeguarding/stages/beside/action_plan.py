"""
An action plan taken in at once: pasted as a table, imported from a file, or line by line on the form.

Each line is an action as «Add an action» makes it. Nothing of the plan is recorded unless all of it can be: every line
that cannot be read is named with its column, and nothing of what stands there is repeated.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Annotated, Any, get_args

from pydantic import Field

from safeguarding.as_typed import one_line, several_lines
from safeguarding.law.rulebook import Rulebook
from safeguarding.pasted import TableLine, lines_of
from safeguarding.review.choices import key_of
from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, Sealed, SealedOptional
from safeguarding.review.learning_entries import ActionAdded
from safeguarding.review.review import Review
from safeguarding.review.step import BOTH, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.beside.actions import ONCE_REFERRED, Priority, not_refused, refused_by_the_partners

MOST = 150
"""Actions in one plan: each has five answers, and a form holds a thousand."""

COLUMNS = ("agency", "owner", "due_on", "what", "measure")
"""The columns of a plan, in their order where it has no line of headings."""

BESIDES = ("recommendation", "priority")
"""Columns that a plan may have besides, where a line of headings names them."""

HEADINGS = {
    "agency": ("agency", "owner agency", "lead agency", "organisation"),
    "owner": ("owner", "lead", "action owner", "who"),
    "due_on": ("due", "due on", "due date", "by when", "date"),
    "what": ("what", "action", "what is to be done"),
    "measure": (
        *("how it will be seen", "how it will be seen to be done, and what will change", "how seen", "measure", "how"),
        *("outcome", "success measure"),
    ),
    "recommendation": ("recommendation", "for which recommendation", "for recommendation", "rec"),
    "priority": ("priority",),
}
"""What a column may be called in the line of headings, and first what it is called in what is said of it."""

_IN_A_CELL = str.maketrans(dict.fromkeys("\v\f\x85\u2028\u2029", " "))
"""Breaks that Word puts inside a cell: no line of the table ends there."""
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y")
"""How a day may stand in a plan: as everywhere, or as it is written in Britain, the day first."""


class ActionLine(Form):
    """One action of the plan."""

    agency: Annotated[str, From("agencies")] = Field(title="Owner agency")
    owner: Annotated[str, From("people")] = Field(title="Owner")
    due_on: date = Field(title="Due on")
    recommendation: Annotated[str, From("recommendations")] | None = Field(
        default=None, title="For which recommendation", description="Empty: for none that is on record."
    )
    priority: Priority | None = Field(default=None, title="Priority")
    what: Sealed = Field(title="What is to be done")
    measure: Sealed = Field(title="How it will be seen to be done, and what will change")


class ActionTable(Form):
    """Many actions at once: pasted from a table, or one after the other. All are recorded, or none."""

    agreed_on: date = Field(title="Agreed on")
    pasted: SealedOptional = Field(
        default="",
        title="The plan, pasted from a table",
        description="One action a line: owner agency, owner, due on, what is to be done, how it will be seen. Agencies "
        "and people by name or id; a line of headings may stand first, and name a recommendation and a priority too.",
    )
    actions: tuple[ActionLine, ...] = Field(default=(), title="Or action by action")

    @classmethod
    def prepared(cls, raw: dict[str, Any], review: Review | None, rulebook: Rulebook) -> dict[str, Any] | list[str]:
        """The lines of a pasted table as answers, beside those given one by one; or what is wrong, line by line."""
        pasted = raw.get("pasted")
        if not isinstance(pasted, str) or not pasted.strip():
            return raw
        try:
            lines, problems = _read(several_lines(pasted.translate(_IN_A_CELL)), review, rulebook)
        except ValueError as sign:
            return [f"{cls.model_fields['pasted'].title}: {sign}"]
        given = raw.get("actions") or ()
        return problems or {
            **raw,
            "pasted": "",
            "actions": [*(given if isinstance(given, list | tuple) else ()), *lines],
        }


def _read(pasted: str, review: Review | None, rulebook: Rulebook) -> tuple[list[dict[str, str]], list[str]]:
    rows = _rows(pasted)
    order = _headings(rows[0][1]) if rows else None
    if isinstance(order, list):
        return [], order
    lines, problems = [], []
    made = {one.id for one in review.recommendations} if review is not None else set()
    names = order or COLUMNS
    for number, cells in rows[1:] if order else rows:
        _without_empty_ends(cells, len(names))
        while len(cells) < len(names) and names[len(cells)] in BESIDES:  # What is empty at the end of a line is lost.
            cells.append("")
        if len(cells) != len(names):
            problems.append(f"line {number}: {len(cells)} columns, and a plan has {len(names)}: {_said(names)}")
            continue
        line, wrong = _line(dict(zip(names, cells, strict=True)), made, rulebook)
        problems += [f"line {number}, {why}" for why in wrong]
        lines.append(line)
    if not lines and not problems:
        problems.append("the plan holds no action: paste the table with its lines")
    if len(lines) > MOST:
        problems.append(f"the plan holds {len(lines)} actions, and {MOST} can be taken at once: give it in parts")
    return lines, problems


def _rows(pasted: str) -> list[TableLine]:
    """The lines that hold something, the first without empty cells at its end: it may be that of the headings."""
    rows = lines_of(pasted, lambda cell: _day(cell) is not None)
    if rows:
        _without_empty_ends(rows[0][1], len(COLUMNS))
    return rows


def _without_empty_ends(cells: list[str], least: int) -> None:
    """Take away the empty cells with which Excel fills a table up."""
    while len(cells) > least and not cells[-1]:
        cells.pop()


def _headings(cells: Sequence[str]) -> tuple[str, ...] | list[str] | None:
    """The columns by the line of headings; None where there is none; what is wrong with it, as a list."""
    known = {word: name for name, words in HEADINGS.items() for word in (name.replace("_", " "), *words)}
    found = [known.get(cell.lower().rstrip(":")) for cell in cells]
    if sum(name is not None for name in found) < 2:
        return None
    names = tuple(name for name in found if name is not None)
    missing = [name for name in COLUMNS if name not in names]
    problems = [f"the headings: there is no column for {_said(missing)}"] if missing else []
    if len(names) != len(cells):
        problems.append(f"the headings: {len(cells) - len(names)} are not known; a plan has {_said(COLUMNS)}")
    if len(set(names)) != len(names):
        problems.append("the headings: two columns stand for the same thing")
    return problems or names


def _said(names: Sequence[str]) -> str:
    return ", ".join(HEADINGS[name][0] for name in names)


def _line(cells: dict[str, str], made: Collection[str], rulebook: Rulebook) -> tuple[dict[str, str], list[str]]:
    people, agencies = rulebook.partnership.people, rulebook.partnership.agencies
    problems = []
    given = {name: cell for name, cell in cells.items() if cell or name not in BESIDES}
    if "recommendation" in given:
        given["recommendation"] = given["recommendation"].upper()
        if given["recommendation"] not in made:
            problems.append("recommendation: this review has none of that number; give one such as R01, or none")
    if given.get("priority", "high").lower() not in get_args(Priority):
        problems.append(f"priority: give {', '.join(get_args(Priority))}, or nothing")
    for column, known in (("agency", agencies), ("owner", people)):
        keys = _keys(cells[column], [(one.id, one.name) for one in known])
        if len(keys) == 1:
            given[column] = keys[0]
        elif keys:
            problems.append(f"{column}: several have this name, so give the id: {', '.join(keys)}")
        else:
            problems.append(f"{column}: none of the partnership's file; give a name or an id as it stands there")
    day = _day(cells["due_on"])
    if day is None:
        problems.append("due: give a date, such as 2026-12-18 or 18/12/2026 (the day first)")
    else:
        given["due_on"] = day.isoformat()
    problems += [f"{HEADINGS[name][0]}: is needed" for name in ("what", "measure") if not cells[name]]
    return given, problems


def _keys(typed: str, known: Sequence[tuple[str, str]]) -> list[str]:
    """Whom a cell means: by the id, by the label of a list, or by the name."""
    if exact := [key for key, _ in known if key in (typed, key_of(typed))]:
        return exact
    name = one_line(typed).casefold()
    return [key for key, said in known if said.casefold() == name]


def _day(typed: str) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007  a day, without a time
        except ValueError:
            continue
    return None


def there_is_something_to_add(step: Attempt[ActionTable]) -> Check:
    """A plan holds at least one action."""
    return Check(bool(step.form.actions), "paste the plan, or give its actions one by one")


def none_is_for_what_is_refused(step: Attempt[ActionTable]) -> Check:
    """No action of the plan is for a recommendation that will not be implemented."""
    return not_refused(refused_by_the_partners(step.review, [one.recommendation for one in step.form.actions]))


def every_action_is_due_after_it_is_agreed(step: Attempt[ActionTable]) -> Check:
    """The day of each action follows the day on which the plan was agreed."""
    form = step.form
    early = [str(number) for number, one in enumerate(form.actions, start=1) if one.due_on < form.agreed_on]
    return Check(
        not early, f"due before the plan was agreed on {form.agreed_on}: action {', '.join(early)} of the list"
    )


def add_plan(step: Attempt[ActionTable]) -> Outcome:
    """Number the actions within their review, in the order of the list, and start the clock of each."""
    form, first = step.form, len(step.review.actions) + 1
    entries, marks = [], []
    for number, line in enumerate(form.actions, start=first):
        action = f"A{number:02d}"
        entries.append(
            ActionAdded(
                action=action,
                agency=line.agency,
                owner=line.owner,
                due_on=line.due_on,
                on=form.agreed_on,
                recommendation=line.recommendation or "",
                priority=line.priority or "",
            )
        )
        marks.append(Mark(name="action_agreed", on=form.agreed_on, subject=action, due=line.due_on))
    numbers = [entry.action for entry in entries]
    return Outcome(marks=tuple(marks), entries=tuple(entries), facts={"numbers": numbers})


ADD_PLAN = Step(
    name="add_action_plan",
    title="Action plan taken in",
    button="Add many actions",
    tracks=BOTH,
    sources=ONCE_REFERRED,
    by=MANAGERS | {"delegated_partner", "review_panel_chair"},
    form=ActionTable,
    needs=(
        there_is_something_to_add,
        every_action_is_due_after_it_is_agreed,
        none_is_for_what_is_refused,
        day_is_not_in_the_future("agreed_on"),
        day_is_not_before("agreed_on", "referral_received"),
    ),
    does=add_plan,
    kind="action_plan_added",
    days={
        "agreed_on": ("action_agreed",),
    },
    marks=frozenset({"action_agreed"}),
    on_card=False,
)

STEPS = (ADD_PLAN,)
