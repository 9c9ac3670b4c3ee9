"""Kept safe at the command line: backed up, restored, proved by what left, another key, a new edition."""

from __future__ import annotations

import json
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from driver.tables import NEW_OF_ACTIONS
from driver.terminal import Terminal
from sqlalchemy import select, text

from config.settings import Settings
from flows.demo.answers import answer, signer
from safeguarding.dates.london import LONDON, london_date, now
from safeguarding.stages import STEPS
from tasks.record import nightly, restore, rotate
from tasks.record.backup import back_up
from tasks.record.health import health, looked_at
from tasks.record.installation import Installation, open_installation
from tasks.record.sweep_round import sweep_once
from tasks.store import heartbeat, key_files
from tasks.store.sealing import KEY_FILE, Keyring
from tasks.store.session import writing
from tasks.store.tables import notices, reviews


def refer(made: Installation) -> str:
    """Open a referral; the reference."""
    moment = now() - timedelta(minutes=5)
    raw = answer("open_referral", None, london_date(moment))
    return made.records.open(raw, signer(STEPS["open_referral"].by), moment).review.reference


@pytest.fixture
def record(terminal: Terminal) -> Iterator[Installation]:
    """A record with two reviews."""
    made = open_installation(now())
    refer(made)
    refer(made)
    yield made
    made.close()


def unguarded(home: Path, *statements: str) -> None:
    """Run statements as somebody who owns the database, takes its guards away, and puts them back."""
    connection = sqlite3.connect(home / "record.sqlite3")
    guards = connection.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for _, table, sql in guards:
        if table in tables:
            connection.execute(sql)
    connection.commit()
    connection.close()


def lose(terminal: Terminal, record: Installation, aside: Path) -> None:
    """The disk is gone: the home folder is empty again."""
    record.close()
    terminal.home.rename(aside)
    terminal.home.mkdir()


# Of two reviews three lines: the partnership's file is kept by a line of its own.


def test_a_backup_is_restored_on_an_empty_machine(terminal: Terminal, record: Installation, tmp_path: Path) -> None:
    """With the key in it, all of it comes back; without, the key has to be there first; over a record, never."""
    folder = tmp_path.parent / f"{tmp_path.name}-backups"
    code, out, _ = terminal("backup", str(folder), "--with-key")
    (file,) = folder.glob("*.backup.zip")
    assert (0, True) == (code, out.startswith(f"{file}: 2 reviews, 3 lines, root "))
    with zipfile.ZipFile(file) as packed:
        assert {"record.sqlite3", "heads.json", KEY_FILE, "contents.json"} == set(packed.namelist())
    assert [0o600, 0o600] == [one.stat().st_mode & 0o777 for one in folder.iterdir()]
    assert "There is a record in" in terminal("restore", str(file))[2]

    before = terminal.data("list")
    lose(terminal, record, tmp_path.parent / f"{tmp_path.name}-lost")
    code, out, err = terminal("restore", str(file))
    assert (0, True) == (code, "2 reviews, 3 lines" in out), err
    assert before == terminal.data("list")
    assert {"broken": []} == terminal.data("ledger", "verify")


def test_a_backup_without_the_key_needs_it(terminal: Terminal, record: Installation, tmp_path: Path) -> None:
    """Nobody can read it; the key put back first, it opens; what was recorded since is said to be lost."""
    folder = tmp_path.parent / f"{tmp_path.name}-backups"
    assert 0 == terminal("backup", str(folder))[0]
    (file,) = folder.glob("*.backup.zip")
    with zipfile.ZipFile(file) as packed:
        assert KEY_FILE not in packed.namelist()
    refer(record)
    lost = tmp_path.parent / f"{tmp_path.name}-lost"
    lose(terminal, record, lost)
    code, _, err = terminal("restore", str(file))
    assert (1, True) == (code, err.startswith("The record's master key is not at"))
    assert [] == list(terminal.home.iterdir())

    for name in (KEY_FILE, "sealed.json"):
        (lost / name).rename(terminal.home / name)
    assert "There was a record here" in terminal("list")[2]
    assert 1 == terminal.data("restore", str(file))["lost"]
    assert 2 == len(terminal.data("list"))


@pytest.mark.parametrize("given", ["nothing", "no zip", "another zip"])
def test_what_is_no_backup_is_said_to_be_none(terminal: Terminal, tmp_path: Path, given: str) -> None:
    """A wrong path, a file cut short, a zip of something else: in words, and nothing is made."""
    file = tmp_path.parent / f"{tmp_path.name}.zip"
    if given == "no zip":
        file.write_text("half a file")
    elif given == "another zip":
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr("photo.txt", "a photo")
    code, out, err = terminal("restore", str(file))
    assert (1, "", True) == (code, out, err.startswith(f"{file}: "))
    assert [] == list(terminal.home.iterdir())


def test_a_backup_of_a_changed_record_is_written_and_says_so(
    terminal: Terminal, record: Installation, tmp_path: Path
) -> None:
    """The copy is as sound as the record: it is named, ends with 1, and is restored only where somebody insists."""
    unguarded(terminal.home, "UPDATE ledger SET title = 'another' WHERE reference LIKE '%001'")
    folder = tmp_path.parent / f"{tmp_path.name}-backups"
    code, out, _ = terminal("backup", str(folder), "--with-key")
    assert (1, True) == (code, "line 1 of the ledger is broken" in out)
    (file,) = folder.glob("*.backup.zip")
    lose(terminal, record, tmp_path.parent / f"{tmp_path.name}-lost")
    code, _, err = terminal("restore", str(file))
    assert (1, True, []) == (code, "does not prove itself" in err, list(terminal.home.iterdir()))
    assert 1 == terminal("restore", str(file), "--anyway")[0]
    assert 2 == len(terminal.data("list"))


def test_a_backup_without_seal_and_heads_is_restored_only_where_somebody_insists(
    terminal: Terminal, record: Installation, tmp_path: Path
) -> None:
    """The newest review cut out, with the seal and the heads: refused by what is missing; and said where taken."""
    third = refer(record)
    folder = tmp_path.parent / f"{tmp_path.name}-backups"
    terminal("backup", str(folder), "--with-key")
    (file,) = folder.glob("*.backup.zip")
    cut = tmp_path.parent / f"{tmp_path.name}-cut"
    with zipfile.ZipFile(file) as packed:
        packed.extractall(cut)
    tables = ("ledger", "heads", "review_keys", "reviews", "deadlines", "requests", "actions", "register")
    taken = (f"DELETE FROM {name} WHERE reference = '{third}'" for name in tables)
    unguarded(cut, *taken, "DELETE FROM seals", "UPDATE counters SET last = last - 1")
    with zipfile.ZipFile(file, "w") as packed:
        for name in ("record.sqlite3", KEY_FILE):
            packed.write(cut / name, name)
    lose(terminal, record, tmp_path.parent / f"{tmp_path.name}-lost")
    code, _, err = terminal("restore", str(file))
    assert (1, True) == (code, "its seal was taken away" in err), err
    assert not (terminal.home / "record.sqlite3").exists()
    code, out, _ = terminal("restore", str(file), "--anyway")
    assert (1, True) == (code, "its seal was taken away" in out)
    assert 2 == len(terminal.data("list"))


def packed_again(file: Path, changed: dict[str, bytes | None], comment: bytes = b"", **how: Any) -> None:
    """The backup made again with other members; None takes one out."""
    with zipfile.ZipFile(file) as packed:
        held: dict[str, bytes | None] = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(file, "w", **how) as packed:
        packed.comment = comment
        for name, data in (held | changed).items():
            if data is not None:
                packed.writestr(name, data)


def spoilt(file: Path, how: str) -> None:
    """A backup as somebody, or a bad disk, may hand it over."""
    whole = bytearray(file.read_bytes())
    match how:
        case "changed bytes":
            whole[2000:2040] = bytes(40)
            file.write_bytes(whole)
        case "a name of its directory":
            at = whole.rindex(b"departures.log")
            whole[at : at + 1] = b"D"
            file.write_bytes(whole)
        case "its list taken out":
            packed_again(file, {"contents.json": None}, comment=b"safeguarding backup 1")
        case "a member taken out":
            packed_again(file, {"departures.log": None})
        case "a member exchanged":
            packed_again(file, {"departures.log": b"0" * 64 + b"\n"})
        case "a password":
            for mark in (b"PK\x01\x02", b"PK\x03\x04"):
                at = whole.index(mark) + (8 if mark.endswith(b"\x02") else 6)
                whole[at] |= 1
            file.write_bytes(whole)
        case "another way of packing":
            packed_again(file, {}, compression=zipfile.ZIP_BZIP2)
        case "an empty record":
            packed_again(file, {"record.sqlite3": b"", "contents.json": None})
        case "no database":
            packed_again(file, {"record.sqlite3": b"no database " * 500, "contents.json": None})
        case "deep heads":
            packed_again(file, {"heads.json": b"[" * 100_000, "contents.json": None})
        case "a log of other letters":
            packed_again(file, {"departures.log": b"\xff\xfe", "contents.json": None})
        case "a bomb":
            packed_again(file, {"record.sqlite3": bytes(80_000_000)}, compression=zipfile.ZIP_DEFLATED)


SPOILT = {
    "changed bytes": "is damaged",
    "a name of its directory": "is damaged",
    "its list taken out": "its list of contents (contents.json) is not in it",
    "a member taken out": "departures.log is not in it, and was when it was written",
    "a member exchanged": "it is damaged: ",
    "a password": "locked by a password",
    "another way of packing": "packed in a way",
    "an empty record": "its record is empty",
    "no database": "the record in it is damaged",
    "deep heads": "proves nothing: it is no file of heads",
    "a log of other letters": "departures.log in it holds something else",
    "a bomb": "it would unpack to 80 MB",
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_backup_that_was_damaged_or_made_up_is_refused_in_words(
    terminal: Terminal, record: Installation, tmp_path: Path, how: str
) -> None:
    """Refused with 1 in a sentence, whatever is wrong with it, and nothing is put in place."""
    (terminal.home / "departures.log").write_text("a" * 64 + "\n")
    folder = tmp_path.parent / f"{tmp_path.name}-backups"
    terminal("backup", str(folder), "--with-key")
    (file,) = folder.glob("*.backup.zip")
    lose(terminal, record, tmp_path.parent / f"{tmp_path.name}-lost")
    spoilt(file, how)
    code, out, err = terminal("restore", str(file))
    assert (1, "", True) == (code, out, SPOILT[how] in err), err
    assert [] == list(terminal.home.iterdir())


def test_a_backup_of_an_earlier_program_is_restored_with_a_warning(
    terminal: Terminal, record: Installation, tmp_path: Path
) -> None:
    """It has no list: it is taken, and what it lacks is said."""
    folder = tmp_path.parent / f"{tmp_path.name}-backups"
    terminal("backup", str(folder), "--with-key")
    (file,) = folder.glob("*.backup.zip")
    lose(terminal, record, tmp_path.parent / f"{tmp_path.name}-lost")
    packed_again(file, {"contents.json": None})
    code, out, _ = terminal("restore", str(file))
    assert (0, True) == (code, "has no list of what it holds" in out and "It holds no departures.log" in out), out
    assert 2 == len(terminal.data("list"))


@pytest.mark.parametrize("what", ["a pipe", "/dev/zero", "a folder"])
def test_what_is_no_file_is_not_read_for_ever(
    terminal: Terminal, record: Installation, tmp_path: Path, what: str
) -> None:
    """A device that never ends, a pipe into which nobody writes, a folder: refused at once, at both doors."""
    given = Path(what) if what.startswith("/") else tmp_path.parent / f"{tmp_path.name}-given"
    if what == "a pipe":
        os.mkfifo(given)
    elif what == "a folder":
        given.mkdir()
    code, _, err = terminal("ledger", "verify", "--against", str(given))
    assert (1, f"{given} proves nothing: it is no file.") == (code, err.strip())
    lose(terminal, record, tmp_path.parent / f"{tmp_path.name}-lost")
    code, _, err = terminal("restore", str(given))
    assert (1, f"{given}: it is no file.") == (code, err.strip())


# --------------------------------------------------------------------------- what left


def test_what_left_finds_what_a_holder_of_the_key_did(terminal: Terminal, record: Installation, tmp_path: Path) -> None:
    """The record of yesterday, sealed and whole: only the heads that left say which review was there and is not."""
    old = (terminal.home / "record.sqlite3").with_name("old.sqlite3")
    with closing(sqlite3.connect(old)) as target, closing(sqlite3.connect(terminal.home / "record.sqlite3")) as source:
        source.backup(target)
    third = refer(record)
    folder = tmp_path.parent / f"{tmp_path.name}-backups"
    terminal("backup", str(folder))
    (file,) = folder.glob("*.heads.json")
    code, out, _ = terminal("ledger", "verify", "--against", str(file))
    assert (0, True) == (code, "It goes on from the heads of" in out)

    record.close()
    for one in terminal.home.glob("record.sqlite3*"):
        one.unlink()
    old.rename(terminal.home / "record.sqlite3")
    (terminal.home / "sealed.json").unlink()
    assert {"broken": []} == terminal.data("ledger", "verify")
    found = terminal.data("ledger", "verify", "--against", str(file))["broken"]
    assert [third] == [one["reference"] for one in found]
    assert "is gone" in found[0]["words"]

    said = json.loads(file.read_text())
    said["lines"] = 2
    file.write_text(json.dumps(said))
    assert "it was changed since it was signed" in terminal("ledger", "verify", "--against", str(file))[2]


def test_the_heads_leave_with_the_digest(terminal: Terminal, record: Installation) -> None:
    """One line in the business manager's morning, which names no review; a file of the day in the home folder."""
    monday = now().astimezone(LONDON).replace(hour=10, minute=0)
    while monday.weekday():
        monday += timedelta(days=1)
    sweep_once(record, None, monday)
    with record.records.engine.connect() as connection:
        query = text("SELECT context FROM notice_facts WHERE key LIKE 'digest:%'")
        (context,) = (json.loads(row[0]) for row in connection.execute(query))
    (kept,) = (terminal.home / "heads").glob("heads-*.json")
    said = json.loads(kept.read_text())
    assert f"2 reviews, 3 lines, root {said['root']}" == context["proof"]


# --------------------------------------------------------------------------- every night


def test_the_record_is_proved_each_night_and_whoever_manages_hears(terminal: Terminal, record: Installation) -> None:
    """
    Before two nothing; then once a day. Where something is found the business manager is told over every channel, the
    sweep says so, and `health` until a proof holds again.
    """
    night = now().astimezone(LONDON).replace(hour=1, minute=0) + timedelta(days=1)
    assert () == sweep_once(record, None, night).changed
    assert () == sweep_once(record, None, night + timedelta(hours=2)).changed
    unguarded(terminal.home, "UPDATE reviews SET state = 'closed_not_serious' WHERE reference LIKE '%001'")
    assert () == sweep_once(record, None, night + timedelta(hours=3)).changed
    found = sweep_once(record, None, night + timedelta(hours=26)).changed
    assert [True] == ["where the review stands is not what the ledger gives: state" in one for one in found]
    with record.records.engine.connect() as connection:
        told = select(notices.c.person, notices.c.channel).where(notices.c.occasion == "record_changed")
        assert {("alex_example", "email"), ("alex_example", "teams")} == {
            tuple(row) for row in connection.execute(told)
        }
    faults = health(record.records.engine, night + timedelta(hours=26)).faults
    assert "the record does not prove itself (1 found): `safeguarding ledger verify` names it" in faults

    assert 0 == terminal("ledger", "rebuild")[0]
    assert () == tuple(nightly.prove_and_note(record, night + timedelta(hours=27)))
    faults = health(record.records.engine, night + timedelta(hours=27)).faults
    assert [] == [one for one in faults if "prove" in one]


def test_health_tells_of_a_clock_gone_back_and_of_an_old_backup(terminal: Terminal, record: Installation) -> None:
    """A sweep of next year, after which none would tell anybody anything; a backup of last month; a record gone."""
    moment = now()
    with writing(record.records.engine) as connection:
        heartbeat.beat(connection, heartbeat.SWEEP, moment + timedelta(days=400), "0 rungs")
        heartbeat.beat(connection, heartbeat.BACKUP, moment - timedelta(days=30), "")
    found = looked_at(record.settings.record_url, moment, terminal.home)
    assert [True, True] == [one.startswith(("the last sweep lies", "the last backup was")) for one in found.faults]
    assert found.free_bytes
    early = health(record.records.engine, moment - timedelta(days=2)).faults
    assert [True] == ["look at the clock" in one for one in early if "line" in one]

    record.close()
    (terminal.home / "record.sqlite3").unlink()
    assert (f"the record is gone from {terminal.home}",) == looked_at(
        record.settings.record_url, moment, terminal.home
    ).faults


def test_health_and_upgrade_see_what_every_other_command_refuses(terminal: Terminal, record: Installation) -> None:
    """The record of two lines ago is put back; then its seal is deleted: neither is healthy, nor in order."""
    sweep_once(record, None, now())
    record.close()
    file = terminal.home / "record.sqlite3"
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(terminal.home / "old")) as target:
        source.backup(target)
    assert [] == [one for one in looked_at(f"sqlite:///{file}", now(), terminal.home).faults if "record" in one]
    made = open_installation(now())
    refer(made)
    made.close()
    for one in terminal.home.glob("record.sqlite3*"):
        one.unlink()
    (terminal.home / "old").rename(file)
    code, out, _ = terminal("health")
    assert (1, True) == (code, "not the one that was here last: it lacks 1 line of the ledger" in out), out
    code, out, err = terminal("upgrade")
    assert (1, True, False) == (code, "not the one that was here last" in err, "Nothing is to be done" in out)

    (terminal.home / "sealed.json").unlink()
    unguarded(terminal.home, "DELETE FROM seals")
    code, out, _ = terminal("health")
    assert (1, True) == (code, "the record has no seal" in out), out


def test_health_says_that_no_night_has_proved_the_record(terminal: Terminal, record: Installation) -> None:
    """Never, two days after it was made; or not for two days after the last time. Within two days nothing is said."""
    made = now()
    engine = record.records.engine
    for days, words in ((1, []), (3, ["the record has never been proved"])):
        found = health(engine, made + timedelta(days=days)).faults
        assert words == [one.partition(",")[0] for one in found if "proved" in one]
    nightly.prove_and_note(record, made + timedelta(days=4))
    for days, words in ((5, []), (7, ["the record was last proved 3 days ago"])):
        found = health(engine, made + timedelta(days=days)).faults
        assert words == [one.partition(",")[0] for one in found if "proved" in one]


def test_health_says_in_words_that_the_database_is_away(tmp_path: Path) -> None:
    """Nothing listens there, or a file is no database: what cannot be read and what to do, and no name of an error."""
    (tmp_path / "none.db").write_text("no database at all, and long enough to be one" * 40)
    away = "postgresql://nobody@127.0.0.1:9/none"
    for url, words in ((away, "Start the database"), (f"sqlite:///{tmp_path / 'none.db'}", "cannot be used")):
        (said,) = looked_at(url, now(), tmp_path).faults
        assert (True, False) == (words in said, "Error" in said), said


# --------------------------------------------------------------------------- another key


def test_the_master_key_is_changed_under_a_program_that_runs(terminal: Terminal, record: Installation) -> None:
    """Another process changes it: this one goes on by itself, every text opens, the old key opens nothing more."""
    reference = refer(record)
    words = {word for event in record.records.events(reference, unseal=True) for word in event.sealed.values()}
    old = (terminal.home / KEY_FILE).read_text()
    assert 0 == terminal("key", "rotate", "--yes")[0]
    (aside,) = key_files.kept_aside(terminal.home)
    assert old == aside.read_text() != (terminal.home / KEY_FILE).read_text()

    refer(record)
    after = {word for event in record.records.events(reference, unseal=True) for word in event.sealed.values()}
    assert words == after and "[erased]" not in after
    assert {"broken": []} == terminal.data("ledger", "verify")
    with pytest.raises(Exception, match="append-only"), record.records.engine.begin() as connection:
        connection.execute(text("DELETE FROM ledger"))
    with pytest.raises(Exception, match="never removed"), record.records.engine.begin() as connection:
        connection.execute(text("UPDATE review_keys SET wrapped = 'another'"))
    assert {"removed": 1} == terminal.data("key", "forget", "--yes")


@pytest.mark.parametrize("killed", ["before the record", "before the files"])
def test_a_change_of_the_key_that_is_killed_loses_nothing(
    terminal: Terminal, record: Installation, killed: str
) -> None:
    """The new key is written and the record is not; or both are, and the files not exchanged: it opens, and ends."""
    if killed == "before the record":
        Keyring.write_new(terminal.home / key_files.NEW_FILE)
    else:
        rotate.turn(record, now(), terminal.home / key_files.NEW_FILE)  # Asked so, it exchanges no files.
    record.close()
    assert {"broken": []} == terminal.data("ledger", "verify")
    assert (killed == "before the record") == (terminal.home / key_files.NEW_FILE).exists()
    assert 0 == terminal("key", "rotate", "--yes")[0]
    assert {"broken": []} == terminal.data("ledger", "verify")


def test_a_key_given_as_a_secret_is_changed_into_a_file(
    terminal: Terminal, record: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program cannot put a secret back where it came from: it is told where to, and the new one then opens."""
    record.close()
    monkeypatch.setenv("SAFEGUARDING_SECRET_MASTER_KEY", (terminal.home / KEY_FILE).read_text())
    (terminal.home / KEY_FILE).unlink()
    assert "name a file for the new one" in terminal("key", "rotate", "--yes")[2]
    new = terminal.home / "new"
    assert 0 == terminal("key", "rotate", "--yes", "--to", str(new))[0]
    assert "does not open this record" in terminal("list")[2] + terminal("list")[1]
    monkeypatch.setenv("SAFEGUARDING_SECRET_MASTER_KEY", new.read_text())
    assert {"broken": []} == terminal.data("ledger", "verify")


def test_a_record_that_does_not_prove_itself_is_not_sealed_again(terminal: Terminal, record: Installation) -> None:
    """A new key would make good what was changed: refused, and no key is left behind."""
    unguarded(terminal.home, "UPDATE ledger SET title = 'another'")
    code, _, err = terminal("key", "rotate", "--yes")
    assert (1, True) == (code, "is not sealed again" in err)
    assert {KEY_FILE} == {one.name for one in terminal.home.glob("master*")}


# --------------------------------------------------------------------------- another kind of database, another edition


@pytest.mark.postgresql
def test_a_backup_moves_a_record_from_one_kind_of_database_to_the_other(
    terminal: Terminal, record: Installation, postgresql: str, tmp_path: Path
) -> None:
    """SQLite to PostgreSQL and back: the same lines, the same proof; the next review has the next number."""
    from sqlalchemy.engine import make_url

    from tasks.store.session import connect

    administrator = connect(postgresql).execution_options(isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.execute(text("CREATE DATABASE moved"))
    url = make_url(postgresql).set(database="moved").render_as_string(hide_password=False)
    rows = rows_of(record)
    for number, address in enumerate((url, None)):
        made = back_up(record, tmp_path / f"backups{number}", now(), with_key=True)
        home = tmp_path / f"home{number}"
        settings = Settings(home=home, database_url=address, partnership=None)
        done = restore.restore(made.file, settings, record.rulebook, None, now())
        assert ((), 0) == (tuple(done.found), done.lost)
        record.close()
        record = open_installation(now(), settings)
        assert rows == rows_of(record)
    assert "003" == refer(record).rpartition("-")[2]
    assert () == tuple(record.records.verify())
    record.close()
    with administrator.connect() as connection:
        connection.execute(text("DROP DATABASE moved WITH (FORCE)"))
    administrator.dispose()


def rows_of(record: Installation) -> list[Any]:
    """Where the reviews stand."""
    with record.records.engine.connect() as connection:
        return list(connection.execute(select(reviews).order_by(reviews.c.reference)))


def test_an_upgrade_says_what_it_does_and_does_it_after_a_yes(terminal: Terminal, record: Installation) -> None:
    """A record of the step before; then nothing is left to do; of a newer program it is refused in words."""
    record.close()
    unguarded(
        terminal.home,
        "DROP INDEX notice_facts_of_review",
        "DROP TABLE seals",
        *(f"DROP TABLE {name}" for name in ("kept_answers", "sign_in_codes", "sessions")),
        *(f"DROP TABLE {name}" for name in ("drafts", "authenticators", "readings")),
        *(f"ALTER TABLE reviews DROP COLUMN {name}" for name in ("chair", "reviewer", "entered_on")),
        *(f"ALTER TABLE actions DROP COLUMN {name}" for name in NEW_OF_ACTIONS),
        "UPDATE alembic_version SET version_num = '0001'",
    )
    (terminal.home / "sealed.json").unlink()
    code, _, err = terminal("upgrade")
    assert (1, True) == (code, "Nothing was changed." in err)
    code, out, _ = terminal("upgrade", "--yes")
    assert (0, True) == (code, "0002: a seal over the record as a whole" in out)
    assert "Nothing is to be done" in terminal("upgrade")[1]
    unguarded(terminal.home, "UPDATE alembic_version SET version_num = '0099'")
    for command in ("upgrade", "list"):
        assert "a newer program has used it" in terminal(command)[2]


def test_who_read_what_outlives_another_key_and_a_lost_disk(
    terminal: Terminal, record: Installation, tmp_path: Path
) -> None:
    """Noted before and after the key was changed, carried by a backup with its proof, and gone on with after it."""
    reference = refer(record)
    assert 0 == terminal("show", reference, "--unseal")[0]
    assert 0 == terminal("key", "rotate", "--yes")[0]
    assert 0 == terminal("show", reference, "--unseal")[0]
    before = terminal.data("readings", reference)
    assert [2, 1] == [one["number"] for one in before]
    assert {"broken": []} == terminal.data("ledger", "verify")

    folder = tmp_path.parent / f"{tmp_path.name}-backups"
    assert 0 == terminal("backup", str(folder))[0]
    (file,) = folder.glob("*.backup.zip")
    key = (terminal.home / KEY_FILE).read_text()
    lose(terminal, record, tmp_path.parent / f"{tmp_path.name}-lost")
    (terminal.home / KEY_FILE).write_text(key)
    assert 0 == terminal("restore", str(file))[0]
    assert before == terminal.data("readings", reference)
    assert 0 == terminal("show", reference, "--unseal")[0]
    assert [3, 2, 1] == [one["number"] for one in terminal.data("readings", reference)]
    (heads,) = folder.glob("*.heads.json")
    assert 0 == terminal("ledger", "verify", "--against", str(heads))[0]
