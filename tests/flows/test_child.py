"""
The processes that the one command starts: forked while it begins, told what they are, begun anew where none waits.

Each in a process of its own that forks, for the tests' own process has threads.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from driver.page import surroundings
from driver.speed import patience

from flows.server import child

MODULE = """
import os, sys, time
from config.settings import Settings
print("says", os.environ["SAID"], sys.argv[1:], __name__, "colorsys" in sys.modules, flush=True)
print("home", Settings().home, "inherited" in os.environ, oct(os.umask(0)), flush=True)
print("open", sorted(int(one) for one in os.listdir("/proc/self/fd"))[:3], file=sys.stderr, flush=True)
if "waits" in sys.argv:
    while os.read(0, 1):
        pass
    print("its parent is gone", flush=True)
sys.exit(7)
"""
BEGINS = """
import os, signal, sys, time
from pathlib import Path
from flows.server import child
os.umask(0o077)
os.environ["inherited"] = "yes"
log = Path(sys.argv[1])
environment = {"SAID": "as it was told", "PATH": os.environ["PATH"], "SAFEGUARDING_HOME": "/nowhere/at-all"}
environment["PYTHONPATH"] = os.environ["PYTHONPATH"]
def order(*arguments):
    return child.Order("told_to_run", arguments, environment, str(log))
"""


def run(tmp_path: Path, code: str, log: Path) -> subprocess.CompletedProcess[str]:
    """Run these lines in a process of its own, with a module to be told; its own words."""
    (tmp_path / "told_to_run.py").write_text(MODULE)
    here = {**surroundings(), "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-c", BEGINS + code, str(log)]
    return subprocess.run(command, env=here, capture_output=True, text=True, timeout=patience(60), check=False)


def test_a_forked_process_becomes_what_it_is_told(tmp_path: Path) -> None:
    """With what it imported beforehand, its own environment, arguments and log; its exit code is the module's."""
    log = tmp_path / "log"
    code = """
one = child.fork("reviews-test", ["colorsys"])
print("comm", Path(f"/proc/{one.pid}/comm").read_text().strip() in ("reviews-test", "python"))
begun = child.begin(order("--port", "5"), one)
print("the same", begun is one, "colorsys" in sys.modules, "code", begun.wait(30), begun.poll())
"""
    said = run(tmp_path, code, log)
    assert "comm True\nthe same True False code 7 7\n" == said.stdout, said.stderr
    lines = log.read_text().splitlines()
    assert "says as it was told ['--port', '5'] __main__ True" == lines[0]
    assert "home /nowhere/at-all False 0o77" == lines[1]
    assert 0o600 == log.stat().st_mode & 0o777


def test_a_process_that_died_is_replaced_by_a_new_one(tmp_path: Path) -> None:
    """Killed while it waited: whoever is begun is another, and does the same."""
    log = tmp_path / "log"
    code = """
one = child.fork("reviews-test", ["colorsys"])
one.kill()
print("killed", one.wait(30))
begun = child.begin(order(), one)
print("another", begun is not one, "code", begun.wait(30))
"""
    said = run(tmp_path, code, log)
    assert "killed -9\nanother True code 7\n" == said.stdout, said.stderr
    assert log.read_text().startswith("says as it was told [] __main__ False\n")


def test_what_is_not_needed_leaves_nothing(tmp_path: Path) -> None:
    """Sent away before it was told anything: it has ended, and has written nowhere."""
    log = tmp_path / "log"
    code = """
one = child.fork("reviews-test", [])
one.dismiss()
print("ended", one.poll() is not None, log.exists())
"""
    assert "ended True False\n" == run(tmp_path, code, log).stdout


@pytest.mark.parametrize("told", [True, False])
def test_none_outlives_its_parent(tmp_path: Path, told: bool) -> None:
    """
    Killed, the parent takes them along, and neither waits for the other: the one that was forked later stands still,
    and would hold the other's input open if it had it.
    """
    log = tmp_path / "log"
    code = f"""
two = [child.fork("reviews-test", []), child.fork("reviews-test", [])]
for one in two if {told} else []:
    child.begin(order("waits"), one)
while {told} and (not log.exists() or log.read_text().count("open") < 2):
    time.sleep(0.02)
while Path(f"/proc/{{two[1].pid}}/comm").read_text() != "reviews-test\\n":
    time.sleep(0.02)
two[1]._send(signal.SIGSTOP)
print(*(one.pid for one in two), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    said = run(tmp_path, code, log)
    first, second = (int(one) for one in said.stdout.split())
    try:
        assert gone(first)
    finally:
        os.kill(second, signal.SIGCONT)
    assert gone(second)
    assert (2 if told else 0) == (log.read_text().count("its parent is gone") if log.exists() else 0)


def gone(process: int) -> bool:
    """Whether a process ends."""
    until = time.monotonic() + patience(20)
    while Path(f"/proc/{process}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    return not Path(f"/proc/{process}").exists()


def test_a_process_with_threads_forks_nothing(tmp_path: Path) -> None:
    """A fork takes one thread along, with whatever the others had locked."""
    code = """
import threading
print(child.can_fork())
ended = threading.Event()
threading.Thread(target=ended.wait).start()
print(child.can_fork())
ended.set()
"""
    assert "True\nFalse\n" == run(tmp_path, code, tmp_path / "log").stdout


def test_where_none_waits_a_new_one_is_begun(tmp_path: Path) -> None:
    """As after a death, or where nothing can be forked: what it says goes to the same log."""
    log = tmp_path / "log"
    begun = child.begin(child.Order("this.is.no.module", (), dict(os.environ), str(log)))
    assert begun.stdin is not None
    with begun.stdin:
        assert 1 == begun.wait(patience(60))
    assert "this.is.no.module" in log.read_text()


def test_what_importing_left_over_is_let_go_before_the_order_comes(tmp_path: Path) -> None:
    """A module that leaves things which hold each other: they are gone when the forked process is told what to do."""
    (tmp_path / "leaves_over.py").write_text(
        "import weakref\n"
        "class Held: pass\n"
        "gone = []\n"
        "one = Held()\n"
        "one.itself = one\n"
        "weakref.finalize(one, gone.append, 'gone')\n"
        "del one\n"
    )
    log = tmp_path / "log"
    code = """
(Path(sys.argv[1]).parent / "told_to_run.py").write_text("import leaves_over; print(leaves_over.gone, flush=True)")
begun = child.begin(order(), child.fork("reviews-test", ["leaves_over"]))
print("code", begun.wait(30))
"""
    said = run(tmp_path, code, log)
    assert "code 0\n" == said.stdout, said.stderr
    assert "['gone']\n" == log.read_text()
