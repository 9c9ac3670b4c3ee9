"""
The application of the pages: every room of it under one guard.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles

from pages.anonymity import AnonymityRoom
from pages.as_pdf import AsPdf
from pages.bundle import BundleRoom
from pages.dates import Dates
from pages.forms.filled import FilledForms
from pages.forms.opening import Opener
from pages.forms.room import Room
from pages.guard import GONE_WRONG, Guard
from pages.home import Home
from pages.letters import Letters
from pages.own_sign_in import OwnSignIn
from pages.positions import PositionPage
from pages.readings import Readings
from pages.registers import RegisterRooms
from pages.rendering import STATIC, page
from pages.review_page import ReviewPage
from pages.reviews import Reviews
from pages.running import Running, hosts_of, is_secure, origins_of
from pages.seen import Seen
from pages.sharing import SharingRooms
from pages.signing_in import SigningIn
from pages.visits import Stopped, Visits
from pages.yearly import Yearly

NOT_FOUND = (
    "There is no page at this address. If you typed it, look whether it is right; if you followed a link, it is old."
)
NOT_SO = "This page is not asked for in this way. Nothing was changed."


def application(running: Running, port: int) -> Guard:
    """All the pages, as they are served at a port of this machine."""
    visits = Visits(running)

    def stopped(request: Request, why: Any) -> Response:
        answer: Response = why.answer
        return answer

    def said(title: str, words: str, status: int) -> Any:
        return lambda request, _: visits.page(visits.of(request), "stopped", status, title=title, words=words)

    def gone_wrong(request: Request, _: Any) -> Response:
        # Asks nothing of the record, which may be what is wrong.
        name = running.installation.rulebook.partnership.name
        return page("stopped", 500, partnership=name, title="Something went wrong", words=GONE_WRONG)

    handlers: Mapping[Any, Any] = {
        Stopped: stopped,
        404: said("Page not found", NOT_FOUND, 404),
        405: said("Not in this way", NOT_SO, 405),
        500: gone_wrong,
        422: said("Not in this way", NOT_SO, 422),
    }
    # Its own description of itself would fetch scripts from elsewhere, and tells strangers what there is.
    made = FastAPI(
        openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, exception_handlers=dict(handlers)
    )
    seen = Seen(running, visits)
    opener = Opener(running, visits, seen)
    forms = Room(running, visits, seen, opener)
    rooms = (
        SigningIn(running, visits),
        OwnSignIn(running, visits),
        Home(running, visits, seen, forms.begun),
        Reviews(running, visits, seen),
        ReviewPage(running, visits, seen, forms.what_now),
        forms,
        FilledForms(running, visits, opener),
        PositionPage(running, visits, seen, forms.what_now),
        Dates(running, visits, seen),
        AsPdf(running, visits, seen),
        BundleRoom(running, visits, seen),
        AnonymityRoom(running, visits, seen),
        Letters(running, visits, seen),
        Readings(running, visits),
        RegisterRooms(running, visits, seen),
        SharingRooms(running, visits, seen),
        Yearly(running, visits, seen),
    )
    for room in rooms:
        made.include_router(room.routes())
    made.mount("/static", StaticFiles(directory=str(STATIC)), name="static")
    settings = running.settings
    return Guard(made, hosts_of(settings, port), origins_of(settings, port), secure=is_secure(settings))
