"""
What an earlier decision whether to notify found otherwise: an answer that is «yes» now and was «no» says since when.

The Panel's five working days run from awareness of what section 16C describes, and notice of a death from knowing of
the death: nobody is late for what nobody suspected or knew. A «no» is remembered through every «not known» after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from safeguarding.review.criteria import NO, YES
from safeguarding.review.review import Review
from safeguarding.review.step import Attempt, Check
from safeguarding.stages.clocks_of_notices import knew_of_the_death_on
from safeguarding.stages.whom_to_notify import NotificationDecision

ABUSE, DIED, HARMED = LIMBS = ("abuse_or_neglect", "died", "seriously_harmed")

WITHDRAWN = {"no abuse or neglect": {ABUSE}, "no death or serious harm": {DIED, HARMED}}
"""What a notification that was withdrawn for this reason had found not to be so."""


def found_not_so(review: Review) -> set[str]:
    """The limbs that were last found not to be so, by a decision or by a withdrawal, and not found to be so since."""
    decided = review.facts.get("notification_decided", {})
    kept = decided.get("found_not_so")
    found = set(kept) if kept is not None else {limb for limb in LIMBS if decided.get(limb, {}).get("answer") == NO}
    kinds = [line.kind for line in review.history if line.kind in ("notification_decided", "notification_withdrawn")]
    if kinds[-1:] == ["notification_withdrawn"]:
        found |= WITHDRAWN.get(review.facts.get("notification_withdrawn", {}).get("why", ""), set())
    return found


def _so_now(form: NotificationDecision) -> set[str]:
    return {limb for limb in LIMBS if getattr(form, limb).answer == YES}


def death_or_harm_known_since(review: Review, form: NotificationDecision) -> date | None:
    """The day on which a death or harm became known that an earlier decision did not find; None where none is said."""
    learnt = review.facts.get("learnt_since", {})
    on = learnt.get("known_on") if learnt.get("died") == YES and form.died.answer == YES else None
    return form.known_since or (date.fromisoformat(on) if on and DIED in found_not_so(review) else None)


def became_a_case_on(review: Review, form: NotificationDecision) -> date | None:
    """
    The day from which it is known to be a case of section 16C, where that is later than awareness; else None.

    A death that follows known serious harm moves nothing to the Panel: the harm had to be notified before.
    """
    known = death_or_harm_known_since(review, form)
    harmed_before = _so_now(form) >= {DIED, HARMED} and HARMED not in found_not_so(review)
    days = [form.suspected_since, None if harmed_before else known]
    return max((day for day in days if day is not None), default=None)


def kept_of_this_decision(review: Review, form: NotificationDecision, counted: bool) -> dict[str, Any]:
    """
    What the line of a decision keeps for the next: what is not so, and the days that were later than awareness.

    What is found to be so is asked about again as long as nothing was counted from it (`counted`).
    """
    before = review.facts.get("notification_decided", {})
    no = {limb for limb in LIMBS if getattr(form, limb).answer == NO}
    died = form.died.answer == YES
    known = death_or_harm_known_since(review, form) if died else None
    later = became_a_case_on(review, form) if counted else None
    days = {
        "death_known_on": known.isoformat() if known else before.get("death_known_on") if died else None,
        "aware_anew_on": later.isoformat() if later else before.get("aware_anew_on") or before.get("suspected_since"),
    }
    found = (found_not_so(review) | no) - (_so_now(form) if counted else set())
    return {"found_not_so": sorted(found)} | {name: day for name, day in days.items() if day}


def what_is_learnt_later_has_its_day(step: Attempt[NotificationDecision]) -> Check:
    """
    Where an earlier decision found no abuse or neglect, no death or no harm and this one does, it says since when.

    The clocks run from that day: nobody is late for what nobody suspected or knew. It is not before awareness.
    """
    form, review = step.form, step.review
    so, before = _so_now(form), found_not_so(review)
    wrong = []
    if form.suspected_since is None and ABUSE in so & before:
        wrong.append("an earlier decision found no abuse or neglect: say since when it is known or suspected")
    if form.suspected_since is not None and ABUSE not in so:
        wrong.append("it is said since when abuse or neglect is suspected, and that it is not: which is it?")
    newly = [words for limb, words in ((DIED, "death"), (HARMED, "serious harm")) if limb in so & before]
    if newly and death_or_harm_known_since(review, form) is None:
        wrong.append(f"an earlier decision found no {' and no '.join(newly)}: say since when it is known")
    if form.known_since is not None and not so & {DIED, HARMED}:
        wrong.append("it is said since when the death or harm is known, and that there is none: which is it?")
    for words, since in (("suspected", form.suspected_since), ("known", form.known_since)):
        if since is not None and since < (knew := knew_of_the_death_on(review, since)):
            words = f"{words} since {since} is before the authority became aware on {knew}: correct that day first"
            wrong.append(words)
    return Check(not wrong, "; ".join(wrong))


ON_RECORD = {
    "died": "the person has died",
    "looked_after": "the child was looked after by this authority",
    "care_leaver": "this was a care leaver of 18 to 24",
}
"""What starts a notice of a death, and is not undone by answering otherwise, in words."""


def on_record(review: Review) -> dict[str, str]:
    """What the record last said of a death and of who looked after the person, through every «not known» since."""
    lines = {
        line.kind: line.sequence for line in review.history if line.kind in ("notification_decided", "learnt_since")
    }
    said: dict[str, str] = {}
    for kind in sorted(lines, key=lambda kind: lines[kind]):
        facts = review.facts.get(kind, {})
        said |= facts.get("on_record", {}) | _said(facts)
    return said


def _said(facts: Mapping[str, Any]) -> dict[str, str]:
    given = {limb: facts.get(limb, "") for limb in ON_RECORD}
    plain = {limb: one["answer"] if isinstance(one, Mapping) else one for limb, one in given.items()}
    return {limb: answer for limb, answer in plain.items() if answer in (YES, NO)}


def kept_on_record(review: Review, facts: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What the line with these answers keeps for the next."""
    return {"on_record": on_record(review) | _said(facts)}


def it_contradicts_no_record(step: Attempt[Any]) -> Check:
    """
    That a person did not die after all, or was not looked after, is an error of the record and is said to be one.

    It ends notices that the law asks for: no answer given in passing does that.
    """
    before, now = on_record(step.review), _said(step.form.model_dump())
    wrong = [words for limb, words in ON_RECORD.items() if before.get(limb) == YES and now.get(limb) == NO]
    words = (
        f"the record says that {' and that '.join(wrong)}: if that was recorded in error, say why the record is wrong"
    )
    return Check(not wrong or bool(step.form.record_is_wrong), words)
