"""
The command that drafts the letter about a missed date.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import At
from safeguarding.dates.london import london_date, now
from safeguarding.shown.late_letter import late_letter
from tasks.bundle import zipped
from tasks.word.document import word_file


def draft(
    reference: str,
    rule: str,
    file: Annotated[Path, Parameter(metavar="FILE")],
    /,
    *,
    at: At = None,
    here: Here,
) -> Said:
    """
    The draft of a letter to a national body about a missed date of the law, as a Word file.

    ```
    safeguarding late-letter CSPR-2026-005 C05 letter.docx --demo
    ```

    It says what was due, how that was counted and how late it is. No sealed word is in it: the reasons are written in
    by whoever sends it.

    Parameters
    ----------
    reference
        The review.
    rule
        The missed duty, such as C05.
    file
        The Word file to write; nothing may be there yet.
    """
    installation = here.installation()
    records, moment = installation.records, installation.at(at, now())
    review, today = records.read(reference), london_date(moment)
    rulebook = installation.rulebook.on(today)
    zipped.must_be_free(file)
    page = late_letter(review, records.events(review.reference), rule, rulebook, today)
    zipped.put(file, word_file(page, rulebook.partnership.name, f"Draft · {review.reference}", moment))
    words = f"{file}: drafted. No sealed word is in it: write the reasons in before it is sent."
    return Said([words], {"file": str(file)})
