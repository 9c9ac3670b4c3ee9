"""
What the law is today, and what this partnership chose: read, checked as one, and handed over as a Rulebook.

Whatever is wrong is found at once and named by file and key; nothing is half loaded.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from config.checks import faults_in
from config.reading import read_json, read_yaml, validated
from safeguarding.clock import Calendar
from safeguarding.errors import Fault, RulebookInvalid
from safeguarding.partnership import Partnership
from safeguarding.rulebook import Rule, Rulebook, chosen

__all__ = ["load"]

CALENDAR = "calendars/england-and-wales.json"
EXAMPLE = "partnerships/example.yaml"


def load(partnership_file: Path | None = None, *, folder: Traversable | None = None) -> Rulebook:
    """
    The rulebook of a partnership: every statutory duty, its local steps, the bank holidays and its own choices.

    Without a file, that of the invented example. `folder` holds `rules/` and `calendars/`, and is this package
    unless a test says otherwise. Raises RulebookInvalid with every fault, each with its file, key and remedy.
    """
    folder = files("config") if folder is None else folder
    faults: list[Fault] = []
    calendar = _calendar(folder, faults)
    placed = _statutory_rules(folder, faults)
    name = f"config/{EXAMPLE}" if partnership_file is None else str(partnership_file)
    source = folder.joinpath(EXAMPLE) if partnership_file is None else partnership_file
    partnership, local = _partnership(source, name, faults)
    placed += [(name, rule) for rule in local]
    faults += faults_in(placed, partnership, name, calendar)
    if faults or calendar is None or partnership is None:
        raise RulebookInvalid(list(dict.fromkeys(faults)))
    rules = tuple(chosen(rule, partnership.choices) for _, rule in placed)
    return Rulebook(rules=rules, calendar=calendar, partnership=partnership)


def _calendar(folder: Traversable, faults: list[Fault]) -> Calendar | None:
    data = read_json(folder.joinpath(CALENDAR), f"config/{CALENDAR}", faults)
    return validated(Calendar, data, f"config/{CALENDAR}", faults)


def _statutory_rules(folder: Traversable, faults: list[Fault]) -> list[tuple[str, Rule]]:
    placed: list[tuple[str, Rule]] = []
    for track in ("children", "adults"):
        for file in sorted(folder.joinpath("rules", track).iterdir(), key=lambda file: file.name):
            if not file.name.endswith(".yaml"):
                continue
            name = f"config/rules/{track}/{file.name}"
            rule = validated(Rule, read_yaml(file, name, faults), name, faults)
            if rule is not None:
                placed.append((name, rule))
    return sorted(placed, key=lambda pair: pair[1].id)


def _partnership(source: Traversable, name: str, faults: list[Fault]) -> tuple[Partnership | None, list[Rule]]:
    data = read_yaml(source, name, faults)
    if data is None:
        return None, []
    local = data.pop("local", None) or []
    partnership = validated(Partnership, data, name, faults)
    rules: list[Rule] = []
    if not isinstance(local, list):
        faults.append(Fault(name, "local", "must be a list of rules, each beginning with '- id: local.…'"))
        return partnership, rules
    for number, entry in enumerate(local):
        key = entry.get("id", number) if isinstance(entry, dict) else number
        rule = validated(Rule, entry, name, faults, f"local[{key}]")
        if rule is not None:
            rules.append(rule)
    return partnership, rules
