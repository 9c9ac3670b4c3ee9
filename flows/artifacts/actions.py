"""
Tables in Prefect of the open actions: by the day by which each is owed, by agency, by theme. References and numbers.
"""

from __future__ import annotations

from datetime import date

from flows.artifacts import artifact
from flows.artifacts.artifact import Artifact, LinkedCell
from safeguarding.dates.working_days import say
from safeguarding.registers import actions_counted
from tasks.record.installation import Installation
from tasks.record.registers import read_registers

BY_DUE, BY_AGENCY, BY_THEME = "actions-by-due", "actions-by-agency", "actions-by-theme"


def drawn(installation: Installation, today: date) -> list[Artifact]:
    """The three tables as they stand on a day."""
    rows = read_registers(installation.records, today, ["actions"])["actions"]
    due = actions_counted.by_due(rows)
    late = sum(bool(one["Late"]) for one in due)
    page = installation.settings.review_page
    cells = [{**one, "Review": LinkedCell(one["Review"], page(one["Review"]))} for one in due]
    words = f"**{len(due)} actions are open on {say(today)}, {late} of them late**, the one due first first."
    counted = "with how many are late and which is due next. What an action says stays in the record."
    return [
        artifact.table(BY_DUE, cells, f"{words} What an action says stays in the record."),
        artifact.table(BY_AGENCY, actions_counted.by_agency(rows), f"**Open actions by agency**, {counted}"),
        artifact.table(BY_THEME, actions_counted.by_theme(rows), f"**Open actions by theme**, {counted}"),
    ]


def links() -> str:
    """Where the tables are, for the words above the deadline board."""
    named = ((BY_DUE, "Actions by day"), (BY_AGENCY, "by agency"), (BY_THEME, "by theme"))
    return " · ".join(artifact.link(key, words) for key, words in named)
