"""The list of what the program is made of says packages and hashes, and no address that one was fetched from."""

from __future__ import annotations

import json
from typing import Any

import pytest
from driver.sbom import without_hosts

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
