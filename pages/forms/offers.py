"""
The choices of a question, by name and in words: nobody types an id, a code or a reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from safeguarding.dates.working_days import say
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.choices import choices
from safeguarding.review.review import Review
from safeguarding.review.states import State
from safeguarding.review.words import agency_name, subject_words
from safeguarding.stages.beside.recorded import DONE, may_have_been_done

PURPOSES = {"information": "Information or a chronology", "report": "Its report", "accuracy": "A check of the draft"}
POSITIONS = {"agree": "Agrees", "dissent": "Dissents", "absent": "Was absent"}
OF_NO_ONE = "Of the review as a whole"
REFERENCES = {
    "linked_with": None,
    "adult_referral": "adults",
    "child_referral": "children",
    "same_as": "adults",
}
"""The questions for the reference of another review, and of which track it is; None: of either."""
SUBJECT = "agency_or_action"
ACTION_SOURCE = "actions"


class Option(NamedTuple):
    """One answer to choose: what the record keeps, and the words."""

    value: str
    words: str


class OtherReview(NamedTuple):
    """Another review on the record, as it is offered."""

    reference: str
    pseudonym: str
    track: str


class Offers:
    """What the questions of one step offer. The rulebook is that of the day and of the review's track."""

    def __init__(self, review: Review | None, rulebook: Rulebook, others: Iterable[OtherReview] = ()) -> None:
        self.review, self.rulebook = review, rulebook
        self._others = tuple(others)

    def options(self, name: str, source: str | None, offered: Sequence[str]) -> tuple[Option, ...] | None:
        """The options of a question; None where it is none to choose from."""
        if source is not None:
            return self._of_list(source)
        if name == SUBJECT:
            return self._subjects()
        if name in REFERENCES and not offered:
            track = REFERENCES[name]
            mine = self.review.reference if self.review else ""
            there = [one for one in self._others if one.reference != mine and track in (None, one.track)]
            return tuple(Option(one.reference, f"{one.reference} · {one.pseudonym}") for one in there)
        if not offered:
            return None
        if self.review is not None and tuple(offered) == tuple(DONE):
            offered = may_have_been_done(self.review, self.rulebook)
        return tuple(Option(word, _in_words(word)) for word in offered if word)

    def _of_list(self, source: str) -> tuple[Option, ...]:
        named = _NAMED.get(source)
        found = choices(source, self.review, self.rulebook)
        if named is None or self.review is None:
            return tuple(Option(key, words) for key, words in found)
        return tuple(Option(key, named(key, words, self.review, self.rulebook)) for key, words in found)

    def _subjects(self) -> tuple[Option, ...]:
        """The agencies and actions of a review that something is owed of."""
        if self.review is None:
            return ()
        partnership = self.rulebook.partnership
        keys = [
            *(request.agency for request in self.review.requests),
            *(action.id for action in self.review.actions),
            *(duty.subject for duty in self.review.duties if duty.subject),
            *(mark.subject for mark in self.review.marks if mark.subject),
        ]
        actions = {action.id for action in self.review.actions}
        return tuple(
            Option(
                key, _action(key, "", self.review, self.rulebook) if key in actions else subject_words(key, partnership)
            )
            for key in dict.fromkeys(keys)
        )


def _in_words(word: str) -> str:
    """A word of the program as an answer that is read."""
    known = PURPOSES.get(word) or POSITIONS.get(word)
    if known:
        return known
    words = State(word).words if word in set(State) else word
    return words[:1].upper() + words[1:]


def _action(key: str, _: str, review: Review, rulebook: Rulebook) -> str:
    action = next((one for one in review.actions if one.id == key), None)
    if action is None:
        return key
    owner = rulebook.partnership.ever(action.owner)
    name = owner.name if owner else review.names.get(action.owner, action.owner)
    return f"{key}: {agency_name(action.agency, rulebook.partnership)}, {name}, due {say(action.due_on)}"


def _running(key: str, words: str, review: Review, _: Rulebook) -> str:
    due = [duty.due_on for duty in review.live(key)]
    return f"{words}, due {say(min(due))}" if due else words


def _mark(key: str, words: str, review: Review, _: Rulebook) -> str:
    on = review.happened(key)
    return f"{words[:1].upper()}{words[1:]}{f', {say(on)}' if on else ''}"


def _numbered(key: str, words: str, review: Review, _: Rulebook) -> str:
    due = [duty.due_on for duty in review.live() if duty.subject == key]
    return f"{key}, due {say(min(due))}" if due else f"{key}, {words}"


def _line(key: str, words: str, review: Review, _: Rulebook) -> str:
    line = next((one for one in review.history if str(one.sequence) == key), None)
    return f"{words} ({say(line.at.date())})" if line else words


_NAMED: dict[str, Callable[[str, str, Review, Rulebook], str]] = {
    ACTION_SOURCE: _action,
    "running duties": _running,
    "local dates": _running,
    "own dates": _running,
    "marks": _mark,
    "information requests": _numbered,
    "coroner's reports": _numbered,
    "last steps": _line,
    "still owed": lambda key, words, review, _: _running(key, words.partition(", due ")[0], review, _),
}
