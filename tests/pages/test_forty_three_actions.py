"""
Forty-three actions across eleven agencies are chased, evidenced, verified, closed on, and looked at six months later.

Six recommendations, of which two will not be implemented; an owner who answers by the link of a letter; an agency that
hears nothing until its director is told; and one action after which no change is seen.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from driver.filling import Filler
from driver.many_actions import AGENCIES, HOW_MANY, plan
from driver.story import Story
from driver.visitor import Clock
from sqlalchemy import select

from flows.demo.answers import answer
from safeguarding.review.states import State
from tasks.record.installation import Installation
from tasks.store.tables import notice_facts, notices

WHY_NOT = "The service that it is made to has ended."


@pytest.fixture
def case(installation: Installation, clock: Clock, somebody: Callable[[str], Filler]) -> Story:
    """A child's review whose report is with the partners, and waits to be published."""
    return Story(installation, clock, somebody, State.PUBLICATION_DEFERRED, "children")


def told(case: Story, occasion: str) -> dict[str, int]:
    """Who has a letter on such an occasion about this review, and how many."""
    query = (
        select(notices.c.person)
        .join(notice_facts, notice_facts.c.key == notices.c.key)
        .where(notices.c.occasion == occasion, notice_facts.c.reference == case.reference)
    )
    found: dict[str, int] = {}
    with case.installation.records.engine.connect() as connection:
        for (person,) in connection.execute(query):
            found[person] = found.get(person, 0) + 1
    return found


def refused(case: Story, person: str, step: str, **answers: object) -> str:
    """What the page says to a form that it does not take."""
    filler = case.somebody(person)
    filler.open(f"/reviews/{case.reference}/do/{step}")
    given = answers.pop("table", None) or answer(step, case.review, case.today, **answers)
    for _ in range(6):
        filler.fill({name: said for name, said in given.items() if name != "still_owed"})
        if "There is a problem" in filler.visitor.words or filler.visitor.path.endswith("/check"):
            break
    return filler.visitor.words


def test_from_six_recommendations_to_no_change_seen(case: Story) -> None:
    """The whole story, day by day."""
    for _ in range(6):
        case.take("record_recommendation")
    assert "say why the recommendation will not be implemented" in refused(
        case,
        "glenn_sample",
        "decide_recommendation",
        recommendation="R05",
        decision="will not be implemented",
        reasons="",
    )
    for number in ("R05", "R06"):
        gone = {"recommendation": number, "decision": "will not be implemented", "reasons": WHY_NOT}
        case.take("decide_recommendation", **gone)
    assert 2 == [one.decision for one in case.review.recommendations].count("will not be implemented")

    case.take("add_action_plan", table=plan(case.today))
    actions = case.review.actions
    assert (HOW_MANY, len(AGENCIES)) == (len(actions), len({one.agency for one in actions}))
    owners = {one.owner for one in actions}
    assert owners <= {*told(case, "action_given")}, "everybody who owns an action is told"
