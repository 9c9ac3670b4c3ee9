"""
Invented answers of the short forms: what may happen to a review at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from flows.demo.invented import ADULT_ASKED, ASKED, Answers
from safeguarding.duties.lateness import missed
from safeguarding.review.impact import LOOK_RULES, to_look_at
from safeguarding.review.review import Review
from safeguarding.review.states import Track
from safeguarding.review.wordings import to_approve


def _add_action(_: Review | None, today: date) -> Answers:
    return {
        "agency": "education",
        "owner": "jules_lead",
        "due_on": today + timedelta(days=90),
        "agreed_on": today,
        "what": "Every school names a lead for absence.",
        "measure": "An audit of twelve schools.",
        "priority": "high",
        "change": "A child who is absent is asked after on the first day.",
    }


def _update_action(review: Review | None, today: date) -> Answers:
    open_ones = [a.id for a in review.actions if not a.done] if review else []
    return {
        "action": (open_ones or ["A01"])[0],
        "status": "verified",
        "on": today,
        "grade": "document",
        "evidence": "EX-AUD-4, p. 3",
        "note": "Seen.",
    }


def _hand_over(review: Review | None, today: date) -> Answers:
    owners = [action.owner for action in review.actions] if review is not None else []
    return {"leaver": (owners or ["jules_lead"])[0], "successor": "jordan_director", "on": today, "note": "A new post."}


def _change_action(review: Review | None, today: date) -> Answers:
    open_ones = [a for a in review.actions if not a.done] if review else []
    first = open_ones[0] if open_ones else None
    later = max(first.due_on, today) + timedelta(days=7) if first else today + timedelta(days=97)
    said = {"due_on": later, "agreed_on": today, "reason": "The audit needs another week."}
    return {"action": first.id if first else "A01", **said}


def _check_impact(review: Review | None, today: date) -> Answers:
    done = [action.id for action in to_look_at(review.actions)] if review is not None else []
    due = [duty.subject for duty in review.running() if duty.rule in LOOK_RULES] if review is not None else []
    return {
        "actions": [next((one for one in due if one in done), (done or ["A01"])[0])],
        "on": today,
        "outcome": "change seen",
        "how": "audit",
        "seen": "Twelve files of twelve: an absent child is asked after on the first day.",
    }


def _add_plan(_: Review | None, today: date) -> Answers:
    due = today + timedelta(days=60)
    lines = (
        f"Schools and early years\tJules Example\t{due}\tEvery school names a lead.\tAn audit of twelve schools.",
        f"police\tcasey_lead\t{due}\tOfficers see a child alone.\tA sample of fifty records.",
    )
    return {"agreed_on": today, "pasted": "\n".join(lines)}


THEMES = ("was_not_brought", "information_sharing")


def _lesson(_: Review | None, today: date) -> Answers:
    return {"themes": THEMES, "on": today, "what": "Missed appointments were counted and nobody asked why."}


def _finding(review: Review | None, today: date) -> Answers:
    lessons = [one.id for one in review.lessons[-2:]] if review is not None else []
    return {"lessons": lessons, "themes": THEMES, "on": today, "what": "No agency put the missed visits together."}


def _recommendation(review: Review | None, today: date) -> Answers:
    findings = [one.id for one in review.findings[-2:]] if review is not None else []
    return {
        "agency": "education",
        "findings": findings,
        "themes": THEMES,
        "on": today,
        "due_on": today + timedelta(days=180),
        "what": "Every school asks why, the second time that a child is not brought.",
    }


def _decide_recommendation(review: Review | None, today: date) -> Answers:
    waiting = [one.id for one in review.recommendations if not one.decision] if review is not None else []
    return {"recommendation": (waiting or ["R01"])[0], "decision": "accepted", "decided_on": today}


def _ask(review: Review | None, today: date) -> Answers:
    adults = review is not None and review.track is Track.ADULTS
    return {"purpose": "report", "agencies": ADULT_ASKED if adults else ASKED, "asked_on": today}


def _record_return(review: Review | None, today: date) -> Answers:
    waiting = [r for r in review.requests if r.outcome == "waiting"] if review else []
    agency, purpose = (waiting[0].agency, waiting[0].purpose) if waiting else ("police", "information")
    asked = {"agency": agency, "purpose": purpose, "outcome": "returned", "on": today}
    return asked if purpose == "accuracy" else {**asked, "daily_life": "yes"}


def _acknowledge_request(review: Review | None, today: date) -> Answers:
    asked = _record_return(review, today)
    return {name: asked[name] for name in ("agency", "purpose", "on")}


def _meeting(_: Review | None, today: date) -> Answers:
    return {"meeting": "review panel meeting", "on": today}


def _done(_: Review | None, today: date) -> Answers:
    return {"what": "progress of agencies checked", "on": today}


def _request_information(_: Review | None, today: date) -> Answers:
    return {
        "under": "section 16H: a safeguarding partner asks",
        "asked_on": today,
        "answer_by": today + timedelta(days=14),
        "asked_of": "An invented club.",
        "purpose": "Its register of the spring, for the review's chronology.",
    }


def _waiting(review: Review | None, *rules: str) -> str:
    """The number of what waits under one of these rules, or the first there could be."""
    found = [duty.subject for duty in review.live() if duty.rule in rules] if review is not None else []
    return found[0] if found else "P01" if "C25" in rules else "H01"


def _end_information_request(review: Review | None, today: date) -> Answers:
    number = _waiting(review, "C23", "C24")
    return {"request": number, "outcome": "supplied", "on": today, "kept_to_its_purpose": "yes"}


def _coroners_report(review: Review | None, today: date) -> Answers:
    known = [mark for mark in review.marks if mark.name == "coroner_report_sent"] if review is not None else []
    reference = f"EX-COR-{len(known) + 1}"
    made_to = "the partnership or its board"
    return {"sent_on": today, "received_on": today, "reference": reference, "made_to": made_to}


CORONER = ("C25", "C25b", "A11", "A11b")


def _coroners_extension(review: Review | None, today: date) -> Answers:
    number = _waiting(review, *CORONER)
    later = today + timedelta(days=90)
    return {"report": number, "extended_on": today, "until": later, "letter": "EX-COR-2"}


def _answer_coroner(review: Review | None, today: date) -> Answers:
    content = "action taken or proposed, with its timetable"
    return {"report": _waiting(review, *CORONER), "content": content, "on": today}


def _monitor(_: Review | None, today: date) -> Answers:
    return {
        "on": today,
        "progress": "satisfactory",
        "quality": "satisfactory",
        "seen": "A first chapter.",
    }


def _learnt_since(_: Review | None, today: date) -> Answers:
    known = {"died": "no", "looked_after": "no", "care_leaver": "no"}
    return {"known_on": today, **known, "how": "The hospital's letter says so."}


def _give_reason(review: Review | None, today: date) -> Answers:
    late = missed(review, today) if review is not None else ()
    rule = late[0].rule if late else "C05"
    return {"rule": rule, "ground": "agency information late", "reasons": "One file came late.", "given_on": today}


def _correct(review: Review | None, today: date) -> Answers:
    return {"what": "referral_received", "correct_on": today - timedelta(days=1), "reason": "The post was opened late."}


def _take_back(_: Review | None, today: date) -> Answers:
    return {"reason": "It was meant for another review."}


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


def _extend(review: Review | None, today: date) -> Answers:
    given = _local(review, today, suspended=False)
    clocks = () if review is None else review.running(given["duty"], given.get("agency_or_action") or None)
    until = max([today, *(duty.due_on + timedelta(days=3) for duty in clocks)])
    return {**given, "until": until, "reason": "One file is with the archive."}


def _carry_in(_: Review | None, today: date) -> Answers:
    owed = {"agency": "police", "owner": "casey_lead", "due_on": today + timedelta(days=30), "what": "The audit."}
    return {
        "track": "children",
        "began_on": date(2016, 3, 1),
        "guidance": "Working Together 2015 (serious case review)",
        "stands_at": "action follow-up",
        "earlier_reference": "SCR 2016/1",
        "published_on": date(2018, 5, 1),
        "open_duties": [owed],
        "summary": "The report is public; one action is open. When it was decided is not known.",
    }


def _move_carried_in(_: Review | None, today: date) -> Answers:
    return {"becomes": "closed", "on": today, "note": "The last action was verified."}


def _own_milestone(_: Review | None, today: date) -> Answers:
    return {"milestone": "own.practitioners_briefed", "on": today, "note": "Two sessions."}


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


def _write_wording(review: Review | None, _: date) -> Answers:
    item = review.recommendations[-1].id if review is not None and review.recommendations else "summary"
    return {"item": item, "wording": "Agencies tell each other when a child is not brought, and ask why."}


def _approve_wordings(review: Review | None, today: date) -> Answers:
    waiting = [] if review is None else [one.id for one in to_approve(review.wordings)]
    return {"wordings": waiting[:1] or ["W01"], "approved_on": today}


def _withdraw_wordings(review: Review | None, today: date) -> Answers:
    standing = [] if review is None else [one.id for one in review.wordings if not one.withdrawn]
    return {"wordings": standing[:1] or ["W01"], "withdrawn_on": today, "reason": "A later wording says it better."}


def _share_learning(_: Review | None, today: date) -> Answers:
    return {
        "what": "a briefing",
        "document": "BRIEFING/2026/3",
        "agencies": ["police", "education"],
        "sent_on": today,
        "how": "email",
        "answer_by": today + timedelta(days=30),
    }


def _record_learning_read(review: Review | None, today: date) -> Answers:
    shared = review.shared if review is not None else ()
    owed = [f"{one.id}:{agency}" for one in shared for agency in one.agencies if one.answer_of(agency) is None]
    said = {"outcome": "discussed in team", "on": today, "people": 14, "where": "At the meeting of the team."}
    return {"answers": owed[:1] or ["D01:police"], **said}


def _record_impact(_: Review | None, today: date) -> Answers:
    return {"on": today, "impact": "change seen", "seen": "An audit of twelve schools: each has its lead."}


def _copies(_: Review | None, today: date) -> Answers:
    to = ["the adult or the family", "the lead reviewer", "the press office"]
    return {"to": to, "what": ["the report"], "on": today, "how": "by secure e-mail"}


def _choose_after_year(_: Review | None, today: date) -> Answers:
    return {"decided_on": today, "choice": "move it to the archive"}


def _take_down(_: Review | None, today: date) -> Answers:
    return {"on": today, "legal_decision": "EX-LEGAL-1", "reason": "A court so ordered."}


def _quality(ids: str, today: date) -> Answers:
    """Two markers of a list are looked at."""
    return {
        "on": today,
        f"{ids}_01": {"answer": "met", "why": "The referral says why, and came within a week."},
        f"{ids}_04": {"answer": "partly", "why": "Two agencies read it in two ways."},
    }


ANSWERS: dict[str, Callable[[Review | None, date], Answers]] = {
    "add_action": _add_action,
    "update_action": _update_action,
    "hand_over": _hand_over,
    "change_action": _change_action,
    "check_action_impact": _check_impact,
    "add_action_plan": _add_plan,
    "record_lesson": _lesson,
    "record_finding": _finding,
    "record_recommendation": _recommendation,
    "decide_recommendation": _decide_recommendation,
    "write_wording": _write_wording,
    "approve_wordings": _approve_wordings,
    "withdraw_wordings": _withdraw_wordings,
    "assess_quality_markers": lambda _, today: _quality("scr", today),
    "assess_adult_quality_markers": lambda _, today: _quality("sar", today),
    "share_learning": _share_learning,
    "record_learning_read": _record_learning_read,
    "ask_agencies": _ask,
    "record_return": _record_return,
    "acknowledge_request": _acknowledge_request,
    "record_meeting": _meeting,
    "record_done": _done,
    "request_information": _request_information,
    "end_information_request": _end_information_request,
    "record_coroners_report": _coroners_report,
    "record_coroners_extension": _coroners_extension,
    "answer_coroner": _answer_coroner,
    "monitor_review": _monitor,
    "record_learnt_since": _learnt_since,
    "give_reason": _give_reason,
    "correct_date": _correct,
    "take_back_step": _take_back,
    "record_deferral": _deferral,
    "suspend_deadline": _suspend,
    "carry_in": _carry_in,
    "move_carried_in": _move_carried_in,
    "record_own_milestone": _own_milestone,
    "extend_deadline": _extend,
    "keep_suspended": _keep_suspended,
    "resume_deadline": _resume,
    "recompute_dates": _count_again,
    "move_to_edition": _move,
    "note_earlier_text": _note_text,
    "reopen": _reopen,
    "record_impact": _record_impact,
    "record_advance_copies": _copies,
    "choose_after_year": _choose_after_year,
    "take_down": _take_down,
}
"""A way to answer every form that ends no stage."""
