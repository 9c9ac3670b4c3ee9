"""
What a form fills in, and what one press fills in, so that nobody presses more than they must: and what neither does.

By browsers without scripts, against the real record.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from driver.filling import Filler, boxes_of
from driver.visitor import Clock

from flows.demo.answers import answer, signer
from pages.forms.days import filled_in, of_what_happened
from pages.forms.offers import Offers
from pages.forms.question import questions_of
from pages.forms.weight import is_light
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Actor
from safeguarding.review.forms import Limb, nested_form
from safeguarding.review.states import CLOSED_STATES
from safeguarding.stages import STEPS
from tasks.record.installation import Installation
from tasks.record.records import Records

TODAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
AT_PANEL, TO_DECIDE, IN_RAPID_REVIEW = "CSPR-2026-002", "CSPR-2026-006", "CSPR-2026-007"
MEETING = f"/reviews/{AT_PANEL}/do/record_meeting"
RETURNS = f"/reviews/{IN_RAPID_REVIEW}/do/record_return"
CONCLUDE = f"/reviews/{IN_RAPID_REVIEW}/do/conclude_rapid_review"
AIMS = ("facts_gathered", "safety_discussed", "improvements_considered", "next_steps_considered")
TODAY_IN_BOXES = ["30", "11", "2026"]
Somebody = Callable[[str], Filler]


def day_in(filler: Filler, question: str) -> list[str]:
    """What stands in the three boxes of a day."""
    boxes = boxes_of(filler.visitor.page.text).values
    return [boxes[f"{question}-{part}"][0] for part in ("day", "month", "year")]


def press(filler: Filler, button: str) -> None:
    """Press a button of the page as it stands."""
    filler.fill({}, button)


@pytest.mark.parametrize("step", sorted(STEPS))
def test_no_day_from_which_the_law_counts_is_filled_in(rulebook: Rulebook, step: str) -> None:
    """Of each step: at most one day, that of the step itself, and of none the clock of a law begins."""
    rules, declared = rulebook.on(TODAY), STEPS[step]
    questions = questions_of(declared.form, Offers(None, rules))
    days = [one.id for one in filled_in(questions, declared, None, rules)]
    assert len(days) < 2
    assert set(days) <= {one.id for one in of_what_happened(questions, declared) if one.needed}
    marks = {mark for day in days for mark in declared.days[day]}
    begun = {rule.id for mark in marks for track in declared.tracks for rule in rules.started_by(mark, track.value)}
    assert not {rule for rule in begun if rules.rule(rule).date_is_law}
    assert is_light(declared, None, rules) or not days, "whoever decides, accepts or signs says the day themselves"


@pytest.mark.parametrize("step", sorted(STEPS))
def test_what_weighs_keeps_its_check(rulebook: Rulebook, step: str) -> None:
    """No decision, no closing and nothing that starts or ends a date of the law goes without the page that shows it."""
    rules, declared = rulebook.on(TODAY), STEPS[step]
    ways = [(mark, one.value) for mark in declared.marks for one in declared.tracks]
    moved = [rule for way in ways for rule in (*rules.started_by(*way), *rules.settled_by(*way))]
    weighs = declared.decision or declared.leads_to & CLOSED_STATES or any(rule.date_is_law for rule in moved)
    assert not (weighs and is_light(declared, None, rules))
    assert not is_light(STEPS["take_back_step"], None, rules)
    assert is_light(STEPS["record_return"], None, rules)


def test_today_stands_where_the_step_is_of_today_and_nowhere_else(
    installation: Installation, somebody: Somebody, clock: Clock
) -> None:
    """A return: today, which can be changed. A decision, an awareness, a review entered late: nothing."""
    manager, partner = somebody("alex_example"), somebody("glenn_sample")
    manager.open(RETURNS)
    assert TODAY_IN_BOXES == day_in(manager, "police_information-on")
    assert "Filled in with today: change it if it was another day." in manager.visitor.words
    partner.open(f"/reviews/{TO_DECIDE}/do/decide_review/2")
    assert ["", "", ""] == day_in(partner, "decided_on") == day_in(partner, "sent_to_panel_on")
    manager.open("/reviews/CSPR-2026-002/do/begin_drafting")
    manager.open(MEETING)
    assert TODAY_IN_BOXES == day_in(manager, "on")
    late = answer("open_referral", None, TODAY - timedelta(days=40)) | {"under_way_since": "2026-10-21"}
    opened = installation.records.open(late, Actor(person="alex_example"), NOW)
    reference = opened.review.reference
    manager.open(f"/reviews/{reference}/do/record_meeting")
    assert ["", "", ""] == day_in(manager, "on")
    manager.open(f"/reviews/{reference}/do/assess_notification")
    assert ["", "", ""] == day_in(manager, "aware_on") == day_in(manager, "acknowledged_on")
    press(manager, "today:acknowledged_on")
    assert (["", "", ""], TODAY_IN_BOXES) == (day_in(manager, "aware_on"), day_in(manager, "acknowledged_on"))
    press(manager, "todays")
    assert TODAY_IN_BOXES == day_in(manager, "aware_on")
    clock.later(days=5)
    manager.open(f"/reviews/{reference}/do/record_done")
    manager.open(f"/reviews/{reference}/do/ask_agencies")
    later = somebody("billie_example")
    later.open(f"/reviews/{reference}/do/record_meeting")
    assert ["", "", ""] == day_in(later, "on")


def test_no_button_says_today_of_a_day_that_is_to_come(installation: Installation, manager: Filler) -> None:
    """The end of a hold was today, perhaps; the planned publication cannot be."""
    held = next(row.reference for row in installation.records.list() if row.state == "publication_deferred")
    manager.open(f"/reviews/{held}/do/end_hold")
    page = manager.visitor.page.text
    assert 'value="today:planned_on"' not in page and "today:come_on" in page


WEIGHED = {
    "decide_notification": "decided_on",
    "send_report": "sent_on",
    "take_down": "on",
    "close_review": "closed_on",
}
"""Steps of weight that ask for one day and are open in the demo, by the question for it."""


@pytest.mark.parametrize("step", sorted(WEIGHED))
def test_whoever_decides_or_signs_says_the_day(installation: Installation, somebody: Somebody, step: str) -> None:
    """No day stands there that nobody said: left empty it is asked for; one button says today of it, and leads on."""
    records, filler = installation.records, somebody(signer(STEPS[step].by).person)
    there = [row.reference for row in records.list() if STEPS[step].open_to(records.read(row.reference))]
    at = f"/reviews/{there[0]}/do/{step}"
    filler.open(at)
    assert ["", "", ""] == day_in(filler, WEIGHED[step])
    assert "Filled in with today" not in filler.visitor.words
    stood = filler.visitor.page
    press(filler, "next")
    assert (f"{at}/1", ["", "", ""]) == (filler.visitor.path, day_in(filler, WEIGHED[step]))
    filler.visitor.page = stood
    press(filler, f"next today:{WEIGHED[step]}")
    filler.open(at)
    assert TODAY_IN_BOXES == day_in(filler, WEIGHED[step])


def test_what_can_meet_a_date_of_the_law_is_said_row_by_row(manager: Filler) -> None:
    """Things done: no row has a day beforehand, none is filled in like another, and all are checked."""
    manager.open(f"/reviews/{TO_DECIDE}/do/record_done")
    days = {name: said for name, said in boxes_of(manager.visitor.page.text).values.items() if name.endswith("-on-day")}
    assert len(days) > 1
    assert {""} == {said[0] for said in days.values()}
    said = manager.visitor.page.text
    assert 'value="same"' not in said
    assert 'value="send"' not in said


def test_what_one_press_says_is_named_first(manager: Filler, somebody: Somebody) -> None:
    """Who agrees, by name; and a criterion that stands there says that the assessment has it."""
    manager.open("/reviews/CSPR-2026-008/do/decide_notification")
    ends = ": change it if you find otherwise."
    assert 3 == manager.visitor.words.count(f"Filled in as the assessment before has it{ends}")
    assert 1 == len(re.findall(rf"Taken from the assessment before, «The child: [a-z ]+»{ends}", manager.visitor.words))
    partner = somebody("glenn_sample")
    partner.open(f"/reviews/{TO_DECIDE}/do/decide_review/2")
    assert "Sample: did each of them agree? All of them agree" in partner.visitor.words
    named = partner.visitor.words.partition(": did each of them agree?")[0]
    assert all(name in named[-60:] for name in ("Glenn Sample", "Harper Sample", "Indy Sample")), named[-60:]


def test_whoever_names_a_minute_does_not_sign_themselves(installation: Installation, manager: Filler) -> None:
    """«I do» was left chosen, and somebody else and a minute are named: it is asked, and nothing is recorded."""
    before = installation.records.read(AT_PANEL).version
    manager.open(MEETING)
    given = {"meeting": "review panel meeting", "signing-who": "nico_specimen", "signing-minute": "SP/2026/11"}
    manager.fill(given, "send")
    assert "you named somebody else or a minute, and yourself" in manager.visitor.words
    assert before == installation.records.read(AT_PANEL).changed
    manager.fill({"signing-how": "meeting"}, "send")
    assert "/recorded/" in manager.visitor.path, manager.visitor.words
    assert "Nico Specimen" in manager.visitor.words


def test_a_row_with_nothing_but_today_is_not_recorded(installation: Installation, manager: Filler) -> None:
    """The day that stands in a row answers nothing; the row that is chosen in is recorded with it."""
    manager.open(RETURNS)
    press(manager, "send")
    assert "Nothing is filled in yet" in manager.visitor.words
    manager.fill({"police_information": {"outcome": "nil return"}}, "send")
    assert "/recorded/" in manager.visitor.path, manager.visitor.words
    answered = {one.agency: one.outcome for one in installation.records.read(IN_RAPID_REVIEW).requests}
    assert ("nil return", "waiting") == (answered["police"], answered["education"])


def test_a_row_that_asks_for_a_day_alone_is_answered_by_it(installation: Installation, manager: Filler) -> None:
    """Today stands in no row that asks for nothing else; typed there, it says that the thing was done."""
    done = f"/reviews/{AT_PANEL}/do/record_done"
    manager.open(done)
    rows = [one for one in boxes_of(manager.visitor.page.text).kinds if one.endswith("-on-day")]
    row = next(one.removesuffix("-on-day") for one in rows if "something_else" not in one)
    assert ["", "", ""] == day_in(manager, f"{row}-on")
    before = installation.records.read(AT_PANEL).version
    manager.fill({row: {"on": TODAY}})
    assert "Something else that was done" not in manager.visitor.words, "a row that was left as it stood is not sent"
    manager.send()
    assert "/recorded/" in manager.visitor.path, manager.visitor.words
    assert before + 1 == installation.records.read(AT_PANEL).version


def test_a_page_that_sends_at_once_says_what_that_changes(somebody: Somebody) -> None:
    """Where the review goes, and which dates it is about, with their days: before anything is pressed."""
    manager = somebody("alex_example")
    manager.open(CONCLUDE)
    said = manager.visitor.words
    assert "What changes when you send this The review moves from rapid review to decision." in said
    manager.open(RETURNS)
    said = manager.visitor.words.partition("What changes when you send this")[2]
    assert re.search(r"Agency summary for the rapid review: [A-Z][\w ]+, due \w+ \d+ \w+ 20\d\d", said), said
    manager.open(f"/reviews/{TO_DECIDE}/do/decide_review")
    assert "What changes when you send this" not in manager.visitor.words


def test_what_is_light_is_sent_from_its_page_and_once(installation: Installation, somebody: Somebody) -> None:
    """Send pressed twice records once; another window with other words keeps them, and says what was recorded."""
    mine, other = somebody("alex_example"), somebody("alex_example")
    mine.open(MEETING)
    other.open(MEETING)
    stood, there = mine.visitor.page, other.visitor.page
    mine.fill({"meeting": "family meeting", "note": "Seen."}, "send")
    once, where = installation.records.read(AT_PANEL).version, mine.visitor.path
    assert "/recorded/" in where
    mine.visitor.page = stood
    mine.fill({"meeting": "family meeting", "note": "Seen."}, "send")
    assert (where, once) == (mine.visitor.path, installation.records.read(AT_PANEL).version)
    other.visitor.page = there
    other.fill({"meeting": "review panel meeting", "note": "Another."}, "send")
    assert "You sent this form before, from another window, and it was recorded." in other.visitor.words
    assert once == installation.records.read(AT_PANEL).version
    other.fill({"on": TODAY + timedelta(days=2)}, "send")
    assert other.visitor.path.endswith("/check")
    assert "is in the future" in other.visitor.words
    assert "Another." in other.visitor.words


def test_a_decision_cannot_be_sent_from_its_page(installation: Installation, somebody: Somebody) -> None:
    """Whoever says so all the same is led to the check, and nothing is recorded."""
    filler = somebody("glenn_sample")
    before = installation.records.read(TO_DECIDE).version
    filler.open(f"/reviews/{TO_DECIDE}/do/decide_review")
    answers = answer("decide_review", installation.records.read(TO_DECIDE), TODAY)
    filler.fill(answers)
    assert 'value="send"' not in filler.visitor.page.text
    filler.fill(answers, "send")
    assert filler.visitor.path.endswith("/check")
    assert before == installation.records.read(TO_DECIDE).version


def test_one_reason_is_written_under_each_question(installation: Installation, manager: Filler) -> None:
    """Under each that is answered and has none of its own, as it is read at the check and in the record."""
    manager.open(CONCLUDE)
    press(manager, "todays")
    aims: dict[str, Any] = {aim: {"answer": "yes"} for aim in AIMS[1:]}
    own = {AIMS[0]: {"answer": "yes", "reason": "Its own words."}}
    missing = {"without-rows": "2", "without-0-agency": "police", "without-1-agency": "education"}
    reasons = {"without-0-reason": "Late.", "without-1-reason": "Late."}
    press(manager, "add:without")
    press(manager, "add:without")
    manager.fill(aims | own | missing | reasons | {"reason-1": "See part 3 of the report."})
    assert manager.visitor.path.endswith("/check"), manager.visitor.words
    assert 3 == manager.visitor.words.count("See part 3 of the report.")
    manager.send()
    line = installation.records.events(IN_RAPID_REVIEW, unseal=True)[-1]
    said = [line.sealed[f"{aim}.reason"] for aim in AIMS]
    assert ["Its own words.", *["See part 3 of the report."] * 3] == said


def test_no_reason_and_no_answer_is_made_up(manager: Filler) -> None:
    """One reason answers no question: each that is not answered is still asked for."""
    manager.open(CONCLUDE)
    manager.fill({"facts_gathered": {"answer": "yes"}, "reason-1": "See part 3."})
    assert manager.visitor.words.count("Choose an answer") >= 3
    boxes = boxes_of(manager.visitor.page.text).values
    assert (["See part 3."], [""]) == (boxes["facts_gathered-reason"], boxes["safety_discussed-reason"])


@pytest.mark.parametrize("step", ["decide_review", "decide_adult_review", "decide_notification", "sign_report"])
def test_no_judgement_stands_in_a_form_beforehand(installation: Installation, somebody: Somebody, step: str) -> None:
    """No criterion but what was assessed before, no decision, no position and no reason."""
    records, declared = installation.records, STEPS[step]
    there = [row.reference for row in records.list() if declared.open_to(records.read(row.reference))]
    filler = somebody("glenn_sample")
    for reference in there:
        filler.open(f"/reviews/{reference}/do/{step}")
        boxes = boxes_of(filler.visitor.page.text).values
        limbs = [name for name, info in declared.form.model_fields.items() if nested_form(info) is Limb]
        assessed = records.read(reference).facts.get("awareness_recorded", {})
        known = {name for name in limbs if boxes.get(f"{name}-answer")}
        assert known <= (set(assessed) | {"died", "seriously_harmed"} if step == "decide_notification" else set())
        assert not [name for name, said in boxes.items() if name.endswith(("-reason", "-reasons")) and any(said)]
        assert not [name for name in boxes if name.endswith("-position") or name in ("outcome", "publish")]


def test_all_agree_by_one_press_and_a_dissent_stays(somebody: Somebody) -> None:
    """A partner whose position is said already keeps it."""
    filler = somebody("glenn_sample")
    filler.open(f"/reviews/{TO_DECIDE}/do/decide_review/2")
    filler.fill({"positions": {"police": {"position": "dissent", "reasons": "Ours."}}}, "agree")
    boxes = boxes_of(filler.visitor.page.text).values
    said = [boxes[f"positions-{one}-position"] for one in ("local_authority", "police", "integrated_care_board")]
    assert [["agree"], ["dissent"], ["agree"]] == said


def test_the_same_for_all_rows(installation: Installation, manager: Filler) -> None:
    """What the first row says is put into those of which nothing is said; every one is a line of its own."""
    manager.open(RETURNS)
    manager.fill(
        {"police_information": {"outcome": "returned", "daily_life": "yes", "on": TODAY - timedelta(days=1)}}, "same"
    )
    assert ["29", "11", "2026"] == day_in(manager, "education_information-on")
    press(manager, "send")
    assert "(2 times)" in manager.visitor.words
    assert not installation.records.read(IN_RAPID_REVIEW).waiting_on("information")


def test_the_agencies_that_are_usually_asked_are_ticked(installation: Installation, manager: Filler) -> None:
    """As the partnership's file says of the track; they can be unticked, and one press ticks all there are."""
    records = installation.records
    step = STEPS["accept_referral"]
    opened = records.open(
        answer("open_referral", None, TODAY, track="adults", agency="housing"), Actor(person="alex_example"), NOW
    )
    assert step.open_to(opened.review)
    manager.open(f"/reviews/{opened.review.reference}/do/accept_referral")
    ticked = boxes_of(manager.visitor.page.text).values["agencies"]
    assert ["adult_social_care", "police", "hospital_trust", "housing"] == ticked
    press(manager, "all:agencies")
    page = boxes_of(manager.visitor.page.text)
    assert page.offered["agencies"] == page.values["agencies"]


def test_an_action_without_an_owner_is_its_agency_s_leads(installation: Installation, manager: Filler) -> None:
    """Left empty, the owner is who the partnership's file names as the agency's lead."""
    records = installation.records
    reference = next(
        row.reference for row in records.list() if STEPS["add_action"].open_to(records.read(row.reference))
    )
    action = {"agency": "education", "due_on": TODAY + timedelta(days=30), "what": "A lead.", "measure": "An audit."}
    manager.open(f"/reviews/{reference}/do/add_action")
    manager.fill(action, "send")
    assert "/recorded/" in manager.visitor.path, manager.visitor.words
    assert ("education", "jules_lead") == (
        (last := records.read(reference).actions[-1]).agency,
        last.owner,
    )


def test_a_track_is_chosen_by_the_link_that_opens_a_referral(manager: Filler) -> None:
    """The first page has a way for a child and one for an adult."""
    home = manager.visitor.get("/").text
    for track in ("children", "adults"):
        assert f'href="/reviews/new/do/open_referral?track={track}"' in home
        manager.open(f"/reviews/new/do/open_referral?track={track}")
        assert [track] == boxes_of(manager.visitor.page.text).values["track"]


def test_rows_refused_in_the_middle_are_told_apart(
    installation: Installation, manager: Filler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else records in that very moment: what was recorded is named, and what was not is kept as typed."""
    whole, times = Records.attempt, [0]

    def meanwhile(self: Records, reference: str, *said: Any, **how: Any) -> Any:
        times[0] += 1
        if times[0] == 2:
            other = {"meeting": "family meeting", "on": TODAY.isoformat()}
            whole(self, reference, "record_meeting", other, Actor(person="billie_example"), NOW)
        return whole(self, reference, *said, **how)

    monkeypatch.setattr(Records, "attempt", meanwhile)
    manager.open(RETURNS)
    rows = {
        f"{one}_information": {"outcome": "returned", "daily_life": "yes", "note": f"Of {one}."}
        for one in ("police", "education")
    }
    manager.fill(rows, "send")
    monkeypatch.undo()
    assert manager.visitor.path.endswith("/check"), manager.visitor.words
    assert "1 was recorded, the others were not" in manager.visitor.words
    assert "Exampleshire Police" in manager.visitor.page.text.partition('id="done"')[2].partition("</ul>")[0]
    assert "Of education." in manager.visitor.words
    assert "Of police." not in manager.visitor.words
    assert ("education",) == installation.records.read(IN_RAPID_REVIEW).waiting_on("information")
    manager.send()
    assert "/recorded/" in manager.visitor.path
    assert not installation.records.read(IN_RAPID_REVIEW).waiting_on("information")
