"""
A due date explained: the rule, its edition and source, every day counted and skipped, and what to do if it is missed.

Asked of any rule and any day, without a review and without writing anything.
"""

from __future__ import annotations

from datetime import date

from safeguarding.dates.counting import Direction, Unit
from safeguarding.dates.day_by_day import CountedDay, work_out
from safeguarding.dates.working_days import say
from safeguarding.law.citation import Citation, Confidence
from safeguarding.law.milestones import MILESTONES
from safeguarding.law.rule import Edition, Rule
from safeguarding.law.rulebook import Rulebook, conventions
from safeguarding.questions.two_timetables import which_binds
from safeguarding.values import Frozen


class DueAnswer(Frozen):
    """The answer to «when is it due?» as facts, and the same in words. JSON-able, with dates as ISO."""

    rule: str
    name: str
    title: str
    level: str
    statutory: bool
    edition: str
    in_force_from: date
    citations: tuple[Citation, ...]
    confidence: Confidence
    confidence_words: str
    length_confidence: Confidence
    length_confidence_words: str
    held_back: tuple[str, ...]
    """Later editions that may replace this one and have not been read."""
    anchor: str | None
    anchored_on: date
    counts: str
    due_on: date | None
    """None for a duty that has no date."""
    target_on: date | None
    steps: tuple[CountedDay, ...]
    conventions: tuple[str, ...]
    on_miss: tuple[str, ...]
    words: tuple[str, ...]


def describe_due(rule_id_or_name: str, day: date, rulebook: Rulebook) -> DueAnswer:
    """
    When a rule is due, counted from a day (for a backward rule the planned day; for an agreed date that date).

    Raises LawNotFound if there is no such rule or no edition was in force on the day, HorizonPassed beyond the
    bank-holiday list.
    """
    rule = rulebook.rule(rule_id_or_name)
    edition = rule.edition_on(day)
    counts = rule.counts_on(day)
    working = None if counts.unit is Unit.NONE else work_out(day, counts, rulebook.calendar)
    chosen_here = conventions(rule, rulebook.partnership.choices)
    held_back = held_back_words(rule, day)
    sentences = ["It has no date: no source sets one, so none is invented."] if working is None else working.sentences()
    words = [
        f"{rule.id}, {rule.title}: {counts.words}.",
        _anchor_words(rule, day, rulebook),
        *sentences,
        *chosen_here,
        *_other_line(rule),
        *which_binds(rule, rulebook),
        *source_words(rule, edition),
        *held_back,
        *(f"If it cannot be met: {sentence}" for sentence in rule.advice),
    ]
    return DueAnswer(
        rule=rule.id,
        name=rule.name,
        title=rule.title,
        level=rule.level_words,
        statutory=rule.statutory,
        edition=edition.name,
        in_force_from=edition.from_day,
        citations=edition.citations,
        confidence=edition.confidence,
        confidence_words=edition.confidence.words,
        length_confidence=edition.length_tag,
        length_confidence_words=edition.length_tag.words,
        held_back=held_back,
        anchor=rule.anchor,
        anchored_on=day,
        counts=counts.words,
        due_on=working.due_on if working else None,
        target_on=working.target_on if working else None,
        steps=working.steps if working else (),
        conventions=chosen_here,
        on_miss=rule.advice,
        words=tuple(words),
    )


def source_words(rule: Rule, edition: Edition) -> tuple[str, ...]:
    """Where the duty comes from and how far that has been checked, in sentences."""
    lines = [
        f"Source: {edition.words}. Edition {edition.name}, from {say(edition.from_day)}. Level: {rule.level_words}.",
        f"How far it is checked: {edition.length_tag.words}.",
    ]
    if edition.length_tag is not edition.confidence:
        lines.append(f"The duty itself: {edition.confidence.words}.")
    if edition.recipients_caution:
        lines.append(f"To whom it goes is in part: {edition.recipients_caution}.")
    if rule.met_here:
        lines.append(f"It has no clock. {rule.met_here}")
    lines += [f"Its words: {one.quoted}." for one in edition.citations if one.quote]
    if edition.note:
        lines.append(edition.note)
    return tuple(lines)


def _anchor_words(rule: Rule, day: date, rulebook: Rulebook) -> str:
    if rule.counts.unit is Unit.AGREED_DATE:
        return f"Its day is the one agreed: {say(day)}."
    if rule.counts.unit is Unit.NONE:
        return f"Owed from {say(day)}{f': {rulebook.milestone_words(rule.anchor)}' if rule.anchor else ''}."
    back = " back" if rule.counts.direction is Direction.BACKWARD else ""
    what = rulebook.milestone_words(rule.anchor) if rule.anchor else "the day given"
    return f"Counted{back} from {say(day)}: {what}."


def _other_line(rule: Rule) -> list[str]:
    """The other day from which some count, where there is one: always shown for a review, whose days are known."""
    others = [MILESTONES[name] for name in rule.starts_options if name != rule.starts]
    return [
        f"Of a review the same count from the day {other} is shown beside it, and binds nobody." for other in others
    ]


def held_back_words(rule: Rule, day: date) -> tuple[str, ...]:
    """The editions dated on or before a day that are not applied because nobody has read them, in sentences."""
    return tuple(
        f"{edition.name_words} ({edition.dated(say)}) is not applied yet. {edition.note}".rstrip()
        for edition in rule.awaiting_on(day)
    )
