"""The pages on the demo's record, told up to a Monday in November, with a real post office that catches the letters."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from driver.filling import Filler
from driver.shared import made_once
from driver.visitor import PORT, Clock, Visitor, codes

from config.settings import Settings
from flows.demo.demo import CaughtPost, tell_all
from flows.demo.post_catcher import Catcher
from pages.application import application
from pages.guard import Guard
from pages.running import Running
from pages.tries import Tries
from tasks.record.installation import Installation, open_installation

AT = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def told() -> Path:
    """The home of a demo whose twelve reviews were made, once for all who test the pages, to be copied."""
    return made_once("told", _told)


def _told(home: Path) -> None:
    with open_installation(AT, _settings(home), simulation=True) as installation:
        tell_all(installation, AT)


def _settings(home: Path) -> Settings:
    return Settings().model_copy(update={"home": home, "database_url": None, "partnership": None})


@pytest.fixture
def installation(told: Path, tmp_path: Path) -> Iterator[Installation]:
    """A record of its own for each test."""
    shutil.copytree(told, tmp_path / "home")
    with open_installation(AT, _settings(tmp_path / "home"), make=False, take_up=False) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    """The time at the pages."""
    return Clock(AT)


@pytest.fixture
def caught(tmp_path: Path) -> Iterator[Catcher]:
    """The post office."""
    with Catcher(tmp_path / "caught") as catcher:
        yield catcher


@pytest.fixture
def newest(caught: Catcher) -> Callable[[], str]:
    """The code of the letter that came last."""
    return lambda: codes(caught.folder)[-1][1]


@pytest.fixture
def served(installation: Installation, clock: Clock, caught: Catcher) -> Guard:
    """The pages as a partnership has them: nobody is offered by name."""
    running = Running(installation, post=lambda: CaughtPost(caught), clock=clock, tries=Tries(lambda: 0.0, 1000))
    return application(running, PORT)


@pytest.fixture
def visitor(served: Guard) -> Visitor:
    """One browser."""
    return Visitor(served)


@pytest.fixture
def alex(visitor: Visitor, newest: Callable[[], str]) -> Visitor:
    """The business manager, signed in."""
    return visitor.sign_in("alex@exampleshire.example", newest)


@pytest.fixture
def by_name(installation: Installation, clock: Clock) -> Guard:
    """The pages of the demo, which let its invented people in by name."""
    running = Running(installation, by_name=True, clock=clock, tries=Tries(lambda: 0.0, 10_000))
    return application(running, PORT)


@pytest.fixture
def somebody(by_name: Guard) -> Callable[[str], Filler]:
    """Somebody of the demo, signed in on a machine of their own."""

    def signed_in(person: str) -> Filler:
        visitor = Visitor(by_name)
        visitor.get("/sign-in")
        visitor.post("/sign-in/by-name", person=person)
        return Filler(visitor)

    return signed_in


@pytest.fixture
def manager(somebody: Callable[[str], Filler]) -> Filler:
    """The business manager, signed in."""
    return somebody("alex_example")
