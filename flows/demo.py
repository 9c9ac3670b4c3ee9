"""
The demo: the real system on an invented partnership, with twelve reviews in every stage.

The reviews are made by taking the real steps on the real rules, on working days counted back from today, in a
record that is marked as a simulation. Letters and Teams messages go to a catcher on this machine.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

from config.settings import Settings
from flows import demo_stories, running
from flows.surroundings import waiting
from flows.wiring import House, now, open_house
from safeguarding.clock import LONDON, add_working_days, london_date
from tasks import deadlines, notices
from tasks.catcher import Catcher

MORNING = time(10, 0)


class CaughtPost:
    """The post of the demo: everything goes to the catcher."""

    def __init__(self, catcher: Catcher) -> None:
        self.mail_url = catcher.mail_url
        self.sender = "reviews@exampleshire.example"
        self.sender_name = "Exampleshire Safeguarding Partnership"
        self._workflow = catcher.teams_url

    def secret(self, name: str) -> str:
        """The catcher's Teams workflow of this name."""
        return self._workflow(name)


def run(home: Path | None, port: int | None, say: Callable[[str], object] = print) -> int:
    """Build the demo's record if there is none, and run the system on it until Ctrl-C."""
    settings = Settings()
    update = {"home": home or settings.home.parent / "safeguarding-demo", "partnership": None, "database_url": None}
    settings = settings.model_copy(update={**update, **({"prefect_port": port} if port else {})})
    house = open_house(settings, simulation=True)
    if not house.records.list():
        tell_all(house, now())
        say(f"Twelve invented reviews were made in {settings.home}.")
    with Catcher(settings.home / "caught") as catcher:
        say(
            f"Mail and Teams messages are caught in {catcher.folder} (so far: {catcher.caught.mail} letters, "
            f"{catcher.caught.teams} Teams messages)."
        )
        return running.run(house, CaughtPost(catcher), lambda words: say(_with_hints(words, settings, house)))


def _with_hints(words: str, settings: Settings, house: House) -> str:
    if not words.startswith("Ready"):
        return words
    from flows import artifacts, board  # Prefect takes seconds to import, and is by now

    to_decide = sorted(row.reference for row in house.records.list(open_only=True) if row.stage == "decision")
    first = [
        line
        for reference in to_decide[:1]
        for line in (
            f"  Press first:     {waiting(settings.prefect_url, reference)}",
            f"                   (open {reference}, press Resume, choose Decide)",
        )
    ]
    return "\n".join(
        [
            words,
            f"  Deadline board:  {settings.prefect_url}{artifacts.path(board.BOARD)}",
            *first,
            f"  A new referral:  {settings.prefect_url}/deployments (Open a referral, press Run, then Quick run)",
            "  Ctrl-C stops all of it; starting again keeps all of it.",
        ]
    )


def tell_all(house: House, at: datetime) -> None:
    """Take every step of every story, oldest first, as it would have been taken up to a moment; then sweep once."""
    today = london_date(at)
    calendar = house.rulebook.calendar
    told = [
        (datetime.combine(add_working_days(today, -step.days_ago, calendar), step.at or MORNING, LONDON), number, step)
        for number, story in enumerate(demo_stories.STORIES)
        for step in story
    ]
    references: dict[int, str] = {}
    for moment, number, step in sorted(told, key=lambda row: row[:2]):
        references[number] = demo_stories.take(house.records, references.get(number), step, min(moment, at))
    # What the stories owed people on earlier days is told, not sent: nobody wants months of letters in a minute.
    morning = datetime.combine(today, time(0), LONDON)
    notices.withdraw_before(house.records.engine, morning, "part of the story told before the demo began")
    deadlines.sweep(house.records.engine, house.rulebook, at)
