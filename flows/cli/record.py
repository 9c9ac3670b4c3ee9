"""
Commands about the record: open a review, take a step, read it back.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from cyclopts import Parameter

from flows.cli.approving import read_first
from flows.cli.form_file import SignedAnswers
from flows.cli.place import Here
from flows.cli.said import Said, told_at_once
from safeguarding.dates.london import london_date, now, say_moment_briefly
from safeguarding.dates.standing import standing
from safeguarding.dates.working_days import say
from safeguarding.duties.earlier_text import noted
from safeguarding.duties.older_law import carried_in_words
from safeguarding.duties.retention import is_erased
from safeguarding.duties.suspension import left_words, suspended_words
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import steps_of
from safeguarding.notices.owed import due_in_words
from safeguarding.review.as_arranged import as_arranged, track_taken
from safeguarding.review.impact import awaits_another
from safeguarding.review.local_questions import asked_form, besides_words, other_words
from safeguarding.review.review import Review
from safeguarding.review.wordings import to_approve
from safeguarding.shown import card
from safeguarding.shown.history.told import history
from safeguarding.shown.linked import linked
from safeguarding.shown.publication import in_the_way
from safeguarding.stages import STEPS
from safeguarding.stages.beside.action_impact import CHECK_ACTION_IMPACT
from tasks.record.installation import Installation
from tasks.record.reading import read_at_the_machine
from tasks.record.records import Taken

# --------------------------------------------------------------------------- steps


def open_review(signed: SignedAnswers, *, here: Here) -> Said:
    """
    Open a referral.

    ```
    safeguarding open --form docs/forms/referral.yaml --as alex_example --demo
    ```
    """
    installation = here.installation(make=True)
    with signed.lines_named("open_referral", installation.rulebook):
        taken = installation.records.open(signed.answers, signed.actor, installation.at(signed.at, now()))
    return _taken(taken, installation)


def carry_in(signed: SignedAnswers, *, here: Here) -> Said:
    """
    Carry in a review that began before this record, also under older law, at the stage where it stands.

    ```
    safeguarding carry-in --form docs/forms/carried_in.yaml --as alex_example --demo
    ```
    """
    installation = here.installation(make=True)
    with signed.lines_named("carry_in", installation.rulebook):
        moment = installation.at(signed.at, now())
        taken = installation.records.open(signed.answers, signed.actor, moment, by="carry_in")
    return _taken(taken, installation)


def do(
    reference: str,
    step: str,
    /,
    signed: SignedAnswers,
    *,
    version: Annotated[int | None, Parameter(metavar="NUMBER")] = None,
    here: Here,
) -> Said:
    """
    Take a step of a review. Words that it approves are shown first, at a terminal, and noted as read.

    ```
    safeguarding do CSPR-2026-007 record_meeting --form docs/forms/meeting.yaml --as alex_example --demo
    ```

    Parameters
    ----------
    reference
        The review.
    step
        Such as conclude_rapid_review; `safeguarding next REFERENCE` lists them.
    version
        The version of the review you looked at.
    """
    installation = here.installation()
    raw, moment = signed.answers, installation.at(signed.at, now())
    with signed.lines_named(step, installation.rulebook):
        if step in STEPS and STEPS[step].reads_first:
            read_first(reference, step, signed, moment, installation, here)
        taken = installation.records.attempt(reference, step, raw, signed.actor, moment, version)
    return _taken(taken, installation)


def _taken(step: Taken, installation: Installation) -> Said:
    review = step.review
    awaited = awaits_another(review) if step.event.kind == CHECK_ACTION_IMPACT.kind else ()
    words = [
        f"{review.reference} ({review.pseudonym}): {step.event.title}. Now at {review.stage_title}, "
        f"'{review.state.words}', version {review.version}.",
        *_owed(review, installation.rulebook, london_date(step.event.at)),
        f"{step.notices} notices written.",
        *(f"No change was seen of {one.id}: add the action that follows it (add_action)." for one in awaited),
        *told_at_once(step, installation.rulebook),
    ]
    return Said(words, _as_data(review))


def _owed(review: Review, rulebook: Rulebook, today: date) -> list[str]:
    lines = []
    for duty in review.running():
        subject = f" ({card.subject_name(duty, rulebook)})" if duty.subject else ""
        rule = rulebook.rule(duty.rule)
        words = standing(duty.due_on, today, rulebook.calendar, kind=rule.counts.kind).words
        lines.append(f"  {duty.rule}: {rule.title}{subject}: {due_in_words(duty, rule, rulebook.calendar)}, {words}")
    for duty in review.suspended():
        subject = f" ({card.subject_name(duty, rulebook)})" if duty.subject else ""
        held = f"{suspended_words(duty.stops[-1])}, {left_words(duty.stops[-1])}"
        lines.append(f"  {duty.rule}: {rulebook.rule(duty.rule).title}{subject}: {held}")
    return lines


def _as_data(review: Review) -> dict[str, Any]:
    data = review.model_dump(mode="json", exclude={"marks", "facts"})
    return data | {"stage": review.stage.value, "open": review.open}


# --------------------------------------------------------------------------- reading


def what_next(reference: str, /, *, step: str | None = None, here: Here) -> Said:
    """
    The steps a review permits now, and the questions of each.

    ```
    safeguarding next SAR-2026-001 --demo
    safeguarding next CSPR-2026-007 --step record_meeting --demo
    ```

    Parameters
    ----------
    reference
        The review.
    step
        The questions of one step, as JSON schema with --json.
    """
    installation = here.installation()
    review = installation.records.read(reference)
    taken = [known for known in STEPS.values() if known.name == step] if step else steps_of(review)
    steps = [as_arranged(each, track_taken(each, review), installation.rulebook.partnership) for each in taken]
    data = {each.name: card.signed_form(each, review, installation.rulebook).model_json_schema() for each in steps}
    words = [f"{review.reference} is at '{review.state.words}'."]
    words += ["Its text was erased: nothing more can be written about it."] if is_erased(review) else []
    words += [] if step else in_the_way(review, installation.rulebook, now())
    waiting = ", ".join(one.id for one in to_approve(review.wordings))
    words += [f"To be approved by somebody who did not write it: {waiting}."] if waiting and steps else []
    for each in steps:
        roles = ", ".join(sorted(role.replace("_", " ") for role in each.by))
        words.append(f"  {each.name}: {each.button} (by: {roles})")
        if step:
            asked = asked_form(each, review.track.value, installation.rulebook)
            words += [f"      {name}: {field.title}" for name, field in asked.model_fields.items()]
    return Said(words, data)


def show(reference: str, /, *, unseal: bool = False, here: Here) -> Said:
    """
    A review: where it stands, what is owed, its history.

    ```
    safeguarding show SAR-2026-001 --demo
    ```

    Parameters
    ----------
    reference
        The review.
    unseal
        With the sealed text of every line. That it was read is noted.
    """
    installation = here.installation()
    review = installation.records.read(reference)
    if unseal:
        sealed = [(event.sequence, name) for event in installation.records.events(reference) for name in event.sealed]
        read_at_the_machine(installation.records, reference, "the review, whole", sealed, now())
    events = installation.records.events(reference, unseal=unseal)
    words = [
        f"{review.reference} · {review.stage_title} · {review.pseudonym} · '{review.state.words}'",
        "Owed:" if review.live() else "Nothing is owed.",
        *_owed(review, installation.rulebook, london_date(now())),
        *carried_in_words(review),
        *noted(review, installation.rulebook),
        *(f"Linked: {one.words}." for one in linked(review)),
        "History:",
    ]
    for event, line in zip(events, history(review, events, installation.rulebook), strict=True):
        words.append(f"  {line.sequence:3} {say_moment_briefly(line.at)} {line.who}: {line.sentence}")
        words += [f"        {further}" for further in (*line.further, *line.checked)]
        words += [f"        {besides}" for besides in besides_words(event.facts, event.sealed)]
        words += [f"        {name}: {text}" for name, text in other_words(event.facts, event.sealed).items()]
    data = _as_data(review) | {"events": [event.model_dump(mode="json") for event in events]}
    return Said(words, data)


def kept(reference: str, /, *, here: Here) -> Said:
    """
    What was typed on forms that were refused after they were sent, so that nobody types it twice.

    ```
    safeguarding kept CSPR-2026-007 --demo
    ```

    Parameters
    ----------
    reference
        The review.
    """
    records = here.installation().records
    found = records.kept(reference, now())
    texts = [(one.sequence, "answers that were refused") for one in found]
    read_at_the_machine(records, reference, "answers that were refused", texts, now())
    words = []
    for one in found:
        words.append(f"{one.step} (line {one.sequence}), kept until {say(london_date(one.forget_at))}:")
        words += [f"  {name}: {value}" for name, value in one.answers.items()]
    data = [
        {"step": one.step, "line": one.sequence, "answers": one.answers, "kept_until": one.forget_at} for one in found
    ]
    return Said(words or [f"Nothing is kept of {reference}: no form of it was refused lately."], data)


def list_reviews(*, only_open: Annotated[bool, Parameter(name="--open")] = False, here: Here) -> Said:
    """
    Every review.

    ```
    safeguarding list --open --demo
    ```

    Parameters
    ----------
    only_open
        Only those not closed.
    """
    rows = here.installation().records.list(open_only=only_open)
    words = [f"{row.reference}  {row.stage_title:18} {row.state.words:28} {row.pseudonym}" for row in rows]
    data = [{"reference": r.reference, "stage": r.stage, "state": r.state, "pseudonym": r.pseudonym} for r in rows]
    return Said(words or ["No review has been opened yet."], data)
