"""`safeguarding privacy prove` beside a real record on PostgreSQL; and that it finds a real leak."""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Self

import pytest
from driver.page import System, surroundings
from driver.proving import COMMAND, DOORS, asked, forget_prefect, proved
from driver.scaled import Scaled, missing

from config.settings import Settings
from flows.demo.answers import answer, signer
from flows.privacy import cards, checks, commands, people_pages, prove, report, requests
from flows.privacy.canaries import Canaries, Canary
from flows.privacy.running_system import NothingRuns, RunningSystem
from safeguarding.dates.london import london_date, now
from safeguarding.stages import STEPS
from tasks.record.installation import Installation

pytestmark = [pytest.mark.prefect, pytest.mark.scale]


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


def test_another_record_is_not_taken_for_this_one(real: Up, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that runs for somebody else's record is left alone."""
    forget_prefect(monkeypatch, real)
    settings = real.settings.model_copy(update={"home": tmp_path})
    with pytest.raises(NothingRuns, match="another record's system"):
        RunningSystem.of(settings)
