"""Forty-three actions of one review, across eleven agencies, as they stand in the table of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

AGENCIES: Mapping[str, str] = {
    "Children's social care": "Addison Example",
    "Adult social care": "Bailey Example",
    "Exampleshire Police": "Casey Example",
    "Exampleshire Integrated Care Board": "Devin Example",
    "Exampleshire Hospitals": "Ellis Example",
    "Exampleshire Mental Health Trust": "Finley Example",
    "General practice": "Gray Example",
    "Ambulance service": "Hayden Example",
    "Schools and early years": "Jules Example",
    "Probation service": "Kit Example",
    "Housing": "Lane Example",
}
"""Each agency with whoever leads there."""
HOW_MANY = 43
SECRET = "as Ottoline's sister had asked"
"""What stands in the sealed words of each action, and nowhere else."""


def plan(today: date) -> dict[str, Any]:
    """The whole plan, as it is pasted: each agency in its turn, due a month from now and a day later each."""
    names = list(AGENCIES)
    lines = []
    for number in range(HOW_MANY):
        agency = names[number % len(names)]
        due = today + timedelta(days=30 + number)
        what = f"Step {number + 1} is taken, {SECRET}."
        lines.append("\t".join((agency, AGENCIES[agency], due.isoformat(), what, "An audit of ten cases.")))
    return {"agreed_on": today, "pasted": "\n".join(lines), "actions": None}


def verified(actions: list[str], today: date) -> dict[str, Any]:
    """These are verified, on a document."""
    seen = {"status": "verified", "on": today, "grade": "document", "evidence": "EX-AUD-4", "note": "Seen."}
    return dict.fromkeys(actions, seen)
