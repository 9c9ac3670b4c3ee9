"""
Several of a kind at once: one row for each agency that is waited for, each action, each thing that is owed.

A row that is left empty records nothing. Each row that is filled in is a step of its own, with a line of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from pages.forms.offers import ACTION_SOURCE, PURPOSES, Offers
from pages.forms.question import JOINED, FormQuestion, questions_of
from safeguarding.dates.working_days import say
from safeguarding.errors import LawNotFound
from safeguarding.law.person import Person
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.forms import Form
from safeguarding.review.review import Review
from safeguarding.review.step import MANAGERS, Step
from safeguarding.review.words import agency_name
from safeguarding.stages.beside.action_updates import may_update
from safeguarding.stages.beside.recorded import DONE

OF_AGENCIES = frozenset({"agency_lead", "agency_director"})
SOMETHING_ELSE = "something_else"


class RowOffered(NamedTuple):
    """One row: its key, its words, and the answers that it stands for."""

    key: str
    title: str
    fixed: Mapping[str, str]
    help: str = ""


class RowAnswered(NamedTuple):
    """What one row answers: the whole of a step's answers. The key is empty where the form is no table."""

    key: str
    title: str
    raw: dict[str, Any]


def rows_of(step: Step, review: Review | None, rulebook: Rulebook, person: Person) -> tuple[RowOffered, ...]:
    """The rows on which a step may be taken several times at once; none where it is taken once."""
    make = _ROWS.get(step.name)
    return tuple(make(review, rulebook, person, False)) if make is not None and review is not None else ()


def rows_gone(
    step: Step, review: Review | None, rulebook: Rulebook, person: Person, rows: Sequence[RowOffered]
) -> tuple[RowOffered, ...]:
    """The rows that are asked no more, besides those that are: what was typed in them is nobody's to lose."""
    make, asked = _ROWS.get(step.name), {row.key for row in rows}
    if make is None or review is None:
        return ()
    over = {row.key: row for row in make(review, rulebook, person, True) if row.key not in asked}
    return tuple(over.values())


def row_questions(form: type[Form], rows: Sequence[RowOffered], offers: Offers) -> tuple[FormQuestion, ...]:
    """A group of questions for each row, without those that the row itself answers."""
    found = []
    for row in rows:
        every = questions_of(form, offers, f"{row.key}{JOINED}")
        inner = tuple(one for one in every if one.id.removeprefix(f"{row.key}{JOINED}") not in row.fixed)
        found.append(replace(FormQuestion(row.key, row.title, row.help, "group", False), inner=inner))
    return tuple(found)


def _speaks_for_agencies_alone(person: Person) -> bool:
    return not MANAGERS & set(person.roles) and bool(OF_AGENCIES & set(person.roles))


def _waited_for(review: Review, rulebook: Rulebook, person: Person, over: bool) -> Sequence[RowOffered]:
    """Each request that waits for an answer, or whose wait is `over`; whoever speaks for an agency sees their own."""
    partnership = rulebook.partnership
    own = _speaks_for_agencies_alone(person)
    rows = []
    for request in review.requests:
        agencies = {request.agency, *(now.id for now in partnership.taken_over_by(request.agency))}
        if (request.outcome != "waiting") is not over or (own and not any(map(person.serves, agencies))):
            continue
        title = f"{agency_name(request.agency, partnership)}: {PURPOSES[request.purpose].lower()}"
        fixed = {"agency": request.agency, "purpose": request.purpose}
        if not request.daily_life:  # It was not asked for: of a check of a draft, or by an earlier program.
            fixed["daily_life"] = ""
        key = f"{request.agency}_{request.purpose}"
        rows.append(RowOffered(key, title, fixed, f"Asked {say(request.asked_on)}"))
    return rows


def _open_actions(review: Review, rulebook: Rulebook, person: Person, over: bool) -> Sequence[RowOffered]:
    named = dict(Offers(review, rulebook).options("action", ACTION_SOURCE, ()) or ())
    return [
        RowOffered(action.id, named.get(action.id, action.id), {"action": action.id}, _how(action.status))
        for action in review.actions
        if may_update(person, action, rulebook.partnership) and (action.done and action.status != "verified") is over
    ]


def _how(status: str) -> str:
    return f"Now: {status.replace('_', ' ')}"


def _owed(review: Review, rulebook: Rulebook, _: Person, over: bool) -> Sequence[RowOffered]:
    """Each thing that is owed and that is met by having been done; and one row for whatever else was."""
    words = {mark: what for what, mark in reversed(DONE.items())}
    if over:
        return [RowOffered(mark, f"{what[:1].upper()}{what[1:]}", {"what": what}) for mark, what in words.items()]
    rows: dict[str, RowOffered] = {}
    for duty in review.running():
        try:
            rule = rulebook.rule(duty.rule)
        except LawNotFound:
            continue
        mark = rule.settled_by or ""
        if mark in words and mark not in rows:
            what = words[mark]
            rows[mark] = RowOffered(mark, f"{what[:1].upper()}{what[1:]}", {"what": what}, f"Due {say(duty.due_on)}")
    return [*rows.values(), RowOffered(SOMETHING_ELSE, "Something else that was done", {})]


_ROWS: dict[str, Callable[[Review, Rulebook, Person, bool], Sequence[RowOffered]]] = {
    "record_return": _waited_for,
    "acknowledge_request": _waited_for,
    "update_action": _open_actions,
    "record_done": _owed,
}
