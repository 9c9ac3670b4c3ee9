"""What a partnership's file may say of its partners, its quorum and who decides; and what the law leaves to nobody."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from driver.own_shape import FOLDERS
from driver.partnership import example_as_one
from driver.tries import tries
from hypothesis import example, given
from hypothesis import strategies as st

import config
from config.deciding import how_it_decides
from config.partnership_files import with_bodies
from config.reading import validated
from safeguarding.errors import Fault, RulebookInvalid
from safeguarding.law.partners import PARTNERS, STATUTORY, WhoDecides
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.law.rulebook import Rulebook

EDUCATION = {"id": "education", "name": "Education", "vote": True}


def written(home: Path, **keys: Any) -> Path:
    """The example's file with these keys in the place of its own."""
    file = home / "ours.yaml"
    file.write_text(yaml.safe_dump({**example_as_one(), **keys}, sort_keys=False), "utf-8")
    return file


def of(home: Path, **keys: Any) -> Partnership:
    """The partnership of that file."""
    return config.load(written(home, **keys)).partnership


def faults(home: Path, **keys: Any) -> dict[str, str]:
    """Every fault of that file by its key."""
    with pytest.raises(RulebookInvalid) as caught:
        config.load(written(home, **keys))
    return {fault.key: fault.problem for fault in caught.value.faults}


KEYS = ["id", "name", "kind", "vote", "tracks", "present", "agree", "adults", "children", "role", "track", "x"]
WORDS = ["police", "local_authority", "education", "adults", "independent_chair", "", "x"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 40) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)


def with_partner(agency: str, partner: str) -> list[dict[str, Any]]:
    """The example's agencies, one of them of this partner."""
    return [{**one, "partner": partner} if one["id"] == agency else one for one in example_as_one()["agencies"]]


def test_an_agency_says_of_which_partner_it_is(tmp_path: Path) -> None:
    """The shipped example says it of both parts of its council; of a partner that there is not, the check names it."""
    shipped = {one.id: one.partner for one in config.load().partnership.agencies if one.partner}
    assert {"childrens_social_care": "local_authority", "adult_social_care": "local_authority"} == shipped
    assert "police" == of(tmp_path, agencies=with_partner("education", "police")).agency_named("education").partner
    found = faults(tmp_path, agencies=with_partner("education", "the_council"))
    assert {
        "agencies[education].partner": "choose one of: local_authority, police, integrated_care_board (it says: "
        "the_council); a further one is named under 'partners'"
    } == found


@tries(400)
@example(key="partners", said=[{"id": ["x"]}])
@example(key="partners", said=[{"id": "police", "kind": "further"}])
@given(key=st.sampled_from(["tracks", "partners", "decides", "quorum"]), said=ANYTHING)
def test_whatever_stands_there_is_taken_or_named(key: str, said: Any) -> None:
    """Any value under any of these keys is a fault with its key or can be decided by, and never a traceback."""
    found: list[Fault] = []
    made = validated(WhoDecides, {key: said}, "ours.yaml", found)
    if made is None:
        assert found
    elif not list(how_it_decides(made)):
        for track in made.tracks:
            here = made.arrangement(track)
            assert here.decider != "partners" or 1 <= here.agree <= len(here.voting)


@tries(150)
@example(said=[["x"], {"role": "x"}])
@example(said=[{"id": ["x"]}])
@given(said=ANYTHING)
def test_whatever_stands_for_roles_or_bodies_is_taken_or_named(said: Any) -> None:
    """The same of somebody's roles, and of the bodies outside."""
    found: list[Fault] = []
    made = validated(Person, {"id": "ann", "name": "Ann Sample", "roles": said}, "ours.yaml", found)
    assert found if made is None else made.roles
    usual = [{"id": "police", "name": "The police", "way": "letter"}]
    assert {**with_bodies({"recipients": said}, usual)}


@pytest.mark.parametrize("folder", sorted(one for one in FOLDERS.iterdir() if one.is_dir()), ids=lambda one: one.name)
def test_each_real_shape_loads_without_a_fault(folder: Path) -> None:
    """The seed partnership's published shape, two councils, a chair who decides: as they are, in today's folder."""
    assert config.load(folder).partnership.name


def test_a_file_that_names_no_partner_has_the_three(rulebook: Rulebook) -> None:
    """Files of earlier versions say nothing of partners: the three sit on both tracks, and decide together."""
    for track in ("children", "adults"):
        here = rulebook.partnership.arrangement(track)
        assert here.usual
        assert (PARTNERS, PARTNERS, 2) == (tuple(one.id for one in here.partners), here.present, here.agree)


def test_further_partners_stand_behind_the_three(tmp_path: Path) -> None:
    """Only what is more is written; the three are there all the same, and all with a vote agree unless it is said."""
    it = of(tmp_path, partners=[EDUCATION], quorum={})
    here = it.arrangement("children")
    assert ([*STATUTORY, "education"], 4) == ([one.id for one in here.partners], here.agree)
    assert tuple(STATUTORY) == here.present, "a further partner need not be there unless the file says so"


def test_two_councils_take_the_place_of_the_one(tmp_path: Path) -> None:
    """Each is a statutory partner of its own; no third council is added, police and health are."""
    councils = [
        {"id": "west", "name": "West Council", "kind": "local_authority"},
        {"id": "east", "name": "East Council", "kind": "local_authority"},
    ]
    people = [
        {**person, "partner": "west"} if person.get("partner") == "local_authority" else person
        for person in example_as_one()["people"]
    ]
    agencies = [one | ({"partner": "west"} if "partner" in one else {}) for one in example_as_one()["agencies"]]
    it = of(tmp_path, partners=councils, people=people, agencies=agencies, quorum={})
    assert ["west", "east", "police", "integrated_care_board"] == [one.id for one in it.partners]
    assert 4 == it.arrangement("children").agree


def test_everything_wrong_about_the_partners_is_named_at_once(tmp_path: Path) -> None:
    """A partner twice, a vote that is not said, a statutory one without it or on one track, a person of none."""
    people = example_as_one()["people"]
    people[3]["partner"] = "scouts"
    found = faults(
        tmp_path,
        people=people,
        partners=[
            {"id": "education", "name": "Education"},
            {"id": "prisons", "name": "Prisons", "vote": False},
            {"id": "prisons", "name": "Prisons again", "vote": False},
            {"id": "police", "vote": False},
            {"id": "west", "name": "West Council", "kind": "local_authority", "tracks": ["adults"]},
        ],
        quorum={"present": ["police", "sheriff"], "agree": 9},
    )
    assert {
        "partners[education].vote",
        "partners[prisons].id",
        "partners[police].vote",
        "partners[west].tracks",
        "agencies[childrens_social_care].partner",
        "agencies[adult_social_care].partner",
        "people[dana_sample].partner",
        "people[glenn_sample].partner",
        "people[jamie_sample].partner",
        "quorum.present",
        "quorum.agree",
    } == set(found)
    assert "yes, or no where its position is recorded and not counted" in found["partners[education].vote"]
    assert "a further one is named under 'partners'" in found["people[dana_sample].partner"]


@pytest.mark.parametrize("quorum", [{"present": ["police"]}, {"children": {"present": ["police"], "agree": 1}}])
def test_no_quorum_about_a_child_leaves_a_statutory_partner_out(quorum: dict[str, Any], tmp_path: Path) -> None:
    """Their duty is equal and joint: the fault names who is left out and says why."""
    ((key, problem),) = faults(tmp_path, quorum=quorum).items()
    assert key == ("quorum.children.present" if "children" in quorum else "quorum.present")
    assert problem.startswith("leaves out local_authority and integrated_care_board: about a child the statutory")
    assert "Children Act 2004 s.16F" in problem


def test_about_an_adult_a_partnership_may_say_who_must_be_there(tmp_path: Path) -> None:
    """The adults' quorum is the board's own."""
    it = of(tmp_path, quorum={"agree": 2, "adults": {"present": ["local_authority"], "agree": 1}})
    assert (("local_authority",), 1) == (it.arrangement("adults").present, it.arrangement("adults").agree)
    assert (PARTNERS, 2) == (it.arrangement("children").present, it.arrangement("children").agree)


def test_more_to_agree_than_have_a_vote_is_a_fault_of_that_track(tmp_path: Path) -> None:
    """Four of four about children, and on the adults' track there are three: the fault says which track and who."""
    found = faults(tmp_path, partners=[{**EDUCATION, "tracks": ["children"]}], quorum={"agree": 4})
    words = "is 4, and 3 have a vote on the adults' track: local_authority, police, integrated_care_board"
    assert {"quorum.agree": words} == found


@pytest.mark.parametrize("decider", ["independent_chair", "group"])
def test_nobody_but_the_partners_decides_about_a_child(decider: str, tmp_path: Path) -> None:
    """The law gives it to the safeguarding partners together."""
    found = faults(tmp_path, decides={"children": decider})
    assert ["decides.children"] == list(found)
    assert "about a child the statutory safeguarding partners decide together" in found["decides.children"]


def test_a_quorum_where_nobody_counts_votes_is_a_fault(tmp_path: Path) -> None:
    """An independent chair decides about adults, and the file asks two to agree there: one of the two is meant."""
    found = faults(tmp_path, decides={"adults": "independent_chair"}, quorum={"agree": 2, "adults": {"agree": 2}})
    assert {"quorum.adults": "is asked of nobody: 'decides' gives it to independent chair. Take one away"} == found


def test_roles_by_track_stand_in_the_file(tmp_path: Path) -> None:
    """A role on one track, and on one track for a time; on the other track it is not theirs."""
    people = example_as_one()["people"]
    people[6]["roles"] = [{"role": "delegated_partner", "track": "adults", "from": "2026-04-01"}]
    it = of(tmp_path, people=people)
    on = {
        (when, track): [p.id for p in it.on(day).for_track(track).holders("delegated_partner")]
        for when, day in (("before", date(2026, 3, 31)), ("after", date(2026, 4, 1)))
        for track in ("children", "adults")
    }
    others = ["harper_sample", "indy_sample"]
    assert {
        ("before", "children"): others,
        ("before", "adults"): others,
        ("after", "children"): others,
        ("after", "adults"): ["glenn_sample", *others],
    } == on


def test_the_bodies_outside_are_shipped_and_may_be_told_otherwise(tmp_path: Path) -> None:
    """Nobody retypes the national Panel; an entry of one's own changes the way of sending, and adds another body."""
    own = [{"id": "ofsted", "way": "secure mail"}, {"id": "diocese", "name": "The diocese", "way": "letter"}]
    it = of(tmp_path, recipients=own)
    assert ("Ofsted", "secure mail") == (it.recipient("ofsted").name, it.recipient("ofsted").way)
    assert "Child Safeguarding Practice Review Panel" == it.recipient("national_panel").name
    assert "The diocese" == it.recipient("diocese").name
    found = faults(tmp_path, recipients=[{"id": "ofsted", "by": "post"}, 7])
    assert {"recipients[ofsted].by", "recipients[1]"} == set(found)


def test_an_earlier_file_that_retypes_the_bodies_loads_as_it_did(tmp_path: Path) -> None:
    """Every partnership's file of before named all of them."""
    shipped = [body.model_dump() for body in config.load().partnership.recipients]
    assert shipped == [body.model_dump() for body in of(tmp_path, recipients=shipped).recipients]
