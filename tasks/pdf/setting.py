"""
Pages on paper set as one PDF: tagged for screen readers (PDF/UA-1), its fonts in it, the same each time it is made.

Typst comes as one wheel with the fonts in it. It is given one file, which is ours, and the words as JSON: it reads
nothing else, fetches nothing, and nothing that anybody typed is ever read as its language.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from safeguarding.dates.london import say_moment
from safeguarding.errors import SafeguardingError
from safeguarding.shown.blocks import blocks_of, title_of

if TYPE_CHECKING:
    import typst

SIMULATION = "THIS IS A SIMULATION"
UNDRAWN = (
    "A sign on these pages is in no font of the machine that made this file, and stands as an empty box: read it on "
    "the page itself."
)
TAGGED: list[typst.PDFStandard] = ["ua-1"]
"""What a PDF keeps to so that a screen reader reads it: PDF/UA-1, ISO 14289-1."""


class PdfNotMade(SafeguardingError):
    """The pages could not be set. It says nothing of what stands in them."""

    code = "pdf-not-made"

    def __init__(self) -> None:
        super().__init__(
            "The PDF could not be made, and nothing was written. The page says the same, and can be printed from the "
            "browser. If it happens again, tell whoever looks after the program."
        )


class OnPaper(NamedTuple):
    """What a PDF is set of."""

    parts: Sequence[str]
    """The pages as `paper` makes them; each begins on a new page."""
    author: str
    """The partnership whose record it is of."""
    about: str
    """The reference, at the foot of each page."""
    simulation: bool
    contents: str = ""
    """The heading of a list of the parts, which stands after the first; no list where it is empty."""


def pdf(what: OnPaper, now: datetime) -> bytes:
    """The PDF, as made at this moment: the same pages and the same moment are the same bytes. Raises PdfNotMade."""
    import typst  # A whole typesetter: whoever serves for months keeps it in memory from the first PDF on.

    parts = [blocks_of(page) for page in what.parts]
    given = {
        "title": title_of(parts[0]),
        "author": what.author,
        "foot": f"{what.about} · made on {say_moment(now)}",
        "simulation": SIMULATION if what.simulation else "",
        "contents": what.contents,
        "undrawn": "",
        "parts": parts,
    }
    # The fonts that come with Typst first: with them alone the file does not depend on the machine.
    for system_fonts, standards, undrawn in ((False, TAGGED, ""), (True, TAGGED, ""), (True, [], UNDRAWN)):
        try:
            return _set(json.dumps({**given, "undrawn": undrawn}), standards, now, system_fonts=system_fonts)
        except typst.TypstError:  # PDF/UA forbids a sign that no font has. The error repeats it: it ends here.
            continue
    raise PdfNotMade


def _set(given: str, standards: list[typst.PDFStandard], now: datetime, *, system_fonts: bool) -> bytes:
    import typst

    made = typst.compile(
        _how_it_looks(),
        sys_inputs={"given": given},
        ignore_system_fonts=not system_fonts,
        pdf_standards=standards,
        timestamp=int(now.timestamp()),
    )
    if not isinstance(made, bytes):
        raise PdfNotMade
    return made


@cache
def _how_it_looks() -> bytes:
    return (resources.files("tasks.pdf") / "page.typ").read_bytes()
