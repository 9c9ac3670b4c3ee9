"""The pages as a process: started beside the system, started again when it dies, ended with whoever started it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from driver.page import free_port
from driver.speed import patience

from config.settings import Settings
from flows.privacy.canaries import Needle
from flows.server.one_command import pages_beside
from flows.server.pages_process import REFUSED, PagesProcess
from safeguarding.dates.london import now
from tasks.record.health import STALE_AFTER, health
from tasks.record.installation import Installation
from tasks.store import heartbeat
from tasks.store.session import reading, writing


def until(met: Callable[[], bool], within: float = 30.0) -> bool:
    """Wait until this is so; whether it came to be."""
    give_up = time.monotonic() + patience(within)
    while not met() and time.monotonic() < give_up:
        time.sleep(0.1)
    return met()


def answers(port: int) -> bool:
    """Whether the pages answer there."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/sign-in", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


NAME = "Wrenathorpe"
"""A word of nobody, typed by mistake where a review is looked for."""


@pytest.fixture
def settings(installation: Installation) -> Settings:
    """Those of the told record, with ports of their own."""
    return installation.settings.model_copy(update={"pages_port": free_port()})


def test_the_pages_are_started_again_and_end(settings: Settings, installation: Installation) -> None:
    """Killed, they answer again a moment later; stopped, they are gone, and nobody waits for them."""
    others = children()
    pages = pages_beside(settings, None, demo=False)
    pages.start()
    try:
        assert pages.answers(), pages.log.read_text()

        def said() -> bool:
            with reading(installation.records.engine) as connection:
                return heartbeat.last(connection, heartbeat.PAGES) is not None

        assert until(said)
        (mine,) = children() - others
        os.kill(mine, signal.SIGKILL)
        assert until(lambda: not answers(pages.port))
        assert until(lambda: answers(pages.port))
    finally:
        pages.stop()
    assert not answers(pages.port)
    assert not said()


def children() -> set[int]:
    """The processes that this one started: those of earlier tests too, where one was not waited for."""
    threads = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(one) for thread in threads for one in thread.read_text().split()}


def test_the_pages_end_when_whoever_started_them_is_gone(settings: Settings) -> None:
    """Their standard input ends, however that came about."""
    command = [sys.executable, "-m", "pages", "--port", str(settings.port_of_pages), "--while-stdin-is-open"]
    running = subprocess.Popen(command, env=settings.as_environment(), stdin=subprocess.PIPE)
    try:
        assert until(lambda: answers(settings.port_of_pages))
        assert running.stdin is not None
        running.stdin.close()
        assert 0 == running.wait(patience(20))
    finally:
        running.kill()
        running.wait()


def test_without_a_record_there_are_no_pages(tmp_path: Path) -> None:
    """It is said in one sentence, and no record is made."""
    settings = Settings(home=tmp_path / "none", database_url=None, partnership=None)
    command = [sys.executable, "-m", "pages", "--port", str(free_port())]
    ended = subprocess.run(
        command, env=settings.as_environment(), capture_output=True, text=True, timeout=120, check=False
    )
    assert (REFUSED, "") == (ended.returncode, ended.stdout)
    assert "Traceback" not in ended.stderr
    assert "record" in ended.stderr
    assert not (tmp_path / "none").exists()


def test_a_port_that_is_taken_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program listens there, and goes on listening."""
    monkeypatch.setattr("flows.server.pages_process.STOPS_WITHIN", 0.5)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert PagesProcess(port, "", tmp_path / "pages.log", {}, demo=False).taken()
    assert not PagesProcess(port, "", tmp_path / "pages.log", {}, demo=False).taken()


def test_pages_that_say_nothing_more_are_a_finding(installation: Installation) -> None:
    """Health names them once they have been silent for as long as three sweeps."""
    engine, moment = installation.records.engine, now()
    with writing(engine) as connection:
        heartbeat.beat(connection, heartbeat.PAGES, moment)
    silent = "the people's pages have not said"
    late = moment + STALE_AFTER + timedelta(minutes=1)
    assert [] == [fault for fault in health(engine, moment).faults if silent in fault]
    assert 1 == len([fault for fault in health(engine, late).faults if silent in fault])


def test_the_port_lies_beside_prefects() -> None:
    """Wherever Prefect's page is; and the one that is set goes before."""
    cases = {(4200, None): 4300, (5000, None): 5100, (65500, None): 65400, (4200, 8080): 8080}
    found = {
        asked: Settings(prefect_port=asked[0], pages_port=asked[1], home=Path("x")).port_of_pages for asked in cases
    }
    assert cases == found


def test_what_is_looked_for_is_in_no_log(installation: Installation, tmp_path: Path) -> None:
    """The real process: what it says of what was asked, and every file of the record's folder."""
    port, said = free_port(), tmp_path / "said.log"
    environment = {**os.environ, **installation.settings.as_environment()}
    command = [sys.executable, "-m", "pages", "--port", str(port), "--demo"]
    with said.open("wb") as out:
        running = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        assert until(lambda: answers(port)), said.read_text()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=60) as client:
            sends(client, "/sign-in", "/sign-in/by-name", person="alex_example")
            assert f"found for «{NAME}»" in sends(client, "/reviews", "/reviews", q=NAME).text
            sends(client, "/readings", "/readings", review=NAME)
    finally:
        running.terminate()
        running.wait(60)
    assert not Needle(NAME).within(said.read_bytes())
    home = installation.settings.home
    assert not [one for one in home.rglob("*") if one.is_file() and Needle(NAME).within(one.read_bytes())]


def sends(client: httpx.Client, page: str, path: str, **fields: str) -> httpx.Response:
    """Open a page and send a form of it."""
    token: Any = re.search(r'name="token" value="(\w+)"', client.get(page).text)
    origin = {"origin": str(client.base_url).rstrip("/")}
    return client.post(path, data={"token": token.group(1), **fields}, headers=origin)
