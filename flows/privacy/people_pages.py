"""
Canaries at the people's pages: what is typed to sign in, into the search and in addresses; and, where the invented
people of the demo are let in by name, as the password of a bundle, and in every box of forms that are kept, refused,
checked, sent and thrown away.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from html import unescape

import httpx

from flows.privacy.planting import Planting
from flows.server import prefect_settings
from tasks.record import sign_in

DOOR = "the people's pages"
WITHIN = 30.0
"""Seconds for one page."""
UNIT = "alex_example"
TAKEN = "record_meeting"
"""The form whose days are days, so that it is taken."""
OF_A_MEETING = ("signing-who", "signing-minute")
"""The boxes of who took a step in a meeting."""
REASON = "our own audit"
"""For what a bundle is made."""
FORMS = (TAKEN, "add_action", "monitor_review", "record_return")
"""Forms of a review with free text."""
SEARCH_CHOICES = ("q", "agency", "person", "track", "stage", "theme", "when", "open")
"""The boxes of the search beside those for days."""
MOST_PAGES = 6
_TOKEN = re.compile(r'name="token" value="(\w+)"')
_ACTION = re.compile(r'<form method="post" action="(/reviews/[^"]+/do/[^"]+)"')
_LINE = re.compile(r'<input (?=[^>]*type="text")[^>]*?name="([^"]+)"')
_TEXT = re.compile(r'<textarea [^>]*?name="([^"]+)"')
_TICK = re.compile(r'<input (?=[^>]*type="radio")[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"')
_LIST = re.compile(r'<select [^>]*?name="([^"]+)".*?<option value="([^"]+)"', re.DOTALL)
_HIDDEN = re.compile(r'<input (?=[^>]*type="hidden")[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"')


class Browser:
    """One browser at the pages, as somebody without scripts has it."""

    def __init__(self, client: httpx.Client) -> None:
        self._client, self.page = client, httpx.Response(204)

    def get(self, path: str, **asked: str) -> None:
        """Open a page."""
        self.page = self._client.get(path, params=asked or None)

    def send(self, path: str, **fields: str) -> None:
        """Send a form of the page that is open, with its hidden boxes."""
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(self.page.text)}
        token = _TOKEN.search(self.page.text)
        sent = {**hidden, "token": token.group(1) if token else "", **fields}
        origin = {"origin": str(self._client.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
        self.page = self._client.post(path, data=sent, headers=origin)

    def send_file(self, path: str, draft: tuple[str, bytes], **fields: str) -> None:
        """Send a form with a draft: the name of its file, and what it holds."""
        token = _TOKEN.search(self.page.text)
        sent = {"token": token.group(1) if token else "", **fields}
        origin = {"origin": str(self._client.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
        self.page = self._client.post(path, data=sent, files={"draft": draft}, headers=origin)

    def action(self) -> str:
        """Where the form of the open page is sent to: of questions or of what was checked; empty if there is none."""
        found = _ACTION.search(self.page.text)
        return found.group(1) if found else ""

    def lines(self) -> list[str]:
        """The names of the boxes of one line on the open page: days, numbers, references."""
        return _LINE.findall(self.page.text)

    def texts(self) -> list[str]:
        """The names of the boxes for words."""
        return _TEXT.findall(self.page.text)

    def choices(self) -> dict[str, str]:
        """One of what may be chosen, of each choice."""
        return dict(reversed([*_TICK.findall(self.page.text), *_LIST.findall(self.page.text)]))


def address_of(planting: Planting) -> str:
    """Where the pages of this system answer, beside its server's port."""
    settings = planting.installation.settings
    return settings.model_copy(update={"prefect_port": prefect_settings.port_of(settings)}).pages_url


def plant(planting: Planting) -> None:
    """What somebody types who is not let in, and what an address says."""
    with _browser(planting) as browser:
        if browser is None:
            return

        def new(way: str) -> str:
            return planting.canaries.new(DOOR, way)

        browser.get(f"/{new('an address that is no page')}")
        browser.get(f"/reviews/{new('a review before signing in')}", x=new("a question before signing in"))
        browser.get("/sign-in", next=f"/reviews/{new('where to go on')}")
        browser.send("/sign-in", address=f"{new('an address that is nobody')}@exampleshire.example")
        browser.send("/sign-in/code", code=new("a code that is none"))
        browser.send("/sign-in/by-name", person=new("somebody by name who is nobody"))


def plant_on(planting: Planting, reference: str) -> None:
    """What somebody types who is let in by name, on the forms of an invented review."""
    with _browser(planting) as browser:
        if browser is None:
            return
        known = _sessions(planting)
        browser.get("/sign-in")
        browser.send("/sign-in/by-name", person=UNIT)
        if _sessions(planting) == known:
            planting.left_out.append(f"{DOOR}: nobody is let in by name, or these are another record's pages")
            return
        browser.get("/reviews")
        browser.send("/reviews", q=planting.canaries.new(DOOR, "a search"))
        _search(planting, browser)
        browser.get("/readings")
        browser.send("/readings", review=planting.canaries.new(DOOR, "a reading that is looked for"))
        browser.get("/registers/requests", agency=planting.canaries.new(DOOR, "a choice of a register that is none"))
        browser.get(f"/reviews/{reference}", x=planting.canaries.new(DOOR, "a question of a review"))
        browser.send(f"/reviews/{reference}/words", words=planting.canaries.new(DOOR, "words that are none"))
        _take_out(planting, browser, f"/reviews/{reference}")
        _look_over(planting, browser, f"/reviews/{reference}/anonymity")
        for step in FORMS:
            _fill(planting, browser, f"/reviews/{reference}/do/{step}", step)
        browser.get(f"/reviews/{reference}")
        browser.send("/sign-out")


def _take_out(planting: Planting, browser: Browser, at: str) -> None:
    """What is asked of a PDF, and the passwords of bundles: typed twice, typed otherwise, and one that closes."""

    def new(way: str) -> str:
        return planting.canaries.new(DOOR, way)

    browser.get(f"{at}/review.pdf", x=new("a question of a PDF"))
    browser.get(f"{at}/decisions/{new('a decision that is none')}.pdf")
    closes = new("a password that closes a bundle")
    for fields in (
        {"reason": new("a reason of a bundle that is none"), "password": new("a password without its reason")},
        {"reason": REASON, "password": new("a password that is refused"), "again": new("a password typed otherwise")},
        {"reason": REASON, "password": closes, "again": closes},
    ):
        browser.get(f"{at}/bundle")
        browser.send(f"{at}/bundle", **fields)
    if not browser.page.headers["content-type"].startswith("application/zip"):
        planting.left_out.append(f"{DOOR}: no bundle was closed with a password")


def _look_over(planting: Planting, browser: Browser, at: str) -> None:
    """A draft that is looked over, with a name of its own and names beside it, and one that is no draft."""

    def new(way: str) -> str:
        return planting.canaries.new(DOOR, way)

    for begins, way in (("%PDF-1.7 ", "a draft that is refused"), ("Then ", "a draft that is looked over")):
        browser.get(at)
        draft = (f"{new(f'{way}: its name')}.docx", f"{begins}{new(way)}, aged 7, was seen.".encode())
        browser.send_file(at, draft, names=new(f"{way}: a name besides"))
    if "What was found" not in browser.page.text:
        planting.left_out.append(f"{DOOR}: no draft was looked over")


def _search(planting: Planting, browser: Browser) -> None:
    """Words in every box of the search and of the digest, fitting or not; and one looked for in sealed words."""
    browser.get("/reviews")
    boxes = (*browser.lines(), *SEARCH_CHOICES)
    browser.send("/reviews", **{box: planting.canaries.new(DOOR, f"a search that is refused, {box}") for box in boxes})
    browser.get("/sharing")
    boxes = ("since", "until", "theme", "track", "file")
    browser.send("/sharing", **{box: planting.canaries.new(DOOR, f"a digest that is refused, {box}") for box in boxes})
    browser.get("/reviews")
    word = planting.canaries.new(DOOR, "a search in sealed words")
    browser.send("/reviews", q=word, sealed="yes", open="closed")


def _fill(planting: Planting, browser: Browser, at: str, step: str) -> None:
    """Every box of a form is filled, page by page, and kept; it is looked at and sent, and what is left thrown away."""
    today = planting.today
    days = {"day": str(today.day), "month": str(today.month), "year": str(today.year)}
    browser.get(at)
    for _ in range(MOST_PAGES):
        way, action = f"{step.replace('_', ' ')}: {browser.page.url.path.rpartition('/')[2]}", browser.action()
        fields = browser.choices() | {box: planting.canaries.new(DOOR, f"{way}, {box}") for box in browser.texts()}
        # Whoever signs and names a meeting's signer too is asked which of both they mean: it would not be taken.
        unsaid = OF_A_MEETING if step == TAKEN else ()
        fields = {box: said for box, said in fields.items() if box not in unsaid}
        for box in (box for box in browser.lines() if box not in unsaid):
            day = days.get(box.rpartition("-")[2]) if step == TAKEN else None
            # The record keeps a reference openly, as that of a minute.
            fields[box] = day or planting.canaries.new(DOOR, f"{way}, {box}", kept_openly=True)
        if not fields:
            break
        browser.send(action, go="next", **fields)
        if browser.action() == action:
            break
    browser.get(f"{at}/check")
    browser.send(f"{at}/send")
    if browser.page.url.path.startswith(at):
        browser.send(f"{at}/discard")


@contextlib.contextmanager
def _browser(planting: Planting) -> Iterator[Browser | None]:
    """A browser at the pages; None, said, where none answer."""
    address = address_of(planting)
    with httpx.Client(base_url=address, timeout=WITHIN, follow_redirects=True) as client:
        try:
            client.get("/sign-in").raise_for_status()
        except httpx.HTTPError:
            planting.left_out.append(f"{DOOR}: they do not answer at {address}")
            yield None
            return
        yield Browser(client)


def _sessions(planting: Planting) -> int:
    """How many are signed in at the pages of this record."""
    return sign_in.how_many(planting.installation.records)
