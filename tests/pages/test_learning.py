"""What a review taught stands at its page, each item linked with the others, its words sealed until they are opened."""

from __future__ import annotations

import re
from collections.abc import Callable

from driver.filling import Filler
from driver.visitor import Visitor

from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date
from safeguarding.stages import STEPS
from tasks.record.installation import Installation
from tasks.record.reading import who_read
from tasks.store.readings import ReadingsWanted

ADULT = "SAR-2026-004"
SECRET = "Nobody asked Ottoline why."
SHARED = "Every service asks why a child was not brought."
CHAIN = ("record_lesson", "record_finding", "record_recommendation", "decide_recommendation", "add_action")


def learnt(installation: Installation) -> str:
    """A lesson, a finding, a recommendation that is accepted, and its action; the number of that action."""
    records = installation.records
    now = records.events(ADULT)[-1].at
    for step in CHAIN:
        given = {"what": SECRET} if step == "record_lesson" else {}
        given |= {"recommendation": "R01"} if step == "add_action" else {}
        fields = answer(step, records.read(ADULT), london_date(now), **given)
        records.attempt(ADULT, step, fields, signer(STEPS[step].by), now)
    return records.read(ADULT).actions[-1].id


def section(page: str) -> str:
    """The part of a review's page that holds what was learnt."""
    found = re.search(r'<section aria-labelledby="learning">.*?</section>', page, re.S)
    return found.group(0) if found else ""


def test_each_item_leads_to_the_others(alex: Visitor, installation: Installation) -> None:
    """A page without learning has no such section; then each item has its links, and every link its place."""
    assert "" == section(alex.get(f"/reviews/{ADULT}").text)
    action = learnt(installation)
    page = alex.get(f"/reviews/{ADULT}").text
    there = section(page)
    for words in (
        "Lesson L01",
        "Finding F01",
        "Recommendation R01",
        "Accepted",
        "Was not brought, Information sharing",
    ):
        assert words in there, words
    assert f"An action was agreed before the review ended: {action}" in there
    links = set(re.findall(r'href="#([\w-]+)"', there))
    assert {"learning-L01", "learning-F01", "learning-R01", f"action-{action}"} == links
    assert all(f'id="{link}"' in page for link in links)
    assert 'href="#learning-R01">recommendation R01' in page, "the action says which it is for"


def test_the_words_are_opened_by_a_press_and_noted(alex: Visitor, installation: Installation) -> None:
    """They are on no page before; by one press each stands beside its item, and the reading is on record."""
    learnt(installation)
    assert SECRET not in alex.get(f"/reviews/{ADULT}").text
    alex.post(f"/reviews/{ADULT}/words", words="learning")
    shown = re.search(r'id="learning-L01".*?</li>', alex.page.text, re.S)
    assert shown is not None and "What was learnt (line" in shown.group(0) and SECRET in shown.group(0)
    noted = [one.reading.what for one in who_read(installation.records, ReadingsWanted())[0]]
    assert ["what was learnt"] == noted


def test_the_forms_are_offered_where_they_can_be_taken(alex: Visitor, installation: Installation) -> None:
    """The unit records; a decision on a recommendation is led to only once there is one."""
    steps = set(re.findall(rf"/reviews/{ADULT}/do/(\w+)", alex.get(f"/reviews/{ADULT}").text))
    assert {"record_lesson", "record_finding", "record_recommendation"} <= steps
    assert "decide_recommendation" not in steps


def test_whoever_approves_reads_the_words_beside_the_form(
    somebody: Callable[[str], Filler], installation: Installation
) -> None:
    """Glenn sees the wording that Alex wrote beside his form, and that he read it is noted; beside other forms not."""
    alex, glenn = somebody("alex_example"), somebody("glenn_sample")
    learnt(installation)
    alex.open(f"/reviews/{ADULT}/do/write_wording")
    alex.whole({"item": "R01", "wording": SHARED})
    alex.send()
    glenn.open(f"/reviews/{ADULT}/do/withdraw_wordings")
    assert SHARED not in glenn.visitor.words
    glenn.open(f"/reviews/{ADULT}/do/approve_wordings")
    assert f"W01, of R01 {SHARED}" in glenn.visitor.words
    noted, _ = who_read(installation.records, ReadingsWanted(ADULT))
    assert ("glenn_sample", "the wordings that wait to be approved,") == (
        noted[0].reading.person,
        noted[0].reading.what,
    )
