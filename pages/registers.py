"""
The registers, for the unit: each with its filters, the number that fits and the list behind it, and as a file.

Nothing is typed here: every filter is a choice among what stands in the register. A file is made by a press, and that
is noted first, among the readings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from pages.last_look import LookAround
from pages.running import Running
from pages.seen import Seen
from pages.visits import REGISTERS as HERE
from pages.visits import Posted, Stopped, Visit, Visits
from safeguarding.law.person import Person
from safeguarding.law.rulebook import Rulebook
from safeguarding.registers.columns import Cell
from safeguarding.registers.filters import (
    LATE,
    NOT_LATE,
    PAST_12_MONTHS,
    Narrowed,
    choices,
    fitting,
    narrowed,
    says_late,
    themes_offered,
)
from safeguarding.registers.registers import REGISTERS, Register
from safeguarding.review.who_sees import unit_of
from tasks.export.tables import RegisterMade, csv_of
from tasks.record.registers import note_taken_out

AT_THE_PAGES = {name: one for name, one in REGISTERS.items() if one.at_the_pages}
AT_A_TIME = 100
"""Rows on a page."""
SHOWN: Mapping[str, Sequence[str]] = {
    "decisions": [
        *("decided_on", "decision", "outcome", "criteria", "learning_route", "decided_by", "signed_by", "authority"),
        "dissented",
    ],
    "reviews": ["stage", "state", "ended", "opened_on", "closed_on", "next_due", "overdue", "law_missed"],
    "publications": [
        "what",
        "state",
        "published_on",
        "decided_on",
        "public_until",
        "after_its_year",
        "repository_on",
        "taken_down_on",
    ],
    "breaches": ["title", "of", "law", "due_on", "met_on", "late_working_days", "deferral_ground", "reason_ground"],
    "deferrals": ["title", "state", "ground", "recorded_on", "sent_to", "expected_on"],
    "requests": ["agency", "purpose", "asked_on", "due_on", "state", "ended_on", "late", "late_working_days"],
    "timeliness": ["title", "of", "law", "how_counted", "counted_from", "due_on", "met_on", "state"],
    "actions": [
        *("action", "agency", "owner", "due_on", "status", "priority", "evidence", "late_working_days", "themes"),
        *("impact", "next_look_on"),
    ],
    "recommendations": ["recommendation", "agency", "themes", "made_on", "decision", "actions", "done"],
    "dissemination": ["sharing", "what", "agency", "sent_on", "due_on", "state", "answered_on", "people"],
}
"""Of each register the columns on its page, beside the review; a file has all."""
HEADS = {
    "title": "What is owed",
    "of": "Whose",
    "law_missed": "Dates of law or guidance missed",
    "law": "Law or guidance",
    "authority": "By which provision",
    "late_working_days": "Working days late",
    "deferral_ground": "Deferred for",
    "reason_ground": "Reason",
}
"""The head of a column, where its name does not say it."""
WAITED_FOR = "Waited for, and late"
"""The state of a request that is late and has no answer: one that was answered late is not in it."""
FILES = {
    "csv": ("text/csv; charset=utf-8", "csv"),
    "excel": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
}
"""What a register may be downloaded as: its kind, and how the name of the file ends."""
NOT_YOURS = "The registers are for the partnership's business unit."
NO_SUCH = "There is no such register. Choose one from the list."
NO_BREAK = "\u00a0"
"""Between the parts of a day, which stays on one line of a narrow column."""
FURTHEST = 6
"""Figures of the number of a page that is looked for."""


class Choosing(NamedTuple):
    """One filter: its name, its label, and each choice with whether it is the present one."""

    name: str
    label: str
    all: str
    offered: Sequence[tuple[str, str, bool]]


class KeptRows(NamedTuple):
    """The rows that somebody was shown last, and from what they were made."""

    register: Register
    look: LookAround
    rulebook: Rulebook
    today: date
    rows: Sequence[Any]


class RegisterRooms:
    """The list of the registers, and each of them."""

    def __init__(self, running: Running, visits: Visits, seen: Seen) -> None:
        self._running, self._visits, self._seen = running, visits, seen
        self._kept: dict[str, KeptRows] = {}

    def routes(self) -> APIRouter:
        """Where they are."""
        router = APIRouter()
        router.add_api_route(HERE, self.listed, methods=["GET"])
        router.add_api_route(f"{HERE}/{{name}}", self.shown, methods=["GET"])
        router.add_api_route(f"{HERE}/{{name}}", self.download, methods=["POST"])
        return router

    def listed(self, request: Request) -> Response:
        """Which registers there are."""
        visit, _ = self._of_the_unit(request)
        return self._visits.page(visit, "registers", at="registers", registers=list(AT_THE_PAGES.values()))

    def shown(
        self,
        request: Request,
        name: str,
        track: str = "",
        when: str = "",
        agency: str = "",
        state: str = "",
        theme: str = "",
        late: str = "",
        number: Annotated[str, Query(alias="page")] = "1",
    ) -> Response:
        """A register, narrowed to what is chosen: what fits, how many that are, and of how many."""
        visit, person = self._of_the_unit(request)
        register = self._register(visit, name)
        rows = self._rows(visit, person, register)
        to = fitting(
            Narrowed(track=track, when=when, agency=agency, state=state, theme=theme, late=late), rows, register
        )
        found = narrowed(rows, register, to, self._running.today())
        last = max(1, -(-len(found) // AT_A_TIME))
        wanted = int(number) if number.isascii() and number.isdecimal() and len(number) <= FURTHEST else 1
        page = min(max(1, wanted), last)
        here = {name: value for name, value in to._asdict().items() if value}
        return self._visits.page(
            visit,
            "register",
            at="registers",
            register=register,
            today=self._running.today(),
            filters=_filters(to, rows, register),
            chosen=here,
            heads=["Review", *(_head(one) for one in SHOWN[name])],
            lines=[_line(row, SHOWN[name]) for row in found[(page - 1) * AT_A_TIME : page * AT_A_TIME]],
            count=len(found),
            total=len(rows),
            first=(page - 1) * AT_A_TIME + 1,
            page=page,
            last=last,
            before=_address(name, {**here, "page": str(page - 1)}) if page > 1 else "",
            after=_address(name, {**here, "page": str(page + 1)}) if page < last else "",
        )

    def download(self, request: Request, name: str, form: Posted) -> Response:
        """A register as a file, narrowed as its page was: that it is taken out is noted first."""
        visit, person = self._of_the_unit(request)
        register = self._register(visit, name)
        self._visits.sent(visit, form)
        asked = form.get("file", "")
        if asked not in FILES or visit.signed_in is None:
            raise Stopped(self._visits.page(visit, "stopped", 404, title="No such file", words=NO_SUCH))
        rows = self._rows(visit, person, register)
        given = Narrowed(**{one: form.get(one, "") for one in Narrowed._fields})
        to = fitting(given, rows, register)
        today = self._running.today()
        made = RegisterMade(register, narrowed(rows, register, to, today))
        what = f"the register «{register.title}», downloaded without sealed words,"
        proof, now = visit.signed_in.proof, self._running.clock()
        note_taken_out(self._running.records, person.id, person.name, proof, what, now)
        kind, ends = FILES[asked]
        content = csv_of(made.heads, made.rows) if asked == "csv" else _workbook(made)
        head = {"content-disposition": f'attachment; filename="{name}-{today.isoformat()}.{ends}"'}
        return Response(content, media_type=kind, headers=head)

    # ----------------------------------------------------------------------- who, and what

    def _of_the_unit(self, request: Request) -> tuple[Visit, Person]:
        """Whoever asks, and is of the unit on at least one track. Raises Stopped."""
        visit, person = self._visits.signed_in(request)
        if not unit_of(person, visit.partnership):
            page = self._visits.page(visit, "stopped", 403, title="This page is not yours", words=NOT_YOURS)
            raise Stopped(page)
        return visit, person

    def _register(self, visit: Visit, name: str) -> Register:
        if name not in AT_THE_PAGES:
            raise Stopped(self._visits.page(visit, "stopped", 404, title="No such register", words=NO_SUCH))
        return AT_THE_PAGES[name]

    def _rows(self, visit: Visit, person: Person, register: Register) -> Sequence[Any]:
        """
        The rows of the reviews that whoever asks may see, on the tracks on which they are of the unit. They are put
        together again where the record, its rulebook or the day has moved, or another register is asked for; read
        again are those of the reviews that have moved.
        """
        look, rulebook, today = self._seen.everything(visit), self._running.rulebook(), self._running.today()
        kept = self._kept.get(person.id)
        same = kept is not None and (kept.register, kept.today) == (register, today)
        if kept is not None and same and kept.look is look and kept.rulebook is rulebook:
            return kept.rows
        tracks = unit_of(person, visit.partnership)
        theirs = {row.reference for row in look.reviews if row.track in tracks}
        rows = self._running.registers.rows(self._running.records, today, register.name, theirs)
        self._kept[person.id] = KeptRows(register, look, rulebook, today, rows)
        return rows


def _workbook(made: RegisterMade) -> bytes:
    from tasks.export.workbook import workbook_of  # What writes workbooks is large, and few ask for one.

    return workbook_of([made])


def _filters(to: Narrowed, rows: Sequence[Any], register: Register) -> list[Choosing]:
    """The filters that a register has, each with its choices by name."""
    tracks = [("children", "Children"), ("adults", "Adults")]
    there = {*choices(rows, "track")}
    years = [(year, year) for year in reversed(choices(rows, "year"))]
    states = [
        (one, WAITED_FOR if one == LATE else f"{one[:1].upper()}{one[1:]}") for one in choices(rows, register.state)
    ]
    agencies = [(one, one) for one in choices(rows, register.agency)]
    asked = [
        ("track", "Track", "Both tracks", [one for one in tracks if one[0] in there]),
        ("when", _head(register.day), "Any time", [(PAST_12_MONTHS, "In the past 12 months"), *years]),
        ("agency", "Agency", "Every agency", agencies),
        ("state", _head(register.state), "All", states),
        ("theme", "Theme", "Every theme", [(one, one) for one in themes_offered(rows, register)]),
        ("late", "Late", "Late or not", [(LATE, "Late"), (NOT_LATE, "Not late")] if says_late(register) else []),
    ]
    chosen = to._asdict()
    return [
        Choosing(name, label, every, [(value, words, value == chosen[name]) for value, words in offered])
        for name, label, every, offered in asked
        if offered
    ]


def _head(name: str) -> str:
    return HEADS.get(name, name.replace("_", " ").capitalize())


def _line(row: Any, columns: Sequence[str]) -> tuple[str, list[str]]:
    """A row as its page shows it: the review, and what stands in the columns, in words."""
    return row.reference, [_words(getattr(row, name)) for name in columns]


def _words(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, date):
        return f"{cell.day}{NO_BREAK}{cell:%b}{NO_BREAK}{cell.year}"
    return "" if cell is None else f"{str(cell)[:1].upper()}{str(cell)[1:]}"


def _address(name: str, asked: Mapping[str, str]) -> str:
    return f"{HERE}/{name}?{urlencode(asked)}"
