"""
The settings of one installation, and the secrets it names. The only module that reads the environment.

Every setting is `SAFEGUARDING_` and its name: `SAFEGUARDING_HOME`, `SAFEGUARDING_DATABASE_URL`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "SAFEGUARDING_"


def _data_folder() -> Path:
    """The folder of this user's data, as the platform has it."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return (Path(base) if base else Path.home() / "AppData" / "Local") / "Safeguarding"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Safeguarding"
    base = os.environ.get("XDG_DATA_HOME")
    # The XDG specification says that a relative path is to be ignored.
    return (Path(base) if base and Path(base).is_absolute() else Path.home() / ".local" / "share") / "safeguarding"


class Settings(BaseSettings):
    """Where this installation keeps its record, which partnership it serves and how its mail leaves."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    home: Path = Field(default_factory=_data_folder)
    """The folder of the record, the logs and, in the demo, the caught messages."""
    database_url: str | None = None
    """The database of the record. Without it, SQLite under `home`."""
    partnership: Path | None = None
    """The partnership's own folder, or one file that holds all of it. Without it, the invented example."""
    prefect_port: int = Field(default=4200, ge=1, le=65535)
    prefect_address: str | None = None
    """Where managers reach the Prefect UI, if not on this machine: links in notices begin with it."""
    mail: str = "mail_url"
    """The name of the secret that holds the outgoing mail server's address."""
    sender: str = "safeguarding@localhost"
    sender_name: str = "Safeguarding partnership"

    @property
    def record_url(self) -> str:
        """The database of the record, as SQLAlchemy takes it."""
        return self.database_url or f"sqlite:///{(self.home / 'record.sqlite3').absolute()}"

    @property
    def prefect_url(self) -> str:
        """The address of the Prefect UI, without a slash at its end."""
        return (self.prefect_address or f"http://127.0.0.1:{self.prefect_port}").rstrip("/")

    def cards_page(self, tag: str = "card") -> str:
        """The page of the cards that wait, all of them or one review's; without the span it would show a week."""
        return f"{self.prefect_url}/runs?tag={tag}&state=Suspended&type=span&seconds=-63072000"

    def as_environment(self) -> dict[str, str]:
        """The environment of another process with these settings; what is not set hides what it would inherit."""
        given = {name: "" if value is None else str(value) for name, value in self.model_dump().items()}
        return {**os.environ, **{f"{PREFIX}{name.upper()}": value for name, value in given.items()}}

    @property
    def mail_url(self) -> str | None:
        """The outgoing mail server, from its secret."""
        return secret(self.mail)


def secret(name: str) -> str | None:
    """A secret by the name that a file gives it, or None: «hospital» is `SAFEGUARDING_SECRET_HOSPITAL`."""
    return os.environ.get(f"{PREFIX}SECRET_{name.upper().replace('-', '_')}") or None
