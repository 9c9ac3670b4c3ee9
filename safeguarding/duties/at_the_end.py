"""
What becomes of what is still owed when a review closes: nothing falls away without a word.

Whoever closes says of each whether it was done, is carried on after the closing (to another day, where it is the
partnership's own), or is dropped and why. What is carried on stays on the board and goes up its ladder like before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from safeguarding.dates.working_days import say
from safeguarding.duties.started_and_settled import REVIEW_ENDED
from safeguarding.duties.superseding import again
from safeguarding.duties.suspension import SUSPENDED
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.choices import EVERYTHING_ELSE
from safeguarding.review.events import AgencyAnswered, DutyChange, DutyEnded, Entry, Extension, Mark
from safeguarding.review.forms import StillOwed
from safeguarding.review.learning_entries import ActionMoved
from safeguarding.review.review import Duty, Review
from safeguarding.review.words import rule_words

CARRIED_ON, DROPPED, WAS_DONE = "carried on after the closing", "dropped", "done"

PURPOSES = {"agency_returned": "information", "report_returned": "report", "accuracy_returned": "accuracy"}
"""The milestones by which an agency answers, and what it was then asked for."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A line that closes a review: what its clocks would come to, and what was said of those that still run."""

    review: Review
    said: Sequence[StillOwed]
    changes: Sequence[DutyChange]
    today: date
    rulebook: Rulebook
    recordable: Collection[str]
    """The milestones that may be recorded as done without a form of their own."""
    afterwards: Collection[str]
    """The milestones that may be recorded on a review that is closed."""

    def unmet(self) -> tuple[str, ...]:
        """Everything still owed of which nothing is said, and everything said that cannot be, in words."""
        owed = list(self._owed())
        problems = [words for duty, rule in owed if (words := self._problem(duty, rule))]
        silent = [self._named(duty, rule) for duty, rule in owed if self._answer(duty) is None]
        if silent:
            problems.append(
                f"still owed when it closes: {'; '.join(silent)}. Say of each under 'What is still owed' whether it "
                "was done, is carried on after the closing, or is dropped and why"
            )
        known = {(duty.rule, duty.subject) for duty, _ in owed}
        for row in self.said:
            named = {key for key in known if key[0] == row.what and row.agency_or_action in ("", key[1])}
            if row.what != EVERYTHING_ELSE and not named:
                problems.append(f"{self.rulebook.rule(row.what).named} is not owed when it closes")
        return tuple(dict.fromkeys(problems))

    def marks(self) -> tuple[Mark, ...]:
        """What was done, so that the record has its day and the clock is met and not cut off."""
        return tuple(
            Mark(name=str(rule.settled_by), on=row.on, subject=duty.subject if rule.per_subject else "")
            for duty, rule, row in self._answered(WAS_DONE)
            if row.on is not None
        )

    def clocks(self, changes: Sequence[DutyChange]) -> tuple[DutyChange, ...]:
        """The clocks of the line: what is carried on is not ended, and has its new day where it was given one."""
        carried = {duty.key: (duty, row) for duty, _, row in self._answered(CARRIED_ON)}
        kept = [change for change in changes if not (_cut_off(change) and _key(change) in carried)]
        moved = [
            again(
                duty,
                "carried on after the closing to another day",
                due_on=row.on,
                stops=(),
                extended=Extension(first_due=duty.extended.first_due if duty.extended else duty.due_on, to=row.on),
            )
            for duty, row in carried.values()
            if row.on is not None and row.on != duty.due_on
        ]
        return (*kept, *moved)

    def entries(self) -> tuple[Entry, ...]:
        """The actions and requests whose date is dropped end with it: nobody is waited for on a closed review."""
        dropped: list[Entry] = []
        for duty, rule, _ in self._answered(DROPPED):
            purpose = PURPOSES.get(str(rule.settled_by))
            if any(action.id == duty.subject for action in self.review.actions):
                dropped.append(ActionMoved(action=duty.subject, status="withdrawn", on=self.today))
            elif purpose is not None:
                answer = {"agency": duty.subject, "purpose": purpose, "outcome": "excused", "on": self.today}
                dropped.append(AgencyAnswered.model_validate(answer))
        return tuple(dropped)

    def _owed(self) -> Iterator[tuple[Duty, Rule]]:
        """What closing would cut off. The look at a suspension goes with what is suspended."""
        ends = {_key(change) for change in self.changes if _cut_off(change)}
        for duty in self.review.live():
            rule = self.rulebook.rule(duty.rule)
            if duty.key in ends and rule.starts != SUSPENDED and not rule.bars_closing:
                yield duty, rule

    def _answered(self, becomes: str) -> Iterator[tuple[Duty, Rule, StillOwed]]:
        for duty, rule in self._owed():
            row = self._answer(duty)
            if row is not None and row.becomes == becomes:
                yield duty, rule, row

    def _answer(self, duty: Duty) -> StillOwed | None:
        """What was said of a duty: of its agency or action, of all of its kind, or of everything else."""
        names = ((duty.rule, duty.subject), (duty.rule, ""), (EVERYTHING_ELSE, ""))
        found = {(row.what, row.agency_or_action): row for row in reversed(self.said)}
        return next((found[name] for name in names if name in found), None)

    def _problem(self, duty: Duty, rule: Rule) -> str:
        row, named = self._answer(duty), self._named(duty, rule)
        if row is None:
            return ""
        match row.becomes:
            case "done":
                return self._not_done(row, rule, named)
            case "carried on after the closing":
                return self._not_carried_on(row, duty, rule, named)
        return "" if row.reason else f"{named}: say why it is dropped"

    def _not_done(self, row: StillOwed, rule: Rule, named: str) -> str:
        if rule.settled_by not in self.recordable:
            return f"{named}: it has a form of its own: record it with that before closing, or say otherwise"
        if row.on is None:
            return f"{named}: say on which day it was done"
        return f"{named}: {row.on} is in the future: today is {self.today}" if row.on > self.today else ""

    def _not_carried_on(self, row: StillOwed, duty: Duty, rule: Rule, named: str) -> str:
        if rule.settled_by not in self.afterwards:
            return f"{named}: it cannot be done on a closed review: drop it, or close when it is done"
        if duty.suspended is not None:
            return f"{named}: it is suspended: resume it before closing, or drop it"
        if row.on is None or row.on == duty.due_on:
            return ""
        if rule.date_is_law:
            return f"{named}: a date of {rule.number_level.words} is not moved: leave its new day empty"
        if not row.reason:
            return f"{named}: say why it is moved to another day"
        return f"{named}: its new day {row.on} has passed" if row.on < self.today else ""

    def _named(self, duty: Duty, rule: Rule) -> str:
        return f"{rule_words(rule, duty.subject, self.rulebook.partnership)}, due {say(duty.due_on)}"


def _cut_off(change: DutyChange) -> bool:
    return isinstance(change, DutyEnded) and change.why.startswith(REVIEW_ENDED)


def _key(change: DutyChange) -> tuple[str, str, int]:
    return (change.rule, change.subject, change.occurrence)
