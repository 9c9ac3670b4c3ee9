"""
The referral form on paper: given blank to whoever signs in, and taken in by the unit once it came back filled in.

What was written on it stands then in «Open a referral», kept for whoever took it in as if they had typed it: they look
it over and send it. The file itself is read in memory and forgotten.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from pages.forms.opening import Opener
from pages.forms.what_now import NEW_AT
from pages.running import Running
from pages.uploads import Uploaded, uploaded
from pages.visits import Stopped, Visit, Visits
from safeguarding.errors import SafeguardingError
from safeguarding.review.states import Track
from safeguarding.review.step import MANAGERS
from safeguarding.shown.referral_filled import FilledReferral, filled_referral
from safeguarding.shown.referral_form import TITLES, referral_form
from tasks.record import drafts
from tasks.word.tables_in import LARGEST, TOO_LARGE, WordUnreadable, rows_in

HERE, BLANK = "/referral-form", "/referral-forms"
FORM = "form"
"""The question of the page."""
STEP = "open_referral"
NO_FILE = "Choose the form: a Word file (.docx). Nothing was taken in."
NOT_YOURS = "Referrals are taken in by the partnership's business unit: send it the form."
BEGUN = "You have begun a referral of {0} already. Send it or throw it away, and take this form in then."
OF_WHOM = {Track.CHILDREN: "a child", Track.ADULTS: "an adult"}


class FilledForms:
    """
    Where the form is given, and taken in.

    `opener` is that of every other form: it knows which submissions were sent, and that the next is another one.
    """

    def __init__(self, running: Running, visits: Visits, opener: Opener) -> None:
        self._running, self._visits, self._opener = running, visits, opener

    def routes(self) -> APIRouter:
        """Where they are."""
        router = APIRouter()
        router.add_api_route(HERE, self.asked, methods=["GET"])
        router.add_api_route(HERE, self.sent, methods=["POST"])
        router.add_api_route(f"{BLANK}/{{name}}.docx", self.blank, methods=["GET"])
        return router

    def blank(self, request: Request, name: str) -> Response:
        """The form of a track to fill in, for whoever signs in. It holds nothing of the record."""
        visit, _ = self._visits.signed_in(request)
        if name not in visit.partnership.tracks:
            raise Stopped(
                self._visits.page(visit, "stopped", 404, title="No such form", words="There is no such form.")
            )
        # What writes Word files is large, and few ask for one.
        from tasks.word.document import WORD, word_file

        page, track = referral_form(visit.partnership, Track(name)), Track(name)
        made = word_file(page, visit.partnership.name, TITLES[track], self._running.clock())
        head = {"content-disposition": f'attachment; filename="referral-{name}.docx"'}
        return Response(made, media_type=WORD, headers=head)

    def asked(self, request: Request) -> Response:
        """The page that asks for the filled form."""
        return self._page(self._of_the_unit(request))

    async def sent(self, request: Request) -> Response:
        """The form that was sent is read, and stands in «Open a referral». Who asks is known before it is read."""
        visit = await run_in_threadpool(self._of_the_unit, request)
        form = await uploaded(request, LARGEST + 10_000)
        return await run_in_threadpool(self._taken_in, visit, form)

    def _taken_in(self, visit: Visit, form: Uploaded) -> Response:
        if form.too_large:
            return self._page(visit, str(WordUnreadable(TOO_LARGE)))
        self._visits.sent(visit, form.fields)
        held = form.files.get(FORM, b"")
        try:
            filled = filled_referral(rows_in(held), visit.partnership) if held else None
        except SafeguardingError as wrong:
            return self._page(visit, str(wrong))
        return self._page(visit, NO_FILE) if filled is None else self._kept(visit, filled)

    def _kept(self, visit: Visit, filled: FilledReferral) -> Response:
        """What was written on it is kept as the draft of whoever took it in, and leads to its first page."""
        work = self._opener.opened(visit, NEW_AT[filled.track.value], STEP, {})
        if work.kept:
            return self._page(visit, BEGUN.format(OF_WHOM[filled.track]), work.at)
        for name, words in filled.answers.items():
            work.typed.put(name, words)
        if work.too_long or not drafts.keep(self._running.records, work.whose, work.words(), self._running.clock()):
            return self._page(visit, str(WordUnreadable(TOO_LARGE)))
        if filled.left:
            told = {"left": filled.left, "begun": f"{work.at}/1"}
            return self._visits.page(visit, "referral_form_taken", 200, at="home", **told)
        return RedirectResponse(f"{work.at}/1", status_code=303)

    def _page(self, visit: Visit, wrong: str = "", begun: str = "") -> Response:
        errors = {FORM: wrong} if wrong else {}
        return self._visits.page(visit, "referral_form", 422 if wrong else 200, at="home", errors=errors, begun=begun)

    def _of_the_unit(self, request: Request) -> Visit:
        visit, person = self._visits.signed_in(request)
        if MANAGERS.isdisjoint(person.roles):
            raise Stopped(self._visits.page(visit, "stopped", 403, title="This page is not yours", words=NOT_YOURS))
        return visit
