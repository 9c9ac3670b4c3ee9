"""
Invented answers from the commissioning of a review until it closes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from flows.demo.invented import Answers, all_agree, no, without, yes
from safeguarding.review.advance_copy import what_is_published
from safeguarding.review.review import Review
from safeguarding.stages.commission_parts import recorded_before


def _terms(_: Review | None, today: date) -> Answers:
    return {
        "terms_agreed_on": today,
        "scope_from": today - timedelta(days=730),
        "scope_to": today - timedelta(days=30),
        "method": "systems",
        "terms": "How did agencies share what they knew?",
        "daily_life": "The second question asks what a day was like, and who asked.",
    }


def _chair(_: Review | None, today: date) -> Answers:
    return {"chair": "nico_specimen", "named_on": today}


def _letters(_: Review | None, today: date) -> Answers:
    return {"letters_sent_on": today, "criminal_contact": "no criminal matter", "coroner_told": "the person is alive"}


def _commission(review: Review | None, today: date) -> Answers:
    """What is still asked for: nothing of a part that was recorded by itself."""
    whole = {
        **_terms(None, today),
        **_reviewer(today),
        "chair": "nico_specimen",
        "criminal_contact": "no criminal matter",
        "coroner_told": "the person is alive",
    }
    before = recorded_before(review) if review is not None else {}
    return {question: said for question, said in whole.items() if question not in before}


def _commission_child(review: Review | None, today: date) -> Answers:
    return {**_commission(review, today), "decision_told_on": today, "reviewer_named_on": today}


def _commission_adult(review: Review | None, today: date) -> Answers:
    before = recorded_before(review) if review is not None else {}
    letters = {"coroner_told": "told", "letters_sent_on": today}
    still = {question: said for question, said in letters.items() if question not in before}
    return {
        **_commission(review, today),
        **still,
        "consent": "the adult has died",
        "advocate": "the adult has died",
    }


def _discontinue(_: Review | None, today: date) -> Answers:
    return {
        "decided_on": today,
        "rationale": "A national review covers it.",
        "positions": all_agree(),
        "panel_told_on": today,
    }


def _discontinue_adult(_: Review | None, today: date) -> Answers:
    because = {"because": "the facts of section 44 turned out not to be met", "rationale": "The death was natural."}
    return {**because, "decided_on": today, "positions": all_agree(), "told": "told"}


def _begin_drafting(review: Review | None, today: date) -> Answers:
    return {
        "completed_on": today,
        "practitioners": "heard",
        "family": "heard",
        "without": without(review, "report"),
    }


def _back(_: Review | None, today: date) -> Answers:
    return {"decided_on": today, "reason": "A question was missed."}


def _submit_draft(review: Review | None, today: date) -> Answers:
    return {
        "completed_on": today,
        "accuracy_offered": yes(),
        "legal_check": "done",
        "anonymity_check": "done",
        "daily_life": "Chapter 2, pages 9 to 14, and the conclusions.",
        "without": without(review, "accuracy"),
    }


def _sign(_: Review | None, today: date) -> Answers:
    return {
        "accepted_on": today,
        "recommendations": 2,
        "every_recommendation_owned": yes(),
        "improvements_summary": yes(),
        "systemic_analysis": yes(),
        "daily_life": "Chapter 6, pages 41 and 42; recommendation 2.",
        "positions": all_agree(),
        "publish": "the full report",
        "planned_on": today + timedelta(days=28),
    }


def _accept_findings(_: Review | None, today: date) -> Answers:
    answers = _sign(None, today)
    del answers["publish"], answers["planned_on"], answers["improvements_summary"]
    return {**answers, "not_implemented": 0}


def _send_report(review: Review | None, today: date) -> Answers:
    what = ["the report"]
    if review is not None and what_is_published(review) != "full":
        what += ["the information about the improvements", "the justification for not publishing"]
    return {"sent_on": today, "to": ["Secretary of State", "national Panel", "Ofsted"], "what": what}


def _publish_nothing(_: Review | None, today: date) -> Answers:
    return {
        "decided_on": today,
        "justification": "Whatever is said of it would lead to a child.",
        "no_information": "The improvements cannot be told without the case.",
        "positions": all_agree(),
    }


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


def _defer_adult(_: Review | None, today: date) -> Answers:
    later = {"expected_on": today + timedelta(days=120), "review_on": today + timedelta(days=60)}
    said = {"ground": "inquest", "reasons": "An inquest is listed.", "family": "told"}
    return {"decided_on": today, **said, **later}


def _look_at_hold(_: Review | None, today: date) -> Answers:
    return {"looked_on": today, "again_on": today + timedelta(days=60), "note": "The trial goes on."}


def _end_hold(_: Review | None, today: date) -> Answers:
    return {"come_on": today, "planned_on": today + timedelta(days=28), "text_changed": "no"}


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


def _close(_: Review | None, today: date) -> Answers:
    return {"closed_on": today, "impact": "change seen", "closing_note": "What was learnt."}


def _remove_reviewer(_: Review | None, today: date) -> Answers:
    return {
        "removed_on": today,
        "reasons": "A tie with one of the agencies came out.",
        "another_by": today + timedelta(days=28),
        "positions": all_agree(),
    }


def _reviewer(today: date) -> Answers:
    return {
        "reviewer": "Pat Specimen",
        "reviewer_in_file": "pat_specimen",
        "appointed_on": today,
        "knowledge_of_reviews": yes(),
        "knowledge_of_research": yes(),
        "sees_complex_circumstances": yes(),
        "avoids_hindsight": yes(),
        "communicates": yes(),
        "conflict_of_interest": no(),
    }


def _appoint_reviewer(_: Review | None, today: date) -> Answers:
    return {**_reviewer(today), "work_so_far": "taken over"}


ANSWERS: dict[str, Callable[[Review | None, date], Answers]] = {
    "commission_review": _commission_child,
    "commission_adult_review": _commission_adult,
    "agree_terms": _terms,
    "name_chair": _chair,
    "appoint_first_reviewer": lambda _, today: _reviewer(today),
    "send_commission_letters": _letters,
    "discontinue_review": _discontinue,
    "discontinue_adult_review": _discontinue_adult,
    "defer_adult_publication": _defer_adult,
    "begin_drafting": _begin_drafting,
    "rescope_review": _back,
    "return_to_review": _back,
    "return_to_drafting": _back,
    "return_adult_draft": _back,
    "submit_draft": _submit_draft,
    "sign_report": _sign,
    "accept_findings": _accept_findings,
    "send_report": _send_report,
    "look_at_hold": _look_at_hold,
    "end_hold": _end_hold,
    "end_adult_hold": lambda _, today: {"come_on": today},
    "publish_nothing": _publish_nothing,
    "publish": _publish,
    "plan_publication": _plan,
    "defer_publication": _defer,
    "decide_publication": _decide_publication,
    "agree_action_plan": _agree_plan,
    "close_review": _close,
    "remove_reviewer": _remove_reviewer,
    "appoint_reviewer": _appoint_reviewer,
}
"""A way to answer the form of every step after the decision."""
