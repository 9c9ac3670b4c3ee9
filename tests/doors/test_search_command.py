"""The record is searched at the command line: for a person of the file, faults all at once, sealed words noted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from driver.terminal import Terminal

from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date, now
from safeguarding.stages import STEPS
from tasks.record.installation import Installation, open_installation
from tasks.record.reading import who_read
from tasks.record.searching import WHAT
from tasks.store.readings import ReadingsWanted

WORD = "Wrenathorpe"
"""A word of nobody."""
CHILD, ADULT = f"CSPR-{now().year}-001", f"SAR-{now().year}-001"
AS_ALEX = ("--as", "alex_example")


@pytest.fixture
def record(terminal: Terminal) -> Iterator[Installation]:
    """A child's review in which agencies were asked, and an adult's referral, whose summary has a word of nobody."""
    made, moment = open_installation(now()), now() - timedelta(minutes=5)
    steps = ("assess_notification", "decide_notification", "send_notification", "open_rapid_review")

    def take(reference: str | None, step: str, **changes: Any) -> str:
        review = made.records.read(reference) if reference else None
        raw = answer(step, review, london_date(moment), **changes)
        actor = signer(STEPS[step].by)
        if reference is None:
            return made.records.open(raw, actor, moment).review.reference
        return made.records.attempt(reference, step, raw, actor, moment).review.reference

    child = take(None, "open_referral")
    for step in steps:
        take(child, step)
    adult = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
    take(None, "open_referral", summary=f"Of {WORD} herself.", **adult)
    yield made
    made.close()


def noted(record: Installation) -> list[tuple[str, str, str, str]]:
    """What is on record: who, by which proof, of which review, what."""
    found = [one.reading for one in who_read(record.records, ReadingsWanted())[0]]
    return [(one.person, one.proof, one.reference, one.what) for one in found]


def test_each_that_is_found_says_why(terminal: Terminal, record: Installation) -> None:
    """In words with the lines, and as data; a word of the shell with spaces in it is a phrase."""
    code, out, _ = terminal("search", "police", "asked", *AS_ALEX, "--agency", "police", "--open")
    assert (0, True) == (code, out.startswith("1 found: agency: Exampleshire Police; open.\n"))
    assert f"{CHILD}  Child A  Rapid review\n    words in «Rapid review opened: agencies asked»: Asked" in out
    assert "    agency: Exampleshire Police, asked for information (line 5)" in out
    data = terminal.data("search", "know", *AS_ALEX, "--track", "children")
    assert (1, [CHILD]) == (data["count"], [one["reference"] for one in data["reviews"]])
    assert {"words", "line"} == {*data["reviews"][0]["found_by"][0]}
    assert [0, 1] == [terminal.data("search", one, *AS_ALEX)["count"] for one in ("asked police", "for what they know")]
    assert [] == noted(record)


def test_days_stage_theme_and_people(terminal: Terminal, record: Installation) -> None:
    """Each option narrows it."""
    today = london_date(now()).isoformat()
    for options, count in (
        (("--from", today), 2),
        (("--until", "2020-01-01"), 0),
        (("--date", "closed"), 0),
        (("--date", "decided", "--from", today), 1),
        (("--stage", "rapid review"), 1),
        (("--theme", "serious harm, abuse or neglect known or suspected"), 1),
        (("--person", "glenn_sample"), 1),
        (("--closed",), 0),
    ):
        assert count == terminal.data("search", *AS_ALEX, *options)["count"], options


def test_everything_wrong_is_said_at_once(terminal: Terminal, record: Installation) -> None:
    """Each by its option; it ends with 1, and nothing is opened."""
    wrong = ("--agency", "x", "--person", "x", "--track", "x", "--stage", "x", "--theme", "x", "--date", "x")
    days = ("--from", "2026-02-30", "--until", "soon")
    code, out, err = terminal("search", *AS_ALEX, *wrong, *days, "--sealed")
    assert (1, "") == (code, out)
    assert [*wrong[::2], *days[::2], "--sealed"] == [line.split()[1].rstrip(":") for line in err.splitlines()[1:]]
    assert [] == noted(record)
    assert 1 == terminal("search", *AS_ALEX)[0]
    assert 2 == terminal("search", *AS_ALEX, "--open", "--closed")[0]
    assert 2 == terminal("search", "police")[0]


@pytest.mark.parametrize("person", ["nobody", "", "x" * 5000])
def test_it_is_for_a_person_of_the_file(terminal: Terminal, record: Installation, person: str) -> None:
    """Somebody whom the file does not know finds nothing, and is not told whether anything is there."""
    code, _, err = terminal("search", "police", "--as", person)
    assert (1, True) == (code, "nobody of the partnership's file" in err)


def test_nobody_finds_what_they_may_not_see(terminal: Terminal, record: Installation) -> None:
    """The police's lead was asked in the child's review alone; the hospital's in none yet."""
    assert [CHILD] == [one["reference"] for one in terminal.data("search", "referred", "--as", "casey_lead")["reviews"]]
    assert 0 == terminal.data("search", ADULT, "--as", "casey_lead")["count"]
    assert 0 == terminal.data("search", "referred", "--as", "ellis_lead")["count"]
    code, _, err = terminal("search", WORD, "--sealed", "--as", "casey_lead")
    assert (1, True) == (code, "--sealed: sealed words are looked through for those who may" in err)
    assert [] == noted(record)


def test_sealed_words_are_looked_through_and_that_is_noted(
    terminal: Terminal, record: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typed where no list of processes shows it; by the name that was given, and no word of it anywhere."""
    assert 0 == terminal.data("search", WORD, *AS_ALEX)["count"]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{WORD}\nherself".encode())))
    code, out, _ = terminal("search", "--typed", "--sealed", "--track", "adults", *AS_ALEX)
    assert (0, True) == (code, "    sealed words: What is known so far (line 1)" in out)
    assert "1 sealed text of 1 review was looked through. That you read it is noted" in out
    assert [("alex_example", "named", ADULT, WHAT)] == noted(record)
    data = terminal.data("search", WORD, "--sealed", "--track", "adults", *AS_ALEX)
    assert (1, 1, 0, 0, []) == (
        data["count"],
        *(data["sealed"][one] for one in ("reviews", "erased", "not_theirs", "broken")),
    )
    home = record.settings.home
    assert not [one for one in home.rglob("*") if one.is_file() and WORD.encode() in one.read_bytes()]
    _, listed, _ = terminal("readings", ADULT)
    assert f"Alex Example read {WHAT} of {ADULT}" in listed and "the name they gave at the command line" in listed
