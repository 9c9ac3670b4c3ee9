"""Authenticators on both databases: a code is good once, however many type it at once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pyotp
import pytest
from benchmarks.transitions import FIRST
from sqlalchemy import select

from safeguarding.law.rulebook import Rulebook
from tasks.record import authenticators, sign_in
from tasks.record.records import Records
from tasks.record.sign_in import SignInRefused
from tasks.store.session import reading
from tasks.store.tables import authenticators as table

ADDRESS = "glenn@council.example"
GLENN = "glenn_sample"


@pytest.fixture
def device(records: Records) -> pyotp.TOTP:
    """Glenn's authenticator, which a first code was typed of."""
    return set_up(records, GLENN, FIRST)


def set_up(records: Records, person: str, now: datetime) -> pyotp.TOTP:
    """Somebody's authenticator, set up."""
    authenticators.begin(records, person, now)
    device = pyotp.TOTP(str(authenticators.secret_to_take_in(records, person, now)))
    assert authenticators.confirm(records, person, device.at(now), now, keep="")
    return device


def tries(records: Records, rulebook: Rulebook, code: str, now: datetime, known: str = "") -> str:
    """Whoever is let in by this code, or why nobody."""
    sign_in.ask_for_code(records, f"a browser {now}", ADDRESS, now, known)
    try:
        proved = sign_in.prove(records, f"a browser {now}", code, rulebook.partnership, now)
    except SignInRefused as refused:
        return str(refused)
    return f"{proved.proof} {[one.id for one in proved.people]}"


def test_a_code_of_it_signs_in(records: Records, rulebook: Rulebook, device: pyotp.TOTP) -> None:
    """A half minute early or late as well; two are too many; and nobody awaits a letter any more."""
    for off, let_in in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        now = FIRST + timedelta(hours=10 + off / 10)
        said = tries(records, rulebook, device.at(now + timedelta(seconds=off)), now)
        assert let_in == (f"authenticator ['{GLENN}']" == said), off
    assert () == sign_in.who_await_a_letter(records, ADDRESS, rulebook.partnership)


def test_the_code_that_was_typed_when_it_was_set_up_signs_in_nobody(
    records: Records, rulebook: Rulebook, device: pyotp.TOTP
) -> None:
    """Its half minute was used up; the next one is new."""
    assert sign_in.WRONG == tries(records, rulebook, device.at(FIRST), FIRST)
    later = FIRST + timedelta(seconds=30)
    assert tries(records, rulebook, device.at(later), later).startswith("authenticator")


def test_a_code_that_many_type_at_once_lets_one_in(records: Records, rulebook: Rulebook, device: pyotp.TOTP) -> None:
    """Replayed from several browsers in the same moment: one is let in."""
    now, came, lock = FIRST + timedelta(hours=2), list[str](), threading.Lock()
    code, start = device.at(now), threading.Barrier(5)
    for number in range(5):
        sign_in.ask_for_code(records, f"browser {number}", ADDRESS, now)

    def press(number: int) -> None:
        start.wait()
        try:
            sign_in.prove(records, f"browser {number}", code, rulebook.partnership, now)
            said = "in"
        except SignInRefused as refused:
            said = str(refused)
        with lock:
            came.append(said)

    threads = [threading.Thread(target=press, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(["in", *[sign_in.WRONG] * 4]) == sorted(came)


def test_ten_wrong_codes_lock_it_for_strangers(records: Records, rulebook: Rulebook, device: pyotp.TOTP) -> None:
    """Their owner is told; the right code says until when, and is used up; a browser known before is let in."""
    now, known = FIRST + timedelta(hours=2), sign_in.known_browser(records, ADDRESS)
    guesses = ("000000", "000001", "000002", "000003")
    wrong = next(code for code in guesses if not device.verify(code, for_time=now, valid_window=3))
    locked: list[str] = []
    for number in range(10):
        try:
            _guess(records, rulebook, number, wrong, now)
        except SignInRefused as refused:
            locked += refused.locked
    assert [GLENN] == locked
    assert "none of your authenticator is taken until" in tries(records, rulebook, device.at(now), now)
    later = now + timedelta(seconds=30)
    assert tries(records, rulebook, device.at(later), later, known).startswith("authenticator")
    over = now + timedelta(hours=1, seconds=1)
    assert tries(records, rulebook, device.at(over), over).startswith("authenticator")


def _guess(records: Records, rulebook: Rulebook, number: int, code: str, now: datetime) -> None:
    if number % 5 == 0:
        sign_in.ask_for_code(records, f"guessing {number // 5}", ADDRESS, now)
    sign_in.prove(records, f"guessing {number // 5}", code, rulebook.partnership, now)


def test_the_letters_code_of_the_other_reader_does_not_sign_in_its_owner(
    records: Records, rulebook: Rulebook, device: pyotp.TOTP
) -> None:
    """Two read one mailbox and one has an authenticator: the letter lets in the other alone."""
    other = rulebook.partnership.person("harper_sample").model_copy(update={"email": ADDRESS})
    people = tuple(other if one.id == other.id else one for one in rulebook.partnership.people)
    partnership = rulebook.partnership.model_copy(update={"people": people})
    code = sign_in.ask_for_code(records, "a browser", ADDRESS, FIRST)
    proved = sign_in.prove(records, "a browser", code, partnership, FIRST)
    assert ("code", ["harper_sample"]) == (proved.proof, [one.id for one in proved.people])
    assert ["harper_sample"] == [one.id for one in sign_in.proved_people(records, "a browser", partnership, FIRST)]


def test_a_guessed_letters_code_signs_in_nobody_who_has_one(
    records: Records, rulebook: Rulebook, device: pyotp.TOTP
) -> None:
    """It was kept as for everybody, and sent to nobody: were it guessed, it would be as wrong as any other."""
    code = sign_in.ask_for_code(records, "a browser", ADDRESS, FIRST)
    with pytest.raises(SignInRefused, match="neither the code"):
        sign_in.prove(records, "a browser", code, rulebook.partnership, FIRST)


def test_one_that_was_not_confirmed_is_asked_of_nobody(records: Records, rulebook: Rulebook) -> None:
    """A secret that was made and never taken in locks nobody out; made again it is another."""
    authenticators.begin(records, GLENN, FIRST)
    first = authenticators.secret_to_take_in(records, GLENN, FIRST)
    assert [GLENN] == [one.id for one in sign_in.who_await_a_letter(records, ADDRESS, rulebook.partnership)]
    authenticators.begin(records, GLENN, FIRST)
    assert first != authenticators.secret_to_take_in(records, GLENN, FIRST)


def test_a_secret_waits_ten_minutes_for_its_first_code(records: Records) -> None:
    """Left on a screen it is good no more: it is neither shown nor confirmed, and the next one is another."""
    authenticators.begin(records, GLENN, FIRST)
    first = authenticators.secret_to_take_in(records, GLENN, FIRST + timedelta(minutes=10))
    late = FIRST + timedelta(minutes=10, seconds=1)
    assert authenticators.secret_to_take_in(records, GLENN, late) is None
    assert not authenticators.confirm(records, GLENN, pyotp.TOTP(str(first)).at(late), late, keep="")
    authenticators.begin(records, GLENN, late)
    second = str(authenticators.secret_to_take_in(records, GLENN, late))
    assert first != second
    assert authenticators.confirm(records, GLENN, pyotp.TOTP(second).at(late), late, keep="")


def test_whoever_has_one_cannot_be_given_another(records: Records, device: pyotp.TOTP) -> None:
    """A session that was left open sets up no second one over the first, and shows its secret to nobody."""
    authenticators.begin(records, GLENN, FIRST)
    assert authenticators.secret_to_take_in(records, GLENN, FIRST) is None
    later = FIRST + timedelta(seconds=30)
    assert GLENN == authenticators.give_up(records, GLENN, device.at(later), later).person
    assert authenticators.of(records, GLENN) is None


def test_the_record_holds_no_secret_in_clear(records: Records, device: pyotp.TOTP) -> None:
    """What lies there opens with the master key alone."""
    with reading(records.engine) as connection:
        (row,) = connection.execute(select(table)).all()
    assert device.secret not in str(tuple(row))
