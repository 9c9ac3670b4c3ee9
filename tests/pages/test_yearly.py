"""
Scenario 15, through the pages: it is April's question, «draft the part of the annual report about reviews», asked of
the demo's record. Each head of the law is there, each number leads to its reviews, nobody is named.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape

import pytest
from docx import Document
from driver.filling import Filler
from driver.visitor import Visitor

from tasks.record.reading import who_read
from tasks.store.readings import ReadingsWanted

Somebody = Callable[[str], Filler]
ADULTS = "/yearly?track=adults&year=2026&month=4"


@pytest.fixture
def unit(somebody: Somebody) -> Visitor:
    """The business manager, signed in."""
    return somebody("alex_example").visitor


def numbers(visitor: Visitor) -> dict[str, str]:
    """The numbers of the open page by the address of the list behind each."""
    return {unescape(a): n for a, n in re.findall(r'href="(/yearly/behind[^"]+)">([^<]+)<', visitor.page.text)}


def test_the_april_report_is_drafted_and_each_number_leads_to_its_reviews(unit: Visitor, installation) -> None:
    """From the registers to the account; every number is that of its list, and each line of a list opens its review."""
    unit.get("/registers")
    assert 'href="/yearly"' in unit.page.text
    unit.get("/yearly")
    assert "Hide numbers below" in unit.words and "What this draft does not hold" not in unit.words
    assert 200 == unit.get(ADULTS).status_code
    for letter in "defg":
        assert f"(Sch.2 para 4(1)({letter}))" in unit.words
    assert "The year is not over: it ends on Wed 31 Mar 2027" in unit.words
    assert "THIS IS A SIMULATION A draft from the record" in " ".join(unit.words.split())
    assert "No wording has been approved for R01 of SAR-2026-002." in unit.words
    found = numbers(unit)
    assert len(found) > 50
    reviews = set()
    for address, said in found.items():
        assert 200 == unit.get(address).status_code, address
        behind = re.findall(r'<li><a[^>]*href="/reviews/([\w-]+)"', unit.page.text)
        assert said == str(len(behind)), address
        reviews |= {*behind}
    adults = {row.reference for row in installation.records.list() if row.track == "adults"}
    assert adults == reviews and len(adults) > 2
    assert all(200 == unit.get(f"/reviews/{one}").status_code for one in reviews)


def test_what_the_national_panel_owes_is_no_date_of_the_partnership(unit: Visitor) -> None:
    """The demo's Panel has not replied in one review: that is not missed by the partnership, nor among its dates."""
    unit.get("/yearly?track=children&year=2026&month=4")
    assert "Dates that no law sets (duties of law among them)" in unit.words
    assert "Reply of the national Panel expected" not in unit.words
    assert "nor what the national Panel owes" in unit.words


def test_nobody_is_named_in_it(unit: Visitor, installation) -> None:
    """No person of the file but whoever is signed in, and no pseudonym, stands on the page or in the Word file."""
    unit.get(ADULTS)
    said = unit.page.text.partition("<main")[2]
    names = [one.name for one in installation.rulebook.partnership.people]
    names += [row.pseudonym for row in installation.records.list()]
    assert names and not [name for name in names if name in said]


def test_it_is_taken_as_a_word_file_and_noted(unit: Visitor, installation) -> None:
    """The draft as it was shown; who took it stands in the readings before the file is given."""
    unit.get(f"{ADULTS}&below=5")
    fields = {"track": "adults", "year": "2026", "month": "4", "below": "5"}
    assert all(f'name="{name}" value="{value}"' in unit.page.text for name, value in fields.items())
    answer = unit.post("/yearly", file="word", **fields)
    assert 'attachment; filename="adults-2026-04-account.docx"' == answer.headers["content-disposition"]
    word = Document(io.BytesIO(answer.content))
    said = "\n".join(one.text for one in word.paragraphs)
    assert "Numbers from 1 to 4 are not shown" in said and "SAR-2026" not in said and "{{" not in said
    last = who_read(installation.records, ReadingsWanted())[0][0]
    assert "the yearly account" in last.reading.what
    unit.get(ADULTS)
    assert "<h1>Safeguarding adults reviews" in unit.post("/yearly", file="page", **fields).text
    unit.get(ADULTS)
    whole = unit.post("/yearly", file="page", **(fields | {"below": ""})).text
    leads, there = set(re.findall(r'href="([^"]*)"', whole)), set(re.findall(r'id="([^"]+)"', whole))
    assert leads and leads == {f"#{key}" for key in there}, "each number leads to its list, in the file itself"
    assert whole.count("<h3 id=") == len(there) and "SAR-2026-001" in whole
    unit.get(ADULTS)
    assert 404 == unit.post("/yearly", file="exe", **fields).status_code


def test_where_small_numbers_are_hidden_no_number_has_a_list(unit: Visitor) -> None:
    """A whole that is shown neither: its list would tell its parts. Typed into the address it is refused in words."""
    unit.get(f"{ADULTS}&below=5")
    assert "fewer than 5" in unit.words and "SAR-2026" not in unit.page.text.partition("<main")[2]
    assert not numbers(unit)
    assert 200 == unit.get(f"/yearly/behind{ADULTS.removeprefix('/yearly')}&figure=concluded").status_code
    for figure in ("concluded", "ended", "no-such"):
        hidden = unit.get(f"/yearly/behind{ADULTS.removeprefix('/yearly')}&below=5&figure={figure}")
        assert 404 == hidden.status_code and "the list behind a whole tells its parts" in unit.words
    assert 404 == unit.get("/yearly/behind?figure=concluded").status_code


def test_what_is_no_choice_is_said_and_shown_nowhere(unit: Visitor) -> None:
    """Somebody types into the address: it is told what there is to choose, without a word of it."""
    for query in (
        "track=Canary",
        "track=adults&year=Canary",
        "track=adults&year=1900",
        "track=adults&year=2026&below=1",
    ):
        assert 422 == unit.get(f"/yearly?{query}").status_code, query
        assert "There is a problem" in unit.words and "Canary" not in unit.page.text, query
    assert 200 == unit.get("/yearly?track=children&year=2026&month=9").status_code
    assert "1 September 2026 to 31 August 2027" in unit.words


def test_it_is_the_units(somebody: Somebody) -> None:
    """A partner sees no account here; the unit gives it to them."""
    partner = somebody("glenn_sample").visitor
    assert 403 == partner.get(ADULTS).status_code and "made by the partnership's business unit" in partner.words
    assert 403 == partner.get(f"/yearly/behind{ADULTS.removeprefix('/yearly')}&figure=begun").status_code
