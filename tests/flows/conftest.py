"""One running system for the tests of the doors: the demo, as its command starts it."""

from collections.abc import Iterator

import pytest

from benchmarks.page import Manager, System


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The demo with its twelve reviews. Shared: a test takes reviews of its own, or leaves others as they were."""
    with System(tmp_path_factory.mktemp("system") / "home") as running:
        yield running.start()


@pytest.fixture(scope="session")
def manager(system: System) -> Iterator[Manager]:
    """A manager with its page open."""
    with Manager(system) as hands:
        yield hands
