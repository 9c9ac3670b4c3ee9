"""What an action is for, what it waits for, its evidence and its impact stand beside how it stands."""

import sqlalchemy as sa
from alembic import op

from safeguarding.review.fold import fold
from tasks.store import ledger

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WORDS = ("recommendation", "lesson", "role", "priority", "evidence", "added_by", "impact", "what_now")
SEVERAL = ("themes", "blocked_by", "submitted_by")
DAYS = ("first_due_on", "impact_on")
MADE = (*WORDS, *SEVERAL, *DAYS, "blocked", "postponed")

actions = sa.table("actions", sa.column("reference"), sa.column("action"), *(sa.column(name) for name in MADE))


def upgrade() -> None:
    """Columns more, filled from the ledger. Not a line of it changes."""
    for name in WORDS:
        op.add_column("actions", sa.Column(name, sa.String(60), nullable=False, server_default=""))
    for name in SEVERAL:
        op.add_column("actions", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in DAYS:
        op.add_column("actions", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("actions", sa.Column("blocked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("actions", sa.Column("postponed", sa.Integer(), nullable=False, server_default="0"))
    connection = op.get_bind()
    for reference, chain in ledger.chains(connection):
        review = fold(ledger.as_event(row) for row in chain)
        for action in review.actions:
            kept = {name: getattr(action, name) for name in MADE}
            kept |= {name: ",".join(kept[name]) for name in SEVERAL}
            mine = sa.and_(actions.c.reference == reference, actions.c.action == action.id)
            connection.execute(sa.update(actions).where(mine).values(**kept))


def downgrade() -> None:
    """The ledger still says all of it."""
    for name in MADE:
        op.drop_column("actions", name)
