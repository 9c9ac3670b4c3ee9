"""
Which clocks a review has that opens again: those that closing cut off and that still make sense where it goes back to.

Closed in error, the law's dates are on their own days, for it was never right that they stopped. On new information
reopening is a decision of its own and what is owed from it is counted from its day: nobody is told that a step of a
year ago is hundreds of days late, what was carried on after the closing included, unless its date is the law's: that is
late and stays so. What was met stays met either way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from safeguarding.dates.counting import Direction, Kind, Unit
from safeguarding.duties.at_the_end import PURPOSES
from safeguarding.duties.retention import last_closed_on
from safeguarding.duties.started_and_settled import REVIEW_ENDED
from safeguarding.duties.superseding import again
from safeguarding.duties.suspension import SUSPENDED, subject_of
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import DutyChange, DutyEnded, DutyStarted
from safeguarding.review.review import Duty, Review
from safeguarding.review.states import Stage

REOPENED = "reopened"
"""The milestone from which a duty is counted that begins anew."""

TAKEN_UP = "reopened: taken up again"
COUNTED_ANEW = "reopened: counted from the day of reopening"

_WITHDRAWN = "no longer owed: notification withdrawn"
_ENDS = (REVIEW_ENDED, _WITHDRAWN)
"""How the reason begins for which the end of the review itself, and no decision about the duty, ended a clock."""

_STAGES = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Reopened:
    """
    A closed review that goes back to a stage on a day; `agreed_day` is the new day of what people agree.

    Where it is decided `anew_whom_to_notify`, no notification stands: what was counted from the one that was withdrawn
    is not owed, and begins when another is sent.
    """

    review: Review
    on: date
    stage: Stage
    rulebook: Rulebook
    agreed_day: date | None = None
    anew_whom_to_notify: bool = False

    def in_error(self) -> tuple[DutyChange, ...]:
        """
        Everything that the closing line cut off, on its own day; a local date that passed only meanwhile begins anew.

        One that was suspended is suspended still, until it is looked at.
        """
        return tuple(self._resumed(duty, rule) for duty, rule in self._cut_off() if self._made_sense(duty, rule))

    def on_new_information(self) -> tuple[DutyChange, ...]:
        """
        What closing cut off and the stage it goes back to still owes: on its day if that is to come, else anew.

        What was carried on after the closing and is late on a day of our own ends, and begins anew too.
        """
        rows: list[DutyChange] = []
        for duty, rule in self._owed_from_here():
            if self._stands_still(duty) or (duty.due_on >= self.on and not duty.stops):
                rows.append(again(duty, TAKEN_UP))
            else:
                rows.append(self._from_the_new_day(duty, rule))
        for duty, rule in self._late_since_the_closing():
            ended = {"change": "cancelled", "on": self.on, "why": COUNTED_ANEW}
            ended |= duty.model_dump(include={"rule", "subject", "occurrence"})
            rows += (DutyEnded.model_validate(ended), self._from_the_new_day(duty, rule))
        still = {subject_of(d, r) for d, r in self._owed_from_here() if self._stands_still(d)}
        looks = (d for d, r in self._cut_off() if r.starts == SUSPENDED and d.subject in still)
        return (*rows, *(again(look, TAKEN_UP) for look in looks))

    def _from_the_new_day(self, duty: Duty, rule: Rule) -> DutyStarted:
        """Counted from the day of reopening; what people agree has no length to count, and has the new day given."""
        if rule.counts.unit is Unit.AGREED_DATE:
            return self._anew(duty, rule, self.agreed_day or duty.due_on)
        return self._anew(duty, rule, rule.due_on(self.on, self.rulebook.calendar))

    def _late_since_the_closing(self) -> Iterator[tuple[Duty, Rule]]:
        """What was carried on after the closing and is late, where its date is the partnership's own."""
        for duty in self.review.live():
            rule = self.rulebook.rule(duty.rule)
            ours = not (rule.date_is_law or rule.outlives_closing) and rule.counts.kind is not Kind.MINIMUM
            if ours and duty.due_on < self.on and not self._stands_still(duty):
                yield duty, rule

    def _stands_still(self, duty: Duty) -> bool:
        """Whether it was suspended until a day that is still to come: then it is suspended still."""
        stop = duty.stops[-1] if duty.stops else None
        return stop is not None and stop.until is None and stop.look_again_on >= self.on

    def agreed_days_that_passed(self) -> tuple[Duty, ...]:
        """What would be owed on a day that people had agreed and that has passed: they are asked for another one."""
        return tuple(
            duty
            for duty, rule in chain(self._owed_from_here(), self._late_since_the_closing())
            if rule.counts.unit is Unit.AGREED_DATE and duty.due_on < self.on and not self._stands_still(duty)
        )

    def _cut_off(self) -> Iterator[tuple[Duty, Rule]]:
        for duty in self.review.duties:
            if not self.rulebook.counts_still(duty.rule):
                continue  # A step that the partnership has no more is not owed anew.
            rule = self.rulebook.rule(duty.rule)
            closing = duty.ended == "cancelled" and duty.ended_at == self.review.closed_at
            withdrawn = self.anew_whom_to_notify and duty.why.startswith(_WITHDRAWN)
            if closing and rule.counts.kind is not Kind.MINIMUM and not withdrawn:
                yield duty, rule

    def _made_sense(self, duty: Duty, rule: Rule) -> bool:
        """The law's dates and what is suspended always; a local step of the stage it goes back to or a later one."""
        suspended = bool(duty.stops and duty.stops[-1].until is None) or rule.starts == SUSPENDED
        return rule.date_is_law or suspended or self._is_ahead(rule)

    def _is_ahead(self, rule: Rule) -> bool:
        return _STAGES.index(Stage(rule.stage)) >= _STAGES.index(self.stage)

    def _resumed(self, duty: Duty, rule: Rule) -> DutyStarted:
        closed = last_closed_on(self.review)
        passed = closed is not None and closed <= duty.due_on < self.on and rule.counts.unit is not Unit.AGREED_DATE
        if rule.date_is_law or duty.stops or not passed or rule.counts.direction is Direction.BACKWARD:
            return again(duty, TAKEN_UP)
        return self._anew(duty, rule, rule.due_on(self.on, self.rulebook.calendar))

    def _owed_from_here(self) -> Iterator[tuple[Duty, Rule]]:
        for duty, rule in self._cut_off():
            planned = rule.counts.direction is Direction.BACKWARD or rule.starts == SUSPENDED
            if self._is_ahead(rule) and not planned and duty.why.startswith(_ENDS) and self._is_still_to_do(duty, rule):
                yield duty, rule

    def _is_still_to_do(self, duty: Duty, rule: Rule) -> bool:
        """Whether the action is not done, or the agency has not been excused, that the duty is about."""
        action = next((one for one in self.review.actions if one.id == duty.subject), None)
        if action is not None:
            return not action.done
        purpose = PURPOSES.get(str(rule.settled_by))
        return purpose is None or duty.subject in self.review.waiting_on(purpose)

    def _anew(self, duty: Duty, rule: Rule, due_on: date) -> DutyStarted:
        same = [one.occurrence for one in self.review.duties if (one.rule, one.subject) == (duty.rule, duty.subject)]
        return DutyStarted(
            rule=duty.rule,
            subject=duty.subject,
            occurrence=max(same) + 1,
            anchor=REOPENED,
            anchored_on=self.on,
            due_on=due_on,
            edition=rule.edition_on(self.on).name,
            calendar=self.rulebook.calendar.digest,
        )
