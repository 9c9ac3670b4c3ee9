"""
What the record knows already of the answers to a form: put into its boxes, to be looked at and changed like any other.

Choices and names only. No day is put in, and no reason: whoever answers says those.
"""

from __future__ import annotations

from typing import Any

from safeguarding.law.rulebook import Rulebook
from safeguarding.review.advance_copy import what_is_published
from safeguarding.review.as_arranged import POSITIONS
from safeguarding.review.choices import EVERYTHING_ELSE
from safeguarding.review.criteria import NO, YES
from safeguarding.review.forms import Form, nested_form
from safeguarding.review.review import Review
from safeguarding.review.states import CLOSED_STATES
from safeguarding.review.step import Step
from safeguarding.stages.found_before import DIED, found_not_so, on_record

MISSING = {
    "conclude_rapid_review": "information",
    "complete_screening": "information",
    "begin_drafting": "report",
    "submit_draft": "accuracy",
}
"""The steps that go on without agencies which have not answered, and what those were asked for."""
ASKS_AGENCIES = ("accept_referral", "open_rapid_review")
"""The steps that begin by asking agencies: those that the partnership's file says it usually asks."""
ROWS_OF_A_PLAN = 3
"""Empty rows with which the table of a plan begins."""
AWARE = "awareness_recorded"
LIMBS = ("under_18", "looked_after", "care_leaver")
THE_REPORT = "the report"
IS_ALIVE, THE_ADULT_DIED = "the person is alive", "the adult has died"
HAPPENED = {"death": "died", "serious harm": "seriously_harmed"}


def known_answers(step: Step, review: Review | None, rulebook: Rulebook) -> dict[str, Any]:
    """The answers that the record knows, as the step's model has them."""
    if review is None:
        tracks = rulebook.partnership.tracks
        return {"track": tracks[0]} if len(tracks) == 1 and "track" in step.form.model_fields else {}
    known: dict[str, Any] = {}
    if positions := _who_speaks(step.form, review, rulebook):
        known[POSITIONS] = positions
    if purpose := MISSING.get(step.name):
        known["without"] = [{"agency": agency} for agency in review.waiting_on(purpose)]
    if "still_owed" in step.form.model_fields and step.leads_to and step.leads_to <= CLOSED_STATES:
        known["still_owed"] = [{"what": EVERYTHING_ELSE}]
    if step.name == "add_action_plan":
        known["actions"] = [{}] * ROWS_OF_A_PLAN
    if step.name in ASKS_AGENCIES:
        known["agencies"] = [one.id for one in rulebook.partnership.agencies if review.track.value in one.usually_asked]
    if step.name == "send_report" and what_is_published(review) == "full":
        known["what"] = [THE_REPORT]
    if "coroner_told" in step.form.model_fields:
        known |= _alive_or_not(step.form, review)
    if step.name == "decide_notification":
        known |= _as_assessed(review)
    return known


def _who_speaks(form: type[Form], review: Review, rulebook: Rulebook) -> dict[str, Any]:
    """Of each partner the delegate, where there is one alone."""
    info = form.model_fields.get(POSITIONS)
    asked = nested_form(info) if info is not None and info.is_required() else None
    if asked is None:
        return {}
    there = rulebook.partnership
    holders = [one for one in there.holders("delegated_partner") if there.takes_part(one, review.reference)]
    found = {partner: [one.id for one in holders if one.partner == partner] for partner in asked.model_fields}
    return {partner: {"person": people[0]} for partner, people in found.items() if len(people) == 1}


def _alive_or_not(form: type[Form], review: Review) -> dict[str, Any]:
    """What the record says already of whether the person is alive, where the answer is nothing but that."""
    died = on_record(review).get(DIED) or review.facts.get("decided", {}).get(DIED, {}).get("answer")
    if died == YES:
        return {name: THE_ADULT_DIED for name in ("consent", "advocate") if name in form.model_fields}
    return {"coroner_told": IS_ALIVE} if died == NO else {}


def inferred_from(limb: str, review: Review | None) -> str:
    """From which words of the assessment the answer to a criterion is taken that it did not itself ask; or nothing."""
    incident = str(review.facts.get(AWARE, {}).get("incident", "")) if review is not None else ""
    return incident if HAPPENED.get(incident) == limb else ""


def _as_assessed(review: Review) -> dict[str, Any]:
    """What the assessment said, but for what a decision, or a withdrawal, has found otherwise since: that is asked."""
    facts, decided = review.facts.get(AWARE, {}), review.facts.get("notification_decided", {})
    found = {name: facts[name] for name in LIMBS if facts.get(name)}
    if happened := HAPPENED.get(str(facts.get("incident", ""))):
        found[happened] = YES
    since = {name: decided.get(name, {}).get("answer", said) for name, said in found.items()}
    not_so = found_not_so(review)
    return {name: {"answer": said} for name, said in found.items() if since[name] == said and name not in not_so}
