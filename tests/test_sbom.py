"""The list of what the program is made of says packages and hashes, and no address that one was fetched from."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from driver.sbom import with_vendored, without_hosts

HASHES = [{"alg": "SHA-256", "content": "5a81"}]


def written(**changes: Any) -> dict[str, Any]:
    """What the tool writes, of one package."""
    package = {
        "type": "library",
        "name": "left-pad",
        "purl": "pkg:pypi/left-pad@1.0",
        "externalReferences": [
            {
                "type": "distribution",
                "comment": "implicit dist url",
                "hashes": HASHES,
                "url": "https://index.example/simple/left-pad/",
            }
        ],
    }
    tool = {"name": "the tool", "externalReferences": [{"type": "website", "url": "https://tool.example/"}]}
    return {"components": [{**package, **changes}], "metadata": {"tools": {"components": [tool]}}}


def test_a_package_is_known_by_its_name_and_hashes() -> None:
    """The address is gone, the hashes are not."""
    said = without_hosts(written())
    (package,) = said["components"]

    assert [{"type": "distribution", "hashes": HASHES, "url": "pkg:pypi/left-pad@1.0"}] == package["externalReferences"]
    assert ".example" not in json.dumps(said)


def test_what_is_no_package_of_the_lock_is_refused() -> None:
    """A tool that one day writes otherwise must not slip an address through."""
    with pytest.raises(ValueError, match="left-pad"):
        without_hosts(written(purl="pkg:generic/left-pad@1.0"))


def test_what_lies_in_the_programs_own_files_is_named_too() -> None:
    """GOV.UK Frontend is no package of Python: its version, its licence, and the hash of each file of it."""
    *packages, added = with_vendored(without_hosts(written()))["components"]

    assert 1 == len(packages)
    assert re.fullmatch(r"pkg:npm/govuk-frontend@\d+\.\d+\.\d+", added["purl"])
    assert [{"license": {"id": "MIT"}}] == added["licenses"]
    files = {file["name"].rpartition("/")[2]: file["hashes"][0]["content"] for file in added["components"]}
    assert {"LICENSE.txt", "govuk-frontend.min.css", "govuk-frontend.min.js"} == set(files)
    assert all(re.fullmatch("[0-9a-f]{64}", content) for content in files.values())


def test_a_package_that_lies_there_twice_is_refused(tmp_path: Path) -> None:
    """An old version left behind, or one without its licence, is no list of what the program is made of."""
    for version in ("6.5.0", "6.6.0"):
        (tmp_path / f"govuk-frontend-{version}").mkdir()
    with pytest.raises(ValueError, match="2 folders"):
        with_vendored(written(), tmp_path)
