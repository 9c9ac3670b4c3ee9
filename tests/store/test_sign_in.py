"""Codes and sessions on both databases: one code lets one in, however many type it at once."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from benchmarks.transitions import FIRST

from safeguarding.law.rulebook import Rulebook
from tasks.record import sign_in
from tasks.record.records import Records
from tasks.record.sign_in import USED, SignedIn, SignInRefused

ADDRESS = "alex@exampleshire.example"


def test_a_session_begins_and_ends(records: Records, rulebook: Rulebook) -> None:
    """By a code, for whoever reads the mailbox; with the moment it began; not after it is over."""
    code = sign_in.ask_for_code(records, "a browser", ADDRESS.upper(), FIRST)
    sign_in.prove(records, "a browser", code, rulebook.partnership, FIRST)
    (person,) = sign_in.proved_people(records, "a browser", rulebook.partnership, FIRST)
    token = sign_in.begin(records, "a browser", person, "code", FIRST)
    wanted = SignedIn("alex_example", "code", FIRST)
    assert wanted == sign_in.who(records, token, rulebook.partnership, FIRST + timedelta(minutes=59))
    assert wanted == sign_in.who(records, token, rulebook.partnership, FIRST + timedelta(minutes=118))
    assert () == sign_in.proved_people(records, "a browser", rulebook.partnership, FIRST)
    sign_in.end(records, token)
    assert sign_in.who(records, token, rulebook.partnership, FIRST) is None


def test_a_code_that_many_type_at_once_lets_one_in(records: Records, rulebook: Rulebook) -> None:
    """Pressed twice, or tried in parallel: one is let in, and the others hear that it was used."""
    code = sign_in.ask_for_code(records, "a browser", ADDRESS, FIRST)
    start, came, lock = threading.Barrier(6), list[str](), threading.Lock()

    def press() -> None:
        start.wait()
        try:
            sign_in.prove(records, "a browser", code, rulebook.partnership, FIRST)
            said = "in"
        except SignInRefused as refused:
            said = str(refused)
        with lock:
            came.append(said)

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(["in", *[USED] * 5]) == sorted(came)


def test_five_wrong_codes_at_once_are_five_tries(records: Records, rulebook: Rulebook) -> None:
    """Whoever guesses in parallel has no more tries than whoever guesses one by one."""
    code = sign_in.ask_for_code(records, "a browser", ADDRESS, FIRST)
    wrong = "000000" if code != "000000" else "000001"

    def guess() -> None:
        with suppress(SignInRefused):
            sign_in.prove(records, "a browser", wrong, rulebook.partnership, FIRST)

    threads = [threading.Thread(target=guess) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with pytest.raises(SignInRefused, match="A wrong code was typed five times"):
        sign_in.prove(records, "a browser", code, rulebook.partnership, FIRST)


def test_five_codes_an_hour_are_five_however_they_are_asked_for(records: Records) -> None:
    """Twelve at once: five are kept, and seven are told to wait; an hour later there are five more."""
    given, lock = list[bool](), threading.Lock()

    def ask(moment: datetime) -> None:
        try:
            sign_in.ask_for_code(records, "a browser", ADDRESS, moment)
            done = True
        except SignInRefused:
            done = False
        with lock:
            given.append(done)

    for moment in (FIRST, FIRST + timedelta(hours=1, seconds=1)):
        given.clear()
        threads = [threading.Thread(target=ask, args=[moment]) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (5, 7) == (given.count(True), given.count(False))
