"""Whose authenticator is asked for when they sign in; and by which browsers somebody was signed in before."""

import sqlalchemy as sa
from alembic import op

from tasks.store.tables import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table and one column more. A session says its proof in longer words: everybody signs in again."""
    op.create_table(
        "authenticators",
        sa.Column("person", sa.String(60), primary_key=True),
        sa.Column("secret", sa.String(100), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("confirmed_at", Instant, nullable=True),
        sa.Column("last_step", sa.Integer, nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("wrong_since", Instant, nullable=True),
        sa.Column("locked_until", Instant, nullable=True),
        sqlite_with_rowid=False,
    )
    op.add_column("sign_in_codes", sa.Column("known", sa.String(64), nullable=True))
    op.drop_table("sessions")
    _sessions(20)


def downgrade() -> None:
    """Mailed codes alone again. Everybody signs in again."""
    op.drop_table("sessions")
    _sessions(10)
    op.drop_column("sign_in_codes", "known")
    op.drop_table("authenticators")


def _sessions(longest_proof: int) -> None:
    op.create_table(
        "sessions",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("proof", sa.String(longest_proof), nullable=False),
        sa.Column("begun_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sqlite_with_rowid=False,
    )
