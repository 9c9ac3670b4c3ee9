"""
What is sent twice is recorded once, what is refused at its page leaves no line, and what was typed is lost by neither.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from driver.filling import Filler, boxes_of
from driver.visitor import PORT, Clock, Visitor

from pages.application import application
from pages.forms import room
from pages.forms.once import row_token
from pages.running import Running
from pages.tries import Tries
from safeguarding.errors import TransitionRefused
from safeguarding.review.events import REFUSED, Actor
from tasks.record import drafts
from tasks.record.foreseen import Foreseen
from tasks.record.installation import Installation
from tasks.record.records import Records

Somebody = Callable[[str], Filler]
TODAY, NOW = date(2026, 11, 30), datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
AT_PANEL, IN_RAPID_REVIEW = "CSPR-2026-002", "CSPR-2026-007"
OPEN = "/reviews/new/do/open_referral"
MEETING = f"/reviews/{AT_PANEL}/do/record_meeting"
RETURNS = f"/reviews/{IN_RAPID_REVIEW}/do/record_return"
REFERRAL = {
    "referred_by": "agency",
    "agency": "police",
    "concern": "serious harm, abuse or neglect known or suspected",
    "summary": "A short account.",
}


def how_many(installation: Installation) -> int:
    """How many reviews there are."""
    return len(installation.records.list())


def refusals(installation: Installation, reference: str) -> int:
    """How many lines of a review say that something was refused."""
    return sum(line.kind == REFUSED for line in installation.records.events(reference))


def test_a_page_that_was_refused_opens_one_review(installation: Installation, manager: Filler) -> None:
    """Refused, then corrected on the page that stood open, and sent three times from it: one review."""
    before = how_many(installation)
    manager.open(f"{OPEN}?track=children")
    stood = manager.visitor.page
    manager.fill({**REFERRAL, "under_way_since": date(2026, 6, 1)}, "send")
    assert "There is a problem" in manager.visitor.words
    for _ in range(3):
        manager.visitor.page = stood
        manager.fill(REFERRAL, "send")
        assert "/recorded/" in manager.visitor.path, manager.visitor.words
    assert before + 1 == how_many(installation)


def test_a_page_of_pages_that_were_started_again_opens_no_second_review(
    installation: Installation, clock: Clock, manager: Filler
) -> None:
    """Whether it was sent before is known no more: it leads to the check, which asks, as often as it is sent."""
    before = how_many(installation)
    manager.open(f"{OPEN}?track=children")
    stood = manager.visitor.page
    again = application(Running(installation, by_name=True, clock=clock, tries=Tries(lambda: 0.0, 10_000)), PORT)
    manager.visitor.client._transport = Visitor(again).client._transport
    for _ in range(2):
        manager.visitor.page = stood
        manager.fill(REFERRAL, "send")
        assert manager.visitor.path.endswith("/check")
        assert "perhaps sent before" in manager.visitor.words
        assert "A short account." in manager.visitor.words
        assert before == how_many(installation)
    manager.send()
    assert "/recorded/" in manager.visitor.path
    manager.visitor.page = stood
    manager.fill(REFERRAL, "send")
    assert manager.visitor.path.endswith("/check")
    assert before + 1 == how_many(installation)


@pytest.mark.parametrize("overtaken", [False, True])
def test_what_is_refused_at_its_page_leaves_no_line(
    installation: Installation, somebody: Somebody, overtaken: bool
) -> None:
    """A day to come, or somebody else who recorded in between: the check page says so, and the history nothing."""
    mine = somebody("alex_example")
    before = refusals(installation, AT_PANEL)
    mine.open(MEETING)
    if overtaken:
        other = somebody("billie_example")
        other.open(MEETING)
        other.fill({"meeting": "decision meeting"}, "send")
        assert "/recorded/" in other.visitor.path
    wrong = {} if overtaken else {"on": TODAY + timedelta(days=3)}
    mine.fill({"meeting": "family meeting", "note": "Mine.", **wrong}, "send")
    assert mine.visitor.path.endswith("/check")
    said = "The review changed while this form was open" if overtaken else "is in the future"
    assert said in mine.visitor.words
    assert "Mine." in mine.visitor.words
    assert before == refusals(installation, AT_PANEL)


def test_a_double_click_on_several_rows_is_answered_with_what_it_recorded(
    installation: Installation, manager: Filler
) -> None:
    """Two presses in the same moment: each row once, and both lead to the page of all of them."""
    manager.open(RETURNS)
    sent = {name: values[-1] for name, values in boxes_of(manager.visitor.page.text).values.items()}
    rows = [name for name in boxes_of(manager.visitor.page.text).kinds if name.endswith("-outcome")]
    tells = [row.replace("-outcome", "-daily_life") for row in rows]
    sent |= dict.fromkeys(rows, "returned") | dict.fromkeys(tells, "yes") | {"go": "send"}
    before = installation.records.read(IN_RAPID_REVIEW).version
    presses = [_same(manager.visitor) for _ in range(2)]
    both = [Thread(target=one.post, args=(f"{RETURNS}/1",), kwargs=sent) for one in presses]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(rows) > 1
    assert before + len(rows) == installation.records.read(IN_RAPID_REVIEW).version
    where = f"/reviews/{IN_RAPID_REVIEW}/recorded/{before + len(rows)}?since={before + 1}"
    assert [where, where] == [one.page.url.raw_path.decode() for one in presses]


def _same(visitor: Visitor) -> Visitor:
    """Another connection of the same browser."""
    other = Visitor(visitor.client._transport.app)  # type: ignore[attr-defined]
    other.client.cookies, other.page = visitor.client.cookies, visitor.page
    return other


def test_a_press_that_another_program_took_is_led_to_what_it_recorded(
    installation: Installation, manager: Filler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages that run twice know nothing of each other's presses: the second finds the lines of the first."""
    whole, before = room.foresee, installation.records.read(IN_RAPID_REVIEW).version

    def meanwhile(records: Records, reference: str, step: str, raws: list[dict[str, Any]], *said: Any) -> Foreseen:
        kept = drafts.read(records, ("alex_example", reference, step), NOW)
        token = json.loads(kept.words)["token"] if kept else ""
        for number, raw in enumerate(raws):
            records.attempt(reference, step, raw, *said, None, row_token(token, number))
        return whole(records, reference, step, raws, *said)

    manager.open(RETURNS)
    monkeypatch.setattr(room, "foresee", meanwhile)
    manager.fill(
        {f"{one}_information": {"outcome": "returned", "daily_life": "yes"} for one in ("police", "education")}, "send"
    )
    assert f"/reviews/{IN_RAPID_REVIEW}/recorded/{before + 2}" == manager.visitor.path, manager.visitor.words


@pytest.mark.parametrize("go", ["send", "later"])
def test_what_was_typed_in_a_row_that_is_asked_no_more_stays(
    installation: Installation, somebody: Somebody, go: str
) -> None:
    """Somebody else recorded it meanwhile: it is shown, kept when the others are sent, and goes when thrown away."""
    mine, other = somebody("alex_example"), somebody("billie_example")
    mine.open(RETURNS)
    other.open(RETURNS)
    other.fill({"police_information": {"outcome": "nil return"}}, "send")
    assert "/recorded/" in other.visitor.path
    rows = {
        f"{one}_information": {"outcome": "returned", "daily_life": "yes", "note": f"Of {one}."}
        for one in ("police", "education")
    }
    mine.fill(rows, go)
    mine.visitor.get(f"{RETURNS}/1")
    said = mine.visitor.words
    assert re.search(r"You typed this for [^:]*Police: information[^:]*: .*Of police\.", said), said
    assert "Of education." in said
    mine.visitor.get(f"{RETURNS}/check")
    assert "Of police." in mine.visitor.words
    mine.send()
    assert "/recorded/" in mine.visitor.path, mine.visitor.words
    answered = {one.agency: one.outcome for one in installation.records.read(IN_RAPID_REVIEW).requests}
    assert ("nil return", "returned") == (answered["police"], answered["education"])
    mine.visitor.get(RETURNS)
    assert "Of police." in mine.visitor.words
    assert "Of education." not in mine.visitor.words
    assert "The review changed while this form was open" not in mine.visitor.words
    mine.visitor.post(f"{RETURNS}/discard", go="in vain")
    mine.visitor.get(RETURNS)
    assert "Of police." not in mine.visitor.words


def test_rows_that_are_asked_no_more_are_thrown_away_alone(somebody: Somebody) -> None:
    """What was typed in the other rows stays; and what was typed in the last row there was is shown, too."""
    mine, other = somebody("alex_example"), somebody("billie_example")
    mine.open(RETURNS)
    rows = [name.removesuffix("-outcome") for name in boxes_of(mine.visitor.page.text).kinds if "-outcome" in name]
    other.open(RETURNS)
    other.fill({rows[0]: {"outcome": "nil return"}}, "send")
    mine.fill({row: {"outcome": "returned", "daily_life": "yes", "note": f"Of {row}."} for row in rows}, "later")
    mine.visitor.get(RETURNS)
    mine.visitor.post(f"{RETURNS}/discard", go="in vain")
    assert f"{RETURNS}/1" == mine.visitor.path
    assert f"Of {rows[0]}." not in mine.visitor.words
    other.open(RETURNS)
    other.fill({row: {"outcome": "nil return"} for row in rows[1:]}, "send")
    mine.visitor.get(RETURNS)
    assert all(f"Of {row}." in mine.visitor.words for row in rows[1:]), mine.visitor.words


@pytest.mark.parametrize(
    ("reference", "step", "typed"),
    [
        ("SAR-2026-001", "update_action", {"A01": {"status": "withdrawn", "grade": "none", "note": "N."}}),
        ("CSPR-2026-006", "record_done", {"rapid_review_sent": {"on": TODAY, "note": "N.", "receipt": "P-1"}}),
    ],
)
def test_of_an_action_or_a_thing_done_it_stays_too(
    somebody: Somebody, reference: str, step: str, typed: dict[str, Any]
) -> None:
    """The row of an action that somebody else ended, or of a thing that somebody else recorded as done."""
    mine, other = somebody("alex_example"), somebody("billie_example")
    at = f"/reviews/{reference}/do/{step}"
    for one in (mine, other):
        one.open(at)
    other.fill(typed, "next")
    other.send()
    assert "/recorded/" in other.visitor.path, other.visitor.words
    row = next(iter(typed))
    mine.fill({row: {**typed[row], "note": "Of mine."}}, "later")
    mine.visitor.get(at)
    assert "You typed this for" in mine.visitor.words
    assert "Of mine." in mine.visitor.words


def test_what_is_thrown_away_is_not_back_from_a_refusal(installation: Installation, manager: Filler) -> None:
    """Refused after it was sent and thrown away: the form is empty; what somebody else typed is left to them."""
    records = installation.records
    for person in ("alex_example", "billie_example"):
        raw = {"meeting": "family meeting", "on": "2026-12-24", "note": f"Of {person}."}
        with pytest.raises(TransitionRefused):
            records.attempt(AT_PANEL, "record_meeting", raw, Actor(person=person), NOW, keep=True)
    manager.open(MEETING)
    assert ["Of alex_example."] == boxes_of(manager.visitor.page.text).values["note"]
    manager.fill({}, "later")
    manager.visitor.get(f"{MEETING}/check")
    manager.visitor.post(f"{MEETING}/discard")
    manager.open(MEETING)
    assert [""] == boxes_of(manager.visitor.page.text).values["note"]
    assert ["Of billie_example."] == [kept.answers["note"] for kept in records.kept(AT_PANEL, NOW)]


def test_one_reason_for_all_stays_until_each_has_one(manager: Filler) -> None:
    """Questions that are answered later get it, too; where each has its own it is said that it is not sent."""
    at = f"/reviews/{IN_RAPID_REVIEW}/do/conclude_rapid_review"
    manager.open(at)
    aims = [name for name in boxes_of(manager.visitor.page.text).kinds if name.endswith("-answer")]
    assert len(aims) > 2
    manager.fill({aims[0]: "yes", "reason-1": "See part 3."})
    assert ["See part 3."] == boxes_of(manager.visitor.page.text).values["reason-1"]
    manager.fill(dict.fromkeys(aims, "yes"))
    manager.visitor.get(f"{at}/1")
    stood = boxes_of(manager.visitor.page.text).values
    assert [""] == stood["reason-1"]
    assert {"See part 3."} == {stood[aim.replace("-answer", "-reason")][0] for aim in aims}
    manager.fill({aim.replace("-answer", "-reason"): "Its own." for aim in aims} | {"reason-1": "In common."})
    manager.visitor.get(f"{at}/check")
    assert "In common. Not sent: every question has a reason of its own." in manager.visitor.words


def test_an_old_window_does_not_take_the_place_of_what_was_begun_since(
    installation: Installation, somebody: Somebody
) -> None:
    """What it sent is shown and not kept; pressed once more it takes the place, and else the newer form is there."""
    first, old, newer = (somebody("alex_example") for _ in range(3))
    first.open(MEETING)
    old.open(MEETING)
    first.fill({"meeting": "family meeting"}, "send")
    assert "/recorded/" in first.visitor.path
    newer.open(MEETING)
    newer.fill({"meeting": "practitioner event", "note": "A long new note."}, "later")
    before = installation.records.read(AT_PANEL).version
    old.fill({"meeting": "review panel meeting", "note": "Old."}, "send")
    assert "have begun it again since" in old.visitor.words
    assert ["Old."] == boxes_of(old.visitor.page.text).values["note"]
    newer.open(MEETING)
    assert ["A long new note."] == boxes_of(newer.visitor.page.text).values["note"]
    assert before == installation.records.read(AT_PANEL).version
    old.fill({}, "send")
    assert before + 1 == installation.records.read(AT_PANEL).version
