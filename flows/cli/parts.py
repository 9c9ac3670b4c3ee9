"""
Commands of whoever runs the parts of the system apart: the server by itself, and the doors for stock workers.
"""

from __future__ import annotations

from typing import Annotated

from cyclopts import Group, Parameter

from flows.cli.place import Here, Place
from flows.cli.said import Said
from flows.cli.typed import Port, one_of

WHICH = Group("Which part", validator=one_of)
POOL = "reviews"
"""As in `flows.server.work_pool`, which takes Prefect's seconds to import."""


def register_doors(
    *,
    pool: Annotated[str, Parameter(metavar="NAME")] = POOL,
    as_file: Annotated[bool, Parameter(name="--print")] = False,
    here: Here,
) -> Said:
    """
    Put every flow and card on a work pool, for Prefect's workers. Makes the record if there is none.

    ```
    safeguarding register --pool reviews
    safeguarding register --print > prefect.yaml
    ```

    The public register of reviews is another thing: `safeguarding register publish FOLDER`.

    Parameters
    ----------
    pool
        The work pool (reviews unless given); made, of type process, if missing.
    as_file
        Print the deployments as a prefect.yaml, and change nothing.
    """
    if as_file:
        return _as_prefect_yaml(pool, here)

    from flows.server import one_command

    installation = here.installation(make=True)
    with here.waiting("Registering every door"):
        done = one_command.rebuild(installation, pool)
    found = "made" if done.pool_made else "there already"
    words = [
        f"{done.doors} doors are on the work pool {pool} ({found}); {done.cards} cards wait, "
        f"{done.touched} of them made or brought up to date now.",
        f"They are run by `prefect worker start --pool {pool}`, once or several times.",
    ]
    data = {
        "pool": pool,
        "pool_made": done.pool_made,
        "doors": done.doors,
        "cards": done.cards,
        "touched": done.touched,
    }
    return Said(words, data)


def _as_prefect_yaml(pool: str, here: Place) -> Said:
    from flows.server import registration

    registered = registration.deployments(here.rulebook)
    data = [{"name": one.full_name, "entrypoint": one.entrypoint, "pool": pool} for one in registered]
    return Said([registration.as_prefect_yaml(registered, pool).removesuffix("\n")], data)


def server(
    *,
    port: Port = None,
    no_services: Annotated[bool, Parameter(group=WHICH)] = False,
    services_only: Annotated[bool, Parameter(group=WHICH)] = False,
    here: Here,
) -> Said:
    """
    Run Prefect's server by itself, without the doors, until told to stop.

    ```
    safeguarding server --no-services --port 4200
    safeguarding server --services-only
    ```

    Parameters
    ----------
    no_services
        One of several: the API and the page.
    services_only
        The one process of its services.
    """
    from flows.server import replicas

    settings = here.settings
    port = port or settings.prefect_port
    part = replicas.Part("replica" if no_services else "services" if services_only else "whole")
    # Each has a folder of its own: replicas on one machine would copy the page over each other.
    folder = {"whole": "prefect", "replica": f"prefect-{port}", "services": "prefect-services"}[part.value]
    return Said([], {}, code=replicas.run(settings.home / folder, port, part, settings))
