"""
The command that writes the form by which an agency refers an adult for a review.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows.cli.place import Here
from flows.cli.said import Said
from safeguarding.dates.london import now
from safeguarding.errors import SafeguardingError
from safeguarding.review.states import Track
from safeguarding.shown.referral_form import TITLE, referral_form
from tasks.bundle import zipped
from tasks.word.document import word_file

WORD, PAGE = ".docx", ".html"


class FormNotWritten(SafeguardingError):
    """A form cannot be written: the file says no kind that there is, or the partnership does no reviews of adults."""

    code = "form-not-written"


def write(file: Annotated[Path, Parameter(metavar="FILE")], /, *, here: Here) -> Said:
    """
    The form by which an agency refers an adult for a review, with section 44 limb by limb: as a Word file or a page.

    ```
    safeguarding referral-form referral.docx --demo
    safeguarding referral-form referral.html --demo
    ```

    Nothing of any review stands on it. Its questions are those of the record, in the same words.

    Parameters
    ----------
    file
        The file to write, ending in .docx or .html; nothing may be there yet.
    """
    if file.suffix.lower() not in (WORD, PAGE):
        raise FormNotWritten(f"{file.name}: name a file that ends in {WORD} (Word) or {PAGE} (a page to print)")
    partnership = here.rulebook.partnership
    if Track.ADULTS.value not in partnership.tracks:
        raise FormNotWritten(f"{partnership.name} does no reviews of adults, so nobody refers one to it")
    zipped.must_be_free(file)
    page = referral_form(partnership)
    word = file.suffix.lower() == WORD
    made = word_file(page, partnership.name, TITLE, now()) if word else page.encode()
    zipped.put(file, made)
    return Said([f"{file}: written. Nothing of any review stands on it."], {"file": str(file)})
