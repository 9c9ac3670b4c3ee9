"""
What is looked for, as somebody typed or chose it: read against what there is to choose from, everything wrong at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from safeguarding.dates.london import read_day
from safeguarding.dates.working_days import say
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.review.states import ENDED_HOW, STAGE_OF, Stage, State, Track
from safeguarding.review.words import agency_name
from safeguarding.search.known import SearchedReview
from safeguarding.search.words import LONGEST, folded, plainly

UNDER_WAY, OPENED, DECIDED, PUBLISHED, CLOSED = "under way", "opened", "decided", "published", "closed"
WHICH_DAY = {
    UNDER_WAY: "Under way",
    OPENED: "Opened",
    DECIDED: "Decided",
    PUBLISHED: "Published",
    CLOSED: "Closed",
}
"""What is to lie between two days; of reviews under way, that they were so at some time between them."""
OPEN_ONES, CLOSED_ONES = "open", "closed"
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
"""The days that are looked for: beyond them no calendar of the program reaches."""
BOTH_TRACKS = {"children": "Children", "adults": "Adults"}
SHOWN = 12
"""Choices that a complaint names."""
SEPARATOR = "="


class SearchChoice(NamedTuple):
    """One of what there is to choose from."""

    value: str
    words: str
    group: str = ""
    also: tuple[str, ...] = ()
    """What else it is called."""


class Offered(NamedTuple):
    """What there is to choose from in the reviews that somebody may see, by the name of what is asked."""

    agency: Sequence[SearchChoice]
    person: Sequence[SearchChoice]
    track: Sequence[SearchChoice]
    stage: Sequence[SearchChoice]
    theme: Sequence[SearchChoice]


class SearchWanted(NamedTuple):
    """What is looked for: nothing of what is not asked."""

    words: str = ""
    agency: str = ""
    person: str = ""
    track: str = ""
    stage: str = ""
    theme: str = ""
    when: str = UNDER_WAY
    """Which of `WHICH_DAY` is to lie between the two days."""
    since: date | None = None
    until: date | None = None
    open: str = ""
    """`OPEN_ONES`, `CLOSED_ONES`, or both."""

    @property
    def anything(self) -> bool:
        """Whether anything is looked for."""
        return self != SearchWanted()


def offered(reviews: Iterable[SearchedReview], partnership: Partnership) -> Offered:
    """What there is to choose from in these reviews."""
    there = [*reviews]
    agencies = {agency for one in there for agency in one.agencies}
    names = {person: one.names.get(person, person) for one in there for person in one.people}
    people = {person: known.name if (known := partnership.ever(person)) else name for person, name in names.items()}
    people |= {lead.id: lead.name for lead in _contacts(agencies, partnership)}
    themes = {theme for one in there for theme in one.themes}
    return Offered(
        agency=_by_words(SearchChoice(one, agency_name(one, partnership)) for one in agencies),
        person=_by_words(SearchChoice(one, name) for one, name in people.items()),
        track=[SearchChoice(track, BOTH_TRACKS[track]) for track in sorted({one.head.track.value for one in there})][
            ::-1
        ],
        stage=_stages({one.head.state for one in there}),
        theme=sorted(
            (SearchChoice(f"{title}{SEPARATOR}{answer}", answer, title) for title, answer in themes),
            key=lambda one: (one.group, one.words),
        ),
    )


def _contacts(agencies: Iterable[str], partnership: Partnership) -> list[Person]:
    now = (one for agency in agencies for one in partnership.taken_over_by(agency))
    ids = {person for one in now for person in (one.lead, one.director) if person}
    return [one for person in ids if (one := partnership.ever(person)) is not None]


def _by_words(choices: Iterable[SearchChoice]) -> list[SearchChoice]:
    return sorted(choices, key=lambda one: (one.words.casefold(), one.value))


def _stages(states: Iterable[State]) -> list[SearchChoice]:
    """Every stage, and the states in which reviews are."""
    found = []
    for stage in Stage:
        names = dict.fromkeys(stage.named(track) for track in Track)
        found.append(SearchChoice(f"stage:{stage.value}", " or ".join(names), "Stage", (stage.value, *names)))
    there = set(states)
    for state in (one for one in State if one in there):
        group = "Exactly where" if state in STAGE_OF else "Closed because"
        words = ENDED_HOW.get(state, state.words)
        found.append(SearchChoice(f"state:{state.value}", f"{words[:1].upper()}{words[1:]}", group, (state.value,)))
    return found


def in_words(wanted: SearchWanted, choices: Offered) -> list[str]:
    """What is asked besides words, as it may follow them."""
    said = []
    for name in Offered._fields:
        chosen = [one for one in getattr(choices, name) if one.value == getattr(wanted, name)]
        said += [f"{NAMED[name]}: {_named(one) if name == 'theme' else one.words}" for one in chosen]
    said += [wanted.open] if wanted.open else []
    days = [f"{word} {say(day)}" for word, day in (("from", wanted.since), ("until", wanted.until)) if day]
    return [*said, " ".join([wanted.when, *days])] if days or wanted.when != UNDER_WAY else said


# --------------------------------------------------------------------------- as it was typed


def read_wanted(typed: Mapping[str, str], choices: Offered) -> tuple[SearchWanted, dict[str, str]]:
    """What is looked for, and everything that is wrong with it: at which question, in words that repeat nothing."""
    faults: dict[str, str] = {}
    words = " ".join(typed.get("words", "").split())
    if len(words) > LONGEST:
        faults["words"] = f"Shorten what you look for to {LONGEST} letters and signs"
    chosen = {name: _chosen(name, typed.get(name, ""), getattr(choices, name), faults) for name in Offered._fields}
    which = _one_of("when", typed.get("when", ""), [*WHICH_DAY], faults) or UNDER_WAY
    stands = _one_of("open", typed.get("open", ""), [OPEN_ONES, CLOSED_ONES], faults)
    since, until = (_day(name, typed.get(name, ""), faults) for name in ("since", "until"))
    if since and until and since > until:
        faults["until"] = "The last day is before the first: exchange them, or leave one of them empty"
    return SearchWanted(words=words, **chosen, when=which, since=since, until=until, open=stands), faults


NAMED = {
    "agency": "agency",
    "person": "person",
    "track": "track",
    "stage": "stage",
    "theme": "theme",
    "when": "kind of day",
    "open": "state",
}


def _chosen(name: str, typed: str, choices: Sequence[SearchChoice], faults: dict[str, str]) -> str:
    """The choice that was meant: by its value, its name or, where one alone has it, a part of its name."""
    if not typed.strip():
        return ""
    meant = plainly(typed)
    ways: tuple[Callable[[SearchChoice], bool], ...] = (
        lambda one: one.value == typed.strip(),
        lambda one: bool(meant) and meant in map(plainly, (one.value, one.words, *one.also)),
        lambda one: bool(meant) and f" {folded(typed).apart.strip()} " in folded(one.words).apart,
    )
    for way in ways:
        found = [one for one in choices if way(one)]
        # A stage and a state of it may be called the same: the stage is the whole of it, and stands first.
        if len(found) == 1 or (found and (name == "stage" or way is ways[0])):
            return found[0].value
        if found:
            several = "; ".join(_named(one) for one in found[:SHOWN])
            faults[name] = f"Several are called so: say which {NAMED[name]} you mean: {several}"
            return ""
    faults[name] = f"There is no such {NAMED[name]} in what you may see. {_there_are(choices)}"
    return ""


def _named(choice: SearchChoice) -> str:
    return f"{choice.group}: {choice.words}" if choice.group else choice.words


def _there_are(choices: Sequence[SearchChoice]) -> str:
    if not choices:
        return "There is none yet"
    more = f" and {len(choices) - SHOWN} more" if len(choices) > SHOWN else ""
    return f"Choose one of: {'; '.join(one.words for one in choices[:SHOWN])}{more}"


def _one_of(name: str, typed: str, allowed: Sequence[str], faults: dict[str, str]) -> str:
    said = typed.strip().casefold()
    if said and said not in allowed:
        faults[name] = f"There is no such {NAMED[name]}. Choose one of: {'; '.join(allowed)}"
        return ""
    return said


DAYS = {"since": "First day", "until": "Last day"}


def _day(name: str, typed: str, faults: dict[str, str]) -> date | None:
    if not typed.strip():
        return None
    try:
        day = read_day(typed.strip())
    except ValueError:
        faults[name] = f"{DAYS[name]}: enter it as year, month and day, such as 2026-11-30"
        return None
    if not FIRST_DAY <= day <= LAST_DAY:
        faults[name] = f"{DAYS[name]}: enter one between {FIRST_DAY.year} and {LAST_DAY.year}"
        return None
    return day
