"""
The base of every value: frozen once made, refusing what it does not know; and moments that say their time zone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment in the ledger must say its time zone")
    return moment


Moment = Annotated[datetime, AfterValidator(_aware)]


class Frozen(BaseModel):
    """A value: never changed once made, and refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
