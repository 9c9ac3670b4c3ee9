"""The partnership's choices: what they change, what they may not, and that each is printed with its source."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from driver.partnership import example_as_one

import config
from safeguarding.errors import RulebookInvalid
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.explain_rule import describe_due


def choose(folder: Path, **choices: object) -> Rulebook:
    """The rulebook of a partnership that chose otherwise."""
    data = example_as_one(folder)
    for name, value in choices.items():
        data["choices"][name] = {"value": value, "source": "Minute 7 of a test"}
    other = folder / "other.yaml"
    other.write_text(yaml.safe_dump(data), "utf-8")
    return config.load(other, folder=folder)


def test_counting_the_rapid_review_from_awareness(folder: Path) -> None:
    """The stricter line: aware on 20 November, due on 11 December, whenever the notification was sent."""
    rulebook = choose(folder, rapid_review_anchor="became_aware")
    rule = rulebook.rule("C05")
    assert "became_aware" == rule.starts
    assert "C05" in [found.id for found in rulebook.started_by("became_aware", "children")]
    assert "C05" not in [found.id for found in rulebook.started_by("notification_sent", "children")]
    answer = describe_due("C05", date(2026, 11, 20), rulebook)
    assert date(2026, 12, 11) == answer.due_on
    assert (
        "The rapid review is counted from the day the local authority became aware of the incident "
        "(choice: Minute 7 of a test)." in answer.words
    )


def test_strict_clear_days_before_publication(folder: Path) -> None:
    """One day more for the copies before publication, their reasons and the Panel's own, and for nothing else."""
    plain, strict = config.load(), choose(folder, strict_clear_days=True)
    moved = {rule.id for rule in strict.rules if rule.counts != plain.rule(rule.id).counts}
    assert {"C13", "C13b", "C14", "C14b", "C15", "N01", "N01b"} == moved
    assert date(2026, 12, 24) == strict.rule("C13").due_on(date(2027, 1, 8), strict.calendar)
    assert any("strict clear days (choice: Minute 7" in w for w in describe_due("C13", date(2027, 1, 8), strict).words)


def test_counting_the_first_day_only_makes_dates_earlier(folder: Path) -> None:
    """It touches forward limits, never a minimum, an interval or a backward gate."""
    plain, inclusive = config.load(), choose(folder, day_zero="included")
    moved = {rule.id for rule in inclusive.rules if rule.counts != plain.rule(rule.id).counts}
    assert {"C01", "C02", "C03", "C05", "C25", "A04", "A11"} == {
        name for name in moved if not name.startswith("local.")
    }
    anchor = date(2026, 11, 23)
    for name in moved:
        rule = inclusive.rule(name)
        assert rule.due_on(anchor, inclusive.calendar) < plain.rule(name).due_on(anchor, plain.calendar), name


def test_a_choice_makes_another_rulebook(folder: Path) -> None:
    """The digest on every line of the record tells by which choices it was accepted."""
    assert config.load().digest != choose(folder, day_zero="included").digest
    assert config.load().digest == config.load().digest


def test_every_explanation_prints_the_choices_that_touch_it(rulebook: Rulebook) -> None:
    """With the value chosen and where that is written down."""
    sources = {choice.source for _, choice in rulebook.partnership.choices}
    printed = [describe_due(name, date(2026, 11, 23), rulebook).words for name in ("C05", "C13")]
    assert all(any(source in word for words in printed for word in words) for source in sources)


@pytest.mark.parametrize("value", ["awareness", "incident", ""])
def test_a_choice_that_the_law_does_not_leave_is_refused(value: str, folder: Path) -> None:
    """Nobody may count the rapid review from the incident."""
    with pytest.raises(RulebookInvalid, match=r"choices\.rapid_review_anchor\.value"):
        choose(folder, rapid_review_anchor=value)
