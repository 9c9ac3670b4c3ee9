"""
What each stage of a review is for, in two or three plain sentences: this program's own words, or the partnership's.

The program's are written anew after what partnerships say of their reviews. They are help and no law, so they cite
nothing and set no date.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import StringConstraints

from safeguarding.values import FromFile, Tidy

OfStage = Literal["referral", "rapid_review", "decision", "commissioning", "panel", "publication", "action_follow_up"]

LONGEST_GUIDANCE = 600
"""Letters of the guidance to one stage: more is not read at the form."""


class OwnGuidance(FromFile):
    """What a stage is for, in the partnership's own words: of which track, at which stage."""

    track: Literal["children", "adults"]
    stage: OfStage
    words: Annotated[Tidy, StringConstraints(min_length=1, max_length=LONGEST_GUIDANCE)]

    @property
    def id(self) -> str:
        """What it is for: one of a kind."""
        return f"{self.track}.{self.stage}"


CHILDREN: dict[str, str] = {
    "referral": (
        "Anybody who works with children may refer a case from which agencies can learn how to work "
        "together better. The local authority finds out whether the national Panel must be told. Whether a "
        "child has to be made safe now is asked first, and waits for nothing."
    ),
    "rapid_review": (
        "The facts are gathered quickly: what happened, what each agency knew, and what a day in the "
        "child's life was like. Then it is said whether a local review would teach more, and what can be "
        "put right at once."
    ),
    "decision": (
        "The partners decide together whether there is to be a local review. Each criterion is answered by "
        "itself and with reasons, so that whoever reads it years later can follow it."
    ),
    "commissioning": (
        "It is settled what the review asks, of which time, who leads it and who chairs its panel. The "
        "terms say how the child's daily life, welfare, wishes and feelings stand at the centre."
    ),
    "panel": (
        "Agencies, practitioners and the family are heard, to learn how people and organisations worked "
        "alone and together, and why. What is learnt can be acted on at once. The conclusions speak of the "
        "child's daily life too."
    ),
    "publication": (
        "Others are to learn from it. The report is published unless that would be inappropriate; then what"
        " can be said of the improvements is. The family hears of it first, and so does whoever must have "
        "the report before."
    ),
    "action_follow_up": (
        "Each recommendation becomes an action that somebody owns and that has a day. Then it is looked at "
        "whether anything changed for children, and not only whether something was done."
    ),
}
"""What each stage of a review of a child's case is for."""

ADULTS: dict[str, str] = {
    "referral": (
        "Anybody may refer the case of an adult with needs for care and support who has died or was "
        "seriously abused or neglected, where there is concern how agencies worked together. The facts need"
        " not be certain: they are found out in the next stage."
    ),
    "rapid_review": (
        "Each agency says what it knew, also of what the adult wanted. What section 44 of the Care Act asks"
        " is brought together: the adult's needs, what happened, and how agencies worked together."
    ),
    "decision": (
        "It is decided whether there must be a review, or may be one. Each limb of section 44 is answered "
        "by itself and with reasons. Where there is no review, it is said how else is learnt."
    ),
    "commissioning": (
        "It is settled what the review asks, of which time, by which method, and who leads it. The terms "
        "say how what the adult wanted stands at the centre. An adult who is alive is asked, with an "
        "advocate where one is needed."
    ),
    "panel": (
        "Agencies, practitioners and the adult or the family are heard, to learn how people and "
        "organisations worked alone and together, and why. What is learnt can be acted on at once. The "
        "conclusions speak of what the adult wanted."
    ),
    "publication": (
        "Others are to learn from it. It is decided what is published, with reasons where it is not the "
        "whole report, and the adult or the family is told first."
    ),
    "action_follow_up": (
        "Each finding that is accepted becomes an action that somebody owns and that has a day. Then it is "
        "looked at whether anything changed for adults, and not only whether something was done."
    ),
}
"""What each stage of a review of an adult's case is for."""


def guidance_words(track: str, stage: str, own: Sequence[OwnGuidance]) -> str:
    """What a stage is for: in the partnership's words where it has written its own, else in this program's."""
    written = next((one.words for one in own if (one.track, one.stage) == (track, stage)), None)
    return written or {"children": CHILDREN, "adults": ADULTS}[track][stage]
