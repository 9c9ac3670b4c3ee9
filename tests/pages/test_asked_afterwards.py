"""
What a coroner, an inspector or a court asks of a review with a dissent, at each door: page, register, command line.

Who decided, when, on whose authority, who dissented and why, which agencies were late, what each action says, how a
date was counted, what was sent to whom and whether it arrived.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from driver.terminal import Terminal
from driver.visitor import Visitor

from flows.demo.answers import answer, signer
from flows.demo.demo import CaughtPost
from flows.demo.post_catcher import Catcher
from safeguarding.stages import STEPS
from tasks.record.delivering import deliver
from tasks.record.installation import Installation

DISSENT = "CSPR-2026-005"
WHY = "The learning is already in hand."
ACTION = "Brief every desk sergeant on information sharing."
DECIDED = "Wed 18 Nov 2026"
AUTHORITY = "Children Act 2004 s.16F(1)"


@pytest.fixture
def asked(installation: Installation, clock, caught: Catcher, monkeypatch: pytest.MonkeyPatch, capsys) -> Terminal:
    """The demo's review with a dissent, an action agreed and its letters really sent; a terminal at its record."""
    records = installation.records
    raw = answer("add_action", records.read(DISSENT), clock.at.date(), what=ACTION)
    records.attempt(DISSENT, "add_action", raw, signer(STEPS["add_action"].by), clock.at)
    deliver(installation, clock.at, CaughtPost(caught))
    home = installation.settings.home
    monkeypatch.setenv("SAFEGUARDING_HOME", str(home))
    return Terminal(home, capsys)


def words_of(page: str) -> str:
    """What stands on a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def section(visitor: Visitor, name: str) -> str:
    """One part of the open page, in words."""
    found = re.search(rf'<section aria-labelledby="{name}">.*?</section>', visitor.page.text, re.S)
    assert found, name
    return words_of(found.group(0))


def test_at_the_review_page(asked: Terminal, alex: Visitor) -> None:
    """The business manager opens the page, presses for the sealed words, and follows two links."""
    alex.get(f"/reviews/{DISSENT}")
    decided = section(alex, "decisions")
    for said in (DECIDED, "Signed by Glenn Sample", AUTHORITY, "Police Dissents: Kelly Sample"):
        assert said in decided
    assert WHY not in alex.page.text and ACTION not in alex.page.text
    assert "Exampleshire Police Information: Returned Fri 13 Nov 2026 (late)" in section(alex, "agencies")
    sealed = re.findall(r'name="words" value="(decision-\d+|actions)"', alex.page.text)
    opened = [words_of(alex.post(f"/reviews/{DISSENT}/words", words=place).text) for place in sealed]
    assert any(WHY in one for one in opened) and any(ACTION in one for one in opened)

    working = words_of(alex.get(f"/reviews/{DISSENT}/dates/C05").text)
    assert "within 15 working days" in working and "Thu 29 Oct 2026" in working
    sent = words_of(alex.get(f"/reviews/{DISSENT}/letters").text)
    assert "To Alex Example By email What became of it Delivered on 30 Nov 2026 at 10:30" in sent


def test_in_the_registers(asked: Terminal, tmp_path: Path) -> None:
    """The same as files, for whoever counts: decisions, requests, actions, dates, letters."""
    code, _, err = asked("export", str(tmp_path / "out"), "--as", "alex_example", "--review", DISSENT)
    assert (0, "") == (code, err)

    def rows(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader((tmp_path / "out" / f"{name}.csv").read_text("utf-8-sig").splitlines()))

    decision = next(row for row in rows("decisions") if row["dissent"] == "TRUE")
    assert ("2026-11-18", "the safeguarding partners together", "Glenn Sample", "Police") == (
        decision["decided_on"],
        decision["decided_by"],
        decision["signed_by"],
        decision["dissented"],
    )
    assert AUTHORITY in decision["authority"]
    assert {"3"} == {row["late_working_days"] for row in rows("requests")}
    assert [("A01", "agreed")] == [(row["action"], row["status"]) for row in rows("actions")]
    counted = next(row for row in rows("timeliness") if row["rule"] == "C05")
    assert ("2026-10-29", "the notification was sent to the national Panel", "within 15 working days") == (
        counted["counted_from"],
        counted["counted_from_event"],
        counted["how_counted"],
    )
    arrived = [row for row in rows("letters") if row["outcome"] == "delivered"]
    assert ("Alex Example", "email", "2026-11-30") in {(row["to"], row["by"], row["delivered_on"]) for row in arrived}


def test_the_words_among_the_registers(asked: Terminal, tmp_path: Path) -> None:
    """Why the police dissented and what the action says: for whoever may read them, with a reason, and noted."""
    place = tmp_path / "words"
    code, _, err = asked(
        *("export", str(place), "--as", "alex_example", "--review", DISSENT),
        *("--sealed", "--reason", "request of a coroner"),
    )
    assert (0, "") == (code, err)
    found = [row["words"] for row in csv.DictReader((place / "words.csv").read_text("utf-8-sig").splitlines())]
    assert {WHY, ACTION} <= {*found}
    assert "request of a coroner" in asked("readings")[1]


def test_at_the_command_line(asked: Terminal) -> None:
    """Five commands answer all of it; the sealed words by one more that is noted."""

    def said(*words: str) -> str:
        code, out, err = asked(*words)
        assert (0, "") == (code, err)
        return " ".join(out.split())

    shown = said("show", DISSENT)
    assert f"The partners decided on {DECIDED}: local review" in shown and AUTHORITY in shown
    assert "Police (Kelly Sample) dissented" in shown and WHY not in shown
    whole = said("show", DISSENT, "--unseal")
    assert WHY in whole and ACTION in whole
    assert "Exampleshire Police (information): returned Fri 13 Nov 2026 (late)" in said("agencies", DISSENT)
    assert f"{DISSENT} A01:" in said("actions", "list", DISSENT)
    explained = said("explain", DISSENT, "C05")
    assert "within 15 working days" in explained and "Days counted: Fri 30 Oct 2026 (1)" in explained
    letters = said("letters", DISSENT)
    assert "to Alex Example by email" in letters and "Delivered on 30 Nov 2026 at 10:30" in letters
    assert "Somebody at this machine" in said("readings")


def test_the_letters_are_for_whoever_reads_the_whole_record(asked: Terminal, somebody: Any) -> None:
    """An agency's lead sees the review; what was sent to others is not theirs."""
    lead = somebody("jules_lead").visitor
    assert 200 == lead.get(f"/reviews/{DISSENT}").status_code
    assert f"{DISSENT}/letters" not in lead.page.text
    assert 403 == lead.get(f"/reviews/{DISSENT}/letters").status_code
    assert "Alex Example" not in lead.page.text
