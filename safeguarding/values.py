"""
The base of every value: frozen once made, refusing what it does not know; and moments that say their time zone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from unicodedata import category

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment in the ledger must say its time zone")
    return moment


Moment = Annotated[datetime, AfterValidator(_aware)]


def tidy(given: Any) -> Any:
    """
    Words as a message may carry them: pasted spaces are spaces, and signs that cannot be seen are left out.

    Word and mail programs bring no-break spaces, soft hyphens, signs of no width and marks of direction along. Raises
    ValueError for a control character, which nobody means.
    """
    if not isinstance(given, str):
        return given
    kinds = {sign: category(sign) for sign in set(given)}
    if any(kind == "Cc" and sign not in "\t\n\r" for sign, kind in kinds.items()):
        raise ValueError("holds a control character, which cannot be seen: type it again")
    spaced = "".join(" " if kinds[sign][0] == "Z" else "" if kinds[sign] in UNSEEN else sign for sign in given)
    return " ".join(spaced.split())


UNSEEN = frozenset({"Cf", "Cs", "Co", "Cn"})
"""The kinds of sign that no page shows: of format, half characters, private and unassigned ones."""
LONGEST_NAME = 250
"""Letters of a name: with a rule's title it fits into one line of a message."""

Tidy = Annotated[str, BeforeValidator(tidy)]
"""Words in one line."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME), BeforeValidator(tidy)]
"""What something or somebody is called."""


class Frozen(BaseModel):
    """A value: never changed once made, and refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
