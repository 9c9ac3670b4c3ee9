"""Everyday faults at the command line: each is said in words, with what to do, and none with a traceback."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from driver.page import free_port, hears_ctrl_c, surroundings
from driver.speed import patience
from driver.terminal import PROGRAM, Terminal
from sqlalchemy import text

from flows.cli import faults
from flows.cli.place import Place
from safeguarding.dates.london import london_date, now
from tasks.record.installation import open_installation

CANARY = "Violet-Q7 lives at the yellow door"


# --------------------------------------------------------------------------- a question put wrongly


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("duee C05 2026-11-27", "has no command 'duee'. Perhaps: due."),
        ("verify", "has no command 'verify'. Perhaps: ledger verify."),
        ("rules lst", "`safeguarding rules` has no command 'lst'. Perhaps: list."),
        ("due C05 27/11/2026", "'27/11/2026' is not a date such as 2026-12-18."),
        ("rules list --on soon", "--on: 'soon' is not a date such as 2026-12-18."),
        ("watch --at 2026-12-18", "--at: '2026-12-18' is not a time such as 2026-12-18T10:00."),
        ("due", "`safeguarding due` needs RULE and DAY."),
        ("do CSPR-2026-001 --as alex_example", "`safeguarding do` needs STEP and --form FILE."),
        ("what-if CSPR-2026-001", "needs --event EVENT=DATE."),
        ("search -- police --as alex_example", "`safeguarding search` needs --as PERSON."),
        ("open --form", "--form needs FILE after it."),
        ("undelivered --again", "--again needs at least one NUMBER after it."),
        ("undelivered --again one", "--again: 'one' is not a whole number."),
        ("undelivered --again []", "--again: '[]' is not a whole number."),
        ("came-back []", "'[]' is not a whole number."),
        ("search police --as alex_example --first -3", "give a whole number from 1 on"),
        ("undelivered --again 99999999999999999999", "the number of a message stands before it in the list"),
        ("due C05 2026-02-30", "'2026-02-30' is not a date such as 2026-12-18."),
        ("due C05 \N{ARABIC-INDIC DIGIT TWO}026-12-18", "is not a date such as 2026-12-18."),
        ("up --port abc", "--port: 'abc' is not a port"),
        ("open --form a --as b --minuted Jane_Doe_was_hurt_by,her,own,father,at,4", "is not the reference of a minute"),
        (f"open --form a --as b --proved {'1' * 61}", "..."),
        ("open --form a --as b --minuted A_child-was.hurt/by,her-own.4", "is not the reference of a minute"),
        ("list --opne", "`safeguarding list` has no option --opne. Perhaps: --open"),
        ("due C05 2026-11-27 --jsn", "has no option --jsn. Perhaps: --json."),
        ("due C05 2026-11-27 please", "`safeguarding due` takes less: what is 'please'?"),
        ("due C05 2026-11-27 --json --json", "--json is given twice."),
        ("up --port 99999", "--port: '99999' is not a port, which is a number from 1 to 65535."),
        ("server --no-services --services-only", "--no-services and --services-only exclude each other: give one."),
        ("calendar --panel --person jules_lead", "exclude each other: give one."),
        ("open --form a --as b --minuted !", "--minuted: '!' is not the reference of a minute"),
        ("erase SAR-2026-001 --as a --ground whim", "'whim' is none of: end of retention, order of a court,"),
    ],
)
def test_a_question_put_wrongly(asked: str, words: str, terminal: Terminal) -> None:
    """What is not known, with what is like it; everything that is missing; what cannot be read. It ends with 2."""
    code, out, err = terminal(*asked.split())
    assert (2, True) == (code, words in out + err), out + err
    assert "--help` shows how it is asked." in out + err
    assert [] == list(terminal.home.iterdir())


def test_no_command_at_all(terminal: Terminal) -> None:
    """The list of the commands by their groups, each with its first sentence; asked for, it is no fault."""
    for words, ends in (((), 2), (("--help",), 0), (("ledger",), 2), (("ledger", "--help"), 0)):
        code, out, _ = terminal(*words)
        assert ends == code
        assert "Prove that no line was changed, removed or put in." in out or not words or words == ("--help",)
    _, out, _ = terminal("--help")
    for shown in ("The law", "Plans and calendars", "With every command", "The day a duty falls due.", "--demo"):
        assert shown in out


def test_the_version(terminal: Terminal) -> None:
    """Ours, Python's and Prefect's: what somebody who is to help wants to know."""
    code, out, _ = terminal("--version")
    assert (0, True, True) == (code, out.startswith("safeguarding 0."), "Prefect 3." in out)


# --------------------------------------------------------------------------- the settings and the files


def test_a_setting_that_is_none(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named as it is set, with what it says; as data too."""
    monkeypatch.setenv("SAFEGUARDING_PREFECT_PORT", "four thousand")
    code, _, err = terminal("list")
    assert (1, True) == (code, err.startswith("1 setting cannot be used:\n  SAFEGUARDING_PREFECT_PORT: "))
    assert "(it says: four thousand)" in err
    assert "settings-invalid" == terminal.data("due", "C05", "2026-11-27")["error"]


def test_a_partnership_that_is_wrong(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command names every fault of the file, and not only the command that checks it."""
    broken = terminal.home / "ours.yaml"
    broken.write_text("name: Ours\npeople: []\nagencies: []\nquorum: {agree: 7}\n")
    monkeypatch.setenv("SAFEGUARDING_CONFIG", str(broken))
    for asked in ("due C05 2026-11-27", "list"):
        code, _, err = terminal(*asked.split())
        assert 1 == code
        assert all(f"ours.yaml: {key}" in err for key in ("people", "agencies", "quorum.agree", "ladder", "choices"))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"postgresql://unit:s3cret@127.0.0.1:{free_port()}/record", "Start the database, or mend"),
        ("mysql://unit:s3cret@host/record", "SAFEGUARDING_DATABASE_URL names mysql."),
        ("our:s3cret:database", "is no address that can be read."),
        ("postgresql://unit:s3cret@127.0.0.1:abc/record", "is no address that can be read."),
        ("postgresql://unit:s3cret@127.0.0.1/record?port=abc", "SAFEGUARDING_DATABASE_URL"),
        ("postgresql://unit:s3cret@127.0.0.1/record?colour=blue", "SAFEGUARDING_DATABASE_URL"),
    ],
    ids=[
        "nobody answers",
        "another kind",
        "no address",
        "a port of letters",
        "the same as a setting",
        "a strange setting",
    ],
)
def test_a_database_that_is_down_or_none(
    address: str, words: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which address, without its password, and what to do."""
    monkeypatch.setenv("SAFEGUARDING_DATABASE_URL", address)
    code, out, err = terminal("list")
    assert (1, "", True, False) == (code, out, words in err, "s3cret" in err), err
    assert 1 == len(err.splitlines())


def test_a_file_that_is_no_database(terminal: Terminal) -> None:
    """Something else lies where the record should be: which file, and what to do."""
    file = terminal.home / "record.sqlite3"
    file.write_text("This is no record at all, and long enough to be read as one. " * 20)
    code, _, err = terminal("list")
    assert (1, True) == (code, err.startswith(f"The record {file} cannot be used: it is no database. Look whether"))


def test_a_file_that_cannot_be_written(terminal: Terminal) -> None:
    """The folder is not there: which file, and why."""
    there = terminal.home / "nowhere" / "plan.svg"
    code, _, err = terminal("plan", "--rule", "C05", "--from", "2026-11-27", "--svg", str(there))
    assert (1, True, True) == (code, "nowhere" in err, "cannot be read or written: No such file" in err), err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"s\x00u\x00", "line 1: is UTF-16 without a mark that says so"),
        (b"\n\nsummary: O\x92Brien\n", "line 3: is not UTF-8: it looks like Windows-1252"),
        (b"{", "line 1: is not YAML that can be read"),
        (b"summary: one\nsummary: two\n", "line 2: the key 'summary' is given twice"),
        (b'{"summary": "one", "summary": "two"}', "'summary' is given twice"),
        (b"track: adults\nsummary: hurt in flat #4\n", "line 2: what follows the # would be left out"),
        (b"summary: Police: said so\n", "line 1: has a second colon"),
        (b"\tsummary: x\n", "line 1: begins with a tab"),
        (b"summary: a\x07b\n", "line 1: holds a control character"),
        (b"summary: !!python/object:os.system x\n", "line 1: has a tag"),
        (b"? [a, b]\n: c\n", "line 1: a key must be a word"),
        (b"a: &x [1]\nb: *y\n", "line 2: '*y' repeats itself or nothing"),
        (b"- a\n- b\n", "must hold the answers by the name of each question"),
        (b"a: " + b"[" * 5000, "line 1: stands inside other values, more than 20 deep"),
        (b"a: [" + b"1," * 5000 + b"]", "holds more than 1,000 values"),
        (b"summary: " + b"x" * 5_000_000, "is larger than 1,000,000 bytes"),
    ],
)
def test_a_form_that_is_no_form(content: bytes, words: str, terminal: Terminal) -> None:
    """Which line, and what to do; what is written there is not lost in silence, and nothing is made of half of it."""
    form = terminal.home / "form.yaml"
    form.write_bytes(content)
    code, _, err = terminal("open", "--form", str(form), "--as", "alex_example")
    assert (1, True, True) == (code, err.startswith(f"The form {form} "), words in err), err
    assert 1 == len(err.splitlines())
    assert [] == terminal.data("list")


def test_a_form_as_people_write_it(terminal: Terminal) -> None:
    """A mark at its beginning, Windows' line ends, comments on their own lines, a # in quotes, a bare number."""
    form = terminal.home / "form.yaml"
    lines = (
        "\ufefftrack: adults",
        "# who told us",
        "referred_by: family",
        "received_on: 2026-11-02",
        "concern: learning request",
        "summary: 'hurt in flat #4'  # as told",
    )
    form.write_bytes("\r\n".join(lines).encode())
    assert 0 == terminal("open", "--form", str(form), "--as", "alex_example")[0]
    assert "hurt in flat #4" in terminal("show", "SAR-2026-001", "--unseal")[1]
    form.write_bytes("\n".join([*lines[:-1], "summary: 12345"]).encode())
    assert 0 == terminal("open", "--form", str(form), "--as", "alex_example")[0]
    assert "summary: 12345" in terminal("show", "SAR-2026-002", "--unseal")[1]


@pytest.mark.parametrize(("said", "kept"), [("no", "no"), ("yes", "yes"), ("No", "no"), ("on", None), ("false", "no")])
def test_yes_and_no_without_quotes(said: str, kept: str | None, terminal: Terminal) -> None:
    """YAML would make truth values of them. Where the answers are yes and no they are those; anything else is named."""
    assert 0 == terminal("open", "--form", terminal.form("open_referral"), "--as", "alex_example")[0]
    today = london_date(now())
    form = terminal.home / "aware.json" if said == "false" else terminal.home / "aware.yaml"
    answers = {"aware_on": f"'{today}'", "under_18": "yes", "incident": "serious harm", "looked_after": said}
    answers["care_leaver"] = "no"
    answers["acknowledged_on"] = f"'{today}'"
    text = "\n".join(f"{name}: {value}" for name, value in answers.items())
    if said == "false":
        found = {**answers, "aware_on": str(today), "acknowledged_on": str(today), "looked_after": False}
        text = json.dumps(found)
    form.write_text(text)

    code, _, err = terminal("do", "CSPR-2026-001", "assess_notification", "--form", str(form), "--as", "alex_example")

    if kept is None:
        assert (1, True) == (
            code,
            "Was the child looked after by this local authority?: choose one of the answers offered" in err,
        ), err
        return
    assert (0, "") == (code, err)
    assert kept == terminal.data("show", "CSPR-2026-001")["events"][-1]["facts"]["looked_after"]


def test_a_bare_on_is_the_name_of_a_question(terminal: Terminal) -> None:
    """YAML would make a truth value of it: a meeting is recorded with «on» as it stands in the list of questions."""
    assert 0 == terminal("open", "--form", terminal.form("open_referral"), "--as", "alex_example")[0]
    form = terminal.home / "meeting.yaml"
    form.write_text(f"meeting: review panel meeting\non: {london_date(now())}\n")
    asked = ("do", "CSPR-2026-001", "record_meeting", "--form", str(form), "--as", "alex_example")
    assert 0 == terminal(*asked)[0]


@pytest.mark.parametrize("asked", ["open --form docs/forms/referral.yaml --as alex_example", "up", "simulation"])
@pytest.mark.parametrize("beneath", ["", "/inner/home"])
def test_a_home_that_is_a_file(asked: str, beneath: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting names a file, or a folder inside of one: which setting, and what it must be."""
    file = terminal.home / "letters.txt"
    file.write_text("letters")
    monkeypatch.setenv("SAFEGUARDING_HOME", f"{file}{beneath}")
    code, _, err = terminal(*asked.split())
    assert (1, True) == (code, err.endswith("Set SAFEGUARDING_HOME to a folder.\n")), err
    assert "letters" == file.read_text()


@pytest.mark.parametrize("asked", ["calendar --file", "plan --rule C05 --from 2026-11-27 --svg"])
@pytest.mark.parametrize("where", ["/", "{home}"])
def test_a_folder_where_a_file_is_meant(asked: str, where: str, terminal: Terminal) -> None:
    """Nothing is written beside it, either."""
    assert 0 == terminal("open", "--form", terminal.form("open_referral"), "--as", "alex_example")[0]
    code, _, err = terminal(*asked.split(), where.format(home=terminal.home))
    assert (1, True) == (code, "cannot be read or written: it is a folder." in err), err
    assert [] == list(terminal.home.glob(".*.part"))


@pytest.fixture
def held(terminal: Terminal) -> Iterator[Path]:
    """A record that another program holds for itself alone."""
    assert 0 == terminal("open", "--form", terminal.form("open_referral"), "--as", "alex_example")[0]
    file = terminal.home / "record.sqlite3"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("BEGIN EXCLUSIVE")
    yield file
    other.close()


@pytest.mark.parametrize("asked", ["list", "show CSPR-2026-001", "undelivered --told 1"])
def test_a_record_that_another_program_holds(asked: str, held: Path, terminal: Terminal) -> None:
    """It is waited for for five seconds, and then said: nobody sits before a silent screen for half a minute."""
    begun = time.monotonic()
    code, _, err = terminal(*asked.split())
    assert time.monotonic() - begun < patience(15)
    words = f"The record {held} cannot be used: another program holds it. Do it again in a minute.\n"
    assert (1, words) == (code, err)


def test_a_list_does_not_wait_for_somebody_who_writes(terminal: Terminal) -> None:
    """Another program is half-way through a step: what is there is read at once."""
    assert 0 == terminal("open", "--form", terminal.form("open_referral"), "--as", "alex_example")[0]
    other = sqlite3.connect(terminal.home / "record.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    assert 0 == terminal("list")[0]
    assert time.monotonic() - begun < patience(4)
    other.close()


def test_a_record_that_is_damaged(terminal: Terminal) -> None:
    """A page of noise in the middle of it: what it is and what to do."""
    form = terminal.form("open_referral")
    assert 0 == terminal("open", "--form", form, "--as", "alex_example")[0]
    file = terminal.home / "record.sqlite3"
    held = bytearray(file.read_bytes())
    held[4096:] = b"\x5a" * (len(held) - 4096)
    file.write_bytes(held)
    for beside in terminal.home.glob("record.sqlite3-*"):
        beside.unlink()
    code, _, err = terminal("list")
    assert (1, True) == (code, "it is damaged. Put the record back from its backup." in err), err


@pytest.fixture(params=["the file alone", "its whole folder"])
def not_to_be_written(request: pytest.FixtureRequest, terminal: Terminal) -> Iterator[Path]:
    """A record that may be read and not written, by its modes, and for root, whom they do not hold, by a mount."""
    assert 0 == terminal("open", "--form", terminal.form("open_referral"), "--as", "alex_example")[0]
    file = terminal.home / "record.sqlite3"
    closed = file if request.param == "the file alone" else terminal.home
    modes = {path: path.stat().st_mode for path in (file, closed)}
    mounts = (("--bind", closed, closed), ("-o", "remount,ro,bind", closed)) if os.geteuid() == 0 else ()
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    for asked in mounts:
        subprocess.run(["mount", *asked], check=True)
    try:
        yield file
    finally:
        if mounts:
            subprocess.run(["umount", closed], check=True)
        for path, mode in modes.items():
            path.chmod(mode)


def test_a_record_that_may_not_be_written(not_to_be_written: Path, terminal: Terminal, tmp_path_factory: Any) -> None:
    """What writes says which record it is and what to look at, in one line; where it can be read it still is."""
    form = tmp_path_factory.mktemp("elsewhere") / "referral.json"
    form.write_bytes((terminal.home / "open_referral.json").read_bytes())
    code, shown, _ = terminal("list")
    assert code or "CSPR-2026-001" in shown
    reading = ("list",) if code else ()
    for asked in (f"open --form {form} --as alex_example", "undelivered --told 1", *reading):
        code, _, err = terminal(*asked.split())
        assert (1, True) == (code, err.startswith(f"The record {not_to_be_written} cannot be used: it ")), err
        assert "Look who may" in err and 1 == len(err.splitlines())


# --------------------------------------------------------------------------- who reads, and who stops it


def test_a_reader_that_has_read_enough(tmp_path: Path) -> None:
    """`safeguarding rules list | head -1`: one line, and not a word of complaint."""
    done = subprocess.run(
        ["/bin/sh", "-c", f"{PROGRAM} rules list | head -1"],
        env=surroundings() | {"SAFEGUARDING_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ("Editions in force on", "") == (done.stdout[:20], done.stderr)


def test_control_c(tmp_path: Path) -> None:
    """While it waits for answers that nobody types: it says that it stopped, and ends as the shell expects."""
    waiting = subprocess.Popen(
        [PROGRAM, "open", "--form", "-", "--as", "alex_example"],
        env=surroundings() | {"SAFEGUARDING_HOME": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hears_ctrl_c,
    )
    until = time.monotonic() + 60
    while not (tmp_path / "master.key").exists() and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)
    waiting.send_signal(signal.SIGINT)
    _, err = waiting.communicate(timeout=60)
    assert (130, "Stopped.\n") == (waiting.returncode, err)


# --------------------------------------------------------------------------- what nobody foresaw


def test_what_nobody_foresaw_is_noted_without_a_word_of_what_was_typed(terminal: Terminal) -> None:
    """A record that takes no line: the database's error repeats what was to be written, and neither we nor the note."""
    refuse = "CREATE TRIGGER no_lines BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'no lines today'); END"
    with open_installation(now()) as installation, installation.records.engine.begin() as connection:
        connection.execute(text(refuse))
    form = terminal.form("open_referral", summary=CANARY)

    code, out, err = terminal("open", "--form", form, "--as", "alex_example")

    note = terminal.home / "errors.log"
    assert (70, "", 1) == (code, out, len(err.splitlines()))
    assert err.startswith("Something went wrong that nobody foresaw (IntegrityError at ")
    assert err.endswith(f"It is noted in {note}.\n")
    assert "tasks/record/records.py" in note.read_text()
    assert "Violet" not in note.read_text() + err
    assert "unforeseen" == terminal.data("open", "--form", form, "--as", "alex_example")["error"]


# --------------------------------------------------------------------------- what a question costs


def test_a_question_to_the_law_brings_neither_prefect_nor_the_record() -> None:
    """It is answered in a second because the libraries of everything else stay where they are."""
    heavy = ("prefect", "sqlalchemy", "apprise", "jinja2", "rich", "uvicorn")
    asked = "from flows.cli.main import main; main(['due', 'C05', '2026-11-27'])"
    found = f"import sys; {asked}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", found], capture_output=True, text=True, check=True, env=surroundings())
    assert "[]" == done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    "given", ["unit:s3cret@host", "ftp://unit:s3cret@host/", "host/?password=s3cret", "s3cret@x@host"]
)
def test_a_wrong_address_is_not_said_again_with_its_password(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    """The setting is named and so is what is wrong with it; what may be a password in it is not repeated."""
    monkeypatch.setenv("SAFEGUARDING_PREFECT_ADDRESS", given)
    code, out, err = terminal("list")
    assert (1, True) == (code, "SAFEGUARDING_PREFECT_ADDRESS: " in err)
    assert "s3cret" not in out + err and "host" in err


def test_what_nobody_foresaw_is_noted_in_a_file_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No home folder can be made: a fresh file that only we can read, and none that somebody put there before."""
    (tmp_path / "errors.log").symlink_to(tmp_path / "another's")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "no folder").touch()
    monkeypatch.setenv("SAFEGUARDING_HOME", str(tmp_path / "no folder" / "home"))
    said = faults.complaint(ZeroDivisionError(), Place())
    (made,) = tmp_path.glob("safeguarding-errors-*.log")
    assert (70, True) == (said.exit, str(made) in said.words)
    assert 0o600 == made.stat().st_mode & 0o777
    assert not (tmp_path / "another's").exists()
