"""
The draft of a letter to a national body about a date of the law that was missed: what was due, how it was counted, how
late it is. To nobody else: families, agencies and partners are not written to about the partnership's own lateness.

No sealed word is in it: the reasons themselves are written in by whoever sends it, who is told where they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from safeguarding.dates.working_days import say, working_days_between
from safeguarding.duties.lateness import missed
from safeguarding.errors import HorizonPassed, SafeguardingError
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.explain_date import explained
from safeguarding.questions.explanation import Explained
from safeguarding.review.events import Event
from safeguarding.review.review import Duty, Review
from safeguarding.shown.bundle.paper import heading, listed, paper, words
from safeguarding.shown.rule_book import recipients_named

BODIES = frozenset({"national_panel", "secretary_of_state", "ofsted"})
"""The recipients of a duty to whom its lateness is explained by letter."""


class NotMissed(SafeguardingError):
    """A letter was asked for about a date that was not missed, or that no national body is owed."""

    code = "not-missed"

    def __init__(self, reference: str, rule: str, title: str) -> None:
        none = "is no missed date of the law that a national body is owed, so there is no letter to draft"
        words = f"{reference}: «{title}» ({rule}) {none}."
        super().__init__(words, reference, rule)


def late_letter(review: Review, events: Sequence[Event], asked: str, rulebook: Rulebook, today: date) -> str:
    """
    The draft as a page, for the rule's id or name. `rulebook` is that of the day and `events` the review's lines.

    Raises LawNotFound for a rule that does not exist, and NotMissed.
    """
    rule = rulebook.rule(asked)
    rows = [duty for duty in missed(review, today) if duty.rule == rule.id] if is_written_about(rule) else []
    if not rows:
        raise NotMissed(review.reference, rule.id, rule.title)
    made = [explained(review, events, duty, rulebook, today, names=False) for duty in rows]
    return paper(
        f"Draft letter: {rule.title}, {review.reference}",
        words(f"{rulebook.partnership.name}, {say(today)}"),
        heading("To"),
        words(", ".join(_bodies(rule, rulebook))),
        heading("What was due, and when"),
        listed(_due(one) for one in made),
        heading("How late it is"),
        listed(_late(duty, today, rulebook) for duty in rows),
        heading("Why"),
        words(*_why(review, rule.id, rulebook)),
        heading("For whoever sends it: take this part out"),
        listed(
            (
                *made[0].on_miss,
                "Read it, write the reasons in and sign it. No name of a child, an adult or a family belongs in it.",
                "Then record to whom it went and when, with «Give the reason for a missed date».",
            )
        ),
    )


def is_written_about(rule: Rule) -> bool:
    """Whether a letter is drafted about a missed date of this rule: its day is the law's, and a national body's due."""
    return rule.date_is_law and not BODIES.isdisjoint(rule.recipients)


def _bodies(rule: Rule, rulebook: Rulebook) -> list[str]:
    named = zip(rule.recipients, recipients_named(rule, rulebook), strict=True)
    return [name for body, name in named if body in BODIES]


def _due(made: Explained) -> str:
    whose = f" of {made.whose}" if made.whose else ""
    law = "; ".join(dict.fromkeys(one.name for one in made.citations if one.confidence.may_be_called_law))
    return (
        f"{made.title}{whose} was due on {say(made.due_on)}: {made.counts}, counted from {say(made.anchor.on)}, "
        f"when {made.anchor.words}{f' ({law})' if law else ''}."
    )


def _late(duty: Duty, today: date, rulebook: Rulebook) -> str:
    until = duty.ended_on or today
    try:
        # On a weekend after its day it is late, and by no working day yet.
        working = working_days_between(duty.due_on, until, rulebook.calendar)
    except HorizonPassed:
        working = 0
    number, what = (working, "working day") if working else ((until - duty.due_on).days, "day")
    late = f"{number} {what}{'' if number == 1 else 's'} late"
    met = f"It was met on {say(duty.ended_on)}" if duty.ended_on else f"It is not met on {say(today)}"
    return f"{met}: {late}."


def _why(review: Review, rule: str, rulebook: Rulebook) -> list[str]:
    """The grounds on record; the reasons in words stay sealed."""
    said = [
        f"Ground on record since {say(one.on)}: {one.ground}. The reasons in words are sealed in the record."
        for one in review.reasons
        if one.rule == rule
    ]
    said += [
        f"A deferral is on record since {say(one.on)}"
        + (f": it was then expected on {say(one.expected_on)}." if one.expected_on else ".")
        for one in review.deferrals
        if one.rule == rule
    ]
    return said or ["No reason is on record yet. «Give the reason for a missed date» records it."]
