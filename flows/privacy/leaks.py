"""
Leaks on purpose: what would be a leak is put into each kind of place where it can be taken away again. A search that
does not find every one of them is blind, and proves nothing.
"""

from __future__ import annotations

import contextlib
import email.message
import subprocess
import sys
import uuid
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings
from flows.privacy.canaries import Canaries
from flows.privacy.files import CAUGHT
from flows.privacy.running_system import RunningSystem
from safeguarding.dates.london import now

ON_PURPOSE = "on purpose"
"""The door of these canaries."""
WHAT_IF = "flows.what_if.what_if"


@dataclass(frozen=True, slots=True)
class Leak:
    """One leak: the word, and where it must be found."""

    word: str
    kind: str
    within: str
    """What the place of a find is called, or begins with."""


@contextlib.contextmanager
def planted(canaries: Canaries, system: RunningSystem, settings: Settings, prefect: Path) -> Iterator[list[Leak]]:
    """Every leak, for as long as the context lasts; all of them are taken away at its end, however it ends."""
    with contextlib.ExitStack() as stack:
        leaks: list[Leak] = []

        def word(kind: str, within: str) -> str:
            leaks.append(Leak(canaries.new(ON_PURPOSE, kind), kind, within))
            return leaks[-1].word

        _in_a_run(stack, system, word("a run's parameters", "Prefect's database: flow_run.parameters"))
        _in_an_artifact(stack, system, word("an artifact", "Prefect's database: artifact.data"))
        log = prefect / f"leak-on-purpose-{uuid.uuid4().hex[:8]}.log"
        _in_a_file(stack, log, f"a line with {word('a line of a log', str(log)).lower()} in it\n")
        file = settings.home / f"leak-on-purpose-{uuid.uuid4().hex[:8]}"
        coded = b64encode(f"In base64: {word('a file, in base64', str(file))}, and more.".encode()).decode()
        _in_a_file(stack, file, coded)
        if (settings.home / CAUGHT).is_dir():
            letter = settings.home / CAUGHT / "mail" / f"leak-on-purpose-{uuid.uuid4().hex[:8]}.eml"
            _in_a_file(stack, letter, _letter(word("a caught letter", str(letter))))
        _in_a_process(stack, word("a command line", "cmdline of process"), word("an environment", "environ of process"))
        yield leaks


def _in_a_run(stack: contextlib.ExitStack, system: RunningSystem, word: str) -> None:
    """A run that is over from the start, so that nobody runs it. Its tags would stay for a week, in its events."""
    state = {"type": "COMPLETED", "name": "A leak on purpose"}
    sent = {"state": state, "parameters": {"form": {"reference": word}}, "enforce_parameter_schema": False}
    run = system.press_run(system.deployments()[WHAT_IF], sent, system.service)
    if run is not None:
        stack.callback(system.take_away, [run["id"]])


def _in_an_artifact(stack: contextlib.ExitStack, system: RunningSystem, word: str) -> None:
    made = system.service.post("/artifacts/", json={"type": "markdown", "data": f"On purpose: {word}"})
    if made.is_success:
        stack.callback(system.service.delete, f"/artifacts/{made.json()['id']}")


def _in_a_file(stack: contextlib.ExitStack, file: Path, text: str) -> None:
    stack.callback(file.unlink, missing_ok=True)
    file.write_text(text)


def _letter(word: str) -> str:
    letter = email.message.EmailMessage()
    letter["Subject"], letter["Date"] = "A leak on purpose", now().isoformat()
    letter.set_content(f"{'Long lines are folded in base64, in the middle of a word. ' * 3}{word}", cte="base64")
    return letter.as_string()


def _in_a_process(stack: contextlib.ExitStack, argument: str, surrounding: str) -> None:
    """A process of our own that waits until it is told to end."""
    wait = "import sys; sys.stdin.read()"
    process = subprocess.Popen(  # noqa: S603  our own interpreter
        [sys.executable, "-I", "-S", "-c", wait, argument], stdin=subprocess.PIPE, env={"ON_PURPOSE": surrounding}
    )
    stack.callback(process.wait)
    stack.callback(process.communicate)
