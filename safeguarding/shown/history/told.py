"""
The history of a review in sentences that say what happened, one for each line of its ledger.

Read from what a line keeps open: days, choices, names as they were on its day. What is sealed is not in it. After the
sentence come further ones: how each partner decided, the row of the legal test, which dates were met, early or late.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from safeguarding.dates.working_days import say, working_days_between
from safeguarding.duties.entered_late import is_quiet
from safeguarding.errors import HorizonPassed, LawNotFound
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.as_arranged import POSITIONS
from safeguarding.review.events import ENTERED_BY, SYSTEM, UNKNOWN, Attestation, Event
from safeguarding.review.proof import AUTHENTICATOR, BY_SIGN_IN, CODE, DEMO
from safeguarding.review.proposals import own_signature
from safeguarding.review.review import Duty, Review
from safeguarding.review.words import subject_words
from safeguarding.shown.decided import checked_words, decided_words
from safeguarding.shown.history import actions_and_end, beside_stages, learning, to_decision, to_publication
from safeguarding.shown.history.line import LineRead, Sentence
from safeguarding.shown.signed_before import in_words, signed_before

SENTENCES: Mapping[str, Sentence] = {
    **to_decision.SENTENCES,
    **to_publication.SENTENCES,
    **actions_and_end.SENTENCES,
    **learning.SENTENCES,
    **beside_stages.SENTENCES,
}
"""Each kind of line with its sentence. A test holds that no step's kind lacks one."""

TOLD_NOBODY = "Entered late, with its days as they were: nobody was written to about it."
STANDS_FOR = {"agree": "agreed", "dissent": "dissented", "absent": "was absent"}
NOBODY = {SYSTEM: "The system", UNKNOWN: "Somebody who did not sign"}
HOW_WE_KNOW = {
    Attestation.DECLARED: "",
    Attestation.MINUTED: "from the minutes",
    Attestation.PROVED: "proved",
    Attestation.CODE: BY_SIGN_IN[CODE],
    Attestation.AUTHENTICATOR: BY_SIGN_IN[AUTHENTICATOR],
    Attestation.BY_NAME: BY_SIGN_IN[DEMO],
}


class Told(NamedTuple):
    """One line of the ledger as a person reads it."""

    sequence: int
    at: datetime
    who: str
    """The name of whoever took the step, as it was, and how that is known if it was more than declared."""
    title: str
    sentence: str
    further: tuple[str, ...]
    checked: tuple[str, ...] = ()
    """How far the law behind what was found is checked."""
    beside: tuple[str, ...] = ()
    """Of the further sentences those that say nothing of what was decided, and by whom: that may stand elsewhere."""


def history(review: Review, events: Iterable[Event], rulebook: Rulebook) -> tuple[Told, ...]:
    """Every line of a review, the first one first."""
    met, lines = met_by_line(review), tuple(events)
    return tuple(
        _with_what_was_signed(told(event, review, rulebook, met), event, lines, review, rulebook) for event in lines
    )


def _with_what_was_signed(said: Told, event: Event, lines: Sequence[Event], review: Review, rulebook: Rulebook) -> Told:
    """A decision with the positions that were signed before it and do not stand in it."""
    line = LineRead(event, review.track, rulebook)
    before = in_words(signed_before(lines, event), line.partner, line.name)
    return said._replace(further=(*said.further, *before)) if before else said


def met_by_line(review: Review) -> Mapping[int, Sequence[Duty]]:
    """The dates that each line met."""
    found: dict[int, list[Duty]] = defaultdict(list)
    for duty in review.duties:
        if duty.ended == "settled":
            found[duty.ended_at].append(duty)
    return found


def told(
    event: Event,
    review: Review,
    rulebook: Rulebook,
    met: Mapping[int, Sequence[Duty]] | None = None,
    read_as: type[LineRead] = LineRead,
) -> Told:
    """
    One line in words; `met` is what each line met, where that is known already, and `read_as` says how its people are
    named: by name, unless told otherwise.

    `read_as` says how its people are named: by name, unless told otherwise. A kind that no sentence is written for, of
    a program to come, is told by its title.
    """
    line = read_as(event, review.track, rulebook)
    met = met_by_line(review) if met is None else met
    spoken = SENTENCES.get(event.kind)
    sentence = spoken(line) if spoken else event.title
    quiet = (TOLD_NOBODY,) if is_quiet(event) else ()
    decided = (*_positions(line), *decided_words(event.facts))
    beside = (*_met(met.get(event.sequence, ()), rulebook), *quiet)
    checked = tuple(checked_words(event.facts))
    return Told(event.sequence, event.at, _who(line), event.title, f"{sentence}.", (*decided, *beside), checked, beside)


def _who(line: LineRead) -> str:
    actor = line.event.actor
    if actor.person in NOBODY:
        return NOBODY[actor.person]
    known = HOW_WE_KNOW[actor.attestation]
    reference = f" ({actor.minute})" if known and actor.minute else ""
    entered = line.facts.get(ENTERED_BY)
    by = f", entered by {line.name(entered)}" if isinstance(entered, str) and entered else ""
    return f"{line.name(actor.person)}{f', {known}{reference}' if known else ''}{by}"


def _positions(line: LineRead) -> Iterator[str]:
    """How each partner stood, by whom, and for whom somebody else recorded it."""
    by_another = line.facts.get("recorded_for", ())
    for partner, one in sorted((line.facts.get(POSITIONS) or {}).items()):
        stands = STANDS_FOR.get(one["position"], one["position"])
        who = f" ({line.name(one['person'])})" if one.get("person") else ""
        own = own_signature(line.facts, partner, line.name)
        how = ", as recorded by the signer" if partner in by_another else f", {own}" if own else ""
        yield f"{line.partner(partner)}{who} {stands}{how}."


def _met(ended: Sequence[Duty], rulebook: Rulebook) -> Iterator[str]:
    """Which dates a line met, and by how much: the law's first."""
    for duty in sorted(ended, key=lambda one: (not _is_law(one, rulebook), one.due_on, one.rule)):
        yield f"Met: {_named(duty, rulebook)}, due {say(duty.due_on)}: {_by_how_much(duty, rulebook)}."


def _is_law(duty: Duty, rulebook: Rulebook) -> bool:
    rule = _rule(duty, rulebook)
    return rule is not None and rule.date_is_law


def _rule(duty: Duty, rulebook: Rulebook) -> Rule | None:
    """The rule of a duty; none where it was a step of the partnership's own that left its file since."""
    try:
        return rulebook.rule(duty.rule)
    except LawNotFound:
        return None


def _named(duty: Duty, rulebook: Rulebook) -> str:
    of = f" ({subject_words(duty.subject, rulebook.partnership)})" if duty.subject else ""
    rule = _rule(duty, rulebook)
    return f"{duty.rule if rule is None else rule.title}{of}"


def _by_how_much(duty: Duty, rulebook: Rulebook) -> str:
    on = duty.ended_on or duty.due_on
    if on == duty.due_on:
        return "on its day"
    first, last = sorted((on, duty.due_on))
    try:
        days = working_days_between(first, last, rulebook.calendar)
    except HorizonPassed:
        return "late" if on > duty.due_on else "early"
    span = f"{days} working {'day' if days == 1 else 'days'}" if days else "less than a working day"
    return f"{span} {'late' if on > duty.due_on else 'early'}"
