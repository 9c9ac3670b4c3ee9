"""
Whom to notify of a child's death or serious harm: the questions, and what the answers come to.

The national Panel, by section 16C of the Children Act 2004; the Secretary of State and Ofsted, of the death of a child
whom the authority looks after, wherever it happened, and of a care leaver's. A case that is another area's, or that of
an adult in law, is said to be that, and never not serious.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from safeguarding.review import criteria
from safeguarding.review.criteria import NO, NOT_KNOWN, YES, Finding, Result
from safeguarding.review.forms import Form, Limb, LimbAnswer, Ref, SealedOptional, StillOwed, still_owed
from safeguarding.review.legal_tests import NOTICE_OF_DEATH, NOTIFICATION
from safeguarding.review.states import State

ADULT_REFERRAL = "An adult in law is tested for a safeguarding adults review. Needed before the case closes here."
"""What stands under the question for the reference of the referral on the adult track."""
ADULT_REFERRAL_ELSEWHERE = "If that referral is not on this record: where it is kept"
"""The title of the question beside it."""

RECORD_IS_WRONG = "If the record said before that the person died, or who looked after them: why that was wrong"
"""The title of the question without which what the record says of a death is not undone."""


def age(under_18: LimbAnswer, looked_after: LimbAnswer, care_leaver: LimbAnswer) -> LimbAnswer:
    """
    Whether the person was under 18, where another answer settles it: a looked-after child is, a care leaver of 18 to
    24 is not.
    """
    if under_18 != NOT_KNOWN:
        return under_18
    return YES if looked_after == YES else NO if care_leaver == YES else NOT_KNOWN


def contradictions(under_18: LimbAnswer, looked_after: LimbAnswer, care_leaver: LimbAnswer) -> list[str]:
    """What cannot be true together of one person's age, in words."""
    found = []
    if under_18 == YES and care_leaver == YES:
        found.append("a care leaver of 18 to 24 was not under 18")
    if under_18 == NO and looked_after == YES:
        found.append("a looked-after child was under 18")
    if looked_after == YES and care_leaver == YES:
        found.append("a looked-after child is not yet a care leaver of 18 to 24")
    return found


def places_that_contradict(here: LimbAnswer, other_english: LimbAnswer, abroad: LimbAnswer) -> list[str]:
    """Of two places answered «yes», that it happened in one: section 16C gives each place to one authority."""
    given = {"in this area": here, "in another English authority's area": other_english, "outside England": abroad}
    where = [place for place, answer in given.items() if answer == YES]
    if len(where) < 2:
        return []
    words = f"it happened {' and '.join(where)}: say «yes» to one place"
    if here == YES:
        words += "; of harm done in several areas, to this one, and name the others in the reason"
    return [words]


class NotificationDecision(Form):
    """Section 16C and the notices of a death, limb by limb. The duty is the authority's; the partners are heard."""

    under_18: Limb = Field(
        title="Was the person under 18?", description="A child, in section 16C. Eighteen on the day means «no»."
    )
    abuse_or_neglect: Limb = Field(title="Is abuse or neglect known or suspected?")
    suspected_since: date | None = Field(
        default=None,
        title="If abuse or neglect came to be suspected after the day of awareness: since",
        description="The five working days to the Panel then run from this day. Needed where an earlier decision found "
        "no abuse or neglect. The earlier days stay on the record.",
    )
    died: Limb = Field(title="Has the child died?")
    seriously_harmed: Limb = Field(
        title="Has the child been seriously harmed?",
        description="Includes serious or long-term impairment of mental health or development, and of "
        "physical health. Recovery does not rule it out.",
    )
    known_since: date | None = Field(
        default=None,
        title="If the death or the harm became known after the day of awareness: since",
        description="Notice of the death runs from this day; so do the five working days to the Panel, unless the "
        "child was known to be seriously harmed before. Needed where an earlier decision found no death or no harm.",
    )
    in_this_area: Limb = Field(title="Did it happen in this area?")
    in_another_english_area: Limb = Field(title="Did it happen in another English authority's area?")
    normally_resident_here: Limb = Field(title="Did it happen outside England, to a child who normally lives here?")
    looked_after: Limb = Field(
        title="Was the child looked after by this local authority?",
        description="Children Act 1989 Sch.2 para 20: the authority looking after the child gives notice of the death, "
        "wherever it happened. Looked after by another authority: answer no, and tell that authority.",
    )
    looked_after_since: date | None = Field(
        default=None,
        title="If it became known after the day of awareness that this authority looked after the child: since",
        description="Notice of the death, and the telling of the parents, run from this day where the death was known "
        "before. Needed where an earlier answer was «no».",
    )
    care_leaver: Limb = Field(title="Was this a care leaver aged 18 to 24?")
    other_authority: SealedOptional = Field(
        default="",
        title="If it is another area's: which authority",
        description="The authority where it happened notifies and leads; of one outside England, that of the home.",
    )
    other_lead: SealedOptional = Field(default="", title="Who leads there, and how they are reached")
    other_told_on: date | None = Field(default=None, title="That authority told on")
    adult_referral: Ref = Field(
        default="",
        title="Of a person of 18 or over: the reference of the adult referral",
        description=ADULT_REFERRAL,
    )
    adult_referral_elsewhere: SealedOptional = Field(default="", title=ADULT_REFERRAL_ELSEWHERE)
    decided_on: date = Field(title="Decided on")
    partners_agree: Literal["all agree", "one or more disagree", "not asked"] = Field(
        title="Do the three partners agree?",
        description="A disagreement is recorded. It does not stop the local authority notifying.",
    )
    record_is_wrong: SealedOptional = Field(
        default="",
        title=RECORD_IS_WRONG,
        description="Also where abuse or neglect, the death or the harm was known before, and a later day is given.",
    )
    disagreement: SealedOptional = Field(default="", title="Who disagrees, and why")

    @property
    def ages(self) -> tuple[LimbAnswer, LimbAnswer, LimbAnswer]:
        """What was answered of the person's age: under 18, looked after, a care leaver of 18 to 24."""
        return self.under_18.answer, self.looked_after.answer, self.care_leaver.answer

    @property
    def person_under_18(self) -> LimbAnswer:
        """Whether the person was a child, as these answers together say."""
        return age(*self.ages)

    @property
    def no_adult_review_is_owed(self) -> bool:
        """
        Whether neither condition of s.44(2) and (3) of the Care Act 2014 can be met: each asks for abuse or neglect.

        Of a death the board is asked all the same, for it may suspect what the authority does not.
        """
        return self.abuse_or_neglect.answer == NO and self.died.answer == NO

    @property
    def places(self) -> tuple[LimbAnswer, LimbAnswer, LimbAnswer]:
        """What was answered of the place: this area, another English one, outside England and resident here."""
        return self.in_this_area.answer, self.in_another_english_area.answer, self.normally_resident_here.answer

    @property
    def died_or_harmed(self) -> LimbAnswer:
        """Whether the child died or was seriously harmed."""
        return criteria.any_of(self.died.answer, self.seriously_harmed.answer)

    still_owed: tuple[StillOwed, ...] = still_owed()


def panel_finding(form: NotificationDecision) -> Finding:
    """Decision table DT-1 on these answers: is the national Panel to be notified? One place rules out the others."""
    known = YES in form.places
    here, other, abroad = (NO if known and place != YES else place for place in form.places)
    return criteria.decide(
        NOTIFICATION,
        {
            "under_18": form.person_under_18,
            "abuse_or_neglect": form.abuse_or_neglect.answer,
            "died_or_seriously_harmed": form.died_or_harmed,
            "in_this_area": here,
            "in_another_english_area": other,
            "normally_resident_here": abroad,
        },
    )


def notice_finding(form: NotificationDecision) -> Finding:
    """Decision table DT-1 on these answers: is notice of the death to be given to the Secretary of State and Ofsted?"""
    return criteria.decide(NOTICE_OF_DEATH, of_the_death(form.died.answer, *form.ages))


def notices_that_may_be_owed(answers: dict[str, LimbAnswer]) -> frozenset[str]:
    """The rows of that table which these answers do not rule out, whether or not they are all known."""
    return frozenset(
        row.number for row in NOTICE_OF_DEATH.rows if all(answers[question] != NO for question in row.when)
    )


def of_the_death(
    died: LimbAnswer, under_18: LimbAnswer, looked_after: LimbAnswer, care_leaver: LimbAnswer
) -> dict[str, LimbAnswer]:
    """The answers to that table, where the person's age settles whose death it can be."""
    child = age(under_18, looked_after, care_leaver)
    return {
        "died": died,
        "looked_after": NO if child == NO else looked_after,
        "care_leaver": NO if child == YES else care_leaver,
    }


def result_of(panel: Finding, notice: Finding) -> Result:
    """
    What the two findings come to together.

    The Panel's notification waits for nothing; otherwise whatever is not known is asked first, and nothing is closed.
    """
    if panel.result is Result.NOTIFY_PANEL:
        return Result.NOTIFY_PANEL
    if Result.ASK_FOR_INFORMATION in (panel.result, notice.result):
        return Result.ASK_FOR_INFORMATION
    if panel.result is Result.OTHER_AREA_NOTIFIES:
        return Result.OTHER_AREA_NOTIFIES
    return notice.result


def closes_as(form: NotificationDecision) -> State:
    """
    How a case ends that the Panel is not notified of.

    «Not serious» is said only where there was no abuse or neglect, or no death or serious harm (s.16B(9)): never for
    the person's age, and never for where it happened.
    """
    if form.person_under_18 == NO:
        return State.ADULT_IN_LAW
    if NO in (form.abuse_or_neglect.answer, form.died_or_harmed):
        return State.NOT_SERIOUS_CASE
    return State.OTHER_AREA


def ends_without_the_panel(form: NotificationDecision) -> bool:
    """Whether it is certain that the Panel is not to be notified."""
    return result_of(panel_finding(form), notice_finding(form)) not in (
        Result.NOTIFY_PANEL,
        Result.ASK_FOR_INFORMATION,
    )
