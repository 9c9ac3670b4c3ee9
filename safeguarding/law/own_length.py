"""
A length of the partnership's own for a duty of which no source sets the time: the duty stays the law's, the days ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pydantic import ConfigDict, Field

from safeguarding.dates.counting import LONGEST, UNCOUNTED, Unit
from safeguarding.law.citation import Citation, Confidence, Level, Sets
from safeguarding.law.rule import Edition, Rule
from safeguarding.values import FromFile, Key, Tidy

LONGEST_EDITION = 60
"""Letters of the name of an edition."""
MOST_LENGTHS = 100
"""Lengths of one partnership."""


class OwnLength(FromFile):
    """So many days, weeks or months for one duty, from when on, and where that is written down."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    rule: Key
    """The id of the duty: A04."""
    length: int = Field(ge=1, le=LONGEST)
    unit: Unit | None = None
    """What is counted; if it is not said, what the rule counts."""
    source: Tidy = Field(min_length=1, max_length=300)
    confidence: Confidence = Confidence.S
    since: date | None = Field(default=None, alias="from")
    """From which day on: clocks that started before keep the number they had. If it is not said, always."""


def why_not(rule: Rule, own: OwnLength) -> str:
    """Why a duty takes no length of a partnership's own, in words; empty if it does."""
    if rule.level is Level.LOCAL:
        return f"{rule.id} is a step under 'local': give it another edition there"
    if rule.date_is_law:
        return f"the time of {rule.title} ({rule.id}) is set by {rule.number_level.words}: nobody here changes it"
    if rule.counts.unit is Unit.AS_SOON_AS_POSSIBLE:
        return f"{rule.title} ({rule.id}) is owed as soon as possible: no number of days is put in place of that"
    if rule.counts.unit in UNCOUNTED:
        return f"{rule.title} ({rule.id}) counts no days"
    if own.unit in UNCOUNTED:
        return f"'{own.unit}' takes no length: choose working_days, calendar_days, weeks, months or years"
    if own.since is not None and own.unit not in (None, rule.counts.unit):
        return (
            f"with 'from' it counts as before, in {rule.counts.unit.value}, and not in {own.unit}: leave 'unit' out "
            "and give the length in those"
        )
    if own.since is not None and not any(e.in_force and e.from_day < own.since for e in rule.editions):
        return f"'from' is {own.since}, and {rule.title} ({rule.id}) begins later: leave it out"
    return ""


def with_length(rule: Rule, own: OwnLength) -> Rule:
    """The duty with the partnership's length in every edition in force, or from its day on, cited as its own."""
    unit = own.unit or rule.counts.unit
    counts = rule.counts.model_copy(update={"unit": unit, "length": own.length})
    editions = tuple(_with_ours(rule.editions, own))
    return rule.model_copy(update={"counts": counts, "editions": editions, "time_level": Level.LOCAL})


def _with_ours(editions: tuple[Edition, ...], own: OwnLength) -> Iterator[Edition]:
    """The editions in their order; of the one in force on the day from which ours counts there is another from then."""
    there = [one for one in editions if one.in_force and own.since is not None and one.from_day < own.since]
    for edition in editions:
        if not edition.in_force:
            yield edition
        elif own.since is None or edition.from_day >= own.since:
            yield _edition(edition, own)
        else:
            yield edition
            if edition is there[-1]:
                name = f"{edition.name} from {own.since}"[:LONGEST_EDITION]
                yield _edition(edition, own).model_copy(update={"name": name, "from_day": own.since})


def _edition(edition: Edition, own: OwnLength) -> Edition:
    number = Citation(instrument=own.source, sets=(Sets.TIME,), level=Level.LOCAL, confidence=own.confidence)
    kept = [one.model_copy(update={"sets": _without_time(one)}) for one in edition.citations if _without_time(one)]
    return edition.model_copy(update={"length": own.length, "citations": (*kept, number)})


def _without_time(citation: Citation) -> tuple[Sets, ...]:
    return tuple(one for one in citation.sets if one is not Sets.TIME)
