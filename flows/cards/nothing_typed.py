"""
What may be said of an error in Prefect and in a log: a code, a reference, a place in our code. Never its text.

The text of an error often repeats what was typed (a database error prints its parameters, a validation error its
input), and Prefect keeps the text of every error in states, logs and events.
"""

from __future__ import annotations

import contextlib
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

from safeguarding.errors import SafeguardingError


class CardFault(SafeguardingError):
    """A card or a form could not do its work: a code and a reference, to look up in the process's own log."""

    code = "card-fault"

    def __init__(self, account: str, reference: str) -> None:
        self.account = account
        self.reference = reference
        super().__init__(f"{reference}: {account}", account, reference)


def account_of(error: BaseException) -> str:
    """The error's code, or its type and the line it was raised from: enough to find the cause, nothing typed."""
    if isinstance(error, SafeguardingError):
        return error.code
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    return f"{type(error).__name__} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"


@contextlib.contextmanager
def only_an_account(of: str) -> Iterator[None]:
    """Around the body of a flow: whatever goes wrong leaves as a CardFault, with nothing of its text. `of`: what."""
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
    """Leaves of an exception only its account: the engine of a stock worker prints a run's with all its text."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line passes; what it says of an exception is its account."""
        if record.exc_info and record.exc_info[1] is not None:
            record.msg, record.args = f"{record.getMessage()}: {account_of(record.exc_info[1])}", ()
            record.exc_info = record.exc_text = None
        return True


def hush() -> None:
    """Install the filters on the loggers whose lines Prefect stores or prints. Safe to call again."""
    quiet: dict[str, type[logging.Filter]] = {
        "prefect.flow_runs": OursOnly,
        "prefect.task_runs": OursOnly,
        "prefect.engine": NoText,
    }
    for name, kind in quiet.items():
        logger = logging.getLogger(name)
        if not any(isinstance(found, kind) for found in logger.filters):
            logger.addFilter(kind())


# The engine of a stock worker may fail before any of our flows begins, and after their module was imported.
hush()
