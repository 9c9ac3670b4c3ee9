"""
The managers of a simulation: invented people who take real steps, mostly in time, some late, some never.

Each review has its own dice, so one that is taken away changes nothing in the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from flows.demo.answers import answer, signer
from safeguarding.dates.london import LONDON, london_date
from safeguarding.dates.working_days import Calendar, add_working_days
from safeguarding.errors import TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import steps_of
from safeguarding.review.review import Review
from safeguarding.review.states import State, Track
from safeguarding.stages import STEPS
from safeguarding.stages.beside.recorded import DONE
from safeguarding.stages.reviewer import has_no_reviewer
from tasks.record.records import Records

NO = {"answer": "no", "reason": "None."}

OUTCOMES: dict[str, Sequence[dict[str, Any]]] = {
    "decide_review": (
        {},
        {},
        {"outcome": "no local review: learning captured"},
        {"outcome": "no local review: learning captured"},
        {"outcome": "no local review: learning captured"},
        {"outcome": "no local review: actions to follow up"},
        {"outcome": "refer for national review"},
        {"sent_to_panel_on": None},
    ),
    "record_panel_response": ({}, {"answer": "the Panel leads a national review"}, {"answer": "no local review"}),
    "decide_adult_review": (
        {},
        {},
        {"concern": NO, "outcome": "discretionary review"},
        {"concern": NO, "outcome": "other learning"},
        {"concern": NO, "outcome": "other learning"},
        {"needs": NO, "outcome": "not met"},
        {"needs": NO, "outcome": "not met"},
    ),
    "sign_report": (
        {},
        {},
        {"publish": "information about the improvements only", "justification": "It would harm a child."},
        {"publish": "nothing", "justification": "A child.", "no_information": "So few.", "planned_on": None},
    ),
    "decide_publication": ({}, {}, {"what": "nothing", "reasons": "The adult asked so."}),
    "record_return": ({}, {}, {}, {"outcome": "nil return"}, {"outcome": "refused"}),
    "update_action": ({}, {}, {"status": "withdrawn"}, {"status": "in progress"}),
    "reopen": ({"return_to": "referred"}, {"return_to": "decision"}, {"return_to": "action_follow_up"}),
    "correct_date": tuple(
        {"what": what} for what in ("became_aware", "notification_sent", "decided_to_initiate", "agency_request_sent")
    ),
}
"""Answers beside the usual ones; the usual ones are the likeliest."""

OF_THEIR_OWN = {
    "advance_copy_sent": "send_report",
    "advance_copy_sent_to_all": "send_report",
    "report_provided": "send_report",
    "quality_monitored": "monitor_review",
    "information_supplied": "end_information_request",
    "panel_information_supplied": "end_information_request",
    "coroner_answered": "answer_coroner",
    "action_impact_seen_at_3_months": "check_action_impact",
    "action_impact_seen_at_6_months": "check_action_impact",
    "action_impact_seen_at_12_months": "check_action_impact",
    "publication_choice_made": "choose_after_year",
}
"""What is owed and has a form of its own, with that form."""

GAPS = ((0, 0, 24), (1, 3, 38), (4, 10, 26), (11, 30, 10), (31, 90, 2))
"""After how many working days the next step is taken: from, to, and how likely of a hundred."""

FORGETS = 0.02
"""How likely a review is left lying for good, after each step."""


@dataclass(slots=True)
class Tally:
    """What the managers did."""

    taken: int = 0
    refused: int = 0
    forgotten: int = 0


class Case:
    """One review in the hands of its managers."""

    def __init__(self, seed: int, number: int, rulebook: Rulebook) -> None:
        self.dice = Random(f"{seed}|{number}")
        self.track = self.dice.choices((Track.CHILDREN, Track.ADULTS), (60, 40))[0]
        self.rulebook = rulebook
        self.review: Review | None = None
        self.last: tuple[str, ...] = ()

    def act(self, records: Records, now: datetime, tally: Tally) -> datetime | None:
        """Take the next step at this moment, and say when to take the one after it; None for never."""
        today = london_date(now)
        try:
            if self.review is None:
                raw = _as_it_is_now(answer("open_referral", None, today, track=self.track.value), records, today)
                self.review = records.open(raw, signer(STEPS["open_referral"].by), now).review
            else:
                name, changes = self._chosen(self.review)
                raw = answer(name, self.review, today, **changes)
                raw = raw if name == "record_return" else _as_it_is_now(raw, records, today)
                self.review = records.attempt(self.review.reference, name, raw, signer(STEPS[name].by), now).review
            tally.taken += 1
        except TransitionRefused as refused:
            tally.refused += 1
            if self.review is not None:
                self.review = records.read(refused.reference)
        after = self._later(now)
        tally.forgotten += after is None and self.review is not None and self.review.open
        return after

    # ----------------------------------------------------------------------- which step

    def _chosen(self, review: Review) -> tuple[str, dict[str, Any]]:
        name, changes = self._thought_of(review)
        outcomes = OUTCOMES.get(name)
        self.last = (name,)
        return name, {**(self.dice.choice(outcomes) if outcomes else {}), **changes}

    def _thought_of(self, review: Review) -> tuple[str, dict[str, Any]]:
        if not review.open:
            return "reopen", {}
        aside = self._aside(review)
        if aside and self.dice.random() < 0.55:
            return self.dice.choice(aside)
        odd = self.dice.random()
        if odd < 0.10:
            return self._odd(review), {}
        steps = steps_of(review, on_card=True)
        ways_on = [step.name for step in steps if not step.way_out]
        ways_out = [step.name for step in steps if step.way_out]
        if ways_out and (not ways_on or odd > 0.94):
            return self.dice.choice(ways_out), {}
        # A step that leads nowhere else, such as deciding whether to notify, is not taken twice running.
        return self.dice.choice([name for name in ways_on if name not in self.last] or ways_on), {}

    def _aside(self, review: Review) -> list[tuple[str, dict[str, Any]]]:
        """The steps beside the card that something owed is waiting for."""
        by_mark = {mark: what for what, mark in DONE.items()}
        waited = {self.rulebook.rule(duty.rule).settled_by for duty in review.running()}
        found: list[tuple[str, dict[str, Any]]] = [
            ("record_done", {"what": by_mark[mark]}) for mark in sorted(filter(None, waited)) if mark in by_mark
        ]
        if review.waiting_on():
            found += [("record_return", {})] * 3
        own = {step: {} for mark, step in OF_THEIR_OWN.items() if mark in waited}
        found += list(own.items())
        if "panel_meeting_held" in waited:
            found.append(("record_meeting", {}))
        if "action_verified" in waited:
            found.append(("update_action", {}))
        if "reviewer_appointed" in waited and has_no_reviewer(review):
            found.append(("appoint_reviewer", {}))
        if review.suspended():
            found += [("resume_deadline", {}), ("keep_suspended", {})]
        return found

    def _odd(self, review: Review) -> str:
        choices = ["correct_date", "correct_date", "suspend_deadline", "suspend_deadline", "record_deferral"]
        if review.state in (State.IN_REVIEW, State.DRAFTING):
            choices += ["ask_agencies", "ask_agencies", "record_meeting", "record_coroners_report"]
            choices += ["request_information", "remove_reviewer"] if review.track is Track.CHILDREN else []
        if review.state in (State.PUBLISHED, State.ACTION_FOLLOW_UP, State.NOT_PUBLISHED):
            choices += ["add_action"] * 4
        if review.state in (State.PRE_PUBLICATION, State.PUBLICATION_DEFERRED, State.PUBLICATION):
            choices += ["record_advance_copies"]
        choices += ["look_at_hold"] if review.state is State.PUBLICATION_DEFERRED else []
        return self.dice.choice(choices)

    # ----------------------------------------------------------------------- when

    def _later(self, now: datetime) -> datetime | None:
        review = self.review
        closed = review is not None and not review.open
        if self.dice.random() < (0.93 if closed else FORGETS):
            return None
        least, most, _ = self.dice.choices(GAPS, [gap[2] for gap in GAPS])[0]
        days = self.dice.randint(least, most) + (20 if closed else 0)
        return max(moment_on(london_date(now), days, self.rulebook.calendar, self.dice), now + timedelta(minutes=7))


def _as_it_is_now(raw: dict[str, Any], records: Records, today: date) -> dict[str, Any]:
    """
    The same answers with the agencies that there are on a day and the people who serve on it. An agency's return is
    recorded under the name by which it was asked.
    """
    partnership = records.rulebook.partnership.on(today)

    def there(agency: str) -> list[str]:
        return [one.id for one in partnership.taken_over_by(agency)] or [agency]

    said = dict(raw)
    if "agencies" in said:
        said["agencies"] = list(dict.fromkeys(one for agency in said["agencies"] for one in there(agency)))
    if said.get("agency"):
        said["agency"] = there(said["agency"])[0]
    if "owner" in said and partnership.known(said["owner"]) is None:
        agency = partnership.agency(said["agency"])
        said["owner"] = agency.lead or agency.director
    return said


def moment_on(day: date, later: int, calendar: Calendar, dice: Random) -> datetime:
    """A moment so many working days later: mostly in the working hours, now and then at night or on a Sunday."""
    day = add_working_days(day, later, calendar)
    if dice.random() < 0.05:
        day += timedelta(days=dice.randint(0, 2))
        return datetime.combine(day, time(dice.randint(0, 23), dice.randint(1, 14), dice.randint(1, 59)), LONDON)
    minute = dice.choice([m for m in range(60) if m % 15])
    return datetime.combine(day, time(dice.randint(8, 17), minute, dice.randint(1, 59)), LONDON)
