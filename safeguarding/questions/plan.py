"""
The plan of a review: on which day each step has to be done so that the statutory day is kept.

Planned forward from the day that starts a statutory duty, or back from the day on which it has to be done. Nothing
is stored: a plan is worked out from the rules, the calendar and, for a review, what its record says has happened.
What has not happened yet is planned as if each step before it were done on the last day for it, so a plan shows the
latest that everything may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Literal

from safeguarding.dates.counting import Direction, Kind, Unit
from safeguarding.dates.working_days import on_or_before, working_days_between
from safeguarding.duties.suspension import how_it_stands
from safeguarding.errors import HorizonPassed, SafeguardingError
from safeguarding.law.milestones import MILESTONES
from safeguarding.law.roles import ROLES
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.review import Duty, Review
from safeguarding.review.states import Stage, Track
from safeguarding.review.words import agency_name
from safeguarding.values import Frozen

ASSUMED: dict[str, tuple[str, str]] = {
    "review_started": ("terms_of_reference_agreed", "the review begins once its terms are agreed"),
    "report_requested": ("terms_of_reference_agreed", "reports are asked for once the terms are agreed"),
    "accuracy_requested": ("first_draft_received", "the draft goes out for checking on the day it comes in"),
    "publication_planned_full": ("published", "the full report is published on the last day for it"),
    "report_accepted": ("advance_copy_sent_to_all", "the report is accepted by the day its advance copy goes"),
    "rapid_review_completed": ("rapid_review_sent", "the rapid review is completed on the day it is sent"),
    "screening_started": ("referral_acknowledged", "screening begins once the referral is acknowledged"),
    "agency_request_sent": ("screening_started", "agencies are asked as screening begins"),
}
"""For what has no day in any rule: the thing it follows at once in a plan, and that assumption in words."""

LONGEST = 800
"""Days: how far back the beginning of a duty is looked for. No duty of the rulebook takes longer."""


def _days(number: int) -> str:
    return f"{number} working day{'' if number == 1 else 's'}"


class NothingToPlan(SafeguardingError):
    """The rule asked for starts no plan: it counts nothing, or nothing is planned from its day."""

    code = "nothing-to-plan"

    def __init__(self, rule: str) -> None:
        words = f"{rule} starts no plan: it has no day of its own. Try C05, C12, C13, A02 or `safeguarding plan REF`."
        super().__init__(words, rule)


class PlanLine(Frozen):
    """One step of a plan: from which day it is counted, by which day it is to be done, what room is left."""

    rule: str
    title: str
    subject: str = ""
    owner: str
    """The role that does it, in words."""
    statutory: bool
    kind: Kind
    anchored_on: date
    because: str
    """What the anchor is, in words; with the assumption where it has not happened yet."""
    recorded: bool
    """Whether the anchor has happened, so that the day is a real due date."""
    due_on: date
    plan_on: date
    """The working day to do it on: the due date, or the working day before one that is none."""
    number: int
    """Which working day of the plan that is."""
    bound: str = ""
    """The statutory rule it must not run past."""
    slack: int | None = None
    """Working days between it and the statutory day it serves."""
    ended: Literal["", "settled", "cancelled"] = ""
    ended_on: date | None = None
    standing: str = ""
    state: Literal["planned", "done", "suspended", "on-time", "due-soon", "overdue"] = "planned"

    @property
    def slack_words(self) -> str:
        """The room left, in words."""
        if self.slack is None:
            return ""
        if self.slack == 0:
            return f"on the day of {self.bound}"
        days = _days(abs(self.slack))
        return f"{days} before {self.bound}" if self.slack >= 0 else f"{days} AFTER {self.bound}"


class Plan(Frozen):
    """Every step with its day, in the order of the days."""

    title: str
    reference: str = ""
    begins_on: date
    begins: str
    ends_on: date
    today: date
    lines: tuple[PlanLine, ...]
    calendar: str


# --------------------------------------------------------------------------- without a review


def plan_from(rule: str, day: date, rulebook: Rulebook, today: date) -> Plan:
    """
    The plan of a rule from the day of its anchor (for a backward rule, the planned day).

    Raises LawNotFound if there is no such rule or no edition on the day, HorizonPassed beyond the bank holidays,
    NothingToPlan for a rule without a count.
    """
    head = rulebook.rule(rule)
    if head.anchor is None or head.counts.unit in (Unit.NONE, Unit.AGREED_DATE):
        raise NothingToPlan(head.id)
    head.due_on(day, rulebook.calendar)
    track = Track.ADULTS if head.track == "adults" else Track.CHILDREN
    lines = _Planner(rulebook, track, {head.anchor: day}).lines({head.anchor: True})
    words = f"{head.id}, {head.title}"
    return _plan(lines, words, day, MILESTONES[head.anchor], rulebook, today)


def plan_until(rule: str, end: date, rulebook: Rulebook, today: date) -> Plan:
    """
    The plan of a rule that has to be done by a day: from the latest beginning that still keeps it.

    Raises as `plan_from` does.
    """
    return plan_from(rule, latest_beginning(rulebook.rule(rule), end, rulebook), rulebook, today)


def latest_beginning(rule: Rule, end: date, rulebook: Rulebook) -> date:
    """The latest working day from which the rule still falls due by the end. Raises NothingToPlan, HorizonPassed."""
    if rule.counts.unit in (Unit.NONE, Unit.AGREED_DATE) or rule.counts.direction is Direction.BACKWARD:
        raise NothingToPlan(rule.id)
    calendar = rulebook.calendar
    day = on_or_before(end, calendar)
    for _ in range(LONGEST):
        if calendar.is_working_day(day) and rule.due_on(day, calendar) <= end:
            return day
        day -= timedelta(days=1)
    raise NothingToPlan(rule.id)


# --------------------------------------------------------------------------- of a review


def plan_of(review: Review, rulebook: Rulebook, today: date) -> Plan:
    """
    The plan of a review: what runs, what was done since the oldest of that began, and what follows from it.

    A closed review, or one that owes nothing yet, has a plan without lines.
    """
    running = [duty for duty in review.live() if not duty.guard]
    begins_on = min((duty.anchored_on for duty in running), default=today)
    shown = [d for d in review.duties if d in running or (_was_met(d) and d.anchored_on >= begins_on and not d.guard)]
    actual = [_actual(duty, rulebook, today) for duty in shown]
    days = {mark.name: mark.on for mark in review.marks}
    recorded = dict.fromkeys(days, True)
    planner = _Planner(rulebook, review.track, days, review, today)
    for duty in running:
        rule = rulebook.rule(duty.rule)
        planner.expect(rule.settled_by, _aim(duty.due_on, rule, rulebook))
    lines = [*_together(actual), *(planner.lines(recorded) if running else ())]
    begins = "the oldest clock that runs" if running else "nothing runs"
    title = f"{review.reference} · {review.stage_title}"
    return _plan(lines, title, begins_on, begins, rulebook, today, review.reference)


def _was_met(duty: Duty) -> bool:
    return duty.ended == "settled"


def _actual(duty: Duty, rulebook: Rulebook, today: date) -> PlanLine:
    rule = rulebook.rule(duty.rule)
    stands = how_it_stands(duty, rule.counts.kind, today, rulebook.calendar)
    ended_on = duty.ended_on or duty.due_on
    late = working_days_between(duty.due_on, ended_on, rulebook.calendar) if duty.ended else 0
    words = stands.words if not duty.ended else f"{_days(late)} late" if late > 0 else "in time"
    return PlanLine(
        rule=rule.id,
        title=rule.title,
        subject=_subject(duty.subject, rulebook),
        owner=ROLES.get(rule.owner, rule.owner),
        statutory=rule.date_is_law,
        kind=rule.counts.kind,
        anchored_on=duty.anchored_on,
        because=MILESTONES.get(duty.anchor, duty.anchor),
        recorded=True,
        due_on=duty.due_on,
        plan_on=_aim(duty.due_on, rule, rulebook),
        number=0,
        ended="settled" if duty.ended else "",
        ended_on=duty.ended_on,
        standing=words,
        state="done" if duty.ended else stands.state,
    )


def _together(lines: list[PlanLine]) -> list[PlanLine]:
    """One line for the agencies whose dates and standing are the same."""
    found: dict[PlanLine, list[str]] = {}
    for line in lines:
        found.setdefault(line.model_copy(update={"subject": ""}), []).append(line.subject)
    return [line.model_copy(update={"subject": ", ".join(sorted(names))}) for line, names in found.items()]


def _subject(subject: str, rulebook: Rulebook) -> str:
    return agency_name(subject, rulebook.partnership)


def _aim(due_on: date, rule: Rule, rulebook: Rulebook) -> date:
    """The working day to do it on: never later than the day it is due, since nothing extends that."""
    if rule.counts.kind is Kind.MINIMUM:
        return due_on
    return on_or_before(due_on, rulebook.calendar.provisional)


# --------------------------------------------------------------------------- what follows from what


class _Planner:
    """Places each rule whose anchor has a day, and gives a day to what it settles, until nothing more follows."""

    def __init__(
        self,
        rulebook: Rulebook,
        track: Track,
        days: dict[str, date],
        review: Review | None = None,
        today: date | None = None,
    ) -> None:
        self.rulebook = rulebook
        self.review, self.today = review, today
        self.days = dict(days)
        self.happened = frozenset(days)
        self.assumed: dict[str, str] = {}
        self.taken = {duty.rule for duty in review.duties} if review else set()
        every = tuple(Stage)
        stages = every[every.index(review.stage) :] if review else every
        self.rules = [rule for rule in rulebook.rules if rule.track in (track, "both") and _plannable(rule, stages)]

    def expect(self, milestone: str | None, day: date) -> None:
        """Something that is owed will have happened by its day; where that has passed, today."""
        if milestone is not None and milestone not in self.happened:
            planned = self._not_past(day)
            self.days[milestone] = min(self.days.get(milestone, planned), planned)

    def _not_past(self, day: date) -> date:
        return day if self.today is None else max(day, self.today)

    def lines(self, recorded: dict[str, bool]) -> list[PlanLine]:
        """Every step that follows, each once; what recurs, as often as it will until it is no longer owed."""
        reached = list(self._reached())  # All of it first: what recurs asks where it ends.
        first = {rule.id: line for rule in reached if (line := self._line(rule, recorded)) is not None}
        return [line for rule in self.rules if rule.id in first for line in self._repeated(rule, first[rule.id])]

    def _reached(self) -> Iterator[Rule]:
        placed: set[str] = set()
        again = True
        while again:
            again = False
            for rule in self.rules:
                if rule.id in placed or not self._open(rule):
                    continue
                placed.add(rule.id)
                again = True
                with suppress(HorizonPassed):  # What lies beyond the bank holidays is planned once they are loaded.
                    self.expect(rule.settled_by, _aim(self._due(rule), rule, self.rulebook))
                    yield rule
            again = self._assume() or again

    def _open(self, rule: Rule) -> bool:
        if rule.id in self.taken or rule.anchor not in self.days:
            return False
        if rule.starts is not None and rule.starts not in self.days:
            return False
        if self.review and rule.starts in self.happened:
            return False  # A review that it had started would hold its row.
        return not {rule.settled_by, *rule.ends} & self.happened

    def _assume(self) -> bool:
        found = False
        for milestone, (after, words) in ASSUMED.items():
            if milestone not in self.days and after in self.days:
                self.days[milestone] = self._not_past(self.days[after])
                self.assumed[milestone] = words
                found = True
        return found

    def _due(self, rule: Rule) -> date:
        return rule.due_on(self.days[str(rule.anchor)], self.rulebook.calendar)

    def _line(self, rule: Rule, recorded: dict[str, bool]) -> PlanLine | None:
        anchored_on, due_on = self.days[str(rule.anchor)], self._due(rule)
        if rule.counts.kind is Kind.INTERVAL and not any(name in self.days for name in rule.ends):
            return None  # What recurs with no end in sight is owed once it has begun; it leads nowhere in a plan.
        real = recorded.get(str(rule.anchor), False)
        because = MILESTONES[str(rule.anchor)]
        assumption = self.assumed.get(str(rule.anchor))
        return PlanLine(
            rule=rule.id,
            title=rule.title,
            subject="each agency" if rule.per_subject else "",
            owner=ROLES.get(rule.owner, rule.owner),
            statutory=rule.date_is_law,
            kind=rule.counts.kind,
            anchored_on=anchored_on,
            because=f"{because} (planned: {assumption})" if assumption else because if real else f"{because} (planned)",
            recorded=real,
            due_on=due_on,
            plan_on=_aim(due_on, rule, self.rulebook),
            number=0,
        )

    def _repeated(self, rule: Rule, line: PlanLine) -> Iterator[PlanLine]:
        yield line
        ends = [self.days[name] for name in rule.ends if name in self.days]
        if rule.counts.kind is not Kind.INTERVAL or not ends:
            return
        while True:
            try:
                due_on = rule.due_on(line.plan_on, self.rulebook.calendar)
            except HorizonPassed:
                return
            if due_on >= min(ends):
                return
            plan_on = _aim(due_on, rule, self.rulebook)
            line = line.model_copy(update={"anchored_on": line.plan_on, "due_on": due_on, "plan_on": plan_on})
            yield line


def _plannable(rule: Rule, stages: tuple[str, ...]) -> bool:
    """What a plan shows: everything of these stages with a day, save a minimum and what is tracked for others."""
    uncounted = rule.counts.unit in (Unit.NONE, Unit.AGREED_DATE) or rule.anchor is None
    if uncounted or rule.counts.kind is Kind.MINIMUM or rule.stage not in stages:
        return False
    return not rule.track_only or rule.id.startswith("local.")


# --------------------------------------------------------------------------- put together


def _plan(
    lines: Iterable[PlanLine],
    title: str,
    begins_on: date,
    begins: str,
    rulebook: Rulebook,
    today: date,
    reference: str = "",
) -> Plan:
    found = list(lines)
    calendar = rulebook.calendar
    made = [_placed(line, found, begins_on, rulebook) for line in found]
    made.sort(key=lambda line: (line.plan_on, not line.rule.startswith("local."), line.rule, line.subject))
    return Plan(
        title=title,
        reference=reference,
        begins_on=begins_on,
        begins=begins,
        ends_on=max((line.due_on for line in made), default=begins_on),
        today=today,
        lines=tuple(made),
        calendar=calendar.digest,
    )


def _placed(line: PlanLine, lines: list[PlanLine], begins_on: date, rulebook: Rulebook) -> PlanLine:
    calendar = rulebook.calendar.provisional
    bound = _bound(line, lines, rulebook)
    slack = None if bound is None else working_days_between(line.plan_on, bound.plan_on, calendar)
    update = {
        "number": working_days_between(begins_on, line.plan_on, calendar),
        "bound": "" if bound is None else bound.rule,
        "slack": slack,
    }
    return line.model_copy(update=update)


def _bound(line: PlanLine, lines: list[PlanLine], rulebook: Rulebook) -> PlanLine | None:
    """The statutory line that a local one serves: the one its rule names, else the last of law that follows it."""
    if line.statutory or line.ended:
        return None
    limits = [other for other in lines if _is_limit(other, rulebook)]
    named = [other for other in limits if other.rule == rulebook.rule(line.rule).no_later_than]
    after = [other for other in limits if other.due_on >= line.due_on]
    return max(named or after, key=lambda other: other.due_on, default=None)


def _is_limit(line: PlanLine, rulebook: Rulebook) -> bool:
    """Whether a line is a day that the whole plan works towards, and not one agency's own."""
    towards = line.kind in (Kind.MAXIMUM, Kind.AIM) and not rulebook.rule(line.rule).per_subject
    return line.statutory and towards and not line.ended
