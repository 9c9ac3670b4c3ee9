"""
A record that an earlier version made opens in this one, verifies, and goes on.

`earlier_records/` holds one for each format that was ever written: the database (compressed), its master key, and what
that version itself said of it. Nobody in them exists.
"""

import json
import lzma
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from flows.demo.answers import answer, signer
from safeguarding.law.rulebook import Rulebook
from safeguarding.stages import STEPS
from tasks.record import sweep
from tasks.record.records import Records, open_record
from tasks.store.migrations import migrate
from tasks.store.session import connect
from tasks.store.tables import actions, heads, notices, register, requests
from tasks.store.tables import deadlines as dates

KEPT = Path(__file__).parent / "earlier_records"
MADE = sorted(path.stem for path in KEPT.glob("*.json"))
AT = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
"""Half an hour after the last line of the oldest one."""


@pytest.fixture(params=MADE)
def kept(request: pytest.FixtureRequest, tmp_path: Path, rulebook: Rulebook) -> tuple[Records, dict[str, Any]]:
    """A copy of an earlier record, opened by this version, and what was said of it when it was made."""
    name: str = request.param
    (tmp_path / "record.sqlite3").write_bytes(lzma.decompress((KEPT / f"{name}.db.xz").read_bytes()))
    shutil.copy(KEPT / f"{name}.key", tmp_path / "master.key")
    records = open_record(f"sqlite:///{tmp_path / 'record.sqlite3'}", tmp_path, rulebook, AT)
    request.addfinalizer(records.engine.dispose)
    return records, json.loads((KEPT / f"{name}.json").read_text())


def said(records: Records) -> dict[str, Any]:
    """What this version says of the record, in the words of the file beside it."""
    with records.engine.connect() as connection:
        ends = {row.reference: row.hash for row in connection.execute(select(heads))}
        tables = (dates, notices, requests, actions, register)
        rows = {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}
    reviews = {
        row.reference: {
            "state": row.state.value,
            "version": row.version,
            "head": ends[row.reference],
            "pseudonym": row.pseudonym,
            "next_due": row.next_due.isoformat() if row.next_due else None,
        }
        for row in records.list()
    }
    opened = records.events("CSPR-2026-006", unseal=True)
    texts = {f"{event.sequence}:{name}": words for event in opened for name, words in event.sealed.items()}
    return {"reviews": reviews, "rows": rows, "sealed": {"CSPR-2026-006": texts}}


def test_it_says_today_what_it_said_when_it_was_made(kept: tuple[Records, dict[str, Any]]) -> None:
    """Every reference, state, date, row, hash and sealed word is as the version that wrote it had it."""
    records, before = kept
    assert before == said(records)


def test_its_ledger_verifies_and_makes_the_same_tables_again(kept: tuple[Records, dict[str, Any]]) -> None:
    """No line counts as changed; and all that is made from the ledger comes out as it was."""
    records, before = kept
    assert [] == list(records.verify())
    assert len(before["reviews"]) == records.rebuild()
    assert before == said(records)


@pytest.mark.parametrize("name", MADE)
def test_what_its_notices_say_is_as_it_was_to_the_letter(name: str, tmp_path: Path) -> None:
    """Their table is laid out anew, row by row; nothing of what it says is lost or changed, and nothing else is."""
    file = tmp_path / "record.sqlite3"
    file.write_bytes(lzma.decompress((KEPT / f"{name}.db.xz").read_bytes()))
    said = "SELECT key, variant, reference, created_at, not_before, context FROM notice_facts ORDER BY key, variant"
    told = "SELECT * FROM notices ORDER BY id"

    def rows() -> list[list[Any]]:
        with closing(sqlite3.connect(file)) as connection:
            return [connection.execute(words).fetchall() for words in (said, told)]

    before = rows()
    engine = connect(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    assert 50 < len(before[0])
    assert before == rows()


def test_it_goes_on(kept: tuple[Records, dict[str, Any]], rulebook: Rulebook) -> None:
    """A decision that waited is taken by this version, time acts on the rest, and the chain still verifies."""
    records, before = kept
    review = records.read("CSPR-2026-006")
    raw = answer("decide_review", review, AT.date())
    taken = records.attempt(review.reference, "decide_review", raw, signer(STEPS["decide_review"].by), AT)
    sweep.sweep(records.engine, rulebook, AT)

    assert "commissioning" == taken.review.state.value
    assert before["reviews"]["CSPR-2026-006"]["version"] + 1 == taken.review.version
    assert [] == list(records.verify())


def test_the_tables_of_a_record_in_which_a_day_was_put_right(tmp_path: Path, rulebook: Rulebook) -> None:
    """
    An earlier version left the wrong day of a request, of its answer and of a verified action in the tables for
    querying. Opened by this one they have the right days, and no table is other than the ledger says.
    """
    url, now = f"sqlite:///{tmp_path / 'record.sqlite3'}", datetime(2026, 3, 2, 10, tzinfo=UTC)
    records = open_record(url, tmp_path, rulebook, now)
    reference = records.open(
        answer("open_referral", None, now.date()), signer(STEPS["open_referral"].by), now
    ).review.reference
    for step in ("assess_notification", "decide_notification", "send_notification", "open_rapid_review"):
        _take(records, reference, step, now)
    asked = records.read(reference).requests[0]
    _take(records, reference, "add_action", now, agency="police")
    now += timedelta(days=3)
    _take(records, reference, "record_return", now, agency=asked.agency)
    _take(records, reference, "update_action", now)
    right = {"reason": "The letter says so.", "correct_on": now.date() - timedelta(days=1)}
    for what, whose in (("agency_returned", asked.agency), ("action_verified", "A01")):
        _take(records, reference, "correct_date", now, what=what, agency_or_action=whose, **right)
    assert [] == list(records.verify())
    with records.engine.begin() as connection:
        connection.execute(update(requests).where(requests.c.number == 1).values(answered_on=now.date()))
        connection.execute(update(actions).values(moved_on=now.date(), what_now="accept it as it is"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0009'"))
    assert 2 == len(records.verify())
    records.engine.dispose()
    records = open_record(url, tmp_path, rulebook, now)
    assert [] == list(records.verify())
    records.engine.dispose()


def _take(records: Records, reference: str, step: str, now: datetime, **changes: Any) -> None:
    raw = answer(step, records.read(reference), now.date(), **changes)
    records.attempt(reference, step, raw, signer(STEPS[step].by), now)
