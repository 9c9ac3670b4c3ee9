"""
A form that sends a file: read into memory within bounds, and forgotten with the answer. It is never written anywhere.

The library that usually reads such forms puts larger files on the disk; here a draft about a child is sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from fastapi import Request
from fastapi.responses import HTMLResponse

from pages.visits import TOO_LARGE, UNREADABLE, Stopped

MOST_PARTS = 20
"""Fields of such a form."""
LARGEST_HEAD = 2_000
"""Bytes of what a browser says of one field."""
READ_ON = 5
"""How many times as much as fits is read and forgotten, so that whoever sent it is answered in words."""
_BOUNDARY = re.compile(r"multipart/form-data;.*?\bboundary=\"?([\w'()+,./:=? -]{1,70})\"?", re.I)
_NAME = re.compile(rb"content-disposition:[^\r\n]*?;\s*name=\"([^\"\r\n]{1,60})\"", re.I)
_IS_A_FILE = re.compile(rb"content-disposition:[^\r\n]*?;\s*filename\*?=", re.I)


class Uploaded(NamedTuple):
    """What such a form sent: its fields, of each the last, and its files, without the names that those had."""

    fields: Mapping[str, str]
    files: Mapping[str, bytes]
    too_large: bool = False
    """Whether more was sent than fits: then nothing of it is here."""


async def uploaded(request: Request, largest: int) -> Uploaded:
    """What a form with a file sent, at most so many bytes. Raises Stopped for what is none, and for far too much."""
    boundary = _BOUNDARY.match(request.headers.get("content-type", ""))
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > READ_ON * largest:
            raise Stopped(HTMLResponse(TOO_LARGE, status_code=413))
        if size <= largest:
            parts.append(part)
        else:
            parts.clear()
    if size > largest:
        return Uploaded({}, {}, too_large=True)
    if boundary is None:
        raise _unreadable()
    return _read(b"".join(parts), boundary[1].encode())


def _read(held: bytes, boundary: bytes) -> Uploaded:
    pieces = (b"\r\n" + held).split(b"\r\n--" + boundary, MOST_PARTS + 2)
    if len(pieces) < 2 or len(pieces) > MOST_PARTS + 2 or not pieces[-1].startswith(b"--"):
        raise _unreadable()
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for piece in pieces[1:-1]:
        head, between, content = piece.partition(b"\r\n\r\n")
        named = _NAME.search(head[:LARGEST_HEAD])
        if not between or named is None:
            raise _unreadable()
        try:
            name = named[1].decode()
            if _IS_A_FILE.search(head[:LARGEST_HEAD]):
                files[name] = content
            else:
                fields[name] = content.decode()
        except UnicodeDecodeError:
            raise _unreadable() from None
    return Uploaded(fields, files)


def _unreadable() -> Stopped:
    return Stopped(HTMLResponse(UNREADABLE, status_code=400))
