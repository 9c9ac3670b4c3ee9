"""What the law asks, through the commands: what is decided says by which provision, and what is owed is shown."""

from __future__ import annotations

from pathlib import Path

from driver.terminal import Terminal

from flows.demo.invented import no, yes

LEAVER = {"under_18": "no", "incident": "death", "care_leaver": "yes"}
DIED = {"under_18": no(), "died": yes("Neglect is suspected."), "seriously_harmed": no(), "care_leaver": yes()}


def test_a_care_leaver_at_the_command_line(terminal: Terminal) -> None:
    """
    Nineteen, dead, neglect suspected: no rapid review is owed by any command; the notice and the adult test are; and
    what was decided names its provision, with how far that was checked.
    """
    opened = terminal.form("open_referral", concern="death of a looked-after child or care leaver")
    assert 0 == terminal("open", "--form", opened, "--as", "alex_example")[0]
    reference = terminal.data("list")[0]["reference"]
    for step, signer, form in (
        ("assess_notification", "alex_example", terminal.form("assess_notification", **LEAVER)),
        ("decide_notification", "glenn_sample", terminal.form("decide_notification", **DIED)),
    ):
        code, out, err = terminal("do", reference, step, "--form", form, "--as", signer)
        assert 0 == code, err
    assert "C04: Notify the death of a care leaver" in out
    assert "C21: Refer an adult for the test of an adult review" in out
    assert "C05" not in out
    assert "C01" not in out

    shown = terminal("show", reference)[1]
    said = " ".join(shown.split())
    assert "No notification: section 16C asks for a child, abuse or neglect known or suspected" in said
    assert "How far the law is checked: Children Act 2004 s.16C(1), row 7-8 of the legal test: " in said
    assert "Notify the Secretary of State: the death of a care leaver of 18 to 24 should be notified" in said
    assert "(no provision of an Act or regulations: guidance)." in said
    assert "row 6 of the legal test: seen only in a secondary source that restates it [V2]." in said

    sent = terminal.form("send_notification")
    code, _, err = terminal("do", reference, "send_notification", "--form", sent, "--as", "alex_example")
    assert (1, True) == (code, "open that referral, and give its reference here" in err)
    sent = terminal.form("send_notification", adult_referral="SAR-2026-001")
    code, _, err = terminal("do", reference, "send_notification", "--form", sent, "--as", "alex_example")
    assert (1, True) == (code, "no adult review on this record" in err)
    elsewhere = "With the board of another area."
    sent = terminal.form("send_notification", adult_referral="NB-12", adult_referral_elsewhere=elsewhere)
    code, out, _ = terminal("do", reference, "send_notification", "--form", sent, "--as", "alex_example")
    assert (0, True) == (code, "'adult in law'" in out)


def test_a_signed_rule_book_is_not_written_over(terminal: Terminal, tmp_path: Path) -> None:
    """A file that is there stays as it is, whoever printed it; with --over it is a new one."""
    signed = tmp_path / "rule-book.html"
    signed.write_text("signed by a solicitor", "utf-8")
    code, out, err = terminal("rules", "print", str(signed))
    assert (1, True) == (code, "is there already, and nothing was written" in out + err)
    assert "signed by a solicitor" == signed.read_text("utf-8")
    assert 0 == terminal("rules", "print", str(signed), "--over")[0]
    assert signed.read_text("utf-8").startswith("<!doctype html>")


def test_the_notice_of_a_death_in_the_first_days_of_the_act(terminal: Terminal) -> None:
    """2 July 2018 lies before Working Together of that year: the Acts' duties are counted, and not «no edition»."""
    for rule, due in (("C03", "Mon 9 Jul 2018"), ("C03b", "Mon 2 Jul 2018"), ("C01", "Mon 9 Jul 2018")):
        code, out, err = terminal("due", rule, "2018-07-02")
        assert (0, True) == (code, due in out), (rule, out, err)


def test_a_coroners_report_at_the_command_line(terminal: Terminal) -> None:
    """Recorded on the day it was sent: fifty-six days on it is due, explained from the sending by regulation 29."""
    terminal("simulation")
    at = ["--as", "alex_example", "--at", "2026-03-09T10:00"]
    form = terminal.form("open_referral", received_on="2026-03-09")
    assert 0 == terminal("open", "--form", form, *at)[0]
    form = terminal.form("record_coroners_report", sent_on="2026-03-09", received_on="2026-03-09")
    code, out, err = terminal("do", "CSPR-2026-001", "record_coroners_report", "--form", form, *at)
    assert 0 == code, err
    assert "C25: Reply to the coroner's report (P01): Mon 4 May 2026" in out

    explained = terminal("explain", "CSPR-2026-001", "C25")[1]
    assert "reg.29(4)" in explained
    assert "the coroner sent a report to prevent other deaths" in explained
