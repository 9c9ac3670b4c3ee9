"""
Ages, births and times of day as people write them: aged 7, seven months old, in his forties, 14:30, half past three.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from safeguarding.anonymity.details import DetailKind, Spot, Strength

_UP_TO_NINETEEN = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen|eighteen|nineteen"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
NUMBER = rf"(?:[0-9]{{1,3}}(?:\.5|½)?|(?i:(?:{_TENS})(?:[- ](?:{_UP_TO_NINETEEN}))?|{_UP_TO_NINETEEN}))"
"""A number up to some hundreds, in figures or in words."""
_A_FEW = rf"(?:{NUMBER}|(?i:a|an|a few))"
_SPAN = r"(?i:hours?|days?|weeks?|months?|years?|yrs?|mths?|wks?)"
_AND_A_HALF = r"(?:[\s-]+(?i:and[\s-]+a[\s-]+half))"
_PEOPLE = "brother|sister|son|daughter|child|boy|girl|sibling|mother|father|twin|cousin|nephew|niece|partner|baby"

AGES = re.compile(
    rf"\b(?i:aged|age|ages)(?:\s+(?i:of|was|is|about|around|just|only|nearly|almost))?[:\s]+{NUMBER}\b(?:\s+{_SPAN})?"
    rf"|\b{_A_FEW}{_AND_A_HALF}?[\s-]+{_SPAN}[\s-]+(?i:old|of age)\b"
    rf"|(?:(?<=\bwas )|(?<=\bwere )|(?<=\bis )|(?<=\bat )){NUMBER}{_AND_A_HALF}[\s-]+{_SPAN}\b"
    rf"|\b(?i:(?:the|his|her|their)\s+)?(?i:{_PEOPLE}|he|she)\s+(?i:was|is)\s+(?!one\b){NUMBER}"
    r"(?=\s+(?i:and(?!\s+a\s+half)|but|when)\b|\s*(?:[.;)]|$))"
    rf"|\b(?i:at)\s+{NUMBER}(?=,?\s+(?i:he|she)\b)"
    rf"|\b(?i:since|when|until|before)\s+(?i:he|she)\s+was\s+{NUMBER}\b(?!\s+(?i:of|per)\b)"
    rf"|\b{NUMBER}\s?(?i:yo|y/o|yrs? old)\b"
    rf"|\b{NUMBER}\s+(?i:years?),?\s+(?i:and\s+)?{NUMBER}\s+(?i:months?)\b"
    rf"|\b(?i:{_PEOPLE})\s"
    r"\((?:aged\s)?[0-9]{1,2}\)"
    rf"|\b(?i:turned|turning|was only|was just)\s+{NUMBER}\b"
    rf"|\b(?i:he|she|they|\w+)\s+(?i:was|were)\s+{NUMBER}(?=\s+(?i:when|at the time)\b)"
)
OF_A_GROUP = re.compile(
    rf"(?i:\s*(?:-|to|and|or)\s*(?:{NUMBER}|over|above|under|older|younger)|\s*\+|\s+(?:or|and) (?:over"
    rf"|above|under))"
)
"""What follows the age of a group of people, which is no one's age."""
LIFE_STAGES = re.compile(
    r"\b(?i:(?:early|mid|late)[- ](?:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties"
    r"|nineties|[2-9]0s)"
    r"|in (?:his|her|their) (?:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties"
    r"|[2-9]0s))\b"
)
SCHOOL_YEARS = re.compile(
    r"\b(?:Year (?:1[0-3]|[1-9])\b|(?:in|joined|started) (?:Reception|Nursery) (?i:class)?|Key Stage [1-5])"
)
BIRTHS = re.compile(
    r"\b(?:(?i:date of birth|born on|born in|born at [0-9]{2} weeks|d\.o\.b\b\.?|birth weight)|DOB"
    r"|[0-9]{2} weeks'? gestation)\b[:.]?"
)
WEEKS_BORN = re.compile(rf"\b(?i:born|delivered)\s+(?i:at|after)\s+{NUMBER}\s+weeks\b")

TIMES = re.compile(
    r"(?<![0-9:.£$])(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9]\s?(?i:a\.?m\b\.?|p\.?m\b\.?|hours|hrs)"
    r"|(?<![0-9:.£$])(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?![0-9:])"
    r"|(?<![0-9:.£$])(?:1[0-2]|0?[1-9])\s?(?i:a\.m\.|p\.m\.|am\b|pm\b)"
    r"|\b[0-2][0-9][0-5][0-9]\s?(?i:hours|hrs|hs|h)\b"
    rf"|\b(?i:half past|quarter past|quarter to)\s+{NUMBER}\b"
    rf"|\b{NUMBER}\s+(?i:minutes?\s+(?:past|to)\s+{NUMBER}|o'clock)\b"
)
PARTS_OF_THE_DAY = re.compile(
    r"\b(?i:at (?:about |around |nearly )?(?:midnight|noon|midday|dawn|dusk|lunchtime|bedtime)|in the early hours)\b"
)

AN_AGE = "An exact age: with the area and the year it often leaves one person."
ABOUT_AN_AGE = "About how old somebody is."
A_BIRTH = "A birth, or how it was: it stands in registers and in the family's memory."
A_TIME = "An exact time: it fits one call, visit or record."


def ages_in(text: str) -> Iterator[Spot]:
    """Every age and birth of a text typed plainly; the age of a group is weak."""
    for found in AGES.finditer(text):
        group = OF_A_GROUP.match(text, found.end()) is not None
        weak = group or _is_law(found.group())
        yield Spot(
            *found.span(), DetailKind.AGE, ABOUT_AN_AGE if weak else AN_AGE, Strength.MAY_BE if weak else Strength.EXACT
        )
    for found in LIFE_STAGES.finditer(text):
        yield Spot(*found.span(), DetailKind.AGE, ABOUT_AN_AGE, Strength.MAY_BE)
    for found in SCHOOL_YEARS.finditer(text):
        yield Spot(*found.span(), DetailKind.AGE, "A school year: it says an age.", Strength.MAY_BE)
    for form in (BIRTHS, WEEKS_BORN):
        for found in form.finditer(text):
            yield Spot(*found.span(), DetailKind.AGE, A_BIRTH)


def _is_law(words: str) -> bool:
    """Whether it is the age at which the law begins to treat everybody otherwise: «turning 18», «aged 16»."""
    return words.split()[0].lower() in ("turned", "turning", "age", "ages") and words.split()[-1] in ("16", "18", "25")


def times_in(text: str) -> Iterator[Spot]:
    """Every time of day of a text typed plainly."""
    for found in TIMES.finditer(text):
        yield Spot(*found.span(), DetailKind.TIME, A_TIME)
    for found in PARTS_OF_THE_DAY.finditer(text):
        yield Spot(*found.span(), DetailKind.TIME, "About what time it was.", Strength.MAY_BE)
