"""
The publication of a review, as its page and the command line show it: what is planned, what it waits for, what stands
in the way of each thing that may be published, who had a copy, until when it is public, and the national copy.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from safeguarding.dates.london import london_date
from safeguarding.dates.working_days import in_days_words, say
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.advance_copy import what_is_published
from safeguarding.review.events import SYSTEM, Actor, CopySent
from safeguarding.review.holds import hold_of
from safeguarding.review.public_until import after_its_year, public_until
from safeguarding.review.review import Review
from safeguarding.review.states import STAGE_OF, Stage, State, Track
from safeguarding.review.step import Attempt
from safeguarding.stages.publication import PUBLISH, Published

PLANNED = {
    "full": "the full report",
    "improvements_only": "information about the improvements only",
    "nothing": "nothing",
}
ASKED_THERE = frozenset({"reviewer_is_named", "text_is_the_one_sent"})
"""Conditions of publishing that hang on an answer of its form: the form asks, and nothing else can say."""
PLAN, SEND, NOTHING = "Plan the day of publication", "Record the report as sent", "Publish nothing"


class WayOfPublishing(NamedTuple):
    """One of the things that may become public: the duty behind it, and everything that stands in its way today."""

    what: str
    planned: bool
    duty: str
    unmet: tuple[str, ...]
    asked: str
    """What the form asks besides."""


class PublicationShown(NamedTuple):
    """The publication of a review, for a reader."""

    facts: tuple[tuple[str, str], ...]
    """Each fact by its name."""
    ways: tuple[WayOfPublishing, ...]
    """While it is still to be published: each way, with what stands in it."""
    copies: tuple[CopySent, ...]


def publication_of(review: Review, rulebook: Rulebook, now: datetime) -> PublicationShown | None:
    """What is to be said of the publication; None of a review that has not come to it."""
    if review.happened("report_accepted") is None and review.happened("published") is None:
        return None
    today = london_date(now)
    facts = (*_plan_facts(review), *_hold_facts(review), *_public_facts(review, rulebook, today))
    facts = tuple(
        (name, words if name == "Public page" else f"{words[:1].upper()}{words[1:]}") for name, words in facts
    )
    return PublicationShown(facts, ways_of_publishing(review, rulebook, now), review.copies)


def ways_of_publishing(review: Review, rulebook: Rulebook, now: datetime) -> tuple[WayOfPublishing, ...]:
    """Every way in which its publication may end, each with all that is unmet; none unless it is still to end."""
    waits = STAGE_OF.get(review.state) is Stage.PUBLICATION
    if not waits or review.state in (State.PUBLISHED, State.PUBLISHED_IMPROVEMENTS_ONLY, State.NOT_PUBLISHED):
        return ()
    if review.track is Track.ADULTS:
        return _adult_ways(review)
    planned = what_is_published(review)
    unmet = _unmet(review, rulebook, now)
    return (
        _way("full", planned, unmet, "Children Act 2004 s.16F(4): published unless the partners find it inappropriate"),
        _way(
            "improvements_only",
            planned,
            unmet,
            "s.16F(5): what of the improvements the partners find appropriate to publish, where the report is not",
        ),
        WayOfPublishing(
            PLANNED["nothing"],
            False,
            "s.16F(5), where they find nothing appropriate; the report goes to the Secretary of State and the national "
            "Panel all the same (s.16F(3)(c))",
            (f"the three partners decide it together, with the reasons for both halves: '{NOTHING}'",),
            "",
        ),
    )


def _way(name: str, planned: str, unmet: tuple[str, ...], duty: str) -> WayOfPublishing:
    if name == planned:
        asked = "is the reviewer named in it; is the text the one that was sent; was the family shown it"
        return WayOfPublishing(PLANNED[name], True, duty, unmet, asked)
    turn = f"it is not what is planned: '{PLAN}' turns to it, and the copies are counted to that day"
    if name == "improvements_only":
        turn = f"{turn}; the three partners decide it together, and the justification is sent"
    return WayOfPublishing(PLANNED[name], False, duty, (turn,), "")


def _unmet(review: Review, rulebook: Rulebook, now: datetime) -> tuple[str, ...]:
    """What would stand in the way of publishing today what is planned, beside what its form asks."""
    today = london_date(now)
    form = Published(
        published_on=today, reviewer_named="yes", text_unchanged="yes", family_shown="shown first", public_address=""
    )
    asked = Attempt(review, form, Actor(person=SYSTEM), now, rulebook.on(today).for_track(review.track.value))
    found = [need(asked) for need in PUBLISH.needs if need.__name__ not in ASKED_THERE]
    words = [in_days_words(check.unmet) for check in found if not check.met]
    if review.state is State.PUBLICATION_DEFERRED:
        words.insert(0, f"it waits: 'The event has come: go on with publication', or '{PLAN}'")
    return tuple(dict.fromkeys(words))


def _adult_ways(review: Review) -> tuple[WayOfPublishing, ...]:
    held = ("it waits: 'The event has come: go on with publication'",) if hold_of(review) else ()
    none = "No source makes it a duty to publish an adult's review (A09): whether, what and how are decisions"
    asked = "the day; the anonymity check; the legal check; whether the adult or the family saw it first"
    shown = [WayOfPublishing(what, False, none, held, asked) for what in ("the full report", "an executive summary")]
    nothing = "The findings stand in the annual report all the same (Care Act 2014 Sch.2 para 4(1)(d))"
    return (*shown, WayOfPublishing(PLANNED["nothing"], False, nothing, held, "the reasons"))


def _plan_facts(review: Review) -> list[tuple[str, str]]:
    plans = [mark for mark in review.marks if mark.name.startswith("publication_planned_")]
    if not plans or review.state not in (State.PRE_PUBLICATION, State.PUBLICATION_DEFERRED):
        return []
    what = PLANNED[plans[-1].name.removeprefix("publication_planned_")]
    waits = review.state is State.PUBLICATION_DEFERRED
    when = f"which was planned for {say(plans[-1].on)}" if waits else f"for {say(plans[-1].on)}"
    return [("Planned" if not waits else "To be published", f"{what}, {when}")]


def _hold_facts(review: Review) -> list[tuple[str, str]]:
    hold = hold_of(review)
    if hold is None:
        return []
    since = f" (since {say(hold.since)})" if hold.since else ""
    expected = f", {say(hold.expected_on)}" if hold.expected_on else ""
    look = say(hold.look_again_on) if hold.look_again_on else "no day is set: 'Look at the hold again' sets one"
    moves = (
        "The six months stand, with the reasons that were sent beside them"
        if review.track is Track.CHILDREN
        else "No date of the law moves: none is set for publishing an adult's review"
    )
    return [("Waits for", f"{hold.until}{expected}{since}"), ("To be looked at again", look), ("Meanwhile", moves)]


def _public_facts(review: Review, rulebook: Rulebook, today: date) -> list[tuple[str, str]]:
    on = review.happened("published")
    if on is None:
        return []
    facts = [("Published", say(on))]
    said = {**review.facts.get("publication_decided", {}), **review.facts.get("published", {})}
    facts += [("Public page", str(said[name])) for name in ("public_address", "report_at") if said.get(name)]
    until = public_until(review, rulebook)
    if until is not None:
        by = "S.I. 2018/789 reg.17" if review.track is Track.CHILDREN else "the partnership's own standard, no law"
        facts.append(("Public until at least", f"{say(until)} ({by})"))
    facts.append(("After its year", _chosen(review, until, today)))
    return [*facts, ("National copy", _national(review))]


def _chosen(review: Review, until: date | None, today: date) -> str:
    chosen = after_its_year(review)
    if chosen:
        marks = {"kept public": "kept_public", "moved to the archive": "moved_to_archive", "taken down": "taken_down"}
        on = review.happened(marks[chosen])
        return f"{chosen}{f', {say(on)}' if on else ''}"
    over = until is not None and until < today
    words = "not chosen, and its year is over" if over else "not chosen yet"
    return f"{words}: keep it public, move it to the archive, or take it down"


def _national(review: Review) -> str:
    """The copy for the national repository of children's reviews, or the library of adults'."""
    where = "the NSPCC repository" if review.track is Track.CHILDREN else "the national library of adults' reviews"
    rule = "C18" if review.track is Track.CHILDREN else "A10"
    sent, published = review.happened("repository_sent"), review.happened("published")
    if sent is not None and published is not None and sent >= published:
        return f"sent to {where} on {say(sent)}"
    owed = [duty.due_on for duty in review.live(rule)]
    if owed:
        return f"owed to {where} by {say(owed[0])}: practice and no law, and the day is the partnership's own"
    gone = [duty for duty in review.duties if duty.rule == rule and duty.ended == "cancelled"]
    return f"not sent to {where}{': it was dropped when the review closed' if gone else ''}"


def in_the_way(review: Review, rulebook: Rulebook, now: datetime) -> list[str]:
    """The ways of publishing and what stands in each, as lines for the command line."""
    lines: list[str] = []
    for way in ways_of_publishing(review, rulebook, now):
        planned = " (planned)" if way.planned else ""
        lines.append(f"Publish {way.what}{planned}: {way.duty}.")
        lines += [f"  in the way: {words}" for words in way.unmet]
        lines += [f"  the form asks: {way.asked}"] if way.asked else []
    return lines
