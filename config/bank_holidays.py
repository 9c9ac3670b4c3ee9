"""
The government's own list of bank holidays, taken in by the partnership beside the one that is shipped.

It lies in the partnership's folder, in `calendars/`, and outlives an upgrade. Of it and the shipped one the later
holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator

from config.reading import read_json, validated
from safeguarding.as_typed import one_line
from safeguarding.dates.working_days import Calendar
from safeguarding.errors import Fault
from safeguarding.values import Name

FILE = "calendars/england-and-wales.json"
"""Where a list lies, in the program and in a partnership's folder."""
DIVISION = "england-and-wales"
EACH_YEAR = 8
"""Holidays that every year has: New Year, two at Easter, two in May, one in August, two at Christmas."""
MOST_A_YEAR = 14
"""More than were ever proclaimed in one."""
LONGEST_NAME = 200
"""Letters of a holiday's name; the longest so far has fifty."""


class _Event(BaseModel):
    """One holiday as the government writes it; what else it says (`notes`, `bunting`) is not needed."""

    model_config = ConfigDict(extra="ignore")

    title: Name = Field(max_length=LONGEST_NAME)
    day: date = Field(alias="date")

    @field_validator("day", mode="before")
    @classmethod
    def _a_day_as_iso(cls, given: Any) -> Any:
        """Only 2026-12-18: of a number, or of 01/02/2026, another day could be made."""
        try:
            return datetime.strptime(given, "%Y-%m-%d").date()  # noqa: DTZ007  a day, no moment
        except (TypeError, ValueError):
            raise ValueError("give a date, such as 2026-12-18") from None


class _Division(BaseModel):
    """One part of the United Kingdom, with its holidays."""

    model_config = ConfigDict(extra="ignore")

    division: str = DIVISION
    events: list[_Event] = Field(min_length=1, max_length=5000)


@dataclass(frozen=True, slots=True)
class ListsCompared:
    """What another list changes among the days that both reach: holidays by their day. And what it reaches beyond."""

    new: Mapping[date, str]
    taken_away: Mapping[date, str]
    before: Calendar
    after: Calendar

    @classmethod
    def between(cls, before: Calendar, after: Calendar) -> Self:
        """What `after` has and `before` has not, and the other way about."""
        return cls(
            {
                d: name
                for d, name in after.holidays.items()
                if d not in before.holidays and before.first <= d <= before.last
            },
            {d: name for d, name in before.holidays.items() if d not in after.holidays},
            before,
            after,
        )


def shipped_list(folder: Traversable, faults: list[Fault]) -> Calendar | None:
    """The list that the program brings, from the folder that holds `calendars/`."""
    name = f"config/{FILE}"
    return validated(Calendar, read_json(folder.joinpath(FILE), name, faults), name, faults)


def of_this_installation(ours: Calendar | None, own: Traversable | None, faults: list[Fault]) -> Calendar | None:
    """The list that counts here: of the program's and the partnership's own, where it has one, the later."""
    if own is None:
        return ours
    # What was kept with the record is no file on a disk, and has no path to be named by.
    place = str(own) if isinstance(own, Path) else FILE
    theirs = validated(Calendar, read_json(own, place, faults), place, faults)
    if ours is None or theirs is None:
        return None
    return theirs if theirs.taken_on >= ours.taken_on else ours


def own_list(partnership: Path | None) -> Path | None:
    """The list of a partnership's own, where it has one."""
    own = None if partnership is None else own_file(partnership)
    return own if own is not None and own.exists() else None


def own_file(partnership: Path) -> Path:
    """Where the list of a partnership's own lies, by its folder or by the one file that holds all of it."""
    return (partnership.parent if partnership.is_file() else partnership) / FILE


def official(
    file: Path, before: Calendar, today: date, faults: list[Fault], notes: list[str] | None = None
) -> Calendar | None:
    """
    The list in force with the government's in the place of the years that the government's has; None with its faults.

    It is the file of GOV.UK, of all parts of the United Kingdom or of England and Wales alone. Of a year that is
    counted already and of which the file has too few, its days are added and none is taken away: said in `notes`.
    """
    name = str(file)
    data = read_json(file, name, faults)
    if data is None:
        return None
    if "events" not in data:
        if DIVISION not in data:
            faults.append(Fault(name, "(file)", f"is not GOV.UK's list of bank holidays: it has no '{DIVISION}'"))
            return None
        data = data[DIVISION] if isinstance(data[DIVISION], dict) else {"events": data[DIVISION]}
    division = validated(_Division, data, name, faults, DIVISION)
    if division is None:
        return None
    found = _wrong(division, before)
    faults += [Fault(name, DIVISION, words) for words in found]
    if notes is not None:
        in_part = years_in_part([event.day for event in division.events], before)
        notes += [
            f"Of {year} the file has fewer than the {EACH_YEAR} holidays of a year: they are added, and none is "
            "taken away."
            for year in sorted(in_part)
        ]
    return None if found else _joined(before, division, today)


def with_one_more(before: Calendar, day: date, name: str, today: date) -> Calendar:
    """The list in force with a holiday that was proclaimed. Raises ValueError for a day that it does not reach."""
    if not before.first <= day <= before.last:
        raise ValueError(
            f"the list runs from {before.first} to {before.last}: import the government's, which is longer"
        )
    if day in before.holidays:
        raise ValueError(f"{day} is in the list already: {before.holidays[day]}")
    try:
        kept = one_line(name)
    except ValueError as sign:
        raise ValueError(f"the name of the holiday {sign}") from None
    if not 0 < len(kept) <= LONGEST_NAME:
        raise ValueError(f"give the name of the holiday, of 1 to {LONGEST_NAME} letters")
    return _taken(before, {**before.holidays, day: kept}, before.first, before.last, today)


def _wrong(division: _Division, before: Calendar) -> list[str]:
    days = [event.day for event in division.events]
    found = [f"{day} stands in it {count} times" for day, count in sorted(Counter(days).items()) if count > 1]
    if division.division != DIVISION:
        found.append(f"is the list of '{division.division}': reviews here count by that of England and Wales")
    if min(days).year > before.last.year + 1:
        found.append(f"begins in {min(days).year}: the years from {before.last.year + 1} to then would be missing")
    a_year = Counter(day.year for day in days)
    in_part = years_in_part(days, before)
    for year in range(min(days).year, min(max(days).year, min(days).year + 100) + 1):
        if year not in in_part and not EACH_YEAR <= a_year[year] <= MOST_A_YEAR:
            found.append(
                f"has {a_year[year]} of {year}, and a year has {EACH_YEAR} or a few more: a year is taken in whole"
            )
    if max(days).year - min(days).year > 100:
        found.append(f"runs from {min(days).year} to {max(days).year}, which no list of the government's does")
    return found


def years_in_part(days: Iterable[date], before: Calendar) -> set[int]:
    """The years that are counted already and of which these are too few to be all: an excerpt, and no list of them."""
    a_year = Counter(day.year for day in days)
    ours = range(before.first.year, before.last.year + 1)
    return {year for year in ours if 0 < a_year[year] < EACH_YEAR and any(day.year == year for day in before.holidays)}


def _joined(before: Calendar, division: _Division, today: date) -> Calendar:
    first, last = (limit(event.day.year for event in division.events) for limit in (min, max))
    in_part = years_in_part([event.day for event in division.events], before)
    kept = {d: name for d, name in before.holidays.items() if not first <= d.year <= last or d.year in in_part}
    given = {event.day: " ".join(event.title.split()) for event in division.events}
    begins, ends = min(before.first, date(first, 1, 1)), max(before.last, date(last, 12, 31))
    return _taken(before, {**kept, **given}, begins, ends, today)


def _taken(before: Calendar, holidays: dict[date, str], first: date, last: date, today: date) -> Calendar:
    return Calendar(
        name=before.name,
        source="GOV.UK, bank holidays, England and Wales: taken in by the partnership.",
        taken_on=max(today, before.taken_on),
        first=first,
        last=last,
        holidays=dict(sorted(holidays.items())),
    )
