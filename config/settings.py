"""
The settings of one installation, and the secrets it names. The only module that reads the environment.

Every setting is `SAFEGUARDING_` and its name: `SAFEGUARDING_HOME`, `SAFEGUARDING_DATABASE_URL`. A secret is
`SAFEGUARDING_SECRET_` and its name, or else a file of its own, as systemd and containers give them.
"""

from __future__ import annotations

import errno
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, create_model, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from safeguarding.errors import SafeguardingError

PREFIX = "SAFEGUARDING_"
OWN_FOLDER = f"{PREFIX}CONFIG"
"""The setting that names the partnership's own folder."""
OWN_FOLDER_BEFORE = f"{PREFIX}PARTNERSHIP"
"""What that setting was called before: an installation that has it goes on."""


LAST_PORT = 65535
BESIDE_PREFECT = 100
"""How far the port of the people's pages lies above Prefect's: those next to it belong to replicas."""


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


class HomeUnfit(SafeguardingError):
    """The folder of the record is a file, or would lie in one."""

    code = "home-unfit"

    def __init__(self, home: str) -> None:
        words = f"{home} cannot be the folder of the record: a file is there, or where a folder above it should be."
        super().__init__(f"{words} Set {PREFIX}HOME to a folder.", home)


class TwoFolders(SafeguardingError):
    """The partnership's folder is set under two names, the setting's own and the one it had before, and they differ."""

    code = "two-folders"

    def __init__(self, new: str, before: str) -> None:
        words = f"{OWN_FOLDER} names {new}, and {OWN_FOLDER_BEFORE}, as it was called before, names {before}."
        super().__init__(f"{words} Keep {OWN_FOLDER}, and take the other out.", new, before)


class Settings(BaseSettings):
    """Where this installation keeps its record, which partnership it serves and how its mail leaves."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_prefix_target="all", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    home: Path = Field(default_factory=_data_folder)
    """The folder of the record, the logs and, in the demo, the caught messages."""
    database_url: str | None = None
    """The database of the record. Without it, SQLite under `home`."""
    partnership: Path | None = Field(default=None, validation_alias=AliasChoices("partnership", "config"))
    """
    The partnership's own folder, or one file that holds all of it. Without it, the invented example.

    `SAFEGUARDING_CONFIG` names it, and `SAFEGUARDING_PARTNERSHIP`, as it was called before.
    """
    prefect_port: int = Field(default=4200, ge=1, le=LAST_PORT)
    prefect_address: str | None = None
    """Where managers reach the Prefect UI, if not on this machine: links in notices begin with it."""
    pages_port: int | None = Field(default=None, ge=1, le=LAST_PORT)
    """The port of the people's own pages on this machine. Without it, a hundred above that of Prefect's page."""
    pages_host: str = "127.0.0.1"
    """The address of this machine at which the pages listen; another one only inside a container's own network."""
    pages_address: str | None = None
    """Where people reach their pages, if not on this machine: they answer to it, and cookies go by https alone."""
    secrets_folder: Path | None = None
    """The folder of secrets: one file each, with the secret's name. What the environment says goes before it."""
    mail: str = "mail_url"
    """The name of the secret that holds the outgoing mail server's address."""
    sender: str = "safeguarding@localhost"
    sender_name: str = "Safeguarding partnership"

    @field_validator("prefect_address", "pages_address")
    @classmethod
    def _begins_as_a_browser_has_it(cls, given: str | None) -> str | None:
        """Without its beginning nobody knows whose address it is: the page answers to this one."""
        found = urlsplit(given or "https://unset")
        if found.scheme not in ("http", "https") or not found.netloc:
            raise ValueError("an address begins with https:// or http:// and a name")
        return given

    @model_validator(mode="after")
    def _one_folder(self) -> Self:
        """Which of two folders is meant nobody can tell: reviews would run by the wrong people."""
        new, before = (os.environ.get(name) for name in (OWN_FOLDER, OWN_FOLDER_BEFORE))
        if new and before and Path(new).absolute() != Path(before).absolute():
            raise TwoFolders(new, before)
        return self

    @property
    def record_url(self) -> str:
        """The database of the record, as SQLAlchemy takes it."""
        return self.database_url or f"sqlite:///{(self.home / 'record.sqlite3').absolute()}"

    @property
    def own_templates(self) -> Path | None:
        """Where the partnership's own templates of letters lie if it has any: in its folder, or beside its one file."""
        if self.partnership is None:
            return None
        return (self.partnership.parent if self.partnership.is_file() else self.partnership) / "templates"

    def make_home(self) -> None:
        """Make the folder of the record where there is none. Raises HomeUnfit where there can be none."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise HomeUnfit(str(self.home)) from None

    @property
    def prefect_url(self) -> str:
        """The address of the Prefect UI, without a slash at its end."""
        return (self.prefect_address or f"http://127.0.0.1:{self.prefect_port}").rstrip("/")

    @property
    def port_of_pages(self) -> int:
        """The port of the people's pages: 4300 beside 4200, and as far from any other of Prefect's."""
        beside = self.prefect_port + BESIDE_PREFECT
        return self.pages_port or (beside if beside <= LAST_PORT else self.prefect_port - BESIDE_PREFECT)

    @property
    def pages_url(self) -> str:
        """The address of the people's pages, without a slash at its end."""
        return (self.pages_address or f"http://127.0.0.1:{self.port_of_pages}").rstrip("/")

    @property
    def pages_reached(self) -> str | None:
        """
        Where somebody who reads Prefect's page reaches the people's pages; None where nobody knows.

        What is set, or this machine where Prefect's page is read on this machine too.
        """
        return self.pages_url if self.pages_address or not self.prefect_address else None

    def review_page(self, reference: str) -> str:
        """The own page of a review, for a reader of Prefect's page; empty where that reader could not reach it."""
        return f"{self.pages_reached}/reviews/{reference}" if self.pages_reached else ""

    def reached_from_a_letter(self, *, here: bool) -> tuple[str | None, str | None]:
        """
        Where readers of letters reach the people's pages and Prefect's page; None for what nobody else could reach.

        What is set; the addresses of this machine only where its readers sit at it (`here`: the demo, a trial).
        """
        pages = self.pages_url if self.pages_address or here else None
        return pages, self.prefect_url if self.prefect_address or here else None

    def card_page(self, reference: str) -> str:
        """A review's card, for a reader of the people's pages; empty where that reader could not reach it."""
        return self.cards_page(reference) if self.prefect_address or not self.pages_address else ""

    def cards_page(self, tag: str = "card") -> str:
        """The page of the cards that wait, all of them or one review's; without the span it would show a week."""
        return f"{self.prefect_url}/runs?tag={tag}&state=Suspended&type=span&seconds=-63072000"

    def duties_page(self) -> str:
        """The page of the duties of the law that come next, each by its day; without the span none would show."""
        return f"{self.prefect_url}/runs?tag=duty&state=Scheduled&type=span&seconds=63072000"

    def of_demo(self) -> Settings:
        """The same for the demo: a record of its own in the folder beside ours, and the invented partnership."""
        theirs = {"home": self.home.parent / "safeguarding-demo", "database_url": None, "partnership": None}
        return self.model_copy(update=theirs)

    def as_environment(self) -> dict[str, str]:
        """The environment of another process with these settings; what is not set hides what it would inherit."""
        given = {name: "" if value is None else str(value) for name, value in self.model_dump().items()}
        named = {f"{PREFIX}{name.upper()}": value for name, value in given.items()}
        return {**os.environ, **named, OWN_FOLDER: named[OWN_FOLDER_BEFORE], OWN_FOLDER_BEFORE: ""}

    @property
    def mail_url(self) -> str | None:
        """The outgoing mail server, from its secret."""
        return secret(self.mail)


# --------------------------------------------------------------------------- secrets


class SecretUnreadable(SafeguardingError):
    """A secret lies where it cannot be read. Never says what a file holds."""

    code = "secret-unreadable"

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"The secret {name} cannot be read: {why}.", name, why)


def secret(name: str) -> str | None:
    """
    A secret by the name that a file gives it, or None. Raises SecretUnreadable.

    «hospital» is `SAFEGUARDING_SECRET_HOSPITAL`, or else the file `hospital` or `HOSPITAL` in the folder of secrets. It
    is read each time it is asked for, so a new one counts without a restart.
    """
    try:
        found = _asking_for(name)().value
    except (SettingsError, OSError) as error:
        raise SecretUnreadable(name, _why(error)) from None
    return (found and found.get_secret_value()) or None


class _OneSecret(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=f"{PREFIX}SECRET_", env_prefix_target="alias", env_ignore_empty=True, extra="ignore"
    )

    value: SecretStr | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes before the folders; a file has the bare name."""
        return env_settings, SecretsSettingsSource(settings_cls, _folders(), env_prefix="")


@cache
def _asking_for(name: str) -> type[_OneSecret]:
    """The settings that hold this one secret. The partnership's file names it, so it has no field of its own."""
    names = dict.fromkeys((name.replace("-", "_"), name))
    field: Any = (SecretStr | None, Field(default=None, validation_alias=AliasChoices(*names)))
    return create_model("OneSecret", __base__=_OneSecret, value=field)


def _folders() -> list[Path]:
    """Where secrets lie in files, the one that goes before the other last: systemd's own, and the one that is set."""
    handed = [Path(folder) for folder in [os.environ.get("CREDENTIALS_DIRECTORY")] if folder]
    named = Settings().secrets_folder
    if named is not None and not named.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, f"{PREFIX}SECRETS_FOLDER names no folder", str(named))
    return [folder for folder in handed if folder.is_dir()] + [folder for folder in [named] if folder]


def _why(error: SettingsError | OSError) -> str:
    cause = error.__cause__ if isinstance(error, SettingsError) else error
    if isinstance(cause, OSError):
        return f"{cause.filename}: {cause.strerror}"
    return "its file is no text in UTF-8" if isinstance(cause, UnicodeError) else "its file cannot be used"
