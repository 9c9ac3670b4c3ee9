"""
The commands of the form by which anybody outside the unit refers a child or an adult: written, and taken in filled.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At, Day
from safeguarding.dates.london import london_date, now
from safeguarding.errors import SafeguardingError, TransitionRefused
from safeguarding.review.events import Actor
from safeguarding.review.states import Track
from safeguarding.shown.referral_filled import LOOK_IT_UP, filled_referral
from safeguarding.shown.referral_form import TITLES, referral_form
from tasks.bundle import zipped
from tasks.word.document import word_file
from tasks.word.tables_in import LARGEST, WordUnreadable, rows_in

WORD, PAGE = ".docx", ".html"
TAKEN_IN = "Every word of its text and its tables was taken in; headers, footers, notes and comments are not read."
OfTrack = Literal["children", "adults"]


class FormNotWritten(SafeguardingError):
    """A form cannot be written: the file says no kind that there is, or the partnership does no reviews of adults."""

    code = "form-not-written"


def write(file: Annotated[Path, Parameter(metavar="FILE")], /, *, track: OfTrack = "adults", here: Here) -> Said:
    """
    The form by which anybody refers a child or an adult for a review, to fill in: as a Word file or a page.

    ```
    safeguarding referral-form referral.docx --demo
    safeguarding referral-form child.docx --track children --demo
    safeguarding referral-form referral.html --demo
    ```

    Nothing of any review stands on it. Its questions are those of the record, in the same words: a Word file that comes
    back filled in is taken in with `safeguarding open-from`, or at the pages, and nobody types it again.

    Parameters
    ----------
    file
        The file to write, ending in .docx or .html; nothing may be there yet.
    track
        Of whom: children or adults, whose form has section 44 limb by limb.
    """
    if file.suffix.lower() not in (WORD, PAGE):
        raise FormNotWritten(f"{file.name}: name a file that ends in {WORD} (Word) or {PAGE} (a page to print)")
    partnership = here.rulebook.partnership
    if track not in partnership.tracks:
        raise FormNotWritten(f"{partnership.name} does no reviews of {track}, so nobody refers one to it")
    zipped.must_be_free(file)
    page = referral_form(partnership, Track(track))
    word = file.suffix.lower() == WORD
    made = word_file(page, partnership.name, TITLES[Track(track)], now()) if word else page.encode()
    zipped.put(file, made)
    return Said([f"{file}: written. Nothing of any review stands on it."], {"file": str(file)})


def open_from(
    file: Annotated[Path, Parameter(metavar="FILE")],
    /,
    *,
    person: ActingPerson,
    concern: str = "",
    agency: str = "",
    received: Day | None = None,
    at: At = None,
    here: Here,
) -> Said:
    """
    Open a referral from a referral form (.docx) that was filled in and sent to the unit.

    ```
    safeguarding open-from docs/forms/referral_filled.docx --as alex_example --demo
    ```

    Every word of its text and its tables is taken in, sealed; headers, footers, notes and comments are not read. What
    it leaves open is named, and nothing is recorded.

    Parameters
    ----------
    file
        The filled form.
    person
        Who takes it in: an id of the partnership's file.
    concern
        What is referred, in the words that the form offers, where it does not say it so.
    agency
        The id of the agency that referred, where the form names none of yours.
    received
        The day on which it reached the unit; today unless given.
    """
    installation = here.installation(make=True)
    moment = installation.at(at, now())
    rulebook = installation.rulebook.on(london_date(moment))
    filled = filled_referral(rows_in(_held(file)), rulebook.partnership)
    given = {"concern": concern, "agency": agency, "referred_by": "agency" if agency else ""}
    raw: dict[str, Any] = filled.answers | {name: words for name, words in given.items() if words}
    raw["received_on"] = received or london_date(moment)
    try:
        taken = installation.records.open(raw, Actor(person=person), moment)
    except TransitionRefused as refused:
        raise TransitionRefused(refused.reference, refused.transition, (*refused.unmet, *filled.left)) from None
    reference = taken.review.reference
    unread = [LOOK_IT_UP] if LOOK_IT_UP in filled.left else []
    return Said([f"{reference}: opened from {file}. {TAKEN_IN}", *unread], {"reference": reference})


def _held(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise WordUnreadable(error.strerror or "it is not there") from None
