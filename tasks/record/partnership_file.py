"""
The partnership's file and the record, checked against each other: which file is in force, and taking up another.

The file as it was used lies in the partnership's own chain of the ledger, by the digest that each line names. Another
is taken up once it is read without a fault and nothing that open work needs would be lost; else the old stays in force.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, exists, select

import config
from safeguarding.duties.recounting import counted_over
from safeguarding.errors import Fault, RulebookInvalid
from safeguarding.law.person import Person
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import PARTNERSHIP, SYSTEM, Actor, Event
from safeguarding.review.learnt import DONE
from safeguarding.staff.absences import FILE_TAKEN, applied
from safeguarding.staff.changes import Changes, Needed, compare
from safeguarding.staff.of_one_review import with_agencies_of_one
from tasks.record.records import Records
from tasks.store import ledger
from tasks.store.session import reading
from tasks.store.tables import actions, deadlines, requests, reviews
from tasks.store.tables import heads as ends

MOST_TOLD = 200
"""Changes that a line names; a new file may change everything."""


class InForce(NamedTuple):
    """The rulebook that holds now, the last line of the partnership's chain, and why a newer file is not taken."""

    rulebook: Rulebook
    line: int
    refused: tuple[Fault, ...] = ()


def chain_length(connection: Connection) -> int:
    """The number of the last line of the partnership's own chain; 0 before the first."""
    found = connection.execute(select(ends.c.sequence).where(ends.c.reference == PARTNERSHIP)).scalar()
    return int(found or 0)


def lines(connection: Connection) -> list[Event]:
    """The partnership's own chain."""
    return ledger.read(connection, PARTNERSHIP)


def by_the_chain(records: Records, present: Rulebook) -> InForce:
    """What the partnership's chain says holds now, where another door has added to it."""
    with reading(records.engine) as connection:
        known = lines(connection)
    last = _last_file(known)
    if last is None or last.facts["digest"] == present.digest:
        return _in_force(records, present.as_filed, known)
    return _in_force(records, _kept(last) or present.as_filed, known)


def put_in_force(records: Records, partnership: Path | None, now: datetime, *, take_up: bool = True) -> InForce:
    """
    Bring the record and the file together: the file is taken up, or refused while the last one stays in force.

    Raises RulebookInvalid where the file has faults and none was ever taken up. Without `take_up` a file that was
    changed stays out of force.
    """
    with reading(records.engine) as connection:
        known = lines(connection)
    last = _last_file(known)
    try:
        found = config.load(partnership)
    except RulebookInvalid as invalid:
        if last is None or (kept := _kept(last)) is None:
            raise
        return _in_force(records, kept, known, tuple(invalid.faults))
    if last is not None and last.facts["digest"] == found.digest:
        return _in_force(records, found, known)
    if not take_up and last is not None and (kept := _kept(last)) is not None:
        return _in_force(records, kept, known)
    changes = changes_of(records, found, known, str(partnership or "config/partnership"))
    if changes.refused and last is not None and (kept := _kept(last)) is not None:
        return _in_force(records, kept, known, changes.refused)
    held = config.files_of(partnership)
    taken = records.add_of_partnership(lambda before: _taken(before, found, held, changes, now))
    return _in_force(records, found, [*known, *([taken] if taken is not None else [])])


def _in_force(records: Records, rulebook: Rulebook, known: Sequence[Event], refused: tuple[Fault, ...] = ()) -> InForce:
    staffed = applied(rulebook.partnership, known)
    rulebook = rulebook if staffed is rulebook.partnership else rulebook.with_staff(staffed)
    return InForce(rulebook.with_former(_former(records, rulebook, known)), len(known), refused)


def _former(records: Records, rulebook: Rulebook, known: Sequence[Event]) -> tuple[Rule, ...]:
    """
    The steps of earlier files that dates on the record run or ran by, and that this file has not.

    Without them a date of theirs could not be explained, and no other date of their review be put right.
    """
    with reading(records.engine) as connection:
        named = set(connection.execute(select(deadlines.c.rule).distinct()).scalars())
    missing = {name for name in named if not rulebook.as_filed.knows(name)}
    found: dict[str, Rule] = {}
    for line in reversed([line for line in known if line.kind == FILE_TAKEN]):
        if found.keys() >= missing:
            break
        if (book := _kept(line)) is not None:
            found |= {rule.id: rule for rule in book.rules if rule.id in missing - found.keys()}
    return tuple(found[name] for name in sorted(found))


def _taken(before: Sequence[Event], found: Rulebook, held: bytes, changes: Changes, now: datetime) -> Event | None:
    last = _last_file(before)
    if last is not None and last.facts["digest"] == found.digest:
        return None  # Another program was quicker.
    facts = {
        "digest": found.digest,
        "sha256": hashlib.sha256(held).hexdigest(),
        "files": b64encode(held).decode(),
        "changes": list(changes.told[:MOST_TOLD]),
        "goes_on": dict(changes.goes_on),
    }
    return Event(
        sequence=len(before) + 1,
        at=max(now.astimezone(UTC), before[-1].at) if before else now.astimezone(UTC),
        actor=Actor(person=SYSTEM),
        kind=FILE_TAKEN,
        title="Partnership's file taken up",
        facts=facts,
        edition=found.digest,
    )


def _last_file(known: Sequence[Event]) -> Event | None:
    return next((line for line in reversed(known) if line.kind == FILE_TAKEN), None)


def kept_files(line: Event) -> bytes:
    """The files that a line holds, in a zip."""
    return b64decode(line.facts["files"])


def _kept(line: Event) -> Rulebook | None:
    """The rulebook of the files that a line holds; None where this program no longer reads them without a fault."""
    try:
        return config.load_kept(kept_files(line), "the file in force")
    except RulebookInvalid:
        return None


# --------------------------------------------------------------------------- what would change


def against(records: Records, found: Rulebook, partnership: Path | None) -> Changes:
    """What taking up a file now would change, and what stands against it; nothing is taken up."""
    with reading(records.engine) as connection:
        known = lines(connection)
    return changes_of(records, found, known, str(partnership or "config/partnership"))


def changes_of(records: Records, found: Rulebook, known: Sequence[Event], file: str) -> Changes:
    """What a file would change of the one in force, and what stands against it."""
    last = _last_file(known)
    before = _kept(last) if last is not None else None
    if before is None:
        return Changes()
    with reading(records.engine) as connection:
        needed = _needed(connection)
    fresh = {person.id for person in found.partnership.people if before.partnership.known(person.id) is None}
    once = _once(known, fresh) if fresh and needed.any_review else {}
    # With the agencies of one review and who is asked there: what was given to them is not given to others unnoticed.
    was, would_be = (book.with_staff(with_agencies_of_one(book.partnership, known)) for book in (before, found))
    changes = compare(was, would_be, needed, file, once)
    moved = [move.words for review in records.open_reviews() for move in counted_over(review, found)[0]]
    moved = moved if before.rules != found.rules or before.calendar != found.calendar else []
    told = (*changes.told, *(f"would move when counted again: {words}" for words in moved))
    return Changes(told, changes.refused, changes.goes_on)


def _once(known: Sequence[Event], ids: set[str]) -> dict[str, Person]:
    """Whoever had these ids in the files before the last, as the latest of them has them."""
    found: dict[str, Person] = {}
    for line in reversed([line for line in known if line.kind == FILE_TAKEN][:-1]):
        if (book := _kept(line)) is not None:
            for name in ids - found.keys():
                if (person := book.partnership.known(name)) is not None:
                    found[name] = person
        if found.keys() >= ids:
            break
    return found


def owned_by(records: Records, person: str) -> list[str]:
    """The reviews in which somebody owns an action that is not done."""
    mine = select(actions.c.reference).where(actions.c.owner == person, actions.c.status.not_in(DONE)).distinct()
    with reading(records.engine) as connection:
        return list(connection.execute(mine.order_by(actions.c.reference)).scalars())


def _needed(connection: Connection) -> Needed:
    """What the open reviews need of the file, and where."""
    owners: dict[str, list[str]] = {}
    agencies: dict[str, list[str]] = {}
    rules: dict[str, list[str]] = {}
    still_open = select(reviews.c.reference).where(reviews.c.open)
    undone = actions.c.status.not_in(DONE)  # Also of a closed review, which may be carried on.
    for row in connection.execute(select(actions).where(undone).order_by(actions.c.reference, actions.c.action)):
        owners.setdefault(row.owner, []).append(f"{row.reference} {row.action}")
        agencies.setdefault(row.agency, []).append(f"{row.reference} {row.action}")
    waiting = (requests.c.reference.in_(still_open), requests.c.outcome == "waiting")
    for row in connection.execute(select(requests).where(*waiting).order_by(requests.c.reference, requests.c.number)):
        agencies.setdefault(row.agency, []).append(f"{row.reference} ({row.purpose})")
    running = select(deadlines.c.rule, deadlines.c.reference).where(deadlines.c.ended == "").distinct()
    for row in connection.execute(running.order_by(deadlines.c.rule, deadlines.c.reference)):
        rules.setdefault(row.rule, []).append(row.reference)
    any_review = connection.execute(select(exists().where(reviews.c.reference != ""))).scalar()
    return Needed(owners, agencies, rules, bool(any_review))
