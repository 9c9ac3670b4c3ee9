"""
What a manager meets when opening a card: the steps on offer, what is owed, what stands in the way.

Nothing here decides anything. The forms come from the steps, the dates from the review, the words from both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field, create_model

from safeguarding.dates.counting import Kind
from safeguarding.dates.standing import standing
from safeguarding.dates.working_days import say
from safeguarding.duties.earlier_text import noted
from safeguarding.duties.lateness import demand, without_a_reason
from safeguarding.duties.older_law import carried_in_words
from safeguarding.duties.suspension import left_words, suspended_words
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import steps_of
from safeguarding.notices.owed import due_in_words
from safeguarding.questions.other_count import stretch_lines
from safeguarding.review.as_arranged import as_arranged, signers, track_taken
from safeguarding.review.choices import key_of, label
from safeguarding.review.events import Actor, Attestation
from safeguarding.review.local_questions import asked_form
from safeguarding.review.offered import offered
from safeguarding.review.review import Deferral, Duty, Review
from safeguarding.review.step import Step
from safeguarding.review.words import agency_name, subject_words
from safeguarding.shown import positions
from safeguarding.shown.agency_answers import how_they_stand, requests_of
from safeguarding.shown.decided import last_decided
from safeguarding.shown.escaped import escaped
from safeguarding.shown.linked import on_the_card
from safeguarding.stages import STEPS
from safeguarding.stages.report_sent import ofsted_waits

SIGNATURE = ("signed_by", "attested", "minute_reference")
ATTESTED = ("declared", "minuted", "proved")
LONGEST_LABEL = 400
"""Characters of a signer as the form shows them: the name, then the id."""
NO_REFERENCE = "?"
SHOWN = 8
"""How many duties a card lists; of the law's and guidance's it lists all, and of our own the rest is on the board."""


def steps_on_card(review: Review) -> list[Step]:
    """The steps that the review's card offers now, the way on before the ways out and back."""
    return sorted(steps_of(review, on_card=True), key=lambda step: step.way_out)


def signed_form(step: Step, review: Review | None, rulebook: Rulebook) -> type[BaseModel]:
    """A step's form as it is shown, with the signature: only people who hold a role that may take the step."""
    rulebook = rulebook.for_track(track) if (track := track_taken(step, review)) else rulebook
    step = as_arranged(step, track, rulebook.partnership)
    may = tuple(label(person.id, person.name) for person in signers(step, review, rulebook))
    who: Any = Literal[may] if may else str
    how: Any = Literal[ATTESTED]
    shown = offered(asked_form(step, review.track.value if review else None, rulebook), review, rulebook)
    return create_model(
        step.name,
        __base__=shown,
        __doc__=step.form.__doc__,
        signed_by=(who, Field(title="Signed by", description="Who takes this step. Recorded by name.")),
        attested=(
            how,
            Field(
                default="declared",
                title="How we know",
                description="Declared on this form, minuted in a meeting, or proved (a signed letter is held).",
            ),
        ),
        minute_reference=(
            str,
            Field(
                default="",
                title="Reference of the minute",
                description="Needed if minuted; if proved, the reference of the paper. Such as SP/2026/11, item 4.",
            ),
        ),
    )


def card_forms(review: Review, rulebook: Rulebook) -> dict[str, type[BaseModel]]:
    """Every step that the card offers, with its form to sign."""
    return {step.name: signed_form(step, review, rulebook) for step in steps_on_card(review)}


def unsigned(answer: dict[str, Any]) -> tuple[dict[str, Any], Actor]:
    """A signed answer in two: what was filled in, and who signed it."""
    raw = {key: value for key, value in answer.items() if key not in SIGNATURE}
    signed, attested, minute = (answer.get(name) for name in SIGNATURE)
    actor = Actor(
        person=key_of(signed) if isinstance(signed, str) and len(signed) <= LONGEST_LABEL else "",
        attestation=Attestation(attested) if attested in ATTESTED else Attestation.DECLARED,
        minute=_typed(minute),
    )
    return raw, actor


def _typed(minute: Any) -> str:
    """A reference as it was typed; what is none by its kind or its length is judged as such, and not carried along."""
    if not minute:
        return ""
    return minute if isinstance(minute, str) and len(minute) <= LONGEST_LABEL else NO_REFERENCE


def governing(review: Review, rulebook: Rulebook, today: date) -> Duty | None:
    """
    The date that matters most: the soonest that law or guidance itself sets, or if none runs the soonest of any.

    An aim that has passed is not waited for: it counts only where nothing else runs.
    """
    running = review.running()
    waited_for = [duty for duty in running if not _passed_aim(duty, today, rulebook)]
    return _law_first(waited_for or running, rulebook)


def _law_first(duties: Iterable[Duty], rulebook: Rulebook) -> Duty | None:
    """The soonest that law or guidance sets; if none does, the soonest."""
    return min(duties, key=lambda duty: (not _set_by_law(duty, rulebook), duty.due_on, duty.key), default=None)


def _set_by_law(duty: Duty, rulebook: Rulebook) -> bool:
    """Whether the duty and its length both have a source: a length of our own is a reminder, not the law's date."""
    rule = rulebook.rule(duty.rule)
    return rule.date_is_law


def _passed_aim(duty: Duty, today: date, rulebook: Rulebook) -> bool:
    return duty.due_on < today and rulebook.rule(duty.rule).counts.kind is Kind.AIM


def overdue(review: Review, today: date, rulebook: Rulebook) -> list[Duty]:
    """Everything whose day has passed, the longest ago first; what was only aimed at is never overdue."""
    return [duty for duty in review.running() if duty.due_on < today and not _passed_aim(duty, today, rulebook)]


def card_name(review: Review, today: date, rulebook: Rulebook) -> str:
    """
    The run's name: `CSPR-2026-003 · Rapid review · due Fri 18 Dec · 2 OVERDUE since Mon 7 Dec`. References only.

    What comes next, by law or guidance if any of that does, and since when anything is overdue.
    """
    late = overdue(review, today, rulebook)
    ahead = _law_first((duty for duty in review.running() if duty.due_on >= today), rulebook)
    parts = [f"due {_briefly(ahead.due_on, today)}"] if ahead else []
    if late:
        parts.append(f"{f'{len(late)} ' if len(late) > 1 else ''}OVERDUE since {_briefly(late[0].due_on, today)}")
    elif ahead is None and (passed := review.running()):
        parts.append(f"past the aim of {_briefly(passed[-1].due_on, today)}")
    beside = f" · {review.pseudonym}" if rulebook.partnership.pseudonyms.beside_reference else ""
    return " · ".join((f"{review.reference}{beside}", review.stage_title, *parts))


def _briefly(day: date, today: date) -> str:
    """A day in a name: the year only where it is another."""
    return f"{day:%a} {day.day} {day:%b}{'' if day.year == today.year else f' {day.year}'}"


def worst_standing(review: Review, today: date, rulebook: Rulebook) -> str:
    """`overdue`, `due-soon` or `on-time`: that of whatever stands worst, a passed aim apart."""
    states = {
        standing(duty.due_on, today, rulebook.calendar).state
        for duty in review.running()
        if not _passed_aim(duty, today, rulebook)
    }
    return next((state for state in ("overdue", "due-soon") if state in states), "on-time")


def card_tags(review: Review, today: date, rulebook: Rulebook) -> list[str]:
    """Track, stage, reference and standing: what the unit filters the run list by."""
    return [
        str(review.track.value),
        review.stage.value,
        review.reference,
        worst_standing(review, today, rulebook),
        *(["past-aim"] if any(_passed_aim(duty, today, rulebook) for duty in review.running()) else []),
        *(["suspended"] if review.suspended() else []),
    ]


def description(review: Review, today: date, rulebook: Rulebook, board: str = "") -> str:
    """The card's page in markdown: refused last time, what is owed and by when, what stands in the way, the steps."""
    parts = [f"### {review.reference} · {review.stage_title} · {review.pseudonym}"]
    if review.refusal is not None:
        unmet = "\n".join(f"- {escaped(reason)}" for reason in review.refusal.unmet)
        step = STEPS[review.refusal.step].button if review.refusal.step in STEPS else "a step"
        kept = (
            "Nothing was changed. What was typed on a card or a form is kept sealed for fourteen days, for whoever has "
            f"to answer again: `safeguarding kept {review.reference}`."
        )
        parts.append(f"**Refused last time: {step}**\n\n{unmet}\n\n{kept}")
    parts.append(_owed(review, today, rulebook))
    parts += positions.on_the_card(review, rulebook.partnership)
    waiting = review.waiting_on()
    if waiting:
        names = escaped(", ".join(agency_name(agency, rulebook.partnership) for agency in waiting))
        how = escaped(how_they_stand(requests_of(review, rulebook), today, rulebook.partnership))
        how = f" {how}" if how else ""
        parts.append(f"**In the way:** no return yet from {names}. Record it with *Record a return*.{how}")
    if review.deferrals:
        last = review.deferrals[-1]
        parts.append(f"**Deferral on record** for {last.rule}: {_expected(last)}. The date stands.")
    parts += [f"**Ran on another text:** {escaped(line)}" for line in noted(review, rulebook)]
    parts += [f"**{escaped(line)}**" for line in carried_in_words(review)[:1]]
    parts += on_the_card(review)
    parts += [f"**{words}.** *Record the report as sent*." for words in [ofsted_waits(review)] if words]
    for duty in without_a_reason(review, today):
        parts.append(f"**Reason owed:** {escaped(demand(duty, rulebook))}. *Give the reason for a missed date.*")
    if why := last_decided(review):
        parts.append("**Last decided:** " + " ".join(escaped(line) for line in why))
    buttons = " or ".join(f"**{step.button}**" for step in steps_on_card(review))
    parts.append(f"The review is at *{review.state.words}*. What happens now: {buttons}?")
    if board:
        parts.append(f"[Deadline board]({board})")
    return "\n\n".join(parts)


def _expected(last: Deferral) -> str:
    return f"now expected {say(last.expected_on)}" if last.expected_on else "until an event whose day is not known"


def _owed(review: Review, today: date, rulebook: Rulebook) -> str:
    running, suspended = review.running(), review.suspended()
    if not running and not suspended:
        return "Nothing is owed at the moment."
    lines = ["| What is owed | Due | Standing | Day set by |", "| --- | --- | --- | --- |"]
    cautions: dict[str, None] = {}
    shown = _shown(running, rulebook)
    for duty in shown:
        rule = rulebook.rule(duty.rule)
        words = standing(duty.due_on, today, rulebook.calendar, kind=rule.counts.kind).words
        words = words.upper() if words.startswith("overdue") else words
        subject = f": {escaped(subject_name(duty, rulebook))}" if duty.subject else ""
        caution = rule.edition_of(duty.edition, duty.anchored_on).caution if rule.statutory else ""
        if caution:
            cautions[escaped(f"{rule.id}: {caution}")] = None
        mark = " †" if caution else ""
        due = due_in_words(duty, rule, rulebook.calendar)
        lines.append(f"| {escaped(rule.title)}{subject} ({_short(rule.id)}){mark} | {due} | {words} | {_whose(rule)} |")
    if len(running) > len(shown):
        lines.append(f"| and {len(running) - len(shown)} more of our own, on the deadline board | | | |")
    for duty in suspended:
        subject = f": {escaped(subject_name(duty, rulebook))}" if duty.subject else ""
        stop = duty.stops[-1]
        words = f"{escaped(suspended_words(stop))}; {left_words(stop)}"
        what = f"{escaped(rulebook.rule(duty.rule).title)}{subject} ({_short(duty.rule)})"
        lines.append(f"| {what} | not counted | {words} | ourselves |")
    note = f"\n\n*† {'; '.join(cautions)}.*" if cautions else ""
    stretch = "".join(f"\n\n*{escaped(line.words)}*" for line in stretch_lines(review, rulebook))
    return "\n".join(lines) + note + stretch


def _shown(running: Sequence[Duty], rulebook: Rulebook) -> list[Duty]:
    """The duties that the card lists: each whose day is law's or guidance's, then the soonest of our own."""
    of_law = [duty for duty in running if _set_by_law(duty, rulebook)]
    ours = [duty for duty in running if not _set_by_law(duty, rulebook)]
    return [*of_law, *ours[: max(SHOWN - len(of_law), 0)]]


def _whose(rule: Rule) -> str:
    """Who sets the day: a level of law or guidance, or the partnership itself."""
    return rule.number_level.words if rule.date_is_law else "ourselves"


def _short(rule_id: str) -> str:
    return "local" if rule_id.startswith("local.") else rule_id


def subject_name(duty: Duty, rulebook: Rulebook) -> str:
    """The agency or action that a duty is about, in words."""
    return subject_words(duty.subject, rulebook.partnership)
