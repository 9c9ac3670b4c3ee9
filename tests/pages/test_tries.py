"""
How often may be tried from one address on the network: what failed counts, what came to good does not, and one who
guesses shuts nobody else out.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from driver.visitor import PORT, Clock, Visitor

from flows.demo.demo import CaughtPost
from flows.demo.post_catcher import Catcher
from pages.application import application
from pages.guard import Guard
from pages.running import Running
from pages.tries import Tries
from tasks.record.installation import Installation
from tasks.record.sign_in import WRONG

ALEX = "alex@exampleshire.example"
Code = Callable[[], str]


@pytest.fixture
def monday(installation: Installation, clock: Clock, caught: Catcher) -> Callable[..., Guard]:
    """The pages with the bounds that they have, or with another bound of codes that are asked for."""

    def pages(asked: int | None = None) -> Guard:
        def seconds() -> float:
            return clock.at.timestamp()

        bounds = {"tries": Tries(seconds), "asked": None if asked is None else Tries(seconds, asked)}
        return application(Running(installation, post=lambda: CaughtPost(caught), clock=clock, **bounds), PORT)

    return pages


def test_whoever_fails_by_the_hundred_waits(monday: Callable[..., Guard], clock: Clock) -> None:
    """The sixty-first failed try from one address within ten minutes waits; somebody elsewhere is let through."""
    served = monday()
    one, other = Visitor(served), Visitor(served, whence="127.0.0.2")
    for visitor in (one, other):
        visitor.get("/sign-in")
    answers = []
    for _ in range(61):
        answers.append(one.post("/sign-in", address="none").status_code)
        one.get("/sign-in")
    assert [422] * 60 + [429] == answers
    other.post("/sign-in", address="none")
    assert 422 == other.page.status_code
    clock.later(minutes=11)
    one.post("/sign-in", address="none")
    assert 422 == one.page.status_code


def test_a_whole_partnership_signs_in_from_one_address(
    monday: Callable[..., Guard], installation: Installation, newest: Code
) -> None:
    """Seventy at the same moment, each by a code, the first thirty with a slip of the figures: nobody waits."""
    served = monday()
    people = installation.rulebook.partnership.people
    addresses = [*dict.fromkeys(str(one.email) for one in people if one.email)]
    for number in range(70):
        visitor = Visitor(served)
        visitor.get("/sign-in")
        visitor.post("/sign-in", address=addresses[number % len(addresses)])
        if number < 30:
            visitor.post("/sign-in/code", code="12345")
            assert WRONG in visitor.words
        visitor.post("/sign-in/code", code=newest())
        assert "Signed in as" in visitor.words, number


def test_a_good_sign_in_pays_for_nobodys_guesses(monday: Callable[..., Guard], newest: Code) -> None:
    """Whoever guesses and signs in between as themselves has sixty wrong tries all the same, and then waits."""
    served, wrong = monday(), 0
    for number in range(14):
        guesser, own = Visitor(served), Visitor(served)
        guesser.get("/sign-in")
        guesser.post("/sign-in", address=f"nobody{number}@exampleshire.example")
        for _ in range(5):
            guesser.get("/sign-in/code")
            wrong += guesser.post("/sign-in/code", code="12345").status_code == 422
        if number < 4:
            own.sign_in(ALEX, newest)
            assert "Signed in as Alex Example" in own.words
    assert 60 == wrong


def guessed(served: Guard) -> list[int]:
    """One who guesses at this network until they wait: how each guess was answered."""
    answers: list[int] = []
    while 429 not in answers:
        guesser = Visitor(served)
        guesser.get("/sign-in")
        guesser.post(
            "/sign-in", address="billie@exampleshire.example" if len(answers) < 5 else f"no{len(answers)}@x.example"
        )
        for _ in range(5):
            guesser.get("/sign-in/code")
            answers.append(guesser.post("/sign-in/code", code="12345").status_code)
    return answers


def test_one_who_guesses_shuts_out_none_of_their_colleagues(monday: Callable[..., Guard], newest: Code) -> None:
    """
    Sixty guesses from the one address of a council. Whoever is signed in goes on; at a browser that is known a slip is
    forgiven as ever; and at a new one a code is asked for and taken, if it is typed right the first time.
    """
    served = monday()
    signed_in, known, new = (Visitor(served) for _ in range(3))
    for visitor in (signed_in, known):
        visitor.sign_in(ALEX, newest)
    known.post("/sign-out")
    assert 60 == guessed(served).count(422)
    signed_in.get("/your-sign-in")
    assert 200 == signed_in.post("/your-sign-in/begin").status_code
    known.get("/sign-in")
    known.post("/sign-in", address=ALEX)
    assert 422 == known.post("/sign-in/code", code="12345").status_code
    known.post("/sign-in/code", code=newest())
    assert "Signed in as Alex Example" in known.words
    new.sign_in("glenn@council.example", newest)
    assert "Signed in as Glenn Sample" in new.words, new.words


def test_beyond_the_bound_each_code_has_one_try(monday: Callable[..., Guard], newest: Code) -> None:
    """A wrong one, and then the right one: neither lets anybody in, and no answer tells whose mailbox it is."""
    served, said = monday(), []
    guessed(served)
    for address in (ALEX, "nobody@exampleshire.example"):
        guesser = Visitor(served)
        guesser.get("/sign-in")
        guesser.post("/sign-in", address=address)
        for code in ("12345", newest(), ""):
            guesser.get("/sign-in/code")
            said.append((guesser.post("/sign-in/code", code=code).status_code, guesser.words))
    assert {429} == {status for status, _ in said}
    assert said[:3] == said[3:]


def test_of_a_known_browser_codes_are_sent_whoever_asked_for_many(monday: Callable[..., Guard], newest: Code) -> None:
    """Twenty codes that nobody used: a stranger's browser waits, and so does the known one for another's mailbox."""
    served = monday(20)
    known, stranger = Visitor(served), Visitor(served)
    known.sign_in(ALEX, newest)
    known.post("/sign-out")
    for number in range(20):
        stranger.get("/sign-in")
        stranger.post("/sign-in", address=f"nobody{number}@exampleshire.example")
    for visitor, address, status in (
        (stranger, ALEX, 429),
        (known, "glenn@council.example", 429),
        (known, ALEX, 200),
    ):
        visitor.get("/sign-in")
        assert status == visitor.post("/sign-in", address=address).status_code
    known.post("/sign-in/code", code=newest())
    assert "Signed in as Alex Example" in known.words


def test_codes_that_nobody_uses_are_bounded(monday: Callable[..., Guard]) -> None:
    """Whoever asks for codes by the hundred, at whatever address, is stopped; somebody elsewhere is not."""
    served = monday(20)
    one, other, answers = Visitor(served), Visitor(served, whence="127.0.0.2"), []
    for number in range(21):
        one.get("/sign-in")
        answers.append(one.post("/sign-in", address=f"nobody{number}@exampleshire.example").status_code)
    assert [200] * 20 + [429] == answers
    assert "Too many codes were asked for" in one.words
    other.get("/sign-in")
    assert 200 == other.post("/sign-in", address="nobody@exampleshire.example").status_code


def test_a_try_counts_from_its_beginning() -> None:
    """So many at once are as many as one by one; what came to good is forgotten once, of its own browser alone."""
    tries = Tries(lambda: 0.0, 3)
    assert [False, False, False, True] == [tries.too_often("here", by) for by in ("a", "a", "b", "b")]
    tries.came_good("here", "c")
    assert tries.too_often("here", "c")
    tries.came_good("here", "a")
    assert [False, True] == [tries.too_often("here", "b") for _ in range(2)]
    assert not tries.too_often("elsewhere")
