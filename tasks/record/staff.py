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
from safeguarding.staff.authenticators import REMOVE_AUTHENTICATOR, remove_authenticator
from safeguarding.staff.of_one_review import NAME_AGENCY, name_agency
from safeguarding.stages.beside.handed_over import HAND_OVER, actions_of
from safeguarding.yearly.reported import REPORTINGS
from tasks.record import authenticators, partnership_file
from tasks.record.installation import Installation
from tasks.record.records import Taken

Marking = Callable[[dict[str, Any], Actor, datetime, Rulebook, int], Event]

MARKINGS: dict[str, Marking] = {
    "mark_away": absences.mark_away,
    "mark_back": absences.mark_back,
    NAME_AGENCY: name_agency,
    REMOVE_AUTHENTICATOR: remove_authenticator,
}
"""What may be said beside the file, by the name of its form; what is said of a yearly report hangs on the chain too."""


def mark(installation: Installation, what: str, raw: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Mark somebody away or back; who hears from now on, in a sentence. Raises TransitionRefused with every reason."""
    added = _add(installation, what, raw, actor, now)
    person = str(added.facts["person"]) if added is not None else ""
    return absences.who_hears(person, installation.rulebook.partnership, london_date(now))


def name_for_one(installation: Installation, raw: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Name an agency of one review, or another contact of it; its id. Raises TransitionRefused with every reason."""
    if reasons := unmet(installation, NAME_AGENCY, raw, actor, now):
        raise TransitionRefused("the partnership", NAME_AGENCY, tuple(reasons))
    added = _add(installation, NAME_AGENCY, raw, actor, now)
    return str(added.facts["agency"]) if added is not None else ""


def say_of_report(installation: Installation, what: str, raw: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Record that a yearly report was published or sent. Raises TransitionRefused with every reason."""
    _add(installation, what, raw, actor, now)


def remove_authenticator_of(installation: Installation, person: str, why: str, actor: Actor, now: datetime) -> None:
    """
    Take somebody's authenticator away, with their sessions, as a line of the partnership's own chain says first.

    Raises TransitionRefused with every reason.
    """
    raw = {"person": person, "why": why}
    if authenticators.of(installation.records, person) is None:
        nobody = "nobody of this id has an authenticator"
        raise TransitionRefused("the partnership", REMOVE_AUTHENTICATOR, (nobody,))
    _add(installation, REMOVE_AUTHENTICATOR, raw, actor, now)
    authenticators.take_away(installation.records, person)


def _add(installation: Installation, what: str, raw: dict[str, Any], actor: Actor, now: datetime) -> Event | None:
    """Add the line to the partnership's own chain, in force at once. Raises TransitionRefused with every reason."""

    def made(before: Sequence[Event]) -> Event:
        moment = max(now.astimezone(UTC), before[-1].at) if before else now.astimezone(UTC)
        if what in REPORTINGS:
            event = REPORTINGS[what](raw, actor, moment, installation.rulebook, before)
        else:
            event = MARKINGS[what](raw, actor, moment, installation.rulebook, len(before) + 1)
        return as_they_were(event, installation.rulebook.partnership)

    added = installation.records.add_of_partnership(made)
    installation.follow_chain()
    return added


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
    """Every reason against saying this beside the file now; none if it would be taken. Nothing is written."""
    found: Sequence[str] = ()
    try:
        MARKINGS[what](raw, actor, now.astimezone(UTC), installation.rulebook, 1)
    except TransitionRefused as refused:
        found = refused.unmet
    given = raw.get("review")
    if what == NAME_AGENCY and given and given not in [row.reference for row in installation.records.list()]:
        found = (*found, "Review: there is none of that reference on this record")
    return found


def away_now(installation: Installation, now: datetime) -> list[str]:
    """Everybody who is marked away today or later, and who hears in their place."""
    today, partnership = london_date(now), installation.rulebook.partnership
    marked = [person for person in partnership.on(today).people if any(one.last >= today for one in person.away)]
    return [absences.who_hears(person.id, partnership, today) for person in marked]


def history(installation: Installation) -> list[Event]:
    """The partnership's own chain: every file taken up, everybody marked away or back."""
    return installation.records.with_keys(lambda connection, _: partnership_file.lines(connection))
