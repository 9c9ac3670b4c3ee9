"""Somebody at the people's pages, as a browser without scripts: it keeps cookies and sends the forms it was given."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx

from pages.guard import Guard

PORT = 4300
HERE = f"http://127.0.0.1:{PORT}"


class Clock:
    """What time it is, until the test says that time goes on."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def later(self, **by: float) -> None:
        """Time goes on."""
        self.at += timedelta(**by)


class Visitor:
    """One browser. `page` is the last answer, with redirections followed."""

    def __init__(self, served: Guard, whence: str = "127.0.0.1") -> None:
        transport = httpx.ASGITransport(app=served, client=(whence, 50000))  # type: ignore[arg-type]
        self.client = httpx.AsyncClient(transport=transport, base_url=HERE, follow_redirects=True)
        self.page = httpx.Response(204)

    def get(self, path: str, **how: Any) -> httpx.Response:
        """Open a page."""
        self.page = asyncio.run(self.client.get(path, **how))
        return self.page

    def head(self, path: str, **how: Any) -> httpx.Response:
        """The head of a page alone, with no redirection followed; the open page stays."""
        return asyncio.run(self.client.head(path, follow_redirects=False, **how))

    def post(self, path: str, *, headers: dict[str, str] | None = None, **fields: str) -> httpx.Response:
        """Send a form of the page that is open, with the hidden fields that stand in it."""
        sent = {"token": self.token, **fields}
        origin = {"origin": HERE, "sec-fetch-site": "same-origin"}
        self.page = asyncio.run(self.client.post(path, data=sent, headers=origin if headers is None else headers))
        return self.page

    def upload(self, path: str, file: tuple[str, bytes] | None, **fields: str) -> httpx.Response:
        """Send a form of the page that is open with a file in it, as a browser does: by its field and with a name."""
        files = {file[0]: ("draft.docx", file[1])} if file else {"nothing": ("", b"")}
        origin = {"origin": HERE, "sec-fetch-site": "same-origin"}
        sent = {"token": self.token, **fields}
        self.page = asyncio.run(self.client.post(path, data=sent, files=files, headers=origin))
        return self.page

    def looks_for(self, words: str) -> httpx.Response:
        """Type words into the search for a review."""
        self.get("/reviews")
        return self.post("/reviews", q=words)

    @property
    def token(self) -> str:
        """What the forms of the open page send along."""
        found = re.search(r'name="token" value="(\w+)"', self.page.text)
        return found.group(1) if found else ""

    @property
    def words(self) -> str:
        """The words of the open page, as somebody reads them."""
        return words_of(self.page.text)

    @property
    def may_send(self) -> bool:
        """Whether the open page has a button to send a form."""
        return bool(re.search(r"<button[^>]*>\s*Send\s*</button>", self.page.text))

    @property
    def path(self) -> str:
        """Where the browser is."""
        return self.page.url.path

    def sign_in(self, address: str, code: Callable[[], str]) -> Visitor:
        """Sign in by the code of the letter."""
        self.get("/sign-in")
        self.post("/sign-in", address=address)
        self.post("/sign-in/code", code=code())
        return self


class Remote(Visitor):
    """A browser at pages that another process serves at this address."""

    def __init__(self, here: str) -> None:
        self._here, self.page = here, httpx.Response(204)
        self._line = httpx.Client(base_url=here, follow_redirects=True, timeout=120)

    def get(self, path: str, **how: Any) -> httpx.Response:
        """Open a page."""
        self.page = self._line.get(path, **how)
        return self.page

    def post(self, path: str, *, headers: dict[str, str] | None = None, **fields: str) -> httpx.Response:
        """Send a form of the page that is open, with the hidden fields that stand in it."""
        origin = {"origin": self._here, "sec-fetch-site": "same-origin"}
        sent = {"token": self.token, **fields}
        self.page = self._line.post(path, data=sent, headers=origin if headers is None else headers)
        return self.page

    def close(self) -> None:
        """Leave the pages."""
        self._line.close()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def words_of(html: str) -> str:
    """The words of a page without its tags, in one line."""
    reader = _Words()
    reader.feed(html)
    return " ".join(unescape(" ".join(reader.parts)).split())


def codes(folder: Path) -> list[tuple[str, str]]:
    """The letters with a code that were caught, oldest first: to whom, and the code."""
    found = []
    for file in sorted((folder / "mail").glob("*.eml")):
        letter = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = letter.get_body(("plain",))
        match = re.search(r"\b(\d{3}) (\d{3})\b", body.get_content() if body else "")
        if match and "sign in" in letter["Subject"]:
            found.append((str(letter["To"]), "".join(match.groups())))
    return found
