"""
A referral form that somebody filled in and sent: its answers as those of «Open a referral», so that nobody types them
twice.

Each answer is found by its question, wherever that stands and however it is numbered or capitalised: beside it, under
it in the same cell, or in rows that go on below it. Every other row and paragraph that the blank form does not have
goes into the summary with its own words, so that nothing that was read is lost; what has to be chosen and was not
written as it is offered is left to the unit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from safeguarding.as_typed import looks
from safeguarding.errors import SafeguardingError
from safeguarding.law.partnership import Partnership
from safeguarding.review.states import Track
from safeguarding.shown.blocks import blocks_of
from safeguarding.shown.referral_form import (
    AGENCY,
    ASKED_AS_IN_THE_RECORD,
    OF_WHOM,
    WHO,
    QuestionToAgency,
    concern_asked,
    concerns,
    known_asked,
    limbs_asked,
    referral_form,
)

NOTHING = "nothing is filled in on it"
OTHER = "it is not our referral form: the name of the child or of the adult is not asked on it"

ALSO = "Also written on the form"
NOT_READ = "[not read: {}]"
"""What stands in the place of something that is no words."""
LOOK_IT_UP = "Something on it is no words and was not read: look at the form where the referral says «[not read: …]»."
NUMBERED = r"\s*(?:(?:q(?:uestion)?\s*)?\(?(?:[0-9]{1,2}|[a-z])\s*[.):]\s*)*"
"""How a question may be numbered."""
ALIKE = ("-\u2010\u2011\u2012\u2013\u2014\u2212", "'\u2018\u2019")
"""Signs that look the same in a question."""
UNSEEN = str.maketrans("", "", "\u200b\u00ad\ufeff")


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


class FormRead(NamedTuple):
    """What stands on a form: the answer to each question, in the order of the form, and what fits none."""

    answers: dict[str, str]
    also: list[str]


def filled_referral(rows: Iterable[Sequence[str]], partnership: Partnership) -> FilledReferral:
    """
    The answers of a filled form, of which these are the rows of every table and, as rows of one cell, its paragraphs.

    Raises FormNotOurs.
    """
    given = [[cell.translate(UNSEEN).strip() for cell in row] for row in rows if row]
    track = next((track for track, asked in OF_WHOM.items() if _asks(asked[0], given)), None)
    if track is None:
        raise FormNotOurs(OTHER)
    if track.value not in partnership.tracks:
        raise FormNotOurs(f"{partnership.name} does no reviews of {track.value}")
    read = _read(track, given, partnership)
    if not read.answers and not read.also:
        raise FormNotOurs(NOTHING)
    answers, left = {"track": track.value, "referred_by": "agency"}, list[str]()
    answers |= _chosen(track, read.answers, partnership, left)
    own = {question: name for name, question in _sealed_alone(track)}
    who, said = {one.question for one in WHO}, read.answers.items()
    answers["referrer"] = "\n".join(f"{question}: {answer}" for question, answer in said if question in who)
    answers |= {own[question]: answer for question, answer in said if question in own}
    rest = [(question, answer) for question, answer in said if question not in who and question not in own]
    summary = [f"{question}{_ends(question)} {answer}" for question, answer in rest]
    answers["summary"] = "\n".join([*summary, *([f"{ALSO}:", *read.also] if read.also else [])])
    if any(NOT_READ.partition("{")[0] in words for words in answers.values()):
        left.append(LOOK_IT_UP)
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


def _read(track: Track, given: Sequence[Sequence[str]], partnership: Partnership) -> FormRead:
    """Every row in its order: the answer to a question, more of one, or something that is asked nowhere."""
    asked, blank = _questions(track), Counter(_looks_of(row) for row in _blank(partnership, track))
    found, also = dict[str, list[str]](), list[str]()
    goes_on: list[str] | None = None
    for row in given:
        one, under = next(((one, under) for one in asked if (under := _under(one, row[0])) is not None), (None, ""))
        cells = [cell for cell in ((under if one else row[0]), *row[1:]) if cell]
        if one is not None and not found.get(one.question):
            goes_on = found[one.question] = [_as_one(cells)] if cells else []
        elif one is not None and cells:
            # A second copy of a row: of another child, or of another who refers.
            goes_on = also
            also.append(f"{one.question}{_ends(one.question)} {_as_one(cells)}")
        elif one is None and blank[_looks_of(row)]:
            blank[_looks_of(row)] -= 1
        elif cells:
            more = goes_on if len(row) > 1 and not row[0] else None
            (also if more is None else more).append(_as_one(cells) if more is not None else ": ".join(cells))
    answered = {one.question: "\n".join(found.get(one.question, ())) for one in asked}
    return FormRead({question: words for question, words in answered.items() if words}, also)


def _questions(track: Track) -> list[QuestionToAgency]:
    """Every question of the form, in its order."""
    limbs = [QuestionToAgency(*one) for one in limbs_asked()] if track is Track.ADULTS else []
    return [*WHO, *OF_WHOM[track], *limbs, *known_asked(track)]


def _blank(partnership: Partnership, track: Track) -> Iterator[Sequence[str]]:
    """What the blank form has: the rows of its tables, and its paragraphs and headings."""
    for block in blocks_of(referral_form(partnership, track)):
        yield from [block["head"], *block["rows"]] if block["kind"] == "table" else [[block.get("words", "")]]


def _looks_of(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(looks(" ".join(cell.translate(UNSEEN).split())) for cell in row if cell.strip())


def _asks(one: QuestionToAgency, given: Iterable[Sequence[str]]) -> bool:
    return any(_under(one, row[0]) is not None for row in given)


def _under(one: QuestionToAgency, cell: str) -> str | None:
    """What stands in the cell of a question after it and its help; None where it is not asked there."""
    asked = _pattern(one.question, one.help).match(cell)
    return None if asked is None else cell[asked.end() :].strip()


@cache
def _pattern(question: str, help_: str) -> re.Pattern[str]:
    """By which a question and its help are found: made once, for a file may have as many rows as fit into it."""
    helped = rf"(?:{_alike(help_)})?" if help_ else ""
    return re.compile(rf"{NUMBERED}{_alike(question.rstrip('?'))}(?!\w)\s*[?.:]?\s*{helped}", re.IGNORECASE)


def _alike(words: str) -> str:
    """A pattern for the same words with any space, dash or apostrophe."""
    same = {sign: f"[{re.escape(signs)}]" for signs in ALIKE for sign in signs}
    return r"\s+".join("".join(same.get(sign, re.escape(sign)) for sign in word) for word in words.split())


def _as_one(cells: Sequence[str]) -> str:
    return ". ".join((*(cell.rstrip(". ") for cell in cells[:-1]), cells[-1]))


def _sealed_alone(track: Track) -> Iterator[tuple[str, str]]:
    """The questions of the form that are questions of the referral by themselves."""
    asked = known_asked(track)
    yield from zip(ASKED_AS_IN_THE_RECORD, (one.question for one in asked[-2:]), strict=True)


def _ends(question: str) -> str:
    return "" if question.endswith("?") else ":"
