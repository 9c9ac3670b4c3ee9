"""What Prefect begins with, made where the program is installed, and copied by a first start."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest
from driver.page import prepared_prefect

import config
from flows.server import prefect_settings, prepared
from flows.server.registration import deployments

pytestmark = pytest.mark.prefect


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All of it, lying where this program is installed."""
    folder = tmp_path / "made"
    copytree(prepared_prefect(), folder)
    monkeypatch.setattr(prepared, "prepared_folder", lambda: folder)
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where Prefect is to keep its files."""
    found = tmp_path / "prefect"
    found.mkdir()
    return found


def rows(file: Path) -> Mapping[str, int]:
    """How many rows each table of a database has that has any."""
    with closing(sqlite3.connect(file)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert len(names) > 20
        found = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
    return {name: count for name, count in found.items() if count}


def test_a_partnerships_own_system_begins_with_tables_that_hold_no_row() -> None:
    """Only Prefect's own account of its steps: no key of a block, no session, nothing that systems would share."""
    assert {"alembic_version": 1} == rows(prepared_prefect() / prepared.TABLES)


def test_the_invented_one_begins_with_what_is_registered_and_nothing_else() -> None:
    """Every deployment of its rulebook with its flow and the pool; no run, no event, no key."""
    found = dict(rows(prepared_prefect() / prepared.DEMO))
    wanted = len(deployments(config.load()))
    assert (wanted, 1, 1) == (found["deployment"], found["work_pool"], found["deployment_schedule"])
    assert set(found) <= set(prepared.REGISTERED)


def test_what_was_written_while_it_was_made_is_in_no_byte_of_it(tmp_path: Path) -> None:
    """Rows that are not kept are gone from the file, and not only from its tables."""
    whole, kept = tmp_path / "whole.db", tmp_path / "kept.db"
    with closing(sqlite3.connect(whole)) as connection:
        connection.execute("CREATE TABLE configuration (value TEXT)")
        connection.execute("CREATE TABLE flow (name TEXT)")
        connection.executemany("INSERT INTO configuration VALUES (?)", [("wrenathorpe",)] * 500)
        connection.execute("INSERT INTO flow VALUES ('kept')")
        connection.commit()
    prepared.keep_of(whole, ("flow",), kept)
    assert b"wrenathorpe" not in kept.read_bytes()
    with closing(sqlite3.connect(kept)) as connection:
        assert [("kept",)] == connection.execute("SELECT name FROM flow").fetchall()


@pytest.mark.parametrize(("invented", "name"), [(False, prepared.TABLES), (True, prepared.DEMO)])
def test_a_first_start_has_it_for_its_owner_alone(made: Path, home: Path, name: str, invented: bool) -> None:
    """Copied where there is none, with Prefect's page; what Prefect has already is left as it is."""
    prepared.begin_with(home, invented=invented)
    assert (made / name).read_bytes() == (home / "prefect.db").read_bytes()
    assert 0o600 == (home / "prefect.db").stat().st_mode & 0o777
    assert (home / "ui" / "v1" / "index.html").read_bytes() == (made / "ui" / "v1" / "index.html").read_bytes()
    (home / "prefect.db").write_bytes(b"its own")
    (home / "ui" / "v1" / "index.html").write_bytes(b"its own page")
    prepared.begin_with(home, invented=invented)
    assert b"its own" == (home / "prefect.db").read_bytes()
    assert b"its own page" == (home / "ui" / "v1" / "index.html").read_bytes()
    assert ["prefect.db", "ui"] == sorted(one.name for one in home.iterdir())


def test_what_a_killed_start_left_stops_no_other(made: Path, home: Path) -> None:
    """Killed in the middle of copying, in a container where each start has the same number: the next one is whole."""
    for left in (home / f"ui.{os.getpid()}", home / ".begun-old"):
        left.mkdir()
        (left / "half").write_bytes(b"half")
    (home / f"prefect.db.{os.getpid()}").write_bytes(b"half")
    prepared.begin_with(home, invented=True)
    assert (made / prepared.DEMO).read_bytes() == (home / "prefect.db").read_bytes()
    assert (home / "ui" / "v1" / "index.html").exists()


def test_two_first_starts_at_once_begin_with_the_same(made: Path, home: Path) -> None:
    """Whoever is second takes what is there, and nothing that the first has opened is changed under it."""
    with ThreadPoolExecutor(8) as hands:
        for one in [hands.submit(prepared.begin_with, home, invented=True) for _ in range(8)]:
            one.result()
    assert (made / prepared.DEMO).read_bytes() == (home / "prefect.db").read_bytes()
    assert ["prefect.db", "ui"] == sorted(one.name for one in home.iterdir())


def test_a_damaged_one_is_not_begun_with(made: Path, home: Path) -> None:
    """Half of the file is gone: Prefect makes its own tables, as where none was made."""
    whole = (made / prepared.DEMO).read_bytes()
    (made / prepared.DEMO).write_bytes(whole[: len(whole) // 2])
    prepared.begin_with(home, invented=True)
    assert not (home / "prefect.db").exists() and (home / "ui" / "v1").exists()


def test_where_there_is_nothing_to_copy_prefect_makes_its_own(
    made: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Tables elsewhere than in Prefect's own file, its page elsewhere, or none made (another release has another name):
    nothing is done.
    """
    elsewhere = home.parent / "page"
    elsewhere.mkdir()
    monkeypatch.setenv("PREFECT_SERVER_UI_STATIC_DIRECTORY", str(elsewhere))
    monkeypatch.setenv("PREFECT_SERVER_DATABASE_CONNECTION_URL", "postgresql+asyncpg://127.0.0.1/prefect")
    prepared.begin_with(home, invented=True)
    monkeypatch.delenv("PREFECT_SERVER_DATABASE_CONNECTION_URL")
    monkeypatch.delenv("PREFECT_SERVER_UI_STATIC_DIRECTORY")
    made.rename(made.with_name("of another release"))
    prepared.begin_with(home, invented=True)
    assert [] == [*home.iterdir(), *elsewhere.iterdir()]


def test_prefect_takes_its_prepared_page_for_its_own(made: Path, home: Path) -> None:
    """It would copy it anew where the mark that it leaves in it were another."""
    prepared.begin_with(home, invented=True)
    index = home / "ui" / "v1" / "index.html"
    index.write_text("as it was copied")
    code = "from prefect.server.api.server import create_app; create_app(webserver_only=True)"
    alone = prefect_settings.for_preparing(home)
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env=alone)
    assert "as it was copied" == index.read_text()


def test_what_could_not_be_made_is_told_and_leaves_the_program_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Prefect cannot keep its tables here: one sentence with its reason, nothing half made, and no failure."""
    folder = tmp_path / "made"
    monkeypatch.setattr(prepared, "prepared_folder", lambda: folder)
    real = prefect_settings.for_preparing
    nowhere = {"PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{tmp_path}/not/there.db"}
    monkeypatch.setattr(prefect_settings, "for_preparing", lambda home: {**real(home), **nowhere})

    assert prepared.main() == 0

    said = capfd.readouterr().err
    assert said.startswith("Nothing is prepared for a first start, which takes some seconds more: ")
    assert "unable to open database file" in said and said.count("\n") == 1
    assert not folder.exists() and [] == list(tmp_path.iterdir())


def test_a_folder_that_may_not_be_written_is_told(
    made: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its place cannot be had: one sentence, no failure, and what was made before is still there."""
    before = (made / prepared.DEMO).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(prepared, "keep_of", full)
    assert prepared.main() == 0
    said = capfd.readouterr().err
    assert said.endswith("No space left on device\n") and said.count("\n") == 1
    assert before == (made / prepared.DEMO).read_bytes()


BEGINS = """
import asyncio, os, sys
from pathlib import Path
from flows.server import prepared, server
prepared.prepared_folder = lambda: Path(sys.argv[1])
with server.no_step_unneeded(Path(sys.argv[2])):
    from prefect.server.api.server import create_app
    application = create_app(webserver_only=True)
    async def begin():
        async with application.router.lifespan_context(application):
            assert create_app(webserver_only=True) is application, "made a second time"
            print("looked" if "alembic.command" in sys.modules else "not looked", flush=True)
            os._exit(0)  # Prefect waits long for its own queue to end.
    asyncio.run(begin())
"""


@pytest.mark.parametrize(("there", "said"), [(True, "not looked"), (False, "looked")])
def test_prefect_looks_at_its_tables_only_where_they_may_not_be_whole(
    made: Path, home: Path, there: bool, said: str
) -> None:
    """As they were made where the program is installed: it begins at once. Where that is not known, it looks."""
    prepared.begin_with(home, invented=False)
    known = made if there else made.with_name("not made")
    command = [sys.executable, "-c", BEGINS, str(known), str(home / prefect_settings.FILE)]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, env=prefect_settings.for_preparing(home))
    assert said == ran.stdout.strip(), ran.stderr


def test_tables_of_another_release_or_none_are_not_whole(made: Path, home: Path) -> None:
    """Of an earlier step, without a note of their steps, no database, or not there: Prefect looks at all of them."""
    prepared.begin_with(home, invented=True)
    file = home / prefect_settings.FILE
    assert prepared.stands(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'earlier'")
        connection.commit()
    assert not prepared.stands(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DELETE FROM alembic_version")
        connection.commit()
    assert not prepared.stands(file)
    file.write_bytes(b"no database at all")
    assert not prepared.stands(file)
    assert not prepared.stands(home / "none.db") and not (home / "none.db").exists()
