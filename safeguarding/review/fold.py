"""
How a review is made of the lines of its ledger: a pure fold, one line after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import reduce
from typing import Any

from safeguarding.dates.london import london_date
from safeguarding.review.entries_put_right import LineHeld, held_of
from safeguarding.review.events import (
    CORRECTED,
    REFUSED,
    TAKEN_BACK,
    AgencyAcknowledged,
    AgencyAnswered,
    AgencyAsked,
    CopySent,
    DeferralMade,
    DutyEnded,
    DutyStarted,
    Event,
    Mark,
    MeetingHeld,
    PositionsAsked,
    PositionsClosed,
    PositionSigned,
    ReasonGiven,
)
from safeguarding.review.fold_of_learning import OF_LEARNING, with_learning
from safeguarding.review.learning_entries import HoldingTakenBack, SubmissionTakenBack
from safeguarding.review.marks_put_right import put_right
from safeguarding.review.review import (
    MOST_TAKEN_BACK,
    AgencyRequest,
    Before,
    Deferral,
    Duty,
    HistoryLine,
    LastRefusal,
    OwnSignature,
    Proposal,
    Reason,
    Review,
)
from safeguarding.review.states import STAGE_OF, Stage, State, Track
from safeguarding.review.wordings import approved_anew, without_approval


def fold(events: Iterable[Event], review: Review | None = None) -> Review:
    """The review that these lines make, on top of one already folded if it is given."""
    made = reduce(_with, events, review)
    if made is None:
        raise ValueError("a review has at least the line that opened it")
    return made


def _with(review: Review | None, event: Event) -> Review:
    if review is None:
        review = _opened(event)
    elif event.sequence != review.version + 1:
        raise ValueError(f"line {event.sequence} does not follow line {review.version} of {review.reference}")
    actor = event.who(event.actor.person)
    told = HistoryLine(
        sequence=event.sequence,
        at=event.at,
        kind=event.kind,
        title=event.title,
        actor=event.actor.person,
        name=actor.name if actor is not None else "",
    )
    if event.kind == REFUSED:
        refusal = LastRefusal(
            at=event.at, step=event.facts["step"], unmet=tuple(event.facts["unmet"]), actor=event.actor.person
        )
        return review.model_copy(
            update={"version": event.sequence, "refusal": refusal, "history": (*review.history, told)}
        )
    update: dict[str, Any] = {
        "version": event.sequence,
        "changed": event.sequence,
        "refusal": None,
        "history": (*review.history, told),
        **_marked(review, event),
        "facts": {**review.facts, event.kind: event.facts},
        **({"names": {**review.names, **{one.id: one.name for one in event.named}}} if event.named else {}),
        **_moved(review, event),
        **_overtaken(review, event),
    }
    if event.duties:
        update["duties"] = _clocks(review.duties, event)
    if event.kind == TAKEN_BACK:
        return _made_again(review.model_copy(update=update | _as_before(review, event)))
    if event.sequence > 1 and review.open:
        kept = (*review.before, _before(review, event))[-MOST_TAKEN_BACK:]
        closes = event.to is not None and State(event.to) not in STAGE_OF
        update["before"] = () if closes or event.kind in FOR_GOOD else kept
    review = review.model_copy(update=update)
    if event.kind == CORRECTED:
        return _made_again(review.model_copy(update={"held": tuple(_held_put_right(review))}))
    if not event.entries:
        return review
    line = held_of(event)
    return _with_entries(review.model_copy(update={"held": (*review.held, line)}), line)


def _held_put_right(review: Review) -> Iterator[LineHeld]:
    """What each line holds, on the days on which its marks stand now: a corrected day holds wherever it is read."""
    stand: dict[int, list[Mark]] = defaultdict(list)
    for mark, line in zip(review.marks, review.made_at, strict=True):
        stand[line].append(mark)
    return (held.put_right(stand[held.line]) for held in review.held)


_MADE_OF_ENTRIES = (
    *("requests", "meetings", "lessons", "findings", "recommendations", "wordings", "quality_markers", "shared"),
    *("actions", "deferrals", "copies", "reasons"),
)
"""What a review holds by the entries of its lines alone. A proposed decision is overtaken by other lines too."""


def _made_again(review: Review) -> Review:
    """The review with everything that its lines hold as they hold it now."""
    made = review.model_copy(update=dict.fromkeys(_MADE_OF_ENTRIES, ()))
    made = reduce(_with_entries, review.held, made)
    return made.model_copy(update={"proposal": review.proposal})


def _marked(review: Review, event: Event) -> dict[str, Any]:
    """What happened, and the line that made each: a day that is put right keeps its place and its line."""
    marks = put_right(review.marks, event.marks) if event.kind == CORRECTED else review.marks + event.marks
    return {"marks": marks, "made_at": review.made_at + (event.sequence,) * (len(marks) - len(review.marks))}


FOR_GOOD = frozenset({"dates_recomputed", "edition_chosen"})
"""
What is not taken back, nor anything before it: dates counted again by a list of bank holidays or an edition, for the
older ones would be wrong. Nor is a closing: the review is opened again.
"""

_KEPT = tuple(name for name in Before.model_fields if name not in ("line", "state"))


def _before(review: Review, event: Event) -> Before:
    kept = {name: getattr(review, name) for name in _KEPT}
    return Before.model_construct(line=event.sequence, state=review.state, **kept)


def _as_before(review: Review, event: Event) -> dict[str, Any]:
    """What steps that are taken back had changed, as it was; the line itself has its facts."""
    before = next(one for one in review.before if one.line == event.facts["line"])
    undone = [line for line in review.held if line.line >= before.line]
    anew = approved_anew(before.held, undone)
    bound = [line for line in (*undone, held_of(event)) if _binds_alone(line)]

    def held(lines: Sequence[LineHeld]) -> tuple[LineHeld, ...]:
        return (*without_approval(lines, anew), *(line for line in bound if line not in lines))

    earlier = (one for one in review.before if one.line < before.line)
    return {name: getattr(before, name) for name in _KEPT if name != "duties"} | {  # Those by the rows of the line.
        "facts": {**before.facts, event.kind: event.facts},
        "held": held(before.held),
        "before": tuple(one.model_copy(update={"held": held(one.held)}) for one in earlier),
    }


def _binds_alone(line: LineHeld) -> bool:
    """Whether a line holds nothing but who had actions in hand in what it takes back: that is never taken back."""
    in_hand = SubmissionTakenBack | HoldingTakenBack
    return bool(line.entries) and all(isinstance(one, in_hand) for one in line.entries)


def _opened(event: Event) -> Review:
    facts = event.facts
    state = State(event.to or State.REFERRED)
    stage = STAGE_OF.get(state, Stage.ACTION_FOLLOW_UP)  # One that was carried in closed had been through them all.
    return Review(
        reference=facts["reference"],
        track=Track(facts["track"]),
        pseudonym=facts["pseudonym"],
        state=state,
        version=0,
        changed=0,
        stage_since=event.at,
        opened_at=event.at,
        last_stage=stage,
        entries={stage: 1},
    )


def _overtaken(review: Review, event: Event) -> dict[str, Any]:
    """What becomes of a proposed decision: it ends where the review moves on; a day put right asks everybody again."""
    if review.proposal is None:
        return {}
    if event.to is not None and State(event.to) is not review.state:
        return {"proposal": None}
    if event.kind == CORRECTED:
        return {"proposal": review.proposal.model_copy(update={"again_since": event.sequence})}
    return {}


def _moved(review: Review, event: Event) -> dict[str, Any]:
    """What changes when a line carries the review to another state, perhaps into another stage."""
    if event.to is None:
        return {}
    state = State(event.to)
    stage = STAGE_OF.get(state)
    if stage is None:
        return {
            "state": state,
            "last_stage": review.stage,
            "stage_since": event.at,
            "closed_at": event.sequence,
        }
    if review.open and stage is review.stage:
        return {"state": state}
    entries = {**review.entries, stage: review.entries.get(stage, 0) + 1}
    return {
        "state": state,
        "last_stage": stage,
        "entries": entries,
        "entry": entries[stage],
        "stage_since": event.at,
    }


def _clocks(duties: tuple[Duty, ...], event: Event) -> tuple[Duty, ...]:
    rows = list(duties)
    ended_before: dict[tuple[str, str, int], int] = {}
    for change in event.duties:
        key = (change.rule, change.subject, change.occurrence)
        same = [
            n
            for n, duty in enumerate(rows)
            if duty.rule == change.rule and duty.key == key and duty.ended != "superseded"
        ]
        if isinstance(change, DutyEnded):
            for n in same:
                if not rows[n].ended:
                    # A row corrected after it had ended did end then, and not by the correction.
                    line = ended_before.get(key, event.sequence)
                    rows[n] = _ended(rows[n], change.change, change.on, change.why, line)
            continue
        for n in same:
            if rows[n].ended:
                ended_before[key] = rows[n].ended_at
            rows[n] = _ended(rows[n], "superseded", london_date(event.at), change.replaces, event.sequence)
        rows.append(_duty(change, event.sequence))
    return tuple(rows)


def _ended(duty: Duty, how: str, on: date, why: str, sequence: int) -> Duty:
    return duty.model_copy(update={"ended": how, "ended_on": on, "why": why, "ended_at": sequence})


def _duty(change: DutyStarted, sequence: int) -> Duty:
    return Duty(
        rule=change.rule,
        subject=change.subject,
        occurrence=change.occurrence,
        anchor=change.anchor,
        anchored_on=change.anchored_on,
        due_on=change.due_on,
        edition=change.edition,
        calendar=change.calendar,
        guard=change.guard,
        stops=change.stops,
        extended=change.extended,
        started_at=sequence,
    )


def _with_entries(review: Review, line: LineHeld) -> Review:
    for entry in line.entries:
        update: dict[str, Any]
        match entry:
            case AgencyAsked():
                life: dict[str, Any] = {"daily_life": "asked"} if entry.daily_life else {}
                asked = AgencyRequest(agency=entry.agency, purpose=entry.purpose, asked_on=entry.on, **life)
                update = {"requests": (*review.requests, asked)}
            case AgencyAcknowledged():
                update = {"requests": tuple(_acknowledged(request, entry) for request in review.requests)}
            case AgencyAnswered():
                update = {"requests": tuple(_answered(request, entry) for request in review.requests)}
            case MeetingHeld():
                update = {"meetings": (*review.meetings, entry)}
            case _ if isinstance(entry, OF_LEARNING):
                update = with_learning(review, entry, line)
            case DeferralMade():
                made = Deferral(rule=entry.rule, expected_on=entry.expected_on, sent_to=entry.sent_to, on=entry.on)
                update = {"deferrals": (*review.deferrals, made)}
            case CopySent():
                update = {"copies": (*review.copies, entry)}
            case ReasonGiven():
                given = Reason(rule=entry.rule, ground=entry.ground, sent_to=entry.sent_to, on=entry.on)
                update = {"reasons": (*review.reasons, given)}
            case PositionsAsked():
                asked_of = Proposal(step=entry.step, line=line.line, on=entry.on, asked=entry.of)
                update = {"proposal": asked_of}
            case PositionSigned():
                update = {"proposal": _signed(review.proposal, entry, line.line)}
            case PositionsClosed():
                update = {"proposal": None}
        review = review.model_copy(update=update)
    return review


def _signed(proposal: Proposal | None, entry: PositionSigned, line: int) -> Proposal | None:
    """The proposal with one position more, in the place of an earlier one of the same partner, which is kept."""
    if proposal is None:
        return None
    others = tuple(one for one in proposal.signatures if one.of != entry.of)
    replaced = (*proposal.replaced, *(one for one in proposal.signatures if one.of == entry.of))
    signature = OwnSignature(**entry.model_dump(exclude={"entry"}), line=line)
    return proposal.model_copy(update={"signatures": (*others, signature), "replaced": replaced})


def _acknowledged(request: AgencyRequest, entry: AgencyAcknowledged) -> AgencyRequest:
    if (request.agency, request.purpose, request.outcome) != (entry.agency, entry.purpose, "waiting"):
        return request
    return request.model_copy(update={"acknowledged_on": entry.on})


def _answered(request: AgencyRequest, answer: AgencyAnswered) -> AgencyRequest:
    if (request.agency, request.purpose, request.outcome) != (answer.agency, answer.purpose, "waiting"):
        return request
    said = {"daily_life": answer.daily_life} if answer.daily_life else {}
    return request.model_copy(update={"outcome": answer.outcome, "on": answer.on, **said})
