"""
The deadline board: everything owed in every open review, most urgent first, as one table in Prefect.
"""

from __future__ import annotations

from flows.artifacts import actions, artifact, delivery_and_agencies
from flows.artifacts.artifact import Artifact, LinkedCell
from safeguarding.dates.london import london_date, now
from safeguarding.dates.working_days import say
from safeguarding.shown.escaped import escaped
from tasks.record import board, recount
from tasks.record.health import health
from tasks.record.installation import Installation

BOARD = "deadline-board"


def link() -> str:
    """For the description of every card."""
    return artifact.link(BOARD, "Deadline board")


def drawn(installation: Installation) -> Artifact:
    """The board as the record stands now; and that dates would move, if the bank holidays now loaded move any."""
    today = london_date(now())
    rows = board.board(installation.records.engine, installation.rulebook, today)
    name = escaped(installation.rulebook.partnership.name)
    owed = f"{len(rows)} things owed on {say(today)}, most urgent first"
    words = f"**{name}**: {owed}. References only; times are London's."
    if moving := recount.pending(installation.records):
        words += f" **{moving} dates would move** with the bank holidays now loaded: see `safeguarding recompute`."
    if faults := health(installation.records.engine, now()).faults:
        words += f" **Somebody must look:** {'; '.join(faults[:3])}."
    page = installation.settings.review_page
    cells = [
        {**row.cells(), board.REVIEW: LinkedCell(str(row.cells()[board.REVIEW]), page(row.reference))} for row in rows
    ]
    return artifact.table(BOARD, cells, f"{words} {delivery_and_agencies.links()} · {actions.links()}")
