"""
The people of a partnership: who they are, from when until when, in which roles, for whom they speak and how they hear.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from safeguarding.law.period import Away, Id, Period, Term, TrackName
from safeguarding.mailbox import Mailbox
from safeguarding.values import ID, Key, Name, Sentence

PART_OF_A_SETTING = r"^[A-Za-z0-9_-]+$"
"""How the name of a secret is written: it is part of a setting's name and of a file's."""
SecretName = Annotated[str, StringConstraints(pattern=PART_OF_A_SETTING, max_length=60)]
"""The name under which the environment holds a secret; never the secret."""
Often = Literal["daily", "weekly", "none"]


def _several(given: Any) -> Any:
    """One absence, or a list of them."""
    return [given] if isinstance(given, Mapping | Away) else () if given is None else given


class Person(Period):
    """Somebody who acts in the system, from when until when. The same person may hold several roles."""

    id: Id = Field(pattern=ID, max_length=60)
    name: Name
    formerly: tuple[Name, ...] = ()
    """Names that they had before: says that it is the same person where name and address change at once."""
    email: Mailbox | None = None
    roles: tuple[Key, ...] = Field(min_length=1)
    terms: tuple[Term, ...] = ()
    """Those of their roles that they hold for a time or on one track. In the file they stand among the roles."""
    partner: Id | None = None
    """For a lead, delegated or deputy partner: for which of the partners they speak."""
    agency: Id | None = None
    agencies: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    """Of which agencies they are the lead or the director besides, where one person serves several."""
    teams: SecretName | None = None
    wants: Literal["email", "teams", "both"] = "email"
    deputy_for: Id | None = None
    authority: Sentence = ""
    """How the deputy's authority was recorded, so that it can be shown years later."""
    away: Annotated[tuple[Away, ...], BeforeValidator(_several), Field(max_length=100)] = ()
    """While they are away their cover or their deputy hears in their place, and is told so."""
    digest: Often | None = None
    """How often they have a digest; if it is not said, their role says it."""

    @model_validator(mode="before")
    @classmethod
    def _roles_for_a_time(cls, given: Any) -> Any:
        """A role with its days is a term; its name stands among the roles all the same."""
        roles = given.get("roles") if isinstance(given, Mapping) else None
        if not isinstance(roles, list) or not any(isinstance(role, Mapping) for role in roles):
            return given
        if not all(isinstance(role, Mapping | str) for role in roles):
            raise ValueError("each of the roles is a word, or a role for a time or on one track")
        terms = [role for role in roles if isinstance(role, Mapping)]
        if any(not isinstance(term.get("role"), str) for term in terms):
            raise ValueError(
                "a role for a time or on one track is written {role: lead_partner, from: 2026-04-01, to: 2027-03-31} "
                "or {role: delegated_partner, track: adults}"
            )
        names = dict.fromkeys(role["role"] if isinstance(role, Mapping) else role for role in roles)
        always = {role for role in roles if isinstance(role, str)}
        return {**given, "roles": list(names), "terms": [term for term in terms if term["role"] not in always]}

    def is_away(self, day: date) -> bool:
        """Whether they are marked away on a day (London)."""
        return any(away.holds(day) for away in self.away)

    def roles_on(self, day: date | None, track: TrackName | None = None) -> tuple[str, ...]:
        """The roles that are theirs on a day (London) and on a track; of None it is not asked."""
        if day is not None and not self.holds(day):
            return ()
        limited = {term.role for term in self.terms}
        now = {term.role for term in self.terms if term.holds(day, track)}
        return tuple(role for role in self.roles if role not in limited or role in now)

    def as_on(self, day: date | None, track: TrackName | None) -> Person:
        """The same person with the roles that are theirs then and there; of which of them one track has, is kept."""
        left = () if track is not None else tuple(term for term in self.terms if term.holds(day))
        by_track = any(term.track for term in left)
        terms = tuple(Term(role=term.role, track=term.track) for term in left) if by_track else ()
        return self.model_copy(update={"roles": self.roles_on(day, track), "terms": terms})

    def serves(self, agency: Id) -> bool:
        """Whether they are a lead or a director of this agency."""
        return agency in (self.agency, *self.agencies)
