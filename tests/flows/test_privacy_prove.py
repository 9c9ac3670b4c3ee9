"""
`safeguarding privacy prove`: on the demo, on PostgreSQL, beside a real record; that it finds a real leak, and that it
leaves nothing behind.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import pytest
from driver.page import Manager, System, free_port, surroundings
from driver.scaled import Scaled, missing
from driver.speed import patience

from config.settings import Settings
from flows.demo.answers import answer, signer
from flows.privacy import cards, checks, commands, people_pages, prove, report, requests
from flows.privacy.canaries import Canaries, Canary, Known
from flows.privacy.files import search_files, under
from flows.privacy.prove import Proof
from flows.privacy.running_system import NothingRuns, RunningSystem
from safeguarding.dates.london import london_date, now
from safeguarding.review.events import Attestation
from safeguarding.stages import STEPS
from tasks.record.installation import Installation

COMMAND = Path(sys.executable).with_name("safeguarding")
DOORS = {"short forms", "form check", "requests", "cards", "commands and their files", "the people's pages"}


# --------------------------------------------------------------------------- what the search sees


@pytest.mark.parametrize(
    "written",
    [
        "{}",
        '{{"note": "{}"}}',
        pytest.param(str.upper, id="capitals"),
        pytest.param(str.lower, id="small letters"),
        pytest.param(lambda word: b64encode(f"a{word} and more".encode()).decode(), id="base64"),
        pytest.param(lambda word: b64encode(f"of {word}".encode()).decode(), id="base64, elsewhere"),
        pytest.param(lambda word: b64encode(f"said {word}.".lower().encode()).decode(), id="base64 of small letters"),
        pytest.param(lambda word: "".join(f"%{ord(one):02X}" for one in word), id="each letter as in an address"),
        pytest.param(lambda word: quote(f"a name {word}"), id="an address"),
        pytest.param(lambda word: "".join(f"\\u{ord(one):04x}" for one in word), id="each letter as in JSON"),
        pytest.param(lambda word: "\\x" + word.encode().hex(), id="hex"),
        pytest.param(lambda word: word.encode("utf-16-be").decode("latin-1"), id="two bytes each"),
    ],
)
def test_a_canary_is_known_in_every_spelling(written: Any) -> None:
    """And it is that one canary, not another of the same proof."""
    canaries = Canaries()
    words = [canaries.new("a door", f"way {number}") for number in range(50)]
    said = written.format(words[7]) if isinstance(written, str) else written(words[7])

    assert ["way 7"] == [one.way for one in canaries.within(b"before " + said.encode("latin-1") + b" after")]
    assert [] == canaries.within(b"nothing of the kind")


def test_a_canary_whose_end_was_cut_off_is_found(tmp_path: Path) -> None:
    """A column may be shorter than what was typed; and a word may lie across the pieces in which a file is read."""
    canaries = Canaries()
    word = canaries.new("a door", "a way")
    assert ["the end of the word was cut off"] == [one.way for one in canaries.within(word[:-1].encode())]

    (tmp_path / "large").write_bytes(b"x" * (16 * 2**20 - 3) + word.encode())
    looked = search_files(under([tmp_path]), "a folder", Known(word, "a door", "a way"), None)

    assert [Canary(word, "a door", "a way")] == [trace.canary for trace in looked.traces]


def test_where_nothing_runs_it_says_what_to_do(tmp_path: Path) -> None:
    """A record that is there, and no server."""
    set_up = {"SAFEGUARDING_HOME": str(tmp_path), "SAFEGUARDING_PREFECT_PORT": str(free_port())}
    subprocess.run([COMMAND, "simulation"], env=surroundings() | set_up, check=True, capture_output=True)

    said = asked(set_up)

    assert (1, "") == (said.returncode, said.stdout)
    assert "no server answers" in said.stderr and "Start it" in said.stderr
    assert "Traceback" not in said.stderr


def asked(settings: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """The command, to its end."""
    command = [str(COMMAND), "privacy", "prove", *words]
    return subprocess.run(command, env=surroundings() | settings, capture_output=True, text=True, check=False)


# --------------------------------------------------------------------------- on the demo, SQLite


@pytest.mark.prefect
def test_beside_the_demo_the_whole_is_proved(system: System, manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Every door, also answers that are accepted; nothing is found, and nothing of it stays but two closed reviews.

    Commands that are refused are proved beside the real record.
    """
    forget_prefect(monkeypatch)
    monkeypatch.setattr(commands, "plant", lambda _: None)
    before = {run["id"] for run in manager.runs(states=ANY)}

    proof = proved(system.installation)

    found = report.as_data(proof)
    assert proof.holds, "\n".join(report.words(proof))
    assert ([], [], []) == (found["found"], found["blind"], found["not_taken_away"])
    assert found["whole"] and {*DOORS, "on purpose"} == set(found["doors"])
    assert found["doors"]["short forms"]["ways"] > 60 and found["sealed"] > 15
    assert found["doors"]["the people's pages"]["ways"] > 12
    assert 8 == len(found["on_purpose"]) and [] == found["left_out"]
    new = [row for row in system.installation.records.list() if row.reference in found["taken_away"]["reviews"]]
    assert 2 == len(new) and not any(row.open for row in new)
    by = set()
    for row in new:
        told = system.installation.records.events(row.reference, unseal=True)
        by |= {event.actor.attestation for event in told}
        assert found["stem"] not in str([event.sealed for event in told])
        assert [] == manager.runs(row.reference, states=ANY)
    assert Attestation.BY_NAME in by, "no form of the people's pages was taken"
    left = [run for run in manager.runs(states=ANY) if run["id"] not in before and "sweep" not in run["name"].lower()]
    assert [] == [run["name"] for run in left if not {"card", "duty"} & set(run["tags"])]


ANY = ("SCHEDULED", "PENDING", "RUNNING", "PAUSED", "CANCELLING", "COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def begun_since(manager: Manager, earlier: set[str]) -> list[Any]:
    """The forms that were sent since."""
    return [run for run in manager.runs("form", states=ANY) if run["id"] not in earlier]


@pytest.mark.prefect
def test_stopped_half_way_it_takes_away_what_it_planted(system: System, manager: Manager) -> None:
    """Told to end, as by Ctrl-C, while canaries are planted: its runs and files are gone, its reviews closed."""
    opened = len(system.installation.records.list())
    earlier = {run["id"] for run in manager.runs("form", states=ANY)}
    files = len(list(Path(tempfile.gettempdir()).glob("safeguarding-privacy-*")))
    process = subprocess.Popen(
        [COMMAND, "privacy", "prove"],
        env=surroundings() | system.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + patience(60)
    while len(begun := begun_since(manager, earlier)) < 15 and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=patience(120))

    assert 15 <= len(begun) and (130, "Stopped.") == (process.returncode, err.strip())
    assert files == len(list(Path(tempfile.gettempdir()).glob("safeguarding-privacy-*")))
    assert not {run["id"] for run in begun} & {run["id"] for run in manager.runs("form", states=ANY)}
    assert [] == [row.reference for row in system.installation.records.list()[opened:] if row.open]
    assert [] == [path.name for path in system.home.rglob("leak-on-purpose*")]


# --------------------------------------------------------------------------- a real record on PostgreSQL, a real leak


class Up(System):
    """`safeguarding up` on a real record, with the login that is kept before; `postgresql` has the databases."""

    login = ("unit", "a long login for the test")

    def __init__(self, home: Path, postgresql: Scaled) -> None:
        super().__init__(home, simulation=False)
        self._postgresql = postgresql

    @property
    def words(self) -> Sequence[str]:
        """What the command is asked."""
        return ("up",)

    @property
    def environment(self) -> dict[str, str]:
        """What an operator sets."""
        return super().environment | {
            "SAFEGUARDING_DATABASE_URL": self._postgresql.database("record"),
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": self._postgresql.database("prefect").replace(
                "://", "+asyncpg://"
            ),
        }

    @cached_property
    def settings(self) -> Settings:
        """The same as a process of the tests has them."""
        url = self._postgresql.database("record")
        return Settings(home=self.home, partnership=None, database_url=url, prefect_port=self.port)

    def start(self) -> Self:
        """With a login and a record, begun by this process."""
        environment, login = surroundings() | self.environment, ":".join(self.login)
        assert self.installation.records.list() is not None
        subprocess.run([COMMAND, "login"], env=environment, input=login, text=True, check=True, capture_output=True)
        return super().start()


@pytest.fixture(scope="module")
def real() -> Iterator[Up]:
    """A real record with one review, running on Debian's PostgreSQL: the record and Prefect's database both."""
    if lacking := missing():
        pytest.skip(f"this machine lacks {lacking} (Debian's packages postgresql and redis-server)")
    # Not in pytest's own folder, which is closed to the user that the databases run as.
    with tempfile.TemporaryDirectory(prefix="scaled-", ignore_cleanup_errors=True) as folder:
        databases = Scaled(Path(folder))
        databases.databases()
        try:
            with Up(Path(folder) / "home", databases) as running:
                opened(running.installation)
                yield running.start()
        finally:
            databases.stop()


def opened(installation: Installation) -> str:
    """A review opened as the command line does; its reference."""
    raw = answer("open_referral", None, london_date(now()))
    return installation.records.open(raw, signer(STEPS["open_referral"].by), now()).review.reference


def lines(installation: Installation) -> tuple[int, list[str]]:
    """How many lines the ledger has, and the references that were given."""
    records = installation.records
    references = [row.reference for row in records.list()]
    return sum(len(records.events(one)) for one in references), references


@pytest.mark.prefect
@pytest.mark.scale
def test_beside_a_real_record_no_line_is_written_and_no_reference_used(real: Up) -> None:
    """On PostgreSQL. It says what it left out; the next referral has the next reference."""
    before = lines(real.installation)

    said = asked(real.environment, "--json")

    found = json.loads(said.stdout)
    assert (0, [], []) == (said.returncode, found["found"], found["not_taken_away"]), said.stderr
    assert not found["whole"] and DOORS < set(found["doors"])
    assert 2 == len(found["left_out"]) and "--demo" in found["left_out"][0]
    assert 2 == sum("PostgreSQL" in place for place in found["searched"])
    assert 7 == len(found["on_purpose"])
    assert before == lines(real.installation)
    assert opened(real.installation).endswith("-002")


@pytest.mark.prefect
@pytest.mark.scale
def test_a_real_leak_is_found_by_its_door_and_its_place(real: Up, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A form whose run keeps what was typed, as it would with a broken eraser.

    Only short forms are planted: every door is, in the test above.
    """
    forget_prefect(monkeypatch, real)
    monkeypatch.setattr(prove, "GONE_WITHIN", 0.0)
    for other in (commands, checks, requests, people_pages, cards):
        monkeypatch.setattr(other, "plant", lambda _: None)
    kept: list[Canary] = []

    class Watched(Canaries):
        def new(self, door: str, way: str, *, kept_openly: bool = False) -> str:
            word = super().new(door, way, kept_openly=kept_openly)
            if way == "refused: a stranger signs":
                kept.append(Canary(word, door, way))
            return word

    finish_all = prove.finish

    def finish(system: RunningSystem) -> None:
        finish_all(system)
        said = {"parameters": {"form": {"signed_by": kept[0].word}}}
        system.service.patch(f"/flow_runs/{system.runs[-1]}", json=said).raise_for_status()

    monkeypatch.setattr(prove, "Canaries", Watched)
    monkeypatch.setattr(prove, "finish", finish)

    proof = proved(real.installation)

    assert not proof.holds
    in_tables = {(one.canary.named, one.where.split(", ")[0]) for one in proof.traces if ", row " in one.where}
    assert {(kept[0].named, "Prefect's database: flow_run.parameters")} == in_tables
    assert any(kept[0].named in line and "flow_run.parameters, row " in line for line in report.words(proof))
    assert [] == proof.taken.left


def forget_prefect(patch: pytest.MonkeyPatch, told: System | None = None) -> None:
    """Nothing of what another test of this process was told of its server, but what this system's operator sets."""
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        patch.delenv(name)
    for name, value in (told.environment if told else {}).items():
        patch.setenv(name, value)


def proved(installation: Installation) -> Proof:
    """The proof, in this process."""
    return prove.prove(installation, lambda _: nullcontext())


@pytest.mark.prefect
@pytest.mark.scale
def test_another_record_is_not_taken_for_this_one(real: Up, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that runs for somebody else's record is left alone."""
    forget_prefect(monkeypatch, real)
    settings = real.settings.model_copy(update={"home": tmp_path})
    with pytest.raises(NothingRuns, match="another record's system"):
        RunningSystem.of(settings)
