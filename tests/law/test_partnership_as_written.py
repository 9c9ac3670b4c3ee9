"""A partnership's files as offices write them: read right, or refused by file, line, key and what to type instead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

import config
from safeguarding.errors import RulebookInvalid
from safeguarding.law.partnership import Partnership
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.words import agency_name


def with_change(folder: Path, file: str, old: str, new: str) -> tuple[Path, int]:
    """A copy of the partnership's file with other words in one place, and the line of that place."""
    path = folder / "partnership" / file
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path, text[: text.index(old) + len(old) - len(old.lstrip("\n"))].count("\n") + 1


def loaded(folder: Path, file: str, old: str, new: str) -> Rulebook:
    """The rulebook with that change."""
    with_change(folder, file, old, new)
    return config.load(folder=folder)


def refused(folder: Path, file: str, old: str, new: str) -> str:
    """The one fault of that change, which names its line."""
    path, line = with_change(folder, file, old, new)
    with pytest.raises(RulebookInvalid) as caught:
        config.load(folder=folder)
    (fault,) = caught.value.faults
    assert path.name == Path(fault.file).name
    assert line == fault.line or f"line {line}" == fault.key, str(fault)
    assert f"line {line}" in str(caught.value)
    return f"{fault.key}: {fault.problem}"


# --------------------------------------------------------------------------- numbers, times and days


@pytest.mark.parametrize(
    ("written", "read"),
    [("9:00", time(9)), ("09:00", time(9)), ("08:00", time(8)), ("18:00", time(18)), ('"18:00"', time(18))],
)
def test_a_time_is_read_with_and_without_quotes(written: str, read: time, folder: Path) -> None:
    """For YAML 1.1 18:00 is the number 1,080, and 08:00 is none."""
    rulebook = loaded(folder, "partnership.yaml", 'to: "08:00"', f"to: {written}")
    assert read == rulebook.partnership.quiet_hours.end


def test_a_working_morning_in_the_quiet_hours_is_named(folder: Path) -> None:
    """Begin and end exchanged, or quiet until ten: no letter that waits for a morning would ever leave."""
    said = refused(folder, "partnership.yaml", 'working_morning: "09:00"', 'working_morning: "07:00"')
    assert said.startswith("working_morning: lies in the quiet hours (from 18:00 to 08:00)")


@pytest.mark.parametrize("written", ["9am", '"9am"', "9", "9.30", "1080", "0900", "24:00", "18:60", "noon", "yes"])
def test_what_is_no_time_is_named(written: str, folder: Path) -> None:
    """With how a time is written."""
    said = refused(folder, "partnership.yaml", 'working_morning: "09:00"', f"working_morning: {written}")
    assert said.startswith("working_morning: give the hour and the minute, from 00:00 to 23:59, such as")


def test_leading_zeros_are_no_octal(folder: Path) -> None:
    """Twenty-five years written as 025 are not twenty-one; a name of figures is not a number of another base."""
    rulebook = loaded(folder, "retention.yaml", "years: 25", "years: 025")
    assert 25 in {kept.years for kept in rulebook.partnership.retention}


@pytest.mark.parametrize("written", ["yes", "2:30", "0x2", "1e1", "2.5", "two", "2 of 3"])
def test_what_is_no_number_is_named(written: str, folder: Path) -> None:
    """«yes» is not one, and 2:30 is not one hundred and fifty."""
    assert "quorum.agree: give a whole number" in refused(folder, "choices.yaml", "agree: 2", f"agree: {written}")


@pytest.mark.parametrize(
    "written", ["21/12/2026", "2026-12-18T10:00", "20261221", "46377", "21 December 2026", "2026-13-01", "2026-1-5"]
)
def test_what_is_no_day_is_named(written: str, folder: Path) -> None:
    """The day first, a number of seconds or of days since another day, a day that no calendar has."""
    changed = f"{{id: billie_example, away: {{from: {written}, to: 2027-01-08}},"
    said = refused(folder, "people.yaml", "{id: billie_example,", changed)
    assert said.startswith("people[billie_example].away.from: give a date, such as 2026-12-18"), said


# --------------------------------------------------------------------------- words


@pytest.mark.parametrize("written", ["12345", "1.10", "no", "yes", "on", "~", "[Housing]", "{a: b}"])
def test_what_looks_like_something_else_than_words_is_named(written: str, folder: Path) -> None:
    """A number, a truth value, nothing, a list: put it in quotes."""
    said = refused(folder, "agencies.yaml", "name: Housing,", f"name: {written},")
    assert said.startswith("agencies[housing].name: give words: put them in quotes"), said


@pytest.mark.parametrize("written", ["007", "0123", "18:00", "2026-11-23", "Null and Sons", "'no'", '"12345"'])
def test_what_is_words_stays_as_it_is_written(written: str, folder: Path) -> None:
    """A name of figures keeps its noughts, and a time or a day is a name where a name belongs."""
    rulebook = loaded(folder, "agencies.yaml", "name: Housing,", f"name: {written},")
    assert written.strip("'\"") == agency_name("housing", rulebook.partnership)


@pytest.mark.parametrize("written", ["Flat #4 Trust", "Flat # 4 Trust", "Housing # the old one", "Flat #4"])
def test_words_that_yaml_would_leave_out_are_named(written: str, folder: Path) -> None:
    """«Flat #4 Trust» would be «Flat» on every letter."""
    old, new = "name: Exampleshire Safeguarding Partnership", f"name: {written}"
    said = refused(folder, "partnership.yaml", old, new)
    assert "what follows the # would be left out: put the text in quotes" in said


def test_a_remark_stays_a_remark(folder: Path) -> None:
    """Behind a number, behind quotes, with two spaces before it and one after it, on its own line."""
    text = "agree: 2 # of three\n  # on its own line\n"
    assert 2 == loaded(folder, "choices.yaml", "agree: 2", text).partnership.quorum.agree
    for remark in ("name: 'Exampleshire #1' # in quotes", "name: Exampleshire Partnership  # with two spaces"):
        (folder / "partnership" / "partnership.yaml").write_text(
            f'{remark}\nworking_morning: 9:00\nquiet_hours: {{from: 18:00, to: "08:00"}}\n', "utf-8"
        )
        assert remark.split("#")[0].strip("'name: ") in config.load(folder=folder).partnership.name


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("&Sons Limited", "has a name with an & that would be left out: put the text in quotes"),
        ("!important", "has a tag ('!')"),
        ("'O'Brien House'", "quotes"),
        ("Housing: North", "has a second colon"),
        ('"C:\\Housing"', 'has a \\ inside of "..."'),
    ],
)
def test_signs_that_have_a_meaning_in_yaml_are_named(written: str, words: str, folder: Path) -> None:
    """Nothing of a name is lost in silence."""
    old, new = "name: Exampleshire Safeguarding Partnership", f"name: {written}"
    with_change(folder, "partnership.yaml", old, new)
    with pytest.raises(RulebookInvalid) as caught:
        config.load(folder=folder)
    assert words in str(caught.value), str(caught.value)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('"a\\u0007b"', "holds a control character, which cannot be seen, at letter 2: type it again there"),
        ('"O\\u0092Brien House"', "holds a control character, which cannot be seen, at letter 2"),
        ('"Si\\uFFFDn House"', "holds the sign for a letter that was lost at letter 3"),
        ('"\\uE000 House"', "holds a sign of one font only at letter 1"),
        ('"\\u0600 House"', "holds a sign that messages cannot carry at letter 1"),
        ('"\\u200b\\u2800"', "is empty, or holds nothing that can be seen"),
        ('"---"', "holds no letter and no figure that can be seen"),
        ('""', "is empty, or holds nothing that can be seen"),
    ],
)
def test_a_name_that_cannot_be_kept_is_named(written: str, words: str, folder: Path) -> None:
    """By its place in the file and in the name."""
    said = refused(folder, "agencies.yaml", "name: Housing,", f"name: {written},")
    assert said.startswith("agencies[housing].name: ") and words in said, said


def test_accents_are_one_letter(folder: Path) -> None:
    """As a Mac writes them, and as everybody else does: the same name, and the same digest of the rulebook."""
    one = loaded(folder, "agencies.yaml", "name: Housing,", "name: Zoe\u0308 House,")
    assert "Zo\u00eb House" == agency_name("housing", one.partnership)
    assert one.digest == loaded(folder, "agencies.yaml", "name: Zoe\u0308 House,", "name: Zo\u00eb House,").digest


def test_files_as_windows_saves_them(folder: Path) -> None:
    """UTF-16 with its mark, a mark before UTF-8, Windows' line ends: the same rulebook to the digest."""
    theirs = folder / "partnership"
    for name, encoding in (("people.yaml", "utf-16"), ("agencies.yaml", "utf-8-sig"), ("ladder.yaml", "utf-16")):
        text = (theirs / name).read_text("utf-8")
        (theirs / name).write_bytes(text.replace("\n", "\r\n").encode(encoding))
    assert config.load().digest == config.load(folder=folder).digest


def test_every_line_that_is_windows_1252_is_named_with_its_key(folder: Path) -> None:
    """Two accents in two entries: two faults at once, and what to do."""
    people = folder / "partnership" / "people.yaml"
    text = people.read_text("utf-8").replace("name: Alex Example", "name: Si\u00e2n Example")
    text = text.replace("name: Billie Example", "name: Zo\u00eb Example")
    people.write_bytes(text.encode("cp1252"))
    with pytest.raises(RulebookInvalid) as caught:
        config.load(folder=folder)
    wrong = [number for number, line in enumerate(text.splitlines(), 1) if not line.isascii()]
    assert [f"line {number}" for number in wrong] == [fault.key for fault in caught.value.faults]
    assert all("(at 'name'): save the file as UTF-8" in fault.problem for fault in caught.value.faults)


# --------------------------------------------------------------------------- two of one name


def test_two_agencies_of_one_name_are_told_apart(folder: Path) -> None:
    """«Housing» and «HOUSING», in letters, on the board and in the league: each with its id."""
    it = loaded(folder, "agencies.yaml", "name: Exampleshire Hospitals,", "name: HOUSING,").partnership
    assert ["HOUSING (hospital_trust)", "Housing (housing)"] == [
        agency_name(agency, it) for agency in ("hospital_trust", "housing")
    ]
    assert "Example" in agency_name("police", it) and "(" not in agency_name("police", it)


# --------------------------------------------------------------------------- every word is bounded


def models(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """A model and every model inside it."""
    if model in seen:
        return
    seen.add(model)
    yield model
    for info in model.model_fields.values():
        for leaf in parts(info.annotation):
            if isinstance(leaf, type) and issubclass(leaf, BaseModel):
                yield from models(leaf, seen)


def parts(annotation: Any) -> Iterator[Any]:
    """The annotation and everything inside it, a list's words with what is asked of them."""
    yield annotation
    for inner in get_args(annotation) if get_origin(annotation) is not Annotated else get_args(annotation)[:1]:
        yield from parts(inner)


def unbounded(name: str, info: FieldInfo) -> bool:
    """Whether a field takes words of any length, or words that are not tidied."""
    wordy = [leaf for leaf in parts(info.annotation) if get_origin(leaf) is Annotated and get_args(leaf)[0] is str]
    bare = info.annotation is str or (str in parts(info.annotation) and not wordy)
    asked = [*info.metadata, *(mark for leaf in wordy for mark in get_args(leaf)[1:])]
    bounded = any("max_length" in repr(mark) or "MaxLen" in repr(mark) for mark in asked)
    return (bare or bool(wordy)) and not (bounded or "Mailbox" in repr(asked) or "read_mailbox" in repr(asked))


@pytest.mark.parametrize("of", [Partnership, Rule])
def test_every_word_of_a_partnerships_file_is_bounded(of: type[BaseModel]) -> None:
    """Nothing is first too long when a letter, a card or a calendar is made of it."""
    found = [
        f"{model.__name__}.{name}"
        for model in models(of, set())
        for name, info in model.model_fields.items()
        if unbounded(name, info)
    ]
    assert [] == found
