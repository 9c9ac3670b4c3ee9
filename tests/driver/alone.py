"""The people's pages by themselves at a real port, with a clock that the test moves; and people at real browsers."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser

from config.settings import Settings
from driver import page as prefects
from driver.browsing import Browsing
from driver.speed import patience
from driver.visitor import Clock, codes
from flows.demo.demo import CaughtPost
from flows.demo.post_catcher import Catcher
from pages.application import application
from pages.running import Running
from pages.tries import Tries
from safeguarding.law.rulebook import Rulebook
from tasks.record.installation import Installation, open_installation
from tasks.record.records import Records

AT = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
SERVES_WITHIN = 20.0
"""Seconds."""


@dataclass(slots=True)
class People:
    """Everybody of the partnership at a browser of their own, as they are needed."""

    chromium: Browser
    here: str
    rulebook: Rulebook
    size: dict[str, int]
    there: dict[str, Browsing]
    looked_at: set[str]

    def __call__(self, person: str) -> Browsing:
        """Somebody, at the browser at which they were before."""
        if person not in self.there:
            context = self.chromium.new_context(viewport=self.size, locale="en-GB", timezone_id="Europe/London")  # type: ignore[arg-type]
            context.set_default_timeout(patience(20_000))
            known = self.rulebook.partnership.whole.ever(person)
            assert known is not None
            self.there[person] = Browsing(context.new_page(), self.here, known.name, self.looked_at)
        return self.there[person]

    def go_home(self) -> None:
        """Close every browser."""
        for one in self.there.values():
            one.page.context.close()


class Alone(threading.Thread):
    """Real pages at a real port, of a record of its own, with a clock that goes on when the test says so."""

    def __init__(self, folder: Path) -> None:
        super().__init__(name="pages")
        self.folder, self.clock, self.port = folder, Clock(AT), prefects.free_port()
        self.here = f"http://127.0.0.1:{self.port}"
        self.installation: Installation | None = None
        self.server: uvicorn.Server | None = None

    def run(self) -> None:
        """Serve until it is ended. All of it in one thread: a post office needs a loop, and a browser's is here."""
        home = {"home": self.folder / "home", "database_url": None, "partnership": None}
        settings = Settings().model_copy(update=home)
        with Catcher(self.folder / "caught") as caught, open_installation(AT, settings, simulation=True) as opened:
            self.installation, post, tries = opened, CaughtPost(caught), Tries(lambda: 0.0, 10_000)
            running = Running(opened, by_name=True, post=lambda: post, clock=self.clock, tries=tries)
            served = application(running, self.port)
            self.server = uvicorn.Server(uvicorn.Config(served, port=self.port, log_level="warning"))
            self.server.run()

    @property
    def records(self) -> Records:
        """The record behind it."""
        assert self.installation is not None
        return self.installation.records

    def newest(self) -> str:
        """The code of the letter that came last: it leaves when the page is there."""
        give_up = time.monotonic() + patience(SERVES_WITHIN)
        while not (found := codes(self.folder / "caught")) and time.monotonic() < give_up:
            time.sleep(0.05)
        return found[-1][1]
