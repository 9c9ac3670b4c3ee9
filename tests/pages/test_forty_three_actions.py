"""
Forty-three actions across eleven agencies are chased, evidenced, verified, closed on, and looked at six months later.

Six recommendations, of which two will not be implemented; an owner who answers by the link of a letter; an agency that
hears nothing until its director is told; and one action after which no change is seen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from driver.filling import Filler
from driver.many_actions import AGENCIES, HOW_MANY, SECRET, plan, verified
from driver.story import Story
from driver.visitor import Clock, words_of
from sqlalchemy import select

from flows.demo.answers import answer
from safeguarding.dates.counting import add_months
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
    assert owners <= {*told(case, "action_owned")}, "everybody who owns an action is told"
    publish(case)
    case.take("agree_action_plan")

    is_chased(case)
    an_owner_answers_by_the_link(case)
    left = [one.id for one in case.review.actions if one.status != "verified"]
    case.take("update_action", table=verified(left, case.today))
    assert all(one.status == "verified" for one in case.review.actions)
    case.on(case.today + timedelta(days=1)).take("close_review")
    assert not case.review.open

    half_a_year_on(case)
    assert SECRET not in words_of(case.somebody("alex_example").visitor.get(f"/reviews/{case.reference}").text)
    assert not case.installation.records.verify(case.reference)


def publish(case: Story) -> None:
    """The report goes to those who have it before, and is published."""
    case.take("plan_publication", planned_on=case.today + timedelta(days=28))
    case.take("send_report", how="by secure e-mail")
    case.on(case.review.happened("publication_planned_full")).take("publish")


def is_chased(case: Story) -> None:
    """Nobody does anything for a month after the last is due: owners hear, then their directors, each once a rung."""
    first = case.review.actions[0]
    for days in range(0, 60, 5):
        case.on(first.due_on + timedelta(days=days)).swept()
    missed = told(case, "due_missed")
    assert {one.owner for one in case.review.actions} <= {*missed}
    assert {"ariel_director", "jordan_director"} <= {*missed}
    before = dict(missed)
    case.swept()
    assert before == told(case, "due_missed"), "the same rung is told once"


def an_owner_answers_by_the_link(case: Story) -> None:
    """Jules opens the form of the letter: without evidence it is refused, with it it waits for somebody else."""
    theirs = next(one for one in case.review.actions if one.owner == "jules_lead")
    given = {"status": "verified", "on": case.today, "grade": "document", "evidence": "EX-AUD-1", "note": "Seen."}
    said = refused(case, "jules_lead", "update_action", table={theirs.id: given})
    assert f"{theirs.id} is verified by somebody else: the signer owns it and is of its agency" in said
    bare = {"status": "evidence submitted", "on": case.today, "grade": "document", "evidence": "", "note": ""}
    said = refused(case, "jules_lead", "update_action", table={theirs.id: bare})
    assert "There is a problem" in said, said
    jules = case.somebody("jules_lead")
    jules.open(f"/reviews/{case.reference}/do/update_action?row={theirs.id}")
    jules.whole({theirs.id: {**bare, "evidence": "EX-AUD-1", "note": "The audit."}})
    jules.send()
    assert "/recorded/" in jules.visitor.path, jules.visitor.words


def half_a_year_on(case: Story) -> None:
    """Three looks at each action are owed after the closing; at six months of one of them no change is seen."""
    verified_on = case.review.happened("action_verified", "A07")
    case.on(add_months(verified_on, 3) + timedelta(days=1)).swept()
    everything = [one.id for one in case.review.actions]
    case.take("check_action_impact", actions=everything, outcome="change seen")
    case.on(add_months(verified_on, 6) + timedelta(days=1)).swept()
    page = case.somebody("alex_example").visitor.get("/").text
    assert case.reference in page, "it is on the first page of the business manager, though the review is closed"
    none = {"actions": ["A07"], "outcome": "no change seen"}
    said = refused(case, "alex_example", "check_action_impact", **none)
    assert "no change is seen: say what now" in said
    case.take("check_action_impact", **none, what_now="another action", why="The audit shows the same as before.")
    rows = words_of(case.somebody("alex_example").visitor.get(f"/registers/actions?review={case.reference}").text)
    assert "no change seen" in rows.lower()
