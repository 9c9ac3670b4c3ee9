"""
The register of instruments: what a rule's citation takes from it, and the editions that are still held back.

What is true of an instrument, or of an edition nobody has read, stands in one file and not in each rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import Field

from config.reading import M, read_yaml, shown, validated
from safeguarding.errors import Fault
from safeguarding.law.citation import Confidence, Level, TextRead
from safeguarding.values import FromFile, Frozen, Key, Name, Text, Tidy

INSTRUMENTS = "rules/sources/instruments.yaml"
COMING = "rules/sources/coming_editions.yaml"


class Provision(FromFile):
    """One provision of an Act or of regulations that was read: how it is divided, and whom it names."""

    parts: int | None = Field(default=None, ge=0, le=99)
    """How many numbered subsections or paragraphs it has, 0 where it has none; None where that was not noted."""
    owed_by: tuple[Name, ...] = ()
    """Whose duty it is, in the words in which rules name them."""
    to: tuple[Key, ...] = ()
    """To whom it says that something is owed, sent or told."""


class Source(FromFile):
    """An instrument as rules cite it; a citation may say each of these otherwise."""

    instrument: Tidy = Field(min_length=1, max_length=300)
    level: Level
    address: str | None = Field(default=None, pattern=r"^https://")
    since: date | None = None
    since_by: Name | None = None
    restated_by: Name | None = None
    read: TextRead | None = None
    provisions: Mapping[str, Provision] = Field(default_factory=dict)
    """Every provision of it that was read. No other is cited, for nobody knows that it exists or what it says."""


class Coming(FromFile):
    """An edition that is dated and not applied, because its text has not been read."""

    from_day: date = Field(alias="from")
    instrument: Tidy = Field(min_length=1, max_length=300)
    level: Level
    provision: Tidy | None = Field(default=None, max_length=120)
    address: str | None = Field(default=None, pattern=r"^https://")
    day_seen: bool = True
    """False: no day of commencement was seen, and `from` is another day of it."""
    confidence: Confidence = Confidence.K
    read: TextRead | None = None
    note: Text = Field(min_length=1)


class _Instruments(Frozen):
    instruments: Mapping[str, Source]


class _ComingEditions(Frozen):
    coming_editions: Mapping[str, Coming]


class Sources(Frozen):
    """The whole register."""

    instruments: Mapping[str, Source]
    coming: Mapping[str, Coming]

    def provisions_of(self, instrument: str) -> Mapping[str, Provision] | None:
        """Every provision of an instrument that was read, by its name; None of one that the register does not have."""
        known = [one.provisions for one in self.instruments.values() if one.instrument == instrument]
        known += [
            {one.provision: Provision()} if one.provision else {}
            for one in self.coming.values()
            if one.instrument == instrument
        ]
        return {name: one for provisions in known for name, one in provisions.items()} if known else None


def read_sources(folder: Traversable, faults: list[Fault]) -> Sources | None:
    """The register of the folder that holds `rules/`, or None with every fault of its two files added."""
    known = _read(_Instruments, INSTRUMENTS, folder, faults)
    held_back = _read(_ComingEditions, COMING, folder, faults)
    if known is None or held_back is None:
        return None
    return Sources(instruments=known.instruments, coming=held_back.coming_editions)


def _read(model: type[M], file: str, folder: Traversable, faults: list[Fault]) -> M | None:
    return validated(model, read_yaml(folder.joinpath(file), f"config/{file}", faults), f"config/{file}", faults)


def written_out(rule: Any, sources: Sources, name: str, faults: list[Fault]) -> Any:
    """
    A rule's data with each `source` and each name under `coming` replaced by what the register says of it.

    A name that the register does not have is added to the faults, under the key that gives it. What is no rule at all
    is handed on as it is: the types say what is wrong with it.
    """
    if not isinstance(rule, dict) or not isinstance(rule.get("editions"), list):
        return rule
    editions = [_edition(edition, number, sources, name, faults) for number, edition in enumerate(rule["editions"])]
    coming = rule.get("coming", [])
    for asked in coming if isinstance(coming, list) else [coming]:
        if not isinstance(asked, str) or asked not in sources.coming:
            faults.append(Fault(name, "coming", f"'{shown(asked)}' is not one of config/{COMING}"))
        elif any(isinstance(edition, dict) and edition.get("name") == asked for edition in editions):
            faults.append(Fault(name, "coming", f"'{asked}' is among 'editions' too: it is held back or it is not"))
        else:
            editions.append(_held_back(asked, sources.coming[asked]))
    return {**{key: value for key, value in rule.items() if key != "coming"}, "editions": editions}


def _edition(edition: Any, number: int, sources: Sources, name: str, faults: list[Fault]) -> Any:
    if not isinstance(edition, dict) or not isinstance(edition.get("citations"), list):
        return edition
    found = []
    for place, citation in enumerate(edition["citations"]):
        key = citation.get("source") if isinstance(citation, dict) else None
        if key is None:
            found.append(citation)
        elif not isinstance(key, str) or key not in sources.instruments:
            where = f"editions[{shown(edition.get('name', number))}].citations[{place}].source"
            faults.append(Fault(name, where, f"'{shown(key)}' is not one of config/{INSTRUMENTS}"))
            found.append({k: v for k, v in citation.items() if k != "source"})
        else:
            known = sources.instruments[key].model_dump(exclude_none=True, exclude={"provisions"})
            found.append({**known, **{k: v for k, v in citation.items() if k != "source"}})
    return {**edition, "citations": found}


def _held_back(name: str, coming: Coming) -> dict[str, Any]:
    cited = coming.model_dump(include={"instrument", "provision", "address", "level", "confidence", "read"})
    return {
        "name": name,
        "from": coming.from_day,
        "in_force": False,
        "day_seen": coming.day_seen,
        "citations": [{**cited, "sets": ["duty", "time"]}],
        "note": coming.note,
    }
