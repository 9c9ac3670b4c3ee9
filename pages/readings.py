"""
Who read which sealed words, for the unit: by review, person and day, the newest first. No word that was read is on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from pages import sought
from pages.running import Running
from pages.visits import Posted, Stopped, Visit, Visits
from safeguarding.dates.london import read_day
from safeguarding.review.states import Track
from safeguarding.review.who_sees import unit_of
from tasks.record.reading import AT_A_TIME, line_of, readers, who_read
from tasks.store.readings import ReadingsWanted

READINGS = "/readings"
LONGEST = {"review": 40, "person": 60, "day": 20}
"""What is looked for, and how many letters of it."""
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
        router.add_api_route(READINGS, self.listed, methods=["GET"])
        router.add_api_route(READINGS, self.look, methods=["POST"])
        return router

    def look(self, request: Request, form: Posted) -> Response:
        """Something is looked for: the address of what is found does not have it in words."""
        visit, tracks = self._of_the_unit(request)
        self._visits.sent(visit, form)
        typed = {name: _plainly(form.get(name, ""), longest) for name, longest in LONGEST.items()}
        if _day(typed["day"])[1]:
            return self._page(visit, tracks, typed, 1, {})
        kept = {name: value for name, value in typed.items() if value}
        asked = {"found": sought.sealed(self._visits.session_of(request), kept)} if kept else {}
        return RedirectResponse(_address(asked), status_code=303)

    def listed(
        self, request: Request, found: str = "", review: str = "", number: Annotated[str, Query(alias="page")] = "1"
    ) -> Response:
        """The readings: all, those of the review that a page of ours leads from, or those that are looked for."""
        visit, tracks = self._of_the_unit(request)
        kept = sought.opened(self._visits.session_of(request), found) if found else {"review": review}
        typed = {name: _plainly((kept or {}).get(name, ""), longest) for name, longest in LONGEST.items()}
        page = min(int(number), FURTHEST) if number.isdecimal() and len(number) < 7 else 1
        asked = {"found": found} if kept and found else {"review": typed["review"]} if typed["review"] else {}
        return self._page(visit, tracks, typed, max(1, page), asked, sought.NO_MORE if kept is None else "")

    def _of_the_unit(self, request: Request) -> tuple[Visit, frozenset[Track]]:
        """Whoever asks, and on which tracks they are of the unit. Raises Stopped for whoever is on none."""
        visit, reader = self._visits.signed_in(request)
        tracks = unit_of(reader, visit.partnership)
        if not tracks:
            words = "Who read what is for the partnership's business unit."
            raise Stopped(self._visits.page(visit, "stopped", 403, title="This page is not yours", words=words))
        return visit, tracks

    def _page(
        self,
        visit: Visit,
        tracks: frozenset[Track],
        typed: Mapping[str, str],
        page: int,
        asked: Mapping[str, str],
        no_more: str = "",
    ) -> Response:
        on, errors = _day(typed["day"])
        wanted = ReadingsWanted(typed["review"].upper(), typed["person"], on, tracks)
        records = self._running.records
        found, count = who_read(records, wanted, (page - 1) * AT_A_TIME) if not errors else ([], 0)
        last = max(1, -(-count // AT_A_TIME))
        return self._visits.page(
            visit,
            "readings",
            422 if errors else 200,
            at="readings",
            errors=errors,
            typed=typed,
            no_more=no_more,
            readers=readers(records),
            lines=[line_of(one) for one in found],
            count=count,
            page=page,
            last=last,
            newer=_address({**asked, "page": str(page - 1)}) if page > 1 else "",
            older=_address({**asked, "page": str(page + 1)}) if page < last else "",
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


def _address(asked: Mapping[str, str]) -> str:
    return f"{READINGS}?{urlencode(asked)}" if asked else READINGS
