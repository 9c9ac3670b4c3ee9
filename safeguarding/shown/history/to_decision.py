"""
What is said of a line from the referral to the decision.
"""

from __future__ import annotations

from collections.abc import Mapping

from safeguarding.review.as_arranged import DECIDED_BY
from safeguarding.review.events import PositionSigned
from safeguarding.review.proposals import INSTEAD_OF, SIGNATURES, in_the_place_of
from safeguarding.review.states import CLOSED_STATES, State, Track
from safeguarding.shown.history.line import LineRead, Sentence, joined, only_the_day, said_if, spoken
from safeguarding.shown.signed_before import STANDS_FOR

AWARE_OF = {"death": "a death", "serious harm": "serious harm"}


def _referral_received(line: LineRead) -> str:
    who = line.name(str(line.facts.get("agency", ""))) if line.facts.get("agency") else line.given("referred_by")
    of = f" “{line.facts['pseudonym']}”" if line.facts.get("pseudonym") else ""
    late = line.day("under_way_since", "already under way since ").strip()
    return spoken(f"{who} referred{of}{line.day('received_on')}: {line.given('concern')}", late)


def _accepted(line: LineRead) -> str:
    asked = said_if(line.facts.get("agencies"), f"asked for what they know: {line.names('agencies')}")
    return spoken(f"Accepted for screening{line.day('accepted_on')}", asked)


def _referral_withdrawn(line: LineRead) -> str:
    same = said_if(line.facts.get("same_as"), f" (see {line.facts.get('same_as')})")
    return f"The referral was withdrawn{line.day('withdrawn_on')}: {line.given('because')}{same}"


def _not_serious(line: LineRead) -> str:
    route = line.given("learning_route")
    learning = said_if(route and route != "none", f"learning: {route}")
    return spoken(f"Closed as no serious child safeguarding case, as decided{line.day('decided_on')}", learning)


def _aware(line: LineRead) -> str:
    of = AWARE_OF.get(line.given("incident"), line.given("incident"))
    age = {"no": "of an adult", "not known": "age not known"}.get(line.given("under_18"), "")
    whose = said_if(line.given("looked_after") == "yes", "a looked-after child")
    leaver = said_if(line.given("care_leaver") == "yes", "a care leaver")
    return spoken(f"The local authority became aware{line.day('aware_on')} of {of or 'a case'}", age, whose, leaver)


def _notification_sent(line: LineRead) -> str:
    reference = said_if(line.facts.get("national_reference"), f", reference {line.facts.get('national_reference')}")
    partners = said_if(
        line.facts.get("partners_told_on"), f"the other partners were told{line.day('partners_told_on')}"
    )
    parents = said_if(line.facts.get("parents_told_on"), f"the parents were told{line.day('parents_told_on')}")
    panel = line.event.to == State.NOTIFICATION_SENT
    whom = (
        "The national Panel was notified" if panel else "Notice of the death went to the Secretary of State and Ofsted"
    )
    return spoken(f"{whom}{line.day('sent_on')}{reference}", partners, parents)


def _withdrawn(line: LineRead) -> str:
    told = said_if(line.facts.get("panel_told_on"), f"the Panel was told{line.day('panel_told_on')}")
    return spoken(f"The notification was withdrawn: {line.given('why')}", told)


def _learnt(line: LineRead) -> str:
    asked = {"died": "the child has died", "looked_after": "looked after", "care_leaver": "a care leaver"}
    said = [f"{words}: {line.given(name)}" for name, words in asked.items() if line.given(name)]
    return f"Learnt{line.day('known_on')}: {', '.join(said)}"


def _rapid_review_opened(line: LineRead) -> str:
    action = line.given("immediate_action")
    asked = f"Asked{line.day('asked_on')} for what they know: {line.names('agencies')}"
    return spoken(asked, said_if(action, f"immediate action: {action}"))


def _rapid_review_completed(line: LineRead) -> str:
    met = said_if(line.facts.get("meeting_held_on"), f"its meeting was{line.day('meeting_held_on')}")
    return spoken(f"The rapid review was completed{line.day('completed_on')}", met, line.without())


def _decided(line: LineRead) -> str:
    who = "It was decided" if DECIDED_BY in line.facts else "The partners decided"
    told = {
        "sent_to_panel_on": "the Panel was told",
        "referrer_told_on": "the referrer was told",
    }
    days = [f"{words}{line.day(name)}" for name, words in told.items() if line.facts.get(name)]
    closes = SIGNATURES in line.facts and line.event.to in CLOSED_STATES and line.track is Track.ADULTS
    days += ["the referrer is still to be told"] if closes and not line.facts.get("referrer_told_on") else []
    family = said_if(line.given("family_told"), f"the family: {line.given('family_told')}")
    return spoken(f"{who}{line.day('decided_on')}: {line.given('outcome')}", *days, family)


def _panel_replied(line: LineRead) -> str:
    decided = said_if(line.facts.get("decided_on"), f"the partners decided{line.day('decided_on')}")
    return spoken(f"The national Panel replied{line.day('replied_on')}: {line.given('answer')}", decided)


def _proposed(line: LineRead) -> str:
    return f"A decision was put to the partners, who sign their own positions on it: {line.given('outcome')}"


def _position_signed(line: LineRead) -> str:
    signed = next((one for one in line.event.entries if isinstance(one, PositionSigned)), None)
    if signed is None:
        of = line.facts.get("of")
        return f"{line.partner(of)} signed a position" if isinstance(of, str) else "A position was signed"
    who, stands = line.partner(signed.of), {"agree": "agrees", "dissent": "dissents", "absent": "takes no part"}
    authority = said_if(signed.authority, f"on the authority of: {signed.authority}")
    reasons = said_if(signed.position != "agree", "the reasons are sealed")
    before = line.facts.get(INSTEAD_OF)
    instead = in_the_place_of(before, line.name) if before else ""
    signed_by = f"{who} {stands[signed.position]}, signed by {line.name(signed.person)}"
    return spoken(signed_by, authority, instead, reasons)


def _positions_closed(line: LineRead) -> str:
    silent = joined(line.partner(str(one)) for one in line.facts.get("not_answered") or ())
    signed = joined(
        f"{line.partner(one['of'])} {STANDS_FOR[one['position']]} ({line.name(one['person'])})"
        for one in line.facts.get("signed") or ()
    )
    return spoken(
        f"The positions were closed: {line.given('becomes')}",
        said_if(signed, f"signed: {signed}"),
        said_if(silent, f"not answered: {silent}"),
    )


SENTENCES: Mapping[str, Sentence] = {
    "referral_received": _referral_received,
    "not_serious_case": _not_serious,
    "referral_accepted": _accepted,
    "referral_returned": only_the_day("Returned to the referrer as incomplete", "returned_on"),
    "referral_withdrawn": _referral_withdrawn,
    "referred_on": lambda line: f"Referred on to {line.given('to')}, told{line.day('told_on')}",
    "awareness_recorded": _aware,
    "notification_decided": only_the_day("It was decided whom to notify"),
    "notification_sent": _notification_sent,
    "notification_withdrawn": _withdrawn,
    "learnt_since": _learnt,
    "rapid_review_opened": _rapid_review_opened,
    "rapid_review_completed": _rapid_review_completed,
    "screening_completed": lambda line: spoken(f"Screening was completed{line.day('completed_on')}", line.without()),
    "decided": _decided,
    "panel_replied": _panel_replied,
    "decision_proposed": _proposed,
    "position_signed": _position_signed,
    "positions_closed": _positions_closed,
    "information_asked": only_the_day("Back to screening, for information that was asked for", "asked_on"),
}
"""Each kind of line of this part, with its sentence."""
