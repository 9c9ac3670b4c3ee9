"""
What was answered about a new partnership's partners: the usual three, two councils, further ones, and who decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from config.new_partnership.questions import PARTNER_NAMES, PEOPLE
from safeguarding.as_typed import looks, plain_id
from safeguarding.errors import Fault
from safeguarding.law.partners import MOST_PARTNERS
from safeguarding.values import Name

TRACKS = {"children": ("children",), "adults": ("adults",), "both": ("children", "adults")}
APART = re.compile(r"[,;\n]")


@dataclass(frozen=True, slots=True)
class PartnerGiven:
    """A partner that is not one of the usual three: a council of two, or a further one."""

    id: str
    name: str
    kind: str
    vote: bool = True
    tracks: tuple[str, ...] = ()
    """On which track, if on one only."""


def plain(text: str) -> str:
    """Words as they are compared: letters of whatever script and figures alone, whatever the capitals and marks."""
    return " ".join(re.findall(r"(?:[^\W_]|')+", looks(text)))


def by_type(kind: Any) -> Callable[[str], Any]:
    """What makes a value of this kind of words, or raises ValueError in words that follow a question's."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def read(text: str) -> Any:
        try:
            return adapter.validate_python(text)
        except ValidationError as invalid:
            fault = invalid.errors(include_url=False)[0]
            if fault["type"] == "string_too_long":
                raise ValueError(f"is longer than {fault['ctx']['max_length']} letters") from None
            raise ValueError(fault["msg"].removeprefix("Value error, ")) from None

    return read


read_name = by_type(Name)


def read_agree(text: str) -> int:
    """How many of the partners. Raises ValueError."""
    if not re.fullmatch("[0-9]{1,2}", text) or not 1 <= int(text) <= MOST_PARTNERS:
        raise ValueError(f"is no number of partners: 1, 2, 3 and so on, to {MOST_PARTNERS}")
    return int(text)


def read_councils(text: str) -> tuple[str, ...]:
    """The names of one council or several. Raises ValueError."""
    return tuple(read_name(part.strip()) for part in APART.split(text) if part.strip())


_FURTHER = re.compile(r"(?P<name>[^()]+?)\s*\((?P<said>[^()]*)\)")


def read_further(text: str) -> tuple[PartnerGiven, ...]:
    """Partners beside the three, such as `Education (no vote, children)`. Raises ValueError."""
    found = []
    for part in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        one = _FURTHER.fullmatch(part)
        said = {plain(word) for word in one["said"].split(",")} if one else set()
        tracks = tuple(track for track in ("children", "adults") if track in said)
        votes = said & {"vote", "no vote"}
        if one is None or len(votes) != 1 or said - votes - set(tracks):
            raise ValueError(
                "is not written as Education (no vote) or Education (vote, children), with a ; between two"
            )
        name = read_name(one["name"])
        found.append(PartnerGiven(plain_id(name, "partner")[:28], name, "further", "vote" in votes, tracks))
    return each_its_id(found)


DECIDERS = {"partners": "partners", "independent chair": "independent_chair", "review group": "group"}
"""Who may decide about adults, as it is written and as the file has it."""


def read_decides(text: str) -> str:
    """Who decides about adults. Raises ValueError."""
    decider = DECIDERS.get(plain(text).removeprefix("the "))
    if decider is None:
        raise ValueError(f"is none of: {', '.join(DECIDERS)}")
    return decider


_PARTNERS = {plain(words): key for key, words in PARTNER_NAMES.items()} | {"icb": "integrated_care_board"}


def read_partner(text: str, others: Mapping[str, str] | None = None) -> str:
    """Which of the partners somebody speaks for: one of the three, or of others by name. Raises ValueError."""
    known = {**_PARTNERS, **{plain(name): key for key, name in (others or {}).items()}}
    partner = known.get(plain(text))
    if partner is None:
        raise ValueError(f"is none of: {', '.join((*PARTNER_NAMES.values(), *(others or {}).values()))}")
    return partner


OF_NONE = "none"
"""What stands for an agency that is a part of no partner."""


def read_part_of(text: str, others: Mapping[str, str]) -> str:
    """Of which partner an agency is a part, or that it is of none. Raises ValueError."""
    if plain(text) == OF_NONE:
        return OF_NONE
    try:
        return read_partner(text, others)
    except ValueError as wrong:
        raise ValueError(f"{wrong}, {OF_NONE}") from None


def own_councils(names: tuple[str, ...]) -> tuple[PartnerGiven, ...]:
    """Two councils or more, each as a partner; one alone is the local authority."""
    if len(names) < 2:
        return ()
    return each_its_id([PartnerGiven(plain_id(name, "council")[:28], name, "local_authority") for name in names])


def each_its_id(partners: Sequence[PartnerGiven]) -> tuple[PartnerGiven, ...]:
    """The same, with a number at an id that the name of one before it makes too: the names differ all the same."""
    found: list[PartnerGiven] = []
    for one in partners:
        ids, number, wanted = {other.id for other in found}, 1, one.id
        while wanted in ids:
            number += 1
            wanted = f"{one.id[: 27 - len(str(number))]}_{number}"
        found.append(replace(one, id=wanted))
    return tuple(found)


def faults_of_partners(
    partners: tuple[PartnerGiven, ...],
    spoken: set[str | None],
    found: Mapping[str, Any],
    source: str,
    places: Mapping[str, str],
) -> Iterator[Fault]:
    """Partners twice, a council that is spoken for as «local authority» beside one by name, more to agree than vote."""
    names = Counter(plain(one.name) for one in partners)
    twice = [one.name for one in partners if names[plain(one.name)] > 1 or one.id in PARTNER_NAMES]
    for name in dict.fromkeys(twice):
        yield Fault(source, places.get("further", "Further partners"), f"names {name} twice")
    by_name = any(one.kind == "local_authority" for one in partners)
    if by_name and "local_authority" in spoken:
        why = "has «local authority» beside a council by its name: write the council's name for each"
        yield Fault(source, f"People, {PEOPLE[3]}", why)
    tracks, usual = found.get("tracks") or TRACKS["both"], len(PARTNER_NAMES) - by_name
    for track in tracks:
        voting = usual + sum(one.vote and track in (one.tracks or tracks) for one in partners)
        together = track == "children" or (found.get("decides") or "partners") == "partners"
        if together and (found.get("agree") or 1) > voting:
            place = places.get("agree", "how many must agree")
            yield Fault(source, place, f"is {found['agree']}, and {voting} partners have a vote about {track}")
    if (found.get("decides") or "partners") != "partners" and "adults" not in tracks:
        yield Fault(source, places.get("decides", "who decides"), "is asked only where adults are reviewed")
