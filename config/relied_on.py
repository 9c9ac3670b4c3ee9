"""
The steps that the program itself relies on: shipped under every partnership's own list, and changed in length alone.

Without them an action's day, a deferral or an agency's report would be asked for and then forgotten by everybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from config.reading import read_yaml, validated
from safeguarding.dates.counting import UNCOUNTED
from safeguarding.errors import Fault
from safeguarding.law.rule import Rule

FILE = "rules/relied_on/steps.yaml"
OF_THE_PROGRAM = f"config/{FILE}"
"""Their file, as a fault calls it."""
BY_THE_PROGRAM = (
    *("name", "track", "starts", "counts_from", "settled_by", "per_subject", "track_only", "no_later_than"),
    "outlives_closing",
)
"""What of such a step is the program's own, whatever a partnership's file says."""


@dataclass(frozen=True, slots=True)
class ReliedOn:
    """Each of these steps as its file has it, and as a rule, by its id."""

    written: Mapping[str, Mapping[str, Any]]
    rules: Mapping[str, Rule]

    def filled_up(self, entry: Any) -> Any:
        """An entry of a partnership's list that names one by its id, with what it leaves out; any other as it is."""
        known = self.written.get(entry["id"]) if isinstance(entry, dict) and isinstance(entry.get("id"), str) else None
        return entry if known is None else {**known, **entry}

    def bent_by(self, rule: Rule, file: str) -> Iterator[Fault]:
        """What a partnership's entry says otherwise of such a step than the program relies on."""
        known = self.rules.get(rule.id)
        if known is None:
            return
        for key in BY_THE_PROGRAM:
            theirs, ours = getattr(rule, key), getattr(known, key)
            if theirs != ours:
                yield _fault(file, rule, key, _said(theirs), _said(ours))
        if missing := [name for name in known.ends if name not in rule.ends]:
            yield _fault(file, rule, "ends", _said(rule.ends), f"at least {_said(tuple(missing))} too")
        for part in ("kind", "direction"):
            theirs, ours = getattr(rule.counts, part), getattr(known.counts, part)
            if theirs is not ours:
                yield _fault(file, rule, f"counts.{part}", theirs.value, ours.value)
        if (rule.counts.unit in UNCOUNTED) is not (known.counts.unit in UNCOUNTED):
            yield _fault(file, rule, "counts.unit", rule.counts.unit.value, known.counts.unit.value)

    def beside(self, local: list[tuple[str, Rule]]) -> list[tuple[str, Rule]]:
        """
        A partnership's own steps with those of the program that its list does not name, which come first.

        Where a step under another id has the name of one of them, that one is called otherwise: both are there.
        """
        named, called = {rule.id for _, rule in local}, {rule.name for _, rule in local}
        ours = [rule for rule in self.rules.values() if rule.id not in named]
        ours = [r.model_copy(update={"name": f"{r.name}_relied_on"}) if r.name in called else r for r in ours]
        return [*((OF_THE_PROGRAM, rule) for rule in ours), *local]


def _fault(file: str, rule: Rule, key: str, theirs: str, ours: str) -> Fault:
    return Fault(
        file,
        f"local[{rule.id}].{key}",
        f"is {theirs}; the program relies on {ours}. Of this step its editions (the length and its source), its words "
        "and its owner are yours: leave the rest out. For another step use another id",
    )


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "nothing"
    return "nothing" if value is None else f"'{value}'" if isinstance(value, str) else "yes" if value else "no"


def read_relied_on(folder: Traversable, faults: list[Fault]) -> ReliedOn:
    """The program's own steps, from the folder that holds `rules/`; what is wrong with the file becomes a fault."""
    name = OF_THE_PROGRAM
    data = read_yaml(folder.joinpath(FILE), name, faults) or {}
    written = {entry["id"]: entry for entry in data.get("local", [])}
    rules = {key: validated(Rule, entry, name, faults, f"local[{key}]") for key, entry in written.items()}
    return ReliedOn(written, {key: rule for key, rule in rules.items() if rule is not None})
