"""
A referral form that somebody filled in and sent: its answers as those of «Open a referral», so that nobody types them
twice.

Each answer is found by its question, wherever that stands. What fits no question of ours goes into the summary with its
own words, so that nothing that was written is lost; what has to be chosen and was not written as it is offered is left
to the unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from safeguarding.as_typed import looks
from safeguarding.errors import SafeguardingError
from safeguarding.law.partnership import Partnership
from safeguarding.review.states import Track
from safeguarding.shown.referral_form import (
    AGENCY,
    ASKED_AS_IN_THE_RECORD,
    OF_WHOM,
    WHO,
    concern_asked,
    concerns,
    known_asked,
    limbs_asked,
)

NOTHING = "nothing is filled in on it"
OTHER = "it is not our referral form: the name of the child or of the adult is not asked on it"


class FormNotOurs(SafeguardingError):
    """A file that was sent is not the referral form, or nobody filled it in."""

    code = "form-not-ours"

    def __init__(self, why: str) -> None:
        super().__init__(f"The form cannot be taken in: {why}. Nothing was recorded.", why)


class FilledReferral(NamedTuple):
    """What a filled form answers of a referral, by the names of its questions; and what is left to be answered."""

    track: Track
    answers: dict[str, str]
    left: tuple[str, ...]
    """What the unit has to answer, each in a sentence."""


def filled_referral(rows: Iterable[Sequence[str]], partnership: Partnership) -> FilledReferral:
    """The answers of a filled form, of which these are the rows of every table. Raises FormNotOurs."""
    given = [(_one_line(row[0]), [cell.strip() for cell in row[1:]]) for row in rows if row]
    track = next((track for track, asked in OF_WHOM.items() if _found(asked[0].question, given) is not None), None)
    if track is None:
        raise FormNotOurs(OTHER)
    if track.value not in partnership.tracks:
        raise FormNotOurs(f"{partnership.name} does no reviews of {track.value}")
    said = list(_answered(track, given))
    if not said:
        raise FormNotOurs(NOTHING)
    answers, left = {"track": track.value, "referred_by": "agency"}, list[str]()
    answers |= _chosen(track, dict(said), partnership, left)
    own = {question: name for name, question in _sealed_alone(track)}
    who = {one.question for one in WHO}
    answers["referrer"] = "\n".join(f"{question}: {answer}" for question, answer in said if question in who)
    answers |= {own[question]: answer for question, answer in said if question in own}
    rest = [(question, answer) for question, answer in said if question not in who and question not in own]
    answers["summary"] = "\n".join(f"{question}{_ends(question)} {answer}" for question, answer in rest)
    return FilledReferral(track, {name: words for name, words in answers.items() if words}, tuple(left))


def _chosen(track: Track, said: dict[str, str], partnership: Partnership, left: list[str]) -> dict[str, str]:
    """What is chosen from what is offered; what was written otherwise is left to the unit, and said."""
    found: dict[str, str] = {}
    written = said.get(AGENCY.question, "")
    agencies = {looks(name): known for known, name in partnership.agency_names.items()}
    if looks(written) in agencies:
        found["agency"] = agencies[looks(written)]
    else:
        found["referred_by"] = ""
        why = f"«{written}» is no agency of yours by this name" if written else "it does not say"
        left.append(f"Who referred: {why}.")
    kind = looks(said.get(concern_asked(track).question, "").rstrip(". "))
    found["concern"] = next((one for one in concerns(track) if looks(one) == kind), "")
    if not found["concern"]:
        left.append("What is referred: it is not written as it is offered, so choose it.")
    return found


def _answered(track: Track, given: Sequence[tuple[str, list[str]]]) -> Iterator[tuple[str, str]]:
    """Every question that was answered, in the order of the form, with the cells of its answer as one text."""
    limbs = [title for title, _ in limbs_asked()] if track is Track.ADULTS else []
    before, after = (*WHO, *OF_WHOM[track]), known_asked(track)
    for question in (*(one.question for one in before), *limbs, *(one.question for one in after)):
        if cells := [cell for cell in _found(question, given) or [] if cell]:
            yield question, ". ".join((*(cell.rstrip(". ") for cell in cells[:-1]), cells[-1]))


def _found(question: str, given: Sequence[tuple[str, list[str]]]) -> list[str] | None:
    """The answer beside a question; None where it is not asked."""
    return next((cells for first, cells in given if first.startswith(question)), None)


def _sealed_alone(track: Track) -> Iterator[tuple[str, str]]:
    """The questions of the form that are questions of the referral by themselves."""
    asked = known_asked(track)
    yield from zip(ASKED_AS_IN_THE_RECORD, (one.question for one in asked[-2:]), strict=True)


def _ends(question: str) -> str:
    return "" if question.endswith("?") else ":"


def _one_line(words: str) -> str:
    return " ".join(words.replace("\u200b", "").split())
