"""
The people of a simulated partnership over its years: they go away in chains, take turns, leave and come back; agencies
merge and get another name. Each change is a file of its own, in force from a day.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from random import Random
from typing import Any

from driver.partnership import example_as_one

File = dict[str, Any]

AWAY = ("alex_example", "billie_example", "glenn_sample", "harper_sample", "addison_lead", "gray_lead", "nico_specimen")
"""Who is away once: the manager, half of the unit, two partners with deputies, two leads and a chair without."""

DIGESTS = {"jules_lead": "daily", "lane_lead": "weekly", "morgan_specimen": "daily", "indy_sample": "none"}
"""Who wants a digest otherwise than the roles have it: two leads (of their own duties), a chair; a partner none."""

DAY = timedelta(days=1)
LEAVER, SUCCESSOR = "jules_lead", "jordan_director"
"""Who leaves in the last quarter, and who takes over the actions of theirs."""


def files(seed: int, first: date, last: date) -> list[tuple[date, File]]:
    """The partnership's files, each with the day from which it is in force; the first from the first day."""
    file = _at_first(seed, first, last)
    made = [(first, file)]
    for number, change in enumerate(CHANGES, 1):
        day = first + (last - first) * number // (len(CHANGES) + 1)
        file = deepcopy(file)
        change(file, day)
        made.append((day, file))
    return made


def _at_first(seed: int, first: date, last: date) -> File:
    """The example, with absences, of which some overlap with the deputy's, and a post that two hold in turns."""
    dice = Random(f"{seed}|absences")
    file = example_as_one()
    for who, name, of in (
        ("ada_deputy", "Ada Example", "addison_lead"),
        ("abe_deputy", "Abe Example", "ada_deputy"),
        ("max_specimen", "Max Specimen", None),
    ):
        person = {"id": who, "name": name, "email": f"{who}@children.example", "roles": ["family_liaison"]}
        file["people"].append(person | ({"deputy_for": of} if of else {}))
    for person in file["people"]:
        if person["id"] in DIGESTS:
            person["digest"] = DIGESTS[person["id"]]
        if person["id"] in AWAY:
            begins = first + timedelta(days=dice.randrange((last - first).days))
            person["away"] = [{"from": begins, "to": begins + timedelta(days=21)}]
    begins = _person(file, "addison_lead")["away"][0]["from"]
    _person(file, "ada_deputy")["away"] = [{"from": begins + 5 * DAY, "to": begins + 40 * DAY}]
    _person(file, "lane_lead")["away"] = [{"from": begins, "to": begins + 30 * DAY, "cover": "kit_lead"}]
    _turns(file, "independent_chair", "morgan_specimen", "max_specimen", first, last)
    return file


def _turns(file: File, role: str, one: str, other: str, first: date, last: date) -> None:
    """One holds a role, then the other, then the first again."""
    goes, comes = first + (last - first) // 3, first + (last - first) * 2 // 3
    _person(file, one)["roles"] = [{"role": role, "to": goes}, {"role": role, "from": comes}]
    _person(file, other)["roles"].append({"role": role, "from": goes + DAY, "to": comes - DAY})


def _a_lead_leaves(file: File, day: date) -> None:
    """The lead of general practice goes and another comes; the lead of housing has another address."""
    _person(file, "gray_lead")["until"] = day - DAY
    file["people"].append(
        {
            "id": "greta_lead",
            "name": "Greta Example",
            "email": "greta@practices.example",
            "roles": ["agency_lead"],
            "agency": "general_practice",
            "from": day,
        }
    )
    _agency(file, "general_practice")["lead"] = "greta_lead"
    _person(file, "lane_lead")["email"] = "lane@homes.example"


def _two_agencies_merge(file: File, day: date) -> None:
    """General practice goes into the board: its people leave with it."""
    _agency(file, "general_practice").update(until=day - DAY, into=["integrated_care_board"])
    for who in ("greta_lead", "greer_director"):
        _person(file, who)["until"] = day - DAY


def _an_agency_is_renamed(file: File, day: date) -> None:
    """Education gets another id and name; its lead leaves, and the director has the post for the time being."""
    _agency(file, "education").update(id="schools", name="Schools", formerly=["education"], lead=None)
    _person(file, LEAVER).update(until=day - DAY, agency="schools")
    _person(file, SUCCESSOR)["agency"] = "schools"


CHANGES: tuple[Callable[[File, date], None], ...] = (_a_lead_leaves, _two_agencies_merge, _an_agency_is_renamed)
"""What changes, one after the other."""


def _person(file: File, who: str) -> dict[str, Any]:
    return next(person for person in file["people"] if person["id"] == who)


def _agency(file: File, which: str) -> dict[str, Any]:
    return next(agency for agency in file["agencies"] if agency["id"] == which)
