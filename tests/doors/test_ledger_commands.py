"""The ledger at the command line: proved, made into tables again, and a review's text erased for good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from driver.terminal import Terminal
from sqlalchemy import text

from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date, now
from safeguarding.stages import STEPS
from tasks.record.installation import Installation, open_installation

SECOND = ("--second", "morgan_specimen")
ERASE = ("--ground", "order of a court", "--as", "alex_example", *SECOND)


@pytest.fixture
def record(terminal: Terminal) -> Iterator[Installation]:
    """A record with two reviews, the second of which is closed: it was no serious case."""
    made, moment = open_installation(now()), now() - timedelta(minutes=5)
    today = london_date(moment)

    def take(reference: str | None, step: str, **changes: Any) -> str:
        raw = answer(step, None, today, **changes)
        actor = signer(STEPS[step].by)
        if reference is None:
            return made.records.open(raw, actor, moment).review.reference
        return made.records.attempt(reference, step, raw, actor, moment).review.reference

    take(None, "open_referral")
    take(take(None, "open_referral", concern="learning request"), "close_not_serious")
    yield made
    made.close()


@pytest.fixture
def references(record: Installation) -> tuple[str, str]:
    """The open review and the closed one."""
    first, second = (row.reference for row in record.records.list())
    return first, second


def words_of(record: Installation, reference: str) -> set[str]:
    """Every sealed word of a review, as whoever holds the key reads it."""
    return {word for event in record.records.events(reference, unseal=True) for word in event.sealed.values()}


def test_the_tables_are_made_again(terminal: Terminal, record: Installation, references: tuple[str, str]) -> None:
    """A table was changed by other means: the ledger still knows better, and nothing else is different."""
    before = terminal.data("list")
    with record.records.engine.begin() as connection:
        connection.execute(text("UPDATE reviews SET state = 'screening', stage = 'rapid_review'"))
    assert before != terminal.data("list")

    code, out, _ = terminal("ledger", "rebuild")

    assert (0, "The tables were made again from the ledger, of 2 reviews.\n") == (code, out)
    assert before == terminal.data("list")
    assert {"reviews": 2} == terminal.data("ledger", "rebuild")


def test_a_text_is_erased_by_whoever_types_the_reference(
    terminal: Terminal, record: Installation, references: tuple[str, str]
) -> None:
    """At a terminal: another reference erases nothing; the right one does, and says what is gone and what is not."""
    _, closed = references
    code, shown = terminal.seen("erase", closed, *ERASE, typed="CSPR-1999-001\n")
    assert (1, True) == (code, f"That was not {closed}. Nothing was erased." in shown)
    assert "[erased]" not in words_of(record, closed)

    code, shown = terminal.seen("erase", closed, *ERASE, typed=f"{closed}\n")
    assert 0 == code, shown
    for said in ("its free text is gone for good, on the ground 'order of a court'", "Backups made before now"):
        assert said in " ".join(shown.split())
    assert {"[erased]"} == words_of(record, closed)
    assert "order of a court" == record.records.events(closed)[-1].facts["ground"]
    assert {"broken": []} == terminal.data("ledger", "verify")


def test_where_nobody_can_be_asked_it_is_not_erased(
    terminal: Terminal, record: Installation, references: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a script: only with --yes."""
    _, closed = references
    code, _, err = terminal("erase", closed, *ERASE)
    assert (1, "Nobody can be asked here: add --yes to go on. Nothing was erased.\n") == (code, err)
    assert "[erased]" not in words_of(record, closed)
    assert closed == terminal.data("erase", closed, *ERASE, "--yes")["reference"]
    assert {"[erased]"} == words_of(record, closed)


def test_a_refusal_to_erase_names_every_reason(
    terminal: Terminal, record: Installation, references: tuple[str, str]
) -> None:
    """Not the business manager, and the review is open; or it is gone already. Each is on record, and nothing else."""
    still_open, closed = references
    ground = (*SECOND, "--ground", "order of a court", "--yes", "--as")

    code, _, err = terminal("erase", still_open, *ground, "glenn_sample")
    assert (1, 2) == (code, err.count("  - "))
    assert "may not take this step, which is for: business manager" in err and "the review is still open" in err
    assert "step_refused" == record.records.events(still_open)[-1].kind
    assert "[erased]" not in words_of(record, still_open)

    assert 0 == terminal("erase", closed, *ground, "alex_example")[0]
    told = terminal.data("erase", closed, *ground, "alex_example")
    assert ("transition-refused", ["its text was erased before"]) == (told["error"], told["unmet"])


def test_a_review_is_on_legal_hold_until_two_people_decide_otherwise(
    terminal: Terminal, record: Installation, references: tuple[str, str]
) -> None:
    """On hold only a court has it erased; in a class, its years have to pass; and one person is never enough."""
    _, closed = references
    end = ("erase", closed, "--ground", "end of retention", "--yes", "--as", "alex_example")
    told = terminal.data(*end, *SECOND)
    assert ["it is on legal hold: `safeguarding retain` decides otherwise, or a court orders it"] == told["unmet"]

    decide = ("retain", closed, "--class", "no_review", "--as", "alex_example", "--second")
    assert ["two different people have to be named"] == terminal.data(*decide, "alex_example")["unmet"]
    unknown = terminal.data("retain", closed, "--class", "never", "--as", "billie_example", "--second", "harper_sample")
    assert 2 == len(unknown["unmet"])
    code, out, _ = terminal(*decide, "harper_sample")
    assert (0, True) == (code, "6 years from closing" in out)
    assert ("alex_example", "harper_sample") == (
        (last := record.records.events(closed)[-1]).actor.person,
        last.facts["second"],
    )

    told = terminal.data(*end, *SECOND)
    assert [True] == [one.startswith("it is kept until ") for one in told["unmet"]]
    assert 2 == terminal("erase", closed, "--ground", "order of a court", "--as", "alex_example", "--yes")[0]
    assert 0 == terminal(*decide[:3], "legal_hold", *decide[4:], "harper_sample")[0]
    told = terminal.data("erase", closed, "--ground", "upheld request for erasure", "--yes", *ERASE[2:])
    assert [True] == ["legal hold" in one for one in told["unmet"]]
    assert {"broken": []} == terminal.data("ledger", "verify")


def test_whoever_waits_sees_what_is_being_done(terminal: Terminal, record: Installation) -> None:
    """At a terminal; not in a file, and not with --json, where a program reads."""
    words = "Reading every line of the ledger"
    code, shown = terminal.seen("ledger", "verify")
    assert (0, True, True) == (code, words in shown, "The ledger holds: 2 reviews" in shown)
    assert "Reading the reviews" in terminal.seen("calendar")[1]
    assert words not in terminal.seen("ledger", "verify", "--json")[1]
    _, out, err = terminal("ledger", "verify")
    assert words not in out + err


def test_what_the_command_line_shows_is_noted_as_read(
    terminal: Terminal, record: Installation, references: tuple[str, str]
) -> None:
    """With the words, and not without; who it was nobody knows, and that is what the list says."""
    first, second = references
    assert "Nobody has read sealed words." in terminal("readings")[1]
    terminal("show", first)
    assert [] == terminal.data("readings")
    assert 0 == terminal("show", first, "--unseal")[0]
    code, out, _ = terminal("readings", first)
    assert 0 == code
    assert f"Somebody at this machine read the review, whole of {first}" in out
    assert "known by the command line, which asks nobody who they are" in out
    assert not any(word in out for word in words_of(record, first))
    assert [] == terminal.data("readings", second)
    assert 1 == terminal("readings", "CSPR-2026-999")[0]
    assert 0 == terminal("ledger", "verify")[0]
