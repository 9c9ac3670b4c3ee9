"""
The yearly account over five hundred reviews with ten thousand actions: read, counted, and written as files.

The reviews are the demo's longest, copied under other references, as for the registers; each is given twenty actions,
with the clock of each. Printed are the median seconds and the CPU time to make the account of each track, with every
number and with small ones hidden, and those to write its files. The aim is under 5 s for each account with its files.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select

from benchmarks.registers import AT, copy
from benchmarks.review_page import taken
from config.settings import Settings
from flows.demo.demo import tell_all
from safeguarding.review.states import Track
from safeguarding.yearly.period import TwelveMonths
from tasks.record.installation import open_installation
from tasks.store.session import reading, writing
from tasks.store.tables import actions, deadlines, reviews
from tasks.yearly.files import files_of
from tasks.yearly.reading import AccountAsked, read_account

REVIEWS, ACTIONS = 500, 20
TIMES = 3
AIM = 5.0
"""Seconds."""
STATUSES = ("agreed", "in progress", "evidence submitted", "verified", "embedded", "withdrawn")
AGENCIES = ("police", "education", "hospital_trust", "local_authority_children", "housing")
THEMES = ("neglect", "information_sharing", "was_not_brought", "transition")


def with_actions(engine: Engine, each: int) -> int:
    """Give every review so many actions with a clock each; how many there are in all."""
    defaults = {column.name: "" for column in actions.columns if not column.nullable}
    with writing(engine) as connection:
        connection.execute(actions.delete())
        connection.execute(deadlines.delete().where(deadlines.c.anchor == "action_agreed"))
        names = connection.execute(select(reviews.c.reference)).scalars().all()
        rows = [_action(name, number, defaults) for name in names for number in range(each)]
        connection.execute(actions.insert(), rows)
        connection.execute(deadlines.insert(), [_clock(row) for row in rows])
        return connection.execute(select(func.count()).select_from(actions)).scalar_one()


def _action(reference: str, number: int, defaults: dict[str, Any]) -> dict[str, Any]:
    status = STATUSES[number % len(STATUSES)]
    said = {"status": status, "agency": AGENCIES[number % len(AGENCIES)], "themes": THEMES[number % len(THEMES)]}
    numbers = {"grade": number % 5, "postponed": 0, "blocked": False, "due_on": date(2026, 6 + number % 6, 15)}
    days = {"moved_on": date(2026, 7, 1) if number % 3 else None}
    return {**defaults, **said, **numbers, **days, "reference": reference, "action": f"A{number + 1:02d}"}


def _clock(action: dict[str, Any]) -> dict[str, Any]:
    done = action["status"] in ("verified", "embedded")
    return {
        "reference": action["reference"],
        "rule": "local.x.action_done",
        "subject": action["action"],
        "occurrence": 1,
        "started_at": 1,
        "anchor": "action_agreed",
        "anchored_on": date(2026, 5, 1),
        "due_on": action["due_on"],
        "edition": "",
        "calendar": "",
        "ended": "settled" if done else "",
        "ended_on": action["moved_on"] or action["due_on"] if done else None,
        "why": "",
    }


def line(name: str, makes: Callable[[], object], times: int) -> float:
    """Print a line of the table; its median seconds."""
    took = taken(makes, times)
    middle = statistics.median(one.seconds for one in took)
    print(f"{name:<34} {middle:7.2f} s {statistics.median(one.cpu for one in took):7.2f} s CPU", flush=True)
    return middle


def main() -> None:
    """Make the reviews, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, default=REVIEWS)
    parser.add_argument("--times", type=int, default=TIMES)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        settings = Settings().model_copy(update={"home": home, "database_url": None, "partnership": None})
        with open_installation(AT, settings, simulation=True) as installation:
            tell_all(installation, AT)
            copy(installation.records.engine, asked.reviews)
            many = with_actions(installation.records.engine, ACTIONS)
            with reading(installation.records.engine) as connection:
                reviewed = connection.execute(select(func.count()).select_from(reviews)).scalar_one()
            print(f"{reviewed} reviews, {many} actions")
            for track in Track:
                for below in (None, 5):
                    wanted = AccountAsked(track=track, period=TwelveMonths.beginning(2026), below=below)
                    name = f"{track.value}, {'every number' if below is None else 'small numbers hidden'}"
                    read = line(name, lambda of=wanted: read_account(installation.records, of, AT.date()), asked.times)
                    account = read_account(installation.records, wanted, AT.date())
                    wrote = line(f"{name}: files", lambda of=account: files_of(of, "Exampleshire", AT), 1)
                    print(f"   {read + wrote:.2f} s{'   OVER THE AIM' if read + wrote >= AIM else ''}")
    print(f"aim: under {AIM:.0f} s each; load average {' '.join(f'{one:.1f}' for one in os.getloadavg())}")


if __name__ == "__main__":
    main()
