"""The days of requests and of actions as they were put right, and what is known of an action that was reopened."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from safeguarding.review.fold import fold
from tasks.store import ledger

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

JUDGED = ("moved_on", "verified_by", "grade", "evidence", "impact", "impact_on", "what_now")
DAYS = {"moved_on", "impact_on", "asked_on", "answered_on"}


def columns(*names: str) -> list[sa.ColumnClause[Any]]:
    """Columns by their names, days as days."""
    return [sa.column(name, sa.Date()) if name in DAYS else sa.column(name) for name in names]


actions = sa.table("actions", *columns("reference", "action", *JUDGED))
requests = sa.table("requests", *columns("reference", "number", "asked_on", "answered_on"))


def upgrade() -> None:
    """What a correction or a reopening reaches, filled from the ledger again. Not a line of it changes."""
    connection = op.get_bind()
    for reference, chain in ledger.chains(connection):
        review = fold(ledger.as_event(row) for row in chain)
        for action in review.actions:
            mine = sa.and_(actions.c.reference == reference, actions.c.action == action.id)
            judged = {name: getattr(action, name) for name in JUDGED}
            connection.execute(sa.update(actions).where(mine).values(**judged))
        for number, request in enumerate(review.requests, start=1):
            mine = sa.and_(requests.c.reference == reference, requests.c.number == number)
            days = {"asked_on": request.asked_on, "answered_on": request.on}
            connection.execute(sa.update(requests).where(mine).values(**days))


def downgrade() -> None:
    """An earlier program reads the same columns, and its ledger is the same."""
