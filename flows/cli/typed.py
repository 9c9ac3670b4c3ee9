"""
What people type in a command: days, moments, suppositions. What cannot be read is said in words.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

from cyclopts import ArgumentCollection, Parameter, Token

from safeguarding.as_typed import one_line
from safeguarding.dates.london import read_day, read_moment
from safeguarding.questions.supposed import Supposed
from safeguarding.review.typed_words import REFERENCE_WORDS, is_reference

R = TypeVar("R")

A_DATE = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
LARGEST_PORT = 65535
LARGEST_NUMBER = 2**31 - 1
SHOWN = 60
"""How much of what was typed a complaint repeats."""


def by(read: Callable[[str], R]) -> Callable[[Any, Sequence[Token]], R]:
    """A reader of one word, in the shape in which the command line calls it."""
    return lambda _, tokens: read(tokens[0].value)


def each_by(read: Callable[[str], R]) -> Callable[[Any, Sequence[Token]], list[R]]:
    """The same where an option may be given several times."""
    return lambda _, tokens: [read(token.value) for token in tokens]


def a_date_or_duty(text: str) -> str:
    """A day as ISO, or the name of a duty; a day that no calendar has is neither. Raises ValueError."""
    if A_DATE.match(text):
        read_day(text)
    return text


def a_supposition(text: str) -> Supposed:
    """`notification_sent=2026-12-17`, or `agency_returned:police=2026-12-17` for one's own. Raises ValueError."""
    name, _, day = text.partition("=")
    event, _, subject = name.strip().partition(":")
    try:
        return Supposed(event=event.strip(), subject=subject.strip(), on=read_day(day.strip()))
    except ValueError:
        raise ValueError(f"'{text}' is not an event and its day, such as notification_sent=2026-12-17") from None


def a_port(text: str) -> int:
    """The number of a port. Raises ValueError."""
    if not text.isdecimal() or not 0 < int(text) <= LARGEST_PORT:
        raise ValueError(f"'{text}' is not a port, which is a number from 1 to {LARGEST_PORT}")
    return int(text)


def a_minute(text: str) -> str:
    """The reference of a minute. Raises ValueError."""
    try:
        kept = one_line(text)
    except ValueError:
        kept = ""
    if not is_reference(kept):
        raise ValueError(f"'{shortly(text)}' is not the reference of a minute: {REFERENCE_WORDS}")
    return kept


def shortly(text: str, most: int = SHOWN) -> str:
    """What was typed, for the terminal of whoever typed it: its beginning, in signs that can be seen."""
    seen = "".join(sign if sign.isprintable() else "?" for sign in text[: most + 1])
    return seen if len(seen) <= most else f"{seen[:most]}..."


def numbers(_: Any, given: Any) -> None:
    """For numbers of messages. Raises ValueError for one that no message has."""
    if any(not 0 < number <= LARGEST_NUMBER for number in given or ()):
        raise ValueError("the number of a message stands before it in the list: a whole number from 1 on")


def from_one_on(_: Any, given: Any) -> None:
    """For how many are shown. Raises ValueError for less than one."""
    if given is not None and given < 1:
        raise ValueError("give a whole number from 1 on")


def one_of(options: ArgumentCollection) -> None:
    """For a group of options that exclude each other. Raises ValueError if two are given."""
    given = [option.name for option in options if option.has_tokens]
    if len(given) > 1:
        raise ValueError(f"{' and '.join(given)} exclude each other: give one")


HowMany = Annotated[int, Parameter(validator=from_one_on, metavar="NUMBER")]
Day = Annotated[date, Parameter(converter=by(read_day), metavar="DATE")]
DateOrDuty = Annotated[str, Parameter(converter=by(a_date_or_duty))]
Suppositions = Annotated[
    list[Supposed], Parameter(name="--event", converter=each_by(a_supposition), n_tokens=1, metavar="EVENT=DATE")
]
At = Annotated[
    datetime | None,
    Parameter(converter=by(read_moment), metavar="TIME", help="Another time than now; only in a simulation."),
]
Port = Annotated[int | None, Parameter(converter=by(a_port), metavar="NUMBER", help="Of the page (4200 unless set).")]
ActingPerson = Annotated[str, Parameter(name="--as", metavar="PERSON")]


def whole_file(path: Path, content: str) -> None:
    """Write a text that somebody named a file for. Raises OSError where it cannot be written."""
    whole_bytes(path, content.encode())


def whole_bytes(path: Path, content: bytes) -> None:
    """Write a file that somebody named. Raises OSError where it cannot be written."""
    # Whole or not at all, since a diary or a web server may be reading it; and the line ends as they are.
    if not path.name or path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    draft = path.with_name(f".{path.name}.part")
    draft.write_bytes(content)
    draft.replace(path)
