"""
Scenario 8, through the real doors: day 15 is missed by one day.

The breach stays on record for good, a reason is demanded at the pages, the letter to the Panel is drafted at the
command line, and the yearly account counts it, with the list behind the number and the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest
from docx import Document
from driver.filling import Filler
from driver.story import Story
from driver.terminal import Terminal
from driver.visitor import Clock

from flows.demo.answers import answer
from safeguarding.review.states import State
from tasks.record.installation import Installation

SECRET = "Ottoline's school sent its chronology on the last morning."
GROUND = "agency information late"
ACCOUNT = "/yearly?track=children&year=2026&month=4"
DUTY = "Rapid review to the national Panel (C05)"


@pytest.fixture
def late(installation: Installation, clock: Clock, somebody: Callable[[str], Filler]) -> Story:
    """The rapid review is complete, its fifteen working days ended yesterday, and nothing has gone to the Panel."""
    case = Story(installation, clock, somebody, State.DECISION, "children")
    (running,) = case.review.running("C05")
    return case.on(running.due_on + timedelta(days=1)).swept()


@pytest.fixture
def terminal(
    installation: Installation, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """The command line on the same record, on the day of the story."""
    monkeypatch.setenv("SAFEGUARDING_HOME", str(installation.settings.home))
    return Terminal(installation.settings.home, capsys)


def test_day_fifteen_is_missed_by_one_day(late: Story, terminal: Terminal, tmp_path: Path) -> None:
    """Overdue on the morning after, no decision without a reason, a letter to the Panel, counted in the account."""
    unit = late.somebody("alex_example").visitor
    unit.get("/")
    assert f"Law or guidance {late.reference} · Child F Due Tue 1 Dec 2026 Overdue by 1 working day" in unit.words

    # Nobody decides without saying why.
    partner = late.somebody("glenn_sample")
    partner.open(f"/reviews/{late.reference}/do/decide_review")
    given = answer("decide_review", late.review, late.today, late_reason="")
    partner.whole({name: said for name, said in given.items() if name != "still_owed"})
    assert "C05" in partner.visitor.words and not partner.visitor.may_send
    assert "Give the reason for a missed date" in partner.visitor.words

    # The business manager says why, sealed; the partners decide, and it goes to the Panel, one working day late.
    late.take("give_reason", rule="C05", ground=GROUND, reasons=SECRET)
    late.take("decide_review", late_reason="")

    # The letter is drafted from the command line: what was due, how late, the ground; no sealed word.
    file = tmp_path / "letter.docx"
    code, said, wrong = terminal("late-letter", late.reference, "C05", str(file), "--at", late.clock.at.isoformat())
    assert (0, "") == (code, wrong) and "write the reasons in before it is sent" in said
    letter = "\n".join(one.text for one in Document(str(file)).paragraphs)
    assert "Child Safeguarding Practice Review Panel" in letter and GROUND in letter
    assert "It was met on Wed 2 Dec 2026: 1 working day late." in letter and SECRET not in letter

    # A year later, and for good: the date reads late, on the review's page and in the register of breaches.
    late.on(late.today + timedelta(days=364))
    unit = late.somebody("alex_example").visitor
    unit.get("/registers/breaches?track=children&when=2026&state=met+late")
    kept = "Rapid review to the national Panel Whose Law or guidance Yes Due on 1 Dec 2026 Met on 2 Dec 2026"
    why = f"Working days late 1 Deferred for Reason {GROUND.capitalize()}"
    assert f"{late.reference} What is owed {kept} {why}" in unit.words
    unit.get(f"/reviews/{late.reference}/dates/C05")
    assert "was due Tue 1 Dec 2026; met on Wed 2 Dec 2026, LATE" in unit.words
    assert SECRET not in unit.page.text

    # April: the account counts it among the dates that were missed, and behind the number stand the review and why.
    unit.get(ACCOUNT)
    counted = numbers_of(DUTY, unit.page.text)
    assert "2" == counted["Late, with a reason"].number, "with the one of the demo that was late before"
    unit.get(counted["Late, with a reason"].behind)
    assert f"{DUTY}: late, with a reason: 2 " in unit.words
    assert f"{late.reference} C05 (1): met late, {GROUND}" in unit.words
    assert late.reference not in unit.get(counted["Late, without a reason"].behind).text


class Number(NamedTuple):
    """A number of the account, and where the list behind it is."""

    number: str
    behind: str


def numbers_of(duty: str, page: str) -> dict[str, Number]:
    """What the account says of a duty, by the head of the column."""
    table = next(one for one in re.findall(r"<table.*?</table>", page, re.S) if duty in one)
    row = next(one for one in re.findall(r"<tr.*?</tr>", table, re.S) if duty in one)
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', table)[1:]
    numbers = re.findall(r'href="(/yearly/behind[^"]+)">(\d+)<', row)
    return {head: Number(number, unescape(link)) for head, (link, number) in zip(heads, numbers, strict=True)}
