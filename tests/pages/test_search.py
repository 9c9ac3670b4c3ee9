"""What is looked for at the pages may be a name, typed by mistake: it stands in no address, and in no log."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from driver.visitor import Clock, Visitor

from flows.privacy.canaries import Needle
from pages import sought
from pages.guard import Guard

CLOSED = "CSPR-2026-003"
NAME = "Wrenathorpe"
"""A word of nobody."""
Code = Callable[[], str]


def asks(visitor: Visitor) -> list[httpx.Request]:
    """Every request that a browser makes from now on."""
    asked: list[httpx.Request] = []

    async def note(request: httpx.Request) -> None:
        asked.append(request)

    visitor.client.event_hooks["request"].append(note)
    return asked


@pytest.mark.parametrize(("path", "box"), [("/reviews", "q"), ("/readings", "review")])
def test_what_is_looked_for_stands_in_no_address(alex: Visitor, path: str, box: str) -> None:
    """Not in one that is asked for, nor in the title, which a browser keeps beside it; on the page it stands again."""
    asked = asks(alex)
    alex.get(path)
    alex.post(path, **{box: NAME})
    assert ["GET", "POST", "GET"] == [one.method for one in asked]
    assert not [one for one in asked if Needle(NAME).within(f"{one.url} {one.headers}".encode())]
    assert f'value="{NAME}"' in alex.page.text
    assert NAME not in re.findall("<title>(.*?)</title>", alex.page.text)[0]
    assert "no-store" == alex.page.headers["cache-control"]


def test_the_way_back_leads_to_what_was_found(alex: Visitor) -> None:
    """Found, a review is opened; back, the same are found again, and nothing is sent a second time."""
    alex.looks_for("child c")
    found = str(alex.page.url)
    alex.get(f"/reviews/{CLOSED}")
    assert "1 found for «child c»" in (alex.get(found) and alex.words)
    alex.post("/reviews", q="   ")
    assert ("/reviews", "") == (alex.path, str(alex.page.url.query, "ascii"))
    assert "All reviews" in alex.words


@pytest.mark.parametrize("asked", ["%", "_", "\x00", "- –", "*", "''"])
def test_signs_alone_find_nothing(alex: Visitor, asked: str) -> None:
    """No review is named by them: it is said, and none is listed."""
    alex.looks_for(asked)
    assert "0 found for «" in alex.words
    assert "Nothing that you may see fits." in alex.words
    assert [] == re.findall("/reviews/[A-Z]+-2026-", alex.page.text)


def test_an_address_of_before_shows_nobody_what_was_looked_for(
    alex: Visitor, served: Guard, newest: Code, clock: Clock
) -> None:
    """Signed in as somebody else, or again: it is said to type it again, and nothing of it is shown."""
    alex.looks_for(NAME)
    found = str(alex.page.url)
    other = Visitor(served).sign_in("glenn@council.example", newest)
    alex.post("/sign-out")
    clock.later(minutes=1)
    alex.sign_in("alex@exampleshire.example", newest)
    for visitor in (other, alex):
        visitor.get(found)
        assert (200, True, False) == (visitor.page.status_code, sought.NO_MORE in visitor.words, NAME in visitor.words)
        assert CLOSED in visitor.words


@pytest.mark.parametrize("found", ["x", "_" * 340, "A" * 3000, "é", "%00", "=", "a b"])
@pytest.mark.parametrize("path", ["/reviews", "/readings"])
def test_an_address_that_is_none_of_ours(alex: Visitor, path: str, found: str) -> None:
    """Nothing is found by it, and everything is shown."""
    assert 200 == alex.get(path, params={"found": found}).status_code
    assert sought.NO_MORE in alex.words


def test_short_and_long_look_alike(alex: Visitor) -> None:
    """The length of an address tells nothing of what was typed, and each time it is another."""
    addresses = set()
    for words in ("a", NAME, "x" * 100, NAME):
        alex.looks_for(words)
        addresses.add(str(alex.page.url))
    assert (4, 1) == (len(addresses), len({len(one) for one in addresses}))


def test_readings_are_paged_as_they_were_looked_for(alex: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The older ones of what was looked for, by an address that does not say it in words."""
    monkeypatch.setattr("pages.readings.AT_A_TIME", 1)
    monkeypatch.setattr("tasks.record.reading.AT_A_TIME", 1)
    for _ in range(2):
        alex.get(f"/reviews/{CLOSED}")
        alex.post(f"/reviews/{CLOSED}/words", words="referral")
    alex.get("/readings")
    alex.post("/readings", person="alex_example")
    assert "2 readings, page 1 of 2." in alex.words
    (older,) = re.findall(r'rel="next" href="([^"]+)"', alex.page.text)
    assert "alex" not in older
    assert "2 readings, page 2 of 2." in (alex.get(older.replace("&amp;", "&")) and alex.words)
