"""
Commands about the dates of a review: how one was worked out, what if, and counting them again.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flows.cli import said
from flows.cli.place import Here, Place
from flows.cli.said import Said
from flows.cli.typed import A_DATE, ActingPerson, At, DateOrDuty, Suppositions
from safeguarding.dates.london import london_date, now, read_day
from safeguarding.errors import SafeguardingError
from safeguarding.questions.explain_rule import describe_due
from safeguarding.review.events import Actor

if TYPE_CHECKING:
    from tasks.record.installation import Installation
    from tasks.record.recount import Preview


class ReasonNeeded(SafeguardingError):
    """Dates are moved only with a reason and by a person."""

    code = "reason-needed"

    def __init__(self) -> None:
        super().__init__("To accept, say why and who: --accept --reason 'the extra bank holiday' --as PERSON.")


# --------------------------------------------------------------------------- explain


def explain(
    rule_or_reference: str, date_or_duty: DateOrDuty, /, *, of: str | None = None, at: At = None, here: Here
) -> Said:
    """
    How a day is worked out, each day counted or skipped.

    ```
    safeguarding explain C05 2026-12-10
    safeguarding explain CSPR-2026-007 C05 --demo
    ```

    Parameters
    ----------
    rule_or_reference
        A rule with a date, or a review with one of its duties.
    date_or_duty
        The anchor's date (the publication date for a backward rule), or the duty's id or name.
    of
        Of which agency or action, where a duty is owed by several.
    """
    if A_DATE.match(date_or_duty):
        answer = describe_due(rule_or_reference, read_day(date_or_duty), here.rulebook)
        return Said(list(answer.words), answer.model_dump(mode="json"))
    from safeguarding.questions.explain_date import explain_duty

    installation = here.installation()
    records, today = installation.records, london_date(installation.at(at, now()))
    review = records.read(rule_or_reference)
    found = explain_duty(review, records.events(review.reference), date_or_duty, installation.rulebook, today, of)
    words: list[str] = []
    for made in found:
        words += [*([""] if words else []), *made.words]
    return Said(words, [made.model_dump(mode="json") for made in found])


# --------------------------------------------------------------------------- what if


def what_if(reference: str, /, *, event: Suppositions, at: At = None, here: Here) -> Said:
    """
    Every date of a review if; nothing is written.

    ```
    safeguarding what-if CSPR-2026-008 --event notification_sent=2026-12-17 --demo
    ```

    Parameters
    ----------
    reference
        The review.
    event
        Such as notification_sent=2026-12-17; EVENT:AGENCY=DATE for one agency; as often as needed.
    """
    from tasks.record.what_if import suppose

    installation = here.installation()
    found = suppose(installation, reference, event, london_date(installation.at(at, now())))
    return Said(list(found.words), found.model_dump(mode="json"))


# --------------------------------------------------------------------------- count again


def recompute(
    reference: str | None = None,
    /,
    *,
    accept: bool = False,
    reason: str | None = None,
    person: ActingPerson | None = None,
    at: At = None,
    here: Here,
) -> Said:
    """
    Which running dates would move under the bank holidays now loaded.

    ```
    safeguarding recompute --demo
    ```

    Parameters
    ----------
    reference
        Of one review; of all open ones unless given.
    accept
        Move them: the old dates stay, each owner is told.
    reason
        Why, in words that are sealed in the record.
    person
        Who accepts: the business manager's id.
    """
    return counted_again(here.installation(), reference, accept=accept, reason=reason, person=person, at=at, here=here)


def counted_again(
    installation: Installation,
    reference: str | None = None,
    *,
    accept: bool = False,
    reason: str | None = None,
    person: str | None = None,
    at: datetime | None = None,
    here: Place,
) -> Said:
    """The same on a record that is open, under its rulebook. Raises ReasonNeeded."""
    from tasks.record import recount

    with here.waiting("Counting the dates of every open review again"):
        seen = recount.preview(installation.records, [reference] if reference else None)
    data: dict[str, Any] = {
        "calendar": installation.rulebook.calendar.digest,
        "moves": [move.model_dump(mode="json") for move in seen.moves],
        "cannot_be_counted": [fault.model_dump(mode="json") for fault in seen.faults],
        "accepted": [],
        "refused": [],
    }
    words = [*_moves(seen), *(f"Cannot be counted: {f.reference} {f.rule}: {f.why}" for f in seen.faults)]
    if not accept:
        if seen.moves:
            words.append("Nothing was changed. To accept: --accept --reason TEXT --as PERSON.")
        return Said(words, data)
    if not reason or not person:
        raise ReasonNeeded
    with here.waiting("Moving the dates, review by review"):
        actor = Actor(person=person)
        done = recount.accept(installation.records, seen, reason, actor, installation.at(at, now()))
    data["accepted"] = [step.review.reference for step in done.steps]
    data["refused"] = [str(error) for error in done.refused]
    notices = sum(step.notices for step in done.steps)
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
