"""
The command that writes the sheet from which the national notification form is filled in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import At
from safeguarding.dates.london import london_date, now
from safeguarding.shown.notification_sheet import TITLE, notification_sheet
from tasks.bundle import zipped
from tasks.word.document import word_file


def write(reference: str, file: Annotated[Path, Parameter(metavar="FILE")], /, *, at: At = None, here: Here) -> Said:
    """
    What the record holds of a serious incident notification, as a Word file, to be copied into the national form.

    ```
    safeguarding notification-sheet CSPR-2026-008 sheet.docx --demo
    ```

    The limbs of section 16C and of the notice of a death with their answers, to whom and by when, room for the rest.
    No sealed word is on it.

    Parameters
    ----------
    reference
        The review.
    file
        The Word file to write; nothing may be there yet.
    """
    installation = here.installation()
    moment = installation.at(at, now())
    review, today = installation.records.read(reference), london_date(moment)
    rulebook = installation.rulebook.on(today)
    zipped.must_be_free(file)
    page = notification_sheet(review, rulebook, today)
    zipped.put(file, word_file(page, rulebook.partnership.name, f"{TITLE} · {review.reference}", moment))
    return Said([f"{file}: written. No name and no sealed word is on it."], {"file": str(file)})
