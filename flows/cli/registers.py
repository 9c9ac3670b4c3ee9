"""
The command about the registers: write them all as files for Excel, Power BI and other programs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At
from safeguarding.dates.london import london_date, now, say_moment
from safeguarding.dates.working_days import say
from safeguarding.errors import SafeguardingError
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.lifecycle import not_theirs
from safeguarding.registers.registers import REGISTERS
from safeguarding.review.events import Actor
from safeguarding.review.states import Track
from tasks.export.folder import look_at, write_folder
from tasks.export.tables import RegisterMade
from tasks.record.reading import NAMED_AT_THE_MACHINE
from tasks.record.registers import EVERY_REVIEW, note_taken_out, read_registers

UNIT = frozenset({"business_manager", "business_unit"})
"""Who may take the registers out of the record."""
WHAT = "the registers, exported without sealed words,"
"""What is noted as taken out, in words that stand before «of» and the review."""


class ExportRefused(SafeguardingError):
    """Somebody asked for an export that is not theirs to ask for."""

    code = "export-refused"

    def __init__(self, unmet: tuple[str, ...]) -> None:
        super().__init__(f"The registers are not exported: {'; '.join(unmet)}.", unmet)


def export(
    folder: Path,
    /,
    *,
    person: ActingPerson,
    review: Annotated[str | None, Parameter(metavar="REFERENCE")] = None,
    at: At = None,
    here: Here,
) -> Said:
    """
    Write every register as CSV, as an Excel workbook and as JSON, without sealed words. That it was asked for is noted.

    ```
    safeguarding export registers --as alex_example --demo
    ```

    Parameters
    ----------
    folder
        The folder to make. It is not there yet, or is empty.
    person
        Who asks for it: an id of the partnership's file, of the business unit.
    review
        Of one review; of all unless given.
    """
    installation = here.installation()
    moment, records, partnership = installation.at(at, now()), installation.records, installation.rulebook.partnership
    if unmet := not_theirs(UNIT, Actor(person=person), installation.rulebook):
        raise ExportRefused(tuple(unmet))
    look_at(folder)
    asking, today = partnership.person(person), london_date(moment)
    with here.waiting("Reading the registers, and writing them"):
        read = read_registers(records, today, REGISTERS, review, _tracks(asking, partnership))
        note_taken_out(records, person, asking.name, NAMED_AT_THE_MACHINE, WHAT, moment, review or EVERY_REVIEW)
        made = [RegisterMade(REGISTERS[name], rows) for name, rows in read.items()]
        of = review or "every review"
        about = {"partnership": partnership.name, "of": of, "as_of": today.isoformat(), "made_at": say_moment(moment)}
        files = write_folder(folder, made, about)
    counts = {one.register.name: len(one.rows) for one in made}
    words = [
        f"The registers of {of} are in {folder}, as they stand on {say(today)}:",
        *(f"  {one.register.title}: {len(one.rows)} row{'' if len(one.rows) == 1 else 's'}" for one in made),
        f"{len(files)} files: a CSV file each, registers.xlsx, registers.json; columns.csv says what columns mean.",
        "No sealed word is in them. That you asked for them is noted: `safeguarding readings` lists it.",
    ]
    return Said(words, {"folder": str(folder), "files": files, "as_of": today, "rows": counts})


def _tracks(person: Person, partnership: Partnership) -> list[Track]:
    """The tracks on which somebody is of the unit; every one for whoever covers for it."""
    if person in partnership.covering():
        return [*Track]
    return [track for track in Track if UNIT & {*partnership.roles_there(person, track.value)}]
