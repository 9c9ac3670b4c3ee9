"""
Conditions that several steps share: each a function named as the sentence it tests.

A factory (`day_is_not_in_the_future`) makes the sentence for one question of a form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from safeguarding.law.partners import Arrangement
from safeguarding.review.choices import agency_then
from safeguarding.review.forms import EachPartner
from safeguarding.review.states import Track
from safeguarding.review.step import HOLDS, Attempt, Check, Condition


def _asked(step: Attempt[Any], question: str) -> str:
    """A question of a form as the form puts it."""
    return f"«{type(step.form).model_fields[question].title or question.replace('_', ' ')}»"


@dataclass(frozen=True, slots=True)
class DayHasCome:
    """The day given for a question has come (in London). An empty day passes."""

    question: str

    @property
    def __name__(self) -> str:
        """The sentence that it tests."""
        return f"{self.question}_is_not_in_the_future"

    def __call__(self, step: Attempt[Any]) -> Check:
        """Whether it is today or earlier."""
        day: date | None = getattr(step.form, self.question)
        if day is None or day <= step.today:
            return HOLDS
        return Check(False, f"{_asked(step, self.question)}: {day} is in the future: today is {step.today}")


def day_is_not_in_the_future(question: str) -> DayHasCome:
    """The condition that the day given for this question has come."""
    return DayHasCome(question)


@dataclass(frozen=True, slots=True)
class DayIsToCome:
    """
    The day given for a question is after the day on which the step is taken, or, where a review was entered that was
    under way already, no later than the day of that. An empty day passes.
    """

    question: str
    words: str
    """What the day is, where it is not to come."""

    @property
    def __name__(self) -> str:
        """The sentence that it tests."""
        return f"{self.question}_is_to_come"

    def __call__(self, step: Attempt[Any]) -> Check:
        """Whether it is later than today."""
        day: date | None = getattr(step.form, self.question)
        met = day is None or day > step.today or _was_before_entry(day, step)
        return Check(met, f"{self.words} {day} is not to come")


def day_is_to_come(question: str, words: str) -> DayIsToCome:
    """The condition that the day given for this question, which is called this, is later than today."""
    return DayIsToCome(question, words)


def day_is_not_in_the_past(question: str) -> Condition:
    """The day given for this question is today or later. An empty day passes."""

    def day_is_to_come(step: Attempt[Any]) -> Check:
        day: date | None = getattr(step.form, question)
        if day is None or day >= step.today or _was_before_entry(day, step):
            return HOLDS
        return Check(False, f"{_asked(step, question)}: {day} has passed: today is {step.today}")

    return day_is_to_come


def _was_before_entry(day: date, step: Attempt[Any]) -> bool:
    """Whether a day had passed when a review was entered that was under way already: it is recorded as it was."""
    return step.review.entered_on is not None and day <= step.review.entered_on


@dataclass(frozen=True, slots=True)
class DayFollows:
    """The day given for a question is on or after the day on which something named last happened on this review."""

    question: str
    mark: str

    @property
    def __name__(self) -> str:
        """The sentence that it tests."""
        return f"{self.question}_is_not_before_{self.mark}"

    def __call__(self, step: Attempt[Any]) -> Check:
        """Whether it is that day or later. An empty day passes, and so does any while that has not happened."""
        day: date | None = getattr(step.form, self.question)
        earlier = step.review.happened(self.mark)
        if day is None or earlier is None or day >= earlier:
            return HOLDS
        what = step.rulebook.milestone_words(self.mark)
        return Check(False, f"{_asked(step, self.question)}: {day} is before {earlier}, when {what}")


def day_is_not_before(question: str, mark: str) -> DayFollows:
    """The condition that the day given for this question follows something named."""
    return DayFollows(question, mark)


@dataclass(frozen=True, slots=True)
class DayFollowsAnother:
    """Of two days on one form the one is on or after the other."""

    question: str
    other: str
    why: str = "nothing is sent or told before it is decided"
    """Why the one follows the other, in words."""

    @property
    def __name__(self) -> str:
        """The sentence that it tests."""
        return f"{self.question}_is_not_before_{self.other}"

    def __call__(self, step: Attempt[Any]) -> Check:
        """Whether it is that day or later. An empty day passes."""
        day: date | None = getattr(step.form, self.question)
        other: date | None = getattr(step.form, self.other)
        if day is None or other is None or day >= other:
            return HOLDS
        words = f"{_asked(step, self.question)}: {day} is before {other}, the day given for {_asked(step, self.other)}"
        return Check(False, f"{words}: {self.why}")


def adult_referral_is_found(step: Attempt[Any], reference: str, kept_elsewhere: str) -> Check:
    """A reference given as an adult referral's is one on this record, or it is said where else it is kept."""
    return _referral_is_found(step, Track.ADULTS, reference, kept_elsewhere)


def child_referral_is_found(step: Attempt[Any], reference: str, kept_elsewhere: str) -> Check:
    """A reference given as a child's referral is one on this record, or it is said where else it is kept."""
    return _referral_is_found(step, Track.CHILDREN, reference, kept_elsewhere)


def _referral_is_found(step: Attempt[Any], wanted: Track, reference: str, kept_elsewhere: str) -> Check:
    """Never this review's own, and never one of the other track: no duty is met by a number that leads nowhere."""
    if not reference:
        return Check(True, "")
    a_person, of_the_track, other = _OF_TRACK[wanted]
    if reference.strip().casefold() == step.review.reference.casefold():
        return Check(False, f"{step.review.reference} is this review itself: give the reference of the {of_the_track}")
    track = step.track_of(reference.strip())
    if track is not None and track is not wanted:
        return Check(False, f"{reference} is a review on the {other} track: give that of the {of_the_track}")
    words = (
        f"that reference is no {a_person} review on this record: open the referral on the {a_person} track first, or "
        "say where else it is kept"
    )
    return Check(track is wanted or bool(kept_elsewhere), words)


_OF_TRACK = {
    Track.ADULTS: ("adult", "adult referral", "children's"),
    Track.CHILDREN: ("child", "referral of the child", "adults'"),
}
"""Of each track: whose review it is, what its referral is called, and the other track."""


def every_partner_is_heard(step: Attempt[Any]) -> Check:
    """
    Every partner that must be there is present in person or by deputy, so the decision is quorate.

    The duty is equal and shared; the partnership's file names who must be present and how many must agree. Where
    somebody else decides, the partners advise, and none has to be there.
    """
    positions: EachPartner = step.form.positions
    here = _arranged(step)
    nameless = [here.name(who) for who, given in positions.each() if given.position != "absent" and not given.person]
    if nameless:
        return Check(False, f"say who spoke for the {' and the '.join(nameless)}, or that nobody was there")
    absent = {partner for partner, given in positions.each() if given.position == "absent"}
    missing = sorted(set(here.present) & absent) if here.decider == "partners" else []
    words = " and ".join(here.name(partner) for partner in missing)
    return Check(not missing, f"not quorate: {words} absent; name the deputy who spoke, or decide another day")


def enough_partners_agree(step: Attempt[Any]) -> Check:
    """
    As many partners agree as the partnership's file asks for; a dissent is recorded, not outvoted in silence.

    Partners without a vote are not counted; nor is anybody where the independent chair or a group decides.
    """
    here = _arranged(step)
    if here.decider != "partners":
        return Check(True, "")
    given = dict(step.form.positions.each())
    agreed = sum(given[partner.id].position == "agree" for partner in here.voting)
    several = len(here.voting)
    words = f"only {agreed} of {COUNTED.get(several, several)} partners agree; this partnership needs {here.agree}"
    return Check(agreed >= here.agree, words)


def dissent_and_absence_have_reasons(step: Attempt[Any]) -> Check:
    """Whoever dissents or is absent says why; of those who only advise, whoever advises against it."""
    positions: EachPartner = step.form.positions
    here = _arranged(step)
    joint = here.decider == "partners"
    silent = [
        here.name(partner)
        for partner, given in positions.each()
        if not given.reasons and (given.position == "dissent" or (joint and given.position == "absent"))
    ]
    return Check(not silent, f"reasons are needed for the position of the {' and the '.join(silent)}")


def _arranged(step: Attempt[Any]) -> Arrangement:
    return step.rulebook.partnership.arrangement(step.review.track.value)


COUNTED = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}
"""Small numbers in words."""

JOINT_DECISION: tuple[Condition, ...] = (
    every_partner_is_heard,
    enough_partners_agree,
    dissent_and_absence_have_reasons,
)
"""What makes a decision one of the partners together, or of whoever decides on their advice."""


def agency_names(step: Attempt[Any], agencies: tuple[str, ...]) -> str:
    """Agencies by name, for a sentence."""
    return " and ".join(agency_then(agency, step.review, step.rulebook) for agency in agencies)


def named_once(*questions: str) -> Condition:
    """The condition that nothing is chosen twice in these questions."""

    def nothing_is_named_twice(step: Attempt[Any]) -> Check:
        """Each theme, lesson or finding is named once."""
        chosen = {question: getattr(step.form, question) for question in questions}
        titles = type(step.form).model_fields
        twice = [str(titles[name].title) for name, given in chosen.items() if len(set(given)) < len(given)]
        return Check(not twice, f"chosen more than once: {', '.join(twice)}")

    return nothing_is_named_twice
