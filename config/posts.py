"""
The two posts of an agency, said once: whoever an agency names as its lead or director holds that role for it.

Partnerships write it in the row of the agency and not at each person as well; both ways are the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

POSTS = {"lead": "agency_lead", "director": "agency_director"}
"""The keys of an agency that name somebody, each with the role that it gives them."""


def with_posts(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the files say, with the roles that the agencies' rows give; what is no list of entries stays as it is."""
    people, agencies = data.get("people"), data.get("agencies")
    if not isinstance(people, list) or not isinstance(agencies, list):
        return data
    held: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for agency in agencies:
        for key, role in POSTS.items() if isinstance(agency, Mapping) else ():
            if isinstance(agency.get(key), str) and isinstance(agency.get("id"), str):
                held[agency[key]].append((role, agency["id"]))
    return {**data, "people": [_filled(person, held) for person in people]}


def _filled(person: Any, held: Mapping[str, Iterable[tuple[str, str]]]) -> Any:
    if not isinstance(person, Mapping) or not isinstance(person.get("id"), str) or person["id"] not in held:
        return person
    roles, others = person.get("roles", []), person.get("agencies", [])
    if not isinstance(roles, list) or not isinstance(others, list):
        return person
    named = {role.get("role") if isinstance(role, Mapping) else str(role) for role in roles}
    wanted = dict.fromkeys(role for role, _ in held[person["id"]])
    agencies = dict.fromkeys(agency for _, agency in held[person["id"]])
    own = person.get("agency") or next(iter(agencies))
    besides = [agency for agency in agencies if agency not in (own, *others)]
    filled = {**person, "roles": [*roles, *(role for role in wanted if role not in named)], "agency": own}
    return {**filled, "agencies": [*others, *besides]} if besides else filled
