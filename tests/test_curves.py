"""The table and the drawing of a benchmark come out of given figures, and a part that fails is named."""

from pathlib import Path

import pytest
from benchmarks import curves, growth, in_parts
from benchmarks.curves import CPU, MEGABYTES, WALL, Curve, Several

SIZES = (1, 10, 100)
MACHINE = "a machine of the test, 2 cores"
STEP = Curve("a step", CPU, "flat", {1: 0.002, 10: 0.002, 100: 0.003})
PROOF = Curve("the proof", CPU, "every line", {1: 0.1, 10: 1.0})
READY = Curve("until Ready", WALL, "every card", {1: 8.0, 10: 20.0, 100: 160.0})
MEMORY = Curve("memory", MEGABYTES, "what was read", {1: 400.0, 10: 500.0, 100: 1500.0})
CARDS = Several(
    "cards", "a card", "imports", {1: [0.5, 0.4], 2: [0.75, 0.8], 4: [None, 0.8]}, {"worker": 3.0, "who": 0.01}
)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A page with both places, and words of its own around them."""
    marks = (f"<!-- {one}: begins -->\nan old table\n<!-- {one}: ends -->" for one in (growth.MARK, in_parts.MARK))
    (tmp_path / growth.PAGE).write_text("\n\n".join(["# How fast", *marks, "Own words."]))
    return tmp_path


def test_growth_is_written_as_a_table_and_a_drawing(docs: Path) -> None:
    """Every figure with its unit, what is missing, what failed, and of which machine; the rest of the page stays."""
    growth.written(docs, [STEP, PROOF, READY, MEMORY], SIZES, ["record, 100 times took more than 900 s"], MACHINE)

    page, drawing = (docs / growth.PAGE).read_text(), (docs / growth.DRAWING).read_text()
    assert "| a step | 0.0020 s | 0.0020 s | 0.0030 s | 1.5 | flat |" in page
    assert "| the proof | 0.100 s | 1.0 s | not measured | not measured | every line |" in page
    assert "| until Ready | 8.0 s | 20.0 s | 160 s | 20.0 | every card |" in page
    assert "| memory | 400 MB | 500 MB | 1,500 MB | 3.8 | what was read |" in page
    assert f"\nOn {MACHINE}; " in page and "Not measured to its end: record, 100 times took more than 900 s." in page
    assert page.startswith("# How fast\n") and page.endswith("Own words.") and page.count("an old table") == 1
    assert all(f">{one.name}<" in drawing for one in (STEP, PROOF, MEMORY)) and ">until Ready<" not in drawing


def test_several_at_once_are_set_beside_one_of_the_same_round(docs: Path) -> None:
    """2 beside 1: 1.5 and 2 times. 4 beside 1: one round failed, the other stands. What spends nothing is left out."""
    measured = in_parts.Measured()
    measured.rates["cards answered, by workers"] = dict(CARDS.found)
    measured.cpu["cards answered, by workers"] = {"worker": 6.0, "who": 0.02}
    measured.pieces["cards answered, by workers"] = 2

    in_parts.written(docs, measured, MACHINE)

    page, drawing = (docs / in_parts.PAGE).read_text(), (docs / in_parts.DRAWING).read_text()
    assert "| one in 2.0 s | 1.75 (1.50 to 2.00) | 2.00 (2.00 to 2.00) | 3.0 s (worker 3.0) |" in page
    assert "| a sweep, by workers | not measured | not measured | not measured | not measured |" in page
    assert ">cards answered, by workers<" in drawing


def test_a_page_without_the_place_is_left_as_it_is(tmp_path: Path) -> None:
    """It is said which place is missing."""
    page = tmp_path / "performance.md"
    page.write_text("# How fast\n")

    with pytest.raises(ValueError, match=r"performance.md has no place marked «growth»"):
        curves.put_in(page, "growth", "a table")
    assert "# How fast\n" == page.read_text()


def test_the_shipped_page_has_both_places() -> None:
    """The documentation has where the figures go, and shows both drawings."""
    page = (growth.DOCS / growth.PAGE).read_text("utf-8")

    for mark, drawing in ((growth.MARK, growth.DRAWING), (in_parts.MARK, in_parts.DRAWING)):
        assert f"<!-- {mark}: begins -->" in page and f"<!-- {mark}: ends -->" in page
        assert f"]({drawing})" in page and (growth.DOCS / drawing).is_file()


def test_a_part_that_takes_too_long_or_fails_is_named() -> None:
    """One is ended, the other ends by itself: both are named, and nobody waits for what they would have said."""
    assert ({}, "took more than 0 s") == growth.measured("letters", 1, 0.1)
    assert ({}, "ended with 2") == growth.measured("of nobody", 1, 60.0)
