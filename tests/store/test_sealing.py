"""Sealing: the master key outside the record, a key for each review, and what happens without them."""

import os
import pickle
import stat
import threading
from pathlib import Path

import pytest

from tasks.store.sealing import KEY_BYTES, KEY_FILE, Keyring, MasterKeyMissing, MasterKeyWrong


def test_a_new_master_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Nobody else on the machine may read the file, and loading it again gives the same key."""
    made = Keyring.make(tmp_path / "home")
    assert 0o600 == stat.S_IMODE((tmp_path / "home" / KEY_FILE).stat().st_mode)
    assert made.fingerprint == Keyring.load(tmp_path / "home").fingerprint
    assert [KEY_FILE] == [file.name for file in (tmp_path / "home").iterdir()]


def test_two_programs_that_start_at_once_take_one_key(tmp_path: Path) -> None:
    """Eight make the first key of a record at the same moment: one is kept, and all have it."""
    start, found = threading.Barrier(8), []

    def make() -> None:
        start.wait()
        found.append(Keyring.make(tmp_path).fingerprint)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [Keyring.load(tmp_path).fingerprint] * 8 == found


def test_a_missing_master_key_says_where_it_was_looked_for(tmp_path: Path) -> None:
    """The file was lost: the message names it and warns that a new key opens nothing."""
    with pytest.raises(MasterKeyMissing, match="Put the file back") as caught:
        Keyring.load(tmp_path)
    assert str(tmp_path / KEY_FILE) in str(caught.value)
    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))


@pytest.mark.parametrize("words", ["", "not base64 !", "c2hvcnQ="])
def test_what_is_not_a_key_is_said_to_be_none(tmp_path: Path, words: str) -> None:
    """An empty file, a password typed in, a key cut short."""
    (tmp_path / KEY_FILE).write_text(words)
    with pytest.raises(MasterKeyWrong, match="does not open this record"):
        Keyring.load(tmp_path)


def test_the_secret_wins_over_the_file(tmp_path: Path) -> None:
    """On a server the key comes from the environment and no file is needed."""
    Keyring.make(tmp_path)
    secret = (tmp_path / KEY_FILE).read_text()
    assert Keyring.load(tmp_path).fingerprint == Keyring.load(tmp_path / "elsewhere", secret).fingerprint


def test_another_master_key_opens_no_review() -> None:
    """A review's key, wrapped with one master key, is closed to every other, and to another review."""
    mine, other = Keyring(os.urandom(KEY_BYTES)), Keyring(os.urandom(KEY_BYTES))
    key, wrapped = mine.new_key("SAR-2026-001")
    assert "words" == mine.unwrap("SAR-2026-001", wrapped).unseal(1, "note", key.seal(1, "note", "words"))
    with pytest.raises(MasterKeyWrong):
        other.unwrap("SAR-2026-001", wrapped)
    with pytest.raises(MasterKeyWrong):
        mine.unwrap("SAR-2026-002", wrapped)
