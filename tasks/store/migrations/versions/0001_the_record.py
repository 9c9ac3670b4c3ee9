"""The record: the ledger and what guards it, the tables for querying, and the notices."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from tasks.store.tables import Instant

revision = "0001"
down_revision = None

REFERENCE = sa.String(20)
NAME = sa.String(60)
HASH = sa.String(64)


def column(name: str, kind: sa.types.TypeEngine[Any], null: bool = False, key: bool = False) -> sa.Column[Any]:
    """A column that must be filled unless it says otherwise."""
    return sa.Column(name, kind, nullable=null, primary_key=key)


def partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    """An index over the rows that still matter, so that it does not grow with the history."""
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    """Make every table, then the triggers that keep the ledger as it was written."""
    truth()
    review_tables()
    duty_tables()
    notice_table()
    answer_tables()
    if op.get_bind().dialect.name == "postgresql":
        guard_postgresql()
    else:
        guard_sqlite()


def truth() -> None:
    """What everything else can be made from, or cannot be made again."""
    op.create_table(
        "ledger",
        column("reference", REFERENCE, key=True),
        column("sequence", sa.Integer(), key=True),
        column("at", Instant()),
        column("actor", NAME),
        column("attestation", sa.String(10)),
        column("minute", NAME),
        column("kind", NAME),
        column("title", sa.Text()),
        column("body", sa.Text()),
        column("sealed", sa.Text()),
        column("edition", NAME),
        column("previous_hash", HASH),
        column("hash", HASH),
    )
    op.create_table(
        "heads",
        column("reference", REFERENCE, key=True),
        column("sequence", sa.Integer()),
        column("hash", HASH),
        column("seal", sa.String(44)),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "review_keys",
        column("reference", REFERENCE, key=True),
        column("wrapped", sa.String(100), null=True),
        column("destroyed_at", Instant(), null=True),
        sqlite_with_rowid=False,
    )
    op.create_table("counters", column("name", NAME, key=True), column("last", sa.Integer()), sqlite_with_rowid=False)
    op.create_table(
        "submissions",
        column("token", sa.String(80), key=True),
        column("reference", REFERENCE),
        column("sequence", sa.Integer()),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "record",
        column("id", NAME, key=True),
        column("simulation", sa.Boolean()),
        column("created_at", Instant()),
        column("key_fingerprint", HASH),
    )


def review_tables() -> None:
    """One row per review as it stands, and one in the register once there is something to register."""
    op.create_table(
        "reviews",
        column("reference", REFERENCE, key=True),
        column("track", sa.String(10)),
        column("pseudonym", sa.String(20)),
        column("state", NAME),
        column("stage", NAME),
        column("open", sa.Boolean()),
        column("version", sa.Integer()),
        column("changed", sa.Integer()),
        column("entry", sa.Integer()),
        column("opened_at", Instant()),
        column("stage_since", Instant()),
        column("head_hash", HASH),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "register",
        column("reference", REFERENCE, key=True),
        column("track", sa.String(10)),
        column("pseudonym", sa.String(20)),
        column("outcome", NAME),
        column("decided_on", sa.Date(), null=True),
        column("published_on", sa.Date(), null=True),
        column("repository_on", sa.Date(), null=True),
        column("taken_down_on", sa.Date(), null=True),
        column("closed_at", Instant(), null=True),
        sqlite_with_rowid=False,
    )


def duty_tables() -> None:
    """Every due date there ever was, and the rungs of its ladder that have fired."""
    op.create_table(
        "deadlines",
        column("reference", REFERENCE, key=True),
        column("rule", NAME, key=True),
        column("subject", NAME, key=True),
        column("occurrence", sa.Integer(), key=True),
        column("started_at", sa.Integer(), key=True),
        column("anchor", NAME),
        column("anchored_on", sa.Date()),
        column("counted_from", sa.Date(), null=True),
        column("due_on", sa.Date()),
        column("edition", NAME),
        column("calendar", NAME),
        column("ended", sa.String(10)),
        column("ended_on", sa.Date(), null=True),
        column("why", sa.Text()),
        column("next_rung_at", Instant(), null=True),
        sqlite_with_rowid=False,
    )
    partial_index("deadlines_running", "deadlines", ["due_on"], "ended = ''")
    partial_index("deadlines_climbing", "deadlines", ["next_rung_at"], "next_rung_at IS NOT NULL")
    op.create_table(
        "rungs",
        column("reference", REFERENCE, key=True),
        column("rule", NAME, key=True),
        column("subject", NAME, key=True),
        column("occurrence", sa.Integer(), key=True),
        column("started_at", sa.Integer(), key=True),
        column("rung", NAME, key=True),
        column("fires_at", Instant()),
        column("claimed_at", Instant()),
        sqlite_with_rowid=False,
    )


def notice_table() -> None:
    """What is to be sent, was sent, or could not be; and what it may say, once for all who are told the same."""
    op.create_table(
        "notice_facts",
        column("key", sa.String(200), key=True),
        column("variant", sa.Integer(), key=True),
        column("reference", REFERENCE),
        column("created_at", Instant()),
        column("not_before", Instant()),
        column("context", sa.JSON()),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notices",
        column("id", sa.Integer(), key=True),
        column("key", sa.String(200)),
        column("variant", sa.Integer()),
        column("occasion", NAME),
        column("person", NAME),
        column("channel", sa.String(10)),
        column("status", sa.String(10)),
        column("attempts", sa.Integer()),
        column("next_attempt_at", Instant(), null=True),
        column("claimed_by", NAME, null=True),
        column("claimed_until", Instant(), null=True),
        column("reason", sa.Text(), null=True),
        column("delivered_at", Instant(), null=True),
        sa.UniqueConstraint("key", "person", "channel", name="notices_once"),
    )
    partial_index("notices_owed", "notices", ["status", "next_attempt_at"], "status IN ('pending', 'claimed')")
    partial_index("notices_failed", "notices", ["id"], "status = 'failed'")
    op.create_table(
        "heartbeats",
        column("name", NAME, key=True),
        column("at", Instant()),
        column("note", NAME),
        sqlite_with_rowid=False,
    )


def answer_tables() -> None:
    """What agencies were asked, and what they agreed to do."""
    op.create_table(
        "requests",
        column("reference", REFERENCE, key=True),
        column("number", sa.Integer(), key=True),
        column("agency", NAME),
        column("purpose", NAME),
        column("asked_on", sa.Date()),
        column("acknowledged_on", sa.Date(), null=True),
        column("outcome", sa.String(20)),
        column("answered_on", sa.Date(), null=True),
        sqlite_with_rowid=False,
    )
    partial_index("requests_waiting", "requests", ["agency"], "outcome = 'waiting'")
    op.create_table(
        "actions",
        column("reference", REFERENCE, key=True),
        column("action", NAME, key=True),
        column("agency", NAME),
        column("owner", NAME),
        column("due_on", sa.Date()),
        column("status", NAME),
        column("grade", sa.Integer()),
        column("verified_by", NAME),
        column("moved_on", sa.Date(), null=True),
        sqlite_with_rowid=False,
    )


APPEND_ONLY = "the ledger is append-only: a line is never changed or removed"
FOLLOWS = "a line of the ledger follows the last line of its review"
HEAD_FORWARD = "the head of a chain only moves forward, one line at a time"
KEY_KEPT = "the key of a review is destroyed, never removed or replaced"
LEDGER_FOLLOWS = """
CREATE FUNCTION ledger_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
    SELECT sequence, hash INTO last FROM ledger WHERE reference = NEW.reference ORDER BY sequence DESC LIMIT 1;
    IF NEW.sequence <> COALESCE(last.sequence, 0) + 1 OR NEW.previous_hash <> COALESCE(last.hash, '') THEN
        RAISE EXCEPTION '%', TG_ARGV[0];
    END IF;
    RETURN NEW;
END $$
"""
RECORD_KEPT = "what a record is does not change: make a new record instead"


def guard_sqlite() -> None:
    """The same five promises as on PostgreSQL, kept by SQLite itself."""

    def refuse(name: str, when: str, table: str, why: str, condition: str = "") -> None:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} ON {table} {condition} BEGIN SELECT RAISE(ABORT, '{why}'); END"
        )

    refuse("ledger_no_update", "UPDATE", "ledger", APPEND_ONLY)
    refuse("ledger_no_delete", "DELETE", "ledger", APPEND_ONLY)
    last = "FROM ledger WHERE reference = NEW.reference ORDER BY sequence DESC LIMIT 1"
    refuse(
        "ledger_follows",
        "INSERT",
        "ledger",
        FOLLOWS,
        f"WHEN NEW.sequence IS NOT 1 + COALESCE((SELECT sequence {last}), 0) "
        f"OR NEW.previous_hash IS NOT COALESCE((SELECT hash {last}), '')",
    )
    refuse("heads_no_delete", "DELETE", "heads", HEAD_FORWARD)
    forward = "WHEN NEW.reference <> OLD.reference OR NEW.sequence <> OLD.sequence + 1"
    refuse("heads_forward", "UPDATE", "heads", HEAD_FORWARD, forward)
    refuse("review_keys_no_delete", "DELETE", "review_keys", KEY_KEPT)
    refuse("review_keys_destroyed", "UPDATE", "review_keys", KEY_KEPT, "WHEN NEW.wrapped IS NOT NULL")
    refuse("record_no_update", "UPDATE", "record", RECORD_KEPT)
    refuse("record_no_delete", "DELETE", "record", RECORD_KEPT)


def guard_postgresql() -> None:
    """Triggers refuse what no command of this system ever does, TRUNCATE included."""

    def refuse(name: str, when: str, table: str, why: str, condition: str = "", each: str = "ROW") -> None:
        call = f"EXECUTE FUNCTION record_refuses('{why}')"
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} {condition} {call}")

    op.execute(
        "CREATE FUNCTION record_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$"
    )
    refuse("ledger_append_only", "UPDATE OR DELETE", "ledger", APPEND_ONLY)
    op.execute(LEDGER_FOLLOWS)
    call = f"EXECUTE FUNCTION ledger_follows('{FOLLOWS}')"
    op.execute(f"CREATE TRIGGER ledger_follows BEFORE INSERT ON ledger FOR EACH ROW {call}")
    refuse("heads_no_delete", "DELETE", "heads", HEAD_FORWARD)
    forward = "WHEN (NEW.reference <> OLD.reference OR NEW.sequence <> OLD.sequence + 1)"
    refuse("heads_forward", "UPDATE", "heads", HEAD_FORWARD, forward)
    refuse("review_keys_no_delete", "DELETE", "review_keys", KEY_KEPT)
    refuse("review_keys_destroyed", "UPDATE", "review_keys", KEY_KEPT, "WHEN (NEW.wrapped IS NOT NULL)")
    refuse("record_kept", "UPDATE OR DELETE", "record", RECORD_KEPT)
    for table, why in (
        ("ledger", APPEND_ONLY),
        ("heads", HEAD_FORWARD),
        ("review_keys", KEY_KEPT),
        ("record", RECORD_KEPT),
    ):
        refuse(f"{table}_no_truncate", "TRUNCATE", table, why, each="STATEMENT")
