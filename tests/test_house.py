"""The rooms of the house: who may import whom, what may be named where, and that nothing stands in it unused."""

import ast
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS: dict[str, tuple[str, ...]] = {
    "safeguarding": (
        "values",
        "errors",
        "dates",
        "law",
        "review",
        "duties",
        "stages",
        "lifecycle",
        "notices",
        "questions",
        "shown",
    ),
    "config": ("bounded_files", "reading", "settings", "partnership_files", "checks", ""),
    "tasks": ("store", "post", "record", "events", ""),
    "flows": ("artifacts", "cards", "timed_runs", "", "server", "demo", "cli"),
}
"""
The rooms, and the folders and files in each, in the order in which they may see each other: each sees those before it.

"" is what stands at the top of a room itself.
"""

INSIDE: dict[str, tuple[str, ...]] = {
    "safeguarding/stages": ("beside", ""),
    "safeguarding/dates": ("london", "working_days", "counting", "standing", "day_by_day"),
    "safeguarding/law": ("milestones", "roles", "rule", "rung", "partnership", "rulebook", "editions_compared"),
    "safeguarding/review": (
        "typed_words",
        "states",
        "events",
        "review",
        "fold",
        "words",
        "forms",
        "offered",
        "criteria",
        "step",
        "conditions",
    ),
}
"""The order inside the folders where it can be told as one."""

ONLY_IN = {
    "prefect": ("tasks", "flows"),
    "sqlalchemy": ("tasks", "flows/server"),
    "alembic": ("tasks",),
    "apprise": ("tasks",),
    "cryptography": ("tasks", "flows/demo"),
    "jinja2": ("tasks",),
    "markdown_it": ("tasks",),
    "icalendar": ("safeguarding",),
    "yaml": ("config", "flows"),
    "pydantic_settings": ("config",),
}
"""Outside packages that belong to certain rooms or folders only."""

CALLED = {"pyyaml": "yaml", "markdown-it-py": "markdown_it", "prefect-redis": "prefect_redis"}
"""What a distribution is imported as, where that is another word than its own."""

OF_AN_EXTRA = {"aiosmtpd": ("demo", "flows/demo/post_catcher.py")}
"""What comes with an extra only, which one, and the one file that may import it, and says so where it is missing."""

NEVER_IMPORTED = {
    "psycopg": "SQLAlchemy loads it by the name of the driver",
    "fastapi": "prefect is built on it, and fails at start with a release beyond the bound",
    "async-timeout": "redis, which prefect imports, needs it below Python 3.11.3",
}
"""Dependencies that no line of ours imports, and why they are declared all the same."""


@cache
def tree(path: Path) -> ast.Module:
    """A file, parsed once for every rule."""
    return ast.parse(path.read_text())


def modules(room: str) -> list[Path]:
    """Every Python file of a room."""
    return [path for path in sorted((ROOT / room).rglob("*.py")) if "__pycache__" not in path.parts]


def everything() -> list[Path]:
    """Every Python file of the product."""
    return [path for room in ROOMS for path in modules(room)]


def name_of(path: Path) -> str:
    """The name under which a file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """The full name of everything that a file imports, in functions and for types too, with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield (whole if whole in known() else node.module), node.lineno


@cache
def known() -> dict[str, Path]:
    """Every module of ours by its name."""
    return {name_of(path): path for path in everything()}


def ours(path: Path) -> Iterator[tuple[Path, int]]:
    """The files of ours that a file imports."""
    for name, line in imports(path):
        if name in known() and known()[name] != path:
            yield known()[name], line


def place(path: Path, order: tuple[str, ...], under: Path) -> int | None:
    """Where a file stands in an order of the folders and files under a folder."""
    inner = path.relative_to(under).with_suffix("").parts
    first = inner[0] if inner[0] in order and (len(inner) > 1 or inner[0] != "__init__") else ""
    return order.index(first) if first in order else None


def said(path: Path, line: int | None = None) -> str:
    """A file as a reader finds it."""
    return f"{path.relative_to(ROOT)}{f':{line}' if line else ''}"


# --------------------------------------------------------------------------- who sees whom


def test_no_room_imports_one_that_comes_after_it() -> None:
    """`safeguarding` sees nobody, `config` sees it, `tasks` see both, `flows` see all."""
    rooms = tuple(ROOMS)
    wrong = [
        f"{said(path, line)} imports {name}"
        for number, room in enumerate(rooms)
        for path in modules(room)
        for name, line in imports(path)
        if name.split(".")[0] in rooms[number + 1 :]
    ]
    assert [] == wrong


def test_each_folder_sees_only_those_before_it() -> None:
    """The order inside each room is one list; nothing in it looks down the list."""
    wrong = []
    for folder, order in [*ROOMS.items(), *INSIDE.items()]:
        under = ROOT / folder
        for path in (path for path in modules(folder) if path != under / "__init__.py" or "" in order):
            mine = place(path, order, under)
            assert mine is not None, f"{said(path)} has no place in the order of {folder}/: {order}"
            for seen, line in ours(path):
                theirs = place(seen, order, under) if under in seen.parents else None
                if theirs is not None and theirs > mine:
                    wrong.append(f"{said(path, line)} looks down the list of {folder}/ at {said(seen)}")
    assert [] == wrong


def test_no_circle() -> None:
    """No file imports, by way of others or not, a file that imports it: in functions and for types neither."""
    sees = {path: {seen for seen, _ in ours(path)} for path in everything()}
    circles = [sorted(said(path) for path in circle) for circle in circles_in(sees)]
    assert [] == circles


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


# --------------------------------------------------------------------------- what stands where


def test_the_top_of_flows_holds_flows_and_nothing_else() -> None:
    """One flow a file; the short forms beside the stages are made together in one."""
    wrong = []
    for path in (ROOT / "flows").glob("*.py"):
        flows = [node.name for node in tree(path).body if decorated(node, "flow")]
        if path.name not in ("__init__.py", "beside_the_stages.py") and len(flows) != 1:
            wrong.append(f"{said(path)}: {len(flows)} flows")
    assert [] == wrong


def decorated(node: ast.stmt, by: str) -> bool:
    """Whether a function stands under this decorator."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    made = [one.func if isinstance(one, ast.Call) else one for one in node.decorator_list]
    return any(isinstance(one, ast.Name) and one.id == by for one in made)


def test_the_top_of_tasks_holds_tasks_and_nothing_else() -> None:
    """What anybody may call there is a Prefect task; what the tasks do lies in the folders and knows no Prefect."""
    wrong = []
    for path in (path for path in (ROOT / "tasks").glob("*.py") if path.name != "__init__.py"):
        functions = [node for node in tree(path).body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        wrong += [said(path, one.lineno) for one in functions if one.name[0] != "_" and not decorated(one, "task")]
        if not functions:
            wrong.append(said(path))
    assert [] == wrong


def test_each_outside_package_stays_in_its_room() -> None:
    """The domain knows no database and no Prefect; only settings read the environment."""
    wrong = [
        f"{said(path, line)} imports {name}"
        for room in ROOMS
        for path in modules(room)
        for name, line in imports(path)
        if not said(path).startswith(ONLY_IN.get(name.split(".")[0], tuple(ROOMS)))
    ]
    assert [] == wrong


def test_one_word_has_one_meaning() -> None:
    """No two classes of the product share a name."""
    places = defaultdict(list)
    for path in everything():
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(said(path, node.lineno))
    assert {} == {name: found for name, found in places.items() if len(found) > 1}


def test_every_module_opens_with_what_it_is_for() -> None:
    """One sentence that a safeguarding manager would accept."""
    assert [] == [said(path) for path in everything() if not ast.get_docstring(tree(path))]


def test_no_module_takes_the_name_of_a_room() -> None:
    """A file `flows/config.py` would shadow the package `config` when a flow is loaded by its path."""
    assert [] == [said(path) for path in everything() if path.stem in ("config", "tasks", "flows")]


# --------------------------------------------------------------------------- what belongs to others

OF_OTHERS = ("prefect", "apprise", "sqlalchemy")
"""Libraries that are used as they are: nothing in them is replaced, and no private name of theirs is used."""


def names_of_others(path: Path) -> set[str]:
    """What a file calls the things that it imports from those libraries."""
    return {
        alias.asname or (alias.name.split(".")[0] if isinstance(node, ast.Import) else alias.name)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if (node.module or "" if isinstance(node, ast.ImportFrom) else alias.name).split(".")[0] in OF_OTHERS
    }


def belongs_to(node: ast.expr, names: set[str]) -> bool:
    """Whether an expression is one of these names or something inside of it: `engine.thing.part`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in names


def replaced(path: Path) -> Iterator[int]:
    """The lines that set, delete or patch an attribute of what belongs to others."""
    names = names_of_others(path)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            if belongs_to(node.value, names):
                yield node.lineno
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("setattr", "delattr", "object"):
            yield from [node.lineno] * (bool(node.args) and belongs_to(node.args[0], names))


def private(path: Path) -> Iterator[int]:
    """The lines that use a name of others which begins with an underscore."""
    names = names_of_others(path)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and re.match(r"_(?!_)", node.attr) and belongs_to(node.value, names):
            yield node.lineno
        elif isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            whole = [f"{module}.{alias.name}" for alias in node.names]
            if any(one.strip(".").split(".")[0] in OF_OTHERS and "._" in one for one in whole):
                yield node.lineno


def test_nothing_of_others_is_replaced() -> None:
    """No attribute of Prefect, Apprise or SQLAlchemy is set: what hangs on one falls off with their next release."""
    assert [] == [said(path, line) for path in everything() for line in replaced(path)]


def test_no_private_name_of_others_is_used() -> None:
    """What begins with an underscore may be gone tomorrow."""
    assert [] == [said(path, line) for path in everything() for line in private(path)]


# --------------------------------------------------------------------------- what is declared


def project() -> Any:
    """What pyproject.toml declares."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]


def called(dependencies: list[str]) -> dict[str, str]:
    """Dependencies by the name they are imported under."""
    names = [re.split(r"[\[<>=;~ ]", words)[0] for words in dependencies]
    return {CALLED.get(name, name.replace("-", "_")): name for name in names}


def declared() -> dict[str, str]:
    """The dependencies of the product by the name they are imported under."""
    return called(project()["dependencies"])


def outside() -> dict[str, set[str]]:
    """Every package of others that the product imports, with the files that do."""
    found = defaultdict(set)
    for path in everything():
        for name, _ in imports(path):
            top = name.split(".")[0]
            if top not in ROOMS and top not in sys.stdlib_module_names:
                found[top].add(said(path))
    return found


def test_every_import_is_declared() -> None:
    """What a plain installation brings along by chance today may be gone tomorrow."""
    extras = project()["optional-dependencies"]
    for name, (extra, file) in OF_AN_EXTRA.items():
        assert name in called(extras[extra]) and {file} == outside()[name]
    known = declared().keys() | OF_AN_EXTRA.keys()
    assert {} == {name: sorted(files) for name, files in outside().items() if name not in known}


def test_every_dependency_is_imported() -> None:
    """What is declared is used, or says why it is there."""
    used = outside()
    unused = [name for module, name in declared().items() if module not in used and name not in NEVER_IMPORTED]
    assert [] == unused


def test_each_room_is_this_projects_own() -> None:
    """`config`, `tasks` and `flows` are plain names: none may come from somewhere else on the machine."""
    found = {room: importlib.util.find_spec(room) for room in ROOMS}
    wrong = [room for room, spec in found.items() if spec is None or not str(spec.origin).startswith(str(ROOT))]
    assert [] == wrong


# --------------------------------------------------------------------------- that these rules can fail

PLANTED = {
    "a circle, hidden in a function": (
        "safeguarding/dates/counting.py",
        "\n\ndef _late() -> None:\n    import safeguarding.law.rulebook\n",
        "no_circle",
    ),
    "an import that is not declared": ("tasks/store/session.py", "\nimport docker\n", "every_import_is_declared"),
    "a dependency that nobody uses": (
        "pyproject.toml",
        'dependencies = [\n  "left-pad==1.0",',
        "every_dependency_is_imported",
    ),
    "a file at the top of flows/ that is no flow": (
        "flows/helpers.py",
        '"""Helps."""\n',
        "the_top_of_flows_holds_flows",
    ),
    "an attribute of Prefect that is replaced": (
        "flows/server/server.py",
        "\nimport prefect.settings\nprefect.settings.Settings = None\n",
        "nothing_of_others_is_replaced",
    ),
}
"""A fault, where it is planted, what is planted (in pyproject.toml: instead of its opening) and what must find it."""


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house."""
    copy = tmp_path_factory.mktemp("house") / "copy"
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "tests").mkdir()
    for file in ("pyproject.toml", "tests/test_house.py"):
        shutil.copy(ROOT / file, copy / file)
    return copy


@pytest.mark.parametrize("fault", [None, *PLANTED])
def test_a_planted_fault_is_found(copied: Path, fault: str | None) -> None:
    """Each is planted in a copy of the house, where the rule that it breaks fails; without any of them all hold."""
    where, planted, rule = PLANTED.get(fault or "", ("", "", "not planted"))
    file = copied / where
    before = file.read_text() if file.is_file() else None
    if where == "pyproject.toml":
        file.write_text((before or "").replace("dependencies = [", planted, 1))
    elif where:
        file.write_text((before or "") + planted)
    try:
        found = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-k", rule, "-p", "no:cacheprovider", "tests/test_house.py"],
            cwd=copied,
            env={**os.environ, "PYTHONPATH": str(copied)},
            capture_output=True,
            text=True,
        )
    finally:
        if before is not None:
            file.write_text(before)
        elif where:
            file.unlink()
    assert found.returncode == (1 if fault else 0), found.stdout


# --------------------------------------------------------------------------- time and place


def test_nobody_below_the_doors_asks_what_time_it_is() -> None:
    """`now` and `today` are arguments everywhere below `flows`; the one place that knows the time is asked by doors."""
    clocks = {"now", "utcnow", "today"}
    allowed = ROOT / "safeguarding" / "dates" / "london.py"
    wrong = []
    for room in tuple(ROOMS)[:-1]:
        for path in (path for path in modules(room) if path != allowed):
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in clocks:
                    whose = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
                    wrong += [f"{said(path, node.lineno)} asks {whose}"] * (whose in {"datetime", "date", "pendulum"})
                if isinstance(node, ast.ImportFrom) and node.module == "safeguarding.dates.london":
                    wrong += [f"{said(path, node.lineno)} imports now" for one in node.names if one.name == "now"]
    assert [] == wrong


def test_the_environment_is_read_in_one_place() -> None:
    """Settings come through `config.settings`; what Prefect's own processes need is set in one file of the doors."""
    allowed = {"config/settings.py", "flows/server/prefect_settings.py"}
    wrong = [
        said(path, node.lineno)
        for path in everything()
        if said(path) not in allowed
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]
    assert [] == wrong


def test_london_is_named_once() -> None:
    """The time zone of the law is named in one place and nowhere else."""
    named = [
        said(path)
        for path in everything()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and node.value == "Europe/London"
    ]
    assert ["safeguarding/dates/london.py"] == named


def test_every_operation_of_the_record_has_a_door() -> None:
    """What `Records` can do is asked for by a door, or by a task that a door asks for."""
    home = ROOT / "tasks" / "record" / "records.py"
    (records,) = (node for node in tree(home).body if isinstance(node, ast.ClassDef) and node.name == "Records")
    operations = {node.name for node in records.body if isinstance(node, ast.FunctionDef) if node.name[0] != "_"}
    asked = {
        node.attr
        for room in ("tasks", "flows")
        for path in modules(room)
        if path != home
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("records")
    }
    assert set() == operations - asked
