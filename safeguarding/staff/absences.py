"""
Away and back: lines of the partnership's own chain, which say beside the file who is away, until when, who covers.

Nobody edits a file for a week's leave, and nothing is started again: the next letter finds whoever covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import Field

from safeguarding.dates.london import london_date
from safeguarding.dates.working_days import say
from safeguarding.errors import TransitionRefused
from safeguarding.law.partnership import Agency, Partnership
from safeguarding.law.period import Away
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import not_theirs
from safeguarding.notices.deputies import stand_ins
from safeguarding.review import answers
from safeguarding.review.choices import key_of
from safeguarding.review.events import Actor, Event
from safeguarding.review.forms import Form, FormT, From
from safeguarding.review.step import MANAGERS
from safeguarding.staff.of_one_review import with_agencies_of_one

MARKED_AWAY, MARKED_BACK, FILE_TAKEN = "marked_away", "marked_back", "partnership_file_taken"
"""The kinds of its lines."""
NOT_AWAY = "is not marked away"
LONGEST = timedelta(days=366)
"""How long one entry may be: whoever is away for longer has a successor."""


class Absence(Form):
    """Somebody is away: whoever covers, or their deputy, hears in their place from the first day to the last."""

    person: Annotated[str, From("people")] = Field(title="Who is away")
    first: date = Field(title="From", description="The first day away.")
    last: date = Field(title="To", description="The last day away. Back earlier? Mark them back.")
    cover: Annotated[str, From("people")] | None = Field(
        default=None, title="Who covers", description="If nobody is named, their deputy hears, or the deputy's deputy."
    )


class BackAgain(Form):
    """Somebody is back: from this day on they hear again themselves."""

    person: Annotated[str, From("people")] = Field(title="Who is back")
    on: date = Field(title="Back on", description="The first day on which they hear again.")


def mark_away(raw: dict[str, Any], actor: Actor, now: datetime, rulebook: Rulebook, sequence: int) -> Event:
    """The line that somebody is away. Raises TransitionRefused with every reason."""
    today = london_date(now)
    rulebook = rulebook.on(today)
    filled, unmet = _filled(Absence, raw, actor, rulebook, "mark_away")
    if filled.last < filled.first:
        unmet.append(f"the last day {filled.last} is before the first {filled.first}")
    if filled.last < today:
        unmet.append(f"the last day {filled.last} has passed: today is {today}")
    if filled.last - filled.first > LONGEST:
        unmet.append("it is longer than a year: give their work to somebody else in the partnership's file")
    if filled.cover == filled.person:
        unmet.append("nobody covers for themselves")
    if unmet:
        raise TransitionRefused("the partnership", "mark_away", tuple(unmet))
    facts = {"person": filled.person, "from": filled.first.isoformat(), "to": filled.last.isoformat()}
    facts |= {"cover": filled.cover} if filled.cover else {}
    return _line(MARKED_AWAY, "Marked away", facts, actor, now, rulebook, sequence)


def mark_back(raw: dict[str, Any], actor: Actor, now: datetime, rulebook: Rulebook, sequence: int) -> Event:
    """The line that somebody is back. Raises TransitionRefused with every reason."""
    rulebook = rulebook.on(london_date(now))
    filled, unmet = _filled(BackAgain, raw, actor, rulebook, "mark_back")
    person = rulebook.partnership.known(filled.person)
    if person is not None and not any(away.holds(filled.on) for away in person.away):
        unmet.append(f"{person.name} {NOT_AWAY} on {filled.on}")
    if unmet:
        raise TransitionRefused("the partnership", "mark_back", tuple(unmet))
    facts = {"person": filled.person, "on": filled.on.isoformat()}
    return _line(MARKED_BACK, "Marked back", facts, actor, now, rulebook, sequence)


def _filled(
    form: type[FormT], raw: dict[str, Any], actor: Actor, rulebook: Rulebook, step: str
) -> tuple[FormT, list[str]]:
    """The form, and why its signer may not: the unit marks anybody, everybody else themselves."""
    filled = answers.read(form, raw, None, rulebook)
    person = rulebook.partnership.known(actor.person)
    own = person is not None and raw.get("person") is not None and key_of(str(raw["person"])) == actor.person
    unmet = not_theirs(frozenset(person.roles) if own and person else MANAGERS, actor, rulebook)
    if isinstance(filled, list):
        raise TransitionRefused("the partnership", step, (*unmet, *filled))
    return filled, unmet


def _line(
    kind: str, title: str, facts: dict[str, Any], actor: Actor, now: datetime, rulebook: Rulebook, sequence: int
) -> Event:
    return Event(sequence=sequence, at=now, actor=actor, kind=kind, title=title, facts=facts, edition=rulebook.digest)


# --------------------------------------------------------------------------- what it comes to


def applied(partnership: Partnership, lines: Iterable[Event]) -> Partnership:
    """
    The partnership's file with what the lines of its chain say beside it: agencies of one review, absences, and
    agencies that go on.
    """
    lines = tuple(lines)
    partnership = with_agencies_of_one(partnership, lines)
    away = {person.id: list(person.away) for person in partnership.people}
    goes_on: dict[str, set[str]] = {}
    before = {name: list(found) for name, found in away.items()}
    for line in lines:
        facts = line.facts
        if line.kind == MARKED_AWAY and facts["person"] in away:
            away[facts["person"]].append(Away.model_validate({k: v for k, v in facts.items() if k != "person"}))
        elif line.kind == MARKED_BACK and facts["person"] in away:
            away[facts["person"]] = _until(away[facts["person"]], date.fromisoformat(facts["on"]))
        elif line.kind == FILE_TAKEN:
            for old, new in facts.get("goes_on", {}).items():
                goes_on.setdefault(new, set()).add(old)
    if away == before and not goes_on:
        return partnership
    people = tuple(one.model_copy(update={"away": tuple(away[one.id])}) for one in partnership.people)
    there = {agency.id for agency in partnership.agencies}
    agencies = tuple(_going_on(agency, goes_on.get(agency.id, set()) - there) for agency in partnership.agencies)
    return partnership.model_copy(update={"people": people, "agencies": agencies})


def _until(absences: Sequence[Away], back: date) -> list[Away]:
    """The absences of somebody who is back on a day: one under way ends the day before, one to come stays."""
    last = back - timedelta(days=1)
    cut = [away.model_copy(update={"last": last}) if away.holds(back) else away for away in absences]
    return [away for away in cut if away.first <= away.last]


def _going_on(agency: Agency, old: set[str]) -> Agency:
    added = tuple(sorted(old - set(agency.formerly)))
    return agency.model_copy(update={"formerly": (*agency.formerly, *added)}) if added else agency


def who_hears(person_id: str, partnership: Partnership, today: date) -> str:
    """Who hears in the place of somebody who is away, by name; in a sentence for whoever has marked them."""
    now = partnership.on(today)
    person = now.known(person_id)
    if person is None:
        return "nobody of that id holds a role"
    current = next((away for away in sorted(person.away, key=lambda it: it.first) if away.last >= today), None)
    if current is None:
        return f"{person.name} hears"
    day = max(current.first, today)
    others = stand_ins(person, partnership.on(day), day)
    names = " and ".join(other.name for other in others) or "nobody who stands in is there: the business manager"
    return f"{person.name} is away from {say(current.first)} to {say(current.last)}: {names} hears"
