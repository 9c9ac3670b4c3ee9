"""The days of requests and of actions as they were put right, in the tables for querying."""

import sqlalchemy as sa
from alembic import op

from safeguarding.review.fold import fold
from tasks.store import ledger

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

actions = sa.table("actions", *(sa.column(name) for name in ("reference", "action", "moved_on", "impact_on")))
requests = sa.table("requests", *(sa.column(name) for name in ("reference", "number", "asked_on", "answered_on")))


def upgrade() -> None:
    """The days that a correction reaches, filled from the ledger again. Not a line of it changes."""
    connection = op.get_bind()
    for reference, chain in ledger.chains(connection):
        review = fold(ledger.as_event(row) for row in chain)
        for action in review.actions:
            mine = sa.and_(actions.c.reference == reference, actions.c.action == action.id)
            days = {"moved_on": action.moved_on, "impact_on": action.impact_on}
            connection.execute(sa.update(actions).where(mine).values(**days))
        for number, request in enumerate(review.requests, start=1):
            mine = sa.and_(requests.c.reference == reference, requests.c.number == number)
            days = {"asked_on": request.asked_on, "answered_on": request.on}
            connection.execute(sa.update(requests).where(mine).values(**days))


def downgrade() -> None:
    """An earlier program reads the same columns, and its ledger is the same."""
