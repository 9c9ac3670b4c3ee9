"""
Commands about the record: open a review, take a step, read it back, prove that nobody changed it.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from flows.cli.said import Arguments, Said, told_at_once
from safeguarding.dates.london import london_date, now
from safeguarding.dates.standing import standing
from safeguarding.dates.working_days import say
from safeguarding.duties.suspension import left_words, suspended_words
from safeguarding.errors import SafeguardingError
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import london_time, steps_of
from safeguarding.review.events import REFUSED, Actor, Attestation
from safeguarding.review.review import Review
from safeguarding.shown import card
from safeguarding.stages import STEPS
from tasks.record.installation import Installation, open_installation
from tasks.record.records import Taken


class FormUnreadable(SafeguardingError):
    """The file of a form is not there, or is neither JSON nor YAML."""

    code = "form-unreadable"


# --------------------------------------------------------------------------- the record


def open_review(arguments: Arguments) -> Said:
    """Open a referral."""
    installation = open_installation(now())
    step = installation.records.open(_form(arguments.form), _actor(arguments), installation.at(arguments.at, now()))
    return _taken(step, installation)


def do(arguments: Arguments) -> Said:
    """Take a step of a review."""
    installation = open_installation(now())
    raw, actor, moment = _form(arguments.form), _actor(arguments), installation.at(arguments.at, now())
    step = installation.records.attempt(arguments.reference, arguments.step, raw, actor, moment, arguments.version)
    return _taken(step, installation)


def _form(path: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text()
        answers = yaml.safe_load(text)
    except OSError as missing:
        raise FormUnreadable(f"The form {path} cannot be read: {missing.strerror}.", path) from None
    except yaml.YAMLError:
        raise FormUnreadable(f"The form {path} is neither JSON nor YAML.", path) from None
    if not isinstance(answers, dict):
        raise FormUnreadable(f"The form {path} must hold the answers by the name of each question.", path)
    return json.loads(json.dumps(answers, default=str))  # type: ignore[no-any-return]


def _actor(arguments: Arguments) -> Actor:
    how = Attestation.MINUTED if arguments.minuted else Attestation.PROVED if arguments.proved else None
    return Actor(person=arguments.person, attestation=how or Attestation.DECLARED, minute=arguments.minuted or "")


def _taken(step: Taken, installation: Installation) -> Said:
    review = step.review
    words = [
        f"{review.reference} ({review.pseudonym}): {step.event.title}. Now at {review.stage_title}, "
        f"'{review.state.words}', version {review.version}.",
        *_owed(review, installation.rulebook, london_date(step.event.at)),
        f"{len(step.notices)} notices written.",
        *told_at_once(step, installation.rulebook),
    ]
    return Said(words, _as_data(review))


def _owed(review: Review, rulebook: Rulebook, today: date) -> list[str]:
    lines = []
    for duty in review.running():
        subject = f" ({card.subject_name(duty, rulebook)})" if duty.subject else ""
        rule = rulebook.rule(duty.rule)
        words = standing(duty.due_on, today, rulebook.calendar, kind=rule.counts.kind).words
        lines.append(f"  {duty.rule}: {rule.title}{subject}: {say(duty.due_on)}, {words}")
    for duty in review.suspended():
        subject = f" ({card.subject_name(duty, rulebook)})" if duty.subject else ""
        held = f"{suspended_words(duty.stops[-1])}, {left_words(duty.stops[-1])}"
        lines.append(f"  {duty.rule}: {rulebook.rule(duty.rule).title}{subject}: {held}")
    return lines


def _as_data(review: Review) -> dict[str, Any]:
    data = review.model_dump(mode="json", exclude={"marks", "facts"})
    return data | {"stage": review.stage.value, "open": review.open}


def what_next(arguments: Arguments) -> Said:
    """The steps a review permits now."""
    installation = open_installation(now())
    review = installation.records.read(arguments.reference)
    steps = steps_of(review)
    if arguments.step:
        steps = [step for step in STEPS.values() if step.name == arguments.step]
    data = {step.name: card.signed_form(step, review, installation.rulebook).model_json_schema() for step in steps}
    words = [f"{review.reference} is at '{review.state.words}'."]
    for step in steps:
        roles = ", ".join(sorted(role.replace("_", " ") for role in step.by))
        words.append(f"  {step.name}: {step.button} (by: {roles})")
        if arguments.step:
            words += [f"      {name}: {field.title}" for name, field in step.form.model_fields.items()]
    return Said(words, data)


def show(arguments: Arguments) -> Said:
    """A review: where it stands, what is owed, its history."""
    installation = open_installation(now())
    review = installation.records.read(arguments.reference)
    events = installation.records.events(arguments.reference, unseal=arguments.unseal)
    words = [
        f"{review.reference} · {review.stage_title} · {review.pseudonym} · '{review.state.words}'",
        "Owed:" if review.live() else "Nothing is owed.",
        *_owed(review, installation.rulebook, london_date(now())),
        "History:",
    ]
    for event in events:
        refused = f": {'; '.join(event.facts['unmet'])}" if event.kind == REFUSED else ""
        words.append(f"  {event.sequence:3} {london_time(event.at)} {event.actor.person}: {event.title}{refused}")
        words += [f"        {name}: {text}" for name, text in event.sealed.items()]
    data = _as_data(review) | {"events": [event.model_dump(mode="json") for event in events]}
    return Said(words, data)


def list_reviews(arguments: Arguments) -> Said:
    """Every review."""
    rows = open_installation(now()).records.list(open_only=arguments.open_only)
    words = [f"{row.reference}  {row.stage_title:18} {row.state.words:28} {row.pseudonym}" for row in rows]
    data = [{"reference": r.reference, "stage": r.stage, "state": r.state, "pseudonym": r.pseudonym} for r in rows]
    return Said(words or ["No review has been opened yet."], data)


def verify(arguments: Arguments) -> Said:
    """Prove that no line of the ledger was changed."""
    records = open_installation(now()).records
    broken = records.verify(arguments.reference)
    if broken:
        data = [{"reference": b.reference, "sequence": b.sequence, "words": str(b)} for b in broken]
        return Said([str(line) for line in broken], {"broken": data}, code=1)
    chains = arguments.reference or f"{len(records.list())} reviews"
    return Said([f"The ledger holds: {chains}: no line was changed, removed or put in."], {"broken": []})
