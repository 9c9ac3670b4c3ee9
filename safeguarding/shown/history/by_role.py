"""
The history for readers outside the record, such as Prefect's pages: people by their roles, and nothing that was typed.

A reference of a letter, a minute or another system is open in the record, and was typed by somebody all the same: what
the questions of a step take as words is left out here, and only dates, choices, agencies and what the program itself
found are said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from safeguarding.as_typed import kinds_of
from safeguarding.duties.entered_late import QUIET
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.as_arranged import DECIDED_BY, POSITIONS
from safeguarding.review.events import ENTERED_BY, REFUSED, Event, PositionSigned
from safeguarding.review.forms import Form, PositionIfThere, is_chosen, nested_form
from safeguarding.review.review import TAKEN_OVER, Duty, Review
from safeguarding.shown.history.line import LineRead
from safeguarding.shown.history.told import Told, met_by_line, told
from safeguarding.stages import STEPS

FOUND_BY_THE_PROGRAM = frozenset(
    {
        *("action", "basis", "closes_as", "confidence", "finding", "left", "left_in", "line", "lines", "moved"),
        *("notice", "numbers", "panel", "provision", "recorded_for", "report", "request", "result", "row", "unknown"),
        *("was", "of", "not_answered", DECIDED_BY, ENTERED_BY, QUIET, TAKEN_OVER),
    }
)
"""The facts of a line that no question asks for: the program made them of dates, choices and its own tables."""
SOMEBODY = "somebody"
"""Who took a step, where neither the line nor the partnership's file says by which role."""


class ByRole(LineRead):
    """A line whose people are named by what they were."""

    def name(self, one: str) -> str:
        """A person by the first of their roles, an agency by its name."""
        known = self.event.who(one)
        person = self.rulebook.partnership.ever(one)
        roles = tuple(person.roles) if person is not None else known.roles if known is not None else ()
        if person is None and not roles:
            return super().name(one)
        return next((f"the {ROLES.get(role, role.replace('_', ' '))}" for role in roles), SOMEBODY)


def history_by_role(review: Review, events: Iterable[Event], rulebook: Rulebook) -> tuple[Told, ...]:
    """Every line that changed something, the first one first. Refusals are left out: they changed nothing."""
    met = met_by_line(review)
    return tuple(told_by_role(event, review, rulebook, met) for event in events if event.kind != REFUSED)


def told_by_role(
    event: Event, review: Review, rulebook: Rulebook, met: Mapping[int, Sequence[Duty]] | None = None
) -> Told:
    """One line. Of what no step of this program writes nothing is said that stands in its facts."""
    line = told(untyped(event), review, rulebook, met, ByRole)
    return line._replace(sentence=f"{line.sentence[:1].upper()}{line.sentence[1:]}")


def untyped(event: Event) -> Event:
    """
    The line without anything that somebody typed, no reference, no minute, no sealed word; and without how a position
    was signed, which is read at the pages by those who may.
    """
    forms = _forms().get(event.kind, ())
    facts = {name: value for name, value in event.facts.items() if forms and name in FOUND_BY_THE_PROGRAM}
    for form in forms:
        facts |= _chosen(form, event.facts)
    made = {
        "actor": event.actor.model_copy(update={"minute": ""}),
        "entries": tuple(one for one in event.entries if not isinstance(one, PositionSigned)),
    }
    return event.model_copy(update={"facts": facts, "sealed": {}, **made})


@cache
def _forms() -> Mapping[str, tuple[type[Form], ...]]:
    """The forms whose answers make each kind of line."""
    found: dict[str, tuple[type[Form], ...]] = {}
    for step in STEPS.values():
        found[step.kind] = (*found.get(step.kind, ()), step.form)
    return found


def _chosen(form: type[Form], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Of the answers to a form those that can only have been chosen, dated or counted."""
    kept: dict[str, Any] = {}
    for name, info in form.model_fields.items():
        value, inner = facts.get(name), nested_form(info)
        if value is None:
            continue
        if name == POSITIONS and isinstance(value, Mapping):  # Which partners there are the partnership's file says.
            kept[name] = {partner: _chosen(PositionIfThere, one) for partner, one in value.items()}
        elif inner is not None:
            kept[name] = _inside(inner, value)
        elif isinstance(value, bool | int) or is_chosen(form, name):
            kept[name] = value
        elif (kinds := kinds_of(info.annotation)).offered:
            kept |= {name: value} if set(_each(value)) <= {*kinds.offered} else {}
        elif kinds.a_day and not kinds.words:
            kept[name] = value
    return kept


def _inside(form: type[Form], value: Any) -> Any:
    """The same of answers inside an answer, one or several."""
    if isinstance(value, Mapping):
        return _chosen(form, value)
    return [_chosen(form, one) for one in value if isinstance(one, Mapping)] if isinstance(value, list) else {}


def _each(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
