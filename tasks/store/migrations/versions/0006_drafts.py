"""What somebody has typed on a form of the pages and not sent yet is kept for a while, sealed."""

import sqlalchemy as sa
from alembic import op

from tasks.store.tables import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table more. Nothing that is there is touched."""
    op.create_table(
        "drafts",
        sa.Column("person", sa.String(60), primary_key=True),
        sa.Column("reference", sa.String(20), primary_key=True),
        sa.Column("step", sa.String(60), primary_key=True),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("wrapped", sa.String(100), nullable=True),
        sa.Column("saved_at", Instant, nullable=False),
        sa.Column("forget_at", Instant, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """What was typed and not sent is gone."""
    op.drop_table("drafts")
