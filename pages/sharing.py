"""
Sharing what was learnt: the digest of a period, the leaflets for families, and the briefing of a review.

Days and choices are sent by a press and stand in no address. A file is given by a press, and that is noted first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Request, Response

from pages.running import Running
from pages.seen import Seen
from pages.visits import LARGEST, Stopped, Visit, Visits, fields_of
from safeguarding.dates.counting import add_months
from safeguarding.dates.london import read_day
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.law.rulebook import Rulebook
from safeguarding.law.themes import THEMES
from safeguarding.review.states import Track
from safeguarding.review.who_sees import unit_of
from safeguarding.sharing.briefing import NothingToShare
from safeguarding.sharing.digest import DigestAsked, LearningDigest, digest_page
from safeguarding.sharing.leaflet import POINTS, LeafletNotOfThem, leaflet_page
from safeguarding.shown.blocks import BREAK, Block, blocks_of
from tasks.record.registers import note_taken_out
from tasks.sharing.making import BRIEFING_TAKEN, DIGEST_TAKEN, KINDS, files_of, make_briefing, make_digest

HERE = "/sharing"
NOT_YOURS = "The digest is made by the partnership's business unit."
NO_SUCH = "There is no such file. Choose one from the page."
SINCE, UNTIL, THEME, TRACK, FILE = "since", "until", "theme", "track", "file"
"""The questions of the form."""
MOST_FIELDS = 120
"""Fields of the form: every theme there can be, and what stands beside them."""
NO_DAY = "Type a day such as 2026-11-30"
ENDS_BEFORE = "The period ends before it begins: type another last day"
LONGEST = 20
"""Letters of a day that are looked at."""

Several = Mapping[str, list[str]]


async def several(request: Request) -> Several:
    """What the form sent, of each field every value. Raises Stopped for what no form of ours sends."""
    return await fields_of(request, LARGEST, MOST_FIELDS)


class PeriodAsked(NamedTuple):
    """What was asked: as it was typed, as it was read, and what is wrong with it."""

    typed: Mapping[str, str]
    asked: DigestAsked | None
    faults: Mapping[str, str]


class SharingRooms:
    """Where what was learnt is shared from."""

    def __init__(self, running: Running, visits: Visits, seen: Seen) -> None:
        self._running, self._visits, self._seen = running, visits, seen

    def routes(self) -> APIRouter:
        """Where they are."""
        router = APIRouter()
        router.add_api_route(HERE, self.first, methods=["GET"])
        router.add_api_route(HERE, self.asked, methods=["POST"])
        router.add_api_route(f"{HERE}/leaflets/{{name}}", self.leaflet, methods=["GET"])
        router.add_api_route("/reviews/{reference}/briefing", self.briefing, methods=["GET"])
        router.add_api_route("/reviews/{reference}/briefing", self.briefing_file, methods=["POST"])
        return router

    # ----------------------------------------------------------------------- the digest

    def first(self, request: Request) -> Response:
        """The digest of the past twelve months."""
        visit, person = self._of_the_unit(request)
        today = self._running.today()
        since = add_months(today, -12) + timedelta(days=1)
        typed = {SINCE: since.isoformat(), UNTIL: today.isoformat()}
        return self._digest(visit, person, PeriodAsked(typed, DigestAsked(since, today), {}))

    def asked(self, request: Request, form: Annotated[Several, Depends(several)]) -> Response:
        """The digest that is asked for: as a page, or as a file, which is noted first."""
        visit, person = self._of_the_unit(request)
        sent = {name: values[-1] for name, values in form.items()}
        self._visits.sent(visit, sent)
        period = _read(sent, form.get(THEME, []), visit.partnership)
        kind = sent.get(FILE, "")
        if not kind or period.asked is None:
            return self._digest(visit, person, period)
        if kind not in KINDS or visit.signed_in is None:
            raise Stopped(self._visits.page(visit, "stopped", 404, title="No such file", words=NO_SUCH))
        tracks, rulebook = unit_of(person, visit.partnership), self._running.rulebook()
        made = self._made(rulebook, period.asked, tracks)
        return self._file(visit, person, "digest", digest_page(made, rulebook.partnership), kind)

    def _made(self, rulebook: Rulebook, asked: DigestAsked, tracks: Collection[Track]) -> LearningDigest:
        running = self._running
        return make_digest(running.records, rulebook, asked, tracks, running.today(), running.taught)

    def _digest(self, visit: Visit, person: Person, period: PeriodAsked) -> Response:
        rulebook, made = self._running.rulebook(), None
        if period.asked is not None:
            made = self._made(rulebook, period.asked, unit_of(person, visit.partnership))
        chosen = period.asked.themes if period.asked else ()
        themes = [*THEMES.items(), *((one.id, one.words) for one in visit.partnership.themes)]
        return self._visits.page(
            visit,
            "sharing",
            422 if period.faults else 200,
            at="sharing",
            errors=period.faults,
            typed={name: period.typed.get(name, "") for name in (SINCE, UNTIL, TRACK)},
            themes=[(name, words, name in chosen) for name, words in themes],
            chosen=len(chosen),
            tracks=visit.partnership.tracks,
            digest=made,
            blocks=_blocks(digest_page(made, rulebook.partnership)) if made else [],
        )

    # ----------------------------------------------------------------------- leaflet and briefing

    def leaflet(self, request: Request, name: str) -> Response:
        """The leaflet of a track, filled with the partnership's contacts. It holds nothing of the record."""
        visit, _ = self._visits.signed_in(request)
        track, _, kind = name.partition(".")
        if track not in tuple(Track) or kind not in KINDS:
            raise self._seen.none(visit)
        try:
            page = leaflet_page(Track(track), self._running.rulebook(), self._running.today())
        except LeafletNotOfThem:
            raise self._seen.none(visit) from None
        return self._given(visit, f"leaflet-{track}", page, kind, POINTS)

    def briefing(self, request: Request, reference: str) -> Response:
        """The briefing of a review, and what it lacks."""
        visit, _ = self._visits.signed_in(request)
        review, _ = self._seen.review(visit, reference)
        rulebook, today = self._running.rulebook(), self._running.today()
        try:
            made = make_briefing(self._running.records, rulebook, review.reference, today)
        except NothingToShare as nothing:
            return self._visits.page(visit, "briefing", at="review", review=review, nothing=str(nothing))
        return self._visits.page(
            visit, "briefing", at="review", review=review, briefing=made, blocks=_blocks(made.page), nothing=""
        )

    def briefing_file(self, request: Request, reference: str, form: Annotated[Several, Depends(several)]) -> Response:
        """The briefing as a file: that it is taken is noted first."""
        visit, person = self._visits.signed_in(request)
        review, _ = self._seen.review(visit, reference)
        sent = {name: values[-1] for name, values in form.items()}
        self._visits.sent(visit, sent)
        kind = sent.get(FILE, "")
        try:
            rulebook, today = self._running.rulebook(), self._running.today()
            made = make_briefing(self._running.records, rulebook, review.reference, today)
        except NothingToShare:
            raise self._seen.none(visit) from None
        if kind not in KINDS or visit.signed_in is None:
            raise Stopped(self._visits.page(visit, "stopped", 404, title="No such file", words=NO_SUCH))
        return self._file(visit, person, "briefing", made.page, kind, review.reference)

    # ----------------------------------------------------------------------- who, and what

    def _file(self, visit: Visit, person: Person, name: str, page: str, kind: str, reference: str = "") -> Response:
        """A file with wordings of the record. Noted before it is given."""
        what = BRIEFING_TAKEN if reference else DIGEST_TAKEN
        proof = visit.signed_in.proof if visit.signed_in else ""
        records, now = self._running.records, self._running.clock()
        note_taken_out(records, person.id, person.name, proof, what, now, reference)
        return self._given(visit, f"{name}-{self._running.today().isoformat()}", page, kind)

    def _given(self, visit: Visit, name: str, page: str, kind: str, points: int = 11) -> Response:
        simulation = self._running.records.identity().simulation
        now = self._running.clock()
        files = files_of(name, page, visit.partnership, now, points=points, simulation=simulation)
        head = {"content-disposition": f'attachment; filename="{name}.{kind}"'}
        return Response(files[f"{name}.{kind}"], media_type=KINDS[kind], headers=head)

    def _of_the_unit(self, request: Request) -> tuple[Visit, Person]:
        """Whoever asks, and is of the unit on at least one track. Raises Stopped."""
        visit, person = self._visits.signed_in(request)
        if not unit_of(person, visit.partnership):
            page = self._visits.page(visit, "stopped", 403, title="This page is not yours", words=NOT_YOURS)
            raise Stopped(page)
        return visit, person


def _read(sent: Mapping[str, str], themes: Sequence[str], partnership: Partnership) -> PeriodAsked:
    """What was sent, read: days, choices, and everything that is wrong at once."""
    typed = {name: sent.get(name, "").strip()[:LONGEST] for name in (SINCE, UNTIL, TRACK)}
    days: dict[str, date] = {}
    faults = {}
    for name in (SINCE, UNTIL):
        try:
            days[name] = read_day(typed[name])
        except ValueError:
            faults[name] = NO_DAY
    if not faults and days[UNTIL] < days[SINCE]:
        faults[UNTIL] = ENDS_BEFORE
    if faults:
        return PeriodAsked(typed, None, faults)
    known = {*THEMES, *(one.id for one in partnership.themes)}
    track = Track(typed[TRACK]) if typed[TRACK] in tuple(Track) else None
    asked = DigestAsked(days[SINCE], days[UNTIL], tuple(one for one in themes if one in known), track)
    return PeriodAsked(typed, asked, {})


def _blocks(page: str) -> list[Block]:
    """What stands on a page of ours, to be shown within another: words without the breaks that paper needs."""
    found = []
    for block in blocks_of(page):
        said = {name: value.replace(BREAK, "") if isinstance(value, str) else value for name, value in block.items()}
        if "items" in said:
            said["items"] = [one.replace(BREAK, "") for one in said["items"]]
        found.append(said)
    return found
