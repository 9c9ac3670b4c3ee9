"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from driver.decided import decided_with_a_dissent
from driver.terminal import Terminal

from safeguarding.dates.london import now
from tasks.record.installation import Installation, open_installation


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal whose home is empty."""
    monkeypatch.setenv("SAFEGUARDING_HOME", str(tmp_path))
    for name in ("DATABASE_URL", "CONFIG", "PARTNERSHIP", "SECRET_MAIL_URL"):
        monkeypatch.delenv(f"SAFEGUARDING_{name}", raising=False)
    return Terminal(tmp_path, capsys)


@pytest.fixture
def decided(terminal: Terminal) -> Iterator[Installation]:
    """A record whose one review was decided with a dissent; letters of it arrived, one did not."""
    made = open_installation(now())
    decided_with_a_dissent(made, terminal.home)
    yield made
    made.close()


@pytest.fixture
def reference(decided: Installation) -> str:
    """Its one review."""
    (row,) = decided.records.list()
    return row.reference
