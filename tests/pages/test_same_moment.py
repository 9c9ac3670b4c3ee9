"""Several windows that send the same form in the same moment: one is taken, and no other loses its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from threading import Thread

import pytest
from driver.filling import Filler, boxes_of
from driver.visitor import Visitor

from tasks.record.installation import Installation

REFERENCE = "CSPR-2026-002"
MEETING, REASON = (f"/reviews/{REFERENCE}/do/{step}" for step in ("record_meeting", "give_reason"))
IN_ANOTHER_WINDOW = ("from another window", "in another window")
HOW_MANY = range(6)
Somebody = Callable[[str], Filler]


def press(window: Visitor, at: str, said: Mapping[str, str]) -> None:
    """Send the open page with these answers."""
    boxes = {name: values[-1] for name, values in boxes_of(window.page.text).values.items()}
    window.post(f"{at}/1", **{**boxes, **said})


def all_at_once(somebody: Somebody, at: str, each: Sequence[Mapping[str, str]]) -> list[Visitor]:
    """As many windows of one person, each opened before any was sent, and all sent in one moment."""
    windows = [somebody("alex_example").visitor for _ in each]
    for window in windows:
        window.get(at)
    sends = [Thread(target=press, args=(window, at, said)) for window, said in zip(windows, each, strict=True)]
    for one in sends:
        one.start()
    for one in sends:
        one.join()
    return windows


def told(windows: Sequence[Visitor]) -> list[int]:
    """Which windows say that another was there before, each with its own words still in its boxes."""
    found = []
    for number, window in enumerate(windows):
        if any(words in window.words for words in IN_ANOTHER_WINDOW):
            assert [f"Words of {number}."] == re.findall(r"Words of \d\.", window.page.text)
            found.append(number)
    return found


def taken(somebody: Somebody, at: str) -> str:
    """What is kept of the form, as it is opened again."""
    window = somebody("alex_example").visitor
    window.get(f"{at}/1")
    return "".join(re.findall(r"Words of \d\.", window.page.text))


def test_of_six_that_send_one_is_recorded_and_five_are_told(installation: Installation, somebody: Somebody) -> None:
    """A small step, sent from its page: one line, and in each other window its own note."""
    before = installation.records.read(REFERENCE).version
    said = [{"meeting": "family meeting", "note": f"Words of {one}.", "go": "send"} for one in HOW_MANY]
    windows = all_at_once(somebody, MEETING, said)
    assert before + 1 == installation.records.read(REFERENCE).version
    assert 1 == sum("/recorded/" in one.path for one in windows)
    assert 5 == len(told(windows))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (MEETING, {"meeting": "family meeting", "on-year": "2029", "note": "{}", "go": "send"}),
        (REASON, {"reasons": "{}", "go": "next"}),
        (REASON, {"reasons": "{}", "go": "later"}),
    ],
    ids=["refused", "onward", "later"],
)
def test_of_six_that_are_kept_one_is_and_five_are_told(somebody: Somebody, at: str, said: dict[str, str]) -> None:
    """Refused, led on or left: nobody's words take another's place before that window has said so."""
    each = [{name: given.format(f"Words of {one}.") for name, given in said.items()} for one in HOW_MANY]
    windows = all_at_once(somebody, at, each)
    late = told(windows)
    assert 5 == len(late)
    (first,) = set(HOW_MANY) - set(late)
    assert f"Words of {first}." == taken(somebody, at)
    press(windows[late[0]], at, {"go": "later"})
    assert f"Words of {late[0]}." == taken(somebody, at), "pressed once more it takes the other's place"


def test_what_a_window_keeps_by_itself_is_its_own(somebody: Somebody) -> None:
    """Kept while it is typed, it goes on; another window's words are not replaced by what it keeps, nor are its own."""
    one, other = (somebody("alex_example").visitor for _ in range(2))
    for window in (one, other):
        window.get(REASON)
    stood = one.page
    for words in ("Words of 1.", "Words of 2."):
        one.page = stood
        press(one, REASON, {"reasons": words, "go": "keep"})
        assert 204 == one.page.status_code
    there = other.page
    press(other, REASON, {"reasons": "Words of 3.", "go": "keep"})
    assert (409, "Words of 2.") == (other.page.status_code, taken(somebody, REASON))
    other.page = there
    press(other, REASON, {"reasons": "Words of 3.", "go": "later"})
    assert "in another window since you opened this page" in other.words
    one.page = stood
    press(one, REASON, {"reasons": "Words of 4.", "go": "later"})
    assert "Words of 4." == taken(somebody, REASON)


def test_two_windows_with_the_same_words_are_one(installation: Installation, somebody: Somebody) -> None:
    """Two windows of one browser with the same answers: recorded once, and both are led to it."""
    before, mine = installation.records.read(REFERENCE).version, somebody("alex_example").visitor
    other = Visitor(mine.client._transport.app)  # type: ignore[attr-defined]
    other.client.cookies = mine.client.cookies
    for window in (mine, other):
        window.get(MEETING)
    for window in (mine, other):
        press(window, MEETING, {"meeting": "family meeting", "note": "The same.", "go": "send"})
        assert f"/reviews/{REFERENCE}/recorded/{before + 1}" == window.path
    assert before + 1 == installation.records.read(REFERENCE).version
