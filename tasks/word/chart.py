"""
Charts by matplotlib: bars on their side, each with its number, so that nobody has to read a scale.

Drawn as PNG, which every word processor shows. Colour says nothing that the words beside it do not.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import NamedTuple

INK, BAR = "#0b0c0c", "#1d70b8"
WIDE, EACH, AROUND = 8.0, 0.42, 1.0
"""Inches: how wide a chart is, how high each bar with its space, and what its title takes."""
DOTS = 150
"""Dots to an inch."""


class Bar(NamedTuple):
    """One bar: its words and how many."""

    words: str
    number: int


def bars(title: str, drawn: Sequence[Bar]) -> bytes:
    """A chart of bars, the first at the top, as PNG. Raises ValueError where there is none."""
    if not drawn:
        raise ValueError("a chart needs a bar")
    # The largest library of all, and a yearly account has its charts once a year.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDE, AROUND + EACH * len(drawn)), dpi=DOTS, layout="constrained")
    axes = figure.add_subplot()
    places = range(len(drawn), 0, -1)
    made = axes.barh(places, [one.number for one in drawn], color=BAR, height=0.7)
    axes.bar_label(made, padding=4, color=INK)
    axes.set_yticks(places, [one.words for one in drawn], color=INK)
    axes.set_xticks([])
    axes.set_title(title, loc="left", color=INK, fontweight="bold")
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.margins(x=0.12)
    there = io.BytesIO()
    figure.savefig(there, format="png", metadata={"Software": None})
    return there.getvalue()


def read_out(title: str, drawn: Sequence[Bar]) -> str:
    """The same in words, for whoever does not see it."""
    return f"{title}: " + "; ".join(f"{one.words} {one.number}" for one in drawn) + "."
