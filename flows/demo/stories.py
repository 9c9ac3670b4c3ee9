"""
The twelve invented reviews of the demo, step by step, in working days before today.

The first three are the partnership's own process on a real calendar: a school refers a child late in the
afternoon; a rapid review runs to the working-day plan of a real partnership; a hospital refers an adult whose
review turns out to be mandatory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from flows.demo.answers import answer, signer
from flows.demo.invented import all_agree, no, police_dissent_by_deputy, yes
from safeguarding.dates.london import london_date
from safeguarding.stages import STEPS
from tasks.record.records import Records


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One step of a story: which, how many working days before today, with what answers of its own."""

    step: str
    days_ago: int
    changes: dict[str, Any] = field(default_factory=dict)
    """Answers other than the usual; a length of time is counted from the day of the step."""
    at: time | None = None

    def answers(self, day: date) -> dict[str, Any]:
        """The changes, with every length of time made a day."""
        return {
            question: day + given if isinstance(given, timedelta) else given for question, given in self.changes.items()
        }


def take(records: Records, reference: str | None, told: StoryStep, moment: datetime) -> str:
    """Take one step of a story at its moment; the reference of the review."""
    today = london_date(moment)
    actor = signer(STEPS[told.step].by)
    if reference is None:
        raw = answer(told.step, None, today, **told.answers(today))
        return records.open(raw, actor, moment).review.reference
    review = records.read(reference)
    raw = answer(told.step, review, today, **told.answers(today))
    return records.attempt(reference, told.step, raw, actor, moment).review.reference


ADULT = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}


def to_rapid_review(sent: int) -> tuple[StoryStep, ...]:
    """A child review as far as the agencies being asked, with the notification sent so many working days ago."""
    return (
        StoryStep("open_referral", sent + 4),
        StoryStep("assess_notification", sent + 4),
        StoryStep("decide_notification", sent + 2),
        StoryStep("send_notification", sent),
        StoryStep("open_rapid_review", max(sent - 1, 0)),
    )


def returns(day: int, *agencies: str) -> tuple[StoryStep, ...]:
    """These agencies' returns, on one day."""
    return tuple(
        StoryStep("record_return", day, {"agency": agency, "purpose": "information", "outcome": "returned"})
        for agency in agencies
    )


def done(day: int, what: str) -> StoryStep:
    """Something owed was done, so many working days ago."""
    return StoryStep("record_done", day, {"what": what})


def to_decision(sent: int, completed: int) -> tuple[StoryStep, ...]:
    """A child review as far as the decision: everybody answered, the plan kept, the report complete."""
    everybody = ("childrens_social_care", "police", "education", "general_practice")
    return (
        *to_rapid_review(sent),
        done(sent - 5, "progress of agencies checked"),
        *returns(completed + 2, *everybody),
        done(completed + 1, "rapid review drafted and sent to partners"),
        StoryStep("conclude_rapid_review", completed),
    )


def to_panel(decided: int) -> tuple[StoryStep, ...]:
    """A child review as far as the panel, decided so many working days ago."""
    return (
        *to_decision(decided + 13, decided + 1),
        StoryStep("decide_review", decided),
        done(decided - 1, "Panel, Ofsted and DfE told of the decision"),
        done(decided - 8, "the Panel replied"),
        StoryStep("commission_review", decided - 12),
    )


def watched(*days: int) -> tuple[StoryStep, ...]:
    """The review panel met and the partners monitored time and quality, on these working days ago."""
    return tuple(
        step
        for day in days
        for step in (
            StoryStep("record_meeting", day, {"meeting": "review panel meeting"}),
            StoryStep("monitor_review", day),
        )
    )


def adult_to_decision(referred: int, screened: int) -> tuple[StoryStep, ...]:
    """An adult review as far as the decision meeting."""
    return (
        StoryStep("open_referral", referred, ADULT),
        StoryStep("accept_referral", referred - 1),
        *returns(screened + 1, "adult_social_care", "police", "hospital_trust", "housing"),
        StoryStep("complete_screening", screened),
    )


def adult_to_follow_up(decided: int) -> tuple[StoryStep, ...]:
    """An adult review as far as its action plan."""
    return (
        *adult_to_decision(decided + 20, decided + 3),
        StoryStep("decide_adult_review", decided),
        StoryStep("commission_adult_review", decided - 12),
        StoryStep("begin_drafting", decided - 70),
        StoryStep("submit_draft", decided - 90),
        StoryStep("accept_findings", decided - 100),
        *learnt(decided - 101),
        StoryStep("decide_publication", decided - 110, {"reviewer_named": "yes", "report_at": REPORT}),
        done(decided - 111, "sent to the national repository or library"),
        StoryStep("add_action", decided - 112, {"due_on": timedelta(days=45)}),
        StoryStep("add_action", decided - 112, {"recommendation": "R01"}),
        StoryStep("add_action", decided - 112, ASKED_AGAIN),
        StoryStep("agree_action_plan", decided - 113),
        *shared_and_seen(decided - 114),
    )


REPORT = "https://exampleshire.example/reviews/adult-a"
SHARED = {
    "L01": "Missed visits were counted. Nobody asked the adult why.",
    "F01": "Each service knew a part. No service put the missed visits together.",
    "R01": "Every service asks why, the second time that somebody is not there.",
    "R02": "One service keeps the records of all: not done, since each service answers for its own.",
    "summary": "An adult missed visits of four services and died. Each knew of its own. Now they tell each other.",
}
"""The wordings of the published review that may be shared, by what each is of."""
ASKED_AGAIN = {
    "agency": "adult_social_care",
    "owner": "blair_director",
    "recommendation": "R01",
    "due_on": timedelta(days=30),
    "what": "A missed visit is followed by a call on the same day.",
    "measure": "A sample of thirty records.",
    "change": "An adult who is not there is asked why.",
}
"""The action that is verified, and at whose impact somebody looked."""


def learnt(day: int) -> tuple[StoryStep, ...]:
    """What a review taught, so many working days ago: decided on, worded by one person and approved by another."""
    return (
        StoryStep("record_lesson", day),
        StoryStep("record_finding", day),
        StoryStep("record_recommendation", day),
        StoryStep(
            "record_recommendation", day, {"agency": "adult_social_care", "what": "One service keeps all records."}
        ),
        StoryStep("decide_recommendation", day - 1, {"recommendation": "R01"}),
        StoryStep(
            "decide_recommendation",
            day - 1,
            {
                "recommendation": "R02",
                "decision": "will not be implemented",
                "reasons": "Each service answers for its own.",
            },
        ),
        *(StoryStep("write_wording", day - 2, {"item": item, "wording": words}) for item, words in SHARED.items()),
        StoryStep("approve_wordings", day - 3, {"wordings": [f"W{number:02}" for number in range(1, len(SHARED) + 1)]}),
    )


def shared_and_seen(day: int) -> tuple[StoryStep, ...]:
    """An action is verified and looked at again; its briefing went to two agencies, of which one has discussed it."""
    return (
        StoryStep("share_learning", day, {"answer_by": timedelta(days=75)}),
        StoryStep("update_action", day - 2, {"action": "A03"}),
        StoryStep("record_learning_read", day - 8),
        StoryStep("check_action_impact", day - 30, {"actions": ["A03"]}),
    )


SCHOOL_REFERS: tuple[StoryStep, ...] = (
    StoryStep(
        "open_referral",
        1,
        {"summary": "An invented pupil, absent for a week, told an invented teacher of being hurt."},
        at=time(16, 50),
    ),
    StoryStep("assess_notification", 0, at=time(8, 30)),
)
"""A child referral by a school late in the afternoon; the local authority knew of it the next morning."""

RAPID_REVIEW_TO_PLAN: tuple[StoryStep, ...] = (
    *to_rapid_review(9),
    done(4, "progress of agencies checked"),
    *returns(4, "childrens_social_care", "general_practice"),
)
"""Letters on working day 1, a check on day 5, and two agencies silent at day 9: their summaries are late."""

HOSPITAL_REFERS: tuple[StoryStep, ...] = (
    *adult_to_decision(22, 3),
    done(1, "recommendation made to the deciders"),
)
"""An adult referral by a hospital that turns out mandatory under section 44: it waits for the decision."""

DECISION_WAITS = to_decision(14, 0)
"""The rapid review is complete, and the fifteen working days end tomorrow."""

COMMISSIONED_WITH_DISSENT: tuple[StoryStep, ...] = (
    *to_decision(22, 9),
    StoryStep("decide_review", 8, {"positions": police_dissent_by_deputy()}),
    done(8, "Panel, Ofsted and DfE told of the decision"),
    done(2, "the Panel replied"),
)
"""Two partners agreed, the deputy of the third dissented; a reviewer is being sought."""

MONITORING_LATE: tuple[StoryStep, ...] = (*to_panel(60), *watched(30), StoryStep("ask_agencies", 20))
"""At the panel, with the monitoring that regulation 14 asks for overdue."""

DEFERRED_FOR_A_TRIAL: tuple[StoryStep, ...] = (
    *to_panel(100),
    *watched(72, 54),
    StoryStep("begin_drafting", 50),
    StoryStep("submit_draft", 45),
    *watched(38),
    StoryStep("sign_report", 36),
    StoryStep("defer_publication", 30),
    done(22, "action plan agreed"),
    *watched(20, 3),
)
"""Publication waits for a trial: reasons were sent, and the six months run on."""

NO_REVIEW: tuple[StoryStep, ...] = (
    *to_decision(40, 27),
    StoryStep("give_reason", 24, {"rule": "C05"}),
    StoryStep(
        "decide_review",
        24,
        {"new_learning": no(), "outcome": "no local review: learning captured", "positions": all_agree()},
    ),
)
"""Closed without a review: the rapid review captured it, and went to the Panel a day late, with its reason."""

LOOKED_AFTER: tuple[StoryStep, ...] = (
    StoryStep(
        "open_referral", 30, {"concern": "death of a looked-after child or care leaver", "agency": "hospital_trust"}
    ),
    StoryStep("assess_notification", 30, {"incident": "death", "looked_after": "yes"}),
    StoryStep(
        "decide_notification",
        29,
        {"abuse_or_neglect": no(), "died": yes(), "seriously_harmed": no(), "looked_after": yes()},
    ),
    StoryStep("send_notification", 28, {"parents_told_on": timedelta(0)}),
)
"""A looked-after child died and nobody suspects abuse: notified, and no rapid review."""

SCREENING: tuple[StoryStep, ...] = (
    StoryStep("open_referral", 8, ADULT),
    StoryStep("accept_referral", 7),
    *returns(3, "adult_social_care", "police", "housing"),
)
"""Three of four chronologies are in."""

TO_PUBLISH: tuple[StoryStep, ...] = (
    *adult_to_decision(118, 101),
    StoryStep("decide_adult_review", 99),
    StoryStep("commission_adult_review", 88),
    StoryStep("record_meeting", 70),
    StoryStep("record_meeting", 52),
    StoryStep("begin_drafting", 30),
    StoryStep("submit_draft", 12),
    StoryStep("accept_findings", 3),
    StoryStep("record_lesson", 3),
    StoryStep("record_finding", 2),
    StoryStep("record_recommendation", 2),
)
"""The findings are accepted, and one is recorded with its lesson; what to publish, and how, is to be decided."""

SHARED_BEFORE_ITS_END: tuple[StoryStep, ...] = (
    *TO_PUBLISH,
    StoryStep("write_wording", 1, {"item": "L01", "wording": "Ask adults alone what they want, and write it down."}),
    StoryStep("approve_wordings", 1),
)
"""The same, with a wording of its lesson that may be shared already."""

STORIES: tuple[tuple[StoryStep, ...], ...] = (
    SCHOOL_REFERS,
    RAPID_REVIEW_TO_PLAN,
    HOSPITAL_REFERS,
    DECISION_WAITS,
    COMMISSIONED_WITH_DISSENT,
    MONITORING_LATE,
    DEFERRED_FOR_A_TRIAL,
    NO_REVIEW,
    LOOKED_AFTER,
    SCREENING,
    SHARED_BEFORE_ITS_END,
    adult_to_follow_up(150),
)
"""Twelve reviews, both tracks, every stage; the last is published, and has an action overdue and one verified."""
