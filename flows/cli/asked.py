"""
A question put wrongly on the command line, said in words: what is not known, what is missing, what cannot be read.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from cyclopts import (
    App,
    Argument,
    CoercionError,
    ConsumeMultipleError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
    ValidationError,
)

PROGRAM = "safeguarding"
WITH_EVERY_COMMAND = ("--json", "--demo", "--help")
NEAR = 0.6
"""How alike two names must be, from 0 to 1, for one to be meant by the other."""


def wrongly(error: CycloptsError) -> str:
    """What is wrong with a question, and how it is asked."""
    of = " ".join([PROGRAM, *(error.command_chain or ())])
    return f"{_what(error, of)} `{of} --help` shows how it is asked."


def _what(error: CycloptsError, of: str) -> str:
    match error:
        case UnknownCommandError():
            return _no_command(error, of)
        case UnknownOptionError():
            given = error.token.keyword or error.token.value
            known = [name for option in error.argument_collection if option.parse for name in option.names]
            return f"`{of}` has no option {given}.{_perhaps(given, [*known, *WITH_EVERY_COMMAND])}"
        case UnusedCliTokensError():
            return f"`{of}` takes less: what is '{' '.join(error.unused_tokens or ())}'?"
        case ConsumeMultipleError():
            return f"{error.keyword} needs at least one {_value(error.argument)} after it."
        case MissingArgumentError() if error.keyword:
            return f"{error.keyword} needs {_value(error.argument)} after it."
        case MissingArgumentError():
            return f"`{of}` needs {_and(_missing(error))}."
        case RepeatArgumentError():
            return f"{error.token.keyword} is given twice."
        case ValidationError():
            return f"{error.exception_message}."
        case CoercionError():
            return _unread(error)
    return str(error)


def _no_command(error: UnknownCommandError, of: str) -> str:
    asked = (error.unused_tokens or [""])[0]
    if asked.startswith("-"):
        return f"`{of}` has no option {asked}.{_perhaps(asked, WITH_EVERY_COMMAND)}"
    names = sorted(_commands(error.app)) if error.app else []
    near = _perhaps(asked, names) or _perhaps(asked, {name.rpartition(" ")[2]: name for name in names})
    return f"`{of}` has no command '{asked}'.{near}"


def _commands(app: App, under: str = "") -> Iterator[str]:
    """Every command by its whole name: `list`, `ledger verify`."""
    for name, command in app.resolved_commands().items():
        if not name.startswith("-"):
            yield f"{under}{name}"
            yield from _commands(command, f"{under}{name} ")


def _perhaps(asked: str, known: Iterable[str] | dict[str, str]) -> str:
    said = known if isinstance(known, dict) else {name: name for name in known}
    near = [said[name] for name in difflib.get_close_matches(asked, said, n=3, cutoff=NEAR)]
    return f" Perhaps: {', '.join(near)}." if near else ""


def _missing(error: MissingArgumentError) -> list[str]:
    """Everything that is needed and was not given: the words in their order from the first that is missing, options."""
    tokens = [*(error.root_input_tokens or ())]
    before = tokens[: tokens.index("--")] if "--" in tokens else tokens  # What comes after it is no option.
    given = [token.partition("=")[0] for token in before]
    every = error.app.assemble_argument_collection() if error.app else ()
    needed = [one for one in every if one.required and one.parse and not one.children]
    words = [one.name for one in needed if one.is_positional_only()]
    first = error.argument.name if error.argument else ""
    options = [one for one in needed if not one.is_positional_only() and not set(one.names) & set(given)]
    return [*(words[words.index(first) :] if first in words else []), *(f"{one.name} {_value(one)}" for one in options)]


def _value(argument: Argument | None) -> str:
    return (argument.parameter.metavar if argument else None) or "something"


def _unread(error: CoercionError) -> str:
    token, argument = error.token, error.argument
    option = f"{token.keyword}: " if token and token.keyword else ""
    given = token.value if token else ""
    choices = argument.get_choices() if argument else None
    if choices:
        return f"{option}'{given}' is none of: {', '.join(choices)}.{_perhaps(given, choices)}"
    if error.msg is not None:
        return f"{option}{error.msg}."
    if error.target_type is int:
        return f"{option}'{given}' is not a whole number."
    return f"{option}'{given}' cannot be read."


def _and(things: list[str]) -> str:
    *most, last = things
    return f"{', '.join(most)} and {last}" if most else last
