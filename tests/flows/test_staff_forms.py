"""People come and go on the page: away and back by a short form, and a letter that came back, without a restart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from driver.page import Manager
from sqlalchemy import select, update

from flows.demo.answers import answer, signer
from safeguarding.dates.london import now
from safeguarding.stages import STEPS
from tasks.store.session import reading, writing
from tasks.store.tables import notices

pytestmark = pytest.mark.prefect


def sent(manager: Manager, flow: str, **answers: Any) -> dict[str, Any]:
    """A short form that concerns no review, sent and ended."""
    found = manager.api.post("/deployments/filter", json={"limit": 200}).raise_for_status().json()
    deployment = next(one for one in found if one["entrypoint"] == f"flows.{flow}.{flow}")
    # The page checks the form first, but that check can be switched off.
    asked = {"parameters": {"form": answers}, "enforce_parameter_schema": False}
    return dict(manager.finished(manager.ask(deployment, asked).raise_for_status().json()))


def test_somebody_is_away_and_back_by_a_form(manager: Manager) -> None:
    """Leslie is away: the running system knows it at once, nothing of the form stays in Prefect, and back again."""
    installation = manager.system.installation
    signed = {"signed_by": "Alex Example (alex_example)"}
    person = "Leslie Sample (leslie_sample)"
    days = {"first": manager.today.isoformat(), "last": (manager.today + timedelta(days=3)).isoformat()}
    run = sent(manager, "mark_away", person=person, cover="Indy Sample (indy_sample)", **days, **signed)
    assert ("COMPLETED", {}) == (run["state"]["type"], run["parameters"])
    assert "leslie" not in str(run).lower()
    installation.follow_chain()
    (away,) = installation.rulebook.partnership.person("leslie_sample").away
    assert ("indy_sample", manager.today) == (away.cover, away.first)
    run = sent(manager, "mark_back", person=person, on=manager.today.isoformat(), **signed)
    assert "COMPLETED" == run["state"]["type"]
    installation.follow_chain()
    assert () == installation.rulebook.partnership.person("leslie_sample").away


def test_a_form_that_cannot_be_taken_says_every_reason_and_nothing_typed(manager: Manager) -> None:
    """The wrong way round and signed by a stranger: both are named, and the stranger is not."""
    days = {"first": manager.today.isoformat(), "last": (manager.today - timedelta(days=9)).isoformat()}
    run = sent(manager, "mark_away", person="leslie_sample", signed_by="Violet Canary", **days)
    assert ("FAILED", "Refused") == (run["state"]["type"], run["state"]["name"])
    assert "is before the first" in run["state"]["message"] and "signer is not in" in run["state"]["message"]
    assert "Violet" not in str(run)


def test_an_agency_of_one_review_is_named_by_a_form(manager: Manager) -> None:
    """The health board and its contact reach the record alone; without a review of that reference it is said why."""
    signed = {"signed_by": "Alex Example (alex_example)"}
    board = {"name": "Powys Teaching Health Board", "contact": "Gwen Example", "email": "gwen@powys.example"}
    installation = manager.system.installation
    raw = answer("open_referral", None, manager.today)
    reference = installation.records.open(raw, signer(STEPS["open_referral"].by), now()).review.reference
    run = sent(manager, "name_agency", review=reference, **board, **signed)
    assert ("COMPLETED", {}) == (run["state"]["type"], run["parameters"])
    assert "gwen" not in str(run).lower()
    installation.follow_chain()
    assert reference == installation.rulebook.partnership.agency("powys_teaching_health_bo").review
    run = sent(manager, "name_agency", review="CSPR-1999-001", **board, **signed)
    assert ("FAILED", "Refused") == (run["state"]["type"], run["state"]["name"])
    assert "there is none of that reference" in run["state"]["message"]


def test_a_letter_that_came_back_has_a_form(manager: Manager) -> None:
    """A number of a letter that left: it is open again. No number, and a number of nothing, are said."""
    engine = manager.system.installation.records.engine
    mails = select(notices.c.id).where(notices.c.channel == "email", notices.c.status.in_(("pending", "delivered")))
    with writing(engine) as connection:
        # On a Sunday every letter waits for the working morning: this one has left, as the sender notes it.
        number = connection.execute(mails.order_by(notices.c.id.desc()).limit(1)).scalar_one()
        left = {"status": "delivered", "delivered_at": now(), "next_attempt_at": None}
        connection.execute(update(notices).where(notices.c.id == number).values(left))
    run = sent(manager, "letter_came_back", numbers=str(number))
    assert ("COMPLETED", "1 open again, 0 known already: see the delivery report.") == (
        run["state"]["type"],
        run["state"]["message"],
    )
    with reading(engine) as connection:
        assert "failed" == connection.execute(select(notices.c.status).where(notices.c.id == number)).scalar_one()
    for numbers, said in (
        ("Violet Canary", "give the number of the letter"),
        ("999999999", "no message of this number"),
    ):
        run = sent(manager, "letter_came_back", numbers=numbers)
        assert ("FAILED", True) == (run["state"]["type"], said in run["state"]["message"])
        assert "Violet" not in str(run)
