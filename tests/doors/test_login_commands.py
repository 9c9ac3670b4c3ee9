"""The login of the page on the command line: made, shown once, changed, refused; and nothing is served without one."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from driver.page import surroundings
from driver.terminal import PROGRAM, Terminal

from flows.server import login
from flows.server.login import KeptLogin, Login, LoginWeak
from tasks.store.private_files import FilesOpenToOthers

CHOSEN = "unit:grey herons over the estuary"
ASKED, AGAIN = "makes one up): ", "The same again: "
SAMPLE = "PREFECT_SERVER_API_AUTH_STRING"


def command(home: Path, *words: str, typed: str = "", **given: str) -> tuple[int, str]:
    """Run the program in a process of its own, where nobody sits at a terminal: the exit code, and all that it says."""
    environment = surroundings() | {"SAFEGUARDING_HOME": str(home)} | given
    done = subprocess.run([PROGRAM, *words], input=typed, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def from_a_pipe(terminal: Terminal, typed: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """`safeguarding login` in this process, its input a pipe with this in it: the exit code, and all that it says."""
    read, write = os.pipe()
    os.write(write, typed.encode())
    os.close(write)
    with os.fdopen(read) as piped:
        monkeypatch.setattr(sys, "stdin", piped)
        code, said, complained = terminal("login")
    return code, said + complained


def everything_in(home: Path) -> str:
    """All that the home folder holds."""
    return "\n".join(path.read_text(errors="replace") for path in home.rglob("*") if path.is_file())


def test_a_login_is_typed_unseen_and_kept_as_a_proof(terminal: Terminal) -> None:
    """At a real terminal: what was typed is shown nowhere and kept nowhere, and opens the page."""
    code, shown = terminal.seen("login", answering=[(ASKED, f"{CHOSEN}\n"), (AGAIN, f"{CHOSEN}\n")])

    assert (0, True) == (code, "is changed" in shown), shown
    assert "herons" not in shown + everything_in(terminal.home)
    assert KeptLogin(terminal.home).now().opens(CHOSEN)
    assert 0o600 == stat.S_IMODE((terminal.home / "login").stat().st_mode)


def test_enter_makes_one_up_and_shows_it_once(terminal: Terminal) -> None:
    """It is another each time, and only its proof is kept."""
    made = []
    for _ in range(2):
        code, shown = terminal.seen("login", answering=[(ASKED, "\n")])
        assert 0 == code
        made.append(next(word for word in shown.split() if word.startswith("unit:")))
        assert KeptLogin(terminal.home).now().opens(made[-1])
        assert made[-1] not in everything_in(terminal.home)
    assert made[0] != made[1]


def test_two_that_differ_change_nothing(terminal: Terminal) -> None:
    """A slip of the hand locks nobody out."""
    login.keep(terminal.home, CHOSEN)
    code, shown = terminal.seen("login", answering=[(ASKED, f"{CHOSEN}\n"), (AGAIN, f"{CHOSEN}s\n")])
    assert (1, True) == (code, "not the same: nothing was changed" in shown)
    assert KeptLogin(terminal.home).now().opens(CHOSEN)


def test_a_login_is_read_from_a_pipe(tmp_path: Path) -> None:
    """For whoever installs by a script; on the command line itself it would stand in the list of processes."""
    assert 0 == command(tmp_path, "login", typed=f"{CHOSEN}\n")[0]
    assert KeptLogin(tmp_path).now().opens(CHOSEN)
    assert 2 == command(tmp_path, "login", CHOSEN)[0]


@pytest.mark.parametrize("typed", ["", "\n", "  \n"])
def test_nothing_given_changes_nothing(terminal: Terminal, typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its input is empty, as from a timer: the login stays, and no new one is printed into a journal."""
    login.keep(terminal.home, CHOSEN)
    before = (terminal.home / "login").read_bytes()
    code, said = from_a_pipe(terminal, typed, monkeypatch)
    assert (1, True) == (code, "Nothing was given, and nothing was changed" in said), said
    assert before == (terminal.home / "login").read_bytes()


def test_a_weak_login_is_refused_in_a_sentence(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not taken, and each reason in a line of its own."""
    code, said = from_a_pipe(terminal, "unit:a\n", monkeypatch)
    assert (1, True) == (code, said.startswith("This login is not taken:\n  - ")), said
    assert "cannot" not in said.partition("\n")[0]


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ("words without a name", ["it is a name, a colon and the words"]),
        ("unit:short", ["shorter than 16 signs", "repeat a few signs"]),
        ("service:grey herons over the estuary", ["belongs to our own processes"]),
        ("unit:a-long-login-of-your-own", ["stands in our documents"]),
        ("unit:aaaaaaaaaaaaaaaaaaaaaaaa", ["repeat a few signs"]),
        ("unit:grey herons over the estuary €", ["plain letters, numbers and signs only"]),
        (":grey herons over the estuary", ["its name has 1 to 32 letters"]),
        ("u n:aaa€", ["its name has", "plain letters", "shorter than", "repeat"]),
        ("unit:" + "grey heron " * 30, ["longer than 200 signs"]),
    ],
)
def test_a_login_that_can_be_guessed_is_refused(
    terminal: Terminal, given: str, faults: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that is wrong with it at once, and nothing of it repeated; the login before stays."""
    login.keep(terminal.home, CHOSEN)
    code, said = from_a_pipe(terminal, given, monkeypatch)
    assert 1 == code
    assert [] == [fault for fault in faults if fault not in said]
    assert given not in said
    assert "Traceback" not in said
    assert KeptLogin(terminal.home).now().opens(CHOSEN)


def test_what_is_made_up_is_taken_and_long_enough() -> None:
    """Its words have 88 bits; no two are alike."""
    made = {login.invented() for _ in range(200)}
    assert 200 == len(made)
    assert all(Login.of(one).opens(one) for one in list(made)[:3])
    with pytest.raises(LoginWeak):
        Login.of("unit")


# --------------------------------------------------------------------------- nothing is served without one


@pytest.mark.parametrize("words", [("up",), ("server",), ("server", "--no-services")])
def test_nothing_is_served_without_a_login(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Where nobody sits at a terminal none is made, for it would stand in a log: it says how one is made."""
    code, said = command(tmp_path, *words)
    assert (1, True) == (code, "There is no login for the page yet" in said), said
    assert "`safeguarding login`" in said
    assert "Traceback" not in said
    assert not (tmp_path / "login").exists()


def test_a_damaged_login_is_said(tmp_path: Path) -> None:
    """Never what the file holds."""
    (tmp_path / "login").write_text("unit:in clear, by hand\n")
    code, said = command(tmp_path, "server")
    assert (1, True, False) == (code, "cannot be read: make another" in said, "by hand" in said), said


def test_the_first_up_at_a_terminal_shows_its_login_once(terminal: Terminal) -> None:
    """Shown, and never again. It goes no further here: another program has the port of the pages."""
    with socket.create_server(("127.0.0.1", 0)) as another:
        shown = [seen_up(terminal, another.getsockname()[1]) for _ in range(2)]
    assert [True, False] == ["shown this once: unit:" in one for one in shown]
    made = shown[0].partition("shown this once: ")[2].split()[0]
    assert KeptLogin(terminal.home).now().opens(made)
    assert made not in everything_in(terminal.home)


def seen_up(terminal: Terminal, taken: int) -> str:
    """What `safeguarding up` shows at a terminal before it finds that the port of the pages is taken."""
    code, shown = terminal.seen("up", SAFEGUARDING_PAGES_PORT=str(taken))
    assert (1, True) == (code, "Something already answers" in shown), shown
    return shown


def test_where_a_sample_is_refused_no_login_is_made(terminal: Terminal) -> None:
    """It is refused before anything is made or shown: the first start that goes on shows the login."""
    code, shown = terminal.seen("up", **{SAMPLE: "unit:some-long-words"})
    assert (1, True, False) == (code, f"{SAMPLE} is not taken" in shown, "shown this once" in shown), shown
    assert not (terminal.home / "login").exists()


# --------------------------------------------------------------------------- samples


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({SAMPLE: "unit:a-long-login-of-your-own"}, ["does not begin with service:", SAMPLE]),
        ({SAMPLE: "service:replace-this-by-a-long-random-word"}, ["the sample of our own files"]),
        ({SAMPLE: "service:short"}, ["shorter than 24 signs", "repeats a few signs"]),
        (
            {
                "SAFEGUARDING_DATABASE_URL": "postgresql://safeguarding:password@127.0.0.1:5432/record",
                "PREFECT_SERVER_DATABASE_CONNECTION_URL": "postgresql+asyncpg://safeguarding:password@127.0.0.1/p",
                "SAFEGUARDING_SECRET_MAIL_URL": "mailtos://user:password@mail.example.org",
            },
            ["SAFEGUARDING_DATABASE_URL and PREFECT_SERVER_DATABASE_CONNECTION_URL and SAFEGUARDING_SECRET_MAIL_URL"],
        ),
    ],
)
def test_the_samples_of_our_own_files_are_refused(tmp_path: Path, given: dict[str, str], words: list[str]) -> None:
    """At the start of a part, in words, all of them at once; no part runs with a secret that everybody can read."""
    login.keep(tmp_path, CHOSEN)
    code, said = command(tmp_path, "server", "--no-services", **given)
    assert (1, []) == (code, [one for one in words if one not in said]), said
    assert "Traceback" not in said


def test_every_sample_that_is_shipped_is_refused(tmp_path: Path) -> None:
    """`scaled.env` as it stands, whatever is written in it: a part that is started with it says what to change."""
    lines = (Path(__file__).parents[2] / "deployments" / "scaled.env").read_text().splitlines()
    shipped = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    login.keep(tmp_path, CHOSEN)
    code, said = command(tmp_path, "server", "--no-services", **shipped)
    assert (1, True) == (code, "as in the sample file" in said), said
    mine = {name: value.replace(":password@", ":mine@") for name, value in shipped.items()}
    code, said = command(tmp_path, "server", "--no-services", **mine)
    assert (1, True) == (code, "it is the sample of our own files" in said), said


# --------------------------------------------------------------------------- loose files


def test_a_start_closes_what_an_earlier_one_left_open(tmp_path: Path) -> None:
    """Record, write-ahead log, Prefect's database, logs and caught letters: all for their owner alone afterwards."""
    loose = ["record.sqlite3", "record.sqlite3-wal", "prefect/prefect.db", "prefect/server.log", "caught/mail/1.eml"]
    for name in loose:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(0o644)
    theirs = tmp_path / "notes of somebody else.txt"
    theirs.write_text("x")
    theirs.chmod(0o644)
    tmp_path.chmod(0o755)

    command(tmp_path, "server", "--no-services")

    modes = {path: stat.S_IMODE(path.stat().st_mode) & 0o077 for path in [tmp_path, *tmp_path.rglob("*")]}
    assert [theirs] == [path for path, open_to in modes.items() if open_to]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_a_file_of_somebody_else_that_stands_open_stops_the_start() -> None:
    """As another user than its owner: it cannot be closed, and is named."""
    code = (
        "import os, sys; from pathlib import Path; from tasks.store import private_files; os.setuid(65534); "
        "private_files.close(Path(sys.argv[1]))"
    )
    # Not in pytest's own folder, which is closed to everybody but its owner.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "record.sqlite3").write_text("x")
        (Path(folder) / "record.sqlite3").chmod(0o644)
        done = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=False)
    assert FilesOpenToOthers.__name__ in done.stderr, done.stderr
    assert "record.sqlite3" in done.stderr


def test_what_a_command_makes_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Whatever the shell's own mask says."""
    home = tmp_path / "home"
    assert 0 == command(home, "simulation")[0]
    made = [home, *home.rglob("*")]
    assert [] == [path for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert {"record.sqlite3", "master.key"} <= {path.name for path in made}
