"""
What the law is today, and what this partnership chose: read, checked as one, and handed over as a Rulebook.

Whatever is wrong is found at once and named by file and key; nothing is half loaded.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from config import bank_holidays
from config.checks import faults_in
from config.citations import faults_of_citations
from config.lines import with_lines
from config.partnership_files import packed, partnership_of, read_partnership, unpacked
from config.reading import read_yaml, validated
from config.sources import Sources, read_sources, written_out
from safeguarding.errors import Fault, RulebookInvalid
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
    folder = files("config") if folder is None else folder
    name = f"config/{EXAMPLE}" if partnership is None else str(partnership)
    theirs = folder.joinpath(EXAMPLE) if partnership is None else partnership
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
    return _loaded(theirs, name, files("config"), own if own.is_file() else None)


def _loaded(theirs_from: Traversable, name: str, folder: Traversable, own: Traversable | None) -> Rulebook:
    faults: list[Fault] = []
    shipped = folder.joinpath(bank_holidays.FILE)
    calendar = bank_holidays.of_this_installation(shipped, f"config/{bank_holidays.FILE}", own, faults)
    sources = read_sources(folder, faults)
    placed = [] if sources is None else _statutory_rules(folder, sources, faults)
    theirs = read_partnership(theirs_from, name, faults)
    chosen_by, local = partnership_of(theirs, faults)
    placed += local
    if sources is not None:  # Without it there are no rules of the law, and each local one would be blamed for that.
        faults += [theirs.in_its_file(fault) for fault in faults_in(placed, chosen_by, name, calendar)]
        faults += faults_of_citations(placed)
    if faults or calendar is None or chosen_by is None:
        raise RulebookInvalid(with_lines(list(dict.fromkeys(faults)), lambda file: _opened(file, folder)))
    rules = tuple(chosen(rule, chosen_by.choices) for _, rule in placed)
    return Rulebook(rules=rules, calendar=calendar, partnership=chosen_by)


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
