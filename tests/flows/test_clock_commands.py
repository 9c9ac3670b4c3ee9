"""Explain, what-if and recompute, through the command line itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from flows.cli.dates import ReasonNeeded, counted_again
from flows.cli.main import main
from flows.cli.place import Place
from flows.demo.answers import answer, signer
from safeguarding.dates.london import LONDON, now, read_moment
from safeguarding.stages import STEPS
from tasks.record.installation import Installation, open_installation
from tasks.record.records import Records

AT = ("--at", "2026-12-01T10:00")
DAYS = {"assess_notification": 20, "decide_notification": 20, "send_notification": 27, "open_rapid_review": 30}


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """A simulated record with one child review: aware on 20 November 2026, notified on the 27th, asked on the 30th."""
    monkeypatch.setenv("SAFEGUARDING_HOME", str(tmp_path))
    with open_installation(now(), simulation=True) as made:
        began = date(2026, 11, 20)
        opening = answer("open_referral", None, began)
        review = made.records.open(opening, signer(STEPS["open_referral"].by), moment(20)).review
        for step, day in DAYS.items():
            raw = answer(step, review, date(2026, 11, day))
            review = made.records.attempt(review.reference, step, raw, signer(STEPS[step].by), moment(day)).review
        yield made


def moment(day: int) -> datetime:
    """Ten in the morning of a day of November 2026."""
    return datetime.combine(date(2026, 11, day), time(10), LONDON)


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command: its exit code and what it said."""

    def run(*words: str) -> tuple[int, str]:
        code = main(words)
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


@pytest.mark.usefixtures("installation")
def test_a_date_of_a_review_is_explained(ask: Any) -> None:
    """In words that begin with the date and how it stands; as JSON with every day and every row."""
    code, words = ask("explain", "CSPR-2026-001", "C05", *AT)
    assert 0 == code
    assert words.startswith("CSPR-2026-001: Rapid review to the national Panel (C05): due Fri 18 Dec 2026, 13 working")
    assert "in line 4 of the review's record" in words and "It binds nobody".lower() in words.lower()

    code, text = ask("explain", "CSPR-2026-001", "rapid_review_report", "--json", *AT)
    (made,) = json.loads(text)
    assert ("2026-12-18", 4, "became_aware") == (
        made["due_on"],
        made["anchor"]["line"],
        made["stretch"][0]["counted_from"],
    )
    assert 15 == sum(step["counted"] for step in made["working"]["steps"])


@pytest.mark.usefixtures("installation")
def test_a_duty_of_several_is_explained_for_each_or_for_one(ask: Any) -> None:
    """Four agencies owe a summary; `--of` asks for one of them."""
    _, text = ask("explain", "CSPR-2026-001", "agency_summary_return", "--json", *AT)
    assert 4 == len(json.loads(text))
    _, text = ask("explain", "CSPR-2026-001", "agency_summary_return", "--of", "police", "--json", *AT)
    assert ["police"] == [made["subject"] for made in json.loads(text)]


@pytest.mark.usefixtures("installation")
def test_a_rule_and_a_date_are_explained_as_before(ask: Any) -> None:
    """Without a review: the second word is a date."""
    code, words = ask("explain", "C05", "2026-04-02")
    assert (0, True) == (code, "Working day 15 is Mon 27 Apr 2026" in words)


@pytest.mark.usefixtures("installation")
def test_what_cannot_be_explained_is_said(ask: Any) -> None:
    """A duty that has not begun, a review and a rule that do not exist: exit code 1; a day of no calendar: 2."""
    for asked, said in (
        (("CSPR-2026-001", "C12"), "It begins when the partners decided to initiate a review"),
        (("CSPR-2026-009", "C05"), "No review has the reference CSPR-2026-009"),
        (("CSPR-2026-001", "C99"), "no rule called C99"),
    ):
        code, words = ask("explain", *asked, *AT)
        assert (1, True) == (code, said in words)
    with pytest.raises(SystemExit, match="2"):
        ask("explain", "C05", "2026-02-30")


def test_what_if_shows_both_and_writes_nothing(installation: Installation, ask: Any) -> None:
    """Notified on 17 December after all: every date beside today's, and the first clash."""
    lines = len(installation.records.events("CSPR-2026-001"))
    code, words = ask("what-if", "CSPR-2026-001", "--event", "notification_sent=2026-12-17", *AT)
    assert 0 == code
    assert "and not on Fri 27 Nov 2026 as the record has it" in words
    assert "First clash: Notify the national Panel (C01), due Fri 27 Nov 2026, would be met late" in words
    assert (
        "Rapid review to the national Panel (C05) | Fri 18 Dec 2026 (13 working days left) | Tue 12 Jan 2027" in words
    )

    asked = ("--event", "agency_returned:police=2026-12-02", "--event", "decided=2026-12-16", "--json")
    _, text = ask("what-if", "CSPR-2026-001", *asked, *AT)
    then = {(line["rule"], line["subject"]): line["then_words"] for line in json.loads(text)["lines"]}
    assert "Wed 9 Dec 2026: met on Wed 2 Dec 2026" == then["local.c.agency_summary_return", "police"]
    assert then["C12", ""].startswith("Wed 16 Jun 2027")
    assert lines == len(installation.records.events("CSPR-2026-001"))


@pytest.mark.usefixtures("installation")
def test_a_supposition_that_is_none_is_said(ask: Any) -> None:
    """Without a day: a question put wrongly. Of something unknown: what was meant. Beyond the list: what to do."""
    with pytest.raises(SystemExit, match="2"):
        ask("what-if", "CSPR-2026-001", "--event", "notification_sent", *AT)
    code, words = ask("what-if", "CSPR-2026-001", "--event", "notification_snt=2026-12-17", *AT)
    assert (1, True) == (code, "Perhaps: notification_sent" in words)
    code, words = ask("what-if", "CSPR-2026-001", "--event", "notification_sent=2028-12-27", *AT)
    assert (1, True) == (code, "outside the bank holidays" in words)


def test_recompute_shows_then_moves(installation: Installation, ask: Any) -> None:
    """An extra holiday is loaded: shown first; refused without a reason; moved with one; then nothing is left."""
    _, words = ask("recompute", *AT)
    assert "No running date would move." in words
    changed = with_holiday(installation, date(2026, 12, 14))

    then = {"at": read_moment(AT[1]), "here": Place()}
    shown = counted_again(changed, **then).words
    moved = "CSPR-2026-001 C05, Rapid review to the national Panel: Fri 18 Dec 2026 → Mon 21 Dec 2026"
    assert any(moved in line for line in shown)
    assert "Nothing was changed. To accept: --accept --reason TEXT --as PERSON." == shown[-1]

    with pytest.raises(ReasonNeeded, match="To accept, say why and who"):
        counted_again(changed, accept=True, **then)

    said = counted_again(changed, accept=True, reason="Announced.", person="alex_example", **then)
    assert (0, ["CSPR-2026-001"], []) == (said.code, said.data["accepted"], said.data["refused"])
    assert date(2026, 12, 21) == installation.records.read("CSPR-2026-001").running("C05")[0].due_on
    assert "Announced." == installation.records.events("CSPR-2026-001", unseal=True)[-1].sealed["reason"]
    assert [] == counted_again(changed, **then).data["moves"]

    _, words = ask("recompute", *AT)
    assert "Fri 18 Dec 2026" in words, "under the old list it would move back"


def with_holiday(installation: Installation, day: date) -> Installation:
    """The same installation under a list of bank holidays with one day more."""
    calendar = installation.rulebook.calendar
    holidays = {**calendar.holidays, day: "Extra bank holiday"}
    rulebook = installation.rulebook.model_copy(update={"calendar": calendar.model_copy(update={"holidays": holidays})})
    return Installation(
        installation.settings, rulebook, Records(installation.records.engine, rulebook, installation.records._keys)
    )
