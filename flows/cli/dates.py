"""
Commands about the dates of a review: how one was worked out, what if, and counting them again.
"""

from __future__ import annotations

import argparse
import re
from datetime import date
from typing import Any

from flows.cli import law, said
from flows.cli.said import Arguments, Said
from safeguarding.dates.london import london_date, now
from safeguarding.errors import SafeguardingError
from safeguarding.questions.explain_date import explain_duty
from safeguarding.questions.supposed import Supposed
from safeguarding.review.events import Actor
from tasks.record import recount
from tasks.record.installation import Installation, open_installation
from tasks.record.recount import Preview
from tasks.record.what_if import suppose

A_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")


class ReasonNeeded(SafeguardingError):
    """Dates are moved only with a reason and by a person."""

    code = "reason-needed"

    def __init__(self) -> None:
        super().__init__("To accept, say why and who: --accept --reason 'the extra bank holiday' --as PERSON.")


# --------------------------------------------------------------------------- explain


def explain(arguments: Arguments) -> Said:
    """A date explained: `explain RULE DATE` by the rulebook alone, or `explain REFERENCE DUTY` of a review."""
    if A_DATE.match(arguments.duty):
        arguments.rule, arguments.date = arguments.what, date.fromisoformat(arguments.duty)
        return law.explain(arguments)
    installation = open_installation(now())
    records, today = installation.records, london_date(installation.at(arguments.at, now()))
    review = records.read(arguments.what)
    found = explain_duty(
        review, records.events(review.reference), arguments.duty, installation.rulebook, today, arguments.of
    )
    words: list[str] = []
    for made in found:
        words += [*([""] if words else []), *made.words]
    return Said(words, [made.model_dump(mode="json") for made in found])


def a_rule_date_or_duty(text: str) -> str:
    """A day as ISO, or the name of a duty; a day that no calendar has is neither."""
    if A_DATE.match(text):
        try:
            date.fromisoformat(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"'{text}' is not a date such as 2026-12-18") from None
    return text


# --------------------------------------------------------------------------- what if


def a_supposition(text: str) -> Supposed:
    """`notification_sent=2026-12-17`, or `agency_returned:police=2026-12-17` for one agency or action."""
    name, _, day = text.partition("=")
    event, _, subject = name.strip().partition(":")
    try:
        return Supposed(event=event.strip(), subject=subject.strip(), on=date.fromisoformat(day.strip()))
    except ValueError:
        words = f"'{text}' is not an event and its day, such as notification_sent=2026-12-17"
        raise argparse.ArgumentTypeError(words) from None


def what_if_command(arguments: Arguments) -> Said:
    """Every date of a review if things happened on other days, beside today's. Nothing is written."""
    installation = open_installation(now())
    found = suppose(
        installation, arguments.reference, arguments.event, london_date(installation.at(arguments.at, now()))
    )
    return Said(list(found.words), found.model_dump(mode="json"))


# --------------------------------------------------------------------------- count again


def recompute(arguments: Arguments) -> Said:
    """What would move under the bank holidays and numbers now loaded; moved only if accepted, with a reason."""
    return counted_again(open_installation(now()), arguments)


def counted_again(installation: Installation, arguments: Arguments) -> Said:
    """The same on a record that is open, under its rulebook. Raises ReasonNeeded."""
    seen = recount.preview(installation.records, [arguments.reference] if arguments.reference else None)
    data: dict[str, Any] = {
        "calendar": installation.rulebook.calendar.digest,
        "moves": [move.model_dump(mode="json") for move in seen.moves],
        "cannot_be_counted": [fault.model_dump(mode="json") for fault in seen.faults],
        "accepted": [],
        "refused": [],
    }
    words = [*_moves(seen), *(f"Cannot be counted: {f.reference} {f.rule}: {f.why}" for f in seen.faults)]
    if not arguments.accept:
        if seen.moves:
            words.append("Nothing was changed. To accept: --accept --reason TEXT --as PERSON.")
        return Said(words, data)
    if not arguments.reason or not arguments.person:
        raise ReasonNeeded
    actor = Actor(person=arguments.person)
    done = recount.accept(installation.records, seen, arguments.reason, actor, installation.at(arguments.at, now()))
    data["accepted"] = [step.review.reference for step in done.steps]
    data["refused"] = [str(error) for error in done.refused]
    notices = sum(len(step.notices) for step in done.steps)
    words.append(f"Accepted: {len(done.steps)} reviews, {notices} notices written. The old dates stay in the record.")
    for step in done.steps:
        words += [f"{step.review.reference}: {line}" for line in said.told_at_once(step, installation.rulebook)]
    words += [str(error) for error in done.refused]
    return Said(words, data, code=1 if done.refused else 0)


def _moves(seen: Preview) -> list[str]:
    if not seen.moves:
        return ["No running date would move."]
    count = len(seen.versions)
    return [
        f"{len(seen.moves)} running dates of {count} review{'' if count == 1 else 's'} would move:",
        *(f"  {move.words}" for move in seen.moves),
    ]
