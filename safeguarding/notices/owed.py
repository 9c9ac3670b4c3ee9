"""
A running duty and as much of its review as a notice may speak of, and the facts that a notice may hold of it.
"""

from __future__ import annotations

from datetime import date

from safeguarding.dates.counting import Kind
from safeguarding.dates.standing import standing
from safeguarding.dates.working_days import Calendar, say
from safeguarding.law.citation import Level
from safeguarding.law.partnership import Partnership
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.notice import fitting
from safeguarding.review.review import Duty, Review
from safeguarding.review.states import Stage, Track
from safeguarding.review.words import agency_name, subject_words
from safeguarding.values import Frozen


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
        "day_set_by": day_set_by(rule),
        "citation": fitting([edition.words]) or fitting([edition.name_words]) or edition.number.instrument[:200],
        "confidence": edition.caution or edition.length_tag.words,
        "waiting_on": _waiting(owed, rulebook.partnership),
        **date_facts(owed.due_on, today, rulebook.calendar, rule.counts.kind),
    }


def day_set_by(rule: Rule) -> str:
    """Whose the day is, in a sentence: a breach is called so only where the day itself is law's or guidance's."""
    if rule.date_is_law:
        return f"The day is set by {rule.number_level.words}: nobody here can move it"
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
