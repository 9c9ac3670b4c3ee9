"""
The forms of the pages: a whole review of each track by posting forms; drafts, refusals, two people on one form.

By a browser without scripts, against the real record. Each test has its own copy of the demo's record.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from driver.filling import Filler, boxes_of
from driver.tries import tries
from driver.visitor import Clock, Visitor
from driver.whole_review import ADULT, CHILD, FormTaken, take
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import select

from flows.beside_the_stages import FLOWS
from flows.demo.answers import answer
from flows.demo.post_catcher import Catcher
from pages.forms.known import MISSING
from pages.forms.offers import Offers
from pages.forms.question import questions_of
from pages.forms.sections import SECTIONS, sections_of
from pages.forms.what_now import GROUPS
from pages.guard import Guard
from safeguarding.dates.london import london_date
from safeguarding.errors import TransitionRefused
from safeguarding.review.events import Actor, Attestation
from safeguarding.stages import STEPS
from tasks.record import sweep
from tasks.record.installation import Installation
from tasks.record.new_reviews import NEW
from tasks.store.session import reading
from tasks.store.tables import notice_facts

TODAY = date(2026, 11, 30)
TO_DECIDE, AT_PANEL, IN_RAPID_REVIEW = "CSPR-2026-006", "CSPR-2026-002", "CSPR-2026-007"
DECIDE = f"/reviews/{TO_DECIDE}/do/decide_review"


@pytest.mark.parametrize("story", [CHILD, ADULT], ids=["child", "adult"])
def test_a_whole_review_is_taken_at_the_pages(
    installation: Installation, clock: Clock, somebody: Callable[[str], Filler], story: tuple[FormTaken, ...]
) -> None:
    """From the referral to the closing, publication included, each step by its form; then the record proves itself."""
    reference = "new"
    for form in story:
        clock.later(days=form.days)
        review = None if reference == "new" else installation.records.read(reference)
        reference = take(form, reference, review, london_date(clock.at), somebody)
    review = installation.records.read(reference)
    assert ("closed", False) == (review.state.value, review.open)
    assert "published" in {mark.name for mark in review.marks}
    assert not installation.records.verify(reference)


def test_every_step_has_a_page_of_its_own(installation: Installation) -> None:
    """
    Every stage form of both tracks, every short form of Prefect's, the two that open a review, and what is signed at
    the pages alone. Where sealed words are read first, no form is in Prefect, which is shown none.
    """
    here_alone = {name for name, step in STEPS.items() if step.own_sign_in or step.reads_first}
    beside = [name for _, names in GROUPS for name in names]
    assert len(beside) == len(set(beside))
    assert set(beside) | set(NEW) == set(FLOWS) | here_alone
    assert {name for name, step in STEPS.items() if step.on_card} | set(FLOWS) | here_alone == set(STEPS)
    assert not here_alone & set(FLOWS)
    rulebook = installation.rulebook.on(TODAY)
    for name, step in STEPS.items():
        questions = questions_of(step.form, Offers(None, rulebook))
        asked = [one.id for section in sections_of(name, questions) for one in section.questions]
        assert sorted(asked) == sorted(one.id for one in questions), name
        assert all(one.title for one in questions), name
    for name, groups in SECTIONS.items():
        assert {one for _, names in groups for one in names} <= set(STEPS[name].form.model_fields), name
        assert [() in [names for _, names in groups]] == [True], name
    assert all("without" in STEPS[name].form.model_fields for name in MISSING)


def test_of_a_criterion_it_is_said_which_of_its_two_boxes_lacks(somebody: Callable[[str], Filler]) -> None:
    """In the summary with its question, and at the box itself without it."""
    filler = somebody("glenn_sample")
    filler.open(f"/reviews/{TO_DECIDE}/do/decide_review")
    filler.fill({})
    page = filler.visitor.page.text
    assert ">Is this a serious child safeguarding case? Choose an answer</a>" in page
    assert ">Reg. 11(b): recurrent themes? Say why</a>" in page
    assert "</span> Say why</p>" in page and "</span> Choose an answer</p>" in page


def test_everything_wrong_is_named_at_once_and_leads_to_its_question(somebody: Callable[[str], Filler]) -> None:
    """No answers and two days that are none: each is named with a link to its own box; what was typed stays."""
    filler = somebody("alex_example")
    filler.open(f"/reviews/{AT_PANEL}/do/monitor_review")
    filler.fill({"seen": "A first <chapter>.", "on-day": "31", "on-month": "2", "on-year": "2026"})
    page = filler.visitor.page
    assert "<title>Error: " in page.text
    assert '<a href="#on-day">Monitored on: there is no such day' in page.text
    assert '<a href="#progress">The reviewer&#39;s progress: is needed</a>' in page.text
    assert 'aria-describedby=" on-error"' in page.text
    boxes = boxes_of(page.text).values
    assert (["A first <chapter>."], ["31"]) == (boxes["seen"], boxes["on-day"])
    ids = [part.partition('"')[0] for part in page.text.split(' id="')[1:]]
    assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)
    filler.visitor.get(f"/reviews/{AT_PANEL}/do/monitor_review/check")
    assert f'href="/reviews/{AT_PANEL}/do/monitor_review/1#on-day"' in filler.visitor.page.text


def test_the_record_s_own_refusal_is_said_before_and_after_sending(
    installation: Installation, somebody: Callable[[str], Filler]
) -> None:
    """A day to come: the check page says so and has no Send; one sent all the same is refused in the same words."""
    filler = somebody("alex_example")
    filler.open(f"/reviews/{AT_PANEL}/do/record_meeting")
    filler.whole({"meeting": "family meeting", "on": TODAY + timedelta(days=2), "note": "Kept words."})
    assert "is in the future" in filler.visitor.words
    assert not filler.visitor.may_send
    filler.send_anyway(installation, "alex_example")
    assert filler.visitor.path.endswith("/check")
    assert "is in the future" in filler.visitor.words
    assert "Kept words." in filler.visitor.words
    assert installation.records.read(AT_PANEL).refusal is not None
    filler.open(f"/reviews/{AT_PANEL}/do/record_meeting/1")
    filler.whole({"on": TODAY})
    filler.send()
    assert "/recorded/" in filler.visitor.path
    assert "A family meeting was held" in filler.visitor.words or "family meeting" in filler.visitor.words


def test_a_draft_is_sealed_and_goes_with_its_writer_to_another_machine(
    installation: Installation,
    somebody: Callable[[str], Filler],
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Kept by every button, in no clear word and no log; another person has none of it; gone when sent, or in time."""
    caplog.set_level("DEBUG")
    words = "Words that nobody else may read"
    first = somebody("glenn_sample")
    first.open(DECIDE)
    first.fill({"serious_case": {"answer": "yes", "reason": words}}, go="later")
    assert (f"/reviews/{TO_DECIDE}", True) == (first.visitor.path, "kept for you for 30 days" in first.visitor.words)
    for file in Path(installation.settings.home).glob("record.sqlite3*"):
        assert words.encode() not in file.read_bytes()
    second = somebody("glenn_sample")
    second.visitor.get("/")
    assert "Forms that I began" in second.visitor.words
    second.visitor.get(DECIDE)
    assert [words] == boxes_of(second.visitor.page.text).values["serious_case-reason"]
    other = somebody("harper_sample")
    other.visitor.get(DECIDE)
    assert [""] == boxes_of(other.visitor.page.text).values["serious_case-reason"]
    review = installation.records.read(TO_DECIDE)
    second.whole(answer("decide_review", review, TODAY))
    second.send()
    assert "/recorded/" in second.visitor.path
    assert [] == _drafts(installation)

    third = somebody("alex_example")
    third.open("/reviews/new/do/open_referral")
    third.fill({"summary": words}, go="later")
    third.visitor.get("/reviews/new/do/open_referral")
    assert [words] == boxes_of(third.visitor.page.text).values["summary"]
    assert 1 == len(_drafts(installation))
    assert words not in caplog.text
    clock.later(days=31)
    sweep.sweep(installation.records.engine, installation.rulebook, clock.at)
    assert [] == _drafts(installation)


def _drafts(installation: Installation) -> list[str]:
    with closing(sqlite3.connect(installation.settings.home / "record.sqlite3")) as database:
        return [row[0] for row in database.execute("SELECT step FROM drafts")]


def test_two_people_on_one_form_lose_nothing(installation: Installation, somebody: Callable[[str], Filler]) -> None:
    """The second sees what the first recorded, has all that they typed, and can send it again."""
    mine, theirs = somebody("alex_example"), somebody("billie_example")
    for filler in (mine, theirs):
        filler.open(f"/reviews/{AT_PANEL}/do/record_meeting")
        filler.whole({"meeting": "review panel meeting", "on": TODAY, "note": "Two saw it."})
    checked = mine.visitor.page
    theirs.send()
    assert "/recorded/" in theirs.visitor.path
    before = installation.records.read(AT_PANEL).changed
    mine.send()
    assert mine.visitor.path.endswith("/check")
    assert "The review changed while this form was open" in mine.visitor.words
    assert "Billie Example" in mine.visitor.words
    assert "Meeting recorded (Billie Example, " in theirs.visitor.get(f"/reviews/{AT_PANEL}").text
    assert "Two saw it." in mine.visitor.words
    assert checked.text != mine.visitor.page.text
    mine.send()
    assert "/recorded/" in mine.visitor.path
    assert before < installation.records.read(AT_PANEL).changed


def test_what_is_typed_while_somebody_else_decides_is_kept(
    installation: Installation, somebody: Callable[[str], Filler]
) -> None:
    """The page stood open and nothing of it was sent: the first page that comes too late is kept, and says so."""
    late, quick = somebody("harper_sample"), somebody("glenn_sample")
    late.open(DECIDE)
    quick.open(DECIDE)
    quick.whole(answer("decide_review", installation.records.read(TO_DECIDE), TODAY))
    quick.send()
    assert "/recorded/" in quick.visitor.path
    late.fill({"serious_case": {"answer": "yes", "reason": "Mine."}}, go="later")
    late.visitor.get(DECIDE)
    assert ["Mine."] == boxes_of(late.visitor.page.text).values["serious_case-reason"]
    assert "cannot be taken. What you typed is kept for 30 days." in late.visitor.words
    assert "The partners decided on Mon 30 Nov 2026: local review" in late.visitor.words
    late.visitor.get(f"{DECIDE}/check")
    late.send()
    assert f"{DECIDE}/check" == late.visitor.path


def test_send_pressed_twice_records_once(installation: Installation, somebody: Callable[[str], Filler]) -> None:
    """The second press leads to what the first recorded."""
    filler = somebody("alex_example")
    filler.open(f"/reviews/{AT_PANEL}/do/record_meeting")
    filler.whole({"meeting": "family meeting", "on": TODAY})
    check = filler.visitor.page
    filler.send()
    once, where = installation.records.read(AT_PANEL).version, filler.visitor.path
    filler.visitor.page = check
    filler.send()
    assert (where, once) == (filler.visitor.path, installation.records.read(AT_PANEL).version)


def test_what_was_refused_at_another_door_is_there(installation: Installation, alex: Visitor) -> None:
    """Somebody's answers that Prefect's form refused stand in the boxes when the form of the pages is opened."""
    raw = {"meeting": "family meeting", "on": "2026-12-24", "note": "Typed at the other door."}
    with pytest.raises(TransitionRefused):
        installation.records.attempt(
            AT_PANEL,
            "record_meeting",
            raw,
            Actor(person="alex_example"),
            datetime(2026, 11, 30, 10, tzinfo=UTC),
            keep=True,
        )
    alex.get(f"/reviews/{AT_PANEL}/do/record_meeting")
    boxes = boxes_of(alex.page.text).values
    assert (["Typed at the other door."], ["24"]) == (boxes["note"], boxes["on-day"])


@pytest.mark.parametrize(
    ("entered_by", "sees"), [("billie_example", {"billie_example"}), ("", set())], ids=["entered by her", "nobody says"]
)
def test_what_was_refused_of_a_meeting_goes_back_to_whoever_typed_it(
    installation: Installation, somebody: Callable[[str], Filler], entered_by: str, sees: set[str]
) -> None:
    """Entered from minutes in a partner's name and refused: the partner, whose words they are not, gets none unread."""
    words = "Typed by somebody else, in their name."
    raw = answer("decide_review", installation.records.read(TO_DECIDE), TODAY)
    raw |= {"outcome": "no local review: learning captured", "sent_to_panel_on": None, "rationale": words}
    actor = Actor(person="dana_sample", attestation=Attestation.MINUTED, minute="M1", entered_by=entered_by)
    with pytest.raises(TransitionRefused):
        installation.records.attempt(
            TO_DECIDE, "decide_review", raw, actor, datetime(2026, 11, 30, 10, tzinfo=UTC), keep=True
        )

    def has_it(person: str) -> bool:
        visitor = somebody(person).visitor
        return any(words in visitor.get(f"{DECIDE}/{number}").text for number in range(1, 5))

    assert sees == {person for person in ("dana_sample", "billie_example", "alex_example") if has_it(person)}
    assert () == tuple(installation.records.verify(TO_DECIDE))


def test_who_signs_is_who_signed_in(
    installation: Installation, served: Guard, newest: Callable[[], str], caught: Catcher
) -> None:
    """A partner decides by their own code, and dissents for nobody: the line, the page and the letter say so."""
    assert caught.folder.exists()
    filler = Filler(Visitor(served).sign_in("glenn@council.example", newest))
    filler.open(DECIDE)
    filler.whole(answer("decide_review", installation.records.read(TO_DECIDE), TODAY))
    filler.send()
    line = installation.records.events(TO_DECIDE)[-1]
    assert ("decided", "glenn_sample") == (line.kind, line.actor.person)
    assert (Attestation.CODE, "") == (line.actor.attestation, line.actor.minute)
    assert "By Glenn Sample, proved by code" in filler.visitor.words
    filler.visitor.get(f"/reviews/{TO_DECIDE}")
    assert "Signed by Glenn Sample (proved by code)" in filler.visitor.words
    with reading(installation.records.engine) as connection:
        told = connection.execute(select(notice_facts.c.context)).scalars().all()
    assert any("proved by code" in str(one) for one in told)


def test_a_meeting_is_entered_from_its_minutes(installation: Installation, alex: Visitor) -> None:
    """A decision that is not the manager's: signed by a partner, minuted with its reference, entered by the manager."""
    filler = Filler(alex)
    filler.open(DECIDE)
    answers = answer("decide_review", installation.records.read(TO_DECIDE), TODAY)
    for number in range(3):
        filler.fill(answers | ({"signing": {"who": "glenn_sample"}} if number == 2 else {}))
    assert "Reference of the minute: is needed" in alex.words
    filler.whole({"signing": {"minute": "DSP 12/26"}})
    filler.send()
    line = installation.records.events(TO_DECIDE)[-1]
    assert ("decided", "glenn_sample", "DSP 12/26") == (line.kind, line.actor.person, line.actor.minute)
    assert ("alex_example", Attestation.MINUTED) == (line.facts["entered_by"], line.actor.attestation)
    assert "Glenn Sample, from the minutes (DSP 12/26), entered by Alex Example" in alex.words
    assert "proved by code" not in alex.words
    assert not installation.records.verify()


def test_nobody_takes_what_is_not_theirs(installation: Installation, somebody: Callable[[str], Filler]) -> None:
    """An agency's lead takes no step of the stage, and sees their own rows; a partner enters nothing for another."""
    lead = somebody("jules_lead").visitor
    assert 403 == lead.get(f"/reviews/{IN_RAPID_REVIEW}/do/conclude_rapid_review").status_code
    assert 403 == lead.post(f"/reviews/{IN_RAPID_REVIEW}/do/conclude_rapid_review/send").status_code
    lead.get(f"/reviews/{IN_RAPID_REVIEW}")
    assert "/do/conclude_rapid_review" not in lead.page.text
    lead.get(f"/reviews/{IN_RAPID_REVIEW}/do/record_return")
    assert "police_information" not in lead.page.text
    partner = somebody("glenn_sample").visitor
    partner.get(DECIDE)
    assert "signing-who" not in partner.page.text
    assert 404 == partner.get("/reviews/SAR-2026-003/do/decide_review").status_code
    assert 409 == partner.get(f"/reviews/{AT_PANEL}/do/decide_review").status_code
    lines = installation.records.events(IN_RAPID_REVIEW)
    assert "jules_lead" not in {line.actor.person for line in lines}


def test_a_form_from_elsewhere_or_too_large_is_refused(somebody: Callable[[str], Filler]) -> None:
    """Without the token of the page, from another origin, or beyond what any form holds."""
    visitor = somebody("alex_example").visitor
    path = f"/reviews/{AT_PANEL}/do/record_meeting/1"
    visitor.get(path)
    assert 403 == visitor.post(path, token="x", go="next").status_code
    visitor.get(path)
    assert 403 == visitor.post(path, headers={"origin": "http://elsewhere.example"}, go="next").status_code
    visitor.get(path)
    assert 413 == visitor.post(path, note="x" * 1_100_000).status_code
    visitor.get(path)
    visitor.post(path, note="x" * 30_000, go="next")
    assert "has 30,000 letters" in visitor.words


def test_what_needs_me_leads_to_its_form(somebody: Callable[[str], Filler]) -> None:
    """A late return leads to its row, a decision to its form, something to be done to its row."""
    visitor = somebody("alex_example").visitor
    visitor.get(f"/reviews/{IN_RAPID_REVIEW}/settle/local.c.agency_summary_return/police")
    assert f"/reviews/{IN_RAPID_REVIEW}/do/record_return" == visitor.path
    assert 'id="police_information"' in visitor.page.text
    visitor.get(f"/reviews/{TO_DECIDE}/settle/C05")
    assert visitor.path.startswith(f"/reviews/{TO_DECIDE}/do/")
    partner = somebody("glenn_sample").visitor
    partner.get("/")
    assert f'href="/reviews/{TO_DECIDE}/onward"' in partner.page.text
    partner.get(f"/reviews/{TO_DECIDE}/onward")
    assert DECIDE == partner.path
    visitor.get(f"/reviews/{IN_RAPID_REVIEW}")
    returns = f'href="/reviews/{IN_RAPID_REVIEW}/do/record_return?row=police_information#police_information"'
    assert returns in visitor.page.text, "the review's page leads there too"


def test_a_review_is_commissioned_part_by_part(installation: Installation, manager: Filler) -> None:
    """Terms and reviewer each by a form of its own: each ends its dates; the last form asks for what is missing."""
    reference = "CSPR-2026-005"

    def waits(mark: str) -> bool:
        rules = {rule.id for rule in installation.rulebook.settled_by(mark, "children")}
        return any(duty.rule in rules for duty in installation.records.read(reference).running())

    for step, mark in (("agree_terms", "terms_of_reference_agreed"), ("appoint_first_reviewer", "reviewer_appointed")):
        assert waits(mark), mark
        manager.open(f"/reviews/{reference}/do/{step}")
        manager.whole(answer(step, installation.records.read(reference), TODAY))
        manager.send()
        assert "/recorded/" in manager.visitor.path, manager.visitor.words
        assert not waits(mark)
    manager.open(f"/reviews/{reference}/do/commission_review")
    asked = boxes_of(manager.visitor.page.text).kinds.keys()
    assert "chair" in asked
    assert not {"terms", "reviewer", "appointed_on-day"} & asked
    manager.fill({})
    assert "Chair of the review panel: is needed" in manager.visitor.words
    manager.whole(answer("commission_review", installation.records.read(reference), TODAY))
    manager.send()
    review = installation.records.read(reference)
    assert ("in_review", "nico_specimen", "pat_specimen") == (review.state.value, review.chair, review.reviewer)
    manager.visitor.get(f"/reviews/{reference}")
    assert "Pat Specimen was appointed on Mon 30 Nov 2026; chaired by Nico Specimen" in manager.visitor.words
    assert not installation.records.verify(reference)


PRESSED = ["next", "later", "add:x", "add:still_owed", "keep", ""]
ODD = st.text(max_size=60) | st.sampled_from(["\x00", "‮", "0" * 4000, "-1", "१२", "<b>", "None", "A" * 20_001])


@tries(20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(STEPS)), st.lists(ODD, min_size=6, max_size=6), st.sampled_from(["next", "later", "add:x"])
)
def test_whatever_is_typed_is_refused_or_recorded(
    installation: Installation, manager: Filler, step: str, words: list[str], go: str
) -> None:
    """Any text in any box of any form: kept, refused in words or taken, and never a page that breaks."""
    filler = manager
    for reference in ("new", TO_DECIDE, "SAR-2026-001"):
        page = filler.visitor.get(f"/reviews/{reference}/do/{step}")
        if page.status_code != 200:
            assert page.status_code in (403, 404, 409), page.text
            continue
        boxes = boxes_of(page.text)
        sent = {name: words[number % len(words)] for number, name in enumerate(boxes.kinds) if name != "token"}
        path = filler.visitor.path if filler.visitor.path.count("/") > 4 else f"{filler.visitor.path}/1"
        assert filler.visitor.post(path, **{**sent, "go": go}).status_code < 500
        assert filler.visitor.get(f"/reviews/{reference}/do/{step}/check").status_code < 500
        assert filler.visitor.post(f"/reviews/{reference}/do/{step}/send", seen=words[0]).status_code < 500
        filler.visitor.get(f"/reviews/{reference}/do/{step}/check")
        filler.send_anyway(installation, "alex_example")
        assert filler.visitor.page.status_code < 500
