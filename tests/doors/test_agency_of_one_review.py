"""A Welsh health board takes part in one review: named with one contact, asked, chased, heard; in no other review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from driver.terminal import Terminal

from config.vacancies import warnings
from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date, now
from safeguarding.errors import TransitionRefused
from safeguarding.notices.owed import Owed
from safeguarding.notices.recipients import people_of, rung_people, ways_of
from safeguarding.shown.card import description
from safeguarding.stages import STEPS
from tasks.record.installation import Installation, open_installation
from tasks.store import outbox
from tasks.store.tables import notice_facts

BOARD = "powys_teaching_health_bo"
NAMED = ("Powys Teaching Health Board", "Gwen Example", "gwen@powys.example")


@pytest.fixture
def installation(terminal: Terminal) -> Iterator[Installation]:
    """A record with two reviews of children in which agencies are asked."""
    with open_installation(now()) as opened:
        for _ in range(2):
            made = opened.records.open(answer("open_referral", None, today()), signer(STEPS["open_referral"].by), now())
            for step in ("assess_notification", "decide_notification", "send_notification", "open_rapid_review"):
                take(opened, made.review.reference, step)
        yield opened


def today() -> date:
    """The day in London."""
    return london_date(now())


def take(installation: Installation, reference: str, step: str, /, **changes: object) -> None:
    """Take a step of a review with the invented answers and these."""
    raw = answer(step, installation.records.read(reference), today(), **changes)
    installation.records.attempt(reference, step, raw, signer(STEPS[step].by), now())


def named(terminal: Terminal, installation: Installation, *said: str) -> tuple[int, str]:
    """Name the board at the command line, and let the open installation look."""
    code, out, err = terminal("agency", first(installation), *(said or NAMED), "--as", "alex_example")
    installation.follow_chain()
    return code, out + err


def first(installation: Installation) -> str:
    """The first of the two reviews."""
    return installation.records.list()[0].reference


def letters(installation: Installation, reference: str, person: str) -> list[str]:
    """The occasions of the letters to somebody about a review."""
    query = outbox.FULL.where(notice_facts.c.reference == reference)
    with installation.records.engine.connect() as connection:
        return [row.occasion for row in connection.execute(query) if row.person == person]


def test_it_is_asked_and_its_letter_reaches_the_one_address(terminal: Terminal, installation: Installation) -> None:
    """Named, asked for information: the letter is addressed to Gwen alone; the card says that it is waited for."""
    reference = first(installation)
    code, said = named(terminal, installation)
    assert (0, True) == (code, f"takes part in {reference}, under the id {BOARD}" in said), said
    take(installation, reference, "ask_agencies", purpose="information", agencies=[BOARD])
    contact = f"{BOARD}_contact"
    assert "agency_asked" in letters(installation, reference, contact)
    partnership = installation.rulebook.partnership
    assert ("gwen@powys.example", None) == ways_of(contact, partnership)
    review = installation.records.read(reference)
    assert "Powys Teaching Health Board" in description(review, today(), installation.rulebook)
    take(installation, reference, "record_return", agency=BOARD, purpose="information", outcome="returned")
    assert BOARD not in installation.records.read(reference).waiting_on()
    assert [] == list(installation.records.verify())


def test_it_is_chased_without_a_director(terminal: Terminal, installation: Installation) -> None:
    """Late, its contact hears; a rung for the director goes to whoever else is on it, or to the business manager."""
    named(terminal, installation)
    take(installation, first(installation), "ask_agencies", purpose="report", agencies=[BOARD])
    review, book = installation.records.read(first(installation)), installation.rulebook
    (duty,) = [one for one in review.running() if one.subject == BOARD]
    rungs = {rung.id: rung for rung in book.partnership.ladder}
    heard = {name: [one.id for one in rung_people(Owed.of(duty, review), rung, book)] for name, rung in rungs.items()}
    contact = f"{BOARD}_contact"
    assert [contact] == heard["day_before"]
    assert [contact] == heard["one_day_late"]
    assert ["nico_specimen", "ollie_specimen"] == heard["three_days_late"]
    assert () == people_of("agency_director", [BOARD], book)
    assert not any("Powys" in line for line in warnings(book.partnership, today()))


def test_no_other_review_may_ask_it(terminal: Terminal, installation: Installation) -> None:
    """It takes part in the one review: in the other it is not offered, and is refused."""
    named(terminal, installation)
    other = installation.records.list()[1].reference
    with pytest.raises(TransitionRefused) as refused:
        take(installation, other, "ask_agencies", purpose="report", agencies=[BOARD])
    assert BOARD not in str(refused.value).partition("choose one of")[2]
    assert BOARD in terminal("next", first(installation), "--step", "ask_agencies", "--json")[1]
    assert BOARD not in terminal("next", other, "--step", "ask_agencies", "--json")[1]
    own, others = (
        terminal("next", one, "--step", "record_return", "--json")[1] for one in (first(installation), other)
    )
    assert ("Gwen Example" in own, "Gwen Example" in others) == (True, False), "nor does its contact sign there"


def test_named_again_it_has_another_contact(terminal: Terminal, installation: Installation) -> None:
    """Gwen leaves: letters go to Huw from now on, and older lines still say who Gwen was."""
    named(terminal, installation)
    code, _ = named(terminal, installation, NAMED[0], "Huw Example", "huw@powys.example")
    assert 0 == code
    partnership = installation.rulebook.partnership.on(today())
    (lead,) = people_of("agency_lead", [BOARD], installation.rulebook.on(today()))
    assert "huw@powys.example" == ways_of(lead.id, partnership)[0]
    assert partnership.known(f"{BOARD}_contact") is None
    assert "Gwen Example" == installation.rulebook.partnership.whole.person(f"{BOARD}_contact").name
    assert today() - timedelta(days=1) == installation.rulebook.partnership.whole.person(f"{BOARD}_contact").until


def test_everything_wrong_is_said_at_once(terminal: Terminal, installation: Installation) -> None:
    """No review of that reference, no address, nobody of the unit; and nothing is written."""
    code, out, err = terminal(
        "agency", "CSPR-1999-001", "Police of Powys", "Gwen", "gwen at powys", "--as", "dana_sample"
    )
    assert 1 == code
    for words in (
        "Dana Sample may not take this step, which is for: business manager, business unit",
        "Their email address: is no address of one mailbox",
        "Review: there is none of that reference on this record",
    ):
        assert words in out + err
    assert "gwen at powys" not in out + err
    code, said = named(terminal, installation, "Exampleshire  POLICE", *NAMED[1:])
    assert (1, True) == (code, "stands in the partnership's file: ask it by its id, police" in said)
    installation.follow_chain()
    assert all(agency.review is None for agency in installation.rulebook.partnership.agencies)
