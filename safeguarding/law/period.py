"""
From when until when: of a person's post, of a role that somebody holds for a time, of an agency, of an absence.

The first and the last day are both included. A side that is not given is open.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from safeguarding.values import FromFile, Key

Id = Key
TrackName = Literal["children", "adults"]
"""A track, as a file calls it."""


class Period(FromFile):
    """Days from a first to a last one, both included; either may be open."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    since: date | None = Field(default=None, alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def _until_follows(self) -> Self:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError("'until' is before 'from'")
        return self

    def holds(self, day: date) -> bool:
        """Whether a day (London) lies in it."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Term(FromFile):
    """A role that somebody holds for a time or on one track: a lead that rotates, a delegate for adults."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    role: Key
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")
    track: TrackName | None = None
    """The track on which the role is theirs; if it is not said, both."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValueError("'to' is before 'from'")
        return self

    def holds(self, day: date | None, track: TrackName | None = None) -> bool:
        """Whether the role is theirs on a day (London) and on a track; of None it is not asked."""
        begun = day is None or self.first is None or self.first <= day
        lasts = day is None or self.last is None or day <= self.last
        return begun and lasts and (track is None or self.track in (None, track))


class Away(FromFile):
    """The days on which somebody is away, first and last included, and who hears in their place."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    cover: Id | None = None
    """Who hears meanwhile; if nobody is named, whoever says `deputy_for` them."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("'to' is before 'from'")
        return self

    def holds(self, day: date) -> bool:
        """Whether they are away on a day (London)."""
        return self.first <= day <= self.last
