"""Who is signed in at the pages, and the codes that were sent for it: of each only what a key makes of it."""

import sqlalchemy as sa
from alembic import op

from tasks.store.tables import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables more. Nothing that is there is touched."""
    op.create_table(
        "sign_in_codes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("browser", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("sent_at", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("used_at", Instant, nullable=True),
        sa.Column("begun_at", Instant, nullable=True),
    )
    op.create_table(
        "sessions",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("proof", sa.String(10), nullable=False),
        sa.Column("begun_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Everybody signs in again."""
    op.drop_table("sessions")
    op.drop_table("sign_in_codes")
