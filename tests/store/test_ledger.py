"""The ledger: a chain that only grows, on both databases, and every way of meddling with it found out."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from safeguarding.review.events import Actor, Attestation, DutyEnded, DutyStarted, Event, Mark, MeetingHeld
from safeguarding.review.fold import fold
from tasks.store import ledger
from tasks.store.ledger import Head
from tasks.store.sealing import ERASED, SEALED, Keyring, ReviewKey, SealBroken
from tasks.store.session import reading, writing

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CANARY = "Violet Canary of 3 Nest Lane, Óvár"
REFERENCE = "CSPR-2026-001"
MANAGER = Actor(person="jo.marsh", attestation=Attestation.MINUTED, minute="DSP 12/26")


def lines() -> list[Event]:
    """A referral, an awareness that starts a clock, and a meeting that settles it."""
    started = DutyStarted(
        rule="C01",
        anchor="became_aware",
        anchored_on=date(2026, 3, 2),
        due_on=date(2026, 3, 9),
        edition="2023",
        calendar="ab12",
    )
    settled = DutyEnded(change="settled", rule="C01", on=date(2026, 3, 4), why="notification sent on 2026-03-04")
    opened = Event(
        sequence=1,
        at=NOW,
        actor=MANAGER,
        kind="referral_received",
        title="Referral received",
        to="referred",
        marks=(Mark(name="referral_received", on=date(2026, 3, 2)),),
        facts={"reference": REFERENCE, "track": "children", "pseudonym": "Child A", "received_on": date(2026, 3, 2)},
        sealed={"summary": CANARY},
        tells=("business_manager",),
        edition="e1",
    )
    aware = Event(
        sequence=2,
        at=NOW + timedelta(minutes=1),
        actor=Actor(person="ali.khan"),
        kind="awareness_recorded",
        title="Aware",
        to="notification_decision",
        marks=(Mark(name="became_aware", on=date(2026, 3, 2)),),
        duties=(started,),
        edition="e1",
    )
    met = Event(
        sequence=3,
        at=NOW + timedelta(days=2),
        actor=MANAGER,
        kind="meeting",
        title="Meeting held",
        duties=(settled,),
        entries=(MeetingHeld(meeting="panel", on=date(2026, 3, 4)),),
        sealed={"note": CANARY},
        edition="e1",
    )
    return [opened, aware, met]


@pytest.fixture
def key(engine: Engine, keys: Keyring) -> ReviewKey:
    """The key of a review whose three lines are in the ledger, with the counter that gave its reference."""
    key, wrapped = keys.new_key(REFERENCE)
    head = Head(REFERENCE)
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO counters VALUES ('CSPR-2026', 1), ('Child', 1)"))
        connection.execute(
            text("INSERT INTO review_keys (reference, wrapped) VALUES (:reference, :wrapped)"),
            {"reference": REFERENCE, "wrapped": wrapped},
        )
        for event in lines():
            head = ledger.append(connection, head, event, key, keys)
    return key


def broken(engine: Engine, keys: Keyring) -> list[tuple[int, str]]:
    """The lines that do not verify, with why."""
    with reading(engine) as connection:
        return [(fault.sequence, str(fault).split(": ", 2)[2]) for fault in ledger.verify(connection, keys)]


def test_what_was_written_is_what_is_read(engine: Engine, key: ReviewKey) -> None:
    """Three lines come back as they went in, sealed text apart, and make the same review."""
    with reading(engine) as connection:
        back = ledger.read(connection, REFERENCE, key, unseal=True)
    assert [ledger.plain(event) for event in lines()] == back
    assert fold([ledger.plain(event) for event in lines()]) == fold(back)


def test_sealed_text_stays_sealed_until_asked_for(engine: Engine, key: ReviewKey, keys: Keyring) -> None:
    """A page of history shows that something was written, not what; after erasure there is nothing to show."""
    with reading(engine) as connection:
        shown = ledger.read(connection, REFERENCE)
        erased = ledger.read(connection, REFERENCE, None, unseal=True)
        dump = str(connection.execute(text("SELECT * FROM ledger")).all())
    assert {"summary": SEALED} == shown[0].sealed
    assert {"summary": ERASED} == erased[0].sealed
    assert CANARY not in dump
    assert [] == broken(engine, keys)


def test_the_lines_after_one_are_those_that_follow_it(engine: Engine, key: ReviewKey) -> None:
    """A review that is kept in memory is brought up to date by the lines it has not seen, and only by them."""
    with reading(engine) as connection:
        events = ledger.read(connection, REFERENCE)
        for seen in range(len(events) + 1):
            new = [ledger.as_event(line) for line in ledger.after(connection, REFERENCE, seen)]
            assert events[seen:] == new


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE ledger SET actor = 'somebody'", "append-only"),
        ("DELETE FROM ledger WHERE sequence = 3", "append-only"),
        ("UPDATE heads SET sequence = 2", "only moves forward"),
        ("DELETE FROM heads", "only moves forward"),
        ("DELETE FROM review_keys", "never removed"),
        ("UPDATE review_keys SET wrapped = 'another'", "never removed"),
        (
            "INSERT INTO ledger SELECT reference, 5, at, actor, attestation, minute, kind, title, body, sealed, "
            "edition, hash, 'f' FROM ledger WHERE sequence = 3",
            "follows the last line",
        ),
        (
            "INSERT INTO ledger SELECT reference, 4, at, actor, attestation, minute, kind, title, body, sealed, "
            "edition, previous_hash, 'f' FROM ledger WHERE sequence = 3",
            "follows the last line",
        ),
    ],
)
def test_the_database_refuses(engine: Engine, key: ReviewKey, statement: str, words: str) -> None:
    """Whoever reaches the database past this program is refused by the database, in words."""
    with pytest.raises(DBAPIError, match=words), writing(engine) as connection:
        connection.execute(text(statement))


def test_the_database_refuses_replacing_and_truncating(engine: Engine, key: ReviewKey, keys: Keyring) -> None:
    """The two back doors: INSERT OR REPLACE on SQLite, TRUNCATE on PostgreSQL."""
    copy = "SELECT reference, 3, at, 'x', attestation, minute, kind, title, body, sealed, edition, previous_hash, hash"
    door = {
        "sqlite": f"INSERT OR REPLACE INTO ledger {copy} FROM ledger WHERE sequence = 3",
        "postgresql": "TRUNCATE ledger",
    }[engine.dialect.name]
    with pytest.raises(DBAPIError, match=r"append-only|follows the last line"), writing(engine) as connection:
        connection.execute(text(door))
    assert [] == broken(engine, keys)


EDITED = "it does not say what it said when it was written"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "'somebody'"),
        ("minute", "'another'"),
        ("attestation", "'proved'"),
        ("title", "'Referral declined'"),
        ("body", "'{}'"),
        ("sealed", "'{}'"),
        ("edition", "'e2'"),
        ("at", "'2026-03-01 09:30:00+00:00'"),
        ("kind", "'meeting'"),
    ],
)
def test_an_edited_line_is_named(
    engine: Engine, key: ReviewKey, keys: Keyring, unguarded: Callable[..., None], column: str, value: str
) -> None:
    """Whatever is changed in a line, the line is named; its neighbours are not blamed."""
    unguarded(f"UPDATE ledger SET {column} = {value} WHERE sequence = 2")
    assert [(2, f"{EDITED}.")] == [(n, why.split(": ")[-1]) for n, why in broken(engine, keys)]


def test_a_removed_line_is_named(engine: Engine, key: ReviewKey, keys: Keyring, unguarded: Callable[..., None]) -> None:
    """A line taken from the middle."""
    unguarded("DELETE FROM ledger WHERE sequence = 2")
    assert [(2, "it was removed.")] == broken(engine, keys)


@pytest.mark.parametrize(
    "cover", [(), ("UPDATE heads SET sequence = 2, hash = (SELECT hash FROM ledger WHERE sequence = 2)",)]
)
def test_a_removed_last_line_is_noticed(
    engine: Engine, key: ReviewKey, keys: Keyring, unguarded: Callable[..., None], cover: tuple[str, ...]
) -> None:
    """The end of a chain leaves no gap, so it is kept apart; putting the old end there needs the master key."""
    unguarded("DELETE FROM ledger WHERE sequence = 3", *cover)
    expected = (
        (2, "the chain was given another end by somebody without the key.")
        if cover
        else (3, "it was removed from the end.")
    )
    assert [expected] == broken(engine, keys)


def test_an_inserted_line_is_named(
    engine: Engine, key: ReviewKey, keys: Keyring, unguarded: Callable[..., None]
) -> None:
    """A line put in at the end, with a hash that is right in itself."""
    with reading(engine) as connection:
        row = dict(connection.execute(ledger._LINES).mappings().all()[-1])
    row |= {"sequence": 4, "previous_hash": row["hash"], "title": "Closed"}
    unguarded(
        "INSERT INTO ledger SELECT reference, 4, at, actor, attestation, minute, kind, 'Closed', body, sealed, "
        f"edition, hash, '{ledger.line_hash(row)}' FROM ledger WHERE sequence = 3"
    )
    assert [(4, "it was put in: the chain ends at line 3.")] == broken(engine, keys)


def test_a_chain_written_again_is_noticed(
    engine: Engine, key: ReviewKey, keys: Keyring, unguarded: Callable[..., None]
) -> None:
    """Somebody edits the last line and makes its hash and the head fit: without the master key it still shows."""
    with reading(engine) as connection:
        row = dict(connection.execute(ledger._LINES).mappings().all()[-1])
    new = ledger.line_hash({**row, "title": "Closed"})
    unguarded(
        f"UPDATE ledger SET title = 'Closed', hash = '{new}' WHERE sequence = 3", f"UPDATE heads SET hash = '{new}'"
    )
    assert [(3, "the chain was given another end by somebody without the key.")] == broken(engine, keys)


def test_an_edited_line_with_a_new_hash_breaks_the_next(
    engine: Engine, key: ReviewKey, keys: Keyring, unguarded: Callable[..., None]
) -> None:
    """Making the hash of an edited line fit moves the break to the line after it."""
    with reading(engine) as connection:
        row = dict(connection.execute(ledger._LINES).mappings().all()[1])
    new = ledger.line_hash({**row, "title": "Unaware"})
    unguarded(f"UPDATE ledger SET title = 'Unaware', hash = '{new}' WHERE sequence = 2")
    assert [(3, "it does not follow line 2 as it now is.")] == broken(engine, keys)


@pytest.mark.parametrize("also", [(), ("DELETE FROM heads",)])
def test_a_review_that_is_gone_is_noticed(
    engine: Engine, key: ReviewKey, keys: Keyring, unguarded: Callable[..., None], also: tuple[str, ...]
) -> None:
    """References have no gaps, so a whole review cannot vanish: its number was given out."""
    unguarded("DELETE FROM ledger", *also)
    assert ["the whole ledger of the review is gone."] == [why for _, why in broken(engine, keys)]


def test_a_lost_head_is_noticed(engine: Engine, key: ReviewKey, keys: Keyring, unguarded: Callable[..., None]) -> None:
    """Without its head a chain cannot be told from a shortened one."""
    unguarded("DELETE FROM heads")
    assert [3] == [sequence for sequence, _ in broken(engine, keys)]


def test_sealed_text_moved_to_another_line_does_not_open(engine: Engine, key: ReviewKey, keys: Keyring) -> None:
    """Every text is bound to its line and field, so a rationale cannot be passed off as another's."""
    words = key.seal(1, "summary", CANARY)
    assert CANARY == key.unseal(1, "summary", words)
    for sequence, name in [(2, "summary"), (1, "note")]:
        with pytest.raises(SealBroken):
            key.unseal(sequence, name, words)
