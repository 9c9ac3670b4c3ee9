"""
The command about the yearly account of a board or of the safeguarding partners: the draft and its lists, as files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At
from safeguarding.dates.london import london_date, now
from safeguarding.errors import SafeguardingError
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import not_theirs
from safeguarding.review.events import Actor
from safeguarding.review.states import Track
from safeguarding.review.step import MANAGERS
from safeguarding.review.who_sees import unit_of
from safeguarding.yearly.period import APRIL, TwelveMonths, faults_of
from safeguarding.yearly.suppressed import fault_of
from tasks.export.folder import look_at, write_files
from tasks.record.reading import NAMED_AT_THE_MACHINE
from tasks.record.registers import note_taken_out
from tasks.yearly.files import WHAT, files_of
from tasks.yearly.reading import AccountAsked, read_account


class AccountRefused(SafeguardingError):
    """Somebody asked for an account that is not theirs to ask for, or of a year that is none."""

    code = "account-refused"

    def __init__(self, unmet: tuple[str, ...]) -> None:
        super().__init__(f"The account is not made: {'; '.join(unmet)}.", unmet)


def account(
    folder: Path,
    /,
    *,
    track: Track,
    year: int,
    month: int = APRIL,
    person: ActingPerson,
    suppress_below: Annotated[int | None, Parameter(metavar="NUMBER")] = None,
    at: At = None,
    here: Here,
) -> Said:
    """
    Write the draft of a yearly account: Word, a page, and the list behind each number. That it was asked for is noted.

    ```
    safeguarding yearly-account account --track adults --year 2026 --as alex_example --demo
    ```

    In words it holds approved wordings only, and says what is still owed.

    Parameters
    ----------
    folder
        The folder to make. It is not there yet, or is empty.
    track
        Of which reviews: adults or children.
    year
        The year in which the twelve months begin: 2026 is from 1 April 2026 to 31 March 2027.
    month
        The month in which they begin, for the children's report alone.
    person
        Who asks for it: an id of the partnership's file, of the business unit.
    suppress_below
        The least number that is shown, of those that are not nought. No list is written then.
    """
    installation = here.installation()
    moment = installation.at(at, now())
    today = london_date(moment)
    rulebook = installation.rulebook.on(today)
    unmet = [*_not_theirs(person, track, rulebook), *faults_of(track, year, month), *fault_of(suppress_below)]
    if unmet:
        raise AccountRefused(tuple(unmet))
    look_at(folder)
    asked = AccountAsked(track=track, period=TwelveMonths.beginning(year, month), below=suppress_below)
    partnership, records = rulebook.partnership, installation.records
    note_taken_out(records, person, partnership.person(person).name, NAMED_AT_THE_MACHINE, WHAT, moment)
    with here.waiting("Counting, and writing the account"):
        made = read_account(records, asked, today)
        files = write_files(folder, files_of(made, partnership.name, moment))
    hidden = f"{len(made.told.hidden)} of them not shown, and no list is written"
    words = [
        f"{made.title}: {', '.join(files)} are in {folder}.",
        f"{len(made.figures)} numbers, {'each with its list' if made.told.listed else hidden}.",
        *made.parts[-1].listed,
    ]
    data = {"folder": str(folder), "files": files, "figures": made.told.words, "not_held": made.parts[-1].listed}
    return Said(words, data)


def _not_theirs(person: str, track: Track, rulebook: Rulebook) -> list[str]:
    if track.value not in rulebook.partnership.tracks:
        return [f"{rulebook.partnership.name} does no reviews of {track.value}, so there is no account of them"]
    unmet = not_theirs(MANAGERS, Actor(person=person), rulebook)
    known = rulebook.partnership.known(person)
    if not unmet and known is not None and track not in unit_of(known, rulebook.partnership):
        unmet = [f"{known.name} is of the business unit, and not on the track «{track.value}»"]
    return unmet
