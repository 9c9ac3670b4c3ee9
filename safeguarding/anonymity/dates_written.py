"""
Days as people write them in English: 3 March 2025, 03/03/2025, 3.3.25, March 3rd, Monday 3rd, on Christmas Day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from safeguarding.anonymity.details import DetailKind, Spot, Strength

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_ALSO_WORDS = frozenset({"may", "march", "mar"})
"""Months that are other words too: written small they count only before a year."""
_MONTH = (
    r"(?:(?i:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|(?i:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])(?:\s?(?i:st|nd|rd|th))?(?![0-9])"
_YEAR = r"(?:(?:19|20)[0-9]{2}|'?[0-9]{2})(?![0-9:])"
_WEEKDAY = r"(?i:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?i:day)?\b"
_FULL_WEEKDAY = r"(?i:mon|tues|wednes|thurs|fri|satur|sun)(?i:day)"
_ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
)
_IN_WORDS = "(?i:" + "|".join(one.replace("-", "[- ]") for one in sorted(_ORDINALS, key=len, reverse=True)) + r")\b"

DAY_FIRST = re.compile(
    rf"(?<![\w/.-])(?:{_WEEKDAY}[,.]?\s+(?:the\s+)?)?"
    rf"(?P<days>{_DAY}(?:\s*(?:-|,|/|to|and|or|until|&)\s*(?:the\s+)?{_DAY}){{0,4}})"
    rf"\s*-?\s*(?:day\s+)?(?:of\s+)?(?P<month>{_MONTH})(?:[\s,-]+(?:of\s+)?(?P<year>{_YEAR}))?"
)
MONTH_FIRST = re.compile(
    rf"(?<![\w/-])(?:{_WEEKDAY}[,.]?\s+)?(?P<month>{_MONTH})[\s-]*(?:the\s+)?"
    rf"(?P<days>{_DAY}(?:\s*(?:-|to|and|or|until|&)\s*{_DAY}){{0,4}})(?:,?[\s-]+(?P<year>{_YEAR}))?"
)
WORDS_FIRST = re.compile(
    rf"\b(?:the\s+)?(?P<days>{_IN_WORDS})(?:\s+day)?\s+of\s+(?P<month>{_MONTH})(?:,?\s+(?P<year>{_YEAR}))?"
)
MONTH_THEN_WORDS = re.compile(rf"\b(?P<month>{_MONTH})\s+(?:the\s+)?(?P<days>{_IN_WORDS})(?:,?\s+(?P<year>{_YEAR}))?")
IN_FIGURES = re.compile(
    r"(?<![0-9A-Za-z./-])(?P<one>[0-9]{1,2})(?P<sign>\s?[/.-]\s?)(?P<two>[0-9]{1,2})(?P=sign)(?P<year>(?:19|20)?[0-9]{2})"
    r"(?![0-9]|[/.-][0-9])"
)
YEAR_FIRST = re.compile(
    r"(?<![0-9./-])(?P<year>(?:19"
    r"|20)[0-9]{2})(?P<sign>[/.-])(?P<two>[0-9]{1,2})(?P=sign)(?P<one>[0-9]{1,2})(?![0-9]|[/.-][0-9])"
)
ON_FIGURES = re.compile(r"\b(?i:on|by|from|since|until)\s+(?:the\s+)?(?P<one>[0-9]{1,2})/(?P<two>[0-9]{1,2})(?![0-9/])")
BARE_FIGURES = re.compile(
    r"(?<![\w/.,£$-])(?P<one>0?[1-9]|[12][0-9]|3[01])/(?P<two>0?[1-9]|1[0-2])(?![\w/%-]|[.,][0-9]|\s+of\b)"
)
A_PART = re.compile(r"[1-9]/(?:[2-6]|8|9|10)|24/7")
"""Figures that are a part of a whole, or mean «always», much more often than a day."""
WEEKDAY_AND_DAY = re.compile(rf"\b{_WEEKDAY}[,.]?\s+(?:the\s+)?[0-9]{{1,2}}\s?(?i:st|nd|rd|th)\b")
ON_THE_DAY = re.compile(
    r"\b(?i:on|by|until|since|from)\s+the\s+(?:[12]?[0-9]|3[01])\s?(?i:st|nd|rd|th)\b(?!\s+(?i:floor"
    r"|birthday|meeting|edition|century|occasion))"
)
FEASTS = re.compile(
    r"\b(?i:christmas (?:day|eve)|christmas|boxing day|new year'?s (?:eve|day)|hogmanay|good friday"
    r"|maundy thursday|palm sunday"
    r"|shrove tuesday|ash wednesday|easter(?: (?:sunday|monday|saturday|weekend))?|whit (?:sunday|monday)"
    r"|mother'?s day|mothering sunday"
    r"|father'?s day|valentine'?s day|hallowe'?en|bonfire night|guy fawkes night|remembrance sunday"
    r"|st (?:george|patrick|david|andrew)'?s day"
    r"|eid(?: al[- ](?:fitr|adha))?|ramadan|diwali|vaisakhi|hanukkah|chanukah|yom kippur|rosh hashanah"
    r"|passover|pesach"
    r"|lunar new year|chinese new year|(?:\w+ )?bank holiday(?: (?:monday|weekend))?)\b"
)
BIRTHDAYS = re.compile(r"\b(?i:(?:his|her|their|whose|\w+'s)\s+(?:\w+\s+){0,2}(?:birthday|due date|anniversary))\b")
MONTH_AND_YEAR = re.compile(
    rf"\b(?:(?i:early|late|mid)[- ])?(?P<month>{_MONTH})(?:,?\s+|\s+of\s+)(?:19|20)[0-9]{{2}}(?![0-9])"
)
MONTH_ALONE = re.compile(
    rf"\b(?i:in|since|during|until|by|from|of|early|late|mid|last|that)[ -](?P<month>{_MONTH})(?!\s*[0-9])"
)
SEASON_OR_YEAR = re.compile(
    r"\bNew Year\b(?!')"
    r"|\b(?i:(?:spring|summer|autumn|winter) (?:of )?(?:19|20)[0-9]{2})(?![0-9])|\b(?i:in|since|during|from"
    r"|until|of late|early|late|mid)[ -](?:19|20)[0-9]{2}(?![0-9/-])"
)
WEEKDAY_ALONE = re.compile(
    rf"\b(?i:on|that|last|the)\s+(?:following\s+|next\s+|same\s+)?{_FULL_WEEKDAY}s?(?:\s+(?i:morning"
    rf"|afternoon|evening|night))?\b(?!,?\s+(?:the\s+)?[0-9])"
)

NOT_A_DAY = re.compile(
    r"(?i)(?:\b(?:paragraphs?|paras?|sections?|chapters?|versions?|v|tables?|figures?|fig|appendix|annex|standard)\.?"
    r"|^|[.!?:;])\s*$"
)
"""What stands before figures that may be the number of a paragraph and no day."""
EXACT_DAY = "An exact day: who was there, or read of it then, knows of whom it is."
A_FEAST = "A day that everybody can place in the calendar."
ABOUT_WHEN = "Says about when: with a place or a report of the press it may be enough."
FIGURES_AS_A_DAY = "Figures that may be a day."


def dates_in(text: str) -> Iterator[Spot]:
    """Every day, and weaker words on when, of a text typed plainly."""
    for form in (DAY_FIRST, MONTH_FIRST, WORDS_FIRST, MONTH_THEN_WORDS):
        for found in form.finditer(text):
            if _is_month(found):
                yield from _spots(found)
    for found in IN_FIGURES.finditer(text):
        yield from _figures(text, found)
    for form in (YEAR_FIRST, ON_FIGURES):
        for found in form.finditer(text):
            yield _spot(found, _same(found["one"], found["two"], found.groupdict().get("year") or ""))
    for found in BARE_FIGURES.finditer(text):
        if not A_PART.fullmatch(found.group()):
            same = _same(found["one"], found["two"], "")
            yield _spot(found, same)._replace(strength=Strength.MAY_BE, why=FIGURES_AS_A_DAY)
    for form, why in ((WEEKDAY_AND_DAY, EXACT_DAY), (ON_THE_DAY, EXACT_DAY), (FEASTS, A_FEAST), (BIRTHDAYS, A_FEAST)):
        for found in form.finditer(text):
            yield Spot(*found.span(), DetailKind.DATE, why)
    for form in (MONTH_AND_YEAR, MONTH_ALONE, SEASON_OR_YEAR, WEEKDAY_ALONE):
        for found in form.finditer(text):
            if "month" not in found.groupdict() or found["month"][0].isupper():
                yield Spot(*found.span(), DetailKind.DATE, ABOUT_WHEN, Strength.MAY_BE)


def _is_month(found: re.Match[str]) -> bool:
    written = found["month"].rstrip(".")
    return written not in _ALSO_WORDS or bool(found["year"])


def _spots(found: re.Match[str]) -> Iterator[Spot]:
    """A spot for each of the days: «3 and 4 March» are two, in the same words."""
    month = next(place for place, name in enumerate(MONTHS, 1) if name.startswith(found["month"][:3].lower()))
    words = found["days"].lower().replace(" ", "-") if found["days"][0].isalpha() else ""
    figures = [_ORDINALS.index(words) + 1] if words in _ORDINALS else re.findall(r"[0-9]+", found["days"])
    for day in figures:
        yield _spot(found, _same(str(day), str(month), found["year"] or ""))


def _figures(text: str, found: re.Match[str]) -> Iterator[Spot]:
    one, two = int(found["one"]), int(found["two"])
    if not (0 < one <= 31 and 0 < two <= 31 and min(one, two) <= 12):
        return
    first, second = (found["one"], found["two"]) if two <= 12 else (found["two"], found["one"])
    spot = _spot(found, _same(first, second, found["year"]))
    numbered = "." in found["sign"] and NOT_A_DAY.search(text[max(0, found.start() - 20) : found.start()])
    yield spot._replace(strength=Strength.MAY_BE, why=FIGURES_AS_A_DAY) if numbered else spot


def _spot(found: re.Match[str], same: str) -> Spot:
    start, end = found.span()
    return Spot(start, end - (found.group()[-1] == "."), DetailKind.DATE, EXACT_DAY, same=same)


def _same(day: str, month: str, year: str) -> str:
    """2025-03-03, 03-03 without its year; nothing for a day that no calendar has."""
    figures = year.lstrip("'")
    if len(figures) == 2:
        figures = f"20{figures}" if int(figures) < 50 else f"19{figures}"
    try:
        made = date(int(figures or 2024), int(month), int(day))  # Without its year, 29 February is a day.
    except ValueError:
        return ""
    return made.isoformat() if figures else f"{made:%m-%d}"
