"""
Whether each number stands under its own name: provision, source of the quoted words, level, and one link a text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from config.addresses import faults_of_provision, instrument_of, page
from config.quoted_numbers import faults_of_quoted_time
from safeguarding.dates.counting import Unit
from safeguarding.dates.working_days import say
from safeguarding.errors import Fault
from safeguarding.law.citation import NUMBERED, Citation, Confidence, Level, Sets
from safeguarding.law.rule import Edition, Rule

Placed = list[tuple[str, Rule]]

CHOSEN = frozenset({Level.LOCAL, Level.DESIGN_DEFAULT})
"""The levels of a number that no source sets."""


def faults_of_citations(placed: Placed) -> Iterator[Fault]:
    """Every citation of the law that a lawyer could not follow, under its file and key; local rules cite no law."""
    for file, rule in placed:
        yield from _no_source_of_the_time(file, rule)
    law = [(file, rule) for file, rule in placed if rule.level is not Level.LOCAL]
    for file, rule in law:
        for edition in rule.editions:
            yield from _alone(file, rule, edition)
            if edition.in_force:
                yield from _levels(file, rule, edition)
        yield from _guidance_linked_twice(file, rule)
    yield from _linked_for_several(law)


def _key(edition: Edition, number: int, what: str) -> str:
    return f"editions[{edition.name}].citations[{number}].{what}"


def _no_source_of_the_time(file: str, rule: Rule) -> Iterator[Fault]:
    """An edition that is counted says who set its time: otherwise an invented number would carry the duty's level."""
    for edition in rule.editions:
        if rule.counts.unit is not Unit.NONE and edition.in_force and not edition.citing(Sets.TIME):
            counted = rule.counts_in(edition).words
            problem = f"none sets the time ({counted}): name its source, or OWN with tag D where no source sets it"
            where = f"local[{rule.id}]." if rule.level is Level.LOCAL else ""
            yield Fault(file, f"{where}editions[{edition.name}].citations", problem)


def _alone(file: str, rule: Rule, edition: Edition) -> Iterator[Fault]:
    """What is missing or wrong in one citation."""
    for number, one in enumerate(edition.citations):
        found = [*_checked(one), *_begun(one, edition), *faults_of_quoted_time(one, edition, rule)]
        if one.level in NUMBERED:
            found += faults_of_provision(one, edition)
        for key, problem in found:
            yield Fault(file, _key(edition, number, key), problem)
        if one.quote and not one.quote_from:
            yield Fault(
                file, _key(edition, number, "quote_from"), "is missing: in which text do the quoted words stand?"
            )
        if one.confidence is Confidence.D and one.level not in CHOSEN:
            problem = f"is '{one.level.value}', but tag D says that no source sets it: 'design_default'"
            yield Fault(file, _key(edition, number, "level"), problem)


def _checked(one: Citation) -> Iterator[tuple[str, str]]:
    """A tag that claims more than is said of who read what."""
    if one.confidence is Confidence.V and one.read is None:
        yield "read", "is missing: tag V says that somebody read it. Who, on which day, in which copy? Otherwise tag K"
    if one.confidence in (Confidence.V2, Confidence.S) and one.restated_by is None:
        yield "restated_by", f"is missing: tag {one.confidence.value} says that another source restates it. Which?"


def _begun(one: Citation, edition: Edition) -> Iterator[tuple[str, str]]:
    """A provision that was not in force on the day from which an edition applies it."""
    if edition.in_force and one.since is not None and edition.from_day < one.since:
        yield "since", f"is {say(one.since)}, and edition {edition.name} applies it from {say(edition.from_day)}"


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
            other = first.setdefault(page(one.address), edition.name)
            if other != edition.name:
                problem = f"stands for edition {other} too: one link cannot show two texts"
                yield Fault(file, _key(edition, number, "address"), problem)


def _linked_for_several(law: Placed) -> Iterator[Fault]:
    """One page, or one Act at its publisher, under the names of several instruments."""
    names: dict[str, set[str]] = defaultdict(set)
    places: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for file, rule in law:
        for edition in rule.editions:
            for number, one in enumerate(edition.citations):
                if one.address is not None:
                    opened = instrument_of(one.address) or page(one.address)
                    names[opened].add(one.instrument)
                    places[opened].append((file, _key(edition, number, "address")))
    for opened, instruments in names.items():
        if len(instruments) > 1:
            problem = f"is one link for several texts: {'; '.join(sorted(instruments))}"
            yield from (Fault(file, key, problem) for file, key in places[opened])
