"""
Sealed words of a review, shown at its page by a press: what there is to open, and the press that opens one set of it.

Each press is a reading: who, which texts, when and by which proof is on record before a word is on the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pages.may_see import may_read
from pages.visits import Visit
from safeguarding.duties.retention import ERASED
from safeguarding.law.person import Person
from safeguarding.review.events import Event
from safeguarding.review.review import Review
from safeguarding.review.words import subject_words
from safeguarding.shown.sealed_words import SealedText, sealed_texts
from tasks.store.readings import Text

REFERRAL, ACTIONS, AGENCIES, LEARNING = "referral", "actions", "agencies", "learning"
BY_ITEM = {ACTIONS: "action", LEARNING: "learning"}
"""The places at which words stand beside the item that they are about: how such a place is called."""
OF_A_LINE, OF_A_DECISION = "line", "decision"
OPENS = frozenset({"referral_received", "carried_in"})
"""The kinds of line by which a review is opened."""


class WordsThere(NamedTuple):
    """One set of sealed words that somebody may open: at which place of the page, what it is, the texts in it."""

    place: str
    what: str
    texts: Sequence[SealedText]


class Opened(NamedTuple):
    """The words that were opened: what they are, and under each place of the page the titles with their texts."""

    what: str
    place: str
    shown: Mapping[str, Sequence[tuple[str, str]]]


NOTHING_OPENED = Opened("", "", {})


def words_there(visit: Visit, person: Person, review: Review, events: Sequence[Event]) -> dict[str, WordsThere]:
    """Every set of sealed words of a review that somebody may open, by its place on the page. None once erased."""
    if any(event.kind == ERASED for event in events):
        return {}
    found: dict[str, WordsThere] = {}
    about: dict[str, list[SealedText]] = defaultdict(list)
    for event in events:
        texts = [one for one in sealed_texts(event) if may_read(person, one, review, visit.partnership)]
        if not texts:
            continue
        what = f"«{event.title}», line {event.sequence}"
        for place in (OF_A_LINE, OF_A_DECISION):
            found[f"{place}-{event.sequence}"] = WordsThere(f"{place}-{event.sequence}", what, texts)
        if event.kind in OPENS:
            about[REFERRAL] += texts
        about[ACTIONS] += [one for one in texts if one.about == "action"]
        about[AGENCIES] += [one for one in texts if one.about == "agency"]
        about[LEARNING] += [one for one in texts if one.about == "learning"]
    named = {REFERRAL: "the referral", ACTIONS: "the actions", AGENCIES: "what agencies returned"}
    named[LEARNING] = "what was learnt"
    return found | {place: WordsThere(place, named[place], texts) for place, texts in about.items() if texts}


def opened(there: WordsThere, words: Mapping[Text, str], visit: Visit) -> Opened:
    """A set of words as the page shows them, each under its place: an action's or a lesson's beside it."""
    shown: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for text in there.texts:
        said = words.get((text.line, text.name))
        if said is None:
            continue
        if there.place in BY_ITEM:
            for item in text.subjects:
                shown[f"{BY_ITEM[there.place]}-{item}"].append((f"{_last(text.title)} (line {text.line})", said))
        elif there.place == AGENCIES:
            whose = subject_words(text.subjects[0], visit.partnership)
            shown[AGENCIES].append((f"{whose}: {text.title} (line {text.line})", said))
        else:
            shown[there.place].append((text.title, said))
    return Opened(there.what, there.place, shown)


def _last(title: str) -> str:
    """The question itself, without the list that it stands in."""
    return title.rpartition(": ")[2]
