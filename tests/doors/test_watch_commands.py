"""The commands of whoever watches: health, what was not delivered, how the agencies answer."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.cli.main import main
from flows.demo.answers import answer, signer
from flows.demo.post_catcher import Catcher
from safeguarding.dates.london import london_date, now
from safeguarding.notices.notice import NoticeDraft, Occasion
from safeguarding.stages import STEPS
from tasks.record.installation import Installation, open_installation
from tasks.store import outbox
from tasks.store.session import writing


class Terminal:
    """A person at a terminal, with a record of their own."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str], opened: ExitStack) -> None:
        self.home, self.capsys, self._opened = home, capsys, opened

    def __call__(self, *words: str) -> tuple[int, str]:
        """Run a command: the exit code and what it said."""
        code = main(list(words))
        return code, self.capsys.readouterr().out

    def data(self, *words: str) -> tuple[int, Any]:
        """Run a command with --json: the exit code and the answer."""
        code, out = self(*words, "--json")
        return code, json.loads(out)

    @property
    def installation(self) -> Installation:
        """The record behind it."""
        return self._opened.enter_context(open_installation(now()))


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    """A terminal whose home is empty."""
    monkeypatch.setenv("SAFEGUARDING_HOME", str(tmp_path))
    for name in ("DATABASE_URL", "CONFIG", "PARTNERSHIP", "SECRET_MAIL_URL"):
        monkeypatch.delenv(f"SAFEGUARDING_{name}", raising=False)
    with ExitStack() as opened:
        yield Terminal(tmp_path, capsys, opened)


def test_a_watcher_makes_no_record_and_says_that_there_is_none(terminal: Terminal) -> None:
    """It was pointed at the wrong folder: that is its finding, and the folder stays empty."""
    code, found = terminal.data("health")
    assert (1, False, [f"there is no record in {terminal.home}"]) == (code, found["healthy"], found["faults"])
    assert [] == list(terminal.home.iterdir())


def test_the_exit_code_is_nought_while_the_sweep_runs(terminal: Terminal) -> None:
    """Not healthy until the sweep has run; healthy after it; not when a file that is no record lies there."""
    assert terminal.installation
    assert (1, True) == ((said := terminal("health"))[0], "the sweep has never run" in said[1])
    assert 0 == terminal("watch")[0]
    code, words = terminal("health")
    assert (0, True) == (code, words.startswith("Healthy.\nLast sweep: "))
    code, found = terminal.data("health")
    assert (0, True, 0, 0) == (code, found["healthy"], found["undelivered"], found["stuck"])

    for file in terminal.home.glob("record.sqlite3*"):
        file.unlink()
    (terminal.home / "record.sqlite3").write_text("This is no record at all, and long enough to be read as one.")
    code, found = terminal.data("health")
    (fault,) = found["faults"]
    assert (1, True) == (code, "record.sqlite3 cannot be used: it is no database." in fault)


def test_an_undelivered_message_is_listed_and_settled(terminal: Terminal) -> None:
    """Three days ago somebody without an address was to be told: listed, counted, taken off once told in person."""
    engine, then = terminal.installation.records.engine, now() - timedelta(days=3)
    draft = NoticeDraft(
        reference="CSPR-2026-003",
        occasion=Occasion.STEP_TOLD,
        person="nobody_any_more",
        channel="email",
        key="CSPR-2026-003:4",
        not_before=then,
        context={"reference": "CSPR-2026-003", "stage": "Decision", "happened": "Decided"},
    )
    with writing(engine) as connection:
        connection.exec_driver_sql("DELETE FROM notices")
        outbox.write(connection, [draft], then)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE notices SET status = 'failed', reason = 'no address', attempts = 1")

    code, found = terminal.data("undelivered")
    assert (0, "NOT DELIVERED", "nobody_any_more") == (code, found[0]["Outcome"], found[0]["For"])
    assert (
        "NOT DELIVERED: CSPR-2026-003 step told for nobody_any_more by email: no address" in terminal("undelivered")[1]
    )
    assert "1 put back" in terminal("undelivered", "--again", str(found[0]["Number"]))[1]
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE notices SET status = 'failed', reason = 'no address'")
    assert "1 taken off the report" in terminal("undelivered", "--told", str(found[0]["Number"]))[1]
    assert "Everything that was due has been delivered." in terminal("undelivered")[1]


def test_a_letter_that_came_back_is_reported_by_number_or_by_its_report(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unit lists what left, reports one by its number and one by the saved report, and reports both once more."""
    engine, then = terminal.installation.records.engine, now() - timedelta(hours=1)
    drafts = [
        NoticeDraft(
            reference="CSPR-2026-003",
            occasion=Occasion.STEP_TOLD,
            person=person,
            channel="email",
            key="CSPR-2026-003:4",
            not_before=then,
            context={"reference": "CSPR-2026-003", "stage": "Decision", "happened": "Decided"},
        )
        for person in ("alex_example", "ollie_specimen")
    ]
    with writing(engine) as connection:
        outbox.write(connection, drafts, then)
    assert (1, "Give a NUMBER, a --file or a --review.\n") == terminal("came-back")
    assert (0, "Nothing has left about that review.\n") == terminal("came-back", "--review", "CSPR-2026-003")
    with Catcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("SAFEGUARDING_SECRET_MAIL_URL", catcher.mail_url)
        assert 0 == terminal("watch")[0]
        _, found = terminal.data("came-back", "--review", "CSPR-2026-003")
        numbers = {line["For"]: line["Number"] for line in found["sent"]}
        number = numbers["ollie_specimen"]
        (letter,) = [path for path in catcher.letters() if "ollie" in path.name]
        report = tmp_path / "report.eml"
        head = letter.read_bytes().partition(b"\r\n\r\n")[0]
        report.write_bytes(b"Subject: Undeliverable\r\n\r\nThe letter:\r\n\r\n" + head)
        for outcome in ("open again", "known already"):
            code, found = terminal.data("came-back", str(numbers["alex_example"]), "--file", str(report))
            assert (0, [outcome] * 2) == (code, [one["outcome"] for one in found["reported"]])
    assert (
        f"{number:6}  NOT DELIVERED: CSPR-2026-003 step told for ollie_specimen by email: the letter came back"
        in (terminal("undelivered")[1])
    )
    assert (1, "9999: there is no message of this number\n") == terminal("came-back", "9999")
    assert 1 == terminal("came-back", "--file", str(tmp_path / "nowhere.eml"))[0]


def test_how_the_agencies_answer(terminal: Terminal) -> None:
    """Four are asked, one returns nil, one acknowledges: the league counts, the review shows each by its state."""
    records, moment = terminal.installation.records, now()
    today = london_date(moment)
    reference = records.open(
        answer("open_referral", None, today), signer(STEPS["open_referral"].by), moment
    ).review.reference

    def take(step: str, **changes: Any) -> None:
        raw = answer(step, records.read(reference), today, **changes)
        records.attempt(reference, step, raw, signer(STEPS[step].by), moment)

    for step in ("assess_notification", "decide_notification", "send_notification", "open_rapid_review"):
        take(step)
    take("record_return", agency="police", outcome="nil return")
    take("acknowledge_request", agency="education")

    _, league = terminal.data("agencies")
    by_agency = {line["agency"]: line for line in league}
    assert (1, 1, 0, 0.0) == tuple(by_agency["police"][k] for k in ("asked", "nil", "late", "median_working_days"))
    assert (1, 1) == (by_agency["education"]["waiting"], by_agency["education"]["acknowledged"])
    _, requests = terminal.data("agencies", reference)
    states = {request["agency"]: request["state"] for request in requests}
    assert ("nil return", "acknowledged", "requested") == tuple(
        states[agency] for agency in ("police", "education", "general_practice")
    )
    assert "Exampleshire Police (information): nil return" in terminal("agencies", reference)[1]
    assert "Exampleshire Police: asked 1, nil return 1" in terminal("agencies")[1]


def test_a_sweep_of_another_day_delivers_as_that_day_would(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a simulation a letter that is owed next week leaves when next week is swept, and not before."""
    assert 0 == terminal("simulation")[0]
    then = now() + timedelta(days=7)
    draft = NoticeDraft(
        reference="CSPR-2026-003",
        occasion=Occasion.STEP_TOLD,
        person="alex_example",
        channel="email",
        key="CSPR-2026-003:4",
        not_before=then,
        context={"reference": "CSPR-2026-003", "stage": "Decision", "happened": "Decided"},
    )
    with writing(terminal.installation.records.engine) as connection:
        outbox.write(connection, [draft], now())
    with Catcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("SAFEGUARDING_SECRET_MAIL_URL", catcher.mail_url)
        assert 0 == terminal.data("watch")[1]["delivered"]
        assert 1 == terminal.data("watch", "--at", (then + timedelta(minutes=1)).isoformat())[1]["delivered"]
        assert (1, 0) == catcher.caught
