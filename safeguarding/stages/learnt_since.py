"""
Something learnt after the notification was decided: the child has died, or was looked after, or neither.

Notice of the death of a child whom the authority looks after is owed from knowing of it, wherever the review stands
(Children Act 1989 Sch.2 para 20). It starts no second notification to the Panel: that has the case already.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from safeguarding.review import criteria
from safeguarding.review.conditions import day_is_not_in_the_future
from safeguarding.review.criteria import NOT_KNOWN, YES, Finding
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, LimbAnswer, Sealed, SealedOptional
from safeguarding.review.legal_tests import NOTICE_OF_DEATH
from safeguarding.review.review import Review
from safeguarding.review.states import BEFORE_THE_NOTIFICATION, State
from safeguarding.review.step import CHILDREN, MANAGERS, OPEN_STATES, Attempt, Check, Outcome, Step
from safeguarding.stages.clocks_of_notices import (
    NOT_OWED,
    NOTICE_MARKS,
    NOTICES,
    clocks_of_the_notice,
    first_aware_on,
    is_tested_as_an_adult,
)
from safeguarding.stages.commissioning import DISCONTINUE
from safeguarding.stages.found_before import it_contradicts_no_record, kept_on_record
from safeguarding.stages.notification import LOCAL_AUTHORITY, the_local_authority_decides
from safeguarding.stages.rapid_review import WITHDRAW_NOTIFICATION
from safeguarding.stages.whom_to_notify import RECORD_IS_WRONG, contradictions, of_the_death


class LearntSince(Form):
    """What is now known of a death, and of who looked after the child. It may start notices that are owed at once."""

    known_on: date = Field(
        title="Known on",
        description="The earliest day any officer of the local authority knew it. The five working days run from it.",
    )
    died: LimbAnswer = Field(title="Has the person died?")
    looked_after: LimbAnswer = Field(
        title="Was the child looked after by this local authority?",
        description="Children Act 1989 Sch.2 para 20: whether or not abuse or neglect is suspected.",
    )
    care_leaver: LimbAnswer = Field(title="Was this a care leaver aged 18 to 24?")
    record_is_wrong: SealedOptional = Field(default="", title=RECORD_IS_WRONG)
    how: Sealed = Field(title="How it was learnt")


def under_18(review: Review) -> LimbAnswer:
    """What was last decided, or else assessed, of the person's age."""
    decided = review.facts.get("notification_decided", {}).get("under_18", {}).get("answer")
    found: LimbAnswer = decided or review.facts.get("awareness_recorded", {}).get("under_18", NOT_KNOWN)
    return found


def it_fits_the_age_on_record(step: Attempt[LearntSince]) -> Check:
    """Nobody is a child and a care leaver of 18 to 24 at once, here or with what was decided."""
    wrong = contradictions(under_18(step.review), step.form.looked_after, step.form.care_leaver)
    words = f"this does not fit the age on record: {'; '.join(wrong)}. If the age was wrong, {_to_decide_again(step)}"
    return Check(not wrong, words)


def _to_decide_again(step: Attempt[LearntSince]) -> str:
    """How it comes, from where the review stands, to be decided again whom to notify."""
    anew = "it is decided again whom to notify"
    if step.review.state in BEFORE_THE_NOTIFICATION:
        return f"{anew}: record the decision with the right age"
    if step.review.state in WITHDRAW_NOTIFICATION.sources:
        return f"{anew}: withdraw the notification that was sent for a child"
    ends = " or ".join(sorted(f"'{state.words}'" for state in DISCONTINUE.sources))
    return (
        f"{anew}: end this review ('{DISCONTINUE.button}', offered in {ends}), then reopen it at "
        f"'{State.NOTIFICATION_DECISION.words}'"
    )


def it_was_learnt_since_the_case_began(step: Attempt[LearntSince]) -> Check:
    """What is learnt since was not known before: not before awareness, nor, where none is assessed, the referral."""
    review, known = step.review, step.form.known_on
    assessed = review.facts.get("awareness_recorded") is not None
    began = first_aware_on(review, known) if assessed else review.happened("referral_received")
    if began is None or known >= began:
        return Check(True, "")
    if assessed:
        words = f"known on {known} is before the authority became aware on {began}: correct that day first"
        return Check(False, f"{words}, if it was known by then")
    words = f"known on {known} is before the referral was received on {began}"
    return Check(False, f"{words}: what was known before it is said where the awareness is assessed")


def that_none_is_owed_the_local_authority_says(step: Attempt[LearntSince]) -> Check:
    """Whoever keeps the record may say what starts a notice; that none is owed is the authority's to say."""
    ends = any(mark.name in NOT_OWED or mark.name == "notice_of_death_known" for mark in learn(step).marks)
    starts = any(mark.name in NOTICE_MARKS - NOT_OWED and mark.name.startswith("became") for mark in learn(step).marks)
    return the_local_authority_decides(step) if ends and not starts else Check(True, "")


def learn(step: Attempt[LearntSince]) -> Outcome:
    """
    Start the notices that are owed from that day, and end what is not owed; what is not known stays owed.

    A care leaver of 18 to 24 is an adult in law, who is tested for an adult review whatever is decided of the notices.
    """
    form = step.form
    answers = of_the_death(form.died, under_18(step.review), form.looked_after, form.care_leaver)
    notice: Finding = criteria.decide(NOTICE_OF_DEATH, answers)
    marks: list[Mark] = clocks_of_the_notice(step.review, notice, answers, form.known_on, form.known_on)
    if form.care_leaver == YES and not is_tested_as_an_adult(step.review):
        marks.append(Mark(name="adult_in_law_known", on=form.known_on))
    kept = kept_on_record(step.review, form.model_dump())
    return Outcome(marks=tuple(marks), facts={"notice": {"result": notice.result, **notice.facts}, **kept})


RECORD_LEARNT_SINCE = Step(
    name="record_learnt_since",
    title="A death, or who looked after the child, learnt since",
    button="Record a death or status learnt since",
    tracks=CHILDREN,
    sources=OPEN_STATES,
    by=MANAGERS | LOCAL_AUTHORITY,
    form=LearntSince,
    needs=(
        it_fits_the_age_on_record,
        it_contradicts_no_record,
        it_was_learnt_since_the_case_began,
        that_none_is_owed_the_local_authority_says,
        day_is_not_in_the_future("known_on"),
    ),
    does=learn,
    kind="learnt_since",
    days={"known_on": (*NOTICE_MARKS, "adult_in_law_known")},
    follows={
        **dict.fromkeys(NOTICES, ("became_aware", "adult_in_law_known", "referral_received")),
        "adult_in_law_known": ("became_aware", "referral_received"),
    },
    marks=NOTICE_MARKS | {"adult_in_law_known"},
    tells=("business_manager", "local_authority_dcs", "delegated_partner"),
    on_card=False,
)

STEPS = (RECORD_LEARNT_SINCE,)
