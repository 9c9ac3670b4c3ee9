"""«Your sign-in»: an authenticator is set up, signs in, locks, is given up, and is taken away by the unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes, policy

import pyotp
import pytest
from driver.visitor import Clock, Visitor, codes

from flows.demo.post_catcher import Catcher
from pages.guard import Guard
from tasks.record import rotate, staff
from tasks.record.installation import Installation

GLENN, ALEX = "glenn@council.example", "alex@exampleshire.example"
Code = Callable[[], str]


@pytest.fixture
def glenn(served: Guard, newest: Code) -> Visitor:
    """A delegated partner, signed in by a mailed code."""
    return Visitor(served).sign_in(GLENN, newest)


@pytest.fixture
def device(glenn: Visitor, clock: Clock) -> pyotp.TOTP:
    """Glenn's authenticator, set up at the page by the key in letters."""
    return set_up(glenn, clock)


def set_up(visitor: Visitor, clock: Clock) -> pyotp.TOTP:
    """Set up an authenticator, with what the page shows."""
    visitor.get("/your-sign-in")
    visitor.post("/your-sign-in/begin")
    key = re.search(r"pages-key\">([A-Z2-7 ]+)<", visitor.page.text)
    assert key is not None
    made = pyotp.TOTP(key.group(1).replace(" ", ""))
    visitor.post("/your-sign-in/confirm", code=made.at(clock.at))
    assert "Your authenticator is set up" in visitor.words
    return made


def signs_in(served: Guard, code: str, address: str = GLENN) -> Visitor:
    """Somebody signs in in a browser of their own, and types this."""
    visitor = Visitor(served)
    visitor.get("/sign-in")
    visitor.post("/sign-in", address=address)
    visitor.post("/sign-in/code", code=code)
    return visitor


def subjects(caught: Catcher, to: str) -> list[str]:
    """The subjects of every letter to somebody, oldest first."""
    files = sorted(caught.folder.glob("mail/*"))
    letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [str(letter["Subject"]) for letter in letters if str(letter["To"]) == to]


def test_it_counts_once_a_code_was_typed(glenn: Visitor, served: Guard, newest: Code, clock: Clock) -> None:
    """The picture and the key stand on the page; a wrong code is told; until then a mailed code signs in."""
    glenn.get("/your-sign-in")
    assert "A code goes to your mailbox each time" in glenn.words
    glenn.post("/your-sign-in/begin")
    assert '<svg viewBox="0 0 ' in glenn.page.text
    assert "style=" not in glenn.page.text
    glenn.post("/your-sign-in/confirm", code="12345")
    assert (422, True) == (glenn.page.status_code, "not the code that your authenticator shows" in glenn.words)
    assert "Signed in as Glenn" in Visitor(served).sign_in(GLENN, newest).words


def test_from_then_on_its_code_is_asked_for(
    glenn: Visitor, device: pyotp.TOTP, served: Guard, clock: Clock, caught: Catcher
) -> None:
    """No letter leaves; the page asks as it asks everybody; whoever is in by it is on record so; they were told."""
    before = len(codes(caught.folder))
    clock.later(seconds=30)
    visitor = signs_in(served, f" {device.at(clock.at)[:3]} {device.at(clock.at)[3:]} ")
    assert "Signed in as Glenn Sample" in visitor.words
    assert before == len(codes(caught.folder))
    assert "by the code of your authenticator" in (visitor.get("/your-sign-in") and visitor.words)
    assert any("an authenticator signs you in" in subject for subject in subjects(caught, GLENN))


def test_a_replayed_an_expired_and_anothers_code_sign_in_nobody(
    glenn: Visitor, device: pyotp.TOTP, served: Guard, clock: Clock, newest: Code
) -> None:
    """Each is told as any wrong code is, and so is a guessed one."""
    alex = Visitor(served).sign_in(ALEX, newest)
    others = set_up(alex, clock)
    clock.later(minutes=5)
    code = device.at(clock.at)
    assert "Signed in as Glenn Sample" in signs_in(served, code).words
    for wrong in (code, device.at(clock.at.timestamp() - 120), others.at(clock.at), "12", "a" * 50, ""):
        visitor = signs_in(served, wrong) if wrong != code else signs_in(served, code)
        assert "/sign-in/code" == visitor.path, wrong
        clock.later(minutes=61)


def test_no_answer_tells_who_has_one(device: pyotp.TOTP, served: Guard, clock: Clock) -> None:
    """Whoever has one, whoever has none and nobody at all: the same pages to the letter, up to the last try."""
    clock.later(minutes=61)

    def answers(address: str) -> list[str]:
        visitor, seen = Visitor(served), []
        for _ in range(6):
            visitor.get("/sign-in")
            visitor.post("/sign-in", address=address)
            seen.append(f"{visitor.page.status_code} {visitor.words.replace(address, 'ADDRESS')}")
            for typed in ("000000", "1", "99999", "123", "32132", "55"):
                visitor.get("/sign-in/code")
                visitor.post("/sign-in/code", code=typed)
                seen.append(visitor.words)
        return seen

    has_one, has_none, nobody = (answers(one) for one in (GLENN, "harper@police.example", "nobody@council.example"))
    assert has_one == has_none == nobody


def test_wrong_codes_lock_it_and_the_owner_is_told(
    glenn: Visitor, device: pyotp.TOTP, served: Guard, clock: Clock, caught: Catcher
) -> None:
    """By mail, and at the page; where they signed in before they sign in as ever, a stranger after an hour."""
    clock.later(minutes=61)
    for _ in range(2):
        stranger = signs_in(served, "000000")
        for _ in range(4):
            stranger.get("/sign-in/code")
            stranger.post("/sign-in/code", code="000000")
    assert 1 == sum("your sign-in is locked for an hour" in subject for subject in subjects(caught, GLENN))
    right = signs_in(served, device.at(clock.at))
    assert ("/sign-in/code", True) == (right.path, "none of your authenticator is taken until" in right.words)
    clock.later(seconds=30)
    glenn.get("/sign-in")
    glenn.post("/sign-in", address=GLENN)
    glenn.post("/sign-in/code", code=device.at(clock.at))
    assert "Signed in as Glenn Sample" in glenn.words


def test_it_is_given_up_by_a_code_of_it(
    glenn: Visitor, device: pyotp.TOTP, served: Guard, clock: Clock, newest: Code
) -> None:
    """A session that was left open does not suffice; afterwards a mailed code signs in again."""
    glenn.get("/your-sign-in")
    glenn.post("/your-sign-in/give-up", code=device.at(clock.at))
    assert 422 == glenn.page.status_code, "the code by which it was set up is used up"
    clock.later(seconds=30)
    glenn.post("/your-sign-in/give-up", code=device.at(clock.at))
    assert "is asked for no more" in glenn.words
    assert "Signed in as Glenn" in Visitor(served).sign_in(GLENN, newest).words


def test_the_unit_takes_it_away_when_the_device_is_lost(
    glenn: Visitor, device: pyotp.TOTP, alex: Visitor, served: Guard, newest: Code, installation: Installation
) -> None:
    """Recorded first, with who and how they signed in; every session of its owner ends; a mailed code works again."""
    alex.get("/your-sign-in")
    assert "Somebody lost their device" in alex.words
    alex.post("/your-sign-in/of-others", person="glenn_sample", why="anything")
    assert 422 == alex.page.status_code
    alex.post("/your-sign-in/of-others", person="glenn_sample", why="the device is lost")
    assert "It was taken away, and recorded" in alex.words
    assert "/sign-in" == glenn.get("/").url.path
    line = staff.history(installation)[-1]
    assert ("authenticator_removed", "alex_example") == (line.kind, line.actor.person)
    assert {"person": "glenn_sample", "why": "the device is lost"} == line.facts
    assert "Signed in as Glenn" in Visitor(served).sign_in(GLENN, newest).words
    alex.post("/your-sign-in/of-others", token=alex.token, person="glenn_sample", why="the device is lost")
    assert (422, True) == (alex.page.status_code, "nobody of this id has an authenticator" in alex.words)


def test_nobody_but_the_unit_takes_one_away(
    glenn: Visitor, device: pyotp.TOTP, served: Guard, newest: Code, installation: Installation
) -> None:
    """A partner is shown no such form, and is refused if they send it."""
    harper = Visitor(served).sign_in("harper@police.example", newest)
    harper.get("/your-sign-in")
    assert "Somebody lost their device" not in harper.words
    harper.post("/your-sign-in/of-others", person="glenn_sample", why="the device is lost")
    assert 422 == harper.page.status_code
    assert "Its code is asked for" in (glenn.get("/your-sign-in") and glenn.words)


def test_a_session_of_before_ends_when_it_is_set_up(glenn: Visitor, served: Guard, newest: Code, clock: Clock) -> None:
    """A session that somebody stole by the mailbox is over; the one in which it was set up goes on."""
    stolen = Visitor(served).sign_in(GLENN, newest)
    set_up(glenn, clock)
    assert "/sign-in" == stolen.get("/").url.path
    assert "Signed in as" in glenn.get("/").text


def test_a_stranger_uses_up_nobodys_codes(glenn: Visitor, served: Guard, clock: Clock, newest: Code) -> None:
    """Where somebody was signed in before, their codes are counted apart; what such a browser keeps lets nobody in."""
    stranger = Visitor(served)
    stranger.get("/sign-in")
    answers = [stranger.post("/sign-in", address=GLENN).status_code for _ in range(5) if stranger.get("/sign-in")]
    assert 429 in answers
    glenn.post("/sign-out")
    glenn.sign_in(GLENN, newest)
    assert "Signed in as Glenn Sample" in glenn.words
    known = glenn.client.cookies["known"]
    thief = Visitor(served)
    thief.client.cookies.set("known", known, domain="127.0.0.1")
    assert "/sign-in" == thief.get("/").url.path
    made_up = Visitor(served)
    made_up.client.cookies.set("known", f"{known[:-1]}{'0' if known[-1] != '0' else '1'}", domain="127.0.0.1")
    made_up.get("/sign-in")
    assert 429 == made_up.post("/sign-in", address=GLENN).status_code


def test_a_new_master_key_keeps_it(device: pyotp.TOTP, served: Guard, installation: Installation, clock: Clock) -> None:
    """Its secret is sealed with the new key: nobody has to set theirs up again."""
    rotate.turn(installation, clock.at)
    clock.later(seconds=30)
    assert "Signed in as Glenn Sample" in signs_in(served, device.at(clock.at)).words
