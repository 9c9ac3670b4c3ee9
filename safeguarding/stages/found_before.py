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
from safeguarding.stages.clocks_of_notices import death_known_on, first_aware_on
from safeguarding.stages.whom_to_notify import NotificationDecision

ABUSE, DIED, HARMED = LIMBS = ("abuse_or_neglect", "died", "seriously_harmed")

REFERRED_AS = {ABUSE: "abuse or neglect known or suspected", DIED: "death", HARMED: "serious harm"}
"""The words of a referral that say it of the child."""

WITHDRAWN = {"no abuse or neglect": {ABUSE}, "no death or serious harm": {DIED, HARMED}}
"""What a notification that was withdrawn for this reason had found not to be so."""

NOT_ASSESSED = {"serious harm": (DIED,), "other": (DIED, HARMED)}
"""What was not known to be so, by the incident that was assessed."""


def found_not_so(review: Review) -> set[str]:
    """
    The limbs that were last found not to be so, by a decision or by a withdrawal, and not found to be so since.

    Before any decision they are those of the assessment: who was assessed as seriously harmed was not known to be dead.
    """
    decided = review.facts.get("notification_decided")
    if decided is None:
        return set(NOT_ASSESSED.get(review.facts.get("awareness_recorded", {}).get("incident", ""), ()))
    kept = decided.get("found_not_so")
    found = set(kept) if kept is not None else {limb for limb in LIMBS if decided.get(limb, {}).get("answer") == NO}
    kinds = [line.kind for line in review.history if line.kind in ("notification_decided", "notification_withdrawn")]
    if kinds[-1:] == ["notification_withdrawn"]:
        found |= WITHDRAWN.get(review.facts.get("notification_withdrawn", {}).get("why", ""), set())
    return found


def serious_on_record(review: Review) -> str:
    """
    What the record says of a child whom the Panel was notified of, where together it is a serious case; else nothing.

    Section 16B(9) of the Children Act 2004: abuse or neglect known or suspected, and a death or serious harm.
    """
    decided = review.facts.get("notification_decided", {})
    given = {limb: decided.get(limb, {}).get("answer") for limb in (*LIMBS, "under_18", "looked_after")}
    given |= {DIED: YES} if on_record(review).get(DIED) == YES else {}
    child = YES in (given["under_18"], given["looked_after"])
    hurt = [words for limb, words in _HURT.items() if given[limb] == YES]
    serious = review.notification_stands and child and given[ABUSE] == YES and hurt
    return f"abuse or neglect of a child is known or suspected, and {' and '.join(hurt)}" if serious else ""


def referred_as(review: Review) -> str:
    """What was referred, in the words of the form; nothing where that is not known."""
    return str(review.facts.get("referral_received", {}).get("concern", ""))


_HURT = {DIED: "the child died", HARMED: "the child was seriously harmed"}


def _so_now(form: NotificationDecision) -> set[str]:
    return {limb for limb in LIMBS if getattr(form, limb).answer == YES}


def death_or_harm_known_since(review: Review, form: NotificationDecision) -> date | None:
    """The day on which a death or harm became known that an earlier decision did not find; None where none is said."""
    learnt = review.facts.get("learnt_since", {})
    on = learnt.get("known_on") if learnt.get("died") == YES and form.died.answer == YES else None
    return form.known_since or (date.fromisoformat(on) if on and DIED in found_not_so(review) else None)


def looked_after_known_since(review: Review, form: NotificationDecision) -> date | None:
    """
    The day on which it became known, against an earlier answer, that this authority looked after the child; or None:
    then the notice of a death runs from knowing of the death.
    """
    if form.looked_after.answer != YES:
        return None
    before = review.facts.get("notification_decided", {}).get("looked_after_known_on")
    return form.looked_after_since or (date.fromisoformat(before) if before else None)


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
    looked_after = looked_after_known_since(review, form)
    days = {
        "looked_after_known_on": looked_after.isoformat() if looked_after else None,
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
        earlier = "an earlier decision found" if review.facts.get("notification_decided") else "what was assessed was"
        wrong.append(f"{earlier} no {' and no '.join(newly)}: say since when it is known")
    if form.known_since is not None and not so & {DIED, HARMED}:
        wrong.append("it is said since when the death or harm is known, and that there is none: which is it?")
    wrong += _of_who_looked_after(form, review)
    wrong += _too_early(form, review)
    return Check(not wrong, "; ".join(wrong))


def _too_early(form: NotificationDecision, review: Review) -> list[str]:
    """What is said to have been known before the authority was aware at all, or before the day kept for the death."""
    given = {
        f"abuse or neglect suspected since {form.suspected_since}": form.suspected_since,
        f"death or harm known since {form.known_since}": form.known_since,
        f"looked after, known since {form.looked_after_since}": form.looked_after_since,
    }
    days = {words: day for words, day in given.items() if day is not None}
    wrong = [
        f"{words} is before the authority became aware on {aware}: correct that day first"
        for words, day in days.items()
        if day < (aware := first_aware_on(review, day))
    ]
    known = death_known_on(review) if form.died.answer == YES and not wrong else None
    if known is not None and form.known_since is not None and form.known_since < known:
        wrong.append(f"the record says that the death was known on {known}, and here since {form.known_since}")
    return wrong


def _of_who_looked_after(form: NotificationDecision, review: Review) -> list[str]:
    """That the authority looked after the child, against an earlier answer, has its day where a death turns on it."""
    now = form.looked_after.answer
    before = (_answered_at_first(review) | on_record(review)).get("looked_after")
    if now == YES and before == NO and form.looked_after_since is None and form.died.answer != NO:
        return ["an earlier answer was that this authority did not look after the child: say since when it is known"]
    if form.looked_after_since is not None and now != YES:
        return ["it is said since when it is known that the child was looked after, and that it was not: which is it?"]
    return []


def _answered_at_first(review: Review) -> dict[str, str]:
    return _said(review.facts.get("awareness_recorded", {}))


ON_RECORD = {
    "died": "the person has died",
    "looked_after": "the child was looked after by this authority",
    "care_leaver": "this was a care leaver of 18 to 24",
}
"""What starts a notice of a death, and is not undone by answering otherwise, in words."""


def on_record(review: Review) -> dict[str, str]:
    """
    What the record last said of a death and of who looked after the person, through every «not known» since.

    A referral of a death counts, and so does the assessment: notices of a death are owed from it. It undoes nothing
    that was learnt before it.
    """
    kinds = ("awareness_recorded", "notification_decided", "learnt_since")
    lines = {line.kind: line.sequence for line in review.history if line.kind in kinds}
    said: dict[str, str] = {DIED: YES} if REFERRED_AS[DIED] in referred_as(review) else {}
    for kind in sorted(lines, key=lambda kind: lines[kind]):
        facts = review.facts.get(kind, {})
        assessed = kind == "awareness_recorded"
        now = _said(facts) | ({DIED: YES} if assessed and facts.get("incident") == "death" else {})
        kept = {limb for limb, answer in said.items() if assessed and answer == YES}
        said |= facts.get("on_record", {}) | {limb: answer for limb, answer in now.items() if limb not in kept}
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
