"""What every test shares: the example partnership's rulebook, and a demand that nothing is skipped where CI forbids it."""

import os
from datetime import UTC, datetime

import pytest

import config
from safeguarding.rulebook import Rulebook


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The law as shipped, with the example partnership."""
    return config.load()


@pytest.fixture
def now() -> datetime:
    """A Monday morning in November 2026, with no holiday near."""
    return datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):  # type: ignore[no-untyped-def]
    """Turn the skip of a demanded kind of test into a failure."""
    report = yield
    demanded = {kind for kind in os.environ.get("SAFEGUARDING_TESTS_DEMAND", "").split(",") if kind}
    if report.skipped and not hasattr(report, "wasxfail") and demanded & {m.name for m in item.iter_markers()}:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and this kind of test is demanded here"
    return report
