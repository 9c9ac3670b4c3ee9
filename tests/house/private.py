"""The rules on private names: what begins with an underscore is its owner's, and may be gone tomorrow."""

import ast
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from house.reading import Found, Function, House, beyond, dotted
from house.rooms import ROOMS

PRIVATE = re.compile(r"_(?!_)\w*")

DOCUMENTED = {"_replace", "_asdict", "_fields", "_mapping"}
"""Names with an underscore that their owners document: those of NamedTuple, and of a row of SQLAlchemy."""

BY_STRING = ("builtins.getattr", "builtins.hasattr", "builtins.setattr", "builtins.delattr")
PICKERS = ("operator.attrgetter", "operator.methodcaller")

HERE: dict[tuple[str, str], str] = {
    ("flows/server/child.py", "os._exit"): "documented by Python, for the end of a forked child and for nothing else",
}
"""Where a private name of something else is used all the same, and why."""


def no_private_name_of_anothers_is_used(house: House) -> list[str]:
    """What begins with an underscore is asked of `self` and `cls` alone, and imported from nowhere."""
    return beyond((found for path in house.product for found in used(house, path)), HERE)


def used(house: House, path: Path) -> Iterator[Found]:
    """The private names of others in a file: as an attribute, as a string, in a pattern, by an import."""
    source, said = house.source(path), house.said(path)
    for node in source.nodes(ast.Attribute):
        its_own = dotted(node.value) in ("self", "cls") or node.attr in DOCUMENTED
        if PRIVATE.fullmatch(node.attr) and not its_own:
            yield Found(said, ast.unparse(node), node.lineno)
    for call in source.nodes(ast.Call):
        called = source.full(call.func)
        spoken = call.args[1:2] if called & {*BY_STRING} else call.args if called & {*PICKERS} else []
        for word in (one for one in spoken if isinstance(one, ast.Constant)):
            if any(PRIVATE.fullmatch(part) for part in str(word.value).split(".")):
                yield Found(said, ast.unparse(call), call.lineno)
    for pattern in source.nodes(ast.MatchClass):
        yield from (Found(said, name, pattern.lineno) for name in pattern.kwd_attrs if PRIVATE.fullmatch(name))
    for name, line in source.mentions:
        if any(PRIVATE.fullmatch(part) and part not in DOCUMENTED for part in name.split(".")):
            yield Found(said, name, line)


OVERRIDDEN: dict[tuple[str, str], str] = {}
"""Where a class of ours has a private name that a class of others has too, and why that is meant."""


def no_class_touches_what_it_inherits_privately(house: House) -> list[str]:
    """A subclass of what belongs to others neither uses nor hides a private name of it, by `self._x` or by a method."""
    return beyond((found for path in house.product for found in inherited(house, path)), OVERRIDDEN)


def inherited(house: House, path: Path) -> Iterator[Found]:
    """The private names in the classes of a file that some class of others above them has too."""
    source = house.source(path)
    for owner in source.nodes(ast.ClassDef):
        mine, said = dict(private_in(owner)), house.said(path)
        for base in owner.bases:
            if not source.full(base) and dotted(base) not in source.made:
                yield Found(said, f"{owner.name} inherits from {ast.unparse(base)}, which has no name", owner.lineno)
        for theirs in above(house, path, owner):
            for name in mine.keys() & names_of(theirs):
                yield Found(said, f"{owner.name}.{name} of {theirs}", mine[name])


def private_in(owner: ast.ClassDef) -> Iterator[tuple[str, int]]:
    """The private names that a class defines, sets or asks of itself."""
    for node in owner.body:
        names: list[str] = [node.name] if isinstance(node, Function) else []
        names += map(dotted, node.targets) if isinstance(node, ast.Assign) else ()
        names += [dotted(node.target)] if isinstance(node, ast.AnnAssign) else []
        yield from ((name, node.lineno) for name in names if PRIVATE.fullmatch(name))
    for spoken in (one for one in ast.walk(owner) if isinstance(one, ast.Attribute) and PRIVATE.fullmatch(one.attr)):
        if ast.unparse(spoken.value) in ("self", "cls", "super()", owner.name):
            yield spoken.attr, spoken.lineno


def above(house: House, path: Path, owner: ast.ClassDef) -> set[str]:
    """The classes of others that a class inherits from, by way of ours or not, by their full names."""
    source, found = house.source(path), set()
    local = {one.name: one for one in source.nodes(ast.ClassDef) if one is not owner}
    for base in owner.bases:
        plain = base.value if isinstance(base, ast.Subscript) else base
        if dotted(plain) in local:
            found |= above(house, path, local[dotted(plain)])
        for name in source.full(plain):
            module, _, last = name.rpartition(".")
            if name.split(".")[0] not in ROOMS:
                found.add(name)
            elif module in house.known:
                elsewhere = house.known[module]
                for one in house.source(elsewhere).nodes(ast.ClassDef):
                    found |= above(house, elsewhere, one) if one.name == last else set()
    return found


@cache
def names_of(base: str) -> frozenset[str]:
    """The private names that a class of others has, by itself or on its instances, as it is installed here."""
    owner = pkgutil.resolve_name(base)
    found = {name for name in dir(owner) if PRIVATE.fullmatch(name)}
    for one in getattr(owner, "__mro__", ()):
        if one.__module__.split(".")[0] not in ("builtins", "abc", "typing") and one.__module__ in sys.modules:
            try:
                text = inspect.getsource(one)
            except (OSError, TypeError):  # Written in C.
                continue
            found |= set(re.findall(r"\bself\.(_(?!_)\w+)", text))
    return frozenset(found)


RULES = (no_private_name_of_anothers_is_used, no_class_touches_what_it_inherits_privately)
