"""
The command about the registers: write them all as files for Excel, Power BI and other programs.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, NamedTuple, get_args

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
from safeguarding.registers.words import WORDS
from safeguarding.review.events import Actor
from safeguarding.review.states import Track
from tasks.bundle.making import MadeFor
from tasks.export.folder import look_at, write_folder
from tasks.export.tables import RegisterMade
from tasks.record.reading import NAMED_AT_THE_MACHINE
from tasks.record.records import Records
from tasks.record.registers import EVERY_REVIEW, note_taken_out, read_registers
from tasks.record.words_out import WordsAsked, may_take_out, words_of

UNIT = frozenset({"business_manager", "business_unit"})
"""Who may take the registers out of the record."""
WHAT = "the registers, exported without sealed words,"
BESIDE = "the registers, exported beside sealed words,"
"""What is noted as taken out, in words that stand before «of» and the review."""
NOT_WHOLE = "{name} may {what}, and sealed words are given to nobody else: leave --sealed out"


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
    sealed: bool = False,
    made_for: Annotated[MadeFor | None, Parameter(name="--reason", metavar="WORDS")] = None,
    at: At = None,
    here: Here,
) -> Said:
    """
    Write every register as CSV, as an Excel workbook and as JSON, without sealed words. That it was asked for is noted.

    ```
    safeguarding export registers --as alex_example --demo
    safeguarding export words --as alex_example --sealed --reason "request of a coroner" --demo
    ```

    Only with --sealed are the sealed words of the reviews that you may read whole with them, as a table of their own.

    Parameters
    ----------
    folder
        The folder to make. It is not there yet, or is empty.
    person
        Who asks for it: an id of the partnership's file, of the business unit.
    review
        Of one review; of all unless given.
    sealed
        With the sealed words too. Every text is noted as read by you, before it is opened.
    made_for
        Why the sealed words are taken out.
    """
    installation = here.installation()
    moment = installation.at(at, now())
    today, of = london_date(moment), review or "every review"
    rulebook = installation.rulebook.on(today)
    unmet = [*not_theirs(UNIT, Actor(person=person), rulebook), *_asked_in_part(sealed, made_for)]
    if unmet:
        raise ExportRefused(tuple(unmet))
    look_at(folder)
    partnership = rulebook.partnership
    with here.waiting("Reading the registers, and writing them"):
        made, ending = _made(
            installation.records, partnership, _Asked(partnership.person(person), review, made_for), moment
        )
        about = {"partnership": partnership.name, "of": of, "as_of": today.isoformat(), "made_at": say_moment(moment)}
        files = write_folder(folder, made, about)
    counts = {one.register.name: len(one.rows) for one in made}
    words = [
        f"The registers of {of} are in {folder}, as they stand on {say(today)}:",
        *(f"  {one.register.title}: {len(one.rows)} row{'' if len(one.rows) == 1 else 's'}" for one in made),
        f"{len(files)} files: a CSV file each, registers.xlsx, registers.json; columns.csv says what columns mean.",
        *ending,
    ]
    return Said(words, {"folder": str(folder), "files": files, "as_of": today, "rows": counts})


class _Asked(NamedTuple):
    """Who asks, of one review or of all, and why sealed words are asked for, if they are."""

    person: Person
    review: str | None
    made_for: MadeFor | None


def _made(
    records: Records, partnership: Partnership, asked: _Asked, moment: datetime
) -> tuple[list[RegisterMade], list[str]]:
    """
    The registers, and the sealed words where they are asked for; what is said of it. Noted before a word is opened.

    Raises NoSuchReview, ExportRefused and SealBroken.
    """
    person, of = asked.person, asked.review or EVERY_REVIEW
    read = read_registers(records, london_date(moment), REGISTERS, asked.review, _tracks(person, partnership))
    made = [RegisterMade(REGISTERS[name], rows) for name, rows in read.items()]
    if asked.made_for is None:
        note_taken_out(records, person.id, person.name, NAMED_AT_THE_MACHINE, WHAT, moment, of)
        return made, ["No sealed word is in them. That you asked for them is noted: `safeguarding readings` lists it."]
    theirs = may_take_out(records, [one.reference for one in read["reviews"]], person, partnership)
    if not theirs.reviews:
        raise ExportRefused(
            (NOT_WHOLE.format(name=person.name, what=f"not read {of} whole" if of else "read no review whole"),)
        )
    note_taken_out(records, person.id, person.name, NAMED_AT_THE_MACHINE, BESIDE, moment, of)
    rows = words_of(records, theirs.reviews, WordsAsked(person, asked.made_for), partnership, moment)
    others = f" Of {theirs.others} more, which you may not read whole, there is none." if theirs.others else ""
    ending = [
        f"Sealed words of {_reviews(len(theirs.reviews))} are in them, with names: keep the folder closed.{others}",
        "Every text is noted as read by you: `safeguarding readings` lists it.",
    ]
    return [*made, RegisterMade(WORDS, rows)], ending


def _reviews(many: int) -> str:
    return f"{many} review{'' if many == 1 else 's'}"


def _asked_in_part(sealed: bool, made_for: MadeFor | None) -> list[str]:
    if sealed and made_for is None:
        offered = ", ".join(f"'{one}'" for one in get_args(MadeFor))
        return [f"say with --reason why the sealed words are taken out: {offered}"]
    return ["--reason says why sealed words are taken out: give --sealed too"] if made_for and not sealed else []


def _tracks(person: Person, partnership: Partnership) -> list[Track]:
    """The tracks on which somebody is of the unit; every one for whoever covers for it."""
    if person in partnership.covering():
        return [*Track]
    return [track for track in Track if UNIT & {*partnership.roles_there(person, track.value)}]
