"""
Filling in the forms of the pages as somebody does: page by page, by the names of the boxes that stand there.

It knows nothing of how a page is made: it reads the boxes of the HTML, puts answers into them and presses a button. It
counts what a person presses: each button and link, each radio and box that is ticked, two for a list that is opened and
chosen from, one for each box that is typed into. The three boxes of a day count as one: a press leads into the first,
and the Tab key on to the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

from driver.visitor import Visitor
from pages.forms.typed import Typed
from tasks.record import drafts
from tasks.record.installation import Installation

ANY_TIME = datetime(2020, 1, 1, tzinfo=UTC)
"""Before whatever a draft is kept until."""
Flat = dict[str, list[str]]


class _Boxes(HTMLParser):
    """Every box of the form of questions on a page: its kind, what stands in it, what may be chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.values: Flat = {}
        self.kinds: dict[str, str] = {}
        self.offered: dict[str, list[str]] = {}
        self._inside, self._select, self._text = False, "", ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name = said.get("name") or ""
        if tag == "form":
            self._inside = "data-keeps" in said
        if not self._inside:
            return
        if tag == "input" and name:
            kind = said.get("type") or "text"
            self.kinds[name] = kind
            if kind in ("radio", "checkbox"):
                self.offered.setdefault(name, []).append(said.get("value") or "")
                if "checked" in said:
                    self.values.setdefault(name, []).append(said.get("value") or "")
            else:
                self.values[name] = [said.get("value") or ""]
        elif tag == "select":
            self._select, self.kinds[name] = name, "select"
        elif tag == "option" and self._select:
            self.offered.setdefault(self._select, []).append(said.get("value") or "")
            if "selected" in said:
                self.values[self._select] = [said.get("value") or ""]
        elif tag == "textarea":
            self._text, self.kinds[name], self.values[name] = name, "textarea", [""]

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text][0] += data.removeprefix("\n") if not self.values[self._text][0] else data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""
        elif tag == "form":
            self._inside = False


def boxes_of(html: str) -> _Boxes:
    """The boxes of the form of questions on a page."""
    found = _Boxes()
    found.feed(html)
    found.close()
    return found


def flat(answers: Mapping[str, Any], prefix: str = "") -> Flat:
    """Answers by the names of their boxes: a day in three, a table row by row."""
    found: Flat = {}
    for name, value in answers.items():
        at = f"{prefix}{name}"
        if value is None:
            continue
        if isinstance(value, date):
            for part, number in zip(("day", "month", "year"), (value.day, value.month, value.year), strict=True):
                found[f"{at}-{part}"] = [str(number)]
        elif isinstance(value, Mapping):
            found |= flat(value, f"{at}-")
        elif isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
            for number, row in enumerate(value):
                found |= flat(row, f"{at}-{number}-")
        elif isinstance(value, list | tuple):
            found[at] = [str(one) for one in value]
        else:
            found[at] = [str(value)]
    return found


class Filler:
    """Somebody who fills in forms, and how often they press something."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.clicks = self.typed = self.forms = 0
        """How often they pressed; how often of those into a box to type; how many forms were recorded."""

    def open(self, path: str) -> None:
        """Follow a link to a form."""
        self.clicks += 1
        self.visitor.get(path)

    def fill(self, answers: Mapping[str, Any], go: str = "next") -> None:
        """Fill in the page that is open, and press a button of it."""
        wanted = flat(answers)
        self._add_rows(answers)
        boxes = boxes_of(self.visitor.page.text)
        sent = dict(boxes.values)
        for name, values in wanted.items():
            if name in boxes.kinds and sent.get(name, []) != values:
                assert boxes.kinds[name] not in ("radio", "checkbox", "select") or set(values) <= set(
                    boxes.offered[name]
                ), (name, values, boxes.offered[name])
                cost = self._cost(name, boxes.kinds[name], values, sent.get(name, []))
                self.clicks += cost
                self.typed += cost if boxes.kinds[name] in ("text", "textarea") else 0
                sent[name] = values
        self.clicks += 1
        self._send(sent, go)

    def whole(self, answers: Mapping[str, Any]) -> None:
        """Fill in every page of the form that is open, as far as the check of its answers."""
        for _ in range(8):
            if self.visitor.path.endswith("/check"):
                return
            self.fill(answers)
            assert 200 == self.visitor.page.status_code, self.visitor.words
        raise AssertionError(self.visitor.path)

    def send(self) -> None:
        """Press Send on the check page."""
        self.clicks += 1
        hidden = dict(re.findall(r'name="(submission|seen|checked)" value="([^"]*)"', self.visitor.page.text))
        self.visitor.post(f"{self.visitor.path.removesuffix('/check').removesuffix('/send')}/send", **hidden)
        if "/recorded/" in self.visitor.path:
            self.forms += 1

    def send_anyway(self, installation: Installation, person: str) -> None:
        """Send what is kept of the form whose check is open, though its page has no button for it."""
        _, _, reference, _, step, *_ = self.visitor.path.split("/")
        whose = (person, "NEW" if reference == "new" else reference, step)
        kept = drafts.read(installation.records, whose, ANY_TIME)
        assert kept is not None
        said = json.loads(kept.words)
        sent = {"submission": said["token"], "seen": str(said["made_on"] or ""), "checked": Typed(said["boxes"]).digest}
        self.visitor.post(f"/reviews/{reference}/do/{step}/send", **sent)

    def _add_rows(self, answers: Mapping[str, Any]) -> None:
        for name, value in answers.items():
            if not (isinstance(value, list | tuple) and value and isinstance(value[0], Mapping)):
                continue
            for _ in range(len(value)):
                boxes = boxes_of(self.visitor.page.text)
                shown = boxes.values.get(f"{name}-rows")
                if shown is None or int(shown[0]) >= len(value):
                    break
                self.clicks += 1
                self._send(dict(boxes.values), f"add:{name}")

    def _send(self, sent: Flat, go: str) -> None:
        path = self.visitor.path
        if path.count("/") == 4:
            path = f"{path}/1"
        self.visitor.post(path, **{**sent, "go": go})  # type: ignore[arg-type]

    def _cost(self, name: str, kind: str, values: Sequence[str], before: Sequence[str]) -> int:
        if kind == "select":
            return 2
        if kind == "checkbox":
            return len(set(values) ^ set(before))
        return 0 if name.endswith(("-month", "-year")) else 1
