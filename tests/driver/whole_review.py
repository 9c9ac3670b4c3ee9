"""
A whole review of each track as it is taken at the pages, in the demo's own answers: which form, after how long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from flows.demo.answers import answer, signer
from safeguarding.review.review import AgencyRequest, Review
from safeguarding.stages import STEPS

Answers = Callable[[Review | None, date], Mapping[str, Any]]


class FormTaken(NamedTuple):
    """One form of a review: which step, how many days after the one before, other answers than the usual ones."""

    step: str
    days: int = 0
    answers: Answers | Mapping[str, Any] = MappingProxyType({})
    """A table of several at once takes these as they are."""


class Fills(Protocol):
    """Somebody who fills in forms: a `Filler`, or somebody at a real browser."""

    @property
    def visitor(self) -> Any:
        """The browser: its `path`, and the `words` of its page."""

    def open(self, path: str) -> None:
        """Follow a link to a form."""

    def whole(self, answers: Mapping[str, Any]) -> None:
        """Fill in every page of the form that is open."""

    def send(self) -> None:
        """Send it from the check of its answers."""


CLOSES = ("close_review",)
"""The forms by which a review of these stories ends: of no other is asked what becomes of what is still owed."""
TABLES = ("record_return", "record_done", "update_action")


def returned(review: Review | None, today: date) -> Mapping[str, Any]:
    """Every agency that is waited for has returned what it was asked for."""
    waiting = [one for one in review.requests if one.outcome == "waiting"] if review else []
    return {f"{one.agency}_{one.purpose}": _what_came(one, today) for one in waiting}


def _what_came(one: AgencyRequest, today: date) -> Mapping[str, Any]:
    tells = {"daily_life": "yes"} if one.daily_life else {}
    return {"outcome": "returned", **tells, "on": today}


def done(*marks: str) -> Answers:
    """These things that are owed were done."""
    return lambda _, today: {mark: {"on": today} for mark in marks}


def verified(review: Review | None, today: date) -> Mapping[str, Any]:
    """Every action is verified, on a document."""
    actions = review.actions if review else ()
    seen = {"status": "verified", "on": today, "grade": "document", "evidence": "EX-AUD-4", "note": "Seen."}
    return {action.id: seen for action in actions}


def two_actions(_: Review | None, today: date) -> Mapping[str, Any]:
    """Two actions at once, one a row."""
    one = {"agency": "education", "owner": "jules_lead", "what": "Every school names a lead.", "measure": "An audit."}
    two = {"agency": "police", "owner": "casey_lead", "what": "Officers see a child alone.", "measure": "A sample."}
    due = {"due_on": today + timedelta(days=60)}
    return {"agreed_on": today, "pasted": None, "actions": [one | due, two | due]}


def pasted_plan(_: Review | None, today: date) -> Mapping[str, Any]:
    """The same, as it is copied from the table in which a plan is written."""
    due = today + timedelta(days=60)
    lines = (
        ("Schools and early years", "Jules Example", "Every school names a lead.", "An audit."),
        ("Exampleshire Police", "Casey Example", "Officers see a child alone.", "A sample."),
    )
    table = "\n".join("\t".join((agency, who, due.isoformat(), *words)) for agency, who, *words in lines)
    return {"agreed_on": today, "pasted": table, "actions": None}


CHILD = (
    FormTaken("open_referral"),
    FormTaken("assess_notification"),
    FormTaken("decide_notification", 1),
    FormTaken("send_notification"),
    FormTaken("open_rapid_review", 1),
    FormTaken("record_return", 4, returned),
    FormTaken("conclude_rapid_review", 3),
    FormTaken("decide_review", 1),
    FormTaken("commission_review", 12),
    FormTaken("monitor_review", 28),
    FormTaken("begin_drafting", 28),
    FormTaken("submit_draft", 14),
    FormTaken("sign_report", 7),
    FormTaken("send_report", 1),
    FormTaken("publish", 27),
    FormTaken("add_action_plan", 1, pasted_plan),
    FormTaken("agree_action_plan"),
    FormTaken("update_action", 60, verified),
    FormTaken("close_review", 1),
)
ADULT = (
    FormTaken("open_referral", 0, {"track": "adults", "agency": "hospital_trust"}),
    FormTaken("accept_referral", 1),
    FormTaken("record_return", 10, returned),
    FormTaken("complete_screening", 2),
    FormTaken("decide_adult_review", 1),
    FormTaken("commission_adult_review", 12),
    FormTaken("begin_drafting", 56),
    FormTaken("submit_draft", 14),
    FormTaken("accept_findings", 7),
    FormTaken("decide_publication", 7),
    FormTaken("add_action_plan", 1, two_actions),
    FormTaken("agree_action_plan"),
    FormTaken("update_action", 60, verified),
    FormTaken("close_review", 1),
)


def take(form: FormTaken, reference: str, review: Review | None, today: date, who: Callable[[str], Fills]) -> str:
    """Fill in one form and send it, as whoever may take the step; the reference of the review."""
    filler = who(signer(STEPS[form.step].by).person)
    given = form.answers(review, today) if callable(form.answers) else form.answers
    answers = given if form.step in TABLES else answer(form.step, review, today, **given)
    if form.step not in CLOSES:
        answers = {name: said for name, said in answers.items() if name != "still_owed"}
    track = f"?track={answers['track']}" if reference == "new" else ""
    filler.open(f"/reviews/{reference}/do/{form.step}{track}")
    filler.whole(answers)
    filler.send()
    assert "/recorded/" in filler.visitor.path, (form.step, filler.visitor.words)
    return filler.visitor.path.split("/")[2]
