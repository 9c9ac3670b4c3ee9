"""
The desk: what the doors need of the record, and the one place where Prefect and the record are joined.

Draws a card from the review and the steps it permits; takes a step in one transaction; tells the postman. Every method
may block (it is called in a thread) and is safe to call twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from flows.artifacts import deadline_board, plan, working
from flows.cards.dialog import StepOffered
from flows.cards.face import Face, Faces
from safeguarding.dates.london import london_date, now
from safeguarding.duties import edition_moves
from safeguarding.errors import Fault, NoSuchReview
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.review import Review
from safeguarding.shown import card, card_story
from safeguarding.shown.history.by_role import told_by_role
from safeguarding.stages import STEPS
from tasks.events.nothing_typed import account_of
from tasks.post.deliver import Postbox
from tasks.record import sweep_round
from tasks.record.health import health
from tasks.record.installation import Installation, open_installation
from tasks.record.new_reviews import NEW
from tasks.store.whereabouts import unavailable


class Desk:
    """The record as the doors see it. `postman` is called when something may be owed to somebody, if there is one."""

    def __init__(
        self, installation: Installation, postman: Callable[[], object] | None = None, post: Postbox | None = None
    ) -> None:
        self.installation = installation
        self.post = post
        self._postman = postman
        self._drawn: dict[str, type[BaseModel]] = {}
        self._drawn_of: Rulebook | None = None
        self._noted: tuple[Fault, ...] | None = None
        """What is noted of a file that is not in force; None until that is known."""

    def _form(self, step: str, today: date) -> type[BaseModel]:
        """The form of a step, drawn once for as long as the same people serve."""
        rulebook = self.installation.rulebook.on(today)
        if rulebook is not self._drawn_of:
            self._drawn, self._drawn_of = {}, rulebook
        if step not in self._drawn:
            self._drawn[step] = card.signed_form(STEPS[step], None, rulebook)
        return self._drawn[step]

    def follow(self) -> bool:
        """Use what was changed of the partnership's file or people since the last look; whether anything was."""
        installation = self.installation
        changed = installation.follow(now())
        if installation.refused != self._noted:
            self._noted = installation.refused
            faults = [f"not taken up: {len(self._noted)} faults, see `safeguarding check`"] if self._noted else []
            sweep_round.note_trouble(installation, "the partnership's file", faults, now())
        return changed

    def face(self, reference: str) -> Face | None:
        """The face of the review's open stage; None when the review is closed. Raises NoSuchReview."""
        review = self.installation.records.read(reference)
        return self._face(review) if review.open else None

    def faces(self, references: Iterable[str] | None = None) -> Faces:
        """The faces of all open reviews, or of these. One that cannot be drawn is named, and stops no other."""
        if references is None:
            references = [row.reference for row in self.installation.records.list(open_only=True)]
        drawn, undrawn = [], {}
        for reference in references:
            try:
                face = self.face(reference)
            except Exception as error:
                if unavailable(error, self.installation.settings.record_url) is not None:
                    raise
                undrawn[reference] = account_of(error)
            else:
                drawn += [face] if face is not None else []
        return Faces(drawn, undrawn)

    def knows(self, reference: str) -> bool:
        """Whether the record holds a review of this reference, open or closed."""
        try:
            self.installation.records.read(reference)
        except NoSuchReview:
            return False
        return True

    def swept_at(self) -> datetime | None:
        """When the last sweep acted on the record; None if none has yet."""
        return health(self.installation.records.engine, now()).swept_at

    def versions(self) -> dict[str, int]:
        """The number of the last line of every open review: what has moved since shows in them."""
        return {row.reference: row.version for row in self.installation.records.list(open_only=True)}

    def _face(self, review: Review) -> Face:
        rulebook = self.installation.rulebook
        today = london_date(now())
        steps = card.steps_on_card(review)
        return Face(
            reference=review.reference,
            stage=review.stage.value,
            entry=review.entry,
            version=review.changed,
            name=card.card_name(review, today, rulebook),
            tags=tuple(card.card_tags(review, today, rulebook)),
            description="\n\n".join(filter(None, self._description(review, today))),
            choices=tuple(StepOffered(command=s.name, title=s.button, form=self._form(s.name, today)) for s in steps),
            stands=card_story.stands(review, today, rulebook),
            read_at=self.page_of(review.reference),
        )

    def page_of(self, reference: str) -> str:
        """The address of a review's own page; empty where readers of Prefect's page cannot reach it."""
        return self.installation.settings.review_page(reference)

    def story(self, reference: str) -> tuple[card_story.CardLine, ...]:
        """What was done so far in a review, one sentence a step. Raises NoSuchReview."""
        records = self.installation.records
        return card_story.story(records.read(reference), records.events(reference), self.installation.rulebook)

    def recorded(self, reference: str, command: str) -> str:
        """What the last step of this name recorded in a review, in a sentence with nothing that was typed."""
        records = self.installation.records
        review, events = records.read(reference), records.events(reference)
        last = next(event for event in reversed(events) if event.kind == STEPS[command].kind)
        return told_by_role(last, review, self.installation.rulebook).sentence

    def ended(self, reference: str, stage: str, entry: int) -> card_story.Ended | None:
        """How this entry of a stage ended; None while it is open. Raises NoSuchReview."""
        events = self.installation.records.events(reference)
        return card_story.how_it_ended(events, stage, entry, self.installation.rulebook)

    def _description(self, review: Review, today: date) -> tuple[str, ...]:
        rulebook = self.installation.rulebook
        page = self.page_of(review.reference)
        own = f"[The review's own page: everything that was done, decided and returned]({page}) · " if page else ""
        links = f"{own}{plan.link(review.reference)} · {working.link(review.reference)} · {deadline_board.link()}"
        return (card.description(review, today, rulebook), edition_moves.offer(review, rulebook, today), links)

    def told(self) -> None:
        """Something may be owed to somebody. Where no postman runs, the next sweep delivers it."""
        if self._postman is not None:
            self._postman()

    def attempt(self, reference: str, command: str, fields: dict[str, Any], made_on: int, token: str) -> None:
        """
        Take the step in one transaction, as the person named in the fields.

        `made_on` is the version of the review that the form was drawn from; `token` names this submission, the same
        however often it is tried. Raises TransitionRefused, having recorded the refusal, with every reason.
        """
        raw, actor = card.unsigned(fields)
        self.follow()
        try:
            self.installation.records.attempt(reference, command, raw, actor, now(), made_on, token, keep=True)
        finally:
            self.told()

    def unmet(self, reference: str | None, command: str, fields: dict[str, Any], made_on: int | None) -> list[str]:
        """
        Everything that refuses this step now, in words that repeat nothing typed; nothing is taken or recorded.

        Raises NoSuchReview.
        """
        raw, actor = card.unsigned(fields)
        self.follow()
        return list(self.installation.records.unmet(reference, command, raw, actor, now(), made_on))

    def submit(self, command: str, reference: str | None, fields: dict[str, Any], token: str) -> str:
        """Take a step that has a form of its own; the reference it concerns. Raises TransitionRefused."""
        raw, actor = card.unsigned(fields)
        self.follow()
        records = self.installation.records
        try:
            if command in NEW:
                return records.open(raw, actor, now(), token, command).review.reference
            return records.attempt(str(reference), command, raw, actor, now(), None, token, keep=True).review.reference
        finally:
            self.told()


_current: list[Desk] = []


def use_desk(desk: Desk) -> None:
    """The desk of this process."""
    _current[:] = [desk]


def current_desk() -> Desk:
    """The desk of this process; unless it was given one, that of the record its settings name."""
    if not _current:
        # A process of a stock worker begins with the flow itself: nobody gave it a desk.
        use_desk(Desk(open_installation(now())))
    return _current[0]
