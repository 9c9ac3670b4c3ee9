"""
The wheel as a stranger has it: built, installed by plain resolution into an empty environment, its demo run and used.

`make wheel`, or `make wheel PYTHON=/path/to/another/python3`. What is installed sees nothing of the project's folder
and nothing of the lock: the newest releases that pyproject.toml permits. The exit code is 1 if anything does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from email.parser import Parser
from pathlib import Path

import httpx

from driver.page import NotAnswered, free_port, surroundings
from safeguarding.dates.london import london_date, now

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("safeguarding", "config", "tasks", "flows", "pages")
READY_WITHIN = 180.0
CAUGHT_WITHIN = 90.0
STOPS_WITHIN = 240.0
"""Seconds: generous, for a machine that does other things too."""
A_MONTH = timedelta(days=30)
WHO = "alex_example"
"""The business manager of the invented partnership."""


class WheelUnfit(AssertionError):
    """The wheel lacks something, or what was installed from it does not do what the project's folder does."""


# --------------------------------------------------------------------------- what the wheel holds


def build(into: Path) -> Path:
    """The wheel of the project's folder as it is now."""
    _run([sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(into)], cwd=ROOT)
    (wheel,) = into.glob("*.whl")
    return wheel


def misplaced(held: Sequence[str], root: Path) -> list[str]:
    """The files of the rooms that are missing among these names, and the names that are no file of a room."""
    owed = {
        str(path.relative_to(root))
        for room in ROOMS
        for path in (root / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    found = {name for name in held if ".dist-info/" not in name}
    licence = [] if any(name.endswith(".dist-info/licenses/LICENSE") for name in held) else ["LICENSE"]
    return sorted([*(f"lacks {name}" for name in [*(owed - found), *licence]), *(f"holds {x}" for x in found - owed)])


def metadata(wheel: Path) -> dict[str, str]:
    """What a wheel says of itself, the first line of each name."""
    with zipfile.ZipFile(wheel) as opened:
        (name,) = (name for name in opened.namelist() if name.endswith(".dist-info/METADATA"))
        return dict(reversed(Parser().parsestr(opened.read(name).decode()).items()))


def checked(wheel: Path) -> Path:
    """The wheel itself. Raises WheelUnfit with all that is missing from it or should not be in it."""
    with zipfile.ZipFile(wheel) as opened:
        if wrong := misplaced(opened.namelist(), ROOT):
            raise WheelUnfit(f"{wheel.name} {'; '.join(wrong)}")
    return wheel


# --------------------------------------------------------------------------- installed and used


class Installed:
    """An environment with the wheel and its demo in it, in a folder of its own."""

    def __init__(self, folder: Path, python: str) -> None:
        self.folder, self._python = folder, python
        self.port = free_port()
        self.demo = folder / "data" / "safeguarding-demo"
        self.log = folder / "demo.log"

    def program(self, name: str) -> str:
        """A program of this environment."""
        return str(self.folder / "venv" / "bin" / name)

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of ours, and nothing that leads to another Python's packages."""
        left_out = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
        kept = {name: value for name, value in surroundings().items() if name not in left_out}
        return kept | {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder / "data")}

    def install(self, wheel: Path) -> None:
        """Into an empty environment, with whatever the index offers today."""
        _run([self._python, "-m", "venv", str(self.folder / "venv")], self.folder, self.environment)
        # Of ten thousand modules the demo imports a third: each is compiled as it is imported.
        pip = [self.program("python"), "-m", "pip", "install", "--quiet", "--no-compile", f"{wheel}[demo]"]
        _run(pip, self.folder, surroundings())  # with the machine's own settings of pip
        said = _run([self.program("python"), "-m", "pip", "check"], self.folder, self.environment)
        where = _run([self.program("python"), "-c", "import flows; print(flows.__file__)"], self.folder)
        if not where.startswith(str(self.folder)):
            raise WheelUnfit(f"what runs is not what was installed: {where}")
        _say(f"installed: {said.strip()}")

    def healthy(self) -> bool:
        """Whether `safeguarding health` says so: it does once the first sweep has run."""
        try:
            return self.command("health").startswith("Healthy.")
        except WheelUnfit:
            return False

    def command(self, *words: str) -> str:
        """What a command beside the running demo answers. Raises WheelUnfit if it does not end well."""
        return _run([self.program("safeguarding"), *words, "--demo"], self.folder, self.environment)

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """The demo, ready; ended by Ctrl-C, and nothing of it left. Raises WheelUnfit."""
        with self.log.open("wb") as out:
            process = subprocess.Popen(
                [self.program("safeguarding"), "demo", "--port", str(self.port)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self.environment,
                start_new_session=True,
            )
        try:
            self._until("the demo is ready", lambda: "Ready: " in self.log.read_text(), READY_WITHIN, process)
            yield process
            process.send_signal(signal.SIGINT)
            if code := process.wait(STOPS_WITHIN):
                raise WheelUnfit(f"the demo ended with {code}: {self.log.read_text()[-2000:]}")
            self._until("all of it has ended", lambda: not _alive(process.pid), STOPS_WITHIN)
        finally:
            if _alive(process.pid):
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def use(self) -> None:
        """The page answers, the record is healthy, and a referral opened now is told in a letter that is caught."""
        with self.running() as process:
            ready = next(line for line in self.log.read_text().splitlines() if line.startswith("Ready"))
            _say(ready.split(",")[0])
            self._until("the first sweep has run", self.healthy, CAUGHT_WITHIN, process)
            _say("health: Healthy.")
            httpx.get(f"http://127.0.0.1:{self.port}/api/health", timeout=30).raise_for_status()
            opened = json.loads(self.command("open", *self.form(referral()), "--json"))["reference"]
            self.command("do", opened, "assess_notification", *self.form(assessment()))
            self._until(f"a letter about {opened} is caught", lambda: self.letters(opened) > 0, CAUGHT_WITHIN, process)
            _say(f"{opened} was opened; letters caught about it: {self.letters(opened)}, in all: {self.letters()}")

    def form(self, answers: dict[str, str]) -> tuple[str, ...]:
        """The words of a command that give these answers, in a file, and who signs them."""
        file = self.folder / "answers.json"
        file.write_text(json.dumps(answers))
        return ("--form", str(file), "--as", WHO)

    def letters(self, about: str = "") -> int:
        """How many letters were caught, or how many whose subject says this."""
        texts = (path.read_text(errors="replace") for path in (self.demo / "caught" / "mail").glob("*.eml"))
        return sum(about in str(Parser().parsestr(text, headersonly=True)["subject"]) for text in texts)

    def _until(
        self, what: str, there: Callable[[], bool], within: float, process: subprocess.Popen[bytes] | None = None
    ) -> None:
        until = time.monotonic() + within
        while not there():
            if time.monotonic() > until or (process is not None and process.poll() is not None):
                raise WheelUnfit(f"not within {within:.0f} seconds: {what}. It said: {self.log.read_text()[-2000:]}")
            time.sleep(0.2)


def referral() -> dict[str, str]:
    """An invented referral that lay for a month: a missed date of the law is told at once, on a Sunday night too."""
    return {
        "track": "children",
        "received_on": (london_date(now()) - A_MONTH).isoformat(),
        "referred_by": "agency",
        "agency": "hospital_trust",
        "concern": "serious harm, abuse or neglect known or suspected",
        "summary": "An invented child was hurt at an invented home.",
    }


def assessment() -> dict[str, str]:
    """What the local authority was aware of a month ago."""
    aware_on = (london_date(now()) - A_MONTH).isoformat()
    return {
        "aware_on": aware_on,
        "under_18": "yes",
        "incident": "serious harm",
        "looked_after": "no",
        "care_leaver": "no",
        "acknowledged_on": aware_on,
    }


def _alive(group: int) -> bool:
    """Whether anything that was started with this process is still there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _run(command: Sequence[str], cwd: Path, environment: dict[str, str] | None = None) -> str:
    environment = surroundings() if environment is None else environment
    ended = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise WheelUnfit(f"{' '.join(command)} ended with {ended.returncode}: {(ended.stdout + ended.stderr)[-3000:]}")
    return ended.stdout


def _say(words: str) -> None:
    print(f"[{time.monotonic() - BEGAN:4.0f} s] {words}", flush=True)


BEGAN = time.monotonic()


def main(given: Sequence[str] | None = None) -> int:
    """Build it, install it, use it; say each as it is done."""
    parser = argparse.ArgumentParser(prog="make wheel", description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="the Python to install it for")
    parser.add_argument("--into", type=Path, default=ROOT / "dist", help="where the wheel is left")
    asked = parser.parse_args(given)
    with tempfile.TemporaryDirectory(prefix="safeguarding-wheel-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "built").mkdir()
        try:
            wheel = checked(build(folder / "built"))
            python = _run([asked.python, "--version"], folder).strip()
            _say(f"{wheel.name} holds every file of the rooms; into an empty environment of {python}")
            installed = Installed(folder, asked.python)
            installed.install(wheel)
            installed.use()
        except (WheelUnfit, NotAnswered, httpx.HTTPError) as unfit:
            print(unfit, file=sys.stderr)
            return 1
        asked.into.mkdir(exist_ok=True)
        shutil.copy(wheel, asked.into)
    _say(f"fit, and kept as {asked.into / wheel.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
