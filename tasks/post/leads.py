"""
To which addresses a letter leads its reader.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class LeadsTo(NamedTuple):
    """To what a letter leads its reader; each empty where this reader, or any, could not get there."""

    link: str = ""
    """The review's own page."""
    card: str = ""
    """Its card in Prefect."""


Leads = Callable[[str, str], LeadsTo]
"""The addresses for a review's reference and a reader's id."""


def nowhere(reference: str, person: str) -> LeadsTo:
    """A letter that leads nowhere."""
    return LeadsTo()
