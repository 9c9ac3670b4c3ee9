"""What a stage is for stands at the page of a review and at the forms that lead on."""

from __future__ import annotations

import html

from driver.filling import Filler

from safeguarding.law.guidance import guidance_words

AT_PANEL, ADULT = "CSPR-2026-002", "SAR-2026-001"


def text(manager: Filler, path: str) -> str:
    """A page as it is read."""
    return " ".join(html.unescape(manager.visitor.get(path).text).split())


def test_the_page_says_what_the_stage_is_for(manager: Filler) -> None:
    """In the words of the track and the stage at which the review stands."""
    assert guidance_words("children", "panel", ()) in text(manager, f"/reviews/{AT_PANEL}")
    assert "What this stage is for" in text(manager, f"/reviews/{ADULT}")
    assert guidance_words("children", "panel", ()) not in text(manager, f"/reviews/{ADULT}")


def test_the_form_that_leads_on_says_it_too(manager: Filler) -> None:
    """What is recorded beside the stages has nothing of it: it may come at any of them."""
    words = guidance_words("children", "panel", ())
    assert words in text(manager, f"/reviews/{AT_PANEL}/do/begin_drafting")
    assert words not in text(manager, f"/reviews/{AT_PANEL}/do/record_meeting")
