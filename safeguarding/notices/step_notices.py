"""
The notices that one step owes: who hears of it, on what occasion, and what.

Nothing is sent here, and nothing is read from a clock on the wall. What a notice may say is in `notice`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from safeguarding.dates.london import london_date
from safeguarding.dates.working_days import say
from safeguarding.duties.entered_late import is_quiet
from safeguarding.duties.suspension import left_words
from safeguarding.errors import HorizonPassed
from safeguarding.law.partners import DECIDING_ROLE
from safeguarding.law.partnership import Partnership
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices import actions_owned
from safeguarding.notices.deputies import SHARED, handed_over, role_words
from safeguarding.notices.notice import (
    AT_ONCE,
    WORKING_MORNING,
    Addressed,
    NoticeDraft,
    Occasion,
    drafts,
)
from safeguarding.notices.owed import Owed, duty_facts, most_urgent, owed_words, presses, review_facts
from safeguarding.notices.quiet_hours import next_morning
from safeguarding.notices.recipients import (
    NOBODY_ELSE,
    Addressee,
    Appointed,
    addressee,
    once_a_place,
    owners,
    people_of,
    ways_out,
)
from safeguarding.review.as_arranged import DECIDED_BY
from safeguarding.review.events import (
    REFUSED,
    AgencyAcknowledged,
    AgencyAnswered,
    AgencyAsked,
    Attestation,
    DutyStarted,
    Event,
    PositionsAsked,
)
from safeguarding.review.proof import how_signed_in
from safeguarding.review.proposals import INSTEAD_OF, SIGNATURES, answers_for
from safeguarding.review.review import Duty, Review
from safeguarding.review.states import State, Track
from safeguarding.stages import STEPS

DECISIONS = frozenset(step.kind for step in STEPS.values() if step.decision)
"""The kinds of line that are decisions, as their steps declare."""

DECISION_POINTS: dict[State, tuple[str, ...]] = {
    State.NOTIFICATION_DECISION: ("local_authority_dcs", "delegated_partner"),
    State.DECISION: ("delegated_partner",),
    State.SIGN_OFF: ("delegated_partner",),
    State.ACCEPTANCE: ("delegated_partner",),
}
"""Where a decision is owed, and the roles that owe it. A deputy is told by whoever is away."""

ADVISED = "delegated_partner"
"""Who advises where somebody else decides."""

STAGE_TOLD = ("business_manager", "business_unit")
"""The roles told of every stage that opens: it is they who work its card."""

_OF_AN_AGENCY = AgencyAsked | AgencyAcknowledged | AgencyAnswered

UNIT = "business_unit"
"""The role that hears of steps in its shared mailbox or channel, where it has one, and not each of it besides."""

SAFETY = "safety_concern_known"
"""Action for somebody's safety is needed and not taken: guidance says «immediate», and its letter waits for nothing."""

NOT_TO_ONESELF = frozenset({Occasion.STAGE_OPENED, Occasion.STEP_TOLD, Occasion.ACTION_OWNED})
"""What nobody is told of a step that they signed themselves. A decision is told to those who took it all the same."""

THEIR_OWN = frozenset({Occasion.ACTION_OWNED, Occasion.AGENCY_ASKED})
LESS_THAN_THEIR_OWN = frozenset({Occasion.STEP_TOLD, Occasion.DUE_SUPERSEDED})
"""What is told of a line by a role, where what becomes one's own by it says more."""


def decision_roles(state: State, track: Track, partnership: Partnership) -> tuple[str, ...]:
    """The roles that owe a decision at a state of a review; none where none is owed."""
    decider = partnership.arrangement(track.value).decider
    owing = DECISION_POINTS.get(state, ())
    return tuple(DECIDING_ROLE.get(decider, role) if role == ADVISED else role for role in owing)


# --------------------------------------------------------------------------- an event


def notices_for(event: Event, before: Review | None, after: Review, rulebook: Rulebook) -> list[NoticeDraft]:
    """
    The notices that one line of the ledger owes. Each person hears once, of what matters most to them.

    `before` is None for the line that opened the review. A refusal tells nobody but its own card, and what happened
    before a review was entered late tells nobody at all.
    """
    if event.kind == REFUSED or is_quiet(event):
        return []
    today = london_date(event.at)
    rulebook = rulebook.on(today).for_track(after.track.value)
    told: dict[str, tuple[Addressee, Occasion]] = {}
    agencies, appointed, moved = _agencies(event, after), Appointed.to(after), _Moved.by(event, after)
    hearers: dict[str, tuple[Addressee, ...]] = {}
    for occasion, roles in _occasions(event, before, after, moved, rulebook.partnership):
        for role in roles:
            if role not in hearers:
                hearers[role] = _hearers(role, agencies, rulebook, appointed)
            for person in hearers[role]:
                if occasion not in NOT_TO_ONESELF or person.id != event.actor.person:
                    told.setdefault(person.id, (person, occasion))
    theirs = _owners_told(event, before, after, moved, rulebook, told)
    over = _signed_over(event, rulebook.partnership)
    for one in over:
        told.setdefault(one.id, (one, Occasion.STEP_TOLD))
    if not told:
        return []
    key, facts = f"{after.reference}:{event.sequence}", _event_facts(event, before, after, moved, rulebook)
    theirs |= {one.id: {**facts, "happened": f"{event.title} in the place of yours"} for one in over}
    not_before, urgency = leaves(event, after, rulebook)
    theirs = _asked_for_a_position(event, told, facts, rulebook.partnership) | theirs
    for said in {id(said): said for said in (facts, *theirs.values())}.values():
        said["urgency"] = urgency
    ways = ways_out([who for who, _ in told.values()])
    addressed = [Addressed(who, channel, told[who][1], key, theirs.get(who, facts)) for who, channel in ways]
    owed = drafts(after.reference, not_before, addressed)
    handed = handed_over(owed, rulebook.partnership, today)
    return once_a_place(handed, rulebook.partnership)


def _asked_for_a_position(
    event: Event,
    told: Mapping[str, tuple[Addressee, Occasion]],
    facts: Mapping[str, str],
    partnership: Partnership,
) -> dict[str, dict[str, str]]:
    """The facts for those who are told that a decision is proposed and may sign a position on it: for whom they do."""
    asked = next((entry.of for entry in event.entries if isinstance(entry, PositionsAsked)), ())
    found: dict[str, dict[str, str]] = {}
    of_each: dict[str, dict[str, str]] = {}
    for one in told if asked else ():
        person = partnership.known(one)
        of = answers_for(person, asked, partnership) if person is not None else None
        if of is not None:
            name = next((partner.name for partner in partnership.partners if partner.id == of), ROLES.get(of, of))
            found[one] = of_each.setdefault(of, {**facts, "position_of": name})
    return found


def _signed_over(event: Event, partnership: Partnership) -> list[Addressee]:
    """Whoever signed a position in whose place another was signed by somebody else: nobody need read it by chance."""
    before = event.facts.get(INSTEAD_OF)
    signer = str(before.get("person", "")) if isinstance(before, Mapping) else ""
    person = partnership.known(signer) if signer != event.actor.person else None
    return [addressee(person)] if person is not None else []


def leaves(event: Event, after: Review, rulebook: Rulebook) -> tuple[datetime, str]:
    """
    When the letters of a step may leave: on a working morning, in its quiet hours like any reminder; at once where a
    date of law or guidance ends before that morning is over, or has passed, and where somebody may not be safe.
    """
    if any(mark.name == SAFETY for mark in event.marks):
        return event.at, AT_ONCE
    try:
        morning = next_morning(event.at, rulebook.partnership, rulebook.calendar)
    except HorizonPassed:  # Beyond the list of bank holidays no morning is known: better now than never.
        return event.at, AT_ONCE
    day = london_date(morning)
    ended = (duty for duty in after.duties if duty.due_on <= day and duty.running and not duty.guard)
    pressing = any(_is_law(duty, rulebook) for duty in ended)
    return (event.at, AT_ONCE) if pressing else (morning, WORKING_MORNING)


def _is_law(duty: Duty, rulebook: Rulebook) -> bool:
    rule = rulebook.rule(duty.rule)
    return rule.date_is_law and presses(rule)


def _hearers(role: str, agencies: Iterable[str], rulebook: Rulebook, appointed: Appointed) -> tuple[Addressee, ...]:
    """Who hears of a step for a role. The unit hears once, in the place that it shares."""
    people = people_of(role, agencies, rulebook, appointed)
    if role != UNIT:
        return people
    return tuple(person for person in people if person.id.startswith(SHARED) and person.channels) or people


def _owners_told(
    event: Event,
    before: Review | None,
    after: Review,
    moved: _Moved,
    rulebook: Rulebook,
    told: dict[str, tuple[Addressee, Occasion]],
) -> dict[str, dict[str, str]]:
    """
    Add to those told the owners of the actions that a line gives and of the dates that it moved or suspended, and the
    leads of the agencies that it asks; the facts of each, of their own date.

    Whoever owns several that moved hears of the first, and of how many others.
    """
    owned: dict[str, list[Duty]] = {}
    for occasion, duties in (
        (Occasion.ACTION_OWNED, actions_owned.given(event, before, after, rulebook)),
        (Occasion.DUE_SUPERSEDED, moved.superseded),
        (Occasion.DEADLINE_SUSPENDED, moved.suspended),
        (Occasion.AGENCY_ASKED, _asked(event, after)),
    ):
        for duty in duties:
            for person in owners(Owed.of(duty, after), rulebook):
                if occasion in NOT_TO_ONESELF and person.id == event.actor.person:
                    continue
                if occasion in THEIR_OWN and told.get(person.id, (person, None))[1] in LESS_THAN_THEIR_OWN:
                    del told[person.id]  # That it is theirs says more than that something was recorded.
                told.setdefault(person.id, (person, occasion))
                if told[person.id][1] is occasion:
                    owned.setdefault(person.id, []).append(duty)
    found: dict[tuple[tuple[str, str, int], int, bool], dict[str, str]] = {}
    which = {who: (of[0].key, len(of), told[who][1] is Occasion.ACTION_OWNED) for who, of in owned.items()}
    for who, duties in owned.items():
        if which[who] not in found:
            facts = _duty_event_facts(event, after, duties, rulebook)
            found[which[who]] = actions_owned.said_of(event, duties, facts) if which[who][2] else facts
    return {who: found[which[who]] for who in owned}


OWN_LIFE: Mapping[Track, str] = {
    Track.CHILDREN: "Say also what your agency knew of the child's daily life, and of what the child wanted and felt",
    Track.ADULTS: "Say also what your agency knew of the adult's daily life, and of what the adult wanted",
}
"""What a letter asks for besides, of whoever is asked for information or a report: the person's own life."""


def _duty_event_facts(event: Event, after: Review, duties: Sequence[Duty], rulebook: Rulebook) -> dict[str, str]:
    """What a line says to the owner of the dates that it set, moved or suspended: of the first of them."""
    duty, stop = duties[0], duties[0].suspended
    facts = review_facts(after.reference, after.pseudonym, after.track, after.stage) | {
        "happened": event.title,
        "now_at": after.state.words,
    }
    rule = rulebook.rule(duty.rule)
    if stop is not None:
        owed = owed_words(Owed.of(duty, after), rule, rulebook.partnership)
        return facts | {"owed": owed, "look_again": say(stop.look_again_on), "left": left_words(stop)}
    facts |= duty_facts(Owed.of(duty, after), rule, rulebook, london_date(event.at))
    if any(isinstance(one, AgencyAsked) and one.daily_life and one.agency == duty.subject for one in event.entries):
        facts["own_life"] = OWN_LIFE[after.track]
    old = [d.due_on for d in after.duties if d.ended == "superseded" and d.key == duty.key]
    if not old:
        return facts
    facts["was_due"] = say(old[-1])
    if len(duties) > 1:
        facts["also_moved"] = str(len(duties) - 1)
    return facts


def _occasions(
    event: Event, before: Review | None, after: Review, moved: _Moved, partnership: Partnership
) -> list[tuple[Occasion, tuple[str, ...]]]:
    """The occasions of a line with the roles that hear of each, the weightiest first."""
    found: list[tuple[Occasion, tuple[str, ...]]] = []
    if after.state in DECISION_POINTS and (before is None or before.state is not after.state):
        owing = decision_roles(after.state, after.track, partnership)
        found.append((Occasion.DECISION_OWED, tuple(dict.fromkeys((*owing, *DECISION_POINTS[after.state])))))
    if before is None and after.carried_in is None:
        found.append((Occasion.REFERRAL_RECEIVED, event.tells or (NOBODY_ELSE,)))
    elif event.kind in DECISIONS:
        found.append((Occasion.DECISION_MADE, event.tells))
    if moved.superseded:
        found.append((Occasion.DUE_SUPERSEDED, event.tells or (NOBODY_ELSE,)))
    elif moved.suspended:
        found.append((Occasion.DEADLINE_SUSPENDED, event.tells or (NOBODY_ELSE,)))
    if before is not None and after.open and (not before.open or before.entries != after.entries):
        found.append((Occasion.STAGE_OPENED, STAGE_TOLD))
    if before is not None or after.carried_in is not None:
        found.append((Occasion.STEP_TOLD, event.tells))
    return found


def _agencies(event: Event, after: Review) -> set[str]:
    """The agencies that a line concerns: those it asks; else those that take part in the review."""
    asked = {entry.agency for entry in event.entries if isinstance(entry, _OF_AN_AGENCY)}
    return asked or {request.agency for request in after.requests} | {action.agency for action in after.actions}


class _Moved(NamedTuple):
    """The duties whose date a line has moved, and those that it has suspended, as they are now."""

    superseded: Sequence[Duty]
    suspended: Sequence[Duty]

    @classmethod
    def by(cls, event: Event, after: Review) -> _Moved:
        """Those of one line."""
        return cls(_superseded(event, after), _suspended(event, after))


def _superseded(event: Event, after: Review) -> list[Duty]:
    """The duties whose date a line has moved, as they are now."""
    moved = {(d.rule, d.subject, d.occurrence) for d in event.duties if isinstance(d, DutyStarted) and d.replaces}
    if not moved:
        return []
    old = {duty.key: duty.due_on for duty in after.duties if duty.ended == "superseded"}
    return [d for d in after.running() if d.key in moved and old.get(d.key, d.due_on) != d.due_on]


def _suspended(event: Event, after: Review) -> list[Duty]:
    """The duties that a line has suspended, or left suspended after a look at them."""
    stopped = {(d.rule, d.subject, d.occurrence) for d in event.duties if isinstance(d, DutyStarted) and d.stops}
    if not stopped:
        return []
    return [duty for duty in after.suspended() if duty.key in stopped and duty.started_at == event.sequence]


def _asked(event: Event, after: Review) -> list[Duty]:
    """The dates that run for the agencies that a line asks."""
    asked = {entry.agency for entry in event.entries if isinstance(entry, AgencyAsked)}
    if not asked:
        return []
    return [d for d in after.running() if d.subject in asked and d.started_at == event.sequence]


HOW_KNOWN = {
    Attestation.DECLARED: "declared on the form, with no minute or paper behind it",
    Attestation.MINUTED: "minuted, under a reference that is in the record",
    Attestation.PROVED: "proved by a paper whose reference is in the record",
}
"""How the record knows who signed without signing in, for those whose decision it is said to be."""


def _signed(event: Event, rulebook: Rulebook) -> str:
    """Who signed a decision, by role, how that is known, and whose positions were recorded by somebody else."""
    person = rulebook.partnership.ever(event.actor.person)
    who = role_words(person) if person is not None else "somebody who is no longer in the partnership's file"
    spoken_for = [str(partner).replace("_", " ") for partner in event.facts.get("recorded_for", ())]
    what = "advice" if DECIDED_BY in event.facts else "position"
    own = [str(of).replace("_", " ") for of in event.facts.get(SIGNATURES, ())]
    if own:
        return f"{', '.join(own)}, each signed in at the pages; completed by {who}"
    others = f"; the signer recorded the {what} of: {', '.join(spoken_for)}" if spoken_for else ""
    return f"{who}; {how_signed_in(event.actor) or HOW_KNOWN[event.actor.attestation]}{others}"


def _event_facts(
    event: Event, before: Review | None, after: Review, moved: _Moved, rulebook: Rulebook
) -> dict[str, str]:
    today = london_date(event.at)
    facts = review_facts(after.reference, after.pseudonym, after.track, after.stage) | {
        "happened": event.title,
        "now_at": after.state.words,
    }
    if event.kind in DECISIONS:
        facts["signed"] = _signed(event, rulebook)
    superseded = moved.superseded
    if moved.suspended and not superseded:
        return _duty_event_facts(event, after, moved.suspended, rulebook)
    duty = superseded[0] if superseded else most_urgent(after, rulebook)
    if duty is not None:
        facts |= duty_facts(Owed.of(duty, after), rulebook.rule(duty.rule), rulebook, today)
    if superseded:
        old = [d.due_on for d in after.duties if d.ended == "superseded" and d.key == superseded[0].key]
        facts["was_due"] = say(old[-1])
        if len(superseded) > 1:
            facts["also_moved"] = str(len(superseded) - 1)
    roles = decision_roles(after.state, after.track, rulebook.partnership)
    if roles and (before is None or before.state is not after.state):
        facts["deciders"] = " with the ".join(ROLES[role] for role in roles)
        if ADVISED in DECISION_POINTS[after.state] and ADVISED not in roles:
            facts["advisers"] = f"{ROLES[ADVISED]}s"
    return facts
