"""
What a notice is, and what it may say: references, dates, rules and roles; nobody's name and nobody's words.

A notice is drafted as a row: the occasion, one person, one channel, a key that makes it unique for good, the
moment before which it may not leave, and the open facts that its template may use. There is no field for a name
of a family, for a reason or for any other free text, so none can be put in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field

from safeguarding.clock import Calendar, Kind, say, standing
from safeguarding.events import Frozen, Moment
from safeguarding.partnership import Partnership
from safeguarding.review import Duty, Review
from safeguarding.rulebook import Rule, Rulebook
from safeguarding.states import Stage, Track

Channel = Literal["email", "teams"]


class Occasion(StrEnum):
    """Why a notice is owed. Each has one template in `config/templates`."""

    REFERRAL_RECEIVED = "referral_received"
    STAGE_OPENED = "stage_opened"
    DECISION_OWED = "decision_owed"
    DECISION_MADE = "decision_made"
    DUE_SUPERSEDED = "due_superseded"
    DEADLINE_SUSPENDED = "deadline_suspended"
    AGENCY_ASKED = "agency_asked"
    STEP_TOLD = "step_told"
    REMINDER = "reminder"
    DUE_MISSED = "due_missed"
    DELIVERY_FAILED = "delivery_failed"
    DIGEST = "digest"
    WEEKLY_SUMMARY = "weekly_summary"


FIELDS: dict[str, str] = {
    "reference": "the review's reference: CSPR-2026-003",
    "pseudonym": "how the person is spoken of: Child F",
    "track": "which law: child practice review, or safeguarding adults review",
    "stage": "the stage in the unit's own words",
    "happened": "the step that was recorded, by its title",
    "now_at": "where the review stands after the step, in words",
    "owed": "what is owed, by the rule's title, and by which agency",
    "due_on": "the due date as 2026-12-18",
    "due": "the due date as Fri 18 Dec 2026",
    "was_due": "the date that another one has replaced",
    "also_moved": "how many other dates of the same person moved with it",
    "look_again": "the day on which a suspended date is looked at again",
    "left": "what was left of a suspended date: 3 working days left",
    "standing": "how the date stands now: overdue by 3 working days",
    "waiting_on": "the agencies that have not answered",
    "rule": "the rule's id: C05",
    "citation": "the rule's source, with the paragraph where it is known",
    "confidence": "how far the text of the rule has been checked",
    "on_miss": "what the rule says to do when the date is missed",
    "decides": "who may decide what, at this rung of the ladder",
    "deciders": "who owes the decision",
    "urgency": "whether it waits for a working morning",
    "failed_for": "for whom a message could not be delivered, by their id in the partnership's file",
    "failed_channel": "over which channel",
    "failed_why": "why, in the sender's own short words",
    "link": "the address of the review's card",
    "in_place_of": "for whom the reader stands in, by role",
    "day": "the day of a digest as 2026-11-23",
    "at_a_glance": "how much a digest holds: 2 overdue, 1 due today",
    "open_reviews": "how many reviews are open, by stage",
    "needs_me": "what waits for the business manager, one thing a line",
    "waiting_on_you": "what waits for the reader, one thing a line",
    "overdue": "what else is overdue, one thing a line",
    "due_today": "what else is due today, one thing a line",
    "this_week": "what else is due in the next five working days, one thing a line",
}
"""Every field that a message may carry, and what it is. A template that uses another is refused when it is loaded."""

LISTS = frozenset({"needs_me", "waiting_on_you", "overdue", "due_today", "this_week"})
"""The fields of several lines, each line a fact of its own."""
LONGEST_LIST = 16
"""Lines. A longer list belongs on the board, and a Teams card would not hold it."""

AT_ONCE = "at once"
WORKING_MORNING = "working morning"


def _only_allowed(context: dict[str, str]) -> dict[str, str]:
    unknown = sorted(set(context) - set(FIELDS))
    if unknown:
        raise ValueError(f"a message may not carry: {', '.join(unknown)}")
    for name, value in context.items():
        if len(value) <= 400 and value.isprintable():
            continue
        lines = value.split("\n") if name in LISTS else [value]
        if len(lines) > LONGEST_LIST or any(len(line) > 400 or not line.isprintable() for line in lines):
            raise ValueError(f"'{name}' is longer than a fact or is not one line")
    return context


class NoticeDraft(Frozen):
    """One notice to one person over one channel, before it is a row. `key`, person and channel name it for good."""

    reference: str
    occasion: Occasion
    person: str
    channel: Channel
    key: str = Field(max_length=200)
    not_before: Moment
    context: Annotated[dict[str, str], AfterValidator(_only_allowed)]


class Told(NamedTuple):
    """Who is told, over which channel, on what occasion, and what."""

    person: str
    channel: Channel
    occasion: Occasion
    key: str
    context: dict[str, str]


def drafts(reference: str, not_before: datetime, told: Iterable[Told]) -> list[NoticeDraft]:
    """
    The notices of one occasion. What several people are told is looked at once, and held once by all of theirs.

    Raises ValidationError for what a message may not carry.
    """
    first: dict[tuple[str, int], NoticeDraft] = {}
    made = []
    for person, channel, occasion, key, context in told:
        draft = first.get((key, id(context)))
        if draft is None:
            draft = first[key, id(context)] = NoticeDraft(
                reference=reference,
                occasion=occasion,
                person=person,
                channel=channel,
                key=key,
                not_before=not_before,
                context=context,
            )
            made.append(draft)
        else:
            made.append(draft.model_copy(update={"person": person, "channel": channel, "occasion": occasion}))
    return made


class Owed(Frozen):
    """A running duty and as much of its review as a reminder may speak of."""

    reference: str
    pseudonym: str
    track: Track
    stage: Stage
    rule: str
    subject: str = ""
    occurrence: int = 1
    started_at: int
    anchored_on: date
    counted_from: date | None = None
    """The day its allowance is counted from, where that is not the anchor's: it was suspended and resumed."""
    due_on: date
    edition: str = ""
    """The edition its row names, where the partners moved it to another than that of its day."""
    agency: str = ""
    """The agency that owes it: the subject itself, or the agency of the action that is the subject."""
    owner: str = ""
    """The person who owns the action, if the subject is one."""
    waiting_on: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The part of a notice's key that names the row of the duty; the rung follows."""
        return f"{self.reference}:{self.rule}:{self.subject}:{self.occurrence}:{self.started_at}"

    @classmethod
    def of(cls, duty: Duty, review: Review) -> Owed:
        """The duty of a review that is at hand."""
        action = next((action for action in review.actions if action.id == duty.subject), None)
        return cls(
            reference=review.reference,
            pseudonym=review.pseudonym,
            track=review.track,
            stage=review.stage,
            rule=duty.rule,
            subject=duty.subject,
            occurrence=duty.occurrence,
            started_at=duty.started_at,
            anchored_on=duty.anchored_on,
            counted_from=duty.counted_from,
            due_on=duty.due_on,
            edition=duty.edition,
            agency=action.agency if action else duty.subject,
            owner=action.owner if action else "",
            waiting_on=review.waiting_on(),
        )


# --------------------------------------------------------------------------- what may be said


def duty_facts(owed: Owed, rule: Rule, rulebook: Rulebook, today: date) -> dict[str, str]:
    """The open facts of a duty: what is owed, by when, by which rule, how sure we are of its text."""
    edition = rule.edition_of(owed.edition, owed.anchored_on)
    return {
        **review_facts(owed.reference, owed.pseudonym, owed.track, owed.stage),
        "owed": owed_words(owed, rule, rulebook.partnership),
        "rule": rule.id,
        "citation": fitting([edition.citation.words]) or fitting([edition.citation.title]),
        "confidence": edition.caution or edition.confidence.words,
        "waiting_on": _waiting(owed, rulebook.partnership),
        **date_facts(owed.due_on, today, rulebook.calendar, rule.counts.kind),
    }


def _waiting(owed: Owed, partnership: Partnership) -> str:
    """The agencies that have not answered, by name, or how many where they are too many for one fact."""
    if not owed.waiting_on:
        return ""
    names = ", ".join(agency_name(agency, partnership) for agency in owed.waiting_on)
    return fitting([names]) or f"{len(owed.waiting_on)} agencies"


def date_facts(due_on: date, today: date, calendar: Calendar, kind: Kind) -> dict[str, str]:
    """The facts of a due date that change as days pass: the sender asks for them again at the moment of sending."""
    words = standing(due_on, today, calendar, kind=kind).words
    return {"due_on": due_on.isoformat(), "due": say(due_on), "standing": words}


def owed_words(owed: Owed, rule: Rule, partnership: Partnership) -> str:
    """What is owed, in words: the rule's title, and which agency or action it is owed by."""
    if owed.owner:
        return f"{rule.title}: {owed.subject} ({agency_name(owed.agency, partnership)})"
    return f"{rule.title}: {subject_words(owed.subject, partnership)}" if owed.subject else rule.title


def subject_words(subject: str, partnership: Partnership) -> str:
    """Whom or what a duty is about: an agency by its name, an action by its number, a date that was suspended."""
    date_suspended, _, whose = subject.partition(":")
    if whose:
        return f"{date_suspended.replace('_', ' ')}, {agency_name(whose, partnership)}"
    name = agency_name(subject, partnership)
    return name.replace("_", " ") if name == subject else name


def agency_name(agency: str, partnership: Partnership) -> str:
    """An agency's name, or its id if the partnership's file no longer has it."""
    return next((known.name for known in partnership.agencies if known.id == agency), agency)


def review_facts(reference: str, pseudonym: str, track: Track, stage: Stage) -> dict[str, str]:
    words = "child practice review" if track is Track.CHILDREN else "safeguarding adults review"
    return {"reference": reference, "pseudonym": pseudonym, "track": words, "stage": stage.named(track)}


def most_urgent(review: Review, rulebook: Rulebook) -> Duty | None:
    """The clock of the review that runs out first: what its card and its notices speak of."""
    return next((duty for duty in review.running() if presses(rulebook.rule(duty.rule))), None)


def presses(rule: Rule) -> bool:
    """Whether a date of this rule is one to hurry for: not a «not before», and not one that is only tracked."""
    return rule.counts.kind is not Kind.MINIMUM and not rule.track_only


def fitting(sentences: Sequence[str], limit: int = 400) -> str:
    """As many whole sentences as fit into a fact."""
    text = ""
    for sentence in sentences:
        if len(text) + len(sentence) + 1 > limit:
            break
        text = f"{text} {sentence}".strip()
    return text
