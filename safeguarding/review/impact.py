"""
The looks at what an action has changed: which there are, and which are still to come or overdue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from safeguarding.dates.counting import add_months
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.learnt import DONE_BEFORE, LEFT, WILL_NOT, Action
from safeguarding.review.review import Duty, Review

AGAIN = "action_impact_seen_again"
PERIODIC = ("action_impact_seen_at_3_months", "action_impact_seen_at_6_months", "action_impact_seen_at_12_months")
"""The milestones by which each of the three looks is met."""
LOOKS = frozenset({*PERIODIC, AGAIN})
PERIODIC_RULES = frozenset({"local.x.action_impact_3", "local.x.action_impact_6", "local.x.action_impact_12"})
"""The program's own rules for those three; they begin with the verification of an action."""
LOOK_RULES = PERIODIC_RULES | {"local.x.action_impact_again"}
"""All of its rules for looks: they are about an action, and owed by the unit and not by the action's owner."""
LOOKED_AT = frozenset({"verified", "embedded", DONE_BEFORE})
"""The statuses of an action that was done, so that its impact can be looked at."""

ANOTHER = "another action"
"""What is done now where no change was seen, and so is owed until such an action is added."""
EARLY_BY_MONTHS = 1
"""How many calendar months before its day a look may be met, so that three are not met in one day [D]."""


def to_look_at(actions: Iterable[Action]) -> tuple[Action, ...]:
    """The actions whose impact can be looked at: those that were done."""
    return tuple(action for action in actions if action.status in LOOKED_AT)


def awaits_another(review: Review) -> tuple[Action, ...]:
    """
    The actions of which no change was seen, that another is to follow, and that none follows yet: none was agreed from
    that day on for the same recommendation or lesson; of an action for neither, for the same agency. One that was given
    up does not follow; and none is awaited for a recommendation that will not be implemented.
    """
    refused = {one.id for one in review.recommendations if one.decision == WILL_NOT}
    awaited = [one for one in review.actions if one.what_now == ANOTHER and one.recommendation not in refused]
    return tuple(one for one in awaited if not any(_follows(each, one, review) for each in review.actions))


def _follows(other: Action, action: Action, review: Review) -> bool:
    agreed = review.happened("action_agreed", other.id)
    if (
        other.id == action.id
        or other.status in LEFT
        or agreed is None
        or action.impact_on is None
        or agreed < action.impact_on
    ):
        return False
    return answers_to(other) == answers_to(action)


def answers_to(action: Action) -> tuple[str, str]:
    """The question of the form of an action by which it is known what it is for, and the answer."""
    if action.recommendation:
        return "recommendation", action.recommendation
    return ("lesson", action.lesson) if action.lesson else ("agency", action.agency)


def looks_of(review: Review, action: str, rulebook: Rulebook) -> tuple[Duty, ...]:
    """The looks at the impact of an action that are still to come or overdue, the soonest first."""
    mine = (duty for duty in review.live(subject=action) if is_a_look(duty.rule, rulebook))
    return tuple(sorted(mine, key=lambda duty: duty.due_on))


def is_a_look(rule: str, rulebook: Rulebook) -> bool:
    """Whether a rule is met by looking at the impact of an action; not where the rulebook has the rule no more."""
    return rulebook.counts_still(rule) and rulebook.rule(rule).settled_by in LOOKS


def met_by(looks: Sequence[Duty], on: date, rulebook: Rulebook) -> tuple[str, ...]:
    """
    The milestones that a look on a day makes: of every look that was due by then, and of one that was agreed. Where
    none was, it is the next one, if that is due within a month: what is seen earlier is kept and meets none.
    """
    named = [(str(rulebook.rule(duty.rule).settled_by), duty.due_on) for duty in looks]
    due = [name for name, day in named if day <= on or name == AGAIN]
    return tuple(due or [name for name, day in named[:1] if day <= add_months(on, EARLY_BY_MONTHS)])
