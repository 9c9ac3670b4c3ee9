"""
What the pages of a form show: the questions with what is wrong, the check of the answers, and what was recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pages.can_be_done import WhatNow
from pages.forms.answered import AnswerShown, answered
from pages.forms.beside import PROPOSED, beside_of
from pages.forms.completed import is_written, one_reason
from pages.forms.days import of_what_happened
from pages.forms.known import inferred_from, known_answers
from pages.forms.presses import days_asked, may_be_alike, one_day_asked, says_something
from pages.forms.question import FormQuestion
from pages.forms.sections import Section
from pages.forms.typed import answers_of
from pages.forms.work import NOT_SAID, FormAtWork
from pages.settling import another_for
from safeguarding.law.guidance import guidance_words
from safeguarding.law.own_document import OwnDocument, documents_for
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.answers import Wrong
from safeguarding.review.events import REFUSED, Event
from safeguarding.review.fold import fold
from safeguarding.review.review import Review
from safeguarding.review.states import Stage
from safeguarding.shown.history.told import told
from safeguarding.shown.what_follows import what_follows
from safeguarding.shown.what_may_follow import what_may_follow
from safeguarding.shown.where_it_stands import where_it_stands
from safeguarding.stages.positions import SIGN_POSITION
from tasks.record.foreseen import Foreseen

NOWHERE = "#form"
"""Where the summary of errors leads for what lies at no question of its own."""


def back_of(work: FormAtWork) -> str:
    """The page that a form was opened from."""
    return f"/reviews/{work.review.reference}" if work.review is not None else "/"


def _common(work: FormAtWork) -> dict[str, Any]:
    return {
        "work": work,
        "review": work.review,
        "button": work.step.button,
        "back": back_of(work),
        "back_words": f"{work.review.reference} · {work.review.pseudonym}" if work.review else "What needs me",
        "changes": changes_of(work),
        "in_vain": [(row.title, _lines_of(row, work)) for row in work.typed_in_vain()],
    }


def _lines_of(row: FormQuestion, work: FormAtWork) -> list[str]:
    """What was typed in a row, question by question."""
    inner = [replace(one, needed=False) for one in row.inner]
    return [f"{one.title}: {', '.join(one.words)}" for one in answered(inner, work.typed, 0)]


def form_page(work: FormAtWork, section: Section, wrong: Sequence[Wrong], today: date) -> dict[str, Any]:
    """What one page of a form shows."""
    errors: dict[str, str] = {}
    summary = []
    for one in wrong:
        at = "-".join(map(str, one.path))
        words = _at_its_box(one)
        errors[at] = f"{errors[at]}; {words}" if at in errors else words
        summary.append((f"#{work.place(one)[1] or 'form'}", one.words))
    happened = frozenset(one.id for one in of_what_happened(section.questions, work.step))
    beside = beside_of(work.review, work.events, work.rulebook, today) if work.review is not None else []
    return {
        **_common(work),
        "section": section,
        "questions": [_as_answered_before(work, _with_today(work, one, happened, today)) for one in section.questions],
        "signing": work.signing.questions() if section is work.last else (),
        "typed": work.typed,
        "one_reason": one_reason(section),
        "last_limb": next((one.id for one in reversed(section.questions) if one.is_limb), ""),
        "todays": [one.title for one in days_asked(work, section)],
        "was_today": one_day_asked(work, section),
        "errors": errors,
        "summary": list(dict.fromkeys(summary)),
        "beside": beside,
        "alike": may_be_alike(work),
        "again": False,
        "beside_it": "",
        "newer": "",
        "after": work.written_by.get(str(section.number), ""),
        "does": what_may_follow(work.step, work.review, work.rulebook) if work.at_once else None,
        "purpose": _purpose(work),
        "documents": _documents(work),
        "says": (work.step.form.__doc__ or "").strip().split("\n\n")[0],
    }


def _purpose(work: FormAtWork) -> str:
    """What the stage is for at which the review stands, at the forms that lead on; empty at those beside them."""
    if work.review is None or not work.step.on_card:
        return ""
    own = work.rulebook.partnership.guidance
    return guidance_words(work.review.track.value, work.review.stage.value, own)


def _documents(work: FormAtWork) -> tuple[OwnDocument, ...]:
    """The partnership's own documents for the stage, at the forms that lead on and where a review is opened."""
    own = work.rulebook.partnership.documents
    if work.review is None:
        return documents_for(work.of_track or work.typed.one("track"), {Stage.REFERRAL.value}, own)
    return documents_for(work.review.track.value, {work.review.stage.value}, own) if work.step.on_card else ()


def _with_today(work: FormAtWork, question: FormQuestion, happened: frozenset[str], today: date) -> FormQuestion:
    """A question with the button «Today» where it is empty; where today was filled in beforehand, it says so."""
    if question.kind == "group":
        return replace(question, inner=tuple(_with_today(work, one, happened, today) for one in question.inner))
    if question.id not in happened:
        return question
    read, unreadable = answers_of((question,), work.typed)
    day = next(iter(read.values()), "")
    if not day or day not in work.filled:
        return replace(question, today=not day and not unreadable)
    when = "today" if day == today.isoformat() else "the day on which you began this form"
    return replace(question, help=f"{question.help} Filled in with {when}: change it if it was another day.".strip())


def _as_answered_before(work: FormAtWork, question: FormQuestion) -> FormQuestion:
    """A criterion that an earlier step has answered says so, as long as that answer stands in it."""
    known = known_answers(work.step, work.review, work.rulebook).get(question.id) if question.is_limb else None
    if not known or work.typed.one(question.inner[0].id) != known.get("answer"):
        return question
    answer, why = question.inner
    incident = inferred_from(question.id, work.review) if work.step.name == "decide_notification" else ""
    said = INFERRED.format(incident) if incident else AS_BEFORE
    return replace(question, inner=(replace(answer, help=f"{answer.help} {said}".strip()), why))


AS_BEFORE = "Filled in as the assessment before has it: change it if you find otherwise."
INFERRED = "Taken from the assessment before, «The child: {}»: change it if you find otherwise."


def _at_its_box(wrong: Wrong) -> str:
    """What is wrong as it stands under the question itself, whose words need not be said again there."""
    return next((said for said in SAID_AGAIN if wrong.words.casefold().endswith(said.casefold())), wrong.words)


SAID_AGAIN = tuple(said.capitalize() for said in NOT_SAID.values())


def check_page(
    work: FormAtWork,
    foreseen: Foreseen,
    wrong: Sequence[Wrong],
    refused: Sequence[str],
    unstanding: Sequence[str] = (),
) -> dict[str, Any]:
    """
    Every answer; what stands in the way, each with the way to its question; or what follows.

    `refused` is why it was refused when it was sent: shown only while nothing else says why. `unstanding` is why the
    proposed decision that all have answered then does not stand.
    """
    placed = {one.words: work.place(one) for one in wrong}
    said = (one.words for one in wrong) if wrong else foreseen.unmet or (() if work.moved_on else refused)
    words = list(dict.fromkeys(said))
    summary = [(_leads(work, placed.get(one, (0, ""))), one) for one in words]
    follows = None
    if not words and foreseen.events:
        follows = what_follows(foreseen.events, foreseen.before, work.rulebook)
    return {
        **_common(work),
        "errors": {str(number): one for number, (_, one) in enumerate(summary)},
        "summary": summary,
        "sections": [(one, [*_answered(work, one), *_unused(work, one)]) for one in work.sections],
        "signed": work.signing.words(work.typed),
        "may_send": not wrong and not foreseen.unmet,
        "follows": follows,
        "unstanding": unstanding if follows is not None else (),
        "proposed": proposed_outcome(work),
        "seen": work.review.changed if work.review is not None else "",
    }


def _answered(work: FormAtWork, section: Section) -> list[AnswerShown]:
    return answered(_sent(work, section), work.typed, section.number)


def _unused(work: FormAtWork, section: Section) -> list[AnswerShown]:
    """The one reason for several questions, where each has one of its own and none has taken it."""
    left = [(box, said) for box in one_reason(section) if (said := work.typed.one(box.id).strip())]
    words = "Not sent: every question has a reason of its own."
    return [
        AnswerShown(box.title, [said, words], section.number, box.anchor)
        for box, said in left
        if not is_written(section, work.typed, said)
    ]


def _sent(work: FormAtWork, section: Section) -> list[FormQuestion]:
    """The questions of a page, without the rows that were left as they stood and are not sent."""
    return [one for one in section.questions if not work.rows or says_something(work, one)]


def proposed_outcome(work: FormAtWork) -> str:
    """What is proposed, where this is the form of a position on it."""
    if not work.step.own_sign_in or work.review is None or work.review.proposal is None:
        return ""
    return outcome_proposed(work.events)


def outcome_proposed(events: Sequence[Event]) -> str:
    """The outcome that was proposed last in these lines."""
    return next((str(one.facts.get("outcome", "")) for one in reversed(events) if one.kind == PROPOSED), "")


def _leads(work: FormAtWork, place: tuple[int, str]) -> str:
    number, anchor = place
    return f"{work.at}/{number}#{anchor}" if number else NOWHERE


def changes_of(work: FormAtWork) -> list[str]:
    """What others recorded while this form was open, in sentences."""
    if work.review is None or not work.moved_on:
        return []
    later = {line.sequence for line in work.review.since(work.made_on or 0)}
    found = (told(event, work.review, work.rulebook) for event in work.events if event.sequence in later)
    return [f"{one.sentence} ({one.who})" for one in found]


def recorded_of(work: FormAtWork, first: int, last: int) -> list[str]:
    """What somebody recorded of several at once before the others were refused, in sentences."""
    if work.review is None or not first:
        return []
    lines = (line for line in work.events[first - 1 : last] if line.kind == work.step.kind)
    mine = (line for line in lines if work.person.id in (line.actor.person, line.actor.entered_by))
    return [told(line, work.review, work.rulebook).sentence for line in mine]


def recorded(
    review: Review, events: Sequence[Event], first: int, rulebook: Rulebook, now: WhatNow, today: date
) -> dict[str, Any]:
    """What the lines from the `first` to the last of these recorded, and what comes next."""
    before = fold(events[: first - 1]) if first > 1 else None
    after, new = fold(events), events[first - 1 :]
    lines = [told(event, after, rulebook) for event in new]
    return {
        "lines": lines,
        "further": [words for line in lines for words in line.further if not words.startswith("Met: ")],
        "follows": what_follows(new, before, rulebook),
        "stands": where_it_stands(review, rulebook, today),
        "now": now,
        "another": another_for(review, now),
        "proposed": outcome_proposed(events[:first]) if new[0].kind == SIGN_POSITION.kind else "",
        "refused": new[-1].kind == REFUSED,
    }
