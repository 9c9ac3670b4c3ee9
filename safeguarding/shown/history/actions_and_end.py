"""
What is said of actions, of closing, and of what comes after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from safeguarding.dates.working_days import say
from safeguarding.law.roles import ROLES
from safeguarding.review.learning_entries import ActionChanged
from safeguarding.review.review import TAKEN_OVER
from safeguarding.shown.history.line import LineRead, Sentence, joined, only_the_day, said_if, spoken


def _moved_on(line: LineRead) -> str:
    sent = line.day("report_sent_on")
    report = said_if(sent, f"its report went to the Secretary of State and the national Panel{sent}")
    return spoken(f"Moved on to '{line.given('becomes')}'{line.day('on')}", report)


def _action(line: LineRead) -> str:
    return f"Action {line.facts.get('action', '')}"


def _action_added(line: LineRead) -> str:
    owner = said_if(line.facts.get("owner"), f", owned by {line.name(str(line.facts.get('owner')))}")
    agency = line.name(str(line.facts.get("agency", "")))
    role = said_if(line.facts.get("role"), f" as {ROLES.get(str(line.facts.get('role')), line.given('role'))}")
    of = said_if(line.facts.get("recommendation"), f", for recommendation {line.facts.get('recommendation')}")
    of += said_if(line.facts.get("lesson"), f", for lesson {line.facts.get('lesson')}")
    agreed = f"{_action(line)} was agreed for {agency}{owner}{role}, due{line.day('due_on', '')}{of}"
    priority = said_if(line.facts.get("priority"), f"priority: {line.given('priority')}")
    return spoken(agreed, priority, _after(line))


def _after(line: LineRead) -> str:
    """Which actions are done before it."""
    before = joined(str(one) for one in line.facts.get("blocked_by") or ())
    return said_if(before, f"after {before}")


def _action_updated(line: LineRead) -> str:
    grade = line.given("grade")
    kept = said_if(line.facts.get("evidence"), f" ({line.facts.get('evidence')})")
    evidence = said_if(grade and grade != "none", f"evidence: {grade}{kept}")
    stands = {"yes": "something is in its way", "no": "nothing is in its way"}.get(line.given("blocked"), "")
    return spoken(f"{_action(line)}: {line.given('status')}{line.day('on')}", evidence, stands, _after(line))


def _action_changed(line: LineRead) -> str:
    """As it is from then on: what was not changed stands in the line too."""
    was = line.facts.get("was") or {}
    before = f"{say(date.fromisoformat(was['due_on']))}, " if was.get("due_on") else ""
    before += line.name(str(was["agency"])) if was.get("agency") else ""
    now = next((one for one in line.event.entries if isinstance(one, ActionChanged)), None)
    if now is None:
        return f"{_action(line)} was given another day, owner or agency"
    stands = f"is due {say(now.due_on)}, of {line.name(now.agency)}, owned by {line.name(now.owner)}"
    stands += said_if(now.role, f" as {ROLES.get(now.role or '', now.role)}")
    stands += said_if(now.priority, f", priority {now.priority}")
    return f"{_action(line)} {stands}{said_if(before, f' (was: {before})')}"


def _impact_of_actions(line: LineRead) -> str:
    which = joined(str(one) for one in line.facts.get("actions") or ())
    seen = f"The impact of {which} was looked at{line.day('on')}: {line.given('outcome')}"
    again = said_if(line.facts.get("again_on"), f"to be looked at again{line.day('again_on')}")
    now = said_if(line.facts.get("what_now"), f"what now: {line.given('what_now')}")
    return spoken(seen, said_if(line.facts.get("how"), f"looked at by: {line.given('how')}"), again, now)


def _plan_added(line: LineRead) -> str:
    numbers = line.facts.get("numbers") or ()
    which = joined(str(one) for one in numbers)
    many = "1 action was" if len(numbers) == 1 else f"{len(numbers)} actions were"
    return f"{many} taken in from a list, agreed{line.day('agreed_on')}: {which}"


def _handed_over(line: LineRead) -> str:
    which = joined((line.facts.get("was") or {}).keys())
    leaver, successor = (line.name(str(line.facts.get(who, ""))) for who in ("leaver", "successor"))
    return f"{leaver} handed over to {successor}{line.day('on')}: {which or 'no open action'}"


def _closed(line: LineRead) -> str:
    again = said_if(line.facts.get("impact_check_on"), f"to be looked at again{line.day('impact_check_on')}")
    return spoken(f"The review was closed{line.day('closed_on')}", f"impact: {line.given('impact')}", again)


def _impact(line: LineRead) -> str:
    again = said_if(line.facts.get("again_on"), f"to be looked at again{line.day('again_on')}")
    return spoken(f"The impact was looked at{line.day('on')}: {line.given('impact')}", again)


def _reopened(line: LineRead) -> str:
    why = line.given("because") or "new information"
    return f"Opened again{line.day('decided_on')} at '{line.state('return_to')}': {why}"


def _carried_in(line: LineRead) -> str:
    before = said_if(line.facts.get("earlier_reference"), f" as {line.facts.get('earlier_reference')}")
    law = said_if(line.facts.get("guidance"), f", under {line.facts.get('guidance')}")
    taken = line.facts.get(TAKEN_OVER) or {}
    origin = said_if(taken.get("from"), f", taken over from {taken.get('from')}")
    return f"A review that began{line.day('began_on')}{before}{law} was carried in at {line.given('stands_at')}{origin}"


SENTENCES: Mapping[str, Sentence] = {
    "action_plan_agreed": only_the_day("The action plan was agreed", "agreed_on"),
    "action_added": _action_added,
    "action_updated": _action_updated,
    "action_changed": _action_changed,
    "action_plan_added": _plan_added,
    "actions_handed_over": _handed_over,
    "closed": _closed,
    "impact_recorded": _impact,
    "action_impact_seen": _impact_of_actions,
    "reopened": _reopened,
    "carried_in": _carried_in,
    "carried_in_moved": _moved_on,
}
"""Each kind of line of this part, with its sentence."""
