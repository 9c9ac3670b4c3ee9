"""
A page on paper as blocks: headings, paragraphs, lists, tables, lines that are typed. A PDF is set from them.

Only what our own pages are made of is known (`bundle/paper.py`); the words of anything else stand as a paragraph.
Words stay words: whatever they hold is told as JSON, and is read as nothing else by whoever sets them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from typing import Any

Block = dict[str, Any]
"""Its `kind`, and its words: `words`, `items`, `head` with `rows`, `widths` and `room`; the bytes of a `png`."""

PNG = "data:image/png;base64,"
"""How the address of a picture begins that stands in the page itself."""
UNSEEN = frozenset({"head", "style", "script", "title"})
"""What is written for the browser, and is read by nobody."""
HEADINGS = {"h1": 1, "h2": 2, "h3": 3}
CELLS = frozenset({"th", "td"})
OF_THEIR_OWN = frozenset({*HEADINGS, *CELLS, "p", "pre", "ul", "li", "table"})
"""What begins something new: what was said loosely before it is a paragraph."""
SHARE = re.compile(r"width:([0-9]+)%")
"""The share of the width that a column of a form to write in has."""
BREAK = "\u200b"
"""Where a word that is too long for its line may go on in the next: nothing is shown there."""
LONGEST_WORD, PIECE = 16, 8
"""Letters of a word that no line or column is too narrow for; and of the pieces that a longer one is broken into."""
ON_A_LINE = 100
"""Letters of the small print of a table that stand beside each other on a page."""
WIDE_ENOUGH = 60
"""Letters of a cell above which it is not given more room."""


def blocks_of(html: str) -> list[Block]:
    """The blocks of one of our pages, in their order."""
    reader = _PageRead()
    reader.feed(html)
    reader.close()
    return reader.ended()


def title_of(blocks: Sequence[Block]) -> str:
    """The words of the first heading, without the breaks in long ones; empty where there is none."""
    first = next((one["words"] for one in blocks if one["kind"] == "heading"), "")
    return str(first).replace(BREAK, "")


class _PageRead(HTMLParser):
    """Reads a page tag by tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[Block] = []
        self._said: list[str] = []
        self._unseen = 0
        self._items: list[str] = []
        self._rows: list[list[str]] = []
        self._lines, self._shares = 0, list[int]()
        self._room: list[list[int]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Something begins: what was said before it is a block of its own."""
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "tr":
            self._rows.append([])
            self._room.append([])
        elif tag == "br" and self._room:
            self._lines += 1
        elif tag == "img":
            self._picture(dict(attrs))
        elif tag in OF_THEIR_OWN:
            self._paragraph()
            if tag in CELLS:
                self._lines = 0
                self._shares += map(int, SHARE.findall(dict(attrs).get("style") or ""))

    def handle_endtag(self, tag: str) -> None:
        """Something ends: it is what was said in it."""
        if tag in UNSEEN:
            self._unseen -= 1
        elif tag in CELLS:
            self._rows[-1].append(self._words())
            self._room[-1].append(self._lines)
        elif tag == "li":
            self._items.append(self._words())
        elif tag in HEADINGS:
            self._add("heading", level=HEADINGS[tag], words=self._words())
        elif tag == "p":
            self._paragraph()
        elif tag == "pre":
            self._add("typed", words=self._words(typed=True))
        elif tag == "ul":
            items, self._items = self._items, []
            self._add("list", items=items)
        elif tag == "table":
            (head, *rows), self._rows = self._rows, []
            widths = self._shares if len(self._shares) == len(head) else widths_of([head, *rows])
            self._add("table", head=head, rows=rows, widths=widths, room=self._room, shared=widths is self._shares)
            self._shares, self._room = [], []

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._unseen:
            self._said.append(data)

    def ended(self) -> list[Block]:
        """Everything, with what was said last."""
        self._paragraph()
        return self._blocks

    def _words(self, *, typed: bool = False) -> str:
        said, self._said = "".join(self._said), []
        words = said if typed else " ".join(said.split())
        return breakable("".join(sign for sign in words if sign.isprintable() or sign == "\n"))

    def _paragraph(self) -> None:
        if words := self._words():
            self._add("paragraph", words=words)

    def _picture(self, given: dict[str, str | None]) -> None:
        """A picture that stands in the page itself; one from elsewhere is none of ours."""
        self._paragraph()
        kept = (given.get("src") or "").partition(PNG)
        if kept[1]:
            self._add("picture", png=kept[2], words=given.get("alt") or "")

    def _add(self, kind: str, **said: Any) -> None:
        self._blocks.append({"kind": kind, **said})


def breakable(words: str) -> str:
    """The same, with places to break in each word that is too long for a line: a digest, an address, nonsense."""
    return " ".join(_broken(word) for word in words.split(" "))


def _broken(word: str) -> str:
    if len(word) <= LONGEST_WORD:
        return word
    return BREAK.join(word[at : at + PIECE] for at in range(0, len(word), PIECE))


def widths_of(rows: Iterable[Sequence[str]]) -> list[int]:
    """
    How wide each column is, as shares of the page: enough for its longest word, and of what is left by how much it
    holds. A column is never so narrow that a word of it runs into the next.
    """
    columns = list(zip(*rows, strict=True))
    least = [max(len(word) for cell in column for word in _pieces(cell)) + 2 for column in columns]
    wanted = [min(WIDE_ENOUGH, max(len(cell) for cell in column)) for column in columns]
    more = [max(0, want - low) for want, low in zip(wanted, least, strict=True)]
    left = max(0, ON_A_LINE - sum(least))
    return [low + round(left * extra / max(1, sum(more))) for low, extra in zip(least, more, strict=True)]


def _pieces(cell: str) -> list[str]:
    return [piece for word in cell.split() for piece in word.split(BREAK)] or [""]
