"""
What «Continue» writes into boxes that were left empty, from what was answered on the same page.

One reason for several questions is written under each of them; the name of a reviewer and the owner of an action are
taken from the partnership's file. All of it stands on the page and at the check, to be read and changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pages.forms.question import JOINED, FormQuestion
from pages.forms.sections import Section
from pages.forms.typed import Typed
from safeguarding.law.partnership import Partnership

FEWEST = 3
"""Questions with a reason each from which one box for all of them is offered."""
AGENCY, OWNER = "agency", "owner"
REVIEWER, IN_FILE = "reviewer", "reviewer_in_file"
ITS_LEAD = "The agency's lead"


def one_reason(section: Section) -> tuple[FormQuestion, ...]:
    """The box for one reason for several questions, on a page that has several with a reason each."""
    if len(_limbs(section)) < FEWEST:
        return ()
    title = "One reason for all of these that have none of their own"
    words = "If you fill this in, it is written under each question above that is answered and has no reason yet."
    return (FormQuestion(f"reason{JOINED}{section.number}", title, words, "text", False),)


def eased(questions: Sequence[FormQuestion]) -> tuple[FormQuestion, ...]:
    """The questions as they are asked here: some may be left empty, and are taken from the partnership's file then."""
    return tuple(_eased(one, questions) for one in questions)


def complete(section: Section, typed: Typed, partnership: Partnership) -> None:
    """Write what follows into the empty boxes of one page."""
    for box in one_reason(section):
        if said := typed.one(box.id).strip():
            pairs = [limb.inner for limb in _limbs(section)]
            for answer, reason in pairs:
                if typed.one(answer.id) and not typed.one(reason.id).strip():
                    typed.put(reason.id, said)
            # It stays for a question that is answered later, and where no question has taken it.
            if all(typed.one(answer.id) for answer, _ in pairs) and is_written(section, typed, said):
                typed.put(box.id, "")
    for agency, owner in _owned(section, typed):
        there = partnership.agency_named(typed.one(agency))
        if there is not None and there.lead is not None and not typed.one(owner):
            typed.put(owner, there.lead)
    known = partnership.known(typed.one(IN_FILE))
    asked = any(one.id == REVIEWER for one in section.questions)
    if asked and known is not None and not typed.one(REVIEWER).strip():
        typed.put(REVIEWER, known.name)


def is_written(section: Section, typed: Typed, said: str) -> bool:
    """Whether the one reason for several questions is the reason of any of them."""
    return any(typed.one(limb.inner[1].id).strip() == said for limb in _limbs(section))


def _limbs(section: Section) -> list[FormQuestion]:
    return [one for one in section.questions if one.is_limb]


def _owned(section: Section, typed: Typed) -> Iterator[tuple[str, str]]:
    """The boxes for an agency and for the owner of its action, side by side: of the form itself, or of each row."""
    for question in section.questions:
        tables = (question.row(number) for number in range(typed.rows(question))) if question.kind == "rows" else ()
        for row in tables:
            yield from _pair(row)
    yield from _pair(section.questions)


def _pair(questions: Sequence[FormQuestion]) -> Iterator[tuple[str, str]]:
    named = {one.id.rpartition(JOINED)[2]: one for one in questions}
    if AGENCY in named and OWNER in named and named[OWNER].empty:
        yield named[AGENCY].id, named[OWNER].id


def _eased(question: FormQuestion, beside: Sequence[FormQuestion]) -> FormQuestion:
    if question.kind == "rows":
        return replace(question, inner=eased(question.inner))
    names = {one.id.rpartition(JOINED)[2] for one in beside}
    name = question.id.rpartition(JOINED)[2]
    if name == OWNER and AGENCY in names and question.needed:
        return replace(question, needed=False, empty=ITS_LEAD)
    if name == REVIEWER and IN_FILE in names:
        words = f"{question.help} Empty: as whoever is chosen below is called in the partnership's file."
        return replace(question, help=words.strip())
    return question
