"""
The legal tests as tables: whom to notify, section 44, a local review, the reviewer.

Rows stand in the order of the statute, and each names its provision; what rests on guidance, on practice or on nothing
that was read says so. Each row also names the milestones that follow, from which the rulebook knows which duties begin.
"""

from __future__ import annotations

from typing import Final

from safeguarding.review.criteria import NO, NO_PROVISION, YES, Result, Row, Table
from safeguarding.review.states import State, Track

# --------------------------------------------------------------------------- children: whom to notify

_S16C: Final = "Children Act 2004 s.16C(1)"

_SENT: Final = ("became_aware", "notification_sent")
"""What follows where the Panel is notified: its clock from awareness, and the rapid review's once it was sent."""

_CHILD_AND_ABUSE: Final = {"under_18": YES, "abuse_or_neglect": YES, "died_or_seriously_harmed": YES}
"""What both limbs of section 16C ask for: a child, whom the authority knows or suspects to be abused or neglected."""

NOTIFICATION: Final = Table(
    number="DT-1a",
    name="Must the local authority notify the national Panel?",
    begins="from awareness; of the rapid review, once the notification is sent",
    asks={
        "under_18": "the person was under 18",
        "abuse_or_neglect": "abuse or neglect is known or suspected",
        "died_or_seriously_harmed": "the child died or was seriously harmed",
        "in_this_area": "it happened in this area",
        "normally_resident_here": "it happened outside England, and the child normally lives in this area",
        "in_another_english_area": "it happened in another English authority's area",
    },
    rows=(
        Row(
            number="1-2",
            when={**_CHILD_AND_ABUSE, "in_this_area": YES},
            result=Result.NOTIFY_PANEL,
            provision=f"{_S16C}(a)",
            basis="abuse or neglect of a child is known or suspected, and the child died or was seriously harmed in "
            "the local authority's area",
            confidence="V",
            marks=_SENT,
            ends_as=(State.NOTIFICATION_SENT,),
        ),
        Row(
            number="3",
            when={**_CHILD_AND_ABUSE, "normally_resident_here": YES},
            result=Result.NOTIFY_PANEL,
            provision=f"{_S16C}(b)",
            basis="abuse or neglect of a child is known or suspected, and the child died or was seriously harmed "
            "outside England while normally resident in the area",
            confidence="V",
            marks=_SENT,
            ends_as=(State.NOTIFICATION_SENT,),
        ),
        Row(
            number="4",
            when={**_CHILD_AND_ABUSE, "in_another_english_area": YES},
            result=Result.OTHER_AREA_NOTIFIES,
            provision=f"{_S16C}(a)",
            basis="the duty to notify is that of the authority in whose area it happened; that it leads is the "
            "national Panel's answer to a frequently asked question [V2]",
            confidence="V",
            ends_as=(State.OTHER_AREA,),
        ),
    ),
    otherwise=Row(
        number="7-8",
        when={},
        result=Result.NO_NOTIFICATION,
        provision=_S16C,
        basis="section 16C asks for a child, abuse or neglect known or suspected, and a death or serious harm in the "
        "area or, of a child resident there, outside England. A death in a regulated setting has no national duty of "
        "its own: local practice only",
        confidence="V",
        ends_as=(State.NOT_SERIOUS_CASE, State.OTHER_AREA, State.ADULT_IN_LAW),
    ),
)
"""
Decision table DT-1, rows 1 to 4 and 7 to 8: the duty to notify the Panel. Abuse or neglect counts as «yes» when known
or suspected. The duty is the authority's. Age and place are limbs of the duty, and of nothing else.
"""

NOTICE_OF_DEATH: Final = Table(
    number="DT-1b",
    name="Must the Secretary of State and Ofsted be told of the death?",
    begins="from awareness of the death",
    asks={
        "died": "the person died",
        "looked_after": "the child was looked after by this local authority",
        "care_leaver": "the person was a care leaver of 18 to 24",
    },
    rows=(
        Row(
            number="5",
            when={"died": YES, "looked_after": YES},
            result=Result.NOTIFY_SECRETARY_OF_STATE,
            provision="Children Act 1989 Sch.2 para 20(1)(a)",
            basis="the authority looking after a child notifies the child's death, wherever the child died and "
            "whether or not abuse or neglect is suspected",
            confidence="V",
            marks=("became_aware_looked_after_death",),
            ends_as=(State.NOTIFICATION_SENT, State.NOT_SERIOUS_CASE, State.OTHER_AREA),
        ),
        Row(
            number="6",
            when={"died": YES, "care_leaver": YES},
            result=Result.NOTIFY_SECRETARY_OF_STATE,
            provision=f"{NO_PROVISION}: guidance",
            basis="the death of a care leaver of 18 to 24 should be notified; an adult in law, so the test for a "
            "safeguarding adults review is applied as well",
            confidence="V2",
            marks=("became_aware_care_leaver_death", "adult_in_law_known"),
            ends_as=(State.ADULT_IN_LAW,),
        ),
    ),
    otherwise=Row(
        number="none",
        when={},
        result=Result.NO_NOTIFICATION,
        provision="Children Act 1989 Sch.2 para 20(1)",
        basis="neither a child looked after by this authority nor a care leaver has died",
        confidence="V",
        ends_as=(State.NOTIFICATION_SENT, State.NOT_SERIOUS_CASE, State.OTHER_AREA, State.ADULT_IN_LAW),
    ),
)
"""
Decision table DT-1, rows 5 and 6: the notice of a death. It is owed beside whatever the Panel is owed, and not instead.
"""

# --------------------------------------------------------------------------- adults: section 44

_BEGUN: Final = ("decided_to_initiate",)

_S44: Final = "Care Act 2014 s.44"

_ADULT_AND_CONCERN: Final = {"adult": YES, "in_area": YES, "needs": YES, "concern": YES}
"""What s.44(1) asks for beside one of its two conditions: an adult in its area, with needs, and cause for concern."""

ADULT_REVIEW: Final = Table(
    number="DT-5",
    name="Must a Safeguarding Adults Review be arranged?",
    track=Track.ADULTS,
    begins="where a review is begun",
    asks={
        "adult": "the person was 18 or over",
        "in_area": "the adult was in the board's area",
        "needs": "the adult had needs for care and support",
        "concern": "there is reasonable cause for concern about how partners worked together",
        "died": "the adult died, and it is known or suspected that abuse or neglect was the cause",
        "alive": "the adult lives, and serious abuse or neglect is known or suspected",
    },
    rows=(
        Row(
            number="5a",
            when={"adult": NO},
            result=Result.NOT_A_SAR,
            provision=f"{_S44}(1)",
            basis="the person was under 18: the section speaks of an adult; a child's case is of the other track",
            confidence="V",
            ends_as=(State.NOT_MET, State.OTHER_LEARNING),
        ),
        Row(
            number="5b",
            when={"in_area": NO},
            result=Result.ANOTHER_BOARD,
            provision=f"{_S44}(1)",
            basis="the adult was not in the board's area: the section speaks of an adult in its area; whether a review "
            "is owed is for the board of that area, which is told",
            confidence="V",
            ends_as=(State.REFERRED_ON,),
        ),
        Row(
            number="5",
            when={"needs": NO},
            result=Result.NOT_A_SAR,
            provision=f"{_S44}(1)",
            basis="no needs for care and support",
            confidence="V",
            ends_as=(State.NOT_MET, State.OTHER_LEARNING),
        ),
        Row(
            number="1",
            when={**_ADULT_AND_CONCERN, "died": YES},
            result=Result.MANDATORY,
            provision=f"{_S44}(1) and (2)",
            basis="reasonable cause for concern about how partners worked together, and the death is known or "
            "suspected to result from abuse or neglect",
            confidence="V",
            marks=_BEGUN,
            found=("sar_facts_known",),
            without=("A06",),  # s.68(1)(b): a review under s.44(1) only where condition 2 is met, of a living adult
            ends_as=(State.COMMISSIONING,),
        ),
        Row(
            number="2",
            when={**_ADULT_AND_CONCERN, "alive": YES},
            result=Result.MANDATORY,
            provision=f"{_S44}(1) and (3)",
            basis="reasonable cause for concern about how partners worked together, and serious abuse or neglect of "
            "the living adult is known or suspected",
            confidence="V",
            marks=_BEGUN,
            found=("sar_facts_known",),
            ends_as=(State.COMMISSIONING,),
        ),
    ),
    otherwise=Row(
        number="3-4",
        when={},
        result=Result.DISCRETIONARY,
        provision=f"{_S44}(4)",
        basis="a review may be arranged in any other case of such an adult",
        confidence="V",
        marks=_BEGUN,
        ends_as=(State.COMMISSIONING, State.OTHER_LEARNING, State.NOT_MET),
    ),
)
"""Decision table DT-5. Self-neglect counts as abuse or neglect; a prior section 42 enquiry is not required [V2]."""

# --------------------------------------------------------------------------- children: a local review

_S16F: Final = "Children Act 2004 s.16F(1)"
_REG11: Final = "S.I. 2018/789 reg.11"
_DECIDED: Final = (
    State.COMMISSIONING,
    State.CLOSED_RAPID_REVIEW_ONLY,
    State.ACTION_FOLLOW_UP,
    State.NATIONAL_REFERRED,
)
"""What the partners may choose, whatever is found: to begin a review, to close, to follow up, or to refer."""

_MET: Final = {"serious_case": YES, "importance_to_area": YES, "any_criterion": YES}

LOCAL_REVIEW: Final = Table(
    number="DT-2",
    name="Should a local child safeguarding practice review be commissioned?",
    begins="where a review is begun",
    asks={
        "serious_case": "it is a serious child safeguarding case",
        "importance_to_area": "it raises issues of importance in relation to the area",
        "any_criterion": "one of the criteria of regulation 11(a) to (d) is met",
        "new_learning": "new learning is likely, beyond what the rapid review captured",
    },
    rows=(
        Row(
            number="4",
            when={"serious_case": NO},
            result=Result.OPEN_CHOICE,
            provision=f"{NO_PROVISION}: guidance",
            basis="not a serious child safeguarding case: a discretionary review or other learning",
            confidence="K",
            marks=(*_BEGUN, "discretionary_review_decided"),
            ends_as=_DECIDED,
        ),
        Row(
            number="4a",
            when={"serious_case": YES, "importance_to_area": NO},
            result=Result.OPEN_CHOICE,
            provision=f"{_S16F}(a)",
            basis="no issues of importance in relation to the area: section 16F does not ask for a review",
            confidence="V",
            marks=(*_BEGUN, "discretionary_review_decided"),
            ends_as=_DECIDED,
        ),
        Row(
            number="1",
            when={**_MET, "new_learning": YES},
            result=Result.LOCAL_REVIEW,
            provision=f"{_S16F}; {_REG11}",
            basis="issues of importance in relation to the area, and a criterion to be taken into account is met; a "
            "review follows where the partners consider it appropriate. That new learning points to one is our own "
            "reading: no source joins the two",
            confidence="D",
            marks=_BEGUN,
            ends_as=_DECIDED,
        ),
        Row(
            number="2",
            when={**_MET, "new_learning": NO},
            result=Result.NO_LOCAL_REVIEW,
            provision=f"{_S16F}; {_REG11}",
            basis="issues of importance in relation to the area, and a criterion to be taken into account is met; the "
            "rapid review has captured the learning",
            confidence="V2",
            marks=_BEGUN,
            ends_as=_DECIDED,
        ),
    ),
    otherwise=Row(
        number="2a",
        when={},
        result=Result.OPEN_CHOICE,
        provision=f"{_S16F}; {_REG11}",
        basis="the list of criteria is open, so reasons decide",
        confidence="V",
        marks=_BEGUN,
        ends_as=_DECIDED,
    ),
    must_know=frozenset({"serious_case", "importance_to_area", "any_criterion"}),
)
"""Decision table DT-2. The criteria are factors to take into account, not a score: reasons are needed either way."""

NOT_ASKED_FOR: Final = frozenset({"4", "4a"})
"""Its rows of what section 16F(1)(a) asks no review of: one that is begun all the same is discretionary."""

# --------------------------------------------------------------------------- the reviewer

_QUALITIES: Final = "S.I. 2018/789 reg.12 asks for an appointment; of qualities it says nothing: guidance, not read"

REVIEWER: Final = Table(
    number="DT-4",
    name="Is this reviewer suitable?",
    begins="on a child's review, once the reviewer is appointed",
    asks={
        "conflict_of_interest": "there is a real or perceived conflict of interest",
        "knowledge_of_reviews": "has knowledge and practice of reviews, with practitioners and families",
        "knowledge_of_research": "has knowledge of relevant research",
        "sees_complex_circumstances": "recognises complex circumstances",
        "avoids_hindsight": "views practice as it was at the time, not by hindsight",
        "communicates": "communicates findings effectively",
    },
    rows=(
        Row(
            number="conflict",
            when={"conflict_of_interest": YES},
            result=Result.NOT_SUITABLE,
            provision=_QUALITIES,
            basis="a real or perceived conflict of interest",
            confidence="K",
            ends_as=(State.COMMISSIONING,),
        ),
        Row(
            number="suitable",
            when={
                "knowledge_of_reviews": YES,
                "knowledge_of_research": YES,
                "sees_complex_circumstances": YES,
                "avoids_hindsight": YES,
                "communicates": YES,
                "conflict_of_interest": NO,
            },
            result=Result.SUITABLE,
            provision=_QUALITIES,
            basis="every quality considered and present, no conflict of interest",
            confidence="K",
            marks=("reviewer_appointed", "review_started"),
            ends_as=(State.IN_REVIEW,),
        ),
    ),
    otherwise=Row(
        number="quality",
        when={},
        result=Result.NOT_SUITABLE,
        provision=_QUALITIES,
        basis="a quality that the guidance asks for is missing",
        confidence="K",
        ends_as=(State.COMMISSIONING,),
    ),
    must_know=frozenset({"conflict_of_interest"}),
)
"""Decision table DT-4, from Working Together 2018, «Commissioning a reviewer»: text not yet checked."""

TABLES: Final = (NOTIFICATION, NOTICE_OF_DEATH, LOCAL_REVIEW, REVIEWER, ADULT_REVIEW)
"""Every decision table."""
