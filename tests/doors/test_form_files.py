"""Forms as people write them, with Word, Excel and Notepad: read right, or refused by line, key and what to type."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from driver.terminal import Terminal
from sqlalchemy import select

from safeguarding.dates.london import now
from tasks.record.installation import open_installation
from tasks.store.tables import notices

REFERRAL = {
    "track": "children",
    "received_on": "2026-11-02",
    "referred_by": "agency",
    "agency": "police",
    "concern": "learning request",
    "summary": "Niamh O\u2019Brien \u2013 \u201churt\u201d \u00a35",
}
"""An invented referral, with the signs that Word makes of apostrophes, dashes and quotation marks."""


def written(**changes: str) -> str:
    """The referral as somebody writes it, with these answers otherwise."""
    return "".join(f"{name}: {value}\n" for name, value in (REFERRAL | changes).items())


def asked(terminal: Terminal, held: bytes, ending: str = "yaml") -> tuple[int, str]:
    """Open a referral with a file of these bytes: the exit code and what was complained of."""
    form = terminal.home / f"form.{ending}"
    form.write_bytes(held)
    code, _, err = terminal("open", "--form", str(form), "--as", "alex_example")
    return code, err


def kept(terminal: Terminal) -> str:
    """What the record keeps of the last referral, with its sealed words."""
    reference = terminal.data("list")[-1]["reference"]
    return str(terminal.data("show", reference, "--unseal")["events"][0])


# --------------------------------------------------------------------------- read right


@pytest.mark.parametrize(
    "held",
    [
        written().encode("utf-8-sig"),
        written().replace("\n", "\r\n").encode(),
        written().encode("utf-16"),
        written().replace("\n", "\r\n").encode("utf-16"),
        json.dumps(REFERRAL).encode("utf-8-sig"),
        json.dumps(REFERRAL, ensure_ascii=False).encode("utf-16"),
    ],
    ids=["a mark", "Windows' lines", "UTF-16", "UTF-16 with Windows' lines", "JSON with a mark", "JSON in UTF-16"],
)
def test_what_windows_saves_is_read(held: bytes, terminal: Terminal) -> None:
    """Whole, to the last apostrophe."""
    assert (0, "") == asked(terminal, held)
    assert REFERRAL["summary"] in kept(terminal)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("12345", "12345"),
        ("007", "007"),
        ("1.10", "1.10"),
        ("18:00", "18:00"),
        ("2026-11-02", "2026-11-02"),
        ("no", "no"),
        ("Null", "Null"),
        ("'flat #4'", "flat #4"),
        ("\u200bNiamh \u202eevil\u202c O\u2019Brien", "Niamh evil O\u2019Brien"),
        ("Hospital\u00a0Trust, re\u00adferred", "Hospital Trust, referred"),
        ("Zoe\u0308 and Andre\u0301", "Zo\u00eb and Andr\u00e9"),
        ("\u0645\u062d\u0645\u062f", "\u0645\u062d\u0645\u062f"),
        ('"one\\u2028two\\vthree"', "one\\ntwo\\nthree"),
        ('"\uf0b7 first"', "\u2022 first"),
    ],
)
def test_words_are_kept_as_they_are_read(typed: str, words: str, terminal: Terminal) -> None:
    """A bare number is words; accents are one letter each; what cannot be seen is left out; a break is a break."""
    assert (0, "") == asked(terminal, written(summary=typed).encode())
    assert f"'summary': '{words}'" in kept(terminal)


@pytest.mark.parametrize("track", ["Adults", "ADULTS", "'adults\u00a0'", "adu\u00adlts"])
def test_a_choice_is_taken_whatever_its_capitals(track: str, terminal: Terminal) -> None:
    """As a spreadsheet writes it; and the reference is that of the track that was meant."""
    concern = "Death\u00a0of an adult, abuse or neglect suspected"
    assert (0, "") == asked(terminal, written(track=track, concern=concern).encode())
    assert "SAR-2026-001" == terminal.data("list")[0]["reference"]


def test_an_answer_left_empty_is_no_answer(terminal: Terminal) -> None:
    """A question that need not be answered may stand there without one; one that must be is named."""
    text = written(referred_by="family", agency="", summary="")
    code, err = asked(terminal, text.encode())
    assert (1, True, False) == (code, "What is known so far: is needed [line 6, summary]" in err, "Agency" in err), err
    for empty in ("~", "''", "null"):
        assert (0, "") == asked(terminal, written(referred_by="family", agency=empty).encode())


# --------------------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (
            written().encode("cp1252"),
            "line 6: is not UTF-8: it looks like Windows-1252, as Excel and older editors write (at 'summary')",
        ),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00", "line 1: is a Word, Excel or zip file and no text"),
        (b"{\\rtf1\\ansi\\ansicpg1252 track: children}", "line 1: is a file in Rich Text Format"),
        (b"%PDF-1.7\n", "line 1: is a PDF"),
        (written(summary="Child in flat #4 was hurt").encode(), "line 6: what follows the # would be left out"),
        (written(summary="x").encode() + b"summary: y\n", "line 7: the key 'summary' is given twice, first on line 6"),
        (b'{"track": "children",\n"summary": "x",\n"summary": "y"}', "line 3: the key 'summary' is given twice"),
        (written(summary="Police: said so").encode(), "line 6: has a second colon"),
        (written(summary="&Co. refused to say").encode(), "line 6: begins with a & or a *, which has a meaning"),
        (written(summary="&Co refused to say").encode(), "line 6: has a name with an & that would be left out"),
        (written(summary="*urgent* was written").encode(), "line 6: "),
        (written(summary="!important was written").encode(), "line 6: has a tag ('!')"),
        (written(summary="> 5 children").encode(), "line 6: begins with a > or a |"),
        (written(summary="- a dash").encode(), "line 6: begins with a dash"),
        (written(summary="'O'Brien'").encode(), "words beside quotation marks"),
        (written(summary='"never closed').encode(), "quotation marks or brackets that are opened and not closed"),
        (written(summary="\tx").replace("agency: police", "agency:\tpolice\n\tx: y").encode(), "begins with a tab"),
        (b"track:children\nsummary: x\n", "line 2: has a second colon, no space after the one before"),
    ],
)
def test_a_file_that_would_be_misread_is_refused(held: bytes, words: str, terminal: Terminal) -> None:
    """Each by its line and what to do, and nothing is half-written."""
    code, err = asked(terminal, held)
    assert (1, True) == (code, words in err), err
    assert "Traceback" not in err and "Niamh" not in err
    assert [] == terminal.data("list")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"received_on": "02/11/2026"}, "Received on: give a date, such as 2026-12-18 (year, month, day) [line 2, rec"),
        ({"received_on": "1793577600"}, "Received on: give a date, such as 2026-12-18"),
        ({"received_on": "2 November 2026"}, "Received on: give a date, such as 2026-12-18"),
        ({"received_on": "46328"}, "Received on: give a date, such as 2026-12-18"),
        ({"received_on": "2026-11-02T10:00"}, "Received on: give a date, such as 2026-12-18"),
        ({"received_on": "2026-02-30"}, "Received on: give a date, such as 2026-12-18"),
        ({"summary": '"a\\0b"'}, "holds a control character, which cannot be seen, at letter 2: type it again there"),
        ({"summary": '"one\\ntw\\ao"'}, "in its line 2, at letter 3"),
        ({"summary": "Si\ufffdn"}, "holds the sign for a letter that was lost at letter 3"),
        ({"summary": "\ue000"}, "holds a sign of one font only at letter 1"),
        ({"track": "grown-ups"}, "choose one of the answers offered: 'children' or 'adults' [line 1, track]"),
        ({"agency": "polcie"}, "Referring agency: choose one of adult_social_care, "),
        ({"summary": "x" * 20_001}, "has 20,001 letters, and at most 20,000 can be kept: 1 too many [line 6, summary]"),
    ],
)
def test_an_answer_that_is_none_is_named_by_line_key_and_what_to_type(
    changes: dict[str, str], words: str, terminal: Terminal
) -> None:
    """No number becomes a day, no day another one, and no letter is lost."""
    code, err = asked(terminal, written(**changes).encode())
    assert (1, True) == (code, words in err), err
    assert [] == terminal.data("list")


def test_half_of_a_character_in_json(terminal: Terminal) -> None:
    """As a program that cuts text in the middle of one writes it; with a null before it."""
    held = json.dumps(REFERRAL | {"summary": "a\0b"}).replace("\\u0000b", "\\u0000b \\ud800 alone")
    code, err = asked(terminal, held.encode(), "json")
    assert (1, True) == (code, "at letter 2, and 1 more such sign after it: type it again there" in err), err


def test_everything_wrong_with_a_form_is_said_at_once(terminal: Terminal) -> None:
    """Four faults of the answers in one refusal, three of the file in another; a stray question by its line alone."""
    text = written(track="children?", received_on="02/11/2026", summary='"\\a"') + "colour: blue\n"
    code, err = asked(terminal, text.encode())
    assert (1, 5) == (code, len(err.splitlines())), err
    assert all(f"[line {line}" in err for line in (1, 2, 6, 7)) and "blue" not in err and "colour" not in err
    text = written(summary="flat #4") + "agency: housing\nreferred_by: family # as told\n"
    code, err = asked(terminal, text.encode())
    assert (1, True) == (code, all(f"line {line}: " in err for line in (6, 7, 8))), err


def test_a_form_from_standard_input_is_read_the_same(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Piped out of another program on Windows."""
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(written(received_on="02/11/2026").encode("utf-16"))))
    code, _, err = terminal("open", "--form", "-", "--as", "alex_example")
    assert (1, True) == (code, "[line 2, received_on]" in err), err


def test_the_reference_of_a_minute_may_be_pasted(terminal: Terminal) -> None:
    """A no-break space between «item» and «4» is a space."""
    form = Path(terminal.home / "form.yaml")
    form.write_text(written(), "utf-8")
    signed = ("--as", "alex_example", "--minuted", "SP/2026/11, item\u00a04")
    code, _, err = terminal("open", "--form", str(form), *signed)
    assert (0, "") == (code, err)
    assert "SP/2026/11, item 4" == terminal.data("show", "CSPR-2026-001")["events"][0]["actor"]["minute"]


def test_a_review_under_way_is_entered_by_a_form_and_writes_to_nobody(terminal: Terminal) -> None:
    """The referral's form says since when: no notice is owed for it, nor for a step of before; the history says so."""
    form = terminal.home / "late.yaml"
    form.write_text(written(concern="serious harm, abuse or neglect known or suspected", under_way_since="2026-11-03"))
    code, out, _ = terminal("open", "--form", str(form), "--as", "alex_example")
    assert 0 == code
    reference = next(word for word in out.split() if word.startswith("CSPR-")).rstrip(".:")
    step = terminal.home / "step.yaml"
    fields = {"aware_on": "2026-11-02", "under_18": "yes", "incident": "serious harm", "looked_after": "no"}
    fields |= {"care_leaver": "no", "acknowledged_on": "2026-11-03"}
    step.write_text("".join(f"{name}: {value}\n" for name, value in fields.items()))
    code, out, err = terminal("do", reference, "assess_notification", "--form", str(step), "--as", "alex_example")
    assert (0, "") == (code, err)
    shown = terminal("show", reference)[1]
    assert "already under way since Tue 3 Nov 2026" in shown
    assert 2 == shown.count("Entered late, with its days as they were: nobody was written to about it.")
    with open_installation(now()) as made, made.records.engine.connect() as connection:
        assert [] == connection.execute(select(notices.c.person)).all()
    assert 0 == terminal("ledger", "verify")[0]
