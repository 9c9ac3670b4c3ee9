"""
The one function that takes a step: `attempt`. Pure: the same review, answers and moment give the same line.

What the steps are is declared in `stages`; which clocks a line moves is worked out in `clocks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from safeguarding.as_typed import one_line
from safeguarding.dates.london import london_date, say_moment_briefly
from safeguarding.dates.working_days import in_days_words, say
from safeguarding.duties.action_days import days_moved
from safeguarding.duties.at_the_end import Closing
from safeguarding.duties.bounds import held_to_the_law
from safeguarding.duties.day_bounds import DayBounds
from safeguarding.duties.entered_late import entered_quietly
from safeguarding.duties.recounting import recounted_rows
from safeguarding.duties.retention import is_erased
from safeguarding.duties.started_and_settled import before_their_day, clocks, cut_off
from safeguarding.duties.suspension import looks_no_longer_owed
from safeguarding.errors import HorizonPassed, TransitionRefused
from safeguarding.law.partners import DECIDING_ROLE
from safeguarding.law.person import Person
from safeguarding.law.rulebook import Rulebook
from safeguarding.review import answers, local_questions
from safeguarding.review.as_arranged import DECIDED_BY, POSITIONS, as_arranged, joint, may_sign, owns_one, track_taken
from safeguarding.review.events import (
    ENTERED_BY,
    REFUSED,
    SYSTEM,
    TAKEN_BACK,
    UNKNOWN,
    Actor,
    Attestation,
    DutyChange,
    DutyStarted,
    Event,
)
from safeguarding.review.fold import fold
from safeguarding.review.forms import EachPartner
from safeguarding.review.proof import unproved
from safeguarding.review.proposals import SIGNATURES, as_all_agreed, speak_for_the_same
from safeguarding.review.review import HistoryLine, Review
from safeguarding.review.states import CLOSED_STATES, STAGE_OF, State, Track
from safeguarding.review.step import Attempt, Condition, Outcome, Step
from safeguarding.review.typed_words import REFERENCE_WORDS, is_reference
from safeguarding.stages import STEPS

NAMED = 12
"""How many people who may sign a refusal names; of more the roles say enough."""

RECORDED_FOR = "recorded_for"
"""The fact that says for which partners the signer recorded a position which somebody else took."""

_MAY_COME_AFTERWARDS = frozenset(
    mark for step in STEPS.values() if step.sources & CLOSED_STATES and not step.leads_to for mark in step.marks
)
"""Every milestone that a step makes which a closed review takes."""

_BOUNDS = DayBounds(STEPS.values())
"""Which day of what comes after which: read from every step's own conditions."""

_BRINGS_BACK = frozenset({"reopen", "take_back_step"})
"""The steps that bring dates back which were counted some time ago."""

REMINDED_WITHIN = timedelta(days=21)
"""How far inside the bank holidays, and the years after them, a day lies of which people can be reminded."""

NO_STEP = "do_that"
"""What a refusal calls a step that does not exist."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the record allocates to a new review: its reference and the pseudonym of the person."""

    reference: str
    pseudonym: str


def steps_of(review: Review, *, on_card: bool | None = None) -> list[Step]:
    """The steps that the review's state permits, in the order of a review; none of one whose text was erased."""
    if is_erased(review):
        return []
    return [step for step in STEPS.values() if step.open_to(review) and on_card in (None, step.on_card)]


def attempt(
    review: Review | None,
    command: str,
    raw: dict[str, Any],
    actor: Actor,
    now: datetime,
    rulebook: Rulebook,
    made_on: int | None = None,
    identity: Identity | None = None,
    track_of: Callable[[str], Track | None] = lambda _: None,
    signatures: Mapping[str, Mapping[str, Any]] | None = None,
) -> Event:
    """
    The line that taking this step adds to the ledger.

    `made_on` is the version of the review that the person saw when filling the form; `review` is None and
    `identity` given when the step opens one. `track_of` answers for the other reviews of the
    record. `signatures` are those of a decision that stands by positions which their partners signed themselves: it is
    theirs, whoever signs last or closes. Raises TransitionRefused with every unmet condition in words, and changes
    nothing.
    """
    rulebook = rulebook.on(london_date(now))
    reference = identity.reference if identity else review.reference if review else "a new referral"
    step = STEPS.get(command)
    if step is None:  # A name that was typed is not kept.
        raise TransitionRefused(reference, NO_STEP, ("there is no such step; `safeguarding next` lists them",))
    rulebook = rulebook.for_track(track) if (track := track_taken(step, review)) else rulebook
    step = as_arranged(step, track, rulebook.partnership, signed=signatures is not None)
    asked_by = local_questions.read_form(step, rulebook)
    spoke = [str(one["person"]) for one in (signatures or {}).values()]
    filled, actor = answers.judged(asked_by, raw, review, rulebook, spoke), _as_kept(actor)
    unmet = [] if signatures is not None else _may_not(step, review, actor, rulebook)
    if review is not None:
        waits = [] if signatures is not None else _waits_for_positions(review, step)
        unmet = [*_stale(review, step, made_on, actor, rulebook), *_not_open(review, step), *waits, *unmet]
    if isinstance(filled, list):
        rest = answers.without_wrong_choices(asked_by, raw, review, rulebook, filled) if review is not None else None
        if review is not None and rest is not None:
            left = Attempt(review, rest, actor, now, rulebook, track_of, _BOUNDS.out_of_place)
            unmet += _unmet_besides(step.needs if signatures is None else (), left)
        wrong = dict.fromkeys(one.words for one in filled)
        raise TransitionRefused(reference, command, (*map(in_days_words, unmet), *wrong))
    if review is None:
        if identity is None or step.sources:
            raise TransitionRefused(reference, command, (*unmet, "a review is opened by a referral"))
        review = _about_to_open(identity, Track(filled.model_dump()["track"]), now)
    asked = Attempt(review, filled, actor, now, rulebook, track_of, _BOUNDS.out_of_place)
    unmet += local_questions.unmet(filled, step, review.track.value, rulebook)
    later = () if signatures is None else step.once_it_stands
    unmet += [check.unmet for need in step.needs if need not in later and not (check := need(asked)).met]
    if step.proposes and step.open_to(review):
        unmet += _would_not_stand(step, raw, asked)
    if unmet and step.leads_to and step.leads_to <= CLOSED_STATES:  # Said with the rest, and not only on the next try.
        unmet += _closing(asked, step.does(asked)).unmet()
    if unmet:
        raise TransitionRefused(reference, command, tuple(in_days_words(words) for words in unmet))
    try:
        made = _line(step, asked, identity, signatures)
        if far := _too_far(made, rulebook):
            raise TransitionRefused(reference, command, far)
        return made
    except HorizonPassed as beyond:
        words = f"a date that follows from it cannot be worked out, so nobody would be reminded of it: {beyond}"
        raise TransitionRefused(reference, command, (words.rstrip("."),)) from None


def _unmet_besides(needs: Iterable[Condition], asked: Attempt[Any]) -> list[str]:
    """What else is unmet where some answers are none of those offered: by the conditions that ask for none of them."""
    found = []
    for need in needs:
        try:
            check = need(asked)
        except AttributeError as lost:
            if lost.obj is not asked.form:
                raise
            continue
        except StopIteration:  # What was chosen is looked for where there is nothing at all.
            continue
        found += [] if check.met else [check.unmet]
    return found


def _may_not(step: Step, review: Review | None, actor: Actor, rulebook: Rulebook) -> list[str]:
    """Why somebody may not sign a step: their role, the vote of their partner, the proof that is demanded."""
    known = rulebook.partnership.known(actor.person)
    if known is not None and owns_one(known.id, step, review):
        return [*_attested(actor), *unproved(step.name, actor, rulebook.partnership)]
    theirs = [*not_theirs(step.by, actor, rulebook), *_has_no_vote(step, actor, rulebook)]
    return [*theirs, *unproved(step.name, actor, rulebook.partnership)]


def _waits_for_positions(review: Review, step: Step) -> list[str]:
    """A decision on which the partners are signing their own positions is not taken past them."""
    if review.proposal is None or review.proposal.step != step.name:
        return []
    words = "the partners are signing their own positions on a proposed decision: let it end, or close the positions"
    return [f"{words} first"]


def _would_not_stand(step: Step, raw: dict[str, Any], asked: Attempt[Any]) -> list[str]:
    """Why the decision that a step proposes would be refused today, though everybody agreed to it."""
    arrangement = asked.rulebook.partnership.arrangement(asked.review.track.value)
    person = asked.actor.person
    agreed = as_all_agreed(raw, arrangement, person, asked.today)
    nobody: dict[str, dict[str, Any]] = {arrangement.decider: {"person": person}}
    try:
        attempt(
            asked.review,
            step.proposes,
            agreed,
            asked.actor,
            asked.now,
            asked.rulebook,
            track_of=asked.track_of,
            signatures=nobody,
        )
    except TransitionRefused as refused:
        return list(refused.unmet)
    return []


def _line(
    step: Step,
    asked: Attempt[Any],
    identity: Identity | None,
    signatures: Mapping[str, Mapping[str, Any]] | None = None,
) -> Event:
    outcome = step.does(asked)
    facts, sealed = answers.split(asked.form)
    facts = local_questions.kept_apart(facts, sealed, step, asked.rulebook)
    if isinstance(positions := getattr(asked.form, POSITIONS, None), EachPartner):
        own = signatures or {}
        others = [who for who, given in positions.each() if given.person not in (None, asked.actor.person)]
        facts[RECORDED_FOR] = [who for who in others if who not in own]
        facts |= {SIGNATURES: {who: dict(one) for who, one in own.items()}} if own else {}
        decider = asked.rulebook.partnership.arrangement(asked.review.track.value).decider
        facts |= {DECIDED_BY: DECIDING_ROLE[decider]} if decider in DECIDING_ROLE else {}
    if asked.actor.entered_by:
        facts[ENTERED_BY] = asked.actor.entered_by
    named = {"reference": identity.reference, "pseudonym": identity.pseudonym} if identity else {}
    review, rulebook = asked.review, asked.rulebook
    if outcome.to in CLOSED_STATES and step.sources:  # One that is carried in closed had its end before.
        outcome = _with_what_is_owed_answered(step, asked, outcome)
    moved = clocks(review, outcome, asked.today, rulebook) if outcome.clocks is None else outcome.clocks
    if wrong := (*before_their_day(review, moved, rulebook), *cut_off(moved, rulebook)):
        raise TransitionRefused(review.reference, step.name, wrong)
    moved = (*moved, *held_to_the_law(review, moved, rulebook))
    made = Event(
        sequence=review.version + 1,
        at=asked.now,
        actor=asked.actor,
        kind=step.kind,
        title=step.title,
        to=outcome.to,
        marks=outcome.marks,
        duties=(*moved, *looks_no_longer_owed(review, moved, asked.today, rulebook)),
        entries=outcome.entries,
        facts={**facts, **outcome.facts, **named},
        sealed=sealed,
        tells=step.tells if outcome.tells is None else outcome.tells,
        edition=rulebook.digest,
    )
    made = entered_quietly(made, review)
    days = () if step.kind == TAKEN_BACK else days_moved(review, outcome.entries, moved, asked.today, rulebook)
    made = made.model_copy(update={"entries": (*made.entries, *days)}) if days else made
    return _counted_by_the_present_list(made, review, rulebook) if step.name in _BRINGS_BACK else made


def _too_far(made: Event, rulebook: Rulebook) -> tuple[str, ...]:
    """What would be due so far back or ahead that nobody could be reminded of it: most often a slip of the year."""
    first, last = rulebook.calendar.first + REMINDED_WITHIN, rulebook.calendar.provisional.last - REMINDED_WITHIN
    due = {(row.rule, row.due_on): None for row in made.duties if isinstance(row, DutyStarted)}
    return tuple(
        f"{rulebook.rule(rule).named} would be due on {say(on)}, and nobody is reminded of anything before "
        f"{say(first)} or after {say(last)}: is the day right, or the length in your file?"
        for rule, on in due
        if not first <= on <= last
    )


def _counted_by_the_present_list(made: Event, review: Review, rulebook: Rulebook) -> Event:
    """The line with every date that it brings back counted by the bank holidays as they are now known."""
    moved = {(row.rule, row.subject, row.occurrence): row for row in recounted_rows(fold([made], review), rulebook)}
    rows: list[DutyChange] = []
    for row in made.duties:
        key = (row.rule, row.subject, row.occurrence)
        if isinstance(row, DutyStarted) and key in moved:
            row = moved.pop(key).model_copy(update={"replaces": row.replaces})
        rows.append(row)
    return made.model_copy(update={"duties": (*rows, *moved.values())})


def _with_what_is_owed_answered(step: Step, asked: Attempt[Any], outcome: Outcome) -> Outcome:
    """What a closing step does, with what its signer said of all that is still owed. Raises TransitionRefused."""
    closing = _closing(asked, outcome)
    if unmet := (*cut_off(closing.changes, asked.rulebook), *closing.unmet()):
        raise TransitionRefused(asked.review.reference, step.name, unmet)
    outcome = replace(outcome, marks=(*outcome.marks, *closing.marks()))
    changes = closing.clocks(clocks(asked.review, outcome, asked.today, asked.rulebook))
    return replace(outcome, clocks=changes, entries=(*outcome.entries, *closing.entries()))


def _closing(asked: Attempt[Any], outcome: Outcome) -> Closing:
    changes = clocks(asked.review, outcome, asked.today, asked.rulebook)
    own = {one.id for one in asked.rulebook.partnership.milestones}
    return Closing(
        review=asked.review,
        said=asked.form.still_owed,
        changes=changes,
        today=asked.today,
        rulebook=asked.rulebook,
        recordable=STEPS["record_done"].marks | own,
        afterwards=_MAY_COME_AFTERWARDS | own,
    )


def _about_to_open(identity: Identity, track: Track, now: datetime) -> Review:
    """What a condition sees of a review that its first line has yet to make."""
    return Review(
        reference=identity.reference,
        track=track,
        pseudonym=identity.pseudonym,
        state=State.REFERRED,
        version=0,
        changed=0,
        stage_since=now,
        opened_at=now,
        last_stage=STAGE_OF[State.REFERRED],
    )


def refused(review: Review, error: TransitionRefused, actor: Actor, now: datetime, rulebook: Rulebook) -> Event:
    """
    The line that remembers a refusal: which step, by whom, everything that stood in the way.

    A signer whom nobody knows is not repeated, and no reference is kept of what was not done.
    """
    known = rulebook.partnership.ever(actor.person) is not None or actor.person == SYSTEM
    return Event(
        sequence=review.version + 1,
        at=now,
        actor=actor.model_copy(update={"minute": ""}) if known else Actor(person=UNKNOWN),
        kind=REFUSED,
        title=f"Refused: {error.transition.replace('_', ' ')}",
        facts={
            "step": error.transition,
            "unmet": list(error.unmet),
            **({ENTERED_BY: actor.entered_by} if actor.entered_by else {}),
        },
        edition=rulebook.digest,
    )


def _stale(review: Review, step: Step, made_on: int | None, actor: Actor, rulebook: Rulebook) -> list[str]:
    if made_on is None or made_on >= review.changed:
        return []
    since = [
        line
        for line in review.since(made_on)
        if line.kind not in step.not_stale_by or _in_their_place(line, review, actor, rulebook)
    ]
    if not since:
        return []
    lines = [f"{line.title} ({_whose(line, rulebook)}, {say_moment_briefly(line.at)})" for line in since]
    return [f"the review changed while this form was open: {', '.join(lines)}. Look again, then resubmit"]


def _in_their_place(line: HistoryLine, review: Review, actor: Actor, rulebook: Rulebook) -> bool:
    """Whether somebody else signed what they are about to sign: they would sign over it without having seen it."""
    if review.proposal is None or line.actor == actor.person:
        return False
    return speak_for_the_same(line.actor, actor.person, review.proposal, rulebook.partnership)


def _whose(line: HistoryLine, rulebook: Rulebook) -> str:
    """Who wrote a line, by the name that they had then."""
    if line.actor == SYSTEM:
        return "the system"
    known = rulebook.partnership.ever(line.actor)
    return line.name or (known.name if known else "somebody who is in the file no more")


def _not_open(review: Review, step: Step) -> list[str]:
    if step.open_to(review):
        return []
    if review.track not in step.tracks:
        return [f"'{step.title}' is not a step of this track"]
    if review.state in step.sources and (step.while_proposed is not None or step.while_public):
        return []  # Its own conditions say it: positions are being signed, or none are; nothing is public.
    return [f"the review is at '{review.state.words}', where '{step.title}' cannot be taken"]


def not_theirs(by: Set[str], actor: Actor, rulebook: Rulebook) -> list[str]:
    """Why somebody may not take a step that these roles may, in words; nothing if they may."""
    person, before = rulebook.partnership.known(actor.person), rulebook.partnership.ever(actor.person)
    problems = []
    if person is not None and by & set(person.roles):
        return _attested(actor)
    roles = ", ".join(sorted(role.replace("_", " ") for role in by)) or "nobody: no role is named for it"
    if person is None and before is not None:
        problems.append(f"{before.name} holds no role on this day: the file says {_days(before)}")
    elif person is None:
        may = [one.id for one in rulebook.partnership.people if by & set(one.roles)]
        who = f" ({', '.join(may)})" if 0 < len(may) <= NAMED else ""
        problems.append(f"the signer is not in the partnership's file; this step is for: {roles}{who}")
    else:
        problems.append(f"{person.name} may not take this step, which is for: {roles}")
    return [*problems, *_attested(actor)]


def _has_no_vote(step: Step, actor: Actor, rulebook: Rulebook) -> list[str]:
    """Why somebody who holds the role may not sign a joint decision: their partner has no vote in it."""
    person, partnership = rulebook.partnership.known(actor.person), rulebook.partnership
    if not joint(step) or person is None or not step.by & set(person.roles) or may_sign(person, step, partnership):
        return []
    whom = next((one.name for one in partnership.partners if one.id == person.partner), person.partner or "nobody")
    return [f"{person.name} speaks for {whom}, which has no vote: a partner that has one signs the decision"]


def _days(person: Person) -> str:
    """From when until when somebody serves, as the file says it."""
    days = [f"{word} {day}" for word, day in (("from", person.since), ("until", person.until)) if day is not None]
    return " ".join(days) or "the days of each of their roles"


def _as_kept(actor: Actor) -> Actor:
    """The signer with the reference of the minute as it is kept. One that cannot be kept stays, and is refused."""
    try:
        person, minute = one_line(actor.person), one_line(actor.minute)
    except ValueError:
        return actor
    same = (person, minute) == (actor.person, actor.minute)
    return actor if same else actor.model_copy(update={"person": person, "minute": minute})


def _attested(actor: Actor) -> list[str]:
    """What is wrong with how we know who signed."""
    if actor.minute.strip():
        return [] if is_reference(actor.minute) else [f"the reference of the minute or paper: {REFERENCE_WORDS}"]
    match actor.attestation:
        case Attestation.MINUTED:
            return ["a minuted decision needs the reference of the minute"]
        case Attestation.PROVED:
            return ["a proved decision needs the reference of the paper that proves it"]
    return []
