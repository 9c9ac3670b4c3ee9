"""
Notification: the local authority decides whom to tell of a child's death or serious harm, and tells them.

Begins when the authority becomes aware. Ends with the notification sent to the national Panel (s.16C), which starts
the rapid review (`notification_sent`), or with a closed case: not serious, another area's, or that of an adult in law.
Where notice of a death is owed the case stays open until it is given, whatever else was decided.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from safeguarding.review import criteria
from safeguarding.review.as_arranged import is_of_the_council
from safeguarding.review.conditions import adult_referral_is_found, day_is_not_before, day_is_not_in_the_future
from safeguarding.review.criteria import NO, NOT_KNOWN, YES, Result
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, LimbAnswer
from safeguarding.review.legal_tests import NOTICE_OF_DEATH
from safeguarding.review.review import Review
from safeguarding.review.states import State
from safeguarding.review.step import CHILDREN, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.clocks_of_notices import (
    CARE_LEAVER_DEATH,
    LOOKED_AFTER_DEATH,
    NOT_KNOWN_YET,
    NOT_OWED,
    NOTICE_MARKS,
    NOTICES,
    adult_marks,
    clocks_of_the_notice,
    clocks_of_the_panel,
    has_begun,
    knew_of_the_death_on,
    to_be_found_out,
)
from safeguarding.stages.found_before import (
    became_a_case_on,
    death_or_harm_known_since,
    it_contradicts_no_record,
    kept_of_this_decision,
    kept_on_record,
    looked_after_known_since,
    what_is_learnt_later_has_its_day,
)
from safeguarding.stages.said_before import (
    a_death_that_was_referred_is_assessed_as_one,
    nothing_is_known_later_than_the_record_says,
    what_is_known_was_known_by_the_decision,
)
from safeguarding.stages.whom_to_notify import (
    NotificationDecision,
    age,
    closes_as,
    contradictions,
    ends_without_the_panel,
    notice_finding,
    of_the_death,
    panel_finding,
    places_that_contradict,
    result_of,
)

LOCAL_AUTHORITY = frozenset({"local_authority_dcs", "delegated_partner", "deputy_partner", "lead_partner"})
"""The roles from which the local authority's own decide: `the_local_authority_decides` narrows them to it."""

# --------------------------------------------------------------------------- the authority becomes aware


class Awareness(Form):
    """When the local authority first knew. The five working days run from this day, not from the incident."""

    aware_on: date = Field(
        title="Local authority became aware on",
        description="The earliest day any officer of the local authority knew the facts. Guidance: notify "
        "within five working days of it. A weekend or holiday counts as day nought.",
    )
    under_18: Literal["yes", "no", "not known"] = Field(
        title="Was the person under 18?",
        description="Section 16C speaks of a child. An adult is notified to nobody under it.",
    )
    incident: Literal["death", "serious harm", "other"] = Field(title="The child")
    looked_after: Literal["yes", "no", "not known"] = Field(
        title="Was the child looked after by this local authority?",
        description="The authority looking after a child gives notice of the death, wherever the child died.",
    )
    care_leaver: Literal["yes", "no", "not known"] = Field(title="Was this a care leaver aged 18 to 24?")
    acknowledged_on: date = Field(title="Referrer acknowledged on")

    @property
    def ages(self) -> tuple[LimbAnswer, LimbAnswer, LimbAnswer]:
        """What was answered of the person's age: under 18, looked after, a care leaver of 18 to 24."""
        return self.under_18, self.looked_after, self.care_leaver


def the_ages_fit_together(step: Attempt[Any]) -> Check:
    """Nobody is a child and a care leaver of 18 to 24 at once."""
    wrong = contradictions(*step.form.ages)
    return Check(not wrong, f"the answers contradict each other: {'; '.join(wrong)}")


def assess(step: Attempt[Awareness]) -> Outcome:
    """
    Start the clocks that the facts call for; of a person whose age is not known, those of a child.

    Section 16C speaks of a death or serious harm: of anything else nothing is owed to the Panel, until it is decided.
    """
    form = step.form
    adult = age(*form.ages) == NO
    names = ["adult_in_law_known"] if adult else ["became_aware"] if form.incident != "other" else []
    if form.incident == "death" and form.looked_after == YES:
        names.append(LOOKED_AFTER_DEATH)
    if form.incident == "death" and form.care_leaver == YES:
        names.append(CARE_LEAVER_DEATH)
    died: LimbAnswer = YES if form.incident == "death" else NO
    answers = of_the_death(died, *form.ages)
    if criteria.decide(NOTICE_OF_DEATH, answers).result is Result.ASK_FOR_INFORMATION:
        names += [mark.name for mark in to_be_found_out(step.review, answers, form.aware_on)]
    marks = [Mark(name=n, on=form.aware_on) for n in names if n not in NOTICES or not has_begun(step.review, n)]
    marks.append(Mark(name="referral_acknowledged", on=form.acknowledged_on))
    return Outcome(to=State.NOTIFICATION_DECISION, marks=tuple(marks))


ASSESS_NOTIFICATION = Step(
    name="assess_notification",
    title="Local authority aware: assess whether to notify",
    button="Assess whether to notify",
    tracks=CHILDREN,
    sources=frozenset({State.REFERRED}),
    leads_to=frozenset({State.NOTIFICATION_DECISION}),
    by=MANAGERS | {"local_authority_dcs"},
    form=Awareness,
    needs=(
        the_ages_fit_together,
        a_death_that_was_referred_is_assessed_as_one,
        day_is_not_in_the_future("aware_on"),
        day_is_not_in_the_future("acknowledged_on"),
        day_is_not_before("acknowledged_on", "referral_received"),
    ),
    does=assess,
    kind="awareness_recorded",
    days={
        "aware_on": ("became_aware", "adult_in_law_known", *NOTICES, *NOT_KNOWN_YET),
        "acknowledged_on": ("referral_acknowledged",),
    },
    marks=frozenset({"became_aware", "adult_in_law_known", *NOTICES, *NOT_KNOWN_YET, "referral_acknowledged"}),
    tells=("local_authority_dcs", "delegated_partner"),
)

# --------------------------------------------------------------------------- notify or not


def the_local_authority_decides(step: Attempt[Any]) -> Check:
    """The duty to notify is the local authority's: police and health are heard, and do not sign for it (s.16C)."""
    partnership = step.rulebook.partnership
    person = partnership.known(step.actor.person)
    its_own = person is not None and is_of_the_council(person, partnership)
    return Check(its_own, "the local authority decides whether to notify: somebody who speaks for it must sign")


def the_answers_fit_together(step: Attempt[NotificationDecision]) -> Check:
    """Nobody is a child and a care leaver of 18 to 24 at once, and it happened in one place."""
    wrong = contradictions(*step.form.ages) + places_that_contradict(*step.form.places)
    return Check(not wrong, f"the answers contradict each other: {'; '.join(wrong)}")


def a_disagreement_is_told(step: Attempt[NotificationDecision]) -> Check:
    """Where partners disagree the record says who and why."""
    form = step.form
    told = form.partners_agree != "one or more disagree" or bool(form.disagreement)
    return Check(told, "say which partner disagrees, and why")


def the_other_area_is_told_and_recorded(step: Attempt[NotificationDecision]) -> Check:
    """A serious case of another area is told to the authority there, which is on the record with whoever leads."""
    form = step.form
    if not ends_without_the_panel(form) or closes_as(form) is not State.OTHER_AREA:
        return Check(True, "")
    short = [
        words
        for words, given in (
            ("which authority", form.other_authority),
            ("who leads there", form.other_lead),
            ("when it was told", form.other_told_on),
        )
        if not given
    ]
    return Check(not short, f"the case is another area's: say {', '.join(short)}")


def an_adult_is_tested_for_an_adult_review(step: Attempt[Any]) -> Check:
    """A person of 18 or over is referred on the adult track before the case closes on this one."""
    if isinstance(step.form, NotificationDecision):
        closes = ends_without_the_panel(step.form) and notice_finding(step.form).result is Result.NO_NOTIFICATION
        if closes and step.form.person_under_18 == NOT_KNOWN:
            return _an_age_that_matters_is_known(step.form)
        adult = closes and closes_as(step.form) is State.ADULT_IN_LAW and not step.form.no_adult_review_is_owed
    else:
        adult = decision_that_stands(step.review).get("closes_as") == State.ADULT_IN_LAW
    tested = bool(step.form.adult_referral) or step.review.happened("adult_review_referred") is not None
    words = (
        "an adult in law is tested for a safeguarding adults review: open that referral, and give its reference here"
    )
    return Check(not adult or tested, words)


def _an_age_that_matters_is_known(form: NotificationDecision) -> Check:
    """Of a death, or of abuse or neglect that is not ruled out, the case does not close while it may be an adult's."""
    words = (
        "it is not known whether the person was under 18, and there was a death, or abuse or neglect is not ruled out: "
        "an adult in law is tested for a safeguarding adults review. Find out the age, or open that referral and give "
        "its reference here"
    )
    return Check(form.no_adult_review_is_owed or bool(form.adult_referral), words)


def the_adult_referral_can_be_found(step: Attempt[Any]) -> Check:
    """The reference given is that of an adult review on this record, or it is said where else it is kept."""
    return adult_referral_is_found(step, step.form.adult_referral, step.form.adult_referral_elsewhere)


def decision_that_stands(review: Review) -> dict[str, Any]:
    """The open facts of the last decision whether to notify; none where a withdrawal or a reopening came after it."""
    kinds = [line.kind for line in review.history if line.kind in DECIDED_ANEW_AFTER | {"notification_decided"}]
    return review.facts.get("notification_decided", {}) if kinds[-1:] == ["notification_decided"] else {}


DECIDED_ANEW_AFTER = frozenset({"notification_withdrawn", "reopened"})
"""After these it is decided again, limb by limb, whom to notify: nothing is sent on what was decided before."""


def decide_notification(step: Attempt[NotificationDecision]) -> Outcome:
    """Record both findings. A case that ends here enters the decision register; one that owes a notice stays open."""
    form = step.form
    panel, notice = panel_finding(form), notice_finding(form)
    result, state = result_of(panel, notice), closes_as(form)
    unknown = list(dict.fromkeys((*panel.unknown, *notice.unknown)))
    found = {"panel": {"result": panel.result, **panel.facts}, "notice": {"result": notice.result, **notice.facts}}
    kept = kept_of_this_decision(step.review, form, panel.result is not Result.ASK_FOR_INFORMATION)
    kept |= kept_on_record(step.review, form.model_dump())
    facts = {"result": result, "unknown": unknown, **found, **kept}
    # What is certain of the one does not wait for what is not known of the other.
    answers = of_the_death(form.died.answer, *form.ages)
    learnt = death_or_harm_known_since(step.review, form)
    knew = learnt or knew_of_the_death_on(step.review, form.decided_on)
    knew = max(knew, looked_after_known_since(step.review, form) or knew)
    certain = clocks_of_the_panel(step.review, panel, became_a_case_on(step.review, form), form.decided_on)
    certain += clocks_of_the_notice(step.review, notice, answers, knew, form.decided_on)
    certain += adult_marks(step.review, form)
    if result is Result.ASK_FOR_INFORMATION:
        return Outcome(marks=tuple(certain), facts=facts, tells=("business_manager",))
    marks = [Mark(name="notification_decided", on=form.decided_on), *certain]
    if form.other_told_on is not None:
        marks.append(Mark(name="other_area_told", on=form.other_told_on))
    if result is Result.NOTIFY_PANEL:
        return Outcome(marks=tuple(marks), facts=facts)
    stays = notice.result is Result.NOTIFY_SECRETARY_OF_STATE
    return Outcome(to=None if stays else state, marks=tuple(marks), facts=facts | {"closes_as": state})


DECIDE_NOTIFICATION = Step(
    name="decide_notification",
    title="Notification decided",
    button="Decide whether to notify",
    tracks=CHILDREN,
    sources=frozenset({State.NOTIFICATION_DECISION}),
    leads_to=frozenset({State.NOT_SERIOUS_CASE, State.OTHER_AREA, State.ADULT_IN_LAW}),
    by=LOCAL_AUTHORITY,
    by_the_council=True,
    form=NotificationDecision,
    needs=(
        the_local_authority_decides,
        the_answers_fit_together,
        what_is_learnt_later_has_its_day,
        it_contradicts_no_record,
        nothing_is_known_later_than_the_record_says,
        what_is_known_was_known_by_the_decision,
        the_other_area_is_told_and_recorded,
        an_adult_is_tested_for_an_adult_review,
        the_adult_referral_can_be_found,
        a_disagreement_is_told,
        day_is_not_in_the_future("decided_on"),
        day_is_not_in_the_future("other_told_on"),
        day_is_not_in_the_future("suspected_since"),
        day_is_not_in_the_future("known_since"),
        day_is_not_in_the_future("looked_after_since"),
        day_is_not_before("decided_on", "became_aware"),
    ),
    does=decide_notification,
    kind="notification_decided",
    days={
        "decided_on": (
            "notification_decided",
            "notification_not_owed",
            "adult_in_law_known",
            "child_in_law_known",
            "adult_review_referred",
            "adult_review_not_owed",
            *NOT_OWED,
            *NOT_KNOWN_YET,
            "notice_of_death_known",
        ),
        "other_told_on": ("other_area_told",),
        "suspected_since": ("became_aware",),
        "known_since": ("became_aware", *NOTICES),
        "looked_after_since": (*NOTICES,),
    },
    marks=frozenset(
        {
            "notification_decided",
            "notification_not_owed",
            *NOTICE_MARKS,
            "became_aware",
            "adult_in_law_known",
            "child_in_law_known",
            "adult_review_referred",
            "adult_review_not_owed",
            "other_area_told",
        }
    ),
    tells=("business_manager", "business_unit", "delegated_partner", "local_authority_dcs"),
    decision=True,
)

STEPS = (ASSESS_NOTIFICATION, DECIDE_NOTIFICATION)
