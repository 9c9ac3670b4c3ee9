"""
How Prefect is set up here, as defaults that an operator's own environment overrides.

Prefect reads its settings when it is imported, so `prepare` comes before the first import of Prefect, in the server
and in every process that runs flows.
"""

from __future__ import annotations

import contextlib
import os
import ssl
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from config.settings import Settings
from flows.server import service_login
from tasks.store import private_files

OF_SERVER, OF_CLIENT = "PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"
"""Prefect's own settings for what a server wants to hear, and what its clients say."""
RUNS_KEPT = 14 * 24 * 60 * 60
"""Seconds."""
PORT_FILE = "port"
FILE, PAGE = "prefect.db", "ui"
"""Prefect's own database, and the folder with the page that it serves."""
EVENTS_KEPT = "P7D"
"""An ISO 8601 duration: of Prefect's two settings one reads seconds and the other reads only this."""


def settings(home: Path, port: int) -> dict[str, str]:
    """
    Prefect's settings for a server at this port with its files in `home`.

    PostgreSQL instead of SQLite, Redis and several replicas are Prefect's own settings, given by the environment.
    """
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
        # No outside request: neither by the server nor by the page in the reader's browser.
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(home / PAGE),
        "PREFECT_SERVER_UI_API_URL": "/api",
        # The gate lets no page of another address in; Prefect, which would let all of them, is told so too.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port}",
        # What has ended is pruned: the record of what happened is ours. A card that waits has not ended.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(RUNS_KEPT),
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": EVENTS_KEPT,
        # A sweep is due every quarter of an hour: a few runs ahead are enough to see when.
        "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_RUNS": "2",
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "4",
        # Nobody may make a block here, so their hundred kinds are not put into each new database.
        "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
        "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_CONFIG_PATH": str(resources.files("flows.server").joinpath("logging.yml")),
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        # The worker of ours looks for due runs every seventh of a second, for somebody waits; and ahead of none.
        "PREFECT_WORKER_QUERY_SECONDS": "0.15",
        "PREFECT_WORKER_PREFETCH_SECONDS": "0",
    }


def prepare(home: Path, port: int, keep: Path) -> None:
    """
    Give Prefect these settings in this process and its children. Call it before Prefect is imported.

    `keep` is the home folder, which keeps what our own processes say to a server that is started here, unless the
    environment says it. Raises ServiceLoginUnfit.
    """
    home.mkdir(parents=True, exist_ok=True)
    _say_who_we_are(keep)
    for name, value in settings(home, port).items():
        os.environ.setdefault(name, value)
    if os.environ["PREFECT_API_URL"].startswith("http://"):
        os.environ.setdefault("PREFECT_API_SSL_CERT_FILE", str(_one_certificate(home)))


def replace_environment(given: Mapping[str, str]) -> None:
    """Take this environment in the place of the one that a forked process has from its parent."""
    os.environ.clear()
    os.environ.update(given)


def _say_who_we_are(keep: Path) -> None:
    if given := os.environ.get(OF_SERVER):
        service_login.check(OF_SERVER, given)
    elif os.environ.get(OF_CLIENT):  # Of a server elsewhere: none is started here.
        return
    else:
        os.environ[OF_SERVER] = given = service_login.of(keep)
    if not os.environ.get(OF_CLIENT):
        os.environ[OF_CLIENT] = given


def keep_port(home: Path, port: int) -> None:
    """Note where the server of these files answers, for the commands beside it: they were not told `--port`."""
    private_files.replace(home / PORT_FILE, str(port))


def keeps_a_port(home: Path) -> bool:
    """Whether it is noted where a server of these files answers."""
    return (home / PORT_FILE).exists()


def forget_port(home: Path, port: int) -> None:
    """This server answers no more. Another one of the same files, started beside it by mistake, notes its own."""
    with contextlib.suppress(OSError):
        if (home / PORT_FILE).read_text(encoding="ascii").strip() == str(port):
            (home / PORT_FILE).unlink()


def port_of(settings: Settings) -> int:
    """The port at which the server of this home answers; where none runs the one of these settings."""
    try:
        return int((settings.home / "prefect" / PORT_FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return settings.prefect_port


def where(settings: Settings) -> tuple[str, str | None]:
    """The address of Prefect's interface as this environment has it, or at our port; and what our own processes say."""
    said = os.environ.get(OF_CLIENT) or os.environ.get(OF_SERVER) or service_login.known(settings.home)
    return os.environ.get("PREFECT_API_URL") or f"http://127.0.0.1:{port_of(settings)}/api", said


def files_of(settings: Settings) -> Path:
    """Where Prefect keeps its own files, by this environment or in the home folder."""
    return Path(os.environ.get("PREFECT_HOME") or settings.home / "prefect")


def database_file(home: Path) -> Path | None:
    """The file of Prefect's database; None where its own setting names another database."""
    return None if database() else home / FILE


def database() -> str | None:
    """The address of Prefect's own database, where the environment gives one."""
    return os.environ.get("PREFECT_SERVER_DATABASE_CONNECTION_URL") or None


def page_folder(home: Path) -> Path:
    """The folder from which Prefect serves its page."""
    return Path(os.environ.get("PREFECT_SERVER_UI_STATIC_DIRECTORY") or home / PAGE)


def for_preparing(home: Path) -> dict[str, str]:
    """The environment of a process that makes everything of Prefect's in this folder, whatever else is set for it."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "SAFEGUARDING_"))}
    return {**others, **settings(home, 0)}


def service() -> str:
    """What our own processes say to the server that is started here, once it is prepared."""
    return os.environ[OF_SERVER]


def _one_certificate(home: Path) -> Path:
    """
    A file with one certificate in it, for a server that is asked without TLS.

    Prefect reads its file of certificates for every client that it makes, also where none will ever be checked: of a
    hundred and forty of them it takes a twentieth of a second, several times for each press of Resume.
    """
    file = home / "one-certificate.pem"
    if not file.exists():
        trusted = ssl.create_default_context().get_ca_certs(binary_form=True)
        file.write_text("".join(ssl.DER_cert_to_PEM_cert(one) for one in trusted[:1]))
    return file
