"""
Where a review stands, in sentences: at which stage since when, what the law wants next, what it waits for.
"""

from __future__ import annotations

from datetime import date

from safeguarding.dates.london import london_date
from safeguarding.dates.standing import standing
from safeguarding.dates.working_days import say
from safeguarding.duties.retention import closed_on
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.owed import due_in_words
from safeguarding.review.review import Review
from safeguarding.review.states import Stage
from safeguarding.review.words import agency_name, subject_words
from safeguarding.shown.card import governing


def where_it_stands(review: Review, rulebook: Rulebook, today: date) -> str:
    """One short paragraph. References, dates and agencies only."""
    if not review.open:
        day = closed_on(review)
        return f"Closed{f' on {say(day)}' if day else ''}: {review.state.ended_how}."
    since = say(london_date(review.stage_since))
    stage, state = review.stage_title, review.state.words
    named = "" if state == stage.lower() else f" ({state})"
    parts = [f"At {stage.lower()}{named} since {since}."]
    if (duty := governing(review, rulebook, today)) is not None:
        rule = rulebook.rule(duty.rule)
        subject = f" ({subject_words(duty.subject, rulebook.partnership)})" if duty.subject else ""
        stands = standing(duty.due_on, today, rulebook.calendar, kind=rule.counts.kind).words
        due = due_in_words(duty, rule, rulebook.calendar)
        whose = "The next date of law or guidance" if rule.date_is_law else "The next date, our own,"
        parts.append(f"{whose} is «{rule.title}»{subject}: due {due}, {stands}.")
    else:
        parts.append("Nothing is owed at the moment.")
    if waiting := review.waiting_on():
        names = ", ".join(agency_name(agency, rulebook.partnership) for agency in waiting)
        parts.append(f"It waits for {names}.")
    return " ".join(parts)


def stages_of(review: Review) -> tuple[tuple[Stage, str], ...]:
    """The seven stages in their order, each «done», «now», «left out» or «to come»."""
    order = list(Stage)
    reached = max((order.index(stage) for stage in (*review.entries, review.stage)), default=0)
    found = []
    for number, stage in enumerate(order):
        if review.open and stage is review.stage:
            how = "now"
        elif stage in review.entries or stage is review.stage:
            how = "done"
        else:
            how = "to come" if review.open and number > reached else "left out"
        found.append((stage, how))
    return tuple(found)
