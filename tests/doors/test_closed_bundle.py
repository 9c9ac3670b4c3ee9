"""A bundle that a password closes: what opens it, what is refused, and that the password is nowhere afterwards."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import pyzipper
from driver.terminal import Terminal

from tasks.bundle.password import FEWEST, LONGEST, Password, PasswordUnfit, twice, unfit
from tasks.record.installation import Installation

MAKER = ("--as", "alex_example", "--reason", "order of a court")
SEVEN_ZIP = shutil.which("7z") or shutil.which("7zz")
PASSWORD = "four Plain words-26"
SHORT, SAME, SPACE, STRANGE, LONG, DIFFERENT = (
    "is too short",
    "repeats the same signs",
    "begins or ends with a space",
    "not on every keyboard",
    "is too long",
    "are not the same",
)


@pytest.fixture
def closed(terminal: Terminal, reference: str, tmp_path: Path) -> Path:
    """A bundle, closed with the password of a file."""
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    words = ("bundle", reference, str(tmp_path / "closed.zip"), *MAKER, "--password-file", str(tmp_path / "password"))
    code, out, err = terminal(*words)
    assert (0, "", True) == (code, err, "Closed with the password" in out), out
    assert PASSWORD not in out
    return tmp_path / "closed.zip"


def test_it_opens_with_the_password_and_not_without(closed: Path, reference: str, tmp_path: Path) -> None:
    """By AES with 256 bits; and what is in it is the bundle as ever, which verifies."""
    with pyzipper.AESZipFile(closed) as locked:
        (entry,) = locked.infolist()
        assert ("bundle.zip", 256) == (entry.filename, entry.wz_aes_strength * 64 + 64)
        for wrong in (None, b"", PASSWORD[:-1].encode(), PASSWORD.lower().encode()):
            with pytest.raises(RuntimeError, match="password"):
                locked.read(entry, wrong)
        content = locked.read(entry, PASSWORD.encode())
    with pytest.raises((RuntimeError, NotImplementedError)), zipfile.ZipFile(closed) as plain:
        plain.read("bundle.zip")
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path / "out")
    folder, words = tmp_path / "out" / f"{reference}-bundle", [sys.executable, "-I", "verify.py"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert (0, True) == (done.returncode, done.stdout.endswith("It holds.\n")), done.stdout


def test_nothing_of_it_is_read_without_the_password(closed: Path, reference: str) -> None:
    """Neither the reference nor a name of a file in it: they lie one zip deeper."""
    held = closed.read_bytes()
    assert [] == [word for word in (reference, "review.html", "line-", "ledger", "Alex") if word.encode() in held]


@pytest.mark.skipif(SEVEN_ZIP is None, reason="7-Zip is not on this machine")
def test_7_zip_opens_it(closed: Path, tmp_path: Path) -> None:
    """With the password, and not with another."""
    for password, ends in ((PASSWORD, True), ("another Password-26", False)):
        words = [str(SEVEN_ZIP), "x", f"-p{password}", f"-o{tmp_path / str(ends)}", "-y", str(closed)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
        assert ends == (0 == done.returncode), done.stdout
    assert zipfile.is_zipfile(tmp_path / "True" / "bundle.zip")


def test_that_it_was_closed_is_noted_and_the_password_is_nowhere(
    terminal: Terminal, decided: Installation, closed: Path, reference: str
) -> None:
    """Who read what says so; no file of the home but the one that was given holds the password."""
    (line,) = terminal.data("readings", reference)
    assert "the bundle for an inspection (order of a court), closed with a password, sealed words left" in line["what"]
    holds = [
        path.name for path in terminal.home.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()
    ]
    assert ["password"] == holds


@pytest.mark.parametrize(
    "given, again, wrong",
    [
        (PASSWORD, PASSWORD, []),
        ("", "", [SHORT]),
        ("elevensigns", "elevensigns", [SHORT]),
        ("twelvesigns1", "twelvesigns1", []),
        ("twelvesigns1", "twelvesigns2", [DIFFERENT]),
        ("aaaa", "aaab", [SHORT, SAME, DIFFERENT]),
        (" x7", "b", [SHORT, SAME, SPACE, DIFFERENT]),
        ("Grüße aus Köln", "Grüße aus Köln", [STRANGE]),
        ("four words\tand a tab", "four words\tand a tab", [STRANGE]),
        ("abcdefgh" * 12 + "abc", "abcdefgh" * 12 + "abc", []),
        ("abcdefgh" * 13, "abcdefgh" * 13, [LONG]),
        ("ababababcd" * 2, "ababababcd" * 2, [SAME]),
    ],
)
def test_everything_wrong_with_a_password_is_said_at_once(given: str, again: str, wrong: list[str]) -> None:
    """Too short, too long, the same signs, a space at its end, a sign not on every keyboard, typed differently."""
    if not wrong:
        assert given == twice(given, again).words
        return
    with pytest.raises(PasswordUnfit) as refused:
        twice(given, again)
    assert [True] * len(wrong) == [said in one for said, one in zip(wrong, refused.value.wrong, strict=True)]
    assert not given or given not in str(refused.value)


def test_a_password_is_shown_by_nothing(reference: str) -> None:
    """Not where it is printed by mistake, and it is bounded as 7-Zip bounds it."""
    assert PASSWORD not in repr(Password(PASSWORD)) + str([Password(PASSWORD)])
    assert [] == unfit("abcde" * (LONGEST // FEWEST))


@pytest.mark.parametrize(
    "held, said",
    [
        ("short", "too short"),
        ("", "must hold one line"),
        (f"{PASSWORD}\nand more\n", "must hold one line"),
        ("\0\0\0\0", "cannot"),
        ("x" * 2_000_000, "is larger than"),
    ],
)
def test_a_file_of_a_password_that_is_none_is_refused(
    terminal: Terminal, reference: str, tmp_path: Path, held: str, said: str
) -> None:
    """In words, before anything is made or noted; and so are a file that is not there, and both ways at once."""
    file, made = tmp_path / "password", tmp_path / "b.zip"
    file.write_text(held)
    words = ("bundle", reference, str(made), *MAKER, "--password-file")
    code, _, err = terminal(*words, str(file))
    assert (1, True) == (code, "No bundle was made." in err) and (said in err or "no text" in err), err
    assert 1 == terminal(*words, str(tmp_path / "nowhere"))[0]
    assert 2 == terminal(*words, str(file), "--password")[0]
    assert not made.exists() and [] == terminal.data("readings", reference)


def test_nobody_can_be_asked_without_a_terminal(terminal: Terminal, reference: str, tmp_path: Path) -> None:
    """`--password` asks a person; where none sits there it says how else."""
    code, _, err = terminal("bundle", reference, str(tmp_path / "b.zip"), *MAKER, "--password")
    assert (1, True) == (code, "give that with --password-file" in err)
    assert not (tmp_path / "b.zip").exists()


@pytest.mark.parametrize("again, code", [(PASSWORD, 0), ("something Else-26", 1)])
def test_it_is_asked_for_twice_and_not_shown(
    terminal: Terminal, decided: Installation, reference: str, tmp_path: Path, again: str, code: int
) -> None:
    """At a real terminal: the same twice closes the bundle; a slip makes none."""
    made = tmp_path / "b.zip"
    answering = (("Password of the bundle", f"{PASSWORD}\n"), ("The same again", f"{again}\n"))
    ended, shown = terminal.seen("bundle", reference, str(made), *MAKER, "--password", answering=answering)
    assert (code, False, code == 0) == (ended, PASSWORD in shown, made.exists()), shown
    if code == 0:
        with pyzipper.AESZipFile(made) as locked:
            assert zipfile.is_zipfile(io.BytesIO(locked.read("bundle.zip", PASSWORD.encode())))
    else:
        assert "The two passwords are not the same." in shown


def test_whoever_thinks_better_of_it_gets_no_traceback(
    terminal: Terminal, decided: Installation, reference: str, tmp_path: Path
) -> None:
    """Ctrl-D instead of a password: said in words, nothing is made, and nothing is noted as unforeseen."""
    words = ("bundle", reference, str(tmp_path / "b.zip"), *MAKER, "--password")
    answering = (("Password of the bundle", "\x04"), ("The same again", "\x04"))
    code, shown = terminal.seen(*words, answering=answering)
    assert (1, True, False) == (code, "too short" in shown, "Traceback" in shown), shown
    assert not (tmp_path / "b.zip").exists() and [] == terminal.data("readings", reference)
