"""
«Your sign-in»: how somebody signs in, their authenticator set up and given up; and for the unit, whose is taken away.
"""

from __future__ import annotations

from typing import Any

import pyotp
import segno
from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from pages.running import Running
from pages.visits import YOUR_SIGN_IN, Posted, Stopped, Visit, Visits
from safeguarding.errors import TransitionRefused
from safeguarding.law.person import Person
from safeguarding.review.proof import might_be_another
from safeguarding.review.step import MANAGERS
from tasks.record import authenticators, sign_in, staff

NOT_THE_CODE = "That is not the code that your authenticator shows now. Wait for its next one and type that."
EXPIRED = "That key waited for longer than ten minutes and is good no more. Begin again, and take the new key in"
NO_CODE = "Enter the six figures that your authenticator shows"
LOCKED = "Ten wrong codes were typed within an hour, so none is taken for an hour"
TOO_OFTEN = "Too many tries from your network failed within ten minutes. Wait ten minutes, and try again."
SEVERAL = (
    "Several people of the partnership's file have your mailbox, so a code that goes there does not prove which of "
    "them you are. Ask the business unit for an address of your own, and set up an authenticator then"
)
WHY = ("the device is lost", "the device is broken or replaced", "somebody else may have it")


class OwnSignIn:
    """The page of one's own sign-in."""

    def __init__(self, running: Running, visits: Visits) -> None:
        self._running, self._visits = running, visits

    def routes(self) -> APIRouter:
        """Where it is."""
        router = APIRouter()
        router.add_api_route(YOUR_SIGN_IN, self.look, methods=["GET"])
        router.add_api_route(f"{YOUR_SIGN_IN}/begin", self.begin, methods=["POST"])
        router.add_api_route(f"{YOUR_SIGN_IN}/confirm", self.confirm, methods=["POST"])
        router.add_api_route(f"{YOUR_SIGN_IN}/give-up", self.give_up, methods=["POST"])
        router.add_api_route(f"{YOUR_SIGN_IN}/of-others", self.remove, methods=["POST"])
        return router

    def look(self, request: Request, done: str = "") -> Response:
        """The page."""
        visit, person = self._visits.signed_in(request)
        return self._page(visit, person, done=done if done in ("set-up", "given-up", "removed") else "")

    def begin(self, request: Request, form: Posted) -> Response:
        """An authenticator is to be set up: its secret is made, and shown until a first code is typed."""
        visit, person = self._sent(request, form)
        if why := self._of_several(visit):
            return self._page(visit, person, errors={"begin": why})
        authenticators.begin(self._running.records, person.id, self._running.clock())
        self._came_good(request, person)
        return RedirectResponse(YOUR_SIGN_IN, status_code=303)

    def confirm(self, request: Request, form: Posted, later: BackgroundTasks) -> Response:
        """A first code was typed."""
        visit, person = self._sent(request, form)
        if why := self._of_several(visit):
            return self._page(visit, person, errors={"begin": why})
        records, typed = self._running.records, form.get("code", "").strip()[:40]
        here = sign_in.token_kept(records, self._visits.session_of(request))
        if authenticators.secret_to_take_in(records, person.id, self._running.clock()) is None:
            return self._page(visit, person, errors={"begin": EXPIRED})
        if not typed or not authenticators.confirm(records, person.id, typed, self._running.clock(), keep=here):
            return self._page(visit, person, errors={"code": NOT_THE_CODE if typed else NO_CODE})
        self._came_good(request, person)
        later.add_task(self._running.send_set_up, person.id)
        return RedirectResponse(f"{YOUR_SIGN_IN}?done=set-up", status_code=303, background=later)

    def give_up(self, request: Request, form: Posted, later: BackgroundTasks) -> Response:
        """Somebody takes their own away, by a code of it."""
        visit, person = self._sent(request, form)
        typed = form.get("code", "").strip()[:40]
        tried = authenticators.give_up(self._running.records, person.id, typed, self._running.clock())
        if tried.person is None:
            words = LOCKED if tried.locked_now or tried.locked_until else NOT_THE_CODE if typed else NO_CODE
            if tried.locked_now:
                later.add_task(self._running.send_locked, person.id)
            return self._page(visit, person, errors={"code": words}, later=later)
        self._came_good(request, person)
        later.add_task(self._running.send_removed, person.id)
        return RedirectResponse(f"{YOUR_SIGN_IN}?done=given-up", status_code=303, background=later)

    def remove(self, request: Request, form: Posted, later: BackgroundTasks) -> Response:
        """The unit takes somebody's away, whose device is lost: recorded first."""
        visit, person = self._sent(request, form)
        whose = form.get("person", "")
        if whose == person.id:
            return self._page(
                visit, person, errors={"person": "Take your own away by a code of it, or ask a colleague"}
            )
        try:
            staff.remove_authenticator_of(
                self._running.installation, whose, form.get("why", ""), visit.actor, self._running.clock()
            )
        except TransitionRefused as refused:
            return self._page(visit, person, errors={"person": f"Choose whose, and why ({'; '.join(refused.unmet)})"})
        self._came_good(request, person)
        later.add_task(self._running.send_removed, whose)
        return RedirectResponse(f"{YOUR_SIGN_IN}?done=removed", status_code=303, background=later)

    @staticmethod
    def _of_several(visit: Visit) -> str:
        """Why nobody sets up an authenticator by this sign-in: one of several, who could choose another's name."""
        if visit.signed_in is None or not might_be_another(visit.actor, visit.partnership):
            return ""
        return SEVERAL

    def _sent(self, request: Request, form: Posted) -> tuple[Visit, Person]:
        """Who sent a form of this page. Raises Stopped: nobody is signed in, from elsewhere, or too often."""
        visit, person = self._visits.signed_in(request)
        self._visits.sent(visit, form)
        if self._running.tries.too_often(self._of(request, person), person.id):
            raise Stopped(self._visits.page(visit, "stopped", 429, title="Too many tries", words=TOO_OFTEN))
        return visit, person

    def _came_good(self, request: Request, person: Person) -> None:
        self._running.tries.came_good(self._of(request, person), person.id)

    def _of(self, request: Request, person: Person) -> str:
        """Whoever is signed in is counted by themselves: neither for their colleagues' tries nor for a stranger's."""
        return f"{self._visits.whence(request)} {person.id}"

    def _page(
        self,
        visit: Visit,
        person: Person,
        *,
        done: str = "",
        errors: dict[str, str] | None = None,
        later: BackgroundTasks | None = None,
    ) -> Response:
        records, partnership = self._running.records, visit.partnership
        found = authenticators.of(records, person.id)
        secret = authenticators.secret_to_take_in(records, person.id, self._running.clock())
        facts: dict[str, Any] = {"own": found, "secret": secret, "done": done, "errors": errors or {}, "others": ()}
        if secret is not None:
            name = str(person.email or person.name)
            facts["picture"] = drawn(pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=partnership.name))
            facts["groups"] = [secret[place : place + 4] for place in range(0, len(secret), 4)]
        if MANAGERS & set(person.roles):
            theirs = authenticators.everybody(records) - {person.id}
            facts |= {"others": [one for one in partnership.people if one.id in theirs], "why": WHY}
        proof = visit.signed_in.proof if visit.signed_in else ""
        return self._visits.page(
            visit, "own_sign_in", 422 if errors else 200, at="sign-in", proof=proof, later=later, **facts
        )


def drawn(words: str) -> Markup:
    """Words as a picture that a phone's camera reads: SVG in the page itself, without a style of its own."""
    made = segno.make(words, error="m").svg_inline(border=4, light="#fff", omitsize=True)
    return Markup(made)  # noqa: S704  drawn here, of figures alone
