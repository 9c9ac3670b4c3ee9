"""
Invented answers from the referral to the decision.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flows.demo.invented import ADULT_ASKED, ASKED, Answers, all_agree, no, without, yes
from safeguarding.duties.lateness import without_a_reason
from safeguarding.review.proposals import DONE_ONCE_DECIDED
from safeguarding.review.review import Review


def _open_referral(_: Review | None, today: date) -> Answers:
    return {
        "track": "children",
        "received_on": today,
        "referred_by": "agency",
        "agency": "education",
        "concern": "serious harm, abuse or neglect known or suspected",
        "summary": "An invented child was hurt at an invented home.",
    }


def _assess(_: Review | None, today: date) -> Answers:
    return {
        "aware_on": today,
        "under_18": "yes",
        "incident": "serious harm",
        "looked_after": "no",
        "care_leaver": "no",
        "acknowledged_on": today,
    }


def _decide_notification(_: Review | None, today: date) -> Answers:
    return {
        "under_18": yes(),
        "abuse_or_neglect": yes(),
        "died": no(),
        "seriously_harmed": yes(),
        "in_this_area": yes(),
        "in_another_english_area": no(),
        "normally_resident_here": no(),
        "looked_after": no(),
        "care_leaver": no(),
        "decided_on": today,
        "partners_agree": "all agree",
    }


def _send_notification(_: Review | None, today: date) -> Answers:
    return {"sent_on": today, "national_reference": "EX-NOT-1", "partners_told_on": today, "evidence": "system receipt"}


def _close_not_serious(_: Review | None, today: date) -> Answers:
    return {
        "decided_on": today,
        "reason": "No abuse or neglect is suspected.",
        "learning_route": "learning request",
        "acknowledged_on": today,
    }


def _accept(_: Review | None, today: date) -> Answers:
    return {
        "acknowledged_on": today,
        "accepted_on": today,
        "facts_known_on": today,
        "agencies": ADULT_ASKED,
        "asked_on": today,
    }


def _return(_: Review | None, today: date) -> Answers:
    return {"section_44": no(), "returned_on": today, "missing": "The chronology of the referring agency."}


def _open_rapid_review(_: Review | None, today: date) -> Answers:
    return {"agencies": ASKED, "asked_on": today, "immediate_action": "taken", "immediate_action_note": "A safe place."}


def _conclude(review: Review | None, today: date) -> Answers:
    return {
        "meeting_held_on": today,
        "completed_on": today,
        "facts_gathered": yes(),
        "safety_discussed": yes(),
        "improvements_considered": yes(),
        "next_steps_considered": yes(),
        "without": without(review, "information"),
    }


def _withdraw(_: Review | None, today: date) -> Answers:
    return {
        "why": "no abuse or neglect",
        "known_on": today,
        "reason": "The harm was an accident.",
        "panel_told_on": today,
        "learning_route": "none",
    }


def _withdraw_referral(_: Review | None, today: date) -> Answers:
    because = {"because": "the referrer takes it back", "reason": "It was meant for a complaint."}
    return {"section_44": no(), **because, "withdrawn_on": today}


def _refer_on(_: Review | None, today: date) -> Answers:
    told = {"told_on": today, "referrer_told_on": today, "reason": "The adult lived there."}
    told |= {"whom": "The board of an invented place."}
    return {"section_44": no(), "to": "another safeguarding adults board", **told}


def _complete_screening(review: Review | None, today: date) -> Answers:
    return {
        "completed_on": today,
        "summary": "Invented chronologies.",
        "without": without(review, "information"),
    }


def _decide(review: Review | None, today: date) -> Answers:
    sent = None if review and review.happened("rapid_review_sent") else today
    return {
        "serious_case": yes(),
        "importance_to_area": yes(),
        "improvements": yes(),
        "recurrent_themes": no(),
        "joint_working": yes(),
        "panel_view": no(),
        "new_learning": yes(),
        "outcome": "local review",
        "rationale": "New learning about how agencies share what they see.",
        "decided_on": today,
        "positions": all_agree(),
        "sent_to_panel_on": sent,
        "family_told": "to be told",
        "late_reason": "One agency's file came late." if review and without_a_reason(review, today, sent) else "",
    }


def _panel_response(_: Review | None, today: date) -> Answers:
    return {
        "replied_on": today,
        "panel_reference": "EX-PANEL-1",
        "answer": "local review",
        "decided_on": today,
        "rationale": "As the Panel suggests.",
        "positions": all_agree(),
    }


def _decide_adult(_: Review | None, today: date) -> Answers:
    return {
        "adult": yes(),
        "in_area": yes(),
        "needs": yes(),
        "concern": yes(),
        "died": yes(),
        "alive": no(),
        "outcome": "mandatory review",
        "method": "standard",
        "rationale": "Section 44 is met.",
        "decided_on": today,
        "positions": all_agree(),
        "referrer_told_on": today,
    }


def _ask_for_information(_: Review | None, today: date) -> Answers:
    return {"asked_on": today, "question": "Which services knew of the needs?"}


def _proposed(decide: Callable[[Review | None, date], Answers]) -> Callable[[Review | None, date], Answers]:
    """The answers to a decision without the positions, its day and what is done once it stands."""
    left = ("positions", "decided_on", *DONE_ONCE_DECIDED)

    def propose(review: Review | None, today: date) -> Answers:
        return {name: given for name, given in decide(review, today).items() if name not in left}

    return propose


def _sign_position(_: Review | None, today: date) -> Answers:
    return {"position": "agree"}


def _close_positions(_: Review | None, today: date) -> Answers:
    return {"becomes": "nothing is decided", "reasons": "One partner asks for another meeting."}


ANSWERS: dict[str, Callable[[Review | None, date], Answers]] = {
    "open_referral": _open_referral,
    "assess_notification": _assess,
    "decide_notification": _decide_notification,
    "send_notification": _send_notification,
    "close_not_serious": _close_not_serious,
    "accept_referral": _accept,
    "return_referral": _return,
    "withdraw_referral": _withdraw_referral,
    "refer_on": _refer_on,
    "open_rapid_review": _open_rapid_review,
    "conclude_rapid_review": _conclude,
    "withdraw_notification": _withdraw,
    "complete_screening": _complete_screening,
    "decide_review": _decide,
    "record_panel_response": _panel_response,
    "decide_adult_review": _decide_adult,
    "ask_for_information": _ask_for_information,
    "propose_review_decision": _proposed(_decide),
    "propose_adult_decision": _proposed(_decide_adult),
    "sign_position": _sign_position,
    "close_positions": _close_positions,
}
"""A way to answer the form of every step up to the decision."""
