"""
Numbers and addresses that are of one person, call or case: NHS numbers, telephones, e-mail, vehicles, references.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from safeguarding.anonymity.details import DetailKind, Spot, Strength

E_MAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
WEB = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"']{3,500}|\b[\w-]{2,60}\.(?:co\.uk|org\.uk|com|net)\b(?:/[^\s<>\"']{0,200})?", re.I
)
HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z0-9_][A-Za-z0-9_.]{1,29}\b")
PHONE = re.compile(r"(?<![\w+])(?:\+44\s?\(?0?\)?\s?|\(?0)(?:[0-9][\s()-]{0,2}){8,9}[0-9](?![0-9])")
TEN_FIGURES = re.compile(r"(?<![0-9-])[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9])")
INSURANCE = re.compile(r"\b(?![DFIQUV])[A-Z](?![DFIOQUV])[A-Z]\s?[0-9]{2}\s?[0-9]{2}\s?[0-9]{2}\s?[A-D]\b")
REGISTRATION = re.compile(
    r"\b[A-HJ-PR-Y][A-HJ-PR-Y][0-9]{2}\s?[A-HJ-PR-Z]{3}\b|\b[A-HJ-NPR-TV-Y][0-9]{1,3}\s?[A-HJ-PR-Y][A-HJ-PR-Z]{2}\b"
)
COURT_CASE = re.compile(
    r"\[[0-9]{4}\]\s(?:EWHC|EWFC|EWCA|EWCOP|UKSC|UKUT)\s(?:\w+\s)?[0-9]{1,6}(?:\s\([A-Za-z]+\))?"
    r"|\b[A-Z]{2}[0-9]{2}[A-Z][0-9]{5}\b"
)
REFERENCE = re.compile(r"\b[A-Z]{2,8}[-/](?:[0-9A-Z]{1,8}[-/]){0,3}[0-9]{2,8}(?:/[0-9]{2,4})?\b")
AFTER_ITS_NAME = re.compile(
    r"\b(?i:case|crime|incident|log|reference|ref|file|hospital|patient|unit|custody|prison|pupil|account"
    r"|policy|passport|collar)"
    r"\s?(?i:number|no|id|ref|reference)?\.?\s?[:#]?\s?(?=[A-Z/-]{0,8}[0-9])[A-Z0-9][A-Z0-9/-]{3,24}\b"
)
COLLAR = re.compile(r"\b(?:PC|WPC|DC|DS|DI|PS|Sgt|PCSO|Constable|Sergeant)\s?[0-9]{3,5}\b")
LONG_FIGURES = re.compile(r"(?<![0-9A-Za-z.,£$/-])[0-9]{6,16}(?![0-9]|[.,][0-9])")
GRID = re.compile(r"\b-?[0-9]{1,2}\.[0-9]{4,},\s?-?[0-9]{1,3}\.[0-9]{4,}\b|/{3}[a-z]+\.[a-z]+\.[a-z]+\b")

EVERYBODYS = (
    "gov.uk",
    "legislation.gov.uk",
    "nhs.uk",
    "nspcc.org.uk",
    "scie.org.uk",
    "nice.org.uk",
    "local.gov.uk",
    "bailii.org",
    "nationalarchives.gov.uk",
    "childline.org.uk",
    "samaritans.org",
    "parliament.uk",
)
"""The ends of addresses of sites that point at nobody. A body's own site (`council.gov.uk`) says an area, and stays."""


class WrittenNumber(NamedTuple):
    """A form of number, and why it matters."""

    form: re.Pattern[str]
    why: str
    strength: Strength = Strength.EXACT


NUMBERS: tuple[WrittenNumber, ...] = (
    WrittenNumber(E_MAIL, "An e-mail address: it is of one person or post."),
    WrittenNumber(HANDLE, "A name on social media: it leads to somebody's own page."),
    WrittenNumber(PHONE, "A telephone number."),
    WrittenNumber(INSURANCE, "Written like a National Insurance number."),
    WrittenNumber(COURT_CASE, "The number of a case in court: its judgment may be public."),
    WrittenNumber(REFERENCE, "Written like the reference of a case."),
    WrittenNumber(AFTER_ITS_NAME, "The number of a case, call or file."),
    WrittenNumber(COLLAR, "The number of a police officer: it is of one person."),
    WrittenNumber(REGISTRATION, "Written like the registration of a vehicle."),
    WrittenNumber(GRID, "A place on the map."),
    WrittenNumber(LONG_FIGURES, "A long number: look what it is of.", Strength.MAY_BE),
)
HARMLESS_REFERENCE = re.compile(r"(?:COVID|ISO|BS|EN|PDF|UA|UTF|SARS|CP|WT|HM)[-/]")


def numbers_in(text: str) -> Iterator[Spot]:
    """Every number and address of a text typed plainly."""
    for form, why, strength in NUMBERS:
        for found in form.finditer(text):
            if form is not REFERENCE or not HARMLESS_REFERENCE.match(found.group()):
                yield Spot(*found.span(), DetailKind.NUMBER, why, strength)
    for found in TEN_FIGURES.finditer(text):
        if is_nhs_number(found.group()):
            yield Spot(*found.span(), DetailKind.NUMBER, "An NHS number: its last figure fits the others.")
        elif found.group()[0] != "0":
            why = "Ten figures, as an NHS number has, though the last does not fit the others."
            yield Spot(*found.span(), DetailKind.NUMBER, why, Strength.MAY_BE)
    for found in WEB.finditer(text):
        if "@" not in text[max(0, found.start() - 1) : found.end()] and not _everybodys(found.group()):
            words = found.group().rstrip(".,;:!?)")
            yield Spot(found.start(), found.start() + len(words), DetailKind.NUMBER, "An address on the web.")


def is_nhs_number(words: str) -> bool:
    """Whether ten figures are an NHS number by their check figure (modulus 11)."""
    figures = [int(sign) for sign in words if sign.isdecimal()]
    check = 11 - sum(figure * weight for figure, weight in zip(figures, range(10, 1, -1), strict=False)) % 11
    return len(figures) == 10 and (0 if check == 11 else check) == figures[9]


def _everybodys(address: str) -> bool:
    host = re.sub(r"^(?:https?://)?(?:www\.)?", "", address.lower()).split("/")[0].split("?")[0].rstrip(".,;:!?)")
    return host in EVERYBODYS
