"""
The pages of a form: its groups of questions, the check of its answers, sending it, and what was recorded.

Every page is kept when it is sent, whether what was typed fits or not; nothing is taken before «Send».
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from pages.can_be_done import WhatIsBegun, WhatNow
from pages.forms import shown
from pages.forms.completed import complete
from pages.forms.days import day_of_the_page
from pages.forms.earlier import earlier_block
from pages.forms.handed_back import in_this_session
from pages.forms.once import OneAtATime, row_token, sent_before
from pages.forms.opening import ERASED, ERASED_TITLE, Opener
from pages.forms.presses import is_today, pressed
from pages.forms.question import MOST_ROWS
from pages.forms.sections import Section
from pages.forms.sent import boxes
from pages.forms.several import RowAnswered
from pages.forms.to_approve import waiting_block
from pages.forms.typed import ROWS, Typed
from pages.forms.what_now import begun_by, new_reviews, what_now
from pages.forms.work import AFTER, WINDOW, FormAtWork
from pages.positions import why_not
from pages.running import Running
from pages.seen import Seen
from pages.settling import ROW, form_for, onward
from pages.visits import Stopped, Visit, Visits
from safeguarding.errors import SafeguardingError, TransitionRefused
from safeguarding.review.answers import Wrong
from safeguarding.review.events import Actor, Event
from safeguarding.review.fold import fold
from safeguarding.review.review import Review
from tasks.record import drafts
from tasks.record.foreseen import Foreseen, foresee
from tasks.record.records import Taken

Since = Annotated[str, Query()]
"""The first of several lines that were recorded at once."""
Sent = Annotated[Typed, Depends(boxes)]
"""What a form sent."""

AT = "/reviews/{reference}/do/{step}"
LATER, ADD, KEEP, SEND = "later", "add:", "keep", "send"
"""What the buttons of a form say besides «Continue»."""
IN_VAIN = "in vain"
"""What the button says that throws away what was typed in rows that are asked no more."""
NEXT, NEXT_TODAY = "next", "next today:"
"""What the buttons say that lead on; the second that the one day which is asked for, by its name, was today."""
ONWARD = (NEXT, SEND)
"""The buttons by which a page is done."""
DONE = "done"
"""What an address says of a form of several at once that was refused in the middle: which lines were recorded."""
LOOK = "look"
"""What an address says that leads to a page which names what is wrong."""
OTHERS = "others"
"""What an address says that leads back to the check: the answers are others than those that were checked."""
AGAIN = "again"
"""What an address says that leads to a form which was sent before, in another window, and is filled in again."""
OLDER = "older"
"""What an address says that leads to the check: the page that was sent is not the newest of its form."""
TOO_LONG = "More was typed on this form than can be kept of one. What was typed before is kept; shorten it."
NOTHING = "There is nothing of yours to send here: it was sent before, or not begun."


class Room:
    """The pages of every form."""

    def __init__(self, running: Running, visits: Visits, seen: Seen, opener: Opener) -> None:
        self._running, self._visits, self._seen, self._opener = running, visits, seen, opener
        self._once = OneAtATime()

    def routes(self) -> APIRouter:
        """Where they are."""
        router = APIRouter()
        router.add_api_route(AT, self.begin, methods=["GET"])
        router.add_api_route(f"{AT}/check", self.check, methods=["GET"])
        router.add_api_route(f"{AT}/send", self.send, methods=["POST"])
        router.add_api_route(f"{AT}/send", self.check, methods=["GET"])
        router.add_api_route(f"{AT}/discard", self.discard, methods=["POST"])
        router.add_api_route(f"{AT}/{{number}}", self.ask, methods=["GET"])
        router.add_api_route(f"{AT}/{{number}}", self.take, methods=["POST"])
        router.add_api_route("/reviews/{reference}/recorded/{sequence}", self.recorded, methods=["GET"])
        router.add_api_route("/reviews/{reference}/settle/{rule}", self.settle, methods=["GET"])
        router.add_api_route("/reviews/{reference}/settle/{rule}/{subject:path}", self.settle, methods=["GET"])
        router.add_api_route("/reviews/{reference}/onward", self.onward, methods=["GET"])
        return router

    # ----------------------------------------------------------------------- from elsewhere

    def settle(self, request: Request, reference: str, rule: str, subject: str = "") -> Response:
        """From something that is owed to the form that meets it."""
        visit, _ = self._visits.signed_in(request)
        review, _ = self._seen.review(visit, reference)
        where = form_for(review, rule, subject, self.what_now(visit, review), self._running.rulebook())
        return RedirectResponse(where, status_code=303)

    def onward(self, request: Request, reference: str) -> Response:
        """To the form of the stage's own next step."""
        visit, _ = self._visits.signed_in(request)
        review, _ = self._seen.review(visit, reference)
        return RedirectResponse(onward(self.what_now(visit, review), review), status_code=303)

    # ----------------------------------------------------------------------- asking

    def begin(self, request: Request, reference: str, step: str) -> Response:
        """The first page of a form, or the one that has the row which a link asks for."""
        if row := request.query_params.get(ROW):
            visit, _ = self._visits.signed_in(request)
            work = self._opener.opened(visit, reference, step, {})
            there = [one for one in work.sections[1:] if row in {question.id for question in one.questions}]
            if there:
                return RedirectResponse(f"{work.at}/{there[0].number}#{row}", status_code=303)
        return self.ask(request, reference, step, "1")

    def ask(self, request: Request, reference: str, step: str, number: str) -> Response:
        """One page of a form, as it was left."""
        visit, _ = self._visits.signed_in(request)
        work = self._opener.opened(visit, reference, step, dict(request.query_params))
        section = self._section(visit, work, number)
        wrong = _wrong_on(work, section) if request.query_params.get(LOOK) else []
        facts: dict[str, Any] = shown.form_page(work, section, wrong, self._running.today())
        facts["again"] = bool(request.query_params.get(AGAIN))
        facts["beside_it"] = self._opener.beside(work)
        facts["beside"] += earlier_block(work, visit, self._seen, self._running)
        facts["beside"] = [*waiting_block(work, visit, self._running), *facts["beside"]]
        return self._visits.page(visit, "form", at="review", **facts)

    def take(self, request: Request, reference: str, step: str, number: str, sent: Sent) -> Response:
        """One page was sent: it is kept; then its next page, or what is wrong with it."""
        with self._once.of(sent.one("submission")):
            return self._take(request, reference, step, number, sent)

    def _take(self, request: Request, reference: str, step: str, number: str, sent: Typed) -> Response:
        visit, work = self._sent(request, reference, step, sent)
        section = self._section(visit, work, number)
        go, submission = sent.one("go"), sent.one("submission")
        before = sent_before(self._running.records, submission)
        page = sent.without(WINDOW, AFTER).digest
        if before is not None and go == SEND and self._opener.is_pressed_twice(submission, page):
            return _led_to(*before)
        late = submission != work.token and before is not None
        if go == KEEP and late:  # What a window sends by itself does not bring a form back that was sent in another.
            return Response(status_code=409)
        stood = work.typed.without()
        work.typed.take(sent, work.asked_on(section))
        work.typed.take_any(sent, work.gone)
        elsewhere = not late and work.takes_the_place(section, sent, stood)
        place = self._filled_by(work, section, go)
        if late and work.kept and work.typed.digest != stood.digest:
            return self._beside_newer(visit, work, section, "sent")
        if elsewhere:
            return Response(status_code=409) if go == KEEP else self._beside_newer(visit, work, section, "kept")
        work.write_from(section, sent)
        self._keep(visit, work)
        if go == KEEP:
            if sent_before(self._running.records, work.token):  # In that very moment.
                drafts.forget(self._running.records, work.whose)
            return Response(status_code=204)
        if late:
            return RedirectResponse(f"{work.at}/{section.number}?{AGAIN}=1", status_code=303)
        if go == LATER:
            return RedirectResponse(f"{shown.back_of(work)}?kept={work.step.name}", status_code=303)
        if place is not None:
            return RedirectResponse(f"{work.at}/{section.number}#{place}", status_code=303)
        # Led to by an address in either case: a page that is loaded again sends nothing again.
        if _wrong_on(work, section):
            return RedirectResponse(f"{work.at}/{section.number}?{LOOK}=1", status_code=303)
        if go == SEND and work.at_once and submission != work.token:
            # Refused in the meantime, or opened before the pages were started again: whether that very page was sent
            # is known no more, and whoever sent it looks.
            return RedirectResponse(f"{work.at}/check?{OLDER}=1", status_code=303)
        if go == SEND and work.at_once:
            return self._send(visit, work, work.made_on, page)
        onward = "check" if section is work.last else str(section.number + 1)
        return RedirectResponse(f"{work.at}/{onward}", status_code=303)

    def _beside_newer(self, visit: Visit, work: FormAtWork, section: Section, since: str) -> Response:
        """
        What a window sent, shown and not kept: the form was `sent` since and begun again, or another window's words are
        `kept` of it. Pressed once more, this takes their place; nobody's words go without their knowing.
        """
        facts = shown.form_page(work, section, [], self._running.today()) | {"newer": since}
        return self._visits.page(visit, "form", at="review", **facts)

    def _filled_by(self, work: FormAtWork, section: Section, go: str) -> str | None:
        """Fill in what a button fills in, and where that is; None of a button that leads on."""
        if go.startswith(ADD):
            name = go.removeprefix(ADD)
            work.typed.put(f"{name}-{ROWS}", str(min(_rows(work, section, name) + 1, MOST_ROWS)))
            return name
        if go.startswith(NEXT_TODAY):
            is_today(work, section, go.removeprefix(NEXT_TODAY), self._running.today())
            go = NEXT
        if go in ONWARD:
            complete(section, work.typed, work.rulebook.partnership)
        return pressed(work, section, go, self._running.today())

    def discard(self, request: Request, reference: str, step: str, sent: Sent) -> Response:
        """What was typed is thrown away, by a press: all of it, or what was typed in rows that are asked no more."""
        visit, work = self._sent(request, reference, step, sent)
        if work.kept and sent.one("go") == IN_VAIN:
            for row in work.gone:
                work.typed.forget(row.id)
            if any(row.raw for row in work.answers()[0]):
                self._keep(visit, work)
                return RedirectResponse(f"{work.at}/1", status_code=303)
        self._opener.let_go(work)
        return RedirectResponse(shown.back_of(work), status_code=303)

    # ----------------------------------------------------------------------- checking and sending

    def check(self, request: Request, reference: str, step: str) -> Response:
        """Every answer, everything that stands in the way, or what follows when it is sent."""
        visit, _ = self._visits.signed_in(request)
        work = self._opener.opened(visit, reference, step, {})
        last = work.review.refusal if work.review is not None and request.query_params.get(LOOK) else None
        refused = last.unmet if last is not None and last.step == work.step.name else ()
        foreseen = self._foreseen(work)
        then, lines = self._then(work, foreseen)
        unstanding = why_not(visit, then, lines, self._running) if then is not None else ()
        facts = shown.check_page(work, foreseen, _wrong(work), refused, unstanding)
        facts |= {name: bool(request.query_params.get(name)) for name in (OTHERS, OLDER)}
        since, _, until = request.query_params.get(DONE, "").partition("-")
        facts["done"] = shown.recorded_of(work, _number(since), _number(until))
        facts["earlier"] = earlier_block(work, visit, self._seen, self._running)
        return self._visits.page(visit, "check", at="review", **facts)

    def send(self, request: Request, reference: str, step: str, sent: Sent) -> Response:
        """The form is sent: the step is taken, or refused with every reason and nothing lost."""
        with self._once.of(sent.one("submission")):
            return self._checked(request, reference, step, sent)

    def _checked(self, request: Request, reference: str, step: str, sent: Typed) -> Response:
        visit, work = self._sent(request, reference, step, sent)
        before = sent_before(self._running.records, sent.one("submission"))
        if before is not None:
            return _led_to(*before)
        if not work.kept:
            raise Stopped(self._visits.page(visit, "stopped", 404, title="Nothing to send", words=NOTHING))
        if sent.one("checked") != work.typed.digest:
            return RedirectResponse(f"{work.at}/check?{OTHERS}=1", status_code=303)
        return self._send(visit, work, _number(sent.one("seen")) or work.made_on)

    def _send(self, visit: Visit, work: FormAtWork, made_on: int | None, page: str = "") -> Response:
        """The step is taken, or refused. `page` is the digest of the page of questions from which it was sent."""
        answered, wrong = work.answers()
        actor, unsigned = work.actor()
        tried = wrong or unsigned or len(answered) > 1 or page
        unmet: Sequence[str] = self._foreseen(work).unmet if tried else ()
        if page and not (wrong or unsigned or unmet):
            # Nobody saw its check yet: what stands in its way is said there, and is no line of the record.
            unmet = self._overtaken(work, answered[0].raw, actor, made_on)
        if wrong or unsigned or unmet:
            return self._sent_by_another(work) or RedirectResponse(f"{work.at}/check?{LOOK}=1", status_code=303)
        taken: list[Taken] = []
        token = work.token
        try:
            for one in self._taken(work, answered, actor, made_on):
                taken.append(one)  # What was taken before a refusal stays recorded.
        except SafeguardingError as refused:
            work.renew()
            self._opener.was_sent(work.whose)
            self._keep(visit, work)
            # Whatever else refuses a step is said by the check page, which tries the same; a broken record is not.
            if not isinstance(refused, TransitionRefused) and not self._foreseen(work).unmet:
                raise
            done = f"&{DONE}={taken[0].event.sequence}-{taken[-1].review.version}" if taken else ""
            return RedirectResponse(f"{work.at}/check?{LOOK}=1{done}", status_code=303)
        self._opener.was_sent(work.whose, token, page)
        first, last = taken[0], taken[-1]
        if in_vain := work.typed_in_vain():
            work.goes_on_with(in_vain, last.review.changed)
            self._keep(visit, work)
        else:
            drafts.forget(self._running.records, work.whose)
        return _led_to(last.review.reference, first.event.sequence, last.review.version)

    def _taken(
        self, work: FormAtWork, answered: Sequence[RowAnswered], actor: Actor, made_on: int | None
    ) -> Iterator[Taken]:
        """The step taken once, or for each row one after the other. Raises SafeguardingError."""
        records, now, name = self._running.records, self._running.clock(), work.step.name
        if work.review is None:
            yield records.open(answered[0].raw, actor, now, work.token, name)
            return
        for number, row in enumerate(answered):
            token, reference = row_token(work.token, number), work.review.reference
            taken = records.attempt(reference, name, row.raw, actor, now, made_on, token, keep=not work.rows)
            made_on = taken.review.changed
            work.typed.forget(row.key)
            yield taken

    def recorded(self, request: Request, reference: str, sequence: str, since: Since = "") -> Response:
        """What was recorded, which dates began, who is told, what comes next."""
        visit, _ = self._visits.signed_in(request)
        review, events = self._seen.review(visit, reference)
        last, first = _number(sequence), _number(since or sequence)
        if not 0 < first <= last <= len(events):
            raise self._seen.none(visit)
        rulebook, today = self._running.rulebook(), self._running.today()
        facts = shown.recorded(review, events[:last], first, rulebook, self.what_now(visit, review), today)
        unstanding = why_not(visit, review, events, self._running)
        return self._visits.page(visit, "recorded", at="review", review=review, unstanding=unstanding, **facts)

    def what_now(self, visit: Visit, review: Review) -> WhatNow:
        """What whoever asks may send of a review now."""
        if visit.person is None or visit.signed_in is None:
            return WhatNow((), (), ())
        return what_now(review, visit.person, visit.signed_in.proof, self._running.rulebook())

    def begun(self, visit: Visit) -> WhatIsBegun:
        """What whoever asks may open, and the forms that they have begun."""
        if visit.person is None or visit.signed_in is None:
            return WhatIsBegun((), ())
        person, proof = visit.person, visit.signed_in.proof
        kept = drafts.of_person(self._running.records, person.id, self._running.clock())
        return WhatIsBegun(new_reviews(person, proof, self._running.rulebook()), begun_by(kept))

    # ----------------------------------------------------------------------- inside

    def _sent(self, request: Request, reference: str, step: str, sent: Typed) -> tuple[Visit, FormAtWork]:
        visit = in_this_session(self._visits, request, sent, kept_by_itself=sent.one("go") == KEEP)
        day = day_of_the_page(sent.one("filled"), self._running.today())
        work = self._opener.opened(visit, reference, step, {}, sent=True, opened_on=day)
        if day is not None:
            work.was_filled_in_with(day)
        if not work.kept:
            work.began_on(_number(sent.one("made_on")))
        return visit, work

    def _overtaken(self, work: FormAtWork, raw: dict[str, Any], actor: Actor, made_on: int | None) -> Sequence[str]:
        """What refuses a step because of what others recorded since its form was opened."""
        if work.review is None:
            return ()
        records, now = self._running.records, self._running.clock()
        return records.unmet(work.review.reference, work.step.name, raw, actor, now, made_on)

    def _sent_by_another(self, work: FormAtWork) -> Response | None:
        """To what another press of the same submission recorded in this very moment, by another program of ours."""
        there = sent_before(self._running.records, work.token)
        return _led_to(*there) if there is not None else None

    def _section(self, visit: Visit, work: FormAtWork, number: str) -> Section:
        for section in work.sections:
            if str(section.number) == number:
                return section
        raise self._seen.none(visit)

    def _keep(self, visit: Visit, work: FormAtWork) -> None:
        if work.too_long:
            raise Stopped(self._visits.page(visit, "stopped", 413, title="Too much for one form", words=TOO_LONG))
        if not drafts.keep(self._running.records, work.whose, work.words(), self._running.clock()):
            raise Stopped(self._visits.page(visit, "stopped", 409, title=ERASED_TITLE, words=ERASED))

    @staticmethod
    def _then(work: FormAtWork, foreseen: Foreseen) -> tuple[Review | None, Sequence[Event]]:
        """The review and its lines after what sending the form would come to."""
        if work.review is None or not foreseen.events:
            return None, ()
        return fold(foreseen.events, work.review), (*work.events, *foreseen.events)

    def _foreseen(self, work: FormAtWork) -> Foreseen:
        """What sending it now would come to."""
        answered, _ = work.answers()
        actor, _ = work.actor()
        reference = work.review.reference if work.review is not None else None
        raws = [row.raw for row in answered]
        try:
            return foresee(self._running.records, reference, work.step.name, raws, actor, self._running.clock())
        except SafeguardingError as beyond:
            return Foreseen((str(beyond),))


def _led_to(reference: str, first: int, last: int) -> Response:
    since = f"?since={first}" if first != last else ""
    return RedirectResponse(f"/reviews/{reference}/recorded/{last}{since}", status_code=303)


def _number(said: str) -> int:
    return int(said) if said.isdecimal() and said.isascii() and len(said) < 9 else 0


def _wrong(work: FormAtWork) -> list[Wrong]:
    """Everything that is wrong with what was typed, before the record is asked."""
    return [*work.answers()[1], *work.actor()[1]]


def _rows(work: FormAtWork, section: Section, name: str) -> int:
    """How many rows of a table are shown; nought of what is none."""
    table = next((one for one in section.questions if one.id == name and one.kind == "rows"), None)
    return work.typed.rows(table) if table is not None else 0


def _wrong_on(work: FormAtWork, section: Section) -> list[Wrong]:
    """What of it lies on one page."""
    return [one for one in _wrong(work) if work.place(one)[0] == section.number]
