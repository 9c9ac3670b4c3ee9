"""The invented partnership as one mapping, for a test that changes it and writes it to a file of its own."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from config.partnership_files import LOCAL, read_partnership


def example_as_one(folder: Traversable | None = None) -> dict[str, Any]:
    """Everything that the files of `config/partnership` say; `folder` is a copy of the configuration."""
    found = read_partnership((folder or files("config")).joinpath("partnership"), "partnership", [])
    assert found.data is not None
    return {**found.data, LOCAL: [entry for _, entry in found.local]}
