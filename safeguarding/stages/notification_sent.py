"""
The notification is sent: to the national Panel, or notice of a death to the Secretary of State and Ofsted alone.

Begins when whom to notify is decided (`notification`). What goes to the Panel starts the rapid review. A notice of a
death alone closes the case as it was decided, once the parents are told and an adult in law is referred.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.criteria import YES, Result
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, Ref, SealedOptional, StillOwed, still_owed
from safeguarding.review.review import Review
from safeguarding.review.states import State
from safeguarding.review.step import CHILDREN, MANAGERS, Attempt, Check, Outcome, Step
from safeguarding.stages.notification import (
    an_adult_is_tested_for_an_adult_review,
    decision_that_stands,
    the_adult_referral_can_be_found,
)
from safeguarding.stages.whom_to_notify import ADULT_REFERRAL, ADULT_REFERRAL_ELSEWHERE


class NotificationSent(Form):
    """The notification has left. The rapid review is counted from the day it was sent, not received."""

    sent_on: date = Field(title="Sent on", description="The day the system gave its receipt (London).")
    national_reference: Ref = Field(title="Reference on the receipt", min_length=1)
    partners_told_on: date | None = Field(default=None, title="The other partners told on")
    parents_told_on: date | None = Field(
        default=None,
        title="Of a looked-after child's death: parents and holders of parental responsibility told on",
        description="So far as is reasonably practicable (Children Act 1989 Sch.2 para 20(1)(b)).",
    )
    evidence: Literal["system receipt", "secure email, not bounced"] = Field(title="How we know it was sent")
    adult_referral: Ref = Field(
        default="",
        title="Of a person of 18 or over: the reference of the adult referral",
        description=ADULT_REFERRAL,
    )
    adult_referral_elsewhere: SealedOptional = Field(default="", title=ADULT_REFERRAL_ELSEWHERE)
    still_owed: tuple[StillOwed, ...] = still_owed()


def only_a_notice_of_death(review: Review) -> bool:
    """Whether what was decided is a notice to the Secretary of State and Ofsted, and nothing to the Panel."""
    decided = decision_that_stands(review)
    if decided.get("result") == Result.NOTIFY_SECRETARY_OF_STATE:
        return True
    notice = decided.get("notice", {}).get("result")
    return decided.get("result") == Result.OTHER_AREA_NOTIFIES and notice == Result.NOTIFY_SECRETARY_OF_STATE


def notification_was_decided(step: Attempt[NotificationSent]) -> Check:
    """There is a decision to notify, limb by limb, before there is a notification."""
    result = decision_that_stands(step.review).get("result")
    met = result == Result.NOTIFY_PANEL or only_a_notice_of_death(step.review)
    words = "decide first whether to notify, limb by limb"
    decided = decision_that_stands(step.review)
    if met and "under_18" not in decided and decided.get("care_leaver", {}).get("answer") == YES:
        # An earlier version did not ask, and would have begun a child's rapid review for an adult.
        return Check(False, "a care leaver is an adult in law, which was not asked then: decide again, limb by limb")
    if result == Result.ASK_FOR_INFORMATION:
        words = "the decision to notify still waits for information: answer the limbs again"
    return Check(met, words)


def parents_are_told_or_still_chased(step: Attempt[NotificationSent]) -> Check:
    """A case does not close while the parents of a looked-after child who died may still have to be told."""
    owed = step.review.live("C03b") and only_a_notice_of_death(step.review)
    words = (
        "say when the parents and holders of parental responsibility were told of the death, or record that it is not "
        "reasonably practicable (Children Act 1989 Sch.2 para 20(1)(b))"
    )
    return Check(not owed or step.form.parents_told_on is not None, words)


def send_notification(step: Attempt[NotificationSent]) -> Outcome:
    """Settle the notification clocks; to the Panel it starts the rapid review, to the Secretary of State alone not."""
    form = step.form
    told = form.partners_told_on or form.sent_on
    marks = [Mark(name="secretary_of_state_notified", on=form.sent_on), Mark(name="partners_notified", on=told)]
    if form.parents_told_on is not None:
        marks.append(Mark(name="parents_told", on=form.parents_told_on))
    if only_a_notice_of_death(step.review):
        # A line that an earlier version wrote does not say how the case closes: it knew one way.
        state = State(decision_that_stands(step.review).get("closes_as", State.NOT_SERIOUS_CASE))
        if form.adult_referral:
            marks.append(Mark(name="adult_review_referred", on=form.sent_on))
        return Outcome(to=state, marks=tuple(marks))
    sent = Mark(name="notification_sent", on=form.sent_on)
    return Outcome(to=State.NOTIFICATION_SENT, marks=(sent, *marks))


SEND_NOTIFICATION = Step(
    name="send_notification",
    title="Notification sent",
    button="Record the notification as sent",
    tracks=CHILDREN,
    sources=frozenset({State.NOTIFICATION_DECISION}),
    leads_to=frozenset({State.NOTIFICATION_SENT, State.NOT_SERIOUS_CASE, State.OTHER_AREA, State.ADULT_IN_LAW}),
    by=MANAGERS | {"local_authority_dcs"},
    form=NotificationSent,
    needs=(
        notification_was_decided,
        an_adult_is_tested_for_an_adult_review,
        the_adult_referral_can_be_found,
        parents_are_told_or_still_chased,
        day_is_not_in_the_future("sent_on"),
        day_is_not_before("sent_on", "became_aware"),
        day_is_not_in_the_future("partners_told_on"),
        day_is_not_before("partners_told_on", "became_aware"),
        day_is_not_in_the_future("parents_told_on"),
    ),
    does=send_notification,
    kind="notification_sent",
    days={
        "sent_on": ("notification_sent", "secretary_of_state_notified", "partners_notified", "adult_review_referred"),
        "partners_told_on": ("partners_notified",),
        "parents_told_on": ("parents_told",),
    },
    marks=frozenset(
        {
            "notification_sent",
            "secretary_of_state_notified",
            "partners_notified",
            "parents_told",
            "adult_review_referred",
        }
    ),
    tells=("business_manager", "business_unit", "delegated_partner"),
)

STEPS = (SEND_NOTIFICATION,)
