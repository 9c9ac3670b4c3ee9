"""
Words as a cell of a table may hold them: in one line, of signs that every program reads, and never computed.

Excel and LibreOffice compute a cell of a CSV file whose text begins like a formula, whoever typed it. An apostrophe
before it makes it text in both; a number and a day are no text, and stay what they are.
"""

from __future__ import annotations

import unicodedata

FORMULA = "=+-@＝＋－＠"
"""How a text begins that a spreadsheet would compute; the wide signs are taken for the narrow ones in East Asia."""
TEXT_MARK = "'"
"""What makes a text of it."""
NO_SIGN = "\ufffd"
"""What stands for a sign that no table can hold."""
_NONE = frozenset("\ufffe\uffff")


def one_cell(words: str) -> str:
    """Words in one line, without signs that no table holds."""
    if words.isprintable():
        return words
    return "".join(_sign(sign) for sign in words)


def _sign(sign: str) -> str:
    if sign.isspace():
        return " "
    lost = sign in _NONE or unicodedata.category(sign) in ("Cc", "Cs")
    return NO_SIGN if lost else sign


def would_be_computed(words: str) -> bool:
    """Whether a spreadsheet might take these words for a formula."""
    return words.lstrip()[:1] in FORMULA if words.strip() else False


def as_text(words: str) -> str:
    """Words as a CSV file may have them: what would be computed stands behind an apostrophe."""
    words = one_cell(words)
    return f"{TEXT_MARK}{words}" if would_be_computed(words) else words
