"""
Where a command is given: whose record and partnership it speaks of, and whether a person waits for the answer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from getpass import getpass
from typing import TYPE_CHECKING, Annotated, TypeVar

from cyclopts import Parameter

import config
from config.settings import Settings
from safeguarding.dates.london import now
from safeguarding.errors import Fault, SafeguardingError
from safeguarding.law.rulebook import Rulebook

if TYPE_CHECKING:
    from tasks.record.installation import Installation
    from tasks.store.whereabouts import NoRecord

T = TypeVar("T")

PATIENCE = 5.0
"""Seconds that a command waits for a record which another program holds: somebody sits before it."""


class NoDemo(SafeguardingError):
    """The demo's record was asked for, and the demo has never been started."""

    code = "no-demo"

    def __init__(self, where: str) -> None:
        super().__init__(f"There is no demo {where} yet: `make demo` makes it.", where)


class NotConfirmed(SafeguardingError):
    """What cannot be taken back was asked for, and nobody confirmed it."""

    code = "not-confirmed"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is given. What a command needs of the system it takes from here, and only when it needs it."""

    demo: bool = False
    """Whether the demo is meant, and not the partnership's own record."""
    waited_for: bool = False
    """Whether a person sits at a terminal, who wants to know that something is being done."""
    opened: ExitStack = field(default_factory=ExitStack, repr=False, compare=False)
    """What a command has opened, and is closed when the command has been answered."""

    @property
    def settings(self) -> Settings:
        """The settings of this process, or the demo's."""
        return Settings().of_demo() if self.demo else Settings()

    @property
    def rulebook(self) -> Rulebook:
        """The law and the partnership's choices. Raises RulebookInvalid."""
        return config.load(self.settings.partnership)

    def installation(self, *, make: bool = False, simulation: bool = False, take_up: bool = True) -> Installation:
        """
        The settings, the law and the record, for as long as the command takes. Where the partnership's file is not in
        force, whoever asks is told that it is not.

        Raises NoRecord where there is none, unless it is to be made.
        """
        # What keeps the record takes as long to import as everything else together, and half the commands need none.
        from tasks.record.installation import open_installation
        from tasks.store.whereabouts import NoRecord

        try:
            found = open_installation(
                now(),
                self.settings,
                make=make and not self.demo,
                simulation=simulation,
                patience=PATIENCE,
                take_up=take_up,
            )
        except NoRecord as missing:
            raise self.missing(missing) from None
        if found.refused and take_up:
            sys.stderr.write(f"{not_in_force(found.refused)}\n")
        return self.opened.enter_context(found)

    def missing(self, record: NoRecord) -> SafeguardingError:
        """What is said of a record that is not there: the demo's is made in another way."""
        return NoDemo(record.where) if self.demo else record

    # ----------------------------------------------------------------------- a person at a terminal

    @contextmanager
    def waiting(self, words: str) -> Iterator[None]:
        """Show what is being done for as long as it takes. Nothing is shown where nobody waits."""
        if not self.waited_for:
            yield
            return
        from rich.console import Console

        with Console(stderr=True).status(f"{words} ..."):
            yield

    def note(self, words: str) -> None:
        """Tell a person at a terminal what comes next; nobody else."""
        if self.waited_for:
            sys.stderr.write(f"{words}\n")

    def each(self, things: Sequence[T], words: str) -> Iterator[T]:
        """One thing after the other, and how far it has come."""
        if not self.waited_for:
            yield from things
            return
        from rich.console import Console
        from rich.progress import track

        yield from track(things, words, console=Console(stderr=True), transient=True)

    def say(self, words: str) -> None:
        """Tell a person who is being asked something; nobody where nobody can be asked."""
        if sys.stdin.isatty():
            sys.stderr.write(f"{words}\n")

    @property
    def shows_and_asks(self) -> bool:
        """Whether a person sits here who sees what is said and can be asked."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def typed(self, question: str) -> str | None:
        """What a person types in answer to a question; None where nobody can be asked."""
        if not sys.stdin.isatty():
            return None
        sys.stderr.write(f"{question} ")
        sys.stderr.flush()
        return _next_line().strip()

    def confirm(self, question: str, word: str, undone: str) -> None:
        """Somebody has to type this word. Raises NotConfirmed, which says what was not done."""
        typed = self.typed(question)
        if typed is None:
            raise NotConfirmed(f"Nobody can be asked here: add --yes to go on. {undone}")
        if typed != word:
            raise NotConfirmed(f"That was not {word}. {undone}")

    def typed_twice(self, question: str, again: str) -> tuple[str, str] | None:
        """What a person types twice, not shown and not compared; None where nobody can be asked."""
        if not sys.stdin.isatty():
            return None
        try:
            return getpass(f"{question} "), getpass(f"{again} ")
        except EOFError:  # Ctrl-D: nothing was typed.
            return "", ""

    def unseen(self, question: str, again: str) -> str:
        """
        What a person types without its being shown, twice the same; nothing if nothing is typed.

        Where nobody can be asked it is the next line that is given. Raises NotTheSame; NotGiven where that is nothing,
        where Ctrl-D was pressed instead, or where what is made up instead would not be shown to a person.
        """
        if not sys.stdin.isatty():
            if not (line := _next_line().strip()):
                raise NotGiven
            return line
        try:
            given = getpass(question).strip()
            if not given and not sys.stdout.isatty():
                raise NotGiven
            if given and getpass(again).strip() != given:
                raise NotTheSame
        except EOFError:
            raise NotGiven from None
        return given


def _next_line() -> str:
    """The next line on standard input. Raises NotText where it is no text, as of a program that is given by mistake."""
    try:
        return sys.stdin.readline()
    except UnicodeDecodeError:
        raise NotText from None


def not_in_force(refused: Sequence[Fault]) -> str:
    """That the file is not in force, and why, for whoever asked something of the one before it."""
    lines = [f"  {fault}" for fault in refused]
    return "\n".join(["The partnership's file is not taken up; the one before it stays in force:", *lines])


class NotTheSame(SafeguardingError):
    """What was typed unseen was typed differently the second time."""

    code = "not-the-same"

    def __init__(self) -> None:
        super().__init__("The two are not the same: nothing was changed.")


class NotText(SafeguardingError):
    """What was given on standard input is no text."""

    code = "not-text"

    def __init__(self) -> None:
        super().__init__("What was given on standard input is no text (UTF-8): nothing was changed.")


class NotGiven(SafeguardingError):
    """Nothing was given where nobody can be asked, or shown what is made up."""

    code = "not-given"

    def __init__(self) -> None:
        super().__init__(
            "Nothing was given, and nothing was changed. One is made up only for a person at a terminal, to whom it is "
            "shown: do it there, or give a line on standard input."
        )


Here = Annotated[Place, Parameter(parse=False)]
"""What the command line gives to every command: nobody types it."""
