"""
Whatever is asked of the pages, by somebody who is signed in or not: no 500, and no word of it where nobody typed it.

A few hundred requests as they stand; `FUZZ=50000 pytest tests/pages/test_whatever_is_asked.py` sends so many.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from driver.tries import MANY
from driver.visitor import HERE, Visitor

from pages.guard import Guard

pytestmark = pytest.mark.random

FEW = 400
PATHS = (
    *("/", "/reviews", "/reviews/{}", "/reviews/{}/dates/{}", "/reviews/{}/dates/{}/{}", "/reviews/{}/plan.svg"),
    *("/registers", "/registers/{}", "/registers/requests", "/registers/actions", "/reviews/{}/letters"),
    *("/reviews/{}/review.pdf", "/reviews/{}/dates.pdf", "/reviews/{}/decisions/{}.pdf", "/reviews/{}/bundle"),
    *("/reviews/CSPR-2026-006/decisions/{}.pdf", "/reviews/CSPR-2026-006/review.pdf", "/reviews/CSPR-2026-006/bundle"),
    *("/reviews/{}/anonymity", "/reviews/CSPR-2026-006/anonymity"),
    *("/sharing", "/sharing", "/sharing/leaflets/{}", "/reviews/{}/briefing", "/reviews/CSPR-2026-006/briefing"),
    *("/readings", "/reviews/{}/words", "/reviews/CSPR-2026-006/words"),
    *("/sign-in", "/sign-in/code", "/sign-in/who", "/sign-in/by-name", "/static/{}", "/{}"),
    *("/your-sign-in", "/your-sign-in/begin", "/your-sign-in/confirm", "/your-sign-in/give-up"),
    *("/your-sign-in/of-others", "/reviews/{}/position", "/reviews/CSPR-2026-006/dates/{}"),
    *("/reviews/{}/do/{}", "/reviews/{}/do/{}/{}", "/reviews/{}/settle/{}/{}", "/reviews/{}/recorded/{}"),
    *("/reviews/CSPR-2026-006/do/record_meeting/{}", "/reviews/new/do/open_referral/{}", "/reviews/{}/onward"),
)
OUT = "/sign-out"
"""Asked for by strangers alone: whoever is signed in is to stay so to the last request."""
METHODS = ("GET", "GET", "GET", "POST", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
ODD = (
    *(
        "\x00",
        "%",
        "../",
        "'",
        '"',
        "\\",
        "<x>",
        "é",
        "\u202e",
        "{{7*7}}",
        "A" * 3000,
        "C05",
        "CSPR-2026-006",
        "/",
        "?",
    ),
    *("#", "0", "-1", "null", "police", "local.c.agency_summary", "\r\nX-Odd: 1", "\ud7ff", "🙂", " ", "token", "%ff"),
    *("check", "send", "discard", "1", "new", "record_done", "decide_review", "٣", "9" * 30),
)
FIELDS = (
    *("address", "code", "person", "token", "next", "q", "found", "kept", "done", "ended", "out", "x"),
    *("go", "seen", "since", "look", "submission", "made_on", "words", "review", "day", "page"),
    *("track", "when", "agency", "state", "file", "reason", "password", "again"),
    *("stage", "theme", "until", "open", "sealed"),
)


def asked(random: Random, token: str, paths: Sequence[str]) -> dict[str, Any]:
    """One request that somebody might make, and most would not."""
    parts = ["".join(random.choice(ODD) for _ in range(random.randint(1, 3))) for _ in range(3)]
    path = random.choice(paths).format(*(quote(part, safe="/" if random.random() < 0.5 else "") for part in parts))
    query = {random.choice(FIELDS): random.choice(ODD)} if random.random() < 0.4 else {}
    one: dict[str, Any] = {"method": random.choice(METHODS), "url": path, "params": query, "headers": {"origin": HERE}}
    if one["method"] in ("POST", "PUT", "PATCH"):
        form = {random.choice(FIELDS): random.choice(ODD) for _ in range(4)}
        form |= {"token": token} if random.random() < 0.6 else {}
        body = "&".join(f"{name}={quote(value)}" for name, value in form.items()).encode()
        kind = random.choice(["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""])
        one |= {"content": body if random.random() < 0.8 else random.randbytes(40)}
        one["headers"] |= {"content-type": kind}
    return one


@pytest.mark.parametrize("signed", [True, False])
def test_nothing_that_is_asked_breaks_a_page(served: Guard, alex: Visitor, signed: bool) -> None:
    """The same requests each time, unless many are asked for. Afterwards the pages are there as before."""
    visitor = alex if signed else Visitor(served)
    visitor.get("/sign-in")
    random, token = Random(None if MANY else 2026), visitor.token
    paths = PATHS if signed else (*PATHS, OUT)

    async def send() -> list[str]:
        broken = []
        transport = httpx.ASGITransport(app=served, client=("127.0.0.3", 50000))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
            for _ in range(MANY or FEW):
                client.cookies = httpx.Cookies(visitor.client.cookies)
                answer = await client.request(**asked(random, token, paths))
                headers = str(answer.headers).lower()
                if answer.status_code >= 500 or "x-odd" in answer.headers or "content-security-policy" not in headers:
                    broken.append(f"{answer.request.method} {answer.request.url!r} {answer.status_code}")
        return broken

    assert [] == asyncio.run(send())
    assert 200 == visitor.get("/sign-in").status_code
    assert signed == ("Signed in as Alex Example" in visitor.words)
