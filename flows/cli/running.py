"""
Commands that run the system, or what it does by itself.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows.cli.place import Here, Place
from flows.cli.said import Said
from flows.cli.typed import At, Port
from safeguarding.dates.london import now
from safeguarding.errors import SafeguardingError
from tasks.post.deliver import Postbox

STARTING = (
    "Starting Prefect's server, the pages and the cards: about ten seconds, longer where the machine does other things."
)


class DemoRunsByItself(SafeguardingError):
    """`up` was asked of the demo, whose letters would leave for people who do not exist."""

    code = "demo-runs-by-itself"

    def __init__(self) -> None:
        super().__init__("The demo is run by `safeguarding demo`, which catches its letters.")


def watch(*, at: At = None, here: Here) -> Said:
    """
    Sweep once: find what is owed, write the notices, deliver them. The demo's letters are caught.

    ```
    safeguarding watch --demo
    ```
    """
    from tasks.record.sweep_round import sweep_once

    installation = here.installation()
    moment = installation.at(at, now())
    with _post(here) as post, here.waiting("Sweeping, and delivering what is due"):
        done = sweep_once(installation, post, moment)
    blocked = [down.words for down in done.blocked]
    data = {
        "rungs": done.swept.rungs,
        "notices": done.swept.notices,
        "digests": done.digests,
        "delivered": done.delivered.delivered,
        "failed": done.delivered.failed,
        "blocked": blocked,
        "faults": list(done.faults),
        "changed": list(done.changed),
    }
    wrong = [*done.changed, *blocked, *done.faults]
    return Said([f"{done.words}.", *wrong], data, code=1 if wrong else 0)


def _post(here: Place) -> AbstractContextManager[Postbox | None]:
    """The post of the demo, while it is open; None for the partnership's own."""
    if not here.demo:
        return nullcontext()
    from flows.demo import demo

    return demo.caught(here.settings)


# --------------------------------------------------------------------------- the running system


def simulation(*, here: Here) -> Said:
    """
    Make a record, where there is none, that takes other times than now.

    ```
    SAFEGUARDING_HOME=/path/to/trial safeguarding simulation
    ```
    """
    installation = here.installation(make=True, simulation=True)
    installation.at(now(), now())
    return Said(
        [f"The record in {installation.settings.home} is a simulation: --at is allowed in it."], {"simulation": True}
    )


def rebuild_cards(*, here: Here) -> Said:
    """
    Bring back every card and schedule from the record.

    ```
    safeguarding cards rebuild --demo
    ```
    """
    from flows.server import one_command

    installation = here.installation()
    with here.waiting("Looking at every card"):
        done = one_command.rebuild(installation)
    return Said([f"{done.cards} cards are there, each waiting."], {"cards": done.cards})


def up(*, port: Port = None, here: Here) -> Said:
    """
    Run the system on your own record.

    ```
    safeguarding up
    ```
    """
    from flows.server import one_command

    if here.demo:
        raise DemoRunsByItself
    settings = here.settings
    if port:
        settings = settings.model_copy(update={"prefect_port": port})
    here.note(STARTING)
    return Said([], {}, code=one_command.up(settings, at_a_terminal=here.waited_for))


def demo(*, port: Port = None, home: Annotated[Path | None, Parameter(metavar="FOLDER")] = None, here: Here) -> Said:
    """
    Run the system on an invented partnership with twelve reviews.

    ```
    safeguarding demo
    ```

    Parameters
    ----------
    home
        Where the demo keeps its record, if not beside your own.
    """
    from flows.demo import demo

    here.note(STARTING)
    return Said([], {}, code=demo.run(home, port, waiting=here.waiting))


def login(*, here: Here) -> Said:
    """
    Give the page a login, in the place of the one before. Typed or made up.

    ```
    safeguarding login
    ```

    At a terminal it asks for a name and words, unseen; Enter makes one up and shows it once. Elsewhere it reads one
    line. A running system takes it at once.
    """
    from flows.server import login as page

    home = here.settings.home
    given = here.unseen("The new login as name:words (Enter makes one up): ", "The same again: ")
    kept = given or page.invented()
    page.keep(home, kept)
    if here.demo:
        from flows.demo import demo

        demo.login_changed(home)
    if given:
        return Said(["The login of the page is changed. The one before lets nobody in any more."], {"made": False})
    words = ["The login of the page, shown this once:", f"  {kept}", "The one before lets nobody in any more."]
    return Said(words, {"made": True, "login": kept})
