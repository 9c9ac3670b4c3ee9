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

from safeguarding.dates.counting import Direction, Kind, Unit
from safeguarding.dates.working_days import on_or_before, working_days_between
from safeguarding.duties.older_law import OF_TODAY, began_before, edition_for
from safeguarding.duties.suspension import how_it_stands
from safeguarding.errors import HorizonPassed, LawNotFound, SafeguardingError
from safeguarding.law.citation import Level
from safeguarding.law.milestones import MILESTONES
from safeguarding.law.own_document import OwnDocument, documents_for
from safeguarding.law.roles import ROLES
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.plan_lines import Plan, PlanLine, working_days_words
from safeguarding.questions.two_timetables import twins
from safeguarding.review.review import Duty, Review
from safeguarding.review.states import Stage, Track
from safeguarding.review.words import agency_name

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

_ORDER = {name: number for number, name in enumerate(MILESTONES)}
"""Where each thing stands in the course of a review: a meeting that reads the summaries comes after them."""

LONGEST = 800
"""Days: how far back the beginning of a duty is looked for. No duty of the rulebook takes longer."""


class NothingToPlan(SafeguardingError):
    """The rule asked for starts no plan: it counts nothing, or nothing is planned from its day."""

    code = "nothing-to-plan"

    def __init__(self, rule: str) -> None:
        words = f"{rule} starts no plan: it has no day of its own. Try C05, C12, C13, A02 or `safeguarding plan REF`."
        super().__init__(words, rule)


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
    return _plan(lines, words, day, rulebook.milestone_words(head.anchor), rulebook, today, track)


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
    mine = (duty for duty in review.duties if not duty.guard)
    shown = [duty for duty in mine if not duty.ended or (_was_met(duty) and duty.anchored_on >= begins_on)]
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
    return _plan(lines, title, begins_on, begins, rulebook, today, review.track, review.reference)


def _was_met(duty: Duty) -> bool:
    return duty.ended == "settled"


def _actual(duty: Duty, rulebook: Rulebook, today: date) -> PlanLine:
    rule = rulebook.rule(duty.rule)
    stands = how_it_stands(duty, rule.counts.kind, today, rulebook.calendar)
    ended_on = duty.ended_on or duty.due_on
    late = working_days_between(duty.due_on, ended_on, rulebook.calendar) if duty.ended else 0
    words = stands.words if not duty.ended else f"{working_days_words(late)} late" if late > 0 else "in time"
    return PlanLine(
        rule=rule.id,
        title=rule.title,
        subject=_subject(duty.subject, rulebook),
        owner=ROLES.get(rule.owner, rule.owner),
        statutory=rule.date_is_law,
        kind=rule.counts.kind,
        anchored_on=duty.anchored_on,
        because=rulebook.milestone_words(duty.anchor),
        recorded=True,
        due_on=duty.due_on,
        opens_on=rule.opens_on(
            duty.anchored_on, duty.due_on, rule.edition_of(duty.edition, duty.anchored_on), rulebook.calendar
        ),
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
        here = [rule for rule in rulebook.rules if rule.track in (track, "both") and _plannable(rule, stages)]
        self.rules = [rule for rule in here if review is None or _is_counted_for(review, rule)]

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
                # What lies beyond the bank holidays is planned once they are loaded; what has no edition, never.
                with suppress(HorizonPassed, LawNotFound):
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
        anchored_on = self.days[str(rule.anchor)]
        edition = None
        if self.review is not None and self.review.carried_in is not None:
            edition = edition_for(rule, self.review, anchored_on, str(rule.starts))
        return rule.due_on(anchored_on, self.rulebook.calendar, edition=edition)

    def _line(self, rule: Rule, recorded: dict[str, bool]) -> PlanLine | None:
        anchored_on, due_on = self.days[str(rule.anchor)], self._due(rule)
        if rule.counts.kind is Kind.INTERVAL and not any(name in self.days for name in rule.ends):
            return None  # What recurs with no end in sight is owed once it has begun; it leads nowhere in a plan.
        real = recorded.get(str(rule.anchor), False)
        because = self.rulebook.milestone_words(str(rule.anchor))
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
            opens_on=rule.opens_on(anchored_on, due_on, rule.edition_on(anchored_on), self.rulebook.calendar),
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


def _is_counted_for(review: Review, rule: Rule) -> bool:
    """Whether a rule is counted for a review at all: for one that was carried in not every one is."""
    began = began_before(review)
    if began is None or rule.level is Level.LOCAL or rule.starts in OF_TODAY:
        return True
    return edition_for(rule, review, began, str(rule.starts)) is not None


def _plannable(rule: Rule, stages: tuple[str, ...]) -> bool:
    """What a plan shows: everything of these stages with a day, save a minimum and what is tracked for others."""
    uncounted = rule.counts.unit in (Unit.NONE, Unit.AGREED_DATE) or rule.anchor is None
    if uncounted or rule.counts.kind is Kind.MINIMUM or rule.outlives_closing or rule.stage not in stages:
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
    track: Track,
    reference: str = "",
) -> Plan:
    found = list(lines)
    calendar = rulebook.calendar
    made = [_placed(line, found, begins_on, rulebook) for line in found]
    made.sort(key=lambda line: _place(line, rulebook))
    return Plan(
        title=title,
        reference=reference,
        begins_on=begins_on,
        begins=begins,
        ends_on=max((line.due_on for line in made), default=begins_on),
        today=today,
        lines=tuple(made),
        calendar=calendar.digest,
        documents=_documents_of(made, track, rulebook),
    )


def _documents_of(lines: Iterable[PlanLine], track: Track, rulebook: Rulebook) -> tuple[OwnDocument, ...]:
    """The partnership's own documents for the stages at which something of a plan is done."""
    own = rulebook.partnership.documents
    if not own:
        return ()
    return documents_for(track.value, {rulebook.rule(line.rule).stage for line in lines}, own)


def _place(line: PlanLine, rulebook: Rulebook) -> tuple[object, ...]:
    """By the day; on one day ours before the law's, and what happens first in a review before what follows from it."""
    done = rulebook.rule(line.rule).settled_by
    order = _ORDER.get(str(done), len(_ORDER))
    return (line.plan_on, not line.rule.startswith("local."), order, line.rule, line.subject)


def _placed(line: PlanLine, lines: list[PlanLine], begins_on: date, rulebook: Rulebook) -> PlanLine:
    calendar = rulebook.calendar.provisional
    bound = _bound(line, lines, rulebook)
    slack = None if bound is None else working_days_between(line.plan_on, bound.plan_on, calendar)
    update = {
        "number": working_days_between(begins_on, line.plan_on, calendar),
        "first_number": line.opens_on and working_days_between(begins_on, line.opens_on, calendar),
        "bound": "" if bound is None else bound.rule,
        "bound_title": "" if bound is None else bound.title,
        "slack": slack,
    }
    return line.model_copy(update=update)


def _bound(line: PlanLine, lines: list[PlanLine], rulebook: Rulebook) -> PlanLine | None:
    """
    The statutory line that a local one serves: the one its rule names; else that of the same thing, though it be
    sooner; else the last of law that follows it.
    """
    if line.statutory or line.ended:
        return None
    limits = [other for other in lines if _is_limit(other, rulebook)]
    named = [other for other in limits if other.rule == rulebook.bound(rulebook.rule(line.rule))]
    same = {twin.id for twin in twins(rulebook.rule(line.rule), rulebook)}
    of_the_same = [other for other in limits if other.rule in same and other.anchored_on == line.anchored_on]
    after = [other for other in limits if other.due_on >= line.due_on]
    return max(named or of_the_same or after, key=lambda other: other.due_on, default=None)


def _is_limit(line: PlanLine, rulebook: Rulebook) -> bool:
    """Whether a line is a day that the whole plan works towards, and not one agency's own."""
    towards = line.kind in (Kind.MAXIMUM, Kind.AIM) and not rulebook.rule(line.rule).per_subject
    return line.statutory and towards and not line.ended
