"""
Which clocks a line of the ledger moves: by its marks and the rulebook alone.

A mark settles the duties that wait for it, ends those it makes pointless, and starts those it anchors. A
review that closes ends what still runs, without calling it met; a minimum («at least a year») outlives it.
Nothing is met before the day it is counted from: `before_their_day` says so in words, and the step is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from datetime import date
from typing import Literal

from safeguarding.dates.counting import Direction, Kind, Unit
from safeguarding.dates.working_days import say
from safeguarding.duties.older_law import edition_for
from safeguarding.duties.suspension import counted_again
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import DutyChange, DutyEnded, DutyStarted, Mark, Stop
from safeguarding.review.review import Duty, Review
from safeguarding.review.states import CLOSED_STATES
from safeguarding.review.step import Outcome
from safeguarding.review.words import rule_words

REVIEW_ENDED = "the review ended"
"""How the reason begins for which a clock ended with its review, without being met."""

FOR_AFTERWARDS = frozenset({"impact_check_agreed"})
"""What is agreed at the closing for the time after it: it does not end with the review."""

STARTS_AFTERWARDS = FOR_AFTERWARDS | {
    *("action_agreed", "deferral_recorded", "action_verified", "action_impact_again_agreed", "learning_shared"),
}
"""What may begin on a review that is closed, beside what recurs: its stages are over, and so are their steps."""

Key = tuple[str, str, int]
"""What is owed, apart from when: rule, subject, occurrence."""


def clocks(review: Review, outcome: Outcome, today: date, rulebook: Rulebook) -> tuple[DutyChange, ...]:
    """The duties that the marks of a line settle, end and start, mark by mark in the order they happened."""
    changes: list[DutyChange] = []
    begun: set[Key] = set()
    running: dict[Key, Duty | DutyStarted] = {duty.key: duty for duty in review.duties if not duty.ended}
    for mark in outcome.marks:
        ended = _ended_by(mark, running, rulebook)
        for row in ended:
            del running[_key(row)]
        started = _started_by(mark, review, outcome.marks, ended, running.keys(), rulebook)
        running |= {_key(row): row for row in started}
        begun |= {_key(row) for row in started if mark.name in FOR_AFTERWARDS}
        changes += [*ended, *started]
    if outcome.to is not None and outcome.to in CLOSED_STATES:
        why = f"{REVIEW_ENDED}: {outcome.to.words}"
        ends = [key for key, row in running.items() if not row.guard and not _outlives(key, rulebook)]
        cut = [key for key in ends if key not in begun]
        changes += [_end("cancelled", key, today, why) for key in cut]
    return tuple(changes)


def _outlives(key: Key, rulebook: Rulebook) -> bool:
    return rulebook.rule(key[0]).outlives_closing


def cut_off(changes: Iterable[DutyChange], rulebook: Rulebook) -> tuple[str, ...]:
    """
    What stands in the way of closing: what closing would cut off though it is owed to somebody outside, in words.

    A notice of a death, a coroner's reply, an answer to the Panel do not fall away because a review ends.
    """
    rows = [row for row in changes if isinstance(row, DutyEnded) and row.why.startswith(REVIEW_ENDED)]
    return tuple(
        f"{rule_words(rule, row.subject, rulebook.partnership)} is still owed, and does not end with the "
        "review: record first what was done"
        for row in rows
        if (rule := rulebook.rule(row.rule)).bars_closing
    )


def before_their_day(review: Review, changes: Sequence[DutyChange], rulebook: Rulebook) -> tuple[str, ...]:
    """
    What stands in the way of a line that would meet or end a duty on a day before the one it is counted from, in words.

    A reply cannot go before the report it answers. What is counted back from a planned day is done before that day,
    and a minimum is no duty to be met; both are left out, as is what recurs, whose earlier day settles nothing.
    """
    if not any(isinstance(change, DutyEnded) for change in changes):
        return ()
    rows: dict[Key, Duty | DutyStarted] = {duty.key: duty for duty in review.duties if not duty.ended}
    found: list[str] = []
    for change in changes:
        if isinstance(change, DutyStarted):
            rows[_key(change)] = change
            continue
        row, rule = rows.get(_key(change)), rulebook.rule(change.rule)
        if row is not None and change.on < row.anchored_on and _has_a_first_day(rule):
            what = rulebook.milestone_words(row.anchor)
            how = "met" if change.change == "settled" else "ended"
            owed = rule_words(rule, change.subject, rulebook.partnership)
            found.append(
                f"{owed} cannot be {how} on {say(change.on)}: it is counted from "
                f"{say(row.anchored_on)}, when {what}. Put the wrong one of the two days right"
            )
    return tuple(dict.fromkeys(found))


def _has_a_first_day(rule: Rule) -> bool:
    """Whether nothing can meet a duty before the day it is counted from."""
    counts = rule.counts
    return (
        not rule.may_be_met_before
        and counts.direction is Direction.FORWARD
        and counts.kind not in (Kind.MINIMUM, Kind.GATE, Kind.INTERVAL)
    )


def _key(row: DutyStarted | DutyEnded) -> Key:
    return (row.rule, row.subject, row.occurrence)


def _end(change: Literal["settled", "cancelled"], key: Key, on: date, why: str) -> DutyEnded:
    rule, subject, occurrence = key
    return DutyEnded(change=change, rule=rule, subject=subject, occurrence=occurrence, on=on, why=why)


def _ended_by(mark: Mark, running: dict[Key, Duty | DutyStarted], rulebook: Rulebook) -> list[DutyEnded]:
    ended: list[DutyEnded] = []
    for key, row in running.items():
        if rulebook.leaves_alone(mark.name, key[0]):
            continue
        rule = rulebook.rule(key[0])
        if mark.name != rule.settled_by and mark.name not in rule.ends:
            continue
        words = f"{mark.name.replace('_', ' ')} on {mark.on}"
        if mark.name == rule.settled_by and (not rule.per_subject or mark.subject == key[1]):
            if rule.counts.kind is Kind.INTERVAL and mark.on < row.anchored_on:
                continue  # It was done before the time that is counted now: it happened, and settles nothing of it.
            ended.append(_end("settled", key, mark.on, words))
        elif mark.name in rule.ends and mark.subject in ("", key[1]):
            ended.append(_end("cancelled", key, mark.on, f"no longer owed: {words}"))
    return ended


def _started_by(
    mark: Mark,
    review: Review,
    made: tuple[Mark, ...],
    ended: list[DutyEnded],
    running: Set[Key],
    rulebook: Rulebook,
) -> list[DutyStarted]:
    goes_on = review.open or mark.name in STARTS_AFTERWARDS
    rules = list(rulebook.started_by(mark.name, review.track)) if goes_on else []
    for row in ended:
        # What recurs starts again from the day it was last done.
        if row.change == "settled" and rulebook.rule(row.rule).counts.kind is Kind.INTERVAL:
            rules.append(rulebook.rule(row.rule))
    rows = (start(rule, mark, review, made, running, rulebook) for rule in {rule.id: rule for rule in rules}.values())
    return [row for row in rows if row is not None]


def start(
    rule: Rule, mark: Mark, review: Review, made: tuple[Mark, ...], running: Set[Key], rulebook: Rulebook
) -> DutyStarted | None:
    """
    The row of a duty that this mark starts, or None if it has no date (nothing counted, nothing agreed).

    `made` are the marks of the same line: a duty may be opened by one event and counted from another. If the
    duty runs already, the row supersedes it: the anchor happened again, and the last time counts.
    """
    if rule.counts.unit is Unit.NONE or (rule.counts.unit is Unit.AGREED_DATE and mark.due is None):
        return None
    anchor, anchored_on = _anchor(rule, mark, review, made)
    edition = edition_for(rule, review, anchored_on, str(rule.starts))
    if edition is None:
        return None
    subject = mark.subject if rule.per_subject else ""
    again = [occurrence for named, of, occurrence in running if named == rule.id and of == subject]
    if again and rule.counts.kind is Kind.INTERVAL and any(d.due_on < mark.on for d in review.live(rule.id, subject)):
        return None  # It is overdue: a review that begins anew gives nobody more time for what was not done.
    earlier = [duty.occurrence for duty in review.duties if duty.rule == rule.id and duty.subject == subject]
    due_on = mark.due or rule.due_on(anchored_on, rulebook.calendar, opened=mark.on, edition=edition)
    stops: tuple[Stop, ...] = ()
    if again:  # It may be suspended, and an anchor that happens again lifts nothing.
        stopped = [stop for duty in review.live(rule.id, subject) for stop in duty.stops if stop.until is None]
        due_on, stops = counted_again(anchored_on, due_on, stopped, rulebook.calendar)
    return DutyStarted(
        rule=rule.id,
        subject=subject,
        occurrence=again[0] if again else max(earlier, default=0) + 1,
        anchor=anchor,
        anchored_on=anchored_on,
        due_on=due_on,
        edition=edition.name,
        calendar=rulebook.calendar.digest,
        guard=rule.counts.kind is Kind.MINIMUM,
        replaces=f"{mark.name.replace('_', ' ')} again on {mark.on}" if again else "",
        stops=stops,
    )


def _anchor(rule: Rule, mark: Mark, review: Review, made: tuple[Mark, ...]) -> tuple[str, date]:
    """The event counted from: the mark itself, or the one the rule names, where that has happened."""
    if rule.counts_from in (None, mark.name):
        return mark.name, mark.on
    days = [other.on for other in made if other.name == rule.counts_from]
    day = days[-1] if days else review.happened(str(rule.counts_from))
    return (mark.name, mark.on) if day is None else (str(rule.counts_from), day)
