"""
What the running system depends on goes away and comes back: its record, Prefect's database, the clock. It says so,
and goes on by itself.
"""

import io
import logging
import signal
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from driver.canary import CANARY
from driver.page import Manager, System, free_port
from driver.scaled import Scaled, missing
from driver.speed import patience
from driver.whole import found_by_health, health_of, without_its_ledger
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from config.settings import Settings
from flows.demo.answers import answer, signer
from flows.demo.demo import CaughtPost
from flows.demo.post_catcher import Catcher
from flows.server import server_process
from flows.server.postman import Postman
from flows.server.prefect_health import asked
from safeguarding.dates.london import london_date, now
from safeguarding.stages import STEPS
from tasks.record.health import health
from tasks.record.installation import Installation, open_installation
from tasks.record.sweep_round import in_trouble_since, note_trouble
from tasks.store import heartbeat
from tasks.store.session import writing
from tasks.store.tables import notices

pytestmark = pytest.mark.prefect

HOLD = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
time.sleep(float(sys.argv[2]))
held.execute("ROLLBACK")
"""
"""Another program, that holds a write lock for so many seconds."""


class Talkative(System):
    """A demo whose every log was set to DEBUG, as somebody does who looks for a fault."""

    @property
    def environment(self) -> dict[str, str]:
        """By Prefect's own settings, the root of all loggers among them."""
        of = ("LOGGING", "LOGGING_ROOT", "SERVER_LOGGING", "INTERNAL_LOGGING")
        return super().environment | {f"PREFECT_{one}_LEVEL": "DEBUG" for one in of}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system that nobody else uses."""
    with Talkative(tmp_path_factory.mktemp("away") / "home") as running:
        yield running.start()


def until(met: Any, within: float = 90.0) -> Any:
    """What this gives, once it gives something."""
    end = time.monotonic() + patience(within)
    while time.monotonic() < end:
        try:
            if found := met():
                return found
        except (httpx.HTTPError, AssertionError, StopIteration, KeyError, ValueError):
            pass
        time.sleep(0.2)
    raise AssertionError(f"not within {within:.0f} s")


def test_health_says_what_is_there_and_what_prefect_lacks(own: System) -> None:
    """
    Well: cards by stage, deployments, sweeps planned. A deployment deleted and a card cancelled while nobody can bring
    them back: both are counted, and `health` is well again once they are back.
    """
    with Manager(own) as manager:
        until(lambda: not found_by_health(own))
        code, said = health_of(own)
        assert (0, []) == (code, said["faults"])
        stages: dict[str, int] = {}
        for row in own.installation.records.list(open_only=True):
            stages[row.stage] = stages.get(row.stage, 0) + 1
        assert (stages, stages) == (said["open_stages"], said["prefect"]["cards"])
        there = manager.api.post("/deployments/count", json={}).json()
        assert there == said["prefect"]["deployments"]

        card = manager.card(own.installation.records.list(open_only=True)[0].reference)
        (stage,) = set(card["tags"]) & set(stages)
        with own.doors_held():
            gone = manager.deployment("record_meeting")
            manager.service.delete(f"/deployments/{gone['id']}").raise_for_status()
            manager.service.delete(f"/flow_runs/{card['id']}").raise_for_status()
            code, said = health_of(own)
            lacking = [
                f"{stage.replace('_', ' ')}: {stages[stage] - 1} cards for {stages[stage]} open stages",
                f"1 of Prefect's {there} deployments are gone",
            ]
            assert (1, True) == (code, set(lacking) <= set(said["faults"])), said["faults"]
        until(lambda: not found_by_health(own))
        assert 0 == health_of(own)[0]


def test_at_debug_no_log_has_a_secret_or_a_word_of_a_form(own: System) -> None:
    """
    Forms are sent and taken with every log at DEBUG. In what the system prints and in its server's log there is neither
    the master key nor what its processes say, as it is or as it goes over the line, nor what was typed; a login stands
    nowhere but in the line that shows the demo's.
    """
    with Manager(own) as manager:
        manager.answer(manager.referred(summary=f"Somebody said: {CANARY}"), "assess_notification")
    logs = {file: file.read_bytes() for file in (own.log, own.prefect / "server.log")}
    assert all(b" DEBUG prefect" in said for said in logs.values()), "nothing is proved of logs that say little"
    kept = [(own.home / name).read_text().strip() for name in ("master.key", "service.login")]
    secrets = [*kept, *own.service[1:], *(b64encode(one.encode()).decode() for one in kept), CANARY]
    secrets.append(b64encode((own.home / "demo-login").read_bytes().strip()).decode())
    found = [(file.name, word[:8]) for file, said in logs.items() for word in secrets if word.encode() in said]
    assert [] == found
    shown = [line for said in logs.values() for line in said.decode().splitlines() if own.login[1] in line]
    assert all(line.startswith("  Login: ") for line in shown), shown


def test_a_clock_that_went_back_is_said(own: System) -> None:
    """The last sweep lies in 2029: `health` says so with exit code 1, and the system sweeps all the same."""
    engine = own.installation.records.engine
    with writing(engine) as connection:
        heartbeat.beat(connection, heartbeat.SWEEP, now() + timedelta(days=800), "0 rungs")

    code, said = health_of(own)

    assert (1, True) == (code, "the clock of this machine went back" in said["faults"][0])
    until(lambda: not health(engine, now()).faults, 150)


def test_the_record_held_for_forty_seconds_stops_nobody(own: System) -> None:
    """
    Another program holds a write lock for longer than anybody waits: the doors, the postman and the sweep are there
    afterwards, and what was owed meanwhile leaves.
    """
    subprocess.run([sys.executable, "-c", HOLD, str(own.home / "record.sqlite3"), "40"], check=True)
    with Manager(own) as manager:
        before = Catcher(own.home / "caught").caught
        reference = manager.opened_elsewhere()
        until(lambda: manager.card(reference))
        manager.answer(reference, "assess_notification")
        assert "COMPLETED" == manager.sweep()["state"]["type"]
        until(lambda: Catcher(own.home / "caught").caught != before)


def test_prefects_database_is_emptied_under_the_running_system(own: System) -> None:
    """Its server dies and its file is gone: pool, deployments and every card are there again, without a start."""
    with Manager(own) as manager:
        wanted = sorted(row.reference for row in own.installation.records.list(open_only=True))
        own.kill_server()
        for file in own.prefect.glob("prefect.db*"):
            file.unlink()
        until(lambda: [manager.card(reference) for reference in wanted], 150)
        reference = manager.opened_elsewhere()
        until(lambda: manager.card(reference))
        manager.answer(reference, "assess_notification")


def test_prefects_database_is_damaged_under_the_running_system(own: System) -> None:
    """Its server dies and its file is rubbish: it is set aside without a start, and every card is there again."""
    wanted = sorted(row.reference for row in own.installation.records.list(open_only=True))
    own.kill_server()
    for end in ("-wal", "-shm"):
        (own.prefect / f"prefect.db{end}").unlink(missing_ok=True)
    with (own.prefect / "prefect.db").open("r+b") as file:
        file.write(b"rubbish!" * 2048)
    with Manager(own) as manager:
        until(lambda: [manager.card(reference) for reference in wanted], 150)
    set_aside_now = [one for one in own.prefect.glob("prefect.db.damaged-*") if one.suffix != ".toml"]
    assert set_aside_now
    for one in set_aside_now:
        one.unlink()
    # The sweep that could not be kept while the server was away is told of until the next one has gone well.
    with Manager(own) as manager:
        manager.sweep()
    until(lambda: not found_by_health(own), 60)


def test_a_sweep_that_could_not_do_everything_is_not_the_last_of_its_quarter(own: System) -> None:
    """What was in its way may be gone a moment later: another is asked for, and `health` is well again."""
    note_trouble(own.installation, "the sweep", ["a disk was full"], now())
    until(lambda: in_trouble_since(own.installation, "the sweep") is None, 150)


def test_a_server_that_does_not_answer_is_a_fault(tmp_path: Path) -> None:
    """Once something of the record was put into it; before that another's may answer at this port."""
    settings = Settings(home=tmp_path, partnership=None, database_url=None, prefect_port=free_port())
    assert ("Prefect's server does not answer: no card can be opened",) == asked(settings, {"decision": 1}, 27).faults
    assert () == asked(settings, {"decision": 1}, None).faults


SILENT = """
import http.server, sys
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Health).serve_forever()
"""


class Answers(server_process.Server):
    """A server that says it is well, and nothing else."""

    process: subprocess.Popen[bytes]

    def start(self) -> None:
        """In the place of Prefect's."""
        self.process = self._process = subprocess.Popen([sys.executable, "-c", SILENT, str(self.port)])


def test_a_server_that_lives_and_answers_nobody_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a question that keeps its one loop busy: ended, and another answers."""
    for name, seconds in (("LOOK_AT_SERVER_EVERY", 0.1), ("ASK_SERVER_EVERY", 0.2), ("SILENT_FOR", 3.0)):
        monkeypatch.setattr(server_process, name, seconds)
    server = Answers(tmp_path, free_port(), {})
    server.start()
    first, watching = server.process, threading.Thread(target=server.watch)
    try:
        until(server.healthy)
        watching.start()
        first.send_signal(signal.SIGSTOP)
        until(lambda: first.poll() is not None and server.healthy())
    finally:
        server.stop()
        watching.join()


def test_a_damaged_database_of_prefects_is_set_aside_at_start(own: System) -> None:
    """
    Rubbish in the file: said in words, kept under a dated name, and every card comes back. A review that cannot be
    drawn has none: «Ready» counts both, says that there is not one for each, and names it.
    """
    wanted = len(own.installation.records.list(open_only=True))
    own.stop()
    began, broken = own.log.stat().st_size, "CSPR-2026-999"
    (own.prefect / "prefect.db").write_bytes(b"rubbish" * 5000)
    for end in ("-wal", "-shm"):
        (own.prefect / f"prefect.db{end}").unlink(missing_ok=True)

    with without_its_ledger(own, own.installation.records.list(open_only=True)[0].reference, broken):
        own.start()

    until(lambda: f"  cannot be kept: {broken}" in own.log.read_bytes()[began:].decode(), 5)
    said = own.log.read_bytes()[began:].decode()
    assert "Prefect's database was damaged" in said and "may be deleted" in said
    assert f"Ready: {wanted + 1} open stages and {wanted} cards, NOT one for each, at " in said
    assert 1 == len(list(own.prefect.glob("prefect.db.damaged-*")))
    with Manager(own) as manager:
        assert wanted == len(manager.runs("card"))


# --------------------------------------------------------------------------- the postman by himself


class Office:
    """A record of its own with its post caught; `go_away` takes its database away, `come_back` brings it back."""

    def __init__(self, installation: Installation, catcher: Catcher, go_away: Any, come_back: Any) -> None:
        self.installation, self.post = installation, CaughtPost(catcher)
        self.go_away, self.come_back = go_away, come_back


@pytest.fixture
def with_a_table_that_goes(tmp_path: Path) -> Iterator[Office]:
    """On SQLite, which has no server to lose: a table is renamed."""

    def rename(old: str, new: str) -> None:
        with installation.records.engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    settings = Settings(home=tmp_path / "home", partnership=None, database_url=None)
    with open_installation(now(), settings, simulation=True) as installation, Catcher(tmp_path / "caught") as catcher:
        away = ("notices", "notices_away")
        yield Office(installation, catcher, lambda: rename(*away), lambda: rename(*reversed(away)))


@pytest.fixture
def with_a_server_that_dies(tmp_path: Path) -> Iterator[Office]:
    """On PostgreSQL, whose server is killed as by a loss of power and started again."""
    if lacking := missing():
        pytest.skip(f"this machine lacks {lacking} (Debian's packages postgresql and redis-server)")
    # Not in pytest's own folder, which is closed to the user that the databases run as.
    with (
        tempfile.TemporaryDirectory(prefix="record-away-", ignore_cleanup_errors=True) as folder,
        Scaled(Path(folder), simulation=True) as parts,
    ):
        parts.databases()
        with parts.installation as installation, Catcher(tmp_path / "caught") as catcher:
            yield Office(installation, catcher, parts.kill_postgresql, parts.postgresql_again)


@pytest.mark.parametrize(
    "database",
    ["with_a_table_that_goes", pytest.param("with_a_server_that_dies", marks=pytest.mark.scale)],
)
def test_the_postman_outlives_a_record_that_is_away(database: str, request: pytest.FixtureRequest) -> None:
    """
    A table cannot be read for a while, or PostgreSQL is killed and comes back: he says so once, goes on, and what was
    owed meanwhile leaves. While he is away `health` says when he was last heard of.
    """
    office: Office = request.getfixturevalue(database)
    installation, post = office.installation, office.post
    engine = installation.records.engine
    postman = Postman(installation, post, every=0.2, alarm_after=1.0)
    heard = io.StringIO()
    handler, log = logging.StreamHandler(heard), logging.getLogger("safeguarding.postman")
    log.addHandler(handler)
    postman.start()
    try:
        until(lambda: any("postman" in name for name in _beats(engine)), 20)
        office.go_away()
        until(lambda: post.catcher.letters(), 30)
        time.sleep(1)
        alarm = post.catcher.letters()
        assert 1 == len(alarm), "the business manager is told once, past the record"
        assert "cannot be used" in alarm[0].read_text()
        office.come_back()
        until(lambda: _answers(engine), 30)
        raw = answer("open_referral", None, london_date(now()))
        installation.records.open(raw, signer(STEPS["open_referral"].by), now())
        until(lambda: sum(post.catcher.caught) > 1, 30)
        given_up = [line for line in heard.getvalue().splitlines() if "A round of the postman was given up" in line]
        # A server that dies may cut a round off, which is another fault than finding none: each of both is said once.
        most = 2 if database == "with_a_server_that_dies" else 1
        assert 1 <= len(given_up) == len(set(given_up)) <= most
        late = health(engine, now() + timedelta(hours=2)).faults
        assert any("the postman last finished a round" in fault for fault in late)
        with writing(engine) as connection:
            connection.execute(update(notices).values(status="withdrawn"))
    finally:
        postman.stop()
        log.removeHandler(handler)
    assert not any("postman" in fault for fault in health(engine, now() + timedelta(hours=2)).faults)


def _answers(engine: Any) -> bool:
    try:
        return bool(_beats(engine))
    except OperationalError:
        return False


def _beats(engine: Any) -> list[str]:
    with engine.connect() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT name FROM heartbeats")]
