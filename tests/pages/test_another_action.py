"""«No change seen: another action» leads to the form of adding it, filled, until it is added."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from driver.filling import Filler, boxes_of
from driver.story import Story
from driver.visitor import Clock

from safeguarding.review.events import Actor
from safeguarding.review.states import State
from tasks.record.installation import Installation

NO_CHANGE = {
    "outcome": "no change seen",
    "what_now": "another action",
    "seen": "As before.",
    "why": "It reached nobody.",
    "again_on": None,
}
VERIFIED = {"status": "verified", "grade": "document", "evidence": "EX-AUD-4", "note": "An audit."}


@pytest.fixture
def case(installation: Installation, clock: Clock, somebody: Callable[[str], Filler]) -> Story:
    """A child's review with an action for a recommendation, verified, of which no change was seen."""
    case = Story(installation, clock, somebody, State.PUBLICATION_DEFERRED, "children")
    case.take("record_recommendation")
    records, today = installation.records, case.today.isoformat()
    number = f"A{len(case.review.actions) + 1:02d}"
    adds = {"agency": "police", "owner": "casey_lead", "due_on": today, "agreed_on": today, "recommendation": "R01"}
    steps = (
        ("add_action", "alex_example", {**adds, "what": "Ask.", "measure": "Asked."}),
        ("update_action", "glenn_sample", {**VERIFIED, "action": number, "on": today}),
    )
    for step, person, raw in steps:
        records.attempt(case.reference, step, raw, Actor(person=person), clock.at)
    return case.on(case.today + timedelta(days=1))


def link(page: str) -> str:
    """Where the page leads for the action that follows; nothing where it does not."""
    found = [part.split('"')[0] for part in unescape(page).split('href="') if "/do/add_action?" in part.split('"')[0]]
    return found[0] if found else ""


def test_no_change_seen_leads_to_the_form_of_another(case: Story, somebody: Callable[[str], Filler]) -> None:
    """From what was recorded and from the review's page, with agency and recommendation chosen; then no more."""
    alex, number = somebody("alex_example"), case.review.actions[-1].id
    assert "" == link(alex.visitor.get(f"/reviews/{case.reference}").text)
    alex.open(f"/reviews/{case.reference}/do/check_action_impact")
    alex.whole({"actions": [number], "on": case.today, "how": "audit", **NO_CHANGE})
    alex.send()
    assert f"add the action that follows {number}" in alex.visitor.words
    there = link(alex.visitor.page.text)
    assert f"/reviews/{case.reference}/do/add_action?agency=police&recommendation=R01" == there
    assert there == link(alex.visitor.get(f"/reviews/{case.reference}").text)
    alex.open(there)
    stands = boxes_of(alex.visitor.page.text).values
    assert ["police", "R01", ""] == [(stands.get(name) or [""])[0] for name in ("agency", "recommendation", "lesson")]
    day = case.today + timedelta(days=60)
    said = {"owner": "casey_lead", "due_on": day, "agreed_on": case.today, "what": "Ask again.", "measure": "Asked."}
    alex.whole(said)
    alex.send()
    assert ("police", "R01") == (case.review.actions[-1].agency, case.review.actions[-1].recommendation)
    assert "" == link(alex.visitor.page.text) == link(alex.visitor.get(f"/reviews/{case.reference}").text)
