"""
Pages of reviews drawn one by one, so that one which cannot be drawn stops no other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

from flows.artifacts.artifact import Artifact
from tasks.events.nothing_typed import account_of
from tasks.record.installation import Installation
from tasks.store.whereabouts import unavailable

log = logging.getLogger("safeguarding.pages")


def each_of(
    drawn: Callable[[Installation, Sequence[str]], list[Artifact]], installation: Installation, of: Iterable[str]
) -> list[Artifact]:
    """The pages of these reviews; one that cannot be drawn keeps its last, and is named in the log."""
    pages: list[Artifact] = []
    for reference in of:
        try:
            pages += drawn(installation, [reference])
        except Exception as error:
            if unavailable(error, installation.settings.record_url) is not None:
                raise
            log.error("%s: a page cannot be drawn: %s", reference, account_of(error))
    return pages
