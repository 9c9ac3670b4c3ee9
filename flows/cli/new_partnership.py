"""
Commands for a partnership that begins: the workbook to fill, and its own folder made of it or of a dozen answers.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

import config
from config.new_partnership.answers import READERS, Given, TableRow, judged, read_address, read_name, read_sentence
from config.new_partnership.folder import NewFolder, written
from config.new_partnership.questions import (
    AGENCIES,
    OTHER_ROLES,
    PARTNER_NAMES,
    PARTNER_ROLES,
    PEOPLE,
    QUESTIONS,
)
from config.settings import OWN_FOLDER
from config.vacancies import unforeseen
from flows.cli.place import Here, Place
from flows.cli.said import Said
from flows.cli.typed import whole_bytes
from safeguarding.dates.london import london_date, now
from safeguarding.errors import Fault, RulebookInvalid, SafeguardingError
from safeguarding.law.roles import ONE_TRACK, ROLES

TRIES = 5
"""How often a question is asked again: a terminal that has gone answers nothing for ever."""


class FolderTaken(SafeguardingError):
    """A new partnership's folder was to be written where something lies already, or where no folder can be."""

    code = "folder-taken"

    def __init__(self, folder: str, why: str) -> None:
        super().__init__(f"{folder} {why}. Name a new folder: nothing was written.", folder, why)


class NobodyToAsk(SafeguardingError):
    """Questions were to be asked where nobody sits."""

    code = "nobody-to-ask"

    def __init__(self) -> None:
        super().__init__(
            "Nobody can be asked here. Fill the workbook that `safeguarding partnership workbook FILE` writes, and "
            "give it with --from FILE. Nothing was written."
        )


class NotAnswered(SafeguardingError):
    """A question was answered in a way that cannot be taken, again and again."""

    code = "not-answered"

    def __init__(self, words: str) -> None:
        super().__init__(f"«{words}» was not answered in {TRIES} tries. Nothing was written.", words)


def workbook(file: Path, /, *, here: Here) -> Said:
    """
    Write an empty workbook (.xlsx) for a new partnership: its questions, its people and its agencies.

    ```
    safeguarding partnership workbook partnership.xlsx
    ```

    Parameters
    ----------
    file
        The workbook to write. One that is there already is left alone.
    """
    from config.new_partnership.workbook import empty_workbook

    if file.exists():
        raise FolderTaken(str(file), "is there already")
    if file.suffix.lower() != ".xlsx":
        raise FolderTaken(str(file), "does not end with .xlsx, by which Excel and others know a workbook")
    whole_bytes(file, empty_workbook())
    words = [
        f"An empty workbook is in {file}: three sheets to fill, and one that says what the roles are.",
        f"Then: `safeguarding partnership new FOLDER --from {file}`. What is left empty becomes a named gap.",
    ]
    return Said(words, {"file": str(file)})


def new(
    folder: Path, /, *, source: Annotated[Path | None, Parameter("--from", metavar="FILE")] = None, here: Here
) -> Said:
    """
    Write a new partnership's own folder, from about a dozen answers or from the filled workbook.

    ```
    safeguarding partnership new our-partnership --from partnership.xlsx
    ```

    Without a workbook the questions are asked at the terminal. What is not known is left as a gap with a name. Where
    anything cannot be read everything wrong is named, and nothing is written.

    Parameters
    ----------
    folder
        The folder to make. It is not there yet, or is empty.
    source
        The filled workbook.
    """
    _refuse_taken(folder)
    faults: list[Fault] = []
    if source is None:
        given: Given | None = _asked(here)
    else:
        from config.new_partnership.workbook import read_workbook

        given = read_workbook(source, faults)
    answers = judged(given, faults) if given is not None else None
    if answers is None:
        count = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"
        words = [f"{count}, and nothing was written:", *(f"  {fault}" for fault in faults)]
        return Said(words, {"faults": [fault._asdict() for fault in faults]}, code=1)
    made = written(answers)
    _write(folder, made)
    return _told(folder, made)


# --------------------------------------------------------------------------- writing


def _refuse_taken(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise FolderTaken(str(folder), "is a file or a link")
    if folder.exists() and any(folder.iterdir()):
        raise FolderTaken(str(folder), "is not empty")
    if not folder.absolute().parent.is_dir():
        raise FolderTaken(str(folder), "would lie in a folder that is not there")


def _write(folder: Path, made: NewFolder) -> None:
    """Write the files beside the folder and give them its name when all are there. Raises OSError."""
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.absolute().parent))
    try:
        for name, text in made.files.items():
            file = draft / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _told(folder: Path, made: NewFolder) -> Said:
    """What was written, what is not known yet, and what `check` says to it."""
    words = [f"{len(made.files)} files are in {folder}, with comments that say what each is for."]
    if made.gaps:
        words.append(f"{len(made.gaps)} gaps, each a line with «GAP:» in its file:")
        words += [f"  {gap}" for gap in made.gaps]
    faults: list[Fault] = []
    try:
        partnership = config.load(folder).partnership
    except RulebookInvalid as invalid:
        faults = invalid.faults
        words += [f"To be mended before the system starts ({len(faults)}):", *(f"  {fault}" for fault in faults)]
    else:  # Who is missing is among the gaps.
        words += [f"To know: {line}." for line in unforeseen(partnership, london_date(now()))]
    words.append(f"Next: `{OWN_FOLDER}={folder} safeguarding check`.")
    data = {"folder": str(folder), "files": sorted(made.files), "gaps": made.gaps}
    return Said(words, data | {"faults": [fault._asdict() for fault in faults]}, code=1 if faults else 0)


# --------------------------------------------------------------------------- asking at the terminal


def _asked(here: Place) -> Given:
    """Every question, each asked again until its answer can be taken. Raises NobodyToAsk, NotAnswered."""
    here.say(
        "Press Enter for whatever is not known yet: it becomes a gap with a name. Nothing is written before the end."
    )
    answers = {}
    for question in QUESTIONS:
        words = f"{question.words} ({question.help.rstrip('.')}; such as {question.example})"
        answers[question.key] = _answer(here, words, READERS[question.key], needed=question.needed)
    people = [_row("business_manager", _somebody(here, ROLES["business_manager"], needed=True))]
    for called in _partners_of(answers):
        people += _of_partner(here, called)
    tracks = READERS["tracks"](answers["tracks"] or "both")
    for role in OTHER_ROLES:
        if role != "business_manager" and ONE_TRACK.get(role) in (None, *tracks):
            people.append(_row(role, _somebody(here, ROLES[role])))
    return Given("terminal", answers, people=tuple(one for one in people if one), agencies=tuple(_agencies(here)))


def _answer(here: Place, words: str, read: Callable[[str], Any], *, needed: bool = False) -> str:
    """What was typed, once it can be read; nothing, where nothing is needed."""
    for _ in range(TRIES):
        typed = here.typed(f"{words}:")
        if typed is None:
            raise NobodyToAsk
        if not typed and not needed:
            return ""
        try:
            read(typed)
        except ValueError as wrong:
            here.say(f"That cannot be taken: it {wrong}.")
        else:
            return typed
    raise NotAnswered(words)


_NAME_AND_ADDRESS = re.compile(r"(?P<name>[^<>,;@]+?)\s*(?:[<,]\s*(?P<email>[^\s<>,;]+)\s*>?)?")


def _parts(typed: str) -> tuple[str, str]:
    """A name and an address, if one is given: `Alex Example <alex@exampleshire.example>`. Raises ValueError."""
    found = _NAME_AND_ADDRESS.fullmatch(typed.strip())
    if found is None:
        raise ValueError("is not a name and an address, such as Alex Example <alex@exampleshire.example>")
    name, email = found["name"], found["email"] or ""
    read_name(name)
    if email:
        read_address(email)
    return name, email


def _several(most: int) -> Callable[[str], list[tuple[str, str]]]:
    """Reads so many people of one line, with a ; between two; a place left empty is nobody."""

    def read(typed: str) -> list[tuple[str, str]]:
        parts = [part.strip() for part in typed.split(";")]
        if len(parts) > most:
            raise ValueError(f"has more than {most} parts: put a ; between two people, and nowhere else")
        found = [_parts(part) if part else ("", "") for part in parts]
        return found + [("", "")] * (most - len(found))

    return read


def _somebody(here: Place, role: str, *, needed: bool = False) -> tuple[str, str]:
    words = f"{role[:1].upper()}{role[1:]}: name <address>"
    typed = _answer(here, words, _parts, needed=needed)
    return _parts(typed) if typed else ("", "")


def _partners_of(answers: dict[str, str]) -> list[str]:
    """What the partners are called: the three, two councils in the place of one, and the further ones."""
    councils = READERS["councils"](answers["councils"])
    usual = [name for key, name in PARTNER_NAMES.items() if key != "local_authority" or len(councils) < 2]
    return [
        *(councils if len(councils) > 1 else ()),
        *usual,
        *(one.name for one in READERS["further"](answers["further"])),
    ]


def _of_partner(here: Place, called: str) -> list[TableRow | None]:
    words = f"For the {called}, lead; delegated partner; deputy, each name <address> with a ; between"
    read = _several(len(PARTNER_ROLES))
    typed = _answer(here, words, read)
    lead, delegate, deputy = read(typed or ";")
    authority = ""
    if deputy[0]:
        asked = f"How was the authority of {deputy[0]} recorded (such as a letter and its reference)"
        authority = _answer(here, asked, read_sentence)
    speaks = {PEOPLE[3]: called}
    stands_in = {PEOPLE[4]: delegate[0] or lead[0], PEOPLE[5]: authority}
    return [
        _row(PARTNER_ROLES[0], lead, speaks),
        _row(PARTNER_ROLES[1], delegate, speaks),
        _row(PARTNER_ROLES[2], deputy, speaks | stands_in),
    ]


def _row(role: str, who: tuple[str, str], more: dict[str, str] | None = None) -> TableRow | None:
    if not who[0]:
        return None
    return TableRow(f"People, {ROLES[role]}", {PEOPLE[0]: who[0], PEOPLE[1]: who[1], PEOPLE[2]: role, **(more or {})})


def _agencies(here: Place) -> list[TableRow]:
    """Agencies until nothing more is typed; one at least."""
    found: list[TableRow] = []

    def read(typed: str) -> tuple[str, list[tuple[str, str]]]:
        name, _, rest = typed.partition(";")
        read_name(name.strip())
        return name.strip(), _several(2)(rest)

    while True:
        words = f"Agency {len(found) + 1}: its name; lead, name <address>; director, name <address> (Enter: no more)"
        typed = _answer(here, words, read, needed=not found)
        if not typed:
            return found
        name, (lead, director) = read(typed)
        found.append(
            TableRow(f"Agencies, {len(found) + 1}", dict(zip(AGENCIES, (name, *lead, *director), strict=True)))
        )
