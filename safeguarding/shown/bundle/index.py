"""
The first page of a bundle: of which review, made when, by whom and for what; every file with its SHA-256.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import NamedTuple

from safeguarding.dates.london import say_moment
from safeguarding.review.review import Review
from safeguarding.shown.bundle.paper import heading, paper, words
from safeguarding.shown.bundle.sealed_list import STAYS_SEALED

INVENTED = "THIS IS A SIMULATION: the record is marked as one, and nobody in it need exist."


class BundleFile(NamedTuple):
    """A file of a bundle: its name there, what it is, what it holds."""

    name: str
    what: str
    content: bytes


def index_page(
    review: Review,
    files: Mapping[BundleFile, str],
    made_at: datetime,
    made_by: str,
    made_for: str,
    last: str,
    *,
    simulation: bool,
) -> str:
    """The index. `files` are all others with their digests; `last` is the hash of the last line of the record."""
    rows = "".join(
        f'<tr><td><a href="{escape(file.name)}">{escape(file.name)}</a></td><td>{escape(file.what)}</td>'
        f"<td><code>{digest}</code></td></tr>"
        for file, digest in files.items()
    )
    return paper(
        f"{review.reference} · {review.pseudonym}: bundle for an inspection",
        words(
            *((INVENTED,) if simulation else ()),
            f"Made on {say_moment(made_at, weekday=True)} by {made_by}, for: {made_for}.",
            "That it was made is on record.",
            f"The review has {review.version} lines. The last one has the hash {last}.",
            STAYS_SEALED,
            "heads.json names the ends of all reviews of this partnership, by reference and hash, since its "
            "signature is over all of them.",
        ),
        heading("Begin here"),
        '<p><a href="review.html">The review</a>: where it stands, agencies, actions, decisions, history. '
        '<a href="VERIFY.html">How to verify</a> all of this with common tools only.</p>',
        heading("Every file, and its SHA-256"),
        f"<table><thead><tr><th>File</th><th>What it is</th><th>SHA-256</th></tr></thead><tbody>{rows}</tbody></table>",
        words("SHA256SUMS holds the digests of these files and of this page; bundle.json holds them signed."),
    )
