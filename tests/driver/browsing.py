"""
Somebody at the forms of the pages in a real browser, as `Filler` is one without scripts: boxes are found by their
names, and filled in, ticked and pressed as a person does. Every kind of page that they come to is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response

from driver.filling import flat
from driver.sound import is_sound
from driver.visitor import words_of

BOXES = """() => Object.fromEntries([...document.querySelectorAll('form[data-keeps] [name]')]
  .filter(box => !['submit', 'hidden'].includes(box.type) || box.name.endsWith('-rows'))
  .map(box => [box.name, [box.type, [...document.getElementsByName(box.name)]
    .filter(one => !['radio', 'checkbox'].includes(one.type) || one.checked).map(one => one.value)]]))"""
"""Of each box of the form of questions its kind and what stands in it."""
KEPT = 204
"""The answer to what a page keeps by itself while somebody types."""


class Browsing:
    """One person at a browser of their own. `looked_at` are the kinds of page that were looked at before."""

    def __init__(self, page: Page, here: str, name: str, looked_at: set[str]) -> None:
        self.page, self._here, self._name, self._looked_at = page, here, name, looked_at
        self.refreshes = ""
        """The step in whose form the first page is loaded again before it is sent."""
        self.visitor = self

    @property
    def path(self) -> str:
        """Where the browser is."""
        return urlsplit(self.page.url).path

    @property
    def words(self) -> str:
        """The words of the page."""
        return words_of(self.page.inner_html("main"))

    def open(self, path: str) -> None:
        """Follow a link; where nobody is signed in, or no longer, sign in by name as the demo lets one."""
        self.page.goto(f"{self._here}{path}")
        if self.path == "/sign-in":
            self._press(self.page.get_by_role("button", name=self._name))
        self.look()

    def sign_in(self, address: str, code: Callable[[], str]) -> None:
        """Sign in by the code of the letter."""
        self.page.goto(f"{self._here}/sign-in")
        self.page.fill("#address", address)
        self._press(self.page.get_by_role("button", name="Send me a code"))
        self.page.fill("#code", code())
        self._press(self.page.locator("form:has(#code) button").first)
        assert self.path == "/", self.words

    def whole(self, answers: Mapping[str, Any]) -> None:
        """Fill in every page of the form that is open, as far as its check or, where it has none, what was recorded."""
        for _ in range(8):
            if self.path.endswith("/check") or "/recorded/" in self.path:
                return
            self._fill(answers)
            send = self.page.locator("button[name=go][value=send]")
            self._press(send if send.count() else self.page.locator(".govuk-button[value=next]"))
            self.look()
        raise AssertionError(f"{self.path}: {self.words}")

    def send(self) -> None:
        """Press Send on the check page, where there was one."""
        if self.path.endswith("/check"):
            button = self.page.locator("form[action$='/send'] button")
            assert button.count(), self.words
            self._press(button)
            self.look()

    def look(self) -> None:
        """Look at the page, if none of its kind was looked at."""
        step, _, rest = re.sub(r"[A-Z]+-\d{4}-\d+", "*", self.path).partition("/do/")[2].partition("/")
        kind = (
            "check"
            if rest == "check"
            else f"{step}/{rest}"
            if step
            else re.sub(r"[A-Z]+-\d{4}-\d+|\d+", "*", self.path)
        )
        if kind not in self._looked_at:
            self._looked_at.add(kind)
            is_sound(self.page)

    def _press(self, button: Any) -> None:
        with self.page.expect_navigation():
            button.click()

    def _fill(self, answers: Mapping[str, Any]) -> None:
        for name, value in answers.items():
            self._add_rows(name, value)
        wanted = flat(answers)
        if self.refreshes and f"/do/{self.refreshes}" in self.path:
            self.refreshes = ""
            self._fill_and_load_again(wanted)
        self._put(wanted)

    def _fill_and_load_again(self, wanted: Mapping[str, list[str]]) -> None:
        """Load the page again in the middle of it, once its script has kept what was typed last."""
        typed = "Typed last, and not sent."
        box = self.page.locator("textarea").last

        def is_kept(answer: Response) -> bool:
            return answer.status == KEPT and "Typed+last" in (answer.request.post_data or "")

        with self.page.expect_response(is_kept):
            self._put(wanted)
            box.fill(typed)
        stood = self.page.evaluate(BOXES)
        self.page.reload()
        assert stood == self.page.evaluate(BOXES)
        assert typed == box.input_value()
        box.fill("")

    def _put(self, wanted: Mapping[str, list[str]]) -> None:
        boxes = self.page.evaluate(BOXES)
        for name, values in wanted.items():
            if name not in boxes or boxes[name][1] == values:
                continue
            at, kind = f'[name="{name}"]', boxes[name][0]
            if kind in ("radio", "checkbox"):
                for value in {*boxes[name][1], *values} if kind == "checkbox" else values:
                    self.page.set_checked(f'{at}[value="{value}"]', value in values)
            elif kind.startswith("select"):
                self.page.select_option(at, values)
            else:
                self.page.fill(at, values[0])

    def _add_rows(self, name: str, value: Any) -> None:
        if not (isinstance(value, list | tuple) and value and isinstance(value[0], Mapping)):
            return
        add = self.page.locator(f"button[value='add:{name}']")
        while add.count() and int(self.page.input_value(f"[name='{name}-rows']")) < len(value):
            self._press(add)
