"""A seal over the record as a whole. The row is written by the first program that opens the record with its key."""

import sqlalchemy as sa
from alembic import op

from tasks.store.tables import Instant

revision = "0002"
down_revision = "0001"

KEPT = "the seal of the record moves on with each line, and is never removed"


def upgrade() -> None:
    """Make the table and its guards."""
    op.create_table(
        "seals",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("writes", sa.Integer(), nullable=False),
        sa.Column("total", sa.String(64), nullable=False),
        sa.Column("latest", Instant(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("signing", sa.String(100), nullable=False),
        sa.Column("key_fingerprint", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(44), nullable=False),
    )
    forward = "NEW.id <> OLD.id OR NEW.writes <> OLD.writes + 1 OR NEW.lines < OLD.lines OR NEW.reviews < OLD.reviews"
    if op.get_bind().dialect.name == "postgresql":
        call = f"EXECUTE FUNCTION record_refuses('{KEPT}')"
        op.execute(f"CREATE TRIGGER seals_no_delete BEFORE DELETE ON seals FOR EACH ROW {call}")
        op.execute(f"CREATE TRIGGER seals_forward BEFORE UPDATE ON seals FOR EACH ROW WHEN ({forward}) {call}")
        op.execute(f"CREATE TRIGGER seals_no_truncate BEFORE TRUNCATE ON seals FOR EACH STATEMENT {call}")
    else:
        abort = f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
        op.execute(f"CREATE TRIGGER seals_no_delete BEFORE DELETE ON seals {abort}")
        op.execute(f"CREATE TRIGGER seals_forward BEFORE UPDATE ON seals WHEN {forward} {abort}")
