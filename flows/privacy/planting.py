"""What whoever plants canaries has at hand: the running system, its record, the words, and how far it may go."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flows.demo.answers import signer
from flows.privacy.canaries import Canaries
from flows.privacy.filling import as_offered, filled, planted, sealed
from flows.privacy.running_system import Json, RunningSystem
from safeguarding.dates.london import london_date, now
from safeguarding.review.review import Review
from safeguarding.stages import STEPS
from tasks.record.installation import Installation

STRANGER = "CSPR-1999-999"
"""A reference that no review has: what names it is refused before a line is written."""
NEVER = "2099-01-05"
"""A day so far ahead that every step refuses it."""
BROKEN = "\ud83d"
"""Half of a cut emoji, which no database can keep."""
TOO_LONG, FAR_TOO_LONG = 25_000, 2_100_000
"""Signs: more than a question takes, and more than the front reads of a form."""


@dataclass(slots=True)
class Planting:
    """One planting. `whole`: the record is an invented one, so reviews may be opened and answers accepted."""

    installation: Installation
    system: RunningSystem
    canaries: Canaries
    folder: Path
    """Where the files lie that are handed to commands; it is gone before the search."""
    whole: bool
    left_out: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    """Whether nothing more is to be planted: somebody pressed Ctrl-C."""

    @property
    def today(self) -> date:
        """The day it is in London."""
        return london_date(now())

    def read(self, reference: str) -> Review:
        """A review as it stands."""
        return self.installation.records.read(reference)

    def everywhere(self, deployment: Json, step: str, word: str, reference: str | None, **changes: Any) -> Json:
        """The parameters of a short form with the word in every question that takes free text, but the reference."""
        drawn = deployment["parameter_openapi_schema"]
        given = {**filled(step, None, self.today), "reference": reference}
        asked, named = drawn["properties"]["form"], drawn["definitions"]
        said = planted(as_offered(given, asked, named), asked, named, word)
        return {**said, **({"reference": reference} if reference else {}), **changes}

    def in_the_sealed(self, step: str, review: Review | None, door: str, way: str, **changes: Any) -> Json:
        """The answers to a step with a canary in all that the record seals, if its form asks for such text."""
        word = self.canaries.new(door, way)
        given = sealed(STEPS[step].form, filled(step, review, self.today, **changes), word)
        if word not in str(given):
            self.canaries.forget(word)
        return {name: value for name, value in given.items() if name != "signed_by"}

    def as_signed(self, step: str, review: Review | None, door: str, way: str, **changes: Any) -> Json:
        """
        The same, signed as minuted.

        The reference of the minute is a canary of its own: the record keeps it openly, and nobody else may.
        """
        given = self.in_the_sealed(step, review, door, way, **changes)
        minute = self.canaries.new(door, f"{way}, the reference of the minute", kept_openly=True)
        return {**given, "signed_by": signs(step), "attested": "minuted", "minute_reference": minute}


def signs(step: str) -> str:
    """Somebody of the invented partnership who may take a step."""
    return signer(STEPS[step].by).person
