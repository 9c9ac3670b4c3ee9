"""
What each command of `safeguarding` does: the same doors as the cards, answered in words and as data.

Prefect is imported only by the commands that need it: it takes seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

import config
from config.settings import Settings
from flows.wiring import House, now, open_house
from safeguarding import desk
from safeguarding.clock import london_date, say, standing
from safeguarding.errors import RulebookInvalid, SafeguardingError
from safeguarding.events import REFUSED, Actor, Attestation
from safeguarding.explain import describe_due
from safeguarding.lifecycle import london_time, steps_of
from safeguarding.notice import subject_words
from safeguarding.review import Review
from safeguarding.rulebook import Rulebook
from safeguarding.stages import STEPS
from safeguarding.suspension import left_words, suspended_words
from tasks.letters import check_templates
from tasks.records import Step

Arguments = argparse.Namespace


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: in words, as data, and the exit code."""

    words: list[str]
    data: Any
    code: int = 0


class FormUnreadable(SafeguardingError):
    """The file of a form is not there, or is neither JSON nor YAML."""

    code = "form-unreadable"


def rulebook_of(settings: Settings) -> Rulebook:
    """The rulebook of this installation. Raises RulebookInvalid."""
    return config.load(settings.partnership)


# --------------------------------------------------------------------------- the law


def check(_: Arguments) -> Said:
    """Load everything that a partnership may change, and name every fault."""
    faults = list(check_templates())
    rulebook: Rulebook | None = None
    try:
        rulebook = rulebook_of(Settings())
    except RulebookInvalid as invalid:
        faults = [*invalid.faults, *faults]
    if rulebook is None or faults:
        words = [f"{len(faults)} faults:", *(f"  {fault}" for fault in faults)]
        return Said(words, {"faults": [fault._asdict() for fault in faults]}, code=1)
    unchecked = [rule for rule in rulebook.rules if rule.edition_on(london_date(now())).caution]
    words = [
        f"{rulebook.label}: no fault.",
        f"{len(rulebook.rules)} rules, {len(rulebook.partnership.people)} people, "
        f"{len(rulebook.partnership.agencies)} agencies.",
        f"Bank holidays from {say(rulebook.calendar.first)} to {say(rulebook.calendar.last)}.",
        f"Unchecked law or invented length ({len(unchecked)} rules): {', '.join(rule.id for rule in unchecked)}.",
    ]
    return Said(words, {"faults": [], "rulebook": rulebook.label, "unchecked": [rule.id for rule in unchecked]})


def due(arguments: Arguments) -> Said:
    """The day a duty falls due."""
    answer = describe_due(arguments.rule, arguments.date, rulebook_of(Settings()))
    when = say(answer.due_on) if answer.due_on else "no day is counted"
    words = f"{answer.rule} {answer.title}: {when} ({answer.counts}, from {say(answer.anchored_on)})."
    return Said([words], answer.model_dump(mode="json"))


def explain(arguments: Arguments) -> Said:
    """How that day is worked out."""
    answer = describe_due(arguments.rule, arguments.date, rulebook_of(Settings()))
    return Said(list(answer.words), answer.model_dump(mode="json"))


# --------------------------------------------------------------------------- the record


def open_review(arguments: Arguments) -> Said:
    """Open a referral."""
    house = open_house()
    step = house.records.open(_form(arguments.form), _actor(arguments), house.at(arguments.at))
    return _taken(step, house)


def do(arguments: Arguments) -> Said:
    """Take a step of a review."""
    house = open_house()
    raw, actor, moment = _form(arguments.form), _actor(arguments), house.at(arguments.at)
    step = house.records.attempt(arguments.reference, arguments.step, raw, actor, moment, arguments.version)
    return _taken(step, house)


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


def _taken(step: Step, house: House) -> Said:
    review = step.review
    words = [
        f"{review.reference} ({review.pseudonym}): {step.event.title}. Now at {review.stage_title}, "
        f"'{review.state.words}', version {review.version}.",
        *_owed(review, house.rulebook, london_date(step.event.at)),
        f"{len(step.notices)} notices written.",
        *told_at_once(step, house.rulebook),
    ]
    return Said(words, _as_data(review))


def told_at_once(step: Step, rulebook: Rulebook) -> list[str]:
    """The dates that a step wrote when they had passed already, and of which people were told with it, in words."""
    lines = []
    for told in step.told:
        whose = f" ({subject_words(told.subject, rulebook.partnership)})" if told.subject else ""
        lines.append(f"Told at once: {rulebook.rule(told.rule).title}{whose}, {told.rule}: {told.standing}.")
    return lines


def _owed(review: Review, rulebook: Rulebook, today: date) -> list[str]:
    lines = []
    for duty in review.running():
        subject = f" ({desk.subject_name(duty, rulebook)})" if duty.subject else ""
        rule = rulebook.rule(duty.rule)
        words = standing(duty.due_on, today, rulebook.calendar, kind=rule.counts.kind).words
        lines.append(f"  {duty.rule}: {rule.title}{subject}: {say(duty.due_on)}, {words}")
    for duty in review.suspended():
        subject = f" ({desk.subject_name(duty, rulebook)})" if duty.subject else ""
        held = f"{suspended_words(duty.stops[-1])}, {left_words(duty.stops[-1])}"
        lines.append(f"  {duty.rule}: {rulebook.rule(duty.rule).title}{subject}: {held}")
    return lines


def _as_data(review: Review) -> dict[str, Any]:
    data = review.model_dump(mode="json", exclude={"marks", "facts"})
    return data | {"stage": review.stage.value, "open": review.open}


def what_next(arguments: Arguments) -> Said:
    """The steps a review permits now."""
    house = open_house()
    review = house.records.read(arguments.reference)
    steps = steps_of(review)
    if arguments.step:
        steps = [step for step in STEPS.values() if step.name == arguments.step]
    data = {step.name: desk.signed_form(step, review, house.rulebook).model_json_schema() for step in steps}
    words = [f"{review.reference} is at '{review.state.words}'."]
    for step in steps:
        roles = ", ".join(sorted(role.replace("_", " ") for role in step.by))
        words.append(f"  {step.name}: {step.button} (by: {roles})")
        if arguments.step:
            words += [f"      {name}: {field.title}" for name, field in step.form.model_fields.items()]
    return Said(words, data)


def show(arguments: Arguments) -> Said:
    """A review: where it stands, what is owed, its history."""
    house = open_house()
    review = house.records.read(arguments.reference)
    events = house.records.events(arguments.reference, unseal=arguments.unseal)
    words = [
        f"{review.reference} · {review.stage_title} · {review.pseudonym} · '{review.state.words}'",
        "Owed:" if review.live() else "Nothing is owed.",
        *_owed(review, house.rulebook, london_date(now())),
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
    rows = open_house().records.list(open_only=arguments.open_only)
    words = [f"{row.reference}  {row.stage_title:18} {row.state.words:28} {row.pseudonym}" for row in rows]
    data = [{"reference": r.reference, "stage": r.stage, "state": r.state, "pseudonym": r.pseudonym} for r in rows]
    return Said(words or ["No review has been opened yet."], data)


def verify(arguments: Arguments) -> Said:
    """Prove that no line of the ledger was changed."""
    records = open_house().records
    broken = records.verify(arguments.reference)
    if broken:
        data = [{"reference": b.reference, "sequence": b.sequence, "words": str(b)} for b in broken]
        return Said([str(line) for line in broken], {"broken": data}, code=1)
    chains = arguments.reference or f"{len(records.list())} reviews"
    return Said([f"The ledger holds: {chains}: no line was changed, removed or put in."], {"broken": []})


def watch(arguments: Arguments) -> Said:
    """Sweep once and deliver."""
    from flows.sweeping import sweep_once

    house = open_house()
    done = sweep_once(house, None, house.at(arguments.at))
    blocked = [down.words for down in done.blocked]
    data = {
        "rungs": done.swept.rungs,
        "notices": done.swept.notices,
        "digests": done.digests,
        "delivered": done.delivered.delivered,
        "failed": done.delivered.failed,
        "blocked": blocked,
        "faults": list(done.faults),
    }
    return Said([f"{done.words}.", *blocked, *done.faults], data, code=1 if blocked or done.faults else 0)


# --------------------------------------------------------------------------- the running system


def simulation(_: Arguments) -> Said:
    """Make a record that takes other times than now. Raises NotASimulation if there is a real one."""
    house = open_house(simulation=True)
    house.at(now())
    return Said([f"The record in {house.settings.home} is a simulation: --at is allowed in it."], {"simulation": True})


def rebuild_cards(_: Arguments) -> Said:
    """Bring back every card and schedule."""
    from flows import running

    done = running.rebuild(open_house())
    return Said([f"{done.cards} cards are there, each waiting."], {"cards": done.cards})


def up(arguments: Arguments) -> Said:
    """Run the system on the partnership's own record."""
    from flows import running

    settings = Settings()
    if arguments.port:
        settings = settings.model_copy(update={"prefect_port": arguments.port})
    return Said([], {}, code=running.up(settings))


def demo(arguments: Arguments) -> Said:
    """Run the system on the invented partnership."""
    from flows import demo as story

    return Said([], {}, code=story.run(arguments.home, arguments.port))
