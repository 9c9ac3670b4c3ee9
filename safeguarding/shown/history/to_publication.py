"""
What is said of a line from commissioning to publication.
"""

from __future__ import annotations

from collections.abc import Mapping

from safeguarding.review.copies import NOT_SAID
from safeguarding.review.holds import A_DAY, ANOTHER
from safeguarding.review.words import own_life
from safeguarding.shown.history.line import LineRead, Sentence, joined, only_the_day, said_if, spoken


def _reviewer(line: LineRead) -> str:
    known = line.facts.get("reviewer_in_file")
    return line.name(str(known)) if known else "a reviewer whose name is sealed"


def _commissioned(line: LineRead) -> str:
    chair = said_if(line.facts.get("chair"), f"chaired by {line.name(str(line.facts.get('chair')))}")
    terms = said_if(line.facts.get("terms_agreed_on"), f"terms of reference agreed{line.day('terms_agreed_on')}")
    scope = said_if(
        line.facts.get("scope_from"), f"the time looked at:{line.day('scope_from', '')} to{line.day('scope_to', '')}"
    )
    method = said_if(line.given("method"), f"method: {line.given('method')}")
    appointed = f"{_reviewer(line)} was appointed{line.day('appointed_on')}"
    return spoken(appointed, chair, terms, scope, method, _what_is_said_of_the_person(line, "how the terms cover"))


def _terms_agreed(line: LineRead) -> str:
    scope = f"the time looked at:{line.day('scope_from', '')} to{line.day('scope_to', '')}"
    agreed = f"The terms of reference were agreed{line.day('terms_agreed_on')}"
    covered = _what_is_said_of_the_person(line, "how they cover")
    return spoken(agreed, scope, f"method: {line.given('method')}", covered)


def _chair_named(line: LineRead) -> str:
    return f"{line.name(str(line.facts.get('chair')))} was named as chair of the review panel{line.day('named_on')}"


def _letters_sent(line: LineRead) -> str:
    criminal = f"investigating officer and CPS: {line.given('criminal_contact')}"
    coroner = f"coroner: {line.given('coroner_told')}"
    return spoken(f"The letters about the review were sent{line.day('letters_sent_on')}", criminal, coroner)


def _reviewer_replaced(line: LineRead) -> str:
    so_far = said_if(line.given("work_so_far"), f"the work so far: {line.given('work_so_far')}")
    return spoken(f"{_reviewer(line)} was appointed{line.day('appointed_on')} in place of the reviewer before", so_far)


def _reviewer_removed(line: LineRead) -> str:
    another = said_if(line.facts.get("another_by"), f"another is to be appointed{line.day('another_by', 'by ')}")
    return spoken(f"The reviewer was removed{line.day('removed_on')}", another)


def _discontinued(line: LineRead) -> str:
    why = said_if(line.given("because"), f": {line.given('because')}")
    return f"The review was discontinued, as decided{line.day('decided_on')}{why}"


def _drafting_begun(line: LineRead) -> str:
    heard = [f"{who}: {line.given(who)}" for who in ("practitioners", "family") if line.given(who)]
    done = f"The analysis was completed{line.day('completed_on')} and drafting began"
    return spoken(done, *heard, line.without())


def _draft_submitted(line: LineRead) -> str:
    checks = {"legal_check": "legal check", "anonymity_check": "check of anonymity"}
    said = [f"{words}: {line.given(name)}" for name, words in checks.items() if line.given(name)]
    where = _what_is_said_of_the_person(line, "where the report has")
    return spoken(f"The final draft was ready{line.day('completed_on')}", *said, where, line.without())


def _what_is_said_of_the_person(line: LineRead, what: str) -> str:
    """That something is said of the person's own life; nothing of an earlier program's line, which was not asked."""
    return said_if("daily_life" in line.event.sealed, f"{what} {own_life(line.track)}: said, sealed")


def _monitored(line: LineRead) -> str:
    follows = said_if(line.given("what_follows"), line.given("what_follows"))
    seen = f"progress {line.given('progress')}, quality {line.given('quality')}"
    return spoken(f"Time and quality were monitored{line.day('on')}: {seen}", follows)


def _report_accepted(line: LineRead) -> str:
    number = line.facts.get("recommendations")
    with_them = said_if(number is not None, f" with {number} {'recommendation' if number == 1 else 'recommendations'}")
    refused = said_if(
        line.facts.get("not_implemented"), f"{line.facts.get('not_implemented')} of them not to be implemented"
    )
    what = said_if(line.given("publish"), f"to publish: {line.given('publish')}{line.day('planned_on')}")
    where = _what_is_said_of_the_person(line, "where its conclusions speak of")
    return spoken(f"The report was accepted{line.day('accepted_on')}{with_them}", refused, what, where)


def _report_sent(line: LineRead) -> str:
    how = said_if(line.given("how") not in ("", NOT_SAID), line.given("how"))
    sent = f"{_what(line)} went to {joined(line.facts.get('to') or ())}{line.day('sent_on')}"
    return spoken(sent[:1].upper() + sent[1:], how)


def _copies_given(line: LineRead) -> str:
    how = said_if(line.given("how") != NOT_SAID, line.given("how"))
    return spoken(f"A copy went to {joined(line.facts.get('to') or ())}{line.day('on')}: {_what(line)}", how)


def _what(line: LineRead) -> str:
    return joined(line.facts.get("what") or ["the report"])


def _published(line: LineRead) -> str:
    family = said_if(line.given("family_shown"), f"the family: {line.given('family_shown')}")
    return spoken(f"Published{line.day('published_on')}", family)


def _publication_planned(line: LineRead) -> str:
    what = said_if(line.given("publish"), f": {line.given('publish')}")
    changed = said_if(line.given("text_changed") == "yes", "the text has changed")
    return spoken(f"Publication is planned{line.day('planned_on', 'for ')}{what}", changed)


def _publication_deferred(line: LineRead) -> str:
    expected = said_if(line.facts.get("expected_on"), f"expected{line.day('expected_on')}")
    again = said_if(line.facts.get("review_on"), f"to be looked at again{line.day('review_on')}")
    waits = line.given("waits_for")
    until = said_if(waits and waits != A_DAY, f"until {waits}{said_if(waits == ANOTHER, ', which is sealed')}")
    return spoken(f"Publication was deferred{line.day('decided_on')}: {line.given('ground')}", until, expected, again)


def _hold_looked_at(line: LineRead) -> str:
    again = f"to be looked at again{line.day('again_on')}"
    return spoken(f"The hold on publication was looked at{line.day('looked_on')}: it still waits", again)


def _hold_ended(line: LineRead) -> str:
    planned = said_if(line.facts.get("planned_on"), f"publication is planned{line.day('planned_on', 'for ')}")
    changed = said_if(line.given("text_changed") == "yes", "the text has changed")
    return spoken(f"The hold on publication ended{line.day('come_on')}", planned, changed)


def _publication_decided(line: LineRead) -> str:
    published = said_if(line.facts.get("published_on"), f"published{line.day('published_on')}")
    return spoken(f"It was decided{line.day('decided_on')} to publish {line.given('what')}", published)


def _chosen(line: LineRead) -> str:
    why = said_if("reason" in line.event.sealed, "the reason is sealed")
    return spoken(f"It was chosen{line.day('decided_on')} what becomes of the publication: {line.given('choice')}", why)


def _taken_down(line: LineRead) -> str:
    return f"The publication was taken down{line.day('on')}"


SENTENCES: Mapping[str, Sentence] = {
    "commissioned": _commissioned,
    "terms_agreed": _terms_agreed,
    "chair_named": _chair_named,
    "reviewer_appointed_first": lambda line: f"{_reviewer(line)} was appointed{line.day('appointed_on')}",
    "commission_letters_sent": _letters_sent,
    "reviewer_removed": _reviewer_removed,
    "reviewer_replaced": _reviewer_replaced,
    "discontinued": _discontinued,
    "drafting_begun": _drafting_begun,
    "rescoped": only_the_day("The terms of reference were drawn again"),
    "draft_submitted": _draft_submitted,
    "returned_to_review": only_the_day("The draft went back to the panel, as decided"),
    "returned_to_drafting": only_the_day("The report went back to drafting, as decided"),
    "report_accepted": _report_accepted,
    "review_monitored": _monitored,
    "report_sent": _report_sent,
    "copies_given": _copies_given,
    "published": _published,
    "publication_planned": _publication_planned,
    "publication_deferred": _publication_deferred,
    "hold_looked_at": _hold_looked_at,
    "hold_ended": _hold_ended,
    "publication_decided": _publication_decided,
    "nothing_published": only_the_day("It was decided to publish nothing"),
    "publication_choice_made": _chosen,
    "taken_down": _taken_down,
}
"""Each kind of line of this part, with its sentence."""
