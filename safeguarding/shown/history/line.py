"""
A line of a review's ledger with what it takes to say it: its answers and days in words, its people by name.

Earlier programs wrote fewer facts: a day or a choice that is not there is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from safeguarding.dates.working_days import say
from safeguarding.errors import LawNotFound
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Event
from safeguarding.review.states import State, Track
from safeguarding.review.words import subject_words


@dataclass(frozen=True, slots=True)
class LineRead:
    """A line of the ledger with what it takes to name its people, agencies and dates."""

    event: Event
    track: Track
    rulebook: Rulebook

    @property
    def facts(self) -> Mapping[str, Any]:
        """The open answers and findings of the line."""
        return self.event.facts

    def given(self, name: str) -> str:
        """An answer in words; empty where there is none."""
        value = self.facts.get(name)
        return value.replace("_", " ") if isinstance(value, str) else ""

    def day(self, name: str, before: str = "on ") -> str:
        """A day as people write it, with a word before it; empty where none was given."""
        value = self.facts.get(name)
        return f" {before}{say(date.fromisoformat(value))}" if value else ""

    def name(self, one: str) -> str:
        """A person by the name on this line's day, an agency by today's as everywhere; either by what else there is."""
        partnership, known = self.rulebook.partnership, self.event.who(one)
        agency = partnership.whole.agency_named(one)
        if agency is not None and one not in agency.formerly:  # Under one id another agency may go on: that was none.
            return subject_words(one, partnership)
        if known is not None:
            return known.name
        person = partnership.known(one)
        return person.name if person is not None else subject_words(one, partnership)

    def partner(self, one: str) -> str:
        """A statutory partner by its name."""
        named = {partner.id: partner.name for partner in self.rulebook.partnership.partners}
        return named.get(one, one.replace("_", " ").capitalize())

    def names(self, name: str) -> str:
        """Several people or agencies in a row."""
        return joined(self.name(one) for one in self.facts.get(name) or ())

    def without(self) -> str:
        """The agencies whose answer was gone on without; empty where all had answered."""
        missing = (one["agency"] if isinstance(one, Mapping) else one for one in self.facts.get("without") or ())
        named = joined(self.name(str(agency)) for agency in missing)
        return said_if(named, f"without {named}")

    def rule(self, name: str = "rule") -> str:
        """A duty by its title, with whom it is about."""
        about = self.facts.get("agency_or_action")
        return f"«{self.title(str(self.facts.get(name, '')))}»{f' ({self.name(str(about))})' if about else ''}"

    def title(self, rule: str) -> str:
        """The title of a duty; of one that the rulebook has no more, its id."""
        try:
            return self.rulebook.rule(rule).title
        except LawNotFound:
            return rule

    def state(self, name: str) -> str:
        """A state of the review in words."""
        given = str(self.facts.get(name, ""))
        return State(given).words if given in set(State) else given.replace("_", " ")


Sentence = Callable[[LineRead], str]
"""What a line says, without the full stop."""


def joined(words: Iterable[str]) -> str:
    """Several words as they are said: «a, b and c»."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def spoken(*parts: str) -> str:
    """The parts of a sentence that there are, one after the other."""
    return "; ".join(part for part in parts if part)


def said_if(there: Any, words: str) -> str:
    """The words, where there is something to say; else none."""
    return words if there else ""


def only_the_day(words: str, day: str = "decided_on", before: str = "on ") -> Sentence:
    """A sentence that has nothing but its day."""
    return lambda line: f"{words}{line.day(day, before)}"
