"""
Prefect's own server behind the front of ours: `python -m flows.server.server --home DIR --port 4200`.

Nothing of Prefect is replaced. What privacy and durability hang on is proved once the server has opened its database
and before it serves; where something does not hold it ends, and its last line says what.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.settings import Settings
from flows.server import prefect_settings
from flows.server.asgi import Application
from flows.server.login import KeptLogin
from flows.server.prepared import begin_with, stands
from flows.server.server_process import REFUSED
from flows.server.sqlite import NotInForce, SafeSqlite
from safeguarding.errors import SafeguardingError
from tasks.events.nothing_typed import check_logs
from tasks.store import heap, private_files

if TYPE_CHECKING:
    import uvicorn

log = logging.getLogger("safeguarding.server")

STOP_AFTER = 0.5
"""Seconds from a refusal to the end of a server that has served nothing."""


def check_settings() -> None:
    """Whether Prefect's settings are as privacy needs them in this process. Raises NotInForce, LogsNotHeldBack."""
    from prefect.settings import get_current_settings

    check_logs()
    current = get_current_settings()
    never = {
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT is on: results would be kept": current.results.persist_by_default,
        "PREFECT_SERVER_ANALYTICS_ENABLED is on: the server would phone": current.server.analytics_enabled,
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED is on: it would turn away our own processes; forged requests "
        "are held off by the gate": current.server.api.csrf_protection_enabled,
    }
    wrong = tuple(words for words, on in never.items() if on)
    if wrong:
        raise NotInForce(wrong)


def serve(
    home: Path,
    port: int,
    *,
    webserver_only: bool = False,
    with_record: bool = False,
    in_turn: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> int:
    """
    Serve until told to stop; the exit code. Says why where it will not.

    `webserver_only`: the API and the page, for the services run elsewhere. `in_turn` is held from the start until
    Prefect's tables and its first rows are there: of several parts that start at once, one makes them.
    """
    settings = Settings()
    kept = KeptLogin(settings.home)
    try:
        private_files.close(settings.home)
        kept.now()
        prefect_settings.prepare(home, port, settings.home)
        begin_with(home, invented=settings.partnership is None)
    except SafeguardingError as refused:
        return _refused(refused)

    # Prefect reads its settings when it is imported: not before they are prepared.
    from prefect.server.api.server import create_app
    from prefect.settings import get_current_settings

    from flows.server.doorkeeper import Doorkeeper
    from flows.server.front import Front
    from flows.server.gate import Addresses, Gate
    from flows.server.proved import Proved

    url = get_current_settings().server.database.connection_url
    sqlite = SafeSqlite(url.get_secret_value() if url is not None else f"sqlite+aiosqlite:///{home}/prefect.db")
    service = prefect_settings.service()
    with ExitStack() as held:
        try:
            check_settings()
            sqlite.install()
            held.callback(sqlite.remove)
            # Before the application is made, which Prefect makes anew for each of its settings.
            held.enter_context(no_step_unneeded(sqlite.file))
            application: Any = create_app(final=True, webserver_only=webserver_only)
            private_files.close(settings.home)  # Prefect copies its page as the package has it.
        except SafeguardingError as refused:
            return _refused(refused)
        current = get_current_settings()
        proved = Proved(application, sqlite, service, f"127.0.0.1:{port}", in_turn)
        reached = Addresses.of(current.server.api.host, port, settings.prefect_address, str(current.api.url))
        proved.finished = Gate(Front(proved, with_record=with_record), reached, Doorkeeper(kept, service), service)
        server = _listening(proved.finished, port)
        # Ended as when it is told to stop, once it has begun: Prefect's services then end in order.
        proved.refused = lambda: asyncio.get_running_loop().call_later(STOP_AFTER, setattr, server, "should_exit", True)
        held.callback(sqlite.keep_folding())
        server.run()
    return _refused(proved.refusal) if proved.refusal is not None else 0 if server.started else 1


def _listening(application: Application, port: int) -> uvicorn.Server:
    """What serves this application at this port, as Prefect's own settings say."""
    import uvicorn
    from prefect.settings import get_current_settings

    api = get_current_settings().server.api
    return uvicorn.Server(
        uvicorn.Config(
            application,
            host=api.host,
            port=port,
            log_level="warning",
            log_config=None,
            timeout_keep_alive=api.keepalive_timeout,
            proxy_headers=False,  # The gate itself looks at what a proxy says, and believes one on this machine only.
            server_header=False,
        )
    )


def no_step_unneeded(file: Path | None) -> AbstractContextManager[object]:
    """
    Where Prefect's tables are as it would make them, it does not look whether they are.

    It reads all its sixty steps for that, and keeps what it read them with: half a second of processor and 10 MB.
    """
    from prefect.settings import temporary_settings

    if file is None or not stands(file):
        return nullcontext()
    return temporary_settings({"server.database.migrate_on_start": False})


def _refused(why: SafeguardingError) -> int:
    log.error("%s", why)
    return REFUSED


def _stop_with_parent() -> None:
    """Standard input ends when the process that holds its other end does, however that came about."""
    while os.read(0, 4096):  # By its number: where the starting process was given none, Python has no name for it.
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop."""
    private_files.make_private()
    heap.keep_in_one_place()
    heap.keep_giving_back()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="where Prefect keeps its files")
    parser.add_argument("--port", type=int, default=4200)
    parser.add_argument("--no-services", action="store_true", help="a replica: the API only")
    parser.add_argument("--with-record", action="store_true", help="try forms against the record of this environment")
    parser.add_argument("--while-stdin-is-open", action="store_true", help="stop when the starting process is gone")
    asked = parser.parse_args(arguments)
    if asked.while_stdin_is_open:
        threading.Thread(target=_stop_with_parent, name="parent", daemon=True).start()
    return serve(asked.home, asked.port, webserver_only=asked.no_services, with_record=asked.with_record)


if __name__ == "__main__":
    sys.exit(main())
