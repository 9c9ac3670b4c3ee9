"""
The file of a form: the answers, who signs them, and on which line of the file what is refused stands.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from config import bounded_files
from config.bounded_files import Stands
from config.encodings import Unreadable, letters
from flows.cli.typed import ActingPerson, At, a_minute, by, shortly
from safeguarding.errors import SafeguardingError, TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.as_arranged import as_arranged, track_taken
from safeguarding.review.events import Actor, Attestation
from safeguarding.review.forms import Form, nested_form
from safeguarding.review.local_questions import read_form
from safeguarding.review.typed_words import MOST_ANSWERS
from safeguarding.stages import STEPS

LONGEST_PATH = 400
"""How much of the path of a file a complaint repeats."""

WhereItStands = Mapping[tuple[str | int, ...], Stands]


class FormUnreadable(SafeguardingError):
    """The file of a form is not there, or is neither JSON nor YAML."""

    code = "form-unreadable"


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class SignedAnswers:
    """The answers of a step, who signs it, and how the record knows that it was they."""

    form: Annotated[str, Parameter(metavar="FILE", allow_leading_hyphen=True)]
    """A JSON or YAML file with the answers, or - for standard input."""
    person: ActingPerson
    """Who signs: an id of the partnership's file."""
    minuted: Annotated[str | None, Parameter(converter=by(a_minute), metavar="REFERENCE")] = None
    """Decided in a meeting: the reference of the minute."""
    proved: Annotated[str | None, Parameter(converter=by(a_minute), metavar="REFERENCE")] = None
    """A signed paper is held: its reference."""
    at: At = None

    @property
    def actor(self) -> Actor:
        """Who signs, and how we know."""
        how = Attestation.MINUTED if self.minuted else Attestation.PROVED if self.proved else Attestation.DECLARED
        return Actor(person=self.person, attestation=how, minute=self.minuted or self.proved or "")

    @cached_property
    def answers(self) -> dict[str, Any]:
        """The answers by the name of each question. Raises FormUnreadable."""
        named = shortly(self.form, LONGEST_PATH)
        try:
            found = bounded_files.words(self._text, MOST_ANSWERS)
        except OSError as missing:
            raise FormUnreadable(f"The form {named} cannot be read: {missing.strerror}.", named) from None
        except Unreadable as wrong:
            raise FormUnreadable(f"The form {named} cannot be used: {wrong}.", named) from None
        except ValueError:  # A null in its name.
            raise FormUnreadable(f"The form {named} cannot be read: no file can have this name.", named) from None
        if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
            raise FormUnreadable(f"The form {named} must hold the answers by the name of each question.", named)
        return found

    @cached_property
    def _text(self) -> str:
        """The file's letters, or those of the standard input, as far as a form may be long."""
        if self.form == "-":
            typed = getattr(sys.stdin, "buffer", sys.stdin).read(bounded_files.LARGEST + 1)
            return letters(bounded_files.within(typed if isinstance(typed, bytes) else typed.encode()))
        with Path(self.form).open("rb") as file:
            return letters(bounded_files.within(file.read(bounded_files.LARGEST + 1)))

    @contextmanager
    def lines_named(self, step: str, rulebook: Rulebook) -> Iterator[None]:
        """A refusal of these answers also says on which line, and under which key, each of them stands."""
        try:
            yield
        except TransitionRefused as refused:
            if step not in STEPS:
                raise
            places = bounded_files.places_in(self._text)
            here = as_arranged(STEPS[step], track_taken(STEPS[step], None), rulebook.partnership)
            unmet = tuple(_with_line(reason, read_form(here, rulebook), places) for reason in refused.unmet)
            raise TransitionRefused(refused.reference, refused.transition, unmet) from None


def _with_line(reason: str, form: type[Form], places: WhereItStands) -> str:
    """A reason with the line and the key of the answer that it is about, if it is about one that was given."""
    path = _path(reason, form)
    if path:
        line = f"line {places[path].line}, " if path in places else ""
        return f"{reason} [{line}{'.'.join(map(str, path))}]"
    if not reason.startswith("the form: ") or " to no question" not in reason:
        return reason
    strange = [str(place.line) for found, place in places.items() if len(found) == 1 and _unasked(found[0], form)]
    return f"{reason} [line {', '.join(strange)}]" if strange else reason


def _unasked(name: str | int, form: type[Form]) -> bool:
    return name not in form.model_fields


def _path(reason: str, form: type[Form] | None) -> tuple[str | int, ...]:
    """The keys of the answer that a reason names by its titles."""
    path: list[str | int] = []
    while form is not None:
        titles = {info.title or name: name for name, info in form.model_fields.items()}
        title = max((title for title in titles if reason.startswith(f"{title}: ")), key=len, default=None)
        if title is None:
            break
        path.append(titles[title])
        reason = reason[len(title) + 2 :]
        number, colon, rest = reason.partition(": ")
        if colon and number.isdecimal():
            path.append(int(number) - 1)
            reason = rest
        form = nested_form(form.model_fields[titles[title]])
    return tuple(path)
