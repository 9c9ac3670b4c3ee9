"""
The papers that a review names: minutes, letters, receipts, requests. Of each the record has the reference alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from safeguarding.dates.london import say_moment
from safeguarding.law.partnership import Partnership
from safeguarding.review.events import Attestation, Event
from safeguarding.review.forms import is_a_reference
from safeguarding.review.proof import is_own
from safeguarding.shown.bundle.paper import paper, table, words
from safeguarding.shown.decisions import name_on
from safeguarding.shown.sealed_words import forms_of, title_of

NOT_KEPT = (
    "The record stores no papers: no minutes, letters, reports or files. It keeps the reference under which each is "
    "kept elsewhere, as it was typed. Ask the partnership for a paper by its reference.",
    "What was written about papers in sealed words is not here: sealed.html names each such text by its question and "
    "its digest.",
)
HEAD = ("Line", "Recorded", "What it is", "Its reference", "Recorded by")
BY_WHICH_SIGNED = {
    Attestation.MINUTED: "The minutes in which this was decided",
    Attestation.PROVED: "The paper that proves who signed",
}


class PaperNamed(NamedTuple):
    """A paper by its reference, and the line that names it."""

    event: Event
    what: str
    reference: str


def papers_of(events: Sequence[Event]) -> Iterator[PaperNamed]:
    """Every reference that was typed on a line: of the paper by which it was signed, and in answer to a question."""
    for event in events:
        if event.actor.minute and not is_own(event.actor):
            yield PaperNamed(event, BY_WHICH_SIGNED.get(event.actor.attestation, "A paper"), event.actor.minute)
        fields = [field for form in forms_of(event.kind) for field in form.model_fields.items()]
        for name in dict.fromkeys(name for name, info in fields if is_a_reference(info)):
            given = event.facts.get(name)
            if isinstance(given, str) and given:
                yield PaperNamed(event, title_of(event.kind, name), given)


def papers_page(reference: str, events: Sequence[Event], partnership: Partnership) -> str:
    """All of them on a page."""
    rows = [
        (
            str(one.event.sequence),
            say_moment(one.event.at),
            one.what,
            one.reference,
            name_on(one.event, one.event.actor.person, partnership),
        )
        for one in papers_of(events)
    ]
    return paper(f"{reference}: papers that the record names", words(*NOT_KEPT), table(HEAD, rows, "None."))
