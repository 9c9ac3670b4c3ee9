"""Who read which sealed words, a chain that the database refuses to change; and which reviews were entered late."""

import sqlalchemy as sa
from alembic import op

from tasks.store.tables import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEPT = "a reading is noted for good: it is never changed or removed"
FOLLOWS = "a reading follows the one before it"
FOLLOWING = """
CREATE OR REPLACE FUNCTION readings_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
    SELECT number, hash INTO last FROM readings ORDER BY number DESC LIMIT 1;
    IF NEW.number <> COALESCE(last.number, 0) + 1 OR NEW.previous_hash <> COALESCE(last.hash, '') THEN
        RAISE EXCEPTION '%', TG_ARGV[0];
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """One table more and its guards, and the day of entry of a review, which none has had so far."""
    op.add_column("reviews", sa.Column("entered_on", sa.Date(), nullable=True))
    op.create_table(
        "readings",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("proof", sa.String(20), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        call = f"EXECUTE FUNCTION record_refuses('{KEPT}')"
        op.execute(f"CREATE TRIGGER readings_append_only BEFORE UPDATE OR DELETE ON readings FOR EACH ROW {call}")
        op.execute(f"CREATE TRIGGER readings_no_truncate BEFORE TRUNCATE ON readings FOR EACH STATEMENT {call}")
        op.execute(FOLLOWING)
        call = f"EXECUTE FUNCTION readings_follow('{FOLLOWS}')"
        op.execute(f"CREATE TRIGGER readings_follow BEFORE INSERT ON readings FOR EACH ROW {call}")
        return
    for name, when in (("readings_no_update", "UPDATE"), ("readings_no_delete", "DELETE")):
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} ON readings BEGIN SELECT RAISE(ABORT, '{KEPT}'); END")
    last = "FROM readings ORDER BY number DESC LIMIT 1"
    follows = (
        f"WHEN NEW.number IS NOT 1 + COALESCE((SELECT number {last}), 0) "
        f"OR NEW.previous_hash IS NOT COALESCE((SELECT hash {last}), '')"
    )
    abort = f"BEGIN SELECT RAISE(ABORT, '{FOLLOWS}'); END"
    op.execute(f"CREATE TRIGGER readings_follow BEFORE INSERT ON readings {follows} {abort}")
