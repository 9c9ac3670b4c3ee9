"""
Somebody at the forms of the pages who presses no more than they have to: the buttons that fill in several boxes, one
reason for several questions, and Send at once where a form offers it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from driver.filling import Filler, boxes_of, flat
from pages.forms.room import NEXT_TODAY


class Sparing(Filler):
    """Fills in a form as `Filler` does, with what the page offers to save presses."""

    def whole(self, answers: Mapping[str, Any]) -> None:
        """Fill in every page of the form that is open, and send it where it is sent from its page."""
        for _ in range(8):
            if self.visitor.path.endswith("/check") or "/recorded/" in self.visitor.path:
                return
            answers = _without_what_follows(answers)
            self._press_what_saves(answers)
            onward = self._onward()
            said_by_it = onward.removeprefix(NEXT_TODAY)
            typed = {name: given for name, given in answers.items() if name != said_by_it}
            self.fill(self._with_one_reason(typed), onward)
            assert 200 == self.visitor.page.status_code, self.visitor.words
        raise AssertionError(f"{self.visitor.path}: {self.visitor.words}")

    def send(self) -> None:
        """Press Send on the check page, where there was one."""
        if "/recorded/" in self.visitor.path:
            self.forms += 1
        else:
            super().send()

    def _onward(self) -> str:
        """The button that leads furthest."""
        if self._offers("send"):
            return "send"
        today = re.search(rf'name="go" value="({NEXT_TODAY}[\w-]+)"', self.visitor.page.text)
        return today.group(1) if today else "next"

    def _offers(self, go: str) -> bool:
        return f'name="go" value="{go}"' in self.visitor.page.text

    def _press(self, go: str) -> None:
        self.clicks += 1
        self._send(dict(boxes_of(self.visitor.page.text).values), go)

    def _press_what_saves(self, answers: Mapping[str, Any]) -> None:
        """Each button that fills in two boxes or more. What one fills in otherwise than it is to be is put right."""
        boxes, wanted = boxes_of(self.visitor.page.text), flat(answers)
        if self._offers("todays"):
            self._press("todays")
        for name, offered in boxes.offered.items():
            empty = boxes.kinds[name] == "checkbox" and not boxes.values.get(name)
            if empty and self._offers(f"all:{name}") and set(offered) == set(wanted.get(name, ())):
                self._press(f"all:{name}")
        said = [values for name, values in wanted.items() if name in boxes.kinds and name.endswith("-position")]
        if self._offers("agree") and len(said) > 1 and all(values == ["agree"] for values in said):
            self._press("agree")
        if self._offers("same") and _alike(answers):
            first = next(iter(answers))
            self.fill({first: answers[first]}, "same")

    def _with_one_reason(self, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answers with the reason that several of them have in the box for one reason, and not with each."""
        boxes = boxes_of(self.visitor.page.text)
        box = next((name for name in boxes.kinds if name.startswith("reason-")), None)
        limbs = {name: given for name, given in answers.items() if f"{name}-reason" in boxes.kinds}
        reasons = Counter(given["reason"] for given in limbs.values())
        if box is None or not reasons or reasons.most_common(1)[0][1] < 2:
            return answers
        shared = reasons.most_common(1)[0][0]
        short = {name: {"answer": given["answer"]} for name, given in limbs.items() if given["reason"] == shared}
        return {**answers, **short, box: shared}


def _without_what_follows(answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers without those that the partnership's file gives once the others are there."""
    return {name: given for name, given in answers.items() if name != "reviewer" or "reviewer_in_file" not in answers}


def _alike(answers: Mapping[str, Any]) -> bool:
    rows = [given for given in answers.values() if isinstance(given, Mapping)]
    return len(rows) > 1 and len(rows) == len(answers) and all(row == rows[0] for row in rows)
