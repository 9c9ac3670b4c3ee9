"""
The public register as an Atom feed (RFC 4287): an entry for each publication, whose id never changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.sax.saxutils import escape, quoteattr

from safeguarding.dates.london import LONDON, london_moment
from safeguarding.public_register.changes import PublicChanges
from safeguarding.public_register.entry import PublicEntry
from safeguarding.public_register.page import FEED, INDEX, KINDS, SIMULATION, TITLE, Issue

ATOM = "http://www.w3.org/2005/Atom"


def as_feed(entries: Sequence[PublicEntry], issue: Issue, changes: PublicChanges) -> str:
    """The whole feed, the latest publication first."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="{ATOM}" xml:lang="en-GB">',
        _said("id", _urn(issue, "")),
        _said("title", f"{TITLE}: {issue.partnership}"),
        *([_said("subtitle", SIMULATION)] if issue.simulation else []),
        _said("updated", _moment(changes.latest or _first_moment(issue.as_of))),
        f'<link rel="self" type="application/atom+xml" href="{FEED}"/>',
        f'<link rel="alternate" type="text/html" href="{INDEX}"/>',
        f"<author>{_said('name', issue.partnership)}</author>",
        *(line for one in entries for line in _entry(one, issue, changes.of[one.slug])),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


def _entry(one: PublicEntry, issue: Issue, changed_at: datetime) -> Iterator[str]:
    yield "<entry>"
    yield _said("id", _urn(issue, one.slug))
    yield _said("title", f"{one.pseudonym}: {KINDS[one.track][0]}")
    yield _said("published", _moment(_first_moment(one.published_on)))
    yield _said("updated", _moment(changed_at))
    yield f'<link rel="alternate" type="text/html" href="{one.slug}.html"/>'
    yield from (f"<category term={quoteattr(theme)}/>" for theme in one.themes)
    yield _said("summary", one.summary or f"{one.what_words}.")
    yield "</entry>"


def _said(element: str, words: str) -> str:
    return f"<{element}>{escape(words)}</{element}>"


def _urn(issue: Issue, slug: str) -> str:
    """An id that hangs on the partnership and the publication, and not on where the register is hosted."""
    ours: UUID = uuid5(NAMESPACE_URL, f"public-register:{issue.partnership}")
    return (uuid5(ours, slug) if slug else ours).urn


def _first_moment(on: date) -> datetime:
    return london_moment(on, time(0))


def _moment(at: datetime) -> str:
    """A moment as the clocks of London show it, with their offset."""
    return at.astimezone(LONDON).isoformat()
