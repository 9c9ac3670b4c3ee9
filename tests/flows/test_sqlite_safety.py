"""What privacy and durability hang on is proved before the server serves; where it does not hold, it does not start."""

from __future__ import annotations

import os
import random
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from driver.page import empty_prefect
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from flows.server import login
from flows.server.sqlite import NotInForce, SafeSqlite, rewrite

PROGRAM = Path(__file__).resolve().parents[2]


@pytest.fixture
def safe(tmp_path: Path) -> Iterator[SafeSqlite]:
    """The settings for a file that is there; gone again after the test."""
    made = SafeSqlite(f"sqlite+aiosqlite:///{tmp_path / 'prefect.db'}")
    sqlite3.connect(tmp_path / "prefect.db").close()
    yield made
    made.remove()


def as_prefect_does(file: Path) -> None:
    """Open a transaction as Prefect opens its own, and end it."""
    engine = create_engine(f"sqlite:///{file}", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN DEFERRED")
        connection.exec_driver_sql("ROLLBACK")
    engine.dispose()


def test_it_is_proved_once_a_transaction_was_seen(safe: SafeSqlite) -> None:
    """Before that nobody knows whether Prefect's own would wait; afterwards everything holds."""
    safe.install()
    with pytest.raises(NotInForce, match="do not wait their turn"):
        safe.prove()
    as_prefect_does(Path(str(safe.file)))
    safe.prove()


def test_without_the_settings_it_is_refused(safe: SafeSqlite) -> None:
    """Every lack is named at once."""
    with pytest.raises(NotInForce) as refused:
        safe.prove()
    assert "do not overwrite what is erased" in str(refused.value)
    assert "a transaction that writes does not wait its turn" in str(refused.value)


def test_other_files_of_the_process_are_left_alone(safe: SafeSqlite, tmp_path: Path) -> None:
    """The record has settings of its own, in the same process."""
    safe.install()
    as_prefect_does(tmp_path / "record.db")
    assert (0, 0) == (safe.overwriting, safe.waiting)


def test_another_database_needs_none_of_it() -> None:
    """PostgreSQL waits by itself, and a database in memory leaves nothing."""
    for url in ("postgresql+asyncpg://someone@127.0.0.1/prefect", "sqlite+aiosqlite:///:memory:"):
        nothing = SafeSqlite(url)
        nothing.install()
        nothing.prove()


def test_what_is_erased_is_gone_from_the_file(safe: SafeSqlite) -> None:
    """A word that was written and erased is in no page of the file once the log is folded."""
    safe.install()
    file = Path(str(safe.file))
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE answers (words TEXT)"))
        connection.execute(text("INSERT INTO answers VALUES ('Jane-Doe-12-Any-Street')"))
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM answers"))
    engine.dispose()
    assert b"Jane-Doe" not in file.read_bytes()


def test_what_was_left_where_rows_moved_is_gone_once_the_file_is_written_anew(safe: SafeSqlite) -> None:
    """
    Rows of uneven length come, move from page to page and lose their words. SQLite leaves the beginning of one in bytes
    that no row uses, though it overwrites what is erased; in the file that is written anew there is none, and each row.
    """
    safe.install()
    file = Path(str(safe.file))
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql("CREATE TABLE runs (id TEXT PRIMARY KEY, parameters TEXT, state TEXT)")
        connection.commit()
        for seed in range(40):
            kept = typed_and_erased(connection, seed)
            if b"Jane-" in file.read_bytes():
                break
        else:
            raise AssertionError("nothing is proved where nothing was left")
        rewrite(file)
        left = connection.exec_driver_sql("SELECT count(*), count(DISTINCT parameters) FROM runs").one()
    engine.dispose()

    assert b"Jane-" not in file.read_bytes()
    assert (kept, 1) == tuple(left)


def typed_and_erased(connection: Connection, seed: int) -> int:
    """Fill the table anew with rows whose words are erased three rows later; how many rows there are."""
    chance = random.Random(seed)
    rows = [f"{chance.getrandbits(64):016x}" for _ in range(2000)]
    connection.exec_driver_sql("DELETE FROM runs")
    for number, row in enumerate(rows):
        typed = f"Jane-Doe-{number} {'y' * chance.randint(0, 900)}"
        connection.exec_driver_sql("INSERT INTO runs VALUES (?, ?, ?)", (row, typed, "x" * chance.randint(0, 400)))
        if number >= 3:
            ended = ("z" * chance.randint(0, 600), rows[number - 3])
            connection.exec_driver_sql("UPDATE runs SET parameters = '{}', state = ? WHERE id = ?", ended)
    connection.exec_driver_sql("UPDATE runs SET parameters = '{}'")
    connection.commit()
    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.commit()
    return len(rows)


BROKEN = {
    "the log filters": (
        "os.environ['PREFECT_LOGGING_CONFIG_PATH'] = str(os.path.join(sys.argv[2], 'none.yml'))",
        "logs are not held back",
    ),
    "the settings of SQLite": (
        "from flows.server import sqlite; sqlite.SafeSqlite.install = lambda self: None",
        "do not overwrite what is erased",
    ),
    "log filters that let everything pass": (
        "from tasks.events import nothing_typed as n; n.OursOnly.filter = n.NoText.filter = lambda self, line: True",
        "logs are not held back",
    ),
    "the front's routes and the gate's list": (
        # Once Prefect's settings are prepared: the front brings Prefect along.
        "from flows.server import permitted, prefect_settings as p\n"
        "permitted.listed = lambda *asked: True\n"
        "real = p.prepare\n"
        "def prepare(*given):\n"
        "    real(*given)\n"
        "    from flows.server import front\n"
        "    front.Front = lambda application, with_record: application\n"
        "p.prepare = prepare",
        "the second page, which calls a host elsewhere, is open; what may be asked of Prefect is not held to the list; "
        "a form is not checked before it is sent",
    ),
    "the gate": (
        "from flows.server import gate; gate.Gate = lambda application, *rest: application",
        "what may be asked of Prefect is not held to the list",
    ),
    "stored results, and tokens against forged requests": (
        "os.environ['PREFECT_RESULTS_PERSIST_BY_DEFAULT'] = 'true'\n"
        "os.environ['PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED'] = 'true'",
        "results would be kept; PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED is on",
    ),
}


@pytest.mark.prefect
@pytest.mark.parametrize("switch", BROKEN)
def test_with_a_safety_switch_broken_the_server_refuses_to_start_and_says_why(switch: str, tmp_path: Path) -> None:
    """Each in a process of its own: it ends with 78, having said in one line all that would not be safe."""
    broken, why = BROKEN[switch]
    login.keep(tmp_path, login.invented())
    (tmp_path / "prefect").mkdir(mode=0o700)
    copyfile(empty_prefect(), tmp_path / "prefect" / "prefect.db")
    code = f"import os, sys\n{broken}\nfrom flows.server.server import main\nsys.exit(main(sys.argv[1:]))"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "SAFEGUARDING_"))}
    done = subprocess.run(
        [sys.executable, "-c", code, "--home", str(tmp_path / "prefect"), "--port", str(port)],
        cwd=PROGRAM,
        env=kept | {"SAFEGUARDING_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert 78 == done.returncode, done.stderr
    assert re.search(why, done.stderr)
    assert "Traceback" not in done.stderr
