"""The invented reviews have enough behind them that account, digest and public register show what they are for."""

from __future__ import annotations

import re
from datetime import timedelta

from driver.filling import Filler
from driver.visitor import words_of

from flows.demo.stories import SHARED
from safeguarding.dates.london import london_date
from tasks.public_site.making import files_of
from tasks.record.installation import Installation

ACCOUNT = "?track=adults&year=2026&month=4"


def test_one_review_is_published_with_its_summary(installation: Installation, clock) -> None:
    """The public register has one page with summary, recommendations, one of them refused, and its reviewer."""
    site = files_of(installation.records, london_date(clock.at) + timedelta(days=1))
    page = words_of(site["sar-2026-001.html"].decode())
    assert SHARED["summary"] in page and SHARED["R01"] in page and "Lead reviewer Pat Specimen" in page
    assert "The partners will not implement this." in page


def test_the_account_has_something_under_each_head(manager: Filler) -> None:
    """What was found, done and refused; an impact that was seen, who was told; a missed date of law with its reason."""
    visitor = manager.visitor
    visitor.get(f"/yearly{ACCOUNT}")
    assert all(words in visitor.words for words in SHARED.values())
    seen = re.search(r'figure=([a-z-]*change-seen)">1<', visitor.page.text)
    assert seen and "SAR-2026-001" in visitor.get(f"/yearly/behind{ACCOUNT}&figure={seen[1]}").text
    visitor.get(f"/yearly{ACCOUNT}")
    assert "A briefing" in visitor.words
    visitor.get("/yearly?track=children&year=2026&month=4")
    assert "Agency information late" in visitor.words


def test_the_digest_brings_its_wordings_together(manager: Filler) -> None:
    """Of the past twelve months every approved wording of a lesson, a finding and a recommendation."""
    visitor = manager.visitor
    visitor.get("/sharing")
    assert all(SHARED[item] in visitor.words for item in ("L01", "F01", "R01"))
