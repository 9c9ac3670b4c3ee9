"""
What a register is narrowed to: a track, a year or the past twelve months, an agency, a state.

Every filter is a choice among what stands in the register itself; a number is always the length of the list behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from safeguarding.registers.publications import past_12_months
from safeguarding.registers.registers import Register

PAST_12_MONTHS = "past-12-months"
"""What is chosen in place of a year."""
LATE, NOT_LATE = "late", "not-late"
"""What is chosen where a register says whether a row is late."""


class Narrowed(NamedTuple):
    """To what a register is narrowed: nothing where all is wanted."""

    track: str = ""
    when: str = ""
    """A year, or `PAST_12_MONTHS`."""
    agency: str = ""
    state: str = ""
    theme: str = ""
    late: str = ""
    """`LATE` or `NOT_LATE`, where a register says of each row whether it is."""


def narrowed(rows: Sequence[Any], register: Register, to: Narrowed, today: date) -> list[Any]:
    """The rows that fit; «past 12 months» is counted from a day (London)."""
    wanted = {"track": to.track, register.agency: to.agency, register.state: to.state}
    exact: list[tuple[str, str | int]] = [(name, value) for name, value in wanted.items() if name and value]
    if to.when and to.when != PAST_12_MONTHS:
        exact.append(("year", int(to.when)))
    found = [row for row in rows if all(getattr(row, name) == value for name, value in exact)]
    if to.theme and register.themes:
        found = [row for row in found if to.theme in themes_of(row, register)]
    if to.late:
        found = [row for row in found if row.late is (to.late == LATE)]
    if to.when == PAST_12_MONTHS:
        return [row for row in found if past_12_months(getattr(row, register.day), today)]
    return found


def choices(rows: Sequence[Any], name: str) -> list[str]:
    """What there is to choose from in a column, in order; nothing for a register that has no such column."""
    return sorted({str(getattr(row, name)) for row in rows} - {""}) if name else []


def themes_of(row: Any, register: Register) -> list[str]:
    """The themes of a row; none where it has none, or its register has no such column."""
    return [one for one in str(getattr(row, register.themes)).split("; ") if one] if register.themes else []


def themes_offered(rows: Sequence[Any], register: Register) -> list[str]:
    """Each theme that stands in a register, in order."""
    return sorted({theme for row in rows for theme in themes_of(row, register)})


def says_late(register: Register) -> bool:
    """Whether a register says of each row whether it is late."""
    return any(column.name == "late" for column in register.columns)


def fitting(chosen: Narrowed, rows: Sequence[Any], register: Register) -> Narrowed:
    """What was chosen, without anything that there is no choice of: what was typed in its place narrows nothing."""
    offered = {
        "track": choices(rows, "track"),
        "when": [PAST_12_MONTHS, *choices(rows, "year")],
        "agency": choices(rows, register.agency),
        "state": choices(rows, register.state),
        "theme": themes_offered(rows, register),
        "late": [LATE, NOT_LATE] if says_late(register) else [],
    }
    return Narrowed(**{name: value for name in offered if (value := getattr(chosen, name)) in offered[name]})
