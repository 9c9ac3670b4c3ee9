"""
Where the record is kept, and what is said when it is not there yet or its database does not do what it is asked.

Never with a password, and never with what was being written: the database's own words are cut to their first line.
"""

import sqlite3
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, InterfaceError, OperationalError

from safeguarding.errors import SafeguardingError

_OF_THE_DATABASE = (OperationalError, InterfaceError, DatabaseError, sqlite3.OperationalError, sqlite3.DatabaseError)
"""These and none of their descendants: a line that breaks a rule of the tables is a fault of ours."""

_TO_DO = {
    "file is not a database": "it is no database. Look whether SAFEGUARDING_HOME names the right folder, or put the "
    "record back from its backup",
    "database disk image is malformed": "it is damaged. Put the record back from its backup",
    "unable to open database file": "it cannot be opened. Look who may read and write its folder",
    "attempt to write a readonly database": "it may not be written. Look who may write the file and its folder",
    "database or disk is full": "the disk is full, and nothing was written. Make room and do it again",
    "disk I/O error": "the disk does not answer. Look after it before anything else is written",
    "database is locked": "another program holds it. Do it again in a minute",
}
"""What SQLite says, in our words and with what to do."""

_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
"""What an address begins with, and the driver that is installed for it."""


class NoRecord(SafeguardingError):
    """A record was to be read where none has been made."""

    code = "no-record"

    def __init__(self, url: str) -> None:
        file = file_of(url)
        self.where = f"at {address_of(url)}" if file is None else f"in {file.parent}"
        super().__init__(
            f"There is no record {self.where} yet: `safeguarding up` or `safeguarding open` makes one.", url
        )


class AddressUnfit(SafeguardingError):
    """The address of the record names no database that it can be kept in."""

    code = "address-unfit"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The record is kept in SQLite or PostgreSQL, and SAFEGUARDING_DATABASE_URL {why}. "
            "Say `sqlite:////FOLDER/FILE` or `postgresql://USER@HOST/DATABASE`, or leave it out.",
            why,
        )


class RecordUnavailable(SafeguardingError):
    """The record's database is down, is none, or does not let itself be read or written."""

    code = "record-unavailable"


def read_address(url: str) -> URL:
    """The address of the record: `sqlite:///FILE` or `postgresql://...`. Raises AddressUnfit for any other."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise AddressUnfit("is no address that can be read") from None
    kind = address.drivername.partition("+")[0]
    if kind not in _DRIVERS:
        raise AddressUnfit(f"names {kind}")
    return address.set(drivername=_DRIVERS[kind])


def file_of(url: str) -> Path | None:
    """The file of a record that is kept in SQLite; None for one that a server keeps, or the memory."""
    address = read_address(url)
    kept = address.database if address.get_backend_name() == "sqlite" else None
    return Path(kept) if kept and kept != ":memory:" else None


def in_memory(url: str) -> bool:
    """Whether the record lives in the memory of one program only, as in a benchmark."""
    return read_address(url).get_backend_name() == "sqlite" and file_of(url) is None


def address_of(url: str) -> str:
    """An address as it may be shown: without its password, and without settings, among which one may stand too."""
    kept = read_address(url)
    name = kept.get_backend_name()
    return str(URL.create(name, username=kept.username, host=kept.host, port=kept.port, database=kept.database))


def _told(error: BaseException) -> str:
    return str(error.orig if isinstance(error, DBAPIError) else error).strip()


def everyday(error: BaseException) -> str | None:
    """What SQLite says in our words, with what to do; None for what it says more rarely."""
    return next((words for begins, words in _TO_DO.items() if _told(error).startswith(begins)), None)


def _of_the_database(error: BaseException) -> bool:
    if type(error) in _OF_THE_DATABASE:
        return True
    import psycopg  # Whoever keeps the record in SQLite never loads it.

    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def unavailable(error: BaseException, url: str) -> RecordUnavailable | None:
    """What an error of the database means and what to do, in words; None if it is an error of another kind."""
    if isinstance(error, ArgumentError) or _told(error).startswith("invalid connection option"):
        return RecordUnavailable(str(AddressUnfit("has a setting that its database does not take")))
    if not _of_the_database(error):
        return None
    told = _told(error)
    first = told.partition("\n")[0].rstrip(".")
    file = file_of(url)
    if file is not None:
        return RecordUnavailable(f"The record {file} cannot be used: {everyday(error) or f'SQLite says: {first}'}.")
    return RecordUnavailable(
        f"The record at {address_of(url)} cannot be used: {first}. Start the database, or mend "
        "SAFEGUARDING_DATABASE_URL."
    )
