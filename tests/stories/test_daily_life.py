"""The child's daily life, or what the adult wanted: terms, requests, draft and conclusions each say what they have."""

from __future__ import annotations

from datetime import date

import pytest

from flows.demo.answers import answer, signer
from safeguarding.errors import TransitionRefused
from safeguarding.lifecycle import attempt
from safeguarding.review.fold import fold
from safeguarding.review.states import State
from safeguarding.shown.agency_answers import requests_of
from safeguarding.shown.history.told import history
from safeguarding.stages import STEPS
from safeguarding.stages.own_life import SAYS_WHERE
from tasks.post.letters import write_letter
from tasks.store import outbox
from tasks.store.tables import notice_facts, notices

PAGES = "Chapter 2, pages 9 to 14."
ASKED = "the child's daily life, or what the adult wanted"


@pytest.fixture
def child(partnership):
    """A child review in drafting."""
    case = partnership.hears_of(date(2026, 2, 9)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").on(date(2026, 2, 27)).take("conclude_rapid_review")
    case.on(date(2026, 3, 2)).take("decide_review").later(10).take("commission_review")
    return case.later(10).take("begin_drafting").on(date(2026, 5, 4))


@pytest.fixture
def adult(partnership):
    """An adult review in drafting."""
    case = partnership.hears_of(
        date(2026, 3, 2),
        track="adults",
        agency="hospital_trust",
        concern="death of an adult, abuse or neglect suspected",
    )
    case.take("accept_referral").later(10).take("complete_screening").take("decide_adult_review").later(14)
    return case.take("commission_adult_review").later(60).take("begin_drafting").later(20)


def last_told(case, events) -> str:
    """What the history says of the last of these lines."""
    return history(case.review, events, case.records.rulebook)[-1].sentence


@pytest.mark.parametrize("said", [".", "-", " — ", "?!"])
def test_a_stop_or_a_dash_says_no_place_in_the_draft(child, said: str) -> None:
    """No letter and no figure: there is nothing to open, so the draft stays with the panel; a page alone is a place."""
    with pytest.raises(TransitionRefused, match="by its chapter, heading or page"):
        child.take("submit_draft", daily_life=said)
    assert State.DRAFTING == child.review.state
    assert State.SIGN_OFF == child.take("submit_draft", daily_life="9").review.state


@pytest.mark.parametrize("track", ["child", "adult"])
def test_a_draft_that_does_not_say_where_is_refused(track: str, request: pytest.FixtureRequest) -> None:
    """Left empty, the draft stays with the panel and the words say what is missing; with its pages it goes on."""
    case = request.getfixturevalue(track)
    with pytest.raises(TransitionRefused, match=ASKED):
        case.take("submit_draft", daily_life="")
    assert State.DRAFTING == case.review.state

    case.take("submit_draft", daily_life=PAGES)
    assert {"child": State.SIGN_OFF, "adult": State.ACCEPTANCE}[track] == case.review.state
    line = case.records.events(case.reference, unseal=True)[-1]
    assert PAGES == line.sealed["daily_life"]
    assert "daily_life" not in line.facts


@pytest.mark.parametrize(("track", "whose"), [("child", "the child's daily life"), ("adult", "what the adult wanted")])
def test_the_history_says_that_it_was_said_and_not_where(
    track: str, whose: str, request: pytest.FixtureRequest
) -> None:
    """In the words of the track, whether the record is read with its sealed words or without them."""
    case = request.getfixturevalue(track).take("submit_draft", daily_life=PAGES)
    for unseal in (False, True):
        said = last_told(case, case.records.events(case.reference, unseal=unseal))
        assert f"where the report has {whose}: said, sealed" in said
        assert PAGES not in said


def test_the_line_of_a_draft_of_before_the_question_says_nothing_of_it(child) -> None:
    """A draft that went to the partners before it was asked is told as it was."""
    child.take("submit_draft")
    *before, line = child.records.events(child.reference, unseal=True)
    unasked = {name: words for name, words in line.sealed.items() if name != "daily_life"}
    said = last_told(child, [*before, line.model_copy(update={"sealed": unasked})])
    assert said.startswith("The final draft was ready")
    assert "daily life" not in said


ACCEPT = {"child": "sign_report", "adult": "accept_findings"}
CONCLUDED = "Chapter 6, page 41."


@pytest.mark.parametrize(("track", "whose"), [("child", "the child's daily life"), ("adult", "what the adult wanted")])
def test_a_report_is_accepted_with_where_its_conclusions_speak_of_it(
    track: str, whose: str, request: pytest.FixtureRequest
) -> None:
    """Left empty it is refused, the words say what is missing; said, the history tells that and not where."""
    case = request.getfixturevalue(track).take("submit_draft")
    with pytest.raises(TransitionRefused, match=f"say where the conclusions and recommendations speak of {whose}"):
        case.take(ACCEPT[track], daily_life="")
    case.take(ACCEPT[track], daily_life=CONCLUDED)
    said = last_told(case, case.records.events(case.reference, unseal=True))
    assert f"where its conclusions speak of {whose}: said, sealed" in said
    assert CONCLUDED not in said


@pytest.mark.parametrize("track", ["child", "adult"])
def test_a_draft_of_before_the_question_is_accepted_without_it(track: str, request: pytest.FixtureRequest) -> None:
    """A draft that went to the partners by an earlier program does not say where it has it, and is not held up."""
    case = request.getfixturevalue(track).take("submit_draft")
    *before, line = case.records.events(case.reference, unseal=True)
    facts = {name: said for name, said in line.facts.items() if name != SAYS_WHERE}
    earlier = fold([*before, line.model_copy(update={"facts": facts})])
    raw = answer(ACCEPT[track], earlier, case.today, daily_life="")
    actor = signer(STEPS[ACCEPT[track]].by)
    made = attempt(earlier, ACCEPT[track], raw, actor, case.at, case.records.rulebook)
    assert "report_accepted" in {mark.name for mark in made.marks}
    assert "daily life" not in history(fold([made], earlier), [made], case.records.rulebook)[-1].sentence


def test_a_draft_that_is_sent_back_and_submitted_again_is_asked(child) -> None:
    """What excuses an earlier draft does not excuse the one that comes in its place."""
    child.take("submit_draft").later(1).take("return_to_drafting").later(1).take("submit_draft")
    with pytest.raises(TransitionRefused, match="say where the conclusions"):
        child.take("sign_report", daily_life="")


# --------------------------------------------------------------------------- the terms of reference


@pytest.fixture
def to_commission(partnership):
    """A child review that is to be commissioned."""
    case = partnership.hears_of(date(2026, 2, 9)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").on(date(2026, 2, 27)).take("conclude_rapid_review")
    return case.on(date(2026, 3, 2)).take("decide_review").later(10)


COVERED = "The second question of the terms."


def test_terms_say_how_they_cover_the_daily_life(to_commission) -> None:
    """By themselves or as the review begins: left empty they are refused, and the history says that it was said."""
    for step in ("agree_terms", "commission_review"):
        with pytest.raises(TransitionRefused, match="How do they cover the child's daily life"):
            to_commission.take(step, daily_life="")
    to_commission.take("agree_terms", daily_life=COVERED)
    said = last_told(to_commission, to_commission.records.events(to_commission.reference, unseal=True))
    assert "how they cover the child's daily life: said, sealed" in said
    assert COVERED not in said


def test_a_review_that_begins_with_its_terms_says_it_there(to_commission) -> None:
    """Where the terms are given with the rest, so is this; where they were agreed before, it is not asked again."""
    line = to_commission.take("commission_review", daily_life=COVERED).records.events(to_commission.reference)[-1]
    assert "daily_life" in line.sealed
    said = last_told(to_commission, to_commission.records.events(to_commission.reference))
    assert "how the terms cover the child's daily life: said, sealed" in said


def test_terms_agreed_before_the_question_are_not_asked_for_it(to_commission) -> None:
    """A record of an earlier program, whose line of the terms does not hold it: the review begins without it."""
    to_commission.take("agree_terms")
    *before, terms = to_commission.records.events(to_commission.reference, unseal=True)
    unasked = {name: words for name, words in terms.sealed.items() if name != "daily_life"}
    earlier = fold([*before, terms.model_copy(update={"sealed": unasked})])
    raw = answer("commission_review", earlier, to_commission.today)
    assert "daily_life" not in raw
    actor = signer(STEPS["commission_review"].by)
    made = attempt(earlier, "commission_review", raw, actor, to_commission.at, to_commission.records.rulebook)
    assert State.IN_REVIEW == made.to
    assert "daily life" not in history(fold([made], earlier), [made], to_commission.records.rulebook)[-1].sentence


# --------------------------------------------------------------------------- what agencies are asked


@pytest.fixture
def asked(request: pytest.FixtureRequest, partnership):
    """A review of either track whose agencies have been asked for what they know."""
    if request.param == "child":
        case = partnership.hears_of(date(2026, 2, 9)).take("assess_notification").take("decide_notification")
        return case.take("send_notification").take("open_rapid_review")
    adult = {"agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
    return partnership.hears_of(date(2026, 3, 2), track="adults", **adult).take("accept_referral")


def letters_to_agencies(case) -> set[str]:
    """The words of the letters by which agencies are asked, as they are delivered."""
    query = outbox.FULL.where(notice_facts.c.reference == case.reference, notices.c.occasion == "agency_asked")
    with case.records.engine.connect() as connection:
        rows = connection.execute(query).all()
    return {write_letter("agency_asked", dict(row.context)).markdown for row in rows}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("child", "what your agency knew of the child's daily life, and of what the child wanted and felt"),
        ("adult", "what your agency knew of the adult's daily life, and of what the adult wanted"),
    ],
    indirect=["asked"],
)
def test_the_letter_to_an_agency_asks_for_it(asked, words: str) -> None:
    """In plain words, whoever is asked for information; a check of a draft corrects facts and is not asked for it."""
    found = letters_to_agencies(asked)
    assert found
    assert all(words in one for one in found)
    case = asked.take("ask_agencies", agencies=["housing"], purpose="accuracy")
    assert [one.daily_life for one in case.review.requests if one.purpose == "accuracy"] == [""]
    assert all(one.daily_life == "asked" for one in case.review.requests if one.purpose != "accuracy")


@pytest.mark.parametrize(
    ("asked", "whose"), [("child", "the child's daily life"), ("adult", "what the adult wanted")], indirect=["asked"]
)
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("yes", "it tells of {whose}"),
        ("no", "it does not tell of {whose}"),
        ("nothing known", "the agency says that it knew nothing of {whose}"),
    ],
)
def test_a_return_says_whether_it_tells_of_it(asked, whose: str, said: str, words: str) -> None:
    """Left open it is refused; each answer stands in the history and in the table of agencies."""
    with pytest.raises(TransitionRefused, match=f"say whether the return tells of {whose}"):
        asked.take("record_return", outcome="returned", daily_life=None)
    asked.take("record_return", outcome="returned", daily_life=said)
    in_words = words.format(whose=whose)
    assert in_words in last_told(asked, asked.records.events(asked.reference))
    table = [one.words(asked.today) for one in requests_of(asked.review, asked.records.rulebook)]
    assert [in_words in one for one in table] == [True, *[False] * (len(table) - 1)]


@pytest.mark.parametrize("asked", ["child"], indirect=True)
@pytest.mark.parametrize("outcome", ["nil return", "refused"])
def test_what_brings_nothing_is_not_asked_what_it_tells(asked, outcome: str) -> None:
    """A nil return says that nothing is known, and a refusal says nothing: neither is asked, and neither tells."""
    asked.take("record_return", outcome=outcome, daily_life=None)
    request = next(one for one in asked.review.requests if one.outcome == outcome)
    assert "asked" == request.daily_life
    assert "daily life" not in last_told(asked, asked.records.events(asked.reference))


@pytest.mark.parametrize("asked", ["child"], indirect=True)
def test_a_request_of_before_the_question_is_answered_without_it(asked) -> None:
    """An agency that was asked by an earlier program was not asked for this: its return goes on record as it came."""
    lines = asked.records.events(asked.reference, unseal=True)
    *before, line = lines
    unasked = [one.model_copy(update={"daily_life": False}) for one in line.entries]
    earlier = fold([*before, line.model_copy(update={"entries": tuple(unasked)})])
    raw = {"agency": "police", "purpose": "information", "outcome": "returned", "on": asked.today}
    actor = signer(STEPS["record_return"].by)
    made = attempt(earlier, "record_return", raw, actor, asked.at, asked.records.rulebook)
    assert {"police": ""} == {r.agency: r.daily_life for r in fold([made], earlier).requests if r.agency == "police"}
    assert "daily life" not in history(fold([made], earlier), [made], asked.records.rulebook)[-1].sentence
