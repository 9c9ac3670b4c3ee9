"""A PDF as somebody reads it, and as a screen reader does."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

from pypdf import PdfReader


def reader_of(made: bytes) -> PdfReader:
    """A PDF, opened."""
    return PdfReader(io.BytesIO(made))


def words_in(made: bytes) -> str:
    """What stands in a PDF, in one line."""
    return " ".join(" ".join(page.extract_text() for page in reader_of(made).pages).split())


def root_of(made: bytes) -> Any:
    """What a PDF says of itself as a whole: its language, its tags."""
    return reader_of(made).trailer["/Root"]


def tags_in(made: bytes) -> Counter[str]:
    """How often each tag stands in a PDF: a heading, a row of a table, an item of a list."""
    found: Counter[str] = Counter()

    def look(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for one in node:
                look(one)
        elif isinstance(node, dict):
            if "/S" in node:
                found[str(node["/S"]).removeprefix("/")] += 1
            if "/K" in node:
                look(node.raw_get("/K"))

    look(root_of(made)["/StructTreeRoot"])
    return found
