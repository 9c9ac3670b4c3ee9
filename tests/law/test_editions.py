"""Editions: the law in force on the day the clock started, and no other."""

import pickle
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from safeguarding.errors import LawNotFound
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook

TINY = {
    "id": "C99",
    "name": "tiny",
    "title": "Tiny",
    "description": "A rule for a test.",
    "track": "children",
    "stage": "referral",
    "starts": "became_aware",
    "settled_by": "notification_sent",
    "counts": {"unit": "working_days"},
    "duty_holder": "the local authority",
    "owner": "business_manager",
    "level": "guidance",
    "editions": [
        {"name": "OLD", "from": "2018-07-04", "length": 5, "citation": {"title": "Old"}, "confidence": "K"},
        {"name": "NEW", "from": "2023-12-15", "length": 7, "citation": {"title": "New"}, "confidence": "K"},
    ],
}

UNCOUNTED = {"name": "OLD", "from": "2018-07-04", "citation": {"title": "Old"}, "confidence": "K"}


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        (date(2018, 7, 4), "WT2018"),
        (date(2023, 12, 14), "WT2018"),
        (date(2023, 12, 15), "WT2023"),
        (date(2026, 3, 19), "WT2023"),
        (date(2026, 11, 23), "WT2023"),
    ],
)
def test_the_edition_on_each_side_of_each_boundary(day: date, edition: str, rulebook: Rulebook) -> None:
    """The day before the 2023 text came out is still 2018; the unread 2026 text is held back."""
    assert edition == rulebook.rule("C05").edition_on(day).name


def test_no_edition_means_no_date(rulebook: Rulebook) -> None:
    """Before the first edition there is an error that names the rule and the day, and what to do about it."""
    with pytest.raises(
        LawNotFound, match=r"\(C05\) has no edition in force on 3 July 2018: .* on 4 July 2018"
    ) as caught:
        rulebook.rule("C05").edition_on(date(2018, 7, 3))
    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))
    with pytest.raises(LawNotFound):
        rulebook.rule("C04").edition_on(date(2020, 1, 1))
    with pytest.raises(LawNotFound, match="no rule called C99"):
        rulebook.rule("C99")


def test_the_2026_edition_is_carried_and_held_back_everywhere(rulebook: Rulebook) -> None:
    """It replaces that of 2023 but has not been read: it is no law here, and a case of today has an edition still."""
    held = {rule.id for rule in rulebook.rules if rule.awaiting_on(date(2026, 11, 23))}
    guidance = {rule.id for rule in rulebook.rules if any(edition.name == "WT2023" for edition in rule.editions)}
    assert guidance == held
    assert {"WT2026", "VPA2024", "CWSA26"} == {
        e.name for rule in rulebook.rules for e in rule.editions if not e.in_force
    }
    assert () == rulebook.rule("C05").awaiting_on(date(2026, 3, 17))


def test_every_rule_has_law_today(rulebook: Rulebook) -> None:
    """No rule of the book is without an edition on a day of this year."""
    today = date(2026, 11, 23)
    assert len(rulebook.rules) == sum(rule.edition_on(today) is not None for rule in rulebook.rules)


def test_each_edition_counts_by_its_own_length(rulebook: Rulebook) -> None:
    """A length that changes with an edition changes only for clocks that start under it."""
    rule = Rule.model_validate(TINY)
    assert (5, 7) == (rule.counts_on(date(2023, 12, 14)).length, rule.counts_on(date(2023, 12, 15)).length)
    assert 7 == rule.counts.length
    assert date(2023, 12, 21) == rule.due_on(date(2023, 12, 14), rulebook.calendar)
    assert date(2023, 12, 28) == rule.due_on(date(2023, 12, 15), rulebook.calendar)


def test_an_edition_ends_where_the_next_in_force_begins(rulebook: Rulebook) -> None:
    """The 2018 text was in force up to 14 December 2023; that of 2023 has no end yet."""
    first, second, _ = rulebook.rule("C05").editions
    assert second.from_day - timedelta(days=1) == rulebook.rule("C05").edition_ends(first)
    assert rulebook.rule("C05").edition_ends(second) is None


def test_an_edition_with_an_end_leaves_a_gap() -> None:
    """Law that was repealed and not replaced is an error on the day after."""
    editions = [{**TINY["editions"][0], "to": "2020-12-31"}, TINY["editions"][1]]  # type: ignore[index]
    rule = Rule.model_validate({**TINY, "editions": editions})
    assert "OLD" == rule.edition_on(date(2020, 12, 31)).name
    with pytest.raises(LawNotFound):
        rule.edition_on(date(2021, 1, 1))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"editions": []}, "at least 1 item"),
        ({"editions": list(reversed(TINY["editions"]))}, "begins before NEW is over"),  # type: ignore[call-overload]
        ({"editions": [{k: v for k, v in TINY["editions"][0].items() if k != "length"}]}, "gives no length"),  # type: ignore[index]
        ({"settled_by": None}, "needs 'starts' and 'settled_by'"),
        ({"starts_options": ["notification_sent"]}, "is not one of 'starts_options'"),
        ({"level": "local"}, "a local rule has level 'local'"),
        ({"no_later_than": "C05"}, "belongs to a local rule"),
        ({"counts": {"unit": "none"}, "editions": [UNCOUNTED]}, "track_only: true"),
        ({"counts": {"unit": "none", "length": 3}}, "takes no length"),
        ({"id": "X1"}, "should match pattern"),
    ],
)
def test_a_rule_that_does_not_hold_together_is_refused(change: dict[str, object], problem: str) -> None:
    """Each way of misstating a rule is a fault when it is read."""
    with pytest.raises(ValidationError, match=problem):
        Rule.model_validate({**TINY, **change})
