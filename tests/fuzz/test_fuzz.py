"""
Whatever is typed, sent or written in a file: it is taken or refused in words, and nothing is half-written.

A few seconds as they stand; `FUZZ=100000 pytest tests/fuzz` tries so many of each kind.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from driver.moving import small_mix, written
from driver.partnership import example_as_one
from driver.tries import tries
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import config
from flows.cards.desk import Desk
from flows.cli import faults
from flows.cli.main import COMMANDS as OFFERED
from flows.cli.main import main
from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date, now
from safeguarding.errors import NoSuchReview, RulebookInvalid, TransitionRefused
from safeguarding.stages import STEPS
from tasks.record.installation import Installation, open_installation

pytestmark = [pytest.mark.long, pytest.mark.random]

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A record with a child's and an adult's review, and a folder to be in."""
    folder = tmp_path_factory.mktemp("fuzz")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAFEGUARDING_HOME", str(folder))
        for name in ("DATABASE_URL", "CONFIG", "PARTNERSHIP", "SECRET_MAIL_URL"):
            patch.delenv(f"SAFEGUARDING_{name}", raising=False)
        patch.chdir(folder)
        written(folder / "moving-in.xlsx", small_mix())
        (folder / "spoilt.xlsx").write_bytes((folder / "moving-in.xlsx").read_bytes()[:-9])
        with open_installation(now(), simulation=True) as installation:
            for track in ("children", "adults"):
                raw = answer("open_referral", None, london_date(now()), track=track)
                installation.records.open(raw, signer(STEPS["open_referral"].by), now())
        yield folder


# --------------------------------------------------------------------------- command lines

RUN_SERVERS = {"up", "demo", "server", "register", "privacy prove", "cards rebuild"}
COMMANDS = [name for group in OFFERED.values() for name in group if name not in RUN_SERVERS]
COMMANDS += ["rules", "ledger", "key", "partnership", "actions", ""]
"""Every command that runs no server."""

WORDS = [
    "C05",
    "A04",
    "local.x.first_draft",
    "CSPR-2026-001",
    "SAR-2026-001",
    "CSPR-2026-999",
    "2026-11-27",
    "2026-02-30",
    "9999-12-31",
    "0001-01-01",
    "2028-12-20",
    "2026-12-18T10:00",
    "9999-12-31T23:59Z",
    "0001-01-01T00:00",
    "2018",
    "WT2023",
    "alex_example",
    "glenn_sample",
    "nobody",
    "send_notification",
    "record_meeting",
    "end of retention",
    "inspection",
    "out.zip",
    "form.yaml",
    "moving-in.xlsx",
    "spoilt.xlsx",
    "our own audit",
    "-",
    "/",
    ".",
    "nowhere/x",
    "/dev/null",
    "decided=2026-12-16",
    "agency_returned:police=2026-12-17",
    "decided=2028-12-31",
    "=",
    "0",
    "-1",
    "99999999999999999999999",
    "1e9",
    "yes",
    "SP/2026/11, item 4",
    "a [b]",
    "x" * 5000,
    "",
    " ",
    "\0",
    "\ud83d",
    "\u202e",
    "\n",
    "٢٠٢٦-11-27",
    "--",
    "---",
    "plan.svg",
    "police",
    "[]",
    "{}",
    "null",
]
OPTIONS = [
    "--json",
    "--demo",
    "--help",
    "--version",
    "--on",
    "--form",
    "--as",
    "--minuted",
    "--proved",
    "--at",
    "--step",
    "--unseal",
    "--open",
    "--ground",
    "--yes",
    "--of",
    "--event",
    "--accept",
    "--reason",
    "--rule",
    "--from",
    "--until",
    "--svg",
    "--ics",
    "--person",
    "--panel",
    "--review",
    "--file",
    "--again",
    "--password",
    "--password-file",
    "--decision",
    "--dates",
    "--told",
    "--sealed",
    "--typed",
    "--agency",
    "--stage",
    "--theme",
    "--date",
    "--closed",
    "--first",
    "--template",
    "--version=7",
    "--at=soon",
]
TYPED = st.text(st.characters(exclude_characters="/\\.~"), max_size=12)
LINES = st.tuples(
    st.sampled_from(COMMANDS), st.lists(st.sampled_from(WORDS) | st.sampled_from(OPTIONS) | TYPED, max_size=7)
)


@tries(25, suppress_health_check=list(HealthCheck))
@given(line=LINES, typed=st.binary(max_size=40))
def test_any_command_line_is_answered_in_words(home: Path, line: tuple[str, list[str]], typed: bytes) -> None:
    """No traceback, nothing that nobody foresaw; and the ledger is whole."""
    command, words = line
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(typed))
    try:
        code = main([*command.split(), *words])
    except SystemExit as ended:
        code = int(str(ended.code or 0))
    finally:
        sys.stdin = before
    assert code != faults.UNFORESEEN, (home / faults.NOTED_IN).read_text()[-3000:]
    assert code in (0, 1, faults.ASKED_WRONGLY)
    with open_installation(now(), make=False) as installation:
        assert [] == list(installation.records.verify())
    assert [] == list(home.glob(".*.part"))


# --------------------------------------------------------------------------- files

ODD = st.sampled_from(
    [
        "",
        "~",
        "no",
        "9" * 50,
        "-1",
        "1e400",
        ".nan",
        "2026-13-45",
        "9am",
        "'\\x07'",
        "[",
        "{",
        "&a [*a]",
        "*b",
        "!!set {}",
        "? [a]",
        "- ",
        "\t",
        "\x07",
        "\u202e",
        "x" * 500,
        "[[[[[[]]]]]]",
        "{a: {b: c}}",
        "<<: {}",
        "0x_",
        "12:61",
        "\ud83d",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=3),
    max_leaves=5,
)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to everything in a file."""
    yield path
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for name, value in parts:
        yield from places(value, (*path, name))


def spoilt(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The same with something else in one place."""
    if not path:
        return value
    made = deepcopy(data)
    held = made
    for part in path[:-1]:
        held = held[part]
    held[path[-1]] = value
    return made


EXAMPLE = example_as_one(HOUSE / "config")
PLACES = sorted(places(EXAMPLE), key=str)


def loaded(file: Path) -> None:
    """It is a rulebook, or has faults that are named, few enough to be read."""
    try:
        config.load(file)
    except RulebookInvalid as invalid:
        assert invalid.faults
        assert len(str(invalid)) < 60_000


@tries(12, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(PLACES), value=VALUES)
def test_any_value_in_any_place_of_a_partnerships_file(home: Path, path: tuple[Any, ...], value: Any) -> None:
    """Words for a list, a list for a day, nothing for a name."""
    file = home / "ours.yaml"
    try:
        file.write_text(yaml.safe_dump(spoilt(EXAMPLE, path, value), sort_keys=False, allow_unicode=True), "utf-8")
    except (UnicodeEncodeError, yaml.YAMLError):
        return
    loaded(file)


TEXT = yaml.safe_dump(EXAMPLE, sort_keys=False, allow_unicode=True)


@tries(12, suppress_health_check=list(HealthCheck))
@given(at=st.integers(0, len(TEXT)), cut=st.integers(0, 200), odd=ODD | st.text(max_size=6))
def test_any_slip_in_a_partnerships_file(home: Path, at: int, cut: int, odd: str) -> None:
    """Something is cut out, something typed in."""
    file = home / "ours.yaml"
    file.write_bytes((TEXT[:at] + odd + TEXT[at + cut :]).encode("utf-8", "surrogatepass"))
    loaded(file)


RULES = sorted((HOUSE / "config" / "rules").rglob("*.yaml"))


@tries(8, suppress_health_check=list(HealthCheck))
@given(rule=st.sampled_from(RULES), odd=ODD | st.text(max_size=6), data=st.data())
def test_any_slip_in_a_rule(
    tmp_path_factory: pytest.TempPathFactory, rule: Path, odd: str, data: st.DataObject
) -> None:
    """A file of the law is no better than any other."""
    folder = tmp_path_factory.getbasetemp() / "rules-spoilt"
    if not folder.exists():
        folder.mkdir()
        for name in ("rules", "calendars", "partnership"):
            (folder / name).mkdir()
            for file in (HOUSE / "config" / name).rglob("*.*"):
                if file.is_file():
                    copy = folder / file.relative_to(HOUSE / "config")
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    copy.write_bytes(file.read_bytes())
    text = rule.read_text("utf-8")
    at, cut = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 60))
    theirs = folder / rule.relative_to(HOUSE / "config")
    theirs.write_bytes((text[:at] + odd + text[at + cut :]).encode("utf-8", "surrogatepass"))
    try:
        config.load(folder=folder)
    except RulebookInvalid as invalid:
        assert len(str(invalid)) < 60_000
    finally:
        theirs.write_text(text, "utf-8")


# --------------------------------------------------------------------------- answers

CANARY = "Violet was hurt"
SENT = st.recursive(
    st.sampled_from(
        [CANARY, "yes", "police", "glenn_sample", "2026-11-27", "SP/2026/11, item 4", f"{CANARY} (police)", ""]
    )
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([CANARY, "answer", "reason"]), inner),
    max_leaves=5,
)
SIGNED = ["signed_by", "attested", "minute_reference", CANARY]


@pytest.fixture(scope="module")
def open_record(home: Path) -> Iterator[Installation]:
    """The record, open."""
    with open_installation(now(), make=False) as installation:
        yield installation


@tries(150, suppress_health_check=list(HealthCheck))
@given(
    step=st.sampled_from([*STEPS, CANARY]),
    reference=st.sampled_from(["CSPR-2026-001", "SAR-2026-001", CANARY, ""]),
    data=st.data(),
)
def test_any_answer_is_taken_or_refused_in_words(
    open_record: Installation, step: str, reference: str, data: st.DataObject
) -> None:
    """As the page's server has it: tried first, which records nothing, then sent; and no word of it in clear."""
    desk = Desk(open_record)
    records = open_record.records
    known = [*STEPS[step].form.model_fields] if step in STEPS else ["answer"]
    fields: dict[str, Any] = {}
    if reference in ("CSPR-2026-001", "SAR-2026-001") and step in STEPS and data.draw(st.booleans()):
        fields = answer(step, records.read(reference), london_date(now())) | {"signed_by": "glenn_sample"}
    fields |= data.draw(st.dictionaries(st.sampled_from([*known, *SIGNED]), SENT, max_size=5))
    lines = [row.version for row in records.list()]

    try:
        reasons = desk.unmet(reference or None, step, dict(fields), None)
    except NoSuchReview as none:
        reasons = [str(none)]
    assert lines == [row.version for row in records.list()]
    assert "Violet" not in str(reasons)
    try:
        desk.attempt(reference, step, dict(fields), 10_000, str(uuid4()))
        assert [] == reasons
    except (TransitionRefused, NoSuchReview) as refused:
        assert reasons
        assert "Violet" not in str(refused)
    latest = "SELECT actor, minute, title, body FROM ledger ORDER BY at DESC LIMIT 3"
    with records.engine.connect() as connection:
        assert "Violet" not in str(connection.exec_driver_sql(latest).fetchall())
