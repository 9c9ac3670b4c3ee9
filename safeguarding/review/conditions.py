"""
Conditions that several steps share: each a function named as the sentence it tests.

A factory (`day_is_not_in_the_future`) makes the sentence for one question of a form.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from safeguarding.review.choices import agency_then
from safeguarding.review.forms import Positions
from safeguarding.review.states import Track
from safeguarding.review.step import Attempt, Check, Condition


def day_is_not_in_the_future(question: str) -> Condition:
    """The day given for this question has come (in London). An empty day passes."""

    def day_has_come(step: Attempt[Any]) -> Check:
        day: date | None = getattr(step.form, question)
        words = question.replace("_", " ")
        return Check(day is None or day <= step.today, f"{words} {day} is in the future: today is {step.today}")

    return day_has_come


def day_is_not_in_the_past(question: str) -> Condition:
    """The day given for this question is today or later. An empty day passes."""

    def day_is_to_come(step: Attempt[Any]) -> Check:
        day: date | None = getattr(step.form, question)
        words = question.replace("_", " ")
        return Check(day is None or day >= step.today, f"{words} {day} has passed: today is {step.today}")

    return day_is_to_come


def day_is_not_before(question: str, mark: str) -> Condition:
    """The day given is on or after the day on which something named happened on this review."""

    def day_follows(step: Attempt[Any]) -> Check:
        day: date | None = getattr(step.form, question)
        earlier = step.review.happened(mark)
        words, what = question.replace("_", " "), mark.replace("_", " ")
        met = day is None or earlier is None or day >= earlier
        return Check(met, f"{words} {day} is before {what} on {earlier}")

    return day_follows


def adult_referral_is_found(step: Attempt[Any], reference: str, kept_elsewhere: str) -> Check:
    """
    A reference given as an adult referral's is one on this record, or it is said where else it is kept.

    Never this review's own, and never a child's: a duty is not met by a number that leads nowhere.
    """
    if reference.strip().casefold() == step.review.reference.casefold():
        return Check(False, f"{step.review.reference} is this review itself: give the reference of the adult referral")
    track = step.track_of(reference.strip())
    if track is Track.CHILDREN:
        return Check(False, f"{reference} is a review on the children's track: give that of the adult referral")
    words = (
        "that reference is no adult review on this record: open the referral on the adult track first, or say where "
        "else it is kept"
    )
    return Check(not reference or track is Track.ADULTS or bool(kept_elsewhere), words)


def every_partner_is_heard(step: Attempt[Any]) -> Check:
    """
    All three statutory partners are present in person or by deputy, so the decision is quorate.

    The duty is equal and shared; the partnership's file names who must be present and how many must agree.
    """
    positions: Positions = step.form.positions
    quorum = step.rulebook.partnership.quorum
    absent = [partner for partner, given in positions.each() if given.position == "absent"]
    missing = sorted(set(quorum.present) & set(absent))
    words = " and ".join(partner.replace("_", " ") for partner in missing)
    return Check(not missing, f"not quorate: {words} absent; name the deputy who spoke, or decide another day")


def enough_partners_agree(step: Attempt[Any]) -> Check:
    """As many partners agree as the partnership's file asks for; a dissent is recorded, not outvoted in silence."""
    positions: Positions = step.form.positions
    needed = step.rulebook.partnership.quorum.agree
    agreed = sum(given.position == "agree" for _, given in positions.each())
    return Check(agreed >= needed, f"only {agreed} of three partners agree; this partnership needs {needed}")


def dissent_and_absence_have_reasons(step: Attempt[Any]) -> Check:
    """Whoever dissents or is absent says why."""
    positions: Positions = step.form.positions
    silent = [
        partner.replace("_", " ")
        for partner, given in positions.each()
        if given.position != "agree" and not given.reasons
    ]
    return Check(not silent, f"reasons are needed for the position of the {' and the '.join(silent)}")


JOINT_DECISION: tuple[Condition, ...] = (
    every_partner_is_heard,
    enough_partners_agree,
    dissent_and_absence_have_reasons,
)
"""What makes a decision one of the three partners together."""


def agency_names(step: Attempt[Any], agencies: tuple[str, ...]) -> str:
    """Agencies by name, for a sentence."""
    return " and ".join(agency_then(agency, step.review, step.rulebook) for agency in agencies)
