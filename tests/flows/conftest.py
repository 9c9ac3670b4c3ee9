"""One running system for the tests of the doors: the demo, as its command starts it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from driver.page import Manager, System
from sqlalchemy import text


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The demo with its twelve reviews. Shared: a test takes reviews of its own, or leaves others as they were."""
    with System(tmp_path_factory.mktemp("system") / "home") as running:
        yield running.start()


@pytest.fixture(scope="module")
def manager(system: System) -> Iterator[Manager]:
    """A manager with its page open."""
    with Manager(system) as hands:
        yield hands


@pytest.fixture(scope="module")
def broken(system: System) -> Callable[[], AbstractContextManager[None]]:
    """`with broken()`: a record that takes no line for a while. The error of the database prints the line."""
    refuse = "CREATE TRIGGER no_lines BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'no lines today'); END"

    @contextmanager
    def breaking() -> Iterator[None]:
        engine = system.installation.records.engine
        with engine.begin() as connection:
            connection.execute(text(refuse))
        try:
            yield
        finally:
            with engine.begin() as connection:
                connection.execute(text("DROP TRIGGER no_lines"))

    return breaking
