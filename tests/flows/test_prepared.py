"""Prefect's tables, made where the program is installed, and copied by a first start."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from driver.page import empty_prefect

from flows.server import prepared

pytestmark = pytest.mark.prefect


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tables, lying where this program is installed."""
    file = tmp_path / "made.db"
    file.write_bytes(empty_prefect().read_bytes())
    monkeypatch.setattr(prepared, "prepared_file", lambda: file)
    return file


def test_they_hold_no_row_and_nothing_secret() -> None:
    """Only Prefect's own account of its steps: no key of a block, no session, nothing that systems would share."""
    with closing(sqlite3.connect(empty_prefect())) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
    assert len(names) > 20
    assert {"alembic_version": 1} == {name: count for name, count in rows.items() if count}


def test_a_first_start_has_them_for_its_owner_alone(made: Path, tmp_path: Path) -> None:
    """Copied where there is none; what Prefect has already is left as it is."""
    home = tmp_path / "prefect"
    home.mkdir()
    prepared.begin_with(home)
    assert made.read_bytes() == (home / "prefect.db").read_bytes()
    assert 0o600 == (home / "prefect.db").stat().st_mode & 0o777
    (home / "prefect.db").write_bytes(b"its own")
    prepared.begin_with(home)
    assert b"its own" == (home / "prefect.db").read_bytes()
    assert ["prefect.db"] == [one.name for one in home.iterdir()]


def test_where_there_is_nothing_to_copy_prefect_makes_its_own(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables elsewhere than in Prefect's own file, or none made (another release has another name): nothing is done."""
    home = tmp_path / "prefect"
    home.mkdir()
    monkeypatch.setenv("PREFECT_SERVER_DATABASE_CONNECTION_URL", "postgresql+asyncpg://127.0.0.1/prefect")
    prepared.begin_with(home)
    monkeypatch.delenv("PREFECT_SERVER_DATABASE_CONNECTION_URL")
    made.unlink()
    prepared.begin_with(home)
    assert [] == list(home.iterdir())
