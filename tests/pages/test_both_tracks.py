"""A referral of a child is begun, and one of an adult is to be opened: neither is shown as the other, and both stay."""

from __future__ import annotations

import pytest
from driver.filling import Filler, boxes_of

OPEN = "/reviews/new/do/open_referral"
TRACKS = {"children": "new-child", "adults": "new-adult"}
CONCERNS = {
    "children": "serious harm, abuse or neglect known or suspected",
    "adults": "serious abuse or neglect of an adult",
}


def begun(manager: Filler, track: str) -> None:
    """A referral is begun by the link of its track, and left."""
    manager.open(f"{OPEN}?track={track}")
    manager.fill({"summary": f"Of {track}."}, "later")


def stands(manager: Filler) -> tuple[list[str], list[str]]:
    """The track that is chosen on the open page, and what is written about it."""
    values = boxes_of(manager.visitor.page.text).values
    return values.get("track", []), values["summary"]


@pytest.mark.parametrize(("first", "second"), [("children", "adults"), ("adults", "children")])
def test_what_was_begun_of_the_other_track_is_not_shown_and_not_lost(manager: Filler, first: str, second: str) -> None:
    """The link of the other track opens an empty form that says what else lies there; each link leads to its own."""
    begun(manager, first)
    manager.open(f"{OPEN}?track={second}")
    assert ([second], [""]) == stands(manager)
    assert [second] == boxes_of(manager.visitor.page.text).offered["track"]
    assert "You have begun another one too" in manager.visitor.words
    assert f'href="{OPEN}/1">Go on with that one' in manager.visitor.page.text
    begun(manager, second)
    for track in (first, second):
        manager.open(f"{OPEN}?track={track}")
        assert ([track], [f"Of {track}."]) == stands(manager)
    manager.open(f"{OPEN}/1")
    assert ([first], [f"Of {first}."]) == stands(manager)
    home = manager.visitor.get("/").text
    assert f'href="{OPEN}"' in home
    assert f'href="/reviews/{TRACKS[second]}/do/open_referral"' in home


def test_each_is_sent_by_itself(manager: Filler) -> None:
    """The adult's is recorded as an adult's, and the child's is there still; an adult's begun again is found again."""
    begun(manager, "children")
    manager.open(f"{OPEN}?track=adults")
    manager.fill({"referred_by": "family", "concern": CONCERNS["adults"], "summary": "Short."}, "send")
    assert manager.visitor.path.startswith("/reviews/SAR-"), manager.visitor.words
    begun(manager, "adults")
    manager.open(f"{OPEN}?track=children")
    assert (["children"], ["Of children."]) == stands(manager)
    manager.fill({"referred_by": "family", "concern": CONCERNS["children"]}, "send")
    assert manager.visitor.path.startswith("/reviews/CSPR-"), manager.visitor.words
    manager.open(f"{OPEN}?track=adults")
    assert (["adults"], ["Of adults."]) == stands(manager)
    assert "You have begun another one too" not in manager.visitor.words
    manager.visitor.get(f"/reviews/{TRACKS['adults']}/do/open_referral/check")
    manager.visitor.post(f"/reviews/{TRACKS['adults']}/do/open_referral/discard")
    manager.open(f"{OPEN}?track=adults")
    assert (["adults"], [""]) == stands(manager)


@pytest.mark.parametrize("path", ["new-adult/do/carry_in", "new-adult/do/record_meeting", "new-adult", "new-x/do/y"])
def test_there_is_no_such_place_for_anything_else(manager: Filler, path: str) -> None:
    """A form that no track divides has one place, and a place is no review."""
    assert 404 == manager.visitor.get(f"/reviews/{path}").status_code
