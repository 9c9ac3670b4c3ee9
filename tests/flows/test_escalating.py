"""What the sweep shows in Prefect: named task runs, two tables, and a state that says when nothing gets out."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from driver.page import Manager
from prefect.client.schemas.objects import StateType

from flows.artifacts.delivery_and_agencies import DELIVERY, LEAGUE, delivery_table
from flows.demo.answers import answer, signer
from flows.watch import outcome
from safeguarding.law.rulebook import Rulebook
from safeguarding.stages import STEPS
from tasks.events.announce import late, words
from tasks.post.deliver import Delivered
from tasks.post.delivery_report import Blocked, Message
from tasks.record.claim_rungs import RungTold
from tasks.record.sweep import Swept
from tasks.record.sweep_round import Round


def told(**given: Any) -> RungTold:
    """What the sweep did about one duty."""
    usual = {
        "reference": "CSPR-2026-003",
        "rule": "C05",
        "subject": "",
        "rung": "three_days_late",
        "missed": 1,
        "standing": "overdue by 3 working days",
        "people": ("nico_specimen",),
    }
    return RungTold(**(usual | given))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {},
            "escalate CSPR-2026-003 Rapid review to the national Panel: overdue by 3 working days → "
            "agency director, chair of the review panel",
        ),
        (
            {"rung": "half_used", "standing": "7 working days left"},
            "remind CSPR-2026-003 Rapid review to the national Panel: 7 working days left → "
            "partnership business manager",
        ),
        (
            {"rule": "local.c.agency_summary_return", "subject": "housing", "rung": "one_day_late"},
            "escalate CSPR-2026-003 Agency summary for the rapid review (Housing): overdue by 3 working days → "
            "agency safeguarding lead",
        ),
        (
            {"rule": "local.gone", "rung": "gone"},
            "escalate CSPR-2026-003 local.gone: overdue by 3 working days → partnership business manager",
        ),
    ],
    ids=["a missed report", "a reminder", "an agency's summary", "a rule that was removed"],
)
def test_an_escalation_is_named_in_words(rulebook: Rulebook, given: dict[str, Any], expected: str) -> None:
    """Which review, what is owed, how it stands, which roles hear: no name of anybody."""
    assert expected == words(told(**given), rulebook)


def test_a_reminder_is_no_escalation() -> None:
    """Only what is past its day, a passed aim included."""
    assert (True, True, False, False) == tuple(
        late(told(standing=standing))
        for standing in (
            "overdue by 1 working day",
            "past the aim by 2 working days",
            "due today",
            "1 working day left",
        )
    )


def ended(**given: Any) -> tuple[StateType, str | None]:
    """How a sweep that did this ends."""
    usual: dict[str, Any] = {"swept": Swept(), "digests": 0, "delivered": Delivered(retried=1)}
    state = outcome(Round(**(usual | given)), 0)
    return state.type, state.name


def test_a_sweep_that_cannot_send_fails_where_it_can_be_seen() -> None:
    """A channel that is down fails the sweep; so does a date that cannot be worked out; one letter put off does not."""
    down = Blocked("email", 4, "no mail server is set")
    assert (StateType.FAILED, "Cannot send") == ended(blocked=(down,))
    assert (StateType.FAILED, "Cannot be worked out") == ended(faults=("SAR-2026-001: A04: no such law",))
    assert (StateType.COMPLETED, "Some not delivered") == ended(undelivered=2)
    assert (StateType.COMPLETED, "Completed") == ended()
    message = outcome(Round(Swept(), 0, Delivered(), (down,)), 0).message
    assert message and message.startswith("email: 4 messages wait: no mail server is set; 0 rungs claimed")


def test_an_empty_delivery_report_says_that_all_arrived() -> None:
    """And one that is not names what to do."""
    assert "Everything that was due has been delivered" in delivery_table([]).words
    lost = Message(7, "CSPR-2026-003", "due_missed", "lane_lead", "email", True, 7, "the server refused the connection")
    table = delivery_table([lost])
    assert "**1 not delivered**, 0 to be tried again" in table.words
    (row,) = json.loads(table.data)
    assert ("NOT DELIVERED", "lane_lead", 7) == tuple(row[name] for name in ("Outcome", "For", "Number"))


@pytest.mark.prefect
def test_the_running_system_shows_what_it_told_and_what_arrived(manager: Manager) -> None:
    """
    The authority knew a month ago and nobody was notified: the sweep tells it, each duty is a task run by its name
    and an event on the review, and a second sweep tells nobody again. Both tables are there.
    """
    past = manager.today - timedelta(days=30)
    records = manager.system.installation.records
    reference = manager.opened_elsewhere(received_on=past)
    raw = answer("assess_notification", records.read(reference), past)
    records.attempt(reference, "assess_notification", raw, signer(STEPS["assess_notification"].by), manager.now)

    ended = [manager.sweep()["state"]["name"] for _ in range(2)]

    assert ["Completed", "Completed"] == ended
    wanted = {"task_runs": {"name": {"like_": f"escalate {reference}"}}, "limit": 200}
    runs = manager.api.post("/task_runs/filter", json=wanted).raise_for_status().json()
    named = [run["name"] for run in runs]
    assert any("Notify the national Panel" in name and ": overdue by " in name for name in named), named
    assert len(named) == len(set(named)), "each once"

    for key, words_above in ((DELIVERY, "delivered"), (LEAGUE, "How agencies answered")):
        shown = manager.api.get(f"/artifacts/{key}/latest").raise_for_status().json()
        assert words_above in shown["description"]
    league = json.loads(manager.api.get(f"/artifacts/{LEAGUE}/latest").json()["data"])
    assert {"Agency", "Asked", "Nil return", "Late"} <= set(league[0])
    assert _rules_escalated(manager, reference)


def _rules_escalated(manager: Manager, reference: str) -> set[str]:
    """The rules of the events on a review's resource, once Prefect has taken them in."""
    resource = f"safeguarding.review.{reference}"
    wanted = {"filter": {"resource": {"id": [resource]}, "event": {"name": ["safeguarding.duty.escalated"]}}}
    until = time.monotonic() + 30
    while time.monotonic() < until:
        events = manager.api.post("/events/filter", json=wanted).raise_for_status().json()["events"]
        if events:
            return {event["payload"]["rule"] for event in events}
        time.sleep(0.5)
    return set()
