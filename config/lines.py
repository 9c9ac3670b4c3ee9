"""
On which line of its file a fault stands. Only where there are faults is a file read for it a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.resources.abc import Traversable

from config import bounded_files
from config.bounded_files import Stands
from config.encodings import Unreadable, letters
from config.reading import shown
from safeguarding.errors import Fault

Path = tuple[str | int, ...]


def with_lines(faults: list[Fault], opened: Callable[[str], Traversable]) -> list[Fault]:
    """The faults, each with the line of its key or of the entry that lacks it. `opened` finds a file by its name."""
    known: dict[str, dict[str, int]] = {}
    for file in {fault.file for fault in faults}:
        try:
            known[file] = _by_key(bounded_files.places_in(letters(bounded_files.bytes_of(opened(file)))))
        except Unreadable:  # Which is a fault itself, and says its line.
            known[file] = {}
    return [fault._replace(line=_line(fault.key, known[fault.file])) for fault in faults]


def _line(key: str, lines: dict[str, int]) -> int:
    """The line of a key; of the longest path to it that is in the file, where it is not."""
    while key and key not in lines:
        key = key[: max(key.rfind("."), key.rfind("["), 0)]
    return lines.get(key, 0)


def _by_key(places: Mapping[Path, Stands]) -> dict[str, int]:
    """The lines by every name that a fault may give to what stands there."""
    names: dict[Path, list[str]] = {(): [""]}
    found: dict[str, int] = {}
    for path, place in places.items():
        *over, part = path
        called = [f"[{name}]" for name in _entry(path, places)] if isinstance(part, int) else [f".{shown(part)}"]
        names[path] = [f"{begins}{ends}".removeprefix(".") for begins in names[tuple(over)] for ends in called]
        for name in names[path]:
            found.setdefault(name, place.line)
    return found


def _entry(path: Path, places: Mapping[Path, Stands]) -> Iterable[str]:
    """What an entry of a list is called: by its id; else by its name, its role or its number."""
    given = {
        key: place.word for key in ("id", "name", "role", "rule") if (place := places.get((*path, key))) and place.word
    }
    if "id" in given:
        return [shown(given["id"])]
    return [shown(word) for word in (*given.values(), path[-1])]
