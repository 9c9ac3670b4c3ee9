"""
Whether the words quoted for a time say the number that is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from safeguarding.dates.counting import Direction, Kind, Unit
from safeguarding.law.citation import NUMBERED, Citation, Confidence, Sets
from safeguarding.law.rule import Edition, Rule

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
NUMBERS = {word: number for number, word in enumerate([*_ONES.split(), "eighteen", "nineteen", "twenty"], start=1)}
NUMBERS["fifty-six"] = 56
A_LENGTH = re.compile(
    rf"\b(\d+|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})[ -](working )?(day|week|month|year)s?\b"
)

AT_LEAST = re.compile(r"\b(minimum|at least)\b")
BEFORE = re.compile(r"\b(prior to|before)\b")

UNITS = {
    Unit.WORKING_DAYS: ("working day", "day"),
    Unit.CALENDAR_DAYS: ("day",),
    Unit.WEEKS: ("week",),
    Unit.MONTHS: ("month",),
    Unit.YEARS: ("year",),
}
"""How each unit is spoken of. «Days» may be said of working days by whoever restates guidance, never by the law."""


WITHOUT_A_LENGTH = {
    Unit.AS_SOON_AS_POSSIBLE: (
        re.compile(r"\b(as soon as|immediately|forthwith|at once|without (undue )?delay|same (working )?day)\b"),
        "in which it is to be done at once, or as soon as it can be",
    ),
    Unit.AGREED_DATE: (
        re.compile(r"\b(period|time|date|day|days|weeks|months|year|until|within)\b"),
        "by which somebody sets or moves the day",
    ),
}
"""What is counted by no number: the words that the law says where it sets such a time, and what they are."""


def faults_of_quoted_time(one: Citation, edition: Edition, rule: Rule) -> Iterator[tuple[str, str]]:
    """Key and problem of words that set another time than the one that is counted, or none though they were read."""
    if Sets.TIME not in one.sets:
        return
    if edition.length is None:
        yield from _faults_without_a_length(one, edition, rule)
        return
    law = one.level in NUMBERED
    if not one.quote:
        if law and edition.in_force:
            yield "quote", "is missing: the law sets the time, so quote the words in which it does"
        return
    said = [
        (int(number) if number.isdigit() else NUMBERS[number], f"{working}{unit}")
        for number, working, unit in A_LENGTH.findall(one.quote.lower())
    ]
    if not said:
        if one.confidence is Confidence.V:
            yield "quote", "is cited for the time and names none: quote the words that set it"
        return
    units = UNITS.get(rule.counts.unit, ())[: 1 if law else None]
    if not any(number == edition.length and unit in units for number, unit in said):
        words = " and ".join(f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in said)
        yield "quote", f"says {words}, and what is counted is {rule.counts_in(edition).words}"
    yield from _faults_of_kind(one.quote.lower(), edition, rule, law)


def _faults_of_kind(quote: str, edition: Edition, rule: Rule, law: bool) -> Iterator[tuple[str, str]]:
    """A minimum that is counted as a last day, a day before counted as one after, or the law's own time as an aim."""
    counted, counts = rule.counts_in(edition).words, rule.counts
    if law and counts.kind is Kind.AIM:
        yield "quote", f"is the law's own time, which is no aim, and what is counted is {counted}"
    least = bool(AT_LEAST.search(quote))
    if counts.kind is not Kind.INTERVAL and least is not (counts.kind is Kind.MINIMUM):
        yield "quote", f"{'says a minimum' if least else 'says no minimum'}, and what is counted is {counted}"
    if (counts.direction is Direction.BACKWARD) is not bool(BEFORE.search(quote)):
        yield "quote", f"says on which side of the day it lies, and what is counted is {counted}"


def _faults_without_a_length(one: Citation, edition: Edition, rule: Rule) -> Iterator[tuple[str, str]]:
    """The law's own «as soon as» is quoted like its numbers; what it does not say is a design default."""
    known = WITHOUT_A_LENGTH.get(rule.counts.unit)
    if known is None or one.level not in NUMBERED or not edition.in_force:
        return
    words, what = known
    if not words.search((one.quote or "").lower()):
        counted = rule.counts_in(edition).words
        yield (
            "quote",
            f"is cited for the time ({counted}) and does not set it: quote the words {what}, or name OWN with tag D "
            "where no source sets it",
        )
