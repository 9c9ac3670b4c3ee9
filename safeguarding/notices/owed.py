"""
A running duty and as much of its review as a notice may speak of, and the facts that a notice may hold of it.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from safeguarding.dates.counting import Kind
from safeguarding.dates.standing import standing
from safeguarding.dates.working_days import Calendar, say, say_window
from safeguarding.law.citation import Level
from safeguarding.law.partnership import Partnership
from safeguarding.law.rule import Edition, Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.notice import fitting
from safeguarding.review.impact import LOOK_RULES
from safeguarding.review.review import Duty, Review
from safeguarding.review.shared_learning import agency_of
from safeguarding.review.states import Stage, Track
from safeguarding.review.words import agency_name, subject_words


class Owed(NamedTuple):
    """A running duty and as much of its review as a reminder may speak of."""

    reference: str
    pseudonym: str
    track: Track
    stage: Stage
    rule: str
    started_at: int
    anchored_on: date
    due_on: date
    subject: str = ""
    occurrence: int = 1
    counted_from: date | None = None
    """The day its allowance is counted from, where that is not the anchor's: it was suspended and resumed."""
    edition: str = ""
    """The edition its row names, where the partners moved it to another than that of its day."""
    agency: str = ""
    """The agency that owes it: the subject itself, or the agency of the action that is the subject."""
    owner: str = ""
    """The person who owns the action, if the subject is one."""
    chair: str = ""
    """The person appointed to chair the review, once one is."""
    reviewer: str = ""
    """The person appointed as its lead reviewer, if they stand in the partnership's file."""
    waiting_on: tuple[str, ...] = ()
    discretionary: bool = False
    """Whether its review is one that section 16F does not ask for, so that the section imposes nothing on it."""
    entered_on: date | None = None
    """The day on which its review was entered, where that was under way already: nobody is told of what came before."""

    @property
    def key(self) -> str:
        """The part of a notice's key that names the row of the duty; the rung follows."""
        return f"{self.reference}:{self.rule}:{self.subject}:{self.occurrence}:{self.started_at}"

    @classmethod
    def of(cls, duty: Duty, review: Review) -> Owed:
        """The duty of a review that is at hand."""
        theirs = () if duty.rule in LOOK_RULES else review.actions
        action = next((action for action in theirs if action.id == duty.subject), None)
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
            agency=action.agency if action else agency_of(duty.subject),
            owner=action.owner if action else "",
            chair=review.chair,
            reviewer=review.reviewer,
            waiting_on=review.waiting_on(),
            entered_on=review.entered_on,
            discretionary=any(
                is_of_a_discretionary_review(one.rule, one.ended, one.why)
                for one in review.duties
                if one.rule == OWN_UNDERTAKING
            ),
        )


OWN_UNDERTAKING = "C12b"
"""The duty that runs on a review which section 16F does not ask for, in the place of the Act's (C12)."""

ASKED_FOR_AFTER_ALL = "no longer owed: decided to initiate"
"""How its row ends where it was decided again, as a review that the section asks for."""


def is_of_a_discretionary_review(rule: str, ended: str, why: str) -> bool:
    """Whether this row of a duty says that its review is discretionary."""
    return rule == OWN_UNDERTAKING and ended != "superseded" and not why.startswith(ASKED_FOR_AFTER_ALL)


# --------------------------------------------------------------------------- what may be said


def duty_facts(owed: Owed, rule: Rule, rulebook: Rulebook, today: date) -> dict[str, str]:
    """The open facts of a duty: what is owed, by when, by which rule, how sure we are of its text."""
    edition = rule.edition_of(owed.edition, owed.anchored_on)
    undertaken = owed.discretionary and edition.is_of_section_16f
    return {
        **review_facts(owed.reference, owed.pseudonym, owed.track, owed.stage),
        "owed": owed_words(owed, rule, rulebook.partnership),
        "rule": rule.id,
        "day_set_by": day_set_by(rule) if not undertaken else "To pass its day is no breach of the law",
        "undertaken": UNDERTAKEN if undertaken else "",
        "citation": fitting([edition.words]) or fitting([edition.name_words]) or edition.number.instrument[:200],
        "confidence": edition.caution or edition.length_tag.words,
        "waiting_on": _waiting(owed, rulebook.partnership),
        "window": _window(owed, rule, edition, rulebook.calendar),
        **date_facts(owed.due_on, today, rulebook.calendar, rule.counts.kind),
    }


UNDERTAKEN = (
    "This review is discretionary: section 16F does not ask for it, so neither the section nor the regulations made "
    "under it impose this here. It is kept because the partners undertook the review"
)
"""What a letter says of a duty of section 16F on a review that the section does not ask for."""


def _window(owed: Owed, rule: Rule, edition: Edition, calendar: Calendar) -> str:
    first = rule.opens_on(owed.anchored_on, owed.due_on, edition, calendar)
    return say_window(first, owed.due_on) if first is not None and first < owed.due_on else ""


def due_in_words(row: Owed | Duty, rule: Rule, calendar: Calendar) -> str:
    """When a row is due, as a line shows it: its day, or its window."""
    return rule.due_words(row.anchored_on, row.due_on, row.edition, calendar)


def day_set_by(rule: Rule) -> str:
    """Whose the day is, in a sentence: a breach is called so only where the day itself is law's or guidance's."""
    if rule.date_is_law:
        one = rule.number_level is rule.level
        whose = "The day is set" if one else f"The duty is set by {rule.level.words}; its day is set"
        return f"{whose} by {rule.number_level.words}: nobody here can move it"
    whose = "the partnership's own" if rule.number_level is Level.LOCAL else f"{rule.number_level.words}"
    duty = f"The duty is set by {rule.level.words}, but its day" if rule.statutory else "The day"
    return f"{duty} is {whose}: to pass it is by itself no breach of the law"


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


def review_facts(reference: str, pseudonym: str, track: Track, stage: Stage) -> dict[str, str]:
    words = "child practice review" if track is Track.CHILDREN else "safeguarding adults review"
    return {"reference": reference, "pseudonym": pseudonym, "track": words, "stage": stage.named(track)}


def most_urgent(review: Review, rulebook: Rulebook) -> Duty | None:
    """The clock of the review that runs out first: what its card and its notices speak of."""
    return next((duty for duty in review.running() if presses(rulebook.rule(duty.rule))), None)


def presses(rule: Rule) -> bool:
    """Whether a date of this rule is one to hurry for: not a «not before», and not one that is only tracked."""
    return rule.counts.kind is not Kind.MINIMUM and not rule.track_only
