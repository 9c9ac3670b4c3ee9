"""
Who asks for a page: the browser by a cookie of its own, the person by their session; and what a form of ours sent.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import parse_qs, quote

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pages.may_see import is_of_the_unit
from pages.rendering import page
from pages.running import Running, is_secure
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.law.roles import ROLES
from safeguarding.review.events import Actor
from safeguarding.review.proof import signed_in
from tasks.record import sign_in
from tasks.record.sign_in import SignedIn

LARGEST = 20_000
"""Bytes of a form: the longest of these has two lines."""
MOST_FIELDS = 50
HOME = "/"
REVIEWS = "/reviews"
REGISTERS = "/registers"
YEARLY = "/yearly"
SIGN_IN = "/sign-in"
YOUR_SIGN_IN = "/your-sign-in"
_OURS = re.compile(r"/(?:your-sign-in|sharing|(?:reviews|registers|yearly)(?:[/?][\w./:%?=&+-]*)?)?")
"""The pages that somebody may be led back to once they have signed in."""
_COOKIE = re.compile(r"[\w-]{20,100}")
"""How the values that we give look."""

OPEN_TOO_LONG = "This page was open too long, or another one took its place. Nothing was changed: load it again."
TOO_LARGE = "More was sent than any of these forms holds. Nothing was changed."
UNREADABLE = "What was sent cannot be read as a form. Nothing was changed."


class Stopped(Exception):
    """A page is not given: what is given in its place."""

    def __init__(self, answer: Response) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks: the browser, and the person where one is signed in, with the partnership as it stands today."""

    browser: str
    partnership: Partnership
    person: Person | None = None
    signed_in: SignedIn | None = None
    token: str = ""
    """What each form of theirs sends along."""
    was_signed_in: bool = False
    """Whether there is a session of before that lets nobody in any more."""

    @property
    def actor(self) -> Actor:
        """Whoever is signed in, as the one who takes a step, with how it was proved. Raises ValueError for nobody."""
        if self.signed_in is None:
            raise ValueError("nobody is signed in, so nobody takes a step")
        return signed_in(self.signed_in.person, self.signed_in.proof)

    @property
    def roles(self) -> str:
        """In which roles the person is here, in words."""
        return ", ".join(ROLES.get(role, role.replace("_", " ")) for role in self.person.roles) if self.person else ""


class Visits:
    """Tells who asks, and answers them."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._secure = is_secure(running.settings)
        prefix = "__Host-" if self._secure else ""
        self.session_cookie, self.browser_cookie = f"{prefix}session", f"{prefix}browser"
        self.known_cookie = f"{prefix}known"

    # ----------------------------------------------------------------------- who asks

    def of(self, request: Request) -> Visit:
        """Whoever asks, signed in or not."""
        self._running.follow()
        partnership, records = self._running.partnership(), self._running.records
        browser = self._cookie(request, self.browser_cookie) or secrets.token_urlsafe(32)
        session = self._cookie(request, self.session_cookie)
        found = sign_in.who(records, session, partnership, self._running.clock()) if session else None
        person = partnership.known(found.person) if found else None
        if found is not None and found.proof == "demo" and not self._running.by_name:
            found, person = None, None
        token = sign_in.form_token(records, f"{browser}|{session if found else ''}")
        return Visit(browser, partnership, person, found, token, bool(session and not found))

    def signed_in(self, request: Request) -> tuple[Visit, Person]:
        """Whoever asks and is signed in. Raises Stopped, which leads to where they can."""
        visit = self.of(request)
        if visit.person is None:
            whole = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            ended = "&ended=1" if visit.was_signed_in else ""
            next_page = f"?next={quote(whole)}{ended}" if request.method == "GET" else ""
            raise Stopped(RedirectResponse(f"{SIGN_IN}{next_page}", status_code=303))
        return visit, visit.person

    def sent(self, visit: Visit, form: Mapping[str, str]) -> None:
        """A form came from a page of ours that was made for this browser. Raises Stopped."""
        if not hmac.compare_digest(form.get("token", "").encode(), visit.token.encode()):
            raise Stopped(self.page(visit, "stopped", 403, title="Load the page again", words=OPEN_TOO_LONG))

    def whence(self, request: Request) -> str:
        """Who counts as one who tries: the address itself, or the one that a proxy on this machine speaks for."""
        peer = request.client.host if request.client else ""
        named = request.headers.getlist("x-forwarded-for")
        if self._running.settings.pages_address and named and _is_here(peer):
            return named[-1].rpartition(",")[2].strip()[:64]
        return peer

    def known_by(self, request: Request) -> str:
        """What this browser keeps of somebody's having been signed in by it; empty where nobody was."""
        return self._cookie(request, self.known_cookie)

    def session_of(self, request: Request) -> str:
        """The token of the session, as the browser has it."""
        return self._cookie(request, self.session_cookie)

    def _cookie(self, request: Request, name: str) -> str:
        given = request.cookies.get(name, "")
        return given if _COOKIE.fullmatch(given) else ""

    # ----------------------------------------------------------------------- what they are given

    def page(self, visit: Visit, template: str, status: int = 200, *, at: str = "", **facts: Any) -> HTMLResponse:
        """A page for whoever asks; `at` is which entry of the navigation it is."""
        answer = page(
            template,
            status,
            visit=visit,
            at=at,
            partnership=visit.partnership.name,
            simulation=self._simulation,
            of_the_unit=visit.person is not None and is_of_the_unit(visit.person, visit.partnership),
            **facts,
        )
        self.keep(answer, self.browser_cookie, visit.browser)
        return answer

    @property
    def _simulation(self) -> bool:
        return self._running.installation.rulebook.partnership.example

    def keep(self, answer: Response, name: str, value: str, for_days: int | None = None) -> None:
        """Keep a cookie until the browser is closed, or so long: no script reads it, no other site sends it along."""
        seconds = None if for_days is None else for_days * 86_400
        answer.set_cookie(name, value, seconds, httponly=True, samesite="lax", secure=self._secure, path="/")

    def forget(self, answer: Response, name: str) -> None:
        """Take a cookie back."""
        answer.delete_cookie(name, httponly=True, samesite="lax", secure=self._secure, path="/")


async def posted(request: Request) -> Mapping[str, str]:
    """What a form sent, of each field the last. Raises Stopped for what no form of ours sends."""
    return {name: values[-1] for name, values in (await fields_of(request, LARGEST, MOST_FIELDS)).items()}


async def fields_of(request: Request, largest: int, most: int) -> Mapping[str, list[str]]:
    """What was sent, at most so many bytes and fields. Raises Stopped for more, and for what is no form."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > largest:
            raise Stopped(HTMLResponse(TOO_LARGE, status_code=413))
        parts.append(part)
    try:
        return parse_qs(b"".join(parts).decode("utf-8"), max_num_fields=most, keep_blank_values=True)
    except ValueError:
        raise Stopped(HTMLResponse(UNREADABLE, status_code=400)) from None


Posted = Annotated[Mapping[str, str], Depends(posted)]
"""What a form sent."""


def led_back(asked: str) -> str:
    """The page that somebody wanted before they signed in, if it is one of ours; else the first."""
    return asked if _OURS.fullmatch(asked) else HOME


def _is_here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
