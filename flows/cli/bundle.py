"""
The command that makes the bundle of a review for an inspection, a coroner or a court.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At
from safeguarding.dates.london import now
from tasks.bundle import making
from tasks.bundle.making import MadeFor


def make(
    reference: str,
    file: Annotated[Path, Parameter(metavar="FILE")],
    /,
    *,
    person: ActingPerson,
    made_for: Annotated[MadeFor, Parameter(name="--reason", metavar="WORDS")],
    at: At = None,
    here: Here,
) -> Said:
    """
    Everything of a review in one zip that a stranger can verify: for a coroner's officer, an inspector, a court.

    ```
    safeguarding bundle CSPR-2026-005 bundle.zip --as alex_example --reason "request of a coroner" --demo
    ```

    Sealed words stay sealed. That it was made, by whom and why, is noted where it says who read what.

    Parameters
    ----------
    reference
        The review.
    file
        The zip to write; nothing may be there yet.
    person
        Who makes it: somebody who may read the whole record of the review, by their id.
    made_for
        Why it is made.
    """
    installation = here.installation()
    with here.waiting("Putting the bundle together"):
        made = making.make_file(installation, reference, person, made_for, file, installation.at(at, now()))
    words = [
        f"{file}: the bundle of {reference}: {made.files} files, {made.lines} lines of the record.",
        f"SHA-256 {made.sha256}: send it by another way than the file.",
        "Sealed words stay sealed. That it was made is noted: `safeguarding readings` shows it.",
    ]
    data = {"file": str(file), "sha256": made.sha256, "files": made.files, "lines": made.lines}
    return Said(words, data)
