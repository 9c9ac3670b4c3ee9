"""The rules on words: one meaning for each, a door for every operation, and a file behind each path in a document."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from house.reading import House
from house.rooms import DOORS, ROOMS

FOLDERS = (*ROOMS, "tests", "docs", "deployments")
"""The project's folders that a document speaks of."""

MADE_LATER = {"deployments/secrets/": "the operator makes it, and git does not see it"}
"""Paths that are not in the project, and why a document names them all the same."""


def one_word_has_one_meaning(house: House) -> list[str]:
    """No two classes of the product share a name, wherever they stand, nor does anything else take the name of one."""
    places = defaultdict(list)
    for path in house.product:
        for node in house.source(path).nodes(ast.ClassDef):
            places[node.name].append(house.said(path, node.lineno))
    twice = [f"{name}: {' and '.join(found)}" for name, found in places.items() if len(found) > 1]
    return twice + [words for path in house.product for words in taken(house, path, {*places})]


def taken(house: House, path: Path, classes: set[str]) -> Iterator[str]:
    """
    Where a file gives the name of a class of ours to something else: by an import, or by an assignment.

    What a library calls a `State` or a `Row` itself is the library's word.
    """
    source = house.source(path)
    for node in source.nodes(ast.Import, ast.ImportFrom):
        for alias in (one for one in node.names if one.asname in classes and one.asname != one.name):
            yield f"{house.said(path, node.lineno)}: {alias.name} is called {alias.asname}"
    for stored in source.nodes(ast.Name):
        if isinstance(stored.ctx, ast.Store) and stored.id in classes:
            yield f"{house.said(path, stored.lineno)}: {stored.id} is given to something else"


def every_operation_of_the_record_has_a_door(house: House) -> list[str]:
    """What `Records` can do is asked for by a door, or by a task that a door asks for."""
    home = house.root / "tasks" / "record" / "records.py"
    (records,) = (node for node in house.source(home).nodes(ast.ClassDef) if node.name == "Records")
    operations = {node.name for node in records.body if isinstance(node, ast.FunctionDef) if node.name[0] != "_"}
    asked = {
        node.attr
        for room in ("tasks", *DOORS)
        for path in house.rooms[room]
        if path != home
        for node in house.source(path).nodes(ast.Attribute)
        if node.attr in operations and ast.unparse(node.value).endswith("records")
    }
    return sorted(operations - asked)


def every_path_in_the_documents_exists(house: House) -> list[str]:
    """What a document names of the project is there: a file that moved is named by where it is now."""
    wrong = []
    for page in [*sorted(house.root.glob("*.md")), *sorted((house.root / "docs").rglob("*.md"))]:
        for number, line in enumerate(page.read_text().splitlines(), 1):
            wrong += [f"{house.said(page, number)}: {path}" for path in paths_in(line) if missing(house, path)]
    return wrong


def paths_in(line: str) -> list[str]:
    """The paths in a line of a document, in backticks, in a command or in a link, that begin with a folder of ours."""
    return re.findall(rf"(?<![\w/.-])(?:{'|'.join(FOLDERS)})/[\w./-]*[\w/]", line)


def missing(house: House, path: str) -> bool:
    """Whether a path is neither there nor made later."""
    return path not in MADE_LATER and not (house.root / path).exists()


RULES = (
    one_word_has_one_meaning,
    every_operation_of_the_record_has_a_door,
    every_path_in_the_documents_exists,
)
