"""Where a recommendation is written, earlier reviews' actions on the same themes stand beside it."""

from __future__ import annotations

from driver.filling import Filler
from driver.visitor import Visitor

from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date
from safeguarding.stages import STEPS
from tasks.record.earlier_actions import earlier_actions
from tasks.record.installation import Installation
from tasks.store import queries
from tasks.store.session import reading

EARLIER, HERE = "SAR-2026-001", "SAR-2026-003"
SECRET = "Nobody asked Ottoline why."


def acted_on(installation: Installation, theme: str) -> str:
    """An action of an earlier review for a recommendation on a theme, with sealed words; its number."""
    records = installation.records
    now = records.events(EARLIER)[-1].at
    given = {"findings": [], "themes": [theme], "what": SECRET}
    for step, changes in (("record_recommendation", given), ("add_action", {"what": SECRET})):
        last = records.read(EARLIER).recommendations[-1].id
        changes |= {"recommendation": last} if step == "add_action" else {}
        fields = answer(step, records.read(EARLIER), london_date(now), **changes)
        records.attempt(EARLIER, step, fields, signer(STEPS[step].by), now)
    return records.read(EARLIER).actions[-1].id


def test_earlier_actions_stand_beside_a_recommendation(manager: Filler, installation: Installation) -> None:
    """While no theme is chosen nothing is known; once it is, the earlier action stands at the check, by reference."""
    action = acted_on(installation, "transition")
    manager.open(f"/reviews/{HERE}/do/record_recommendation")
    assert "Shown here once themes are chosen" in manager.visitor.words
    manager.whole({"agency": "education", "themes": ["transition"], "on": "2026-11-30", "what": "Ask early."})
    words = manager.visitor.words
    assert manager.visitor.path.endswith("/check"), words
    assert "On: Transition between services." in words
    assert f"{EARLIER} {action} Schools and early years: agreed; impact not looked at" in words
    assert "Ottoline" not in manager.visitor.page.text


def test_of_a_theme_without_an_action_that_is_said(manager: Filler, installation: Installation) -> None:
    """The review's own lessons are on a theme of which no other review has an action."""
    acted_on(installation, "transition")
    records = installation.records
    now = records.events(HERE)[-1].at
    lesson = answer("record_lesson", records.read(HERE), london_date(now), themes=["equality"])
    records.attempt(HERE, "record_lesson", lesson, signer(STEPS["record_lesson"].by), now)
    manager.open(f"/reviews/{HERE}/do/record_recommendation")
    assert "No earlier review has an action on: Race, culture and disability." in manager.visitor.words


def test_only_reviews_that_one_may_see(alex: Visitor, installation: Installation) -> None:
    """An action is found for whoever may see its review, not for others, nor for the review that is written for."""
    acted_on(installation, "transition")
    records, book = installation.records, installation.rulebook
    with reading(records.engine) as connection:
        everything = list(queries.whom_they_concern(connection))
    assert [EARLIER] == [one.reference for one in earlier_actions(records, book, ["transition"], everything)]
    assert [] == earlier_actions(records, book, ["transition"], [HERE])
    assert [] == earlier_actions(records, book, ["transition"], everything, but=EARLIER)
    assert [] == earlier_actions(records, book, ["trans"], everything)
