"""A person at a terminal, for the tests of the command line: in this process, or at a real one."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from driver.page import surroundings
from flows.cli.main import main
from flows.demo.answers import answer
from safeguarding.dates.london import london_date, now

PROGRAM = str(Path(sys.executable).with_name("safeguarding"))


class Terminal:
    """A person at a terminal, with a record of their own."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys = home, capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        """Run a command: the exit code, what it said, and what it complained of."""
        try:
            code = main(list(words))
        except SystemExit as asked_wrongly:
            code = int(str(asked_wrongly))
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def data(self, *words: str) -> Any:
        """Run a command with --json and read the answer."""
        _, out, _ = self(*words, "--json")
        return json.loads(out)

    def form(self, step: str, *, today: date | None = None, **changes: Any) -> str:
        """The path of a file with the answers to a step, filled in today unless another day is given."""
        path = self.home / f"{step}.json"
        path.write_text(json.dumps(answer(step, None, today or london_date(now()), **changes), default=str))
        return str(path)

    def seen(
        self, *words: str, typed: str = "", answering: Sequence[tuple[str, str]] = (), **given: str
    ) -> tuple[int, str]:
        """
        Run a command in a process of its own at a real terminal, and type: the exit code, and all that it shows.

        `answering`: what is typed once a question is there; what is typed unseen counts only from then on. `given` is
        set in its environment.
        """
        ours, theirs = pty.openpty()
        environment = surroundings() | {"SAFEGUARDING_HOME": str(self.home), "TERM": "xterm", "COLUMNS": "200"} | given
        process = subprocess.Popen(
            [PROGRAM, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
        )
        os.close(theirs)
        os.write(ours, typed.encode())
        shown, left = b"", list(answering)
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # The terminal is gone with the last process that had it.
                break
            shown += part
            if left and left[0][0].encode() in shown:
                os.write(ours, left.pop(0)[1].encode())
        os.close(ours)
        return process.wait(), shown.decode()
