"""
The notices that the rungs of a ladder owe: everybody on any of them once, of how the duty stands now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from safeguarding.dates.london import london_date
from safeguarding.duties.extension import may_be_extended
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.law.rung import Rung
from safeguarding.notices.deputies import handed_over
from safeguarding.notices.notice import (
    AT_ONCE,
    WORKING_MORNING,
    Addressed,
    NoticeDraft,
    Occasion,
    drafts,
    fitting,
)
from safeguarding.notices.owed import Owed, duty_facts
from safeguarding.notices.quiet_hours import next_morning
from safeguarding.notices.recipients import Addressee, once_a_place, rung_people, ways_out
from safeguarding.review.states import Track

# --------------------------------------------------------------------------- a rung


def rung_notices(owed: Owed, rung: Rung, rulebook: Rulebook, now: datetime) -> list[NoticeDraft]:
    """The notices that one rung owes, of the duty's standing now."""
    return missed_set(owed, [rung], rulebook, now)


def advice(rung: Rung, rule: Rule, track: Track) -> str:
    """What may be decided at a rung of this duty on this track: a step for each, and nothing that does not fit it."""
    fits = [
        more.says
        for more in rung.also
        if (not more.tracks or track.value in more.tracks)
        and (not more.rules or rule.id in more.rules)
        and {"all": True, "law": rule.date_is_law, "ours": not may_be_extended(rule)}[more.dates]
    ]
    return fitting([words for words in (rung.decides, *fits) if words])


def missed_set(owed: Owed, rungs: Sequence[Rung], rulebook: Rulebook, now: datetime) -> list[NoticeDraft]:
    """
    The notices that several rungs of one duty owe together, in the order in which they should have fired.

    Everybody on any of them hears once, for the last rung that calls them, of the duty's standing now.
    """
    rulebook = rulebook.on(london_date(now))
    last: dict[str, tuple[Addressee, Rung]] = {}
    for rung in rungs:
        last.update((person.id, (person, rung)) for person in rung_people(owed, rung, rulebook))
    if not last:
        return []
    rule = rulebook.rule(owed.rule)
    today = london_date(now)
    late = owed.due_on < today
    at_once = late and rule.date_is_law
    facts = duty_facts(owed, rule, rulebook, today) | {
        "urgency": AT_ONCE if at_once else WORKING_MORNING,
        "on_miss": fitting(rule.advice) if late else "",
    }
    not_before = now if at_once else next_morning(now, rulebook.partnership, rulebook.calendar)
    occasion = Occasion.DUE_MISSED if late else Occasion.REMINDER
    said = {rung.id: facts | {"decides": advice(rung, rule, owed.track)} for _, rung in last.values()}
    ways = ways_out(who for who, _ in last.values())
    rung_of = {person: rung.id for person, (_, rung) in last.items()}
    made = drafts(
        owed.reference,
        not_before,
        (Addressed(who, way, occasion, f"{owed.key}:{rung_of[who]}", said[rung_of[who]]) for who, way in ways),
    )
    return once_a_place(handed_over(made, rulebook.partnership, today), rulebook.partnership)
