"""To what a letter leads its reader: the review's own page; the unit to its card too; nobody where they cannot go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import Settings
from safeguarding.notices.deputies import SHARED
from safeguarding.notices.digest import ALL, YOURS
from tasks.record.delivering import leads_of
from tasks.record.installation import Installation, open_installation

AT = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
SET = {"prefect_address": "https://cards.example", "pages_address": "https://desk.example"}


def opened(home: Path, *, simulation: bool = False, **settings: str) -> Installation:
    """A record of its own with these settings."""
    plain = {"home": home, "database_url": None, "partnership": None, "prefect_address": None, "pages_address": None}
    return open_installation(AT, Settings().model_copy(update=plain | settings), make=True, simulation=simulation)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """A partnership whose pages and whose Prefect people reach from elsewhere."""
    with opened(tmp_path, **SET) as one:
        yield one


def test_the_unit_is_led_to_the_page_and_to_the_card(installation: Installation) -> None:
    """The business manager works in both."""
    led = leads_of(installation, AT)("CSPR-2026-003", "alex_example")
    assert "https://desk.example/reviews/CSPR-2026-003" == led.link
    assert led.card.startswith("https://cards.example/runs?tag=CSPR-2026-003&")


@pytest.mark.parametrize("role", ["agency_lead", "delegated_partner", "agency_director", "independent_chair"])
def test_nobody_else_is_sent_to_prefect(installation: Installation, role: str) -> None:
    """They have no login there: the page is theirs."""
    (person, *_) = installation.rulebook.partnership.holders(role)
    led = leads_of(installation, AT)("CSPR-2026-003", person.id)
    assert ("https://desk.example/reviews/CSPR-2026-003", "") == led


def test_a_shared_mailbox_is_led_where_its_role_is(installation: Installation) -> None:
    """The unit's to both, another role's to the page, where each of its readers signs in; a stranger's id nowhere."""
    lead = leads_of(installation, AT)
    page = "https://desk.example/reviews/CSPR-2026-003"
    unit = lead("CSPR-2026-003", f"{SHARED}business_unit")
    assert (page, True) == (unit.link, bool(unit.card))
    assert (page, "") == lead("CSPR-2026-003", f"{SHARED}learning_group")
    assert ("", "") == lead("CSPR-2026-003", "somebody_else")


def test_a_digest_leads_to_what_needs_its_reader(installation: Installation) -> None:
    """The home page, and for the unit every card that waits."""
    lead = leads_of(installation, AT)
    assert all("https://desk.example/" == lead(which, "alex_example").link for which in (ALL, YOURS))
    assert lead(ALL, "alex_example").card.startswith("https://cards.example/runs?tag=card&")


def test_no_letter_has_an_address_that_only_this_machine_reaches(tmp_path: Path) -> None:
    """
    Nothing is set: letters of a partnership's own record have no link. In the demo readers sit at this machine, and
    what is set for one of the two is used for that one.
    """
    with opened(tmp_path / "own") as own:
        assert ("", "") == leads_of(own, AT)("CSPR-2026-003", "alex_example")
    with opened(tmp_path / "half", pages_address="https://desk.example") as half:
        assert ("https://desk.example/reviews/CSPR-2026-003", "") == leads_of(half, AT)("CSPR-2026-003", "alex_example")
    with opened(tmp_path / "trial", simulation=True) as trial:
        led = leads_of(trial, AT)("CSPR-2026-003", "alex_example")
        assert "http://127.0.0.1:4300/reviews/CSPR-2026-003" == led.link
        assert led.card.startswith("http://127.0.0.1:4200/runs?")
