"""Answers that were refused after they were sent are kept for a while, sealed."""

import sqlalchemy as sa
from alembic import op

from tasks.store.tables import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table more. Nothing that is there is touched."""
    op.create_table(
        "kept_answers",
        sa.Column("reference", sa.String(20), primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True),
        sa.Column("step", sa.String(60), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("forget_at", Instant, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """What was kept is gone."""
    op.drop_table("kept_answers")
