"""The invented partnership: everybody who must exist does, and nobody who exists is in it."""

from datetime import time
from pathlib import Path

import pytest
import yaml
from driver.partnership import example_as_one

import config
from safeguarding.law.partners import PARTNERS
from safeguarding.law.partnership import QuietHours
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook


def test_every_role_is_held_and_each_partner_has_all_three(rulebook: Rulebook) -> None:
    """A lead, a delegate and a deputy for each of the local authority, the police and the integrated care board."""
    it = rulebook.partnership
    assert [] == [role for role in ROLES if not it.holders(role)]
    for role in ("lead_partner", "delegated_partner", "deputy_partner"):
        assert list(PARTNERS) == [person.partner for person in it.holders(role)]


def test_each_deputy_says_for_whom_and_by_what_authority(rulebook: Rulebook) -> None:
    """So that a decision by a deputy can be defended years later."""
    it = rulebook.partnership
    for principal in it.holders("delegated_partner"):
        (deputy,) = it.deputies(principal.id)
        assert principal.partner == deputy.partner
        assert deputy.authority


def test_it_is_plainly_invented(rulebook: Rulebook) -> None:
    """Nobody real is in the example: the names say so, and no message to them can arrive."""
    it = rulebook.partnership
    assert it.example
    assert [] == [p.name for p in it.people if p.name.split()[-1] not in ("Example", "Sample", "Specimen")]
    assert [] == [p.email for p in it.people if p.email is None or not p.email.endswith(".example")]
    assert len(it.people) == len({person.name for person in it.people})


def test_every_agency_has_its_lead_and_its_director(rulebook: Rulebook) -> None:
    """About a dozen agencies, each with two people who can be chased."""
    it = rulebook.partnership
    assert 12 == len(it.agencies)
    for agency in it.agencies:
        assert ("agency_lead",) == it.person(agency.lead).roles
        assert ("agency_director",) == it.person(agency.director).roles
        assert agency == it.agency(agency.id)


def test_a_decision_hears_all_three(rulebook: Rulebook) -> None:
    """The duty is equal and joint: all three are present; two who agree decide, and the dissent stands beside it."""
    assert (PARTNERS, 2) == (rulebook.partnership.quorum.present, rulebook.partnership.quorum.agree)


def test_what_is_not_there_is_an_error(rulebook: Rulebook) -> None:
    """No person, agency or body is made up when it is asked for."""
    for ask in (rulebook.partnership.person, rulebook.partnership.agency, rulebook.partnership.recipient):
        with pytest.raises(KeyError):
            ask("nobody")
    assert "Ofsted" == rulebook.partnership.recipient("ofsted").name
    assert () == rulebook.partnership.holders("nobody")


@pytest.mark.parametrize(
    ("moment", "quiet"), [("17:59", False), ("18:00", True), ("23:59", True), ("07:59", True), ("08:00", False)]
)
def test_quiet_hours_run_over_midnight(moment: str, quiet: bool, rulebook: Rulebook) -> None:
    """From six in the evening to eight in the morning."""
    assert quiet == rulebook.partnership.is_quiet(time.fromisoformat(moment))


def test_quiet_hours_within_a_day() -> None:
    """A partnership that is quiet over lunch."""
    lunch = QuietHours.model_validate({"from": "12:00", "to": "13:00"})
    assert [False, True, False] == [lunch.hold(time(hour)) for hour in (11, 12, 13)]


def test_whoever_an_agency_names_has_its_post(tmp_path: Path) -> None:
    """Said in the row of the agency alone, for one who leads two: as good as with it said at each person."""
    data = example_as_one()
    for agency, lead in (("housing", "kit_lead"), ("drug_and_alcohol_service", "kit_lead")):
        next(one for one in data["agencies"] if one["id"] == agency)["lead"] = lead
    for person in data["people"]:
        if person["id"] in ("kit_lead", "lane_lead", "marlow_lead"):
            person.update(roles=["learning_group"], agency=None)
    file = tmp_path / "ours.yaml"
    file.write_text(yaml.safe_dump(data), "utf-8")
    partnership = config.load(file).partnership
    kit = partnership.person("kit_lead")
    assert ("learning_group", "agency_lead") == kit.roles
    assert all(kit.serves(agency) for agency in ("housing", "drug_and_alcohol_service", "probation_service"))
    assert "agency_lead" not in partnership.person("lane_lead").roles
