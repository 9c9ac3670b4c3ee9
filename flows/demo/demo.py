"""
The demo: the real system on an invented partnership, with twelve reviews in every stage.

The reviews are made by taking the real steps on the real rules, on working days counted back from today, in a
record that is marked as a simulation. Letters and Teams messages go to a catcher on this machine.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, time
from pathlib import Path

from config.settings import Settings
from flows.demo import stories
from flows.demo.post_catcher import Catcher
from flows.server import login, one_command
from safeguarding.dates.london import london_date, london_moment, now
from safeguarding.dates.working_days import add_working_days
from tasks.post import delivery_report
from tasks.record import sweep
from tasks.record.installation import Installation, open_installation
from tasks.store import private_files

MORNING = time(10, 0)
LOGIN = "demo-login"
"""The file in which the demo keeps its login in clear."""


class CaughtPost:
    """The post of the demo: everything goes to the catcher, and the letters of steps at any hour."""

    at_once = True

    def __init__(self, catcher: Catcher) -> None:
        self.catcher = catcher
        self.mail_url = catcher.mail_url
        self.sender = "reviews@exampleshire.example"
        self.sender_name = "Exampleshire Safeguarding Partnership"
        self._workflow = catcher.teams_url

    def secret(self, name: str) -> str:
        """The catcher's Teams workflow of this name."""
        return self._workflow(name)


def run(
    home: Path | None,
    port: int | None,
    say: Callable[[str], object] = one_command.AT_ONCE,
    waiting: Callable[[str], AbstractContextManager[None]] = lambda _: nullcontext(),
) -> int:
    """
    Build the demo's record if there is none, and run the system on it until Ctrl-C.

    `waiting` shows a person what is being done while it is.
    """
    given = {"home": home, "prefect_port": port}
    settings = Settings().of_demo().model_copy(update={name: value for name, value in given.items() if value})
    with (
        one_command.beforehand(settings) as begun,
        open_installation(now(), settings, simulation=True) as installation,
        caught(settings) as post,
    ):
        opens = _login(settings)
        if not installation.records.list():
            with waiting("Making twelve invented reviews, step by step"):
                tell_all(installation, now())
            say(f"Twelve invented reviews were made in {settings.home}.")
        say(
            f"Mail and Teams messages are caught in {post.catcher.folder} (so far: {post.catcher.caught.mail} letters, "
            f"{post.catcher.caught.teams} Teams messages). Here letters of steps leave at once; elsewhere they wait "
            "for a working morning, unless a date of the law presses."
        )

        def hinted(words: str) -> None:
            say(_with_hints(words, settings, installation, opens))

        return one_command.run(installation, post, hinted, demo=True, begun=begun)


@contextmanager
def caught(settings: Settings) -> Iterator[CaughtPost]:
    """The demo's post while its catcher listens: whatever leaves is put into a folder beside the demo's record."""
    with Catcher(settings.home / "caught") as catcher:
        yield CaughtPost(catcher)


def _login(settings: Settings) -> str:
    """
    The login of the demo's page. It is kept in clear, and shown at every start: nobody in the demo is real.

    One that was chosen (`safeguarding login --demo`) is shown nowhere.
    """
    shown = settings.home / LOGIN
    if not login.present(settings.home):
        given = login.invented()
        private_files.replace(shown, given)
        login.keep(settings.home, given)
    return shown.read_text(encoding="utf-8").strip() if shown.exists() else "the one that you chose"


def login_changed(home: Path) -> None:
    """The login is another one now, which is kept nowhere in clear."""
    (home / LOGIN).unlink(missing_ok=True)


def _with_hints(words: str, settings: Settings, installation: Installation, opens: str) -> str:
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
            f"  Press first:     {settings.cards_page(reference)}",
            f"                   (open {reference}, press Resume, choose Decide on the review)",
        )
    ]
    return "\n".join(
        [
            words,
            f"  Login:           {opens}",
            f"  Deadline board:  {settings.prefect_url}{artifact.path(deadline_board.BOARD)}",
            f"  Duties to come:  {settings.duties_page()}",
            *first,
            f"  A new referral:  {settings.prefect_url}/deployments (Open a referral, press Run, then Quick run)",
            f"  Without a page:  {_typed(settings)}",
            "  Ctrl-C stops all of it; starting again keeps all of it.",
        ]
    )


def _typed(settings: Settings) -> str:
    """A command that asks the record of this demo, as it can be typed in any folder."""
    program = shlex.quote(str(Path(sys.executable).with_name("safeguarding")))
    if settings.home == Settings().of_demo().home:
        return f"{program} list --open --demo"
    return f"SAFEGUARDING_HOME={shlex.quote(str(settings.home.absolute()))} {program} list --open"


def tell_all(installation: Installation, at: datetime) -> None:
    """Take every step of every story, oldest first, as it would have been taken up to a moment; then sweep once."""
    today = london_date(at)
    calendar = installation.rulebook.calendar
    told = [
        (london_moment(add_working_days(today, -step.days_ago, calendar), step.at or MORNING), number, step)
        for number, story in enumerate(stories.STORIES)
        for step in story
    ]
    references: dict[int, str] = {}
    for moment, number, step in sorted(told, key=lambda row: row[:2]):
        references[number] = stories.take(installation.records, references.get(number), step, min(moment, at))
    # What the stories owed people on earlier days is told, not sent: nobody wants months of letters in a minute.
    morning = london_moment(today, time(0))
    delivery_report.withdraw_before(
        installation.records.engine, morning, "part of the story told before the demo began"
    )
    sweep.sweep(installation.records.engine, installation.rulebook, at)
