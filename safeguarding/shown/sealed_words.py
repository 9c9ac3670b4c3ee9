"""
Which sealed words a line of the ledger holds, and what each of them is about: told without opening one.

A text has the title of the question that it answers, and is about an action, about what an agency returned, about a
lesson, finding or recommendation, or about the review as a whole. By that it is decided elsewhere who may read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, get_args

from pydantic import BaseModel

from safeguarding.review.events import AgencyAcknowledged, AgencyAnswered, Event
from safeguarding.review.learning_entries import (
    ActionAdded,
    ActionChanged,
    ActionMoved,
    FindingRecorded,
    ImpactSeen,
    LessonRecorded,
    RecommendationDecided,
    RecommendationRecorded,
    WordingWritten,
)
from safeguarding.review.local_questions import BESIDES, field_of
from safeguarding.stages import STEPS

About = Literal["review", "action", "agency", "learning"]

OF_AN_ACTION = ActionAdded | ActionMoved | ActionChanged | ImpactSeen
OF_LEARNING = LessonRecorded | FindingRecorded | RecommendationRecorded | RecommendationDecided
OF_AN_AGENCY = AgencyAnswered | AgencyAcknowledged
LISTED = re.compile(r"(?:actions|open_duties)\.(\d+)\.")
"""The name of a text in a list of actions: which of the list it is."""

_FORMS: Mapping[str, Sequence[type[BaseModel]]] = {
    kind: [step.form for step in STEPS.values() if step.kind == kind] for kind in {step.kind for step in STEPS.values()}
}
"""The forms by which a line of a kind is made: of some kinds each track has its own."""


class SealedText(NamedTuple):
    """One sealed text: where it lies, what it answers, and what it is about."""

    line: int
    name: str
    title: str
    kind: str
    """The kind of its line."""
    about: About = "review"
    subjects: tuple[str, ...] = ()
    """The actions, the agency, or the lesson, finding or recommendation, by their ids."""


def sealed_texts(event: Event) -> Sequence[SealedText]:
    """Every sealed text of a line, in the order of its questions."""
    if not event.sealed:
        return ()
    asked_besides = {
        field_of(str(one["id"])): str(one["title"])
        for one in event.facts.get(BESIDES) or ()
        if isinstance(one, Mapping)
    }
    found = []
    for name in event.sealed:
        about, subjects = _about(name, event)
        title = asked_besides.get(name) or title_of(event.kind, name)
        found.append(SealedText(event.sequence, name, title, event.kind, about, subjects))
    order = {name: place for place, name in enumerate(_asked(event.kind))}
    return sorted(found, key=lambda one: order.get(one.name.partition(".")[0], len(order)))


def forms_of(kind: str) -> Sequence[type[BaseModel]]:
    """The forms by which a line of a kind is made; none where a later program wrote it."""
    return _FORMS.get(kind, ())


def _asked(kind: str) -> Iterable[str]:
    return dict.fromkeys(name for form in forms_of(kind) for name in form.model_fields)


def _about(name: str, event: Event) -> tuple[About, tuple[str, ...]]:
    added = [entry for entry in event.entries if isinstance(entry, OF_AN_ACTION)]
    if listed := LISTED.match(name):
        place = int(listed.group(1))
        return "action", (added[place].action,) if place < len(added) else ()
    if not event.entries or any(mark.name == "carried_in" for mark in event.marks):
        return "review", ()
    if len(added) == len(event.entries):
        return "action", tuple(entry.action for entry in added)
    if written := [entry.item for entry in event.entries if isinstance(entry, WordingWritten)]:
        return "action" if written[0].startswith("A") else "learning", tuple(written)
    if learnt := [entry for entry in event.entries if isinstance(entry, OF_LEARNING)]:
        return "learning", tuple(_number(entry) for entry in learnt)
    answered = {entry.agency for entry in event.entries if isinstance(entry, OF_AN_AGENCY)}
    if len(answered) == 1 and all(isinstance(entry, OF_AN_AGENCY) for entry in event.entries):
        return "agency", tuple(answered)
    return "review", ()


def _number(entry: LessonRecorded | FindingRecorded | RecommendationRecorded | RecommendationDecided) -> str:
    match entry:
        case LessonRecorded():
            return entry.lesson
        case FindingRecorded():
            return entry.finding
        case _:
            return entry.recommendation


def title_of(kind: str, name: str) -> str:
    """What a text answers, by the titles of its questions; by its name where a later program asks another way."""
    said: list[str] = []
    first = name.partition(".")[0]
    form = next((form for form in forms_of(kind) if first in form.model_fields), None)
    for part in name.split("."):
        if part.isdecimal():
            said.append(str(int(part) + 1))
            continue
        field = form.model_fields.get(part) if form is not None else None
        said.append((field.title if field is not None else None) or part.replace("_", " "))
        form = _form_in(field.annotation) if field is not None else None
    return ": ".join(said)


def _form_in(annotation: object) -> type[BaseModel] | None:
    """The form that a question holds, itself or in a list, if it holds one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _form_in(part)) is not None), None)
