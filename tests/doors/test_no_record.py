"""A machine with no record yet: whoever only asks is told so, and nothing is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from driver.terminal import Terminal

ASKED = (
    "list",
    "show CSPR-2026-001",
    "next CSPR-2026-001",
    "kept CSPR-2026-001",
    "do CSPR-2026-001 send_notification --form nothing.yaml --as alex_example",
    "explain CSPR-2026-001 C05",
    "what-if CSPR-2026-001 --event decided=2026-12-16",
    "recompute",
    "plan CSPR-2026-001",
    "calendar",
    "rules adopt 2023",
    "agencies",
    "undelivered",
    "came-back 1",
    "watch",
    "health",
    "ledger verify",
    "ledger rebuild",
    "backup backups",
    "key show",
    "key rotate --yes",
    "key forget --yes",
    "upgrade",
    "cards rebuild",
    "begin-looks",
    "retain CSPR-2026-001 --class no_review --as alex_example --second morgan_specimen",
    "erase CSPR-2026-001 --as alex_example --second morgan_specimen --yes --ground",
)
"""What needs a record that is there: all but `open`, `simulation`, `up`, `demo` and `register`."""

LAST = {"erase": ("end of retention",)}
"""A word with spaces in it."""


@pytest.mark.parametrize("asked", ASKED)
def test_nothing_is_made_by_asking(
    asked: str, tmp_path: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says where it looked and what makes a record, and ends with 1; no folder, no key, no record appears."""
    home = tmp_path / "home" / "safeguarding"
    monkeypatch.setenv("SAFEGUARDING_HOME", str(home))
    words = (*asked.split(), *LAST.get(asked.split()[0], ()))

    code, out, err = terminal(*words)
    assert (1, True) == (
        code,
        f"There is no record in {home} yet: `safeguarding up` or `safeguarding open` makes one." in out + err,
    ), out + err
    code, out, err = terminal(*words, "--demo")
    assert (1, True) == (code, f"There is no demo in {home.with_name('safeguarding-demo')} yet" in out + err)

    assert [] == list(tmp_path.iterdir())


@pytest.mark.postgresql
def test_an_empty_database_of_a_server_stays_empty(
    terminal: Terminal, postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL answers, and holds no record: the same, by its address."""
    monkeypatch.setenv("SAFEGUARDING_DATABASE_URL", postgresql)
    code, _, err = terminal("list")
    assert (1, True) == (code, err.startswith("There is no record at postgresql://"))
    assert [] == list(tmp_path.iterdir())


def test_opening_makes_the_record_and_the_demo_is_opened_by_nobody_else(terminal: Terminal) -> None:
    """A referral makes a record of one's own; of the demo only the demo makes one."""
    form = terminal.form("open_referral")
    code, _, err = terminal("open", "--form", form, "--as", "alex_example", "--demo")
    assert (1, True, False) == (code, "There is no demo in" in err, (terminal.home / "master.key").exists())
    assert 0 == terminal("open", "--form", form, "--as", "alex_example")[0]
    assert (terminal.home / "master.key").exists()
    assert 1 == len(terminal.data("list"))


def test_the_demo_is_not_run_as_a_record_of_ones_own(terminal: Terminal) -> None:
    """Its letters would leave for people who do not exist."""
    code, _, err = terminal("up", "--demo")
    assert (1, "The demo is run by `safeguarding demo`, which catches its letters.\n") == (code, err)
