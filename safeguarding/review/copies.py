"""
How a copy of a report goes to somebody before it is published.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from safeguarding.review.events import CopySent

HowSent = Literal[
    "not said",
    "by secure e-mail",
    "by post",
    "handed over",
    "read together, no copy left",
    "by a link that ends",
]
NOT_SAID: Literal["not said"] = "not said"


def sent_to(bodies: Iterable[str], what: tuple[str, ...], how: str, on: date) -> tuple[CopySent, ...]:
    """A line of its own for each of those to whom it went; how is empty where it was not said."""
    return tuple(CopySent(to=to, what=what, how="" if how == NOT_SAID else how, on=on) for to in bodies)
