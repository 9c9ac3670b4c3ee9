"""
The deadline board: everything owed in every open review, most urgent first, as one table in Prefect.
"""

from __future__ import annotations

from flows import artifacts, reports
from flows.artifacts import Artifact
from flows.wiring import House, now
from safeguarding.clock import london_date, say
from tasks import deadlines, recomputing

BOARD = "deadline-board"


def link() -> str:
    """For the description of every card."""
    return artifacts.link(BOARD, "Deadline board")


def drawn(house: House) -> Artifact:
    """The board as the record stands now; and that dates would move, if the bank holidays now loaded move any."""
    today = london_date(now())
    rows = deadlines.board(house.records.engine, house.rulebook, today)
    name = house.rulebook.partnership.name
    owed = f"{len(rows)} things owed on {say(today)}, most urgent first"
    words = f"**{name}**: {owed}. References only; times are London's."
    if moving := recomputing.pending(house.records):
        words += f" **{moving} dates would move** with the bank holidays now loaded: see `safeguarding recompute`."
    return artifacts.table(BOARD, [row.cells() for row in rows], f"{words} {reports.links()}")
