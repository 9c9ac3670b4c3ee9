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
from flows.demo import stories
from flows.demo.post_catcher import Catcher
from flows.server import one_command
from flows.server.prefect_settings import waiting
from safeguarding.dates.london import LONDON, london_date, now
from safeguarding.dates.working_days import add_working_days
from tasks.post import delivery_report
from tasks.record import sweep
from tasks.record.installation import Installation, open_installation

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
    installation = open_installation(now(), settings, simulation=True)
    if not installation.records.list():
        tell_all(installation, now())
        say(f"Twelve invented reviews were made in {settings.home}.")
    with Catcher(settings.home / "caught") as catcher:
        say(
            f"Mail and Teams messages are caught in {catcher.folder} (so far: {catcher.caught.mail} letters, "
            f"{catcher.caught.teams} Teams messages)."
        )
        return one_command.run(
            installation, CaughtPost(catcher), lambda words: say(_with_hints(words, settings, installation))
        )


def _with_hints(words: str, settings: Settings, installation: Installation) -> str:
    if not words.startswith("Ready"):
        return words
    from flows.artifacts import (
        artifact,
        deadline_board,  # Prefect takes seconds to import, and is by now
    )

    to_decide = sorted(row.reference for row in installation.records.list(open_only=True) if row.stage == "decision")
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
            f"  Deadline board:  {settings.prefect_url}{artifact.path(deadline_board.BOARD)}",
            *first,
            f"  A new referral:  {settings.prefect_url}/deployments (Open a referral, press Run, then Quick run)",
            "  Ctrl-C stops all of it; starting again keeps all of it.",
        ]
    )


def tell_all(installation: Installation, at: datetime) -> None:
    """Take every step of every story, oldest first, as it would have been taken up to a moment; then sweep once."""
    today = london_date(at)
    calendar = installation.rulebook.calendar
    told = [
        (datetime.combine(add_working_days(today, -step.days_ago, calendar), step.at or MORNING, LONDON), number, step)
        for number, story in enumerate(stories.STORIES)
        for step in story
    ]
    references: dict[int, str] = {}
    for moment, number, step in sorted(told, key=lambda row: row[:2]):
        references[number] = stories.take(installation.records, references.get(number), step, min(moment, at))
    # What the stories owed people on earlier days is told, not sent: nobody wants months of letters in a minute.
    morning = datetime.combine(today, time(0), LONDON)
    delivery_report.withdraw_before(
        installation.records.engine, morning, "part of the story told before the demo began"
    )
    sweep.sweep(installation.records.engine, installation.rulebook, at)
