"""The rules on what is declared: every package of others by pyproject.toml, and none that nobody uses."""

import ast
import re
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

from house.reading import House
from house.rooms import ROOMS

ONLY_IN = {
    "prefect": ("tasks", "flows"),
    "sqlalchemy": ("tasks", "flows/server"),
    "alembic": ("tasks",),
    "apprise": ("tasks",),
    "cryptography": ("tasks", "flows/demo"),
    "jinja2": ("tasks", "pages"),
    "fastapi": ("pages",),
    "markdown_it": ("tasks",),
    "icalendar": ("safeguarding",),
    "docx": ("tasks",),
    "matplotlib": ("tasks/word",),
    "openpyxl": ("config", "tasks/export", "tasks/moving_in"),
    "orjson": ("tasks",),
    "yaml": ("config", "flows"),
    "pydantic_settings": ("config",),
}
"""Outside packages that belong to certain rooms or folders only."""

CALLED = {"pyyaml": "yaml", "markdown-it-py": "markdown_it", "pytest-xdist": "xdist", "python-docx": "docx"}
"""What a distribution is imported as, where that is another word than its own."""

OF_AN_EXTRA = {"aiosmtpd": ("demo", "flows/demo/post_catcher.py")}
"""What comes with an extra only, which one, and the one file that may import it, and says so where it is missing."""

NEVER_IMPORTED = {
    "async-timeout": "redis, which prefect imports, needs it below Python 3.11.3",
}
"""Dependencies that no line of ours imports, and why they are declared all the same."""

TOOLS = {
    "prefect-redis": "Prefect's server loads it by the names in deployments/scaled.env",
    "mypy": "a command of `make check`",
    "ruff": "a command of `make check`",
    "types-PyYAML": "mypy reads it",
    "time-machine": "pendulum moves the time of a test with it",
    "hatchling": "builds the project",
    "editables": "hatchling loads it where the project is installed to be changed",
}
"""Members of an extra that nothing imports, and why they are there."""


def project(house: House) -> Any:
    """What pyproject.toml declares."""
    return tomllib.loads((house.root / "pyproject.toml").read_text())["project"]


def called(dependencies: list[str]) -> dict[str, str]:
    """Dependencies by the name they are imported under."""
    names = [re.split(r"[\[<>=;~! ]", words)[0] for words in dependencies]
    return {CALLED.get(name, name.replace("-", "_")): name for name in names}


def extras(house: House) -> dict[str, dict[str, str]]:
    """The members of each extra by the name they are imported under."""
    return {name: called(members) for name, members in project(house)["optional-dependencies"].items()}


def outside(house: House) -> dict[str, set[str]]:
    """Every package of others that the product imports, with the files that do."""
    found = defaultdict(set)
    for path in house.product:
        for name, _ in house.imports(path):
            if (top := name.split(".")[0]) not in ROOMS and top not in sys.stdlib_module_names:
                found[top].add(house.said(path))
    return found


def outside_of_tests(house: House) -> dict[str, set[str]]:
    """Every package of others that the tests import, by a line or by its name, with the files that do."""
    folder, found = house.root / "tests", defaultdict(set)
    own = {path.stem for path in folder.iterdir()} | {*ROOMS}
    for path in house.python("tests"):
        for name, _ in [*house.imports(path), *named_imports(house, path)]:
            if (top := name.split(".")[0]) not in own and top not in sys.stdlib_module_names:
                found[top].add(house.said(path))
    return found


def named_imports(house: House, path: Path) -> list[tuple[str, int]]:
    """What a file imports by a string."""
    by_name = {"importlib.import_module", "pytest.importorskip"}
    calls = [node for node in house.source(path).nodes(ast.Call) if house.source(path).full(node.func) & by_name]
    constants = [(call.args[0], call.lineno) for call in calls if call.args]
    return [(str(one.value), line) for one, line in constants if isinstance(one, ast.Constant)]


def each_outside_package_stays_in_its_room(house: House) -> list[str]:
    """The domain knows no database and no Prefect; only settings read the environment."""
    wrong = []
    for package, places in ONLY_IN.items():
        files = outside(house).get(package, set())
        inside = {file: [place for place in places if file.startswith(f"{place}/")] for file in files}
        wrong += [f"{file} imports {package}" for file, found in inside.items() if not found]
        unused = {*places} - {place for found in inside.values() for place in found}
        wrong += [f"{package} may stand in {place}/, and does not" for place in sorted(unused)]
    return wrong


def every_import_is_declared(house: House) -> list[str]:
    """What a plain installation brings along by chance today may be gone tomorrow."""
    plain, of_extras, found = called(project(house)["dependencies"]), extras(house), outside(house)
    wrong = [f"{name}: {sorted(found[name])}" for name in sorted(found.keys() - plain.keys() - OF_AN_EXTRA.keys())]
    for name, (extra, file) in OF_AN_EXTRA.items():
        if name not in of_extras[extra] or found.get(name) != {file}:
            wrong.append(f"{name} is of the extra {extra}, for {file} alone: {sorted(found.get(name, ()))}")
    return wrong


def every_import_of_the_tests_is_declared(house: House) -> list[str]:
    """The tests, the benchmarks and the simulation import what the program or an extra declares."""
    known = called(project(house)["dependencies"]).keys() | {name for one in extras(house).values() for name in one}
    return [f"{name}: {sorted(files)}" for name, files in outside_of_tests(house).items() if name not in known]


def every_dependency_is_imported(house: House) -> list[str]:
    """What is declared is used, or says why it is there; and what says why is declared, and is not imported."""
    return unused(called(project(house)["dependencies"]), {*outside(house)}, NEVER_IMPORTED)


def every_member_of_an_extra_is_imported(house: House) -> list[str]:
    """What an extra brings is imported in the tests or in the program, or says why it is there."""
    members = {name: whole for one in extras(house).values() for name, whole in one.items()}
    return unused(members, {*outside(house), *outside_of_tests(house)}, TOOLS)


def unused(declared: dict[str, str], used: set[str], excepted: dict[str, str]) -> list[str]:
    """What is declared and not imported, but for the exceptions; and the exceptions that are none."""
    idle = {whole for name, whole in declared.items() if name not in used}
    return [
        *sorted(f"{name} is declared, and nothing imports it" for name in idle - excepted.keys()),
        *sorted(f"{name} is named as an exception, and is none" for name in excepted.keys() - idle),
    ]


RULES = (
    each_outside_package_stays_in_its_room,
    every_import_is_declared,
    every_import_of_the_tests_is_declared,
    every_dependency_is_imported,
    every_member_of_an_extra_is_imported,
)
