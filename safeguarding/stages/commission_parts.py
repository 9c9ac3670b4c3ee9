"""
Commissioning part by part: the terms of reference, the chair, the reviewer, the letters, each recorded on its own day.

Each part ends the dates that wait for it. What was recorded so is not asked for again when the review begins; what was
not is asked for then, as it was before there were parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, Sealed
from safeguarding.review.review import Review
from safeguarding.review.states import State
from safeguarding.review.step import BOTH, MANAGERS, Attempt, Check, Condition, Outcome, Step
from safeguarding.stages.reviewer import Qualities, reviewer_is_suitable

Method = Literal["systems", "appreciative inquiry", "thematic", "SAR in Rapid Time", "joint review", "other"]
CriminalContact = Literal["recorded", "no criminal matter"]
CoronerTold = Literal["told", "no inquest", "the person is alive"]

TERMS_WORDS = "Questions, agencies, family, parallel proceedings."
DAILY_LIFE_TITLE = "How do they cover the child's daily life, or what the adult wanted?"
DAILY_LIFE_WORDS = "Which questions of the terms ask for it. The partnership's own standard, not the law's."


class TermsOfReference(Form):
    """The terms of reference are agreed: what is asked, of which time, by which method."""

    terms_agreed_on: date = Field(title="Terms of reference agreed on")
    scope_from: date = Field(title="Period under review from")
    scope_to: date = Field(title="Period under review to")
    method: Method = Field(title="Method")
    terms: Sealed = Field(title="Terms of reference", description=TERMS_WORDS)
    daily_life: Sealed = Field(title=DAILY_LIFE_TITLE, description=DAILY_LIFE_WORDS)


class ChairNamed(Form):
    """Who chairs the review panel."""

    chair: Annotated[str, From("people")] = Field(title="Chair of the review panel")
    named_on: date = Field(title="Named on")


class ReviewerAppointed(Qualities):
    """Who the reviewer is, considered quality by quality."""


class LettersSent(Form):
    """The letters that tell of the review, and who of the police and the coroner knows of it."""

    letters_sent_on: date = Field(title="Letters to heads of agencies sent on")
    criminal_contact: CriminalContact = Field(title="Senior investigating officer and CPS")
    coroner_told: CoronerTold = Field(title="Coroner")


PARTS: Mapping[str, type[Form]] = {
    "terms_agreed": TermsOfReference,
    "chair_named": ChairNamed,
    "reviewer_appointed_first": ReviewerAppointed,
    "commission_letters_sent": LettersSent,
}
"""The kind of the line of each part, and its questions."""
COMMISSIONED = "commissioned"
"""The kind of the line by which the review begins."""
MAY_BE_EMPTY = frozenset({"reviewer_in_file"})
"""What need not be answered though its part is asked."""


def recorded_before(review: Review) -> dict[str, Any]:
    """The open answers of every part that was recorded by itself and not yet used, by their questions."""
    found: dict[str, Any] = {}
    for kind, form in PARTS.items():
        if _stands(review, kind):
            found |= {name: review.facts[kind].get(name) for name in form.model_fields}
    return found


def _stands(review: Review, kind: str) -> bool:
    """Whether a part is on record that no commission has used since: a review may come back here from its end."""
    last = {line.kind: line.sequence for line in review.history}
    return kind in review.facts and last.get(kind, 0) > last.get(COMMISSIONED, 0)


@dataclass(frozen=True, slots=True)
class SaidOnce:
    """The answer to a question of a part is given here or was recorded before, and not both."""

    question: str

    @property
    def __name__(self) -> str:
        """The sentence that it tests."""
        return f"{self.question}_is_said_once"

    def __call__(self, step: Attempt[Any]) -> Check:
        """Whether it is."""
        given = getattr(step.form, self.question) not in (None, "")
        title = type(step.form).model_fields[self.question].title
        before = self.question in recorded_before(step.review)
        if given and before:
            return Check(False, f"{title}: was recorded before by itself, so leave it empty here")
        return Check(given or before or self.question in MAY_BE_EMPTY, f"{title}: is needed")


def asked_once(form: type[Form]) -> tuple[Condition, ...]:
    """The conditions that each question of a part which a form has is answered once."""
    questions = (name for part in PARTS.values() for name in part.model_fields)
    return tuple(SaidOnce(name) for name in questions if name in form.model_fields)


@dataclass(frozen=True, slots=True)
class NotYetRecorded:
    """A part was not recorded by itself before."""

    kind: str

    @property
    def __name__(self) -> str:
        """The sentence that it tests."""
        return f"{self.kind}_is_new"

    def __call__(self, step: Attempt[Any]) -> Check:
        """Whether it was not."""
        words = "this was recorded before: put its day right, or take that step back"
        return Check(not _stands(step.review, self.kind), words)


def period_runs_forward(step: Attempt[Any]) -> Check:
    """The period under review begins before it ends."""
    begins, ends = step.form.scope_from, step.form.scope_to
    met = begins is None or ends is None or begins <= ends
    return Check(met, "the period under review ends before it begins")


def chair_may_chair(step: Attempt[Any]) -> Check:
    """The chair holds the role in the partnership's file."""
    if not step.form.chair:
        return Check(True, "")
    person = step.rulebook.partnership.person(step.form.chair)
    return Check("review_panel_chair" in person.roles, f"{person.name} does not hold the role of review panel chair")


def agree_terms(step: Attempt[TermsOfReference]) -> Outcome:
    """The terms stand: the dates that wait for them end."""
    return Outcome(marks=(Mark(name="terms_of_reference_agreed", on=step.form.terms_agreed_on),))


def appoint(step: Attempt[ReviewerAppointed]) -> Outcome:
    """The reviewer is appointed; the review begins once its terms are agreed too."""
    return Outcome(marks=(Mark(name="reviewer_appointed", on=step.form.appointed_on),))


def keep(_: Attempt[Any]) -> Outcome:
    """Kept as it was said: no date waits for it."""
    return Outcome()


def _part(
    name: str, kind: str, title: str, button: str, does: Any, day: str, marks: tuple[str, ...], **more: Any
) -> Step:
    needs = (NotYetRecorded(kind), *more.pop("needs", ()), day_is_not_in_the_future(day))
    return Step(
        name=name,
        title=title,
        button=button,
        tracks=BOTH,
        sources=frozenset({State.COMMISSIONING}),
        by=MANAGERS | {"delegated_partner"},
        form=PARTS[kind],
        needs=(*needs, day_is_not_before(day, "decided_to_initiate")),
        does=does,
        kind=kind,
        days={day: marks},
        marks=frozenset(marks),
        **more,
    )


AGREE_TERMS = _part(
    "agree_terms",
    "terms_agreed",
    "Terms of reference agreed",
    "Agree the terms",
    agree_terms,
    "terms_agreed_on",
    ("terms_of_reference_agreed",),
    needs=(period_runs_forward,),
    tells=("delegated_partner",),
)
NAME_CHAIR = _part(
    "name_chair",
    "chair_named",
    "Chair of the review panel named",
    "Name the chair",
    keep,
    "named_on",
    (),
    needs=(chair_may_chair,),
    tells=("review_panel_chair",),
)
APPOINT_FIRST = _part(
    "appoint_first_reviewer",
    "reviewer_appointed_first",
    "Reviewer appointed",
    "Appoint the reviewer",
    appoint,
    "appointed_on",
    ("reviewer_appointed",),
    needs=(reviewer_is_suitable,),
    tells=("delegated_partner",),
)
SEND_LETTERS = _part(
    "send_commission_letters",
    "commission_letters_sent",
    "Letters about the review sent",
    "Record the letters",
    keep,
    "letters_sent_on",
    (),
)

STEPS = (AGREE_TERMS, NAME_CHAIR, APPOINT_FIRST, SEND_LETTERS)
