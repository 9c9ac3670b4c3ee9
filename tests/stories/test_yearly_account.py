"""The account of a year, counted by hand: each number is the list behind it, and words are approved wordings alone."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest

from flows.demo.invented import no
from safeguarding.review.states import Track
from safeguarding.yearly.account import Account, account_of
from safeguarding.yearly.counted import counted
from safeguarding.yearly.period import TwelveMonths
from tasks.yearly.files import files_of
from tasks.yearly.reading import AccountAsked, read_account, read_year

ADULT = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
APRIL = date(2027, 4, 12)
YEAR = TwelveMonths.beginning(2026)
SHARED = {
    "F01": "Services tell each other when somebody stops coming.",
    "R01": "Each service says whom it has told.",
    "A01": "The health trust changed its letter.",
}
SECRET = "Ottoline of Nightjar Close"
MARKERS = {
    "sar_01": {"answer": "met", "why": SECRET},
    "sar_02": {"answer": "not yet", "why": SECRET},
    "sar_04": None,
}


@pytest.fixture
def year(partnership):
    """
    The adults' year from 1 April 2026, counted by hand.

    The first review is referred in March, before the year, decided on 12 March, and accepted on 21 June. It has a
    lesson, a finding, two recommendations of which one will not be implemented, and an action. The second is referred
    on 4 May, decided on 14 May and goes on. The third is referred on 1 June and its criteria are not met: other
    learning. A child's review is no part of it.
    """
    first = partnership.hears_of(date(2026, 3, 2), **ADULT).take("accept_referral").later(10)
    first.take("complete_screening").take("decide_adult_review").later(14)
    first.take("commission_adult_review").later(60).take("begin_drafting").later(20).take("submit_draft").later(7)
    first.take("accept_findings", not_implemented=2, reasons=SECRET).later(1)
    first.take("record_lesson", themes=["neglect"], what=SECRET)
    first.take("record_finding", lessons=["L01"], themes=["neglect", "information_sharing"], what=SECRET)
    for agency in ("police", "hospital_trust"):
        first.take("record_recommendation", findings=["F01"], agency=agency, themes=["neglect"], what=SECRET)
    first.take("decide_recommendation", recommendation="R01", decision="accepted")
    refused = {"decision": "will not be implemented", "reasons": f"{SECRET}: no money."}
    first.take("decide_recommendation", recommendation="R02", **refused)
    first.take("add_action", recommendation="R01", what=SECRET, measure=SECRET)
    first.take("add_action", lesson="L01", recommendation=None)
    first.take("assess_adult_quality_markers", **MARKERS)
    for item, words in SHARED.items():
        first.take("write_wording", by="alex_example", item=item, wording=words)
    first.take("write_wording", by="alex_example", item="R02", wording=f"{SECRET} again")
    first.take("approve_wordings", by="glenn_sample", wordings=["W01", "W02", "W03"])

    second = partnership.hears_of(date(2026, 5, 4), **ADULT).take("accept_referral").later(10)
    second.take("complete_screening").take("decide_adult_review")
    third = partnership.hears_of(date(2026, 6, 1), **ADULT).take("accept_referral").later(10)
    third.take("complete_screening")
    third.take("decide_adult_review", needs=no(), outcome="other learning", method="not applicable")
    partnership.hears_of(date(2026, 6, 8))
    return first, second, third


def made(case, below: int | None = None, on: date = APRIL, period: TwelveMonths = YEAR) -> Account:
    """The adults' account as it is made on a day of April."""
    return read_account(case.records, AccountAsked(track=Track.ADULTS, period=period, below=below), on)


def test_each_number_is_as_it_was_counted_by_hand(year) -> None:
    """Begun before, concluded within; begun within, going on; not met, with its learning route."""
    first, second, third = (one.reference for one in year)
    account = made(year[0])
    by_hand = {
        "referrals": [second, third],
        "ongoing-before": [first],
        "begun": [second],
        "opened-again": [],
        "concluded": [first],
        "ended": [],
        "ongoing": [second],
        "decisions-partners-decided": [second, third],
        "decisions-partners-decided-met": [second],
        "decisions-partners-decided-not-met": [third],
        "criteria-not-met": [third],
        "published": [],
        "lessons": [first],
        "findings": [first],
        "recommendations": [first, first],
        "recommendations-accepted": [first],
        "recommendations-will-not-be-implemented": [first],
        "not-implemented": [first],
        "actions": [first, first],
        "status-agreed": [first, first],
        "actions-ended": [],
        "actions-open": [first, first],
        "theme-neglect-findings": [first],
        "theme-information-sharing-findings": [first],
        "theme-neglect-recommendations": [first, first],
        "theme-neglect-actions": [first, first],
        "impact": [],
        "action-impact": [],
        "sar-01-met": [first],
        "sar-02": [first],
        "sar-02-met": [],
        "sar-02-not-yet": [first],
    }
    assert by_hand == {key: list(account.figures[key].references) for key in by_hand}
    (route,) = (one.words for key, one in account.figures.items() if key.startswith("route-"))
    assert "Learning in another way" == route


def test_every_number_is_its_list_and_the_sums_hold(year) -> None:
    """No number is told that is not the length of its list; parts come to their whole."""
    account = made(year[0])
    numbers = counted(read_year(year[0].records, AccountAsked(track=Track.ADULTS, period=YEAR), APRIL))
    assert 10 < len(numbers.sums)
    for one in numbers.sums:
        parts, of = (sum(numbers.figures[key].number for key in keys) for keys in (one.parts, one.of))
        assert parts >= of if one.overlaps else parts == of, one
    assert {key: str(len(one.references)) for key, one in account.figures.items()} == account.told.words


def part(account: Account, letter: str) -> list[str]:
    """What the account says under a head of paragraph 4(1)."""
    (found,) = (one for one in account.parts if one.title.endswith(f"4(1)({letter}))"))
    return [*found.listed]


def test_under_each_head_of_the_law_stands_an_approved_wording_or_what_is_owed(year) -> None:
    """Findings by theme, what goes on, what was done, and of what is not implemented plainly that a wording is owed."""
    first, second, _ = (one.reference for one in year)
    account = made(year[0])
    findings = part(account, "d")
    assert f"Neglect: {SHARED['F01']} (F01 of {first})" in findings
    assert f"Information sharing: {SHARED['F01']} (F01 of {first})" in findings
    assert f"Neglect: No wording has been approved for L01 of {first}." in findings
    assert [f"{second} is now at the stage «Commissioning»."] == part(account, "e")
    assert [
        f"{SHARED['R01']} (R01 of {first}) Done: 0 of 1 action.",
        f"{SHARED['A01']} (A01 of {first}) This action: agreed.",
    ] == part(account, "f")
    assert [f"No wording has been approved for R02 of {first}."] == part(account, "g")
    owed = account.parts[-1].listed
    assert f"No wording has been approved for R02 of {first}." in owed
    assert any("2 of its findings were not to be implemented" in one and "on record: 1" in one for one in owed)


def test_an_action_that_was_given_up_is_not_said_to_be_done(year) -> None:
    """One of three was verified, one withdrawn, one replaced: one was done, and the others are named beside it."""
    first = year[0]
    for status in ("withdrawn", "superseded"):
        first.take("add_action", recommendation="R01")
        number = first.review.actions[-1].id
        first.take("update_action", by="glenn_sample", action=number, status=status, grade="none", evidence="")
    first.take("update_action", action="A01")
    account = made(first)
    assert f"{SHARED['R01']} (R01 of {first.reference}) Done: 1 of 3 actions; 1 withdrawn, 1 replaced." in part(
        account, "f"
    )
    assert (3, 1) == (account.figures["actions-ended"].number, account.figures["actions-open"].number)
    assert not [one.words for one in account.figures.values() if one.words.endswith(": done")]


def test_of_what_is_sealed_nothing_but_approved_wordings_leaves(year) -> None:
    """Lesson, finding, recommendation, reasons, action and a wording nobody approved: in no file, unzipped or not."""
    account = made(year[0])
    files = files_of(account, "Exampleshire", year[0].at)
    everything = dict(files)
    with zipfile.ZipFile(io.BytesIO(files["account.docx"])) as word:
        everything |= {name: word.read(name) for name in word.namelist()}
    for name, content in everything.items():
        for secret in ("Ottoline", "Nightjar", "no money", "Jules", "Alex", "Glenn", year[0].review.pseudonym):
            assert secret.encode() not in content, (name, secret)
    assert SHARED["R01"].encode() in files["account.html"]
    assert SHARED["R01"].encode() in everything["word/document.xml"]
    assert b"{{" not in everything["word/document.xml"] and b"XXX" not in everything["word/document.xml"]


def test_small_numbers_are_hidden_without_any_list_or_reference(year) -> None:
    """Below five: «fewer than 5», nought as nought, no list of any number, no reference in any file."""
    account = made(year[0], below=5)
    assert "fewer than 5" == account.told.words["concluded"] and "0" == account.told.words["ended"]
    files = files_of(account, "Exampleshire", year[0].at)
    assert {"account.html", "figures.csv", "account.docx"} == {*files}
    for name, content in files.items():
        if name.endswith("docx"):
            with zipfile.ZipFile(io.BytesIO(content)) as word:
                content = word.read("word/document.xml")
        assert all(one.reference.encode() not in content for one in year), name
    assert b"href=" not in files["account.html"]


def test_where_small_numbers_are_hidden_no_sentences_are_listed_that_could_be_counted(year) -> None:
    """One wording under each head, fewer than five: none is listed, which is said; where nothing is hidden all are."""
    account = made(year[0], below=5)
    for letter in "dfg":
        assert not part(account, letter), letter
    for letter in "df":
        assert "Fewer than 5: not listed." in words_of(account, letter)
        assert "not listed" not in " ".join(words_of(made(year[0]), letter))
    assert not any(
        one.encode() in files_of(account, "Exampleshire", year[0].at)["account.html"] for one in SHARED.values()
    )


def test_as_many_sentences_as_the_least_number_are_listed(year) -> None:
    """Three more findings approved, each of one theme: four of them, none of which count is hidden below three."""
    first = year[0]
    for number in (2, 3, 4):
        first.take("record_finding", lessons=["L01"], themes=["neglect"], what=SECRET)
        first.take("write_wording", by="alex_example", item=f"F0{number}", wording=f"Finding number {number}.")
        first.take("approve_wordings", by="glenn_sample", wordings=[first.review.wordings[-1].id])
    found = part(made(first, below=3), "d")
    assert [f"Neglect: {one}" for one in (SHARED["F01"], *(f"Finding number {n}." for n in (2, 3, 4)))] == found


def test_its_head_says_that_it_is_a_draft_with_what_is_not_public(year) -> None:
    """Of a simulation that first; then that it names reviews that are not published; without references, not that."""
    known = read_year(year[0].records, AccountAsked(track=Track.ADULTS, period=YEAR), APRIL)
    for simulation in (True, False):
        account = account_of(known, counted(known), {}, simulation=simulation)
        assert simulation is ("THIS IS A SIMULATION" == account.parts[0].words[0])
        said = account.parts[0].words[int(simulation)]
        assert "by reference also where they are not published" in said
        assert said.endswith("Take out what is not public before it is published.")
    said = made(year[0], below=5).parts[0].words
    assert not [one for one in said if "by reference also" in one]
    assert any(one.endswith("Take out what is not public before it is published.") for one in said)


def test_each_table_of_the_page_scrolls_by_itself(year) -> None:
    """On a telephone a wide table moves across within the page, by the keyboard too, and the page stays as wide."""
    page = files_of(made(year[0]), "Exampleshire", year[0].at)["account.html"].decode()
    scrolling = re.findall(r'<div style="overflow-x:auto" role="region" tabindex="0" aria-label="[^"]+"><table>', page)
    assert page.count("<table>") == len(scrolling) > 5


def words_of(account: Account, letter: str) -> tuple[str, ...]:
    """The sentences at the beginning of a head of paragraph 4(1)."""
    (found,) = (one for one in account.parts if one.title.endswith(f"4(1)({letter}))"))
    return found.words


def test_the_year_before_has_what_belongs_to_it(year) -> None:
    """The year from April 2025: the first referral and its decision; ongoing at its end; nothing concluded."""
    account = made(year[0], period=TwelveMonths.beginning(2025))
    numbers = {key: account.told.words[key] for key in ("referrals", "begun", "concluded", "ongoing", "lessons")}
    assert {"referrals": "1", "begun": "1", "concluded": "0", "ongoing": "1", "lessons": "0"} == numbers


def test_a_year_that_is_not_over_says_so(year) -> None:
    """Made in July it stands as of that day."""
    account = made(year[0], on=date(2026, 7, 1))
    assert any("The year is not over" in one for one in account.parts[0].words)
    assert "Ongoing on Wed 1 Jul 2026" == account.figures["ongoing"].words


def test_a_review_that_ends_without_a_report_has_not_concluded(year, partnership) -> None:
    """Discontinued: it ended, and did not conclude. Opened again, it goes on."""
    second = year[1].on(date(2026, 9, 1)).take("discontinue_adult_review")
    account = made(second)
    assert ("1", "0") == (account.told.words["ended"], account.told.words["ongoing"])


def test_what_was_seen_of_an_action_that_was_reopened_is_counted_no_more(partnership) -> None:
    """Change was seen, and then it came undone: reopened in that year it is not counted, reopened after it it stays."""
    case = partnership.hears_of(date(2025, 6, 2)).take("add_action", recommendation=None, due_on=date(2025, 9, 30))
    case.on(date(2025, 9, 3)).take("update_action", action="A01")
    seen = {"actions": ["A01"], "outcome": "change seen", "what_now": None, "why": ""}
    case.on(date(2025, 12, 8)).take("check_action_impact", **seen)
    asked = AccountAsked(track=Track.CHILDREN, period=TwelveMonths.beginning(2025))

    def looked_at(on: date) -> int:
        return read_account(case.records, asked, on).figures["action-impact"].number

    assert 1 == looked_at(case.today)
    undone = {"status": "reopened", "grade": "none", "evidence": "", "note": "It came undone."}
    case.on(date(2026, 4, 7)).take("update_action", by="glenn_sample", action="A01", **undone)
    assert 1 == looked_at(case.today), "at the end of the year it was so"
    case.take("take_back_step", by="glenn_sample")
    case.take("update_action", by="glenn_sample", action="A01", **{**undone, "on": date(2026, 3, 30)})
    assert 0 == looked_at(case.today)


def test_an_action_that_was_reopened_after_the_year_ended_it_in_that_year(partnership) -> None:
    """Verified in September and reopened in May: done in the account of the year between, and open in the next one."""
    case = partnership.hears_of(date(2025, 6, 2)).take("add_action", recommendation=None, due_on=date(2025, 9, 30))
    case.on(date(2025, 9, 3)).take("update_action", action="A01")
    undone = {"status": "reopened", "grade": "none", "evidence": "", "note": "It came undone."}
    case.on(date(2026, 5, 12)).take("update_action", by="glenn_sample", action="A01", **undone)

    def told(year: int) -> list[str]:
        asked = AccountAsked(track=Track.CHILDREN, period=TwelveMonths.beginning(year))
        figures = read_account(case.records, asked, case.today).figures
        return [name for name, one in figures.items() if name.startswith("status") and one.number]

    assert (["status-verified"], ["status-reopened"]) == (told(2025), told(2026))
    case.on(date(2027, 5, 12))
    assert ["status-reopened"] == told(2026)
