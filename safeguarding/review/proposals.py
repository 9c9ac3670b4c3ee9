"""
A proposed decision as answers to the form of the decision itself: what was proposed, and each position as signed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Any

from safeguarding.dates.working_days import say
from safeguarding.law.partners import DECIDING_ROLE, Arrangement
from safeguarding.law.partnership import Partnership
from safeguarding.law.person import Person
from safeguarding.review.as_arranged import POSITIONS
from safeguarding.review.events import Event
from safeguarding.review.forms import Form
from safeguarding.review.local_questions import BESIDES
from safeguarding.review.proof import BY_SIGN_IN
from safeguarding.review.review import OwnSignature, Proposal

DECIDED_ON = "decided_on"
"""The question for the day of a decision: of one that is proposed it is the day of the last position."""
DONE_ONCE_DECIDED = ("sent_to_panel_on", "panel_reference", "referrer_told_on")
"""What nobody can have done before a decision stands: not asked when it is proposed, and recorded when it was done."""
SIGNATURES = "signatures"
"""The fact of a decision that says who signed a position themselves: the proof, the authority and the line."""
INSTEAD_OF = "instead_of"
"""The fact of a signature that says in the place of which earlier ones it was signed."""
SIGNED = "signed"
"""The fact of a line that closes positions: what was signed until then."""
SILENT = "Did not answer before the positions were closed."
"""What stands as the reason of a partner who was asked and has not answered."""


def asked_of(arrangement: Arrangement) -> tuple[str, ...]:
    """Who is asked for a position: each partner of the track, and whoever decides where the partners only advise."""
    deciding = DECIDING_ROLE.get(arrangement.decider)
    return (*(partner.id for partner in arrangement.partners), *([deciding] if deciding else []))


def answers_for(person: Person, asked: Sequence[str], partnership: Partnership) -> str | None:
    """For which of those who are asked somebody may sign: their partner, or the role that decides; None for none."""
    roles = partnership.roles_there(person, None)
    speaks = any(role in roles for role in ("lead_partner", "delegated_partner", "deputy_partner"))
    if speaks and person.partner in asked:
        return person.partner
    return next((one for one in asked if one in DECIDING_ROLE.values() and one in roles), None)


def speak_for_the_same(one: str, other: str, proposal: Proposal, partnership: Partnership) -> bool:
    """Whether two people, by their ids, would sign the same position: one of them then signs in the other's place."""
    places = [answers_for(p, proposal.asked, partnership) for p in map(partnership.ever, (one, other)) if p is not None]
    return len(places) == 2 and places[0] is not None and places[0] == places[1]


def is_replaced_by(signed: OwnSignature, person: Person, partnership: Partnership) -> bool:
    """
    Whether somebody may sign in the place of a position that stands: whoever signed it, and where a deputy did, whoever
    they stand in for. A deputy signs over nobody else's, whether or not they are away.
    """
    if signed.person == person.id:
        return True
    signer = partnership.ever(signed.person)
    return signer is not None and signer.deputy_for == person.id


def authority_of(person: Person) -> str:
    """On what authority somebody signs who stands in for another, as the partnership's file recorded it."""
    return person.authority if "deputy_partner" in person.roles else ""


def as_all_agreed(raw: Mapping[str, Any], arrangement: Arrangement, person: str, today: date) -> dict[str, Any]:
    """The decision as it would be if everybody agreed today: what it is judged by when it is proposed."""
    agreed = {one.id: {"person": person, "position": "agree"} for one in arrangement.partners}
    return {**raw, DECIDED_ON: today, POSITIONS: agreed}


def as_signed(
    proposed: Event, proposal: Proposal, reasons: Mapping[int, str], form: type[Form], today: date
) -> dict[str, Any]:
    """
    The decision as it was signed. `proposed` is the line that proposed it, unsealed; `reasons` are those of the
    positions by their line; `form` is that of the decision as this partnership takes it.
    """
    partners = list(form.model_fields[POSITIONS].annotation.model_fields)  # type: ignore[union-attr]
    standing = proposal.standing
    given = {one: _position(standing.get(one), reasons) for one in partners}
    answers = rejoined(proposed.facts, proposed.sealed, form)
    answers = {name: value for name, value in answers.items() if name not in DONE_ONCE_DECIDED}
    return {**answers, DECIDED_ON: today, POSITIONS: given}


def _position(signed: OwnSignature | None, reasons: Mapping[int, str]) -> dict[str, Any]:
    if signed is None:
        return {"position": "absent", "reasons": SILENT}
    return {"person": signed.person, "position": signed.position, "reasons": reasons.get(signed.line, "")}


def signatures_of(proposal: Proposal) -> dict[str, dict[str, Any]]:
    """Who signed a position themselves, as a decision keeps it: by whom, by what proof, on what authority, when."""
    return {
        of: {
            "person": one.person,
            "proof": one.proof,
            "on": one.on.isoformat(),
            "line": one.line,
            **({"authority": one.authority} if one.authority else {}),
            **({INSTEAD_OF: [before.brief for before in earlier]} if (earlier := proposal.before(of)) else {}),
        }
        for of, one in proposal.standing.items()
    }


def own_signature(facts: Mapping[str, Any], of: str, name: Callable[[str], str]) -> str:
    """
    How a position of a decision was signed by whoever it is of, and in the place of which earlier ones, in words;
    nothing where somebody else entered it. `name` says what somebody is called.
    """
    signatures = facts.get(SIGNATURES)
    if not isinstance(signatures, Mapping):
        return ""
    if of not in signatures:
        return "having not answered"
    one = signatures[of]
    words = f"signed in person on {say(date.fromisoformat(one['on']))}, {BY_SIGN_IN.get(one['proof'], one['proof'])}"
    words = f"{words}, on the authority of: {one['authority']}" if one.get("authority") else words
    return "; ".join([words, *(in_the_place_of(before, name) for before in one.get(INSTEAD_OF, ()))])


POSITION_OF = {"agree": "an agreement", "dissent": "a dissent", "absent": "an absence"}


def in_the_place_of(before: Mapping[str, Any], name: Callable[[str], str]) -> str:
    """Which earlier position somebody signed another one for, in words."""
    on = say(date.fromisoformat(before["on"]))
    return f"in the place of {POSITION_OF[before['position']]} that {name(before['person'])} had signed on {on}"


def rejoined(facts: Mapping[str, Any], sealed: Mapping[str, str], form: type[Form]) -> dict[str, Any]:
    """The answers of a line as they were given: its open facts with its sealed words in their places again."""
    answers = deepcopy({name: value for name, value in facts.items() if name in form.model_fields})
    besides = facts.get(BESIDES) or ()
    answers |= {f"local_{one['id']}": one["answer"] for one in besides if "answer" in one}
    for path, words in sealed.items():
        *way, last = path.split(".")
        place: Any = answers
        for part in way:
            place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
        place[last] = words
    return answers


def open_answers(facts: Mapping[str, Any], form: type[Form]) -> list[tuple[str, str]]:
    """The open answers of a proposed decision by the title of their questions; what is sealed is not among them."""
    found = []
    for name, info in form.model_fields.items():
        given = facts.get(name)
        if isinstance(given, Mapping) and isinstance(given.get("answer"), str):
            given = given["answer"]
        if given and isinstance(given, str):
            found.append((info.title or name, _in_words(given)))
    return found


def _in_words(given: str) -> str:
    try:
        return say(date.fromisoformat(given))
    except ValueError:
        return given[:1].upper() + given[1:]
