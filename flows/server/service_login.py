"""
What our own processes say to Prefect's server instead of a person's login: one long random word of this installation.

The worker, the commands and the server itself know it; no person types it, and no page is let in with it.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from safeguarding.errors import SafeguardingError
from tasks.store import private_files

FILE = "service.login"
NAME = "service:"
SHORTEST = 24
"""Signs after the name."""
SAMPLE = "replace-this-by-a-long-random-word"
"""What `deployments/scaled.env` is shipped with."""


class ServiceLoginUnfit(SafeguardingError):
    """The word that our own processes are to use is a sample, can be guessed, or is a person's. Never repeats it."""

    code = "service-login-unfit"

    def __init__(self, setting: str, faults: tuple[str, ...]) -> None:
        self.unmet = faults
        super().__init__(
            f"{setting} is not taken: {'; '.join(faults)}. It is what our own processes use, and never typed: "
            f"leave it out with one command, or in parts set `{NAME}` and the output of `openssl rand -hex 32`. "
            "The login of the page is another one: `safeguarding login`.",
            setting,
            faults,
        )


def check(setting: str, given: str) -> None:
    """Whether this can be the word of our own processes. Raises ServiceLoginUnfit, naming everything wrong with it."""
    word = given.removeprefix(NAME)
    faults = (
        *([] if given.startswith(NAME) else [f"it does not begin with {NAME}"]),
        *(["it is the sample of our own files"] if SAMPLE in given else []),
        *([f"it is shorter than {SHORTEST} signs"] if len(word) < SHORTEST else []),
        *(["it repeats a few signs"] if len(set(word)) < 8 else []),
        *([] if given.isascii() and given.isprintable() else ["it is not made of plain signs"]),
    )
    if faults:
        raise ServiceLoginUnfit(setting, faults)


def known(home: Path) -> str | None:
    """The word of this installation, where it was made and this user may read it; none is made."""
    try:
        return (home / FILE).read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def of(home: Path) -> str:
    """The word of this installation, made at its first start. Raises ServiceLoginUnfit for a file that was changed."""
    file = home / FILE
    if not file.exists():
        private_files.write_once(file, NAME + secrets.token_urlsafe(32))
    given = file.read_text(encoding="utf-8").strip()
    check(str(file), given)
    return given
