"""The registers at the pages: who sees them, the number with the list behind it, filters by choice, and a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from driver.filling import Filler
from driver.taught import take
from driver.visitor import Visitor
from openpyxl import load_workbook

from flows.demo.answers import answer, signer
from pages.registers import AT_A_TIME, AT_THE_PAGES, SHOWN
from safeguarding.registers.registers import REGISTERS
from safeguarding.review.states import Track
from safeguarding.stages import STEPS
from tasks.record.reading import line_of, who_read
from tasks.record.registers import read_registers
from tasks.store.readings import ReadingsWanted

Somebody = Callable[[str], Filler]


@pytest.fixture
def unit(somebody: Somebody) -> Visitor:
    """The business manager, signed in."""
    return somebody("alex_example").visitor


def number(visitor: Visitor) -> int:
    """How many the open page says that there are."""
    found = re.search(r"<strong>(\d+)</strong>[^<]* in this register", visitor.page.text)
    assert found, visitor.words
    return int(found.group(1))


def listed(visitor: Visitor) -> list[str]:
    """The reviews of the rows of the open page, and of the pages after it."""
    found = re.findall(r'role="rowheader"><a[^>]*href="/reviews/([\w-]+)"', visitor.page.text)
    after = re.search(r'rel="next" href="([^"]+)"', visitor.page.text)
    if after is None:
        return found
    visitor.get(after.group(1).replace("&amp;", "&"))
    return [*found, *listed(visitor)]


@pytest.mark.parametrize("name", AT_THE_PAGES)
def test_a_number_is_that_of_the_list_behind_it(unit: Visitor, installation, clock, name: str) -> None:
    """Each register says how many rows it has, and all of them follow, page by page, each leading to its review."""
    if name == "dissemination":  # The demo's reviews were told to nobody yet.
        take(installation.records, "SAR-2026-001", "share_learning", clock.at)
    unit.get("/registers")
    assert f'href="/registers/{name}"' in unit.page.text
    assert 200 == unit.get(f"/registers/{name}").status_code
    said = number(unit)
    rows = read_registers(installation.records, clock.at.date(), [name])[name]
    assert said == len(rows) == len(listed(unit)) > 0
    assert (said > AT_A_TIME) is (unit.page.url.query != b""), "the last page was come to by a link"


def test_each_filter_is_a_choice_and_narrows(unit: Visitor) -> None:
    """Children, late, one agency: fewer each time, and the number is that of the list again."""
    unit.get("/registers/requests")
    every, agency = number(unit), "Exampleshire Police"
    assert f'<option value="{agency}">{agency}</option>' in unit.page.text
    unit.get(f"/registers/requests?{urlencode({'agency': agency})}")
    police = number(unit)
    assert 0 < police < every and f"of {every} in this register" in unit.words
    assert f'<option value="{agency}" selected>' in unit.page.text
    unit.get(f"/registers/requests?{urlencode({'agency': agency, 'track': 'children', 'when': 'past-12-months'})}")
    assert 0 < number(unit) == len(listed(unit)) <= police
    unit.get("/registers/publications?when=past-12-months")
    assert 1 == number(unit)
    assert ["SAR-2026-001"] == listed(unit)


def test_which_agencies_were_late_is_one_choice(unit: Visitor) -> None:
    """Answered late and still waited for alike: as many as the rows that say so; the others are the rest."""
    unit.get("/registers/requests")
    every, said = number(unit), unit.page.text.count("</span> Yes</td>")
    assert "Waited for, and late" in unit.page.text
    unit.get("/registers/requests?late=late")
    late = number(unit)
    assert late == said > 2 and "Returned" in unit.words
    unit.get("/registers/requests?late=not-late")
    assert every - late == number(unit)


def test_a_decision_says_by_whom_and_by_which_provision(unit: Visitor) -> None:
    """As the head of the register promises."""
    unit.get("/registers/decisions")
    assert "Glenn Sample" in unit.words and "Children Act 2004 s.16F(1)" in unit.words


def test_what_is_no_choice_is_shown_nowhere(unit: Visitor) -> None:
    """Somebody types into the address: it narrows nothing, and no word of it is on the page."""
    unit.get("/registers/requests")
    every = number(unit)
    for field in ("agency", "track", "when", "state"):
        unit.get(f"/registers/requests?{urlencode({field: '<i>Canary</i>'})}")
        assert every == number(unit) and "Canary" not in unit.page.text
    for page in ("0", "-1", "9999999999", "x", "٣"):
        assert 200 == unit.get(f"/registers/requests?{urlencode({'page': page})}").status_code
    assert 404 == unit.get("/registers/Canary").status_code and "Canary" not in unit.words


def test_it_is_taken_as_a_file_as_it_was_shown_and_noted(unit: Visitor, installation, clock) -> None:
    """Narrowed by the same choices, with every column; who took it stands in the readings before the file is given."""
    unit.get("/registers/timeliness?track=adults&state=met")
    said, fields = number(unit), {"track": "adults", "state": "met"}
    assert all(f'name="{name}" value="{value}"' in unit.page.text for name, value in fields.items())
    token = unit.token
    answer = unit.post("/registers/timeliness", file="csv", **fields)
    assert 'attachment; filename="timeliness-2026-11-30.csv"' == answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert (
        said == len(rows) and {"met"} == {row["state"] for row in rows} and {"adults"} == {row["track"] for row in rows}
    )
    assert [column.name for column in REGISTERS["timeliness"].columns] == list(rows[0])

    answer = unit.post("/registers/decisions", file="excel", token=token)
    book = load_workbook(io.BytesIO(answer.content))
    assert ["decisions", "columns"] == book.sheetnames
    noted, count = who_read(installation.records, ReadingsWanted(tracks=frozenset({Track.ADULTS})))
    first = line_of(noted[-1])
    assert (2, "Alex Example", "", "no sealed word") == (count, first.who, first.reference, first.texts)
    unit.get("/readings")
    assert "Alex Example read the register «Decisions», downloaded without sealed words, of every review" in unit.words
    assert [] == list(installation.records.verify())


def test_a_file_is_given_to_a_page_of_ours_alone(unit: Visitor, installation) -> None:
    """Without the token of the page, or for a file that there is none of, nothing is given and nothing is noted."""
    unit.get("/registers/timeliness")
    assert 403 == unit.post("/registers/timeliness", file="csv", token="x").status_code
    unit.get("/registers/timeliness")
    assert 404 == unit.post("/registers/timeliness", file="pdf").status_code
    assert 0 == who_read(installation.records, ReadingsWanted())[1]


@pytest.mark.parametrize("person", ["glenn_sample", "casey_lead", "ollie_specimen"])
def test_the_registers_are_the_units(somebody: Somebody, person: str) -> None:
    """A partner, an agency's lead and a chair have no link to them, and are told whose they are."""
    visitor = somebody(person).visitor
    visitor.get("/")
    assert "/registers" not in visitor.page.text
    for path in ("/registers", "/registers/decisions"):
        assert 403 == visitor.get(path).status_code
        assert "for the partnership's business unit" in visitor.words


def test_a_stranger_signs_in_first(by_name) -> None:
    """And is led back to the register that they asked for."""
    stranger = Visitor(by_name)
    stranger.get("/registers/decisions?track=adults")
    assert "/sign-in" == stranger.path
    assert "next=/registers/decisions" in str(stranger.page.url).replace("%2F", "/").replace("%3F", "?")


def test_every_register_has_a_page(unit: Visitor) -> None:
    """What each page shows are columns of its register."""
    assert list(AT_THE_PAGES) == list(SHOWN)
    for name, shown in SHOWN.items():
        assert {*shown} <= {column.name for column in REGISTERS[name].columns}, name


def test_a_register_moves_with_the_record(unit: Visitor, installation, clock) -> None:
    """A return is recorded while the page is open: the next look at it has one that waits fewer."""
    unit.get("/registers/requests?state=late")
    before = number(unit)
    late = read_registers(installation.records, clock.at.date(), ["requests"])["requests"]
    asked = next(row for row in late if row.state == "late")
    review = installation.records.read(asked.reference)
    agency = next(one.agency for one in review.requests if one.outcome == "waiting")
    raw = answer("record_return", review, clock.at.date(), agency=agency, outcome="returned", on=clock.at.date())
    installation.records.attempt(asked.reference, "record_return", raw, signer(STEPS["record_return"].by), clock.at)
    unit.get("/registers/requests?state=late")
    assert before - 1 == number(unit)
