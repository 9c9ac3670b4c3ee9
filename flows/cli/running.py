"""
Commands that run the system, or what it does by itself.
"""

from __future__ import annotations

from config.settings import Settings
from flows.cli.said import Arguments, Said
from safeguarding.dates.london import now
from tasks.record.installation import open_installation


def watch(arguments: Arguments) -> Said:
    """Sweep once and deliver."""
    from tasks.record.sweep_round import sweep_once

    installation = open_installation(now())
    done = sweep_once(installation, None, installation.at(arguments.at, now()))
    blocked = [down.words for down in done.blocked]
    data = {
        "rungs": done.swept.rungs,
        "notices": done.swept.notices,
        "digests": done.digests,
        "delivered": done.delivered.delivered,
        "failed": done.delivered.failed,
        "blocked": blocked,
        "faults": list(done.faults),
    }
    return Said([f"{done.words}.", *blocked, *done.faults], data, code=1 if blocked or done.faults else 0)


# --------------------------------------------------------------------------- the running system


def simulation(_: Arguments) -> Said:
    """Make a record that takes other times than now. Raises NotASimulation if there is a real one."""
    installation = open_installation(now(), simulation=True)
    installation.at(now(), now())
    return Said(
        [f"The record in {installation.settings.home} is a simulation: --at is allowed in it."], {"simulation": True}
    )


def rebuild_cards(_: Arguments) -> Said:
    """Bring back every card and schedule."""
    from flows.server import one_command

    done = one_command.rebuild(open_installation(now()))
    return Said([f"{done.cards} cards are there, each waiting."], {"cards": done.cards})


def up(arguments: Arguments) -> Said:
    """Run the system on the partnership's own record."""
    from flows.server import one_command

    settings = Settings()
    if arguments.port:
        settings = settings.model_copy(update={"prefect_port": arguments.port})
    return Said([], {}, code=one_command.up(settings))


def demo(arguments: Arguments) -> Said:
    """Run the system on the invented partnership."""
    from flows.demo import demo

    return Said([], {}, code=demo.run(arguments.home, arguments.port))
