"""The rules of order: who sees whom, and what stands where."""

import ast
import importlib.util
from pathlib import Path

from house.reading import Function, House, Source, dotted
from house.rooms import BESIDE_PYTHON, DOORS, INSIDE, NO_PACKAGE, ROOMS, folders


def no_room_imports_a_later_one(house: House) -> list[str]:
    """`safeguarding` sees nobody, `config` sees it, `tasks` see both, `flows` see all."""
    rooms = tuple(ROOMS)
    return [
        f"{house.said(path, line)} imports {name}"
        for number, room in enumerate(rooms)
        for path in house.rooms[room]
        for name, line in house.imports(path)
        if name.split(".")[0] in rooms[number + 1 :]
    ]


def no_door_sees_another(house: House) -> list[str]:
    """What one door needs of another lies in a room below both: people may come by either alone."""
    return [
        f"{house.said(path, line)} imports {name}, of another door"
        for door in DOORS
        for path in house.rooms[door]
        for name, line in house.imports(path)
        if name.split(".")[0] in DOORS and name.split(".")[0] != door
    ]


def nothing_is_imported_relatively(house: House) -> list[str]:
    """An import says the whole name of what it imports, and each name: no `from . import x`, no `from x import *`."""
    return [
        f"{house.said(path, node.lineno)} imports {'.' * node.level}{node.module or ''}: {alias.name}"
        for path in house.product
        for node in house.source(path).nodes(ast.ImportFrom)
        for alias in node.names
        if node.level or alias.name == "*"
    ]


def each_folder_sees_those_before_it(house: House) -> list[str]:
    """The order inside each room is one list; nothing in it looks down the list."""
    wrong = []
    for folder, order in [*ROOMS.items(), *INSIDE.items()]:
        under = house.root / folder
        for path in house.python(folder):
            if (mine := place(path, order, under)) is None:
                continue
            for seen, line in house.ours(path):
                theirs = place(seen, order, under) if under in seen.parents else None
                if theirs is not None and theirs > mine:
                    wrong.append(f"{house.said(path, line)} looks down the list of {folder}/ at {house.said(seen)}")
    return wrong


def place(path: Path, order: tuple[str, ...], under: Path) -> int | None:
    """Where a file stands in an order of the folders and files under a folder."""
    inner = path.relative_to(under).with_suffix("").parts
    first = "" if len(inner) == 1 and inner[0] not in order else inner[0]
    return order.index(first) if first in order else None


def everything_has_its_place(house: House) -> list[str]:
    """A folder or a file that no list names stands nowhere, whatever it is called."""
    named, wrong = folders(), []
    for path in sorted(path for room in ROOMS for path in (house.root / room).rglob("*")):
        folder = house.said(path.parent)
        if path.is_dir() or "__pycache__" in path.parts:
            continue
        if path.suffix != ".py":
            fits = path.suffix in BESIDE_PYTHON.get(folder, ())
        elif folder in ROOMS or folder in INSIDE:
            order = {**ROOMS, **INSIDE}[folder]
            fits = path.name == "__init__.py" or place(path, order, path.parent) is not None
        else:
            fits = folder in named
        wrong += [] if fits else [f"{house.said(path)} has no place in the order"]
    return wrong


def every_folder_says_what_it_is_for(house: House) -> list[str]:
    """What holds Python is a package, and opens with the sentence that says what lies there."""
    found = {path.parent for path in house.product}
    return sorted(
        f"{house.said(folder)} has no __init__.py"
        for folder in found
        if not (folder / "__init__.py").is_file() and house.said(folder) not in NO_PACKAGE
    )


def every_module_opens_with_what_it_is_for(house: House) -> list[str]:
    """One sentence that a safeguarding manager would accept."""
    return [house.said(path) for path in house.product if not ast.get_docstring(house.source(path).tree)]


def no_module_takes_the_name_of_a_room(house: House) -> list[str]:
    """A file `flows/config.py` would shadow the package `config` when a flow is loaded by its path."""
    return [house.said(path) for path in house.product if path.stem in ROOMS]


def no_circle(house: House) -> list[str]:
    """No file imports, by way of others or not, a file that imports it: in functions and for types neither."""
    sees = {path: {seen for seen, _ in house.ours(path)} for path in house.product}
    return [" and ".join(sorted(house.said(path) for path in circle)) for circle in circles_in(sees)]


def circles_in(sees: dict[Path, set[Path]]) -> list[list[Path]]:
    """The groups of files that reach each other (Tarjan)."""
    index: dict[Path, int] = {}
    low: dict[Path, int] = {}
    stack: list[Path] = []
    found: list[list[Path]] = []

    def visit(path: Path) -> None:
        index[path] = low[path] = len(index)
        stack.append(path)
        for seen in sees[path]:
            if seen not in index:
                visit(seen)
                low[path] = min(low[path], low[seen])
            elif seen in stack:
                low[path] = min(low[path], index[seen])
        if low[path] == index[path]:
            group = stack[stack.index(path) :]
            del stack[stack.index(path) :]
            if len(group) > 1:
                found.append(group)

    for path in sees:
        if path not in index:
            visit(path)
    return found


def the_top_of_flows_holds_flows(house: House) -> list[str]:
    """One flow a file, and nothing else; the short forms beside the stages are made together in one."""
    wrong = []
    for path in (house.root / "flows").glob("*.py"):
        source = house.source(path)
        flows = [
            one for one in source.tree.body if isinstance(one, Function) and decorated(source, one, "prefect.flow")
        ]
        if path.name not in ("__init__.py", "beside_the_stages.py") and len(flows) != 1:
            wrong.append(f"{house.said(path)}: {len(flows)} flows")
    return wrong


def the_top_of_tasks_holds_tasks(house: House) -> list[str]:
    """What anybody may call there is a Prefect task; what the tasks do lies in the folders and knows no Prefect."""
    wrong = []
    for path in (path for path in (house.root / "tasks").glob("*.py") if path.name != "__init__.py"):
        source = house.source(path)
        functions = [one for one in source.tree.body if isinstance(one, Function)]
        open_ones = [one for one in functions if not one.name.startswith("_")]
        wrong += [
            f"{house.said(path, one.lineno)}: {one.name} is no task"
            for one in open_ones
            if not decorated(source, one, "prefect.task")
        ]
        wrong += [] if open_ones else [f"{house.said(path)}: no task"]
    return wrong


def decorated(source: Source, function: Function, by: str) -> bool:
    """Whether a function stands under this decorator: the one of that full name, not another of the same."""
    made = [one.func if isinstance(one, ast.Call) else one for one in function.decorator_list]
    return any(source.full(one) == {by} and dotted(one).split(".")[0] not in source.made for one in made)


def each_room_is_this_projects_own(house: House) -> list[str]:
    """`config`, `tasks` and `flows` are plain names: none may come from somewhere else on the machine."""
    found = {room: importlib.util.find_spec(room) for room in ROOMS}
    origins = {room: str(spec and spec.origin) for room, spec in found.items()}
    return [
        f"{room} comes from {origin}" for room, origin in origins.items() if not origin.startswith(f"{house.root}/")
    ]


RULES = (
    no_room_imports_a_later_one,
    no_door_sees_another,
    nothing_is_imported_relatively,
    each_folder_sees_those_before_it,
    everything_has_its_place,
    every_folder_says_what_it_is_for,
    every_module_opens_with_what_it_is_for,
    no_module_takes_the_name_of_a_room,
    no_circle,
    the_top_of_flows_holds_flows,
    the_top_of_tasks_holds_tasks,
    each_room_is_this_projects_own,
)
