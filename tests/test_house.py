"""The rooms of the house: who may import whom, and what may be named where."""

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("safeguarding", "config", "tasks", "flows")
"""In the order in which they may see each other: each sees those before it."""

ONLY_IN = {
    "prefect": ("tasks", "flows"),
    "sqlalchemy": ("tasks",),
    "alembic": ("tasks",),
    "apprise": ("tasks",),
    "cryptography": ("tasks",),
    "jinja2": ("tasks",),
    "yaml": ("config", "flows"),
    "pydantic_settings": ("config",),
}
"""Outside packages that belong to certain rooms only."""


def modules(room: str) -> Iterator[Path]:
    """Every Python file of a room."""
    return (path for path in sorted((ROOT / room).rglob("*.py")) if "__pycache__" not in path.parts)


def imports(path: Path) -> Iterator[str]:
    """The full name of everything that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_no_room_imports_one_that_comes_after_it() -> None:
    """`safeguarding` sees nobody, `config` sees it, `tasks` see both, `flows` see all."""
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for number, room in enumerate(ROOMS)
        for path in modules(room)
        for name in imports(path)
        if name.split(".")[0] in ROOMS[number + 1 :]
    ]
    assert [] == wrong


def test_each_outside_package_stays_in_its_room() -> None:
    """The domain knows no database and no Prefect; only settings read the environment."""
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for room in ROOMS
        for path in modules(room)
        for name in imports(path)
        if room not in ONLY_IN.get(name.split(".")[0], ROOMS)
    ]
    assert [] == wrong


def test_nobody_below_the_doors_asks_what_time_it_is() -> None:
    """`now` and `today` are arguments everywhere below `flows`."""
    clocks = {"now", "utcnow", "today"}
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} asks {node.func.attr}()"
        for room in ROOMS[:-1]
        for path in modules(room)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in clocks
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "pendulum"}
    ]
    assert [] == wrong


def test_the_environment_is_read_in_one_place() -> None:
    """Settings come through `config.settings`; what Prefect's own processes need is set in `flows/surroundings`."""
    allowed = {"config/settings.py", "flows/surroundings.py"}
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ROOMS
        for path in modules(room)
        if str(path.relative_to(ROOT)) not in allowed
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]
    assert [] == wrong


def test_london_is_named_once() -> None:
    """The time zone of the law is named in the clock and nowhere else."""
    named = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in modules(room)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value == "Europe/London"
    ]
    assert ["safeguarding/clock.py"] == named


def test_each_room_is_this_projects_own() -> None:
    """`config`, `tasks` and `flows` are plain names: none may come from somewhere else on the machine."""
    found = {room: importlib.util.find_spec(room) for room in ROOMS}
    wrong = [room for room, spec in found.items() if spec is None or not str(spec.origin).startswith(str(ROOT))]
    assert [] == wrong


def test_no_module_takes_the_name_of_a_room() -> None:
    """A file `flows/config.py` would shadow the package `config` when a flow is loaded by its path."""
    taken = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in modules(room)
        if path.stem in ("config", "tasks", "flows")
    ]
    assert [] == taken


def test_every_module_opens_with_what_it_is_for() -> None:
    """One sentence that a safeguarding manager would accept."""
    silent = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in modules(room)
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert [] == silent
