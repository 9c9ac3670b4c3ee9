"""What people read at the pages says names: no id of the partnership's file, no key of a rule, no milestone's name."""

from __future__ import annotations

import re
from datetime import date

import pytest
from driver.filling import Filler

from safeguarding.law.milestones import MILESTONES
from safeguarding.review.states import Track
from tasks.record.installation import Installation

TODAY = date(2026, 11, 30)
IN_REVIEW = "CSPR-2026-002"
"""A review that waits for four reports."""
OWN_RULE = re.compile(r"\blocal\.[a-z]\.\w+")
A_WORD = re.compile(r"\b[a-z]\w*_\w+\b")
LINK = re.compile(r'href="(/[^"#?]*(?:\?track=\w+)?)"')


@pytest.fixture
def ids(installation: Installation) -> frozenset[str]:
    """Every id with an underscore that a page could show by mistake."""
    rulebook = installation.records.rulebook
    file = rulebook.partnership.whole
    parts = (file.people, file.agencies, file.partners, file.recipients, file.milestones, file.questions)
    named = {one.id for part in parts for one in part} | set(MILESTONES)
    named |= {role for person in file.people for role in person.roles}
    named |= {"national_panel", "secretary_of_state"}
    return frozenset(name for name in named if "_" in name)


def shown(words: str, ids: frozenset[str]) -> set[str]:
    """The ids and keys that stand in the words of a page."""
    return {*OWN_RULE.findall(words), *(ids & set(A_WORD.findall(words)))}


def links(manager: Filler) -> list[str]:
    """Where the open page leads, within the pages."""
    return sorted(set(LINK.findall(manager.visitor.page.text)))


def test_no_page_shows_an_id(manager: Filler, installation: Installation, ids: frozenset[str]) -> None:
    """
    The manager reads home, the list, each review with its history, the working of each date, and each form once for
    each track.
    """
    found: dict[str, set[str]] = {}
    read: list[str] = []

    def reads(path: str) -> None:
        manager.visitor.get(path)
        read.append(path)
        if there := shown(manager.visitor.words, ids):
            found[path] = there

    reads("/")
    reads("/reviews")
    forms: set[tuple[str, Track]] = set()
    for review in installation.records.list():
        here = f"/reviews/{review.reference}"
        reads(here)
        for path in links(manager):
            if path.startswith(f"{here}/dates/"):
                reads(path)
            elif path.startswith(f"{here}/do/") and (form := (path.removeprefix(here), review.track)) not in forms:
                forms.add(form)
                reads(path)
    assert not found
    assert len(forms) > 60
    assert any(path.endswith("/dates/C12") for path in read)


def test_no_refusal_shows_an_id(manager: Filler, ids: frozenset[str]) -> None:
    """Agencies asked twice, a date owed by several of whom none is named: each is said by names, of whom it is."""
    form = f"/reviews/{IN_REVIEW}/do"
    manager.open(f"{form}/ask_agencies")
    asked = ["childrens_social_care", "general_practice"]
    manager.fill({"purpose": "report", "agencies": asked, "asked_on": TODAY}, "send")
    assert "already asked and not yet answered: Children's social care, " in manager.visitor.words
    assert not shown(manager.visitor.words, ids)
    manager.open(f"{form}/suspend_deadline")
    answers = {"duty": "local.x.imr_return", "agency_or_action": "", "suspended_on": TODAY, "reason": "None."}
    manager.whole({**answers, "ground": "inquest", "asked_by": "coroner", "look_again_on": date(2026, 12, 14)})
    assert "say which of Children's social care, " in manager.visitor.words
    assert not shown(manager.visitor.words, ids)
