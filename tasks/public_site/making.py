"""
The public register of a record on a day: its entries, and every file of its site.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from importlib.resources import files

from safeguarding.public_register.changes import PublicChanges, changes_of
from safeguarding.public_register.entry import READ, PublicEntry, public_entries
from safeguarding.public_register.page import STYLE, Issue
from safeguarding.public_register.site import site
from safeguarding.review.states import Track
from tasks.record.records import Records
from tasks.record.shareable import shareable
from tasks.store.register_parts import read_known
from tasks.store.session import reading


def read_public(records: Records, today: date, tracks: Collection[Track]) -> tuple[list[PublicEntry], PublicChanges]:
    """
    What is public on a day (London) of the reviews of these tracks, and when that changed. Only approved wordings are
    opened for it.

    Raises SealBroken for one that does not open.
    """
    with reading(records.engine) as connection:
        known = read_known(connection, records.rulebook, READ, None)
    ours = replace(known, reviews={name: one for name, one in known.reviews.items() if one.track in tracks})
    return public_entries(ours, today, shareable(records)), changes_of(ours, today)


def files_of(records: Records, today: date) -> dict[str, bytes]:
    """Every file of the site by its name: the same bytes for the same record and day. Raises SealBroken."""
    partnership = records.rulebook.on(today).partnership
    tracks = tuple(track for track in Track if track.value in partnership.tracks)
    issue = Issue(partnership.name, today, tracks, simulation=records.identity().simulation)
    entries, changes = read_public(records, today, tracks)
    made = site(entries, issue, changes)
    style = files("tasks").joinpath("public_site", STYLE).read_bytes()
    return {STYLE: style, **{name: text.encode() for name, text in made.items()}}
