"""
Who read which sealed words, for the unit: by review, person and day, the newest first. No word that was read is on it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from pages.may_see import unit_of
from pages.running import Running
from pages.visits import Stopped, Visits
from safeguarding.dates.london import read_day
from tasks.record.reading import AT_A_TIME, line_of, readers, who_read
from tasks.store.readings import ReadingsWanted

FURTHEST = 100_000
"""The last page that is looked for."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 12, 31)
"""The days that are looked for: beyond them no calendar of the program reaches."""


class Readings:
    """The page of who read what."""

    def __init__(self, running: Running, visits: Visits) -> None:
        self._running, self._visits = running, visits

    def routes(self) -> APIRouter:
        """Where it is."""
        router = APIRouter()
        router.add_api_route("/readings", self.listed, methods=["GET"])
        return router

    def listed(
        self,
        request: Request,
        review: str = "",
        person: str = "",
        day: str = "",
        number: Annotated[str, Query(alias="page")] = "1",
    ) -> Response:
        """The readings, or those that are looked for. Raises Stopped for whoever is not of the unit."""
        visit, reader = self._visits.signed_in(request)
        tracks = unit_of(reader, visit.partnership)
        if not tracks:
            words = "Who read what is for the partnership's business unit."
            raise Stopped(self._visits.page(visit, "stopped", 403, title="This page is not yours", words=words))
        typed = {"review": _plainly(review, 40), "person": _plainly(person, 60), "day": _plainly(day, 20)}
        on, errors = _day(typed["day"])
        page = min(int(number), FURTHEST) if number.isdecimal() and len(number) < 7 else 1
        asked = ReadingsWanted(typed["review"].upper(), typed["person"], on, tracks)
        records, skip = self._running.records, (max(1, page) - 1) * AT_A_TIME
        found, count = who_read(records, asked, skip) if not errors else ([], 0)
        kept = {name: value for name, value in typed.items() if value}
        last = max(1, -(-count // AT_A_TIME))
        return self._visits.page(
            visit,
            "readings",
            422 if errors else 200,
            at="readings",
            errors=errors,
            typed=typed,
            readers=readers(records),
            lines=[line_of(one) for one in found],
            count=count,
            page=page,
            last=last,
            newer=_link(kept, page - 1) if page > 1 else "",
            older=_link(kept, page + 1) if page < last else "",
        )


def _plainly(typed: str, longest: int) -> str:
    """What was typed, without the signs that no database looks for."""
    return "".join(sign for sign in typed if sign.isprintable()).strip()[:longest]


def _day(typed: str) -> tuple[date | None, dict[str, str]]:
    if not typed:
        return None, {}
    try:
        day = read_day(typed)
    except ValueError:
        return None, {"day": "Enter a day as year, month and day, such as 2026-11-30"}
    if not FIRST_DAY <= day <= LAST_DAY:
        return None, {"day": f"Enter a day between {FIRST_DAY.year} and {LAST_DAY.year}"}
    return day, {}


def _link(kept: dict[str, str], page: int) -> str:
    return f"/readings?{urlencode({**kept, 'page': str(page)})}"
