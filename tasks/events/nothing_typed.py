"""
What may be said of an error in Prefect and in a log: a code, a reference, a place in our code. Never its text.

The text of an error often repeats what was typed (a database error prints its parameters, a validation error its
input), and Prefect keeps the text of every error in states, logs and events. The filters here stand in `logging.yml`,
which Prefect reads by its own setting; `check_logs` refuses to go on where they are not in force.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

from safeguarding.errors import SafeguardingError

OF_RUNS = ("prefect.flow_runs", "prefect.task_runs", "prefect.flow_runs.worker")
"""The loggers whose lines Prefect stores with a run."""
OF_ENGINES = ("prefect.engine", "prefect.workers")
"""Those that print an error of a run: with all its text, unless they are held back."""


class CardFault(SafeguardingError):
    """A card or a form could not do its work: a code and a reference, to look up in the process's own log."""

    code = "card-fault"

    def __init__(self, account: str, reference: str) -> None:
        self.account = account
        self.reference = reference
        super().__init__(f"{reference}: {account}", account, reference)


class LogsNotHeldBack(SafeguardingError):
    """Prefect's logs would keep what somebody types: nothing may run so."""

    code = "logs-not-held-back"

    def __init__(self, loggers: tuple[str, ...]) -> None:
        super().__init__(
            f"Prefect's logs are not held back ({', '.join(loggers)}): they would keep what somebody types. Set "
            "PREFECT_LOGGING_CONFIG_PATH to the file flows/server/logging.yml of this program.",
            loggers,
        )


def account_of(error: BaseException) -> str:
    """
    The error's code, what an everyday fault of the record is in words, or the error's type, a server's answer in digits
    and the line it was raised from: nothing typed.
    """
    if isinstance(error, SafeguardingError):
        return error.code
    if type(error).__module__.partition(".")[0] in ("sqlalchemy", "sqlite3"):
        # Only an error of the database brings its library along.
        from tasks.store.whereabouts import everyday

        if words := everyday(error):
            return f"the record cannot be used: {words}"
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    # Asked without the library of HTTP, whose import costs a question to the law a fifth of its second.
    answered = getattr(getattr(error, "response", None), "status_code", "")
    of = f"{type(error).__name__} {answered}".rstrip()
    return f"{of} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"


@contextlib.contextmanager
def only_an_account(of: str) -> Iterator[None]:
    """Around what Prefect runs: whatever goes wrong leaves as a CardFault, with nothing of its text. `of`: what."""
    try:
        yield
    except CardFault:
        raise
    except Exception as error:  # noqa: BLE001  none of its text may reach Prefect
        raise CardFault(account_of(error), of) from None


class OursOnly(logging.Filter):
    """
    Keeps Prefect's own lines out of a run's log.

    Its engine logs a suspension as an error, and an exception with its text; a run's page then shows a fault where
    there is none, and the database fills with it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Only lines marked as ours."""
        return bool(getattr(record, "safeguarding", False))


class NoText(logging.Filter):
    """Leaves of an exception only its account: the engine of a worker prints a run's with all its text."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line passes; what it says of an exception is its account."""
        if record.exc_info and record.exc_info[1] is not None:
            record.msg, record.args = f"{record.getMessage()}: {account_of(record.exc_info[1])}", ()
            record.exc_info = record.exc_text = None
        return True


class LibrariesWarn(logging.Filter):
    """
    Leaves of a library only its warnings, whatever level is set.

    At DEBUG the driver of the database writes each statement with what was typed, and the client of the events the
    login of our own processes.
    """

    SPEAK = ("prefect", "safeguarding")

    def filter(self, record: logging.LogRecord) -> bool:
        """What warns, and what Prefect and this program say."""
        return record.levelno >= logging.WARNING or record.name.partition(".")[0] in self.SPEAK


PROBE = "words that somebody typed"


def check_logs() -> None:
    """
    Whether nothing that is typed comes out wherever a run's lines or an engine's errors go: tried with a line of each.

    Raises LogsNotHeldBack.
    """
    loose = [name for name in OF_RUNS if _comes_out(name, PROBE)]
    loose += [name for name in OF_ENGINES if _comes_out(name, "an error", ValueError(PROBE))]
    if loose:
        raise LogsNotHeldBack(tuple(loose))


def _comes_out(name: str, words: str, error: Exception | None = None) -> bool:
    """Whether a line given to this logger would be written with what was typed, by anything that writes its lines."""
    told = None if error is None else (type(error), error, None)
    line = _passed(logging.getLogger(name), logging.LogRecord(name, logging.ERROR, __file__, 0, words, (), told))
    if line is None:
        return False
    for handler in _writers(logging.getLogger(name)):
        written = _passed(handler, copy.copy(line))
        if written is not None and PROBE in handler.format(written):
            return True
    return False


def _passed(through: logging.Filterer, line: logging.LogRecord) -> logging.LogRecord | None:
    kept = through.filter(line)
    # From Python 3.12 on a filter may give another line in the place of the one it was given.
    return kept if isinstance(kept, logging.LogRecord) else line if kept else None


def _writers(logger: logging.Logger | None) -> list[logging.Handler]:
    found: list[logging.Handler] = []
    while logger is not None:
        found += logger.handlers
        logger = logger.parent if logger.propagate else None
    last = logging.lastResort
    return found or ([last] if last is not None else [])
