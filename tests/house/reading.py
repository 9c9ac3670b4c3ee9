"""How the rules read the house: its files, what each imports, and what a name in it stands for."""

import ast
import builtins
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from house.rooms import ROOMS

ROOT = Path(__file__).resolve().parent.parent.parent
Function = ast.FunctionDef | ast.AsyncFunctionDef
LITERAL = ast.Tuple | ast.List | ast.Set


def dotted(node: ast.AST | None) -> str:
    """A chain of names as it is written, `a.b.c`; nothing for any other expression."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (inner := dotted(node.value)):
        return f"{inner}.{node.attr}"
    return ""


@cache
def ways_in(name: str) -> tuple[str, ...]:
    """A full name and what it lies in: `a.b.c`, `a.b`, `a`."""
    return (name, *ways_in(name.rpartition(".")[0])) if "." in name else (name,)


def lies_in(name: str, others: Collection[str]) -> bool:
    """Whether a full name is one of these, or something inside of one."""
    return any(one in others for one in ways_in(name))


class Source:
    """One file's text: parsed once, its nodes by kind, and what its names stand for."""

    def __init__(self, text: str) -> None:
        self.tree = ast.parse(text)
        self._nodes: dict[type[ast.AST], list[Any]] = defaultdict(list)
        for node in ast.walk(self.tree):
            self._nodes[type(node)].append(node)
        self.names = self._by_import()
        """What each name of the file may stand for, whole: `dt` is `datetime.datetime`."""
        self._full: dict[ast.AST, set[str]] = {}
        self._follow()

    def nodes(self, *kinds: type[ast.AST]) -> list[Any]:
        """Every node of these kinds, wherever it stands."""
        return [node for kind in kinds for node in self._nodes.get(kind, ())]

    @cached_property
    def functions(self) -> list[Function]:
        """Every function, wherever it stands."""
        return self.nodes(ast.FunctionDef, ast.AsyncFunctionDef)

    @cached_property
    def made(self) -> set[str]:
        """The names that the file itself defines or sets."""
        defined = {node.name for node in [*self.functions, *self.nodes(ast.ClassDef)]}
        return defined | {node.id for node in self.nodes(ast.Name) if isinstance(node.ctx, ast.Store)}

    def _by_import(self) -> dict[str, set[str]]:
        """What each name of the file stands for by an import."""
        found: dict[str, set[str]] = defaultdict(set)
        for plain in self.nodes(ast.Import):
            for alias in plain.names:
                top = alias.name.split(".")[0]
                found[alias.asname or top].add(alias.name if alias.asname else top)
        for node in self.nodes(ast.ImportFrom):
            for alias in node.names:
                found[alias.asname or alias.name].add(f"{node.module}.{alias.name}")
        return found

    def _follow(self) -> None:
        """Add what each name stands for because it was given another; three rounds, for names given on and on."""
        given = [(dotted(target), value) for target, value in self._given() if dotted(target)]
        for _ in range(3):
            for target, value in given:
                known = self.names.get(target, set())
                if fresh := {one for one in self.full(value) if not lies_in(one, known)}:
                    self.names[target] = known | fresh
                    self._full.clear()

    def _given(self) -> Iterator[tuple[ast.AST, ast.expr]]:
        """Each name or attribute of the file with an expression that it is given."""
        for node in self.nodes(ast.Assign):
            for target in node.targets:
                yield from _pairs(target, node.value)
        for one in self.nodes(ast.AnnAssign, ast.NamedExpr):
            if one.value is not None:
                yield one.target, one.value
        for loop in self.nodes(ast.For, ast.AsyncFor, ast.comprehension):
            if isinstance(loop.iter, LITERAL):
                yield from (pair for value in loop.iter.elts for pair in _pairs(loop.target, value))
        for function in [*self.functions, *self.nodes(ast.Lambda)]:
            places, defaults = [*function.args.posonlyargs, *function.args.args], function.args.defaults
            known: list[Any] = [*zip(places[len(places) - len(defaults) :], defaults, strict=True)]
            known += zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
            yield from ((ast.Name(place.arg), value) for place, value in known if value)

    def full(self, node: ast.AST) -> set[str]:
        """The full names of what an expression may stand for; none where that is not known."""
        if node not in self._full:
            self._full[node] = self._looked_up(node)
        return self._full[node]

    def _looked_up(self, node: ast.AST) -> set[str]:
        if (written := dotted(node)) in self.names:
            return set(self.names[written])
        match node:
            case ast.Attribute(value=inner, attr=name):
                return {f"{one}.{name}" for one in self.full(inner)}
            case ast.Name(id=name) if hasattr(builtins, name):
                return {f"builtins.{name}"}
            case ast.Call(func=called, args=[held, ast.Constant(value=str(name)), *_]):
                return {f"{one}.{name}" for one in self.full(held) if "builtins.getattr" in self.full(called)}
            case ast.Call(func=called, args=[ast.Constant(value=str(name))]):
                return {name} if "importlib.import_module" in self.full(called) else set()
            case ast.IfExp(body=one, orelse=other):
                return self.full(one) | self.full(other)
            case ast.BoolOp(values=several):
                return set().union(*map(self.full, several))
            case ast.Subscript(value=inner):  # `Generic[V]`, and an item of what belongs to somebody
                return self.full(inner)
        return set()

    @cached_property
    def imported(self) -> set[tuple[str, int]]:
        """The full name of everything that the file imports, with its line."""
        found = {(alias.name, node.lineno) for node in self.nodes(ast.Import) for alias in node.names}
        named = [(node, alias) for node in self.nodes(ast.ImportFrom) for alias in node.names]
        return found | {(f"{node.module}.{alias.name}", node.lineno) for node, alias in named}

    @cached_property
    def mentions(self) -> set[tuple[str, int]]:
        """The full name of everything that the file imports or speaks of, with its line."""
        found = {*self.imported}
        for spoken in self.nodes(ast.Name, ast.Attribute):
            found |= {(one, spoken.lineno) for one in self.full(spoken)}
        return found


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What is given to what; where both are written in parts, part by part."""
    if isinstance(target, LITERAL) and isinstance(value, LITERAL) and len(target.elts) == len(value.elts):
        for one, other in zip(target.elts, value.elts, strict=True):
            yield from _pairs(one, other)
    else:
        yield target, value


source = cache(Source)
"""A text, parsed once for every rule and every house that holds it."""


class House:
    """The files under a folder, the project's own or a copy of it."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self._sources: dict[Path, Source] = {}

    def source(self, path: Path) -> Source:
        """A file, read once."""
        if path not in self._sources:
            self._sources[path] = source(path.read_text())
        return self._sources[path]

    def python(self, folder: str) -> list[Path]:
        """Every Python file under a folder."""
        return [path for path in sorted((self.root / folder).rglob("*.py")) if "__pycache__" not in path.parts]

    @cached_property
    def rooms(self) -> dict[str, list[Path]]:
        """Every Python file of each room."""
        return {room: self.python(room) for room in ROOMS}

    @cached_property
    def product(self) -> list[Path]:
        """Every Python file of the product."""
        return [path for paths in self.rooms.values() for path in paths]

    @cached_property
    def known(self) -> dict[str, Path]:
        """Every module of ours by the name under which it is imported."""
        return {self.name_of(path): path for path in self.product}

    def name_of(self, path: Path) -> str:
        """The name under which a file is imported."""
        parts = path.relative_to(self.root).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def imports(self, path: Path) -> Iterator[tuple[str, int]]:
        """The full name of everything that a file imports, in functions and for types too, with its line."""
        for plain in self.source(path).nodes(ast.Import):
            yield from ((alias.name, plain.lineno) for alias in plain.names)
        for node in self.source(path).nodes(ast.ImportFrom):
            for alias in node.names if node.module else ():
                whole = f"{node.module}.{alias.name}"
                yield (whole if whole in self.known else str(node.module)), node.lineno

    def ours(self, path: Path) -> Iterator[tuple[Path, int]]:
        """The files of ours that a file imports."""
        for name, line in self.imports(path):
            if self.known.get(name, path) != path:
                yield self.known[name], line

    def said(self, path: Path, line: int | None = None) -> str:
        """A file as a reader finds it."""
        return f"{path.relative_to(self.root)}{f':{line}' if line else ''}"


Rule = Callable[[House], list[str]]
"""A rule of the house: what breaks it, line by line, in words for whoever has to mend it."""


class Found(NamedTuple):
    """Something that a rule met: where, and what, as it is named where it may stand."""

    file: str
    what: str
    line: int


def beyond(found: Iterable[Found], named: Mapping[tuple[str, str], str]) -> list[str]:
    """What was found and is not named with its reason; and what is named, and is not there any more."""
    met = list(found)
    stale = named.keys() - {(one.file, one.what) for one in met}
    return [
        *sorted({f"{one.file}:{one.line}: {one.what}" for one in met if (one.file, one.what) not in named}),
        *sorted(f"{file}: {what} is named as an exception, and is not there" for file, what in stale),
    ]
