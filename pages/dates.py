"""
How one date of a review was worked out: which rule, which source, from which event, each day counted and each skipped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from pages.running import Running
from pages.seen import Seen
from pages.visits import Visits
from safeguarding.duties.lateness import missed
from safeguarding.errors import HorizonPassed, LawNotFound
from safeguarding.questions.explain_date import DutyNotStarted, explain_duty
from safeguarding.review.review import Review
from safeguarding.shown.late_letter import NotMissed, is_written_about, late_letter
from safeguarding.shown.notification_sheet import TITLE, NothingToNotify, notification_sheet

_LABELLED = re.compile(r"([A-Z][^:.;0-9]{2,44}): (.+)", re.S)
"""A line that says first what it is about. One with a day in its beginning is a sentence of its own."""


class Dates:
    """The page of a date's working."""

    def __init__(self, running: Running, visits: Visits, seen: Seen) -> None:
        self._running, self._visits, self._seen = running, visits, seen

    def routes(self) -> APIRouter:
        """Where it is: by the rule, and by the agency or action where one is meant."""
        router = APIRouter()
        router.add_api_route("/reviews/{reference}/late/{rule}.docx", self.letter, methods=["GET"])
        router.add_api_route("/reviews/{reference}/notification.docx", self.notification, methods=["GET"])
        router.add_api_route("/reviews/{reference}/dates/{rule}", self.working, methods=["GET"])
        router.add_api_route("/reviews/{reference}/dates/{rule}/{subject:path}", self.working, methods=["GET"])
        return router

    def working(self, request: Request, reference: str, rule: str, subject: str | None = None) -> Response:
        """The page."""
        visit, _ = self._visits.signed_in(request)
        review, events = self._seen.review(visit, reference)
        rulebook = self._running.rulebook()
        try:
            made = explain_duty(review, events, rule, rulebook, self._running.today(), subject)
        except (LawNotFound, DutyNotStarted):
            raise self._seen.none(visit) from None
        except HorizonPassed as beyond:
            return self._visits.page(visit, "stopped", title="This day is not known", words=str(beyond))
        written = {one.rule for one in made if is_written_about(rulebook.rule(one.rule))}
        late = sorted(written & self._missed(review))
        shown = [(one.title, one.whose, one.words[0], rows_of(one.words[1:])) for one in made]
        return self._visits.page(visit, "working", at="review", review=review, shown=shown, late=late)

    def notification(self, request: Request, reference: str) -> Response:
        """The sheet from which the national notification form is filled in, as a Word file. No sealed word is in it."""
        visit, _ = self._visits.signed_in(request)
        review, _ = self._seen.review(visit, reference)
        rulebook, today = self._running.rulebook(), self._running.today()
        try:
            page = notification_sheet(review, rulebook, today)
        except NothingToNotify:
            raise self._seen.none(visit) from None
        return self._word(page, f"{TITLE} · {review.reference}", f"{review.reference}-notification")

    def _missed(self, review: Review) -> set[str]:
        return {duty.rule for duty in missed(review, self._running.today())}

    def letter(self, request: Request, reference: str, rule: str) -> Response:
        """The draft of a letter about a missed date, as a Word file. No sealed word is in it."""
        visit, _ = self._visits.signed_in(request)
        review, events = self._seen.review(visit, reference)
        rulebook, today = self._running.rulebook(), self._running.today()
        try:
            page = late_letter(review, events, rule, rulebook, today)
        except (LawNotFound, NotMissed, HorizonPassed):
            raise self._seen.none(visit) from None
        return self._word(page, f"Draft · {review.reference}", f"{review.reference}-late")

    def _word(self, page: str, title: str, name: str) -> Response:
        """A page as a Word file of this name and today's day."""
        # What writes Word files is large, and few ask for one.
        from tasks.word.document import WORD, word_file

        partnership, today = self._running.rulebook().partnership.name, self._running.today()
        made = word_file(page, partnership, title, self._running.clock())
        head = {"content-disposition": f'attachment; filename="{name}-{today.isoformat()}.docx"'}
        return Response(made, media_type=WORD, headers=head)


def rows_of(words: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The lines of a working under their labels: what has the label of the line before, or none, goes with it."""
    rows: list[tuple[str, list[str]]] = []
    for line in words:
        found = _LABELLED.fullmatch(line)
        label, rest = (found.group(1), found.group(2)) if found and not line.startswith(" ") else ("", line.strip())
        if rows and label in ("", rows[-1][0]):
            rows[-1][1].append(rest)
        else:
            rows.append((label or "More", [f"{rest[:1].upper()}{rest[1:]}"]))
    return rows
