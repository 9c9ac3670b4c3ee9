"""
What the record said before of a suspicion, a death or harm, against a later day that is given for it.

The Panel's five working days run from awareness of a case of section 16C of the Children Act 2004. A referral of «abuse
or neglect known or suspected», an assessment of a death or of serious harm, and a decision that found one, are
awareness of it: no later day is given in passing. A death that was referred is assessed as one: notice may be owed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from safeguarding.review.criteria import YES
from safeguarding.review.review import Review
from safeguarding.review.step import Attempt, Check
from safeguarding.stages.clocks_of_notices import first_aware_on
from safeguarding.stages.found_before import ABUSE, DIED, HARMED, REFERRED_AS, found_not_so, on_record, referred_as
from safeguarding.stages.whom_to_notify import NotificationDecision

ASSESSED_AS = {DIED: "death", HARMED: "serious harm"}

WORDS = {ABUSE: "abuse or neglect was known or suspected", DIED: "the death was known", HARMED: "the harm was known"}


def a_death_that_was_referred_is_assessed_as_one(step: Attempt[Any]) -> Check:
    """Notice of a looked-after child's death is owed from knowing of it: a referral of a death is not read as less."""
    concern = referred_as(step.review)
    words = (
        f"this was referred as «{concern}»: assess it as a death. If nobody has died, the decision whom to notify says "
        "so, and why the record is wrong"
    )
    return Check(REFERRED_AS[DIED] not in concern or step.form.incident == ASSESSED_AS[DIED], words)


def nothing_is_known_later_than_the_record_says(step: Attempt[NotificationDecision]) -> Check:
    """
    What the referral, the assessment or an earlier decision said was known by then, and is not known only later.

    Unless a decision found that it is not so since, or it is said why the record is wrong.
    """
    form, review = step.form, step.review
    # Of a death after known harm the day is that of the death.
    happened = DIED if form.died.answer == YES else HARMED if form.seriously_harmed.answer == YES else ""
    given = {ABUSE: form.suspected_since, happened: form.known_since}
    wrong = [
        f"{WORDS[limb]} {' and '.join(earlier)}, and here only since {since}"
        for limb, since in given.items()
        if limb and since is not None
        if (earlier := [f"{what} on {on}" for what, on in _said_before(review, limb) if since > on])
    ]
    words = f"{'; '.join(wrong)}: if that was recorded in error, say why the record is wrong"
    return Check(not wrong or bool(form.record_is_wrong), words)


def what_is_known_was_known_by_the_decision(step: Attempt[NotificationDecision]) -> Check:
    """Nothing is decided on a day on which what it finds was not known yet."""
    form = step.form
    given = {
        "abuse or neglect is suspected": form.suspected_since,
        "the death or harm is known": form.known_since,
        "it is known who looked after the child": form.looked_after_since,
    }
    late = [f"{what} since {on}" for what, on in given.items() if on is not None and on > form.decided_on]
    return Check(not late, f"decided on {form.decided_on}, and {' and '.join(late)}: one of the two days is wrong")


def _said_before(review: Review, limb: str) -> Iterator[tuple[str, date]]:
    learnt = review.facts.get("learnt_since", {})
    if limb == DIED and learnt.get("died") == YES == on_record(review).get(DIED) and learnt.get("known_on"):
        yield "by what was learnt since", date.fromisoformat(str(learnt["known_on"]))
    if limb in found_not_so(review):
        return  # It was found not to be so since.
    received = review.happened("referral_received")
    if received is not None and REFERRED_AS[limb] in referred_as(review):
        yield "by the referral received", received
    if limb in ASSESSED_AS and review.facts.get("awareness_recorded", {}).get("incident") == ASSESSED_AS[limb]:
        yield "by what was assessed", first_aware_on(review, date.max)
    decided = review.facts.get("notification_decided", {})
    if decided.get(limb, {}).get("answer") == YES and decided.get("decided_on"):
        on = review.happened_by("notification_decided", "notification_decided")
        yield "by what was decided", on or date.fromisoformat(str(decided["decided_on"]))
