"""What a review taught stands at its page, each item linked with the others, its words sealed until they are opened."""

from __future__ import annotations

import re
from collections.abc import Callable

from driver.filling import Filler
from driver.visitor import Clock, Visitor

from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date
from safeguarding.review.events import Actor
from safeguarding.stages import STEPS
from tasks.anonymity.wordings import WHAT, WHAT_COMPARED
from tasks.record.installation import Installation
from tasks.record.reading import who_read
from tasks.store.readings import ReadingsWanted

ADULT, OPEN = "SAR-2026-004", "CSPR-2026-006"
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
    assert {("glenn_sample", WHAT), ("glenn_sample", WHAT_COMPARED)} == {
        (one.reading.person, one.reading.what) for one in noted
    }


def test_what_may_point_at_somebody_is_said_beside_the_approval(
    somebody: Callable[[str], Filler], installation: Installation
) -> None:
    """Staff, a name of the family in the sealed words, an open review's reference: each is pointed out; none bars."""
    glenn = somebody("glenn_sample")
    learnt(installation)
    records = installation.records
    given = answer(
        "write_wording",
        records.read(ADULT),
        london_date(records.events(ADULT)[-1].at),
        item="R01",
        wording=f"When Ottoline rang Alex Example nobody looked into {OPEN}.",
    )
    records.attempt(ADULT, "write_wording", given, Actor(person="alex_example"), records.events(ADULT)[-1].at)
    glenn.open(f"/reviews/{ADULT}/do/approve_wordings")
    said = glenn.visitor.words
    for words in (
        "W01: Ottoline Names; known to the record. It stands in the sealed words of this review too.",
        "W01: Alex Example Names; known to the record. Somebody of the partnership's file",
        f"W01: {OPEN} Numbers and addresses; known to the record. The reference of a review of which nothing is public",
        "it decides nothing",
    ):
        assert words in said, (words, said)
    glenn.whole({"wordings": ["W01"]})
    glenn.send()
    assert "glenn_sample" == records.read(ADULT).wordings[0].approved_by, "a person decides"


def test_a_wording_is_no_proof_against_itself(somebody: Callable[[str], Filler], installation: Installation) -> None:
    """A name that stands in wordings alone is not said to stand in the sealed words; it looks like one all the same."""
    glenn = somebody("glenn_sample")
    learnt(installation)
    records = installation.records
    moment = records.events(ADULT)[-1].at
    given = answer("write_wording", records.read(ADULT), london_date(moment), item="R01", wording="They met Zephyrina.")
    records.attempt(ADULT, "write_wording", given, Actor(person="alex_example"), moment)
    glenn.open(f"/reviews/{ADULT}/do/approve_wordings")
    assert "W01: Zephyrina Names; may be." in glenn.visitor.words


def test_a_wording_that_waits_needs_whoever_may_approve_it(
    somebody: Callable[[str], Filler], installation: Installation, clock: Clock
) -> None:
    """It stands in Glenn's «What needs me» and leads to the form; not in its writer's, nor in a police lead's."""
    alex, glenn, casey = somebody("alex_example"), somebody("glenn_sample"), somebody("casey_lead")
    records = installation.records
    given = {"item": "summary", "wording": SHARED}
    assert "Wordings to approve" not in glenn.visitor.get("/").text
    records.attempt(ADULT, "write_wording", given, Actor(person="alex_example"), clock.at)
    page = glenn.visitor.get("/").text
    assert "W01 waits to be approved" in page and f'href="/reviews/{ADULT}/do/approve_wordings"' in page
    assert SHARED not in page
    for other in (alex, casey):
        assert "Wordings to approve" not in other.visitor.get("/").text
    records.attempt(ADULT, "write_wording", given, Actor(person="billie_example"), clock.at)
    assert "W01, W02 wait to be approved" in glenn.visitor.get("/").text
    assert "W02 waits to be approved" in alex.visitor.get("/").text
    approved = {"wordings": ["W01", "W02"], "approved_on": london_date(clock.at)}
    records.attempt(ADULT, "approve_wordings", approved, Actor(person="glenn_sample"), clock.at)
    assert "Wordings to approve" not in glenn.visitor.get("/").text
