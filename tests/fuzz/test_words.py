"""
Any text in any field of any form and of a partnership's file: refused at the door, or everything can be made from it.

A few seconds as they stand; `FUZZ=10000 pytest tests/fuzz/test_words.py` tries so many of each kind.
"""

from __future__ import annotations

import contextlib
import json
import unicodedata
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from driver.everything import AT, Record, calendars, everything, letters, readable, step_notices, time_notices
from driver.partnership import example_as_one
from driver.tries import tries
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import config
from config.checks import faults_in
from config.partnership_files import partnership_of, read_partnership
from flows.demo.answers import answer, signer
from flows.demo.stories import STORIES
from safeguarding.as_typed import one_line, several_lines
from safeguarding.dates.london import london_date
from safeguarding.errors import RulebookInvalid, TransitionRefused
from safeguarding.law.rulebook import Rulebook, chosen
from safeguarding.lifecycle import Identity, attempt
from safeguarding.review.events import Event
from safeguarding.review.fold import fold
from safeguarding.review.proof import signed_in
from safeguarding.review.review import Review
from safeguarding.shown import card
from safeguarding.stages import STEPS

pytestmark = [pytest.mark.long, pytest.mark.random]


PASTED = [
    "\u00ad",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u202e",
    "\u202c",
    "\u2066",
    "\u2069",
    "\u00a0",
    "\u3000",
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b",
    "\r\n",
    "\n",
    "\t",
    "\0",
    "\x1b[31m",
    "\x92",
    "\uf0b7",
    "\ue000",
    "\ufffd",
    "\uffff",
    "\ud83d",
    "e\u0301",
    "\u0645\u062d\u0645\u062f",
    "\u0928\u094d\u200d",
    "\u2764\ufe0f",
    "\U0001f468\u200d\U0001f469",
    "\u3164",
    "\u2800",
    "\u034f",
    "\u0600",
    "| a | b |",
    "[x](https://evil.example)",
    "<script>alert(1)</script>",
    "<at>all</at>",
    "&amp;",
    "{{ reference }}",
    "{% for %}",
    "END:VCALENDAR",
    "SUMMARY:x\nEND:VEVENT",
    "a; b, c\\n",
    "]]>",
    "O'Brien",
    '"',
    "# head",
    "- item",
    "1. item",
    "(housing)",
    "Housing",
    "housing",
    "police",
    "2026-11-23",
    "x" * 61,
    "Wolfeschlegelsteinhausen-" * 12,
    "y " * 2_100,
]
"""What Word, mail, a phone, a browser and a hurried hand bring along."""

TEXTS = st.one_of(
    st.text(max_size=30),
    st.text(st.characters(categories=["Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Co", "Lo", "So"]), max_size=12),
    st.lists(st.sampled_from(PASTED) | st.text(max_size=4), min_size=1, max_size=5).map("".join),
    st.sampled_from(PASTED).map(lambda pasted: f"Example {pasted} Trust"),
)


# --------------------------------------------------------------------------- the door itself


@tries(500, suppress_health_check=list(HealthCheck))
@given(text=TEXTS | st.text(st.characters(), max_size=200))
def test_what_is_kept_is_kept_as_it_is(text: str) -> None:
    """Kept once it stays as it is; in one line a message can carry it; nothing of what was refused is repeated."""
    for keep in (one_line, several_lines):
        try:
            kept = keep(text)
        except ValueError as refused:
            assert "holds " in str(refused) and str(refused).isascii() and str(refused).isprintable()
            continue
        assert kept == keep(kept) == unicodedata.normalize("NFC", kept)
        kept.encode()
        assert all(line.isprintable() or keep is several_lines for line in [kept])
        assert not any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in kept)


# --------------------------------------------------------------------------- a partnership's file


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """Three reviews under the example partnership."""
    with contextlib.closing(Record(tmp_path_factory.mktemp("words"))) as made:
        yield made


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every word, number and truth value of a file."""
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list | tuple) else ()
    for name, value in parts:
        yield from places(value, (*path, name))
    if not isinstance(data, dict | list | tuple):
        yield path


def put(data: Any, path: tuple[Any, ...], value: Any) -> None:
    """Something else in one place."""
    for part in path[:-1]:
        data = data[part]
    data[path[-1]] = value


EXAMPLE = example_as_one()
PLACES = sorted(places(EXAMPLE), key=str)
WORDY = [path for path in PLACES if path[-1] in ("name", "title", "authority", "way", "source", "words", "decides")]
"""The places of words that people choose freely: everything else is mostly refused."""
OLD_LAW = config.load()
LAW = [
    (f"config/rules/{rule.track}/{rule.name}.yaml", rule) for rule in OLD_LAW.rules if not rule.id.startswith("local.")
]


@cache
def _with_marks(*paths: tuple[Any, ...]) -> str:
    """The file with a mark in each of these places, which a text then takes."""
    data = deepcopy(EXAMPLE)
    for number, path in enumerate(paths):
        put(data, path, f"@@{number}@@")
    return str(yaml.dump(data, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False, width=10_000))


def file_with(texts: dict[tuple[Any, ...], str]) -> bytes:
    """The example's file with other words in these places, as a program would write it."""
    text = _with_marks(*texts)
    for number, typed in enumerate(texts.values()):
        text = text.replace(f"'@@{number}@@'", json.dumps(typed, ensure_ascii=False))
    return text.encode("utf-8", "surrogatepass")


def under(file: Path) -> Rulebook:
    """
    The rulebook that `config.load` makes, with the law as it was read once: reading that takes longest.

    Raises RulebookInvalid.
    """
    faults: list[Any] = []
    files = read_partnership(file, str(file), faults)
    partnership, local = partnership_of(files, faults)
    placed = [*LAW, *local]
    faults += faults_in(placed, partnership, str(file), OLD_LAW.calendar)
    if faults or partnership is None:
        raise RulebookInvalid(faults)
    rules = tuple(chosen(rule, partnership.choices) for _, rule in placed)
    return Rulebook(rules=rules, calendar=OLD_LAW.calendar, partnership=partnership)


def test_the_law_read_once_is_the_law(tmp_path: Path) -> None:
    """The short cut of these tests makes the very rulebook that the program makes."""
    file = tmp_path / "ours.yaml"
    file.write_bytes(file_with({("name",): "Exampleshire"}))
    assert config.load(file).digest == under(file).digest


@tries(40, suppress_health_check=list(HealthCheck))
@given(texts=st.dictionaries(st.sampled_from(PLACES) | st.sampled_from(WORDY), TEXTS, min_size=1, max_size=3))
def test_any_text_in_any_place_of_a_partnerships_file(record: Record, texts: dict[tuple[Any, ...], str]) -> None:
    """A fault names it, few words and no traceback; or every card, page, notice, calendar and export is made."""
    file = record.home / "ours.yaml"
    file.write_bytes(file_with(texts))
    try:
        rulebook = under(file)
    except RulebookInvalid as invalid:
        assert all(fault.file and fault.key and fault.problem for fault in invalid.faults)
        readable(str(invalid))
        assert str(invalid).replace("\n", "").isprintable()
        return
    everything(record, rulebook, forms=any(path[0] in ("people", "agencies") for path in texts))


# --------------------------------------------------------------------------- forms


class Fitting(NamedTuple):
    """A step that may be taken at a moment, with answers that it takes."""

    step: str
    before: Review | None
    answers: dict[str, Any]
    at: datetime
    rulebook: Rulebook

    def __repr__(self) -> str:
        """Short: the whole of it has the rulebook in it."""
        return self.step

    def taken(self, answers: dict[str, Any]) -> Event:
        """The line that the step adds with these answers. Raises TransitionRefused."""
        identity = Identity("CSPR-2026-099", "Child X") if self.before is None else None
        actor = signer(STEPS[self.step].by)
        if STEPS[self.step].own_sign_in:
            actor = signed_in(actor.person, "code")
        return attempt(self.before, self.step, answers, actor, self.at, self.rulebook, None, identity)


MOMENTS = (AT, AT + timedelta(days=60), AT + timedelta(days=500))
EXTRA = {date(2026, 6, 12): "Extra bank holiday", date(2026, 11, 25): "Extra bank holiday"}
OTHERWISE = OLD_LAW.model_copy(
    update={"calendar": OLD_LAW.calendar.model_copy(update={"holidays": {**OLD_LAW.calendar.holidays, **EXTRA}})}
)
NOT_TRIED = {"move_to_edition", "note_earlier_text"}
"""Steps for a law that came late: their one free text is asked for as in every other form."""
ON_THE_WAY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("open_referral", {"concern": "learning request"}),
    ("carry_in", {"open_duties": []}),
    ("decide_review", {"outcome": "refer for national review"}),
)
"""Steps with other answers than the usual, since they lead to steps which those do not lead to."""


@cache
def _fitting(home: Path) -> list[Fitting]:
    """Each step once, on a review that permits it: one of the demo's, or one that a step before has led to."""
    with contextlib.closing(Record(home, STORIES)) as record:
        states: list[Review | None] = [None, *(after for _, _, after in record.grown)]
        states.append(_with_nothing_left_to_do(next(review for review in record.reviews if review.actions)))
    found: dict[str, Fitting] = {}
    ways = [*((name, changes) for name, changes in ON_THE_WAY), *((name, {}) for name in STEPS)]
    for review in states:
        for name, changes in ways:
            known = f"{name} {changes}" if changes else name
            if known in found or (review is None) is bool(STEPS[name].sources):
                continue
            if review is not None and not STEPS[name].open_to(review):
                continue
            one = _tried(name, review, changes)
            if one is not None:
                found[known] = one
                states.append(fold([one.taken(one.answers)], review))
    return list(found.values())


def _with_nothing_left_to_do(review: Review) -> Review:
    """A review whose actions were all withdrawn, so that it may be closed."""
    for action in review.actions:
        changes = {"action": action.id, "status": "withdrawn", "note": "Done by others."}
        if (one := _tried("update_action", review, changes)) is not None:
            review = fold([one.taken(one.answers)], review)
    return review


def _tried(step: str, review: Review | None, changes: dict[str, Any]) -> Fitting | None:
    for at in MOMENTS:
        try:
            made = answer(step, review, london_date(at), **changes)
            rulebook = OTHERWISE if step == "recompute_dates" else OLD_LAW
            one = Fitting(step, review, json.loads(json.dumps(made, default=str)), at, rulebook)
            one.taken(one.answers)
        except (TransitionRefused, LookupError, AttributeError, StopIteration, ValueError):
            continue
        return one
    return None


@pytest.fixture(scope="module")
def fitting(tmp_path_factory: pytest.TempPathFactory) -> list[Fitting]:
    """Every step with answers that it takes."""
    return _fitting(tmp_path_factory.mktemp("forms"))


def test_every_form_is_tried(fitting: list[Fitting]) -> None:
    """No step is left out but those that are named."""
    assert NOT_TRIED == set(STEPS) - {one.step for one in fitting}


@tries(300, suppress_health_check=list(HealthCheck))
@given(which=st.integers(0, 999), typed=st.lists(st.tuples(st.integers(0, 999), TEXTS), min_size=1, max_size=3))
def test_any_text_in_any_answer_of_any_form(fitting: list[Fitting], which: int, typed: list[tuple[int, str]]) -> None:
    """Refused in words that repeat nothing; or the line is written and all that follows from it can be made."""
    one = fitting[which % len(fitting)]
    answers = deepcopy(one.answers)
    questions = sorted(places(answers), key=str)
    for question, text in typed:
        put(answers, questions[question % len(questions)], text)
    try:
        line = one.taken(answers)
    except TransitionRefused as refused:
        assert all(reason.isprintable() for reason in refused.unmet)
        return
    after = fold([line], one.before)
    readable(line.model_dump_json(), card.card_name(after, london_date(AT), OLD_LAW))
    readable(card.description(after, london_date(AT), OLD_LAW))
    assert all(several_lines(text) == text for text in line.sealed.values())
    calendars(after, OLD_LAW)
    letters([*step_notices([(line, one.before, after)], OLD_LAW), *time_notices([after], OLD_LAW)])
