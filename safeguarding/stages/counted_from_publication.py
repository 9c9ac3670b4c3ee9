"""
Once something is published, the time before it is counted back from the day on which that was, and not from a plan.

Regulation 16 of S.I. 2018/789 asks for the copy seven days «prior to the date of publication». Until then there is only
a planned day to count from; whether the copy was in time is said of the day itself, earlier or later than the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from safeguarding.duties.superseding import again, ended_again
from safeguarding.law.rule import Edition, Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.advance_copy import FULL, IMPROVEMENTS, copy_that_went, latest_copy, plans_the_full_report
from safeguarding.review.events import DutyChange, Mark
from safeguarding.review.review import Duty, Review
from safeguarding.stages.report_sent import gates

PUBLISHED = "published"


def counted_from_publication(review: Review, on: date, rulebook: Rulebook) -> Iterator[DutyChange]:
    """The rows of the present plan's gates, counted back from the day of publication; each keeps how it ended."""
    for duty in gates(review, *(FULL if plans_the_full_report(review) else IMPROVEMENTS)):
        if duty.ended == "cancelled" or (duty.anchor, duty.anchored_on) == (PUBLISHED, on):
            continue
        rule = rulebook.rule(duty.rule)
        edition = _edition(duty, rule, on)
        yield again(
            duty,
            f"published on {on}: counted back from that day",
            anchor=PUBLISHED,
            anchored_on=on,
            due_on=rule.due_on(on, rulebook.calendar, edition=edition),
            edition=edition.name,
            calendar=rulebook.calendar.digest,
        )
        if duty.ended:
            yield ended_again(duty, duty.ended_on or on)


def _edition(duty: Duty, rule: Rule, on: date) -> Edition:
    """That of the day of publication; one that the partners chose, or that a review began under, stays."""
    stands = rule.edition_of(duty.edition, duty.anchored_on)
    return rule.edition_on(on) if stands.name == rule.edition_on(duty.anchored_on).name else stands


def published_by_the_present_plan(review: Review) -> bool:
    """Whether publication is what the present plan led to: nothing was planned after it."""
    names = [mark.name for mark in review.marks]
    planned = [n for n, name in enumerate(names) if name.startswith("publication_planned_")]
    return PUBLISHED in names[planned[-1] :] if planned else False


def copy_was_too_late(review: Review, marks: tuple[Mark, ...], rulebook: Rulebook) -> str:
    """
    That with these days the copy had gone too late for the publication, in words; nothing where it had not.

    Of what was planned, sent and published up to the last publication: what came afterwards sends nothing earlier.
    """
    names = [mark.name for mark in marks]
    if PUBLISHED not in names:
        return ""
    last = len(names) - 1 - names[::-1].index(PUBLISHED)
    then = review.model_copy(update={"marks": marks[:last]})
    full, on = plans_the_full_report(then), marks[last].on
    went, (latest, both) = copy_that_went(then, full), latest_copy(full, on, rulebook)
    if went is None or went <= latest:
        return ""
    return f"the advance copy went on {went}; for {on} it had to go by {latest} ({both})"
