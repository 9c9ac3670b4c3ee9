"""
The doorkeeper: whose login it is, quickly for one that is right and ever more slowly for one that is guessed.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from flows.server.guesses import Guesses
from flows.server.login import KeptLogin, Login
from flows.server.permitted import Who
from safeguarding.errors import SafeguardingError

WRONG_REMEMBERED = 256
"""Wrong logins that are known for wrong: a page that goes on asking with an old one makes no new guess."""

WANTED = "The page wants its login, name and words: where it was printed at the first start, or `safeguarding login`."
WRONG = "This is not the login of this page."


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody that is let in: what is said, and the seconds after which a login is looked at again."""

    words: str
    wait: float = 0.0


class Doorkeeper:
    """Knows the login of the page and our own processes'. One login is proved at a time."""

    def __init__(self, kept: KeptLogin, service: str, guesses: Guesses | None = None) -> None:
        self._kept, self._service = kept, service.encode()
        self._guesses = Guesses() if guesses is None else guesses
        self._key = secrets.token_bytes(32)
        self._proved_with: Login | None = None
        self._right: set[bytes] = set()
        self._wrong: OrderedDict[bytes, None] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()

    async def who(self, given: str | None, whence: Sequence[str], *, from_a_page: bool) -> Who | Unknown:
        """Whose login this is. What our own processes say is no login of a page."""
        if given is None:
            return Unknown(WANTED)
        if hmac.compare_digest(given.encode(), self._service):
            return Who.SERVICE if not from_a_page else Unknown(WRONG)
        try:
            kept = self._kept.now()
        except SafeguardingError as missing:
            return Unknown(str(missing))
        mark = self._mark(kept, given)
        if mark in self._right:
            return Who.PERSON
        if mark in self._wrong:
            return Unknown(WRONG, self._guesses.wait(whence))
        async with self._one_at_a_time:
            return await self._proved(kept, given, mark, whence)

    async def _proved(self, kept: Login, given: str, mark: bytes, whence: Sequence[str]) -> Who | Unknown:
        if mark in self._right:  # Several questions of one page came at once.
            return Who.PERSON
        if mark in self._wrong:
            return Unknown(WRONG)
        if wait := self._guesses.wait(whence):
            return Unknown(f"Too many wrong logins: the next one is looked at in {wait:.0f} seconds.", wait)
        if await asyncio.to_thread(kept.opens, given):
            self._right.add(mark)
            self._guesses.right(whence)
            return Who.PERSON
        self._wrong[mark] = None
        if len(self._wrong) > WRONG_REMEMBERED:
            self._wrong.popitem(last=False)
        self._guesses.wrong(whence)
        return Unknown(WRONG, self._guesses.wait(whence))

    def _mark(self, kept: Login, given: str) -> bytes:
        """What a login is known by here, from which nobody finds it again; another when the login was changed."""
        if kept is not self._proved_with:
            self._proved_with = kept
            self._right.clear()
            self._wrong.clear()
        return hashlib.blake2b(given.encode(), key=self._key).digest()
