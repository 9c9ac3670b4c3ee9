"""
Whether a provision of an Act or of regulations can be opened from its citation alone: which one, where, on which day.

The publisher of legislation keeps every day's text under an address of its own: the instrument, the provision and the
day. A citation names all three twice, in words and in the address, and the two must agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from safeguarding.dates.working_days import say
from safeguarding.law.citation import Citation
from safeguarding.law.rule import Edition

A_PROVISION = re.compile(
    r"(?:s\.(?P<section>\d+[A-Z]*)|reg\.(?P<regulation>\d+[A-Z]*)|art\.(?P<article>\d+[A-Z]*)"
    r"|Sch\.(?P<schedule>\d+[A-Z]*) para (?P<paragraph>\d+[A-Z]*))(?:[(,;-].*)?"
)
"""A provision as a lawyer cites it: s.16F(4)-(5), reg.17, art.2(o), Sch.2 para 20(1)(a)."""

AN_ADDRESS = re.compile(r"/(?P<instrument>[a-z]+/\d{4}/\d+)/(?P<provision>.+?)/(?P<on>\d{4}-\d{2}-\d{2}|enacted|made)")

PUBLISHER = "www.legislation.gov.uk"


def page(address: str) -> str:
    """The page that an address opens: what is asked of it and the place on it open no other."""
    parts = urlsplit(address.strip())
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}"


def instrument_of(address: str) -> str:
    """The instrument that an address of the publisher of legislation stands for, or nothing."""
    found = re.match(r"/([a-z]+/\d{4}/\d+)(?:/|$)", urlsplit(address).path)
    return found.group(1) if found and urlsplit(address).netloc == PUBLISHER else ""


def faults_of_provision(one: Citation, edition: Edition) -> Iterator[tuple[str, str]]:
    """Key and problem of each thing that keeps a reader from the provision itself."""
    if one.provision is None:
        yield "provision", f"is missing: {one.instrument} has numbered provisions"
        return
    named = A_PROVISION.fullmatch(one.provision)
    if named is None:
        yield "provision", "names no provision: write it as s.16F(4), reg.17, art.2 or Sch.2 para 20(1)"
    if one.address is None:
        yield "address", f"is missing: where is {one.name} opened, as it stood on the day it is cited for?"
        return
    parts = urlsplit(one.address)
    found = AN_ADDRESS.fullmatch(parts.path)
    if parts.netloc != PUBLISHER or found is None or parts.query or parts.fragment:
        yield (
            "address",
            f"is not pinned to a day: https://{PUBLISHER}/ then the instrument, the provision and the day, such as "
            "/uksi/2018/789/regulation/17/2018-06-29",
        )
        return
    if named is not None and not _same(found["provision"], named):
        yield "address", f"opens {found['provision'].replace('/', ' ')}, and the citation is of {one.provision}"
    yield from _day(found["on"], one, edition)


def _same(path: str, named: re.Match[str]) -> bool:
    """Whether the path in an address is that of the provision in words. A paragraph may be opened with its heading."""
    if named["schedule"]:
        start = f"schedule/{named['schedule']}/"
        return path == f"{start}paragraph/{named['paragraph']}" or path.startswith(f"{start}crossheading/")
    kind = next(kind for kind in ("section", "regulation", "article") if named[kind])
    return path == f"{kind}/{named[kind]}"


def _day(pinned: str, one: Citation, edition: Edition) -> Iterator[tuple[str, str]]:
    """A text of another day than those for which it is cited."""
    if pinned in ("enacted", "made") or not edition.in_force:
        return
    try:
        day = date.fromisoformat(pinned)
    except ValueError:
        yield "address", f"is pinned to {pinned}, which is no day"
        return
    if day > edition.from_day:
        words = f"shows the text of {say(day)}, and the edition begins on {say(edition.from_day)}: pin it to that day"
        yield "address", words
    if one.since is not None and day < one.since:
        yield "address", f"shows the text of {say(day)}, when the provision was not in force (from {say(one.since)})"
