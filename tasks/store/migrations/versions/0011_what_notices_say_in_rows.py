"""What notices may say lies in whole rows, and is found by its review."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COLUMNS = ("key", "variant", "reference", "created_at", "not_before", "context")


def facts(name: str) -> sa.TableClause:
    """The table under one of its names."""
    return sa.table(name, *(sa.column(column) for column in COLUMNS))


def upgrade() -> None:
    """
    On SQLite the same rows in a table that keeps each by its number: kept by their key, as they were, a row of more
    than a quarter of a page had a page of its own. On both databases an index by the review.
    """
    if op.get_bind().dialect.name == "sqlite":
        _laid_out_again(with_rowid=True)
    op.create_index("notice_facts_of_review", "notice_facts", ["reference"])


def _laid_out_again(with_rowid: bool) -> None:
    op.rename_table("notice_facts", "notice_facts_before")
    op.create_table(
        "notice_facts",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("variant", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("created_at", sa.String(26), nullable=False),
        sa.Column("not_before", sa.String(26), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sqlite_with_rowid=with_rowid,
    )
    now, before = facts("notice_facts"), facts("notice_facts_before")
    kept = sa.select(*before.c).order_by(before.c.created_at, before.c.key, before.c.variant)
    op.execute(sa.insert(now).from_select(COLUMNS, kept))
    op.drop_table("notice_facts_before")


def downgrade() -> None:
    """As they were."""
    op.drop_index("notice_facts_of_review", "notice_facts")
    if op.get_bind().dialect.name == "sqlite":
        _laid_out_again(with_rowid=False)
