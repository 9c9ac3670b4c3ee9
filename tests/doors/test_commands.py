"""The command line: the same doors as the cards, answered in words and in JSON."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from driver.terminal import Terminal

from safeguarding.dates.london import london_date, now


def test_a_due_date_in_words_and_as_data(terminal: Terminal) -> None:
    """Sent on 27 November 2026: due on 18 December, by id or by name, in any case."""
    code, out, _ = terminal("due", "c05", "2026-11-27")
    assert (0, True) == (code, "Fri 18 Dec 2026" in out)
    for rule in ("C05", "rapid_review_report"):
        assert "2026-12-18" == terminal.data("due", rule, "2026-11-27")["due_on"]


def test_a_date_beyond_the_bank_holidays_says_what_to_do(terminal: Terminal) -> None:
    """Nobody gets a date that misses the holidays of a year that is not loaded."""
    code, _, err = terminal("due", "C05", "2028-12-20")
    assert (1, True) == (code, "safeguarding calendar import FILE" in err)


def test_the_working_names_each_day_that_is_skipped(terminal: Terminal) -> None:
    """Christmas with its substitute day, New Year, and the working day that it ends on."""
    _, out, _ = terminal("explain", "C05", "2026-12-10")
    assert "Mon 28 Dec 2026 is not counted: Boxing Day (substitute day)." in out
    assert "Working day 15 is Tue 5 Jan 2027" in out


def test_an_adult_referral_at_the_terminal(terminal: Terminal) -> None:
    """Open, look, take a step, look again, verify: what the page does, without the page."""
    form = terminal.form("open_referral", track="adults", agency="hospital_trust")
    assert "SAR-" in terminal("open", "--form", form, "--as", "billie_example")[1]
    reference = terminal.data("list")[0]["reference"]

    assert "accept_referral" in terminal.data("next", reference)
    code, out, _ = terminal(
        "do", reference, "accept_referral", "--form", terminal.form("accept_referral"), "--as", "alex_example"
    )
    assert (0, True) == (code, "Now at Screening" in out)

    shown = terminal.data("show", reference)
    assert ("rapid_review", "screening") == (shown["stage"], shown["state"])
    assert "[sealed]" in json.dumps(shown["events"])
    assert "invented child" in json.dumps(terminal.data("show", reference, "--unseal"))
    assert {"broken": []} == terminal.data("ledger", "verify")


def test_a_refusal_names_everything_and_ends_with_one(terminal: Terminal) -> None:
    """In words on the screen, and as a list in JSON; the refusal is on the record and nothing else is."""
    terminal("open", "--form", terminal.form("open_referral"), "--as", "alex_example")
    reference = terminal.data("list")[0]["reference"]
    form = terminal.form("send_notification", sent_on="2099-01-01")

    code, _, err = terminal("do", reference, "send_notification", "--form", form, "--as", "glenn_sample")
    assert 1 == code
    assert 4 <= err.count("  - ")
    told = terminal.data("do", reference, "send_notification", "--form", form, "--as", "glenn_sample")
    assert "transition-refused" == told["error"]
    assert any("may not take this step" in reason for reason in told["unmet"])
    assert "referred" == terminal.data("show", reference)["state"]


def test_another_time_than_now_is_for_simulations(terminal: Terminal) -> None:
    """A real record refuses --at; one that was made as a simulation takes it."""
    form = terminal.form("open_referral", received_on="2026-04-02")
    terminal("simulation")
    code, out, _ = terminal("open", "--form", form, "--as", "alex_example", "--at", "2026-04-02T16:50")
    assert (0, True) == (code, "CSPR-2026-001" in out)


def test_a_real_record_refuses_another_time(terminal: Terminal) -> None:
    """The time of an entry is the time it is made."""
    code, _, err = terminal(
        "open", "--form", terminal.form("open_referral"), "--as", "alex_example", "--at", "2026-04-02T16:50"
    )
    assert (1, True) == (code, "--at is refused" in err)


def test_an_unreadable_form_is_said_to_be_so(terminal: Terminal) -> None:
    """No file, or no answers in it: said in words, and nothing is opened."""
    for path, words in (
        ("nowhere.yaml", "cannot be read"),
        (str(terminal.home / "list.yaml"), "must hold the answers"),
    ):
        (terminal.home / "list.yaml").write_text("- one\n- two\n")
        code, _, err = terminal("open", "--form", path, "--as", "alex_example")
        assert (1, True) == (code, words in err)
    assert [] == terminal.data("list")


def test_every_fault_of_a_partnership_is_named_at_once(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken file: the check ends with 1 and lists every fault by file and key."""
    broken = terminal.home / "ours.yaml"
    broken.write_text("name: Ours\npeople: []\nagencies: []\nquorum: {agree: 7}\n")
    monkeypatch.setenv("SAFEGUARDING_CONFIG", str(broken))
    code, out, _ = terminal("check")
    assert 1 == code
    assert all(f"ours.yaml: {key}" in out for key in ("people", "agencies", "quorum.agree", "ladder", "choices"))


def test_the_shipped_rulebook_has_no_fault(terminal: Terminal) -> None:
    """What is shipped loads, and says what is unchecked."""
    data = terminal.data("check")
    assert [] == data["faults"]
    assert {"C13", "C14", "C10"} <= set(data["unchecked"])


def test_a_day_recorded_late_says_who_was_told_at_once(terminal: Terminal) -> None:
    """The authority knew a month ago: the notification is overdue as it is recorded, and the answer says so."""
    today = london_date(now())
    past = (today - timedelta(days=30)).isoformat()
    _, out, _ = terminal("open", "--form", terminal.form("open_referral", received_on=past), "--as", "alex_example")
    reference = out.split()[0]
    form = terminal.form("assess_notification", aware_on=past)

    code, out, _ = terminal("do", reference, "assess_notification", "--form", form, "--as", "sam_sample")

    assert 0 == code
    assert "Told at once: Notify the national Panel, C01: overdue by " in out


def test_an_answered_command_lets_go_of_the_record(terminal: Terminal) -> None:
    """It was opened, written, refused and read by commands of one process; none of its files is held afterwards."""
    form = terminal.form("open_referral")
    terminal("open", "--form", form, "--as", "alex_example")
    assert 1 == terminal("do", "CSPR-2026-001", "open_referral", "--form", form, "--as", "alex_example")[0]
    assert 0 == terminal("list")[0]

    held = [link.resolve() for link in Path("/proc/self/fd").iterdir()]
    assert [] == [path for path in held if terminal.home in path.parents]


def test_a_plan_is_imported_from_a_file_and_its_actions_are_listed(terminal: Terminal, tmp_path: Path) -> None:
    """Case 60: saved from a table, taken in whole, listed with owner and day; a wrong line refuses all of it."""
    reference = decided(terminal)
    plan = tmp_path / "plan.csv"
    good = 'Schools and early years,Jules Example,30/06/2028,"Name a lead, in every school",An audit\n'
    plan.write_text(good + "police,casey_lead,tomorrow,See each child alone,A sample\n")
    code, _, err = terminal("actions", "import", reference, str(plan), "--as", "alex_example")
    assert (1, True) == (code, "line 2, due: give a date" in err)
    assert "No action has been agreed." in terminal("actions", "list", reference)[1]

    plan.write_text("\ufeff" + good + "police,casey_lead,2028-09-29,See each child alone,A sample\n", encoding="utf-8")
    code, out, _ = terminal("actions", "import", reference, str(plan), "--as", "alex_example")
    assert (0, True) == (code, "2 actions taken in" in out)
    assert f"{reference} A01: Schools and early years, Jules Example, due Fri 30 Jun 2028: agreed" in out
    assert ["A01", "A02"] == [row["id"] for row in terminal.data("actions", "list")]
    assert "See each child" not in out

    plan.write_bytes("Bildung,J\xf6rg,2028-09-29,A,B".encode("cp1252"))
    code, _, err = terminal("actions", "import", reference, str(plan), "--as", "alex_example")
    assert 1 == code and "cannot be used" in err


def decided(terminal: Terminal) -> str:
    """A child review as far as the decision."""
    terminal("open", "--form", terminal.form("open_referral"), "--as", "alex_example")
    reference: str = terminal.data("list")[0]["reference"]
    steps = ("assess_notification", "decide_notification", "send_notification", "open_rapid_review")
    for step in (*steps, "conclude_rapid_review", "decide_review"):
        agencies = ("childrens_social_care", "police", "education", "general_practice")
        excused = [{"agency": agency, "reason": "Its file is away."} for agency in agencies]
        more = {"without": excused} if step == "conclude_rapid_review" else {}
        form = terminal.form(step, **more)
        code, _, err = terminal("do", reference, step, "--form", form, "--as", "glenn_sample")
        if code:
            code, _, err = terminal("do", reference, step, "--form", form, "--as", "alex_example")
        assert 0 == code, err
    return reference
