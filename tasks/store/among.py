"""
A query, narrowed to some reviews: those that have moved, where what was read of the others still stands.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Table

FEW = 400
"""So many reviews are asked for by their references; where they are more, it takes less to read all."""


def among(table: Table, references: Collection[str] | None) -> list[ColumnElement[bool]]:
    """The condition that narrows a query of a table to some reviews; none where all are asked for."""
    return [] if references is None else [table.c.reference.in_(references)]


def if_few(references: Collection[str]) -> Collection[str] | None:
    """These reviews, as they may be asked for; None, for all, where they are too many to be named."""
    return references if len(references) <= FEW else None
