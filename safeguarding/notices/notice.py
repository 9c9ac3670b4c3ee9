"""
What a notice is, and what it may say: references, dates, rules and roles; nobody's name and nobody's words.

A notice is drafted as a row: the occasion, one person, one channel, a key that makes it unique for good, the
moment before which it may not leave, and the open facts that its template may use. There is no field for a name
of a family, for a reason or for any other free text, so none can be put in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

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
    ACTION_OWNED = "action_owned"
    STEP_TOLD = "step_told"
    REMINDER = "reminder"
    DUE_MISSED = "due_missed"
    DELIVERY_FAILED = "delivery_failed"
    DIGEST = "digest"
    WEEKLY_SUMMARY = "weekly_summary"
    RECORD_CHANGED = "record_changed"
    ENTERED_LATE = "entered_late"
    TAKEN_OVER = "taken_over"
    YEARLY_REPORT = "yearly_report"


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
    "window": "of a date with a window both its days: Tue 1 Dec to Fri 11 Dec 2026",
    "was_due": "the date that another one has replaced",
    "also_moved": "how many other dates of the same person moved with it",
    "own_life": "of an agency that is asked: to tell of the child's daily life too, or of what the adult wanted",
    "action": "the number of an action that the reader owns: A01",
    "also_owned": "how many other actions became the reader's by the same step",
    "wording": "what the action says, in the wording that was approved to be shared; asked for when the letter leaves",
    "look_again": "the day on which a suspended date is looked at again",
    "left": "what was left of a suspended date: 3 working days left",
    "standing": "how the date stands now: overdue by 3 working days",
    "position_of": "of which partner, or role that decides, a position on a proposed decision is asked of the reader",
    "waiting_on": "the agencies that have not answered",
    "rule": "the rule's id: C05",
    "day_set_by": "whether the day itself is the law's, or was chosen here, in a sentence",
    "undertaken": "of a review that section 16F does not ask for: that the law does not impose this, in a sentence",
    "citation": "the rule's source, with the paragraph where it is known",
    "confidence": "how far the text of the rule has been checked",
    "on_miss": "what to do when the date is missed, and whether the rule says it or this product suggests it",
    "decides": "who may decide what, at this rung of the ladder",
    "deciders": "who owes the decision",
    "advisers": "who advises them, where the partners do not decide themselves",
    "signed": "who signed a decision, by role, how that is known, and whose positions they recorded",
    "urgency": "whether it waits for a working morning",
    "failed_for": "for whom a message could not be delivered, by their id in the partnership's file",
    "failed_channel": "over which channel",
    "failed_why": "why, in the sender's own short words",
    "still_tried": "where it is still tried: how many messages wait with it",
    "link": "the address of the review's own page, for whoever can read it there",
    "card": "the address of the review's card in Prefect, for the business unit alone",
    "in_place_of": "for whom the reader stands in, by role",
    "day": "the day of a digest as 2026-11-23",
    "at_a_glance": "how much a digest holds: 2 overdue, 1 due today",
    "proof": "how much the record holds and one hash over the ends of all chains: 12 reviews, 143 lines, root 3fa4…",
    "found": "what proving the record found, the first of it in words",
    "open_reviews": "how many reviews are open, by stage",
    "needs_me": "what waits for the business manager, one thing a line",
    "waiting_on_you": "what waits for the reader, one thing a line",
    "overdue": "what else is overdue, one thing a line",
    "due_today": "what else is due today, one thing a line",
    "owed_by_law": "of a review that was entered late what is owed by law or guidance, one thing a line",
    "owed_of_ours": "and what is owed by the partnership's own procedure, one thing a line",
    "taken_over_on": "the day on which reviews were taken over from a file, as Wed 25 Nov 2026",
    "taken_in": "the open reviews that were taken over then and what is owed of each, one review a line",
    "unmet": "what the reader owes or is told of in such reviews, one thing a line",
    "this_week": "what else is due in the next five working days, one thing a line",
}
"""Every field that a message may carry, and what it is. A template that uses another is refused when it is loaded."""

LONGEST_LIST = 16
"""Lines. A longer list belongs on the board, and a reader who is tired reads no longer one."""
LONGEST_LISTS = {"taken_in": 50, "unmet": 50}
"""Lines of those lists that come once, in place of as many letters; a Teams card holds no more."""
LISTS = frozenset(
    {"needs_me", "waiting_on_you", "overdue", "due_today", "this_week", "owed_by_law", "owed_of_ours", *LONGEST_LISTS}
)
"""The fields of several lines, each line a fact of its own."""
LONGEST_FACT = 400
"""Characters of a fact, or of a line of a list."""
LONGEST_KEY = 200
"""Characters of what names a notice for good."""

AT_ONCE = "at once"
WORKING_MORNING = "working morning"


class Facts(dict[str, str]):
    """What a message may say, by field. Looked at once, when it is made: its keys and lines do not change after it."""

    def __init__(self, facts: Mapping[str, str]) -> None:
        """Raises ValueError for a field that no message may carry, and for a value that is no fact of one line."""
        if unknown := facts.keys() - FIELDS.keys():
            raise ValueError(f"a message may not carry: {', '.join(sorted(unknown))}")
        as_usual = max(map(len, facts.values()), default=0) <= LONGEST_FACT and "".join(facts.values()).isprintable()
        for name, value in () if as_usual else facts.items():
            if len(value) <= LONGEST_FACT and value.isprintable():
                continue
            lines = value.split("\n") if name in LISTS else [value]
            most = LONGEST_LISTS.get(name, LONGEST_LIST)
            if len(lines) > most or any(len(line) > LONGEST_FACT or not line.isprintable() for line in lines):
                raise ValueError(f"'{name}' is longer than a fact or is not one line")
        super().__init__(facts)


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """One notice to one person over one channel, before it is a row. `key`, person and channel name it for good."""

    reference: str
    occasion: Occasion
    person: str
    channel: Channel
    key: str
    not_before: datetime
    context: Mapping[str, str]

    def __post_init__(self) -> None:
        if len(self.key) > LONGEST_KEY or self.not_before.tzinfo is None:
            raise ValueError("a notice has a key of at most 200 characters and a moment that says its time zone")
        if type(self.context) is not Facts:
            object.__setattr__(self, "context", Facts(self.context))

    def to(self, person: str, channel: Channel, occasion: Occasion) -> NoticeDraft:
        """The same for somebody else."""
        return NoticeDraft(self.reference, occasion, person, channel, self.key, self.not_before, self.context)


class Addressed(NamedTuple):
    """Who is told, over which channel, on what occasion, and what."""

    person: str
    channel: Channel
    occasion: Occasion
    key: str
    context: dict[str, str]


def drafts(reference: str, not_before: datetime, told: Iterable[Addressed]) -> list[NoticeDraft]:
    """
    The notices of one occasion. What several people are told is looked at once, and held once by all of theirs.

    Raises ValueError for what a message may not carry.
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
            made.append(draft.to(person, channel, occasion))
    return made


def fitting(sentences: Sequence[str], limit: int = LONGEST_FACT) -> str:
    """As many whole sentences as fit into a fact."""
    text = ""
    for sentence in sentences:
        if len(text) + len(sentence) + 1 > limit:
            break
        text = f"{text} {sentence}".strip()
    return text
