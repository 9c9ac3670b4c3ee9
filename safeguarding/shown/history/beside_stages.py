"""
What is said of what happens beside the stages, and of keeping and erasing the sealed text.
"""

from __future__ import annotations

from collections.abc import Mapping

from safeguarding.law.milestones import MILESTONES
from safeguarding.review.events import AgencyAnswered
from safeguarding.review.quality_markers import LISTS
from safeguarding.review.words import tells_of_own_life
from safeguarding.shown.history.line import LineRead, Sentence, joined, only_the_day, said_if, spoken
from safeguarding.stages import STEPS

PURPOSES = {
    "information": "what it knows",
    "report": "a report",
    "accuracy": "a check of the draft for accuracy",
}
ANSWERS = {
    "returned": "answered with",
    "nil return": "has nothing to say on",
    "refused": "refused",
    "excused": "was gone on without, for",
}


def _asked(line: LineRead) -> str:
    purpose = PURPOSES.get(line.given("purpose"), line.given("purpose")).replace("it knows", "they know")
    return f"Asked{line.day('asked_on')} for {purpose}: {line.names('agencies')}"


def _returned(line: LineRead) -> str:
    what = PURPOSES.get(line.given("purpose"), line.given("purpose"))
    how = ANSWERS.get(line.given("outcome"), line.given("outcome"))
    returned = f"{line.name(str(line.facts.get('agency', '')))} {how} {what}{line.day('on')}"
    told = {entry.daily_life for entry in line.event.entries if isinstance(entry, AgencyAnswered)}
    return spoken(returned, *(tells_of_own_life(one, line.track) for one in told))


def _acknowledged(line: LineRead) -> str:
    what = PURPOSES.get(line.given("purpose"), line.given("purpose"))
    return f"{line.name(str(line.facts.get('agency', '')))} acknowledged{line.day('on')} being asked for {what}"


def _information_requested(line: LineRead) -> str:
    by = said_if(line.facts.get("answer_by"), f", to be answered{line.day('answer_by', 'by ')}")
    return f"Information was asked for{line.day('asked_on')} ({line.given('under')}){by}"


def _information_ended(line: LineRead) -> str:
    return f"Request {line.facts.get('request', '')} for information: {line.given('outcome')}{line.day('on')}"


def _coroner_reported(line: LineRead) -> str:
    to = said_if(line.given("made_to"), f", to {line.given('made_to')}")
    sent = f"The coroner's report {line.facts.get('report', '')} to prevent other deaths was sent{line.day('sent_on')}"
    return f"{sent}{to}, and received{line.day('received_on')}"


def _coroner_extended(line: LineRead) -> str:
    which = line.facts.get("report", "")
    return (
        f"The coroner gave until{line.day('until', '')} for the reply to {which}, as written{line.day('extended_on')}"
    )


def _coroner_answered(line: LineRead) -> str:
    reply = f"The reply to the coroner's report {line.facts.get('report', '')}"
    return f"{reply} went{line.day('on')}: {line.given('content')}"


def _reason_given(line: LineRead) -> str:
    to = said_if(line.facts.get("sent_to"), f", sent to the {joined(line.facts.get('sent_to') or ())}")
    return f"Why {line.rule()} was missed was said{line.day('given_on')}: {line.given('ground')}{to}"


def _deferral(line: LineRead) -> str:
    expected = said_if(line.facts.get("expected_on"), f", expected{line.day('expected_on')}")
    to = said_if(
        line.facts.get("sent_to"), f"; sent to the {joined(line.facts.get('sent_to') or ())}{line.day('sent_on')}"
    )
    return f"{line.rule()} is or will be late: {line.given('ground')}{expected}{to}"


def _meeting(line: LineRead) -> str:
    return f"A meeting was held{line.day('on')}: {line.given('meeting')}"


def _done(line: LineRead) -> str:
    what = line.given("what")
    return f"{what[:1].upper()}{what[1:]}{line.day('on')}"


def _milestone(line: LineRead) -> str:
    words = line.given("words") or line.given("milestone")
    return f"{words[:1].upper()}{words[1:]}{line.day('on')}"


def _corrected(line: LineRead) -> str:
    given = str(line.facts.get("what", ""))
    what = MILESTONES.get(given, given.replace("_", " "))
    about = line.facts.get("agency_or_action")
    whose = f" ({line.name(str(about))})" if about else ""
    was = said_if(line.facts.get("was"), f", and not{line.day('was')}")
    return f"A day was put right: {what}{whose}{line.day('correct_on')}{was}"


def _taken_back(line: LineRead) -> str:
    lines = line.facts.get("lines") or [line.facts.get("line", "")]
    which = joined(str(one) for one in lines)
    return f"Taken back: {'line' if len(lines) == 1 else 'lines'} {which}, recorded by mistake"


def _suspended(line: LineRead) -> str:
    by = said_if(line.given("asked_by"), f", asked for by {line.name(str(line.facts.get('asked_by')))}")
    again = said_if(line.facts.get("look_again_on"), f"; to be looked at again{line.day('look_again_on')}")
    return f"{line.rule('duty')} stands still{line.day('suspended_on', 'since ')}: {line.given('ground')}{by}{again}"


def _still_suspended(line: LineRead) -> str:
    again = said_if(line.facts.get("look_again_on"), f", next{line.day('look_again_on')}")
    return f"That {line.rule('duty')} stands still was looked at{line.day('looked_on')}{again}"


def _resumed(line: LineRead) -> str:
    left = said_if(line.facts.get("left"), f" with {line.facts.get('left')} {line.given('left_in')} left")
    return f"{line.rule('duty')} went on{line.day('resumed_on')}{left}"


def _recounted(line: LineRead) -> str:
    moved = line.facts.get("moved") or ()
    named = [line.title(one) for one in dict.fromkeys(moved)]
    return f"Dates were counted again by another list of bank holidays, and moved: {joined(named) or 'none'}"


def _extended(line: LineRead) -> str:
    was = said_if(line.facts.get("was"), f" (was{line.day('was', '')})")
    return f"{line.rule('duty')} has until{line.day('until', '')}{was}"


def _edition(line: LineRead) -> str:
    which = f"edition {line.given('edition')}"
    return f"Of {line.rule()}, the partners chose{line.day('decided_on')}: {line.given('choice')} ({which})"


def _refused(line: LineRead) -> str:
    known = STEPS.get(str(line.facts.get("step", "")))
    step = f"«{known.button}»" if known else line.given("step")
    unmet = line.facts.get("unmet") or ()
    return f"Refused and not taken: {step} ({'; '.join(str(one) for one in unmet)})"


def _retention(line: LineRead) -> str:
    kept = line.given("class")
    how = "it is on legal hold" if kept == "legal hold" else f"kept as {kept}"
    second = line.name(str(line.facts.get("second", "")))
    return f"How long the sealed text is kept was decided: {how}; seconded by {second}"


def _erased(line: LineRead) -> str:
    second = line.name(str(line.facts.get("second", "")))
    return f"The sealed text was erased: {line.given('ground')}; seconded by {second}"


def _quality_assessed(line: LineRead) -> str:
    found = [
        f"{marker.title}: {said['answer']}"
        for marker in LISTS[line.track].markers
        if isinstance(said := line.facts.get(marker.id), Mapping)
    ]
    return spoken(f"Quality markers were assessed{line.day('on')}", *found)


SENTENCES: Mapping[str, Sentence] = {
    "agencies_asked": _asked,
    "quality_markers_assessed": _quality_assessed,
    "return_recorded": _returned,
    "request_acknowledged": _acknowledged,
    "information_requested": _information_requested,
    "information_request_ended": _information_ended,
    "coroners_report_received": _coroner_reported,
    "coroner_extended": _coroner_extended,
    "coroner_answered": _coroner_answered,
    "reason_given": _reason_given,
    "deferral_recorded": _deferral,
    "meeting_recorded": _meeting,
    "thing_done": _done,
    "own_milestone_recorded": _milestone,
    "date_corrected": _corrected,
    "step_taken_back": _taken_back,
    "deadline_suspended": _suspended,
    "suspension_reviewed": _still_suspended,
    "deadline_resumed": _resumed,
    "deadline_extended": _extended,
    "dates_recomputed": _recounted,
    "dates_begun_since": lambda _: "Dates were begun of what was verified or published before they were asked for",
    "edition_chosen": _edition,
    "earlier_text_noted": only_the_day(
        "It was noted for good that dates ran on another text than that of their day", "noted_on"
    ),
    "step_refused": _refused,
    "retention_decided": _retention,
    "sealed_text_erased": _erased,
}
"""Each kind of line of this part, with its sentence."""
