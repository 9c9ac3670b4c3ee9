"""
Commands about the bank holidays: taking in the government's list, or one day that was proclaimed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from config import bank_holidays
from config.bank_holidays import ListsCompared
from flows.cli import plans
from flows.cli.dates import ReasonNeeded, counted_again
from flows.cli.place import Here, Place
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At, Day, whole_file
from safeguarding.dates.london import london_date, now
from safeguarding.dates.working_days import Calendar, say
from safeguarding.errors import Fault, SafeguardingError
from safeguarding.review.events import Actor

if TYPE_CHECKING:
    from tasks.record.installation import Installation

calendar = App(name="calendar", help=plans.calendar.__doc__)
"""`safeguarding calendar` writes a calendar file; its two commands change the bank holidays by which days count."""
calendar.default(plans.calendar)


class NotTaken(SafeguardingError):
    """A list of bank holidays is not taken in: why."""

    code = "bank-holidays-not-taken"


@calendar.command(name="import")
def take_list(
    file: Path,
    /,
    *,
    accept: bool = False,
    take_away: Annotated[bool, Parameter(name="--take-away")] = False,
    reason: str | None = None,
    person: ActingPerson | None = None,
    at: At = None,
    here: Here,
) -> Said:
    """
    What the government's list of bank holidays would change, and which running dates would move.

    The file is bank-holidays.json as GOV.UK publishes it. It changes nothing until it is accepted; then the list is
    kept in the partnership's folder.

    ```
    safeguarding calendar import bank-holidays.json
    ```

    Parameters
    ----------
    file
        GOV.UK's bank-holidays.json.
    accept
        Take it in and move the dates: the old ones stay in the record, each owner is told.
    take_away
        Also where it lacks holidays that are counted today.
    reason
        Why, in words that are sealed in each review's record.
    person
        Who accepts: the business manager's id.
    at
        Another moment than now; a record marked as a simulation takes it.
    """
    before, faults, notes = here.rulebook.calendar, list[Fault](), list[str]()
    after = bank_holidays.official(file, before, london_date(now()), faults, notes)
    if after is None:
        lines = "\n".join(f"  {fault}" for fault in faults)
        raise NotTaken(f"The bank holidays stay as they are, for of the file is wrong:\n{lines}")
    taken = _taken(before, after, accept, take_away, reason, person, at, here)
    return Said([*notes, *taken.words], taken.data, code=taken.code)


@calendar.command(name="add")
def add_day(
    day: Day,
    name: str,
    /,
    *,
    accept: bool = False,
    reason: str | None = None,
    person: ActingPerson | None = None,
    at: At = None,
    here: Here,
) -> Said:
    """
    Which running dates would move if one more bank holiday were counted, one that was proclaimed.

    ```
    safeguarding calendar add 2026-12-14 'Bank holiday for an occasion of state'
    ```

    Parameters
    ----------
    day
        The day of the holiday.
    name
        Its name.
    accept
        Take it in and move the dates: the old ones stay in the record, each owner is told.
    reason
        Why, in words that are sealed in each review's record.
    person
        Who accepts: the business manager's id.
    at
        Another moment than now; a record marked as a simulation takes it.
    """
    before = here.rulebook.calendar
    try:
        after = bank_holidays.with_one_more(before, day, name, london_date(now()))
    except ValueError as wrong:
        raise NotTaken(f"The bank holidays stay as they are: {wrong}.") from None
    return _taken(before, after, accept, False, reason, person, at, here)


def _taken(
    before: Calendar,
    after: Calendar,
    accept: bool,
    take_away: bool,
    reason: str | None,
    person: str | None,
    at: datetime | None,
    here: Place,
) -> Said:
    """What the list changes and moves; with `accept` it is kept first, so that what cannot be moved can be later."""
    changed = ListsCompared.between(before, after)
    words = _difference(changed)
    data = {
        "new": {day.isoformat(): name for day, name in changed.new.items()},
        "taken_away": {day.isoformat(): name for day, name in changed.taken_away.items()},
        "last": after.last.isoformat(),
        "kept_in": None,
    }
    if after.digest == before.digest:
        return Said(["It holds the bank holidays that are counted already. Nothing would change."], data)
    if accept and changed.taken_away and not take_away:
        raise NotTaken(
            f"The list lacks {len(changed.taken_away)} bank holidays that are counted today: "
            f"{_days(changed.taken_away)}. If that is meant, add --take-away. Nothing was changed."
        )
    own = _own_file(here) if accept else None
    counted = _counted_by(after, here)
    moved = Said(["There is no record yet: no date moves."], {"moves": []})
    if counted is not None:
        moved = counted_again(counted, here=here)
    if own is None:
        ends = [] if moved.data["moves"] else ["Nothing was changed. To take it in: --accept."]
        return Said([*words, *moved.words, *ends], data | moved.data)
    if counted is not None and moved.data["moves"]:
        _may_move(counted, moved.data["moves"], reason, person, counted.at(at, now()))
    own.parent.mkdir(parents=True, exist_ok=True)
    whole_file(own, f"{after.model_dump_json(indent=2)}\n")
    words.append(f"Kept in {own}: it counts from now on.")
    if counted is None or not moved.data["moves"]:
        return Said([*words, *moved.words], data | moved.data | {"kept_in": str(own)})
    moved = counted_again(counted, accept=True, reason=reason, person=person, at=at, here=here)
    return Said([*words, *moved.words], data | moved.data | {"kept_in": str(own)}, code=moved.code)


def _counted_by(after: Calendar, here: Place) -> Installation | None:
    """The record with its dates counted by another list; None where there is no record."""
    from tasks.store.whereabouts import NoRecord, file_of

    url = here.settings.record_url
    file = file_of(url)
    if file is not None and not file.exists():
        return None
    try:
        return here.installation().under(after)
    except NoRecord:
        return None


def _may_move(
    counted: Installation, moves: list[dict[str, str]], reason: str | None, person: str | None, at: datetime
) -> None:
    """Whether this person may move these dates. Raises ReasonNeeded, and NotTaken with every refusal."""
    from tasks.record import recount

    if not reason or not person:
        raise ReasonNeeded
    references = dict.fromkeys(move["reference"] for move in moves)
    actor, raw = Actor(person=person), {"reason": reason}
    refused = {
        reference: counted.records.unmet(reference, recount.STEP, raw, actor, at, None) for reference in references
    }
    if found := [f"{reference}: {'; '.join(unmet)}" for reference, unmet in refused.items() if unmet]:
        raise NotTaken(f"Nothing was changed. {'. '.join(found)}.")


def _own_file(here: Place) -> Path:
    """Where the partnership keeps its list. Raises NotTaken where it has no folder of its own."""
    if here.settings.partnership is None:
        raise NotTaken(
            "The invented partnership has no folder to keep a list in: set SAFEGUARDING_CONFIG to your own. "
            "Nothing was changed."
        )
    return bank_holidays.own_file(here.settings.partnership)


def _difference(changed: ListsCompared) -> list[str]:
    """What the list changes, in words."""
    lines = [f"New: {say(day)}, {name}" for day, name in sorted(changed.new.items())]
    lines += [f"No longer in it: {say(day)}, {name}" for day, name in sorted(changed.taken_away.items())]
    before, after = changed.before, changed.after
    if after.first != before.first:
        lines.append(f"It begins with {say(after.first)}; the list in force with {say(before.first)}.")
    if after.last != before.last:
        lines.append(f"It reaches to {say(after.last)}; the list in force ends with {say(before.last)}.")
    return lines


def _days(holidays: Mapping[date, str]) -> str:
    return ", ".join(say(day) for day in sorted(holidays))
