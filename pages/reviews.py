"""
Every review there ever was, those that are closed too, and the search: by reference, pseudonym and words of the record,
by agency, person, track, stage, theme and day; by sealed words too, for whoever may read them, and noted first.

What is looked for stands in no address in words. Sealed words are looked through by a press alone, and what is found by
them is shown once: no address leads to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from pages import sought
from pages.last_look import LookAround
from pages.running import Running
from pages.seen import ReviewLine, Seen, line_of
from pages.visits import REVIEWS, Posted, Visit, Visits
from safeguarding.law.person import Person
from safeguarding.law.rulebook import Rulebook
from safeguarding.search.finding import FoundReview, Why, as_they_see, found
from safeguarding.search.known import SearchedReview
from safeguarding.search.wanted import UNDER_WAY, WHICH_DAY, Offered, SearchWanted, in_words, offered, read_wanted
from safeguarding.search.words import terms_of
from tasks.record.searching import MOST_REVIEWS, LookedThrough, Looker, TooMuchSealed, look_through

AT_A_TIME = 25
"""Reviews on a page of what was found."""
FURTHEST = 6
"""Figures of the number of a page that is looked for."""
LONGEST = 300
"""Letters of an answer that are looked at."""
ASKED = ("agency", "person", "track", "stage", "theme", "when", "since", "until", "open")
"""The questions under «More ways to look», as the form names them."""
WORDS, SEALED = "q", "sealed"
"""The box of words, and the tick for sealed ones."""
NO_WORDS = "Type the words that are to be looked for in sealed text"
NOT_THEIRS = "Sealed words are looked through for those who may read the whole record of a review. None was opened"


class FoundLine(NamedTuple):
    """A review that was found, as the list shows it, and why."""

    review: ReviewLine
    why: Sequence[Why]


class Searchable(NamedTuple):
    """What somebody may search, and from what it was made."""

    look: LookAround
    rulebook: Rulebook
    reviews: Sequence[SearchedReview]
    offered: Offered
    looker: Looker | None
    """Whoever may look through the sealed words of at least one review."""


class SearchAsked(NamedTuple):
    """What is asked, as it was typed and as it was read."""

    typed: Mapping[str, str]
    wanted: SearchWanted
    faults: Mapping[str, str]
    found: str = ""
    """What stands in the address."""
    no_more: str = ""


class Reviews:
    """The list of reviews, and the search."""

    def __init__(self, running: Running, visits: Visits, seen: Seen) -> None:
        self._running, self._visits, self._seen = running, visits, seen
        self._kept: dict[str, Searchable] = {}

    def routes(self) -> APIRouter:
        """Where it is."""
        router = APIRouter()
        router.add_api_route(REVIEWS, self.listed, methods=["GET"])
        router.add_api_route(REVIEWS, self.search, methods=["POST"])
        return router

    def search(self, request: Request, form: Posted) -> Response:
        """Something is looked for: the address of what is found does not have it in words."""
        visit, person = self._visits.signed_in(request)
        self._visits.sent(visit, form)
        typed = {name: said for name in (WORDS, *ASKED) if (said := " ".join(form.get(name, "")[:LONGEST].split()))}
        there = self._searchable(visit, person)
        asked = _read(typed, there)
        if form.get(SEALED):
            return self._sealed(visit, there, asked)
        if asked.faults:
            return self._page(visit, there, asked, [])
        session = self._visits.session_of(request)
        address = f"?found={sought.sealed(session, typed)}" if asked.wanted.anything else ""
        return RedirectResponse(f"{REVIEWS}{address}", status_code=303)

    def listed(self, request: Request, found: str = "", number: Annotated[str, Query(alias="page")] = "1") -> Response:
        """The reviews that whoever asks may see, open ones first; or those that fit what is looked for."""
        visit, person = self._visits.signed_in(request)
        kept = sought.opened(self._visits.session_of(request), found) if found else {}
        there = self._searchable(visit, person)
        asked = _read(kept or {}, there)._replace(found=found, no_more=sought.NO_MORE if kept is None else "")
        if asked.faults or not asked.wanted.anything:
            return self._page(visit, there, asked, [])
        page = int(number) if number.isascii() and number.isdecimal() and len(number) <= FURTHEST else 1
        return self._page(visit, there, asked, _found(there, asked.wanted, visit), page)

    def _sealed(self, visit: Visit, there: Searchable, asked: SearchAsked) -> Response:
        """Sealed words are looked through too: that it is done is noted first, for each review."""
        faults = dict(asked.faults)
        if there.looker is None:
            faults[SEALED] = NOT_THEIRS
        elif not terms_of(asked.wanted.words):
            faults[WORDS] = NO_WORDS
        through = None
        if there.looker is not None and not faults:
            try:
                through = look_through(
                    self._running.records, there.looker, there.reviews, asked.wanted, self._running.clock()
                )
            except TooMuchSealed as much:
                faults[SEALED] = str(much)
        # A tick is good for one look: the next search opens nothing that nobody asked it to.
        asked = asked._replace(faults=faults, typed={**asked.typed, SEALED: "yes"} if faults else asked.typed)
        return self._page(visit, there, asked, through.found if through else [], through=through)

    # ----------------------------------------------------------------------- what they may search

    def _searchable(self, visit: Visit, person: Person) -> Searchable:
        """What somebody may search, made again where the record or its rulebook has moved."""
        look, rulebook = self._seen.everything(visit), self._running.installation.rulebook
        kept = self._kept.get(person.id)
        if kept is None or kept.look is not look or kept.rulebook is not rulebook:
            read = self._running.open_words.of(self._running.records, look.reviews, rulebook)
            reviews = [as_they_see(one, person, visit.partnership) for one in read]
            choices = offered(reviews, visit.partnership)
            kept = self._kept[person.id] = Searchable(look, rulebook, reviews, choices, None)
        proof = visit.signed_in.proof if visit.signed_in else ""
        looker = Looker(person, proof, visit.partnership, self._seen.whom(visit))
        return kept._replace(looker=looker if looker.reads_any else None)

    # ----------------------------------------------------------------------- the page

    def _page(
        self,
        visit: Visit,
        there: Searchable,
        asked: SearchAsked,
        reviews: Sequence[FoundReview],
        page: int = 1,
        through: LookedThrough | None = None,
    ) -> Response:
        searched = asked.wanted.anything and not asked.faults
        at_a_time = MOST_REVIEWS if through else AT_A_TIME
        last = max(1, -(-len(reviews) // at_a_time)) if not through else 1
        page = min(max(1, page), last)
        some = reviews[(page - 1) * at_a_time : page * at_a_time]
        today = self._running.today()
        rows = {row.reference: row for row in there.look.reviews}
        lines = [] if searched else [line_of(row, today) for row in reversed(there.look.reviews)]
        return self._visits.page(
            visit,
            "reviews",
            422 if asked.faults else 200,
            at="reviews",
            errors=asked.faults,
            wrong={name: asked.faults.get(name, "") for name in (WORDS, *ASKED, SEALED)},
            typed={name: asked.typed.get(name, "") for name in (WORDS, *ASKED, SEALED)},
            # Folded in again where it is found: on a phone what was found would stand a page below it.
            folded_out=bool({*ASKED, SEALED} & {*asked.faults}) or SEALED in asked.typed or (searched and not reviews),
            chosen=len({*ASKED} & {*asked.typed}) - (asked.typed.get("when") == UNDER_WAY),
            offered=there.offered,
            which_day=WHICH_DAY,
            may_unseal=there.looker is not None,
            most=MOST_REVIEWS,
            no_more=asked.no_more,
            searched=searched,
            q=asked.wanted.words,
            besides=in_words(asked.wanted, there.offered),
            count=len(reviews),
            first=(page - 1) * at_a_time + 1,
            found=[FoundLine(line_of(rows[one.head.reference], today), one.why) for one in some],
            page=page,
            last=last,
            before=f"{REVIEWS}?found={asked.found}&page={page - 1}" if page > 1 else "",
            after=f"{REVIEWS}?found={asked.found}&page={page + 1}" if page < last else "",
            through=through,
            open_ones=[line for line in lines if line.open],
            closed_ones=[line for line in lines if not line.open],
        )


def _read(typed: Mapping[str, str], there: Searchable) -> SearchAsked:
    """What was typed, read against what there is to choose from."""
    wanted, faults = read_wanted({**typed, "words": typed.get(WORDS, "")}, there.offered)
    return SearchAsked(typed, wanted, {WORDS if name == "words" else name: said for name, said in faults.items()})


def _found(there: Searchable, wanted: SearchWanted, visit: Visit) -> Sequence[FoundReview]:
    return found(there.reviews, wanted, visit.partnership)
