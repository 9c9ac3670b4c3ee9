"""
What reviews taught, item by item, with the wording of each that may be shared, and whether its review is public.

Only open facts are read here: numbers, days, themes, statuses. The words are given afterwards, of what is shared
alone, and are approved wordings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

from safeguarding.duties.retention import ERASED
from safeguarding.registers.known import RecordKnown
from safeguarding.registers.lines import StandingLine
from safeguarding.registers.publications import PublicationRow, publication_rows
from safeguarding.registers.registers import REGISTERS, Register
from safeguarding.review.learning_entries import (
    ActionAdded,
    FindingRecorded,
    LessonRecorded,
    RecommendationDecided,
    RecommendationRecorded,
)
from safeguarding.review.learnt import DONE_BEFORE, SUMMARY, Wording
from safeguarding.review.states import Track
from safeguarding.review.wordings import in_force, wordings_of
from safeguarding.stages import STEPS

ItemKind = Literal["lesson", "finding", "recommendation", "action"]
ToldAs = Literal["lesson", "finding", "recommendation", "action", "done", "under way", ""]

HOLDING = (
    *("lesson_recorded", "finding_recorded", "recommendation_recorded", "recommendation_decided", "action_added"),
    *("wording_written", "wordings_approved", "wordings_withdrawn"),
)
"""The entries by which items are known."""
OF_AN_ERASURE = '"second":'
"""What stands in the line by which a review's words were erased, which has no entry."""
MAKING = frozenset(
    {
        *("lesson_recorded", "finding_recorded", "recommendation_recorded", "recommendation_decided"),
        *("action_agreed", "wording_written", "wording_approved", "wording_withdrawn"),
    }
)
"""The marks that those lines make."""
NO_THEME = "other"
"""The theme under which an action stands that is for no recommendation."""

STATUS: Mapping[str, str] = {
    "agreed": "agreed",
    "in progress": "under way",
    "evidence submitted": "done, and waiting to be checked",
    "verified": "done and checked",
    "embedded": "done, checked and part of daily work",
    "superseded": "replaced by another action",
    "withdrawn": "not done: it was withdrawn",
    "reopened": "under way again",
    DONE_BEFORE: "done",
    "accepted": "accepted by the partners",
    "will not be implemented": "the partners decided not to do this",
}
"""How an action or a recommendation stands, in words for people outside."""
CHANGED = frozenset(STATUS[one] for one in ("verified", "embedded", DONE_BEFORE))
"""The words of an action that changed something: nobody calls one done outside before it is."""
GIVEN_UP = frozenset(STATUS[one] for one in ("superseded", "withdrawn"))
"""The words of an action that nobody does any more: it is told to nobody outside."""


class ItemKnown(NamedTuple):
    """A lesson, a finding, a recommendation or an action of a review."""

    reference: str
    number: str
    kind: ItemKind
    on: date
    """The day on which it was learnt, found, recommended or agreed."""
    themes: tuple[str, ...]
    status: str = ""
    """Of an action or a recommendation how it stands, in words for people outside; empty before anything is said."""
    words: str = ""
    """The wording that may be shared; empty where none is."""
    approved_on: date | None = None

    @property
    def told_as(self) -> ToldAs:
        """As what it is told outside: an action that is done, or one that is under way; nothing of one given up."""
        if self.kind != "action":
            return self.kind
        if self.status in GIVEN_UP:
            return ""
        return "done" if self.status in CHANGED else "under way"


@dataclass(frozen=True, slots=True)
class ReviewTaught:
    """What one review taught, and whether it may be named outside."""

    reference: str
    track: Track
    items: Sequence[ItemKnown]
    summary: str
    """The wording of the review as a whole; empty where none may be shared."""
    public: PublicationRow | None
    """Its publication, while it is public: only then is it named outside."""
    public_page: str = ""
    """The reference of its public page, as it was recorded."""

    def with_words(self, words: Mapping[str, str]) -> ReviewTaught:
        """The same with these approved wordings, by item."""
        items = [one._replace(words=words.get(one.number, "")) for one in self.items]
        return replace(self, items=items, summary=words.get(SUMMARY, ""))

    @property
    def named(self) -> str:
        """How it is spoken of outside."""
        if self.public is not None:
            return self.reference
        return f"a review about {'a child' if self.track is Track.CHILDREN else 'an adult'}"


def kinds() -> frozenset[str]:
    """The kinds of line by which all of this is known."""
    return frozenset(step.kind for step in STEPS.values() if step.marks & MAKING) | {ERASED}


LEARNT = Register(
    name="learnt",
    title="What was learnt",
    about="Every lesson, finding, recommendation and action, for what is shared of them.",
    row=ItemKnown,
    made=lambda known, today: [item for one in taught(known, today) for item in one.items],
    needs=frozenset({"actions", "lines"}),
    kinds=kinds,
    holding=(*(f'"entry":"{name}"' for name in HOLDING), OF_AN_ERASURE),
    day="on",
)
"""It is read as the registers are, and is none of their pages."""
READ = (LEARNT, REGISTERS["publications"])
"""What is read of the record to know all of this."""


def taught(known: RecordKnown, today: date) -> list[ReviewTaught]:
    """
    Each review that taught something, or of which a wording may be shared, in the order of opening, but for those whose
    words were erased. None has its words yet.
    """
    public = {one.reference: one for one in publication_rows(known, today) if one.state == "public"}
    found = []
    for reference, review in known.reviews.items():
        lines = known.lines.get(reference, ())
        if was_erased(known, reference):
            continue
        allowed = in_force(wordings_of(line.held for line in lines))
        items = list(_items(reference, lines, allowed, known))
        if items or allowed:
            row = public.get(reference)
            found.append(ReviewTaught(reference, review.track, items, "", row, _page_of(row, lines)))
    return found


def was_erased(known: RecordKnown, reference: str) -> bool:
    """Whether the words of a review were erased."""
    return any(line.event.kind == ERASED for line in known.lines.get(reference, ()))


def _page_of(public: PublicationRow | None, lines: Sequence[StandingLine]) -> str:
    if public is None:
        return ""
    facts = next((line.event.facts for line in lines if line.event.sequence == public.line), {})
    return str(facts.get("public_address") or "")


def _items(
    reference: str, lines: Sequence[StandingLine], allowed: Mapping[str, Wording], known: RecordKnown
) -> Iterator[ItemKnown]:
    entries = [(line, entry) for line in lines for entry in line.entries]
    decided = {one.recommendation: one.decision for _, one in entries if isinstance(one, RecommendationDecided)}
    themes = {one.recommendation: one.themes for _, one in entries if isinstance(one, RecommendationRecorded)}
    status = {action.id: action.status for action in known.actions.get(reference, ())}

    def item(line: StandingLine, number: str, kind: ItemKind, on: date, of: tuple[str, ...], how: str) -> ItemKnown:
        said = STATUS.get(how, how)
        # The day as it was put right.
        day = allowed[number].approved_on if number in allowed else None
        return ItemKnown(reference, number, kind, on, of, said, approved_on=day)

    for line, one in entries:
        match one:
            case LessonRecorded():
                yield item(line, one.lesson, "lesson", one.on, one.themes, "")
            case FindingRecorded():
                yield item(line, one.finding, "finding", one.on, one.themes, "")
            case RecommendationRecorded():
                how = decided.get(one.recommendation, "")
                yield item(line, one.recommendation, "recommendation", one.on, one.themes, how)
            case ActionAdded():
                of = themes.get(one.recommendation, (NO_THEME,))
                yield item(line, one.action, "action", one.on, of, status.get(one.action, ""))
