"""
The letters about reviews that were taken over from a file: one to the unit about all of them, and one to each person
who hears of several things unmet in them. They are written the night after, in place of a letter for each.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from safeguarding.dates.london import london_date
from safeguarding.dates.working_days import say
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.deputies import handed_over
from safeguarding.notices.digest import ALL, YOURS
from safeguarding.notices.entry_notice import line_of, reader
from safeguarding.notices.notice import (
    AT_ONCE,
    LONGEST_FACT,
    LONGEST_LISTS,
    WORKING_MORNING,
    Channel,
    NoticeDraft,
    Occasion,
    fitting,
)
from safeguarding.notices.owed import Owed
from safeguarding.notices.quiet_hours import next_morning
from safeguarding.notices.step_notices import decision_roles
from safeguarding.review.states import Stage, State, Track

BETWEEN = " · "
_KEY = "taken_over:"


class TakenIn(NamedTuple):
    """An open review that was taken over, and what is owed of it."""

    reference: str
    track: Track
    state: State
    stage: Stage
    owed: Sequence[Owed]


class ReviewSaid(NamedTuple):
    """A review as a line of the unit's letter: who reads it for the unit (None: nobody), how urgent, what it says."""

    reference: str
    to: tuple[str, Channel] | None
    soonest: date
    words: str


class Unmet(NamedTuple):
    """One thing of which somebody hears: what is owed, and the letter that it would have had by itself."""

    owed: Owed
    draft: NoticeDraft


class Together(NamedTuple):
    """A letter about several reviews, and which; of a letter that is about one alone none is named."""

    draft: NoticeDraft
    about: frozenset[str]


def lines_about(reference: str, context: Mapping[str, str]) -> str:
    """What such a letter says of a review: its lines without the reference, or that it is among others."""
    begins = f"{reference}{BETWEEN}"
    lines = "\n".join(context.get(field, "") for field in LONGEST_LISTS).splitlines()
    mine = [line.removeprefix(begins) for line in lines if line.startswith(begins)]
    return "; ".join(mine) or "what is owed of it, with other reviews"


def review_said(review: TakenIn, rulebook: Rulebook, now: datetime) -> ReviewSaid:
    """A review as a line: where it stands, whose decision it waits for, what is owed, the soonest first."""
    rulebook = rulebook.on(london_date(now)).for_track(review.track.value)
    read_by = reader(rulebook)
    deciders = " and the ".join(
        ROLES[role] for role in decision_roles(review.state, review.track, rulebook.partnership)
    )
    owed = sorted(review.owed, key=lambda one: (one.due_on, one.rule, one.subject))
    lines = [words for words, _ in (line_of(one, rulebook, now) for one in owed) if words]
    parts = [*([f"a decision is owed by the {deciders}"] if deciders else []), *lines]
    head = f"{review.reference}{BETWEEN}{review.stage.named(review.track)}"
    return ReviewSaid(
        reference=review.reference,
        to=(read_by.id, read_by.channels[0]) if read_by is not None else None,
        soonest=min((one.due_on for one in owed), default=date.max),
        words=f"{head}: {_as_many_as_fit(parts, LONGEST_FACT - len(head) - 2) or 'nothing is owed now'}",
    )


def _as_many_as_fit(parts: Sequence[str], room: int) -> str:
    said, left = "", len(parts)
    for part in parts:
        more = f"; and {left - 1} more" if left > 1 else ""
        longer = f"{said}; {part}" if said else part
        if len(longer) + len(more) > room:
            return f"{said}; and {left} more" if said else f"{part[: room - 2]} …"
        said, left = longer, left - 1
    return said


def unit_letters(on: date, said: Sequence[ReviewSaid], rulebook: Rulebook, now: datetime) -> list[Together]:
    """One letter to whoever reads for the unit, about all of these; another where a track has other readers."""
    today = london_date(now)
    by_reader: dict[tuple[str, Channel], list[ReviewSaid]] = defaultdict(list)
    for one in said:
        if one.to is not None:
            by_reader[one.to].append(one)
    made = []
    for (person, channel), mine in by_reader.items():
        lines = [one.words for one in sorted(mine, key=lambda one: (one.soonest, one.reference))]
        draft = NoticeDraft(
            reference=ALL,
            occasion=Occasion.TAKEN_OVER,
            person=person,
            channel=channel,
            key=f"{_KEY}{min(one.reference for one in mine)}",
            not_before=next_morning(now, rulebook.on(today).partnership, rulebook.calendar),
            context={
                "reference": ALL,
                "taken_over_on": say(on),
                "taken_in": _listed(lines, "taken_in"),
                "urgency": WORKING_MORNING,
            },
        )
        about = frozenset(one.reference for one in mine)
        made += [Together(one, about) for one in handed_over([draft], rulebook.on(today).partnership, today)[:1]]
    return made


def letters_together(on: date, unmet: Sequence[Unmet], rulebook: Rulebook, now: datetime) -> Iterator[Together]:
    """
    The letters about what is unmet, to each person and by each way one: of a single thing the letter that it has by
    itself. In place of somebody else it is a letter of its own.
    """
    theirs: dict[tuple[str, Channel, str], list[Unmet]] = defaultdict(list)
    for one in unmet:
        theirs[one.draft.person, one.draft.channel, one.draft.context.get("in_place_of", "")].append(one)
    for number, ((person, channel, in_place_of), mine) in enumerate(theirs.items(), start=1):
        if len(mine) == 1:
            yield Together(mine[0].draft, frozenset())
            continue
        mine.sort(key=lambda one: (one.owed.due_on, one.owed.reference, one.owed.rule, one.owed.subject))
        lines = [_unmet_line(one.owed, rulebook, now) for one in mine]
        facts = {
            "reference": YOURS,
            "taken_over_on": say(on),
            "unmet": _listed(lines, "unmet"),
            "in_place_of": in_place_of,
            "urgency": AT_ONCE if any(one.draft.context.get("urgency") == AT_ONCE for one in mine) else WORKING_MORNING,
        }
        first = hashlib.sha256(mine[0].owed.key.encode()).hexdigest()[:16]
        draft = NoticeDraft(
            reference=YOURS,
            occasion=Occasion.TAKEN_OVER,
            person=person,
            channel=channel,
            key=f"{_KEY}{first}:{number}",
            not_before=min(one.draft.not_before for one in mine),
            context={name: value for name, value in facts.items() if value},
        )
        yield Together(draft, frozenset(one.owed.reference for one in mine))


def _unmet_line(owed: Owed, rulebook: Rulebook, now: datetime) -> str:
    words, _ = line_of(owed, rulebook.on(london_date(now)).for_track(owed.track.value), now)
    return f"{owed.reference}{BETWEEN}{words}"


def _listed(lines: Sequence[str], field: str) -> str:
    most = LONGEST_LISTS[field]
    kept = [fitting([line]) or f"{line[: LONGEST_FACT - 2]} …" for line in lines]
    if len(kept) > most:
        kept = [*kept[: most - 1], f"and {len(kept) - most + 1} more, at the pages"]
    return "\n".join(kept)
