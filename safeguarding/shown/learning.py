"""
What a review taught, item by item and linked both ways: lesson, finding, recommendation, action. Without sealed words.

Of each it is said whether an action for it was agreed before the review ended: learning need not wait for the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from safeguarding.law.rulebook import Rulebook
from safeguarding.law.themes import theme_words
from safeguarding.review.learnt import Action, Lesson, Recommendation, ReviewFinding
from safeguarding.review.review import Review
from safeguarding.review.words import agency_name
from safeguarding.shown.actions import impact_words

ELSEWHERE = "to whom is sealed"
"""To whom a recommendation is made that is made to no agency of the list."""


class ActionFor(NamedTuple):
    """An action that is for a recommendation."""

    number: str
    status: str
    in_time: bool
    """Whether it was agreed before the review ended."""
    impact: tuple[str, ...] = ()
    """What was seen of its impact last, and when that is looked at next, in words."""


class LearntItem(NamedTuple):
    """A lesson, a finding or a recommendation, with what it came from and what it led to."""

    number: str
    on: date | None
    """The day on which it was learnt, found or recommended, as it was put right."""
    themes: tuple[str, ...]
    came_from: tuple[str, ...]
    led_to: tuple[str, ...]
    """The findings of a lesson, the recommendations of a finding; nothing of a recommendation, which has actions."""
    actions: tuple[ActionFor, ...]
    """The actions that it led to, whatever lies between."""
    acted_on: str
    """Whether an action for it was agreed, and whether before the review ended, in words."""
    to: str = ""
    """Of a recommendation, to whom it is made."""
    due_on: date | None = None
    decision: str = ""
    """Of a recommendation, what was decided on it; «not decided yet» before."""
    decided_on: date | None = None


class Learning(NamedTuple):
    """What a review taught."""

    lessons: tuple[LearntItem, ...]
    findings: tuple[LearntItem, ...]
    recommendations: tuple[LearntItem, ...]

    @property
    def groups(self) -> tuple[tuple[str, str, tuple[LearntItem, ...]], ...]:
        """Each kind of item of which there are any: its title, the word for one of it, the items."""
        every = (
            ("Lessons", "Lesson", self.lessons),
            ("Findings", "Finding", self.findings),
            ("Recommendations", "Recommendation", self.recommendations),
        )
        return tuple(group for group in every if group[2])


def learning_of(review: Review, rulebook: Rulebook) -> Learning:
    """Everything that was learnt of a review, each item by its number."""
    made = review.recommendations
    findings = tuple(
        _item(one, "finding_recorded", one.lessons, [to.id for to in made if one.id in to.findings], review, rulebook)
        for one in review.findings
    )
    lessons = tuple(
        _item(one, "lesson_recorded", (), [to.id for to in review.findings if one.id in to.lessons], review, rulebook)
        for one in review.lessons
    )
    return Learning(lessons, findings, tuple(_recommended(one, review, rulebook) for one in made))


def _item(
    one: Lesson | ReviewFinding,
    mark: str,
    came_from: tuple[str, ...],
    led_to: Sequence[str],
    review: Review,
    rulebook: Rulebook,
) -> LearntItem:
    """A lesson or a finding; its actions are those of every recommendation that it led to, over findings or at once."""
    reached = {to.id for to in review.recommendations if to.id in led_to or set(led_to) & set(to.findings)}
    actions = tuple(
        _action(action, review, rulebook)
        for action in review.actions
        if action.recommendation in reached or action.lesson == one.id
    )
    return LearntItem(
        number=one.id,
        on=review.happened(mark, one.id),
        themes=_themes(one.themes, rulebook),
        came_from=came_from,
        led_to=tuple(led_to),
        actions=actions,
        acted_on=_acted_on(actions),
    )


def _themes(themes: Iterable[str], rulebook: Rulebook) -> tuple[str, ...]:
    return tuple(theme_words(one, rulebook.partnership.themes) for one in themes)


def _recommended(one: Recommendation, review: Review, rulebook: Rulebook) -> LearntItem:
    actions = tuple(_action(action, review, rulebook) for action in review.actions if action.recommendation == one.id)
    return LearntItem(
        number=one.id,
        on=review.happened("recommendation_recorded", one.id),
        themes=_themes(one.themes, rulebook),
        came_from=one.findings,
        led_to=(),
        actions=actions,
        acted_on=_acted_on(actions),
        to=agency_name(one.agency, rulebook.partnership) if one.agency else ELSEWHERE,
        due_on=one.due_on,
        decision=one.decision or "not decided yet",
        decided_on=review.happened("recommendation_decided", one.id) if one.decision else None,
    )


def _action(action: Action, review: Review, rulebook: Rulebook) -> ActionFor:
    """The line that agreed it came before the one that closed the review, or the review has not ended."""
    lines = [
        line
        for mark, line in zip(review.marks, review.made_at, strict=False)
        if (mark.name, mark.subject) == ("action_agreed", action.id)
    ]
    in_time = review.open or (bool(lines) and lines[0] < review.closed_at)
    impact = impact_words(action, review, rulebook)
    return ActionFor(action.id, action.status.replace("_", " "), in_time, impact)


def _acted_on(actions: Sequence[ActionFor]) -> str:
    if early := [one.number for one in actions if one.in_time]:
        return f"An action was agreed before the review ended: {', '.join(early)}"
    if actions:
        return f"An action was agreed after the review had ended: {', '.join(one.number for one in actions)}"
    return "No action has been agreed for it"
