"""
The one letter about a review that was entered late: what is now owed of it, to the unit, the night after.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from safeguarding.dates.london import london_date
from safeguarding.dates.standing import standing
from safeguarding.dates.working_days import say
from safeguarding.errors import LawNotFound
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.deputies import SHARED, handed_over
from safeguarding.notices.notice import LONGEST_LIST, WORKING_MORNING, NoticeDraft, Occasion, fitting
from safeguarding.notices.owed import Owed, due_in_words, owed_words, presses, review_facts
from safeguarding.notices.quiet_hours import next_morning
from safeguarding.notices.recipients import Addressee, addressee, people_of
from safeguarding.notices.step_notices import decision_roles
from safeguarding.review.states import Stage, State, Track
from safeguarding.review.words import agency_name

UNIT = "business_unit"
OF_THE_UNIT = frozenset({UNIT, "business_manager"})
"""The roles for which the letter is."""


def key_of(reference: str) -> str:
    """What names the letter about a review for good: there is one."""
    return f"entered_late:{reference}"


def letter(
    reference: str,
    pseudonym: str,
    track: Track,
    state: State,
    stage: Stage,
    owed: Sequence[Owed],
    rulebook: Rulebook,
    now: datetime,
) -> list[NoticeDraft]:
    """The letter, to whom the unit reads together, or else to whoever is of it. Raises HorizonPassed."""
    today = london_date(now)
    rulebook = rulebook.on(today).for_track(track.value)
    law: list[str] = []
    own: list[str] = []
    for one in owed:
        line, is_law = line_of(one, rulebook, now)
        if line:
            (law if is_law else own).append(line)
    facts = {
        **review_facts(reference, pseudonym, track, stage),
        "now_at": state.words,
        "deciders": " and the ".join(ROLES[role] for role in decision_roles(state, track, rulebook.partnership)),
        "owed_by_law": _listed(law),
        "owed_of_ours": _listed(own),
        "urgency": WORKING_MORNING,
    }
    to = reader(rulebook)
    if to is None:
        return []
    draft = NoticeDraft(
        reference=reference,
        occasion=Occasion.ENTERED_LATE,
        person=to.id,
        channel=to.channels[0],
        key=key_of(reference),
        not_before=next_morning(now, rulebook.partnership, rulebook.calendar),
        context={name: value for name, value in facts.items() if value},
    )
    handed = handed_over([draft], rulebook.partnership, today)
    return handed[:1]


def tells_its_owner(owed: Owed, rulebook: Rulebook, now: datetime) -> bool:
    """
    Whether this letter alone tells of a duty whoever owes it: the unit itself does, and no day of law or guidance has
    passed, of which others hear too. Raises LawNotFound.
    """
    rulebook = rulebook.on(london_date(now))
    rule = rulebook.rule(owed.rule)
    units = rule.owner in OF_THE_UNIT and not owed.owner and not rulebook.partnership.is_agency(owed.agency)
    return units and presses(rule) and not (rule.date_is_law and owed.due_on < london_date(now))


def reader(rulebook: Rulebook) -> Addressee | None:
    """Who is told for the unit: its shared mailbox or channel, else the manager, else whoever covers her."""
    shared = [one for one in people_of(UNIT, [], rulebook) if one.id.startswith(SHARED)]
    others = [addressee(person) for person in rulebook.partnership.covering()]
    return next((one for one in (*shared, *others) if one.channels), None)


def line_of(owed: Owed, rulebook: Rulebook, now: datetime) -> tuple[str, bool]:
    """One thing that is owed, and whether its day is the law's; empty for what nobody need hurry for."""
    today, partnership = london_date(now), rulebook.partnership
    try:
        rule = rulebook.rule(owed.rule)
    except LawNotFound:
        return f"{owed.rule} · due {say(owed.due_on)}", False
    if not presses(rule):
        return "", False
    stands = standing(owed.due_on, today, rulebook.calendar, kind=rule.counts.kind)
    whom = ROLES.get(rule.owner, rule.owner.replace("_", " "))
    if partnership.is_agency(owed.agency):
        whom = agency_name(owed.agency, partnership)
    due = due_in_words(owed, rule, rulebook.calendar)
    return f"{owed_words(owed, rule, partnership)} · due {due} · {stands.words} · waits for {whom}", rule.date_is_law


def _listed(lines: Sequence[str]) -> str:
    kept = [fitting([line]) or f"{line[:390]} …" for line in lines]
    if len(kept) > LONGEST_LIST:
        kept = [*kept[: LONGEST_LIST - 1], f"and {len(kept) - LONGEST_LIST + 1} more, on the review's page"]
    return "\n".join(kept)
