"""What is read at the pages: what needs somebody, every review, each date's working; and what nobody reads there."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from driver.visitor import Clock, Visitor, words_of

from flows.demo.answers import answer, signer
from pages.dates import rows_of
from pages.guard import Guard
from safeguarding.stages import STEPS
from tasks.record.installation import Installation
from tasks.record.shareable import shareable

Code = Callable[[], str]
PEOPLE = {"sam@council.example": "sam_sample", "ollie@chairs.example": "ollie_specimen"}
CLOSED, OPEN, DISSENT = "CSPR-2026-003", "CSPR-2026-006", "CSPR-2026-005"


def section(visitor: Visitor, name: str) -> str:
    """The words of one section of the open page, by the id of its heading."""
    found = re.search(rf'<section aria-labelledby="{name}">.*?</section>', visitor.page.text, re.S)
    return words_of(found.group(0)) if found else ""


# --------------------------------------------------------------------------- what needs me


def test_the_manager_sees_what_waits_for_her_and_for_others(alex: Visitor) -> None:
    """Overdue, today and this week; of each list the law's dates first; whom it waits for; every open review."""
    mine, others = section(alex, "mine"), section(alex, "others")
    assert "Overdue 1 Monitor the time taken and quality of the review" in mine
    assert re.search(r"This week 3 Rapid review to the national Panel Law or guidance CSPR-2026-006 · Child F", mine)
    assert "Overdue by 10 working days" in mine
    assert "Waits for Exampleshire Police" in others
    assert others.index("Notify the national Panel Law or guidance") < others.index("Supply the information asked for")
    assert "Open reviews 10" in section(alex, "open")


def test_the_load_of_the_next_weeks(alex: Visitor, served: Guard, newest: Code) -> None:
    """By week the dates of law and of ours, and on whom they wait; a partner has it too, an agency's lead has not."""
    load = section(alex, "load")
    assert "By week. Overdue already: " in load
    assert "This week, to Sun 6 Dec 2026" in load and "From Mon 18 Jan 2027" in load
    assert 8 == load.count(" Dec 2026 ") + load.count(" Jan 2027 ")
    assert re.search(r"Waiting on whom Who Overdue This week Later .*Exampleshire Police \d", load)
    figures = re.findall(r"2026 (\d+) (\d+)", load)
    assert int(figures[0][0]) >= 1, "the rapid review is due this week, by guidance"
    assert section(Visitor(served).sign_in("glenn@council.example", newest), "load")
    assert "" == section(Visitor(served).sign_in("casey@police.example", newest), "load")


def test_a_partner_is_told_of_the_decision_that_is_theirs(visitor: Visitor, newest: Code) -> None:
    """By their role on the track; and what waits for the unit is under the others."""
    visitor.sign_in("glenn@council.example", newest)
    mine = section(visitor, "mine")
    assert "My decision 3 Decide on SAR-2026-003 · Adult C Decision Decide on CSPR-2026-006 · Child F Decision" in mine
    assert "Monitor the time taken" in section(visitor, "others")


def test_an_agencys_lead_sees_what_the_agency_was_asked(visitor: Visitor, newest: Code) -> None:
    """Their own duties and the reviews in which the agency was asked; no other review, by no way."""
    visitor.sign_in("casey@police.example", newest)
    assert "Agency summary for the rapid review: Exampleshire Police" in section(visitor, "mine")
    assert "" == section(visitor, "others")
    asked = set(re.findall(r"/reviews/([A-Z]+-\d+-\d+)", visitor.get("/reviews").text))
    assert "CSPR-2026-007" in asked
    assert "CSPR-2026-008" not in asked
    there = visitor.get("/reviews/CSPR-2026-008")
    gone = visitor.get("/reviews/CSPR-2026-999")
    assert (404, 404) == (there.status_code, gone.status_code)
    assert words_of(there.text) == words_of(gone.text), "no answer tells that there is one"
    for path in ("/reviews/CSPR-2026-008/dates/C01", "/reviews/CSPR-2026-008/plan.svg"):
        assert 404 == visitor.get(path).status_code


def test_an_appointed_reviewer_sees_the_reviews_of_their_own(visitor: Visitor, newest: Code) -> None:
    """Appointed in some, and not in others."""
    visitor.sign_in("pat@reviewers.example", newest)
    assert "Signed in as Pat Specimen" in visitor.words
    asked = set(re.findall(r"/reviews/([A-Z]+-\d+-\d+)", visitor.get("/reviews").text))
    assert OPEN not in asked
    assert 404 == visitor.get(f"/reviews/{OPEN}").status_code


# --------------------------------------------------------------------------- every review


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("CSPR-2026-003", [CLOSED]),
        ("cspr2026003", [CLOSED]),
        ("child c", [CLOSED]),
        ("Child", [f"CSPR-2026-00{n}" for n in range(8, 0, -1)]),
        ("<script>alert(1)</script>", []),
        ("% ' OR 1=1", []),
    ],
)
def test_a_review_is_found_by_reference_or_pseudonym(alex: Visitor, asked: str, found: list[str]) -> None:
    """As it is typed, closed ones too; what was typed stands in the box again, and does nothing else."""
    page = alex.looks_for(asked)
    assert sorted(found) == sorted(re.findall(r'href="/reviews/([A-Z]+-\d+-\d+)"', page.text))
    assert f'value="{asked}"' in unescape(page.text)
    assert "<script>alert" not in page.text


def test_the_page_of_an_open_review(alex: Visitor) -> None:
    """Where it stands, its stages with the present one marked, what is owed by law first, each with its working."""
    alex.get(f"/reviews/{OPEN.lower()}")
    assert "At decision since Mon 30 Nov 2026. The next date of law or guidance is «Rapid review to the national" in (
        alex.words
    )
    assert re.search(r'aria-current="step"><span class="stages__name">Decision<', alex.page.text)
    owed = section(alex, "owed")
    assert owed.index("By law or guidance") < owed.index("Rapid review to the national Panel") < owed.index("our own")
    assert 3 == owed.count("How this date was worked out")
    assert "Exampleshire Police Information: Returned" in section(alex, "agencies")
    assert "Glenn Sample, Harper Sample, Indy Sample" in section(alex, "people")
    assert re.search(r"The rapid review was completed on .*? Alex Example · line 12", section(alex, "history"))
    assert "runs?tag=CSPR-2026-006" in alex.page.text, "the unit gets from here to the card"


def test_who_is_not_of_the_unit_is_led_to_no_card(visitor: Visitor, newest: Code) -> None:
    """They have no login there."""
    visitor.sign_in("glenn@council.example", newest)
    visitor.get(f"/reviews/{OPEN}")
    assert "Its card in Prefect" not in visitor.words


def test_a_dissent_stands_on_the_page(alex: Visitor) -> None:
    """Who dissented, and that the reasons are sealed; the reasons themselves are not there."""
    alex.get(f"/reviews/{DISSENT}")
    decisions = section(alex, "decisions")
    assert "Partners decided, Wed 18 Nov 2026 With a dissent Decided: local review." in decisions
    assert "Dissents : Kelly Sample" in decisions.replace("Dissents:", "Dissents :")
    assert "already in hand" not in alex.page.text


def test_a_closed_review_says_what_it_came_to(alex: Visitor) -> None:
    """Closed, by whom it was decided, every line of its history; nothing of it is owed."""
    alex.get(f"/reviews/{CLOSED}")
    assert "Closed on Tue 27 Oct 2026: after the rapid review, without a local review." in alex.words
    assert "Nothing is owed." in section(alex, "owed")
    assert "Partners decided, Tue 27 Oct 2026" in section(alex, "decisions")
    assert re.search(r"referred .Child C. on .*? Alex Example · line 1$", section(alex, "history"))
    assert [] == re.findall(r'aria-current="step"', alex.page.text)


def test_actions_have_owner_date_and_status(alex: Visitor) -> None:
    """And how late they are; what they say is sealed."""
    alex.get("/reviews/SAR-2026-001")
    actions = section(alex, "actions")
    assert "A01 · Schools and early years Owner Jules Example Due Sat 21 Nov 2026 Status: agreed Overdue by" in actions


def test_the_working_of_a_date(alex: Visitor) -> None:
    """Rule, source, who recorded the event, each day counted; of an agency's date the agency; no unknown ones."""
    alex.get(f"/reviews/{OPEN}/dates/C05")
    for words in ("due Tue 1 Dec 2026", "Days counted", "Mon 30 Nov 2026 (14)", "Source", "Recorded by Alex Example"):
        assert words in alex.words
    alex.get("/reviews/CSPR-2026-007")
    (link, *_) = re.findall(r'href="(/reviews/CSPR-2026-007/dates/local[^"]*/police)"', alex.page.text)
    assert "Exampleshire Police" in words_of(alex.get(link).text)
    for gone in ("C99", "C12", "local.c.agency_summary/nobody", "../../../etc/passwd"):
        assert 404 == alex.get(f"/reviews/{OPEN}/dates/{gone}").status_code


def test_lines_of_a_working_go_under_their_labels() -> None:
    """A label once, a capital after it; a line with a day in front is a sentence; an inset one goes with that above."""
    lines = [
        "Rule: within 15 working days.",
        "Mon 9 Nov 2026 is not counted: day zero.",
        "Its words: a",
        "  b",
        "Its words: c",
    ]
    wanted = [("Rule", ["Within 15 working days.", lines[1]]), ("Its words", ["A", "b", "c"])]
    assert wanted == rows_of(lines)


def test_the_plan_is_a_picture_and_says_the_same_in_words(alex: Visitor) -> None:
    """Drawn here, shown under the policy; a closed review has none."""
    picture = alex.get(f"/reviews/{OPEN}/plan.svg")
    assert ("image/svg+xml", True) == (picture.headers["content-type"], "style=" not in picture.text)
    alex.get(f"/reviews/{OPEN}")
    assert "Rapid review to the national Panel" in section(alex, "plan")
    assert 404 == alex.get(f"/reviews/{CLOSED}/plan.svg").status_code


def test_a_linked_review_is_named_here(alex: Visitor, installation: Installation, clock: Clock) -> None:
    """Its reference was typed by a person, and stands in the record: here it is read."""
    step, review = "record_done", installation.records.read("CSPR-2026-007")
    what = "child death review linked: its reference as the receipt"
    raw = answer(step, review, clock.at.date(), what=what, receipt="CDOP 12/2026")
    installation.records.attempt(review.reference, step, raw, signer(STEPS[step].by), clock.at)
    alex.get(f"/reviews/{review.reference}")
    assert "Linked reviews Child death review CDOP 12/2026, linked on" in section(alex, "people")


# --------------------------------------------------------------------------- what nobody reads here


def test_no_sealed_word_is_on_any_page(alex: Visitor, installation: Installation) -> None:
    """Every page that any page leads to, of twelve reviews: none holds what was sealed, but for approved wordings."""
    sealed = {
        words
        for row in installation.records.list()
        for event in installation.records.events(row.reference, unseal=True)
        for words in event.sealed.values()
        if len(words) > 12
    } - {*shareable(installation.records).values()}
    assert len(sealed) > 12
    seen, ahead = {"/"}, ["/", "/reviews"]
    while ahead:
        page = alex.get(ahead.pop())
        assert 200 == page.status_code, page.url
        assert [] == [words for words in sealed if words in unescape(page.text)], page.url
        links = {unescape(link) for link in re.findall(r'(?:href|src)="(/(?!static)[^"#]*)"', page.text)}
        ahead += sorted(links - seen)
        seen |= links
    assert len([path for path in seen if "/dates/" in path]) > 60


@pytest.mark.parametrize(
    "path",
    ["/reviews/CSPR-2026-999", "/reviews/x", "/reviews/' OR 1=1", "/nowhere", "/reviews/%00", "/docs", "/openapi.json"],
)
def test_what_is_not_there_is_said_in_plain_words(alex: Visitor, path: str) -> None:
    """A page of ours, with a way on; no traceback, and nothing of what was typed."""
    answer = alex.get(path)
    assert 404 == answer.status_code
    assert "Go to the first page" in alex.words
    assert "Traceback" not in answer.text


def test_nothing_is_read_without_signing_in(served: Guard, visitor: Visitor) -> None:
    """Each page leads to the sign-in, and back to itself afterwards."""
    for path in ("/", "/reviews", f"/reviews/{OPEN}", f"/reviews/{OPEN}/plan.svg", f"/reviews/{OPEN}/dates/C05"):
        visitor.get(path)
        assert "/sign-in" == visitor.path
        assert "Child F" not in visitor.page.text


def test_somebody_comes_back_to_the_page_that_they_wanted(visitor: Visitor, newest: Code) -> None:
    """A link in a letter leads to a review: after the code it is that review."""
    visitor.get(f"/reviews/{OPEN}/dates/C05")
    wanted = re.search(r'name="next" value="([^"]*)"', visitor.page.text)
    assert wanted
    visitor.post("/sign-in", address="alex@exampleshire.example", next=wanted.group(1))
    visitor.post("/sign-in/code", code=newest(), next=wanted.group(1))
    assert f"/reviews/{OPEN}/dates/C05" == visitor.path


# --------------------------------------------------------------------------- of one track


EVERY_PAGE = (
    *("", "/plan.svg", "/words", "/position", "/onward", "/dates/{rule}", "/settle/{rule}", "/recorded/1"),
    *("/do/{step}", "/do/{step}/1", "/do/{step}/check", "/do/sign_position"),
)
"""Where something of one review is read or asked."""


@pytest.mark.parametrize(("address", "theirs"), [("sam@council.example", "CSPR"), ("ollie@chairs.example", "SAR")])
def test_a_role_of_one_track_opens_nothing_of_the_other(
    visitor: Visitor, newest: Code, installation: Installation, address: str, theirs: str
) -> None:
    """
    The director of children's services and the chair of the adults review group: every review of their own track, and
    of the other only one to which they are appointed, on the first page, in the list, by search and by every address.
    """
    visitor.sign_in(address, newest)
    of_other = {one.reference for one in installation.records.list() if not one.reference.startswith(theirs)}
    appointed = {ref for ref in of_other if installation.records.read(ref).chair == PEOPLE[address]}
    hidden = sorted(of_other - appointed)
    mine = {one.reference for one in installation.records.list()} - of_other
    assert hidden
    for path in ("/", "/reviews"):
        assert not [one for one in hidden if f"/reviews/{one}" in visitor.get(path).text], path
    assert not [one for one in hidden if f"/reviews/{one}" in visitor.looks_for(one).text]
    assert mine <= set(re.findall(r"(?:CSPR|SAR)-2026-\d+", visitor.get("/reviews").text))
    for reference in hidden:
        review = installation.records.read(reference)
        rule = review.duties[0].rule
        for path in EVERY_PAGE:
            where = f"/reviews/{reference}{path.format(rule=rule, step='record_meeting')}"
            assert 404 == visitor.get(where).status_code, where
            assert review.pseudonym not in visitor.words, where
