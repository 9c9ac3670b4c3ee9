"""Who chairs a review and who is its reviewer stand beside where it stands: only they hear of it in those roles."""

import sqlalchemy as sa
from alembic import op

from safeguarding.review.fold import fold
from tasks.store import ledger

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

reviews = sa.table("reviews", sa.column("reference"), sa.column("chair"), sa.column("reviewer"))


def upgrade() -> None:
    """Two columns more, filled from the ledger. Not a line of it changes."""
    for name in ("chair", "reviewer"):
        op.add_column("reviews", sa.Column(name, sa.String(60), nullable=False, server_default=""))
    connection = op.get_bind()
    for reference, chain in ledger.chains(connection):
        review = fold(ledger.as_event(row) for row in chain)
        row = {"chair": review.chair, "reviewer": review.reviewer}
        if any(row.values()):
            connection.execute(sa.update(reviews).where(reviews.c.reference == reference).values(row))


def downgrade() -> None:
    """The ledger still says both."""
    for name in ("chair", "reviewer"):
        op.drop_column("reviews", name)
