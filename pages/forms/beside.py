"""
What one decides on, shown beside the questions: where the review stands, what the law asks next, what agencies
returned, what was found before. What is sealed is not shown: its place is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from pages.review_page import answers_of, dates_owed
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Event
from safeguarding.review.forms import Form, nested_form
from safeguarding.review.review import Review
from safeguarding.review.states import Stage
from safeguarding.shown.decided import decided_words
from safeguarding.shown.history.told import told
from safeguarding.shown.where_it_stands import where_it_stands
from safeguarding.stages import STEPS

PROPOSED = "decision_proposed"
FOUND_BY = {
    "referral_received": "The referral",
    "awareness_recorded": "As assessed",
    "notification_decided": "The decision to notify",
    "rapid_review_completed": "The rapid review",
    "screening_completed": "The screening",
    "decided": "The decision",
    PROPOSED: "What is proposed",
    "commissioned": "The commission",
}
"""The lines whose findings are shown beside later questions, and what each is called."""
MOST_OWED = 6


class KnownBlock(NamedTuple):
    """One block of what is known: its heading, its sentences, and answers as pairs."""

    title: str
    lines: Sequence[str]
    pairs: Sequence[tuple[str, str]] = ()


def beside_of(review: Review, events: Sequence[Event], rulebook: Rulebook, today: date) -> list[KnownBlock]:
    """What is known of a review, for whoever answers a question about it."""
    blocks = [KnownBlock("Where it stands", [where_it_stands(review, rulebook, today)])]
    owed = [line for line in dates_owed(review, rulebook, today) if line.law][:MOST_OWED]
    if owed:
        pairs = [(line.what, f"due {line.due}, {line.standing.words}") for line in owed]
        blocks.append(KnownBlock("By law or guidance", (), pairs))
    answers = answers_of(review, rulebook, today)
    if answers and review.stage in (Stage.RAPID_REVIEW, Stage.DECISION, Stage.PANEL):
        blocks.append(KnownBlock("Agencies", (), [(f"{name}: {what}", words) for name, what, words, _ in answers]))
    latest: dict[str, Event] = {event.kind: event for event in events if event.kind in FOUND_BY}
    if review.proposal is None:
        latest.pop(PROPOSED, None)
    order = list(FOUND_BY)
    for event in sorted(latest.values(), key=lambda one: order.index(one.kind)):
        found = _found(event, review, rulebook)
        blocks.insert(1, found) if event.kind == PROPOSED else blocks.append(found)
    return blocks


def _found(event: Event, review: Review, rulebook: Rulebook) -> KnownBlock:
    words = told(event, review, rulebook)
    lines = [words.sentence, *decided_words(event.facts)]
    step = next((one for one in STEPS.values() if one.kind == event.kind), None)
    return KnownBlock(FOUND_BY[event.kind], lines, _limbs(step.form, event.facts) if step else ())


def _limbs(form: type[Form], facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Each limb of a test with its answer: the reasons are sealed."""
    found = []
    for name, info in form.model_fields.items():
        given = facts.get(name)
        if nested_form(info) is not None and isinstance(given, dict) and isinstance(given.get("answer"), str):
            found.append((info.title or name, given["answer"].capitalize()))
    return found
