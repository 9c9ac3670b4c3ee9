"""What may be said of an error: a code, a place, a reference; never what was typed."""

import logging
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from driver.page import surroundings

from safeguarding.errors import NoSuchReview
from tasks.events.nothing_typed import CardFault, OursOnly, account_of, only_an_account


def test_an_error_of_ours_is_told_by_its_code() -> None:
    """The code is all that Prefect needs to show."""
    assert "no-such-review" == account_of(NoSuchReview("CSPR-2026-001"))


def test_any_other_error_is_told_by_its_type_and_place() -> None:
    """A database error prints its parameters: its text must not travel."""
    with pytest.raises(CardFault) as told, only_an_account("CSPR-2026-001"):
        raise ValueError("Jane Doe, 12 Any Street")

    assert str(told.value).startswith("CSPR-2026-001: ValueError at test_quiet.py:")
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__


def test_a_fault_survives_pickling() -> None:
    """Prefect rebuilds a stored error from its arguments."""
    fault = CardFault("ValueError at x.py:1", "CSPR-2026-001")

    assert str(fault) == str(pickle.loads(pickle.dumps(fault)))


def test_only_our_lines_reach_a_runs_log() -> None:
    """Prefect logs every suspension as an error and every exception with its text."""
    line = logging.LogRecord("prefect.flow_runs", logging.ERROR, __file__, 1, "Finished in state Suspended", None, None)
    ours = logging.LogRecord("prefect.flow_runs", logging.INFO, __file__, 1, "taken", None, None)
    ours.safeguarding = True

    assert [False, True] == [OursOnly().filter(line), OursOnly().filter(ours)]


def test_the_engine_of_a_worker_prints_an_account_of_an_error(tmp_path: Path) -> None:
    """A run that fails before any of our flows begins: its worker says of what kind the error was, and where."""
    failing = (
        "import sys; from pathlib import Path; from flows.server import prefect_settings\n"
        "prefect_settings.prepare(Path(sys.argv[1]) / 'prefect', 4200, Path(sys.argv[1]))\n"
        "import logging; from prefect.logging.configuration import setup_logging; setup_logging()\n"
        "try:\n    raise ValueError('Jane Doe, 12 Any Street')\n"
        "except ValueError:\n    logging.getLogger('prefect.engine').exception('Run %s failed', 'a')\n"
    )

    said = subprocess.run(
        [sys.executable, "-c", failing, tmp_path], capture_output=True, text=True, check=True, env=surroundings()
    ).stderr

    assert "Run a failed: ValueError at <string>:5" in said
    assert "Jane" not in said
