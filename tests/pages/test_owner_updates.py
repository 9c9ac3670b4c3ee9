"""Whoever owns an action says at the pages how it stands, whatever their role: of their own action, and of no other."""

from __future__ import annotations

from collections.abc import Callable

from driver.filling import Filler

from flows.demo.answers import answer
from safeguarding.dates.london import london_date
from safeguarding.review.events import Actor
from tasks.record.installation import Installation

ADULT = "SAR-2026-001"
FORM = f"/reviews/{ADULT}/do/update_action"


def test_an_owner_updates_their_own_action(somebody: Callable[[str], Filler], installation: Installation) -> None:
    """The director of the schools, whose role updates no action, owns one: its row is there and no other agency's."""
    records = installation.records
    now = records.events(ADULT)[-1].at
    for given in ({"owner": "jordan_director"}, {"agency": "police", "owner": "casey_lead"}):
        fields = answer("add_action", records.read(ADULT), london_date(now), **given)
        records.attempt(ADULT, "add_action", fields, Actor(person="alex_example"), now)
    mine, other = (action.id for action in records.read(ADULT).actions[-2:])
    director = somebody("jordan_director")
    director.open(f"/reviews/{ADULT}")
    assert f'href="{FORM}"' in director.visitor.page.text
    director.open(FORM)
    assert f'name="{mine}-status"' in director.visitor.page.text
    assert f'name="{other}-status"' not in director.visitor.page.text
    director.whole({mine: {"status": "in progress", "on": "2026-11-30", "grade": "none", "note": "Two schools."}})
    director.send()
    assert "/recorded/" in director.visitor.path, director.visitor.words
    assert "in progress" == next(one.status for one in records.read(ADULT).actions if one.id == mine)
