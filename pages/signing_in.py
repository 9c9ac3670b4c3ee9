"""
Signing in: an address, the code that goes to its mailbox, who of its readers it is. Every address is answered alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from fastapi.responses import RedirectResponse

from pages.running import Running
from pages.visits import HOME, SIGN_IN, Posted, Stopped, Visit, Visits, led_back
from safeguarding.law.person import Person
from safeguarding.law.roles import ROLES
from safeguarding.mailbox import read_mailbox
from tasks.record import sign_in
from tasks.record.sign_in import SignInRefused

NextPage = Annotated[str, Query(alias="next")]
"""The page that somebody wanted before they signed in."""

TOO_OFTEN = (
    "Too many tries from your network failed within ten minutes. A code that is typed right the first time is taken "
    "all the same; else wait ten minutes, and try again."
)
ASKED_TOO_OFTEN = (
    "Too many codes were asked for from your network within ten minutes and not used. Use the code that you have, or "
    "wait ten minutes, and ask again."
)
NO_ADDRESS = "Enter your email address, such as name@council.example"
NO_CODE = "Enter the six figures of the code"
KNOWN_FOR = 180
"""Days for which a browser is known by which somebody was signed in. It lets nobody in."""
CHOOSE = "Choose who you are"
NOT_OFFERED = "Nobody is signed in by name here. Sign in with your address."


class SigningIn:
    """The pages by which somebody signs in and out."""

    def __init__(self, running: Running, visits: Visits) -> None:
        self._running, self._visits = running, visits

    def routes(self) -> APIRouter:
        """Where they are."""
        router = APIRouter()
        router.add_api_route(SIGN_IN, self.begin, methods=["GET"])
        router.add_api_route(SIGN_IN, self.ask, methods=["POST"])
        router.add_api_route(f"{SIGN_IN}/code", self.code, methods=["GET"])
        router.add_api_route(f"{SIGN_IN}/code", self.prove, methods=["POST"])
        router.add_api_route(f"{SIGN_IN}/who", self.who, methods=["GET"])
        router.add_api_route(f"{SIGN_IN}/who", self.choose, methods=["POST"])
        router.add_api_route(f"{SIGN_IN}/by-name", self.by_name, methods=["POST"])
        router.add_api_route("/sign-out", self.sign_out, methods=["POST"])
        return router

    # ----------------------------------------------------------------------- the address

    def begin(self, request: Request, wanted: NextPage = "", ended: str = "", out: str = "") -> Response:
        """The page that asks for an address."""
        visit = self._visits.of(request)
        if visit.person is not None:
            return RedirectResponse(led_back(wanted), status_code=303)
        return self._ask_page(visit, wanted, ended=bool(ended), out=bool(out))

    def ask(self, request: Request, form: Posted, later: BackgroundTasks) -> Response:
        """An address was typed: a code goes to it where somebody reads it, after this is answered, alike to all."""
        visit, wanted = self._from_here(request, form)
        address = form.get("address", "").strip()
        try:
            read_mailbox(address[:300])
        except ValueError:
            self._counts(request, visit)
            return self._ask_page(visit, wanted, 422, errors={"address": NO_ADDRESS}, typed=address[:300])
        known = self._visits.known_by(request)
        # Of a browser that is known the record itself bounds the codes: whoever is a stranger there uses up none.
        counts = not sign_in.is_known(self._running.records, known, address)
        if counts and self._running.asked.too_often(self._visits.whence(request), visit.browser):
            raise Stopped(self._wait_page(visit, ASKED_TOO_OFTEN))
        try:
            code = sign_in.ask_for_code(self._running.records, visit.browser, address, self._running.clock(), known)
        except SignInRefused as refused:
            return self._ask_page(visit, wanted, 429, errors={"address": str(refused)}, typed=address[:300])
        if people := sign_in.who_await_a_letter(self._running.records, address, visit.partnership):
            later.add_task(self._running.send_code, str(people[0].email), code)
        return RedirectResponse(f"{SIGN_IN}/code{_next(wanted)}", status_code=303, background=later)

    def _ask_page(self, visit: Visit, wanted: str, status: int = 200, **facts: Any) -> Response:
        offered = visit.partnership.people if self._running.by_name else ()
        facts = {"errors": {}, "typed": "", "ended": False, "out": False, **facts}
        sends = self._running.sends_codes
        facts |= {"agencies": visit.partnership.agency_names, "offered": offered, "sends": sends}
        facts |= {"roles": ROLES, "partners": {one.id: one.name for one in visit.partnership.partners}}
        return self._visits.page(visit, "sign_in", status, next=wanted, **facts)

    # ----------------------------------------------------------------------- the code

    def code(self, request: Request, wanted: NextPage = "") -> Response:
        """The page that asks for the code: the same whoever's address was typed."""
        return self._visits.page(self._visits.of(request), "sign_in_code", next=led_back(wanted), errors={})

    def prove(self, request: Request, form: Posted, later: BackgroundTasks) -> Response:
        """
        A code was typed: that of the letter, or one of an authenticator.

        Where too many of the same network failed, the first that is typed for a code is looked at all the same: whoever
        guesses shuts none of their colleagues out, and has the tries that the record gives for each mailbox.
        """
        visit, wanted = self._from_here(request, form)
        now, records = self._running.clock(), self._running.records
        typed, asked = form.get("code", "").strip(), sign_in.asked_in(records, visit.browser)
        whence = f"{self._visits.whence(request)} {asked.known}".strip()
        too_often = self._running.tries.too_often(whence, visit.browser)
        try:
            if not typed:
                raise SignInRefused(NO_CODE)
            if too_often and asked.wrong:
                raise SignInRefused(TOO_OFTEN)
            proved = sign_in.prove(records, visit.browser, typed[:40], visit.partnership, now)
        except SignInRefused as refused:
            for locked in refused.locked:
                later.add_task(self._running.send_locked, locked)
            if too_often:
                return self._wait_page(visit, TOO_OFTEN, later)
            errors = {"code": str(refused)}
            return self._visits.page(visit, "sign_in_code", 422, next=wanted, errors=errors, later=later)
        if not too_often:
            self._running.tries.came_good(whence, visit.browser)
        self._running.asked.came_good(self._visits.whence(request), visit.browser)
        if len(proved.people) == 1:
            return self._signed_in(visit, proved.people[0], proved.proof, wanted)
        return RedirectResponse(f"{SIGN_IN}/who{_next(wanted)}", status_code=303)

    # ----------------------------------------------------------------------- which of several

    def who(self, request: Request, wanted: NextPage = "") -> Response:
        """The page that asks which of the readers of one mailbox somebody is."""
        visit = self._visits.of(request)
        return self._who_page(visit, led_back(wanted), {})

    def choose(self, request: Request, form: Posted) -> Response:
        """One of the readers of the mailbox was chosen, whose code was proved: there is nothing left to guess."""
        visit, wanted = self._from_here(request, form)
        people = sign_in.proved_people(self._running.records, visit.browser, visit.partnership, self._running.clock())
        chosen = next((one for one in people if one.id == form.get("person")), None)
        if chosen is None:
            return self._who_page(visit, wanted, {"person": CHOOSE})
        return self._signed_in(visit, chosen, "code", wanted)

    def _who_page(self, visit: Visit, wanted: str, errors: Mapping[str, str]) -> Response:
        people = sign_in.proved_people(self._running.records, visit.browser, visit.partnership, self._running.clock())
        if not people:
            return RedirectResponse(f"{SIGN_IN}{_next(wanted)}", status_code=303)
        status = 422 if errors else 200
        return self._visits.page(visit, "sign_in_who", status, next=wanted, people=people, errors=errors)

    def by_name(self, request: Request, form: Posted) -> Response:
        """In the demo alone: one of its invented people."""
        visit, wanted = self._from_here(request, form)
        person = visit.partnership.known(form.get("person", "")) if self._running.by_name else None
        if person is None:
            self._counts(request, visit)
            return self._ask_page(visit, wanted, 403, errors={"address": NOT_OFFERED})
        return self._signed_in(visit, person, "demo", wanted)

    # ----------------------------------------------------------------------- in and out

    def _signed_in(self, visit: Visit, person: Person, proof: sign_in.HowProved, wanted: str) -> Response:
        token = sign_in.begin(self._running.records, visit.browser, person, proof, self._running.clock())
        answer = RedirectResponse(wanted, status_code=303)
        self._visits.keep(answer, self._visits.session_cookie, token)
        if proof != "demo":
            known = sign_in.known_browser(self._running.records, person.email or "")
            self._visits.keep(answer, self._visits.known_cookie, known, for_days=KNOWN_FOR)
        self._visits.forget(answer, self._visits.browser_cookie)  # Signed in, the browser is another one.
        return answer

    def sign_out(self, request: Request, form: Posted) -> Response:
        """Somebody signs out."""
        visit, _ = self._visits.signed_in(request)
        self._visits.sent(visit, form)
        sign_in.end(self._running.records, request.cookies[self._visits.session_cookie])
        answer = RedirectResponse(f"{SIGN_IN}?out=1", status_code=303)
        self._visits.forget(answer, self._visits.session_cookie)
        return answer

    def _from_here(self, request: Request, form: Mapping[str, str]) -> tuple[Visit, str]:
        """
        Who sent a form of these, and where they wanted to go. Raises Stopped: from elsewhere; or whoever pressed twice
        and is signed in by now is led there, whatever else the form says.
        """
        visit = self._visits.of(request)
        if visit.person is not None:  # Its token is of before. Nothing is done for it, so none is asked for.
            raise Stopped(RedirectResponse(led_back(form.get("next", "")), status_code=303))
        self._visits.sent(visit, form)
        return visit, led_back(form.get("next", ""))

    def _counts(self, request: Request, visit: Visit) -> None:
        """A try failed. Raises Stopped: too many did."""
        if self._running.tries.too_often(self._visits.whence(request), visit.browser):
            raise Stopped(self._wait_page(visit, TOO_OFTEN))

    def _wait_page(self, visit: Visit, words: str, later: BackgroundTasks | None = None) -> Response:
        return self._visits.page(visit, "stopped", 429, title="Too many tries", words=words, later=later)


def _next(wanted: str) -> str:
    return "" if wanted == HOME else f"?next={quote(wanted)}"
