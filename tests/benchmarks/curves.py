"""
The curves of `growth` and `in_parts`: as a table and as a drawing, both made of the same figures in one go.

The table stands in a page of the documentation between two marks, and the drawing beside it; whatever else the page
says is left as it is. A figure that was not measured is said to be missing, in the table and by a gap in the drawing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.paired import Ratio
from safeguarding.dates.london import london_date, now

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CPU, WALL, MEGABYTES, SHARE = "s of CPU", "s on the clock", "MB", "% of one core"
MISSING = "not measured"
SHOWN = 0.05
"""Of the CPU of a piece: what spends less of it is not named."""
MARKERS = "osv^<>DPXdhp*"


@dataclass(frozen=True, slots=True)
class Curve:
    """One kind of work: what it takes by how many times as much there is."""

    name: str
    unit: str
    why: str
    """Why it bends, or does not."""
    found: Mapping[int, float]

    def said(self, times: int) -> str:
        """What it took there, in words."""
        if times not in self.found:
            return MISSING
        value, unit = self.found[times], self.unit.partition(" ")[0]
        digits = 0 if value >= 100 else 1 if value >= 1 else 3 if value >= 0.01 else 4
        return f"{value:,.{digits}f} {unit}"

    def bends(self, sizes: Sequence[int]) -> str:
        """How many times as much the largest takes as the smallest."""
        least, most = self.found.get(sizes[0]), self.found.get(sizes[-1])
        return f"{most / least:.1f}" if least and most else MISSING


@dataclass(frozen=True, slots=True)
class Several:
    """One kind of work by several processes at once: how much a second by how many there are, in each round."""

    name: str
    piece: str
    """What one piece of the work is."""
    why: str
    found: Mapping[int, Sequence[float | None]]
    cpu: Mapping[str, float]
    """Seconds of CPU of one piece by the part of the system that spends them."""

    def ratio(self, many: int) -> Ratio | None:
        """Many beside one, worked out within each round; None where one of the two was not measured."""
        pairs = zip(self.found.get(many, ()), self.found.get(1, ()), strict=False)
        each = tuple(mine / alone for mine, alone in pairs if mine and alone)
        return Ratio(each) if each else None

    def a_second(self) -> str:
        """How many pieces one alone does in a second, or how long one piece takes."""
        each = sorted(one for one in self.found.get(1, ()) if one)
        if not each:
            return MISSING
        middle = each[len(each) // 2]
        return f"{middle:,.1f} a second" if middle >= 1 else f"one in {1 / middle:.1f} s"

    def costs(self) -> str:
        """Who spends how much CPU on one piece."""
        whole = sum(self.cpu.values())
        parts = ", ".join(f"{name} {_short(spent)}" for name, spent in self.cpu.items() if spent >= SHOWN * whole)
        return f"{_short(whole)} s ({parts})" if self.cpu else MISSING


def _short(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds >= 1 else f"{seconds:.3f}"


# --------------------------------------------------------------------------- as tables


def table(curves: Sequence[Curve], sizes: Sequence[int]) -> str:
    """The curves of a growing record as the page has them."""
    heads = ["as it is", *(f"{times} times" for times in sizes[1:])]
    rows = [[one.name, *map(one.said, sizes), one.bends(sizes), one.why] for one in curves]
    return _as_table(["", *heads, "times in all", "why"], rows)


def table_of_several(found: Sequence[Several], many: Sequence[int]) -> str:
    """The curves of several at once as the page has them."""
    heads = [f"{number} beside 1" for number in many if number != 1]
    rows = []
    for one in found:
        ratios = [str(one.ratio(number) or MISSING) for number in many if number != 1]
        rows.append([one.name, one.a_second(), *ratios, one.costs(), one.why])
    return _as_table(["", "by 1", *heads, "CPU of one piece", "why"], rows)


def _as_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def told(words: str, machine: str, faults: Sequence[str]) -> str:
    """A table with the machine and the day that its figures are of, and what could not be measured."""
    lines = [words, "", f"On {machine}; {london_date(now()):%-d %B %Y}."]
    return "\n".join([*lines, f"Not measured to its end: {'; '.join(faults)}."] if faults else lines)


def put_in(page: Path, name: str, words: str) -> None:
    """Put words into a page between its two marks of this name. Raises ValueError where it has none."""
    text = page.read_text("utf-8")
    begins, ends = f"<!-- {name}: begins -->\n", f"<!-- {name}: ends -->"
    before, begun, rest = text.partition(begins)
    _, ended, after = rest.partition(ends)
    if not begun or not ended:
        raise ValueError(f"{page.name} has no place marked «{name}»")
    page.write_text(f"{before}{begins}{words}\n{ends}{after}", "utf-8")


# --------------------------------------------------------------------------- drawn


def draw(curves: Sequence[Curve], sizes: Sequence[int], file: Path) -> None:
    """What grows with the record: processor time above, memory and disk below."""
    figure = _figure(10, 8.6)
    above, below = figure.subplots(2, 1, height_ratios=(3, 1))
    for axes, unit, least in ((above, CPU, 0.002), (below, MEGABYTES, 3.0)):
        shown = [one for one in curves if one.unit == unit]
        for number, curve in enumerate(shown):
            points = [curve.found.get(times, float("nan")) for times in sizes]
            axes.plot(sizes, points, marker=MARKERS[number % len(MARKERS)], label=curve.name)
        rises = [least * times for times in sizes]
        axes.plot(sizes, rises, linestyle=":", color="grey", label="as much more as there is more")
        axes.set(xscale="log", yscale="log", xlabel="times as much on record", ylabel=_whole(unit))
        axes.set_xticks(sizes, [str(times) for times in sizes])
        _legend(axes)
    _save(figure, file)


def draw_several(found: Sequence[Several], many: Sequence[int], file: Path) -> None:
    """What several at once come to, each with its range over the rounds."""
    figure = _figure(10, 4.6)
    axes = figure.subplots()
    for number, one in enumerate(found):
        ratios = {at: ratio for at in many if (ratio := one.ratio(at)) is not None}
        middles = [ratio.median for ratio in ratios.values()]
        below = [ratio.median - min(ratio.each) for ratio in ratios.values()]
        above = [max(ratio.each) - ratio.median for ratio in ratios.values()]
        mark = MARKERS[number % len(MARKERS)]
        axes.errorbar(list(ratios), middles, yerr=[below, above], marker=mark, capsize=3, label=one.name)
    axes.plot(many, many, linestyle=":", color="grey", label="as much more as there are more")
    axes.set(xlabel="processes of the part at once", ylabel="times the work of one", ylim=(0, max(many) + 0.2))
    axes.set_xticks(many, [str(number) for number in many])
    _legend(axes)
    _save(figure, file)


def _figure(width: float, height: float) -> Figure:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.fonttype"], matplotlib.rcParams["svg.hashsalt"] = "none", "growth"
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _whole(unit: str) -> str:
    return {CPU: "seconds of CPU", MEGABYTES: "megabytes"}[unit]


def _legend(axes: Axes) -> None:
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize="small", frameon=False)


def _save(figure: Figure, file: Path) -> None:
    figure.savefig(file, metadata={"Date": None})
    file.chmod(0o644)  # A record that was opened in this process keeps what it makes for its owner alone.
