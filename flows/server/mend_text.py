"""
Characters that no database can keep, replaced before Prefect's server reads them.

Half of a cut emoji or a stray null in a pasted text, once stored, makes every answer that repeats it fail: the
runner could then no longer read what is due, and one form would stop all of them.
"""

from __future__ import annotations

import json
from typing import Any

INSTEAD = "\N{REPLACEMENT CHARACTER}"
SUSPICIOUS = (b"\\ud", b"\\uD", b"\\u0000")
"""How such a character looks in JSON: anything else is passed on untouched, at the cost of a search."""


def whole(found: Any) -> Any:
    """The same value with every half character and null, in names and in words, replaced."""
    if isinstance(found, str):
        paired = found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return paired.replace("\0", INSTEAD)
    if isinstance(found, dict):
        return {whole(name): whole(value) for name, value in found.items()}
    if isinstance(found, list):
        return [whole(value) for value in found]
    return found


def mend(body: bytes) -> bytes:
    """The body with what cannot be kept replaced; as it came where there is nothing, or where it is not JSON."""
    if not any(mark in body for mark in SUSPICIOUS):
        return body
    try:
        return json.dumps(whole(json.loads(body))).encode()
    except (ValueError, RecursionError):
        return body
