"""
The tables of the record.

`ledger`, `heads`, `review_keys`, `counters`, `submissions`, `record`, `seals` and `readings` are the truth.
`reviews`, `deadlines`, `requests`, `actions` and `register` are projections: made from the ledger, in the same
transaction as its line, and by `Records.rebuild` again. `rungs` (those that have fired), `notices` and their facts
are history of their own, since what was sent cannot be unsent. `sign_in_codes` and `sessions` say who is at the pages
now; nothing is lost with them.
`authenticators` holds what whoever set one up is asked for; without its row a mailed code is asked for again.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

DUTY_KEY = ("reference", "rule", "subject", "occurrence", "started_at")
"""What names the row of a duty for good."""


def as_text(moment: datetime) -> str:
    """A moment as SQLite holds it: ISO 8601 in UTC, without the zone. Raises ValueError for one that says no zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment in the record must say its time zone")
    return _as_text(moment if moment.tzinfo is UTC else moment.astimezone(UTC))


@lru_cache(maxsize=1024)
def _as_text(utc: datetime) -> str:
    """Kept, since what is written together has few moments. In UTC alone: of London's clocks two moments are equal."""
    return utc.isoformat()[:-_ZONE]


_ZONE = len("+00:00")


class Instant(TypeDecorator[datetime]):
    """
    A moment, always in UTC: `timestamptz` on PostgreSQL, ISO 8601 text on SQLite.

    The text leaves out the zone, and the fraction of a second when there is none, so that it sorts as time
    does and a rung costs nineteen bytes.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """The column's own type on each database."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(26))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """A moment on its way in. Raises ValueError for one that does not say its time zone."""
        if value is None:
            return None
        text = as_text(value)
        return value.astimezone(UTC) if dialect.name == "postgresql" else text

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """A moment on its way out, in UTC."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return datetime.fromisoformat(value).replace(tzinfo=UTC)


metadata = MetaData()

REFERENCE = String(20)
NAME = String(60)
HASH = String(64)

ledger = Table(
    "ledger",
    metadata,
    Column("reference", REFERENCE, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", NAME, nullable=False),
    Column("attestation", String(10), nullable=False),
    Column("minute", NAME, nullable=False),
    Column("kind", NAME, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("edition", NAME, nullable=False),
    Column("previous_hash", HASH, nullable=False),
    Column("hash", HASH, nullable=False),
)

heads = Table(
    "heads",
    metadata,
    Column("reference", REFERENCE, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("hash", HASH, nullable=False),
    # Under the master key, and nowhere else in the record: an older end of the chain cannot be put back from it.
    Column("seal", String(44), nullable=False),
    sqlite_with_rowid=False,
)

review_keys = Table(
    "review_keys",
    metadata,
    Column("reference", REFERENCE, primary_key=True),
    Column("wrapped", String(100), nullable=True),
    Column("destroyed_at", Instant, nullable=True),
    sqlite_with_rowid=False,
)

counters = Table(
    "counters",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("last", Integer, nullable=False),
    sqlite_with_rowid=False,
)

submissions = Table(
    "submissions",
    metadata,
    Column("token", String(80), primary_key=True),
    Column("reference", REFERENCE, nullable=False),
    Column("sequence", Integer, nullable=False),
    sqlite_with_rowid=False,
)

record = Table(
    "record",
    metadata,
    Column("id", NAME, primary_key=True),
    Column("simulation", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("key_fingerprint", HASH, nullable=False),
)

# Who read which sealed words, one chain over all reviews: the lines and the names of the texts, never the texts.
readings = Table(
    "readings",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("person", NAME, nullable=False),
    # What they were called then.
    Column("name", Text, nullable=False),
    # How it is known that it was they: as the session that read has it.
    Column("proof", String(20), nullable=False),
    Column("reference", REFERENCE, nullable=False),
    # What was read, in words that nobody typed.
    Column("what", Text, nullable=False),
    # The texts, as JSON: [line of the ledger, name of the text] of each.
    Column("texts", Text, nullable=False),
    Column("previous_hash", HASH, nullable=False),
    Column("hash", HASH, nullable=False),
)

# What was typed on a form that was refused after it was sent: sealed with the review's key, and for a while only.
kept_answers = Table(
    "kept_answers",
    metadata,
    Column("reference", REFERENCE, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("step", NAME, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("forget_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

# What somebody has typed on a form of the pages and not sent yet, sealed. `reference` is NEW where it opens a review.
drafts = Table(
    "drafts",
    metadata,
    Column("person", NAME, primary_key=True),
    Column("reference", REFERENCE, primary_key=True),
    Column("step", NAME, primary_key=True),
    Column("sealed", Text, nullable=False),
    # The draft's own key, wrapped with the master key, where there is no review yet whose key could seal it.
    Column("wrapped", String(100), nullable=True),
    Column("saved_at", Instant, nullable=False),
    Column("forget_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

# One row: the seal over everything that is true in the record, moved on by every line.
seals = Table(
    "seals",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("reviews", Integer, nullable=False),
    Column("lines", Integer, nullable=False),
    # How often the seal was moved on: by every line, and by a new master key.
    Column("writes", Integer, nullable=False),
    # The sum of what the master key makes of every head and every review's key, as 64 hexadecimal digits.
    Column("total", HASH, nullable=False),
    # The latest moment of any line.
    Column("latest", Instant, nullable=False),
    # Since when the record is sealed as a whole.
    Column("since", Instant, nullable=False),
    # The key that signs what leaves the machine, wrapped with the master key.
    Column("signing", String(100), nullable=False),
    Column("key_fingerprint", HASH, nullable=False),
    Column("seal", String(44), nullable=False),
)

reviews = Table(
    "reviews",
    metadata,
    Column("reference", REFERENCE, primary_key=True),
    Column("track", String(10), nullable=False),
    Column("pseudonym", String(20), nullable=False),
    Column("state", NAME, nullable=False),
    Column("stage", NAME, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("entry", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("stage_since", Instant, nullable=False),
    Column("head_hash", HASH, nullable=False),
    # The people of the file who were appointed to the review; empty before, and where they stand not in the file.
    Column("chair", NAME, nullable=False, server_default=""),
    Column("reviewer", NAME, nullable=False, server_default=""),
    # The day on which it was entered, where it was under way already; none for a review that was opened as it began.
    Column("entered_on", Date, nullable=True),
    sqlite_with_rowid=False,
)

deadlines = Table(
    "deadlines",
    metadata,
    Column("reference", REFERENCE, primary_key=True),
    Column("rule", NAME, primary_key=True),
    Column("subject", NAME, primary_key=True),
    Column("occurrence", Integer, primary_key=True),
    Column("started_at", Integer, primary_key=True),
    Column("anchor", NAME, nullable=False),
    Column("anchored_on", Date, nullable=False),
    # The day its allowance is counted from, where that is not the anchor's: it was suspended and resumed.
    Column("counted_from", Date, nullable=True),
    Column("due_on", Date, nullable=False),
    Column("edition", NAME, nullable=False),
    Column("calendar", NAME, nullable=False),
    Column("ended", String(10), nullable=False),
    Column("ended_on", Date, nullable=True),
    Column("why", Text, nullable=False),
    # When the next rung of its ladder fires; none for a duty that has ended, stands still or has no rung left.
    Column("next_rung_at", Instant, nullable=True),
    sqlite_with_rowid=False,
)
Index(
    "deadlines_running",
    deadlines.c.due_on,
    sqlite_where=text("ended = ''"),
    postgresql_where=text("ended = ''"),
)
# The sweep looks for what is due among what has a rung to come.
Index(
    "deadlines_climbing",
    deadlines.c.next_rung_at,
    sqlite_where=text("next_rung_at IS NOT NULL"),
    postgresql_where=text("next_rung_at IS NOT NULL"),
)

rungs = Table(
    "rungs",
    metadata,
    Column("reference", REFERENCE, primary_key=True),
    Column("rule", NAME, primary_key=True),
    Column("subject", NAME, primary_key=True),
    Column("occurrence", Integer, primary_key=True),
    Column("started_at", Integer, primary_key=True),
    Column("rung", NAME, primary_key=True),
    Column("fires_at", Instant, nullable=False),
    Column("claimed_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

# What notices may say, once for everybody who is told the same of the same thing. Its rows are too long for a table
# that SQLite keeps by its key: there each of more than a quarter of a page takes a page of its own.
notice_facts = Table(
    "notice_facts",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("variant", Integer, primary_key=True, autoincrement=False),
    Column("reference", REFERENCE, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("context", JSON, nullable=False),
)
Index("notice_facts_of_review", notice_facts.c.reference)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False),
    Column("variant", Integer, nullable=False),
    Column("occasion", NAME, nullable=False),
    Column("person", NAME, nullable=False),
    Column("channel", String(10), nullable=False),
    Column("status", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Instant, nullable=True),
    Column("claimed_by", NAME, nullable=True),
    Column("claimed_until", Instant, nullable=True),
    Column("reason", Text, nullable=True),
    Column("delivered_at", Instant, nullable=True),
    UniqueConstraint("key", "person", "channel", name="notices_once"),
)
# The sender looks for what is due among what has not ended: delivered and failed rows leave the index.
Index(
    "notices_owed",
    notices.c.status,
    notices.c.next_attempt_at,
    sqlite_where=text("status IN ('pending', 'claimed')"),
    postgresql_where=text("status IN ('pending', 'claimed')"),
)
Index(
    "notices_failed",
    notices.c.id,
    sqlite_where=text("status = 'failed'"),
    postgresql_where=text("status = 'failed'"),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("note", NAME, nullable=False),
    sqlite_with_rowid=False,
)

requests = Table(
    "requests",
    metadata,
    Column("reference", REFERENCE, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("agency", NAME, nullable=False),
    Column("purpose", NAME, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("acknowledged_on", Date, nullable=True),
    Column("outcome", String(20), nullable=False),
    Column("answered_on", Date, nullable=True),
    sqlite_with_rowid=False,
)
Index(
    "requests_waiting",
    requests.c.agency,
    sqlite_where=text("outcome = 'waiting'"),
    postgresql_where=text("outcome = 'waiting'"),
)

actions = Table(
    "actions",
    metadata,
    Column("reference", REFERENCE, primary_key=True),
    Column("action", NAME, primary_key=True),
    Column("agency", NAME, nullable=False),
    Column("owner", NAME, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("status", NAME, nullable=False),
    Column("grade", Integer, nullable=False),
    Column("verified_by", NAME, nullable=False),
    Column("moved_on", Date, nullable=True),
    Column("recommendation", NAME, nullable=False),
    Column("lesson", NAME, nullable=False),
    # Ids divided by a comma, as in `blocked_by` and `submitted_by`.
    Column("themes", Text, nullable=False),
    Column("role", NAME, nullable=False),
    Column("priority", NAME, nullable=False),
    Column("blocked_by", Text, nullable=False),
    Column("blocked", Boolean, nullable=False),
    Column("evidence", NAME, nullable=False),
    Column("added_by", NAME, nullable=False),
    Column("submitted_by", Text, nullable=False),
    Column("first_due_on", Date, nullable=True),
    Column("postponed", Integer, nullable=False),
    Column("impact", NAME, nullable=False),
    Column("impact_on", Date, nullable=True),
    Column("what_now", NAME, nullable=False),
    sqlite_with_rowid=False,
)

# A code that was sent to a mailbox: neither it nor the address is kept in clear, only what a key makes of each.
sign_in_codes = Table(
    "sign_in_codes",
    metadata,
    Column("id", Integer, primary_key=True),
    # The browser that asked: a code is good there alone.
    Column("browser", HASH, nullable=False),
    Column("address", HASH, nullable=False),
    Column("code", HASH, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("wrong", Integer, nullable=False),
    # When it was typed right: it is good once.
    Column("used_at", Instant, nullable=True),
    # When somebody was signed in by it, who may have been chosen among the readers of one mailbox.
    Column("begun_at", Instant, nullable=True),
    # The browser by which somebody was signed in before, by this address; none of a browser that is not known.
    Column("known", HASH, nullable=True),
)

# Whose authenticator is asked for when they sign in. The secret is sealed with the master key.
authenticators = Table(
    "authenticators",
    metadata,
    Column("person", NAME, primary_key=True),
    Column("secret", String(100), nullable=False),
    Column("made_at", Instant, nullable=False),
    # When a first code was typed: before, it is asked for by nobody.
    Column("confirmed_at", Instant, nullable=True),
    # The last step of time of which a code was taken: none is taken twice, nor one of before.
    Column("last_step", Integer, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("wrong_since", Instant, nullable=True),
    Column("locked_until", Instant, nullable=True),
    sqlite_with_rowid=False,
)

# Who is signed in at the pages. The token itself is in the browser alone.
sessions = Table(
    "sessions",
    metadata,
    Column("token", HASH, primary_key=True),
    Column("person", NAME, nullable=False),
    # The mailbox by which they proved who they are: whoever has another one by now is signed in no more.
    Column("address", HASH, nullable=False),
    Column("proof", String(20), nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

register = Table(
    "register",
    metadata,
    Column("reference", REFERENCE, primary_key=True),
    Column("track", String(10), nullable=False),
    Column("pseudonym", String(20), nullable=False),
    Column("outcome", NAME, nullable=False),
    Column("decided_on", Date, nullable=True),
    Column("published_on", Date, nullable=True),
    Column("repository_on", Date, nullable=True),
    Column("taken_down_on", Date, nullable=True),
    Column("closed_at", Instant, nullable=True),
    sqlite_with_rowid=False,
)
