"""
The ledger: one chain of lines per review, each holding the hash of the line before it.

A line is hashed with everything in it, ciphertext included. The database itself refuses to change or remove a
line; `verify` names every line that was changed all the same. The last hash is kept apart as the head of the
chain, sealed with the master key: whoever can write to the database but does not hold that key can neither
shorten a chain nor write one again.
"""

import hashlib
import hmac
import itertools
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, Row, bindparam, select

from safeguarding.errors import LedgerBroken
from safeguarding.review.events import PARTNERSHIP, READINGS, Actor, Event
from tasks.store.sealing import ERASED, SEALED, Keyring, ReviewKey
from tasks.store.statements import Adding, Changing
from tasks.store.tables import counters, heads, ledger

OPEN_FIELDS = {"to", "marks", "duties", "entries", "facts", "tells", "named"}
NOTHING = ""
"""The previous hash of a review's first line."""

LEEWAY = timedelta(minutes=5)
"""
How far a clock may have gone back and a line be written all the same, with the moment of the line before it.

Before the record was sealed as a whole, two people at once could have their lines dated in the wrong order by as much.
"""

_LINES = select(ledger).order_by(ledger.c.reference, ledger.c.sequence)
_AFTER = _LINES.where(ledger.c.reference == bindparam("reference"), ledger.c.sequence > bindparam("after"))
_APPEND = Adding(ledger)
_FIRST_HEAD = Adding(heads)
_MOVE_HEAD = Changing(heads, ("sequence", "hash", "seal"), ["reference"])


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of a review: where the next one is put."""

    reference: str
    sequence: int = 0
    hash: str = NOTHING


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_SAME_BUT_QUICK = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def canonical(value: Any) -> str:
    """
    JSON with one spelling only: sorted keys, no spaces, no escapes beyond what JSON demands.

    Of words, whole numbers, yes and no, of which a line is made, orjson's is the same text as Python's own, in a tenth
    of the time (`tests/store/test_canonical.py`). What it does not write, Python's own does, or refuses.
    """
    try:
        return orjson.dumps(value, option=_SAME_BUT_QUICK).decode()
    except TypeError:
        return _CANONICAL.encode(value)


def plain(event: Event) -> Event:
    """The event with its facts as the ledger will give them back: JSON, and the moment in UTC."""
    facts = event.model_dump(mode="json", include={"facts"})["facts"]
    return event.model_copy(update={"facts": facts, "at": event.at.astimezone(UTC)})


def append(connection: Connection, head: Head, event: Event, key: ReviewKey | None, keys: Keyring) -> Head:
    """Write one line after `head`. Only a line with sealed text needs the review's key."""
    if event.sealed and key is None:
        raise LedgerBroken(head.reference, event.sequence, "its key is destroyed, so nothing more can be sealed")
    sealed = {name: key.seal(event.sequence, name, words) for name, words in event.sealed.items()} if key else {}
    row: dict[str, Any] = {
        "reference": head.reference,
        "sequence": event.sequence,
        "at": event.at,
        "actor": event.actor.person,
        "attestation": event.actor.attestation.value,
        "minute": event.actor.minute,
        "kind": event.kind,
        "title": event.title,
        "body": canonical(_body(event)),
        "sealed": canonical(sealed) if sealed else "",
        "edition": event.edition,
        "previous_hash": head.hash,
    }
    row["hash"] = line_hash(row)
    _APPEND.run(connection, [row])
    end = Head(head.reference, event.sequence, row["hash"])
    seal = keys.seal_head(end.reference, end.sequence, end.hash)
    values = {"reference": end.reference, "sequence": end.sequence, "hash": end.hash, "seal": seal}
    (_MOVE_HEAD if head.sequence else _FIRST_HEAD).run(connection, [values])
    return end


def _body(event: Event) -> dict[str, Any]:
    """
    The open part of a line. What is empty is left out; which kind of change or entry it is never is.

    So the defaults of the types in `events` are part of the ledger's format: an old line means by an absent
    field what it meant when it was written, and a default may not change.
    """
    body = event.model_dump(mode="json", include=OPEN_FIELDS, exclude_defaults=True)
    for duty, row in zip(event.duties, body.get("duties", ()), strict=False):
        row["change"] = duty.change
    for entry, row in zip(event.entries, body.get("entries", ()), strict=False):
        row["entry"] = entry.entry
    return body


def hashed_text(row: Mapping[str, Any]) -> str:
    """The canonical JSON of a whole line, its own hash apart: the text that its hash is over."""
    content = {name: row[name] for name in _HASHED}
    content["at"] = row["at"].astimezone(UTC).isoformat()
    return canonical(content)


def line_hash(row: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a whole line, its own hash apart."""
    return hashlib.sha256(hashed_text(row).encode()).hexdigest()


_HASHED = tuple(str(column.name) for column in ledger.columns if column.name != "hash")


def read(
    connection: Connection,
    reference: str,
    key: ReviewKey | None = None,
    unseal: bool = False,
    lines: Collection[int] | None = None,
) -> list[Event]:
    """
    The lines of one review, first to last; only those of these numbers, where some are given.

    Sealed text is shown as `[sealed]`; with `unseal` it is opened, or shown as `[erased]` if its key is
    destroyed. Raises SealBroken for a text that does not open.
    """
    wanted = [ledger.c.reference == reference, *([] if lines is None else [ledger.c.sequence.in_(lines)])]
    rows = connection.execute(_LINES.where(*wanted))
    return [as_event(row, key, unseal) for row in rows]


def after(connection: Connection, reference: str, sequence: int) -> Sequence[Row[Any]]:
    """The lines of a review that follow one of them (0: all)."""
    return connection.execute(_AFTER, {"reference": reference, "after": sequence}).all()


def as_event(row: Row[Any], key: ReviewKey | None = None, unseal: bool = False) -> Event:
    """One row of the ledger as the event that it records."""
    sealed: dict[str, str] = json.loads(row.sealed) if row.sealed else {}
    for name, ciphertext in sealed.items():
        if not unseal:
            sealed[name] = SEALED
        else:
            sealed[name] = key.unseal(row.sequence, name, ciphertext) if key else ERASED
    return Event(
        sequence=row.sequence,
        at=row.at,
        actor=Actor.model_validate({"person": row.actor, "attestation": row.attestation, "minute": row.minute}),
        kind=row.kind,
        title=row.title,
        sealed=sealed,
        edition=row.edition,
        **json.loads(row.body),
    )


def chains(connection: Connection, reference: str | None = None) -> Iterator[tuple[str, list[Row[Any]]]]:
    """Every review with its rows, one review in memory at a time; the partnership's own chain only by its name."""
    query = _LINES.where(ledger.c.reference != PARTNERSHIP)
    if reference is not None:
        query = _LINES.where(ledger.c.reference == reference)
    chain: list[Row[Any]] = []
    for row in connection.execute(query, execution_options={"yield_per": 500}):
        if chain and chain[0].reference != row.reference:
            yield chain[0].reference, chain
            chain = []
        chain.append(row)
    if chain:
        yield chain[0].reference, chain


# --------------------------------------------------------------------------- verifying


def verify(
    connection: Connection, keys: Keyring, reference: str | None = None, since: datetime | None = None
) -> list[LedgerBroken]:
    """
    Every line of the ledger (or of one review) that is not as it was written.

    Finds a line that was edited, removed (the last one too), put in, dated before the line before it, or written again
    with new hashes by somebody without the master key; and a review that is gone altogether, since references have no
    gaps. `since` is when the record was first sealed as a whole.
    """
    ends = {row.reference: row for row in connection.execute(select(heads))}
    found: list[LedgerBroken] = []
    seen = set()
    own = chains(connection, PARTNERSHIP) if reference is None else ()
    for name, chain in itertools.chain(chains(connection, reference), own):
        seen.add(name)
        found += _broken_lines(name, chain, since)
        found += _broken_end(name, chain[-1], ends.get(name), keys)
    expected = [reference] if reference is not None else sorted({*ends, *_allocated(connection)} - {READINGS})
    found += [
        LedgerBroken(name, ends[name].sequence if name in ends else 1, "the whole ledger of the review is gone")
        for name in expected
        if name not in seen
    ]
    return found


def _broken_lines(reference: str, chain: list[Row[Any]], since: datetime | None) -> Iterator[LedgerBroken]:
    previous, expected, before = NOTHING, 1, chain[0].at
    for row in chain:
        missing = range(expected, row.sequence)
        yield from (LedgerBroken(reference, gone, "it was removed") for gone in missing)
        if line_hash(row._asdict()) != row.hash:
            yield LedgerBroken(reference, row.sequence, "it does not say what it said when it was written")
        elif row.previous_hash != previous and not missing:
            yield LedgerBroken(reference, row.sequence, f"it does not follow line {row.sequence - 1} as it now is")
        elif row.at < before and (before - row.at > LEEWAY or (since is not None and before >= since)):
            yield LedgerBroken(reference, row.sequence, "it is dated before the line that it follows")
        previous, expected, before = row.hash, row.sequence + 1, max(before, row.at)


def _broken_end(reference: str, last: Row[Any], end: Row[Any] | None, keys: Keyring) -> Iterator[LedgerBroken]:
    if end is None:
        yield LedgerBroken(reference, last.sequence, "the record does not know this ledger: its head is gone")
        return
    if not hmac.compare_digest(keys.seal_head(reference, end.sequence, end.hash), end.seal):
        yield LedgerBroken(reference, end.sequence, "the chain was given another end by somebody without the key")
    yield from (
        LedgerBroken(reference, gone, "it was removed from the end")
        for gone in range(last.sequence + 1, end.sequence + 1)
    )
    if last.sequence > end.sequence:
        yield LedgerBroken(reference, last.sequence, f"it was put in: the chain ends at line {end.sequence}")
    elif last.sequence == end.sequence and last.hash != end.hash:
        yield LedgerBroken(reference, last.sequence, "it is not the line that the chain ended with")


def _allocated(connection: Connection) -> Iterator[str]:
    """Every reference ever given out, by the counters alone."""
    for name, last in connection.execute(select(counters.c.name, counters.c.last)):
        if "-" in name:
            yield from (reference_of(name, number) for number in range(1, last + 1))


def reference_of(series: str, number: int) -> str:
    """`CSPR-2026` and 3 as `CSPR-2026-003`."""
    return f"{series}-{number:03d}"
