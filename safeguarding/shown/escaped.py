"""
A value inside a page: whatever it holds, it reads as words, and is no heading, link, picture, table or HTML.
"""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([\\`*{}\[\]<>#|~!&]|(?<![^\W_])_|_(?![^\W_]))")
_ADDRESS = re.compile(r"://|(?<=www)\.", re.I)
_LEADING = re.compile(r"^([-+=]|\d{1,9}(?=[.)]))")
_SPACES = re.compile(r"\s+")


def escaped(value: str) -> str:
    """The value as Markdown that shows it as it is, in one line."""
    line = _SPACES.sub(" ", "".join(sign for sign in value if sign.isprintable() or sign.isspace())).strip()
    line = _SIGNS.sub(r"\\\1", line)
    line = _ADDRESS.sub(lambda found: r":\//" if found.group() == "://" else r"\.", line)
    return _LEADING.sub(lambda found: _led(found.group()), line)


def _led(begins: str) -> str:
    """What would begin a list or underline a heading. A number is followed by a point, which is escaped instead."""
    return f"{begins}\\" if begins.isdecimal() else f"\\{begins}"
