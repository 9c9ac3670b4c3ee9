"""What other offices met with other programs: each as their own commands and files would bring it here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import icalendar
import pytest
import yaml
from driver.partnership import example_as_one
from driver.terminal import Terminal

from safeguarding.dates.london import now
from tasks.record.installation import open_installation

PROGRAM = str(Path(sys.executable).with_name("safeguarding"))


def opened(terminal: Terminal, **answers: Any) -> str:
    """A review that is opened now; its reference."""
    form = terminal.form("open_referral", **answers)
    code, said, wrong = terminal("open", "--form", form, "--as", "alex_example")
    assert 0 == code, said + wrong
    return said.split()[0].strip(":.")


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "UTC"])
def test_a_day_is_the_same_wherever_the_machine_believes_it_is(zone: str) -> None:
    """A server that is set to another zone counts the same days: they are London's."""
    asked = [PROGRAM, "due", "C05", "2026-11-27", "--json"]
    said = {
        zone: subprocess.run(asked, capture_output=True, text=True, env=os.environ | {"TZ": zone}, check=True).stdout
        for zone in ("Europe/London", zone)
    }
    assert 1 == len(set(said.values())) and "2026-12-18" in said[zone]


def test_the_holiday_of_may_2020_lies_where_it_was_moved_to(terminal: Terminal) -> None:
    """Five working days from Friday 1 May 2020 end on Monday 11 May: the holiday of the Monday was moved to the 8th."""
    code, said, _ = terminal("due", "C01", "2020-05-01")
    assert (0, True) == (code, "Mon 11 May 2020" in said), said


def test_a_form_of_another_office_has_a_place_for_all_it_asks(terminal: Terminal) -> None:
    """
    The referrer and how they are reached, brothers and sisters, enquiries and police, a linked case, who checked the
    form: each has a question; the words are sealed, and shown with the review to whoever unseals it.
    """
    other = opened(terminal)
    reference = opened(
        terminal,
        referrer="An invented head teacher, 01632 960000",
        others_concerned="Two invented brothers",
        proceedings="An invented enquiry under section 47; the invented police look into it",
        linked_with=other,
        checked_by="billie_example",
    )
    code, shown, _ = terminal("show", reference, "--unseal")
    assert 0 == code
    for words in ("01632 960000", "Two invented brothers", "section 47"):
        assert words in shown, shown
    with open_installation(now()) as installation:
        facts = installation.records.events(reference)[0].facts
    assert (other, "billie_example") == (facts["linked_with"], facts["checked_by"])
    assert "01632 960000" not in terminal("show", reference)[1]


def test_a_diary_is_told_how_often_to_look_again(terminal: Terminal) -> None:
    """What a diary follows says that it is a published one, and that it is looked at each hour."""
    opened(terminal)
    code, said, _ = terminal("calendar")
    diary = icalendar.Calendar.from_ical(said)
    assert (0, "PUBLISH") == (code, diary["METHOD"])
    assert {"PT1H"} == {diary[name].to_ical().decode() for name in ("REFRESH-INTERVAL", "X-PUBLISHED-TTL")}


def test_an_agency_under_another_name_has_it_everywhere(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the displayed name changes: the same agency, open work and past alike, under its new name."""
    data = example_as_one()
    file = tmp_path / "ours.yaml"
    monkeypatch.setenv("SAFEGUARDING_PARTNERSHIP", str(file))
    file.write_text(yaml.safe_dump(data), "utf-8")
    reference = opened(terminal)
    for step in ("assess_notification", "decide_notification", "send_notification"):
        form = terminal.form(step)
        signer = "glenn_sample" if step == "decide_notification" else "alex_example"
        minuted = ["--minuted", "DSP 12/26"] if step == "decide_notification" else []
        assert 0 == terminal("do", reference, step, "--form", form, "--as", signer, *minuted)[0]
    form = terminal.form("open_rapid_review", agencies=["police", "hospital_trust"])
    assert 0 == terminal("do", reference, "open_rapid_review", "--form", form, "--as", "alex_example")[0]
    trust = next(agency for agency in data["agencies"] if agency["id"] == "hospital_trust")
    trust["name"] = "River Hospitals"
    file.write_text(yaml.safe_dump(data), "utf-8")
    code, said, _ = terminal("partnership", "changes")
    assert (0, True) == (code, "name is River Hospitals (was Exampleshire Hospitals)" in said), said
    shown = terminal("next", reference, "--step", "record_return")[1] + terminal("agencies")[1]
    assert ("River Hospitals" in shown, "Exampleshire Hospitals" in shown) == (True, False), shown
    history = terminal("show", reference)[1]
    assert ("River Hospitals" in history, "Exampleshire Hospitals" in history) == (True, False), history
