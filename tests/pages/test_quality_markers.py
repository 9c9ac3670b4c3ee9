"""The quality markers at the pages: a form with a page for each group, and a section at the review's page."""

from __future__ import annotations

import re

from driver.filling import Filler, boxes_of

from safeguarding.review.quality_markers import CHILDREN
from tasks.record.installation import Installation

AT_PANEL, IN_RAPID_REVIEW = "CSPR-2026-002", "CSPR-2026-007"
WHY = "Two agencies read the purpose in two ways."


def section(page: str) -> str:
    """The part of a review's page that holds the quality markers."""
    found = re.search(r'<section aria-labelledby="quality">.*?</section>', page, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group(0)).split()) if found else ""


def test_several_are_answered_in_one_form(installation: Installation, manager: Filler) -> None:
    """A page for each group; what is left empty is not assessed; the section has answers, day, and what is left."""
    manager.visitor.get(f"/reviews/{AT_PANEL}")
    before = section(manager.visitor.page.text)
    assert "Not assessed, though the review began on" in before
    assert "1. Referral; 2. Decision making" in before
    manager.open(f"/reviews/{AT_PANEL}/do/assess_quality_markers")
    pages = []
    given = {"scr_01": {"answer": "met", "why": "It came in time."}, "scr_05": {"answer": "partly", "why": WHY}}
    while not manager.visitor.path.endswith("/check"):
        pages.append({name.partition("-")[0] for name in boxes_of(manager.visitor.page.text).kinds})
        manager.fill(given)
    for gate, names in zip(CHILDREN.gates, pages, strict=True):
        assert {one.id for one in gate.markers} <= names
    manager.send()
    assert "/recorded/" in manager.visitor.path, manager.visitor.words
    manager.visitor.get(f"/reviews/{AT_PANEL}")
    after = section(manager.visitor.page.text)
    assert "1. Referral Met" in after
    assert "5. Clarity of purpose Partly" in after
    assert "2. Decision making; 3. Advising board members; 4. Informing the family." in after
    assert WHY not in manager.visitor.page.text
    assert "NSPCC and Social Care Institute for Excellence, 2016" in after
    assert 'href="https://www.scie.org.uk/safeguarding/children/case-reviews/quality-markers/"' in (
        manager.visitor.page.text
    )


def test_a_review_that_has_come_to_no_gate_has_no_section(manager: Filler) -> None:
    """Before a review has begun there is nothing of it to look at."""
    manager.visitor.get(f"/reviews/{IN_RAPID_REVIEW}")
    assert "" == section(manager.visitor.page.text)
