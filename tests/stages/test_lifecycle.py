"""Any legal path of both tracks: nobody is stuck, no clock runs in a closed case, the ledger replays to the same."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from driver.tries import tries
from hypothesis import Phase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import config
from flows.demo.answers import answer, signer
from safeguarding.dates.counting import Direction
from safeguarding.dates.london import london_date
from safeguarding.duties.recounting import recounts
from safeguarding.duties.suspension import subject_of
from safeguarding.errors import TransitionRefused
from safeguarding.lifecycle import Identity, attempt, refused, steps_of
from safeguarding.questions.supposed import Supposed
from safeguarding.questions.what_if import events_of, what_if
from safeguarding.review.choices import EVERYTHING_ELSE
from safeguarding.review.events import Event
from safeguarding.review.fold import fold
from safeguarding.review.review import Duty, Review
from safeguarding.review.states import STAGE_OF, Stage, Track
from safeguarding.review.step import Step
from safeguarding.stages import STEPS

pytestmark = pytest.mark.long

RULEBOOK = config.load()
EXTRA = {date(2026, 6, 12): "Extra bank holiday", date(2027, 2, 8): "Extra bank holiday"}
OTHERWISE = RULEBOOK.model_copy(
    update={"calendar": RULEBOOK.calendar.model_copy(update={"holidays": {**RULEBOOK.calendar.holidays, **EXTRA}})}
)
START = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)

YES, NO = ({"answer": given, "reason": "As recorded."} for given in ("yes", "no"))
CARRIED_ON = {"still_owed": [{"what": "everything_else", "becomes": "carried on after the closing"}]}
VARIANTS = {
    "decide_notification": [
        {},
        {"abuse_or_neglect": NO},
        {"abuse_or_neglect": {"answer": "not known", "reason": "Not yet."}},
        {"suspected_since": date(2026, 2, 2)},
        {"died": YES, "looked_after": {"answer": "not known", "reason": "Not yet."}},
        {"under_18": NO, "adult_referral": "SAR-2026-009"},
        {"in_this_area": NO, "in_another_english_area": YES, "other_authority": "A", "other_lead": "B"},
    ],
    "withdraw_notification": [
        {},
        {"why": "the person is an adult in law", "care_leaver": "yes"},
        {"why": "it is another area's case"},
    ],
    "record_learnt_since": [
        {},
        {"died": "yes", "looked_after": "yes"},
        {"died": "yes", "looked_after": "not known"},
        {"died": "yes", "care_leaver": "yes"},
    ],
    "decide_review": [
        {},
        {"serious_case": NO},
        {"outcome": "no local review: learning captured"},
        {"outcome": "no local review: actions to follow up"},
        {"outcome": "refer for national review"},
        {"sent_to_panel_on": None},
    ],
    "record_panel_response": [{}, {"answer": "the Panel leads a national review"}, {"answer": "no local review"}],
    "decide_adult_review": [
        {},
        {"concern": {"answer": "no", "reason": "None."}, "outcome": "discretionary review"},
        {"concern": {"answer": "no", "reason": "None."}, "outcome": "other learning"},
        {"needs": {"answer": "no", "reason": "None."}, "outcome": "not met"},
        {"needs": {"answer": "not known", "reason": "Not yet."}},
    ],
    "sign_report": [
        {},
        {"publish": "information about the improvements only", "justification": "It would harm a child."},
        {"publish": "nothing", "justification": "A child.", "no_information": "So few.", "planned_on": None},
        {"publish": "nothing", "justification": "It would harm a child."},
    ],
    "decide_publication": [{}, {"what": "nothing", "reasons": "The adult asked so."}],
    "request_information": [{}, {"under": "section 16D: the national Panel asks us", "asked_of": ""}],
    "end_information_request": [
        {},
        {"outcome": "withdrawn by whoever asked"},
        {"outcome": "refused", "kept_to_its_purpose": "nothing was received", "note": "None."},
    ],
    "answer_coroner": [{}, {"content": "no reply: the coroner withdrew the report"}],
    "send_report": [{}, {"to": ["national Panel", "Ofsted"]}, {"what": ["the information about the improvements"]}],
    "plan_publication": [
        {},
        {"text_changed": "yes"},
        {"publish": "information about the improvements only", "text_changed": "yes"},
    ],
    "commission_adult_review": [
        {},
        {"advocate": "not yet: the review begins as a matter of urgency", "consent": "the adult consents"},
    ],
    "record_done": [
        {"what": what}
        for what in (
            "rapid review and decision sent to the Panel",
            "justification for not publishing sent",
            "action plan agreed",
        )
    ],
    "close_review": [{}, CARRIED_ON, {"still_owed": []}],
    "discontinue_review": [{}, CARRIED_ON, {"still_owed": []}],
    "change_action": [{}, {"owner": "casey_lead", "due_on": None}, {"due_on": date(2026, 1, 1)}],
    "extend_deadline": [{}, {"duty": "C12", "agency_or_action": ""}, {"until": date(2027, 12, 1)}],
    "record_impact": [{}, {"impact": "too early to say", "again_on": date(2027, 12, 1)}],
    "record_return": [{}, {"outcome": "nil return"}, {"outcome": "refused"}],
    "check_action_impact": [{}, {"outcome": "too early to say", "again_on": date(2027, 12, 1)}],
    "update_action": [{}, {"status": "withdrawn"}, {"status": "in progress"}, {"grade": "none"}],
    "reopen": [
        {"return_to": state.value, "because": because, "agreed_day": date(2027, 12, 31)}
        for state in STAGE_OF
        for because in ("new information", "it was closed in error")
    ],
    "correct_date": [
        {"what": what}
        for what in (
            "became_aware",
            "notification_sent",
            "decided_to_initiate",
            "agency_request_sent",
            "coroner_report_sent",
            "decided_to_publish_nothing",
            "reviewer_removed",
        )
    ],
    "suspend_deadline": [{}, {"duty": "C05", "agency_or_action": ""}, {"look_again_on": date(2026, 1, 1)}],
    "resume_deadline": [{}, {"duty": "C12", "agency_or_action": ""}],
}
"""Answers beside the usual ones: other outcomes, and answers that ought to be refused."""


def _as_they_count(duties: tuple[Duty, ...]) -> dict[tuple[str, str, int], dict[str, Any]]:
    """Each clock by the row that counts: its days and its end, and not which lines wrote them."""
    return {duty.key: duty.model_dump(exclude={"started_at", "ended_at"}) for duty in duties}


class AnyPath(RuleBasedStateMachine):
    """A review that somebody takes anywhere it may go."""

    events: list[Event]
    review: Review

    @initialize(track=st.sampled_from(["children", "adults"]))
    def begin(self, track: str) -> None:
        """A referral on one of the two tracks."""
        self.now = START
        raw = answer("open_referral", None, london_date(self.now), track=track)
        who = signer(STEPS["open_referral"].by)
        identity = Identity(f"{Track(track).prefix}-2026-001", "Child A")
        self.rulebook = RULEBOOK
        self.events = [attempt(None, "open_referral", raw, who, self.now, RULEBOOK, None, identity)]
        self.review = fold(self.events)

    def _line(self, event: Event) -> None:
        self.events.append(event)
        self.review = fold([event], self.review)

    @rule(data=st.data(), days=st.integers(0, 40))
    def take_a_step(self, data: st.DataObject, days: int) -> None:
        """Some days later somebody takes a step the state permits, well or badly answered."""
        self.now += timedelta(days=days)
        if self.now.year > 2027:
            return
        step = data.draw(st.sampled_from(steps_of(self.review)), label="step")
        changes = data.draw(st.sampled_from(VARIANTS.get(step.name, [{}])), label="changes")
        self._take(step, changes, ago=data.draw(st.sampled_from((0, 0, 0, 0, 3, 60, 400)), label="days ago"))

    def _take(self, step: Step, changes: dict[str, Any], ago: int = 0) -> None:
        raw = answer(step.name, self.review, london_date(self.now) - timedelta(days=ago), **changes)
        who = signer(step.by)
        before = self.review
        try:
            event = attempt(before, step.name, raw, who, self.now, self.rulebook, before.version)
        except TransitionRefused as error:
            assert error.unmet
            self._line(refused(before, error, who, self.now, self.rulebook))
            same = {"version", "refusal", "history"}
            assert before.model_dump(exclude=same) == self.review.model_dump(exclude=same)
            return
        if step.name == "correct_date":
            self._compare_with_what_if(before, raw, event)
        assert event.to is None or self.review.state == event.to or event.to in step.leads_to
        settled = STEPS["record_done"].marks if "still_owed" in step.form.model_fields else frozenset()
        assert {mark.name for mark in event.marks} <= step.marks | settled or "*" in step.marks
        self._line(event)

    @rule(days=st.integers(0, 5))
    def take_a_step_and_take_it_back(self, days: int) -> None:
        """Whatever a step did, taken back the review holds what it held before: all but its history."""
        self.now += timedelta(days=days)
        if self.now.year > 2027 or not self.review.open or not self.review.before:
            return
        last = self.review.before[-1]
        apart = ("line", "facts", "duties")
        held = {name: getattr(last, name) for name in type(last).model_fields if name not in apart}
        clocks = _as_they_count(last.duties)
        self._take(STEPS["take_back_step"], {})
        if self.review.refusal is None:
            assert held == {name: getattr(self.review, name) for name in held}
            begun = {duty.key for duty in self.review.live() if duty.started_at == last.line}
            assert begun <= clocks.keys(), "what the step began is still owed"
            now = _as_they_count(self.review.duties)
            for key, row in clocks.items():
                # Other bank holidays may be known since: what comes back is counted by those, as another rule looks at.
                counted = {} if row["calendar"] == now[key]["calendar"] else {"due_on": "", "calendar": ""}
                assert row | counted == now[key] | counted
            assert {"cancelled"} >= {row["ended"] for key, row in now.items() if key not in clocks}

    def _compare_with_what_if(self, before: Review, raw: dict[str, Any], event: Event) -> None:
        """What-if equals doing it for real: the same dates from the supposition as from the correction."""
        today = london_date(self.now)
        if raw["what"] not in events_of(before.track, self.rulebook) or not before.open:
            return
        supposed = Supposed(event=raw["what"], on=raw["correct_on"])
        found = what_if(before, [supposed], self.rulebook, today)
        if found.readings[0].how == "corrected":
            then = {(line.rule, line.subject, line.occurrence): line.then_due for line in found.lines}
            real = fold([event], before).live()
            assert {duty.key: duty.due_on for duty in real} == {duty.key: then[duty.key] for duty in real}

    @rule(data=st.data(), days=st.integers(0, 20))
    def suspend_or_resume(self, data: st.DataObject, days: int) -> None:
        """A local date stops, is looked at or goes on: oftener than chance would have it among forty steps."""
        self.now += timedelta(days=days)
        if self.now.year > 2027 or not self.review.open:
            return
        names = ("keep_suspended", "resume_deadline") if self.review.suspended() else ("suspend_deadline",)
        self._take(STEPS[data.draw(st.sampled_from(names), label="step")], {})

    @precondition(lambda self: self.review.open)
    @rule()
    def announce_or_cancel_a_bank_holiday(self) -> None:
        """The list of bank holidays changes, and the manager accepts what moves."""
        self.rulebook = OTHERWISE if self.rulebook is RULEBOOK else RULEBOOK
        if recounts(self.review, self.rulebook):
            self._take(STEPS["recompute_dates"], {})
            assert self.review.refusal is None

    @precondition(lambda self: self.review.open)
    @rule()
    def take_the_wrong_tracks_step(self) -> None:
        """A step of the other track is refused, whatever the answers."""
        name = "decide_adult_review" if self.review.track is Track.CHILDREN else "decide_review"
        raw = answer(name, self.review, london_date(self.now))
        try:
            attempt(self.review, name, raw, signer(STEPS[name].by), self.now, self.rulebook)
        except TransitionRefused as error:
            assert any("not a step of this track" in reason for reason in error.unmet)
        else:
            raise AssertionError("a step of the other track was taken")

    @invariant()
    def nobody_is_stuck(self) -> None:
        """Every open state has a step on its card; a closed one can be reopened."""
        steps = steps_of(self.review, on_card=True if self.review.open else None)
        assert steps, self.review.state

    @invariant()
    def what_runs_in_a_closed_case_was_meant_to_and_can_be_done(self) -> None:
        """
        Closing ends what is owed but for what its signer carried on and what began afterwards, and each of that can be
        done on a closed review. «At least a year in public» goes on too: it is a minimum, and nothing is owed.
        """
        if self.review.open:
            return
        closing = self.events[self.review.closed_at - 1]
        said = {row["what"] for row in closing.facts.get("still_owed", ()) if row["becomes"].startswith("carried on")}
        for duty in self.review.running():
            named = duty.rule in said or EVERYTHING_ELSE in said or self.rulebook.rule(duty.rule).outlives_closing
            assert named or duty.started_at >= self.review.closed_at, duty
            ways = [step for step in STEPS.values() if self.review.state in step.sources and not step.leads_to]
            assert any(self.rulebook.rule(duty.rule).settled_by in step.marks for step in ways), duty

    @invariant()
    def nothing_that_reopened_is_late_by_what_happened_while_it_was_closed(self) -> None:
        """On new information no date is owed that had passed before the day of reopening."""
        last = self.events[-1]
        if last.kind == "reopened" and last.facts["because"] == "new information":
            fresh = [duty for duty in self.review.live() if duty.started_at == last.sequence]
            # It may be recorded long after it was decided: what was owed from the decision may be late by then.
            (reopened_on,) = (mark.on for mark in last.marks if mark.name == "reopened")
            assert [] == [duty for duty in fresh if duty.due_on < reopened_on]

    @invariant()
    def no_clock_stands_still_in_a_closed_case(self) -> None:
        """What was suspended ends with the review, and so does the duty to look at it again."""
        assert self.review.open or () == self.review.suspended()

    @invariant()
    def nothing_of_the_law_is_suspended(self) -> None:
        """Only local dates stand still, and each is looked at again on its day."""
        suspended = self.review.suspended()
        assert [] == [duty.rule for duty in suspended if self.rulebook.rule(duty.rule).statutory]
        looks = {duty.subject: duty.due_on for duty in self.review.running("local.x.suspension_review")}
        rules = self.rulebook.rule
        assert {subject_of(d, rules(d.rule)): d.stops[-1].look_again_on for d in suspended} == looks

    @invariant()
    def every_date_is_what_its_working_gives(self) -> None:
        """Counted again from its anchor, through all that stopped it, each date comes to the day in its row."""
        assert () == recounts(self.review, self.rulebook) if self.review.open else True

    @invariant()
    def nothing_is_met_before_the_day_it_is_counted_from(self) -> None:
        """Whatever days were typed: what counts forward from an event was met on that day or later."""
        early = [
            (duty.rule, duty.anchored_on, duty.ended_on)
            for duty in self.review.duties
            if duty.ended == "settled" and duty.ended_on and duty.ended_on < duty.anchored_on
            if not (rule := self.rulebook.rule(duty.rule)).may_be_met_before
            and rule.counts.direction is Direction.FORWARD
        ]
        assert [] == early

    @invariant()
    def no_duty_runs_twice(self) -> None:
        """One running row for each rule, agency or action, and occurrence; an interval has one occurrence at a time."""
        running = [(duty.rule, duty.subject) for duty in self.review.live()]
        assert len(running) == len(set(running)), running

    @invariant()
    def the_ledger_replays_to_the_same_case(self) -> None:
        """The review is a pure fold of its lines, through JSON and back."""
        again = [Event.model_validate_json(event.model_dump_json()) for event in self.events]
        assert self.review == fold(again)


WALK = tries(50, stateful_step_count=40, phases=[Phase.explicit, Phase.reuse, Phase.generate])
AnyPath.TestCase.settings = WALK
TestAnyPath = AnyPath.TestCase


class FromThePanel(AnyPath):
    """The same from the middle of a child review, where most local dates run: agencies, meetings, drafts."""

    @initialize(day=st.integers(0, 200))
    def begin(self, day: int) -> None:  # type: ignore[override]
        """A child review whose agencies have been asked for their reports."""
        AnyPath.begin(self, "children")
        self.now += timedelta(days=day)
        for step in (
            "assess_notification",
            "decide_notification",
            "send_notification",
            "open_rapid_review",
            "conclude_rapid_review",
            "decide_review",
            "commission_review",
            "ask_agencies",
        ):
            self._take(STEPS[step], {})
        assert self.review.stage is Stage.PANEL


FromThePanel.TestCase.settings = WALK
TestFromThePanel = FromThePanel.TestCase


def test_every_stage_of_both_tracks_has_a_step() -> None:
    """The seven stages exist on both tracks, and each can be left."""
    for track in Track:
        reached = {
            STAGE_OF[state]
            for step in STEPS.values()
            if track in step.tracks and step.name not in ("reopen", "take_back_step")
            for state in step.leads_to
            if state in STAGE_OF
        }
        assert set(Stage) == reached


@pytest.mark.parametrize("name", [name for name in STEPS if name != "open_referral"])
def test_no_other_step_opens_a_review(name: str) -> None:
    """A form sent without a reference, with an answer or none: refused in words, and it is no traceback."""
    for raw in ({"reason": "None."}, answer(name, None, date(2026, 1, 5)) if name in ("add_action", "reopen") else {}):
        with pytest.raises(TransitionRefused):
            attempt(None, name, raw, signer(STEPS[name].by), START, RULEBOOK, None, Identity("", ""))
