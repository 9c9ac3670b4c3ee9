"""
How people outside reach the partnership: what stands on a leaflet. Each part may be left out, and is then nowhere.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from safeguarding.mailbox import Mailbox
from safeguarding.values import FromFile, Sentence, Tidy

TELEPHONE = r"^[0-9+() ]{3,40}$|^$"
"""How a telephone number is written."""
WEBSITE = r"^https?://[^\s<>\"]{3,200}$|^$"
"""How the address of a website is written."""


class Contact(FromFile):
    """How people outside reach the partnership."""

    email: Mailbox | None = None
    """Empty: the shared mailbox of the business unit, where there is one."""
    telephone: Annotated[Tidy, StringConstraints(pattern=TELEPHONE)] = ""
    address: Sentence = ""
    """By post, in one line."""
    website: Annotated[Tidy, StringConstraints(pattern=WEBSITE)] = Field(default="")
