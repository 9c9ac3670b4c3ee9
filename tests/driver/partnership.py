"""The invented partnership as one mapping, for a test that changes it and writes it to a file of its own."""

from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from config.partnership_files import LOCAL, read_partnership


def example_as_one(folder: Traversable | None = None) -> dict[str, Any]:
    """Everything that the files of `config/partnership` say; `folder` is a copy of the configuration."""
    found = read_partnership((folder or files("config")).joinpath("partnership"), "partnership", [])
    assert found.data is not None
    return {**found.data, LOCAL: [entry for _, entry in found.local]}


def with_local(path: Path, local: list[dict[str, Any]], **besides: Any) -> Path:
    """The example in one file, with these steps as its whole `local` list and with other keys besides."""
    file = path / "mine.yaml"
    file.write_text(yaml.safe_dump({**example_as_one(), LOCAL: local, **besides}, sort_keys=False), "utf-8")
    return file


def own_step(rule_id: str, length: int | None, **keys: Any) -> dict[str, Any]:
    """A local step as a partnership writes it, of which a test says what matters to it."""
    edition = {"name": "OUR1", "from": date(2018, 7, 4), "confidence": "S", "citation": {"title": "Our flowchart"}}
    return {
        "id": rule_id,
        "name": rule_id.replace(".", "_"),
        "title": rule_id.rpartition(".")[2].replace("_", " "),
        "description": "A step of our own procedure.",
        "track": {"c": "children", "a": "adults", "x": "both"}[rule_id.split(".")[1]],
        "stage": "rapid_review",
        "counts": {"unit": "working_days"},
        "duty_holder": "the partnership",
        "owner": "business_manager",
        "level": "local",
        "editions": [edition if length is None else {**edition, "length": length}],
        **keys,
    }
