"""
The review on paper: where it stands, what is owed and was met, agencies, actions, decisions, the whole history.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from safeguarding.dates.london import say_moment
from safeguarding.dates.standing import standing
from safeguarding.dates.working_days import say
from safeguarding.errors import LawNotFound
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Event
from safeguarding.review.review import Duty, Review
from safeguarding.review.words import agency_name, subject_words
from safeguarding.shown.agency_answers import requests_of
from safeguarding.shown.bundle.paper import heading, listed, paper, table, words
from safeguarding.shown.decisions import decisions_of
from safeguarding.shown.dissemination import rows_of, shared_with
from safeguarding.shown.history.told import Told, history
from safeguarding.shown.linked import linked
from safeguarding.shown.quality import latest_answers
from safeguarding.shown.where_it_stands import stages_of, where_it_stands

ASKED_FOR = {"information": "Information", "report": "Its report", "accuracy": "To check the draft"}


def review_page(review: Review, events: Sequence[Event], rulebook: Rulebook, today: date) -> str:
    """The page of the review, every sealed word left sealed."""
    stages = [(stage.named(review.track), how) for stage, how in stages_of(review)]
    return paper(
        f"{review.reference} · {review.pseudonym}",
        words(f"As of {say(today)}.", where_it_stands(review, rulebook, today)),
        table(("Stage", "How it stands"), stages),
        heading("What is owed, and what was met"),
        table(("What", "Rule", "Set by", "Due", "How it stands"), _dates(review, rulebook, today), "Nothing was owed."),
        heading("Agencies: what each was asked, and whether it was late"),
        table(("Agency", "For", "Asked", "Answer", "Late"), _agencies(review, rulebook, today), "None was asked."),
        heading("Actions"),
        table(("Action", "Agency", "Owner", "Due", "Status"), _actions(review, rulebook, today)),
        heading("Quality markers"),
        table(("Marker", "Answer", "On"), _quality(review), "None was looked at."),
        *_shared(review, rulebook, today),
        heading("Decisions"),
        table(("Line", "Decision", "On", "Signed by", "Positions"), _decisions(review, events, rulebook)),
        heading("Linked reviews"),
        listed(one.words for one in linked(review)) or words("None."),
        heading("History"),
        table(("Line", "When", "Who", "What happened"), map(_line, history(review, events, rulebook))),
    )


def _dates(review: Review, rulebook: Rulebook, today: date) -> Iterator[tuple[str, ...]]:
    latest = {(duty.rule, duty.subject): duty for duty in review.duties if duty.ended != "superseded"}
    for duty in sorted(latest.values(), key=lambda one: (bool(one.ended), one.due_on, one.rule, one.subject)):
        about = f": {subject_words(duty.subject, rulebook.partnership)}" if duty.subject else ""
        try:
            rule = rulebook.rule(duty.rule)
        except LawNotFound:  # A step of the partnership's own that left its file since: it is told all the same.
            title, level = duty.rule, ""
        else:
            title, level = rule.title, rule.level_words
        own = duty.rule.startswith("local.")
        yield f"{title}{about}", "" if own else duty.rule, level, say(duty.due_on), _how(duty, rulebook, today)


def _how(duty: Duty, rulebook: Rulebook, today: date) -> str:
    on = f" on {say(duty.ended_on)}" if duty.ended_on else ""
    if duty.ended == "cancelled":
        return f"fell away{on}"
    if duty.ended:
        return f"met{on}{', LATE' if duty.ended_on and duty.ended_on > duty.due_on else ''}"
    if duty.suspended is not None:
        return "suspended"
    return standing(duty.due_on, today, rulebook.calendar).words


def _agencies(review: Review, rulebook: Rulebook, today: date) -> Iterator[tuple[str, ...]]:
    for asked in requests_of(review, rulebook):
        name = agency_name(asked.agency, rulebook.partnership)
        purpose = ASKED_FOR.get(asked.purpose, asked.purpose)
        yield name, purpose, say(asked.asked_on), asked.words(today), "LATE" if asked.late(today) else "no"


def _actions(review: Review, rulebook: Rulebook, today: date) -> Iterator[tuple[str, ...]]:
    for action in review.actions:
        owner = rulebook.partnership.ever(action.owner)
        name = owner.name if owner else review.names.get(action.owner, action.owner)
        stands = "" if action.done else f", {standing(action.due_on, today, rulebook.calendar).words}"
        agency = agency_name(action.agency, rulebook.partnership)
        yield action.id, agency, name, say(action.due_on), action.status.replace("_", " ") + stands


def _quality(review: Review) -> Iterator[tuple[str, ...]]:
    for one in latest_answers(review).values():
        if one.answer:
            yield one.marker.words, one.answer, say(one.on) if one.on else ""


def _shared(review: Review, rulebook: Rulebook, today: date) -> Iterator[str]:
    """To whom it went what was learnt, where it went to anybody."""
    if review.shared:
        yield heading("What was learnt, and who was told")
        yield table(("What", "Sent", "Agency", "Its word"), rows_of(shared_with(review, rulebook, today)))


def _decisions(review: Review, events: Sequence[Event], rulebook: Rulebook) -> Iterator[tuple[str, ...]]:
    for one in decisions_of(events, review, rulebook.partnership):
        stood = "; ".join(f"{partner}: {position}" for partner, _, position, _ in one.positions)
        came_to = f"{one.title}: {one.came_to}" if one.came_to else one.title
        yield str(one.line), came_to, say(one.on), one.signed_by, stood


def _line(line: Told) -> tuple[str, ...]:
    return str(line.sequence), say_moment(line.at), line.who, " ".join((line.sentence, *line.further, *line.checked))
