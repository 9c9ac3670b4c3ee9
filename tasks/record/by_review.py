"""
What is made of each review by itself, kept until that review moves: after a step one is read again, and not all.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from sqlalchemy import Connection

from safeguarding.law.rulebook import Rulebook
from safeguarding.registers.known import RecordKnown
from tasks.store import queries
from tasks.store.among import if_few
from tasks.store.register_parts import MadeOfParts, read_known

Made = TypeVar("Made")


class MadeUnder(NamedTuple):
    """What all of it was made under: where one of these is another, nothing that was kept stands."""

    rulebook: Rulebook
    today: date
    made_again: str
    """Another one where the tables for querying were made again, which writes no line."""


class KeptByReview(Generic[Made]):
    """Makes something of each review, and keeps it. Only open facts are kept. Safe among threads."""

    def __init__(self, of: Collection[MadeOfParts], make: Callable[[RecordKnown, date], Mapping[str, Made]]) -> None:
        """`make` says by its reference what is made of each review, and nothing of one of which nothing is made."""
        self._of, self._make = of, make
        self._under: MadeUnder | None = None
        self._kept: dict[str, tuple[str, Made | None]] = {}
        """Of each review the hash of the line at which it was read, and what was made of it."""
        self._one_reads = threading.Lock()

    def all(self, connection: Connection, rulebook: Rulebook, today: date) -> dict[str, Made]:
        """What is made of each review as it stands on a day (London), by reference, in the order of opening."""
        heads = queries.heads(connection)
        under = MadeUnder(rulebook, today, queries.how_far(connection).made_again)
        with self._one_reads:
            if self._under is None or not _alike(self._under, under):
                self._under, self._kept = under, {}
            moved = [name for name, head in heads.items() if self._kept.get(name, ("", None))[0] != head]
            if moved:
                made = self._make(read_known(connection, rulebook, self._of, if_few(moved)), today)
                self._kept |= {name: (heads[name], made.get(name)) for name in moved}
            found = ((name, self._kept[name][1]) for name in heads)
            return {name: one for name, one in found if one is not None}


def _alike(one: MadeUnder, other: MadeUnder) -> bool:
    """A rulebook is the same as long as it is the same object: it is taken up anew where anything of it changes."""
    return one.rulebook is other.rulebook and one[1:] == other[1:]
