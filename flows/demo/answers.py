"""
Invented answers to the form of every step, for the demo, the tests and the benchmarks.

`answer` fills a form as a business manager of the example partnership might on a given day. Nobody here exists
and nothing here happened.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from safeguarding.review.events import Actor
from safeguarding.review.review import Review
from safeguarding.review.states import Track

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
        "incident": "serious harm",
        "looked_after": "no",
        "care_leaver": "no",
        "acknowledged_on": today,
    }


def _decide_notification(_: Review | None, today: date) -> Answers:
    return {
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
    return {"returned_on": today, "missing": "The chronology of the referring agency."}


def _open_rapid_review(_: Review | None, today: date) -> Answers:
    return {"agencies": ASKED, "asked_on": today, "immediate_action": "taken", "immediate_action_note": "A safe place."}


def _without(review: Review | None, purpose: str) -> list[Answers]:
    waiting = review.waiting_on(purpose) if review else ()
    return [{"agency": agency, "reason": "Its file is with the coroner."} for agency in waiting]


def _conclude(review: Review | None, today: date) -> Answers:
    return {
        "meeting_held_on": today,
        "completed_on": today,
        "facts_gathered": yes(),
        "safety_discussed": yes(),
        "improvements_considered": yes(),
        "next_steps_considered": yes(),
        "without": _without(review, "information"),
    }


def _withdraw(_: Review | None, today: date) -> Answers:
    return {"reason": "The harm was an accident.", "panel_told_on": today, "learning_route": "none"}


def _complete_screening(review: Review | None, today: date) -> Answers:
    return {
        "completed_on": today,
        "advocate": "the adult has died",
        "summary": "Invented chronologies.",
        "without": _without(review, "information"),
    }


def _decide(review: Review | None, today: date) -> Answers:
    sent = None if review and review.happened("rapid_review_sent") else today
    return {
        "serious_case": yes(),
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
    }


def _panel_response(_: Review | None, today: date) -> Answers:
    return {
        "replied_on": today,
        "panel_reference": "EX-PANEL-1",
        "answer": "local review",
        "rationale": "As the Panel suggests.",
        "positions": all_agree(),
    }


def _decide_adult(_: Review | None, today: date) -> Answers:
    return {
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


def _commission(_: Review | None, today: date) -> Answers:
    return {
        "terms_agreed_on": today,
        "scope_from": today - timedelta(days=730),
        "scope_to": today - timedelta(days=30),
        "method": "systems",
        "terms": "How did agencies share what they knew?",
        "reviewer": "Pat Specimen",
        "appointed_on": today,
        "chair": "nico_specimen",
        "knowledge_of_reviews": yes(),
        "knowledge_of_research": yes(),
        "sees_complex_circumstances": yes(),
        "avoids_hindsight": yes(),
        "communicates": yes(),
        "conflict_of_interest": no(),
        "criminal_contact": "no criminal matter",
        "coroner_told": "the person is alive",
    }


def _commission_child(review: Review | None, today: date) -> Answers:
    return {**_commission(review, today), "panel_told_on": today}


def _commission_adult(review: Review | None, today: date) -> Answers:
    return {
        **_commission(review, today),
        "coroner_told": "told",
        "letters_sent_on": today,
        "consent": "the adult has died",
        "advocate": "the adult has died",
    }


def _discontinue(_: Review | None, today: date) -> Answers:
    return {"decided_on": today, "rationale": "A national review covers it.", "panel_told_on": today}


def _begin_drafting(review: Review | None, today: date) -> Answers:
    return {
        "completed_on": today,
        "practitioners": "heard",
        "family": "heard",
        "without": _without(review, "report"),
    }


def _back(_: Review | None, today: date) -> Answers:
    return {"decided_on": today, "reason": "A question was missed."}


def _submit_draft(review: Review | None, today: date) -> Answers:
    return {
        "completed_on": today,
        "accuracy_offered": yes(),
        "legal_check": "done",
        "anonymity_check": "done",
        "without": _without(review, "accuracy"),
    }


def _sign(_: Review | None, today: date) -> Answers:
    return {
        "accepted_on": today,
        "recommendations": 2,
        "every_recommendation_owned": yes(),
        "systemic_analysis": yes(),
        "positions": all_agree(),
        "publish": "the full report",
        "planned_on": today + timedelta(days=28),
    }


def _accept_findings(_: Review | None, today: date) -> Answers:
    answers = _sign(None, today)
    del answers["publish"], answers["planned_on"]
    return {**answers, "not_implemented": 0}


def _publish(_: Review | None, today: date) -> Answers:
    return {"published_on": today, "reviewer_named": "yes", "text_unchanged": "yes", "family_shown": "shown first"}


def _plan(_: Review | None, today: date) -> Answers:
    return {
        "planned_on": today + timedelta(days=28),
        "publish": "the full report",
        "text_changed": "no",
        "reason": "The family asked for another day.",
    }


def _defer(_: Review | None, today: date) -> Answers:
    return {
        "decided_on": today,
        "ground": "criminal proceedings",
        "reasons": "A trial is listed.",
        "sent_on": today,
        "expected_on": today + timedelta(days=120),
        "review_on": today + timedelta(days=60),
    }


def _decide_publication(_: Review | None, today: date) -> Answers:
    return {
        "decided_on": today,
        "what": "the full report",
        "published_on": today,
        "family_shown": "shown first",
        "anonymity": yes(),
        "legal_check": "done",
    }


def _agree_plan(_: Review | None, today: date) -> Answers:
    return {"agreed_on": today, "impact": "Fewer children are seen by one agency alone."}


def _add_action(_: Review | None, today: date) -> Answers:
    return {
        "agency": "education",
        "owner": "jules_lead",
        "due_on": today + timedelta(days=90),
        "agreed_on": today,
        "what": "Every school names a lead for absence.",
        "measure": "An audit of twelve schools.",
    }


def _update_action(review: Review | None, today: date) -> Answers:
    open_ones = [a.id for a in review.actions if a.status not in ("verified", "embedded")] if review else []
    return {
        "action": (open_ones or ["A01"])[0],
        "status": "verified",
        "on": today,
        "grade": "document",
        "note": "Seen.",
    }


def _close(_: Review | None, today: date) -> Answers:
    return {"closed_on": today, "impact": "too early to say", "closing_note": "What was learnt."}


def _ask(review: Review | None, today: date) -> Answers:
    adults = review is not None and review.track is Track.ADULTS
    return {"purpose": "report", "agencies": ADULT_ASKED if adults else ASKED, "asked_on": today}


def _record_return(review: Review | None, today: date) -> Answers:
    waiting = [r for r in review.requests if r.outcome == "waiting"] if review else []
    agency, purpose = (waiting[0].agency, waiting[0].purpose) if waiting else ("police", "information")
    return {"agency": agency, "purpose": purpose, "outcome": "returned", "on": today}


def _acknowledge_request(review: Review | None, today: date) -> Answers:
    asked = _record_return(review, today)
    return {name: asked[name] for name in ("agency", "purpose", "on")}


def _meeting(_: Review | None, today: date) -> Answers:
    return {"meeting": "review panel meeting", "on": today}


def _done(_: Review | None, today: date) -> Answers:
    return {"what": "progress of agencies checked", "on": today}


def _correct(review: Review | None, today: date) -> Answers:
    return {"what": "referral_received", "correct_on": today - timedelta(days=1), "reason": "The post was opened late."}


def _deferral(review: Review | None, today: date) -> Answers:
    return {
        "rule": "C12" if review is None or review.track is Track.CHILDREN else "A02",
        "ground": "criminal proceedings",
        "reasons": "A trial is listed.",
        "sent_to": ["national Panel", "Secretary of State"],
        "sent_on": today,
        "expected_on": today + timedelta(days=120),
        "review_on": today + timedelta(days=60),
    }


def _local(review: Review | None, today: date, *, suspended: bool) -> Answers:
    """The soonest local date that runs and has not passed, or the first that stands still."""
    clocks = () if review is None else review.suspended() if suspended else review.running()
    ours = [duty for duty in clocks if duty.rule.startswith("local.") and not duty.rule.endswith("suspension_review")]
    local = [duty for duty in ours if suspended or duty.due_on >= today]
    if not local:
        return {"duty": "local.x.imr_return"}
    return {"duty": local[0].rule, "agency_or_action": local[0].subject}


def _suspend(review: Review | None, today: date) -> Answers:
    return {
        **_local(review, today, suspended=False),
        "ground": "criminal proceedings",
        "asked_by": "police",
        "suspended_on": today,
        "look_again_on": today + timedelta(days=30),
        "reason": "A witness is to be heard first.",
    }


def _keep_suspended(review: Review | None, today: date) -> Answers:
    again = {"looked_on": today, "look_again_on": today + timedelta(days=30), "reason": "The trial was put off."}
    return _local(review, today, suspended=True) | again


def _resume(review: Review | None, today: date) -> Answers:
    return {**_local(review, today, suspended=True), "resumed_on": today}


def _count_again(_: Review | None, today: date) -> Answers:
    return {"reason": f"An extra bank holiday was announced on {today}."}


def _move(_: Review | None, today: date) -> Answers:
    return {"edition": "WT2023", "decided_on": today, "reason": "The later text is clearer about the family."}


def _note_text(_: Review | None, today: date) -> Answers:
    return {"edition": "WT2023", "noted_on": today, "reason": "The later text was read only today."}


def _reopen(review: Review | None, today: date) -> Answers:
    return {"decided_on": today, "return_to": "referred", "reason": "New information came in."}


def _take_down(_: Review | None, today: date) -> Answers:
    return {"on": today, "legal_decision": "EX-LEGAL-1", "reason": "A court so ordered."}


ANSWERS: dict[str, Callable[[Review | None, date], Answers]] = {
    "open_referral": _open_referral,
    "assess_notification": _assess,
    "decide_notification": _decide_notification,
    "send_notification": _send_notification,
    "close_not_serious": _close_not_serious,
    "accept_referral": _accept,
    "return_referral": _return,
    "open_rapid_review": _open_rapid_review,
    "conclude_rapid_review": _conclude,
    "withdraw_notification": _withdraw,
    "complete_screening": _complete_screening,
    "decide_review": _decide,
    "record_panel_response": _panel_response,
    "decide_adult_review": _decide_adult,
    "ask_for_information": _ask_for_information,
    "commission_review": _commission_child,
    "commission_adult_review": _commission_adult,
    "discontinue_review": _discontinue,
    "begin_drafting": _begin_drafting,
    "rescope_review": _back,
    "return_to_review": _back,
    "return_to_drafting": _back,
    "return_adult_draft": _back,
    "submit_draft": _submit_draft,
    "sign_report": _sign,
    "accept_findings": _accept_findings,
    "publish": _publish,
    "plan_publication": _plan,
    "defer_publication": _defer,
    "decide_publication": _decide_publication,
    "agree_action_plan": _agree_plan,
    "close_review": _close,
    "add_action": _add_action,
    "update_action": _update_action,
    "ask_agencies": _ask,
    "record_return": _record_return,
    "acknowledge_request": _acknowledge_request,
    "record_meeting": _meeting,
    "record_done": _done,
    "correct_date": _correct,
    "record_deferral": _deferral,
    "suspend_deadline": _suspend,
    "keep_suspended": _keep_suspended,
    "resume_deadline": _resume,
    "recompute_dates": _count_again,
    "move_to_edition": _move,
    "note_earlier_text": _note_text,
    "reopen": _reopen,
    "take_down": _take_down,
}
"""A way to answer the form of every step."""

SIGNERS = ("alex_example", "glenn_sample", "dana_sample")
"""The business manager, a delegated partner, a lead partner: between them they may take every step."""


def answer(step: str, review: Review | None, today: date, **changes: Any) -> Answers:
    """A complete answer to a step's form, with these changes."""
    return {**ANSWERS[step](review, today), **changes}


def signer(by: frozenset[str]) -> Actor:
    """Somebody of the example partnership who may take a step open to these roles."""
    roles = {"alex_example": "business_manager", "glenn_sample": "delegated_partner", "dana_sample": "lead_partner"}
    return Actor(person=next(person for person in SIGNERS if roles[person] in by))
