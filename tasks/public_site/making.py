"""
The public register of a record on a day: its entries, and every file of its site.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from importlib.resources import files

from safeguarding.public_register.entry import READ, PublicEntry, public_entries
from safeguarding.public_register.page import STYLE, Issue
from safeguarding.public_register.site import site
from safeguarding.review.states import Track
from tasks.record.records import Records
from tasks.record.shareable import shareable
from tasks.store.register_parts import read_known
from tasks.store.session import reading


def read_public(records: Records, today: date, tracks: Collection[Track]) -> list[PublicEntry]:
    """
    What is public on a day (London) of the reviews of these tracks. Only approved wordings are opened for it.

    Raises SealBroken for one that does not open.
    """
    with reading(records.engine) as connection:
        known = read_known(connection, records.rulebook, READ, None)
    of_tracks = {name: one for name, one in known.reviews.items() if one.track in tracks}
    return public_entries(replace(known, reviews=of_tracks), today, shareable(records))


def files_of(records: Records, today: date) -> dict[str, bytes]:
    """Every file of the site by its name: the same bytes for the same record and day. Raises SealBroken."""
    partnership = records.rulebook.on(today).partnership
    tracks = tuple(track for track in Track if track.value in partnership.tracks)
    issue = Issue(partnership.name, today, tracks, simulation=records.identity().simulation)
    made = site(read_public(records, today, tracks), issue)
    style = files("tasks").joinpath("public_site", STYLE).read_bytes()
    return {STYLE: style, **{name: text.encode() for name, text in made.items()}}
