"""
A leaflet for families: what a review is, how they can take part, and whom to ask. In plain English, of one track.

Its words are this product's own, for a partnership to read and change before it hands them out. A duration or an
advocate stands in it only as the rules have it. The last part says which law that is; how far it was checked is told
to whoever makes the leaflet, and is nothing for a family.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from safeguarding.errors import LawNotFound, SafeguardingError
from safeguarding.law.citation import Citation
from safeguarding.law.partnership import Partnership
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.states import Track
from safeguarding.shown.bundle.paper import heading, listed, paper, words

UNIT = "business_unit"
TITLES = {
    Track.CHILDREN: "When we review what happened to a child: for families",
    Track.ADULTS: "When we review what happened to an adult: for families",
}
POINTS = 14
"""The size of its type, in points: larger than on our other pages."""


class LeafletNotOfThem(SafeguardingError):
    """A leaflet was asked for about reviews that the partnership does not hold."""

    code = "leaflet-not-of-them"

    def __init__(self, track: str) -> None:
        super().__init__(f"This partnership holds no reviews of {track}: there is no leaflet about them.", track)


class TrackWords(NamedTuple):
    """The words that differ between the tracks."""

    review: str
    when: tuple[str, ...]
    """When one is held, by its own test of the law: a sentence each."""
    person: str
    """Whom it is about, after «what happened to»."""
    law: str
    """The rules that stand behind it, of which the last part tells."""


OF_TRACK = {
    Track.CHILDREN: TrackWords(
        "A Child Safeguarding Practice Review",
        (
            "We may hold one when a child has died or was seriously harmed, and abuse or neglect is known or "
            "suspected.",
            "We look at what can be learnt from it.",
        ),
        "your child",
        "C12 C16",
    ),
    Track.ADULTS: TrackWords(
        "A Safeguarding Adults Review",
        (
            "It is about an adult with needs for care and support.",
            "We must hold one when the adult has died, and it is known or suspected that abuse or neglect was the "
            "cause.",
            "We must hold one, too, when the adult is alive, and serious abuse or neglect is known or suspected.",
            "In both cases there must be cause for concern about how services worked together to keep the adult safe.",
            "We may hold one in other cases.",
        ),
        "you or your relative",
        "A01 A02 A06",
    ),
}


def leaflet_page(track: Track, rulebook: Rulebook, today: date) -> str:
    """The leaflet of a track as a page, from which its Word file and its HTML are made. Raises LeafletNotOfThem."""
    partnership = rulebook.partnership
    if track.value not in partnership.tracks:
        raise LeafletNotOfThem(track.value)
    return paper(
        TITLES[track],
        words(partnership.name),
        *_what_it_is(OF_TRACK[track]),
        *_taking_part(OF_TRACK[track]),
        *_help(track),
        *_how_long(track, rulebook, today),
        *_the_report(track, rulebook, today),
        *_contact(partnership),
        *_law(track, rulebook, today),
        points=POINTS,
    )


def _what_it_is(of: TrackWords) -> Iterator[str]:
    yield heading("What is a review?")
    yield words(
        f"{of.review} looks at how people and services worked together.",
        " ".join(of.when),
        "We hold a review to learn. We want services to keep people safer from now on.",
    )
    yield heading("What a review is not")
    yield words(
        "It does not look for somebody to blame. It is not a court. It is not the police. It is not a complaint."
    )
    yield heading("Who takes part?")
    yield words(
        "The council, the police and the health service. Others may help too, such as a school, a doctor or a charity. "
        "A person who did not work on the case leads the review."
    )


def _taking_part(of: TrackWords) -> Iterator[str]:
    yield heading("How can you take part?")
    yield words(f"You know what happened to {of.person} better than we do. We would like to hear from you. You can:")
    yield listed(
        (
            "talk to us: tell us where it would be easiest for you",
            "write to us",
            "ask somebody to speak for you",
            "tell us what you want the review to find out",
            "hear what we found, before it is published",
        )
    )
    yield heading("You may say no")
    yield words(
        "You do not have to take part. You do not have to say why. You can say yes and stop later. You can tell us "
        "part of it."
    )
    yield heading("What happens with what you tell us?")
    yield words(
        "We keep it safe. It helps us to see what went well and what did not. We do not put your name in the report.",
        "The people who work on the review may read it. So may the partners who hold it. A court, a coroner or an "
        "inspector may ask for it.",
        "If you tell us that somebody is in danger now, we must act. We will tell you first if we can.",
    )


def _help(track: Track) -> Iterator[str]:
    yield heading("Who can help you?")
    yield words(
        "Tell us what you need: a person who speaks your language, large print, a quiet room, a friend by your "
        "side. We know that this is hard. You can take a break at any time."
    )
    if track is Track.ADULTS:
        yield words(
            "Is the review about you, and would it be very hard for you to take part? If there is nobody who is right "
            "to help you, the council must arrange an independent advocate. That is a person who does not work for "
            "the services. They help you to have your say."
        )


def _how_long(track: Track, rulebook: Rulebook, today: date) -> Iterator[str]:
    rule = "C12" if track is Track.CHILDREN else "A02"
    if (length := _length(rule, rulebook, today)) is None:
        return
    what = "finish a review and publish it" if track is Track.CHILDREN else "finish a review"
    yield heading("How long does it take?")
    yield words(
        f"We aim to {what} within {length} of the day we choose to hold it. Some take longer, such as when there is "
        "a case in court. Ask us at any time how it goes on."
    )


def _the_report(track: Track, rulebook: Rulebook, today: date) -> Iterator[str]:
    yield heading("Will there be a report?")
    if track is Track.CHILDREN:
        yield words(
            "At the end of a review there is a report. We must publish it, unless we think that this would be wrong. "
            "Then we must publish what we think is right to say about what should get better."
        )
        if (length := _length("C16", rulebook, today)) is not None:
            yield words(f"What we publish can be read by all for at least {length}.")
    else:
        yield words(
            "At the end of a review there is a report. We decide if it is published, and how. Tell us what you think."
        )
    yield words(
        "We leave out the names of families. We leave out what could show who you are, as far as we can. We offer to "
        "show you what we publish before it is published."
    )


def _length(rule: str, rulebook: Rulebook, today: date) -> str | None:
    """How long a duty takes by the edition in force, in words; None where there is no such law."""
    try:
        return rulebook.rule(rule).counts_on(today).length_words
    except LawNotFound:
        return None


def _contact(partnership: Partnership) -> Iterator[str]:
    """How to reach the partnership: what its file does not say is left out."""
    contact = partnership.contact
    shared = next((one.email for one in partnership.channels if one.role == UNIT and one.email), None)
    ways = {"Telephone": contact.telephone, "Email": contact.email or shared, "Post": contact.address}
    said = [f"{name}: {way}" for name, way in (ways | {"Website": contact.website}).items() if way]
    yield heading("Whom can you ask?")
    yield words(f"Ask us at any time: {partnership.name}.")
    yield listed(said)


def law_behind(track: Track, rulebook: Rulebook, today: date) -> list[Citation]:
    """Which law stands behind the leaflet of a track on a day, each once, with how far it was checked."""
    found: dict[str, Citation] = {}
    for name in OF_TRACK[track].law.split():
        try:
            edition = rulebook.rule(name).edition_on(today)
        except LawNotFound:
            continue
        for one in edition.citations:
            if one.confidence.may_be_called_law:
                found.setdefault(one.name, one)
    return list(found.values())


def _law(track: Track, rulebook: Rulebook, today: date) -> Iterator[str]:
    if behind := law_behind(track, rulebook, today):
        yield heading("The law behind this leaflet")
        yield listed(one.name for one in behind)
