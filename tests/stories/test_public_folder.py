"""The folder of the public register: the whole of one day or of another, whatever happens while it is written."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.public_site.beside import BEFORE, HELD, NEW
from tasks.public_site.folder import SiteNotWritten, write_site
from tasks.public_site.ours import WRITTEN

OURS = json.dumps({"written": {"index.html": "0"}})


def mode(path: Path) -> int:
    """Who may do what with it."""
    return path.stat().st_mode & 0o777


def test_the_folder_is_written_whole_and_only_over_what_was_written_there(tmp_path: Path) -> None:
    """Made, made anew, and left alone where somebody put a file there, changed one, or it is a file."""
    folder = tmp_path / "site"
    assert [] == write_site(folder, {"index.html": b"one", "old.html": b"gone soon"})
    assert [] == write_site(folder, {"index.html": b"two"})
    assert {"index.html", WRITTEN} == {path.name for path in folder.iterdir()}
    assert b"two" == (folder / "index.html").read_bytes()
    assert (0o644, 0o755) == (mode(folder / "index.html"), mode(folder))
    assert [folder] == list(tmp_path.iterdir()), "nothing is left beside it"

    (folder / "notes.txt").write_text("mine")
    (folder / "index.html").write_text("by hand")
    with pytest.raises(SiteNotWritten, match=r"changed since: index\.html, notes\.txt\. Take it away"):
        write_site(folder, {"index.html": b"three"})
    assert "by hand" == (folder / "index.html").read_text()
    (tmp_path / "file").write_text("")
    with pytest.raises(SiteNotWritten, match="is no folder"):
        write_site(tmp_path / "file", {})
    with pytest.raises(SiteNotWritten, match="there is no folder in which it would lie"):
        write_site(tmp_path / "none" / "site", {})


KILLED = """
import os, signal, sys
from pathlib import Path
from tasks.public_site import folder
left = [int(sys.argv[3])]
def hook(name, _):
    left[0] -= name == sys.argv[2]
    if not left[0]:
        left[0] = -1
        os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[4] == "two moves":
    folder.exchange = lambda *_: False
sys.addaudithook(hook)
folder.write_site(Path(sys.argv[1]), {f"{number}.html": b"half" for number in range(9)})
"""
"""Writes a register and is killed (SIGKILL) at the nth call of one kind; also as on a disk that cannot exchange."""


@pytest.mark.parametrize(
    ("call", "nth", "how"),
    [
        ("os.mkdir", 2, "at once"),
        ("os.chmod", 1, "at once"),
        ("os.chmod", 11, "at once"),
        ("ctypes.dlopen", 1, "at once"),
        ("os.remove", 1, "at once"),
        ("os.remove", 2, "at once"),
        ("os.rmdir", 1, "at once"),
        ("os.rmdir", 2, "at once"),
        ("os.rename", 1, "two moves"),
        ("os.rename", 2, "two moves"),
    ],
)
def test_killed_at_any_moment_it_is_one_day_or_the_other(tmp_path: Path, call: str, nth: int, how: str) -> None:
    """
    Before and after the exchange the folder is there, whole and open to a web server; what lies beside it is not, and
    goes with the next making. Only where a disk cannot exchange there is none for a moment.
    """
    folder = tmp_path / "site"
    write_site(folder, {"index.html": b"one", "more.html": b"one"})
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), call, str(nth), how], check=False, timeout=60)
    assert -signal.SIGKILL == done.returncode
    there = {path.name for path in folder.iterdir()} if folder.exists() else set()
    assert there in ({"index.html", "more.html", WRITTEN}, {WRITTEN, *(f"{number}.html" for number in range(9))}) or (
        (call, nth, how, there) == ("os.rename", 2, "two moves", set())
    )
    assert not there or 0o755 == mode(folder)
    left = [path for path in tmp_path.iterdir() if path != folder]
    assert left and {0o700} == {mode(path) for path in left}
    assert [] == write_site(folder, {"index.html": b"two"})
    assert [folder] == list(tmp_path.iterdir()) and b"two" == (folder / "index.html").read_bytes()
    assert 0o755 == mode(folder)


def test_what_only_looks_like_a_leftover_stays(tmp_path: Path) -> None:
    """Somebody's own folder under such a name, one with a strange file beside ours, a link, one that is being made."""
    folder = tmp_path / "site"
    for name, files in {
        ".site.abcdefgh.part": {"letter.txt": "mine"},
        ".site.bcdefghi.part": {f"{BEFORE}/{WRITTEN}": OURS, f"{BEFORE}/letter.txt": "mine"},
        ".site.cdefghij.party": {f"{NEW}/{WRITTEN}": OURS},
        ".other.cdefghij.part": {f"{NEW}/{WRITTEN}": OURS},
        ".site.defghijk.part": {HELD: "", f"{NEW}/{WRITTEN}": OURS, f"{NEW}/index.html": "being made"},
    }.items():
        for file, content in files.items():
            (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / file).write_text(content)
    (tmp_path / ".site.efghijkl.part").symlink_to(tmp_path / ".other.cdefghij.part")
    before = {path.name for path in tmp_path.iterdir()}
    held = os.open(tmp_path / ".site.defghijk.part" / HELD, os.O_RDWR)
    fcntl.flock(held, fcntl.LOCK_EX)
    said = write_site(folder, {"index.html": b"one"})
    assert {*before, "site"} == {path.name for path in tmp_path.iterdir()}
    assert 2 == len(said) and all("holds what was not written here" in one for one in said), said
    assert "mine" == (tmp_path / ".site.bcdefghi.part" / BEFORE / "letter.txt").read_text()
    assert (tmp_path / ".site.bcdefghi.part" / BEFORE / WRITTEN).exists(), "what says which were ours goes last"
    os.close(held)
    write_site(folder, {"index.html": b"two"})
    assert {".site.defghijk.part"} == {*before, "site"} - {path.name for path in tmp_path.iterdir()}


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    """A name that no file can have, a folder nobody may write in: words, and yesterday's register stands."""
    folder = tmp_path / "site"
    write_site(folder, {"index.html": b"one"})
    with pytest.raises(SiteNotWritten, match="cannot be written"):
        write_site(folder, {"index.html": b"two", "x" * 300: b""})
    assert b"one" == (folder / "index.html").read_bytes() and [folder] == list(tmp_path.iterdir())
