"""Small numbers that are hidden: none can be worked out from what is shown, however the sums are put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from safeguarding.review.learnt import Action
from safeguarding.yearly.figures import Behind, Figure, Figures, Sum
from safeguarding.yearly.learning_counted import progress
from safeguarding.yearly.suppressed import NOT_SHOWN, fault_of, told

BELOW = 3
TODAY, BEFORE = date(2027, 4, 12), date(2027, 3, 1)
MORE = 2
"""How much greater than any number a hidden one is taken to be at most, where it is looked for by trying all."""


def figure(key: str, number: int) -> Figure:
    """A figure of so many things, each its own."""
    return Figure(key=key, words=key, behind=tuple(Behind("SAR-2026-001", f"{key} {one}") for one in range(number)))


def table(parts: Sequence[int]) -> tuple[dict[str, Figure], list[Sum]]:
    """Parts and what they come to."""
    names = [f"part-{place}" for place in range(len(parts))]
    numbers = {**dict(zip(names, parts, strict=True)), "all": sum(parts)}
    return {key: figure(key, number) for key, number in numbers.items()}, [Sum(tuple(names), ("all",))]


def square(rows: Sequence[Sequence[int]]) -> tuple[dict[str, Figure], list[Sum]]:
    """Numbers in rows and columns, with the sum of each and of all."""
    numbers = {f"{r}-{c}": one for r, row in enumerate(rows) for c, one in enumerate(row)}
    numbers |= {f"row-{r}": sum(row) for r, row in enumerate(rows)}
    numbers |= {f"column-{c}": sum(column) for c, column in enumerate(zip(*rows, strict=True))}
    numbers["all"] = sum(map(sum, rows))
    columns = len(rows[0])
    sums = [Sum(tuple(f"{r}-{c}" for c in range(columns)), (f"row-{r}",)) for r in range(len(rows))]
    sums += [Sum(tuple(f"{r}-{c}" for r in range(len(rows))), (f"column-{c}",)) for c in range(columns)]
    sums.append(Sum(tuple(f"row-{r}" for r in range(len(rows))), ("all",)))
    sums.append(Sum(tuple(f"column-{c}" for c in range(columns)), ("all",)))
    return {key: figure(key, number) for key, number in numbers.items()}, sums


def may_be(figures: dict[str, Figure], sums: Sequence[Sum], below: int) -> dict[str, set[int]]:
    """Of each hidden number every value that agrees with what is told, found by trying all."""
    said = told(figures, sums, below)
    most = max(one.number for one in figures.values()) + MORE
    hidden = sorted(said.hidden)
    ranges = [range(most) if said.words[key] == NOT_SHOWN else range(1, below) for key in hidden]
    found: dict[str, set[int]] = {key: set() for key in hidden}
    for tried in product(*ranges):
        numbers = {key: one.number for key, one in figures.items()} | dict(zip(hidden, tried, strict=True))
        if all(_holds(one, numbers) for one in sums):
            for key, value in zip(hidden, tried, strict=True):
                found[key].add(value)
    return found


def _holds(one: Sum, numbers: dict[str, int]) -> bool:
    parts, of = sum(numbers[key] for key in one.parts), sum(numbers[key] for key in one.of)
    return parts >= of if one.overlaps else parts == of


@pytest.mark.hypothesis
@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=3))
def test_no_small_number_of_a_table_can_be_worked_out(parts: list[int]) -> None:
    """Whatever the parts are: each small number may be at least two, and nought is never taken for a small one."""
    figures, sums = table(parts)
    found = may_be(figures, sums, BELOW)
    for key, one in figures.items():
        if 0 < one.number < BELOW:
            assert len(found[key]) > 1, (parts, key, found)
        assert key in found or told(figures, sums, BELOW).words[key] == str(one.number)


@pytest.mark.hypothesis
@settings(max_examples=60, deadline=None)
@given(st.tuples(st.tuples(st.integers(0, 3), st.integers(0, 3)), st.tuples(st.integers(0, 3), st.integers(0, 3))))
def test_nor_where_rows_and_columns_cross(rows: tuple[tuple[int, int], tuple[int, int]]) -> None:
    """Two by two, with all sums: no small number is given away by going round."""
    figures, sums = square(rows)
    if len(told(figures, sums, BELOW).hidden) > 5:  # Too many to try all; nearly all is hidden then.
        return
    found = may_be(figures, sums, BELOW)
    assert all(len(found[key]) > 1 for key, one in figures.items() if 0 < one.number < BELOW), (rows, found)


@pytest.mark.hypothesis
@settings(max_examples=50, deadline=None)
@given(st.integers(1, 8), st.lists(st.integers(0, 5), min_size=1, max_size=3))
def test_nor_where_one_thing_may_stand_under_several(whole: int, parts: list[int]) -> None:
    """Themes come to at least the whole: what is left over by the great ones gives no small one away."""
    figures, sums = table(parts)
    figures["all"] = figure("all", min(whole, sum(parts)))
    sums = [Sum(sums[0].parts, ("all",), overlaps=True)]
    found = may_be(figures, sums, BELOW)
    assert all(len(found[key]) > 1 for key, one in figures.items() if 0 < one.number < BELOW), (parts, found)


def plan(done: int, late: int, in_time: int, agency: str) -> list[tuple[Behind, Action]]:
    """The actions of an agency: so many done, overdue, and not done but not overdue, as of TODAY."""
    of = [("verified", BEFORE)] * done + [("agreed", BEFORE)] * late + [("agreed", TODAY)] * in_time
    return [
        (
            Behind("SAR-2026-001", f"{agency} A{number:02}", status),
            Action(id=f"A{number:02}", agency=agency, owner="alex_example", due_on=day, status=status),
        )
        for number, (status, day) in enumerate(of)
    ]


def by_agency(counts: Sequence[Sequence[int]]) -> Figures:
    """The figures of the table of actions by agency, as an account makes them."""
    figures, plans = Figures(), [plan(*three, f"agency {place}") for place, three in enumerate(counts)]
    every = [one for found in plans for one in found]
    rows = []
    for key, found in (("all", every), *((f"agency-{place}", found) for place, found in enumerate(plans))):
        of = figures.add(key, key, [behind for behind, _ in found])
        rows.append((of, *progress(key, key, of, found, TODAY, figures)))
    figures.sums += [Sum(parts, (total,)) for total, *parts in zip(*rows, strict=True)]
    return figures


def worlds(many: int, most: int) -> Iterator[dict[str, int]]:
    """Every plan of so many agencies, of each at most so many done, overdue and in time, as its numbers."""
    for tried in product(range(most), repeat=3 * many):
        threes = [tried[3 * place : 3 * place + 3] for place in range(many)]
        numbers: dict[str, int] = {}
        for key, (done, late, in_time) in (
            ("all", [sum(one) for one in zip(*threes, strict=True)]),
            *((f"agency-{place}", one) for place, one in enumerate(threes)),
        ):
            left = late + in_time
            numbers |= {key: done + left, f"{key}-ended": done, f"{key}-open": left}
            numbers |= {f"{key}-late": late, f"{key}-not-late": in_time}
        yield numbers


@pytest.mark.hypothesis
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=2))
@example([(5, 1, 0), (0, 0, 5)])
def test_nor_by_taking_one_number_from_another(counts: list[tuple[int, int, int]]) -> None:
    """Six actions, five done: one at most is overdue. Whatever the plan, of each small number two are possible."""
    figures = by_agency(counts)
    said = told(figures.made, figures.sums, BELOW)
    small = [key for key, one in figures.made.items() if 0 < one.number < BELOW]
    found: dict[str, set[int]] = {key: set() for key in small}
    for numbers in worlds(len(counts), max(map(max, counts)) + 2):
        if all(_as_told(said.words[key], number) for key, number in numbers.items()):
            for key in small:
                found[key].add(numbers[key])
    assert all(len(one) > 1 for one in found.values()), (counts, found)


def _as_told(words: str, number: int) -> bool:
    return words == NOT_SHOWN or words == str(number) or (words.startswith("fewer") and 0 < number < BELOW)


def test_one_small_number_hides_a_second() -> None:
    """Three and twenty of twenty-three: with the whole shown the three would be told, so the twenty is hidden too."""
    said = told(*table([3, 20]), 5)
    assert ("fewer than 5", NOT_SHOWN, "23") == (said.words["part-0"], said.words["part-1"], said.words["all"])
    assert ("fewer than 5", "fewer than 5") == tuple(told(*table([3, 3]), 5).words[f"part-{n}"] for n in range(2))


@pytest.mark.hypothesis
@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=2, max_size=3))
@example([[0, 1], [0, 0]])
def test_nought_is_always_shown(rows: list[list[int]]) -> None:
    """Whatever the table: no nought is hidden for the sake of a small number, and something greater is instead."""
    figures, sums = square(rows)
    said = told(figures, sums, 3)
    assert not [key for key, one in figures.items() if not one.number and said.words[key] != "0"]


def test_several_that_could_only_be_one_each_hide_more() -> None:
    """Two ones and a seven of nine: the two come to two, and so each would be one."""
    said = told(*table([1, 1, 7]), 5)
    assert ["fewer than 5", "fewer than 5", NOT_SHOWN, "9"] == [*said.words.values()]


def test_the_same_things_counted_twice_are_hidden_twice() -> None:
    """Another table counts the very same reviews under another name: hidden here, it is not told there."""
    figures, sums = table([2, 9, 9])
    figures["again"] = Figure(key="again", words="again", behind=figures["part-1"].behind)
    said = told(figures, sums, 3)
    assert said.words["part-1"] == said.words["again"]
    assert len({said.shown(key) for key in ("part-1", "again")}) == 1


def test_without_a_least_number_everything_is_told() -> None:
    """Nobody asked for small numbers to be hidden: all are told."""
    said = told(*table([0, 1, 2]), None)
    assert ["0", "1", "2", "3"] == [*said.words.values()] and not said.hidden


def test_below_what_numbers_may_be_hidden() -> None:
    """«Fewer than 2» would say 1."""
    assert fault_of(2) and fault_of(101) and not fault_of(3) and not fault_of(None)


def test_a_key_is_never_taken_twice() -> None:
    """Two own themes whose words make the same key are two figures."""
    figures = Figures()
    assert ("a", "a-2") == (figures.add("a", "A", []), figures.add("a", "a", []))
