"""
The system as it runs: Prefect's server, the cards, the short forms, the sweep and the postman, in one command.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import Settings
from flows import serve
from flows.postman import Postman
from flows.wiring import House, open_house
from tasks.notices import Postbox

if TYPE_CHECKING:
    from flows.rebuilding import Registered


def prefect_home(settings: Settings) -> Path:
    """Where Prefect keeps its own files. They may be deleted any day: the record brings every card back."""
    return settings.home / "prefect"


def up(settings: Settings, say: Callable[[str], object] = print) -> int:
    """Run on the partnership's own record until Ctrl-C; the exit code."""
    house = open_house(settings)
    say(f"{house.rulebook.label}; record in {settings.home}.")
    if house.rulebook.partnership.example:
        say("This is the invented partnership: set SAFEGUARDING_PARTNERSHIP to your own file.")
    if settings.mail_url is None:
        say("No mail server is set (SAFEGUARDING_SECRET_MAIL_URL): every letter will be shown as undelivered.")
    return run(house, None, say)


def run(house: House, post: Postbox | None, say: Callable[[str], object]) -> int:
    """Run everything on this record, with this post, until Ctrl-C."""
    postman = Postman(house, post)

    def open_doors() -> serve.Doors:
        # Imported here, while the server starts and once Prefect's settings are in place.
        from flows import desk, doors, record_desk, short_forms, watch

        desk.use(record_desk.RecordDesk(house, postman.call, post))
        return doors.Doors(short_forms.short_forms(house.rulebook), doors.Sweep(flow=watch.watch))

    postman.start()
    try:
        settings = house.settings
        return serve.run(prefect_home(settings), settings.prefect_port, settings.as_environment(), open_doors, say)
    finally:
        postman.stop()


def rebuild(house: House, pool: str | None = None) -> Registered:
    """Bring back every card and schedule in the server that is running; on this work pool, if one is named."""
    from flows import surroundings

    surroundings.prepare(prefect_home(house.settings), house.settings.prefect_port)

    from flows import rebuilding

    return rebuilding.rebuild(house, pool)
