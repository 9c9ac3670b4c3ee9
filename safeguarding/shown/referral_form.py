"""
The form by which anybody outside the unit refers a child or an adult for a review: a page to print or to fill in; of an
adult with section 44 limb by limb.

Its questions are those of the decision and of the referral, in the same words, so that what is answered can be taken in
as it came (`referral_filled`). Nothing of any review stands on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, NamedTuple, get_args

from safeguarding.law.own_document import OwnDocument, documents_for
from safeguarding.law.partnership import Partnership
from safeguarding.review.states import Stage, Track
from safeguarding.shown.bundle.paper import form_table, free, heading, paper, words
from safeguarding.stages.adult_decision import AdultReviewDecision
from safeguarding.stages.referral import OF_A_CHILD, OF_AN_ADULT, Referral

TITLES = {
    Track.CHILDREN: "Referral for a child safeguarding practice review",
    Track.ADULTS: "Referral for a safeguarding adults review",
}
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


def referral_form(partnership: Partnership, track: Track = Track.ADULTS) -> str:
    """The form of a track as a page, which prints and can be a Word file."""
    to = send_it_to(partnership)
    where = f"Send it to {partnership.name}{f', {to}' if to else ''}, by secure mail."
    adults = track is Track.ADULTS
    return paper(
        TITLES[track],
        words(
            f"{where} You are told that it came, and what was decided.",
            "Whoever is in danger now is not helped by this form: act at once, in the usual way.",
            "You need not be certain. What you do not know is answered «not known»: it is found out afterwards.",
            *(f"Our own document for it: {one.words}" for one in _documents(partnership, track)),
        ),
        heading("Who refers"),
        form_table(ANSWERED, (34, 66), map(_row, WHO)),
        heading("The adult" if adults else "The child"),
        form_table(ANSWERED, (34, 66), map(_row, OF_WHOM[track])),
        *(_section_44() if adults else ()),
        heading("What is known"),
        form_table(ANSWERED, (34, 66), map(_row, known_asked(track))),
    )


def _section_44() -> Iterator[str]:
    yield heading("What section 44 of the Care Act 2014 asks")
    yield words(
        "Of an adult with needs for care and support, where there is reasonable cause for concern how partners "
        "worked together, there must be a review if the adult died and the death is known or suspected to come "
        "from abuse or neglect (section 44(1) and (2)), or if the adult is alive and serious abuse or neglect is "
        "known or suspected (section 44(1) and (3)). Of any other adult with such needs there may be one (section "
        "44(4))."
    )
    limbs = ((_cell(*one), "", free(3)) for one in limbs_asked())
    yield form_table(("Question", "Yes, no or not known", "Why: what you know, and from where"), (34, 16, 50), limbs)


AGENCY = QuestionToAgency("Agency or organisation")
WHO = (
    AGENCY,
    QuestionToAgency("Name and role"),
    QuestionToAgency("How you are reached"),
    QuestionToAgency("Who in your agency has agreed to this referral", "If your agency wants it so."),
    QuestionToAgency("Day of the referral"),
)
OF_WHOM = {
    Track.CHILDREN: (
        QuestionToAgency("Name of the child, and other names"),
        QuestionToAgency("Date of birth; date of death, if the child died"),
        QuestionToAgency("Address, and where the child was living"),
        QuestionToAgency("Family, and who has parental responsibility", lines=2),
        QuestionToAgency("Does the child, or do the family, know of this referral?", "If not: why not.", 2),
    ),
    Track.ADULTS: (
        QuestionToAgency("Name of the adult, and other names"),
        QuestionToAgency("Date of birth; date of death, if the adult died"),
        QuestionToAgency("Address, and where the adult was living"),
        QuestionToAgency("Family or friends, and who supports the adult", lines=2),
        QuestionToAgency("Does the adult, or do the family, know of this referral?", "If not: why not.", 2),
    ),
}
"""What is asked of the person; the name first, by which a filled form says of which track it is."""
A_DAY = {
    Track.CHILDREN: "What a day was like for the child, and what the child said and felt",
    Track.ADULTS: "What a day was like for the adult, and what the adult wanted",
}
ASKED_AS_IN_THE_RECORD = ("others_concerned", "proceedings")
"""Questions of the referral that are sealed there and asked here in the same words."""


def concerns(track: Track) -> list[str]:
    """What may be referred on a track, in the words of the referral."""
    others = OF_AN_ADULT if track is Track.CHILDREN else OF_A_CHILD
    return [one for one in get_args(Referral.model_fields["concern"].annotation) if one not in others]


def concern_asked(track: Track) -> QuestionToAgency:
    """The question what is referred, with what there is to choose from."""
    return QuestionToAgency(_of(Referral, "concern")[0], f"Write one of these: {'; '.join(concerns(track))}.")


def limbs_asked() -> list[tuple[str, str]]:
    """The limbs of section 44, each with what helps to answer it."""
    return [_of(AdultReviewDecision, name) for name in LIMBS]


def known_asked(track: Track) -> list[QuestionToAgency]:
    """What is asked of what happened."""
    return [
        concern_asked(track),
        QuestionToAgency("What happened, and when", lines=WORDS),
        QuestionToAgency("How agencies worked together, and what could be learnt", lines=WORDS),
        QuestionToAgency(A_DAY[track], "As your agency knew it.", WORDS),
        *(QuestionToAgency(*_of(Referral, name), 3) for name in ASKED_AS_IN_THE_RECORD),
    ]


def _documents(partnership: Partnership, track: Track) -> Sequence[OwnDocument]:
    """The partnership's own documents for a referral of this track, to read beside the form."""
    return documents_for(track.value, {Stage.REFERRAL.value}, partnership.documents)


def _of(form: Any, name: str) -> tuple[str, str]:
    """A question of a step and its help, without what only concerns the record."""
    field = form.model_fields[name]
    return str(field.title), (field.description or "").removesuffix("Sealed.").strip()


def _row(one: QuestionToAgency) -> tuple[str, ...]:
    return _cell(one.question, one.help), free(one.lines)


def _cell(question: str, help_: str) -> str:
    ends = "" if not help_ or question.endswith("?") else "."
    return escape(f"{question}{ends} {help_}".strip())
