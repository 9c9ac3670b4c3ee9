"""
What needs somebody: what they owe and what waits for others, by how soon it is due, the law's dates first.

The same look as the digest of a morning, whole and for one person, and of any day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from safeguarding.dates.standing import Standing, standing
from safeguarding.dates.working_days import add_working_days, say
from safeguarding.errors import LawNotFound
from safeguarding.law.person import Person
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.digest import AHEAD, OpenReview, decides_now, tracks_seen
from safeguarding.notices.owed import Owed, due_in_words, owed_words, presses
from safeguarding.notices.recipients import NOBODY_ELSE, owners
from safeguarding.review.words import agency_name

UNITS = ("business_manager", "business_unit")


class Need(NamedTuple):
    """One thing that is owed: in which review, in words, by when, and whom it waits for."""

    reference: str
    pseudonym: str
    stage: str
    rule: str
    subject: str
    words: str
    due_on: date
    due: str
    standing: Standing
    law: bool
    """Whether its very day is set by law or guidance."""
    waits_for: str


class BySoon(NamedTuple):
    """What is owed, by how soon it is due."""

    overdue: tuple[Need, ...]
    today: tuple[Need, ...]
    this_week: tuple[Need, ...]

    @property
    def any(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.overdue or self.today or self.this_week)


class Needs(NamedTuple):
    """What needs one person: the decisions they owe, what they owe besides, and what waits for others."""

    decisions: tuple[OpenReview, ...]
    mine: BySoon
    others: BySoon


def needs_of(
    person: Person, owed: Iterable[Owed], reviews: Sequence[OpenReview], rulebook: Rulebook, today: date
) -> Needs:
    """
    What needs somebody on a day. `owed` and `reviews` are those that they may see; `rulebook` is the one of the day.

    Raises HorizonPassed beyond the bank holidays.
    """
    partnership = rulebook.partnership
    manages = person in partnership.covering() or bool({*UNITS} & set(person.roles))
    seen = tracks_seen(person, manages, partnership)
    until = add_working_days(today, AHEAD, rulebook.calendar.provisional)
    mine, others = [], []
    for one in owed:
        if one.due_on > until or (need := _need(one, rulebook, today)) is None:
            continue
        if _owes(person, one, manages, rulebook):
            mine.append(need)
        elif one.track in seen:
            others.append(need)
    decisions = tuple(review for review in reviews if decides_now(person, review, partnership))
    return Needs(decisions, _by_soon(mine, today), _by_soon(others, today))


def _owes(person: Person, owed: Owed, manages: bool, rulebook: Rulebook) -> bool:
    """Whether it is somebody's own to do: their duty, or the unit's where they are of it."""
    try:
        rule = rulebook.rule(owed.rule)
    except LawNotFound:
        return manages
    of_an_agency = rulebook.partnership.is_agency(owed.agency)
    if manages and rule.owner in UNITS and not of_an_agency:
        return True
    return any(one.id == person.id for one in owners(owed, rulebook))


def _need(owed: Owed, rulebook: Rulebook, today: date) -> Need | None:
    """The thing in words; None for what nobody need hurry for. A rule that is lost is shown by its id."""
    partnership = rulebook.partnership
    try:
        rule = rulebook.rule(owed.rule)
    except LawNotFound:
        words, due, law, whom = owed.rule, say(owed.due_on), False, ROLES[NOBODY_ELSE]
        stands = standing(owed.due_on, today, rulebook.calendar)
    else:
        if not presses(rule):
            return None
        words, law = owed_words(owed, rule, partnership), rule.date_is_law
        due = due_in_words(owed, rule, rulebook.calendar)
        whom = ROLES.get(rule.owner, rule.owner.replace("_", " "))
        stands = standing(owed.due_on, today, rulebook.calendar, kind=rule.counts.kind)
    if partnership.is_agency(owed.agency):
        whom = agency_name(owed.agency, partnership)
    stage = owed.stage.named(owed.track)
    name = (owed.reference, owed.pseudonym, stage, owed.rule, owed.subject)
    return Need(*name, words, owed.due_on, due, stands, law, whom)


def _by_soon(needs: Iterable[Need], today: date) -> BySoon:
    in_order = sorted(needs, key=lambda need: (not need.law, need.due_on, need.reference, need.words))
    return BySoon(
        tuple(need for need in in_order if need.due_on < today),
        tuple(need for need in in_order if need.due_on == today),
        tuple(need for need in in_order if need.due_on > today),
    )
