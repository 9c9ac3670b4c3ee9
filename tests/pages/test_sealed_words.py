"""Sealed words are read at a review's page: by whom, only by a press, each reading noted first; and who read what."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from driver.visitor import Clock, Visitor
from sqlalchemy import text

from flows.demo.answers import answer
from pages.guard import Guard
from pages.may_see import may_read
from safeguarding.dates.london import london_date
from safeguarding.law.person import Person
from safeguarding.lifecycle import steps_of
from safeguarding.review.events import Actor, Mark
from safeguarding.review.learnt import Action
from safeguarding.review.states import Track
from safeguarding.review.who_sees import unit_of
from safeguarding.shown.sealed_words import SealedText
from tasks.record.erasing import decide_retention, erase_text
from tasks.record.installation import Installation
from tasks.record.reading import who_read
from tasks.store.readings import ReadingsWanted, WordsRead

Code = Callable[[], str]
DISSENT, CLOSED, ADULT, POLICE = "CSPR-2026-005", "CSPR-2026-003", "SAR-2026-001", "CSPR-2026-007"
GLENN, CASEY, PAT = "glenn@council.example", "casey@police.example", "pat@reviewers.example"


def line_of_decision(installation: Installation, reference: str) -> int:
    """The line on which the partners decided."""
    return next(event.sequence for event in installation.records.events(reference) if event.kind == "decided")


def press(visitor: Visitor, reference: str, words: str) -> None:
    """Open the review's page and press one set of words."""
    visitor.get(f"/reviews/{reference}")
    visitor.post(f"/reviews/{reference}/words", words=words)


def offered(visitor: Visitor, reference: str) -> set[str]:
    """Every set of words that the page of a review offers."""
    return set(re.findall(r'name="words" value="([\w-]+)"', visitor.get(f"/reviews/{reference}").text))


def noted(installation: Installation) -> list[tuple[str, str, str, str]]:
    """What is on record: who, by which proof, of which review, what; the newest first."""
    found = [one.reading for one in who_read(installation.records, ReadingsWanted())[0]]
    return [(one.person, one.proof, one.reference, one.what) for one in found]


def test_a_partner_reads_the_reasons_of_a_dissent(
    visitor: Visitor, newest: Code, installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    """They were not on the page; by one press they are; the reading is on record, without the words."""
    visitor.sign_in(GLENN, newest)
    line = line_of_decision(installation, DISSENT)
    visitor.get(f"/reviews/{DISSENT}")
    assert "already in hand" not in visitor.page.text
    assert [] == noted(installation)

    press(visitor, DISSENT, f"decision-{line}")
    assert 200 == visitor.page.status_code
    assert "already in hand" in visitor.words
    assert "That you read them is recorded" in visitor.words
    what = f"«Partners decided», line {line}"
    assert [("glenn_sample", "code", DISSENT, what)] == noted(installation)
    with installation.records.engine.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM readings")).all())
    assert "already in hand" not in kept + caplog.text
    assert () == tuple(installation.records.verify())

    visitor.get(f"/reviews/{DISSENT}")
    assert "already in hand" not in visitor.page.text, "looked at again, they are sealed again"


def test_the_referral_the_returns_and_the_actions(alex: Visitor, installation: Installation) -> None:
    """Each set by one press, in its own place: the summary, an agency's note, what each action says."""
    events = installation.records.events(ADULT, unseal=True)
    press(alex, ADULT, "referral")
    assert " ".join(events[0].sealed["summary"].split()) in alex.words
    press(alex, ADULT, "actions")
    added = next(event for event in events if event.kind == "action_added")
    shown = re.search(r'id="words-action-A01".*?</li>', alex.page.text, re.S)
    assert shown is not None
    assert "What is to be done (line" in shown.group(0)
    assert added.sealed["what"].split()[0] in shown.group(0)
    assert [(ADULT, "the actions"), (ADULT, "the referral")] == [one[2:] for one in noted(installation)]


def test_an_agencys_lead_reads_of_their_own_agency_alone(
    visitor: Visitor, newest: Code, installation: Installation
) -> None:
    """Their own actions and returns, not a decision's reasons or another's: asked for, nothing is noted."""
    visitor.sign_in(CASEY, newest)
    records, alex = installation.records, Actor(person="alex_example")
    given = {"what": "The police audit first contacts.", "measure": "By dip sampling."}
    now = records.events(ADULT)[-1].at
    today = london_date(now)
    for agency, owner in (("police", "casey_lead"), ("education", "jules_lead")):
        fields = answer("add_action", records.read(ADULT), today) | given | {"agency": agency, "owner": owner}
        made = records.attempt(ADULT, "add_action", fields, alex, now).review.actions[-1].id
    added = [event for event in records.events(ADULT) if event.kind == "action_added"]
    theirs = {f"line-{event.sequence}" for event in added if event.entries[0].agency == "police"}
    there = offered(visitor, ADULT)
    assert theirs <= there and "actions" in there
    press(visitor, ADULT, "actions")
    assert "The police audit first contacts." in visitor.words
    assert f'id="words-action-{made}"' not in visitor.page.text, "the schools' action stays sealed"
    before = noted(installation)
    for words in (f"decision-{line_of_decision(installation, ADULT)}", "referral", "line-1", "line-999", "", "x" * 99):
        press(visitor, ADULT, words)
        assert 404 == visitor.page.status_code, words
    press(visitor, "CSPR-2026-008", "referral")
    assert 404 == visitor.page.status_code
    assert before == noted(installation)


def test_only_a_form_of_this_page_opens_anything(alex: Visitor, served: Guard, installation: Installation) -> None:
    """A link does not, nor a form without the token, from elsewhere, or of nobody: nothing is noted."""
    alex.get(f"/reviews/{CLOSED}/words?words=referral")
    assert 200 == alex.page.status_code and 'class="words"' not in alex.page.text
    alex.post(f"/reviews/{CLOSED}/words", words="referral", token="x" * 64)
    assert 403 == alex.page.status_code
    alex.get(f"/reviews/{CLOSED}")
    alex.post(f"/reviews/{CLOSED}/words", words="referral", headers={"origin": "https://elsewhere.example"})
    assert 403 == alex.page.status_code
    stranger = Visitor(served)
    stranger.get("/sign-in")
    stranger.post(f"/reviews/{CLOSED}/words", words="referral")
    assert "/sign-in" == stranger.path
    assert [] == noted(installation)


def test_erased_words_are_gone_and_who_read_them_stays(alex: Visitor, installation: Installation, clock: Clock) -> None:
    """Nothing more is offered; the readings of before stand, and the record proves itself."""
    press(alex, CLOSED, "referral")
    records, signer = installation.records, Actor(person="alex_example")
    now = clock.at
    decide_retention(records, CLOSED, "no_review", signer, "morgan_specimen", now)
    erase_text(records, CLOSED, signer, "morgan_specimen", now, "order of a court")
    assert set() == offered(alex, CLOSED)
    alex.post(f"/reviews/{CLOSED}/words", words="referral")
    assert 404 == alex.page.status_code
    assert [("alex_example", "code", CLOSED, "the referral")] == noted(installation)
    assert () == tuple(records.verify())


def test_of_an_erased_review_no_form_is_offered(alex: Visitor, installation: Installation, clock: Clock) -> None:
    """Nothing can be written about it any more: no form is linked or opens, and no reading of erased words is noted."""
    records, signer, billie = installation.records, Actor(person="alex_example"), Actor(person="billie_example")
    wording = {"item": "summary", "wording": "Every service asks."}
    records.attempt(CLOSED, "write_wording", wording, billie, clock.at)
    assert "/do/approve_wordings" in alex.get(f"/reviews/{CLOSED}").text
    erase_text(records, CLOSED, signer, "morgan_specimen", clock.at, "order of a court")
    assert f"/reviews/{CLOSED}/do/" not in alex.get(f"/reviews/{CLOSED}").text
    for step in ("approve_wordings", "record_impact"):
        alex.get(f"/reviews/{CLOSED}/do/{step}")
        assert 409 == alex.page.status_code and "nothing more can be written about it" in alex.words
    assert [] == noted(installation)
    assert [] == steps_of(records.read(CLOSED))


def test_the_unit_sees_who_read_what(
    alex: Visitor, served: Guard, newest: Code, clock: Clock, installation: Installation
) -> None:
    """By review, person and day, the newest first; how often on the review's page; nobody else sees it."""
    partner = Visitor(served).sign_in(GLENN, newest)
    press(partner, CLOSED, "referral")
    assert "were read" not in partner.get(f"/reviews/{CLOSED}").text
    assert 403 == partner.get("/readings").status_code
    assert "Who read what" not in partner.get("/").text
    clock.later(minutes=30)
    press(alex, DISSENT, "referral")

    alex.get("/readings")
    assert "2 readings." in alex.words
    first, second = alex.words.index("Alex Example read"), alex.words.index("Glenn Sample read")
    assert first < second
    assert f"Glenn Sample read the referral of {CLOSED}" in alex.words
    assert "Known by a code sent to their mailbox · number 1" in alex.words
    assert "1 reading." in (alex.get(f"/readings?review={CLOSED}") and alex.words)
    asked = {
        "1 reading.": [{"review": CLOSED.lower()}, {"person": "glenn_sample"}],
        "2 readings.": [{"day": "2026-11-30"}, {}],
        "0 readings.": [{"day": "2026-11-29"}],
    }
    for words, several in asked.items():
        assert [words in (alex.post("/readings", **typed) and alex.words) for typed in several] == [True] * len(several)
    assert 422 == alex.post("/readings", day="yesterday").status_code
    assert "Enter a day as year, month and day" in alex.words
    for page in ("2", "0", "-1", "x", "9" * 30, "²"):
        assert 200 == alex.get("/readings", params={"page": page}).status_code
    alex.get(f"/reviews/{CLOSED}")
    assert "were read 1 time at these pages: who read what" in alex.words
    alex.get(f"/reviews/{POLICE}")
    assert "No sealed words of this review were read yet." in alex.words


OF_THE_REVIEW = SealedText(1, "summary", "What is known so far", "referral_received")
OF_A_DECISION = SealedText(9, "positions.police.reasons", "Reasons", "decided")
OF_THE_FAMILY = SealedText(10, "family_note", "Their wishes", "drafting_begun")
OF_POLICE = SealedText(11, "what", "What is to be done", "action_added", "action", ("A01",))
OF_HOUSING = SealedText(12, "what", "What is to be done", "action_added", "action", ("A02",))
HANDED_OVER = SealedText(13, "note", "What was said", "actions_handed_over", "action", ("A01",))
RETURNED = SealedText(14, "note", "Note", "agency_answered", "agency", ("police",))
EVERYTHING = {OF_THE_REVIEW, OF_A_DECISION, OF_THE_FAMILY, OF_POLICE, OF_HOUSING, HANDED_OVER, RETURNED}


@pytest.mark.parametrize(
    ("roles", "more", "reads"),
    [
        *(
            (role, {}, EVERYTHING)
            for role in ("business_manager", "independent_chair", "lead_partner", "local_authority_dcs")
        ),
        *((role, {"partner": "police"}, EVERYTHING) for role in ("delegated_partner", "deputy_partner")),
        ("lead_reviewer", {"id": "appointed"}, EVERYTHING),
        ("lead_reviewer", {"id": "of_another_review"}, set()),
        ("review_panel_chair", {"id": "of_another_review"}, set()),
        ("agency_lead", {"agency": "police"}, {OF_POLICE, RETURNED}),
        ("agency_director", {"agency": "housing"}, {OF_HOUSING}),
        ("agency_lead", {"agency": "education"}, set()),
        ("agency_lead", {"agency": "education", "id": "owner"}, {OF_HOUSING}),
        ("learning_group", {}, {OF_POLICE, OF_HOUSING}),
        ("family_liaison", {}, {OF_THE_FAMILY}),
        ("sar_group_chair", {}, set()),
    ],
)
def test_who_reads_what_of_a_childs_review(
    installation: Installation, roles: str, more: dict[str, str], reads: set[SealedText]
) -> None:
    """By role, by what the review is to somebody, by what the words are about; of the other track nothing."""
    review = installation.records.read(DISSENT)
    actions = [
        Action(id=number, agency=agency, owner=owner, due_on=review.opened_at.date())
        for number, agency, owner in (("A01", "police", "casey"), ("A02", "housing", "owner"))
    ]
    facts = {**review.facts, "commissioned": {"chair": "chairs", "reviewer_in_file": "appointed"}}
    marks = (*review.marks, Mark(name="reviewer_appointed", on=review.opened_at.date()))
    review = review.model_copy(update={"actions": tuple(actions), "facts": facts, "marks": marks})
    person = Person.model_validate({"id": "somebody", "name": "Some Body", "roles": [roles], **more})
    partnership = installation.rulebook.partnership
    assert reads == {text for text in EVERYTHING if may_read(person, text, review, partnership)}


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12-30", "0001-01-01", "1999-12-31", "2201-01-01"])
def test_a_day_beyond_any_calendar_is_answered_in_words(alex: Visitor, day: str) -> None:
    """Nothing was read then, and the page says which days are looked for."""
    alex.get("/readings")
    assert 422 == alex.post("/readings", day=day).status_code
    assert "Enter a day between 2000 and 2200" in alex.words


def test_the_unit_of_one_track_sees_who_read_what_there(installation: Installation) -> None:
    """Somebody of the unit for the adults' reviews alone: no reading of a child's review is listed for them."""
    records, now = installation.records, datetime(2026, 11, 30, 10, tzinfo=UTC)
    for reference in (DISSENT, ADULT):
        records.note_reading(WordsRead("glenn_sample", "Glenn Sample", "code", reference, "a line", [(1, "note")]), now)
    roles = [{"role": "business_unit", "track": "adults"}]
    person = Person.model_validate({"id": "somebody", "name": "Some Body", "roles": roles})
    tracks = unit_of(person, installation.rulebook.partnership)
    assert {Track.ADULTS} == tracks
    found = who_read(records, ReadingsWanted(tracks=tracks))[0]
    assert {ADULT} == {one.reading.reference for one in found}
    assert {ADULT, DISSENT} == {one.reading.reference for one in who_read(records, ReadingsWanted())[0]}
