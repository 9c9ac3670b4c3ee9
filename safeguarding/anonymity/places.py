"""
Places as people write them: postcodes, streets, schools, hospitals, homes, nurseries, churches, prisons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from safeguarding.anonymity.details import DetailKind, Spot, Strength
from safeguarding.anonymity.vocabulary import GENERIC, SMALL_WORDS

POSTCODE = re.compile(
    r"\b(?i:GIR\s?0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]{1,2}|[0-9][A-HJKPS-UW]"
    r"|[A-HK-Y][0-9][ABEHMNPRV-Y])\s?[0-9][ABD-HJLNP-UW-Z]{2})\b"
)
HALF_A_POSTCODE = re.compile(
    r"\b(?:[A-PR-UWYZ][A-HK-Y]?[0-9]{1,2}[A-Z]?)(?=\s+(?:area|postcode|district|postal)\b)"
    r"|\b(?<=postcode )[A-PR-UWYZ][A-HK-Y]?[0-9]{1,2}\b"
)
_CAPITAL = r"(?:St\.|[A-Z][\w']{0,40}(?:-[A-Z]?[\w']{1,40}){0,4})"
_NAME = rf"(?:(?:{_CAPITAL}|(?:of|the|and|&|on|upon|de|le))\s+){{0,5}}{_CAPITAL}"
_PLAIN_NAME = rf"(?:{_CAPITAL}\s+){{0,4}}{_CAPITAL}"
_STREET = (
    r"(?:Road|Rd|Street|Lane|Close|Avenue|Ave|Drive"
    r"|Crescent|Terrace|Gardens|Grove|Mews|Cul-de-Sac|Boulevard|Bypass|Roundabout)"
)
_OFTEN_A_STREET = (
    r"(?:Court|Place|Way|Square|Hill|Walk|House|Park"
    r"|Green|View|Row|Rise|Estate|Parade|Tower|Towers|Heights|Wharf|Mount|Bridge|Common)"
)
_INSTITUTION = (
    r"(?:(?:Primary|Junior|Infants?'?|High|Secondary|Grammar|Comprehensive|Special|Nursery|Pre-?"
    r"|Preparatory|Free|Upper|Lower|Middle)"
    r"\s+)?(?:School|Academy|College|Sixth Form|Nursery|Playgroup|Pre-?[Ss]chool|Kindergarten)"
    r"|(?:(?:General|Community|Children's|Cottage|Teaching|District|Memorial|University"
    r"|Maternity)\s+)?(?:Hospital|Infirmary)"
    r"|(?:(?:Medical|Health|Walk-in|Family|Children's|Community|Leisure|Sports|Day|Youth|Shopping"
    r"|Treatment|Recovery)\s+)?Centre"
    r"|(?:GP\s+|Doctors'?\s+|The\s+)?Surgery|Clinic|Hospice|Ward|Unit"
    r"|(?:Care|Nursing|Residential|Children's|Rest)\s+Home|Lodge|Manor|Hall|Cottage|Farm"
    r"|Church|Cathedral|Chapel|Mosque|Masjid|Temple|Synagogue|Gurdwara|Mandir|Parish"
    r"|Prison|Young Offenders?'? Institution|Immigration Removal Centre|Secure Training Centre|Barracks"
    r"|Refuge|Hostel|Hotel|Inn|Caravan Park|Railway Station|Station|Airport|Reservoir|Canal|Beach|Library|Cemetery"
    r"|(?:Police|Fire|Ambulance)\s+Station|(?:Crown|County|Magistrates'?|Family|Coroner'?s?)\s+Court"
    r"|(?:(?:Borough|County|City|District|Town|Parish|Metropolitan)\s+)?Council|University|Constabulary"
    r"|Football Club|FC|United|Rovers"
)
_NUMBERED = r"(?:(?:Flat|Apartment|Room|Unit|Plot)\s+[0-9]+[A-Za-z]?,?\s+)?[0-9]{1,4}[A-Za-z]?,?\s+"
STREET = re.compile(rf"\b(?P<number>{_NUMBERED})?(?P<name>{_NAME})\s+{_STREET}\b")
OFTEN_A_STREET = re.compile(rf"\b(?P<number>{_NUMBERED})?(?P<name>{_NAME})\s+{_OFTEN_A_STREET}\b")
INSTITUTION = re.compile(rf"\b(?P<name>{_NAME})\s+(?:{_INSTITUTION})\b")
PRISON = re.compile(rf"\b(?:HMP|HMYOI|HM Prison|YOI)(?:/YOI)?\s+{_NAME}")
TRUST = re.compile(
    rf"\b(?P<name>{_PLAIN_NAME})\s+(?:NHS\s+)?(?:Foundation\s+)?(?:Trust|Integrated Care Board|ICB|Police"
    rf"|Fire and Rescue Service)\b"
)
SAINT = re.compile(r"\bSt\.?\s+[A-Z][a-z]+(?:'?s)?\b")
ROAD_NUMBER = re.compile(
    r"\b(?:M[1-9][0-9]?|A[1-9][0-9]{0,3}|B[1-9][0-9]{3})(?:\(M\))?(?=\s+(?i:road|motorway|junction|near"
    r"|towards|at|northbound|southbound))|\b[Jj]unction\s+[0-9]{1,2}\s+of\s+the\s+M[0-9]{1,2}\b"
)
ROOM_OR_FLAT = re.compile(r"\b(?:Flat|Apartment|Plot|Caravan|Room)\s+[0-9]{1,4}[A-Za-z]?\b")

ONE_ADDRESS = "A postcode: about fifteen homes share one."
A_STREET = "A street or building: few people live there, and neighbours know."
A_HOUSE = "A place where somebody lived, was cared for, learnt or was held: those who were there know of whom it is."


def places_in(text: str) -> Iterator[Spot]:
    """Every place of a text typed plainly; a name of words that every report has is none."""
    for form in (POSTCODE, HALF_A_POSTCODE):
        for found in form.finditer(text):
            if any(sign.isupper() for sign in found.group()) or " " in found.group():
                yield Spot(*found.span(), DetailKind.PLACE, ONE_ADDRESS)
    for found in STREET.finditer(text):
        named = list(_named(found, A_STREET, Strength.EXACT))
        yield from named or _of_common_words(found)
    for found in OFTEN_A_STREET.finditer(text):
        yield from _named(found, A_STREET, Strength.EXACT if found["number"] else Strength.MAY_BE)
    for form in (INSTITUTION, TRUST):
        for found in form.finditer(text):
            yield from _named(found, A_HOUSE, Strength.EXACT)
    for form, why in ((PRISON, A_HOUSE), (ROAD_NUMBER, A_STREET), (ROOM_OR_FLAT, A_STREET)):
        for found in form.finditer(text):
            yield Spot(*found.span(), DetailKind.PLACE, why)
    for found in SAINT.finditer(text):
        yield Spot(*found.span(), DetailKind.PLACE, A_HOUSE, Strength.MAY_BE)


def _of_common_words(found: re.Match[str]) -> Iterator[Spot]:
    """A street such as every town has: Station Road, High Street."""
    last = list(_WORD.finditer(found["name"]))[-1]
    common = last.group().lower() in SMALL_WORDS
    if not common and found.group().endswith(("Road", "Rd", "Street", "Lane", "Avenue", "Terrace", "Crescent")):
        begins = found.start() if found["number"] else found.start("name") + last.start()
        yield Spot(begins, found.end(), DetailKind.PLACE, A_STREET, Strength.EXACT)


_WORD = re.compile(r"\S+")


def _named(found: re.Match[str], why: str, strength: Strength) -> Iterator[Spot]:
    """The place from the first word of its name on that is no common one; none where all of them are."""
    start = found.start("name")
    for word in _WORD.finditer(found["name"]):
        plain = word.group().strip(".,;:'\"()-").replace("'", "").lower()
        if word.group()[:1].isupper() and plain not in GENERIC and plain.removesuffix("s") not in GENERIC:
            begins = found.start() if found.groupdict().get("number") else start + word.start()
            yield Spot(begins, found.end(), DetailKind.PLACE, why, strength)
            return
