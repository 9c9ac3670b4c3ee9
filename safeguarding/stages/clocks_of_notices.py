"""
The clocks of the Panel's notification and of the notices of a death: when each begins, and when it is owed no more.

The Panel's five working days run from awareness of what section 16C describes: where abuse or neglect came to be
suspected only later, from that day. The notice of a death turns on no suspicion: it runs from knowing of the
death. Where it is not known whether one is owed, finding out is owed itself, and bars closing.
"""

from __future__ import annotations

from datetime import date

from safeguarding.review.criteria import NO, YES, Finding, Result
from safeguarding.review.events import Mark
from safeguarding.review.forms import LimbAnswer
from safeguarding.review.review import Review
from safeguarding.stages.whom_to_notify import NotificationDecision, notices_that_may_be_owed

LOOKED_AFTER_DEATH, CARE_LEAVER_DEATH = "became_aware_looked_after_death", "became_aware_care_leaver_death"

NOTICES = {
    LOOKED_AFTER_DEATH: ("5", ("C03", "C03b"), "looked_after_notice_not_owed"),
    CARE_LEAVER_DEATH: ("6", ("C04",), "care_leaver_notice_not_owed"),
}
"""The awareness of a death: the row by which a notice is owed, the duties it starts, and what ends them."""

NOT_OWED = frozenset(not_owed for _, _, not_owed in NOTICES.values())
NOT_KNOWN_YET = {"notice_of_death_not_known": "C29", "care_leaver_notice_not_known": "C29b"}
"""What is not known, and the duty to find it out: the Act's notice may be owed, or only that of guidance."""
NOTICE_MARKS = frozenset({*NOTICES, *NOT_OWED, *NOT_KNOWN_YET, "notice_of_death_known"})


def has_begun(review: Review, name: str) -> bool:
    """Whether the notice that this awareness of a death starts is owed already, or was given."""
    _, rules, _ = NOTICES[name]
    return any(duty.rule in rules and duty.ended in ("", "settled") for duty in review.duties)


def clocks_of_the_panel(review: Review, panel: Finding, anew: date | None, on: date) -> list[Mark]:
    """
    The Panel's clock ends where nothing is owed to it; where something is, it runs from awareness.

    Where abuse or neglect was suspected, or the death or harm known, only later (`anew`), that day is the day of
    awareness of a case of section 16C: a clock that ran from an earlier day is superseded, and both days stay.
    """
    if panel.result is Result.ASK_FOR_INFORMATION:
        return []
    if panel.result is not Result.NOTIFY_PANEL:
        return [Mark(name="notification_not_owed", on=on)]
    since = anew or aware_on(review, on)
    counted = [duty.anchored_on for duty in review.live("C01")]
    return [] if review.notification_stands or counted == [since] else [Mark(name="became_aware", on=since)]


def clocks_of_the_notice(
    review: Review, notice: Finding, answers: dict[str, LimbAnswer], since: date, on: date
) -> list[Mark]:
    """
    The clocks of the notice of a death: begun where one is owed, ended where none is.

    Where that is not known, to find it out is owed from the day of this decision.
    """
    marks: list[Mark] = []
    possible = notices_that_may_be_owed(answers)
    for name, (row, rules, not_owed) in NOTICES.items():
        if notice.row == row and not has_begun(review, name):
            marks.append(Mark(name=name, on=since))
        elif row not in possible and any(not d.ended for d in review.duties if d.rule in rules):
            marks.append(Mark(name=not_owed, on=on))
    if notice.result is Result.ASK_FOR_INFORMATION:
        return [*marks, *to_be_found_out(review, answers, on)]
    asked = any(review.live(rule) for rule in NOT_KNOWN_YET.values())
    return [*marks, Mark(name="notice_of_death_known", on=on)] if asked else marks


def to_be_found_out(review: Review, answers: dict[str, LimbAnswer], on: date) -> list[Mark]:
    """That it is not known whether a notice is owed, and which may be; nothing where that is found out already."""
    of_the_act = NOTICES[LOOKED_AFTER_DEATH][0] in notices_that_may_be_owed(answers)
    name = "notice_of_death_not_known" if of_the_act else "care_leaver_notice_not_known"
    return [] if review.live(NOT_KNOWN_YET[name]) else [Mark(name=name, on=on)]


def aware_on(review: Review, otherwise: date) -> date:
    """The day on which the authority became aware, as it was assessed, or put right or decided since."""
    return review.happened("became_aware") or _assessed_on(review) or otherwise


def knew_of_the_death_on(review: Review, otherwise: date) -> date:
    """
    The same, or the later day on which the death was known; not the day on which abuse or neglect was suspected, for
    which notice of a death does not ask.
    """
    return death_known_on(review) or first_aware_on(review, otherwise)


def death_known_on(review: Review) -> date | None:
    """The day on which the death was known, where a decision said that this was later than awareness."""
    on = review.facts.get("notification_decided", {}).get("death_known_on")
    return date.fromisoformat(on) if on else None


def first_aware_on(review: Review, otherwise: date) -> date:
    """The day on which the authority became aware of the incident at all, whatever it came to know of it since."""
    decided = review.facts.get("notification_decided", {})
    typed = decided.get("aware_anew_on") or decided.get("suspected_since")
    anew = typed and (review.happened_by("notification_decided", "became_aware") or date.fromisoformat(typed))
    aware = aware_on(review, otherwise)
    return (_assessed_on(review) or aware) if anew == aware else aware


def _assessed_on(review: Review) -> date | None:
    typed = review.facts.get("awareness_recorded", {}).get("aware_on")
    made = (review.happened_by("awareness_recorded", mark) for mark in ("became_aware", "adult_in_law_known"))
    return next((day for day in made if day is not None), date.fromisoformat(typed) if typed else None)


def is_tested_as_an_adult(review: Review) -> bool:
    """Whether the adult referral of an adult in law is owed already, or was made."""
    return any(duty.rule == "C21" and duty.ended in ("", "settled") for duty in review.duties)


def adult_marks(review: Review, form: NotificationDecision) -> list[Mark]:
    """
    Of an adult in law: that it is known, and that the adult referral was made; of a child, that it is none.

    A living adult of whom no abuse or neglect is known or suspected meets neither condition of section 44.
    """
    owed = bool(review.live("C21"))
    known = is_tested_as_an_adult(review)
    marks: list[Mark] = []
    if form.person_under_18 == YES:
        return [Mark(name="child_in_law_known", on=form.decided_on)] if owed else marks
    if form.no_adult_review_is_owed and not form.adult_referral:
        return [Mark(name="adult_review_not_owed", on=form.decided_on)] if owed else marks
    if form.person_under_18 == NO and not known:
        marks.append(Mark(name="adult_in_law_known", on=form.decided_on))
    if form.adult_referral and (owed or form.person_under_18 == NO):
        marks.append(Mark(name="adult_review_referred", on=form.decided_on))
    return marks
