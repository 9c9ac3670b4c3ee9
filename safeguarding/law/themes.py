"""
The themes by which lessons, findings and recommendations are coded: a list of this product, and a partnership's own.

The list is no national instrument: it gathers what reviews in England come back to again and again, so that one
review's learning is found beside another's. A partnership adds its own under `themes` in its file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, StringConstraints

from safeguarding.values import FromFile, Key, Name

THEMES: dict[str, str] = {
    "domestic_abuse": "Domestic abuse",
    "neglect": "Neglect",
    "self_neglect": "Self-neglect",
    "exploitation": "Exploitation",
    "mental_capacity": "Mental capacity",
    "mental_health": "Mental health",
    "substance_misuse": "Alcohol and drugs",
    "information_sharing": "Information sharing",
    "professional_curiosity": "Professional curiosity",
    "escalation": "Challenge and escalation",
    "was_not_brought": "Was not brought",
    "voice": "The voice of the child or the adult",
    "fathers_and_partners": "Working with fathers and partners",
    "transition": "Transition between services",
    "equality": "Race, culture and disability",
    "resource_and_workload": "Resource and workload",
    "other": "Other",
}
"""Each theme that every partnership has, with its words: this product's own list."""
MOST_THEMES = 60
"""Themes of one partnership's own."""
OWN_ID = r"^own\.[a-z][a-z0-9_]*$"
"""How the id of one is written: none is ever that of the list that everybody has."""


class OwnTheme(FromFile):
    """A theme of the partnership's own: its id and how it is spoken of."""

    id: Key = Field(pattern=OWN_ID, max_length=40)
    words: Annotated[Name, StringConstraints(max_length=80)]


def theme_words(theme: str, own: Sequence[OwnTheme]) -> str:
    """A theme in words; one that the file no longer names, by its id."""
    known = next((one.words for one in own if one.id == theme), None)
    return known or THEMES.get(theme) or theme.removeprefix("own.").replace("_", " ").capitalize()
