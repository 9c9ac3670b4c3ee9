"""
The desk that stands before the record: what every door of this partnership uses.

Draws a card from the review and the steps it permits; takes a step in one transaction; tells the postman.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from pydantic import BaseModel

from flows import board, plans, workings
from flows.desk import Face
from flows.dialog import Choice
from flows.wiring import House, now
from safeguarding import desk as words
from safeguarding import editions
from safeguarding.clock import london_date
from safeguarding.review import Review
from safeguarding.stages import STEPS
from tasks.notices import Postbox


class RecordDesk:
    """`flows.desk.Desk` on the real record. `told` is called after every line that may owe a notice."""

    def __init__(self, house: House, told: Callable[[], object] = lambda: None, post: Postbox | None = None) -> None:
        self.house = house
        self.post = post
        self._told = told
        self._form = cache(self._drawn)

    def _drawn(self, step: str) -> type[BaseModel]:
        return words.signed_form(STEPS[step], None, self.house.rulebook)

    def face(self, reference: str) -> Face | None:
        """The face of the review's open stage; None when the review is closed. Raises NoSuchReview."""
        review = self.house.records.read(reference)
        return self._face(review) if review.open else None

    def faces(self) -> list[Face]:
        """The faces of all open reviews."""
        rows = self.house.records.list(open_only=True)
        return [face for row in rows if (face := self.face(row.reference)) is not None]

    def versions(self) -> dict[str, int]:
        """The number of the last line of every open review."""
        return {row.reference: row.version for row in self.house.records.list(open_only=True)}

    def _face(self, review: Review) -> Face:
        rulebook = self.house.rulebook
        today = london_date(now())
        steps = words.steps_on_card(review)
        return Face(
            reference=review.reference,
            stage=review.stage.value,
            entry=review.entry,
            version=review.changed,
            name=words.card_name(review, today, rulebook),
            tags=tuple(words.card_tags(review, today, rulebook)),
            description="\n\n".join(filter(None, self._description(review, today))),
            choices=tuple(Choice(command=s.name, title=s.button, form=self._form(s.name)) for s in steps),
        )

    def _description(self, review: Review, today: date) -> tuple[str, ...]:
        rulebook = self.house.rulebook
        links = f"{plans.link(review.reference)} · {workings.link(review.reference)} · {board.link()}"
        return (words.description(review, today, rulebook), editions.offer(review, rulebook, today), links)

    def attempt(self, reference: str, command: str, fields: dict[str, Any], made_on: int, token: str) -> None:
        """Take a step of a card, as the person named in the fields. Raises TransitionRefused, recorded."""
        raw, actor = words.unsigned(fields)
        try:
            self.house.records.attempt(reference, command, raw, actor, now(), made_on, token)
        finally:
            self._told()

    def unmet(self, reference: str | None, command: str, fields: dict[str, Any], made_on: int | None) -> list[str]:
        """Everything that refuses this step, as the person named in the fields, now. Raises NoSuchReview."""
        raw, actor = words.unsigned(fields)
        return list(self.house.records.unmet(reference, command, raw, actor, now(), made_on))

    def submit(self, command: str, reference: str | None, fields: dict[str, Any], token: str) -> str:
        """Take a step that has a form of its own; the reference it concerns. Raises TransitionRefused."""
        raw, actor = words.unsigned(fields)
        records = self.house.records
        try:
            if command == "open_referral":
                return records.open(raw, actor, now(), token).review.reference
            return records.attempt(str(reference), command, raw, actor, now(), None, token).review.reference
        finally:
            self._told()
