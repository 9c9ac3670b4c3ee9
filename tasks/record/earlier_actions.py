"""
The actions of earlier reviews on the same themes: what was agreed before, how it stands, and what it changed.

References, agencies and codes; what an action says stays sealed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import literal, or_, select

from safeguarding.law.rulebook import Rulebook
from safeguarding.law.themes import theme_words
from safeguarding.review.words import agency_name
from tasks.record.records import Records
from tasks.store.session import reading
from tasks.store.tables import actions, reviews


class EarlierAction(NamedTuple):
    """An action on one of the themes that are asked about."""

    reference: str
    action: str
    agency: str
    """Its agency, by its name today."""
    status: str
    impact: str
    """What was seen of its impact last, in words; that it was not looked at yet, before."""
    impact_on: date | None
    themes: tuple[str, ...]
    """Those of its themes that are asked about, by their words."""

    @property
    def words(self) -> str:
        """How it stands, in one line."""
        return f"{self.agency}: {self.status}; {self.impact}"


def earlier_actions(
    records: Records, rulebook: Rulebook, themes: Collection[str], seen: Collection[str], but: str = ""
) -> list[EarlierAction]:
    """
    The actions on any of these themes, the latest review first: of the reviews that whoever asks may see (`seen`), and
    not of the one that they are writing for (`but`). `rulebook` is the one of the day.
    """
    if not themes:
        return []
    listed = literal(",") + actions.c.themes + literal(",")
    on_one = or_(*(listed.contains(f",{theme},", autoescape=True) for theme in sorted(themes)))
    query = (
        select(actions)
        .join(reviews, reviews.c.reference == actions.c.reference)
        .where(on_one, actions.c.reference != but)
        .order_by(reviews.c.opened_at.desc(), actions.c.reference, actions.c.action)
    )
    with reading(records.engine) as connection:
        rows = connection.execute(query).all()
    partnership, theirs = rulebook.partnership, {*seen}
    return [
        EarlierAction(
            reference=row.reference,
            action=row.action,
            agency=agency_name(row.agency, partnership),
            status=row.status,
            impact=f"{row.impact} on {row.impact_on.isoformat()}" if row.impact else "impact not looked at",
            impact_on=row.impact_on,
            themes=tuple(theme_words(one, partnership.themes) for one in row.themes.split(",") if one in themes),
        )
        for row in rows
        if row.reference in theirs
    ]
