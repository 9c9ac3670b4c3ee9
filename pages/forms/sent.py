"""
What a form of a step sent: its boxes, within bounds that hold the longest form there is.
"""

from __future__ import annotations

from fastapi import Request

from pages.forms.typed import Typed
from pages.visits import fields_of

LARGEST = 1_000_000
"""Bytes of one page of a form: several texts of the longest kind, and as much as a proxy before us takes."""
MOST_FIELDS = 1_000
LONGEST_NAME = 120
"""Characters of the name of a box; the longest of ours has sixty."""


async def boxes(request: Request) -> Typed:
    """The boxes that were sent. Raises Stopped for what no form of ours sends."""
    plain = {
        name: [value.replace("\r\n", "\n").replace("\r", "\n") for value in values]
        for name, values in (await fields_of(request, LARGEST, MOST_FIELDS)).items()
        if len(name) <= LONGEST_NAME
    }
    return Typed(plain)
