"""The demo where its extra was not installed: a sentence that says what to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

WITHOUT_THE_EXTRA = """
import sys
sys.modules["aiosmtpd"] = None  # as where it is not installed
from flows.cli.main import main
sys.exit(main(["demo", "--home", sys.argv[1]]))
"""


def test_a_demo_that_is_not_installed_whole_says_what_to_install(tmp_path: Path) -> None:
    """One sentence with the package and its extra, no traceback; and no record was made for nothing."""
    home = tmp_path / "demo"
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_EXTRA, str(home)], capture_output=True, text=True, timeout=120, check=False
    )
    said = "The demo needs more than is installed: install safeguarding-review-orchestrator[demo].\n"
    assert (1, "", said) == (ended.returncode, ended.stdout, ended.stderr)
    assert not home.exists()
