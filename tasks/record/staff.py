"""
People come and go: somebody is marked away or back in the partnership's own chain, in force a moment later in every
process; what somebody who leaves owns is handed over, review by review.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from safeguarding.dates.london import london_date
from safeguarding.errors import TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.as_they_were import as_they_were
from safeguarding.review.events import Actor, Event
from safeguarding.staff import absences
from safeguarding.stages.beside.handed_over import HAND_OVER, actions_of
from tasks.record import partnership_file
from tasks.record.installation import Installation
from tasks.record.records import Taken

Marking = Callable[[dict[str, Any], Actor, datetime, Rulebook, int], Event]

MARKINGS: dict[str, Marking] = {"mark_away": absences.mark_away, "mark_back": absences.mark_back}
"""What may be marked, by the name of its form."""


def mark(installation: Installation, what: str, raw: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Mark somebody away or back; who hears from now on, in a sentence. Raises TransitionRefused with every reason."""

    def made(before: Sequence[Event]) -> Event:
        moment = max(now.astimezone(UTC), before[-1].at) if before else now.astimezone(UTC)
        event = MARKINGS[what](raw, actor, moment, installation.rulebook, len(before) + 1)
        return as_they_were(event, installation.rulebook.partnership)

    added = installation.records.add_of_partnership(made)
    installation.follow_chain()
    person = str(added.facts["person"]) if added is not None else ""
    return absences.who_hears(person, installation.rulebook.partnership, london_date(now))


def hand_over(
    installation: Installation, leaver: str, successor: str, actor: Actor, now: datetime
) -> tuple[list[Taken], list[TransitionRefused]]:
    """
    Take the step that hands over somebody's actions in every review in which they own one that is not done, also in one
    that was closed with actions carried on.

    What was taken, and what was refused with its reasons. Done again it finds what is left.
    """
    records, taken, refused = installation.records, list[Taken](), list[TransitionRefused]()
    for reference in partnership_file.owned_by(records, leaver):
        review = records.read(reference)
        if not actions_of(review, leaver):
            continue
        raw = {"leaver": leaver, "successor": successor, "on": london_date(now)}
        try:
            taken.append(records.attempt(review.reference, HAND_OVER.name, raw, actor, now, review.version))
        except TransitionRefused as error:
            refused.append(error)
    return taken, refused


def unmet(installation: Installation, what: str, raw: dict[str, Any], actor: Actor, now: datetime) -> Sequence[str]:
    """Every reason against marking somebody away or back now; none if it would be taken. Nothing is written."""
    try:
        MARKINGS[what](raw, actor, now.astimezone(UTC), installation.rulebook, 1)
    except TransitionRefused as refused:
        return refused.unmet
    return ()


def away_now(installation: Installation, now: datetime) -> list[str]:
    """Everybody who is marked away today or later, and who hears in their place."""
    today, partnership = london_date(now), installation.rulebook.partnership
    marked = [person for person in partnership.on(today).people if any(one.last >= today for one in person.away)]
    return [absences.who_hears(person.id, partnership, today) for person in marked]


def history(installation: Installation) -> list[Event]:
    """The partnership's own chain: every file taken up, everybody marked away or back."""
    return installation.records.with_keys(lambda connection, _: partnership_file.lines(connection))
