"""
What is sealed in a review, told without opening it: which line, which question, the digest of what is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from safeguarding.review.events import Event
from safeguarding.shown.bundle.paper import paper, table, words
from safeguarding.shown.sealed_words import sealed_texts

HEAD = ("Line", "What it answers", "SHA-256 of the sealed text as it is kept")
STAYS_SEALED = (
    "Sealed words stay sealed: reasons, also of a dissent, what was referred, what agencies returned, what actions "
    "say. The ledger extract holds them in cipher, since the hash of each line is over that; without the partnership's "
    "master key nobody reads them."
)


class SealedDigest(NamedTuple):
    """One sealed text: its line, what it answers, the digest of its cipher."""

    line: str
    title: str
    digest: str


def sealed_digests(event: Event, ciphers: Mapping[str, str]) -> list[SealedDigest]:
    """Every sealed text of a line; `ciphers` are what the ledger keeps of them."""
    found = []
    for text in sealed_texts(event):
        digest = hashlib.sha256(ciphers[text.name].encode()).hexdigest()
        found.append(SealedDigest(str(text.line), text.title, digest))
    return found


def sealed_page(reference: str, sealed: Sequence[SealedDigest]) -> str:
    """All of them on a page."""
    return paper(f"{reference}: what is sealed", words(STAYS_SEALED), table(HEAD, sealed, "Nothing is sealed."))
