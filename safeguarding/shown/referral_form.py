"""
The form by which an agency refers an adult for a review: a page to print or to fill in, with section 44 limb by limb.

Its questions are those of the decision and of the referral, in the same words, so that what an agency answers can be
entered as it came. Nothing of any review stands on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, NamedTuple

from safeguarding.law.own_document import OwnDocument, documents_for
from safeguarding.law.partnership import Partnership
from safeguarding.review.states import Stage, Track
from safeguarding.shown.bundle.paper import form_table, free, heading, paper, words
from safeguarding.stages.adult_decision import AdultReviewDecision
from safeguarding.stages.referral import Referral

TITLE = "Referral for a safeguarding adults review"
LIMBS = ("adult", "in_area", "needs", "concern", "died", "alive")
"""The questions of section 44 on the decision, in its order."""
UNIT, MANAGER = "business_unit", "business_manager"
ANSWERED = ("Question", "Answer")
WORDS, LINE = 5, 1
"""How many lines are left free to be written on: for an account, for a name or a day."""


class QuestionToAgency(NamedTuple):
    """One question of the form, with what helps to answer it, and how many lines there are for the answer."""

    question: str
    help: str = ""
    lines: int = LINE


def send_it_to(partnership: Partnership) -> str:
    """Where a referral goes: the mailbox that the unit shares, else that of whoever manages it; or nothing."""
    shared = next((one.email for one in partnership.channels if one.role == UNIT and one.email), None)
    people = partnership.holders(MANAGER)
    return str(shared or next((one.email for one in people if one.email), ""))


def referral_form(partnership: Partnership) -> str:
    """The form as a page, which prints and can be a Word file."""
    to = send_it_to(partnership)
    where = f"Send it to {partnership.name}{f', {to}' if to else ''}, by secure mail."
    return paper(
        TITLE,
        words(
            f"{where} You are told that it came, and what was decided.",
            "Whoever is in danger now is not helped by this form: act at once, in the usual way.",
            "You need not be certain. What you do not know is answered «not known»: it is found out afterwards.",
            *(f"Our own document for it: {one.words}" for one in _documents(partnership)),
        ),
        heading("Who refers"),
        form_table(ANSWERED, (34, 66), map(_row, WHO)),
        heading("The adult"),
        form_table(ANSWERED, (34, 66), map(_row, THE_ADULT)),
        heading("What section 44 of the Care Act 2014 asks"),
        words(
            "Of an adult with needs for care and support, where there is reasonable cause for concern how partners "
            "worked together, there must be a review if the adult died and the death is known or suspected to come "
            "from abuse or neglect (section 44(1) and (2)), or if the adult is alive and serious abuse or neglect is "
            "known or suspected (section 44(1) and (3)). Of any other adult with such needs there may be one (section "
            "44(4))."
        ),
        form_table(("Question", "Yes, no or not known", "Why: what you know, and from where"), (34, 16, 50), _limbs()),
        heading("What is known"),
        form_table(ANSWERED, (34, 66), map(_row, _known())),
    )


WHO = (
    QuestionToAgency("Agency or organisation"),
    QuestionToAgency("Name and role"),
    QuestionToAgency("How you are reached"),
    QuestionToAgency("Who in your agency has agreed to this referral", "If your agency wants it so."),
    QuestionToAgency("Day of the referral"),
)
THE_ADULT = (
    QuestionToAgency("Name, and other names"),
    QuestionToAgency("Date of birth; date of death, if the adult died"),
    QuestionToAgency("Address, and where the adult was living"),
    QuestionToAgency("Family or friends, and who supports the adult", lines=2),
    QuestionToAgency("Does the adult, or do the family, know of this referral?", "If not: why not.", 2),
)


def _documents(partnership: Partnership) -> Sequence[OwnDocument]:
    """The partnership's own documents for the referral of an adult, to read beside the form."""
    return documents_for(Track.ADULTS.value, {Stage.REFERRAL.value}, partnership.documents)


def _known() -> Iterable[QuestionToAgency]:
    yield QuestionToAgency("What happened, and when", lines=WORDS)
    yield QuestionToAgency("How agencies worked together, and what could be learnt", lines=WORDS)
    yield QuestionToAgency(
        "What a day was like for the adult, and what the adult wanted", "As your agency knew it.", WORDS
    )
    for name in ("others_concerned", "proceedings"):
        title, help_ = _of(Referral, name)
        yield QuestionToAgency(title, help_, 3)


def _limbs() -> Iterable[tuple[str, ...]]:
    for name in LIMBS:
        yield _cell(*_of(AdultReviewDecision, name)), "", free(3)


def _of(form: Any, name: str) -> tuple[str, str]:
    """A question of a step and its help, without what only concerns the record."""
    field = form.model_fields[name]
    return str(field.title), (field.description or "").removesuffix("Sealed.").strip()


def _row(one: QuestionToAgency) -> tuple[str, ...]:
    return _cell(one.question, one.help), free(one.lines)


def _cell(question: str, help_: str) -> str:
    ends = "" if not help_ or question.endswith("?") else "."
    return escape(f"{question}{ends} {help_}".strip())
