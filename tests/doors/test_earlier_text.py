"""An edition that was taken in late: what would move is shown, and what ran on the old text says so for good."""

from pathlib import Path

import pytest
import yaml
from driver.partnership import example_as_one
from driver.terminal import Terminal

import config
from flows.demo.invented import no

HUDDLE = "local.c.referral_to_partner_huddle"
AT = ("--at", "2026-04-02T16:50")
LATER = ("--at", "2026-04-20T10:00")


def partnership(file: Path, *editions: dict[str, object]) -> None:
    """The example, with more editions of the day on which the partners confer on a referral."""
    data = example_as_one(Path(config.__file__).parent)
    (rule,) = [rule for rule in data["local"] if rule["id"] == HUDDLE]
    rule["editions"] += editions
    file.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")


def second(since: str, length: int = 3) -> dict[str, object]:
    """The second version of the procedure, from a day."""
    source = {"title": "Exampleshire procedure, second version"}
    return {"name": "EX2", "from": since, "length": length, "citation": source, "confidence": "S"}


@pytest.fixture
def opened(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A referral of Thursday 2 April 2026, by the procedure as it was known then: one working day, Tuesday the 7th."""
    file = terminal.home / "ours.yaml"
    partnership(file)
    monkeypatch.setenv("SAFEGUARDING_CONFIG", str(file))
    terminal("simulation")
    form = terminal.form("open_referral", received_on="2026-04-02")
    assert 0 == terminal("open", "--form", form, "--as", "alex_example", *AT)[0]
    return file


def test_what_ran_on_the_old_text_says_so_for_good(terminal: Terminal, opened: Path) -> None:
    """The second version was in force from 1 April and is read only now: shown, noted, and kept for good."""
    assert "ran on" not in terminal("show", "CSPR-2026-001")[1]
    partnership(opened, second("2026-04-01"))

    _, out, _ = terminal("rules", "adopt", "EX2")
    ran = (
        f"CSPR-2026-001: {HUDDLE}: Partners confer on the referral, counted from Thu 2 Apr 2026, ran on the text of "
        "EX1 where EX2 was in force: Tue 7 Apr 2026 instead of Thu 9 Apr 2026"
    )
    assert ran in out and "1 open review could move to it" in out and "None of this is noted yet." in out
    assert "ran on" not in terminal("show", "CSPR-2026-001")[1]

    noting = ("rules", "adopt", "EX2", "--note", "--reason", "It came by post on the 20th.", "--as", "alex_example")
    code, out, err = terminal(*noting, *LATER)
    assert (0, True) == (code, "Noted in 1 reviews: CSPR-2026-001." in out), err

    kept = f"{HUDDLE} (Partners confer on the referral), counted from Thu 2 Apr 2026, ran on the text of EX1, where EX2"
    partnership(opened)  # and the later file has lost the second version again
    assert kept in terminal("show", "CSPR-2026-001")[1]
    _, explained, _ = terminal("explain", "CSPR-2026-001", HUDDLE, *LATER)
    assert kept in explained
    code, out, _ = terminal("ledger", "verify")
    assert 0 == code, out


def test_it_is_noted_once_and_by_somebody_with_a_reason(terminal: Terminal, opened: Path) -> None:
    """Without a reason nothing is written; a second time there is nothing left to note."""
    partnership(opened, second("2026-04-01"))
    code, _, err = terminal("rules", "adopt", "EX2", "--note", *LATER)
    assert (1, True) == (code, "reason" in err)
    noting = ("rules", "adopt", "EX2", "--note", "--reason", "Late.", "--as", "alex_example", *LATER)
    assert 0 == terminal(*noting)[0]
    assert [] == terminal.data(*noting)["noted"]
    (line,) = [e for e in terminal.data("show", "CSPR-2026-001")["events"] if e["kind"] == "earlier_text_noted"]
    (ran,) = line["facts"]["ran_on"]
    assert ("EX1", "EX2", "2026-04-07", "2026-04-09") == (
        ran["edition_was"],
        ran["edition_then"],
        ran["due_was"],
        ran["due_then"],
    )


def test_a_day_that_was_wrong_is_the_same(terminal: Terminal, opened: Path) -> None:
    """The second version had been filed from 1 April and took effect only in May: April ran on the wrong text."""
    partnership(opened, second("2026-04-01"))
    form = terminal.form("open_referral", received_on="2026-04-02")
    assert 0 == terminal("open", "--form", form, "--as", "alex_example", *AT)[0]
    partnership(opened, second("2026-05-01"))
    found = terminal.data("rules", "adopt", "EX2")["ran_on"]
    assert ["CSPR-2026-002"] == list(found)
    assert ("EX2", "EX1") == (found["CSPR-2026-002"][0]["edition_was"], found["CSPR-2026-002"][0]["edition_then"])


def _closed(terminal: Terminal) -> None:
    """Assessed and decided on 7 April: no serious case."""
    day = "2026-04-07"
    steps = (
        ("assess_notification", "alex_example", {"aware_on": day, "acknowledged_on": day}),
        ("decide_notification", "glenn_sample", {"decided_on": day, "abuse_or_neglect": no()}),
    )
    for step, person, answers in steps:
        form = terminal.form(step, **answers)
        code, _, err = terminal("do", "CSPR-2026-001", step, "--form", form, "--as", person, *LATER)
        assert 0 == code, err
    assert "not_serious_case" == terminal.data("show", "CSPR-2026-001")["state"]


def test_a_number_put_right_under_the_same_name_is_said(terminal: Terminal, opened: Path) -> None:
    """The second version's three days were two: nobody's edition changes, and the date counted by three is named."""
    partnership(opened, second("2026-04-01"))
    form = terminal.form("open_referral", received_on="2026-04-02")
    assert 0 == terminal("open", "--form", form, "--as", "alex_example", *AT)[0]
    partnership(opened, second("2026-04-01", length=2))

    out = terminal("rules", "adopt", "EX2")[1]
    assert "CSPR-2026-002" in out and "Thu 9 Apr 2026 → Wed 8 Apr 2026" in out
    assert "By the number that EX2 had then: `safeguarding recompute` shows it" in out
    explained = terminal("explain", "CSPR-2026-002", HUDDLE, *LATER)[1]
    wanted = "the number of edition EX2 was 3 then (within 3 working days; now within 2 working days)"
    assert wanted in explained
    assert "another list of bank holidays" not in explained


def test_a_row_whose_edition_the_rulebook_has_lost_says_so(terminal: Terminal, opened: Path) -> None:
    """The second version was withdrawn whole: the date that ran on it is named, noted and explained."""
    partnership(opened, second("2026-04-01"))
    form = terminal.form("open_referral", received_on="2026-04-02")
    assert 0 == terminal("open", "--form", form, "--as", "alex_example", *AT)[0]
    partnership(opened)

    out = terminal("rules", "adopt", "EX1")[1]
    assert "ran on the text of EX2, which this rulebook no longer has, where EX1 was in force" in out
    explained = terminal("explain", "CSPR-2026-002", HUDDLE, *LATER)[1]
    assert "counted by edition EX2, which the rulebook no longer has; now by EX1" in explained
    assert "another list of bank holidays" not in explained


def test_a_date_that_closing_cut_off_says_so_too(terminal: Terminal, opened: Path) -> None:
    """Closed while the partners' own day still ran: it ran on the old text as much as one that was met."""
    form = terminal.form("open_referral", received_on="2026-04-02", concern="learning request")
    assert 0 == terminal("open", "--form", form, "--as", "alex_example", *AT)[0]
    form = terminal.form("close_not_serious", decided_on="2026-04-02", acknowledged_on="2026-04-02")
    code, _, err = terminal("do", "CSPR-2026-002", "close_not_serious", "--form", form, "--as", "glenn_sample", *LATER)
    assert 0 == code, err
    partnership(opened, second("2026-04-01"))
    found = terminal.data("rules", "adopt", "EX2")["ran_on"]["CSPR-2026-002"]
    assert ["cancelled"] == [one["ended"] for one in found if one["rule"] == HUDDLE]


def test_a_closed_review_says_so_too(terminal: Terminal, opened: Path) -> None:
    """The partners conferred, and it was no serious case: nothing can move any more, and it ran on the old text."""
    _closed(terminal)
    partnership(opened, second("2026-04-01"))

    found = terminal.data("rules", "adopt", "EX2", "--note", "--reason", "Late.", "--as", "alex_example", *LATER)

    assert ([], ["CSPR-2026-001"]) == (found["moves"], found["noted"])
    assert "settled" == found["ran_on"]["CSPR-2026-001"][0]["ended"]
    assert "ran on the text of EX1, where EX2 was in force" in terminal("show", "CSPR-2026-001")[1]
