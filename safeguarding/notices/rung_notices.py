"""
The notices that the rungs of a ladder owe: everybody on any of them once, of how the duty stands now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

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
    Facts,
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
        and (more.dates == "all" or _fits(more.dates, rule))
    ]
    return fitting([words for words in (rung.decides, *fits) if words])


def _fits(dates: Literal["all", "law", "ours"], rule: Rule) -> bool:
    return (rule.date_is_law or rule.is_nobodys_to_extend) if dates == "law" else not may_be_extended(rule)


def missed_set(owed: Owed, rungs: Sequence[Rung], rulebook: Rulebook, now: datetime) -> list[NoticeDraft]:
    """
    The notices that several rungs of one duty owe together, in the order in which they should have fired.

    Everybody on any of them hears once, for the last rung that calls them, of the duty's standing now.
    """
    today = london_date(now)
    rulebook = rulebook.on(today)
    last: dict[str, tuple[Addressee, Rung]] = {}
    for rung in rungs:
        last.update((person.id, (person, rung)) for person in rung_people(owed, rung, rulebook))
    if not last:
        return []
    rule = rulebook.rule(owed.rule)
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


class Tellings:
    """
    What rungs owe, by one rulebook at one moment: worked out once for all duties that differ only in which review they
    are of, as most of those do that are due on one morning.
    """

    def __init__(self, rulebook: Rulebook, now: datetime) -> None:
        self._rulebook, self._now = rulebook, now
        self._known: dict[tuple[Owed, tuple[str, ...]], tuple[Owed, list[NoticeDraft]]] = {}

    def of(self, owed: Owed, rungs: Sequence[Rung]) -> list[NoticeDraft]:
        """As `missed_set` says. Raises LawNotFound or HorizonPassed."""
        alike = (owed._replace(**_WHICH_REVIEW), tuple(rung.id for rung in rungs))
        first, made = self._known.get(alike, (None, []))
        if first is None:
            made = missed_set(owed, rungs, self._rulebook, self._now)
            self._known[alike] = owed, made
            return made
        return _of_another(made, first, owed)


_WHICH_REVIEW: dict[str, Any] = {"reference": "", "pseudonym": "", "occurrence": 0, "started_at": 0, "entered_on": None}
"""What tells two duties apart of which the same is said to the same people."""


def _of_another(made: Sequence[NoticeDraft], first: Owed, owed: Owed) -> list[NoticeDraft]:
    """The notices of one duty, as those of another that differs only in which review it is of."""
    name, here, there = {"reference": owed.reference, "pseudonym": owed.pseudonym}, owed.key, len(first.key)
    said: dict[int, Facts] = {}
    found = []
    for one in made:
        facts = said.get(id(one.context))
        if facts is None:
            facts = said[id(one.context)] = Facts({**one.context, **name})
        key = here + one.key[there:]
        found.append(NoticeDraft(owed.reference, one.occasion, one.person, one.channel, key, one.not_before, facts))
    return found


# --------------------------------------------------------------------------- of a review that was entered late

OWED_AT_ENTRY = "owed_at_entry"
"""What stands for the rung in the key of the letters about a duty whose rungs were passed over at an entry."""


def key_at_entry(owed: Owed) -> str:
    """What names the letters about such a duty for good: they are written once."""
    return f"{owed.key}:{OWED_AT_ENTRY}"


def owed_at_entry(owed: Owed, passed_over: Sequence[Rung], rulebook: Rulebook, now: datetime) -> list[NoticeDraft]:
    """
    The letters about a duty that is still unmet at the end of the day on which it was entered, `passed_over` being the
    rungs whose time had come by then, the soonest first: to its owner; and where a day of law or guidance has passed,
    to those whom that calls. The rungs of every other kind stay quiet.
    """
    if not passed_over:
        return []
    of_law = [rung for rung in passed_over if rung.when.missed and rung.applies_to == "statutory"]
    to_owner = next((rung for rung in reversed(passed_over) if "owner" in rung.to), passed_over[-1])
    told = [*of_law, to_owner.model_copy(update={"to": ("owner",)})]
    key = key_at_entry(owed)
    return [replace(draft, key=key) for draft in missed_set(owed, told, rulebook, now)]
