"""What the tests of the command line share."""

from __future__ import annotations

from pathlib import Path

import pytest
from driver.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal whose home is empty."""
    monkeypatch.setenv("SAFEGUARDING_HOME", str(tmp_path))
    for name in ("DATABASE_URL", "CONFIG", "PARTNERSHIP", "SECRET_MAIL_URL"):
        monkeypatch.delenv(f"SAFEGUARDING_{name}", raising=False)
    return Terminal(tmp_path, capsys)
