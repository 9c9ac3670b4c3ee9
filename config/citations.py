"""
Whether each number stands under its own name: provision, source of the quoted words, level, and one link a text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from safeguarding.errors import Fault
from safeguarding.law.citation import NUMBERED, Citation, Confidence, Level
from safeguarding.law.rule import Edition, Rule

Placed = list[tuple[str, Rule]]

CHOSEN = frozenset({Level.LOCAL, Level.DESIGN_DEFAULT})
"""The levels of a number that no source sets."""


def faults_of_citations(placed: Placed) -> Iterator[Fault]:
    """Every citation of the law that a lawyer could not follow, under its file and key; local rules cite no law."""
    law = [(file, rule) for file, rule in placed if rule.level is not Level.LOCAL]
    for file, rule in law:
        for edition in rule.editions:
            yield from _alone(file, edition)
            if edition.in_force:
                yield from _levels(file, rule, edition)
        yield from _guidance_linked_twice(file, rule)
    yield from _linked_for_several(law)


def _key(edition: Edition, number: int, what: str) -> str:
    return f"editions[{edition.name}].citations[{number}].{what}"


def _alone(file: str, edition: Edition) -> Iterator[Fault]:
    """What is missing in one citation."""
    for number, one in enumerate(edition.citations):
        if one.level in NUMBERED and one.provision is None:
            problem = f"is missing: {one.instrument} has numbered provisions"
            yield Fault(file, _key(edition, number, "provision"), problem)
        if one.quote and not one.quote_from:
            yield Fault(
                file, _key(edition, number, "quote_from"), "is missing: in which text do the quoted words stand?"
            )
        if one.confidence is Confidence.D and one.level not in CHOSEN:
            problem = f"is '{one.level.value}', but tag D says that no source sets it: 'design_default'"
            yield Fault(file, _key(edition, number, "level"), problem)


def _levels(file: str, rule: Rule, edition: Edition) -> Iterator[Fault]:
    """A level that is stronger than the best source an edition has for it."""
    if rule.level.above(edition.duty.level):
        yield Fault(file, "level", _above(rule.level, edition, edition.duty))
    if rule.number_level.above(edition.number.level):
        key = "level" if rule.time_level is None else "time_level"
        yield Fault(file, key, _above(rule.number_level, edition, edition.number))


def _above(level: Level, edition: Edition, best: Citation) -> str:
    return f"is '{level.value}', above the best source of edition {edition.name}, {best.name} ('{best.level.value}')"


def _guidance_linked_twice(file: str, rule: Rule) -> Iterator[Fault]:
    """An Act's page is pinned and may serve two editions of a rule; guidance is another text in each."""
    first: dict[str, str] = {}
    for edition in rule.editions:
        for number, one in enumerate(edition.citations):
            if one.address is None or one.level in NUMBERED:
                continue
            other = first.setdefault(one.address, edition.name)
            if other != edition.name:
                problem = f"stands for edition {other} too: one link cannot show two texts"
                yield Fault(file, _key(edition, number, "address"), problem)


def _linked_for_several(law: Placed) -> Iterator[Fault]:
    """One address under the names of several instruments."""
    names: dict[str, set[str]] = defaultdict(set)
    places: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for file, rule in law:
        for edition in rule.editions:
            for number, one in enumerate(edition.citations):
                if one.address is not None:
                    names[one.address].add(one.instrument)
                    places[one.address].append((file, _key(edition, number, "address")))
    for address, instruments in names.items():
        if len(instruments) > 1:
            problem = f"is one link for several texts: {'; '.join(sorted(instruments))}"
            yield from (Fault(file, key, problem) for file, key in places[address])
