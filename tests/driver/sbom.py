"""
What the program is made of, without where it was fetched from: `make sbom` sends what its tool wrote through here.

The tool notes down the index's address for every package, which says nothing of a package and something of the machine.
Each is known by its package URL and its hashes. What the program brings along in files of its own, because it is no
package of Python, is added: GOV.UK Frontend, with the hash of each file.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

Json = dict[str, Any]
STATIC = Path(__file__).parents[2] / "pages" / "static"
VENDORED = "govuk-frontend"
"""The one package that lies in the program's own files: its folder is its name and version."""


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


def with_vendored(bom: Json, static: Path = STATIC) -> Json:
    """The list with what lies in the program's own files. Raises ValueError unless it is one version with licence."""
    folders = sorted(static.glob(f"{VENDORED}-*/"))
    if len(folders) != 1 or not (folders[0] / "LICENSE.txt").is_file():
        raise ValueError(f"{VENDORED} lies in {len(folders)} folders, or without its licence")
    (folder,) = folders
    version = folder.name.removeprefix(f"{VENDORED}-")
    package = f"pkg:npm/{VENDORED}@{version}"
    component = {
        "type": "library",
        "bom-ref": package,
        "name": VENDORED,
        "version": version,
        "purl": package,
        "licenses": [{"license": {"id": "MIT"}}],
        "components": [
            {
                "type": "file",
                "name": f"pages/static/{folder.name}/{file.name}",
                "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(file.read_bytes()).hexdigest()}],
            }
            for file in sorted(folder.iterdir())
        ],
    }
    return {**bom, "components": [*bom["components"], component]}


if __name__ == "__main__":
    json.dump(with_vendored(without_hosts(json.load(sys.stdin))), sys.stdout, indent=2)
    print()
