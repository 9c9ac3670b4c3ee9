"""The commands about editions, plans and calendars, through the command line itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from flows.cli.main import main
from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date, now
from safeguarding.stages import STEPS
from tasks.record.installation import Installation, open_installation


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """A record of its own in which one child review has reached its rapid review today."""
    monkeypatch.setenv("SAFEGUARDING_HOME", str(tmp_path))
    with open_installation(now(), simulation=True) as made:
        moment = now() - timedelta(minutes=5)
        today = london_date(moment)
        review = made.records.open(
            answer("open_referral", None, today), signer(STEPS["open_referral"].by), moment
        ).review
        for step in ("assess_notification", "decide_notification", "send_notification", "open_rapid_review"):
            raw = answer(step, review, today)
            review = made.records.attempt(review.reference, step, raw, signer(STEPS[step].by), moment).review
        yield made


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command: its exit code and what it said."""

    def run(*words: str) -> tuple[int, str]:
        code = main(words)
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def test_the_difference_of_two_editions(ask: Any) -> None:
    """In plain English, and the same as JSON."""
    code, words = ask("rules", "diff", "2018", "2023")
    assert (0, True) == (code, words.startswith("WT2018 compared with WT2023: 18 rules have an edition of either."))
    assert "C04  Notify the death of a care leaver  [new]" in words

    code, text = ask("rules", "diff", "WT2023", "WT2026", "--json")
    assert {"held back"} == {change["verdict"] for change in json.loads(text)["changes"]}


def test_an_edition_that_does_not_exist(ask: Any) -> None:
    """An error with the names there are, and exit code 1."""
    code, words = ask("rules", "diff", "2018", "2019")
    assert (1, True) == (code, "No one edition is called '2019'" in words)


def test_the_list_of_rules(ask: Any, installation: Installation) -> None:
    """A table, and JSON with every rule."""
    code, words = ask("rules", "list")
    assert (0, True) == (code, "WT2023 (WT2026 held back)" in words)
    _, text = ask("rules", "list", "--json", "--on", "2020-01-01")
    rules = {rule["rule"]: rule["edition"] for rule in json.loads(text)["rules"]}
    assert len(installation.rulebook.rules) == len(rules)
    assert ("WT2018", "none in force") == (rules["C05"], rules["C04"])


def test_what_could_move_to_an_edition(ask: Any, installation: Installation) -> None:
    """No clock of this record began before 2023; and 2026 is held back, which is an exit code of its own."""
    code, words = ask("rules", "adopt", "2023")
    assert (0, True) == (code, "0 open reviews could move to it" in words)
    code, words = ask("rules", "adopt", "2026")
    assert (1, True) == (code, words.startswith("WT2026 is held back for C01, C02"))


def test_a_plan_in_words_as_json_as_a_picture_and_as_a_calendar(ask: Any, tmp_path: Path) -> None:
    """The worked Christmas plan."""
    svg, ics = tmp_path / "plan.svg", tmp_path / "plan.ics"
    code, words = ask("plan", "--rule", "C05", "--from", "2026-12-18", "--svg", str(svg), "--ics", str(ics))
    assert 0 == code
    assert "10  Wed 6 Jan 2027   Rapid review meeting" in words
    assert svg.read_text().startswith("<svg ")
    assert 11 == len(icalendar.Calendar.from_ical(ics.read_bytes()).walk("VEVENT"))

    _, text = ask("plan", "--rule", "C05", "--until", "2027-01-13", "--json")
    assert "2026-12-18" == json.loads(text)["begins_on"]


@pytest.mark.parametrize(
    "words",
    [(), ("--rule", "C05"), ("CSPR-2026-001", "--rule", "C05", "--from", "2026-12-18"), ("--from", "2026-12-18")],
)
def test_a_plan_of_what_is_not_said(words: tuple[str, ...], ask: Any) -> None:
    """It says how to ask."""
    code, said = ask("plan", *words)
    assert (1, True) == (code, said.startswith("Say which plan"))


def test_the_plan_of_a_review(ask: Any, installation: Installation) -> None:
    """From its record."""
    reference = installation.records.list()[0].reference
    code, words = ask("plan", reference)
    assert (0, True) == (code, "Rapid review meeting" in words)


def test_calendars_of_all_of_one_person_and_of_the_panel(ask: Any, installation: Installation, tmp_path: Path) -> None:
    """Printed or written; each a strict file with every line ended as it must be."""
    code, text = ask("calendar")
    assert (0, 0) == (code, text.replace("\r\n", "").count("\n"))
    everything = icalendar.Calendar.from_ical(text).walk("VEVENT")

    path = tmp_path / "school.ics"
    ask("calendar", "--person", "jules_lead", "--file", str(path))
    mine = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    assert (1, True) == (len(mine), len(everything) > 5)
    assert path.read_bytes().endswith(b"END:VCALENDAR\r\n")

    _, panel = ask("calendar", "--panel", "--json")
    assert [] == json.loads(panel)["entries"]
    reference = installation.records.list()[0].reference
    _, one = ask("calendar", "--review", reference, "--json")
    assert {reference} == {entry["reference"] for entry in json.loads(one)["entries"]}


def test_a_calendar_of_nobody(ask: Any, installation: Installation) -> None:
    """A misspelt id is an error and not an empty diary."""
    code, words = ask("calendar", "--person", "jules")
    assert (1, True) == (code, "Nobody in the partnership's file has the id 'jules'." in words)


def test_the_days_in_a_calendar_are_whole_days(ask: Any, installation: Installation) -> None:
    """Nothing happens at two in the morning."""
    _, text = ask("calendar")
    days = [event["DTSTART"].dt for event in icalendar.Calendar.from_ical(text).walk("VEVENT")]
    assert days
    assert [] == [day for day in days if isinstance(day, datetime) or not isinstance(day, date)]
