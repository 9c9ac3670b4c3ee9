"""
Whose partnership it is: its partners, on which track and with or without a vote; how many agree; who decides.

Three kinds are statutory safeguarding partners, whose duty on the children's track is equal and joint; a partnership
may have two of a kind (two councils), and further partners of its own, such as education.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from safeguarding.law.period import Id, TrackName
from safeguarding.values import ID, FromFile, Key, Name, Remembering

TRACKS: tuple[TrackName, ...] = ("children", "adults")
STATUTORY = {
    "local_authority": "Local authority",
    "police": "Police",
    "integrated_care_board": "Integrated care board",
}
"""The three kinds of statutory safeguarding partner, equal in their duty, as a form calls them."""
PARTNERS = tuple(STATUTORY)
"""The ids of the three partners of a partnership that says nothing else."""
PARTNER_ROLES = ("lead_partner", "delegated_partner", "deputy_partner")
"""Who may speak for a partner: its lead, its delegates and their deputies."""
MOST_PARTNERS = 20

Decider = Literal["partners", "independent_chair", "group"]
"""Who decides: the partners together; the independent chair, advised by them; the safeguarding adults review group."""
DECIDING_ROLE: dict[str, str] = {"independent_chair": "independent_chair", "group": "sar_group_chair"}
"""Who signs for a decider other than the partners: the role in the file."""
JOINT = (
    "about a child the statutory safeguarding partners decide together (Children Act 2004 s.16F): their duty is equal "
    "and joint"
)
"""Why a partnership may not decide otherwise about a child."""


class Partner(FromFile):
    """One partner: a statutory one, or a further one that votes or whose position is recorded beside the vote."""

    id: Id = Field(pattern=ID, max_length=30)
    name: Name
    kind: Literal["local_authority", "police", "integrated_care_board", "further"] = "further"
    vote: bool | None = None
    """Whether its position counts. A statutory partner's always does; of a further one it has to be said."""
    tracks: tuple[TrackName, ...] = Field(default=TRACKS, min_length=1)
    """On which tracks it is a partner."""

    @model_validator(mode="before")
    @classmethod
    def _known_by_its_id(cls, given: Any) -> Any:
        """One of the three that is called by its usual id says no more than that."""
        known = given.get("id") if isinstance(given, Mapping) else None
        if not isinstance(known, str) or known not in STATUTORY:
            return given
        return {"kind": known, "name": STATUTORY[known], **given}

    @property
    def statutory(self) -> bool:
        """Whether it is one of the three kinds that the law names."""
        return self.kind != "further"

    @property
    def votes(self) -> bool:
        """Whether its position counts."""
        return self.statutory or bool(self.vote)


class Quorum(FromFile):
    """Which partners must be present, in person or by deputy, for a joint decision, and how many must agree."""

    present: tuple[Key, ...] | None = None
    """Those that must be present; if it is not said, every statutory partner."""
    agree: int | None = Field(default=None, ge=1, le=MOST_PARTNERS)
    """How many must agree; if it is not said, all that have a vote."""


class Quorums(Quorum):
    """The quorum of both tracks, and of one of them where it is another there."""

    children: Quorum | None = None
    adults: Quorum | None = None

    def said_of(self, track: TrackName) -> Quorum:
        """What the file says of a track: its own words, and where it has none those of both."""
        own = getattr(self, track) or Quorum()
        return Quorum(
            present=self.present if own.present is None else own.present,
            agree=self.agree if own.agree is None else own.agree,
        )


class Decides(FromFile):
    """Who decides, by track."""

    children: Decider = "partners"
    adults: Decider = "partners"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a partnership decides on one track: who sits there, who must be there, how many agree, who decides."""

    track: TrackName
    partners: tuple[Partner, ...]
    present: tuple[str, ...]
    agree: int
    decider: Decider = "partners"

    @property
    def voting(self) -> tuple[Partner, ...]:
        """The partners whose position counts."""
        return tuple(partner for partner in self.partners if partner.votes)

    @property
    def usual(self) -> bool:
        """Whether the three partners decide together, and nobody else sits there."""
        return self.decider == "partners" and self.partners == THE_THREE

    def name(self, partner: str) -> str:
        """What a partner is called in a sentence."""
        if partner in STATUTORY and any(one.id == partner and one.name == STATUTORY[partner] for one in self.partners):
            return partner.replace("_", " ")
        return next((one.name for one in self.partners if one.id == partner), partner.replace("_", " "))


def with_the_statutory(given: Sequence[Partner]) -> tuple[Partner, ...]:
    """The partners of the file, and before them each of the three statutory kinds that it does not name."""
    there = {partner.kind for partner in given}
    missing = tuple(partner for partner in THE_THREE if partner.kind not in there)
    if not missing:
        return tuple(given)
    order = {kind: number for number, kind in enumerate((*STATUTORY, "further"))}
    return tuple(sorted((*missing, *given), key=lambda partner: order[partner.kind]))


def arranged(partners: Sequence[Partner], quorum: Quorums, decides: Decides, track: TrackName) -> Arrangement:
    """How these partners decide on a track."""
    here = tuple(partner for partner in partners if track in partner.tracks)
    said = quorum.said_of(track)
    ids = [partner.id for partner in here]
    present = [one.id for one in here if one.statutory] if said.present is None else said.present
    agree = sum(partner.votes for partner in here) if said.agree is None else said.agree
    return Arrangement(track, here, tuple(one for one in ids if one in present), agree, getattr(decides, track))


class WhoDecides(Remembering):
    """The part of a partnership's file that says which reviews it runs, whose it is and who decides."""

    tracks: tuple[TrackName, ...] = Field(default=TRACKS, min_length=1)
    """Which reviews it runs."""
    partners: tuple[Partner, ...] = Field(default=(), max_length=MOST_PARTNERS, validate_default=True)
    """Its partners, the statutory ones first where the file leaves them out."""
    decides: Decides = Decides()
    quorum: Quorums = Quorums()

    @field_validator("partners")
    @classmethod
    def _the_statutory_are_there(cls, given: tuple[Partner, ...]) -> tuple[Partner, ...]:
        """A file names the partners that are not the usual three; those are always there."""
        return with_the_statutory(given)

    @cached_property
    def _ways(self) -> dict[TrackName, Arrangement]:
        return {track: arranged(self.partners, self.quorum, self.decides, track) for track in TRACKS}

    def arrangement(self, track: TrackName) -> Arrangement:
        """How it decides on a track: its partners there, the quorum, and who decides."""
        return self._ways[track]


THE_THREE = tuple(Partner.model_validate({"id": kind}) for kind in STATUTORY)
"""The partners of a partnership that names none."""
