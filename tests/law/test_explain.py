"""«When is it due, and why?» for any rule and any day, in words and as facts."""

import json
from datetime import date

import pytest

from safeguarding.errors import LawNotFound
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.explain_rule import describe_due


def test_a_rapid_review_is_explained_in_words_a_chair_would_accept(rulebook: Rulebook) -> None:
    """The rule, what it is counted from, each day not counted and why, the source and how sure we are of it."""
    words = describe_due("C05", date(2026, 4, 2), rulebook).words
    assert "C05, Rapid review to the national Panel: within 15 working days." == words[0]
    assert "Counted from Thu 2 Apr 2026: the notification was sent to the national Panel." == words[1]
    assert "Fri 3 Apr 2026 is not counted: Good Friday." in words
    assert "Working day 15 is Mon 27 Apr 2026: the last day for it." in words
    assert "How far it is checked: seen only in a secondary source that restates it." in words
    assert any(word.startswith("Source: Working Together to Safeguard Children 2023 chapter 5") for word in words)
    assert any("2026" in word and "is not applied yet" in word for word in words)
    assert "If it cannot be met: This product suggests: A lead safeguarding partner signs the reason." in words


def test_unchecked_law_says_so(rulebook: Rulebook) -> None:
    """C13 was not seen in any text that was read: its words say so, and the JSON carries the tag."""
    answer = describe_due("advance_copy_full_report", date(2026, 12, 17), rulebook)
    assert "How far it is checked: text not yet checked: general knowledge of the instrument." in answer.words
    assert ("K", date(2026, 12, 8)) == (answer.confidence, answer.due_on)


def test_a_number_that_nobody_set_says_so(rulebook: Rulebook) -> None:
    """Regular intervals are law, twenty working days are ours."""
    answer = describe_due("C10", date(2026, 11, 23), rulebook)
    assert "How far it is checked: a design default, not a rule: no source sets it." in answer.words
    assert "The duty itself: read in a copy of the cited source." in answer.words
    assert "duty: regulations; time: a design default" == answer.level


def test_a_duty_without_a_date_gets_none(rulebook: Rulebook) -> None:
    """Section 44 says «must arrange» and sets no time; the answer has no day and says why."""
    answer = describe_due("A01", date(2026, 11, 23), rulebook)
    assert (None, None, ()) == (answer.due_on, answer.target_on, answer.steps)
    assert "It has no date: no source sets one, so none is invented." in answer.words


def test_every_rule_can_be_explained_on_any_day_of_this_year(rulebook: Rulebook) -> None:
    """No rule fails to explain itself, nor to be told as JSON with ISO dates."""
    for rule in rulebook.rules:
        for day in (date(2026, 1, 1), date(2026, 4, 3), date(2026, 12, 24)):
            told = json.loads(describe_due(rule.id, day, rulebook).model_dump_json())
            assert day.isoformat() == told["anchored_on"]
            assert rule.id == told["rule"]
            assert all(told["words"])


def test_a_rule_asked_on_a_day_without_law(rulebook: Rulebook) -> None:
    """The question of 2017 is refused rather than answered by the law of 2018."""
    with pytest.raises(LawNotFound):
        describe_due("C05", date(2017, 6, 1), rulebook)
