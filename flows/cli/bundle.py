"""
The command that makes the bundle of a review for an inspection, a coroner or a court.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Group, Parameter

from config.bounded_files import bytes_of
from config.encodings import Unreadable, letters
from flows.cli.place import Here, Place
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At, one_of
from safeguarding.dates.london import now
from tasks.bundle import making
from tasks.bundle.making import MadeFor
from tasks.bundle.password import Password, PasswordUnfit, twice

CLOSED_WITH = Group("A password", validator=one_of)
NOBODY_TO_ASK = "Nobody can be asked for a password here: put it into a file, and give that with --password-file."
ONE_LINE = "The file of the password must hold one line: the password, and nothing else."


def make(
    reference: str,
    file: Annotated[Path, Parameter(metavar="FILE")],
    /,
    *,
    person: ActingPerson,
    made_for: Annotated[MadeFor, Parameter(name="--reason", metavar="WORDS")],
    password: Annotated[bool, Parameter(group=CLOSED_WITH)] = False,
    password_file: Annotated[Path | None, Parameter(metavar="FILE", group=CLOSED_WITH)] = None,
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
    password
        Close it with a password, which is asked for twice and not shown.
    password_file
        Close it with the password in this file: one line. It is kept nowhere else.
    """
    close_with = _password(password, password_file, here)
    installation = here.installation()
    with here.waiting("Putting the bundle together"):
        moment = installation.at(at, now())
        made = making.make_file(installation, reference, person, made_for, file, moment, close_with)
    how = ["Closed with the password: tell it by another way. 7-Zip and WinZip open it."] if close_with else []
    words = [
        f"{file}: the bundle of {reference}: {made.files} files, {made.lines} lines of the record.",
        f"SHA-256 {made.sha256}: send it by another way than the file.",
        *how,
        "Sealed words stay sealed. That it was made is noted: `safeguarding readings` shows it.",
    ]
    data = {"file": str(file), "sha256": made.sha256, "files": made.files, "lines": made.lines}
    return Said(words, data | {"closed": close_with is not None})


def _password(asked: bool, file: Path | None, here: Place) -> Password | None:
    """The password that was typed or lies in a file; none where none is wanted. Raises PasswordUnfit."""
    if asked:
        typed = here.typed_twice("Password of the bundle (not shown):", "The same again:")
        if typed is None:
            raise PasswordUnfit((NOBODY_TO_ASK,))
        return twice(*typed)
    return Password(_only_line(file)) if file is not None else None


def _only_line(file: Path) -> str:
    try:
        lines = letters(bytes_of(file)).splitlines()
    except Unreadable as wrong:
        raise PasswordUnfit(tuple(f"{file}: {why}." for _, why in wrong.each)) from None
    if len(lines) != 1:
        raise PasswordUnfit((ONE_LINE,))
    return lines[0]
