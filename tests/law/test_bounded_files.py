"""Files that would bring a program down, or be misread: each is a fault with its line, within a second or two."""

import time
from datetime import date
from pathlib import Path

import pytest
import yaml
from driver.partnership import example_as_one
from driver.speed import patience

import config
from config.bounded_files import Unreadable, json_values, values
from safeguarding.errors import RulebookInvalid
from safeguarding.law.partnership import Partnership
from safeguarding.notices.owed import Owed, owed_words
from safeguarding.review.states import Stage, Track

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join(['*' + before] * 9)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
MAPS = "a: &a {x: 1, y: 2}\n" + "".join(
    f"{after}: &{after} {{x: *{before}, y: *{before}, z: *{before}}}\n"
    for before, after in zip("abcdefghijklmnop", "bcdefghijklmnopq", strict=True)
)

BOMBS = {
    "aliases of aliases": (LAUGHS, "holds more than 50,000 values"),
    "maps of maps": (MAPS, "holds more than 50,000 values"),
    "an alias of itself": ("a: &a [*a]\n", "repeats itself or nothing"),
    "a million entries": ("people:\n" + "- x\n" * 1_000_000, "is larger than 1,000,000 bytes"),
    "sixty thousand entries": ("people:\n" + "- x\n" * 60_000, "holds more than 50,000 values"),
    "forty thousand entries": ("people:\n" + "- x\n" * 40_000, "more faults of this kind"),
    "forty thousand rules": ("local:\n" + "- x\n" * 40_000, "more rules were not looked at"),
    "brackets": ("a: " + "[" * 100_000, "more than 20 deep"),
    "blocks": ("".join(f"{' ' * n}a:\n" for n in range(200)), "more than 20 deep"),
    "a control character": ("name: a\x07b\n", "holds a control character"),
    "a control character in quotes": ('name: "a\\a"\n', "holds a control character"),
    "an impossible day": ("people: [{id: a, away: {from: 2026-13-45, to: 2026-02-30}}]\n", "give a date"),
    "a key that is a list": ("? [a]\n: b\n", "a key must be a word"),
    "a key that is a number": ("7: b\n", "a key is a word"),
    "a tag": ("name: !!python/name:os.system x\n", "has a tag"),
    "a number of a million figures": (f"quorum: {{agree: {'9' * 900_000}}}\n", "line 1: holds a value that cannot be"),
    "a number without figures": (
        "quorum: {agree: 0x_}\n",
        "quorum.agree: give a whole number, such as 3 (it says: 0x_)",
    ),
    "a number for the editions": ("local: [{id: local.x.a, counts: {unit: none}, editions: 1}]\n", "must be a list"),
    "a list for a file": ("- a\n", "must hold keys with values"),
    "nothing": ("", "must hold keys with values"),
}


def faults_of(file: Path) -> str:
    """Everything that is wrong with a partnership's file, and that it was found soon."""
    begun = time.monotonic()
    with pytest.raises(RulebookInvalid) as caught:
        config.load(file)
    assert time.monotonic() - begun < patience(10), "it must not keep anybody waiting"
    assert len(str(caught.value)) < 20_000
    return str(caught.value)


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_file_that_would_bring_it_down(bomb: str, tmp_path: Path) -> None:
    """Each by the words it is refused with."""
    text, words = BOMBS[bomb]
    file = tmp_path / "ours.yaml"
    file.write_text(text)
    assert words in faults_of(file)


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (b"name: O\x92Brien\n", "line 1: is not UTF-8: it looks like Windows-1252"),
        ("name: x\n".encode("utf-16-le"), "line 1: is UTF-16 without a mark"),
        ("name: x\n".encode("utf-32"), "line 1: is UTF-32"),
        ("name: x\n".encode("utf-16")[:-1], "line 1: is UTF-16 that is broken"),
        (b"PK\x03\x04\x14\x00\x06\x00", "line 1: is a Word, Excel or zip file and no text"),
        (b"{\\rtf1\\ansi name}", "line 1: is a file in Rich Text Format"),
    ],
)
def test_a_file_of_another_encoding_is_named(held: bytes, words: str, tmp_path: Path) -> None:
    """As Excel, Notepad and older editors save it."""
    file = tmp_path / "ours.yaml"
    file.write_bytes(held)
    assert words in faults_of(file)


def test_what_is_no_file(tmp_path: Path) -> None:
    """A device that never ends, a file that is not there, a name that no file can have, a folder that holds itself."""
    assert "(file): cannot be read: it is no file" in faults_of(Path("/dev/zero"))
    assert "(file): cannot be read: it is not there" in faults_of(tmp_path / "nowhere.yaml")
    (tmp_path / "inner").symlink_to(tmp_path)
    (tmp_path / "a.yaml").write_text("name: x\n")
    assert "name: stands in" in faults_of(tmp_path)


def test_json_is_held_to_the_same() -> None:
    """A list of bank holidays: a day given twice, brackets without end, a number too long, half a file."""
    assert {"a": {"b": 1}} == json_values('{"a": {"b": 1}}')
    for text in ('{"a": 1, "a": 2}', "[" * 100_000, '{"a": ' + "9" * 5000 + "}", '{"a": '):
        with pytest.raises(Unreadable):
            json_values(text)


def test_what_is_repeated_within_reason_is_read() -> None:
    """Somebody names a list once and uses it three times."""
    assert {"a": [1, 2], "b": [1, 2], "c": {"d": [1, 2]}} == values("a: &x [1, 2]\nb: *x\nc: {d: *x}\n")


# --------------------------------------------------------------------------- names

PASTED = {
    "a no-break space": ("Hospital\u00a0Trust", "Hospital Trust"),
    "a soft hyphen": ("Hos\u00adpital Trust", "Hospital Trust"),
    "signs of no width": ("\u200bHospital\u200d Trust\ufeff", "Hospital Trust"),
    "marks of direction": ("\u202eHospital\u202c Trust", "Hospital Trust"),
    "a line of its own": ("Hospital\u2028Trust  ", "Hospital Trust"),
    "an apostrophe and another script": ("O\u2019Brien \u0645\u0633\u062a\u0634\u0641\u0649", None),
    "the longest": ("H" * 250, None),
}


def with_agency(name: str, folder: Path, tmp_path: Path) -> Path:
    """The example partnership with another name for its first agency."""
    data = example_as_one(folder)
    data["agencies"][0]["name"] = name
    file = tmp_path / "ours.yaml"
    file.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), "utf-8")
    return file


@pytest.mark.parametrize("pasted", PASTED)
def test_a_name_pasted_from_word_is_held_as_it_is_read(pasted: str, folder: Path, tmp_path: Path) -> None:
    """Its unseen signs are left out, and a message can carry it."""
    given, held = PASTED[pasted]
    rulebook = config.load(with_agency(given, folder, tmp_path))
    agency = rulebook.partnership.agencies[0]
    assert (held or given) == agency.name
    words = owed_words(owed_by(agency.id), rulebook.rule("local.c.agency_summary_return"), rulebook.partnership)
    assert words.isprintable() and len(words) <= 400


def owed_by(agency: str) -> Owed:
    """A summary that an agency owes."""
    day, rule = date(2026, 11, 23), "local.c.agency_summary_return"
    of_review = ("CSPR-2026-001", "Child A", Track.CHILDREN, Stage.RAPID_REVIEW)
    return Owed(*of_review, rule, started_at=1, anchored_on=day, due_on=day, subject=agency)


@pytest.mark.parametrize(
    ("name", "words"), [("H" * 390, "is longer than 250 letters, and has 390"), ("a\x07b", "holds a control character")]
)
def test_a_name_that_no_message_could_carry_is_named(name: str, words: str, folder: Path, tmp_path: Path) -> None:
    """Before a review stands still for it."""
    found = faults_of(with_agency(name, folder, tmp_path))
    assert f"agencies[{example_as_one(folder)['agencies'][0]['id']}].name: {words}" in found


def test_every_name_is_tidied() -> None:
    """Of partners, people, agencies, bodies and the partnership itself."""
    named = [
        part
        for part in (Partnership, *(field.annotation.__args__[0] for field in fields() if "name" in field_names(field)))
        if part.model_fields["name"].metadata
    ]
    assert 5 == len(named)


def fields() -> list[object]:
    """The lists of a partnership's file."""
    return [field for field in Partnership.model_fields.values() if str(field.annotation).startswith("tuple[safe")]


def field_names(field: object) -> set[str]:
    """The keys of an entry of a list."""
    return set(field.annotation.__args__[0].model_fields)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name: Moor\nquorum: {agree: 3", 2),
        ("name: Moor\nquorum: {agree: 3\n", 2),
        ("name: Moor\ntracks: [children\n\n\n# a remark\nworking_morning: 9\n", 2),
        ('name: Moor\nworking_morning: "09:00\n', 2),
        ("name: Moor\nlead: 'Ali\n", 2),
    ],
    ids=["at the end", "before a last empty line", "lines above where it is missed", "quotes", "an apostrophe"],
)
def test_what_is_opened_and_not_closed_is_on_the_line_where_it_was_opened(text: str, line: int) -> None:
    """And on no line that the file has not: an editor shows one line less than the library counts."""
    with pytest.raises(Unreadable) as refused:
        values(text)
    assert [f"line {line}"] == [where for where, _ in refused.value.each]
    assert all("opened and not closed" in why for _, why in refused.value.each)
