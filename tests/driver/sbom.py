"""
What the program is made of, without where it was fetched from: `make sbom` sends what its tool wrote through here.

The tool notes down the index's address for every package, which says nothing of a package and something of the machine.
Each is known by its package URL and its hashes.
"""

from __future__ import annotations

import json
import sys
from typing import Any

Json = dict[str, Any]


def without_hosts(bom: Json) -> Json:
    """The same list; where it said an address of a distribution it says the package, with the same hashes."""
    for component in bom["components"]:
        if component["type"] != "library" or not component["purl"].startswith("pkg:pypi/"):
            raise ValueError(f"not a package of the lock: {component['name']}")
        for reference in component.get("externalReferences", ()):
            reference["url"] = component["purl"]
            reference.pop("comment", None)
    for tool in bom["metadata"].get("tools", {}).get("components", ()):
        tool.pop("externalReferences", None)
    return bom


if __name__ == "__main__":
    json.dump(without_hosts(json.load(sys.stdin)), sys.stdout, indent=2)
    print()
