"""
Time acting on the record: the rungs that are owed, the notices they owe, and the board of what is due.

The sweep is safe to run twice, at once, or after a week off. A rung is claimed and its notices are written in one
transaction, so each rung fires once, ever; where several rungs of one duty were missed, everybody on any of them
hears once, of how the duty stands now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, exists, literal_column, select, text, update

from safeguarding.clock import Kind, Standing, say, standing
from safeguarding.errors import HorizonPassed, LawNotFound
from safeguarding.ladder import Rung, When, rung_called
from safeguarding.notice import NoticeDraft, Owed, agency_name, owed_words, presses
from safeguarding.review import Review, Stage, Track
from safeguarding.rulebook import ROLES, Rulebook
from safeguarding.telling import NOBODY_ELSE, missed_set
from tasks.store import outbox
from tasks.store.session import reading, writing
from tasks.store.tables import actions, deadlines, requests, reviews, rungs

_KEY = ("reference", "rule", "subject", "occurrence", "started_at")
_MANY = 10_000
"""References in one query: both databases take more than this."""

_LOCK = 5_712_016
"""The number under which one sweep at a time holds PostgreSQL. SQLite lets only one write in anyway."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the sweep did about one duty: which rung it came to, how the duty stands, who is told."""

    reference: str
    rule: str
    subject: str
    rung: str
    missed: int
    """How many rungs were claimed together: more than one after an outage."""
    standing: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    rungs: int = 0
    notices: int = 0
    told: tuple[Told, ...] = ()
    faults: tuple[str, ...] = ()
    """Duties whose rungs could not be worked out, and why. They stay open and are tried again."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One line of the deadline board."""

    reference: str
    stage: str
    owed: str
    due_on: date
    standing: Standing
    waiting_on: str
    rule: str

    def cells(self) -> dict[str, str | int]:
        """The line as the board shows it, column by column."""
        return {
            "Standing": self.standing.words.replace("overdue", "OVERDUE"),
            "Due": say(self.due_on),
            "Review": self.reference,
            "What is owed": self.owed,
            "Waiting on": self.waiting_on,
            "Stage": self.stage,
            "Working days left": self.standing.working_days,
        }


@dataclass(frozen=True, slots=True)
class CardStanding:
    """How a review stands: the date its card carries in its name, and the tag."""

    due_on: date | None
    state: str
    words: str

    @property
    def due(self) -> str:
        """The date for the card's name: «due Fri 18 Dec», or nothing."""
        return f"due {self.due_on:%a} {self.due_on.day} {self.due_on:%b}" if self.due_on else ""


# --------------------------------------------------------------------------- the sweep


def sweep(engine: Engine, rulebook: Rulebook, now: datetime) -> Swept:
    """
    Claim every rung that is owed and write its notices, in one transaction.

    The number of queries does not grow with what is running or due (above ten thousand reviews due at once it
    grows by four for each ten thousand more).
    """
    with writing(engine) as connection:
        claimed = _claim(connection, now)
        if not claimed:
            return Swept()
        due = _by_duty(claimed)
        owed = {_key(duty): duty for duty in load_owed(connection, due)}
        told: list[Told] = []
        drafts: list[NoticeDraft] = []
        faults: dict[int, str] = {}
        for key, rows in due.items():
            if key not in owed:
                continue  # It ended while we were claiming (PostgreSQL): nobody needs to hear.
            try:
                made = missed_set(owed[key], [_rung(row, rulebook) for row in rows], rulebook, now)
            except (LawNotFound, HorizonPassed) as fault:
                faults.update((row.id, f"{row.reference}: {row.rule}: {fault}") for row in rows)
                continue
            drafts += made
            told.append(_told(owed[key], rows, made))
        _give_back(connection, faults)
        written = outbox.write(connection, drafts, now)
    return Swept(len(claimed) - len(faults), len(written), tuple(told), tuple(dict.fromkeys(faults.values())))


def _claim(connection: Connection, now: datetime) -> Sequence[Row[Any]]:
    """Take every open rung whose moment has come and whose duty still runs."""
    if connection.dialect.name == "postgresql":
        # Two sweeps side by side could each take half of one duty's rungs, and its people would hear twice.
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    runs = exists().where(*(deadlines.c[name] == rungs.c[name] for name in _KEY), deadlines.c.ended == "")
    # 'open' is written out and not bound, so that the database sees that the index of open rungs serves.
    owed = select(rungs.c.id).where(rungs.c.status == literal_column("'open'"), rungs.c.fires_at <= now, runs)
    query = (
        update(rungs)
        .where(rungs.c.id.in_(owed.with_for_update(of=rungs, skip_locked=True)))
        .values(status="claimed", claimed_at=now)
        .returning(rungs.c.id, *(rungs.c[name] for name in _KEY), rungs.c.rung, rungs.c.fires_at)
    )
    return connection.execute(query).all()


def _give_back(connection: Connection, ids: Collection[int]) -> None:
    for some in _chunks(sorted(ids)):
        again = update(rungs).where(rungs.c.id.in_(some)).values(status="open", claimed_at=None)
        connection.execute(again)


def _key(row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _KEY)


def _by_duty(claimed: Iterable[Row[Any]]) -> dict[tuple[Any, ...], list[Row[Any]]]:
    """The claimed rungs of each duty, in the order in which they should have fired."""
    found: dict[tuple[Any, ...], list[Row[Any]]] = defaultdict(list)
    for row in sorted(claimed, key=lambda row: (row.fires_at, row.id)):
        found[_key(row)].append(row)
    return found


def _rung(row: Row[Any], rulebook: Rulebook) -> Rung:
    """The rung as the partnership has it now; one that it no longer has calls the business manager."""
    known = rung_called(row.rung, rulebook.rule(row.rule), rulebook.partnership)
    return known or Rung(id=row.rung, when=When(working_days_late=1), to=(NOBODY_ELSE,))


def _told(owed: Owed, rows: Sequence[Row[Any]], made: Sequence[NoticeDraft]) -> Told:
    people = tuple(dict.fromkeys(draft.person for draft in made))
    words = made[0].context["standing"] if made else ""
    return Told(owed.reference, owed.rule, owed.subject, rows[-1].rung, len(rows), words, people)


# --------------------------------------------------------------------------- what is owed


def load_owed(connection: Connection, keys: Collection[tuple[Any, ...]] | None = None) -> list[Owed]:
    """
    Every duty that runs, soonest first; or of those with these keys. Three queries for ten thousand reviews.

    A key is the reference, the rule, the subject, the occurrence and the line that started it.
    """
    found: list[Owed] = []
    for some in [None] if keys is None else _chunks(sorted({key[0] for key in keys})):
        waiting: dict[str, set[str]] = defaultdict(set)
        query = select(requests.c.reference, requests.c.agency).where(requests.c.outcome == literal_column("'waiting'"))
        for reference, agency in connection.execute(_only(query, requests, some)):
            waiting[reference].add(agency)
        query = select(actions.c.reference, actions.c.action, actions.c.agency, actions.c.owner)
        owners = {(r.reference, r.action): r for r in connection.execute(_only(query, actions, some))}
        rows = connection.execute(_only(_running(), deadlines, some))
        found += (_owed(row, waiting, owners) for row in rows if keys is None or tuple(row[:5]) in keys)
    return sorted(found, key=lambda owed: (owed.due_on, owed.reference, owed.rule, owed.subject))


def _running() -> Any:
    columns = (*(deadlines.c[name] for name in _KEY), deadlines.c.anchored_on, deadlines.c.due_on, deadlines.c.edition)
    return (
        select(*columns, reviews.c.pseudonym, reviews.c.track, reviews.c.stage)
        .join_from(deadlines, reviews, reviews.c.reference == deadlines.c.reference)
        .where(deadlines.c.ended == literal_column("''"))
    )


def _only(query: Any, table: Any, references: Sequence[str] | None) -> Any:
    return query if references is None else query.where(table.c.reference.in_(references))


def _owed(row: Row[Any], waiting: dict[str, set[str]], owners: dict[tuple[str, str], Row[Any]]) -> Owed:
    action = owners.get((row.reference, row.subject))
    return Owed(
        reference=row.reference,
        pseudonym=row.pseudonym,
        track=Track(row.track),
        stage=Stage(row.stage),
        rule=row.rule,
        subject=row.subject,
        occurrence=row.occurrence,
        started_at=row.started_at,
        anchored_on=row.anchored_on,
        due_on=row.due_on,
        edition=row.edition,
        agency=action.agency if action else row.subject,
        owner=action.owner if action else "",
        waiting_on=tuple(sorted(waiting.get(row.reference, ()))),
    )


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _MANY):
        yield values[start : start + _MANY]


# --------------------------------------------------------------------------- what the unit sees


def board(engine: Engine, rulebook: Rulebook, today: date) -> list[BoardRow]:
    """Everything that is owed, the most urgent first, with its standing on this day (London)."""
    with reading(engine) as connection:
        owed = load_owed(connection)
    rows = (_board_row(duty, rulebook, today) for duty in owed)
    return sorted(rows, key=lambda row: (row.due_on, row.reference, row.rule))


def _board_row(duty: Owed, rulebook: Rulebook, today: date) -> BoardRow:
    try:
        rule = rulebook.rule(duty.rule)
    except LawNotFound:
        # The rulebook has lost the rule. The duty is owed all the same, and is shown by its id.
        words, kind, owner = duty.rule, Kind.MAXIMUM, NOBODY_ELSE
    else:
        words, kind, owner = owed_words(duty, rule, rulebook.partnership), rule.counts.kind, rule.owner
    return BoardRow(
        reference=duty.reference,
        stage=duty.stage.named(duty.track),
        owed=words,
        due_on=duty.due_on,
        standing=standing(duty.due_on, today, rulebook.calendar, kind=kind),
        waiting_on=_waiting_on(duty, owner, rulebook),
        rule=duty.rule,
    )


def _waiting_on(duty: Owed, owner: str, rulebook: Rulebook) -> str:
    """Whom a duty waits for: the agency that owes it, else the agencies that have not answered, else its owner."""
    agencies = (duty.agency,) if duty.agency else duty.waiting_on
    names = [agency_name(agency, rulebook.partnership) for agency in agencies]
    return ", ".join(names) or ROLES.get(owner, owner.replace("_", " "))


def standing_of(review: Review, today: date, rulebook: Rulebook) -> CardStanding:
    """How an open review stands: by the clock that runs out first. For the name and the tags of its card."""
    for duty in review.running():
        rule = rulebook.rule(duty.rule)
        if presses(rule):
            found = standing(duty.due_on, today, rulebook.calendar, kind=rule.counts.kind)
            return CardStanding(duty.due_on, found.state, found.words)
    return CardStanding(None, "on-time", "no date runs")
