"""
What somebody looks for, as it stands in an address: sealed. It may be a name, typed by mistake, and an address goes
into the browser's history and into the log of any proxy.

The key is made of their session and kept nowhere. Whoever finds the address later, or is signed in as somebody else,
types again what they look for.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping

from tasks.store.sealing import ReviewKey, SealBroken

PURPOSE = "what is looked for"
LONG = 256
"""Letters, so that the length of the address says nothing of that of a name."""
LONGEST = 4_000
"""Letters of an address's part: what the longest search makes fits."""
NO_MORE = "What you looked for is not kept for so long. Type it again."


def sealed(session: str, typed: Mapping[str, str]) -> str:
    """What was typed, for an address that whoever is signed in by this session alone can use."""
    words = json.dumps(dict(typed))
    closed = _key(session).seal(0, PURPOSE, words.ljust(-(-len(words) // LONG) * LONG))
    return closed.replace("+", "-").replace("/", "_").rstrip("=")


def opened(session: str, found: str) -> dict[str, str] | None:
    """What was typed; None where it was in another session, or is none of ours."""
    closed = found[:LONGEST].replace("-", "+").replace("_", "/")
    try:
        typed: dict[str, str] = json.loads(_key(session).unseal(0, PURPOSE, f"{closed}=="))
    except (SealBroken, ValueError):
        return None
    return typed


def _key(session: str) -> ReviewKey:
    return ReviewKey(PURPOSE, hmac.digest(session.encode(), b"safeguarding: what is looked for", "sha256"))
