"""
What is said of lessons, findings and recommendations. Their words are sealed.
"""

from __future__ import annotations

from collections.abc import Mapping

from safeguarding.law.themes import theme_words
from safeguarding.review.learnt import SUMMARY
from safeguarding.review.shared_learning import of_key
from safeguarding.shown.history.line import LineRead, Sentence, joined, said_if, spoken


def _about(line: LineRead) -> str:
    own = line.rulebook.partnership.themes
    return f"themes: {joined(theme_words(str(one), own) for one in line.facts.get('themes') or ())}"


def _came_from(line: LineRead, name: str) -> str:
    ids = [str(one) for one in line.facts.get(name) or ()]
    return said_if(ids, f"from {name if len(ids) > 1 else name.removesuffix('s')} {joined(ids)}")


def _lesson(line: LineRead) -> str:
    return spoken(f"Lesson {line.facts.get('lesson', '')} was learnt{line.day('on')}", _about(line))


def _finding(line: LineRead) -> str:
    made = f"Finding {line.facts.get('finding', '')} was made{line.day('on')}"
    return spoken(made, _came_from(line, "lessons"), _about(line))


def _recommendation(line: LineRead) -> str:
    to = said_if(line.facts.get("agency"), f" to {line.name(str(line.facts.get('agency')))}")
    made = f"Recommendation {line.facts.get('recommendation', '')} was made{to}{line.day('on')}"
    due = said_if(line.facts.get("due_on"), f"to be done{line.day('due_on', 'by ')}")
    return spoken(made, due, _came_from(line, "findings"), _about(line))


def _decided(line: LineRead) -> str:
    which = f"Recommendation {line.facts.get('recommendation', '')}"
    if line.facts.get("decision") == "accepted":
        return f"{which} was accepted{line.day('decided_on')}"
    return f"{which} will not be implemented, as was decided{line.day('decided_on')}"


def _wording(line: LineRead) -> str:
    item = str(line.facts.get("item", ""))
    return f"Wording {line.facts.get('wording_id', '')} of {'the review' if item == SUMMARY else item} was written"


def _wordings(how: str, day: str) -> Sentence:
    def say(line: LineRead) -> str:
        ids = [str(one) for one in line.facts.get("wordings") or ()]
        was = "were" if len(ids) > 1 else "was"
        return f"Wording{'s' if len(ids) > 1 else ''} {joined(ids)} {was} {how}{line.day(day)}"

    return say


def _shared(line: LineRead) -> str:
    what = f"{line.facts.get('sharing', '')}, {line.facts.get('what', '')},"
    sent = f"{what} was shared with {line.names('agencies')}{line.day('sent_on')}"
    how = str(line.facts.get("how", ""))
    return spoken(
        sent, f"by {how}" if how != "meeting" else "in a meeting", f"to be read{line.day('answer_by', 'by ')}"
    )


def _read(line: LineRead) -> str:
    pairs = [of_key(str(one)) for one in line.facts.get("answers") or ()]
    who = joined(f"{line.name(agency)} ({number})" for number, agency in pairs)
    outcome, many = str(line.facts.get("outcome", "")), line.facts.get("people")
    if outcome == "no reply wanted any more":
        return f"No word on what was shared is wanted any more of {who}{line.day('on')}"
    did = "discussed it in team" if outcome == "discussed in team" else "read it"
    return spoken(f"What was shared reached {who}, who {did}{line.day('on')}", said_if(many, f"{many} people"))


SENTENCES: Mapping[str, Sentence] = {
    "lesson_recorded": _lesson,
    "finding_recorded": _finding,
    "recommendation_recorded": _recommendation,
    "recommendation_decided": _decided,
    "wording_written": _wording,
    "wordings_approved": _wordings("approved to be shared", "approved_on"),
    "wordings_withdrawn": _wordings("withdrawn", "withdrawn_on"),
    "learning_shared": _shared,
    "learning_read": _read,
}
"""Each kind of line of this part, with its sentence."""
