"""
The yearly account at the pages, for the unit: of a track and a year, each number leading to the reviews behind it, and
each of those to the review; and the same as a Word file or a page, which is noted as taken out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from pages.last_look import LookAround
from pages.running import Running
from pages.seen import Seen
from pages.visits import YEARLY as HERE
from pages.visits import Posted, Stopped, Visit, Visits
from safeguarding.errors import TransitionRefused
from safeguarding.law.person import Person
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.proof import signed_in
from safeguarding.review.states import Track
from safeguarding.review.who_sees import unit_of
from safeguarding.yearly.account import Account
from safeguarding.yearly.figures import FigureTable
from safeguarding.yearly.period import APRIL, MONTHS, TwelveMonths, beginning_before, faults_of
from safeguarding.yearly.reported import PUBLISHED_FORM, SENT_FORM, TAKE_BACK_FORM, WhyTakenBack, recipients_of
from safeguarding.yearly.suppressed import LEAST, MOST, fault_of
from tasks.record import staff
from tasks.record.registers import note_taken_out
from tasks.record.yearly_reports import reports_now, sentence_of
from tasks.yearly.files import PAGE, WHAT, WORD, as_page, as_word
from tasks.yearly.reading import AccountAsked, read_account

NOT_YOURS = "The yearly account is made by the partnership's business unit."
NOT_ALL = (
    "You may not see every review of this track, and an account without some of them would be wrong. Ask somebody else "
    "of the business unit to make it."
)
NO_SUCH = "There is no such account. Choose a track and a year."
NO_FIGURE = "There is no list behind this number: it is not one of this account."
NO_LISTS = "Small numbers are hidden in this account. So no list is given: the list behind a whole tells its parts."
YEARS = 10
"""How many years are offered, back from the one that runs."""
NAMES = {Track.ADULTS: "Adults", Track.CHILDREN: "Children"}
FILES = {
    "word": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", WORD),
    "page": ("text/html; charset=utf-8", PAGE),
}
"""What it may be downloaded as: its kind, and what the file is called."""
ASKED = {PUBLISHED_FORM: ("on", "page"), SENT_FORM: ("on", "to"), TAKE_BACK_FORM: ("why",)}
"""What is asked of a report beside its year, by what is recorded of it."""


class KeptAccount(NamedTuple):
    """The account that somebody was shown last: asked for by what, and as of which record."""

    asked: AccountAsked
    look: LookAround
    rulebook: Rulebook
    today: date
    account: Account


class NumberCell(NamedTuple):
    """A cell of a table: its head, what it says, where its list is, and how long its bar is in hundredths."""

    head: str
    words: str
    href: str
    share: int | None


class Yearly:
    """The account, and the lists behind its numbers."""

    def __init__(self, running: Running, visits: Visits, seen: Seen) -> None:
        self._running, self._visits, self._seen = running, visits, seen
        self._kept: dict[str, KeptAccount] = {}

    def routes(self) -> APIRouter:
        """Where they are."""
        router = APIRouter()
        router.add_api_route(HERE, self.shown, methods=["GET"])
        router.add_api_route(HERE, self.download, methods=["POST"])
        router.add_api_route(f"{HERE}/behind", self.behind, methods=["GET"])
        router.add_api_route(f"{HERE}/reported", self.reported, methods=["POST"])
        return router

    def shown(self, request: Request, track: str = "", year: str = "", month: str = "", below: str = "") -> Response:
        """The account that is chosen, or only the choice."""
        visit, person = self._of_the_unit(request)
        given = {"track": track, "year": year, "month": month, "below": below}
        asked, wrong = asked_by(given) if track or year else (None, [])
        return self._page(visit, person, given, asked, {"year": " ".join(wrong)} if wrong else {})

    def reported(self, request: Request, form: Posted) -> Response:
        """A yearly report was published, sent or recorded wrongly: that is said in the partnership's own chain."""
        visit, person = self._of_the_unit(request)
        self._visits.sent(visit, form)
        said = form.get("to", "")
        what = TAKE_BACK_FORM if said == TAKE_BACK_FORM else SENT_FORM if said else PUBLISHED_FORM
        raw = {name: form[name] for name in ("track", "year", "month", *ASKED[what]) if form.get(name)}
        actor = signed_in(person.id, visit.signed_in.proof if visit.signed_in is not None else "")
        try:
            staff.say_of_report(self._running.installation, what, raw, actor, self._running.clock())
        except TransitionRefused as refused:
            return self._page(visit, person, form, None, {"reported": f"{'; '.join(refused.unmet)}."})
        return RedirectResponse(f"{HERE}#reports", status_code=303)

    def _page(
        self,
        visit: Visit,
        person: Person,
        given: Mapping[str, str],
        asked: AccountAsked | None,
        errors: Mapping[str, str],
    ) -> Response:
        account = None if asked is None else self._account(visit, person, asked)
        today, rulebook = self._running.today(), self._running.rulebook()
        reports = reports_now(self._running.records, rulebook, today)
        theirs = unit_of(person, visit.partnership)
        return self._visits.page(
            visit,
            "yearly",
            422 if errors else 200,
            at="registers",
            errors=errors,
            chosen=self._chosen(visit, person, given),
            account=account,
            parts=[] if account is None or asked is None else parts_of(account, asked),
            sent={} if asked is None else query_of(asked),
            owed=[sentence_of(one, rulebook, today) for one in reports.owed if one.track in theirs],
            published=[one for one in reports.known if one.track in theirs],
            recipients=_recipients(theirs, rulebook),
            take_back=TAKE_BACK_FORM,
            reasons=get_args(WhyTakenBack),
            names=NAMES,
            today=today,
        )

    def behind(
        self, request: Request, track: str = "", year: str = "", month: str = "", below: str = "", figure: str = ""
    ) -> Response:
        """The list behind a number, each thing leading to its review."""
        visit, person = self._of_the_unit(request)
        asked, _ = asked_by({"track": track, "year": year, "month": month, "below": below})
        if asked is None:
            raise Stopped(self._visits.page(visit, "stopped", 404, title="No such account", words=NO_SUCH))
        account = self._account(visit, person, asked)
        if not account.told.listed:
            raise Stopped(self._visits.page(visit, "stopped", 404, title="No lists", words=NO_LISTS))
        if figure not in account.figures:
            raise Stopped(self._visits.page(visit, "stopped", 404, title="No such number", words=NO_FIGURE))
        back = f"{HERE}?{urlencode(query_of(asked))}"
        return self._visits.page(
            visit, "yearly_behind", at="registers", account=account, figure=account.figures[figure], back=back
        )

    def download(self, request: Request, form: Posted) -> Response:
        """The account as a file: that it is taken out is noted first."""
        visit, person = self._of_the_unit(request)
        self._visits.sent(visit, form)
        asked, _ = asked_by(form)
        kind = form.get("file", "")
        if asked is None or kind not in FILES or visit.signed_in is None:
            raise Stopped(self._visits.page(visit, "stopped", 404, title="No such account", words=NO_SUCH))
        account, now = self._account(visit, person, asked), self._running.clock()
        note_taken_out(self._running.records, person.id, person.name, visit.signed_in.proof, WHAT, now)
        content = as_word(account, visit.partnership.name, now) if kind == "word" else as_page(account).encode()
        media, name = FILES[kind]
        name = f"{asked.track.value}-{asked.period.name}-{name}"
        return Response(content, media_type=media, headers={"content-disposition": f'attachment; filename="{name}"'})

    # ----------------------------------------------------------------------- who, and what

    def _of_the_unit(self, request: Request) -> tuple[Visit, Person]:
        """Whoever asks, and is of the unit on at least one track. Raises Stopped."""
        visit, person = self._visits.signed_in(request)
        if not unit_of(person, visit.partnership):
            page = self._visits.page(visit, "stopped", 403, title="This page is not yours", words=NOT_YOURS)
            raise Stopped(page)
        return visit, person

    def _account(self, visit: Visit, person: Person, asked: AccountAsked) -> Account:
        """
        The account, made again where the record, its rulebook or the day has moved, or another is asked for.

        Raises Stopped where it is not theirs, or they may not see every review of it.
        """
        if asked.track not in unit_of(person, visit.partnership):
            raise Stopped(self._visits.page(visit, "stopped", 403, title="This page is not yours", words=NOT_YOURS))
        look, rulebook, today = self._seen.everything(visit), self._running.rulebook(), self._running.today()
        seen = {row.reference for row in look.reviews}
        if any(row.track is asked.track and row.reference not in seen for row in self._running.records.list()):
            raise Stopped(self._visits.page(visit, "stopped", 403, title="Not by you", words=NOT_ALL))
        kept = self._kept.get(person.id)
        if kept is None or (kept.asked, kept.today) != (asked, today) or kept.look is not look:
            kept = None
        if kept is None or kept.rulebook is not rulebook:
            made = read_account(self._running.records, asked, today)
            kept = self._kept[person.id] = KeptAccount(asked, look, rulebook, today, made)
        return kept.account

    def _chosen(self, visit: Visit, person: Person, given: Mapping[str, str]) -> Mapping[str, object]:
        """What is offered to choose from, with what was chosen; without a choice the year that ended last."""
        today = self._running.today()
        last, month = beginning_before(today), given.get("month") or str(APRIL)
        tracks = [track for track in Track if track in unit_of(person, visit.partnership)]
        return {
            "tracks": [(one.value, NAMES[one], one.value == given.get("track")) for one in tracks],
            "years": [
                (year, TwelveMonths.beginning(year).words, str(year) == (given.get("year") or str(last)))
                for year in range(last + 1, last + 1 - YEARS, -1)
            ],
            "months": [(one, f"{date(last, one, 1):%B}", str(one) == month) for one in MONTHS],
            "below": given.get("below", ""),
            "least": LEAST,
            "most": MOST,
        }


def _recipients(tracks: Collection[Track], rulebook: Rulebook) -> list[tuple[str, str]]:
    """To whom yearly reports go, by id and by name."""
    found = dict.fromkeys(one for track in tracks for one in recipients_of(track, rulebook))
    return [(one, rulebook.partnership.recipient(one).name) for one in found]


def asked_by(given: Mapping[str, str]) -> tuple[AccountAsked | None, list[str]]:
    """The account that is asked for by what was chosen, or what is wrong with that, in words."""
    track = next((one for one in Track if one.value == given.get("track")), None)
    year, month, below = (_number(given.get(name, "")) for name in ("year", "month", "below"))
    if track is None or year is None:
        return None, ["Choose a track and a year."]
    month = month if given.get("month") and track is Track.CHILDREN else APRIL
    wrong = faults_of(track, year, month or 0)
    wrong += fault_of(below if below is not None else -1) if given.get("below") else []
    if wrong:
        return None, [f"{one[:1].upper()}{one[1:]}." for one in wrong]
    return AccountAsked(track=track, period=TwelveMonths.beginning(year, month or APRIL), below=below), []


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= 4 else None


def query_of(asked: AccountAsked) -> dict[str, str]:
    """What leads to an account again."""
    first = asked.period.first
    query = {"track": asked.track.value, "year": str(first.year), "month": str(first.month)}
    return query | ({"below": str(asked.below)} if asked.below is not None else {})


# --------------------------------------------------------------------------- as its page shows it


class PartShown(NamedTuple):
    """A part of the account on its page."""

    title: str
    words: tuple[str, ...]
    listed: tuple[str, ...]
    tables: list[tuple[FigureTable, list[tuple[str, list[NumberCell]]]]]


def parts_of(account: Account, asked: AccountAsked) -> list[PartShown]:
    """The parts of an account, each number with the address of its list where lists are given."""
    return [
        PartShown(part.title, part.words, part.listed, [(one, _rows(one, account, asked)) for one in part.tables])
        for part in account.parts
    ]


def _rows(table: FigureTable, account: Account, asked: AccountAsked) -> list[tuple[str, list[NumberCell]]]:
    drawn = {key for _, key in account.drawn(table)}
    most = max((account.figures[key].number for key in drawn), default=0)
    return [
        (
            row.words,
            [
                _cell(head, key, account, asked, most if key in drawn else 0)
                for head, key in zip(table.head[1:], row.figures, strict=True)
            ],
        )
        for row in table.rows
    ]


def _cell(head: str, key: str, account: Account, asked: AccountAsked, most: int) -> NumberCell:
    href = f"{HERE}/behind?{urlencode({**query_of(asked), 'figure': key})}" if account.told.listed else ""
    share = round(100 * account.figures[key].number / most) if most else None
    return NumberCell(head, account.told.words[key], href, share)
