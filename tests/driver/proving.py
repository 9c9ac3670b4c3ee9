"""`safeguarding privacy prove` as the tests ask it: as a command, and in their own process."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from driver.page import System, surroundings
from flows.privacy import prove
from flows.privacy.prove import Proof
from tasks.record.installation import Installation

COMMAND = Path(sys.executable).with_name("safeguarding")
DOORS = {"short forms", "form check", "requests", "cards", "commands and their files", "the people's pages"}


def asked(settings: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """The command, to its end."""
    command = [str(COMMAND), "privacy", "prove", *words]
    return subprocess.run(command, env=surroundings() | settings, capture_output=True, text=True, check=False)


def forget_prefect(patch: pytest.MonkeyPatch, told: System | None = None) -> None:
    """Nothing of what another test of this process was told of its server, but what this system's operator sets."""
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        patch.delenv(name)
    for name, value in (told.environment if told else {}).items():
        patch.setenv(name, value)


def proved(installation: Installation) -> Proof:
    """The proof, in this process."""
    return prove.prove(installation, lambda _: nullcontext())
