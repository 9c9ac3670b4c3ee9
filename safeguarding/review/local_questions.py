"""
The partnership's own questions on the form of a step: how they are asked, and how their answers are kept.

They are fields like any other, so every door asks them. Nothing is decided by them. What was asked is kept with the
answer, so a question that is renamed or taken away later leaves older lines as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from safeguarding.law.local_question import LocalQuestion
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.forms import Form, Kept, Sealed, SealedOptional
from safeguarding.review.step import Step

BESIDES = "asked_besides"
"""The fact under which a line keeps what was asked besides: id, title, and the answer where it is not sealed."""


def asked_form(step: Step, track: str | None, rulebook: Rulebook) -> type[Form]:
    """
    The form of a step as it is asked on a track, with the partnership's own questions behind the program's.

    `track` is None where it is not known yet (a referral, a short form): the questions of both are asked then, and
    those of one track are needed only once it is known.
    """
    every = _of(step, rulebook)
    asked = tuple(one for one in every if track is None or one.asked_on(track))
    needed = frozenset(one.id for one in asked if one.required and (track is not None or one.track == "both"))
    return _with(step.form, asked, needed) if asked else step.form


def read_form(step: Step, rulebook: Rulebook) -> type[Form]:
    """The form by which an answer is read: what is needed of the partnership's own questions is said by `unmet`."""
    every = _of(step, rulebook)
    return _with(step.form, every, frozenset()) if every else step.form


def unmet(filled: Form, step: Step, track: str, rulebook: Rulebook) -> list[str]:
    """What stands against the answers to the partnership's own questions, in words that repeat none of them."""
    found = []
    for question in _of(step, rulebook):
        given = getattr(filled, question.field)
        if question.required and question.asked_on(track) and not given:
            found.append(f"{question.title}: is needed")
        elif given and not question.asked_on(track):
            found.append(f"{question.title}: is not asked in a review of {track}")
    return found


def kept_apart(facts: dict[str, Any], sealed: Mapping[str, str], step: Step, rulebook: Rulebook) -> dict[str, Any]:
    """The open facts of a line, with what was asked besides under one name and as it was asked."""
    kept: list[dict[str, Any]] = []
    plain = dict(facts)
    for question in _of(step, rulebook):
        answer = plain.pop(question.field, None)
        if answer or question.field in sealed:
            said = {"id": question.id, "title": question.title}
            kept.append(said if question.field in sealed else said | {"answer": answer})
    return plain | {BESIDES: kept} if kept else plain


def besides_words(facts: Mapping[str, Any], sealed: Mapping[str, str]) -> list[str]:
    """What a line says of the questions asked besides, in the words in which they were asked then."""
    said = [one for one in facts.get(BESIDES) or () if isinstance(one, Mapping)]
    return [f"{one['title']}: {one.get('answer') or sealed.get(field_of(one['id']), '')}" for one in said]


def other_words(facts: Mapping[str, Any], sealed: Mapping[str, str]) -> dict[str, str]:
    """The sealed words of a line that answer the program's own questions."""
    besides = {field_of(one["id"]) for one in facts.get(BESIDES) or () if isinstance(one, Mapping)}
    return {name: words for name, words in sealed.items() if name not in besides}


def _of(step: Step, rulebook: Rulebook) -> tuple[LocalQuestion, ...]:
    return rulebook.partnership.asked_besides(step.proposes or step.name)


def field_of(question: str) -> str:
    """The name of a question's answer on the form, by its id."""
    return f"local_{question}"


@lru_cache(maxsize=512)
def _with(form: type[Form], asked: tuple[LocalQuestion, ...], needed: frozenset[str]) -> type[Form]:
    fields: dict[str, Any] = {one.field: _one(one, one.id in needed) for one in asked}
    return create_model(form.__name__, __base__=form, __doc__=form.__doc__, **fields)


def _one(question: LocalQuestion, needed: bool) -> tuple[Any, Any]:
    """One question as a field: its kind of value, and how it is shown."""
    words: dict[str, Any] = {"title": question.title, "description": question.help or None}
    if question.kind == "text":
        return (Sealed, Field(**words)) if needed else (SealedOptional, Field(default="", **words))
    offered: Any = {
        "date": date,
        "yes_no": Literal["yes", "no", "not known"],
        "choice": Literal[question.choices] if question.choices else str,
    }[question.kind]
    kind = offered if needed else offered | None
    kind = Annotated[kind, Kept()] if question.sealed else kind
    return (kind, Field(**words)) if needed else (kind, Field(default=None, **words))
