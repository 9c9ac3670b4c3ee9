"""
What the law is today, and what this partnership chose: read, checked as one, and handed over as a Rulebook.

Whatever is wrong is found at once and named by file and key; nothing is half loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NamedTuple

from config import bank_holidays
from config.bounded_files import bytes_of
from config.checks import faults_in
from config.citations import faults_of_citations
from config.encodings import Unreadable
from config.lengths import lengthened
from config.lines import with_lines
from config.partnership_files import contents, packed, partnership_of, read_partnership, shipped_bodies, unpacked
from config.provisions import faults_of_provisions
from config.reading import read_yaml, validated
from config.relied_on import OF_THE_PROGRAM, ReliedOn, read_relied_on
from config.sources import Sources, read_sources, written_out
from safeguarding.dates.working_days import Calendar
from safeguarding.errors import Fault, RulebookInvalid
from safeguarding.law.giving_way import given_way
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook, chosen

__all__ = ["files_of", "load", "load_kept"]

EXAMPLE = "partnership"


def load(partnership: Path | None = None, *, folder: Traversable | None = None) -> Rulebook:
    """
    The rulebook of a partnership: every statutory duty, its local steps, the bank holidays and its own choices.

    `partnership` is its folder, or one file that holds all of it; without it, that of the invented example. `folder`
    holds `rules/` and `calendars/`, and is this package unless a test says otherwise. Raises RulebookInvalid with
    every fault, each with its file, key and remedy.
    """
    name = f"config/{EXAMPLE}" if partnership is None else str(partnership)
    example = (files("config") if folder is None else folder).joinpath(EXAMPLE)
    theirs = example if partnership is None else partnership
    return _loaded(theirs, name, folder, bank_holidays.own_list(partnership))


def files_of(partnership: Path | None) -> bytes:
    """
    The partnership's own files as they are now, its list of bank holidays among them, to be kept with the record and
    loaded again by `load_kept`.

    Raises Unreadable or OSError where they cannot be read.
    """
    own = bank_holidays.own_list(partnership)
    besides = {} if own is None else {bank_holidays.FILE: own}
    return packed(files("config").joinpath(EXAMPLE) if partnership is None else partnership, besides)


def load_kept(held: bytes, name: str) -> Rulebook:
    """The rulebook of files that were kept with the record, under the law of this program. Raises RulebookInvalid."""
    theirs = unpacked(held)
    own = theirs.joinpath(bank_holidays.FILE)
    return _loaded(theirs, name, None, own if own.is_file() else None)


class _Shipped(NamedTuple):
    """What the program brings, the same for every partnership; and what is wrong with it."""

    calendar: Calendar | None
    sources: Sources | None
    rules: tuple[tuple[str, Rule], ...]
    relied_on: ReliedOn
    bodies: tuple[Mapping[str, Any], ...]
    faults: tuple[Fault, ...]


def _shipped(folder: Traversable) -> _Shipped:
    faults: list[Fault] = []
    calendar = bank_holidays.shipped_list(folder, faults)
    sources = read_sources(folder, faults)
    rules = [] if sources is None else _statutory_rules(folder, sources, faults)
    relied_on, bodies = read_relied_on(folder, faults), shipped_bodies(folder, faults)
    return _Shipped(calendar, sources, tuple(rules), relied_on, bodies, tuple(faults))


@cache
def _shipped_here() -> _Shipped:
    """Read once: the program's own files are what they were until another version of it is started."""
    return _shipped(files("config"))


_Read = tuple[tuple[tuple[str, bytes], ...], bytes | None]
"""Everything that a partnership's files say, by which a rulebook is known again: each by its name, and its own list."""

_KEPT: dict[_Read, Rulebook] = {}
MOST_KEPT = 8
"""Rulebooks; a system has the one in force, and now and then the one that takes its place."""


def _loaded(theirs_from: Traversable, name: str, folder: Traversable | None, own: Traversable | None) -> Rulebook:
    """The rulebook; of files that say what they said before, the one that was made of them then."""
    if folder is not None:
        return _checked(theirs_from, name, _shipped(folder), folder, own)
    said = _said(theirs_from, own)
    if said is not None and (kept := _KEPT.get(said)) is not None:
        return kept
    made = _checked(theirs_from, name, _shipped_here(), files("config"), own)
    if said is not None and said == _said(theirs_from, own):  # Not what somebody saved in between.
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[said] = made
    return made


def _said(theirs_from: Traversable, own: Traversable | None) -> _Read | None:
    """What the files say now; None where they cannot be read, which is a fault to be named."""
    try:
        return contents(theirs_from), None if own is None else bytes_of(own)
    except (Unreadable, OSError):
        return None


def _checked(
    theirs_from: Traversable, name: str, shipped: _Shipped, folder: Traversable, own: Traversable | None
) -> Rulebook:
    faults, sources, placed = list(shipped.faults), shipped.sources, list(shipped.rules)
    calendar = bank_holidays.of_this_installation(shipped.calendar, own, faults)
    theirs = read_partnership(theirs_from, name, faults)
    chosen_by, local = partnership_of(theirs, faults, shipped.relied_on, shipped.bodies)
    not_named = {rule.id for file, rule in local if file == OF_THE_PROGRAM}
    placed += local
    if sources is not None:  # Without it there are no rules of the law, and each local one would be blamed for that.
        faults += [*faults_of_citations(placed), *faults_of_provisions(placed, sources)]
        placed, wrong = lengthened(placed, chosen_by, name)
        faults += [theirs.in_its_file(fault) for fault in wrong]
        faults += [theirs.in_its_file(fault) for fault in faults_in(placed, chosen_by, name, calendar)]
    if faults or calendar is None or chosen_by is None:
        raise RulebookInvalid(with_lines(list(dict.fromkeys(faults)), lambda file: _opened(file, folder)))
    counted, gone = given_way((chosen(rule, chosen_by.choices) for _, rule in placed), not_named)
    return Rulebook(rules=counted, given_way=gone, calendar=calendar, partnership=chosen_by)


def _opened(file: str, folder: Traversable) -> Traversable:
    """The file that a fault names: one of this configuration, or of the partnership."""
    ours = file.removeprefix("config/")
    return Path(file) if ours == file else folder.joinpath(ours)


def _statutory_rules(folder: Traversable, sources: Sources, faults: list[Fault]) -> list[tuple[str, Rule]]:
    placed: list[tuple[str, Rule]] = []
    for track in ("children", "adults"):
        for file in sorted(folder.joinpath("rules", track).iterdir(), key=lambda file: file.name):
            if not file.name.endswith(".yaml"):
                continue
            name = f"config/rules/{track}/{file.name}"
            data = read_yaml(file, name, faults)
            rule = validated(Rule, written_out(data, sources, name, faults), name, faults)
            if rule is not None:
                placed.append((name, rule))
    return sorted(placed, key=lambda pair: pair[1].id)
