"""
The pages as they run: the record and the partnership's file, the post, what time it is, and by which names they are
reached.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import urlsplit

from config.settings import Settings
from pages import code_letter
from pages.tries import ASKED_AT_MOST, Tries
from safeguarding.dates.london import london_date, now
from safeguarding.errors import NoticeUndeliverable
from safeguarding.law.partnership import Partnership
from safeguarding.law.rulebook import Rulebook
from tasks.post.deliver import Postbox
from tasks.post.letters import Letter
from tasks.record.delivering import OwnPost
from tasks.record.installation import Installation
from tasks.record.records import Records
from tasks.record.registers import KeptRegisters
from tasks.record.searching import OpenWords
from tasks.sharing.making import KeptTaught
from tasks.store import heartbeat
from tasks.store.session import writing

log = logging.getLogger("safeguarding.pages")

PART = "the people's pages"
"""What health calls them."""


class Running:
    """What every page is made from."""

    def __init__(
        self,
        installation: Installation,
        *,
        by_name: bool = False,
        post: Callable[[], Postbox] | None = None,
        clock: Callable[[], datetime] = now,
        tries: Tries | None = None,
        asked: Tries | None = None,
    ) -> None:
        self.installation, self.clock = installation, clock
        self.by_name = by_name and may_sign_in_by_name(installation)
        """Whether the invented people of the demo are offered by their names."""
        self.tries, self.asked = tries or Tries(), asked or Tries(at_most=ASKED_AT_MOST)
        """What failed, and the codes that were asked for and not used, by address on the network."""
        self.open_words = OpenWords()
        """What the record holds openly, as it was read last to be searched."""
        self.registers = KeptRegisters()
        """The registers, as they were read last."""
        self.taught = KeptTaught()
        """What each review taught, as it was read last: no word of it."""
        self._post = post or (lambda: OwnPost(installation.settings))

    @property
    def settings(self) -> Settings:
        """Those of this installation."""
        return self.installation.settings

    @property
    def records(self) -> Records:
        """The record."""
        return self.installation.records

    def today(self) -> date:
        """The day in London."""
        return london_date(self.clock())

    def follow(self) -> None:
        """Use what the partnership's chain says now: its file as it was last taken up, and who is away."""
        self.installation.follow_chain()

    def rulebook(self) -> Rulebook:
        """The rulebook with the partnership as it stands today."""
        return self.installation.rulebook.on(self.today())

    def partnership(self) -> Partnership:
        """The partnership as it stands today."""
        return self.rulebook().partnership

    def read_open_words(self) -> None:
        """Read what the record holds openly, so that nobody who searches waits for that."""
        self.open_words.of(self.records, self.records.list(), self.installation.rulebook)

    @property
    def sends_codes(self) -> bool:
        """Whether a mail server is set, without which no code can leave."""
        try:
            return self._post().mail_url is not None
        except NoticeUndeliverable:
            return False

    def is_there(self) -> None:
        """Note that the pages are there, for whoever watches."""
        with writing(self.records.engine) as connection:
            heartbeat.beat(connection, heartbeat.PAGES, self.clock())

    def is_gone(self) -> None:
        """Note that nobody need wait for the pages: they were ended."""
        with writing(self.records.engine) as connection:
            heartbeat.forget(connection, heartbeat.PAGES)

    def send_code(self, address: str, code: str) -> None:
        """Send a code to a mailbox; where it cannot leave, `safeguarding health` says so."""
        self._send(address, code_letter.letter(code, self.partnership().name), "code")

    def send_locked(self, person: str) -> None:
        """Tell somebody that wrong codes of their authenticator were typed, and none is taken for an hour."""
        self._tell(person, code_letter.LOCKED)

    def send_set_up(self, person: str) -> None:
        """Tell somebody that an authenticator was set up for them."""
        self._tell(person, code_letter.SET_UP)

    def send_removed(self, person: str) -> None:
        """Tell somebody that their authenticator is asked for no more."""
        self._tell(person, code_letter.REMOVED)

    def _tell(self, person: str, words: code_letter.Words) -> None:
        whom = self.partnership().known(person)
        if whom is not None and whom.email:
            self._send(str(whom.email), code_letter.told(words, self.partnership().name), "letter about a sign-in")

    def _send(self, address: str, letter: Letter, what: str) -> None:
        moment = self.clock()
        faults: list[str] = []
        try:
            code_letter.send(self._post(), address, letter, moment)
        except NoticeUndeliverable as fault:
            log.error("A %s could not be sent: %s", what, fault)
            faults.append(f"no {what} was sent: {fault}")
        with writing(self.records.engine) as connection:
            heartbeat.in_trouble(connection, PART, faults, moment)


def may_sign_in_by_name(installation: Installation) -> bool:
    """Only on the demo's record: a simulation, of the partnership that comes with the program and has nobody in it."""
    return installation.records.identity().simulation and installation.rulebook.partnership.example


def hosts_of(settings: Settings, port: int) -> frozenset[str]:
    """The names by which the pages are reached, as a browser has them in its Host header."""
    hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    if settings.pages_address:
        public = urlsplit(settings.pages_address.lower())
        standard = {"https": 443, "http": 80}.get(public.scheme)
        hosts |= {public.netloc, *([f"{public.netloc}:{standard}"] if public.port is None else [])}
    return frozenset(hosts)


def origins_of(settings: Settings, port: int) -> frozenset[str]:
    """The origins of their own forms, as a browser says them."""
    here = {f"http://{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    public = urlsplit((settings.pages_address or "").lower())
    return frozenset(here | ({f"{public.scheme}://{public.netloc}"} if public.netloc else set()))


def is_secure(settings: Settings) -> bool:
    """Whether people come by https alone, so that cookies need never go any other way."""
    return bool(settings.pages_address and settings.pages_address.lower().startswith("https://"))
