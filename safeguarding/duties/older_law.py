"""
What is counted of a review that was carried in: one that began before this record, perhaps under older law.

A duty that had no edition on the day the review began is not counted for it, and one that had is counted by that
edition. The partnership's own steps are counted as ever, and so is what begins with a thing of today: somebody outside
asks, or something is learnt.
"""

from __future__ import annotations

from datetime import date

from safeguarding.dates.working_days import say
from safeguarding.errors import LawNotFound
from safeguarding.law.citation import Level
from safeguarding.law.rule import Edition, Rule
from safeguarding.review.review import TAKEN_OVER, Review

OF_TODAY = frozenset(
    {
        "coroner_report_sent",
        "coroner_extended",
        "information_requested",
        "panel_information_requested",
        "became_aware_looked_after_death",
        "became_aware_care_leaver_death",
        "notice_of_death_not_known",
        "care_leaver_notice_not_known",
        "adult_in_law_known",
    }
)
"""What begins a duty of its own day, whenever the review began: it is asked or learnt now."""

DAYS = {
    "decided_on": "the day on which a review was decided",
    "accepted_on": "the day on which the report was accepted",
    "published_on": "the day of publication",
    "plan_agreed_on": "the day on which the action plan was agreed",
}
"""The days of a review that may be known when it is carried in, and what each is called."""


def began_before(review: Review) -> date | None:
    """The day on which a review began that was carried in; None for one that was opened here."""
    facts = review.carried_in
    return None if facts is None else date.fromisoformat(str(facts["began_on"]))


def edition_for(rule: Rule, review: Review, anchored_on: date, starts: str) -> Edition | None:
    """
    The edition by which a clock of a review is counted; None where it is not counted for one that was carried in.

    Raises LawNotFound for a review that was opened here, if no edition was in force on the day.
    """
    began = began_before(review)
    if began is None:
        return rule.edition_on(anchored_on)
    its_own_day = rule.level is Level.LOCAL or starts in OF_TODAY
    try:
        return rule.edition_on(anchored_on if its_own_day else began)
    except LawNotFound:
        return None


def carried_in_words(review: Review) -> tuple[str, ...]:
    """Since when and under which guidance it runs, what is counted for it and what is not known, in sentences."""
    facts, began = review.carried_in, began_before(review)
    if facts is None or began is None:
        return _referred_before(review)
    early = facts.get("stands_at") == "rapid review"  # What comes after it is not unknown, but has not been.
    missing = [] if early else [words for name, words in DAYS.items() if not facts.get(name)]
    lines = [
        f"Carried in: it began on {say(began)}, before this record, under: {facts['guidance']}. What was done before "
        "it was carried in starts no clock; what the law asks from then on is counted by the editions of that day, and "
        "what had none is not counted."
    ]
    if facts.get("earlier_reference"):
        lines.append(f"Its reference before: {facts['earlier_reference']}.")
    if origin := facts.get(TAKEN_OVER):
        lines.append(f"Taken over from {origin['from']} on {say(date.fromisoformat(origin['on']))}.")
    return (*lines, f"Not known: {'; '.join(missing)}.") if missing else tuple(lines)


def _referred_before(review: Review) -> tuple[str, ...]:
    """Of a referral that was taken over from a file: from which, and its reference there."""
    origin = review.facts.get("referral_received", {}).get(TAKEN_OVER)
    if not origin:
        return ()
    taken = f"Taken over from {origin['from']} on {say(date.fromisoformat(origin['on']))}, as a referral"
    # A card shows the first line alone, and no name of a file.
    return (
        "It was under way before it came into this record.",
        f"{taken}. Its reference before: {origin['reference']}.",
    )
