"""
The digest: one message a person on a working morning, of what is due, what is overdue and what waits for them.

The business manager has one every working morning, the delegated partners a summary on the first one of the week,
anybody else if the partnership's file says so. Whoever sees only their own duties has only those in it. Nothing to
say is not said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from safeguarding.dates.counting import Kind
from safeguarding.dates.london import london_clock, london_date
from safeguarding.dates.standing import Standing, standing
from safeguarding.dates.working_days import add_working_days, say
from safeguarding.errors import LawNotFound
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Often, Person
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.deputies import channels_of, handed_over
from safeguarding.notices.notice import LONGEST_LIST, WORKING_MORNING, NoticeDraft, Occasion, fitting
from safeguarding.notices.owed import Owed, due_in_words, owed_words, presses
from safeguarding.notices.quiet_hours import next_morning
from safeguarding.notices.recipients import NOBODY_ELSE, owners
from safeguarding.notices.step_notices import decision_roles
from safeguarding.notices.wordings_waiting import WordingsWaiting, wait_for
from safeguarding.review.as_arranged import as_arranged, may_sign
from safeguarding.review.states import Stage, State, Track
from safeguarding.review.step import Step
from safeguarding.review.words import agency_name
from safeguarding.stages import STEPS

SEES_ALL = frozenset(
    {"business_manager", "business_unit", "delegated_partner", "deputy_partner", "lead_partner", "independent_chair"}
)
"""The roles whose digest is of every review; everybody else's is of their own duties."""

OFTEN: dict[str, Often] = {"business_manager": "daily", "delegated_partner": "weekly"}
"""How often a role has its digest where the partnership's file does not say."""

ALL, YOURS = "All reviews", "Your reviews"
"""What stands for the reference in a digest, which is of several reviews."""

AHEAD = 5
"""Working days: how far «this week» looks ahead, so that a Friday sees the Monday."""


class OpenReview(NamedTuple):
    """A review in one of the seven stages, as much of it as a digest speaks of."""

    reference: str
    track: Track
    stage: Stage
    state: State


class Look(NamedTuple):
    """What a digest looks at: everything owed, the open reviews, the people, and how many messages were given up."""

    owed: Sequence[Owed]
    reviews: Sequence[OpenReview]
    undelivered: int = 0
    wordings: Sequence[WordingsWaiting] = ()
    """The wordings that wait to be approved."""
    proof: str = ""
    """The record in a line, for whoever keeps the letter: later nobody can have taken back what it counts."""


class Item(NamedTuple):
    """One thing that is owed soon or was, in words, and who owes it."""

    owed: Owed
    standing: Standing
    words: str
    mine: frozenset[str]
    """The people who owe it."""
    unit: bool
    """Whether it is the business unit's."""
    waits_for: str


def how_often(person: Person) -> Often:
    """How often somebody has a digest: as the file says, or else as the first of their roles that has one."""
    if person.digest is not None:
        return person.digest
    return next((OFTEN[role] for role in person.roles if role in OFTEN), "none")


def _often(person: Person, partnership: Partnership) -> Often:
    """How often somebody has a digest on a day: whoever covers the business manager's vacant post has hers."""
    vacant = not partnership.holders(NOBODY_ELSE)
    return "daily" if vacant and person.digest is None and person in partnership.covering() else how_often(person)


def may_leave(now: datetime, rulebook: Rulebook) -> bool:
    """Whether it is a working morning, or later on the same day and not yet quiet."""
    clock, partnership = london_clock(now), rulebook.partnership
    begun = clock >= partnership.working_morning and not partnership.is_quiet(clock)
    return begun and rulebook.calendar.provisional.is_working_day(london_date(now))


def digests(look: Look, occasion: Occasion, rulebook: Rulebook, now: datetime) -> list[NoticeDraft]:
    """
    The digests (or weekly summaries) of a morning, one to each person who has one and has something in it.

    A duty whose rule the rulebook has lost is shown by its id. Raises HorizonPassed beyond the bank holidays.
    """
    today = london_date(now)
    rulebook = rulebook.on(today)
    wanted = "daily" if occasion is Occasion.DIGEST else "weekly"
    people = [person for person in rulebook.partnership.people if _often(person, rulebook.partnership) == wanted]
    until = add_working_days(today, AHEAD, rulebook.calendar.provisional)
    items = [_item(owed, rulebook, today) for owed in look.owed if people and owed.due_on <= until]
    soon = [item for item in items if item is not None]
    made = [_draft(person, look, soon, occasion, rulebook, now) for person in people]
    return [handed for draft in made if draft is not None for handed in _handed(draft, rulebook, today)]


def _handed(draft: NoticeDraft, rulebook: Rulebook, today: date) -> list[NoticeDraft]:
    """The digest of somebody who is away, for each deputy beside their own; without a deputy it stays as it is."""
    handed = handed_over([draft], rulebook.partnership, today)
    if any(other.person == draft.person for other in handed):
        return [draft]
    first = {other.person: other for other in reversed(handed)}
    return [replace(other, key=f"{draft.key}:{draft.person}") for other in first.values()]


def _item(owed: Owed, rulebook: Rulebook, today: date) -> Item | None:
    try:
        rule = rulebook.rule(owed.rule)
    except LawNotFound:
        kind, owner, words, mine = Kind.MAXIMUM, NOBODY_ELSE, owed.rule, frozenset[str]()
        due = say(owed.due_on)
    else:
        if not presses(rule):
            return None
        kind, owner = rule.counts.kind, rule.owner
        words = f"{owed_words(owed, rule, rulebook.partnership)} ({_short(rule.id)})"
        mine = frozenset(person.id for person in owners(owed, rulebook))
        due = due_in_words(owed, rule, rulebook.calendar)
    stands = standing(owed.due_on, today, rulebook.calendar, kind=kind)
    line = f"{owed.reference} · {words} · due {due} · {stands.words}"
    agencies = (owed.agency,) if rulebook.partnership.is_agency(owed.agency) else ()
    waits_for = agency_name(agencies[0], rulebook.partnership) if agencies else ROLES.get(owner, owner)
    return Item(owed, stands, line, mine, owner in ("business_manager", "business_unit") and not agencies, waits_for)


def _short(rule_id: str) -> str:
    return "local" if rule_id.startswith("local.") else rule_id


def _draft(
    person: Person, look: Look, items: Sequence[Item], occasion: Occasion, rulebook: Rulebook, now: datetime
) -> NoticeDraft | None:
    manages = person in rulebook.partnership.covering()
    seen = tracks_seen(person, manages, rulebook.partnership)
    sees_all = bool(seen)
    own, others = [], []
    for item in items:
        if person.id in item.mine or (manages and item.unit):
            own.append(item)
        elif item.owed.track in seen:
            others.append(item)
    owes = _decisions(person, look.reviews, rulebook.partnership)
    waiting = wait_for(person, look.wordings, rulebook.partnership)
    words = [f"{one.reference} · {one.words} · wording to share" for one in waiting]
    mine = [*_undelivered(look, manages), *owes, *(item.words for item in own), *words]
    if not mine and not others:
        return None
    today = london_date(now)
    reference = ALL if sees_all else YOURS
    theirs = [review for review in look.reviews if review.track in seen]
    facts = {
        "reference": reference,
        "stage": "weekly summary" if occasion is Occasion.WEEKLY_SUMMARY else "morning digest",
        "day": _of(occasion, today).isoformat(),
        "at_a_glance": _at_a_glance([*own, *others], len(mine)),
        "needs_me" if manages else "waiting_on_you": _listed(mine),
        "urgency": WORKING_MORNING,
        **(_others(others, today) if others else {}),
        **({"open_reviews": _open_reviews(theirs), "proof": look.proof} if sees_all else {}),
    }
    return NoticeDraft(
        reference=reference,
        occasion=occasion,
        person=person.id,
        channel=channels_of(person)[0],
        key=f"{occasion.value}:{_of(occasion, today).isoformat()}",
        not_before=next_morning(now, rulebook.partnership, rulebook.calendar),
        context={name: value for name, value in facts.items() if value},
    )


def tracks_seen(person: Person, manages: bool, partnership: Partnership) -> frozenset[Track]:
    """The tracks of which somebody's digest is of every review, by their roles there."""
    return frozenset(
        track for track in Track if manages or SEES_ALL & set(partnership.roles_there(person, track.value))
    )


def _of(occasion: Occasion, today: date) -> date:
    """The day that names a digest for good: its own, or the Monday of its week."""
    return today - timedelta(days=today.weekday()) if occasion is Occasion.WEEKLY_SUMMARY else today


def is_over(occasion: str, day: str, today: date) -> bool:
    """Whether a digest of this day (a summary of the week that begins then) no longer says how things stand."""
    return date.fromisoformat(day) < _of(Occasion(occasion), today)


def _undelivered(look: Look, manages: bool) -> list[str]:
    if not manages or not look.undelivered:
        return []
    some = "1 message" if look.undelivered == 1 else f"{look.undelivered} messages"
    return [f"{some} could not be delivered: the delivery report says to whom and why"]


def decides_now(person: Person, review: OpenReview, partnership: Partnership) -> bool:
    """Whether somebody owes the decision at which a review stands: by their role on its track, and can sign it."""
    roles = set(partnership.roles_there(person, review.track.value))
    if not roles & set(decision_roles(review.state, review.track, partnership)):
        return False
    there = partnership.for_track(review.track.value)
    now = there.known(person.id)
    decisions = (as_arranged(step, review.track.value, there) for step in STEPS.values() if _is_owed_at(step, review))
    return now is not None and any(may_sign(now, step, there) for step in decisions)


def _is_owed_at(step: Step, review: OpenReview) -> bool:
    """Whether a step is the decision that is owed where a review stands, and none that is kept beside it."""
    here = review.track in step.tracks and review.state in step.sources
    return here and step.decision and step.on_card and not step.way_out


def _decisions(person: Person, reviews: Iterable[OpenReview], partnership: Partnership) -> list[str]:
    """The decisions that somebody owes: asked once for all reviews that stand at one point of one track."""
    owes: dict[tuple[Track, State], bool] = {}
    found = []
    for review in reviews:
        point = (review.track, review.state)
        if point not in owes:
            owes[point] = decides_now(person, review, partnership)
        if owes[point]:
            found.append(f"{review.reference} · a decision is owed · {review.stage.named(review.track)}")
    return found


def _others(items: Sequence[Item], today: date) -> dict[str, str]:
    """What waits for others, in three lists, each with whom it waits for."""
    return {
        "overdue": _listed([_waiting(item) for item in items if item.owed.due_on < today]),
        "due_today": _listed([_waiting(item) for item in items if item.owed.due_on == today]),
        "this_week": _listed([_waiting(item) for item in items if item.owed.due_on > today]),
    }


def _waiting(item: Item) -> str:
    return f"{item.words} · waits for {item.waits_for}"


def _listed(lines: Collection[str]) -> str:
    """The lines of a list, each cut to a fact; what does not fit is counted."""
    shown = len(lines) if len(lines) <= LONGEST_LIST else LONGEST_LIST - 1
    kept = [fitting([line]) or f"{line[:390]} …" for line in islice(lines, shown)]
    if len(lines) > shown:
        kept.append(f"and {len(lines) - shown} more, on the deadline board")
    return "\n".join(kept)


def _at_a_glance(items: Sequence[Item], mine: int) -> str:
    late = sum(item.standing.state == "overdue" for item in items)
    now = sum(item.standing.words == "due today" for item in items)
    words = ((late, "overdue"), (now, "due today"), (len(items) - late - now, "this week"))
    parts = [f"{number} {what}" for number, what in words if number]
    return ", ".join(parts) or f"{mine} waiting on you"


def _open_reviews(reviews: Sequence[OpenReview]) -> str:
    stages: Counter[str] = Counter()
    for (stage, track), number in Counter((review.stage, review.track) for review in reviews).items():
        stages[stage.named(track)] += number
    by_stage = ", ".join(f"{number} {stage}" for stage, number in stages.items())
    return fitting([f"{len(reviews)} open: {by_stage}."]) if reviews else ""
