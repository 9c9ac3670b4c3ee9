"""
Wrong logins slow down whoever sends them: each after the first few has to wait longer than the one before.

Nobody is locked out for ever, and no more is remembered than so many addresses.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

FREE = 5
"""Wrong logins of one address before it has to wait."""
LONGEST_WAIT = 300.0
FORGOTTEN_AFTER = 900.0
"""Seconds."""
REMEMBERED = 1024
"""Addresses at once."""


@dataclass(slots=True)
class _Wrong:
    count: int
    at: float


class Guesses:
    """The wrong logins of each address. `clock` counts seconds from anywhere."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, _Wrong] = OrderedDict()

    def wait(self, addresses: Iterable[str]) -> float:
        """Seconds until any of these addresses may try again; 0 if at once."""
        return max((self._wait_of(one) for one in addresses), default=0.0)

    def wrong(self, addresses: Iterable[str]) -> None:
        """One more wrong login from these addresses."""
        for one in addresses:
            found = self._found(one) or _Wrong(0, 0.0)
            self._wrong[one] = _Wrong(found.count + 1, self._clock())
            self._wrong.move_to_end(one)
        while len(self._wrong) > REMEMBERED:
            self._wrong.popitem(last=False)

    def right(self, addresses: Iterable[str]) -> None:
        """The login came from these addresses: they begin anew."""
        for one in addresses:
            self._wrong.pop(one, None)

    def __len__(self) -> int:
        return len(self._wrong)

    def _found(self, address: str) -> _Wrong | None:
        found = self._wrong.get(address)
        if found is not None and self._clock() - found.at > FORGOTTEN_AFTER:
            del self._wrong[address]
            return None
        return found

    def _wait_of(self, address: str) -> float:
        found = self._found(address)
        if found is None or found.count < FREE:
            return 0.0
        waits = min(LONGEST_WAIT, 2.0 ** min(found.count - FREE, 20))
        return max(0.0, found.at + waits - self._clock())
