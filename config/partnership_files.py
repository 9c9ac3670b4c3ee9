"""
The partnership's own files: a folder of them, or one file that holds everything.

In a folder every `.yaml` file is read, also in the folders inside it. Each key stands in one of them; only `local`, the
partnership's own dates, may be spread over several.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files as shipped
from importlib.resources.abc import Traversable
from itertools import islice
from typing import Any

from config.bounded_files import bytes_of
from config.deciding import how_it_decides
from config.posts import with_posts
from config.reading import MOST_FAULTS, read_yaml, shown, validated
from config.relied_on import ReliedOn, read_relied_on
from safeguarding.errors import Fault
from safeguarding.law.partners import WhoDecides
from safeguarding.law.partnership import Partnership, Recipient
from safeguarding.law.rule import Rule
from safeguarding.values import FromFile

LOCAL = "local"
RECIPIENTS = "recipients"
BODIES = "rules/recipients/outside.yaml"
"""Where the bodies outside stand that are the same for every partnership."""
MOST_FILES = 200
"""Files of one partnership; the example has twelve."""
DEEPEST = 4
"""Folders inside the folder."""
TRACKS = ("children", "adults", "both")
"""The order of the partnership's own dates: within a track as they stand in their files."""


class Bodies(FromFile):
    """The bodies outside that are shipped with the program."""

    recipients: tuple[Recipient, ...] = ()


@dataclass(frozen=True, slots=True)
class PartnershipFiles:
    """What the files say, before it is checked, and in which of them each key stands."""

    name: str
    """The folder, or the one file."""
    data: Mapping[str, Any] | None
    places: Mapping[str, str] = field(default_factory=dict)
    local: tuple[tuple[str, Any], ...] = ()
    """Each entry under `local`, with the name of its file."""

    def in_its_file(self, fault: Fault) -> Fault:
        """A fault of the partnership under the name of the file that its key stands in."""
        key = fault.key.partition(".")[0].partition("[")[0]
        return fault._replace(file=self.places.get(key, fault.file)) if fault.file == self.name else fault


def read_partnership(source: Traversable, name: str, faults: list[Fault]) -> PartnershipFiles:
    """The files as they are. `name` is what a fault calls the folder or file; what cannot be read becomes a fault."""
    try:
        found = list(islice(_files(source, name), MOST_FILES + 1)) if source.is_dir() else [(name, source)]
    except OSError as error:
        faults.append(Fault(name, "(folder)", f"cannot be read: {error.strerror}"))
        return PartnershipFiles(name, None)
    if not found:
        faults.append(Fault(name, "(folder)", "holds no .yaml file"))
    elif len(found) > MOST_FILES:
        faults.append(Fault(name, "(folder)", f"holds more than {MOST_FILES} .yaml files"))
        return PartnershipFiles(name, None)
    data: dict[str, Any] = {}
    places: dict[str, str] = {}
    local: list[tuple[str, Any]] = []
    broken = not found
    for place, file in found:
        read = read_yaml(file, place, faults)
        broken = broken or read is None
        for key, value in (read or {}).items():
            if not isinstance(key, str):
                faults.append(Fault(place, shown(key), "is not a key that is known here: a key is a word"))
                broken = True
            elif key == LOCAL:
                local += _entries(place, value, faults)
            elif key in data:
                faults.append(Fault(place, key, f"stands in {places[key]} too: each key stands in one file"))
            else:
                data[key], places[key] = value, place
    # Of half a partnership every key that is in the other half would be called missing.
    return PartnershipFiles(name, None if broken else data, places, tuple(local))


def shipped_bodies(folder: Traversable, faults: list[Fault]) -> tuple[Mapping[str, Any], ...]:
    """The bodies outside that every partnership has, as the folder that holds `rules/` names them."""
    name = f"config/{BODIES}"
    read = validated(Bodies, read_yaml(folder.joinpath(*BODIES.split("/")), name, faults), name, faults)
    return tuple(body.model_dump() for body in read.recipients) if read else ()


def with_bodies(data: Mapping[str, Any], shipped: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What the files say, with the bodies that are shipped: an entry of the same id changes what it says of one."""
    given = data.get(RECIPIENTS) or []
    if not isinstance(given, list):
        return data
    usual = {body["id"]: body for body in shipped}
    own = [{**usual.get(str(one.get("id")), {}), **one} if isinstance(one, Mapping) else one for one in given]
    named = {str(one.get("id")) for one in given if isinstance(one, Mapping)}
    return {**data, RECIPIENTS: [*own, *(body for name, body in usual.items() if name not in named)]}


def partnership_of(
    files: PartnershipFiles,
    faults: list[Fault],
    relied_on: ReliedOn | None = None,
    bodies: Sequence[Mapping[str, Any]] | None = None,
) -> tuple[Partnership | None, list[tuple[str, Rule]]]:
    """
    The partnership, or None with its faults added; and its own dates, each with the name of its file.

    Those that the program brings come first, unless the list names them itself. `bodies` are those outside that every
    partnership has.
    """
    relied_on = read_relied_on(shipped("config"), faults) if relied_on is None else relied_on
    bodies = shipped_bodies(shipped("config"), faults) if bodies is None else bodies
    found: list[Fault] = []
    data = None if files.data is None else with_posts(with_bodies(files.data, bodies))
    partnership = validated(Partnership, data, files.name, found)
    found += [Fault(files.name, key, problem) for key, problem in how_it_decides(partnership or _who_decides(files))]
    faults += [files.in_its_file(fault) for fault in found]
    rules: list[tuple[str, Rule]] = []
    wrong = 0
    for number, (place, entry) in enumerate(files.local):
        if wrong >= MOST_FAULTS:
            faults.append(Fault(place, LOCAL, f"{len(files.local) - number} more rules were not looked at"))
            break
        key = entry.get("id", number) if isinstance(entry, dict) else number
        whole = relied_on.filled_up(entry) if entry is not None else ""
        rule = validated(Rule, whole, place, faults, f"{LOCAL}[{shown(key)}]")
        wrong += rule is None
        if rule is not None:
            faults += relied_on.bent_by(rule, place)
            rules.append((place, rule))
    return partnership, relied_on.beside(sorted(rules, key=lambda pair: TRACKS.index(pair[1].track)))


def _who_decides(files: PartnershipFiles) -> WhoDecides:
    """Of files that are wrong elsewhere what they say of who decides, so that its faults are named with the others."""
    said = {key: value for key, value in (files.data or {}).items() if key in WhoDecides.model_fields}
    return validated(WhoDecides, said, files.name, []) or WhoDecides()


def contents(source: Traversable) -> tuple[tuple[str, bytes], ...]:
    """
    Each file by its name, with what it holds; more of them than there may be are not all read.

    Raises Unreadable for a file that cannot be read, and OSError for a folder that cannot.
    """
    found = list(islice(_files(source, ""), MOST_FILES + 1)) if source.is_dir() else [("/partnership.yaml", source)]
    return tuple((name, bytes_of(file)) for name, file in found)


def packed(source: Traversable, besides: Mapping[str, Traversable]) -> bytes:
    """
    The files as they are, and others `besides` by their name, in one zip whose bytes are the same for the same files.

    Raises Unreadable for a file that cannot be read, and OSError for a folder that cannot.
    """
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as files:
        others = ((name, bytes_of(file)) for name, file in besides.items())
        for name, held in (*contents(source)[:MOST_FILES], *others):
            files.writestr(zipfile.ZipInfo(name.removeprefix("/")), held, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def unpacked(held: bytes) -> Traversable:
    """What `packed` has packed, to be read as a folder."""
    return zipfile.Path(zipfile.ZipFile(io.BytesIO(held)))


def _files(folder: Traversable, name: str, depth: int = 0) -> Iterator[tuple[str, Traversable]]:
    if depth > DEEPEST:  # A folder that holds itself by a link.
        return
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _files(entry, f"{name}/{entry.name}", depth + 1)
        elif entry.name.endswith((".yaml", ".yml")):
            yield f"{name}/{entry.name}", entry


def _entries(place: str, value: Any, faults: list[Fault]) -> list[tuple[str, Any]]:
    if isinstance(value, list):
        return [(place, entry) for entry in value]
    if value is not None:
        faults.append(Fault(place, LOCAL, "must be a list of rules, each beginning with '- id: local.…'"))
    return []
