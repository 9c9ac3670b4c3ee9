"""
What is searched of a review: what its record holds openly, line by line as its history tells it, and who, which agency,
which coded answers and which days stand in it. Nothing that is sealed is in it.

A line that was taken back or refused is found by its words, for its history shows it; it makes nobody chair and no
answer stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from safeguarding.dates.london import london_date
from safeguarding.law.rulebook import Rulebook
from safeguarding.law.themes import OwnTheme, theme_words
from safeguarding.registers.decisions import LEARNING, decision_kinds
from safeguarding.registers.lines import StandingLine, as_they_stand, day_of_closing
from safeguarding.review.as_arranged import POSITIONS
from safeguarding.review.events import SYSTEM, UNKNOWN, AgencyAnswered, AgencyAsked, Event, PositionSigned
from safeguarding.review.learning_entries import ActionAdded, ActionChanged
from safeguarding.review.local_questions import BESIDES
from safeguarding.review.review import TAKEN_OVER, Review
from safeguarding.review.states import CLOSED_STATES, Stage, State, Track
from safeguarding.search.words import FoldedText, folded
from safeguarding.shown.as_seen import asked_for_positions, veiled
from safeguarding.shown.history.told import told

THEMES = {
    "concern": "What was referred",
    "incident": "What happened",
    "looked_after": "Looked after by this local authority",
    "care_leaver": "A care leaver",
    "learning_route": "Learning route",
    "method": "Method of the review",
}
"""The questions whose coded answers say what a review is about, by their names on the forms."""
LEARNT = "What was learnt"
"""Under what the themes of lessons, findings and recommendations stand."""
OF_LIMBS = frozenset({"looked_after", "care_leaver"})
"""Those that a legal test asks too, as limbs of it, under the same names."""
NO_THEME = frozenset({"", "no", "not known", "none", "not applicable", "other"})
"""Answers by which nobody looks for a review."""
OPENING_DAYS = ("under_way_since", "began_on")
"""The questions for the day since when a review was under way before it was opened here."""
DECIDED, PUBLISHED = frozenset({"decided", "notification_decided"}), frozenset({"published"})
"""The marks of the days that are looked for."""
ASKED_FOR = {"information": "asked for information", "report": "asked for its report", "accuracy": "asked to check"}


class ReviewHead(NamedTuple):
    """A review as its row has it."""

    reference: str
    track: Track
    pseudonym: str
    state: State
    stage: Stage
    open: bool
    opened_at: datetime
    stage_since: datetime
    version: int


class PartInIt(NamedTuple):
    """The part that a person or an agency has in a review, in words, and the line that says so."""

    how: str
    line: int


class LineKnown(NamedTuple):
    """One line of a review's record, as its history tells it."""

    line: int
    title: str
    said: Sequence[str]
    """The sentence, the further ones, and the name of whoever recorded it."""
    folded: FoldedText


class DayKnown(NamedTuple):
    """A day on which something happened, and the line that says so."""

    on: date
    line: int


class SearchedReview(NamedTuple):
    """What is searched of one review."""

    head: ReviewHead
    lines: Sequence[LineKnown]
    people: Mapping[str, Sequence[PartInIt]]
    agencies: Mapping[str, Sequence[PartInIt]]
    themes: Mapping[tuple[str, str], int]
    """Each coded answer, with its question: the line of it."""
    began: DayKnown
    decided: Sequence[DayKnown]
    published: Sequence[DayKnown]
    closed: DayKnown | None
    """None while it is open."""
    names: Mapping[str, str]
    """What its people were called last, by their ids."""
    asked: Sequence[str] = ()
    """Whose positions on a decision were ever asked for."""
    veil: SearchedReview | None = None
    """The same for whoever does not see yet how they have signed; None where that is the same."""


def known_of(head: ReviewHead, events: Sequence[Event], rulebook: Rulebook) -> SearchedReview:
    """What is searched of a review, made of the lines of its ledger."""
    found = _known(head, events, rulebook)
    if head.state is not State.DECISION or not (asked := asked_for_positions(events)):
        return found
    return found._replace(asked=asked, veil=_known(head, veiled(events), rulebook))


def _known(head: ReviewHead, events: Sequence[Event], rulebook: Rulebook) -> SearchedReview:
    standing = as_they_stand(events)
    closings = [line for line in standing if line.event.to in CLOSED_STATES]
    bare, own = _bare(head), rulebook.partnership.themes
    closed = (
        DayKnown(day_of_closing(closings[-1]), closings[-1].event.sequence)
        if closings
        else DayKnown(london_date(head.stage_since), 0)
    )
    return SearchedReview(
        head=head,
        lines=[_line(event, bare, rulebook) for event in events],
        people=_gathered(pair for line in standing for pair in _people(line.event, rulebook)),
        agencies=_gathered(pair for line in standing for pair in _agencies(line.event)),
        themes={theme: line.event.sequence for line in standing for theme in _themes(line.event.facts, own)},
        began=_began(head, standing),
        decided=_days(standing, DECIDED),
        published=_days(standing, PUBLISHED),
        closed=None if head.open else closed,
        names={one.id: one.name for event in events for one in event.named if one.roles},
    )


def _bare(head: ReviewHead) -> Review:
    """The review as far as its lines are told by it; to fold it whole would take longer than all the rest."""
    return Review(
        reference=head.reference,
        track=head.track,
        pseudonym=head.pseudonym,
        state=head.state,
        version=head.version,
        changed=head.version,
        stage_since=head.stage_since,
        opened_at=head.opened_at,
        last_stage=head.stage,
    )


def _line(event: Event, review: Review, rulebook: Rulebook) -> LineKnown:
    line = told(event, review, rulebook, {})
    who = line.who.partition(",")[0]  # How that is known is no word of what happened.
    said = (line.sentence, *line.further, *_referred_to_before(event.facts), who)
    return LineKnown(event.sequence, event.title, said, folded(" ".join((event.title, *said, event.actor.minute))))


def _referred_to_before(facts: Mapping[str, Any]) -> Iterator[str]:
    """By what a review was known before it came into this record: it is what people look for first."""
    before = facts.get("earlier_reference") or (facts.get(TAKEN_OVER) or {}).get("reference")
    if before:
        yield f"Its reference before: {before}."


def _gathered(pairs: Iterable[tuple[str, PartInIt]]) -> dict[str, list[PartInIt]]:
    found: dict[str, list[PartInIt]] = defaultdict(list)
    for one, part in pairs:
        found[one].append(part)
    return dict(found)


def _days(lines: Iterable[StandingLine], names: frozenset[str]) -> list[DayKnown]:
    there = {mark.on: line.event.sequence for line in lines for mark in line.marks if mark.name in names}
    return [DayKnown(on, line) for on, line in sorted(there.items())]


def _began(head: ReviewHead, lines: Sequence[StandingLine]) -> DayKnown:
    opened = london_date(head.opened_at)
    given = [lines[0].event.facts.get(name) for name in OPENING_DAYS] if lines else []
    return DayKnown(min([opened, *(date.fromisoformat(day) for day in given if isinstance(day, str) and day)]), 1)


# --------------------------------------------------------------------------- who and what


def _people(event: Event, rulebook: Rulebook) -> Iterator[tuple[str, PartInIt]]:
    """Everybody who has a part by a line: not whoever only recorded it."""
    parts: dict[str, list[str]] = defaultdict(list)
    facts, actor = event.facts, event.actor.person
    for name, how in (("chair", "chair of the review panel"), ("reviewer_in_file", "lead reviewer")):
        if isinstance(person := facts.get(name), str) and person:
            parts[person].append(how)
    positions = facts.get(POSITIONS)
    partners = {one.id: one.name for one in rulebook.partnership.partners}
    for partner, one in (positions if isinstance(positions, Mapping) else {}).items():
        if isinstance(one, Mapping) and one.get("person"):
            parts[str(one["person"])].append(f"spoke for {partners.get(partner, partner)} in «{event.title}»")
    for entry in event.entries:
        if isinstance(entry, ActionAdded | ActionChanged):
            parts[entry.owner].append(f"owner of action {entry.action}")
        elif isinstance(entry, PositionSigned):
            parts[entry.person].append("signed a position")
    if event.kind in decision_kinds() and actor not in (SYSTEM, UNKNOWN):
        parts[actor].append(f"signed «{event.title}»")
    for named in event.named:
        if named.roles and named.id != actor and named.id not in parts:
            parts[named.id].append(f"named in «{event.title}»")
    for person, how_many in parts.items():
        for how in dict.fromkeys(how_many):
            yield person, PartInIt(how, event.sequence)


def _agencies(event: Event) -> Iterator[tuple[str, PartInIt]]:
    """Every agency that has a part by a line."""
    parts: dict[str, list[str]] = defaultdict(list)
    for entry in event.entries:
        if isinstance(entry, AgencyAsked):
            parts[entry.agency].append(ASKED_FOR[entry.purpose])
        elif isinstance(entry, AgencyAnswered):
            parts[entry.agency].append(f"{entry.outcome} ({entry.purpose})")
        elif isinstance(entry, ActionAdded | ActionChanged):
            parts[entry.agency].append(f"owns action {entry.action}")
    if event.kind == "referral_received" and isinstance(agency := event.facts.get("agency"), str) and agency:
        parts[agency].append("referred it")
    # Where positions are, a partner may stand under the id of its agency.
    if not event.facts.get(POSITIONS) and not any(isinstance(one, PositionSigned) for one in event.entries):
        for named in event.named:
            if not named.roles and named.id not in parts:
                parts[named.id].append(f"named in «{event.title}»")
    for agency, how_many in parts.items():
        for how in dict.fromkeys(how_many):
            yield agency, PartInIt(how, event.sequence)


def _themes(facts: Mapping[str, Any], own: Sequence[OwnTheme]) -> Iterator[tuple[str, str]]:
    """Each coded answer of a line that says what the review is about, under its question."""
    for theme in facts.get("themes") or ():
        yield LEARNT, theme_words(str(theme), own)
    for name, title in THEMES.items():
        answer = facts.get(name)
        answer = answer.get("answer") if isinstance(answer, Mapping) and name in OF_LIMBS else answer
        if isinstance(answer, str) and answer not in NO_THEME:
            yield title, answer
    if isinstance(outcome := facts.get("outcome"), str) and not facts.get("learning_route") and outcome in LEARNING:
        yield THEMES["learning_route"], LEARNING[outcome]
    for one in facts.get(BESIDES) or ():
        answer = one.get("answer") if isinstance(one, Mapping) else None
        if isinstance(answer, str) and answer not in NO_THEME and not _is_day(answer):
            yield str(one["title"]), answer


def _is_day(answer: str) -> bool:
    return len(answer) == len("2026-11-30") and answer[:4].isdecimal() and answer[4] == answer[7] == "-"
