"""The open actions by their day, by agency and by theme: in tables, and in the register narrowed to a theme."""

from __future__ import annotations

from datetime import date

import pytest
from driver.registers import rows

from safeguarding.registers.actions_counted import by_agency, by_due, by_theme
from safeguarding.registers.filters import Narrowed, fitting, narrowed
from safeguarding.registers.registers import REGISTERS

SECRET = "Ottoline is asked after."


@pytest.fixture
def acting(case):
    """On 1 March 2027 the schools are late with an action of two themes and owe another; the police have one done."""
    case.on(date(2026, 12, 1)).take("record_recommendation", findings=[], themes=["voice", "neglect"])
    case.take("add_action", recommendation="R01", due_on=date(2027, 2, 1), what=SECRET)
    case.take("add_action", due_on=date(2027, 6, 1), priority="low")
    case.take("add_action", agency="police", owner="casey_lead").take("update_action", action="A03")
    return case.on(date(2027, 3, 1))


def test_every_open_action_by_its_day(acting) -> None:
    """The one due first first, with how late it is; no word of what it says."""
    found = by_due(rows(acting.records, "actions", acting.today))
    assert [("A01", "20 working days"), ("A02", "")] == [(one["Action"], one["Late"]) for one in found]
    assert ("Neglect; The voice of the child or the adult", "low") == (
        "; ".join(sorted(found[0]["Themes"].split("; "))),
        found[1]["Priority"],
    )
    assert "Ottoline" not in str(found)


def test_open_actions_counted_by_agency_and_by_theme(acting) -> None:
    """What is done is in neither; an action on two themes is under both, and one without under that."""
    found = rows(acting.records, "actions", acting.today)
    next_due = f"Tue 1 Jun 2027: {acting.reference} A02"
    assert [{"Agency": "Schools and early years", "Open": 2, "Late": 1, "Next due": next_due}] == by_agency(found)
    themes = {one["Theme"]: (one["Open"], one["Late"]) for one in by_theme(found)}
    voice = "The voice of the child or the adult"
    assert {voice: (1, 1), "Neglect": (1, 1), "Without a theme": (1, 0)} == themes


def test_the_register_is_narrowed_to_a_theme(acting) -> None:
    """A theme that an action has among others finds it; what is no theme of the register narrows nothing."""
    register, found = REGISTERS["actions"], rows(acting.records, "actions", acting.today)
    to = fitting(Narrowed(theme="Neglect"), found, register)
    assert ["A01"] == [row.action for row in narrowed(found, register, to, acting.today)]
    to = fitting(Narrowed(theme="Nonsense"), found, register)
    assert 3 == len(narrowed(found, register, to, acting.today))
