"""
Whatever goes wrong in a command, in words: what it is, and what to do. The one place that turns errors into words.

Exit codes: 1 for what is refused or cannot be done, 2 for a question put wrongly, 70 for what nobody foresaw, 130 for
Ctrl-C.
"""

from __future__ import annotations

import re
import tempfile
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from cyclopts import CycloptsError
from pydantic import ValidationError

from config.settings import PREFIX, HomeUnfit, Settings
from flows.cli import asked
from flows.cli.place import Place
from safeguarding.dates.london import now
from safeguarding.errors import SafeguardingError
from tasks.events.nothing_typed import account_of

REFUSED, ASKED_WRONGLY, UNFORESEEN, STOPPED = 1, 2, 70, 130
NOTED_IN = "errors.log"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a person is told of a command that came to nothing; `code` and `unmet` are for programs."""

    words: str
    code: str
    exit: int = REFUSED
    unmet: list[str] = field(default_factory=list)

    def as_data(self) -> dict[str, object]:
        """The same for programs."""
        return {"error": self.code, "words": self.words, "unmet": self.unmet}


def complaint(error: BaseException, here: Place) -> Complaint:
    """What is said of an error, whichever it is. One that nobody foresaw is noted in a file, and that is said."""
    match error:
        case SafeguardingError():
            return Complaint(_plainly(error), error.code, unmet=list(getattr(error, "unmet", ())))
        case CycloptsError():
            return Complaint(asked.wrongly(error), "asked-wrongly", ASKED_WRONGLY)
        case KeyboardInterrupt():
            return Complaint("Stopped.", "stopped", STOPPED)
        case ValidationError() if error.title == Settings.__name__:
            return Complaint(_settings(error), "settings-invalid")
        case FileExistsError() | NotADirectoryError() if _of_the_home(error, here):
            unfit = HomeUnfit(str(here.settings.home))
            return Complaint(str(unfit), unfit.code)
        case OSError():
            return Complaint(_file(error), "file-unusable")
    if type(error).__module__.partition(".")[0] == "httpx":
        words = "Prefect's server stopped answering. Start it again, then do this again: nothing is done twice."
        return Complaint(words, "server-away")
    return _of_the_record(error, here) or _unforeseen(error, here)


def _plainly(error: SafeguardingError) -> str:
    unmet = getattr(error, "unmet", ())
    if not unmet:
        return str(error)
    step = str(getattr(error, "transition", "")).replace("_", " ")
    if step:
        head = f"{str(error).split(': cannot ')[0]}: cannot {step} yet"
    else:
        head = str(error).partition(f": {unmet[0]}")[0]
    return "\n".join([f"{head}:", *(f"  - {reason}" for reason in unmet)])


def _settings(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_context=False)
    lines = []
    for fault in faults:
        name = f"{PREFIX}{'_'.join(str(part) for part in fault['loc']).upper()}"
        lines.append(
            f"  {name}: {fault['msg'][:1].lower()}{fault['msg'][1:]} (it says: {_without_secrets(fault['input'])})"
        )
    count = len(faults)
    return "\n".join([f"{count} setting{'' if count == 1 else 's'} cannot be used:", *lines])


def _without_secrets(value: object) -> str:
    """A setting as it may be shown: of an address not what stands before its host, nor its settings."""
    shown = re.sub(r"[?#].*", "?…", str(value), flags=re.DOTALL)
    before, at, host = shown.rpartition("@")
    return f"…@{host}" if at else before + host


def _of_the_home(error: OSError, here: Place) -> bool:
    home = here.settings.home
    if error.filename is None:
        return False
    named = Path(str(error.filename))
    return named in (home, *home.parents) or (isinstance(error, NotADirectoryError) and home in named.parents)


def _file(error: OSError) -> str:
    why = error.strerror or type(error).__name__
    which = " and ".join(str(name) for name in (error.filename, error.filename2) if name is not None)
    return f"{which} cannot be read or written: {why}." if which else f"The machine does not do it: {why}."


def _of_the_record(error: BaseException, here: Place) -> Complaint | None:
    # Only an error of the database brings its library along: most commands need neither.
    if type(error).__module__.partition(".")[0] not in ("sqlalchemy", "sqlite3"):
        return None
    from tasks.store.whereabouts import unavailable

    found = unavailable(error, here.settings.record_url)
    return Complaint(str(found), found.code) if found else None


def _unforeseen(error: BaseException, here: Place) -> Complaint:
    # What a library says of an error may repeat what was typed or stored: its kind and its place are noted, no more.
    links = []
    link: BaseException | None = error
    while link is not None:
        links += [*traceback.format_tb(link.__traceback__), account_of(link), "\n"]
        link = link.__cause__ or link.__context__
    where = _noted("".join([now().isoformat(), "\n", *links, "\n"]), here)
    words = f"Something went wrong that nobody foresaw ({account_of(error)}). It is noted in {where}."
    return Complaint(words, "unforeseen", UNFORESEEN)


def _noted(note: str, here: Place) -> str:
    """The file that has it now: in the home folder, or else one that nobody else has made or can read."""
    home = here.settings.home
    try:
        home.mkdir(parents=True, exist_ok=True)
        with (home / NOTED_IN).open("a", encoding="utf-8") as notes:
            notes.write(note)
    except OSError:
        return _noted_apart(note)
    return str(home / NOTED_IN)


def _noted_apart(note: str) -> str:
    try:
        # Under a known name in a folder of everybody's, somebody else may have put a file or a link before.
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="safeguarding-errors-", suffix=".log", delete=False
        ) as notes:
            notes.write(note)
            return str(notes.name)
    except OSError:
        return "no file: none can be written"
