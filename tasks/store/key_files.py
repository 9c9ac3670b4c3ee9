"""
The files of the master key: the one in use, the new one while a change is under way, and the old ones kept aside.

A change writes the new key first, then the record, and only then exchanges the files. Wherever it is killed, one of the
two files fits the record, and whoever opens the record next finishes the exchange.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from tasks.store.sealing import KEY_FILE, Keyring, MasterKeyWrong

NEW_FILE = f"{KEY_FILE}.new"
OLD_FILES = f"{KEY_FILE}.until-*"


def fitting_key(home: Path, secret: str | None, fingerprint: str) -> Keyring:
    """The master key that fits a record. Raises MasterKeyMissing, or MasterKeyWrong where none fits."""
    keys = Keyring.load(home, secret)
    if keys.fingerprint == fingerprint:
        return keys
    new = _new_of(home)
    if new is not None and new.fingerprint == fingerprint:
        return new
    raise MasterKeyWrong


def finish(home: Path, fingerprint: str, now: datetime) -> None:
    """Exchange the files where a change of the key was written to the record and no further."""
    new = _new_of(home)
    if new is not None and new.fingerprint == fingerprint:
        put_in_place(home, now)


def put_in_place(home: Path, now: datetime) -> Path | None:
    """The new key becomes the one in use; the old one is kept aside under a dated name, which is the answer."""
    old, aside = home / KEY_FILE, home / f"{KEY_FILE}.until-{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"
    if old.exists() and not aside.exists():
        os.link(old, aside)
    (home / NEW_FILE).replace(old)
    return aside if aside.exists() else None


def kept_aside(home: Path) -> list[Path]:
    """The old keys that are still here, the oldest first."""
    return sorted(home.glob(OLD_FILES))


def _new_of(home: Path) -> Keyring | None:
    try:
        return Keyring.of((home / NEW_FILE).read_text(encoding="ascii"))
    except (OSError, UnicodeError, MasterKeyWrong):
        return None
