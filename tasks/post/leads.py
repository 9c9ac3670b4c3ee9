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


WordingOf = Callable[[str, str], str]
"""The wording of an action that was approved to be shared, for its review's reference and its number; empty if none."""


def unworded(reference: str, action: str) -> str:
    """No wording: a letter that says only where the action is."""
    return ""


def nowhere(reference: str, person: str) -> LeadsTo:
    """A letter that leads nowhere."""
    return LeadsTo()
