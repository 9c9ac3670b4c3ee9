"""
Whether the words quoted for a time say the number that is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from safeguarding.dates.counting import Unit
from safeguarding.law.citation import Citation, Confidence, Sets
from safeguarding.law.rule import Edition, Rule

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
NUMBERS = {word: number for number, word in enumerate([*_ONES.split(), "eighteen", "nineteen", "twenty"], start=1)}
NUMBERS["fifty-six"] = 56
A_LENGTH = re.compile(
    rf"\b(\d+|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})[ -](working )?(day|week|month|year)s?\b"
)

UNITS = {
    Unit.WORKING_DAYS: ("working day", "day"),
    Unit.CALENDAR_DAYS: ("day",),
    Unit.MONTHS: ("month",),
    Unit.YEARS: ("year",),
}
"""How each unit is spoken of. «Days» may be said of working days, never the reverse."""


def faults_of_quoted_time(one: Citation, edition: Edition, rule: Rule) -> Iterator[tuple[str, str]]:
    """Key and problem of words that set another time than the one that is counted, or none though they were read."""
    if Sets.TIME not in one.sets or not one.quote or edition.length is None:
        return
    said = [
        (int(number) if number.isdigit() else NUMBERS[number], f"{working}{unit}")
        for number, working, unit in A_LENGTH.findall(one.quote.lower())
    ]
    if not said:
        if one.confidence is Confidence.V:
            yield "quote", "is cited for the time and names none: quote the words that set it"
        return
    units = UNITS.get(rule.counts.unit, ())
    if not any(number == edition.length and unit in units for number, unit in said):
        words = " and ".join(f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in said)
        yield "quote", f"says {words}, and what is counted is {rule.counts_in(edition).words}"
