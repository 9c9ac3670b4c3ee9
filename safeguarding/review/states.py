"""
The two tracks, the seven stages, and the states of a review that they hold.
"""

from __future__ import annotations

from enum import StrEnum


class Track(StrEnum):
    """Which law the review runs on: the Children Act 2004 (LCSPR) or section 44 of the Care Act 2014 (SAR)."""

    CHILDREN = "children"
    ADULTS = "adults"

    @property
    def prefix(self) -> str:
        """How a reference of this track begins."""
        return {"children": "CSPR", "adults": "SAR"}[self.value]

    @property
    def subject(self) -> str:
        """How the person is spoken of: «Child F», «Adult B»."""
        return {"children": "Child", "adults": "Adult"}[self.value]


class Stage(StrEnum):
    """The seven stages, in the order of a review. Each open stage is one card."""

    REFERRAL = "referral"
    RAPID_REVIEW = "rapid_review"
    DECISION = "decision"
    COMMISSIONING = "commissioning"
    PANEL = "panel"
    PUBLICATION = "publication"
    ACTION_FOLLOW_UP = "action_follow_up"

    def named(self, track: Track) -> str:
        """The unit's own words for the stage: the adult track screens where the child track reviews rapidly."""
        if self is Stage.RAPID_REVIEW and track is Track.ADULTS:
            return "Screening"
        return self.value.replace("_", " ").capitalize()


class State(StrEnum):
    """Where a review stands; the states of one stage share its card, and a closed state has none."""

    REFERRED = "referred"
    NOTIFICATION_DECISION = "notification_decision"
    NOTIFICATION_SENT = "notification_sent"
    RAPID_REVIEW = "rapid_review"
    SCREENING = "screening"
    DECISION = "decision"
    NATIONAL_REFERRED = "national_referred"
    COMMISSIONING = "commissioning"
    IN_REVIEW = "in_review"
    DRAFTING = "drafting"
    SIGN_OFF = "sign_off"
    ACCEPTANCE = "acceptance"
    PRE_PUBLICATION = "pre_publication"
    PUBLICATION_DEFERRED = "publication_deferred"
    PUBLICATION = "publication"
    PUBLISHED = "published"
    PUBLISHED_IMPROVEMENTS_ONLY = "published_improvements_only"
    NOT_PUBLISHED = "not_published"
    ACTION_FOLLOW_UP = "action_follow_up"
    CLOSED = "closed"
    CLOSED_RAPID_REVIEW_ONLY = "closed_rapid_review_only"
    NOT_SERIOUS_CASE = "not_serious_case"
    OTHER_AREA = "other_area"
    ADULT_IN_LAW = "adult_in_law"
    NOTIFICATION_WITHDRAWN = "notification_withdrawn"
    NATIONAL_LED = "national_led"
    DISCONTINUED = "discontinued"
    OTHER_LEARNING = "other_learning"
    NOT_MET = "not_met"
    RETURNED_INCOMPLETE = "returned_incomplete"
    REFERRAL_WITHDRAWN = "referral_withdrawn"
    REFERRED_ON = "referred_on"

    @property
    def words(self) -> str:
        """The state in words for a screen."""
        return self.value.replace("_", " ")

    @property
    def ended_how(self) -> str:
        """How a review ended that is closed in this state, in words that follow «Closed:»."""
        return ENDED_HOW.get(self, self.words)


ENDED_HOW: dict[State, str] = {
    State.CLOSED: "every stage is done",
    State.CLOSED_RAPID_REVIEW_ONLY: "after the rapid review, without a local review",
    State.OTHER_AREA: "it is the case of another area",
    State.ADULT_IN_LAW: "the person is an adult in law",
    State.NOTIFICATION_WITHDRAWN: "the notification was withdrawn",
    State.NATIONAL_LED: "the national Panel leads the review",
    State.DISCONTINUED: "the review was discontinued",
    State.OTHER_LEARNING: "without a review, with learning in another way",
    State.NOT_MET: "the criteria for a review are not met",
    State.RETURNED_INCOMPLETE: "the referral was returned as incomplete",
    State.REFERRAL_WITHDRAWN: "the referral was withdrawn",
    State.REFERRED_ON: "referred on to whoever has the duty",
}
"""How a review ended, where the name of its state does not say so in words for a reader."""

STAGE_OF: dict[State, Stage] = {
    State.REFERRED: Stage.REFERRAL,
    State.NOTIFICATION_DECISION: Stage.REFERRAL,
    State.NOTIFICATION_SENT: Stage.RAPID_REVIEW,
    State.RAPID_REVIEW: Stage.RAPID_REVIEW,
    State.SCREENING: Stage.RAPID_REVIEW,
    State.DECISION: Stage.DECISION,
    State.NATIONAL_REFERRED: Stage.DECISION,
    State.COMMISSIONING: Stage.COMMISSIONING,
    State.IN_REVIEW: Stage.PANEL,
    State.DRAFTING: Stage.PANEL,
    State.SIGN_OFF: Stage.PANEL,
    State.ACCEPTANCE: Stage.PANEL,
    State.PRE_PUBLICATION: Stage.PUBLICATION,
    State.PUBLICATION_DEFERRED: Stage.PUBLICATION,
    State.PUBLICATION: Stage.PUBLICATION,
    State.PUBLISHED: Stage.PUBLICATION,
    State.PUBLISHED_IMPROVEMENTS_ONLY: Stage.PUBLICATION,
    State.NOT_PUBLISHED: Stage.PUBLICATION,
    State.ACTION_FOLLOW_UP: Stage.ACTION_FOLLOW_UP,
}
"""The stage of every open state. A state that is not here is a closed one."""

BEFORE_THE_NOTIFICATION = frozenset({State.REFERRED, State.NOTIFICATION_DECISION})
"""The open states of a child's review in which the national Panel need not have a notification."""

CLOSED_STATES = frozenset(State) - frozenset(STAGE_OF)
