"""
For which steps a partnership wants it proved who signs.
"""

from __future__ import annotations

from typing import Literal

from safeguarding.values import FromFile, Key

MOST_DEMANDS = 200
"""More steps than there are."""


class DemandedProof(FromFile):
    """A step that nobody takes without having signed in: by a code or better, or by an authenticator alone."""

    step: Key
    by: Literal["code", "authenticator"] = "code"
