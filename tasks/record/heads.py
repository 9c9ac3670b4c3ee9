"""
The heads of all chains, signed, for somewhere else: whoever holds the file can prove later that nothing was taken back.

With the database and the key the whole record could be written again and would prove itself. Nobody can write again
what has left: a file says how long each chain was and how it ended, and its root is one hash over all of them, short
enough for a letter. It names references and hashes, and nothing that anybody typed.
"""

from __future__ import annotations

import hashlib
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, select

from safeguarding.errors import RecordChanged, SafeguardingError
from safeguarding.review.events import NO_REVIEWS, READINGS
from tasks.store import readings, seals
from tasks.store.ledger import canonical
from tasks.store.sealing import Keyring
from tasks.store.seals import SIGNING
from tasks.store.tables import heads, ledger

FOLDER = "heads"
"""Where the files of each day lie, in the home folder: copies of what has left."""
LARGEST = 32_000_000
"""Bytes of a file of heads: a review takes about a hundred."""
FORMAT = "safeguarding heads 1"


class HeadsUnreadable(SafeguardingError):
    """A file that was to prove the record is none of ours, or was changed since it was signed."""

    code = "heads-unreadable"

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file} proves nothing: {why}.", file, why)


def taken(connection: Connection, keys: Keyring, now: datetime) -> dict[str, Any] | None:
    """The heads of one moment of the record, signed; None where its seal was taken away by other means."""
    seal = seals.stands(connection)
    if seal is None:
        return None
    rows = connection.execute(select(heads).order_by(heads.c.reference))
    ends = {row.reference: [row.sequence, row.hash] for row in rows}
    said = {
        "format": FORMAT,
        "record": seal.record,
        "at": now.astimezone(UTC).isoformat(),
        "reviews": len(ends.keys() - NO_REVIEWS),
        "lines": sum(end[0] for reference, end in ends.items() if reference != READINGS),
        "root": hashlib.sha256(canonical(ends).encode()).hexdigest(),
        "heads": ends,
        "public_key": public_key(connection, keys),
    }
    return signed(connection, keys, said)


def signed(connection: Connection, keys: Keyring, said: Mapping[str, Any]) -> dict[str, Any] | None:
    """Something with this record's signature over all of it; None for a record without a seal."""
    seal = seals.stands(connection)
    if seal is None:
        return None
    signing = _signing(keys, seal.signing)
    return {**said, "signature": b64encode(signing.sign(canonical(said).encode())).decode()}


def public_key(connection: Connection, keys: Keyring) -> str | None:
    """What the signatures are checked by, in base64: it may be given to anybody. None for a record without a seal."""
    seal = seals.stands(connection)
    if seal is None:
        return None
    return b64encode(_signing(keys, seal.signing).public_key().public_bytes_raw()).decode()


def _signing(keys: Keyring, wrapped: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.unwrapped(SIGNING, wrapped))


def in_a_line(said: Mapping[str, Any]) -> str:
    """The heads as a letter has them."""
    return f"{said['reviews']} reviews, {said['lines']} lines, root {said['root']}"


# --------------------------------------------------------------------------- kept, and read again


def keep(home: Path, said: Mapping[str, Any]) -> Path:
    """Put the heads of a day into the home folder, whole or not at all."""
    folder = home / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return write(folder / f"heads-{said['at'][:10]}.json", said)


def write(file: Path, said: Mapping[str, Any]) -> Path:
    """Write the heads to a file, whole or not at all."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    fresh.chmod(0o600)
    return fresh.replace(file)


def latest(home: Path) -> Path | None:
    """The newest file that the home folder has; None where there is none."""
    return max((home / FOLDER).glob("heads-*.json"), default=None)


def read(file: Path, text: str | None = None) -> dict[str, Any]:
    """The heads of a file, if its signature holds. Raises HeadsUnreadable."""
    try:
        said = json.loads(_bounded(file) if text is None else text)
        unsigned = {name: value for name, value in said.items() if name != "signature"}
        key = Ed25519PublicKey.from_public_bytes(b64decode(said["public_key"]))
        key.verify(b64decode(said["signature"]), canonical(unsigned).encode())
        whole = said["format"] == FORMAT and said["root"] == _root(said["heads"]) and _has_its_shape(said)
    except OSError as error:
        raise HeadsUnreadable(str(file), f"it cannot be read: {error.strerror}") from None
    except InvalidSignature:
        raise HeadsUnreadable(str(file), "it was changed since it was signed") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise HeadsUnreadable(str(file), "it is no file of heads") from None
    if not whole:
        raise HeadsUnreadable(str(file), "its root is not that of its heads")
    return said  # type: ignore[no-any-return]


def _bounded(file: Path) -> str:
    """The text of a file of heads. Raises OSError, HeadsUnreadable, and ValueError for no text."""
    if file.exists() and not file.is_file():  # A pipe or a device would be read for ever.
        raise HeadsUnreadable(str(file), "it is no file")
    with file.open("rb") as opened:
        held = opened.read(LARGEST + 1)
    if len(held) > LARGEST:
        raise HeadsUnreadable(str(file), f"it is larger than {LARGEST // 1_000_000} MB, as no file of heads is")
    return held.decode()


def _has_its_shape(said: Mapping[str, Any]) -> bool:
    """Whether it says what a file of heads says: anybody may sign anything with a key of their own."""
    texts = all(isinstance(said[name], str) for name in ("record", "at", "root"))
    numbers = all(type(said[name]) is int for name in ("reviews", "lines"))
    ends = all(
        type(number) is int and 0 <= number < 2**31 and isinstance(end, str) for number, end in said["heads"].values()
    )
    return texts and numbers and ends


def _root(ends: Any) -> str:
    return hashlib.sha256(canonical(ends).encode()).hexdigest()


# --------------------------------------------------------------------------- set beside the record


def against(connection: Connection, keys: Keyring, said: Mapping[str, Any]) -> Iterator[RecordChanged]:
    """Everything by which the record is not what has gone on from these heads: taken back, removed, written again."""
    seal = seals.stands(connection)
    if seal is not None and seal.record != said["record"]:
        yield RecordChanged("", "it is another record than the one that these heads are of")
        return
    ours = public_key(connection, keys)
    if ours is not None and said["public_key"] != ours:
        yield RecordChanged("", "these heads were signed with another key than this record's")
    day = str(said["at"])[:10]
    for reference, (sequence, line_hash) in sorted(said["heads"].items()):
        if reference == READINGS:
            yield from readings.against(connection, sequence, line_hash, day)
            continue
        mine = (ledger.c.reference == reference, ledger.c.sequence == sequence)
        found = connection.execute(select(ledger.c.hash).where(*mine)).scalar()
        if found == line_hash:
            continue
        if found is not None:
            yield RecordChanged(reference, f"its line {sequence} is not the one that it ended with on {day}")
        elif connection.execute(select(ledger.c.sequence).where(ledger.c.reference == reference)).first() is None:
            yield RecordChanged(reference, f"it had {_lines(sequence)} on {day}, and is gone")
        else:
            yield RecordChanged(reference, f"it had {_lines(sequence)} on {day}, and was put back to an earlier day")


def _lines(number: int) -> str:
    return f"{number} line{'' if number == 1 else 's'}"
