"""
The first page of a bundle: of which review, made when, by whom and for what; every file with its SHA-256.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


class Making(NamedTuple):
    """A bundle's own facts: of which review, made when, by whom and for what."""

    review: Review
    at: datetime
    by: str
    made_for: str
    last: str
    """The hash of the last line of the record."""
    simulation: bool


def cover_page(made: Making) -> str:
    """The first page of everything in one PDF: the same as the index, without the files."""
    return paper(_title(made), words(*_said(made)))


def index_page(made: Making, files: Mapping[BundleFile, str]) -> str:
    """The index. `files` are all others with their digests."""
    rows = "".join(
        f'<tr><td><a href="{escape(file.name)}">{escape(file.name)}</a></td><td>{escape(file.what)}</td>'
        f"<td><code>{digest}</code></td></tr>"
        for file, digest in files.items()
    )
    return paper(
        _title(made),
        words(
            *_said(made),
            "heads.json names the ends of all reviews of this partnership, by reference and hash, since its "
            "signature is over all of them.",
        ),
        heading("Begin here"),
        '<p><a href="review.html">The review</a>: where it stands, agencies, actions, decisions, history. '
        'All pages in <a href="bundle.pdf">one PDF</a>, to print or to hear. '
        '<a href="VERIFY.html">How to verify</a> all of this with common tools only.</p>',
        heading("Every file, and its SHA-256"),
        f"<table><thead><tr><th>File</th><th>What it is</th><th>SHA-256</th></tr></thead><tbody>{rows}</tbody></table>",
        words("SHA256SUMS holds the digests of these files and of this page; bundle.json holds them signed."),
    )


def _title(made: Making) -> str:
    return f"{made.review.reference} · {made.review.pseudonym}: bundle for an inspection"


def _said(made: Making) -> Iterator[str]:
    if made.simulation:
        yield INVENTED
    yield f"Made on {say_moment(made.at, weekday=True)} by {made.by}, for: {made.made_for}."
    yield "That it was made is on record."
    yield f"The review has {made.review.version} lines. The last one has the hash {made.last}."
    yield STAYS_SEALED
