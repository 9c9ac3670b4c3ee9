"""
From the check of a form to what is recorded: nothing but what was checked is sent, and nothing of it twice.

By browsers without scripts, against the real record. What the pages' script keeps while somebody types is sent too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from driver.filling import ANY_TIME, Filler, boxes_of

from flows.demo.answers import answer
from pages.forms.opening import GIVEN
from safeguarding.as_typed import kinds_of
from safeguarding.errors import TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.answers import judged
from safeguarding.review.events import Actor
from safeguarding.stages import STEPS
from tasks.record import drafts
from tasks.record.installation import Installation

TODAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
AT_PANEL = "CSPR-2026-002"
TO_DECIDE = "CSPR-2026-006"
MEETING = f"/reviews/{AT_PANEL}/do/record_meeting"
FAMILY = {"meeting": "family meeting", "on": TODAY, "note": "As it was checked."}


@pytest.mark.parametrize("year", [1905, 2199])
def test_what_no_law_or_calendar_reaches_is_said_and_is_no_fault(
    installation: Installation, manager: Filler, year: int
) -> None:
    """A referral of a day before every edition, or beyond the bank holidays: no Send, and sent all the same no 500."""
    before = len(installation.records.list())
    manager.open("/reviews/new/do/open_referral")
    manager.whole(answer("open_referral", None, TODAY) | {"received_on": date(year, 3, 1)})
    assert "There is a problem" in manager.visitor.words
    assert not manager.visitor.may_send
    manager.send_anyway(installation, "alex_example")
    assert (200, True) == (manager.visitor.page.status_code, manager.visitor.path.endswith("/check"))
    assert "There is a problem" in manager.visitor.words
    assert before == len(installation.records.list())
    manager.open("/reviews/new/do/open_referral")
    manager.whole({"received_on": TODAY})
    assert manager.visitor.may_send
    manager.send()
    assert "/recorded/" in manager.visitor.path


def test_a_year_has_four_figures(manager: Filler) -> None:
    """Of 27 11 26 the year is asked for again, and 0026 is none either."""
    manager.open(MEETING)
    manager.fill(FAMILY | {"on": None, "on-day": "27", "on-month": "11", "on-year": "26"})
    assert "give the year with four figures, such as 2026" in manager.visitor.words
    assert ["26"] == boxes_of(manager.visitor.page.text).values["on-year"]
    manager.fill({"on-year": "0026"})
    assert "no day before 1900 can be meant" in manager.visitor.words
    manager.fill({"on-year": "2026"})
    assert manager.visitor.may_send


@pytest.mark.parametrize("step", sorted(STEPS))
def test_no_day_before_1900_is_taken_at_any_door(rulebook: Rulebook, step: str) -> None:
    """Each day that a form asks for, as the record itself judges it."""
    days = {
        name: "1899-12-31" for name, info in STEPS[step].form.model_fields.items() if kinds_of(info.annotation).a_day
    }
    found = [one for one in judged(STEPS[step].form, days, None, rulebook) if "1900" in one.words]
    assert set(days) == {one.path[0] for one in found}


def test_nothing_is_sent_but_what_was_checked(installation: Installation, somebody: Callable[[str], Filler]) -> None:
    """Another window of the same person changed an answer after the check: it is shown again, and nothing recorded."""
    mine, other = somebody("alex_example"), somebody("alex_example")
    mine.open(MEETING)
    mine.whole(FAMILY)
    other.open(MEETING)
    other.fill({"note": "Typed in another window."}, go="keep")
    before = installation.records.read(AT_PANEL).version
    mine.send()
    assert (f"{MEETING}/check", before) == (mine.visitor.path, installation.records.read(AT_PANEL).version)
    assert "Your answers were changed elsewhere after you checked them" in mine.visitor.words
    assert "Typed in another window." in mine.visitor.words
    mine.send()
    assert "/recorded/" in mine.visitor.path
    line = installation.records.events(AT_PANEL, unseal=True)[-1]
    assert "Typed in another window." in line.sealed.values()


@pytest.mark.parametrize("kept_before", [True, False], ids=["both kept", "nothing kept there"])
def test_a_form_that_was_sent_is_not_brought_back_by_another_window(
    installation: Installation, somebody: Callable[[str], Filler], kept_before: bool
) -> None:
    """What another window keeps by itself after Send is no form begun; a press there is, and says what was recorded."""
    mine, other = somebody("alex_example"), somebody("alex_example")
    for path, answers in (("/reviews/new/do/open_referral", answer("open_referral", None, TODAY)), (MEETING, FAMILY)):
        mine.open(path)
        other.open(path)
        stood = other.visitor.page
        if kept_before:
            other.fill({"note": "", "referrer": ""}, go="keep")
        mine.whole(answers)
        mine.send()
        assert "/recorded/" in mine.visitor.path
        before = len(installation.records.list()), installation.records.read(AT_PANEL).version
        other.visitor.page = stood
        other.fill(answers, go="keep")
        assert 409 == other.visitor.page.status_code
        assert [] == drafts.of_person(installation.records, "alex_example", ANY_TIME)
        other.visitor.page = stood
        other.fill(answers)
        assert "You sent this form before, from another window, and it was recorded." in other.visitor.words
        other.whole({})
        assert before == (len(installation.records.list()), installation.records.read(AT_PANEL).version)
        other.visitor.post(f"{path}/discard")


def test_nobody_is_chosen_as_the_one_who_took_it(somebody: Callable[[str], Filler]) -> None:
    """The unit enters a meeting's decision: who took it stands empty, and is asked for."""
    filler = somebody("alex_example")
    filler.open(f"/reviews/{TO_DECIDE}/do/decide_review/2")
    boxes = boxes_of(filler.visitor.page.text)
    assert "signing-who" in boxes.kinds and not boxes.values.get("signing-who", [""])[0]
    filler.fill({"signing": {"minute": "DSP 12/26"}})
    assert "Who took it: choose who took the step" in filler.visitor.words


def test_all_of_a_text_is_there_to_be_checked(manager: Filler) -> None:
    """A text of several thousand letters is shown to its end."""
    manager.open(MEETING)
    manager.whole(FAMILY | {"note": f"{'A sentence of many. ' * 300}Its very end."})
    assert manager.visitor.path.endswith("/check")
    assert "Its very end." in manager.visitor.words


def test_an_address_answers_no_question(manager: Filler) -> None:
    """Whoever sends somebody a link cannot choose for them; links of ours say which milestone, or of whom, alone."""
    assert all(set(names) <= set(STEPS[step].form.model_fields) for step, names in GIVEN.items())
    manager.open(f"{MEETING}?meeting=family%20meeting&on-year=2025&note=Words")
    boxes = boxes_of(manager.visitor.page.text).values
    assert not {"meeting", "note"} & {name for name, values in boxes.items() if any(values)}
    assert ["2026"] == boxes["on-year"]


def test_every_action_can_be_updated_however_many_there_are(installation: Installation, manager: Filler) -> None:
    """Seventy actions: two pages of rows, one after the other; a date of the last leads to its row."""
    reference = _review_for(installation, "add_action_plan")
    one = {"agency": "education", "owner": "jules_lead", "what": "Every school names a lead.", "measure": "An audit."}
    plan = {"agreed_on": TODAY, "pasted": None, "actions": [one | {"due_on": "2027-02-01"}] * 70}
    installation.records.attempt(reference, "add_action_plan", plan, Actor(person="billie_example"), NOW)
    ids = [action.id for action in installation.records.read(reference).actions]
    last, at = ids[-1], f"/reviews/{reference}/do/update_action"
    manager.visitor.get(f"/reviews/{reference}")
    assert f'href="{at}?row={last}#{last}"' in manager.visitor.page.text
    manager.open(f"{at}?row={last}")
    assert (f"{at}/2", True) == (manager.visitor.path, f"{last}-status" in boxes_of(manager.visitor.page.text).kinds)
    manager.open(at)
    assert "Not all fit on one page" in manager.visitor.words
    manager.fill({})
    assert f"{at}/2" == manager.visitor.path
    manager.fill({})
    assert "Nothing is filled in yet" in manager.visitor.words
    seen = {"status": "verified", "on": TODAY, "grade": "document", "evidence": "EX-AUD-4", "note": "Seen."}
    manager.fill({last: seen})
    assert manager.visitor.path.endswith("/check"), manager.visitor.words
    manager.send()
    assert "/recorded/" in manager.visitor.path, manager.visitor.words
    assert "verified" == installation.records.read(reference).actions[-1].status


def test_rows_that_do_not_fit_are_said(installation: Installation, manager: Filler) -> None:
    """Of seventy actions that were refused at another door sixty stand in the table, and it says that ten do not."""
    reference = _review_for(installation, "add_action_plan")
    one = {"agency": "education", "owner": "jules_lead", "what": "Every school names a lead.", "measure": "An audit."}
    plan = {"agreed_on": "2026-12-24", "pasted": None, "actions": [one | {"due_on": "2027-02-01"}] * 70}
    with pytest.raises(TransitionRefused):
        installation.records.attempt(reference, "add_action_plan", plan, Actor(person="alex_example"), NOW, keep=True)
    manager.open(f"/reviews/{reference}/do/add_action_plan")
    assert "10 more of what was typed elsewhere do not fit on this page" in manager.visitor.words
    assert "No more than 60 fit on this page." in manager.visitor.words
    manager.fill({}, go="later")
    manager.open(f"/reviews/{reference}/do/add_action_plan")
    assert "10 more of what was typed elsewhere do not fit on this page" in manager.visitor.words


def _review_for(installation: Installation, step: str) -> str:
    """A review that stands where a step may be taken."""
    records = installation.records
    return next(row.reference for row in records.list() if STEPS[step].open_to(records.read(row.reference)))
