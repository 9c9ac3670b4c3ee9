"""
What the invented answers are made of: agencies, limbs answered, the partners' positions. Nobody here exists.
"""

from __future__ import annotations

from typing import Any

from safeguarding.review.review import Review

ASKED = ["childrens_social_care", "police", "education", "general_practice"]

ADULT_ASKED = ["adult_social_care", "police", "hospital_trust", "housing"]

Answers = dict[str, Any]


def yes(reason: str = "Recorded in the agencies' returns.") -> Answers:
    """A limb answered «yes»."""
    return {"answer": "yes", "reason": reason}


def no(reason: str = "Nothing in the returns points to it.") -> Answers:
    """A limb answered «no»."""
    return {"answer": "no", "reason": reason}


def not_known(reason: str = "One agency has yet to say.") -> Answers:
    """A limb whose answer is not known."""
    return {"answer": "not known", "reason": reason}


def all_agree() -> Answers:
    """The three delegated partners agree."""
    return {
        "local_authority": {"person": "glenn_sample", "position": "agree"},
        "police": {"person": "harper_sample", "position": "agree"},
        "integrated_care_board": {"person": "indy_sample", "position": "agree"},
    }


def police_dissent_by_deputy() -> Answers:
    """Two agree; the deputy of the police partner dissents, with reasons."""
    dissent = {"person": "kelly_sample", "position": "dissent", "reasons": "The learning is already in hand."}
    return {**all_agree(), "police": dissent}


def rest_dropped() -> list[Answers]:
    """Whatever is still owed when a review closes ends with it."""
    return [{"what": "everything_else", "becomes": "dropped", "reason": "It ends with the review."}]


def without(review: Review | None, purpose: str) -> list[Answers]:
    """Every agency that has not answered, with the reason for going on without it."""
    waiting = review.waiting_on(purpose) if review else ()
    return [{"agency": agency, "reason": "Its file is with the coroner."} for agency in waiting]
