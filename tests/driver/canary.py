"""Words that stand for the name of a child, planted wherever a form takes free text, to be looked for afterwards."""

from __future__ import annotations

from typing import Any

from driver.page import Json
from flows.privacy import filling
from flows.privacy.canaries import Known

CANARY = "Nightjarovemi"
"""Fits a reference field too, so that it can be planted everywhere. Prefect names runs after birds: this is none."""
SOUGHT = Known(CANARY, "the page", "a form")
"""What is looked for."""


def planted(sent: Any, drawn: Json, named: Json, words: str = CANARY) -> Any:
    """The same answer with the canary in every field that takes free text, given or not."""
    return filling.planted(sent, drawn, named, words)
