"""
Commands of whoever runs the parts of the system apart: the server by itself, and the doors for stock workers.
"""

from __future__ import annotations

from typing import Any

from config.settings import Settings
from flows.cli.said import Arguments, Said
from safeguarding.dates.london import now
from tasks.record.installation import open_installation


def register_doors(arguments: Arguments) -> Said:
    """Put every door and card on a work pool of the server that is running."""
    from flows.server import one_command

    done = one_command.rebuild(open_installation(now()), arguments.pool)
    found = "made" if done.pool_made else "there already"
    words = [
        f"{done.doors} doors are on the work pool {arguments.pool} ({found}); {done.cards} cards wait, "
        f"{done.touched} of them made or brought up to date now.",
        f"They are run by `prefect worker start --pool {arguments.pool}`, once or several times.",
    ]
    data = {
        "pool": arguments.pool,
        "pool_made": done.pool_made,
        "doors": done.doors,
        "cards": done.cards,
        "touched": done.touched,
    }
    return Said(words, data)


def server(arguments: Arguments) -> Said:
    """Run Prefect's server, or a part of it, until told to stop."""
    from flows.server import replicas

    settings = Settings()
    port = arguments.port or settings.prefect_port
    part = replicas.Part(arguments.part)
    # Each has a folder of its own: replicas on one machine would copy the page over each other.
    folder = {"whole": "prefect", "replica": f"prefect-{port}", "services": "prefect-services"}[part.value]
    return Said([], {}, code=replicas.run(settings.home / folder, port, part))


def register(command: Any) -> None:
    """These commands, for `flows.cli`."""
    made = command("register", register_doors, "Put every door and card on a work pool, for stock Prefect workers.")
    made.add_argument("--pool", required=True, metavar="NAME", help="the work pool; made, of type process, if missing")
    made = command("server", server, "Run Prefect's server by itself, without the doors.")
    made.add_argument("--port", type=int, help="of the page (4200 unless set)")
    which = made.add_mutually_exclusive_group()
    parts = {"replica": "one of several: the API and the page", "services": "the one process of its services"}
    for part, words in parts.items():
        option = "--no-services" if part == "replica" else "--services-only"
        which.add_argument(option, action="store_const", dest="part", const=part, help=words)
    made.set_defaults(part="whole")
